//! The disclosures of an SD-JWT (RFC 9901 section 4.2), as they are written behind the issuer's token.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use super::fault::{DisclosureFault, MOST};
use crate::json::{Value, ValueRef, unquote};

/// The member with the digests of an object's hidden members.
pub(super) const DIGESTS: &str = "_sd";

/// The only member of an object that stands for a hidden item of an array.
pub(super) const ITEM: &str = "...";

/// The member that names the hash of the digests.
pub(crate) const HASH: &str = "_sd_alg";

/// The disclosures of an SD-JWT, in their order.
#[derive(Debug, Clone)]
pub struct Disclosures<'a>(pub(super) Vec<Disclosure<'a>>);

/// A disclosure.
#[derive(Debug, Clone)]
pub(super) struct Disclosure<'a> {
    encoded: &'a str,
    json: Value,
}

/// What a disclosure says; a name is spelled with its quotes.
#[derive(Clone, Copy)]
pub(super) enum Content<'a> {
    Member { name: &'a str, value: ValueRef<'a> },
    Item { value: ValueRef<'a> },
}

impl<'a> Disclosures<'a> {
    /// Reads disclosures, each of which ends with a tilde.
    ///
    /// # Errors
    /// The fault of the first that is malformed.
    pub(crate) fn parse(text: &'a str) -> Result<Self, DisclosureFault> {
        let count = memchr::memchr_iter(b'~', text.as_bytes()).count();
        if count > MOST {
            return Err(DisclosureFault::TooMany);
        }
        let encoded = text.split_terminator('~').zip(1..);
        encoded
            .map(|(encoded, number)| Disclosure::parse(encoded, number))
            .collect::<Result<_, _>>()
            .map(Self)
    }

    /// The disclosures as they are encoded, which their digests are made of.
    pub(crate) fn encoded(&self) -> impl Iterator<Item = &'a str> {
        self.0.iter().map(|disclosure| disclosure.encoded)
    }
}

impl<'a> Disclosure<'a> {
    fn parse(encoded: &'a str, number: usize) -> Result<Self, DisclosureFault> {
        let decoded = URL_SAFE_NO_PAD.decode(encoded);
        let decoded = decoded.map_err(|_| DisclosureFault::NotBase64(number))?;
        let json = Value::parse(&decoded);
        let json = json.map_err(|error| DisclosureFault::NotJson(number, error))?;
        let disclosure = Self { encoded, json };
        match disclosure.content() {
            None => Err(DisclosureFault::NotADisclosure(number)),
            Some(Content::Member { name, .. }) if is_reserved(&unquote(name)) => {
                Err(DisclosureFault::Reserved(number, unquote(name).into_owned()))
            }
            Some(_) => Ok(disclosure),
        }
    }

    /// What it says; `None` if it is not one.
    pub(super) fn content(&self) -> Option<Content<'_>> {
        let is_string = |value: ValueRef<'_>| value.text().starts_with('"');
        let mut items = self.json.items()?;
        let (salt, second, third) = (items.next()?, items.next()?, items.next());
        match third {
            _ if !is_string(salt) || items.next().is_some() => None,
            None => Some(Content::Item { value: second }),
            Some(value) if is_string(second) => {
                Some(Content::Member { name: second.into_text(), value })
            }
            Some(_) => None,
        }
    }
}

/// Whether a name has a meaning of its own in an SD-JWT (RFC 9901 section 4.1).
pub(crate) fn is_reserved(name: &str) -> bool {
    [DIGESTS, ITEM, HASH].contains(&name)
}

/// A JSON array with a salt, a name unless it is for an item of an array, and a value.
pub(super) fn encode(salt: &str, name: Option<&str>, value: &str) -> String {
    let name = name.map_or_else(String::new, |name| format!("{name},"));
    URL_SAFE_NO_PAD.encode(format!("[\"{salt}\",{name}{value}]"))
}
