//! A token that was damaged on its way: where, by what, and which commands would mend it. Nothing is
//! mended for anyone: strict reading has failed before anything here runs, and its verdict stands.

use super::MOST_LOOKED_AT;
use super::beginning::{Beginning, beginning};
use super::repair::{Repair, mends};
use super::shape::{has_the_look_of_a_token, is_invisible, is_quote, look_alike, object};
use crate::keys::Algorithm;
use crate::token::{Base64Fault, Malformed, Part, Unverified, strip_wrapping};

/// A damaged token.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Damage {
    /// What is odd, where that says more.
    pub odd: Option<Odd>,
    /// The place.
    pub spot: Option<Spot>,
    /// What makes a token of it, in order; empty if nothing known does.
    pub mends: Vec<Repair>,
    /// What is odd about its beginning.
    pub beginning: Option<Beginning>,
    /// Of a padded token, what its signature was found to be over.
    pub padding: Option<PaddingTrial>,
}

/// What the signature of a padded token is over.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PaddingTrial {
    /// The text as it stands, padding included.
    WithPadding,
    /// The text without its padding.
    WithoutPadding,
    /// Neither, so far as these keys tell.
    Neither,
    /// Nothing that a signer made: it does not make whole groups of four characters.
    NotWhole,
}

/// Something that no token has, and its place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Odd {
    /// What it is.
    pub what: Oddity,
    /// The part it is in, if there are no more dots before it than a token has.
    pub part: Option<Part>,
    /// Its first byte, counted from the start of the part, or of the text.
    pub at: usize,
}

/// What a token takes on when it is copied, printed or sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Oddity {
    /// A byte in percent-encoding (RFC 3986 section 2.1).
    Percent(String),
    /// The two characters `\n` in place of a line's end.
    EscapedNewline,
    /// A quotation mark.
    Quote(char),
    /// A character that takes no room.
    Invisible(char),
    /// A character outside ASCII with the look of another.
    LookAlike {
        /// What it is.
        is: char,
        /// What it looks like.
        like: char,
    },
    /// The punctuation of the sentence around it.
    Punctuation(char),
    /// Three dots, or an ellipsis: what was between them is gone.
    Shortened,
    /// The colour codes of a terminal.
    Colours,
    /// UTF-16, as PowerShell writes files.
    Utf16,
    /// A signature that is not as long as those of its algorithm are, in characters.
    Length {
        /// How long it is.
        has: usize,
        /// The algorithm.
        alg: Algorithm,
        /// How long they are.
        others: usize,
    },
}

/// A piece of a text around a place in it, short enough to be shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Spot {
    /// The piece.
    pub text: String,
    /// The place, in characters from the piece's start.
    pub at: usize,
    /// How many characters the place has.
    pub width: usize,
    /// Whether the text goes on before the piece.
    pub more_before: bool,
    /// Whether the text goes on after the piece.
    pub more_after: bool,
}

/// Says more of a fault, if the text has the look of a token: any other may be a secret.
pub(super) fn look(bytes: &[u8], fault: &Malformed) -> Option<Damage> {
    let place = match fault {
        Malformed::NotText(at) | Malformed::WhiteSpace { at, .. } => Some(*at),
        Malformed::Parts(_) | Malformed::Base64 { .. } | Malformed::Json { .. } => None,
        _ => return None,
    };
    if bytes.len() > MOST_LOOKED_AT {
        return None;
    }
    let raw = String::from_utf8_lossy(bytes);
    let text = strip_wrapping(&raw);
    let beginning = beginning(text, fault);
    if beginning.is_some() {
        return Some(Damage { odd: None, spot: None, mends: Vec::new(), beginning, padding: None });
    }
    if matches!(fault, Malformed::Json { .. }) {
        return None;
    }
    let mends = mends(bytes, fault).unwrap_or_default();
    let text_in_nuls = bytes.split(|byte| *byte == 0).filter(|piece| !piece.is_empty()).count();
    // Every other byte is one, but for a mark.
    let is_utf16 = text_in_nuls > bytes.len() / 3;
    if is_utf16 && mends.first() == Some(&Repair::Utf16) {
        let odd = Some(Odd { what: Oddity::Utf16, part: None, at: 0 });
        return Some(Damage { odd, spot: None, mends, beginning: None, padding: None });
    }
    if !has_the_look_of_a_token(text) {
        return None;
    }
    let full_stop = || (text.len() - 1, 1, Oddity::Punctuation('.'));
    let ends_a_sentence = *fault == Malformed::Parts(4) && text.ends_with('.');
    let odd = first_odd(text).or_else(|| ends_a_sentence.then(full_stop));
    let place = odd.as_ref().map(|(at, ..)| *at).or_else(|| match *fault {
        Malformed::NotText(_) => text.find(char::REPLACEMENT_CHARACTER),
        Malformed::Base64 { part, at, .. } => Some(start_of(text, part) + at),
        Malformed::Parts(4..) => text.match_indices('.').nth(2).map(|(at, _)| at),
        _ => place,
    });
    let width = odd.as_ref().map_or(1, |(_, width, _)| *width);
    let spot = place.map(|at| spot(text, at, width));
    let odd = odd.map(|(at, _, what)| {
        let (part, at) = part_of(text, at);
        Odd { what, part, at }
    });
    let odd = odd.or_else(|| odd_length(text, fault));
    let padding = is_not_whole(text).then_some(PaddingTrial::NotWhole);
    Some(Damage { odd, spot, mends, beginning: None, padding })
}

/// Whether what is signed is padded, and in a way that is not admitted either.
fn is_not_whole(text: &str) -> bool {
    let is_signed = text.rsplit_once('.').is_some_and(|(input, _)| input.contains('='));
    is_signed && Unverified::parse_padded(text.as_bytes()).is_err()
}

/// A signature that does not decode and whose algorithm tells how many characters it would have.
fn odd_length(text: &str, fault: &Malformed) -> Option<Odd> {
    let Malformed::Base64 {
        part: part @ Part::Signature,
        at,
        fault: Base64Fault::Length | Base64Fault::TrailingBits,
    } = *fault
    else {
        return None;
    };
    let mut parts = text.split('.');
    let named = object(parts.next()?)?.get("alg")?.as_string()?;
    let has = parts.nth(1)?.len();
    let alg: Algorithm = named.parse().ok()?;
    let others = (alg.signature_length()? * 8).div_ceil(6);
    let what = Oddity::Length { has, alg, others };
    (has != others).then_some(Odd { what, part: Some(part), at })
}

/// The first thing that has a name: its byte, how many characters it has, and what it is.
fn first_odd(text: &str) -> Option<(usize, usize, Oddity)> {
    let own = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
    let end = text.rfind(own).unwrap_or(0);
    text.char_indices().find_map(|(at, c)| {
        let odd = odd(&text[at..], c, at == 0, at > end);
        odd.map(|(width, what)| (at, width, what))
    })
}

/// What a text begins with, if that is odd.
fn odd(rest: &str, c: char, is_first: bool, is_end: bool) -> Option<(usize, Oddity)> {
    let next = &rest[c.len_utf8()..];
    let one = |what| Some((1, what));
    match c {
        'a'..='z' | 'A'..='Z' | '0'..='9' | '-' | '_' | '=' | '+' | '/' => None,
        '%' if next.len() >= 2 && next.bytes().take(2).all(|b| b.is_ascii_hexdigit()) => {
            Some((3, Oddity::Percent(rest[..3].to_owned())))
        }
        '\\' if next.starts_with(['n', 'r', 't']) => Some((2, Oddity::EscapedNewline)),
        '.' if rest.starts_with("...") => Some((3, Oddity::Shortened)),
        '.' if is_end && !next.is_empty() => odd_end(next),
        '.' if is_first => one(Oddity::Punctuation('.')),
        '…' => one(Oddity::Shortened),
        '\u{1b}' => one(Oddity::Colours),
        _ if is_quote(c) => one(Oddity::Quote(c)),
        _ if is_invisible(c) => one(Oddity::Invisible(c)),
        ',' | ';' | ':' | '!' | '(' | ')' | '<' | '>' | '[' | ']' | '{' | '}' | '|'
            if is_first || is_end =>
        {
            one(Oddity::Punctuation(c))
        }
        _ => look_alike(c).map(|like| (1, Oddity::LookAlike { is: c, like })),
    }
}

/// A dot with nothing but punctuation after it ends a sentence, unless the text ends in one dot, as
/// an unsecured token does (RFC 7519 section 6.1).
fn odd_end(next: &str) -> Option<(usize, Oddity)> {
    next.chars().all(|c| c == '.').then_some((next.len() + 1, Oddity::Punctuation('.')))
}

/// The first byte of a part.
fn start_of(text: &str, part: Part) -> usize {
    let dots = match part {
        Part::Header => return 0,
        Part::Payload => 0,
        Part::Signature => 1,
    };
    text.match_indices('.').nth(dots).map_or(0, |(at, _)| at + 1)
}

/// The part that a byte is in, and the byte counted from its start.
fn part_of(text: &str, at: usize) -> (Option<Part>, usize) {
    let part = match text[..at].matches('.').count() {
        0 => Part::Header,
        1 => Part::Payload,
        2 => Part::Signature,
        _ => return (None, at),
    };
    (Some(part), at - start_of(text, part))
}

/// How many characters of header and payload are shown on each side of a place.
const SHOWN: usize = 9;

/// The same where a signature may be.
const SHOWN_OF_SIGNATURE: usize = 4;

/// The piece of a text around a byte of it. Where no two dots tell the parts, any may be the signature.
fn spot(text: &str, at: usize, width: usize) -> Spot {
    let (before, rest) = text.split_at(at.min(text.len()));
    let is_unclear = text.matches('.').count() < 2;
    let room = |dots: usize| if is_unclear || dots >= 2 { SHOWN_OF_SIGNATURE } else { SHOWN };
    let width = width.clamp(1, SHOWN);
    let place: String = rest.chars().take(width).collect();
    let mut dots = before.matches('.').count();
    let skipped = before.chars().count().saturating_sub(room(dots));
    let shown_before: String = before.chars().skip(skipped).collect();
    dots += place.matches('.').count();
    let mut left = room(dots);
    let mut shown_after = String::new();
    let after = &rest[place.len()..];
    for c in after.chars() {
        if left == 0 {
            break;
        }
        left -= 1;
        shown_after.push(c);
        if c == '.' {
            dots += 1;
            left = left.min(room(dots));
        }
    }
    Spot {
        at: shown_before.chars().count(),
        more_before: skipped > 0,
        more_after: shown_after.len() < after.len(),
        text: shown_before + &place + &shown_after,
        width,
    }
}
