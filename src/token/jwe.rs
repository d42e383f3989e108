//! Encrypted tokens (RFC 7516), in the compact and the JSON serialization: their parts, and what their headers say about
//! the encryption. Nothing here is authenticated yet.

use std::borrow::Cow;
use std::sync::Arc;

use super::compact::{MAX_TOKEN, strip_wrapping};
use super::encryption::{Encryption, EncryptionFault};
use super::header::{Header, HeaderCache};
use super::part::{Codec, Malformed, Part};
use crate::json::{JsonError, Object, ValueRef};

/// The most recipients of a token that is read.
const MOST_RECIPIENTS: usize = 100;

/// The longest headers that are read for several recipients, in bytes for all of them: 4 MiB.
const MOST_REPEATED: usize = 4 * 1024 * 1024;

/// An encrypted token that has been read and not decrypted.
#[derive(Debug)]
pub struct Encrypted {
    /// Those that the token is encrypted to; in the compact serialization exactly one.
    pub(crate) recipients: Vec<Recipient>,
    pub(crate) iv: Vec<u8>,
    pub(crate) ciphertext: Vec<u8>,
    pub(crate) tag: Vec<u8>,
    /// What the tag covers besides the ciphertext: the encoded protected header and `aad` (RFC 7516 section 5.1).
    pub(crate) aad: Vec<u8>,
    pub(crate) is_compact: bool,
}

/// One of those that a token is encrypted to.
#[derive(Debug)]
pub(crate) struct Recipient {
    /// All header parameters that apply to it, protected or not.
    pub(crate) header: Arc<Header>,
    pub(crate) encryption: Result<Encryption, EncryptionFault>,
    pub(crate) encrypted_key: Vec<u8>,
}

impl Encrypted {
    /// Reads a text that has the form of an encrypted token: five parts, the first one a header with `enc`, or a JSON
    /// object with `ciphertext`. `None` if it does not. Text around it is tolerated, as for other tokens.
    pub fn parse(bytes: &[u8], headers: &mut HeaderCache) -> Option<Result<Self, Malformed>> {
        let text = strip_wrapping(std::str::from_utf8(bytes).ok()?);
        if text.len() > MAX_TOKEN {
            return None;
        }
        if text.starts_with('{') {
            let object = Object::borrowed(text).ok().filter(|it| it.get("ciphertext").is_some())?;
            return Some(JsonParts(object).read());
        }
        let (encoded, rest) = text.split_once('.')?;
        let (key, rest) = rest.split_once('.')?;
        let (iv, rest) = rest.split_once('.')?;
        let (ciphertext, tag) = rest.split_once('.').filter(|(_, tag)| !tag.contains('.'))?;
        let header = headers.read(encoded).ok().filter(|it| it.object.get("enc").is_some())?;
        Some(Self::compact(encoded, header, headers.codec(), [key, iv, ciphertext, tag]))
    }

    fn compact(
        encoded: &str,
        header: Arc<Header>,
        codec: Codec,
        [key, iv, ciphertext, tag]: [&str; 4],
    ) -> Result<Self, Malformed> {
        let decode = |part, text| decode_with(codec, part, text);
        let recipient = Recipient {
            encryption: Encryption::of(&header, &header.object),
            encrypted_key: decode(Part::EncryptedKey, key)?,
            header,
        };
        Ok(Self {
            recipients: vec![recipient],
            iv: decode(Part::Iv, iv)?,
            ciphertext: decode(Part::Ciphertext, ciphertext)?,
            tag: decode(Part::Tag, tag)?,
            aad: encoded.as_bytes().to_vec(),
            is_compact: true,
        })
    }
}

impl Encrypted {
    /// Checks the lengths of its parts that do not depend on a key.
    pub(crate) fn check_lengths(
        &self,
        recipient: &Recipient,
        encryption: &Encryption,
    ) -> Result<(), EncryptionFault> {
        let Self { iv, ciphertext, tag, .. } = self;
        encryption.check_lengths(&recipient.encrypted_key, iv, ciphertext, tag)
    }
}

/// Whether a text has the form of an encrypted token.
pub(crate) fn is_encrypted(bytes: &[u8]) -> bool {
    Encrypted::parse(bytes, &mut HeaderCache::default()).is_some()
}

/// Writes a token from an encoded header and the parts after it.
pub(crate) fn assemble_encrypted(header: String, parts: [&[u8]; 4]) -> String {
    let mut token = header;
    for part in parts {
        token.push('.');
        Codec::Scalar.encode(part, &mut token);
    }
    token
}

fn decode(part: Part, text: &str) -> Result<Vec<u8>, Malformed> {
    decode_with(Codec::Scalar, part, text)
}

fn decode_with(codec: Codec, part: Part, text: &str) -> Result<Vec<u8>, Malformed> {
    let mut decoded = Vec::with_capacity(text.len() / 4 * 3 + 3);
    codec.decode(part, text, &mut decoded)?;
    Ok(decoded)
}

/// The members of the JSON serialization (RFC 7516 section 7.2).
struct JsonParts<'a>(Object<&'a str>);

impl<'a> JsonParts<'a> {
    fn read(&self) -> Result<Encrypted, Malformed> {
        let encoded = self.string("protected")?.unwrap_or_default();
        let protected = match &*encoded {
            "" => "{}".to_owned(),
            encoded => String::from_utf8(decode(Part::Header, encoded)?)
                .map_err(|error| of_header(JsonError::NotUtf8(error.utf8_error().valid_up_to())))?,
        };
        let protected = Object::parse(protected).map_err(of_header)?;
        let shared = self.0.get_borrowed("unprotected");
        let recipients: Vec<_> = match self.0.get_borrowed("recipients") {
            None => vec![recipient(&protected, shared, &self.0)?],
            Some(list) => {
                let items = list.into_items().ok_or_else(not_recipients)?;
                let too_many = items.clone().nth(MOST_RECIPIENTS).is_some();
                if too_many || items.clone().next().is_none() {
                    return Err(not_recipients());
                }
                if ["header", "encrypted_key"].iter().any(|name| self.0.get(name).is_some()) {
                    let expected = "inside the \"recipients\"";
                    return Err(Malformed::Member { name: "header", expected });
                }
                let length = protected.text().len() + shared.map_or(0, |it| it.text().len());
                if length * items.clone().count() > MOST_REPEATED {
                    let expected = "shorter, for so many recipients";
                    return Err(Malformed::Member { name: "unprotected", expected });
                }
                let of_item = |item: ValueRef<'a>| {
                    let members = Object::borrowed(item.into_text());
                    let members = members.map_err(|_| not_recipients())?;
                    recipient(&protected, shared, &members)
                };
                items.map(of_item).collect::<Result<_, _>>()?
            }
        };
        let mut aad = encoded.into_owned().into_bytes();
        if let Some(more) = self.string("aad")? {
            decode(Part::Aad, &more)?;
            aad.push(b'.');
            aad.extend(more.bytes());
        }
        let bytes = |name, part| decode(part, &self.string(name)?.unwrap_or_default());
        Ok(Encrypted {
            recipients,
            iv: bytes("iv", Part::Iv)?,
            ciphertext: bytes("ciphertext", Part::Ciphertext)?,
            tag: bytes("tag", Part::Tag)?,
            aad,
            is_compact: false,
        })
    }

    fn string(&self, name: &'static str) -> Result<Option<Cow<'a, str>>, Malformed> {
        string(&self.0, name)
    }
}

/// Reads the members of one recipient, whose header is joined with those that apply to all.
fn recipient(
    protected: &Object,
    shared: Option<ValueRef<'_>>,
    members: &Object<&str>,
) -> Result<Recipient, Malformed> {
    let own = members.get_borrowed("header");
    let unprotected = [shared, own].into_iter().flatten();
    let header = Arc::new(Header::joined(protected, unprotected).map_err(of_header)?);
    let key = string(members, "encrypted_key")?.unwrap_or_default();
    let encryption = Encryption::of(&header, protected);
    Ok(Recipient { encryption, encrypted_key: decode(Part::EncryptedKey, &key)?, header })
}

fn string<'a>(
    object: &Object<&'a str>,
    name: &'static str,
) -> Result<Option<Cow<'a, str>>, Malformed> {
    let Some(value) = object.get_borrowed(name) else { return Ok(None) };
    value.into_string().map(Some).ok_or(Malformed::Member { name, expected: "a string" })
}

fn not_recipients() -> Malformed {
    Malformed::Member { name: "recipients", expected: "an array of 1 to 100 objects" }
}

fn of_header(error: JsonError) -> Malformed {
    Malformed::Json { part: Part::Header, error }
}
