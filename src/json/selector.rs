//! Which member of an object a user asks for: by its name, or by a JSON Pointer (RFC 6901).

use super::{Object, Value, ValueRef};

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
        let short = |object: &Self| {
            let short = object.iter().filter(|member| member.name.len() <= LONGEST);
            short.take(MOST).map(|member| member.name.into_owned()).collect::<Vec<_>>()
        };
        let mut paths = Vec::new();
        for name in short(self) {
            paths.push(vec![name.clone()]);
            let inner = self.get(&name).and_then(|value| value.as_object()).unwrap_or_default();
            paths.extend(short(&inner).into_iter().map(|below| vec![name.clone(), below]));
            paths.truncate(MOST);
        }
        paths
    }
}
