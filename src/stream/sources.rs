//! The inputs of a stream: what they are called, and how large they are.

use std::borrow::Cow;
use std::fs::{self, Metadata};

use crate::request::PathOrStdin;

/// What rows call an input.
pub(super) fn name_of(source: &PathOrStdin) -> Cow<'_, str> {
    match source {
        PathOrStdin::Path(path) => path.to_string_lossy(),
        PathOrStdin::Stdin => "-".into(),
    }
}

/// The size of an input, if it is a file.
pub(super) fn size_of_source(source: &PathOrStdin) -> Option<u64> {
    let PathOrStdin::Path(path) = source else { return None };
    fs::metadata(path).ok().filter(Metadata::is_file).map(|found| found.len())
}
