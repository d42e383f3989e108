//! What several requests are made of.

use std::path::PathBuf;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Verb {
    Encode,
    Decode,
    Verify,
    Refresh,
    Audit,
    Key,
    Man,
}

impl Verb {
    /// The verbs that exit with 0 only if a token is genuine.
    pub(crate) const GATES: [Self; 2] = [Self::Verify, Self::Refresh];

    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Encode => "encode",
            Self::Decode => "decode",
            Self::Verify => "verify",
            Self::Refresh => "refresh",
            Self::Audit => "audit",
            Self::Key => "key",
            Self::Man => "man",
        }
    }

    pub(crate) fn is_gate(self) -> bool {
        Self::GATES.contains(&self)
    }
}

/// A claim, header parameter or key parameter that has a default.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Choice<T> {
    Default,
    Given(T),
    Omitted,
}

impl<T> Choice<T> {
    pub(crate) fn new(given: Option<T>, is_omitted: bool) -> Self {
        match given {
            Some(given) => Self::Given(given),
            None if is_omitted => Self::Omitted,
            None => Self::Default,
        }
    }
}

#[derive(Debug, Clone)]
pub(crate) enum PathOrStdin {
    Path(PathBuf),
    Stdin,
}
