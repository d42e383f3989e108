//! The options of a stream: what its items are, and what is printed of them.

use std::num::NonZero;

use super::common::{PathOrStdin, Verb};

/// The options of a stream, for all verbs.
#[derive(Debug)]
pub(crate) struct StreamRequest {
    /// Where the text is; without one, on standard input.
    pub(crate) sources: Vec<PathOrStdin>,
    /// Whether the items are the tokens in the text, and not its lines.
    pub(crate) finds: bool,
    pub(crate) threads: NonZero<usize>,
    pub(crate) detail: Detail,
    pub(crate) format: RowFormat,
    pub(crate) filter: RowFilter,
}

impl StreamRequest {
    /// What an item is called.
    pub(crate) fn unit(&self) -> &'static str {
        if self.finds { "token" } else { "line" }
    }

    /// Whether what is printed says where in the text an item is.
    pub(crate) fn prints_places(&self) -> bool {
        matches!(
            self.format,
            RowFormat::Verdicts(_) | RowFormat::Reports | RowFormat::Sarif | RowFormat::Answers
        )
    }

    /// Whether every token is printed as it is found, so that none is read.
    pub(crate) fn prints_all_found(&self, verb: Verb) -> bool {
        let all = (RowFormat::Tokens, RowFilter::All);
        self.finds && verb == Verb::Decode && (self.format, self.filter) == all
    }
}

/// Extra information for each item.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Detail {
    /// The reason why a token is refused, even if finding it takes a search.
    pub(crate) explain: bool,
    /// The key that was used, and warnings about it.
    pub(crate) key: bool,
    /// Which key of a set was used.
    pub(crate) matched: bool,
}

impl Detail {
    pub(crate) const FULL: Self = Self { explain: true, key: true, matched: false };
}

/// The format of a stream's rows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum RowFormat {
    /// JSON with the verdict, parts of the token, and problems.
    Verdicts(RowContent),
    /// The full JSON report.
    Reports,
    /// The results of one SARIF log.
    Sarif,
    /// The token that was made. If there is none: an empty line, and the reason on stderr.
    Answers,
    /// The value of `--get`, or an empty line.
    Value,
    /// The values of several `--get`, or an empty line.
    Fields,
    /// The tokens themselves.
    Tokens,
    /// The lines themselves.
    Lines,
    /// At the end, how many items there are of each status.
    Counts,
    Nothing,
}

/// The part of a token that a verdict contains.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum RowContent {
    Claims,
    Header,
    HeaderAndClaims,
    /// Nothing of it, but what is weak about it.
    Findings,
}

/// Which items get a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum RowFilter {
    All,
    Valid,
    Failed,
}
