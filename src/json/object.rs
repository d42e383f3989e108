//! JSON objects: one text, and where in it each member stands. What is set is written behind it, so that
//! nothing that was read is ever spelled anew.

use std::borrow::Cow;

use super::layout::{Layout, lay_out, respaced};
use super::scan::{MemberSpan, NamePrefix, Scan, Span, scan};
use super::tokens::unquote;
use super::value::{Value, ValueRef, trimmed};
use super::{JsonError, quote};

/// A JSON object: members in their order, names unique.
#[derive(Debug, Clone, Default)]
pub struct Object {
    text: String,
    members: Vec<MemberSpan>,
    /// Whether the text is the object as it is, no member set or removed since.
    is_whole: bool,
    /// Whether there is white space between its tokens.
    has_spaces: bool,
}

/// A name that is looked for time and again.
#[derive(Debug)]
pub struct Name {
    text: &'static str,
    prefix: NamePrefix,
}

impl Name {
    /// A name, unescaped.
    #[must_use]
    pub const fn new(text: &'static str) -> Self {
        Self { text, prefix: NamePrefix::of(text) }
    }
}

/// One member of an [`Object`].
#[derive(Debug, Clone)]
pub struct Member<'a> {
    /// The name, unescaped.
    pub name: Cow<'a, str>,
    /// The value.
    pub value: ValueRef<'a>,
}

impl Object {
    /// Checks and reads an object.
    ///
    /// # Errors
    /// Any [`JsonError`].
    pub fn parse(text: &[u8]) -> Result<Self, JsonError> {
        let text = trimmed(text)?;
        Ok(Self::scanned(text.to_owned(), read(text)?))
    }

    /// The same of a text that is kept.
    ///
    /// # Errors
    /// Any [`JsonError`].
    pub fn of_bytes(text: Vec<u8>) -> Result<Self, JsonError> {
        // Nearly every claims set has no white space around it.
        if text.first() != Some(&b'{') || text.last() != Some(&b'}') {
            return Self::parse(&text);
        }
        let text = String::from_utf8(text)
            .map_err(|error| JsonError::NotUtf8 { at: error.utf8_error().valid_up_to() })?;
        let scan = read(&text)?;
        Ok(Self::scanned(text, scan))
    }

    /// An object in a text that has been checked.
    pub(super) fn of(checked: &str) -> Self {
        let scan = scan(checked).unwrap_or_default();
        Self::scanned(checked.to_owned(), scan)
    }

    fn scanned(text: String, scan: Scan) -> Self {
        Self { text, members: scan.members, is_whole: true, has_spaces: scan.has_spaces }
    }

    /// The members, in order.
    #[must_use]
    pub fn iter(&self) -> impl ExactSizeIterator<Item = Member<'_>> {
        self.members.iter().map(|member| Member {
            name: unquote(member.name.of(&self.text)),
            value: self.value(member),
        })
    }

    /// The value of a member.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<ValueRef<'_>> {
        self.find(name).map(|i| self.value(&self.members[i]))
    }

    /// The values of several members, found in one pass.
    #[must_use]
    pub fn get_all<const N: usize>(&self, names: &[Name; N]) -> [Option<ValueRef<'_>>; N] {
        let mut found = [None; N];
        for member in &self.members {
            for (found, name) in found.iter_mut().zip(names) {
                if member.is_named(&self.text, name.text, name.prefix) {
                    *found = Some(self.value(member));
                }
            }
        }
        found
    }

    fn value(&self, member: &MemberSpan) -> ValueRef<'_> {
        ValueRef::within(member.value.of(&self.text))
    }

    fn find(&self, name: &str) -> Option<usize> {
        let prefix = NamePrefix::of(name);
        self.members.iter().position(|member| member.is_named(&self.text, name, prefix))
    }

    /// Gives a member a value: in its place if it is there, else at the end.
    pub fn set(&mut self, name: &str, value: &Value) {
        let is_spaced = value.text().bytes().any(|byte| byte <= b' ');
        let value = if is_spaced {
            self.append(&respaced(value.text(), Layout::Compact))
        } else {
            self.append(value.text())
        };
        self.is_whole = false;
        if let Some(i) = self.find(name) {
            self.members[i].value = value;
        } else {
            let prefix = NamePrefix::of(name);
            let name = self.append(&quote(name));
            self.members.push(MemberSpan { name, value, prefix });
        }
    }

    fn append(&mut self, text: &str) -> Span {
        let start = self.text.len();
        self.text.push_str(text);
        Span::new(start, self.text.len())
    }

    /// Gives a member a value: in its place if it is there, else before all others.
    pub fn set_first(&mut self, name: &str, value: &Value) {
        let known = self.get(name).is_some();
        self.set(name, value);
        if !known {
            self.members.rotate_right(1);
        }
    }

    /// Takes a member out; the others keep their order.
    pub fn remove(&mut self, name: &str) {
        if let Some(i) = self.find(name) {
            self.members.remove(i);
            self.is_whole = false;
        }
    }

    /// The object's text, without white space between its tokens.
    #[must_use]
    pub fn text(&self) -> Cow<'_, str> {
        if self.is_whole && !self.has_spaces {
            return Cow::Borrowed(&self.text);
        }
        let mut text = String::with_capacity(self.text.len() + 2);
        text.push('{');
        for (i, member) in self.members.iter().enumerate() {
            if i > 0 {
                text.push(',');
            }
            text.push_str(member.name.of(&self.text));
            text.push(':');
            let value = member.value.of(&self.text);
            if self.has_spaces {
                lay_out(value, Layout::Compact, &mut |_, piece| text.push_str(piece));
            } else {
                text.push_str(value);
            }
        }
        text.push('}');
        Cow::Owned(text)
    }

    /// The object as a value, without white space between its tokens.
    #[must_use]
    pub fn to_value(&self) -> Value {
        Value::of_object(self.text().into_owned())
    }
}

/// Two objects are equal if they are written alike, white space aside.
impl PartialEq for Object {
    fn eq(&self, other: &Self) -> bool {
        self.text() == other.text()
    }
}

impl Eq for Object {}

/// The members of an object's text, which is left where it is, since it may be a private key's.
#[derive(Debug)]
pub struct Members<'a> {
    text: &'a str,
    members: Vec<MemberSpan>,
}

impl<'a> Members<'a> {
    /// Checks and reads an object.
    ///
    /// # Errors
    /// Any [`JsonError`].
    pub fn parse(text: &'a str) -> Result<Self, JsonError> {
        let text = trimmed(text.as_bytes())?;
        Ok(Self { text, members: read(text)?.members })
    }

    /// The same without a member.
    #[must_use]
    pub fn without(mut self, name: &str) -> Self {
        let prefix = NamePrefix::of(name);
        self.members.retain(|member| !member.is_named(self.text, name, prefix));
        self
    }

    /// The value of a member, as it is spelled.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&'a str> {
        let prefix = NamePrefix::of(name);
        let member = self.members.iter().find(|member| member.is_named(self.text, name, prefix))?;
        Some(member.value.of(self.text))
    }
}

/// Checks a text without white space around it, and that it is an object.
fn read(text: &str) -> Result<Scan, JsonError> {
    let scan = scan(text)?;
    if text.starts_with('{') {
        return Ok(scan);
    }
    Err(JsonError::NotAnObject { found: ValueRef::within(text).kind() })
}
