//! Classes of characters: those of a token, those that are invisible or control a terminal, those that look like
//! others, and the width of the rest.

/// Whether a character is one of base64url (RFC 4648 section 5).
pub(crate) const fn is_base64url(c: char) -> bool {
    c.is_ascii() && is_base64url_byte(c as u8)
}

/// The same for a byte.
#[expect(clippy::needless_bitwise_bool, reason = "without branches, the compiler can vectorise it")]
pub(crate) const fn is_base64url_byte(byte: u8) -> bool {
    let is_letter = (byte | 0x20).wrapping_sub(b'a') < 26;
    is_letter | (byte.wrapping_sub(b'0') < 10) | (byte == b'-') | (byte == b'_')
}

/// Whether a character may be part of a compact token.
pub(crate) fn is_token_char(c: char) -> bool {
    is_base64url(c) || c == '.'
}

/// How many columns a character takes, if it is the same on every terminal.
pub fn columns(c: char) -> Option<usize> {
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

/// Whether every character of a text is visible, so that the text can be typed or copied.
pub fn is_plain(text: &str) -> bool {
    text.chars().all(|c| columns(c).is_some())
}

/// Controls (C0, DEL, C1), marks that reorder text, and characters without a width.
pub fn is_invisible(c: char) -> bool {
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

/// "U+200B"
pub(crate) fn code_point(c: char) -> String {
    format!("U+{:04X}", u32::from(c))
}

/// A character as JSON escapes it: "\u202e", and two of them beyond U+FFFF (RFC 8259 section 7).
pub(crate) fn escaped(c: char) -> String {
    let units = c.encode_utf16(&mut [0; 2]).to_vec();
    units.iter().fold(String::new(), |text, unit| text + &format!("\\u{unit:04x}"))
}

/// The ASCII character that a letter or mark looks like, or else the character itself.
pub fn looks_like(c: char) -> char {
    const LETTERS: [(&str, &str); 3] = [
        // Cyrillic, then Greek, then marks.
        ("аВсеԁһіјКӏМНорԛѕТѵԝхуАЕОРСХІЅЈ", "aBcedhijKlMHopqsTvwxyAEOPCXISJ"),
        ("ΑΒΕΖΗΙΚΜΝΟΡΤΥΧινορυ", "ABEZHIKMNOPTYXivopu"),
        ("‐‑‒–—―−﹘﹣⁄∕․。｡·’ˈ\u{a0}\u{202f}\u{2009}", "---------//....''   "),
    ];
    if matches!(c, '\u{ff01}'..='\u{ff5e}') {
        return u32::from(c).checked_sub(0xfee0).and_then(char::from_u32).unwrap_or(c);
    }
    let mut pairs = LETTERS.iter().flat_map(|(odd, plain)| odd.chars().zip(plain.chars()));
    pairs.find(|(odd, _)| *odd == c).map_or(c, |(_, plain)| plain)
}
