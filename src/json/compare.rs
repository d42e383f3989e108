//! Whether two values mean the same, whatever their spelling.

use super::tokens::unquote;
use super::value::{Value, entries};

impl<T: AsRef<str>> Value<T> {
    /// Whether two values mean the same: members in any order, strings by their characters, numbers by their exact
    /// value (`1.10` is `1.1`, `1E2` is `100`).
    pub fn same_as(&self, other: &Value<impl AsRef<str>>) -> bool {
        if let (Some(a), Some(b)) = (self.as_object(), other.as_object()) {
            let is_in_b = |(name, value): (&str, &str)| {
                b.get(&unquote(name)).is_some_and(|other| Value::checked(value).same_as(&other))
            };
            return a.iter().len() == b.iter().len() && entries(self.text()).all(is_in_b);
        }
        if let (Some(mut a), Some(mut b)) = (self.items(), other.items()) {
            loop {
                match (a.next(), b.next()) {
                    (None, None) => return true,
                    (Some(a), Some(b)) if a.same_as(&b) => {}
                    _ => return false,
                }
            }
        }
        match (self.as_string(), other.as_string(), self.as_number(), other.as_number()) {
            (Some(a), Some(b), ..) => a == b,
            (.., Some(a), Some(b)) => a == b,
            _ => self.text() == other.text(),
        }
    }
}
