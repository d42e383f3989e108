//! Characters that deceive: those that are not seen, those that look like others, and how much room the
//! rest takes on a terminal.

/// How many columns a character takes on any terminal, if that is sure.
pub(super) fn columns(c: char) -> Option<usize> {
    match c {
        ' '..='~' => Some(1),
        // Letters of Latin, Greek and Cyrillic.
        '\u{c0}'..='\u{2af}' | '\u{386}'..='\u{481}' | '\u{48a}'..='\u{52f}' => {
            c.is_alphanumeric().then_some(1)
        }
        // Kana, the common ideographs, Hangul syllables, full-width forms.
        '\u{3041}'..='\u{3096}'
        | '\u{30a1}'..='\u{30fa}'
        | '\u{4e00}'..='\u{9fff}'
        | '\u{ac00}'..='\u{d7a3}'
        | '\u{ff01}'..='\u{ff5e}' => Some(2),
        _ => None,
    }
}

/// Whether a text can stand in a line that is to be typed or copied: every character is seen.
pub(super) fn is_plain(text: &str) -> bool {
    text.chars().all(|c| columns(c).is_some())
}

/// Characters that take no room, and those that steer a terminal.
pub(super) fn is_invisible(c: char) -> bool {
    c.is_control()
        || matches!(c,
            '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}'..='\u{1160}' | '\u{17b4}'..='\u{17b5}'
            | '\u{180b}'..='\u{180f}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}' | '\u{3164}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}'
            | '\u{ffa0}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e0fff}')
}

/// The ASCII character that a letter or mark looks like; any other character itself.
pub(super) fn looks_like(c: char) -> char {
    const LETTERS: [(&str, &str); 3] = [
        // Cyrillic, then Greek, then marks.
        ("аВсеԁһіјКӏМНорԛѕТѵԝхуАЕОРСХІЅЈ", "aBcedhijKlMHopqsTvwxyAEOPCXISJ"),
        ("ΑΒΕΖΗΙΚΜΝΟΡΤΥΧινορυ", "ABEZHIKMNOPTYXivopu"),
        ("‐‑‒–—−⁄∕․’ˈ\u{a0}\u{202f}\u{2009}", "------//.''   "),
    ];
    if matches!(c, '\u{ff01}'..='\u{ff5e}') {
        return u32::from(c).checked_sub(0xfee0).and_then(char::from_u32).unwrap_or(c);
    }
    let mut pairs = LETTERS.iter().flat_map(|(odd, plain)| odd.chars().zip(plain.chars()));
    pairs.find(|(odd, _)| *odd == c).map_or(c, |(_, plain)| plain)
}

#[cfg(test)]
mod tests {
    use super::*;

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
}
