//! Passes the real arguments, clock, streams and terminals to [`jwtctl::run`].

use std::io::{self, IsTerminal as _};
use std::process::ExitCode;
use std::time::{SystemTime, UNIX_EPOCH};

use jwtctl::env::Env;
use jwtctl::output::{Streams, Terminal, for_terminal};
use jwtctl::sys::{RawStdin, Stderr, Stdin, Stdout};
use jwtctl::time::NumericDate;
use terminal_size::terminal_size_of;

fn main() -> ExitCode {
    jwtctl::sys::prepare_process();
    let argv: Vec<_> = std::env::args_os().collect();
    let mut input = RawStdin::open();
    let mut env = Env {
        clock: &clock,
        variable: &|name| std::env::var_os(name),
        stdin: Stdin::new(&mut input, io::stdin().is_terminal()),
        ask: &|question, answered| {
            let question = for_terminal(question);
            jwtctl::sys::ask(&question, &mut |answer| {
                answered(answer).map(|next| for_terminal(&next))
            })
        },
        connect: &jwtctl::sys::connect,
        out_is_terminal: io::stdout().is_terminal(),
    };
    let mut streams = Streams {
        out: &mut Stdout::open(),
        out_terminal: Terminal::of(io::stdout().is_terminal(), terminal_size_of(io::stdout())),
        err: &mut Stderr,
        err_terminal: Terminal::of(io::stderr().is_terminal(), terminal_size_of(io::stderr())),
        show: &jwtctl::sys::run_in_foreground,
    };
    ExitCode::from(jwtctl::run(&argv, &mut env, &mut streams).code())
}

fn clock() -> NumericDate {
    let since_epoch = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    let seconds = i64::try_from(since_epoch.as_secs()).unwrap_or(i64::MAX);
    NumericDate::new(seconds, since_epoch.subsec_nanos())
}
