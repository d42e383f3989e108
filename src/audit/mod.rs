//! Weaknesses of tokens and keys.

pub(crate) mod known;
