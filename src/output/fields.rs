//! The values of several `--get`, on one line between tabs, as `jq -r @tsv` writes them.

use super::terminal::for_terminal;
use crate::json::{Layout, Value, respaced};

/// The line, without its end. A value that does not exist is empty, and so is null. Objects and arrays are compact JSON.
pub(super) fn line(fields: &[Option<Value>], is_for_terminal: bool) -> String {
    let shown = |field: &Option<Value>| {
        let text = escaped(&field.as_ref().map(text).unwrap_or_default());
        if is_for_terminal { for_terminal(&text) } else { text }
    };
    fields.iter().map(shown).collect::<Vec<_>>().join("\t")
}

fn text(value: &Value) -> String {
    match value.text() {
        "null" => String::new(),
        text => value.as_string().unwrap_or_else(|| respaced(text, Layout::Compact)),
    }
}

/// Text without what would end a value or a line.
fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '\t' | '\n' | '\r' | '\\' => escaped.extend(c.escape_default()),
            c => escaped.push(c),
        }
    }
    escaped
}
