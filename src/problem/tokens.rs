//! What is said of a text that is no token, and of a signature that is not accepted.
//! A piece of the token may be shown, never the whole.

use super::{Explanation, LISTED, listed_names, named, shown};
use crate::json::{JsonError, Value, quote};
use crate::keys::{Origin, listed};
use crate::signature::{Misfit, Refusal, WhyNot};
use crate::token::{Base64Fault, HeaderFault, Malformed, Part};

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

pub(super) fn refusal(origin: &Origin, refusal: &Refusal) -> Explanation {
    match refusal {
        Refusal::Header(fault) => header(fault),
        Refusal::Unsecured => {
            Explanation::new("unsecured", "the token is unsecured: its \"alg\" is \"none\"")
                .hint("anyone can write such a token; have the issuer sign it")
                .about("alg")
        }
        Refusal::NotServed { alg, key, serves } => {
            let alg = Value::string(alg);
            Explanation::new(
                "alg-not-served",
                format!(
                    "the token's \"alg\" is {}, which the {key} ({origin}) does not serve",
                    shown(&alg)
                ),
            )
            .hint(format!("the key serves {}; is it the right key?", listed(serves)))
            .about("alg")
            .compared(Some(names(serves.iter().map(|alg| alg.name()))), Some(alg))
        }
        Refusal::NotAllowed { alg, allowed } => Explanation::new(
            "alg-not-allowed",
            format!("the token's \"alg\" is {alg}, and --alg allows only {}", listed(allowed)),
        )
        .about("alg")
        .compared(
            Some(names(allowed.iter().map(|alg| alg.name()))),
            Some(Value::string(alg.name())),
        ),
        Refusal::UnknownKid { kid, known } => unknown_kid(origin, kid, known),
        Refusal::NoneFits { alg, kid, keys } => none_fits(origin, alg, kid.as_deref(), keys),
        Refusal::RepeatedKid { kid, count } => Explanation::new(
            "repeated-kid",
            format!("{origin} holds {count} keys with the token's kid {}", named(kid)),
        )
        .hint("each key of a set needs a kid of its own")
        .about("kid"),
        Refusal::Mismatch { length: 0, .. } => {
            Explanation::new("bad-signature", "the token has no signature: its third part is empty")
                .hint("was it cut?")
        }
        Refusal::Mismatch { alg, keys, .. } => {
            let with = match &keys[..] {
                [(None, kind)] => format!("the {kind} ({origin})"),
                [(Some(name), kind)] => format!("{name} of {origin} ({kind})"),
                keys => format!("each of the {} keys that serve it ({origin})", keys.len()),
            };
            let line = |(name, kind): &(Option<String>, String)| {
                format!("{} ({kind})", name.as_deref().unwrap_or("the key"))
            };
            let listed = if keys.len() > 1 { &keys[..] } else { &[] };
            Explanation::new(
                "bad-signature",
                format!("the signature does not match: checked as {alg} with {with}"),
            )
            .hint("the token was signed with another key, or changed after it was signed")
            .evidence(listed.iter().map(line))
        }
    }
}

fn unknown_kid(origin: &Origin, kid: &str, known: &[String]) -> Explanation {
    let message = format!("the token's \"kid\" is {}, and {origin} has no such key", named(kid));
    Explanation::new("kid-unknown", message)
        .hint(if known.is_empty() {
            "none of its keys has a kid".to_owned()
        } else {
            format!("it has {}", listed_names(known))
        })
        .about("kid")
        .compared(Some(Value::strings(&known[..known.len().min(LISTED)])), Some(Value::string(kid)))
}

fn none_fits(origin: &Origin, alg: &str, kid: Option<&str>, keys: &[Misfit]) -> Explanation {
    let which = match kid {
        Some(kid) => format!("the key {} of {origin} does not serve", named(kid)),
        None => format!("no key of {origin} serves"),
    };
    let alg = Value::string(alg);
    let line = |misfit: &Misfit| match &misfit.why {
        WhyNot::Serves { key, serves } => {
            format!("{} ({key}) serves {}", misfit.name, listed(serves))
        }
        WhyNot::Unusable(error) => super::keys::line(Some(&misfit.name), error),
    };
    Explanation::new("alg-not-served", format!("{which} the token's \"alg\" {}", shown(&alg)))
        .about("alg")
        .compared(None, Some(alg))
        .evidence(keys.iter().map(line))
}

fn header(fault: &HeaderFault) -> Explanation {
    match fault {
        HeaderFault::NoAlg => {
            Explanation::new("alg-missing", "the header has no \"alg\"").about("alg")
        }
        HeaderFault::WrongType { name, expected, actual } => Explanation::new(
            "header-type",
            format!("the header's {} must be {expected}; it is {}", quote(name), shown(actual)),
        )
        .about(name)
        .compared(None, Some(actual.clone())),
        HeaderFault::Critical { names: critical } => {
            let listed = names(critical.iter().map(String::as_str));
            Explanation::new(
                "crit",
                format!(
                    "the header demands extensions that jwtctl does not know: {}",
                    shown(&listed)
                ),
            )
            .hint("a token with an unknown \"crit\" must be refused (RFC 7515 section 4.1.11)")
            .about("crit")
            .compared(None, Some(listed))
        }
        HeaderFault::UnencodedPayload => Explanation::new(
            "b64",
            "the header says \"b64\": false: the payload is not encoded (RFC 7797)",
        )
        .hint("a JWT is always encoded (RFC 7797 section 7)")
        .about("b64"),
    }
}

fn names<'a>(names: impl Iterator<Item = &'a str>) -> Value {
    Value::strings(&names.map(str::to_owned).collect::<Vec<_>>())
}
