//! How to write a process test: build a call ([`keyed`], [`clocked`], [`jwtctl`]), name everything that it must print, and
//! end with [`Call::code`]. The program runs in an empty environment and a new folder. Stdout, stderr and exit code are
//! compared exactly, so whatever a test does not name must not be printed.

use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use aws_lc_rs::hmac;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use tempfile::TempDir;

/// 64 bytes, the least for HS512, so that no call warns of a short secret.
pub const SECRET: &str = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";

/// The header that `encode` writes with a secret and no flags.
pub const HEADER: &str = r#"{"alg":"HS256","typ":"JWT"}"#;

/// A token for user 123, issued at the fixed clock's time and valid for 30 minutes.
pub const CLAIMS: &str = r#"{"user_id":123,"iat":1700000000,"exp":1700001800}"#;

/// What `verify` and `decode` print for [`CLAIMS`].
pub const PRINTED: &str = "\
{
  \"user_id\": 123,
  \"iat\": 1700000000,
  \"exp\": 1700001800
}
";

/// The fixed clock: 2023-11-14 22:13:20 UTC.
const CLOCK: &str = "1700000000";

/// The program under test: the one that was built with the tests, or a file named `jwtctl` at the path
/// `JWTCTL_TEST_PROGRAM`, such as a script that runs a program for another platform.
pub fn program() -> PathBuf {
    let named = std::env::var_os("JWTCTL_TEST_PROGRAM");
    named.map_or_else(|| env!("CARGO_BIN_EXE_jwtctl").into(), PathBuf::from)
}

/// A call that is being described; [`Call::code`] runs it.
#[must_use = "a call runs when its exit code is named"]
pub struct Call {
    args: Vec<String>,
    env: Vec<(String, String)>,
    stdin: Vec<u8>,
    stdout: Vec<u8>,
    stderr: String,
    folder: TempDir,
}

/// A call in an empty environment, with nothing on stdin.
pub fn jwtctl<S: AsRef<str>>(args: &[S]) -> Call {
    Call {
        args: args.iter().map(|arg| arg.as_ref().to_owned()).collect(),
        env: Vec::new(),
        stdin: Vec::new(),
        stdout: Vec::new(),
        stderr: String::new(),
        folder: TempDir::new().expect("a temporary folder"),
    }
}

/// A call at the fixed clock's time with [`SECRET`] in the environment.
pub fn keyed<S: AsRef<str>>(args: &[S]) -> Call {
    clocked(args).env("JWTCTL_SECRET", SECRET)
}

/// A call at the fixed clock's time.
pub fn clocked<S: AsRef<str>>(args: &[S]) -> Call {
    let mut call = jwtctl(args);
    call.args.extend(["--at".to_owned(), CLOCK.to_owned()]);
    call
}

impl Call {
    pub fn env(mut self, name: &str, value: &str) -> Self {
        self.env.push((name.to_owned(), value.to_owned()));
        self
    }

    pub fn stdin(mut self, bytes: impl AsRef<[u8]>) -> Self {
        bytes.as_ref().clone_into(&mut self.stdin);
        self
    }

    /// Puts a file into the folder that the program runs in.
    pub fn file(self, name: &str, bytes: impl AsRef<[u8]>) -> Self {
        fs::write(self.folder.path().join(name), bytes).expect("a file in a temporary folder");
        self
    }

    /// Puts a key of `tests/keys` into the folder that the program runs in.
    pub fn key(self, name: &str) -> Self {
        self.file(name, key(name))
    }

    /// What stdout must be.
    pub fn stdout(mut self, bytes: impl AsRef<[u8]>) -> Self {
        bytes.as_ref().clone_into(&mut self.stdout);
        self
    }

    /// The next line of stderr.
    pub fn error(self, message: &str) -> Self {
        self.line("error", message)
    }

    /// The next line of stderr.
    pub fn hint(self, message: &str) -> Self {
        self.line("hint", message)
    }

    /// The next line of stderr.
    pub fn warning(self, message: &str) -> Self {
        self.line("warning", message)
    }

    /// The next line of stderr, after a stream.
    pub fn summary(self, message: &str) -> Self {
        self.line("summary", message)
    }

    fn line(mut self, label: &str, message: &str) -> Self {
        self.stderr.extend([label, ": ", message, "\n"]);
        self
    }

    /// The next line of stderr, indented below an error.
    pub fn evidence(mut self, line: &str) -> Self {
        self.stderr.extend(["  ", line, "\n"]);
        self
    }

    /// Runs the call, which must print exactly what was named and exit with this code.
    #[track_caller]
    pub fn code(self, code: i32) {
        self.leaves(code);
    }

    /// Like [`Call::code`], but keeps the folder for inspection.
    #[track_caller]
    pub fn leaves(&self, code: i32) {
        let output = self.output();
        let seen = (text(&output.stdout), text(&output.stderr), output.status.code());
        let wanted = (text(&self.stdout), self.stderr.clone(), Some(code));
        let same = output.stdout == self.stdout && seen == wanted;
        assert!(
            same,
            "jwtctl {}\n--- wanted\n{}--- seen\n{}",
            self.args.join(" "),
            shown(&wanted),
            shown(&seen)
        );
    }

    /// The path of a file in the folder that the program runs in.
    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Runs the call and returns its output, for tests that cannot know it beforehand.
    pub fn output(&self) -> Output {
        self.spawn(Command::new(program()).args(&self.args))
    }

    /// Runs a line of shell in which `"$@"` is the call.
    pub fn in_shell(&self, script: &str) -> Output {
        let mut shell = Command::new("/bin/sh");
        self.spawn(shell.args(["-c", script, "sh"]).arg(program()).args(&self.args))
    }

    fn spawn(&self, command: &mut Command) -> Output {
        let envs = self.env.iter().map(|(name, value)| (name, value));
        let mut child = command
            .env_clear()
            // Windows finds its network library through this.
            .envs(std::env::var_os("SystemRoot").map(|root| ("SystemRoot", root)))
            .envs(envs)
            .current_dir(self.folder.path())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("the program starts");
        let mut pipe = child.stdin.take().expect("stdin is a pipe");
        std::thread::scope(|scope| {
            // A program that stops reading early is not an error here.
            scope.spawn(move || drop(pipe.write_all(&self.stdin)));
            child.wait_with_output().expect("the program ends")
        })
    }
}

fn shown((stdout, stderr, code): &(String, String, Option<i32>)) -> String {
    format!("stdout: {stdout:?}\nstderr: {stderr}code:   {code:?}\n")
}

/// Output as text.
pub fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

/// The content of a key of `tests/keys`.
pub fn key(name: &str) -> Vec<u8> {
    let path: PathBuf = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/keys").join(name);
    fs::read(&path).unwrap_or_else(|error| panic!("{name}: {error}"))
}

/// The members that make the public JWK of the key `p256` of `tests/keys`.
pub const P256: &str = r#""kty":"EC","crv":"P-256","x":"eOiRCpH3HQA2ynnFJqw5kiUNaJ8QI1yzAHQvGcU3gIM","y":"c1XNm4-aFe1_DVoh0NbulPDAWhm3Mr3_B15hp77Mgsg""#;

/// The member that makes it private.
pub const P256_D: &str = r#""d":"J3C4JTEkXhXjOD_1iJLhWM4cob15LiRV8oF_B6ElDNg""#;

/// The members that make the public JWK of the key `ed25519.pkcs8` of `tests/keys`.
pub const ED25519: &str =
    r#""kty":"OKP","crv":"Ed25519","x":"xzFKZVgKi5hHs9zq7j2XDPTXkeM6qQ1RQsv91tVDBys""#;

/// The member that makes it private.
pub const ED25519_D: &str = r#""d":"wODzKxecN8SLZsPaHh49bVszMt00f5OfcMgTTH10ZYM""#;

/// A JWK of these members.
pub fn jwk(members: &[&str]) -> String {
    format!("{{{}}}", members.join(","))
}

/// A JWK Set of these keys.
pub fn jwks<S: AsRef<str>>(keys: &[S]) -> String {
    let keys: Vec<_> = keys.iter().map(AsRef::as_ref).collect();
    format!("{{\"keys\":[{}]}}", keys.join(","))
}

/// A part of a token.
pub fn base64url(bytes: impl AsRef<[u8]>) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}

/// The content of a part of a token.
pub fn from_base64url(text: &str) -> String {
    let bytes = URL_SAFE_NO_PAD.decode(text).expect("base64url");
    String::from_utf8(bytes).expect("UTF-8")
}

/// The header and the claims of a token, as their JSON text.
pub fn parts(token: &str) -> (String, String) {
    let parts: Vec<_> = token.trim_end().split('.').collect();
    assert_eq!(parts.len(), 3, "{token}");
    (from_base64url(parts[0]), from_base64url(parts[1]))
}

/// A token of any header and payload, under an HMAC-SHA-256 by any secret.
pub fn signed_with(secret: &[u8], header: &str, payload: impl AsRef<[u8]>) -> String {
    let input = format!("{}.{}", base64url(header), base64url(payload));
    let key = hmac::Key::new(hmac::HMAC_SHA256, secret);
    format!("{input}.{}", base64url(hmac::sign(&key, input.as_bytes())))
}

/// A token of any header and payload that [`SECRET`] verifies.
pub fn signed(header: &str, payload: impl AsRef<[u8]>) -> String {
    signed_with(SECRET.as_bytes(), header, payload)
}

/// A token as `encode` makes it from [`SECRET`].
pub fn token(claims: &str) -> String {
    signed(HEADER, claims)
}

/// A token as a line of stdout.
pub fn line(token: &str) -> String {
    format!("{token}\n")
}

/// Runs `refresh` on a token of these claims, with these flags.
pub fn refresh(claims: &str, flags: &[&str]) -> Call {
    let token = token(claims);
    keyed(&[&["refresh", token.as_str()], flags].concat())
}

/// Runs `refresh`, which must make a token of exactly the successor's claims.
#[track_caller]
pub fn renewed(claims: &str, flags: &[&str], successor: &str) {
    refresh(claims, flags).stdout(line(&token(successor))).code(0);
}

/// A token whose signature was altered.
pub fn forged(token: &str) -> String {
    let (input, signature) = token.rsplit_once('.').expect("a token");
    let other = if signature.starts_with('A') { 'B' } else { 'A' };
    format!("{input}.{other}{}", &signature[1..])
}
