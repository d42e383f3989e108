//! Which member of an object a user asks for: by its name, or by a JSON Pointer (RFC 6901).

use super::object::{Member, Object};
use super::value::{Value, ValueRef};

/// A name or JSON Pointer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Selector {
    /// As the user wrote it.
    pub text: String,
    /// The names and indices that lead to the value, unescaped.
    pub path: Vec<String>,
}

impl Selector {
    /// The value that it selects.
    pub(crate) fn find(&self, object: &Object) -> Option<Value> {
        let (first, rest) = self.path.split_first()?;
        object.get(first)?.at(rest).map(ValueRef::to_value)
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
