//! What is said of a wrong call.

use super::codes::Code;
use super::explanation::{Explanation, named, shown};
use super::problem::UsageError;
use crate::crypto::{LONGEST_SECRET, RSA_SIZES};
use crate::json::MAX_DEPTH;
use crate::keys::{Algorithm, KeyType, Purpose};
use crate::time;

pub(super) fn explain(error: &UsageError) -> Explanation {
    match error {
        UsageError::NoKey { purpose } => no_key(*purpose),
        UsageError::NoKeyFile { verb } => Explanation::new(Code::NoKey, "no key was given")
            .hint(format!("jwtctl key {verb} FILE, or a pipe: … | jwtctl key {verb}")),
        UsageError::Url { by, fault } => super::network::bad_url(by, fault),
        UsageError::NothingToFetch { by, flag } => super::network::nothing_to_fetch(by, flag),
        UsageError::DocumentAsIssuer { by, issuer } => super::network::document(by, issuer),
        UsageError::KeySize { alg } => key_size(*alg),
        UsageError::NoPlaceForKid { flag } => Explanation::new(
            Code::NoKid,
            format!("{flag}: of the formats only a JWK holds a key ID"),
        )
        .hint("--format jwk; or name it for each token: jwtctl encode --kid ID"),
        UsageError::PublicToStdout => {
            Explanation::new(Code::PublicOut, "--public-out takes the path of a file")
                .hint("jwtctl key public FILE prints the public half of a key")
        }
        UsageError::SecretHasNoPublicHalf => {
            Explanation::new(Code::NoPublicHalf, "--public-out: an HMAC secret has no public half")
                .hint("whoever verifies with it can sign with it; for two halves: --alg ES256")
        }
        UsageError::BinaryToTerminal { what, flag } => {
            Explanation::new(Code::Binary, format!("DER is binary, and {what} is a terminal"))
                .hint(format!("name a file with {flag}, or use --format pem"))
        }
        UsageError::SameFile => {
            Explanation::new(Code::SameFile, "--out and --public-out name the same file")
        }
        UsageError::TwoKeys { variables: [first, second] } => Explanation::new(
            Code::TwoKeys,
            format!("{first} and {second} are both set: which one is the key?"),
        )
        .hint("unset one of them, or name the key by a flag: flags win over variables"),
        UsageError::Variable { name, words } => {
            Explanation::new(Code::BadVariable, format!("{name} must be one of {words}"))
        }
        UsageError::StdinTwice { first, second } if first == second => Explanation::new(
            Code::StdinTwice,
            format!("standard input can be read once, and is named twice for {first}"),
        )
        .hint("put it into a file, and name that"),
        UsageError::StdinTwice { first, second } => Explanation::new(
            Code::StdinTwice,
            format!("standard input cannot be both {first} and {second}"),
        )
        .hint("read one of them from a file"),
        UsageError::NoToken { verb } => Explanation::new(Code::NoToken, "no token was given").hint(
            format!("jwtctl {verb} TOKEN, or --token-env NAME, --token-file PATH, or a pipe: … | jwtctl {verb}"),
        ),
        UsageError::NoLines { verb } => no_lines(verb),
        UsageError::ItemAsBatch { verb } => item_as_batch(verb),
        UsageError::LinesAreOutput => {
            Explanation::new(Code::SameFile, "the output is the file that is read")
                .hint("write another file, and then move it: > NEW && mv NEW FILE")
        }
        UsageError::Claims(_) | UsageError::FileAsClaims { .. } | UsageError::ClaimsTooLarge => {
            bad_claims(error)
        }
        UsageError::TooDeep { what } => Explanation::new(
            Code::TooDeep,
            format!("the {what} would be nested deeper than {MAX_DEPTH} levels"),
        )
        .hint("verify would refuse such a token"),
        UsageError::GivenTwice { name, what } => Explanation::new(
            Code::GivenTwice,
            format!("the {what} {} is given twice by flags", named(name)),
        ),
        UsageError::HeaderNotString { name } => Explanation::new(
            Code::BadHeader,
            format!("the header member {} must be a string", named(name)),
        )
        .hint(format!("--header {name}=TEXT writes a string")),
        UsageError::NotByThisFlag { flag, name, instead } => Explanation::new(
            Code::BadFlag,
            format!(
                "{flag} cannot {} {}",
                if *flag == "--unset" { "take out" } else { "set" },
                named(name)
            ),
        )
        .hint(*instead),
        UsageError::NoLifetime => no_lifetime(),
        UsageError::LifetimeTooShort { ttl, min_ttl } => too_short(*ttl, *min_ttl),
        UsageError::IatNotANumber { actual } => Explanation::new(
            Code::BadClaims,
            format!(
                "the lifetime cannot be counted from \"iat\", which is {} in CLAIMS",
                shown(actual)
            ),
        )
        .hint("name the end itself with --exp"),
    }
}

fn no_lifetime() -> Explanation {
    let message = "--ttl is zero: the new token would expire at once";
    Explanation::new(Code::BadFlag, message).hint("leave out --ttl to keep the token's lifetime")
}

fn too_short(ttl: i64, min_ttl: i64) -> Explanation {
    let (ttl, min_ttl) = (time::span(ttl), time::span(min_ttl));
    let message = format!("--ttl is {ttl} and --min-ttl {min_ttl}: the new token would be refused");
    Explanation::new(Code::BadFlag, message).hint("choose a --ttl that is longer than --min-ttl")
}

fn no_key(purpose: Purpose) -> Explanation {
    let last = match purpose {
        Purpose::Sign => "--key or --jwks",
        Purpose::Verify => "--key, --jwks or --oidc",
    };
    Explanation::new(Code::NoKey, "no key was given").hint(format!(
        "set JWTCTL_SECRET or JWTCTL_KEY, or use --secret-file, --secret-env, {last}"
    ))
}

fn bad_claims(error: &UsageError) -> Explanation {
    let said = |message: String| Explanation::new(Code::BadClaims, message);
    match error {
        UsageError::Claims(error) => said(format!("CLAIMS {error}"))
            .hint(r#"CLAIMS is a JSON object: jwtctl encode '{"user_id":123}'"#),
        UsageError::FileAsClaims { path } => {
            let command = super::names::flag("jwtctl encode", &format!("@{path}"));
            said("CLAIMS is the path of a file, not a JSON object".to_owned())
                .hint(command.unwrap_or_else(|| "jwtctl encode @PATH".to_owned()))
        }
        _ => said("CLAIMS is larger than 16 MiB".to_owned()),
    }
}

fn key_size(alg: Algorithm) -> Explanation {
    let said = |hint: String| {
        Explanation::new(Code::KeySize, format!("--bits: a key for {alg} is not made in that size"))
            .hint(hint)
    };
    match (alg.key_type(), alg.min_secret()) {
        (KeyType::Rsa { .. }, _) => {
            let sizes: Vec<_> = RSA_SIZES.iter().map(ToString::to_string).collect();
            said(format!("--bits is one of {}", sizes.join(", ")))
        }
        (_, Some(least)) => {
            said(format!("a multiple of 8 from {} to {}", least * 8, LONGEST_SECRET * 8))
        }
        _ => said("leave --bits out: its curve gives the size".to_owned()),
    }
}

fn no_lines(verb: &str) -> Explanation {
    let hint = format!("jwtctl {verb} --batch FILE, or a pipe: … | jwtctl {verb} --batch");
    Explanation::new(Code::NoToken, "no input was given to --batch").hint(hint)
}

fn item_as_batch(verb: &str) -> Explanation {
    let name = if verb == "encode" { "CLAIMS" } else { "TOKEN" };
    let message = "--batch takes the path of a file, not what stands in it";
    Explanation::new(Code::NoToken, message)
        .hint(format!("for one alone leave --batch out: jwtctl {verb} {name}"))
}
