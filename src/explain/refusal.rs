//! Explains why a signature is not accepted: a fault in the header, no suitable key, or a mismatch.

use super::codes::Code;
use super::explanation::{Explanation, listed_names, named, shown};
use super::names::nearest;
use crate::crypto::Refusal;
use crate::json::{Value, cut};
use crate::keys::{Algorithm, KeyError, KeyType, Origin, listed};
use crate::token::HeaderFault;

/// What a refused signature would have matched, or what else is wrong with it, and what to do about it.
#[derive(Debug, Clone)]
pub struct Cause {
    evidence: String,
    hint: String,
}

impl Cause {
    pub(super) fn new(evidence: impl Into<String>, hint: impl Into<String>) -> Self {
        Self { evidence: evidence.into(), hint: hint.into() }
    }

    /// Adds the cause to the explanation of a refusal.
    pub(super) fn add_to(&self, explanation: &mut Explanation, refusal: &Refusal) {
        let replaced = explanation.hint.replace(self.hint.clone());
        // The list of existing keys is still useful.
        let listed = replaced.filter(|_| matches!(refusal, Refusal::UnknownKid { .. }));
        explanation.evidence.push(self.evidence.clone());
        explanation.evidence.extend(listed);
    }
}

pub(super) fn explain(origin: &Origin, refusal: &Refusal) -> Explanation {
    match refusal {
        Refusal::Header(fault) => header(fault),
        Refusal::Unsecured => Explanation::new(Code::Unsecured, refusal.to_string())
            .hint("anyone can write such a token; have the issuer sign it")
            .about("alg"),
        Refusal::NotSupported { alg, key, supports } => {
            let message = format!(
                "the token's \"alg\" is {}, which the {key} ({origin}) does not support",
                named(alg)
            );
            Explanation::new(Code::AlgNotServed, message)
                .hint(what_checks(alg, supports).unwrap_or_else(|| {
                    format!("the key supports {}; is it the right key?", listed(supports))
                }))
                .about("alg")
                .compared(Some(names(supports)), Some(Value::string(alg)))
        }
        Refusal::NotAllowed { alg, allowed } => {
            let message =
                format!("the token's \"alg\" is {alg}, and --alg allows only {}", listed(allowed));
            Explanation::new(Code::AlgNotAllowed, message)
                .about("alg")
                .compared(Some(names(allowed)), Some(Value::string(alg.name())))
        }
        Refusal::UnknownKid { kid, known, count } => unknown_kid(origin, kid, known, *count),
        Refusal::NoneFits { alg, kid, keys, count } => {
            none_fits(origin, alg, kid.as_deref(), keys, *count)
        }
        Refusal::RepeatedKid { kid, count } => {
            let holds = match origin {
                Origin::Several => format!("{count} of your keys have"),
                origin => format!("{origin} holds {count} keys with"),
            };
            let message = format!("{holds} the token's kid {}", named(kid));
            Explanation::new(Code::RepeatedKid, message)
                .hint("each key of a set needs a kid of its own")
                .about("kid")
        }
        Refusal::Untried { alg, tried, untried } => Explanation::new(
            Code::KeysUntried,
            format!(
                "{tried} {} were tried as {} and none matches; {untried} more were not tried",
                keys_of(origin),
                named(alg)
            ),
        )
        .hint("the token names no key, and trying all of them would take too long: pass only its key, or a smaller set"),
        Refusal::Chain(fault) => super::chain::explain(origin, fault),
        Refusal::TooLong { .. } => Explanation::new(Code::TokenTooLarge, refusal.to_string())
            .hint("with another algorithm, a payload may have any size"),
        Refusal::Mismatch { length: 0, .. } => {
            let message = "the token has no signature: its third part is empty";
            Explanation::new(Code::BadSignature, message).hint("was it cut?")
        }
        Refusal::Mismatch { alg, keys, .. } => mismatch(origin, *alg, keys),
    }
}

/// What several keys are called: those of one origin by its name, those of several sources without it.
fn keys_of(origin: &Origin) -> String {
    match origin {
        Origin::Several => "of your keys".to_owned(),
        origin => format!("keys of {origin}"),
    }
}

fn mismatch(origin: &Origin, alg: Algorithm, keys: &[(Option<String>, String)]) -> Explanation {
    let with = match (keys, origin) {
        ([(Some(name), kind)], Origin::Several) => format!("the {kind} ({name})"),
        ([(Some(name), kind)], origin) => format!("{name} of {origin} ({kind})"),
        ([(None, kind)], origin) => format!("the {kind} ({origin})"),
        (keys, Origin::Several) => format!("each of your {} keys that support it", keys.len()),
        (keys, origin) => {
            format!("each of the {} keys that support it ({origin})", keys.len())
        }
    };
    let message = format!("the signature does not match: checked as {alg} with {with}");
    let said = Explanation::new(Code::BadSignature, message)
        .hint("the token was signed with another key, or changed after it was signed");
    let line = |(name, kind): &(Option<String>, String)| {
        format!("{} ({kind})", name.as_deref().unwrap_or("the key"))
    };
    match keys {
        [_] => said,
        keys => said.evidence(keys.iter().map(line), keys.len()),
    }
}

fn unknown_kid(origin: &Origin, kid: &str, known: &[String], count: usize) -> Explanation {
    let lacks = match origin {
        Origin::Several => "none of your keys has it".to_owned(),
        origin => format!("{origin} has no such key"),
    };
    let message = format!("the token's \"kid\" is {}, and {lacks}", named(kid));
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
    keys: &[(String, KeyError)],
    count: usize,
) -> Explanation {
    let which = match (kid, origin) {
        (Some(kid), Origin::Several) => format!("your key {} does not support", named(kid)),
        (None, Origin::Several) => "none of your keys supports".to_owned(),
        (Some(kid), origin) => format!("the key {} of {origin} does not support", named(kid)),
        (None, origin) => format!("no key of {origin} supports"),
    };
    let is_other = |(_, error): &(String, KeyError)| match error {
        KeyError::WrongKeyType { supports, .. } => what_checks(alg, supports).is_some(),
        _ => false,
    };
    let hint = what_checks(alg, &[])
        .filter(|_| Algorithm::from_name(alg).is_none() || keys.iter().all(is_other));
    let line = |(name, error): &(String, KeyError)| match error {
        KeyError::WrongKeyType { key, supports, .. } => {
            format!("{name} ({key}) supports {}", listed(supports))
        }
        error => super::keys::line_about_key(Some(name), error),
    };
    let message = format!("{which} the token's \"alg\" {}", named(alg));
    let said = Explanation { hint, ..Explanation::new(Code::AlgNotServed, message) };
    said.about("alg")
        .compared(None, Some(Value::string(alg)))
        .evidence(keys.iter().map(line), count)
}

/// Which key checks tokens with this `alg`, if the key that `supports` others does not; `None` if its type is right.
fn what_checks(alg: &str, supports: &[Algorithm]) -> Option<String> {
    let Some(known) = Algorithm::from_name(alg) else { return Some(no_such_signature(alg)) };
    let key = match known.key_type() {
        kind if supports.first().is_some_and(|own| own.key_type() == kind) => return None,
        KeyType::Hmac => "an HMAC secret: --secret-env NAME or --secret-file PATH".to_owned(),
        KeyType::Rsa => public_key("an RSA"),
        KeyType::Ec(curve) => public_key(&format!("a {curve}")),
        KeyType::Ed25519 => public_key("an Ed25519"),
        KeyType::MlDsa(set) => public_key(&format!("an {set}")),
        KeyType::X25519 => return None,
    };
    let own = match supports {
        [] => String::new(),
        supports => format!("; this key supports {}", listed(supports)),
    };
    Some(format!("{known} is checked with {key}{own}"))
}

fn public_key(kind: &str) -> String {
    format!("{kind} public key: --key PATH, --jwks PATH|URL or --oidc ISSUER")
}

/// What to say about an `alg` that jwtctl does not check.
fn no_such_signature(alg: &str) -> String {
    const OTHERS: [&str; 3] = ["Ed448", "RS1", "HS1"];
    let all = || listed(&Algorithm::ALL);
    if ENCRYPTION.split_whitespace().any(|name| name == alg) {
        return format!("{alg} is for encryption (JWE), not for signatures (RFC 7518 section 4)");
    }
    if OTHERS.contains(&alg) {
        return format!("jwtctl does not check {alg}; it checks {}", all());
    }
    match meant(alg) {
        Some(name) if alg.eq_ignore_ascii_case(name.name()) => format!(
            "names are case-sensitive (RFC 7515 section 4.1.1): the signer must write \"{name}\""
        ),
        Some(name) => format!("no algorithm has this name; did the signer mean \"{name}\"?"),
        None => format!("no algorithm has this name; tokens are signed with {}", all()),
    }
}

/// Algorithms that encrypt keys (RFC 7518 section 4, RFC 8230) or content (section 5).
const ENCRYPTION: &str = "RSA1_5 RSA-OAEP RSA-OAEP-256 RSA-OAEP-384 RSA-OAEP-512 dir
    A128KW A192KW A256KW ECDH-ES ECDH-ES+A128KW ECDH-ES+A192KW ECDH-ES+A256KW
    A128GCMKW A192GCMKW A256GCMKW PBES2-HS256+A128KW PBES2-HS384+A192KW PBES2-HS512+A256KW
    A128GCM A192GCM A256GCM A128CBC-HS256 A192CBC-HS384 A256CBC-HS512";

/// The algorithm that was probably meant: its name misspelled, or spelled as other programs do
/// (`HmacSHA256`, `SHA256withRSA`, `http://www.w3.org/2001/04/xmldsig-more#rsa-sha256`).
fn meant(alg: &str) -> Option<Algorithm> {
    const LONGEST: usize = 60;
    const FAMILIES: [(&str, &str); 6] = [
        ("hmac", "HS"),
        ("pss", "PS"),
        ("mgf1", "PS"),
        ("ecdsa", "ES"),
        ("eddsa", "EdDSA"),
        ("rsa", "RS"),
    ];
    let alg = Some(alg).filter(|alg| alg.len() <= LONGEST)?.to_ascii_lowercase();
    let names = Algorithm::ALL.map(|alg| alg.name().to_owned());
    if let Some(name) = nearest(&alg, &names) {
        return Algorithm::from_name(name);
    }
    let letters = |name: &str| {
        let mut letters: Vec<_> = name.to_ascii_lowercase().into_bytes();
        letters.sort_unstable();
        letters
    };
    let swapped = || names.iter().find(|name| letters(name) == letters(&alg));
    let bits = ["256", "384", "512"].into_iter().find(|bits| alg.contains(bits));
    let family = FAMILIES.iter().find(|(word, _)| alg.contains(word)).map(|(_, family)| *family);
    let of_family = || match family? {
        "EdDSA" => Some(Algorithm::EdDSA),
        family => Algorithm::from_name(&format!("{family}{}", bits?)),
    };
    swapped().and_then(|name| Algorithm::from_name(name)).or_else(of_family)
}

pub(super) fn header(fault: &HeaderFault) -> Explanation {
    match fault {
        HeaderFault::NoAlg => Explanation::new(Code::AlgMissing, fault.to_string())
            .hint("the signer must name the algorithm (RFC 7515 section 4.1.1)")
            .about("alg"),
        HeaderFault::WrongType { name, actual, .. } => {
            Explanation::new(Code::HeaderType, format!("{fault}; it is {}", shown(actual)))
                .about(name)
                .found(actual)
        }
        HeaderFault::Critical { names } => {
            Explanation::new(Code::Crit, format!("{fault}: {}", shown(names)))
                .hint("a token with an unknown \"crit\" must be refused (RFC 7515 section 4.1.11)")
                .about("crit")
                .found(names)
        }
        HeaderFault::NotProtected { name } => Explanation::new(Code::HeaderType, fault.to_string())
            .hint("anyone can change what is not protected (RFC 7515 section 4.1.11)")
            .about(name),
        HeaderFault::UnencodedPayload => Explanation::new(Code::B64, fault.to_string())
            .hint(
                "the payload of a JWT is always encoded (RFC 7797 section 7); for others there are --raw and --detached",
            )
            .about("b64"),
        HeaderFault::UncriticalB64 => Explanation::new(Code::B64, fault.to_string())
            .hint("the signer must write \"crit\":[\"b64\"] (RFC 7797 section 6)")
            .about("crit"),
        HeaderFault::MissingB64 => Explanation::new(Code::Crit, fault.to_string())
            .hint("\"crit\" names header parameters (RFC 7515 section 4.1.11)")
            .about("crit"),
    }
}

fn names(algorithms: &[Algorithm]) -> Value {
    Value::array(&algorithms.iter().map(|alg| Value::string(alg.name())).collect::<Vec<_>>())
}
