//! Text from a token, a key or the command line is hostile to a terminal: what could steer it, hide
//! or reorder what is read, is shown escaped, as JSON would write it (RFC 8259 section 7).

use std::fmt::Write as _;

/// A text with everything that a terminal would act on escaped.
#[must_use]
pub fn for_terminal(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '\n' => shown.push_str("\\n"),
            '\r' => shown.push_str("\\r"),
            '\t' => shown.push_str("\\t"),
            c if is_hostile(c) => {
                for unit in c.encode_utf16(&mut [0; 2]) {
                    let _ = write!(shown, "\\u{unit:04x}");
                }
            }
            c => shown.push(c),
        }
    }
    shown
}

/// Controls (C0, DEL, C1), marks that reorder text, and characters that take no room.
fn is_hostile(c: char) -> bool {
    c.is_control()
        || matches!(c,
            '\u{ad}' | '\u{34f}' | '\u{600}'..='\u{605}' | '\u{61c}' | '\u{6dd}' | '\u{70f}'
            | '\u{890}'..='\u{891}' | '\u{8e2}' | '\u{17b4}'..='\u{17b5}' | '\u{180b}'..='\u{180f}'
            | '\u{2800}' | '\u{fe00}'..='\u{fe0f}' | '\u{110bd}' | '\u{110cd}'
            | '\u{13430}'..='\u{1343f}' | '\u{1bca0}'..='\u{1bca3}' | '\u{1d173}'..='\u{1d17a}'
            | '\u{115f}'..='\u{1160}' | '\u{3164}' | '\u{ffa0}'
            | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}'
            | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e0fff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_steers_a_terminal_is_shown() {
        for (hostile, shown) in [
            ("\u{1b}[31mred", "\\u001b[31mred"),
            ("\u{9b}31m", "\\u009b31m"),
            ("\u{1b}]0;title\u{7}", "\\u001b]0;title\\u0007"),
            ("a\u{8}b\u{7f}", "a\\u0008b\\u007f"),
            ("two\r\nlines\t", "two\\r\\nlines\\t"),
        ] {
            assert_eq!(for_terminal(hostile), shown);
        }
    }

    #[test]
    fn what_reorders_or_hides_text_is_shown() {
        for (hostile, shown) in [
            ("admin\u{202e}nimda", "admin\\u202enimda"),
            ("\u{2066}x\u{2069}", "\\u2066x\\u2069"),
            ("pay\u{200b}pal", "pay\\u200bpal"),
            ("\u{feff}a\u{2028}b", "\\ufeffa\\u2028b"),
            ("a\u{e0041}", "a\\udb40\\udc41"),
        ] {
            assert_eq!(for_terminal(hostile), shown);
        }
    }

    #[test]
    fn other_text_is_left_alone() {
        for text in ["plain", "Grüße, 世界 🦀", "\\u001b", "a b"] {
            assert_eq!(for_terminal(text), text);
        }
    }
}
