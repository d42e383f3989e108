//! Which member of an object a user asks for: by its name, or by a JSON Pointer (RFC 6901).

use super::{Member, Object, Value, ValueRef};

/// A name or pointer, and where it leads.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Selector {
    /// The name or pointer as it was given.
    pub text: String,
    /// The names and indices that lead to it.
    pub path: Vec<String>,
}

impl Selector {
    /// The value that it leads to.
    #[must_use]
    pub fn find(&self, object: &Object) -> Option<Value> {
        let (first, rest) = self.path.split_first()?;
        object.get(first)?.at(rest).map(ValueRef::to_value)
    }
}

impl Object {
    /// The names of its members, and of the members of those: so many, and so long, as people's are.
    #[must_use]
    pub fn paths(&self) -> Vec<Vec<String>> {
        const MOST: usize = 500;
        const LONGEST: usize = 64;
        fn short(object: &Object) -> impl Iterator<Item = Member<'_>> {
            object.iter().filter(|member| member.name.len() <= LONGEST)
        }
        let mut paths = Vec::new();
        for member in short(self) {
            if paths.len() >= MOST {
                break;
            }
            let name = member.name.into_owned();
            paths.push(vec![name.clone()]);
            let inner = member.value.as_object().unwrap_or_default();
            let below = |inner: Member<'_>| vec![name.clone(), inner.name.into_owned()];
            paths.extend(short(&inner).take(MOST - paths.len()).map(below));
        }
        paths
    }
}
