//! Writes to stdout and stderr, and decides the exit code.

mod audit;
pub mod exit;
mod fields;
mod github;
mod notice;
mod place;
mod progress;
mod render;
mod report;
mod rows;
mod sarif;
mod streams;
mod summary;
mod terminal;
mod text;
mod wrap;

pub(crate) use github::mask;
pub(crate) use notice::{Notice, print_notices, print_warnings};
pub(crate) use place::Place;
pub(crate) use progress::Progress;
pub(crate) use render::render;
pub(crate) use rows::{ProcessedItem, RowWriter, warnings};
pub(crate) use sarif::{begin as begin_sarif, end as end_sarif, without_separator};
pub(crate) use streams::{ColorChoice, Log, OutputOptions, View};
pub use streams::{Show, Streams, Terminal};
pub(crate) use summary::{Failures, SharedHint, Summary};
pub use terminal::for_terminal;
pub(crate) use terminal::is_coloured;
