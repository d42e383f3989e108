//! What was given in a token's place and is none: told by its form, after strict reading has failed.
//! Each test is one pass over at most [`MOST_LOOKED_AT`] bytes; nothing of what is told apart here is
//! accepted, and what may be a secret is not kept.

use base64::Engine as _;

use super::MOST_LOOKED_AT;
use super::beginning::{is_of_laravel, name_of_file, unknown, without_header};
use super::carrier::{carrier, find, prefixed};
use super::json_answer;
use super::kinds::{Found, KeyForm, Missing, NotAToken};
use super::opaque::issued;
use super::placeholder::{nothing, placeholder, unfilled};
use super::shape::{LENIENT, is_encoded, is_token, object};
use crate::json::Value;
use crate::keys::is_public_line;
use crate::token::{Malformed, Part, strip_wrapping};

/// Tells what a text is that is no token, if it is something else that is known.
pub(super) fn recognise(bytes: &[u8], fault: &Malformed) -> Option<NotAToken> {
    if matches!(fault, Malformed::Empty | Malformed::TooLarge) {
        return None;
    }
    let Ok(text) = std::str::from_utf8(bytes) else { return binary(bytes) };
    let text = strip_wrapping(text);
    let tests: [fn(&str) -> Option<NotAToken>; 17] = [
        nothing,
        unfilled,
        placeholder,
        key,
        prefixed,
        json,
        xml,
        basic,
        paseto,
        with_disclosures,
        |text| issued(text).map(NotAToken::Opaque),
        encoded,
        encoded_inside,
        without_header,
        |text| carrier(text).map(|(by, found)| NotAToken::Carried { by, found }),
        one_case,
        name_of_file,
    ];
    encoded_answer(text)
        .or_else(|| parts(text, fault))
        .or_else(|| tests.iter().find_map(|test| test(text)))
        .or_else(|| unknown(text, fault))
}

fn binary(bytes: &[u8]) -> Option<NotAToken> {
    const FORMATS: [(&[u8], &str); 6] = [
        (b"\x1f\x8b", "gzip"),
        (b"PK\x03\x04", "zip"),
        (b"\x28\xb5\x2f\xfd", "zstd"),
        (b"\xfd7zXZ\0", "xz"),
        (b"\x89PNG", "PNG"),
        (b"%PDF", "PDF"),
    ];
    if matches!(bytes, [0x30, 0x81..=0x83, ..]) {
        return Some(NotAToken::Key(KeyForm::Der));
    }
    let format = FORMATS.iter().find(|(magic, _)| bytes.starts_with(magic));
    format.map(|(_, name)| NotAToken::Binary(name))
}

/// What the count of parts, and a look into the first, says.
fn parts(text: &str, fault: &Malformed) -> Option<NotAToken> {
    let Malformed::Parts(found) = fault else { return None };
    let text = text.get(..MOST_LOOKED_AT).unwrap_or(text);
    let mut objects = text.split('.').map(object);
    match found {
        1 => {
            let object = self::object(text.trim_end_matches("%3D"))?;
            if is_of_laravel(&object) {
                return Some(NotAToken::Session);
            }
            let part = if object.get("alg").is_some() { Part::Header } else { Part::Payload };
            Some(NotAToken::PartAlone(part))
        }
        2 => {
            objects.next()??;
            objects.next()??;
            Some(NotAToken::NoSignature)
        }
        5 => objects.next()??.get("enc").map(|_| NotAToken::Encrypted { compact: true }),
        _ => None,
    }
}

fn key(text: &str) -> Option<NotAToken> {
    let head = &text[..text.floor_char_boundary(MOST_LOOKED_AT)];
    let form = if head.contains("-----BEGIN CERTIFICATE") {
        KeyForm::Certificate
    } else if head.contains("-----BEGIN") || head.contains("---- BEGIN SSH2") {
        KeyForm::Pem
    } else if head.lines().next().is_some_and(is_public_line) {
        KeyForm::Ssh
    } else {
        return None;
    };
    Some(NotAToken::Key(form))
}

fn json(text: &str) -> Option<NotAToken> {
    let is_number =
        || text.len() < 20 && !text.contains(char::is_alphabetic) && text.parse::<f64>().is_ok();
    if text.starts_with(['{', '[']) {
        return Some(json_answer::json(text));
    }
    (matches!(text, "true" | "false") || is_number())
        .then_some(NotAToken::Json { kind: "JSON", lack: Missing::Any })
}

fn xml(text: &str) -> Option<NotAToken> {
    let start = &text[..text.floor_char_boundary(16)].to_ascii_lowercase();
    let is_xml = start.starts_with("<?xml") || start.starts_with("<saml");
    is_xml.then(|| markup(text))
}

/// SAML by the names of its namespaces, near the beginning.
fn markup(text: &str) -> NotAToken {
    let head = &text[..text.floor_char_boundary(4096)];
    let is_saml = ["<saml", ":SAML:", "Assertion"].iter().any(|mark| head.contains(mark));
    if is_saml { NotAToken::Saml } else { NotAToken::Xml }
}

fn basic(text: &str) -> Option<NotAToken> {
    let (scheme, rest) = text.split_once(' ')?;
    let rest = rest.trim();
    let is_base64 = !rest.is_empty()
        && rest.bytes().all(|b| b.is_ascii_alphanumeric() || b"+/-_=".contains(&b));
    (scheme.eq_ignore_ascii_case("basic") && is_base64).then_some(NotAToken::Basic)
}

fn paseto(text: &str) -> Option<NotAToken> {
    let mut parts = text.split('.');
    let version = matches!(parts.next(), Some("v1" | "v2" | "v3" | "v4"));
    let purpose = matches!(parts.next(), Some("local" | "public"));
    (version && purpose && parts.next().is_some_and(|body| !body.is_empty()))
        .then_some(NotAToken::Paseto)
}

/// A token, a tilde, and what it discloses (RFC 9901 section 4).
fn with_disclosures(text: &str) -> Option<NotAToken> {
    let (token, _) = text.split_once('~')?;
    (text.len() <= MOST_LOOKED_AT && is_token(token)).then_some(NotAToken::SdJwt)
}

/// What base64 hides: XML, a macaroon (its first packet is named "location"), a token.
fn encoded(text: &str) -> Option<NotAToken> {
    let text = ["SAMLResponse=", "SAMLRequest="]
        .iter()
        .find_map(|name| text.strip_prefix(name))
        .unwrap_or(text);
    if text.starts_with("MDA") && text.get(8..16) == Some("Y2F0aW9u") {
        return Some(NotAToken::Macaroon);
    }
    let is_base64 = |b: &u8| b.is_ascii_alphanumeric() || b"+/=".contains(b);
    let is_markup = ["PHNhbW", "PD94bW", "PFJlc3BvbnNl", "PEFzc2VydGlvb"];
    if is_markup.iter().any(|start| text.starts_with(start)) {
        let head: Vec<u8> = text.bytes().take_while(is_base64).take(4096).collect();
        let head = &head[..head.len() / 4 * 4];
        let xml = LENIENT.decode(head).unwrap_or_default();
        return Some(markup(&String::from_utf8_lossy(&xml)));
    }
    is_encoded(text).then_some(NotAToken::EncodedTwice)
}

/// The base64 of a token among other text, as this finds it: `ZXlK[A-Za-z0-9+/]+=*`
fn encoded_inside(text: &str) -> Option<NotAToken> {
    const MOST: usize = 64;
    let text = text.get(..MOST_LOOKED_AT).unwrap_or(text);
    let mut runs = Vec::new();
    let mut from = 0;
    while let Some(at) = text.get(from..)?.find("ZXlK").map(|at| at + from) {
        let count = |from: usize, own: fn(&u8) -> bool| {
            text.as_bytes()[from..].iter().take_while(|b| own(b)).count()
        };
        let digits = at + count(at, |b| b.is_ascii_alphanumeric() || b"+/".contains(b));
        from = digits + count(digits, |b| *b == b'=');
        runs.push(&text[at..from]);
        if runs.len() == MOST {
            break;
        }
    }
    let nth = runs.iter().position(|run| is_encoded(run))? + 1;
    find(text).is_none().then_some(NotAToken::EncodedInside(Found { nth, of: runs.len() }))
}

/// The base64 of JSON with a token in it.
fn encoded_answer(text: &str) -> Option<NotAToken> {
    let own = |b: u8| b.is_ascii_alphanumeric() || b"+/-_=".contains(&b);
    let starts = ["ey", "ew", "W3"].iter().any(|start| text.starts_with(start));
    let is_base64 = || text.bytes().all(|b| own(b) || b.is_ascii_whitespace());
    if !starts || text.len() > MOST_LOOKED_AT || !is_base64() {
        return None;
    }
    let url_safe = text.contains(['-', '_']);
    let standard = text.replace(|c: char| c.is_ascii_whitespace(), "");
    let standard = standard.replace('-', "+").replace('_', "/");
    let value = Value::parse(&LENIENT.decode(standard).ok()?).ok()?;
    json_answer::token_in(&value).map(|way| NotAToken::EncodedAnswer { way, url_safe })
}

/// The first letters of nearly every token are `eyJ`: base64url tells capitals apart.
fn one_case(text: &str) -> Option<NotAToken> {
    let letters = || text.bytes().filter(u8::is_ascii_alphabetic);
    let starts = text.get(..3).is_some_and(|start| start.eq_ignore_ascii_case("eyj"));
    let one =
        letters().all(|b| b.is_ascii_lowercase()) || letters().all(|b| b.is_ascii_uppercase());
    (starts && one && text.len() >= 20 && text.matches('.').count() == 2)
        .then_some(NotAToken::OneCase)
}

#[cfg(test)]
mod tests {
    use super::super::kinds::{Carrier, Found, JsonPath, PathStep};
    use super::*;
    use crate::token::Unverified;

    const TOKEN: &str = "eyJhbGciOiJIUzI1NiJ9.e30.AAAA";

    fn stranger(text: &str) -> Option<NotAToken> {
        let fault = Unverified::parse(text.as_bytes()).err()?;
        recognise(text.as_bytes(), &fault)
    }

    #[test]
    fn evidence_is_a_name_and_a_number() {
        let found = |nth, of| Some(Found { nth, of });
        let named = |name: &str| Some(name.to_owned());
        for (text, by, found) in [
            (format!("a=b; sid={TOKEN}"), Carrier::Cookie { name: named("sid") }, found(1, 1)),
            (format!("https://a/?t={TOKEN}"), Carrier::Url { name: named("t") }, found(1, 1)),
            (format!("https://a/?{TOKEN}"), Carrier::Url { name: None }, found(1, 1)),
            (
                format!("HTTP/1.1 204\r\na: eyJa.b.c d={TOKEN}"),
                Carrier::Http { status: Some(204) },
                found(2, 2),
            ),
            ("HTTP/x".to_owned(), Carrier::Http { status: None }, None),
        ] {
            assert_eq!(stranger(&text), Some(NotAToken::Carried { by, found }), "{text}");
        }
        let step = |name: &str| PathStep::Member(name.to_owned());
        let path = vec![step("a"), PathStep::Item(1), step("jwt")];
        let text = format!(r#"{{"a":[1,{{"x":2,"jwt":"{TOKEN}"}}]}}"#);
        assert_eq!(stranger(&text), Some(NotAToken::Answer(JsonPath { path, encoded: false })));
        let long = format!("{}={TOKEN}; Path=/", "n".repeat(100));
        // A name that is longer than names are, or has an issuer's mark, may be a secret.
        for text in [long, format!("ghp_{}={TOKEN}; Path=/", "a1B2c3".repeat(6))] {
            let by = Carrier::Cookie { name: None };
            assert_eq!(stranger(&text), Some(NotAToken::Carried { by, found: found(1, 1) }));
        }
        let padded = "QUJDREVGc2VjcmV0MTIzNDU2Nzg5MA==; Path=/";
        let by = Carrier::Cookie { name: None };
        assert_eq!(stranger(padded), Some(NotAToken::Carried { by, found: None }));
        assert_eq!(stranger("correct-horse-battery-staple: x"), None);
    }

    #[test]
    fn a_token_or_a_damaged_one_is_not_taken_for_something_else() {
        for text in [
            TOKEN.to_owned(),
            format!("{TOKEN}="),
            format!("{TOKEN}.x"),
            format!("{}\n{}", &TOKEN[..9], &TOKEN[9..]),
            format!("{TOKEN} {TOKEN}"),
            format!("\u{201c}{TOKEN}\u{201d}"),
            TOKEN.replace('.', "%2E"),
            "AKIA".to_owned(),
            "AAAAB3NzaC".to_owned(),
            "e30.e30.AA.AA.AA".to_owned(),
        ] {
            assert_eq!(stranger(&text), None, "{text}");
        }
    }
}
