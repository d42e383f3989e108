//! Files that are complete before they have a name.

mod calls;
mod create;
mod new_file;
mod target;
#[cfg(test)]
mod tests;

pub(crate) use create::{CreateOptions, CreatedFiles, create, replace};
pub use new_file::Leftover;
pub(crate) use new_file::{LeftBehind, NewFile, Readers};
