//! Text from a token, a key or the command line is hostile to a terminal: what could steer it, hide
//! or reorder what is read, is shown escaped, as JSON would write it (RFC 8259 section 7).

use crate::characters::{escaped, is_invisible};

/// A text with everything that a terminal would act on escaped.
pub fn for_terminal(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '\n' => shown.push_str("\\n"),
            '\r' => shown.push_str("\\r"),
            '\t' => shown.push_str("\\t"),
            c if is_invisible(c) => shown.push_str(&escaped(c)),
            c => shown.push(c),
        }
    }
    shown
}
