//! The compact serialization: `BASE64URL(header).BASE64URL(payload).BASE64URL(signature)`.
//! Strict inside (RFC 7515 section 2: no padding, no stray characters), lenient only around it.

use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use super::MAX_TOKEN;
use super::header::{Header, HeaderFault};
use super::header_cache::HeaderCache;
use super::part::{Malformed, Part};
use crate::claims::Claims;
use crate::json::Object;
use crate::text::BOM;

/// A token that has been read and not verified. Its claims are for showing only.
#[derive(Debug, Clone)]
pub struct Unverified<'a> {
    text: &'a str,
    signing_length: usize,
    header: Arc<Header>,
    payload: Vec<u8>,
    signature: Vec<u8>,
}

impl<'a> Unverified<'a> {
    /// Reads a token: three parts of strict base64url, the first one a JSON object. What stands
    /// around it is tolerated; the payload is not looked into.
    ///
    /// # Errors
    /// [`Malformed`].
    pub fn parse(bytes: &'a [u8]) -> Result<Self, Malformed> {
        Self::parse_with(bytes, &mut HeaderCache::default())
    }

    /// The same of one of many tokens, whose headers are few.
    ///
    /// # Errors
    /// [`Malformed`].
    pub fn parse_with(bytes: &'a [u8], headers: &mut HeaderCache) -> Result<Self, Malformed> {
        let text = std::str::from_utf8(bytes)
            .map_err(|error| Malformed::NotText { at: error.valid_up_to() })?;
        // Nearly every text is a token with nothing around it but a line's end.
        let plain = text.trim_ascii();
        let plainly = match Self::sized(plain, headers) {
            Ok(token) => return Ok(token),
            Err(fault) => fault,
        };
        let text = strip_wrapping(text);
        let fault = if text.len() == plain.len() {
            plainly
        } else {
            match Self::sized(text, headers) {
                Ok(token) => return Ok(token),
                Err(fault) => fault,
            }
        };
        Err(match fault {
            Malformed::Empty | Malformed::TooLarge => fault,
            fault => first_fault(text).unwrap_or(fault),
        })
    }

    /// The same with padding admitted at the end of each part. What is signed is the text as it stands, padding
    /// included.
    ///
    /// # Errors
    /// [`Malformed`].
    pub fn parse_padded(bytes: &'a [u8]) -> Result<Self, Malformed> {
        Self::parse_with(bytes, &mut HeaderCache::default().allow_padding(true))
    }

    fn sized(text: &'a str, headers: &mut HeaderCache) -> Result<Self, Malformed> {
        match text.len() {
            0 => Err(Malformed::Empty),
            1..=MAX_TOKEN => Self::of_parts(text, headers),
            _ => Err(Malformed::TooLarge),
        }
    }

    fn of_parts(text: &'a str, headers: &mut HeaderCache) -> Result<Self, Malformed> {
        let three = || {
            let (header, rest) = text.split_once('.')?;
            let (payload, signature) = rest.rsplit_once('.')?;
            Some((header, payload, signature))
        };
        // Where there are fewer or more, that is said in place of this.
        let (header, payload, signature) = three().ok_or(Malformed::Parts { found: 1 })?;
        Ok(Self {
            text,
            signing_length: header.len() + 1 + payload.len(),
            header: headers.read(header)?,
            payload: headers.decode(Part::Payload, payload)?,
            signature: headers.decode(Part::Signature, signature)?,
        })
    }

    /// The token, without what stood around it.
    #[must_use]
    pub fn text(&self) -> &'a str {
        self.text
    }

    /// Whether a part of it is padded, which none is unless that was admitted.
    #[must_use]
    pub fn is_padded(&self) -> bool {
        self.text.contains('=')
    }

    /// Whether its payload is not in it (RFC 7515 appendix F): it has a signature, and there is nothing between the
    /// dots.
    #[must_use]
    pub fn is_detached(&self) -> bool {
        self.payload.is_empty() && !self.signature.is_empty()
    }

    /// The bytes that are signed: header and payload as they are encoded (RFC 7515 section 5.1).
    #[must_use]
    pub fn signing_input(&self) -> &'a str {
        &self.text[..self.signing_length]
    }

    /// The header: the sender's words.
    #[must_use]
    pub fn header(&self) -> &Arc<Header> {
        &self.header
    }

    /// The payload's bytes, unverified.
    #[must_use]
    pub fn payload(&self) -> &[u8] {
        &self.payload
    }

    /// The header and the payload's bytes, unverified.
    #[must_use]
    pub fn into_content(self) -> (Arc<Header>, Vec<u8>) {
        (self.header, self.payload)
    }

    /// The signature's bytes.
    #[must_use]
    pub fn signature(&self) -> &[u8] {
        &self.signature
    }

    /// The signature as it is encoded.
    #[must_use]
    pub fn signature_text(&self) -> &'a str {
        &self.text[self.signing_length + 1..]
    }

    /// The claims as the sender wrote them, for showing: nothing that decides may use them, and what
    /// decides ([`crate::policy::check`]) does not take them.
    ///
    /// ```compile_fail,E0308
    /// # use jwtctl::{policy, token::Unverified};
    /// let token = Unverified::parse(b"e30.e30.").unwrap();
    /// let claims = token.unverified_claims().unwrap();
    /// policy::check(&claims, &policy::Policy::default(), 0);
    /// ```
    ///
    /// # Errors
    /// [`Malformed::Json`] if the payload is no JSON object.
    pub fn unverified_claims(&self) -> Result<Claims, Malformed> {
        Claims::parse(&self.payload).map_err(|error| Malformed::Json { part: Part::Payload, error })
    }
}

/// The header of a text that has the parts of a JWS or JWE, whatever is in them: a ciphertext, another token,
/// nothing, compressed claims. It names its `alg`, which tells a token from a signed cookie.
#[must_use]
pub fn parse_header(bytes: &[u8], headers: &mut HeaderCache) -> Option<Arc<Header>> {
    let text = strip_wrapping(std::str::from_utf8(bytes).ok()?);
    let (encoded, rest) = text.split_once('.').filter(|_| text.len() <= MAX_TOKEN)?;
    let header = headers.read(encoded).ok().filter(|header| header.alg().is_ok())?;
    let has_its_parts = matches!(rest.matches('.').count(), 1 | 3);
    // White space is that of several tokens, unless the payload is text as it is (RFC 7797 section 5.2).
    let is_one = !rest.contains(char::is_whitespace)
        || header.faults().contains(&HeaderFault::UnencodedPayload);
    (has_its_parts && is_one).then_some(header)
}

/// A header as it begins a token.
#[must_use]
pub fn encode_header(header: &Object) -> String {
    URL_SAFE_NO_PAD.encode(&*header.text())
}

/// Puts an encoded header and claims into the form that is signed, and that form and a signature into a token.
///
/// # Errors
/// That of `sign`.
pub fn assemble<E>(
    header: &str,
    claims: &Claims,
    sign: impl FnOnce(&str) -> Result<Vec<u8>, E>,
) -> Result<String, E> {
    let claims = claims.object().text();
    // Room for the claims, and for most signatures.
    let mut token = String::with_capacity(header.len() + claims.len() * 4 / 3 + 512);
    token.push_str(header);
    token.push('.');
    URL_SAFE_NO_PAD.encode_string(&*claims, &mut token);
    let signature = sign(&token)?;
    token.push('.');
    URL_SAFE_NO_PAD.encode_string(signature, &mut token);
    Ok(token)
}

/// The schemes of HTTP authentication that a token is sent with (RFC 6750, RFC 9449, and what frameworks use).
const SCHEMES: [&str; 4] = ["bearer", "dpop", "jwt", "token"];

/// A token without what may stand around it: white space, a byte order mark, one pair of quotes, a scheme
/// such as `Bearer`, a whole `Authorization:` line. Schemes and names of fields are the same in any letter
/// case (RFC 9110 sections 5.1 and 11.1).
#[must_use]
pub fn strip_wrapping(text: &str) -> &str {
    let outer = text.trim_start_matches(|c: char| c == BOM || c.is_whitespace()).trim_end();
    let inner = without_quotes(outer);
    let field = without_prefix(inner, "authorization:");
    let value = field.unwrap_or(inner);
    let token = SCHEMES.into_iter().find_map(|scheme| {
        let rest = without_prefix(value, scheme)?;
        // A scheme alone was followed by a variable that is empty; a file may be called "token".
        let is_alone = rest.is_empty() && (field.is_some() || scheme == "bearer");
        (is_alone || value.len() - rest.len() > scheme.len()).then_some(rest)
    });
    let token = token.unwrap_or(value);
    if inner.len() == outer.len() { without_quotes(token) } else { token }
}

fn without_quotes(text: &str) -> &str {
    ['"', '\'']
        .iter()
        .find_map(|&quote| text.strip_prefix(quote)?.strip_suffix(quote))
        .map_or(text, str::trim)
}

fn without_prefix<'a>(text: &'a str, prefix: &str) -> Option<&'a str> {
    let head = text.get(..prefix.len())?;
    head.eq_ignore_ascii_case(prefix).then(|| text[prefix.len()..].trim_start())
}

/// What is said before anything else that is wrong: white space inside, then a dot too many.
#[cold]
fn first_fault(text: &str) -> Option<Malformed> {
    if let Some(at) = text.find(char::is_whitespace) {
        let is_token = |word: &&str| word.matches('.').count() == 2;
        let tokens = text.split_whitespace().filter(is_token).count();
        return Some(Malformed::WhiteSpace { at, tokens });
    }
    let found = text.split('.').count();
    (found != 3).then_some(Malformed::Parts { found })
}

#[cfg(test)]
mod tests {
    use super::super::Base64Fault;
    use super::*;
    use crate::json::JsonError;

    const TOKEN: &str = "eyJhbGciOiJIUzI1NiJ9.e30.AAAA";

    #[test]
    fn what_stands_around_a_token_is_tolerated() {
        for around in [
            TOKEN.to_owned(),
            format!("  {TOKEN}\r\n"),
            format!("\"{TOKEN}\"\n"),
            format!("'{TOKEN}'"),
            format!("Bearer {TOKEN}"),
            format!("bearer  {TOKEN}"),
            format!("Bearer\t{TOKEN}"),
            format!("Authorization: Bearer {TOKEN}\n"),
            format!("authorization:bearer {TOKEN}"),
            format!("\"Authorization: Bearer {TOKEN}\""),
            format!("Bearer \"{TOKEN}\""),
            format!("DPoP {TOKEN}"),
            format!("dpop {TOKEN}"),
            format!("JWT {TOKEN}"),
            format!("TOKEN {TOKEN}"),
            format!("AUTHORIZATION: Token {TOKEN}"),
            format!("\u{feff} {TOKEN}"),
            format!(" \u{feff}\"Bearer {TOKEN}\""),
        ] {
            assert_eq!(Unverified::parse(around.as_bytes()).unwrap().text(), TOKEN, "{around}");
        }
        for beyond in
            [format!("\"\"{TOKEN}\"\""), format!("\"Bearer '{TOKEN}'\""), format!("\"{TOKEN}'")]
        {
            assert!(Unverified::parse(beyond.as_bytes()).is_err(), "{beyond}");
        }
    }

    fn fault(text: &str) -> Malformed {
        Unverified::parse(text.as_bytes()).unwrap_err()
    }

    #[test]
    fn the_count_of_parts_is_said() {
        for (text, found) in
            [("a", 1), ("a.b", 2), ("a.b.c.d", 4), ("a.b.c.d.e", 5), ("........", 9)]
        {
            assert_eq!(fault(text), Malformed::Parts { found }, "{text}");
        }
        for text in [
            "",
            " \n",
            "\"\"",
            "Authorization: ",
            "Authorization: Bearer ",
            "bearer",
            "\u{feff}\n",
            "authorization: JWT",
        ] {
            assert_eq!(fault(text), Malformed::Empty, "{text:?}");
        }
    }

    #[test]
    fn white_space_inside_is_told_from_parts() {
        for (text, at, tokens) in
            [("a.b.c\na.b.c", 5, 2), ("aaa\nbb.c\n.d", 3, 0), ("Bearer a.b.c x", 5, 1)]
        {
            assert_eq!(fault(text), Malformed::WhiteSpace { at, tokens }, "{text}");
        }
    }

    #[test]
    fn base64url_is_strict_and_faults_are_located() {
        let (payload, signature) = (Part::Payload, Part::Signature);
        for (text, part, at, fault_) in [
            ("eyJhbGciOiJIUzI1NiJ9.e30=.AAAA", payload, 3, Base64Fault::Padding),
            ("eyJhbGciOiJIUzI1NiJ9.e30.AA==", signature, 2, Base64Fault::Padding),
            ("eyJhbGciOiJIUzI1NiJ9.e30.AA/A", signature, 2, Base64Fault::Stray('/')),
            ("eyJhbGciOiJIUzI1NiJ9.e\u{202e}30.AAAA", payload, 1, Base64Fault::Stray('\u{202e}')),
            ("eyJhbGciOiJIUzI1NiJ9.e31.AAAA", payload, 2, Base64Fault::TrailingBits),
            ("eyJhbGciOiJIUzI1NiJ9.e30.AAAAA", signature, 5, Base64Fault::Length),
        ] {
            let expected = Malformed::Base64 { part, at, fault: fault_ };
            assert_eq!(fault(text), expected, "{text}");
        }
    }

    #[test]
    fn padding_is_admitted_where_it_is_asked_for_and_complete() {
        for (text, admitted) in [
            ("eyJhbGciOiJIUzI1NiJ9.e30=.AA==", true),
            ("eyJhbGciOiJIUzI1NiJ9.e30.AA==", true),
            ("eyJhbGciOiJIUzI1NiIgfQ==.e30=.AAAA", true),
            ("eyJhbGciOiJIUzI1NiJ9.e30=.", true),
            ("eyJhbGciOiJIUzI1NiJ9.e30==.AA==", false),
            ("eyJhbGciOiJIUzI1NiJ9.e30=.AA=", false),
            ("eyJhbGciOiJIUzI1NiJ9.e30=.AAAA=", false),
            ("eyJhbGciOiJIUzI1NiJ9.e30=.AAAA====", false),
            ("eyJhbGciOiJIUzI1NiJ9.e30=.A===", false),
            ("eyJhbGciOiJIUzI1NiJ9.e30=.AB==", false),
            ("eyJhbGciOiJIUzI1NiJ9.e3=0.AA==", false),
            ("eyJhbGciOiJIUzI1NiJ9.=e30.AA==", false),
            ("eyJhbGciOiJIUzI1NiJ9.====.AA==", false),
        ] {
            assert!(Unverified::parse(text.as_bytes()).is_err(), "{text}");
            let token = Unverified::parse_padded(text.as_bytes());
            assert_eq!(token.is_ok(), admitted, "{text}");
            if let Ok(token) = token {
                assert!(token.is_padded());
                assert_eq!(token.signing_input(), text.rsplit_once('.').unwrap().0);
            }
            let many = &mut HeaderCache::with_capacity(4).allow_padding(true);
            assert_eq!(Unverified::parse_with(text.as_bytes(), many).is_ok(), admitted, "{text}");
        }
    }

    #[test]
    fn the_fast_decoder_accepts_what_the_strict_one_does() {
        for length in (0..=6).chain([30, 31, 32, 33, 62, 63, 64, 65, 66]) {
            for last in 0..=0xffff_u32 {
                let mut text = vec![b'A'; length];
                let two = last.to_be_bytes();
                let tail = length.min(2);
                text[length - tail..].copy_from_slice(&two[4 - tail..]);
                let fast = base64_simd::URL_SAFE_NO_PAD.decode_to_vec(&text).ok();
                assert_eq!(fast, URL_SAFE_NO_PAD.decode(&text).ok(), "{text:?}");
            }
        }
    }

    #[test]
    fn a_header_must_be_an_object_and_the_payload_is_left_alone() {
        let error = JsonError::NotAnObject("an array");
        assert_eq!(fault("W10.e30."), Malformed::Json { part: Part::Header, error });
        let token = Unverified::parse(b"e30.W10.").unwrap();
        assert_eq!(token.payload(), b"[]");
        assert!(token.unverified_claims().is_err());
    }

    #[test]
    fn bytes_that_are_no_text_are_refused() {
        assert_eq!(Unverified::parse(b"ab\xff").unwrap_err(), Malformed::NotText { at: 2 });
        assert_eq!(Unverified::parse(&vec![b'a'; MAX_TOKEN + 1]).unwrap_err(), Malformed::TooLarge);
    }
}
