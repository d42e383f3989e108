//! Replaces digests by what their disclosures say, in one pass over the payload and the disclosures (RFC 9901
//! section 7.1, steps 3 to 5).

use std::borrow::Cow;
use std::collections::{HashMap, HashSet};

use super::disclosure::{Content, DIGESTS, Disclosures, HASH, ITEM};
use super::fault::{DisclosureFault, MOST};
use crate::json::{MAX_DEPTH, Tokens, ValueRef, push_pointer, unquote};

/// How many bytes of JSON Pointers are collected. Hostile ones could be longer than all memory.
const MOST_PATHS: usize = 4 * 1024 * 1024;

/// A payload with what its disclosures say, in which names may be repeated; and JSON Pointers to what was disclosed.
pub(crate) struct Processed {
    pub(crate) payload: String,
    pub(crate) disclosed: Vec<String>,
}

/// Replaces digests by what the disclosures say, and removes the other digests. Members are added where `_sd` is, in
/// the order of the disclosures. `indices` has the index of each disclosure by its digest.
pub(crate) fn process(
    payload: ValueRef<'_>,
    disclosures: &Disclosures<'_>,
    indices: &HashMap<String, usize>,
) -> Result<Processed, DisclosureFault> {
    let length = payload.text().len();
    let mut process = Process {
        disclosures,
        indices,
        seen: HashSet::new(),
        is_used: vec![false; indices.len()],
        text: String::with_capacity(length),
        path: String::new(),
        disclosed: Vec::new(),
        room: MOST_PATHS,
    };
    process.whole(payload, 1)?;
    match process.is_used.iter().position(|is_used| !is_used) {
        Some(index) => Err(DisclosureFault::Unused(index + 1)),
        None => Ok(Processed { payload: process.text, disclosed: process.disclosed }),
    }
}

struct Process<'a> {
    disclosures: &'a Disclosures<'a>,
    indices: &'a HashMap<String, usize>,
    seen: HashSet<Cow<'a, str>>,
    is_used: Vec<bool>,
    /// What was written so far.
    text: String,
    /// The JSON Pointer (RFC 6901) to the value that is being written.
    path: String,
    disclosed: Vec<String>,
    room: usize,
}

type Done = Result<(), DisclosureFault>;

impl<'a> Process<'a> {
    fn whole(&mut self, value: ValueRef<'a>, depth: usize) -> Done {
        let mut tokens = value.into_tokens();
        match tokens.next() {
            Some(first) => self.value(first, &mut tokens, depth),
            None => Ok(()),
        }
    }

    /// Writes the value that begins with this token.
    fn value(&mut self, first: &'a str, rest: &mut Tokens<'a>, depth: usize) -> Done {
        match first {
            "{" | "[" if depth > MAX_DEPTH => Err(DisclosureFault::TooDeep),
            "{" => self.object(rest, depth),
            "[" => self.array(rest, depth),
            scalar => {
                self.text.push_str(scalar);
                Ok(())
            }
        }
    }

    fn object(&mut self, rest: &mut Tokens<'a>, depth: usize) -> Done {
        self.text.push('{');
        let start = self.text.len();
        while let Some((name, first)) = rest.next_member() {
            match &*unquote(name) {
                DIGESTS => self.hidden_members(first, rest, start, depth)?,
                // Its value is a string, of one token.
                HASH if depth == 1 => {}
                name @ (HASH | ITEM) => return Err(DisclosureFault::Misplaced(name.to_owned())),
                unquoted => {
                    let length = self.begin_member(name, unquoted, start);
                    self.value(first, rest, depth + 1)?;
                    self.path.truncate(length);
                }
            }
        }
        self.text.push('}');
        Ok(())
    }

    /// Writes the members whose digests are in this array.
    fn hidden_members(
        &mut self,
        first: &'a str,
        rest: &mut Tokens<'a>,
        start: usize,
        depth: usize,
    ) -> Done {
        if first != "[" {
            return Err(DisclosureFault::NotDigests);
        }
        let mut found = Vec::new();
        while let Some(digest) = rest.next_item() {
            found.extend(self.disclosure(digest)?);
        }
        found.sort_unstable();
        for index in found {
            let Some(Content::Member { name, value }) = self.content(index) else {
                return Err(DisclosureFault::NoName(index + 1));
            };
            let length = self.begin_member(name, &unquote(name), start);
            self.note_disclosed();
            self.whole(value, depth + 1)?;
            self.path.truncate(length);
        }
        Ok(())
    }

    fn array(&mut self, rest: &mut Tokens<'a>, depth: usize) -> Done {
        self.text.push('[');
        let (start, mut index) = (self.text.len(), 0);
        while let Some(first) = rest.next_item() {
            let hidden = hidden_item(first, rest)?;
            let disclosure = match hidden {
                Some(digest) => match self.disclosure(digest)? {
                    Some(disclosure) => Some(disclosure),
                    None => continue,
                },
                None => None,
            };
            self.separate(start);
            let length = self.push_path(&index.to_string());
            index += 1;
            if let Some(disclosure) = disclosure {
                let Some(Content::Item { value }) = self.content(disclosure) else {
                    return Err(DisclosureFault::UnexpectedName(disclosure + 1));
                };
                self.note_disclosed();
                self.whole(value, depth + 1)?;
            } else {
                self.value(first, rest, depth + 1)?;
            }
            self.path.truncate(length);
        }
        self.text.push(']');
        Ok(())
    }

    /// The index of the disclosure with this digest, a JSON string. Every digest may be there once.
    fn disclosure(&mut self, digest: &'a str) -> Result<Option<usize>, DisclosureFault> {
        if !digest.starts_with('"') {
            return Err(DisclosureFault::NotDigests);
        }
        let digest = unquote(digest);
        let index = self.indices.get(&*digest).copied();
        if self.seen.len() == MOST {
            return Err(DisclosureFault::TooMany);
        }
        if let Some(seen) = self.seen.replace(digest) {
            return Err(DisclosureFault::RepeatedDigest(seen.into_owned()));
        }
        if let Some(index) = index {
            self.is_used[index] = true;
        }
        Ok(index)
    }

    fn content(&self, index: usize) -> Option<Content<'a>> {
        self.disclosures.0.get(index)?.content()
    }

    /// Writes a name, and returns the length of the path before it. `start` is where the object's members begin.
    fn begin_member(&mut self, name: &str, unquoted: &str, start: usize) -> usize {
        self.separate(start);
        self.text.push_str(name);
        self.text.push(':');
        self.push_path(unquoted)
    }

    fn separate(&mut self, start: usize) {
        if self.text.len() > start {
            self.text.push(',');
        }
    }

    fn push_path(&mut self, name: &str) -> usize {
        let length = self.path.len();
        push_pointer(&mut self.path, name);
        length
    }

    fn note_disclosed(&mut self) {
        if let Some(room) = self.room.checked_sub(self.path.len()) {
            self.room = room;
            self.disclosed.push(self.path.clone());
        }
    }
}

/// The digest that an item of an array consists of, if it does.
fn hidden_item<'a>(first: &str, rest: &mut Tokens<'a>) -> Result<Option<&'a str>, DisclosureFault> {
    let mut inside = rest.clone();
    let name = inside.next().filter(|name| first == "{" && name.starts_with('"'));
    if name.is_none_or(|name| unquote(name) != ITEM) {
        return Ok(None);
    }
    inside.next(); // the colon
    let digest = inside.next().filter(|digest| digest.starts_with('"'));
    if inside.next() != Some("}") {
        return Err(DisclosureFault::Misplaced(ITEM.to_owned()));
    }
    *rest = inside;
    digest.map(Some).ok_or_else(|| DisclosureFault::Misplaced(ITEM.to_owned()))
}
