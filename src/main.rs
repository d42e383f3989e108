//! The real arguments, clock, streams and terminals, handed to [`jwtctl::run`].

use std::io::{self, IsTerminal as _};
use std::process::ExitCode;
use std::time::{SystemTime, UNIX_EPOCH};

use jwtctl::{env::Env, io::Stdin, render::Streams, render::Terminal};
use terminal_size::{Width, terminal_size_of};

fn main() -> ExitCode {
    let argv: Vec<_> = std::env::args_os().collect();
    let since_epoch = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    let (mut input, mut out, mut err) = (io::stdin(), io::stdout().lock(), io::stderr().lock());
    let mut streams = Streams {
        out_terminal: terminal(out.is_terminal(), terminal_size_of(io::stdout())),
        err_terminal: terminal(err.is_terminal(), terminal_size_of(io::stderr())),
        out: &mut out,
        err: &mut err,
    };
    let is_terminal = input.is_terminal();
    let mut env = Env {
        now: i64::try_from(since_epoch.as_secs()).unwrap_or(i64::MAX),
        variable: &|name| std::env::var_os(name),
        stdin: Stdin::new(&mut input, is_terminal),
    };
    ExitCode::from(jwtctl::run(&argv, &mut env, &mut streams).code())
}

fn terminal(is_terminal: bool, size: Option<(Width, terminal_size::Height)>) -> Terminal {
    let columns = size.map_or(80, |(Width(columns), _)| usize::from(columns));
    if is_terminal { Terminal::Width(columns) } else { Terminal::No }
}
