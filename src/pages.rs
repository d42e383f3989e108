//! Shows help in a pager and manual pages in `man`. Without a terminal, help is plain text and manual pages are roff.

use anyhow::Context as _;

use crate::cli::{HelpCall, HelpReason, HelpText, ManualCall, pager};
use crate::env::Env;
use crate::output::exit::Exit;
use crate::output::{Streams, Terminal, is_coloured};
use crate::sys::{Document, Foreground};

/// The greatest width of help, and its width without a terminal.
const WIDEST: usize = 100;

/// Shows the help that a call asks for, or that is the answer to an incomplete call.
pub(crate) fn show_help(
    help: &HelpCall,
    env: &Env<'_>,
    streams: &mut Streams<'_>,
) -> (Exit, anyhow::Result<()>) {
    match help.reason {
        HelpReason::Asked => {
            (Exit::Ok, show(help, env, streams).context("cannot write the answer"))
        }
        HelpReason::OfGate if streams.out_terminal.is_terminal() => {
            (Exit::Usage, show(help, env, streams).context("cannot write the help"))
        }
        // A script expects claims or a token on stdout, so the help goes to stderr.
        HelpReason::OfGate => {
            let text = laid_out(help, streams.err_terminal, env);
            let text = for_stream(&text, help, streams.err_terminal);
            let written = streams.err.write_all(text.as_bytes());
            (Exit::Usage, written.context("cannot write the help"))
        }
        // As with every other message on stderr, a failure to write it does not change the exit code.
        HelpReason::NoVerb => {
            let text = laid_out(help, streams.err_terminal, env);
            let _ = streams.err.write_all(for_stream(&text, help, streams.err_terminal).as_bytes());
            (Exit::Usage, Ok(()))
        }
    }
}

/// Opens a manual page in `man` if stdout is a terminal; otherwise prints it as roff.
pub(crate) fn show_manual(
    manual: &ManualCall,
    env: &Env<'_>,
    streams: &mut Streams<'_>,
) -> anyhow::Result<()> {
    if !streams.out_terminal.is_terminal() {
        return print(&manual.roff, streams);
    }
    let words = ["man".to_owned()];
    let document = Document::File(&manual.name, &manual.roff);
    let page = Foreground { words: &words, document, variable: None };
    let has_pager = env.stdin.is_terminal() && pager(env.variable).is_some();
    if has_pager && matches!((streams.show)(&page), Ok(true)) {
        return Ok(());
    }
    show(&manual.help, env, streams)
}

/// Prints help on standard output; long help that was asked for is shown in a pager on a terminal.
fn show(help: &HelpCall, env: &Env<'_>, streams: &mut Streams<'_>) -> anyhow::Result<()> {
    let text = laid_out(help, streams.out_terminal, env);
    let shown = for_stream(&text, help, streams.out_terminal);
    let is_paged = help.is_paged() && streams.out_terminal.is_terminal() && env.stdin.is_terminal();
    if let Some(pager) = pager(env.variable).filter(|_| is_paged) {
        let shown = if pager.is_styled { shown } else { &text.plain };
        let document = Document::Stdin(shown.as_bytes());
        let variable = pager.variable;
        let run = Foreground { words: &pager.words, document, variable };
        if (streams.show)(&run).is_ok() {
            return Ok(());
        }
    }
    print(shown.as_bytes(), streams)
}

fn laid_out(help: &HelpCall, terminal: Terminal, env: &Env<'_>) -> HelpText {
    let columns = || (env.variable)("COLUMNS")?.to_str()?.parse().ok();
    let width = match terminal {
        Terminal::Width(columns) => columns.min(WIDEST),
        Terminal::No => columns().filter(|columns| *columns > 0).unwrap_or(WIDEST),
    };
    help.text(width)
}

fn for_stream<'a>(text: &'a HelpText, help: &HelpCall, terminal: Terminal) -> &'a str {
    if is_coloured(help.options.color, terminal) { &text.styled } else { &text.plain }
}

/// Prints bytes on standard output.
pub(crate) fn print(text: &[u8], streams: &mut Streams<'_>) -> anyhow::Result<()> {
    streams.out.write_all(text)?;
    Ok(streams.out.flush()?)
}
