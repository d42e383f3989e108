//! Colour: whether a stream gets it, and which word gets which. The only user of colored, whose
//! one switch for the whole process is turned on and then asked for nothing a stream should not get.

use std::ffi::OsString;

use colored::{Colorize as _, control};
use terminal_size::{Height, Width};

/// What the user says about colour.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum ColorChoice {
    /// Where the stream is a terminal, unless variables say otherwise.
    #[default]
    Auto,
    /// Everywhere.
    Always,
    /// Nowhere.
    Never,
}

impl ColorChoice {
    /// What the variables `NO_COLOR`, `CLICOLOR_FORCE` and `TERM` make of `Auto`.
    #[must_use]
    pub fn with_environment(self, variable: &dyn Fn(&str) -> Option<OsString>) -> Self {
        let set = |name: &str| variable(name).filter(|value| !value.is_empty());
        if self != Self::Auto {
            self
        } else if set("NO_COLOR").is_some() {
            Self::Never
        } else if set("CLICOLOR_FORCE").is_some_and(|value| value != "0") {
            Self::Always
        } else if variable("TERM").is_some_and(|term| term == "dumb") {
            Self::Never
        } else {
            Self::Auto
        }
    }
}

/// What a stream is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Terminal {
    /// A file, a pipe, …
    No,
    /// A terminal of this width in columns.
    Width(usize),
}

impl Terminal {
    /// A stream: whether it is a terminal, and the size it gave; 80 columns if it gave none.
    #[must_use]
    pub fn of(is_terminal: bool, size: Option<(Width, Height)>) -> Self {
        let columns = size.map_or(80, |(Width(columns), _)| usize::from(columns));
        if is_terminal { Self::Width(columns) } else { Self::No }
    }

    /// Whether somebody is looking.
    #[must_use]
    pub fn is_terminal(self) -> bool {
        self != Self::No
    }

    /// The width in columns, of a terminal.
    #[must_use]
    pub fn width(self) -> Option<usize> {
        match self {
            Self::No => None,
            Self::Width(columns) => Some(columns),
        }
    }
}

/// Paints, or does not.
#[derive(Debug, Clone, Copy)]
pub(super) struct Paint(bool);

impl Paint {
    pub fn new(choice: ColorChoice, terminal: Terminal) -> Self {
        let on = match choice {
            ColorChoice::Auto => terminal.is_terminal(),
            ColorChoice::Always => true,
            ColorChoice::Never => false,
        };
        if on {
            control::set_override(true);
        }
        Self(on)
    }

    pub fn is_on(self) -> bool {
        self.0
    }

    pub fn error(self, text: &str) -> String {
        if self.0 { text.red().bold().to_string() } else { text.to_owned() }
    }

    pub fn warning(self, text: &str) -> String {
        if self.0 { text.yellow().bold().to_string() } else { text.to_owned() }
    }

    pub fn good(self, text: &str) -> String {
        if self.0 { text.green().bold().to_string() } else { text.to_owned() }
    }

    pub fn hint(self, text: &str) -> String {
        if self.0 { text.cyan().bold().to_string() } else { text.to_owned() }
    }

    pub fn name(self, text: &str) -> String {
        if self.0 { text.cyan().to_string() } else { text.to_owned() }
    }

    pub fn string(self, text: &str) -> String {
        if self.0 { text.green().to_string() } else { text.to_owned() }
    }

    pub fn faint(self, text: &str) -> String {
        if self.0 { text.dimmed().to_string() } else { text.to_owned() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn auto(variables: &[(&str, &str)]) -> ColorChoice {
        ColorChoice::Auto.with_environment(&|name| {
            variables.iter().find(|(n, _)| *n == name).map(|(_, value)| value.into())
        })
    }

    #[test]
    fn variables_decide_only_for_auto() {
        use ColorChoice::{Always, Auto, Never};
        assert_eq!(auto(&[]), Auto);
        assert_eq!(auto(&[("NO_COLOR", "1"), ("CLICOLOR_FORCE", "1")]), Never);
        assert_eq!(auto(&[("NO_COLOR", "")]), Auto);
        assert_eq!(auto(&[("CLICOLOR_FORCE", "1"), ("TERM", "dumb")]), Always);
        assert_eq!(auto(&[("CLICOLOR_FORCE", "0")]), Auto);
        assert_eq!(auto(&[("CLICOLOR_FORCE", "")]), Auto);
        assert_eq!(auto(&[("TERM", "dumb")]), Never);
        assert_eq!(Always.with_environment(&|_| Some("1".into())), Always);
        assert_eq!(Never.with_environment(&|_| Some("1".into())), Never);
    }
}
