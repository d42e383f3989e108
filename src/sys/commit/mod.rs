//! Writes files that are complete before they have a name.

mod calls;
mod create;
mod target;

pub use calls::Calls;
pub(crate) use create::replace;
pub use create::{CreateError, CreateOptions, CreatedFiles, create, lock};
pub use target::{LeftBehind, Leftover, NewFile};
