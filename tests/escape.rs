//! What a terminal would act on is shown escaped, and which characters are visible or look like others.

use jwtctl::characters::{columns, is_invisible, is_plain, looks_like};
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

#[test]
fn look_alikes_are_read_as_what_they_look_like() {
    let read = |text: &str| text.chars().map(looks_like).collect::<String>();
    assert_eq!(read("р\u{430}у\u{440}аӏ"), "paypal");
    assert_eq!(read("ＡＰＩ\u{2010}１"), "API-1");
    assert_eq!(read("ΑΡΙ\u{a0}Јυ"), "API Ju");
    assert_eq!(read("plain 世界 é"), "plain 世界 é");
}

#[test]
fn what_is_not_seen_is_not_plain() {
    assert!(is_plain("https://issuer.example/~x?y=é&z=世"));
    for c in ['\n', '\u{7f}', '\u{9b}', '\u{a0}', '\u{301}', '\u{200b}', '\u{202e}', '🦀'] {
        assert!(!is_plain(&c.to_string()), "{c:?}");
    }
    // What takes no room is never measured as if it did.
    for c in (0..0x11_0000).filter_map(char::from_u32).filter(|c| is_invisible(*c)) {
        assert_eq!(columns(c), None, "{c:?}");
    }
}
