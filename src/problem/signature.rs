//! What is said of a signature that is not accepted: the header's faults, keys that do not fit, a mismatch.

use super::{Code, Explanation, listed_names, named, shown};
use crate::json::{Value, cut, quote};
use crate::keys::{Origin, listed};
use crate::signature::{Misfit, Refusal, WhyNot};
use crate::token::HeaderFault;

pub(super) fn explain(origin: &Origin, refusal: &Refusal) -> Explanation {
    match refusal {
        Refusal::Header(fault) => header(fault),
        Refusal::Unsecured => {
            Explanation::new(Code::Unsecured, "the token is unsecured: its \"alg\" is \"none\"")
                .hint("anyone can write such a token; have the issuer sign it")
                .about("alg")
        }
        Refusal::NotServed { alg, key, serves } => {
            let hint = match serves.iter().find(|own| alg.eq_ignore_ascii_case(own.name())) {
                Some(own) => format!(
                    "names are case-sensitive (RFC 7515 section 4.1.1): the signer must write \"{own}\""
                ),
                None => format!("the key serves {}; is it the right key?", listed(serves)),
            };
            let alg = Value::string(alg);
            Explanation::new(
                Code::AlgNotServed,
                format!(
                    "the token's \"alg\" is {}, which the {key} ({origin}) does not serve",
                    shown(&alg)
                ),
            )
            .hint(hint)
            .about("alg")
            .compared(Some(names(serves.iter().map(|alg| alg.name()))), Some(alg))
        }
        Refusal::NotAllowed { alg, allowed } => Explanation::new(
            Code::AlgNotAllowed,
            format!("the token's \"alg\" is {alg}, and --alg allows only {}", listed(allowed)),
        )
        .about("alg")
        .compared(
            Some(names(allowed.iter().map(|alg| alg.name()))),
            Some(Value::string(alg.name())),
        ),
        Refusal::UnknownKid { kid, known, count } => unknown_kid(origin, kid, known, *count),
        Refusal::NoneFits { alg, kid, keys, count } => {
            none_fits(origin, alg, kid.as_deref(), keys, *count)
        }
        Refusal::RepeatedKid { kid, count } => Explanation::new(
            Code::RepeatedKid,
            format!("{origin} holds {count} keys with the token's kid {}", named(kid)),
        )
        .hint("each key of a set needs a kid of its own")
        .about("kid"),
        Refusal::Mismatch { length: 0, .. } => Explanation::new(
            Code::BadSignature,
            "the token has no signature: its third part is empty",
        )
        .hint("was it cut?"),
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
                Code::BadSignature,
                format!("the signature does not match: checked as {alg} with {with}"),
            )
            .hint("the token was signed with another key, or changed after it was signed")
            .evidence(listed.iter().map(line))
        }
    }
}

fn unknown_kid(origin: &Origin, kid: &str, known: &[String], count: usize) -> Explanation {
    let message = format!("the token's \"kid\" is {}, and {origin} has no such key", named(kid));
    Explanation::new(Code::KidUnknown, message)
        .hint(if known.is_empty() {
            "none of its keys has a kid".to_owned()
        } else {
            format!("it has {}", listed_names(known, count))
        })
        .about("kid")
        .compared(Some(Value::strings(known)), Some(Value::string(&cut(kid, 120))))
}

fn none_fits(
    origin: &Origin,
    alg: &str,
    kid: Option<&str>,
    keys: &[Misfit],
    count: usize,
) -> Explanation {
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
    Explanation::new(Code::AlgNotServed, format!("{which} the token's \"alg\" {}", shown(&alg)))
        .about("alg")
        .compared(None, Some(alg))
        .evidence_of(keys.iter().map(line), count)
}

fn header(fault: &HeaderFault) -> Explanation {
    match fault {
        HeaderFault::NoAlg => Explanation::new(Code::AlgMissing, "the header has no \"alg\"")
            .hint("the signer must name the algorithm (RFC 7515 section 4.1.1)")
            .about("alg"),
        HeaderFault::WrongType { name, expected, actual } => Explanation::new(
            Code::HeaderType,
            format!("the header's {} must be {expected}; it is {}", quote(name), shown(actual)),
        )
        .about(name)
        .compared(None, Some(actual.clone())),
        HeaderFault::Critical { names: critical } => {
            let listed = names(critical.iter().map(String::as_str));
            Explanation::new(
                Code::Crit,
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
            Code::B64,
            "the header says \"b64\": false: the payload is not encoded (RFC 7797)",
        )
        .hint("a JWT is always encoded (RFC 7797 section 7)")
        .about("b64"),
    }
}

fn names<'a>(names: impl Iterator<Item = &'a str>) -> Value {
    Value::strings(&names.map(str::to_owned).collect::<Vec<_>>())
}
