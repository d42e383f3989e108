//! The words for an error of the operating system.

use std::io;

use super::platform::words;

/// An error in words, without its number: the operating system's, or our own where those depend on the user's language.
pub(crate) fn reason(error: &io::Error) -> String {
    let text = error.to_string();
    let Some(number) = error.raw_os_error() else { return text };
    if let Some(words) = words(error.kind()) {
        return words.to_owned();
    }
    text.strip_suffix(&format!(" (os error {number})")).unwrap_or(&text).to_owned()
}
