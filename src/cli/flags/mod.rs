//! Flags that several verbs share, each group beside what it asks for.

pub(crate) mod common;
pub(crate) mod expectations;
pub(crate) mod keys;
