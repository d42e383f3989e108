//! A JSON value as valid text: its own text, or a part of a larger one.

use std::borrow::Cow;

use super::error::{JsonError, cut, quote};
use super::scan::scan;
use super::tokens::{Tokens, is_space, unquote};

/// A JSON value as text that has been checked: UTF-8, valid JSON, unique names, bounded depth.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Value<T = String>(T);

/// A value that is part of another text.
pub type ValueRef<'a> = Value<&'a str>;

impl Value {
    /// Parses a value of any kind.
    ///
    /// # Errors
    /// Any [`JsonError`] but `NotAnObject`.
    pub fn parse(text: &[u8]) -> Result<Self, JsonError> {
        let text = std::str::from_utf8(text).map_err(|e| JsonError::NotUtf8(e.valid_up_to()))?;
        let text = trimmed(text)?;
        scan(text, Vec::new())?;
        Ok(Self(text.to_owned()))
    }

    /// A string with this text.
    pub fn string(text: &str) -> Self {
        Self(quote(text))
    }

    pub(crate) fn strings(texts: &[String]) -> Self {
        Self::array(&texts.iter().map(|text| Self::string(text)).collect::<Vec<_>>())
    }

    pub(crate) fn array(values: &[Value]) -> Self {
        let texts: Vec<_> = values.iter().map(Value::text).collect();
        Self(format!("[{}]", texts.join(",")))
    }
}

impl<'a> ValueRef<'a> {
    /// The text; it borrows from the text that it is part of.
    pub(crate) fn into_text(self) -> &'a str {
        self.0
    }

    /// The characters of a string, copied only if it has escapes; `None` for any other value.
    pub(crate) fn into_string(self) -> Option<Cow<'a, str>> {
        self.0.starts_with('"').then(|| unquote(self.0))
    }

    /// The tokens of its text.
    pub(crate) fn into_tokens(self) -> Tokens<'a> {
        Tokens { rest: self.0 }
    }

    /// The items of an array, which borrow from its text; `None` for any other value.
    pub(crate) fn into_items(self) -> Option<impl Iterator<Item = ValueRef<'a>> + Clone> {
        let mut tokens = Tokens { rest: self.0.strip_prefix('[')? };
        Some(std::iter::from_fn(move || {
            let item = tokens.rest.trim_start_matches(|c| c == ',' || is_space(c));
            tokens.rest = item;
            let mut depth = 0_usize;
            loop {
                match tokens.next()? {
                    "{" | "[" => depth += 1,
                    "}" | "]" => depth = depth.checked_sub(1)?,
                    _ => {}
                }
                if depth == 0 {
                    return Some(Value(&item[..item.len() - tokens.rest.len()]));
                }
            }
        }))
    }

    /// The value with a copy of its text.
    pub fn to_value(self) -> Value {
        Value(self.0.to_owned())
    }
}

impl<T: AsRef<str>> Value<T> {
    /// The value of a text that is known to be valid.
    pub(crate) fn checked(text: T) -> Self {
        Self(text)
    }

    /// The text, as it was spelled.
    pub fn text(&self) -> &str {
        self.0.as_ref()
    }

    /// What kind of value this is, in words: "a string", "an array", …
    pub(crate) fn kind(&self) -> &'static str {
        match self.text().as_bytes()[0] {
            b'{' => "an object",
            b'[' => "an array",
            b'"' => "a string",
            b't' | b'f' => "a boolean",
            b'n' => "null",
            _ => "a number",
        }
    }

    /// The text of a string, unescaped; `None` for any other value.
    pub fn as_string(&self) -> Option<String> {
        Value(self.text()).into_string().map(Cow::into_owned)
    }

    /// The number; `None` for any other value.
    pub(crate) fn as_number(&self) -> Option<Number> {
        let is_number = self.text().starts_with(|c: char| c == '-' || c.is_ascii_digit());
        is_number.then(|| Number::of(self.text()))
    }

    /// The items of an array; `None` for any other value.
    pub(crate) fn items(&self) -> Option<impl Iterator<Item = ValueRef<'_>> + Clone> {
        Value(self.text()).into_items()
    }

    /// The value that a JSON Pointer (RFC 6901) leads to, given its unescaped reference tokens.
    pub fn at(&self, path: &[String]) -> Option<ValueRef<'_>> {
        path.iter().try_fold(Value(self.text()), |value, token| match value.into_object() {
            Some(object) => object.get_borrowed(token),
            None => value.into_items()?.nth(array_index(token)?),
        })
    }

    /// Whether two values mean the same: members in any order, strings by their characters, numbers by their exact
    /// value (`1.10` is `1.1`, `1E2` is `100`).
    pub fn same_as(&self, other: &Value<impl AsRef<str>>) -> bool {
        if let (Some(a), Some(b)) = (self.as_object(), other.as_object()) {
            return a.iter().len() == b.iter().len()
                && a.iter().all(|member| {
                    b.get(&member.name).is_some_and(|other| member.value.same_as(&other))
                });
        }
        if let (Some(a), Some(b)) = (self.items(), other.items()) {
            let are_as_many = a.clone().count() == b.clone().count();
            return are_as_many && a.zip(b).all(|(a, b)| a.same_as(&b));
        }
        match (self.as_string(), other.as_string(), self.as_number(), other.as_number()) {
            (Some(a), Some(b), ..) => a == b,
            (.., Some(a), Some(b)) => a == b,
            _ => self.text() == other.text(),
        }
    }

    /// The value for a message or report: itself, or its kind and size if it is too large to read.
    pub fn evidence(&self) -> Value {
        const LONGEST: usize = 64 * 1024;
        const SHOWN: usize = 1024;
        let text = self.text();
        if text.len() <= LONGEST {
            Value(text.to_owned())
        } else if let Some(items) = self.items() {
            Value(format!("[\"({} items)\"]", items.count()))
        } else if let Some(object) = self.as_object() {
            Value(format!("{{\"({} members)\":null}}", object.iter().len()))
        } else if let Some(string) = self.as_string() {
            Value::string(&cut(&string, SHOWN))
        } else {
            Value(text.to_owned())
        }
    }
}

/// Text without the white space around it.
pub(super) fn trimmed(text: &str) -> Result<&str, JsonError> {
    if text.bytes().all(|b| b.is_ascii_whitespace()) {
        return Err(JsonError::Empty);
    }
    Ok(text.trim_matches(is_space))
}

/// RFC 6901 section 4: digits without a leading zero.
fn array_index(token: &str) -> Option<usize> {
    let canonical = token == "0" || !token.starts_with('0');
    (canonical && token.bytes().all(|b| b.is_ascii_digit())).then(|| token.parse().ok())?
}

/// `±digits × 10^exponent`, in one form for each value: the digits have no leading or trailing zeros, and zero has no
/// digits, no sign and the exponent 0.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Number {
    pub is_negative: bool,
    pub digits: String,
    exponent: String,
}

impl Number {
    /// The value of a valid JSON number.
    pub(super) fn of(checked: &str) -> Self {
        let (mantissa, exponent) = checked.split_once(['e', 'E']).unwrap_or((checked, "0"));
        let magnitude = mantissa.trim_start_matches('-');
        let (whole, fraction) = magnitude.split_once('.').unwrap_or((magnitude, ""));
        let all = format!("{whole}{fraction}");
        let significant = all.trim_end_matches('0');
        let digits = significant.trim_start_matches('0').to_owned();
        if digits.is_empty() {
            return Self { is_negative: false, digits, exponent: "0".to_owned() };
        }
        let length = |text: &str| i64::try_from(text.len()).unwrap_or(i64::MAX);
        let moved = length(&all) - length(significant) - length(fraction);
        Self { is_negative: mantissa.starts_with('-'), digits, exponent: sum(exponent, moved) }
    }

    /// The exponent, capped at the bounds of an `i64`.
    pub(crate) fn exponent(&self) -> i64 {
        let cap = if self.exponent.starts_with('-') { i64::MIN } else { i64::MAX };
        self.exponent.parse().unwrap_or(cap)
    }
}

/// An exponent of any size plus a number no larger than the length of a text.
fn sum(exponent: &str, addend: i64) -> String {
    if let Some(sum) =
        exponent.parse().ok().and_then(|number: i128| number.checked_add(addend.into()))
    {
        return sum.to_string();
    }
    // Beyond an i128, the addend cannot change the sign.
    let sign = if exponent.starts_with('-') { "-" } else { "" };
    let mut carry = if sign.is_empty() { addend } else { -addend };
    let mut reversed = Vec::with_capacity(exponent.len() + 1);
    for digit in exponent.trim_start_matches(['+', '-', '0']).chars().rev() {
        carry += digit.to_digit(10).map_or(0, i64::from);
        let digit = u32::try_from(carry.rem_euclid(10)).ok();
        reversed.extend(digit.and_then(|digit| char::from_digit(digit, 10)));
        carry = carry.div_euclid(10);
    }
    let digits: String = reversed.iter().rev().collect();
    let digits = format!("{carry}{digits}");
    format!("{sign}{}", digits.trim_start_matches('0'))
}
