//! The end of a stream: the summary, and the exit code of everything together.

use std::io;

use super::output::Totals;
use crate::output::exit::Exit;
use crate::output::{Notice, OutputOptions, Streams, Summary};
use crate::request::{StreamRequest, Verb};
use crate::sys::{exit_by_signal, reason};

/// Prints the summary and why the stream ended too early. If that was a signal, it ends the program.
pub(super) fn finish(
    verb: Verb,
    plan: &StreamRequest,
    options: OutputOptions,
    totals: &mut Totals,
    summary: &Summary,
    streams: &mut Streams<'_>,
) -> Exit {
    let exit = Exit::first_of(summary.counts.iter().map(|(exit, _)| *exit));
    match totals.undelivered.take() {
        None => {}
        // The reader may leave early. But then a gate has not checked all tokens.
        Some(error) if error.kind() == io::ErrorKind::BrokenPipe => {
            if !verb.is_gate() {
                return exit;
            }
            let message = "the reader of the output exited before the end of the input";
            Notice::plain(message, None).print(options, streams);
            return Exit::Failure;
        }
        Some(error) => {
            let message = format!("cannot write the rows: {}", reason(&error));
            Notice::plain(message, None).print(options, streams);
            totals.has_failed = true;
        }
    }
    let given = |hint: &str| totals.hints.contains(hint);
    summary.print(verb, plan, given, options, streams);
    if let Some(signal) = summary.signal {
        exit_by_signal(signal);
    }
    if totals.has_failed {
        return Exit::Failure;
    }
    let is_empty = summary.counts.is_empty() && summary.signal.is_none();
    let needs_tokens = verb.is_gate() || verb == Verb::Audit || plan.finds;
    if !(is_empty && needs_tokens) {
        return exit;
    }
    let (message, hint) = if plan.finds {
        (
            "no token was found in the input",
            "--find looks for whole tokens: three or five base64url parts with dots between them, the first one a JSON object with \"alg\"",
        )
    } else {
        ("there is no token in the input", "did the command that writes it print anything?")
    };
    Notice::plain(message, Some(hint.to_owned())).print(options, streams);
    Exit::Invalid
}
