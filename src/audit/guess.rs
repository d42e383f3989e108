//! Guesses the secret of a token: a well-known one, or a value in the token itself.

use std::borrow::Cow;

use super::known::{count, known_secret};
use crate::claims::Claims;
use crate::crypto::GuessTarget;
use crate::json::{Object, ValueRef, quote, unquote};
use crate::token::Header;

/// The longest signing input that the list is tried on, in bytes. Longer tokens are rare, and each would take a second.
const LONGEST: usize = 64 * 1024;

/// How many bytes are hashed for one token at most, whatever the number of its signatures is.
const MOST: usize = 256 * 1024 * 1024;

/// The most values of a token that are tried, and the longest one in bytes.
const MOST_VALUES: usize = 200;
const LONGEST_VALUE: usize = 1024;

/// What came of guessing.
pub(crate) enum Guess {
    /// The secret: where it is, and its text if that is in the token.
    Found(String, Option<String>),
    NotFound,
    /// The token is too long for the list to be tried.
    Untried,
}

/// Guesses the secrets of one token, in bounded time.
pub(crate) struct Guesses {
    left: usize,
}

impl Default for Guesses {
    fn default() -> Self {
        Self { left: MOST }
    }
}

impl Guesses {
    /// `tries_list` is whether the list of well-known secrets is tried.
    pub(crate) fn guess(
        &mut self,
        target: &GuessTarget,
        header: &Header,
        claims: Option<&Claims>,
        tries_list: bool,
    ) -> Guess {
        if let Some(found) = self.own_value(target, header, claims) {
            return found;
        }
        if !tries_list {
            return Guess::NotFound;
        }
        if target.length() > LONGEST || !self.affords(count(), target) {
            return Guess::Untried;
        }
        known_secret(target).map_or(Guess::NotFound, |line| {
            Guess::Found(format!("it is on line {line} of the built-in list"), None)
        })
    }

    /// An empty secret, or one that is a value of the token.
    fn own_value(
        &mut self,
        target: &GuessTarget,
        header: &Header,
        claims: Option<&Claims>,
    ) -> Option<Guess> {
        if self.affords(1, target) && target.is_secret(b"") {
            return Some(Guess::Found("it is empty".to_owned(), None));
        }
        let of_claims = claims.into_iter().flat_map(|claims| strings(&claims.object));
        let mut values = of_claims.chain(strings(&header.object)).take(MOST_VALUES);
        let mut guesser = target.guesser();
        values.find_map(|(name, text)| {
            if text.len() > LONGEST_VALUE || !self.affords(1, target) {
                return None;
            }
            let evidence = || format!("it is the token's own {}", quote(&name));
            guesser
                .is_secret(text.as_bytes())
                .then(|| Guess::Found(evidence(), Some(text.into_owned())))
        })
    }

    /// Whether there is time left for so many tries.
    fn affords(&mut self, tries: usize, target: &GuessTarget) -> bool {
        let needed = target.length().saturating_mul(tries);
        let is_left = needed <= self.left;
        if is_left {
            self.left -= needed;
        }
        is_left
    }
}

/// The strings of an object, of its arrays and of the objects in it, each with the name of its member.
fn strings(object: &Object) -> impl Iterator<Item = (Cow<'_, str>, Cow<'_, str>)> {
    object.iter().flat_map(|member| {
        let name = member.name;
        below(member.value).into_iter().map(move |text| (name.clone(), text))
    })
}

fn below(value: ValueRef<'_>) -> Vec<Cow<'_, str>> {
    if let Some(text) = value.into_string() {
        return vec![text];
    }
    if let Some(items) = value.into_items() {
        return items.take(MOST_VALUES).filter_map(ValueRef::into_string).collect();
    }
    let mut strings = Vec::new();
    let mut tokens = value.into_tokens().skip(1);
    while let Some(token) = tokens.next() {
        if token == ":"
            && let Some(text) = tokens.next().filter(|text| text.starts_with('"'))
            && strings.len() < MOST_VALUES
        {
            strings.push(unquote(text));
        }
    }
    strings
}
