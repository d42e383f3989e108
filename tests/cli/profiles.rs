//! Profiles: flags by their own names from a configuration file.

use crate::harness::{Call, PRINTED, SECRET, clocked, jwtctl, parts, signed_with, text, token};

const OTHER: &str = "fedcba9876543210fedcba9876543210fedcba9876543210fedcba9876543210";
const EXAMPLE: &str = "jwtctl help profiles shows an example";

/// A call with these settings, and the secrets in variables.
fn with(settings: &str, args: &[&str]) -> Call {
    let args = [args, &["--config", "c.toml", "--profile", "p"]].concat();
    clocked(&args).file("c.toml", settings).env("MINE", SECRET).env("OTHER", OTHER)
}

fn claims(members: &str) -> String {
    format!(r#"{{"user_id":123,"iat":1700000000,"exp":1700001800{members}}}"#)
}

#[test]
fn a_profile_has_flags_by_their_own_names() {
    let settings = "\
        # A comment\n\
        [profile.p]\n\
        secret-env = 'MINE'\n\
        aud = ['web', 'api']\n\
        claim = ['role=admin', 'n:=1']\n\
        require = 'user_id'\n\
        leeway = 30\n\
        any-aud = false\n\
        compact = true\n\
        [profile.other]\n\
        secret-env = 'OTHER'\n";
    let good = claims(r#","aud":"api","role":"admin","n":1"#);
    with(settings, &["verify", &token(&good)]).stdout(format!("{good}\n")).code(0);
    for bad in [r#","aud":"x","role":"admin","n":1"#, r#","aud":"api","role":"user","n":1"#, ""] {
        let output = with(settings, &["verify", &token(&claims(bad))]).output();
        assert_eq!((output.status.code(), output.stdout.len()), (Some(6), 0), "{bad}");
    }
    let by_variable =
        clocked(&["verify", &token(&good)]).file("c.toml", settings).env("MINE", SECRET);
    by_variable
        .env("JWTCTL_PROFILE", "p")
        .env("JWTCTL_CONFIG", "c.toml")
        .stdout(format!("{good}\n"))
        .code(0);
}

#[cfg(unix)]
#[test]
fn the_settings_are_in_the_users_folder() {
    for (name, file) in
        [("HOME", ".config/jwtctl/config.toml"), ("XDG_CONFIG_HOME", "jwtctl/config.toml")]
    {
        let call = clocked(&["verify", "--profile", "p", &token(&claims(""))]);
        let path = call.path(file);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(&path, "[profile.p]\nsecret-env = 'MINE'\n").unwrap();
        let folder = call.path("").display().to_string();
        call.env(name, &folder).env("MINE", SECRET).stdout(PRINTED).code(0);
    }
    let call = clocked(&["verify", "--profile", "p", &token(&claims(""))]);
    call.error("there is no folder for the configuration file")
        .hint("name the file: --config PATH")
        .code(2);
}

#[cfg(unix)]
#[test]
fn a_configuration_file_that_is_a_pipe_is_not_waited_for() {
    let is_pipe = "error: the configuration file c.toml cannot be read: it is not a regular file\n";
    let token = token(&claims(""));
    for (args, code, stderr) in [
        (&["completions", "--", "jwtctl", "verify", "--profile", ""][..], 0, ""),
        (&["verify", "--profile", "p", &token], 2, is_pipe),
    ] {
        let call = clocked(args).env("JWTCTL_CONFIG", "c.toml");
        let seen = call.in_shell("mkfifo c.toml; timeout 5 \"$@\"");
        assert_eq!(seen.status.code(), Some(code), "124: it waits for a writer: {args:?}");
        assert_eq!(text(&seen.stdout), "", "{args:?}");
        assert!(text(&seen.stderr).starts_with(stderr), "{}", text(&seen.stderr));
    }
}

#[test]
fn flags_come_before_a_profile_and_a_profile_before_variables() {
    let settings = "[profile.p]\nsecret-env = 'MINE'\niss = 'a'\nttl = '1h'\nexp = '2024-01-01'\n";
    let of = |iss: &str| token(&claims(&format!(r#","iss":"{iss}""#)));
    let code = |call: Call| call.output().status.code();
    assert_eq!(code(with(settings, &["verify", &of("a")])), Some(0));
    assert_eq!(code(with(settings, &["verify", &of("a"), "--iss", "b"])), Some(6));
    assert_eq!(code(with(settings, &["verify", &of("b"), "--iss", "b"])), Some(0));
    // Its keys replace those of variables, and are replaced by those of flags, with what describes them.
    assert_eq!(code(with(settings, &["verify", &of("a")]).env("JWTCTL_SECRET", OTHER)), Some(0));
    let hex = "[profile.p]\nsecret-env = 'MINE'\nsecret-format = 'hex'\njwks = 'gone.json'\n";
    let other = signed_with(OTHER.as_bytes(), r#"{"alg":"HS256"}"#, claims(""));
    assert_eq!(code(with(hex, &["verify", &other, "--secret-env", "OTHER"])), Some(0));
}

#[test]
fn a_flag_that_contradicts_one_of_the_profile_replaces_it() {
    let settings = "[profile.p]\nsecret-env = 'MINE'\nttl = '1h'\naud = 'api'\n";
    let made = with(settings, &["encode", "--user", "1", "--no-exp"]).output();
    assert_eq!(parts(&text(&made.stdout)).1, r#"{"user_id":1,"iat":1700000000}"#);
    let token = token(&claims(r#","aud":"x""#));
    assert_eq!(with(settings, &["verify", &token, "--any-aud"]).output().status.code(), Some(0));
}

#[test]
fn what_is_expected_of_tokens_is_not_written_into_a_new_one() {
    let settings = "[profile.p]\nsecret-env = 'MINE'\noidc = 'https://a.example'\niss = 'i'\naud = 'a'\nsub = 's'\ntyp = 'at+jwt'\nclaim = 'role=admin'\nttl = '1h'\nmax-age = '1m'\n";
    let made = with(settings, &["encode", "--user", "1"]).output();
    let (header, payload) = parts(&text(&made.stdout));
    assert_eq!(header, r#"{"alg":"HS256","typ":"JWT"}"#);
    assert_eq!(payload, r#"{"user_id":1,"iat":1700000000,"exp":1700003600}"#);
}

#[test]
fn paths_are_relative_to_the_file() {
    let call =
        clocked(&["verify", &token(&claims("")), "--config", "sub/c.toml", "--profile", "p"]);
    std::fs::create_dir(call.path("sub")).unwrap();
    std::fs::write(call.path("sub/c.toml"), "[profile.p]\nsecret-file = 'text:s.txt'\n").unwrap();
    std::fs::write(call.path("sub/s.txt"), SECRET).unwrap();
    call.stdout(PRINTED).code(0);
}

#[test]
fn an_error_points_at_the_line() {
    for (settings, error, hint) in [
        ("[profile.p]\n\nfrob = 1\n", "c.toml:3: no verb has the flag --frob", EXAMPLE),
        (
            "[profile.p]\nleeway = 'x'\n",
            "c.toml:2: --leeway <D>: not a duration",
            "jwtctl verify --help lists its flags",
        ),
        (
            "[profile.p]\ntoken-env = 'A'\n",
            "c.toml:2: a profile must not contain token-env: each call names its tokens",
            EXAMPLE,
        ),
        (
            "[profile.p]\nsigner = 'rm'\n",
            "c.toml:2: a profile must not contain signer: each call names the command to run",
            EXAMPLE,
        ),
        (
            "[profile.p]\nsecret = 'hunter2'\n",
            "c.toml:2: a profile must not contain secret: use secret-env or secret-file",
            EXAMPLE,
        ),
        ("[profile.p]\nany-aud = 'yes'\n", "c.toml:2: any-aud takes true or false", EXAMPLE),
        ("[profile.p]\nleeway = true\n", "c.toml:2: leeway takes a string", EXAMPLE),
        (
            "[profile.p]\nleeway = {}\n",
            "c.toml:2: a flag's value is a string, a number, true, false, or an array of strings",
            EXAMPLE,
        ),
        ("[profile.p]\nsecret = 'hunter2\n", "c.toml:2: it is not TOML", EXAMPLE),
        ("profile = 1\n", "c.toml:1: profile must be a table, as in [profile.NAME]", EXAMPLE),
        ("[profile.a]\n[profile.b]\n", "--profile: c.toml has no such profile", "it has a, b"),
        ("", "--profile: c.toml has no such profile", "a profile begins with a line [profile.p]"),
    ] {
        let call = with(settings, &["verify", &token(&claims(""))]);
        let output = call.output();
        let said = text(&output.stderr);
        assert!(!said.contains("hunter2"), "{said}");
        assert!(said.starts_with(&format!("error: {error}")), "{settings}: {said}");
        assert!(said.contains(&format!("hint: {hint}")), "{settings}: {said}");
        assert_eq!((output.status.code(), output.stdout.len()), (Some(2), 0), "{settings}");
    }
    jwtctl(&["verify", "x", "--config", "gone.toml", "--profile", "p"])
        .error("the configuration file gone.toml cannot be read: No such file or directory")
        .hint("jwtctl help profiles shows which file is used")
        .code(2);
    let empty = jwtctl(&["verify", "x"]).env("JWTCTL_PROFILE", "");
    empty.error("JWTCTL_PROFILE is set, but empty").hint("unset it, or name a profile").code(2);
}

#[cfg(unix)]
#[test]
fn settings_that_others_may_write_are_refused() {
    use std::os::unix::fs::PermissionsExt as _;
    for (mode, code) in [(0o600, 0), (0o644, 0), (0o664, 2), (0o666, 2)] {
        let call = with("[profile.p]\nsecret-env = 'MINE'\n", &["verify", &token(&claims(""))]);
        std::fs::set_permissions(call.path("c.toml"), std::fs::Permissions::from_mode(mode))
            .unwrap();
        let output = call.output();
        assert_eq!(output.status.code(), Some(code), "{mode:o}");
        let said = "error: the configuration file c.toml can be written by others, who could choose the keys\nhint: chmod 600 c.toml\n";
        assert_eq!(text(&output.stderr), if code == 0 { "" } else { said });
    }
}

#[test]
fn help_shows_the_file_in_force() {
    let call = jwtctl(&["help", "profiles", "--config", "c.toml"]);
    let output = call.file("c.toml", "[profile.p]\n[profile.q]\n").output();
    let said = text(&output.stdout);
    assert!(said.ends_with("\nConfiguration file: c.toml\nIts profiles: p, q\n"), "{said}");
    // Help does not need a profile that exists.
    let output = jwtctl(&["help", "profiles", "--config", "./gone.toml"])
        .env("JWTCTL_PROFILE", "x")
        .output();
    assert!(
        text(&output.stdout).ends_with("\nConfiguration file: ./gone.toml\nIt does not exist.\n")
    );
    assert_eq!(output.status.code(), Some(0));
}

#[test]
fn a_word_meant_as_a_token_chooses_no_profile() {
    let settings = "[profile.p]\nsecret-env = 'MINE'\n";
    for word in ["--profile=p", "--config=c.toml"] {
        let call = clocked(&["verify", "--secret-env", "OTHER", word]).env("OTHER", OTHER);
        let call = call.file("c.toml", settings).env("MINE", SECRET).env("JWTCTL_CONFIG", "c.toml");
        let output = call.stdin(token(&claims(""))).output();
        assert_eq!(output.status.code(), Some(2), "{word}");
    }
}

#[test]
fn a_verb_that_takes_one_key_uses_the_first_of_a_profile() {
    let settings = "[profile.p]\nsecret-env = ['MINE', 'OTHER']\nkey = 'gone.pem'\n";
    let made = with(settings, &["encode", "--user", "1"]).output();
    let by_mine = clocked(&["encode", "--user", "1", "--secret-env", "MINE"]).env("MINE", SECRET);
    assert_eq!(made.stdout, by_mine.output().stdout);
}

#[test]
fn a_key_on_the_command_line_replaces_all_keys_of_the_profile() {
    let token = token(&claims(""));
    let code = |settings: &str, args: &[&str]| with(settings, args).output().status.code();
    // The root does not exist, so it would be an error if it were still there.
    let chain = "[profile.p]\nx5c-root = 'gone.pem'\nx5c-oid = '1.2.3'\n";
    assert_eq!(code(chain, &["verify", &token, "--secret-env", "MINE"]), Some(0));
    assert_eq!(code(chain, &["verify", &token]), Some(7));
    let secret = "[profile.p]\nsecret-env = 'MINE'\n";
    let call = with(secret, &["verify", &token, "--x5c-root", "root.pem", "--x5c-any-leaf"]);
    let call = call.file("root.pem", crate::harness::key("certificate.root.pem"));
    assert_eq!(call.output().status.code(), Some(4));
    // The key that signs is one of them.
    let signs = "[profile.p]\nsecret-env = 'OTHER'\nsign-secret-env = 'OTHER'\n";
    let renewed = with(signs, &["refresh", &token, "--secret-env", "MINE"]).output();
    let renewed = text(&renewed.stdout);
    clocked(&["verify", renewed.trim_end(), "--secret-env", "MINE"])
        .env("MINE", SECRET)
        .stdout(PRINTED)
        .code(0);
}

#[test]
fn a_failure_says_that_flags_come_from_a_profile() {
    let settings = "[profile.p]\nsecret-env = 'MINE'\nrequire = 'role'\n";
    let output = with(settings, &["verify", &token(&claims(""))]).output();
    assert_eq!(
        text(&output.stderr),
        "error: there is no \"role\", which is required\nnote: the profile p of c.toml adds flags to this call\n"
    );
}

#[test]
fn names_in_the_help_are_escaped_as_in_messages() {
    let call = jwtctl(&["help", "profiles", "--config", "c.toml"]);
    let call = call.file("c.toml", "[profile.\"a\\u001b[31m\\u202e\"]\n");
    let said = call.output().stdout;
    assert!(
        !said.contains(&0x1b) && text(&said).ends_with("a\\u001b[31m\\u202e\n"),
        "{}",
        text(&said)
    );
}
