//! What is written to stdout and stderr, and the exit codes.

mod escape;
pub mod exit;
mod key_text;
mod notice;
mod painted_json;
mod progress;
mod render;
mod report;
mod rows;
mod streams;
mod style;
mod token_text;

pub use escape::for_terminal;
pub(crate) use notice::{Notice, print_warnings};
pub(crate) use progress::Progress;
pub(crate) use render::render;
pub(crate) use rows::{ProcessedItem, RowWriter, Summary};
pub(crate) use streams::{ColorChoice, OutputOptions};
pub use streams::{Streams, Terminal};
