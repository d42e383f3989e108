//! The compact serialization (RFC 7515 section 7.1). Parsing is strict inside the token (section 2: no padding, no
//! stray characters), and lenient only about the text around it.

use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use super::header::{Header, HeaderCache, HeaderFault};
use super::part::{Codec, Malformed, Part};
use super::sd_jwt::Disclosures;
use crate::claims::Claims;
use crate::json::Object;
use crate::text::BOM;

/// The largest token that is read, in bytes: 16 MiB.
pub(crate) const MAX_TOKEN: usize = 16 * 1024 * 1024;

/// A token that has been read and not verified. Its claims are for showing only. The fields are private, so that its
/// payload remains the one that the signature covers.
#[derive(Debug, Clone)]
pub struct Unverified<'a> {
    text: &'a str,
    signing_length: usize,
    header: Arc<Header>,
    /// The decoded payload, and the signature after it.
    decoded: Vec<u8>,
    payload_length: usize,
    presentation: Option<Box<Presentation<'a>>>,
    /// Whether the payload may be signed as it is, without base64url.
    allows_unencoded: bool,
}

/// An SD-JWT: what follows the issuer's token (RFC 9901 section 4).
#[derive(Debug, Clone)]
pub struct Presentation<'a> {
    text: &'a str,
    /// Where the first tilde is, and where the key binding JWT begins.
    tilde: usize,
    end: usize,
    pub(crate) disclosures: Disclosures<'a>,
    /// The key binding JWT, by which the holder shows that the token is theirs.
    pub(crate) key_binding: Option<Unverified<'a>>,
}

impl<'a> Presentation<'a> {
    fn parse(text: &'a str, tilde: usize) -> Result<Self, Malformed> {
        let end = text.rfind('~').map_or(text.len(), |last| last + 1);
        let disclosures = &text[tilde + 1..end];
        let disclosures = Disclosures::parse(disclosures).map_err(Malformed::Disclosure)?;
        let key_binding = match &text[end..] {
            "" => None,
            token => Some(Unverified::parse_bare(token, &mut HeaderCache::default())),
        };
        let key_binding = key_binding.transpose();
        let key_binding = key_binding.map_err(|fault| Malformed::KeyBinding(Box::new(fault)))?;
        Ok(Self { text, tilde, end, disclosures, key_binding })
    }

    /// The whole SD-JWT.
    pub(crate) fn text(&self) -> &'a str {
        self.text
    }

    /// The issuer's token with the disclosures, which the `sd_hash` of a key binding JWT covers.
    pub(crate) fn bound(&self) -> &'a str {
        &self.text[..self.end]
    }

    /// The disclosures as they are encoded, from the first tilde to the last.
    pub(crate) fn tail(&self) -> &'a str {
        &self.text[self.tilde..self.end]
    }
}

impl<'a> Unverified<'a> {
    /// Reads a token: three parts of strict base64url, the first one a JSON object. Text around it is tolerated; the
    /// payload is not parsed.
    ///
    /// # Errors
    /// The first fault that was found.
    pub fn parse(bytes: &'a [u8]) -> Result<Self, Malformed> {
        Self::parse_with(bytes, &mut HeaderCache::default())
    }

    /// Reads one of many tokens, most of whose headers are in the cache.
    ///
    /// # Errors
    /// The first fault that was found.
    pub fn parse_with(bytes: &'a [u8], headers: &mut HeaderCache) -> Result<Self, Malformed> {
        let text =
            std::str::from_utf8(bytes).map_err(|error| Malformed::NotText(error.valid_up_to()))?;
        // Nearly every text is a token with nothing around it but a line break.
        let trimmed = text.trim_ascii();
        let mut parsed = Self::parse_bare(trimmed, headers);
        if parsed.is_ok() {
            return parsed;
        }
        let text = strip_wrapping(text);
        if text.len() != trimmed.len() {
            parsed = Self::parse_bare(text, headers);
        }
        parsed.map_err(|fault| match fault {
            Malformed::Empty | Malformed::TooLarge => fault,
            fault => fault_of_form(text).unwrap_or(fault),
        })
    }

    /// Reads a token whose parts may be padded. The signature covers the text with its padding.
    pub(crate) fn parse_padded(bytes: &'a [u8]) -> Result<Self, Malformed> {
        Self::parse_with(bytes, &mut HeaderCache::default().allow_padding(true))
    }

    fn parse_bare(text: &'a str, headers: &mut HeaderCache) -> Result<Self, Malformed> {
        if text.is_empty() {
            return Err(Malformed::Empty);
        }
        if text.len() > MAX_TOKEN {
            return Err(Malformed::TooLarge);
        }
        let tilde = memchr::memchr(b'~', text.as_bytes());
        let (whole, text) = (text, tilde.map_or(text, |tilde| &text[..tilde]));
        let three = || {
            let header = memchr::memchr(b'.', text.as_bytes())?;
            let signing_length =
                memchr::memrchr(b'.', text.as_bytes()).filter(|at| *at > header)?;
            Some((&text[..header], &text[header + 1..signing_length], signing_length))
        };
        // The number of parts is counted by the caller.
        let unencoded = |headers: &mut HeaderCache| {
            Self::parse_unencoded(whole, headers).unwrap_or(Err(Malformed::Parts(1)))
        };
        let Some((header, payload, signing_length)) = three() else { return unencoded(headers) };
        let signature = &text[signing_length + 1..];
        let header = headers.read(header)?;
        if header.is_unencoded() {
            return unencoded(headers);
        }
        let mut decoded = Vec::with_capacity((payload.len() + signature.len()) / 4 * 3 + 4);
        headers.decode(Part::Payload, payload, &mut decoded)?;
        let payload_length = decoded.len();
        headers.decode(Part::Signature, signature, &mut decoded)?;
        let presentation = tilde.map(|tilde| Presentation::parse(whole, tilde)).transpose()?;
        Ok(Self {
            text,
            signing_length,
            header,
            decoded,
            payload_length,
            presentation: presentation.map(Box::new),
            allows_unencoded: false,
        })
    }

    /// Reads a token whose payload is not encoded; it may have a tilde. `None` if the header does not say so.
    #[cold]
    fn parse_unencoded(
        text: &'a str,
        headers: &mut HeaderCache,
    ) -> Option<Result<Self, Malformed>> {
        let (encoded, _) = text.split_once('.')?;
        let header = headers.read(encoded).ok().filter(|header| header.is_unencoded())?;
        Some(Self::with_header(text, encoded.len(), &header).and_then(|token| {
            let is_allowed = |b: &u8| matches!(b, b' '..=b'~') && *b != b'.';
            match token.payload().iter().position(|b| !is_allowed(b)) {
                Some(at) => Err(Malformed::Unencoded(at)),
                None => Ok(token),
            }
        }))
    }

    /// Reads a token whose header, of this encoded length, has been read. The payload may have dots if it is not encoded.
    pub(super) fn with_header(
        text: &'a str,
        header_length: usize,
        header: &Arc<Header>,
    ) -> Result<Self, Malformed> {
        let signing_length = text.rfind('.').filter(|at| *at > header_length);
        let signing_length = signing_length.ok_or(Malformed::Parts(1))?;
        let payload = &text[header_length + 1..signing_length];
        let mut decoded = Vec::new();
        if header.is_unencoded() {
            decoded.extend_from_slice(payload.as_bytes());
        } else {
            Codec::Simd.decode(Part::Payload, payload, &mut decoded)?;
        }
        let payload_length = decoded.len();
        Codec::Simd.decode(Part::Signature, &text[signing_length + 1..], &mut decoded)?;
        Ok(Self {
            text,
            signing_length,
            header: Arc::clone(header),
            decoded,
            payload_length,
            presentation: None,
            allows_unencoded: false,
        })
    }

    /// Accepts a payload that is signed as it is (RFC 7797), which no payload of a JWT is.
    pub(crate) fn allow_unencoded(self, allows_unencoded: bool) -> Self {
        Self { allows_unencoded, ..self }
    }

    /// What keeps the token from being verified, except for its `alg`.
    pub(crate) fn faults(&self) -> impl Iterator<Item = &HeaderFault> {
        self.header.faults(self.allows_unencoded)
    }

    /// The token, without the text around it. Of an SD-JWT, this is the issuer's token.
    pub fn text(&self) -> &'a str {
        self.text
    }

    /// What follows the issuer's token, if this is an SD-JWT.
    pub fn presentation(&self) -> Option<&Presentation<'a>> {
        self.presentation.as_deref()
    }

    /// The same, taken out of the token.
    pub(crate) fn take_presentation(&mut self) -> Option<Box<Presentation<'a>>> {
        self.presentation.take()
    }

    /// Whether a part is padded with `=`, which only [`Self::parse_padded`] allows.
    pub fn is_padded(&self) -> bool {
        self.text.contains('=')
    }

    /// Whether its payload is sent separately (RFC 7515 appendix F): there is a signature, but no payload.
    pub(crate) fn is_detached(&self) -> bool {
        self.payload_length == 0 && !self.decoded.is_empty()
    }

    /// The encoded header and payload, which the signature covers (RFC 7515 section 5.1).
    pub fn signing_input(&self) -> &'a str {
        &self.text[..self.signing_length]
    }

    /// The header as the sender wrote it.
    pub(crate) fn header(&self) -> &Arc<Header> {
        &self.header
    }

    /// The decoded payload, which is not parsed yet.
    pub fn payload(&self) -> &[u8] {
        &self.decoded[..self.payload_length]
    }

    /// The header and the decoded payload.
    pub(crate) fn into_content(mut self) -> (Arc<Header>, Vec<u8>) {
        self.decoded.truncate(self.payload_length);
        (self.header, self.decoded)
    }

    pub(crate) fn signature(&self) -> &[u8] {
        &self.decoded[self.payload_length..]
    }

    /// The encoded signature.
    pub(crate) fn signature_text(&self) -> &'a str {
        &self.text[self.signing_length + 1..]
    }

    /// The claims as the sender wrote them, for showing: [`crate::policy::check`] does not take them.
    ///
    /// ```compile_fail,E0308
    /// # use jwtctl::{policy, token::Unverified};
    /// let token = Unverified::parse(b"e30.e30.").unwrap();
    /// let claims = token.unverified_claims().unwrap();
    /// policy::check(&claims, &policy::Policy::default(), 0);
    /// ```
    ///
    /// # Errors
    /// [`Malformed::Json`] if the payload is not a JSON object.
    pub fn unverified_claims(&self) -> Result<Claims, Malformed> {
        Claims::parse(self.payload())
            .map_err(|error| Malformed::Json { part: Part::Payload, error })
    }
}

/// Reads the header of a text with the parts of a JWS or JWE, whatever the other parts are. The header must have an
/// `alg`, unlike that of a signed cookie.
pub(crate) fn parse_header(bytes: &[u8], headers: &mut HeaderCache) -> Option<Arc<Header>> {
    let text = strip_wrapping(std::str::from_utf8(bytes).ok()?);
    let (encoded, rest) = text.split_once('.').filter(|_| text.len() <= MAX_TOKEN)?;
    let header = headers.read(encoded).ok().filter(|header| header.alg.is_ok())?;
    let has_parts = matches!(rest.matches('.').count(), 1 | 3);
    // White space separates several tokens, unless the payload is not encoded (RFC 7797 section 5.2).
    let is_single = !rest.contains(char::is_whitespace) || header.is_unencoded();
    (has_parts && is_single).then_some(header)
}

/// Encodes a header as the first part of a token.
pub(crate) fn encode_header(header: &Object) -> String {
    URL_SAFE_NO_PAD.encode(&*header.text())
}

/// Makes a token of an encoded header, claims, and the signature over both.
pub(crate) fn assemble<E>(
    header: &str,
    claims: &Claims,
    codec: Codec,
    sign: impl FnOnce(&str) -> Result<Vec<u8>, E>,
) -> Result<String, E> {
    let claims = claims.object.text();
    // Room for the claims, and for most signatures.
    let mut token = String::with_capacity(header.len() + claims.len() * 4 / 3 + 512);
    token.push_str(header);
    token.push('.');
    codec.encode(claims.as_bytes(), &mut token);
    let signature = sign(&token)?;
    token.push('.');
    codec.encode(&signature, &mut token);
    Ok(token)
}

/// White space inside a text, or another number of parts than three. This is reported before the fault of a part.
#[cold]
fn fault_of_form(text: &str) -> Option<Malformed> {
    if let Some(at) = text.find(char::is_whitespace) {
        let is_token = |word: &&str| issuers_part(word).matches('.').count() == 2;
        let tokens = text.split_whitespace().filter(is_token).count();
        return Some(Malformed::WhiteSpace { at, tokens });
    }
    let found = issuers_part(text).split('.').count();
    (found != 3).then_some(Malformed::Parts(found))
}

/// The issuer's token of an SD-JWT; any other text as it is.
fn issuers_part(text: &str) -> &str {
    text.split('~').next().unwrap_or(text)
}

/// The schemes of HTTP authentication that a token is sent with (RFC 6750, RFC 9449, and what frameworks use).
const SCHEMES: [&str; 4] = ["bearer", "dpop", "jwt", "token"];

/// Removes the text that may surround a token: white space, a byte order mark, one pair of quotes, a scheme such as
/// `Bearer`, the start of an `Authorization:` line. Letter case does not matter there (RFC 9110 sections 5.1 and 11.1).
pub(crate) fn strip_wrapping(text: &str) -> &str {
    let outer = text.trim_start_matches(|c: char| c == BOM || c.is_whitespace()).trim_end();
    let inner = strip_quotes(outer);
    let field = strip_prefix(inner, "authorization:");
    let value = field.unwrap_or(inner);
    let token = SCHEMES.into_iter().find_map(|scheme| {
        let rest = strip_prefix(value, scheme)?;
        // Only a scheme means that the variable after it was empty; a file may be called "token".
        let is_alone = rest.is_empty() && (field.is_some() || scheme == "bearer");
        (is_alone || value.len() - rest.len() > scheme.len()).then_some(rest)
    });
    let token = token.unwrap_or(value);
    if inner.len() == outer.len() { strip_quotes(token) } else { token }
}

fn strip_quotes(text: &str) -> &str {
    let quoted = ['"', '\''].iter().find_map(|&c| text.strip_prefix(c)?.strip_suffix(c));
    quoted.map_or(text, str::trim)
}

/// Removes a prefix, which may be in any letter case, and the white space after it.
pub(crate) fn strip_prefix<'a>(text: &'a str, prefix: &str) -> Option<&'a str> {
    let head = text.get(..prefix.len())?;
    head.eq_ignore_ascii_case(prefix).then(|| text[prefix.len()..].trim_start())
}
