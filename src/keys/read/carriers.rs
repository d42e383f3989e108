//! Documents that carry a key, such as a service account's: what each is recognised by, and which member has the key.
//! A document with several keys and no `kid`s names them in an error; none of them is chosen.

use std::borrow::Cow;

use base64::engine::general_purpose::STANDARD;

use super::env_file;
use super::shape::{check_count, is_jwk_document, is_key_text};
use crate::json::{Object, ValueRef, quote, shown_name};
use crate::keys::error::{KeyError, plain};
use crate::keys::wire::{decode, without_white_space};
use crate::keys::{Algorithm, JwkParams, KeyType};
use crate::secret::Secret;

/// A key or keys, and where in a document they were found.
pub struct Located {
    /// The member or entry that has them, as messages name it; `None` if the document itself is the key or set.
    pub(crate) part: Option<String>,
    pub(super) content: Content,
}

pub(super) enum Content {
    /// The text of a key file. Its key gets the parameters, if there are any.
    Text(Secret, Option<JwkParams>),
    /// The text of an HMAC secret.
    Secret(Secret, JwkParams),
    /// Keys by their `kid`.
    Map(Vec<(String, Secret)>),
}

/// Finds the key of a document, or decides that the document is none of these.
type Find = fn(&Document<'_>) -> Option<Located>;

/// The members that a document must have, and how the key is found in it. The first row that finds one applies, so of
/// the two keys of a pair, the private one is taken.
const CARRIERS: [(&[&str], Find); 9] = [
    (&["type", "key"], hasura_secret),
    // A Google service account's, and an authorized key of Yandex Cloud.
    (&["private_key", "private_key_id"], |it| it.key("private_key", Some("private_key_id"))),
    (&["private_key", "service_account_id"], |it| it.key("private_key", Some("id"))),
    (&["private_key"], |it| it.key("private_key", None)),
    (&["privateKey"], |it| it.key("privateKey", None)),
    // A realm of Keycloak.
    (&["public_key"], |it| it.key("public_key", None)),
    (&["publicKey"], |it| it.key("publicKey", None)),
    (&["jwks"], |it| it.set("jwks")),
    (&["data"], |it| it.set("data")),
];

/// A JSON document, and the bytes that it is a part of.
struct Document<'a> {
    content: &'a Secret,
    object: Object<&'a str>,
}

/// Finds the key or keys that a text carries. `None` says that the text is not such a document.
pub(super) fn find(content: &Secret, text: &str) -> Result<Option<Located>, KeyError> {
    if text.trim_start().starts_with('{') {
        return find_in_json(content, text);
    }
    let Some(entries) = env_file::entries(text) else { return Ok(None) };
    let in_name = |b: u8| b.is_ascii_alphanumeric() || b"_.-".contains(&b);
    only_key(entries.into_iter().map(|(name, value)| {
        let name = plain(name, in_name).to_owned();
        (name, content.share(value.as_bytes()))
    }))
}

fn find_in_json(content: &Secret, text: &str) -> Result<Option<Located>, KeyError> {
    // What is wrong with it is said by those who read JWKs.
    let Ok(object) = Object::borrowed(text) else { return Ok(None) };
    let document = Document { content, object };
    if document.string("kind").as_deref() == Some("Secret") {
        return kubernetes_secret(&document).map(Some);
    }
    let has = |members: &[&str]| members.iter().all(|name| document.get(name).is_some());
    let mut carriers = CARRIERS.iter().filter(|(members, _)| has(members));
    if let Some(found) = carriers.find_map(|(_, find)| find(&document)) {
        return Ok(Some(found));
    }
    if document.get("jwk_url").is_some() {
        return Err(KeyError::SetElsewhere { member: "jwk_url" });
    }
    document.keys_by_kid()
}

/// The only key among named texts.
fn only_key(entries: impl Iterator<Item = (String, Secret)>) -> Result<Option<Located>, KeyError> {
    let found = entries.filter_map(|(name, text)| Some((name, key_of_entry(text)?)));
    let mut found: Vec<_> = found.collect();
    if found.len() > 1 {
        return Err(KeyError::SeveralEntries {
            names: found.into_iter().map(|(name, _)| name).collect(),
        });
    }
    Ok(found.pop().map(|(name, located)| Located {
        part: Some(located.part.map_or(name.clone(), |part| format!("{part} of {name}"))),
        ..located
    }))
}

/// The key of an entry, which may be a document that carries it.
fn key_of_entry(text: Secret) -> Option<Located> {
    let whole = |text| Some(Located { part: None, content: Content::Text(text, None) });
    let Ok(json) = std::str::from_utf8(text.expose()) else {
        return is_key_text(text.expose()).then(|| whole(text))?;
    };
    if !json.trim_start().starts_with('{') {
        return is_key_text(text.expose()).then(|| whole(text))?;
    }
    if is_jwk_document(json) { whole(text.clone()) } else { find_in_json(&text, json).ok()? }
}

impl<'a> Document<'a> {
    fn get(&self, name: &str) -> Option<ValueRef<'a>> {
        self.object.get_borrowed(name).filter(|value| value.text() != "null")
    }

    /// The text of a member: that of a string without its quotes and escapes.
    fn text(&self, value: ValueRef<'_>) -> Secret {
        match value.into_string() {
            Some(Cow::Owned(text)) => Secret::new(text.into_bytes()),
            Some(Cow::Borrowed(text)) => self.content.share(text.as_bytes()),
            None => self.content.share(value.into_text().as_bytes()),
        }
    }

    fn string(&self, name: &str) -> Option<String> {
        self.get(name)?.as_string()
    }

    /// A member that is a key, whose `kid` is another member.
    fn key(&self, name: &str, kid: Option<&str>) -> Option<Located> {
        let kid = kid.and_then(|kid| self.string(kid));
        let params = kid.map(|kid| JwkParams { kid: Some(kid), ..JwkParams::default() });
        let text = |value| Content::Text(self.text(value), params);
        let content = self.get(name).map(text)?;
        Some(Located { part: Some(quote(name)), content })
    }

    /// A member that is a JWK Set.
    fn set(&self, name: &str) -> Option<Located> {
        let set = self.get(name).filter(|value| is_jwk_document(value.text()));
        let content = Content::Text(self.text(set?), None);
        Some(Located { part: Some(quote(name)), content })
    }

    /// Keys by their `kid`, as Google publishes certificates: all members are strings, and one at least is a key.
    fn keys_by_kid(&self) -> Result<Option<Located>, KeyError> {
        let is_map = self.object.iter().all(|member| member.value.text().starts_with('"'));
        if !is_map || !self.object.iter().any(|one| is_key_text(self.text(one.value).expose())) {
            return Ok(None);
        }
        check_count(self.object.iter().len(), false)?;
        let keys =
            self.object.iter().map(|one| (one.name.into_owned(), self.text(one.value))).collect();
        let content = Content::Map(keys);
        Ok(Some(Located { part: None, content }))
    }
}

/// A JWT secret of Hasura: `type` is the algorithm that `key` is for.
fn hasura_secret(document: &Document<'_>) -> Option<Located> {
    let alg = Algorithm::from_name(&document.string("type")?)?;
    let params = JwkParams { alg: Some(alg.name().to_owned()), ..JwkParams::default() };
    let text = document.text(document.get("key")?);
    let content = match alg.key_type() {
        KeyType::Hmac => Content::Secret(text, params),
        _ => Content::Text(text, Some(params)),
    };
    Some(Located { part: Some(quote("key")), content })
}

/// A secret of Kubernetes, whose entries are in base64.
fn kubernetes_secret(document: &Document<'_>) -> Result<Located, KeyError> {
    let data = document.get("data").and_then(ValueRef::into_object).ok_or(KeyError::NoKeyEntry)?;
    let entries = data.iter().filter_map(|member| {
        let text = document.text(member.value);
        let bytes = decode(&STANDARD, &without_white_space(text.expose()))?;
        Some((quote(&shown_name(&member.name)), Secret::from(bytes)))
    });
    only_key(entries)?.ok_or(KeyError::NoKeyEntry)
}
