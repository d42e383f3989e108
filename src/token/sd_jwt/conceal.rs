//! Replaces claims by the digests of their disclosures (RFC 9901 section 4.2).

use std::collections::HashMap;
use std::fmt::Write as _;

use super::disclosure::{DIGESTS, ITEM, encode};
use crate::json::{Selector, Tokens, ValueRef, quote, unquote};

/// A disclosure, and its digest.
pub(crate) struct Digested {
    pub(crate) disclosure: String,
    pub(crate) digest: String,
}

/// Replaces the values that these paths select. `digested` makes a disclosure of an [`Unsalted`]. Returns the payload, and
/// the disclosures in the order in which the values end.
pub(crate) fn conceal<E>(
    claims: ValueRef<'_>,
    paths: &[Selector],
    digested: impl FnMut(Unsalted<'_>) -> Result<Digested, E>,
) -> Result<(String, Vec<String>), E> {
    let mut root = Node::default();
    for path in paths {
        let node =
            path.path.iter().fold(&mut root, |node, name| node.inner.entry(name).or_default());
        node.is_hidden = true;
    }
    let (mut tokens, mut payload) = (claims.into_tokens(), String::new());
    let mut conceal = Conceal { digested, disclosures: Vec::new() };
    if let Some(first) = tokens.next() {
        conceal.value(first, &mut tokens, Some(&root), &mut payload)?;
    }
    Ok((payload, conceal.disclosures))
}

/// What a disclosure says, to which a salt is added. A name is spelled with its quotes.
pub(crate) struct Unsalted<'a> {
    name: Option<&'a str>,
    value: &'a str,
}

impl Unsalted<'_> {
    pub(crate) fn encode(&self, salt: &str) -> String {
        encode(salt, self.name, self.value)
    }
}

/// A value that is hidden, or has hidden values inside.
#[derive(Default)]
struct Node<'p> {
    is_hidden: bool,
    inner: HashMap<&'p str, Node<'p>>,
}

struct Conceal<F> {
    digested: F,
    disclosures: Vec<String>,
}

impl<E, F: FnMut(Unsalted<'_>) -> Result<Digested, E>> Conceal<F> {
    /// Writes the value that begins with this token.
    fn value(
        &mut self,
        first: &str,
        rest: &mut Tokens<'_>,
        node: Option<&Node<'_>>,
        out: &mut String,
    ) -> Result<(), E> {
        match (first, node.filter(|node| !node.inner.is_empty())) {
            ("{", Some(node)) => return self.object(rest, node, out),
            ("[", Some(node)) => return self.array(rest, node, out),
            _ => out.push_str(first),
        }
        let mut depth = usize::from(matches!(first, "{" | "["));
        while depth > 0 {
            let Some(token) = rest.next() else { break };
            match token {
                "{" | "[" => depth += 1,
                "}" | "]" => depth -= 1,
                _ => {}
            }
            out.push_str(token);
        }
        Ok(())
    }

    /// Writes an object. The digests are where the first hidden member was.
    fn object(
        &mut self,
        rest: &mut Tokens<'_>,
        node: &Node<'_>,
        out: &mut String,
    ) -> Result<(), E> {
        out.push('{');
        let (start, mut place, mut digests) = (out.len(), None, Vec::new());
        while let Some((name, first)) = rest.next_member() {
            let inner = node.inner.get(&*unquote(name));
            if inner.is_some_and(|inner| inner.is_hidden) {
                digests.push(self.hide(Some(name), first, rest, inner)?);
                place.get_or_insert(out.len());
            } else {
                separate(out, start);
                out.push_str(name);
                out.push(':');
                self.value(first, rest, inner, out)?;
            }
        }
        if let Some(place) = place {
            // Their order must not tell that of the members.
            digests.sort_unstable();
            let is_first = place == start;
            let before = if is_first { "" } else { "," };
            let behind = if is_first && out.len() > start { "," } else { "" };
            let digests: Vec<_> = digests.iter().map(|digest| quote(digest)).collect();
            let member = format!("{before}\"{DIGESTS}\":[{}]{behind}", digests.join(","));
            out.insert_str(place, &member);
        }
        out.push('}');
        Ok(())
    }

    fn array(&mut self, rest: &mut Tokens<'_>, node: &Node<'_>, out: &mut String) -> Result<(), E> {
        out.push('[');
        let (start, mut index) = (out.len(), 0_usize);
        while let Some(first) = rest.next_item() {
            separate(out, start);
            let inner = node.inner.get(index.to_string().as_str());
            index += 1;
            if inner.is_some_and(|inner| inner.is_hidden) {
                let digest = self.hide(None, first, rest, inner)?;
                let _ = write!(out, "{{\"{ITEM}\":{}}}", quote(&digest));
            } else {
                self.value(first, rest, inner, out)?;
            }
        }
        out.push(']');
        Ok(())
    }

    /// Makes the disclosure of a value, and returns its digest.
    fn hide(
        &mut self,
        name: Option<&str>,
        first: &str,
        rest: &mut Tokens<'_>,
        node: Option<&Node<'_>>,
    ) -> Result<String, E> {
        let mut value = String::new();
        self.value(first, rest, node, &mut value)?;
        let Digested { disclosure, digest } = (self.digested)(Unsalted { name, value: &value })?;
        self.disclosures.push(disclosure);
        Ok(digest)
    }
}

fn separate(out: &mut String, start: usize) {
    if out.len() > start {
        out.push(',');
    }
}
