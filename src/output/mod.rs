//! Writes to stdout and stderr, and decides the exit code.

pub mod exit;
mod fields;
mod github;
mod notice;
mod place;
mod progress;
mod render;
mod report;
mod rows;
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
pub(crate) use streams::{ColorChoice, Log, OutputOptions, View};
pub use streams::{Show, Streams, Terminal};
pub(crate) use summary::{Failures, SharedHint, Summary};
pub use terminal::for_terminal;
pub(crate) use terminal::is_coloured;
