//! Where an item of a stream is: in messages, rows and reports.

use std::fmt;

/// Where an item of a stream is.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Place<'a> {
    /// The file, if there are several.
    pub(crate) path: Option<&'a str>,
    /// The line, counted from 1.
    pub(crate) line: u64,
    /// Where a token was found in the line (counted from 1) and in the input (from 0), in bytes.
    pub(crate) found: Option<(u64, u64)>,
}

impl Place<'_> {
    /// Its members in a row or report.
    pub(super) fn members(&self) -> impl Iterator<Item = (&'static str, u64)> {
        let (column, byte) = self.found.unzip();
        let members = [("line", Some(self.line)), ("column", column), ("byte", byte)];
        members.into_iter().filter_map(|(name, number)| Some((name, number?)))
    }
}

impl fmt::Display for Place<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(path) = self.path {
            write!(f, "{path}: ")?;
        }
        write!(f, "line {}", self.line)?;
        self.found.map_or(Ok(()), |(column, _)| write!(f, ", column {column}"))
    }
}
