//! What is said of a text that is no token. A piece of it may be shown, never the whole.

use super::{Explanation, shown};
use crate::json::{JsonError, Value};
use crate::token::{Base64Fault, Malformed, Part};

pub(super) fn malformed(malformed: &Malformed) -> Explanation {
    match malformed {
        Malformed::Empty => {
            Explanation::new("token-empty", "there is no token: the input is empty")
                .hint("was the variable set, and did the command before the pipe print anything?")
        }
        Malformed::NotText { at } => Explanation::new(
            "token-not-text",
            format!("the token is not text: byte {at} is not UTF-8"),
        ),
        Malformed::TooLarge => {
            Explanation::new("token-too-large", "the token is larger than 16 MiB")
        }
        Malformed::WhiteSpace { at, tokens } => {
            let hint = match tokens {
                2.. => format!("this looks like {tokens} tokens: give one at a time"),
                _ => "was it wrapped? Join its lines: tr -d '\\n'".to_owned(),
            };
            let message = format!("the token has white space inside (byte {at})");
            Explanation::new("token-white-space", message).hint(hint)
        }
        Malformed::Parts { found: 5 } => Explanation::new(
            "token-encrypted",
            "this is an encrypted token (JWE): it has five parts",
        )
        .hint("jwtctl handles signed tokens (JWS), which have three"),
        Malformed::Parts { found } => Explanation::new(
            "token-parts",
            format!("a token has three parts separated by dots; this text has {found}"),
        )
        .hint(if *found < 3 { "was it cut?" } else { "is it more than one token?" }),
        Malformed::Base64 { part, at, fault } => base64(*part, *at, fault),
        Malformed::Json { part, error } => json(*part, error),
    }
}

fn base64(part: Part, at: usize, fault: &Base64Fault) -> Explanation {
    let said = |message: String| Explanation::new("token-base64", message);
    match fault {
        Base64Fault::Padding => said(format!("the {part} is padded with '=' (byte {at})"))
            .hint("tokens are base64url without padding (RFC 7515 section 2)"),
        Base64Fault::Stray(c @ ('+' | '/')) => said(format!(
            "the {part} has the character '{c}' (byte {at}), which is not base64url"
        ))
        .hint("it seems to be in the standard base64 alphabet: '-' and '_' stand for '+' and '/'"),
        Base64Fault::Stray(c) => said(format!(
            "the {part} has the character {} (byte {at}), which is not base64url",
            shown(&Value::string(&c.to_string()))
        )),
        Base64Fault::Length => {
            said(format!("the {part} has one character too many or too few (it has {at})"))
                .hint("was it cut?")
        }
        Base64Fault::TrailingBits => {
            said(format!("the {part} ends in a character that it cannot end in (byte {at})"))
                .hint("was it cut, or altered?")
        }
    }
}

fn json(part: Part, error: &JsonError) -> Explanation {
    let code = match error {
        JsonError::Duplicate { .. } => "duplicate-member",
        JsonError::TooDeep => "too-deep",
        JsonError::Empty
        | JsonError::NotUtf8 { .. }
        | JsonError::Syntax { .. }
        | JsonError::LoneSurrogate
        | JsonError::NotAnObject { .. } => "not-json",
    };
    let said = Explanation::new(code, format!("the {part} {error}"));
    match (part, error) {
        (_, JsonError::Duplicate { .. }) => {
            said.hint("readers disagree on which of the two counts, so neither is trusted")
        }
        (Part::Payload, JsonError::Syntax { .. } | JsonError::NotAnObject { .. }) => {
            said.hint("jwtctl verify --raw checks a payload of any kind")
        }
        _ => said,
    }
}
