//! Where output goes, and how it is formatted.

use std::ffi::OsString;
use std::io::{self, Write};
use std::ops::RangeInclusive;

use terminal_size::{Height, Width};

use crate::sys::{Foreground, Output};
use crate::time::Zone;

/// Standard output and standard error, and whether each is a terminal.
#[expect(missing_docs)]
pub struct Streams<'a> {
    pub out: &'a mut (dyn Output + Send),
    pub out_terminal: Terminal,
    pub err: &'a mut (dyn Write + Send),
    pub err_terminal: Terminal,
    /// Shows a document in a program that has the terminal until it ends.
    pub show: &'a Show<'a>,
}

/// Runs a program in the foreground, and says whether it was successful. It fails if the program does not start.
pub type Show<'a> = dyn Fn(&Foreground<'_>) -> io::Result<bool> + Sync + 'a;

/// Whether a stream is a terminal, and how wide that is in columns.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Terminal {
    /// A file, a pipe, or another device.
    No,
    /// A terminal that has this many columns.
    Width(usize),
}

impl Terminal {
    /// A terminal of unknown size has 80 columns.
    pub fn of(is_terminal: bool, size: Option<(Width, Height)>) -> Self {
        let columns = size.map_or(80, |(Width(columns), _)| usize::from(columns));
        if is_terminal { Self::Width(columns) } else { Self::No }
    }

    /// Whether it is a terminal.
    pub fn is_terminal(self) -> bool {
        self != Self::No
    }
}

/// What the variables say about the view for people: in which zone times are shown, and how wide it is without a terminal.
pub(crate) struct View {
    zone: Option<OsString>,
    columns: usize,
}

impl Default for View {
    fn default() -> Self {
        Self { zone: None, columns: Self::COLUMNS }
    }
}

impl View {
    /// The columns that there are unless a terminal or `COLUMNS` says otherwise, and the numbers of `COLUMNS` that count.
    const COLUMNS: usize = 80;
    const PLAUSIBLE: RangeInclusive<usize> = 20..=1000;

    /// Reads `TZ` and `COLUMNS`.
    pub(crate) fn of(variable: &dyn Fn(&str) -> Option<OsString>) -> Self {
        let columns = variable("COLUMNS").and_then(|columns| columns.to_str()?.trim().parse().ok());
        let columns = columns.filter(|columns| Self::PLAUSIBLE.contains(columns));
        Self { zone: variable("TZ"), columns: columns.unwrap_or(Self::COLUMNS) }
    }

    /// The zone of `TZ`, which is not read before it is needed.
    pub(super) fn zone(&self) -> Zone {
        Zone::of(self.zone.as_deref())
    }

    /// The terminal that the view is laid out for; none if nobody is to look at the output.
    pub(super) fn terminal(&self, options: OutputOptions, terminal: Terminal) -> Terminal {
        match terminal {
            Terminal::No if options.pretty => Terminal::Width(self.columns),
            terminal => terminal,
        }
    }
}

/// How the answer and the messages are formatted.
#[derive(Debug, Clone, Copy, Default)]
#[expect(clippy::struct_excessive_bools, reason = "each is a flag of its own")]
pub(crate) struct OutputOptions {
    /// One JSON object with everything.
    pub(crate) json: bool,
    /// The view for people, even if the output is no terminal.
    pub(crate) pretty: bool,
    /// A SARIF log, for code scanning.
    pub(crate) sarif: bool,
    /// JSON on one line.
    pub(crate) compact: bool,
    /// Only errors on stderr, and no claims.
    pub(crate) quiet: bool,
    pub(crate) color: ColorChoice,
    pub(crate) log: Log,
}

/// What reads standard error.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) enum Log {
    /// A person, or any program.
    #[default]
    Any,
    /// The log of GitHub Actions, which shows annotations and masks new tokens.
    GitHub,
}

impl Log {
    pub(crate) fn new(is_github: bool) -> Self {
        if is_github { Self::GitHub } else { Self::Any }
    }
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) enum ColorChoice {
    /// Colour on terminals, unless variables say otherwise.
    #[default]
    Auto,
    Always,
    Never,
}

impl ColorChoice {
    /// Applies `NO_COLOR`, `CLICOLOR_FORCE` and `TERM` to `Auto`.
    pub(crate) fn with_environment(self, variable: &dyn Fn(&str) -> Option<OsString>) -> Self {
        let set = |name: &str| variable(name).filter(|value| !value.is_empty());
        match self {
            Self::Auto if set("NO_COLOR").is_some() => Self::Never,
            Self::Auto if set("CLICOLOR_FORCE").is_some_and(|value| value != "0") => Self::Always,
            Self::Auto if variable("TERM").is_some_and(|term| term == "dumb") => Self::Never,
            choice => choice,
        }
    }
}
