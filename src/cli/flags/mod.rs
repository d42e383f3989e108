//! Flags that several verbs share, and how they become part of a request.

pub(crate) mod chains;
pub(crate) mod checking_keys;
pub(crate) mod common;
pub(crate) mod dpop;
pub(crate) mod encryption;
pub(crate) mod expectations;
pub(crate) mod keys;
