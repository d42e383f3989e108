//! What is said about a malformed token when its text tells no more.

use crate::explain::codes::Code;
use crate::explain::explanation::Explanation;
use crate::explain::names::flag;
use crate::json::JsonError;
use crate::token::{Base64Fault, Malformed, Part};

pub(in crate::explain) fn malformed(fault: &Malformed) -> Explanation {
    let (code, hint) = match fault {
        Malformed::Empty => (
            Code::TokenEmpty,
            "was the variable set, and did the command before the pipe print anything?",
        ),
        Malformed::NotText(_) => (Code::TokenNotText, ""),
        Malformed::TooLarge => (Code::TokenTooLarge, ""),
        Malformed::WhiteSpace { tokens: tokens @ 2.., .. } => (
            Code::TokenWhiteSpace,
            &*format!("this looks like {tokens} tokens: --batch takes a file with one a line"),
        ),
        Malformed::WhiteSpace { .. } => (
            Code::TokenWhiteSpace,
            "a token has no white space: was it wrapped, or is it something else?",
        ),
        Malformed::Parts(..3) => (Code::TokenParts, "was it cut?"),
        Malformed::Parts(_) => (Code::TokenParts, "is it more than one token?"),
        Malformed::Base64 { fault, .. } => (Code::TokenBase64, base64_hint(fault)),
        Malformed::Json { part, error } => json(*part, error),
    };
    let said = Explanation::new(code, fault.to_string());
    if hint.is_empty() { said } else { said.hint(hint) }
}

fn base64_hint(fault: &Base64Fault) -> &'static str {
    match fault {
        Base64Fault::Padding => "tokens are base64url without padding (RFC 7515 section 2)",
        Base64Fault::Stray('+' | '/') => {
            "it seems to be in the standard base64 alphabet: '-' and '_' stand for '+' and '/'"
        }
        Base64Fault::Stray(_) => "",
        Base64Fault::Length => "was it cut?",
        Base64Fault::TrailingBits => "was it cut, or altered?",
    }
}

fn json(part: Part, error: &JsonError) -> (Code, &'static str) {
    match error {
        JsonError::Duplicate { .. } => (
            Code::DuplicateMember,
            "readers disagree on which of the two counts, so neither is trusted",
        ),
        JsonError::TooDeep => (Code::TooDeep, ""),
        JsonError::Syntax { .. } | JsonError::NotAnObject { .. } if part == Part::Payload => {
            (Code::NotJson, "jwtctl verify --raw checks a payload of any kind")
        }
        _ => (Code::NotJson, ""),
    }
}

/// What is said where a padded token is shown.
pub(crate) fn shown_padded() -> Explanation {
    let message = "the token is padded with '=', which a JWT must not be (RFC 7515 section 2)";
    Explanation::new(Code::TokenBase64, message).hint(
        "verify rejects it without --allow-padding, which is for signers that sign the padding, as AWS load balancers do",
    )
}

/// What is said about the name of a file in a token's place.
pub(crate) fn file_as_token(verb: &str, path: Option<&str>) -> Explanation {
    let flag = path.and_then(|path| flag("--token-file", path));
    let flag = flag.unwrap_or_else(|| "--token-file FILE".to_owned());
    Explanation::new(Code::TokenIsFile, "this is a file name, not a token")
        .hint(format!("to read the token from the file: jwtctl {verb} {flag}"))
}

/// What is said about a variable that holds no token.
pub(crate) fn none_in_variable(name: Option<&str>, is_set: bool) -> Explanation {
    let said = |message: String| Explanation::new(Code::TokenEmpty, message);
    match (name, is_set) {
        (Some(name), true) => said(format!("there is no token: the variable {name} is empty")),
        (Some(name), false) => said(format!("there is no token: the variable {name} is not set"))
            .hint(format!("a shell variable must be exported: export {name}")),
        (None, _) => said(
            "--token-env: no variable has this name (not shown: it may be a token)".to_owned(),
        )
        .hint("--token-env takes the name of a variable that holds the token: --token-env TOKEN"),
    }
}
