//! What a terminal would act on is shown escaped.

use jwtctl::output::for_terminal;

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
