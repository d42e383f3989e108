//! What the integration tests share: running the tool, as a process or inside this one, and tokens
//! to give it.
#![allow(dead_code, reason = "each test binary uses its own part of this")]

use std::ffi::OsString;
use std::process::{Command, Stdio};

use jwtctl::env::Env;
use jwtctl::io::Stdin;
use jwtctl::render::{Streams, Terminal};

/// A secret that is long enough for every algorithm.
pub const SECRET: &str =
    "a secret for tests that is long enough for HS256, HS384 and for HS512 too";

/// The time that stands still in tests: 2023-11-14 22:13:20 UTC.
pub const NOW: i64 = 1_700_000_000;

/// What came of a run.
#[derive(Debug)]
pub struct Output {
    pub stdout: String,
    pub stderr: String,
    pub code: i32,
}

/// Runs jwtctl as a process with these arguments and, besides, only these variables.
pub fn run(args: &[&str], variables: &[(&str, &str)]) -> Output {
    let output = Command::new(env!("CARGO_BIN_EXE_jwtctl"))
        .args(args)
        .env_clear()
        .envs(variables.iter().copied())
        .stdin(Stdio::null())
        .output()
        .unwrap();
    Output {
        stdout: String::from_utf8(output.stdout).unwrap(),
        stderr: String::from_utf8(output.stderr).unwrap(),
        code: output.status.code().unwrap(),
    }
}

/// Runs jwtctl inside this process, its clock at [`NOW`], writing to what `terminal` says.
pub fn run_inside(args: &[&str], variables: &[(&str, &str)], terminal: Terminal) -> Output {
    let line: Vec<OsString> = ["jwtctl"].iter().chain(args).map(OsString::from).collect();
    let (mut out, mut err) = (Vec::new(), Vec::new());
    let mut nothing: &[u8] = &[];
    let mut env = Env {
        clock: &|| NOW,
        variable: &|name| variables.iter().find(|(n, _)| *n == name).map(|(_, value)| value.into()),
        stdin: Stdin::new(&mut nothing, true),
        ask: &|_| Ok(None),
        out_is_terminal: terminal.is_terminal(),
    };
    let mut streams =
        Streams { out: &mut out, out_terminal: terminal, err: &mut err, err_terminal: terminal };
    let code = jwtctl::run(&line, &mut env, &mut streams).code();
    Output {
        stdout: String::from_utf8(out).unwrap(),
        stderr: String::from_utf8(err).unwrap(),
        code: code.into(),
    }
}

/// A token of exactly these claims, signed with [`SECRET`].
pub fn token(claims: &str) -> String {
    let mut call = vec!["encode", "--quiet", claims];
    call.extend((!claims.contains("\"iat\"")).then_some("--no-iat"));
    call.extend((!claims.contains("\"exp\"")).then_some("--no-exp"));
    let output = run_inside(&call, &[("JWTCTL_SECRET", SECRET)], Terminal::No);
    assert_eq!((output.stderr.as_str(), output.code), ("", 0));
    output.stdout.trim_end().to_owned()
}
