//! Flags that several verbs share, each group beside what it asks for.
#![allow(clippy::doc_markdown, reason = "doc comments of flags are their help, as it is printed")]

pub(crate) mod common;
pub(crate) mod expectations;
pub(crate) mod keys;
