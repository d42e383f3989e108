//! The colours of words: the only user of colored, whose switch for the whole process is turned on once.

use colored::{Colorize as _, control};

use super::streams::{ColorChoice, Terminal};

/// Colours text, unless colour is off.
#[derive(Debug, Clone, Copy)]
pub(super) struct Paint(bool);

impl Paint {
    pub(super) fn new(choice: ColorChoice, terminal: Terminal) -> Self {
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

    pub(super) fn is_on(self) -> bool {
        self.0
    }

    pub(super) fn error(self, text: &str) -> String {
        if self.0 { text.red().bold().to_string() } else { text.to_owned() }
    }

    pub(super) fn warning(self, text: &str) -> String {
        if self.0 { text.yellow().bold().to_string() } else { text.to_owned() }
    }

    pub(super) fn good(self, text: &str) -> String {
        if self.0 { text.green().bold().to_string() } else { text.to_owned() }
    }

    pub(super) fn hint(self, text: &str) -> String {
        if self.0 { text.cyan().bold().to_string() } else { text.to_owned() }
    }

    pub(super) fn name(self, text: &str) -> String {
        if self.0 { text.cyan().to_string() } else { text.to_owned() }
    }

    pub(super) fn string(self, text: &str) -> String {
        if self.0 { text.green().to_string() } else { text.to_owned() }
    }

    pub(super) fn faint(self, text: &str) -> String {
        if self.0 { text.dimmed().to_string() } else { text.to_owned() }
    }
}
