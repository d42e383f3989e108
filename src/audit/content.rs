//! Weaknesses in the content of a token: credentials, keys and personal data that everyone who has the token can read.
//! The text is read once, in time that is linear in its length.

use std::collections::BTreeMap;

use super::finding::Finding;
use super::names::{Plain, is_state};
use super::rules::Rule;
use super::values::{is_card_number, is_credential, is_sensitive};
use crate::claims::Claims;
use crate::json::{Tokens, ValueRef, push_pointer, unquote};
use crate::token::Header;

/// Members that only private and symmetric JWKs have (RFC 7518 section 6, RFC 9964).
const PRIVATE: [&str; 8] = ["d", "k", "priv", "p", "q", "dp", "dq", "qi"];

/// The most places that the evidence of a rule names.
const MOST_PLACES: usize = 5;

/// The weaknesses in the content of a header and of claims that are not encrypted.
pub(super) fn content_findings(header: &Header, claims: Option<&Claims>) -> Vec<Finding> {
    let mut found = Places::default();
    Walk::new(&header.object.text(), "header ", false, &mut found).run();
    if let Some(claims) = claims {
        Walk::new(&claims.object.text(), "", true, &mut found).run();
    }
    let rules = found.0.into_iter();
    rules.map(|(rule, (places, count))| Finding::new(rule, listed(&places, count))).collect()
}

fn listed(places: &[String], count: usize) -> String {
    let more = count - places.len();
    let more = if more > 0 { format!(", and {more} more") } else { String::new() };
    format!("{}{more}", places.join(", "))
}

/// Where each rule is broken: the first places, and the number of places.
#[derive(Default)]
struct Places(BTreeMap<Rule, (Vec<String>, usize)>);

/// An object or array that is being read.
struct Frame<'a> {
    /// In an object, the current member's name as it is spelled in the JSON text; in an array, the array's name.
    name: &'a str,
    /// The index of the current item, if it is an array.
    index: Option<usize>,
    /// Whether it has `kty` (RFC 7517 section 4.1), and one of [`PRIVATE`].
    has_kty: bool,
    has_private: bool,
    /// Whether it is in an object with rights.
    in_rights: bool,
}

/// Reads the text of an object.
struct Walk<'a, 'f> {
    tokens: Tokens<'a>,
    frames: Vec<Frame<'a>>,
    /// The text before the JSON Pointer of a place, such as "header ".
    part: &'static str,
    /// Whether to look for personal data, too; if not, only for keys and credentials.
    has_claims: bool,
    found: &'f mut Places,
}

impl<'a, 'f> Walk<'a, 'f> {
    /// `text` is a JSON object.
    fn new(text: &'a str, part: &'static str, has_claims: bool, found: &'f mut Places) -> Self {
        let tokens = ValueRef::checked(text).into_tokens();
        Self { tokens, frames: Vec::new(), part, has_claims, found }
    }

    fn run(mut self) {
        let mut is_value = true;
        while let Some(token) = self.tokens.next() {
            let outer = self.frames.last().map_or("\"\"", |frame| frame.name);
            let frame = |index| Self::inner(self.frames.last(), outer, index);
            match token {
                "{" => {
                    let frame = frame(None);
                    self.frames.push(frame);
                    is_value = false;
                }
                "[" => {
                    let frame = frame(Some(0));
                    self.frames.push(frame);
                    is_value = true;
                }
                "}" | "]" => self.close(),
                "," => {
                    let Some(frame) = self.frames.last_mut() else { return };
                    is_value = frame.index.is_some();
                    frame.index = frame.index.map(|index| index + 1);
                }
                ":" => is_value = true,
                name if !is_value => {
                    if let Some(frame) = self.frames.last_mut() {
                        frame.name = name;
                        let own = unquote(name);
                        frame.has_kty |= own == "kty";
                        frame.has_private |= PRIVATE.contains(&&*own);
                    }
                }
                value => self.value(outer, value),
            }
        }
    }

    /// A frame inside another one; an index begins an array.
    fn inner(parent: Option<&Frame<'a>>, name: &'a str, index: Option<usize>) -> Frame<'a> {
        let of_rights = Plain::of(name).is_of_rights();
        Frame {
            name,
            index,
            has_kty: false,
            has_private: false,
            in_rights: of_rights || parent.is_some_and(|parent| parent.in_rights),
        }
    }

    /// Handles the end of an object or array.
    fn close(&mut self) {
        let Some(frame) = self.frames.pop() else { return };
        if frame.has_kty && frame.has_private {
            self.add(Rule::PrivateKeyInside);
        }
    }

    fn value(&mut self, name: &'a str, value: &'a str) {
        if matches!(value, "true" | "false" | "null") {
            return;
        }
        let text = if value.starts_with('"') { unquote(value) } else { value.into() };
        let text = text.trim();
        if text.is_empty() || is_state(text) {
            return;
        }
        let name = Plain::of(name);
        if is_credential(text) || self.is_under_credential(&name) {
            return self.add(Rule::Credential);
        }
        if !self.has_claims {
            return;
        }
        if name.is_sensitive() || is_sensitive(text) || (name.is_of_card() && is_card_number(text))
        {
            self.add(Rule::SensitiveData);
        } else if name.is_personal() {
            self.add(Rule::PersonalData);
        }
    }

    /// Whether the name of the current value, or of the object that holds it, is that of a credential.
    fn is_under_credential(&self, name: &Plain) -> bool {
        let [.., outer, own] = &self.frames[..] else { return name.is_credential() };
        let is_value =
            own.index.is_none() && name.is_own_value() && Plain::of(outer.name).is_credential();
        !own.in_rights && (name.is_credential() || is_value)
    }

    /// Records that the current value breaks a rule.
    fn add(&mut self, rule: Rule) {
        let (places, count) = self.found.0.entry(rule).or_default();
        *count += 1;
        if places.len() >= MOST_PLACES {
            return;
        }
        let mut pointer = self.part.to_owned();
        for frame in &self.frames {
            match frame.index {
                Some(index) => push_pointer(&mut pointer, &index.to_string()),
                None => push_pointer(&mut pointer, &unquote(frame.name)),
            }
        }
        places.push(pointer);
    }
}
