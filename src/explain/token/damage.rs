//! Explains a malformed token: where it is damaged, how this probably happened, and which command repairs it. Nothing
//! is repaired here; the token stays refused.

use super::repair::{from_utf16, repairs};
use super::shape::{MOST_EXAMINED, is_invisible, is_quote, look_alike, looks_like_token, object};
use crate::characters::{code_point, is_base64url};
use crate::explain::codes::Code;
use crate::explain::explanation::Explanation;
use crate::explain::shell::{pipe, strip_padding};
use crate::json::JsonError;
use crate::keys::Algorithm;
use crate::token::{
    Base64Fault, DisclosureFault, JwsFault, Malformed, Part, Unverified, strip_wrapping,
};

/// The explanation of a malformed token if its text shows nothing more.
pub(in crate::explain) fn malformed(fault: &Malformed) -> Explanation {
    let (code, hint) = match fault {
        Malformed::Empty => (
            Code::TokenEmpty,
            "was the variable set, and did the command before the pipe print anything?",
        ),
        Malformed::NotText(_) => (Code::TokenNotText, ""),
        Malformed::TooLarge => (Code::TokenTooLarge, ""),
        Malformed::WhiteSpace { tokens: tokens @ 2.., .. } => (
            Code::TokenWhiteSpace,
            &*format!("this looks like {tokens} tokens: --batch takes a file with one per line"),
        ),
        Malformed::WhiteSpace { .. } => (
            Code::TokenWhiteSpace,
            "a token has no white space: was it wrapped, or is it something else?",
        ),
        Malformed::Parts(..3) => (Code::TokenParts, "was it cut?"),
        Malformed::Parts(_) => (Code::TokenParts, "is it more than one token?"),
        Malformed::Base64 { fault, .. } => {
            let hint = match fault {
                Base64Fault::Padding => "tokens are base64url without padding (RFC 7515 section 2)",
                Base64Fault::Stray('+' | '/') => {
                    "it seems to be in the standard base64 alphabet: '-' and '_' stand for '+' and '/'"
                }
                Base64Fault::Stray(_) => "",
                Base64Fault::Length => "was it cut?",
                Base64Fault::TrailingBits => "was it cut, or altered?",
            };
            (Code::TokenBase64, hint)
        }
        Malformed::Member { .. } => (Code::TokenJsonSerialization, "see RFC 7516 section 7.2"),
        Malformed::KeyBinding(inner) if matches!(**inner, Malformed::Parts(..3)) => {
            (Code::Disclosure, "an SD-JWT ends with '~', unless a key binding JWT follows")
        }
        Malformed::Disclosure(DisclosureFault::Unused(_)) => (
            Code::Disclosure,
            "was it made for another token, or is the disclosure with its digest missing?",
        ),
        Malformed::Disclosure(_) | Malformed::KeyBinding(_) => (Code::Disclosure, ""),
        Malformed::Json { error: JsonError::Duplicate { .. }, .. }
        | Malformed::Jws(JwsFault::Json(JsonError::Duplicate(..)) | JwsFault::InBoth(_)) => (
            Code::DuplicateMember,
            "readers disagree on which of the two counts, so neither is trusted",
        ),
        Malformed::Json { error: JsonError::TooDeep, .. } => (Code::TooDeep, ""),
        Malformed::Json {
            part: Part::Payload,
            error: JsonError::Syntax(_) | JsonError::NotAnObject(_),
        } => (Code::NotJson, "jwtctl verify --raw checks a payload of any kind"),
        Malformed::Json { .. } => (Code::NotJson, ""),
        Malformed::Jws(JwsFault::Unprotected(_)) => (
            Code::TokenMembers,
            "nobody has signed it there, so it is not trusted (RFC 7797 section 6)",
        ),
        Malformed::Jws(_) => (Code::TokenMembers, "RFC 7515 section 7.2 says which members it has"),
        Malformed::Unencoded(_) => {
            (Code::B64, "such a payload is sent separately (RFC 7797 section 5.2): --detached PATH")
        }
    };
    let said = Explanation::new(code, fault.to_string());
    if hint.is_empty() { said } else { said.hint(hint) }
}

/// What the signature of a padded token covers, as far as the given keys can tell.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PaddingTrial {
    /// The text with its padding.
    WithPadding,
    /// The text without its padding.
    WithoutPadding,
    /// Neither of these: it was signed with another key.
    Neither,
}

/// Explains a damaged token. Text that does not look like a token may be a secret, and is not shown.
pub(super) fn damage(
    bytes: &[u8],
    fault: &Malformed,
    padding: Option<PaddingTrial>,
) -> Option<Explanation> {
    if bytes.len() > MOST_EXAMINED {
        return None;
    }
    let raw = String::from_utf8_lossy(bytes);
    let text = strip_wrapping(&raw);
    if let Some(hint) = odd_beginning(text, fault) {
        return Some(malformed(fault).hint(hint));
    }
    if matches!(fault, Malformed::Json { .. }) {
        return None;
    }
    let commands = repairs(bytes, fault);
    let text_in_nuls = bytes.split(|byte| *byte == 0).filter(|piece| !piece.is_empty()).count();
    // Every other byte is a NUL, except in the byte order mark.
    let is_utf16 = text_in_nuls > bytes.len() / 3;
    let said = if is_utf16 && commands.first() == Some(&from_utf16()) {
        Explanation::new(Code::TokenUtf16, "the token is in UTF-16, not in UTF-8")
    } else if looks_like_token(text) {
        with_place_marked(text, fault)
    } else {
        return None;
    };
    Some(if commands.is_empty() {
        said
    } else if commands == [strip_padding()] {
        padded(said, text, fault, padding)
    } else {
        let why = if matches!(fault, Malformed::WhiteSpace { .. }) {
            "was it wrapped? To join it, "
        } else {
            ""
        };
        said.hint(format!("{why}{}", pipe(&commands)))
    })
}

/// A hint about a header that cannot be read, if the fault is in its text.
fn odd_beginning(text: &str, fault: &Malformed) -> Option<&'static str> {
    let may_be_cut = match fault {
        Malformed::Json { part: Part::Header, error } => match error {
            JsonError::Duplicate { .. } | JsonError::TooDeep => return None,
            error => !matches!(error, JsonError::NotAnObject { .. }),
        },
        Malformed::Base64 {
            part: Part::Header,
            fault: Base64Fault::Length | Base64Fault::TrailingBits,
            ..
        } => true,
        _ => return None,
    };
    let mut parts = text.split('.');
    let header = parts.next().unwrap_or_default();
    let is_payload = |part: &str| part.len() <= MOST_EXAMINED && object(part).is_some();
    if may_be_cut && !looks_like_token(header) && parts.next().is_some_and(is_payload) {
        return Some("was it cut at its beginning? A token begins with eyJ");
    }
    matches!(fault, Malformed::Json { .. }).then_some(
        "was it altered, or is it not a JWT? A JWT's header is a JSON object and begins with eyJ",
    )
}

/// Adds a hint about padding, which must stay if the signer signed it.
fn padded(
    mut said: Explanation,
    text: &str,
    fault: &Malformed,
    trial: Option<PaddingTrial>,
) -> Explanation {
    let may_be_signed = !matches!(fault, Malformed::Base64 { part: Part::Signature, .. });
    let strip = pipe(&[strip_padding()]);
    let signs_padding = text.rsplit_once('.').is_some_and(|(input, _)| input.contains('='));
    let is_incomplete = signs_padding && Unverified::parse_padded(text.as_bytes()).is_err();
    match trial {
        Some(PaddingTrial::WithPadding) => said.hint(
            "the padding was signed, as AWS load balancers do: accept it with --allow-padding",
        ),
        None if is_incomplete => said.hint(format!(
            "was it cut? A part with its padding is a multiple of four characters long; if the padding was not \
             signed, {strip}"
        )),
        None | Some(PaddingTrial::Neither) if may_be_signed => {
            if trial.is_some() {
                let tried = "its signature matches the key neither with the padding nor without it";
                said.evidence.push(tried.to_owned());
            }
            said.hint(format!(
                "if the signer signed the padding, as AWS load balancers do, accept it with --allow-padding; otherwise, {strip}"
            ))
        }
        _ => said.hint(strip),
    }
}

/// Explains a fault, and marks its place in the text if it has one.
fn with_place_marked(text: &str, fault: &Malformed) -> Explanation {
    let end = text.rfind(is_base64url).unwrap_or(0);
    let odd = text.char_indices().find_map(|(at, c)| Some((at, odd(text, at, c, end, fault)?)));
    if let Some((at, (width, code, what, hint))) = odd {
        let before = &text[..at];
        let start = before.rfind('.').map_or(0, |dot| dot + 1);
        let place = match before.matches('.').count() {
            dots @ ..3 => format!("{} {what} (byte {})", Part::ALL[dots], at - start),
            _ => format!("text {what} (byte {at})"),
        };
        let evidence = excerpt(text, at, width).into();
        return Explanation {
            evidence,
            ..Explanation::new(code, format!("the {place}")).hint(hint)
        };
    }
    let place = match fault {
        Malformed::WhiteSpace { at, .. } => Some(*at),
        Malformed::NotText(_) => text.find(char::REPLACEMENT_CHARACTER),
        Malformed::Base64 { part, at, .. } => {
            let before = text.split('.').take(*part as usize).map(|part| part.len() + 1);
            Some(before.sum::<usize>() + at)
        }
        Malformed::Parts(4..) => text.match_indices('.').nth(2).map(|(at, _)| at),
        _ => None,
    };
    let evidence = place.map_or_else(Vec::new, |at| excerpt(text, at, 1).into());
    Explanation { evidence, ..odd_length(text, fault).unwrap_or_else(|| malformed(fault)) }
}

/// Explains a signature that does not have as many characters as its algorithm requires.
fn odd_length(text: &str, fault: &Malformed) -> Option<Explanation> {
    let Malformed::Base64 {
        part: Part::Signature,
        fault: Base64Fault::Length | Base64Fault::TrailingBits,
        ..
    } = fault
    else {
        return None;
    };
    let mut parts = text.split('.');
    let named = object(parts.next()?)?.get("alg")?.as_string()?;
    let found = parts.nth(1)?.len();
    let alg = Algorithm::from_name(&named)?;
    let wanted = (alg.signature_length()? * 8).div_ceil(6);
    let message = format!("the signature has {found} characters; with {alg} it has {wanted}");
    let hint = if found > wanted { "was something added to its end?" } else { "was it cut?" };
    (found != wanted).then(|| Explanation::new(Code::TokenBase64, message).hint(hint))
}

/// Something that no token has: its width in characters, its code, what it is, and a hint.
type Odd = (usize, Code, String, &'static str);

/// Says what is wrong with the character at a place. After `end` there is only punctuation.
fn odd(text: &str, at: usize, c: char, end: usize, fault: &Malformed) -> Option<Odd> {
    const PLAIN: &str = "copy it from its source as plain text";
    let (is_first, is_end) = (at == 0, at > end);
    let rest = &text[at..];
    let next = &rest[c.len_utf8()..];
    // An unsecured token ends with its second dot (RFC 7519 section 6.1); a third dot is one too many.
    let are_dots = is_end && rest.bytes().all(|b| b == b'.');
    let ends_sentence = are_dots && (rest.len() > 1 || *fault == Malformed::Parts(4));
    Some(match c {
        'a'..='z' | 'A'..='Z' | '0'..='9' | '-' | '_' | '=' | '+' | '/' => return None,
        '%' if next.len() >= 2 && next.bytes().take(2).all(|b| b.is_ascii_hexdigit()) => {
            let what = format!("has {}: it is percent-encoded", &rest[..3]);
            (3, Code::TokenPercentEncoded, what, "decode it first (RFC 3986 section 2.1)")
        }
        '\\' if next.starts_with(['n', 'r', 't']) => {
            let what = "has a backslash and a letter instead of a line break".to_owned();
            let hint = "was it copied from JSON or source code? Remove such escapes";
            (2, Code::TokenEscaped, what, hint)
        }
        '…' | '.' if c == '…' || rest.starts_with("...") => {
            let what = "was shortened where it was displayed".to_owned();
            let hint = "copy it from where it is whole: the missing part is not in this text";
            (if c == '.' { 3 } else { 1 }, Code::TokenShortened, what, hint)
        }
        '.' | ',' | ';' | ':' | '!' | '(' | ')' | '<' | '>' | '[' | ']' | '{' | '}' | '|'
            if is_first || ends_sentence || is_end && c != '.' =>
        {
            let what = format!("has \"{c}\", which is not part of a token");
            let hint = "copy the token without the text around it";
            (if ends_sentence { rest.len() } else { 1 }, Code::TokenPunctuation, what, hint)
        }
        '\u{1b}' => {
            let what = "has a terminal's colour codes inside".to_owned();
            (1, Code::TokenColours, what, "switch colours off in the program that printed it")
        }
        _ if is_quote(c) => {
            let shown = if c.is_ascii() { c.to_string() } else { code_point(c) };
            let hint = "a token has no quotation marks inside, and at most one pair around it";
            (1, Code::TokenQuotes, format!("has a quotation mark inside: {shown}"), hint)
        }
        _ if is_invisible(c) => {
            let what = format!("has an invisible character, {}", code_point(c));
            (1, Code::TokenInvisible, what, PLAIN)
        }
        _ => {
            let like = look_alike(c)?;
            let what = format!("has {}, which looks like \"{like}\" but is not", code_point(c));
            (1, Code::TokenLookAlike, what, PLAIN)
        }
    })
}

/// How many characters of header and payload are shown on each side of a place, and how many of a signature.
const SHOWN: usize = 9;
const SHOWN_OF_SIGNATURE: usize = 4;

/// The part of a text around a byte, and carets under the characters of the place. Characters other than printable
/// ASCII are shown as `?`, which takes one column. With fewer than two dots, any part may be the signature.
fn excerpt(text: &str, at: usize, width: usize) -> [String; 2] {
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
    let after = &rest[place.len()..];
    let is_shown = |c: &char| {
        let is_shown = left > 0;
        left = left.saturating_sub(1);
        if *c == '.' {
            dots += 1;
            left = left.min(room(dots));
        }
        is_shown
    };
    let shown_after: String = after.chars().take_while(is_shown).collect();
    let start = if skipped > 0 { "..." } else { "" };
    let end = if shown_after.len() < after.len() { "..." } else { "" };
    let indent = " ".repeat(start.len() + shown_before.chars().count());
    let piece = shown_before + &place + &shown_after;
    let plain = piece.replace(|c| !matches!(c, ' '..='~'), "?");
    [format!("{start}{plain}{end}"), format!("{indent}{}", "^".repeat(width))]
}
