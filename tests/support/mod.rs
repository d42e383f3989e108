//! Shared by the integration tests: running the program, as a process or in this one, and making tokens.
#![allow(dead_code, reason = "each test binary uses its own part of this")]

pub mod harness;
pub mod texts;
pub mod tokens;

use std::cell::RefCell;
use std::ffi::OsString;
use std::io;

use jwtctl::env::{Answered, Env};
use jwtctl::output::{Show, Streams, Terminal};
use jwtctl::sys::Stdin;

/// A secret that is long enough for every algorithm.
pub const SECRET: &str =
    "a secret for tests that is long enough for HS256, HS384 and for HS512 too";

/// The fixed time of tests: 2023-11-14 22:13:20 UTC.
pub const NOW: i64 = 1_700_000_000;

/// [`NOW`], for `--at`.
pub const AT: &str = "1700000000";

/// The result of a run, as text.
#[derive(Debug)]
pub struct Output {
    pub stdout: String,
    pub stderr: String,
    pub code: i32,
}

impl From<std::process::Output> for Output {
    fn from(output: std::process::Output) -> Self {
        Self {
            stdout: String::from_utf8(output.stdout).unwrap(),
            stderr: String::from_utf8(output.stderr).unwrap(),
            code: output.status.code().unwrap(),
        }
    }
}

/// Runs jwtctl inside this process, with the clock at [`NOW`] and a terminal as standard input. `terminal` says
/// whether it writes to a terminal.
pub fn run_inside(args: &[&str], variables: &[(&str, &str)], terminal: Terminal) -> Output {
    inside(args, variables, None, &|_, _| Ok(()), terminal)
}

/// The same for a person who answers questions. Returns the questions, too.
pub fn run_inside_asked(
    args: &[&str],
    variables: &[(&str, &str)],
    answers: &[&str],
) -> (Output, Vec<String>) {
    run_inside_asked_on(args, variables, answers, Terminal::No)
}

/// The same with this standard output.
pub fn run_inside_asked_on(
    args: &[&str],
    variables: &[(&str, &str)],
    answers: &[&str],
    terminal: Terminal,
) -> (Output, Vec<String>) {
    let questions = RefCell::new(Vec::new());
    let ask = |question: &str, answered: &mut Answered<'_>| {
        let mut next = Some(question.to_owned());
        while let Some(question) = next {
            let mut questions = questions.borrow_mut();
            let answer = answers.get(questions.len()).expect("no more questions");
            questions.push(question);
            next = answered((*answer).to_owned().into());
        }
        Ok(())
    };
    let output = inside(args, variables, None, &ask, terminal);
    (output, questions.into_inner())
}

/// The same with these bytes on standard input.
pub fn run_inside_fed(
    args: &[&str],
    variables: &[(&str, &str)],
    stdin: &[u8],
    terminal: Terminal,
) -> Output {
    inside(args, variables, Some(stdin), &|_, _| Ok(()), terminal)
}

/// The same as [`run_inside`], with programs that show documents.
pub fn run_inside_showing(
    args: &[&str],
    variables: &[(&str, &str)],
    terminal: Terminal,
    show: &Show<'_>,
) -> Output {
    inside_showing(args, variables, None, &|_, _| Ok(()), terminal, show)
}

fn inside(
    args: &[&str],
    variables: &[(&str, &str)],
    fed: Option<&[u8]>,
    ask: &dyn Fn(&str, &mut Answered<'_>) -> io::Result<()>,
    terminal: Terminal,
) -> Output {
    // There is no pager.
    let show: &Show<'_> = &|_| Err(io::ErrorKind::NotFound.into());
    inside_showing(args, variables, fed, ask, terminal, show)
}

fn inside_showing(
    args: &[&str],
    variables: &[(&str, &str)],
    fed: Option<&[u8]>,
    ask: &dyn Fn(&str, &mut Answered<'_>) -> io::Result<()>,
    terminal: Terminal,
    show: &Show<'_>,
) -> Output {
    let line: Vec<OsString> = ["jwtctl"].iter().chain(args).map(OsString::from).collect();
    let (mut out, mut err) = (Vec::new(), Vec::new());
    let mut stdin = fed.unwrap_or_default();
    let mut env = Env {
        clock: &|| NOW.into(),
        variable: &|name| variables.iter().find(|(n, _)| *n == name).map(|(_, value)| value.into()),
        stdin: Stdin::new(&mut stdin, fed.is_none()),
        ask,
        connect: &jwtctl::sys::connect,
        out_is_terminal: terminal.is_terminal(),
    };
    let mut streams = Streams {
        out: &mut out,
        out_terminal: terminal,
        err: &mut err,
        err_terminal: terminal,
        show,
    };
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
