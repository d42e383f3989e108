//! What the flags say of a stream.

use std::num::NonZero;
use std::thread;

use super::{cli, path_or_stdin};
use crate::commands::items::Detail;
use crate::render::{Format, Rows, Which};
use crate::stream::Plan;

/// The plan of a stream; none where no `--batch` asks for one.
pub(super) fn plan(batch: &cli::Batch, explain: bool, rows: Rows, which: Which) -> Option<Plan> {
    let source = batch.batch.clone()?;
    let cores = || thread::available_parallelism().unwrap_or(NonZero::<usize>::MIN);
    Some(Plan {
        source: source.map(path_or_stdin),
        threads: batch.threads.unwrap_or_else(cores),
        detail: Detail { explain, key: rows == Rows::Reports },
        rows,
        which,
    })
}

/// The plan of `verify`, which can do more with a line.
pub(super) fn verifying(args: &cli::Verify, format: Format) -> Option<Plan> {
    let rows = match rows(format, args.get.is_some()) {
        _ if args.tokens => Rows::Lines,
        Rows::Verdicts if format.quiet => Rows::Nothing,
        rows => rows,
    };
    let which = match args.print {
        None if args.tokens => Which::Valid,
        None | Some(cli::Print::All) => Which::All,
        Some(cli::Print::Valid) => Which::Valid,
        Some(cli::Print::Failed) => Which::Failed,
    };
    plan(&args.batch, args.explained.explain, rows, which)
}

/// The rows of a verb that shows tokens.
pub(super) fn rows(format: Format, one_claim: bool) -> Rows {
    match (format.json, one_claim) {
        (true, _) => Rows::Reports,
        (false, true) => Rows::Answers,
        (false, false) => Rows::Verdicts,
    }
}
