//! What the flags say of a stream.

use std::num::NonZero;
use std::thread;

use super::cli_error::CliError;
use super::flags;
use super::requests::path_or_stdin;
use crate::input::Detail;
use crate::output::{OutputOptions, RowContent, RowFilter, RowFormat};
use crate::stream::StreamRequest;

/// The plan of a stream; none where no `--batch` asks for one.
fn plan(
    batch: &flags::Batch,
    explain: bool,
    rows: RowFormat,
    which: RowFilter,
) -> Option<StreamRequest> {
    let source = batch.batch.clone()?;
    let cores = || thread::available_parallelism().unwrap_or(NonZero::<usize>::MIN);
    Some(StreamRequest {
        source: source.map(path_or_stdin),
        threads: batch.threads.unwrap_or_else(cores),
        detail: Detail { explain, key: rows == RowFormat::Reports },
        rows,
        which,
    })
}

/// The plan of `decode`.
pub(super) fn decoding(args: &flags::Decode, format: OutputOptions) -> Option<StreamRequest> {
    let held = if args.header { RowContent::Header } else { RowContent::HeaderAndClaims };
    let rows = rows(held, format, args.get.is_some());
    plan(&args.batch, args.explained.explain, rows, RowFilter::All)
}

/// The plan of `verify`, which can do more with a line.
pub(super) fn verifying(args: &flags::Verify, format: OutputOptions) -> Option<StreamRequest> {
    let rows = match rows(RowContent::Claims, format, args.get.is_some()) {
        _ if args.tokens => RowFormat::Lines,
        RowFormat::Verdicts(_) if format.quiet => RowFormat::Nothing,
        rows => rows,
    };
    let which = match args.print {
        None if args.tokens => RowFilter::Valid,
        None | Some(flags::Print::All) => RowFilter::All,
        Some(flags::Print::Valid) => RowFilter::Valid,
        Some(flags::Print::Failed) => RowFilter::Failed,
    };
    plan(&args.batch, args.explained.explain, rows, which)
}

/// The plan of a verb that makes tokens.
pub(super) fn making(
    batch: &flags::Batch,
    explain: bool,
    format: OutputOptions,
) -> Option<StreamRequest> {
    let rows = if format.json { RowFormat::Reports } else { RowFormat::Answers };
    plan(batch, explain, rows, RowFilter::All)
}

/// The rows of a verb that shows tokens.
fn rows(held: RowContent, format: OutputOptions, one_claim: bool) -> RowFormat {
    match (format.json, one_claim) {
        (true, _) => RowFormat::Reports,
        (false, true) => RowFormat::Answers,
        (false, false) => RowFormat::Verdicts(held),
    }
}

/// Flags that are for streams alone. The parser does not ask for their `--batch` where there is an item.
pub(super) fn flags_alone(batch: &flags::Batch, others: &[(bool, &str)]) -> Result<(), CliError> {
    let threads = [(batch.threads.is_some(), "--threads")];
    let given = threads.iter().chain(others).find(|(is_given, _)| *is_given);
    match given.filter(|_| batch.batch.is_none()) {
        None => Ok(()),
        Some((_, flag)) => Err(CliError::new(
            format!("{flag} needs --batch: it is about a file with an item a line"),
            "leave it out, or name that file: --batch FILE",
        )),
    }
}
