//! Problems with the call itself.

use super::codes::Code;
use super::explanation::{Explanation, named, shown};
use super::names::flag as flag_as_typed;
use super::network::url_hint;
use super::problem::Problem;
use super::shell::{encode_claims, export, replace_file};
use crate::crypto::RSA_SIZES;
use crate::json::{JsonError, MAX_DEPTH, Value};
use crate::jwks::UrlFault;
use crate::keys::{Algorithm, Format, JwkAlgorithm, KeyAlgorithm, KeyType, Origin, Purpose};
use crate::sys::StdinError;
use crate::time;
use crate::token::DisclosureFault;

fn problem(code: Code, message: impl Into<String>) -> Problem {
    Problem::Usage(Explanation::new(code, message).into())
}

fn with_hint(code: Code, message: impl Into<String>, hint: impl Into<String>) -> Problem {
    Problem::Usage(Explanation::new(code, message).hint(hint).into())
}

pub(crate) fn no_key(purpose: Purpose) -> Problem {
    let last = match purpose {
        Purpose::Sign => "--agent, --key or --jwks",
        Purpose::Verify => "--agent, --key, --jwks or --oidc",
        Purpose::Encrypt | Purpose::Decrypt => "--key",
    };
    let hint =
        format!("set JWTCTL_SECRET or JWTCTL_KEY, or use --secret-file, --secret-env, {last}");
    with_hint(Code::NoKey, "no key was given", hint)
}

/// For `--signer` alone.
pub(crate) fn no_public_key() -> Problem {
    with_hint(Code::NoKey, "no key was given", "--signer needs the public key: --key PUBLIC")
}

/// For trusted certificates of CAs, if nothing says which of the certificates that they have issued is meant.
pub(crate) fn no_leaf(roots: &Origin) -> Problem {
    let message =
        format!("{roots} holds the certificate of a CA, and nothing says which signer is meant");
    let hint = "name the signer with --x5c-name NAME or --x5c-oid OID; --x5c-any-leaf accepts everyone whom the CA has \
                issued a certificate to";
    with_hint(Code::NoLeaf, message, hint)
}

/// For `encode` with a key that encrypts and none that signs.
pub(crate) fn no_key_that_signs() -> Problem {
    with_hint(
        Code::NoKey,
        "no key was given to sign the token before it is encrypted",
        "add --key PATH, --secret-env NAME or --secret-file PATH; --no-sign encrypts the claims alone, which only a \
         shared secret makes genuine",
    )
}

/// For `--p2c` with an algorithm that does not iterate.
pub(crate) fn no_iterations(alg: KeyAlgorithm) -> Problem {
    let message = format!("--p2c applies only to PBES2, and the token is encrypted with {alg}");
    with_hint(Code::BadFlag, message, "leave out --p2c")
}

/// For a verb that works on a key, when standard input is a terminal.
pub(crate) fn no_key_file(verb: &str) -> Problem {
    let hint = format!("jwtctl key {verb} FILE, or a pipe: … | jwtctl key {verb}");
    with_hint(Code::NoKey, "no key was given", hint)
}

pub(crate) fn two_keys([first, second]: [&str; 2]) -> Problem {
    let message = format!("{first} and {second} are both set: which one is the key?");
    let hint = "unset one of them, or name the key by a flag: flags take precedence over variables";
    with_hint(Code::TwoKeys, message, hint)
}

pub(crate) fn bad_variable(name: &str, words: &str) -> Problem {
    problem(Code::BadVariable, format!("{name} must be one of {words}"))
}

/// For a variable that names an expectation.
pub(crate) fn empty_variable(name: &str) -> Problem {
    let hint = format!("unset {name}, or set it to what is expected");
    with_hint(Code::BadVariable, format!("{name} is set, but empty"), hint)
}

pub(crate) fn variable_not_text(name: &str) -> Problem {
    problem(Code::BadVariable, format!("{name} is not UTF-8 text"))
}

pub(crate) fn bad_url(by: &str, fault: &UrlFault) -> Problem {
    with_hint(Code::BadUrl, format!("{by}: {fault}"), url_hint(fault))
}

/// For a flag about fetching, when `by` names a key set in a file.
pub(crate) fn nothing_to_fetch(by: &str, flag: &str) -> Problem {
    let message = format!("{flag} applies only to fetched keys, but {by} names a file");
    with_hint(Code::BadFlag, message, "leave it out")
}

pub(crate) fn document_as_issuer(by: &str, issuer: &str) -> Problem {
    let message = format!("{by} takes an issuer, not the URL of its discovery document");
    with_hint(Code::BadUrl, message, format!("--oidc {issuer}"))
}

pub(crate) fn ca_file(path: &str, reason: &str) -> Problem {
    let message = format!("--ca-file: {path} cannot be used: {reason}");
    let hint = "it takes certificates in PEM: -----BEGIN CERTIFICATE-----";
    Problem::Failure(Explanation::new(Code::CaFile, message).hint(hint).into())
}

pub(crate) fn key_size(alg: JwkAlgorithm) -> Problem {
    let hint = match (alg.key_type(), alg.secret_lengths()) {
        (KeyType::Rsa, _) => {
            let sizes: Vec<_> = RSA_SIZES.iter().map(ToString::to_string).collect();
            format!("--bits is one of {}", sizes.join(", "))
        }
        (_, Some((least, most))) if least < most => {
            format!("a multiple of 8 from {} to {}", least * 8, most * 8)
        }
        (_, Some((only, _))) => format!("leave out --bits: it has {} bits", only * 8),
        (KeyType::MlDsa(_), _) => "leave out --bits: the algorithm determines the size".to_owned(),
        _ => "leave out --bits: the curve determines the size".to_owned(),
    };
    with_hint(
        Code::KeySize,
        format!("--bits: a key for {} cannot have that size", alg.name()),
        hint,
    )
}

/// For `--curve` with an algorithm that leaves no choice.
pub(crate) fn curve_not_free(alg: JwkAlgorithm) -> Problem {
    let message = format!("--curve cannot be used with {}: it has no choice of curves", alg.name());
    with_hint(Code::KeySize, message, "it applies to ECDH-ES")
}

/// For `--kid` or `--no-kid` with a format other than JWK.
pub(crate) fn no_place_for_kid(flag: &str) -> Problem {
    let hint = "--format jwk; or give it for each token: jwtctl encode --kid ID";
    with_hint(Code::NoKid, format!("{flag}: JWK is the only format with a key ID"), hint)
}

/// For `--encrypt` where nobody can be asked for a password.
pub(crate) fn no_password() -> Problem {
    let hint = "set JWTCTL_KEY_PASSWORD, or name a file with --key-password-file";
    let message = "--encrypt: no password was given, and there is no terminal to ask on";
    with_hint(Code::NoPassword, message, hint)
}

/// For `--encrypt` with a format that is not PKCS#8.
pub(crate) fn not_encrypted(format: Format) -> Problem {
    let (what, hint) = match format {
        Format::OpenSsh => ("an OpenSSH key", "ssh-keygen -p -f FILE encrypts it afterwards"),
        Format::Text => ("an HMAC secret", "a key pair can be encrypted: --alg ES256"),
        _ => (
            "a JWK",
            "use --format pem; jwtctl key convert --format jwk can later write it as an unencrypted JWK",
        ),
    };
    with_hint(Code::KeyFormat, format!("--encrypt: jwtctl cannot encrypt {what}"), hint)
}

/// For `--public-out -`, or when the private key goes to standard output too.
pub(crate) fn public_to_stdout() -> Problem {
    let hint = "jwtctl key public FILE prints the public key of a private one";
    with_hint(Code::PublicOut, "--public-out takes the path of a file", hint)
}

pub(crate) fn secret_has_no_public_key() -> Problem {
    let hint = "anyone who verifies with it can also sign with it; for a key pair: --alg ES256";
    with_hint(Code::NoPublicHalf, "--public-out: an HMAC secret has no public key", hint)
}

/// For DER that would go to a terminal; `flag` can name a file instead.
pub(crate) fn binary_to_terminal(what: &str, flag: &str) -> Problem {
    let hint = format!("name a file with {flag}, or use --format pem");
    with_hint(Code::Binary, format!("DER is binary, and {what} is a terminal"), hint)
}

pub(crate) fn same_file() -> Problem {
    problem(Code::SameFile, "--out and --public-out name the same file")
}

pub(crate) fn file_exists(path: &str) -> Problem {
    let hint = "nothing was written; --force replaces it";
    with_hint(Code::FileExists, format!("{path} already exists"), hint)
}

/// Standard input that is named twice, or cannot be read.
impl From<StdinError> for Problem {
    fn from(error: StdinError) -> Self {
        let (message, hint) = match error {
            StdinError::Io(error) => return Self::io("read", "standard input", &error),
            StdinError::Taken([first, second]) if first == second => (
                format!("standard input can be read only once, but is used twice for {first}"),
                "save it to a file, and pass the file",
            ),
            StdinError::Taken([first, second]) => (
                format!("standard input cannot be both {first} and {second}"),
                "read one of them from a file",
            ),
        };
        with_hint(Code::StdinTwice, message, hint)
    }
}

/// For a verb that reads a token, when standard input is a terminal.
pub(crate) fn no_token(verb: &str) -> Problem {
    let hint = format!(
        "jwtctl {verb} TOKEN, or --token-env NAME, --token-file PATH, or a pipe: … | jwtctl {verb}"
    );
    with_hint(Code::NoToken, "no token was given", hint)
}

/// For a file name in place of a token.
pub(crate) fn file_as_token(verb: &str, path: Option<&str>) -> Problem {
    let flag = path.and_then(|path| flag_as_typed("--token-file", path));
    let flag = flag.unwrap_or_else(|| "--token-file FILE".to_owned());
    let hint = format!("to read the token from the file: jwtctl {verb} {flag}");
    let said = Explanation::new(Code::TokenIsFile, "this is a file name, not a token");
    Problem::NoToken(said.hint(hint).into())
}

/// For a variable that holds no token, which the flag `by` names. `name` is `None` if it may not be repeated.
pub(crate) fn no_token_in_variable(by: &str, name: Option<&str>, is_set: bool) -> Problem {
    let said = |message: String| Explanation::new(Code::TokenEmpty, message);
    let said = match (name, is_set) {
        (Some(name), true) => said(format!("there is no token: the variable {name} is empty")),
        (Some(name), false) => {
            said(format!("there is no token: the variable {name} is not set")).hint(export(name))
        }
        (None, _) => {
            said(format!("{by}: no variable has this name (not shown: it may be a token)"))
                .hint(format!("{by} takes the name of a variable that holds the token: {by} TOKEN"))
        }
    };
    Problem::NoToken(said.into())
}

/// For a variable that should hold an access token, but has another character at this byte.
pub(crate) fn not_an_access_token(name: &str, at: usize) -> Problem {
    let message = format!("the variable {name} has no access token: byte {at} cannot be in one");
    let hint = "an access token has letters, digits and -._~+/, and may end with = (RFC 6750 section 2.1); to take \
                it from a JSON response: jq -r .access_token";
    Problem::NoToken(Explanation::new(Code::AccessToken, message).hint(hint).into())
}

/// For `--batch` or `--find` without a file, when standard input is a terminal.
pub(crate) fn no_lines(verb: &str, flag: &str) -> Problem {
    let hint = format!("jwtctl {verb} {flag} FILE, or a pipe: … | jwtctl {verb} {flag}");
    with_hint(Code::NoToken, format!("no input was given to {flag}"), hint)
}

/// For `--batch` or `--find` with a token or claims where the path of a file belongs.
pub(crate) fn item_as_path(verb: &str, flag: &str) -> Problem {
    let name = if verb == "encode" { "CLAIMS" } else { "TOKEN" };
    let hint = format!("for a single one leave out {flag}: jwtctl {verb} {name}");
    with_hint(
        Code::NoToken,
        format!("{flag} takes the path of a file, not the content of one"),
        hint,
    )
}

/// For `redact`, when standard input is a terminal.
pub(crate) fn no_text() -> Problem {
    let hint = "jwtctl redact FILE, or a pipe: … | jwtctl redact";
    with_hint(Code::NoToken, "no text was given", hint)
}

/// For `redact` with a token where the path of a file belongs.
pub(crate) fn text_as_path() -> Problem {
    let hint = "for the text itself use a pipe: … | jwtctl redact";
    with_hint(Code::NoToken, "redact takes the path of a file, not the content of one", hint)
}

pub(crate) fn lines_are_output() -> Problem {
    let hint = format!("write to another file, then rename it: {}", replace_file());
    with_hint(Code::SameFile, "the input and the output are the same file", hint)
}

pub(crate) fn bad_claims(error: &JsonError) -> Problem {
    let hint = format!("CLAIMS is a JSON object: {}", encode_claims());
    with_hint(Code::BadClaims, format!("CLAIMS {error}"), hint)
}

pub(crate) fn file_as_claims(path: &str) -> Problem {
    let command = flag_as_typed("jwtctl encode", &format!("@{path}"));
    with_hint(
        Code::BadClaims,
        "CLAIMS is the path of a file, not a JSON object",
        command.unwrap_or_else(|| "jwtctl encode @PATH".to_owned()),
    )
}

pub(crate) fn claims_too_large() -> Problem {
    problem(Code::BadClaims, "CLAIMS is larger than 16 MiB")
}

/// For a payload to be signed by an algorithm that needs all of it at once.
pub(crate) fn payload_too_large(alg: Algorithm) -> Problem {
    let message = format!("the payload is larger than 16 MiB, and {alg} needs all of it at once");
    with_hint(Code::BadFlag, message, "with another algorithm, a payload may have any size")
}

/// For "claims" or a "header" that flags and CLAIMS make together.
pub(crate) fn too_deep(what: &str) -> Problem {
    let message = format!("the {what} would be nested deeper than {MAX_DEPTH} levels");
    with_hint(Code::TooDeep, message, "verify would refuse such a token")
}

/// For a "claim" or "header parameter" that two flags give.
pub(crate) fn given_twice(what: &str, name: &str) -> Problem {
    problem(Code::GivenTwice, format!("the {what} {} is given twice by flags", named(name)))
}

pub(crate) fn header_not_string(name: &str) -> Problem {
    let hint = format!("--header {name}=TEXT writes a string");
    with_hint(
        Code::BadHeader,
        format!("the header parameter {} must be a string", named(name)),
        hint,
    )
}

/// For a header parameter that says who encrypts or decrypts.
pub(crate) fn header_not_base64url(name: &str) -> Problem {
    with_hint(
        Code::BadHeader,
        format!("the header parameter {} must be base64url without padding", named(name)),
        "it identifies a party to ECDH-ES (RFC 7518 sections 4.6.1.2 and 4.6.1.3)",
    )
}

/// For a header parameter or claim that this flag must not set or remove.
pub(crate) fn not_by_this_flag(flag: &str, verb: &str, name: &str, instead: &str) -> Problem {
    with_hint(Code::BadFlag, format!("{flag} cannot {verb} {}", named(name)), instead)
}

pub(crate) fn no_lifetime() -> Problem {
    let hint = "leave out --ttl to keep the token's lifetime";
    with_hint(Code::BadFlag, "--ttl is zero: the new token would expire immediately", hint)
}

pub(crate) fn lifetime_too_short(ttl: i64, min_ttl: i64) -> Problem {
    let (ttl, min_ttl) = (time::span(ttl), time::span(min_ttl));
    let message = format!("--ttl is {ttl} and --min-ttl {min_ttl}: the new token would be refused");
    let hint = "choose a --ttl that is longer than --min-ttl";
    with_hint(Code::BadFlag, message, hint)
}

pub(crate) fn iat_not_a_number(actual: &Value) -> Problem {
    let is = shown(actual);
    let message = format!("the lifetime cannot be counted from \"iat\", which is {is} in CLAIMS");
    let hint = "give the expiry itself with --exp";
    with_hint(Code::BadClaims, message, hint)
}

/// For a refreshed SD-JWT, if disclosures contradict its new claims. `by_flags` says whether flags changed more than times.
pub(crate) fn disclosures_not_kept(fault: &DisclosureFault, by_flags: bool) -> Problem {
    let message = format!("the new token cannot keep the disclosures: {fault}");
    let said = Explanation::new(Code::Disclosure, message);
    if by_flags {
        return Problem::Usage(
            said.hint("--set and --unset change claims that are always shown").into(),
        );
    }
    Problem::NoToken(said.hint("refresh it without the disclosures").into())
}

/// For `--disclosable` with a claim that must not be hidden.
pub(crate) fn not_disclosable(path: &str, why: &str) -> Problem {
    with_hint(Code::BadFlag, format!("--disclosable cannot hide {}", named(path)), why)
}

/// For `--disclosable` with a claim that does not exist.
pub(crate) fn nothing_to_disclose(path: &str) -> Problem {
    let message = format!("--disclosable: there is no {} in the claims", named(path));
    with_hint(
        Code::BadFlag,
        message,
        "PATH is a claim's name or a JSON Pointer: /address/street, /roles/0",
    )
}

/// For claims with a member that has a meaning of its own in an SD-JWT.
pub(crate) fn reserved_in_sd_jwt(name: &str) -> Problem {
    let message = format!("CLAIMS has the member {}, which an SD-JWT must not have", named(name));
    with_hint(Code::BadClaims, message, "--disclosable adds it (RFC 9901 section 4.1)")
}
