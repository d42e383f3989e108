//! Files that are complete before they have a name.

mod calls;
mod create;
mod target;
#[cfg(test)]
mod tests;

pub use target::Leftover;

pub(crate) use create::{CreateOptions, CreatedFiles, create, replace};
pub(crate) use target::{LeftBehind, NewFile};
