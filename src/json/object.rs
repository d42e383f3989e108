//! JSON objects: a text and the positions of its members. New values are appended to the text, so everything that was
//! read keeps its spelling.

use std::borrow::Cow;

use super::error::{JsonError, quote};
use super::scan::{Scan, scan};
use super::tokens::{Layout, MemberSpan, Name, NamePrefix, Span, respaced, unquote};
use super::value::{Value, ValueRef, trimmed};

/// A JSON object: members in their order, names unique. It owns its text, or borrows one that must not be
/// copied, such as a private key's.
#[derive(Debug, Clone, Default)]
pub struct Object<T = String> {
    text: T,
    members: Vec<MemberSpan>,
    /// Whether the text is exactly this object, because no member was set or removed.
    is_whole: bool,
    has_spaces: bool,
}

/// The memory of an object's members.
#[derive(Debug, Default)]
pub struct MemberMemory(Vec<MemberSpan>);

impl MemberMemory {
    /// Frees what exceeds this many bytes.
    pub(crate) fn clear(&mut self, kept: usize) {
        self.0.clear();
        self.0.shrink_to(kept / size_of::<MemberSpan>());
    }

    /// How many bytes it takes.
    #[cfg(test)]
    pub(crate) fn size(&self) -> usize {
        self.0.capacity() * size_of::<MemberSpan>()
    }
}

/// A member of an [`Object`], with its name unescaped.
#[derive(Debug, Clone)]
pub struct Member<'a> {
    pub name: Cow<'a, str>,
    pub value: ValueRef<'a>,
}

impl Object {
    /// Parses an object, with or without white space around it. Owned text with none is not copied.
    ///
    /// # Errors
    /// Any [`JsonError`]; `NotAnObject` for other values.
    pub fn parse(text: impl Into<Vec<u8>>) -> Result<Self, JsonError> {
        Self::parse_in(text.into(), MemberMemory::default())
    }

    /// Parses an object in memory that is used again: see [`Self::into_memory`].
    ///
    /// # Errors
    /// Any [`JsonError`]; `NotAnObject` for other values.
    pub(crate) fn parse_in(text: Vec<u8>, memory: MemberMemory) -> Result<Self, JsonError> {
        let text = String::from_utf8(text)
            .map_err(|error| JsonError::NotUtf8(error.utf8_error().valid_up_to()))?;
        let inner = trimmed(&text)?;
        Self::scanned_in(if inner.len() == text.len() { text } else { inner.to_owned() }, memory.0)
    }

    /// The memory of an object that is no longer needed, to parse another one in.
    pub(crate) fn into_memory(self) -> (Vec<u8>, MemberMemory) {
        (self.text.into_bytes(), MemberMemory(self.members))
    }

    /// Sets a member: in its place if it exists, else at the end.
    pub fn set(&mut self, name: &str, value: &Value) {
        let has_spaces = value.text().bytes().any(|byte| byte <= b' ');
        let value = if has_spaces {
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

    /// Sets a member: in its place if it exists, else before all others.
    pub(crate) fn set_first(&mut self, name: &str, value: &Value) {
        let exists = self.find(name).is_some();
        self.set(name, value);
        if !exists {
            self.members.rotate_right(1);
        }
    }

    fn append(&mut self, text: &str) -> Span {
        let start = self.text.len();
        self.text.push_str(text);
        Span::new(start, self.text.len())
    }
}

impl<'a> Object<&'a str> {
    /// Parses an object and borrows its text.
    pub(crate) fn borrowed(text: &'a str) -> Result<Self, JsonError> {
        Self::scanned(trimmed(text)?)
    }

    /// The value of a member; it borrows from the text.
    pub(crate) fn get_borrowed(&self, name: &str) -> Option<ValueRef<'a>> {
        self.find(name).map(|i| Value::checked(self.members[i].value.of(self.text)))
    }
}

impl<T: AsRef<str>> Object<T> {
    /// Parses a text without white space around it.
    fn scanned(text: T) -> Result<Self, JsonError> {
        Self::scanned_in(text, Vec::new())
    }

    fn scanned_in(text: T, members: Vec<MemberSpan>) -> Result<Self, JsonError> {
        let Scan { members, has_spaces } = scan(text.as_ref(), members)?;
        if !text.as_ref().starts_with('{') {
            return Err(JsonError::NotAnObject(Value::checked(text).kind()));
        }
        Ok(Self { text, members, is_whole: true, has_spaces })
    }

    /// The members, in order.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = Member<'_>> {
        self.members.iter().map(|member| Member {
            name: unquote(member.name.of(self.text.as_ref())),
            value: self.value(member),
        })
    }

    /// The value of a member.
    pub fn get(&self, name: &str) -> Option<ValueRef<'_>> {
        self.find(name).map(|i| self.value(&self.members[i]))
    }

    /// The values of several members, found in one pass.
    pub(crate) fn get_each<const N: usize>(
        &self,
        names: &[Name<'_>; N],
    ) -> [Option<ValueRef<'_>>; N] {
        let (mut values, text) = ([None; N], self.text.as_ref());
        for member in &self.members {
            if let Some(i) = names.iter().position(|name| member.is_named(text, *name)) {
                values[i] = Some(self.value(member));
            }
        }
        values
    }

    fn value(&self, member: &MemberSpan) -> ValueRef<'_> {
        Value::checked(member.value.of(self.text.as_ref()))
    }

    fn find(&self, name: &str) -> Option<usize> {
        let name = Name::new(name);
        self.members.iter().position(|member| member.is_named(self.text.as_ref(), name))
    }

    /// Removes a member. The others keep their order.
    pub fn remove(&mut self, name: &str) {
        if let Some(i) = self.find(name) {
            self.members.remove(i);
            self.is_whole = false;
        }
    }

    /// The object's text, without white space between its tokens.
    pub fn text(&self) -> Cow<'_, str> {
        let all = self.text.as_ref();
        if self.is_whole && !self.has_spaces {
            return Cow::Borrowed(all);
        }
        let mut text = String::with_capacity(all.len() + 2);
        text.push('{');
        for (i, member) in self.members.iter().enumerate() {
            if i > 0 {
                text.push(',');
            }
            text.push_str(member.name.of(all));
            text.push(':');
            text.push_str(member.value.of(all));
        }
        text.push('}');
        Cow::Owned(if self.has_spaces { respaced(&text, Layout::Compact) } else { text })
    }

    /// The object as a value, without white space between its tokens.
    pub fn to_value(&self) -> Value {
        Value::checked(self.text().into_owned())
    }
}

/// Objects with the same text, white space aside, are equal.
impl<T: AsRef<str>> PartialEq for Object<T> {
    fn eq(&self, other: &Self) -> bool {
        self.text() == other.text()
    }
}

impl<T: AsRef<str>> Eq for Object<T> {}

impl<T: AsRef<str>> Value<T> {
    /// The members of an object value; `None` for any other value.
    pub(crate) fn as_object(&self) -> Option<Object<&str>> {
        Value::checked(self.text()).into_object()
    }
}

impl<'a> ValueRef<'a> {
    /// The members of an object value, which borrow from its text; `None` for any other value.
    pub(crate) fn into_object(self) -> Option<Object<&'a str>> {
        self.text().starts_with('{').then(|| Object::scanned(self.into_text()).ok())?
    }
}

/// A name or JSON Pointer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Selector {
    /// As the user wrote it.
    pub text: String,
    /// The names and indices that lead to the value, unescaped.
    pub path: Vec<String>,
}

impl Selector {
    /// The JSON Pointer (RFC 6901) to the value.
    pub(crate) fn pointer(&self) -> String {
        self.path.iter().fold(String::new(), |mut pointer, name| {
            push_pointer(&mut pointer, name);
            pointer
        })
    }

    /// The value that it selects.
    pub(crate) fn find(&self, object: &Object) -> Option<Value> {
        let (first, rest) = self.path.split_first()?;
        object.get(first)?.at(rest).map(ValueRef::to_value)
    }
}

/// Appends a name or index to a JSON Pointer.
pub(crate) fn push_pointer(pointer: &mut String, name: &str) {
    pointer.push('/');
    for c in name.chars() {
        match c {
            '~' => pointer.push_str("~0"),
            '/' => pointer.push_str("~1"),
            c => pointer.push(c),
        }
    }
}

impl Object {
    /// The paths of its members and of their members, to suggest one of them: at most 500, and no long names.
    pub fn paths(&self) -> Vec<Vec<String>> {
        const MOST: usize = 500;
        const LONGEST: usize = 64;
        let is_short = |member: &Member<'_>| member.name.len() <= LONGEST;
        let mut paths = Vec::new();
        for member in self.iter().filter(is_short) {
            if paths.len() >= MOST {
                break;
            }
            let name = member.name.into_owned();
            paths.push(vec![name.clone()]);
            let inner = member.value.as_object().unwrap_or_default();
            let below = |inner: Member<'_>| vec![name.clone(), inner.name.into_owned()];
            paths.extend(inner.iter().filter(is_short).take(MOST - paths.len()).map(below));
        }
        paths
    }
}
