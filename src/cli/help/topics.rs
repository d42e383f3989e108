//! Sections of the long help, and the topics of `jwtctl help` that are not verbs.

use std::fmt::Write as _;

use super::environment::VARIABLES;
use super::examples;
use super::sections::{Part, Section};
use crate::audit::RULES;
use crate::explain::CODES;
use crate::output::exit::{self, Exit};

/// How to give claims to `encode`.
pub(super) fn claims() -> Section {
    let terms = [
        ("--claim role=admin", "the string \"admin\"; so is 3 in --claim level=3"),
        ("--claim level:=3", "JSON: a number, true, false, null, an array or an object"),
        ("--claim 'roles:=[\"admin\"]'", "quotes keep the shell from changing the JSON"),
        ("--iss, --sub, --aud, --jti", "always strings; --aud twice makes an array"),
        ("--user 123", "user_id, a number if it is an integer, else a string"),
    ];
    Section {
        title: "Claims",
        parts: vec![
            Part::prose(
                "CLAIMS is a JSON object, such as '{\"user_id\":123}'. @PATH reads it from a file, and - from \
                 standard input. Flags add claims, and win over those of CLAIMS. Without flags for times, iat is \
                 now, and exp is 30 minutes later unless CLAIMS has one.",
            ),
            Part::terms(terms),
            Part::prose(
                "Names and values are written as they are given. 1.10 and integers of any size stay so.",
            ),
        ],
    }
}

/// How to write the claims that a token must have.
pub(super) fn expected_claims() -> Section {
    let terms = [
        ("--claim role=admin", "equals the string \"admin\""),
        (
            "--claim level:=3",
            "equals this JSON: a number, true, false, null, an array or an object",
        ),
        ("--claim scope~=read", "an array with this item, or words with this one among them"),
        ("--claim /address/city=Rome", "a claim inside others, by its JSON Pointer (RFC 6901)"),
        ("--require jti, --forbid nonce", "exists and is not null; does not exist"),
    ];
    Section {
        title: "Expected claims",
        parts: vec![
            Part::prose(
                "A claim is checked only after the signature. exp and nbf are always checked; a token with an \
                 audience also needs --aud or --any-aud.",
            ),
            Part::terms(terms),
        ],
    }
}

/// How to write an HMAC secret.
pub(super) fn secrets() -> Section {
    let terms = [
        (
            "text",
            "the characters in UTF-8 (the default); the last line break of a file is not part of it",
        ),
        ("raw", "the bytes as they are"),
        ("base64", "standard or URL-safe alphabet, with or without padding"),
        ("hex", "two digits for each byte"),
    ];
    Section {
        title: "Secrets",
        parts: vec![
            Part::prose("An HMAC secret is written in one of four formats:"),
            Part::terms(terms),
            Part::prose(
                "--secret-format FORMAT is for all secrets of the call. A format before a name is for one: \
                 --secret-env base64:NAME, --secret-file hex:PATH.",
            ),
        ],
    }
}

/// Which key `encode` signs with.
pub(super) fn signing_key() -> Section {
    Section {
        title: "Choice of the key",
        parts: vec![
            Part::prose(
                "One key signs: the one that a flag names, else the one of the profile, else the one in JWTCTL_SECRET, \
                 JWTCTL_KEY or JWTCTL_JWKS. If two of these variables are set, and no flag names a key, the call is \
                 refused. A file may have any format; its content says which. Of a JWK Set, --kid selects the key.",
            ),
            Part::prose(
                "The key decides the algorithm: that of the JWK, else HS256 for a secret, RS256 for RSA, ES256, ES384, \
                 ES512 or ES256K by the curve, EdDSA for Ed25519, or its ML-DSA. --alg selects another that the key \
                 supports.",
            ),
        ],
    }
}

/// Which keys verify a token.
pub(super) fn verifying_keys() -> Section {
    Section {
        title: "Choice of the key",
        parts: vec![
            Part::prose(
                "All keys that flags name form one set. Without such a flag, the keys of the profile are used, else \
                 the one in JWTCTL_SECRET, JWTCTL_KEY, JWTCTL_JWKS or JWTCTL_OIDC; two of these variables at once are \
                 refused. A file may have any format; its content says which.",
            ),
            Part::prose(
                "The token's kid selects among keys with a kid. Keys without one, and all keys if the token has \
                 none, are tried if they support its algorithm. The key decides which algorithms are accepted, and \
                 --alg narrows them; alg none never is. Keys that the token names itself (jku, x5u, jwk) are not used, \
                 and its certificates (x5c) only with --x5c-root.",
            ),
        ],
    }
}

/// How to pass a token from the clipboard to `decode`.
pub(super) fn clipboard() -> Section {
    Section { title: "Clipboard", parts: vec![Part::Calls(examples::of_clipboards())] }
}

/// What `audit` examines.
pub(super) fn audited() -> Section {
    Section {
        title: "What is examined",
        parts: vec![
            Part::prose(
                "audit examines the header and the claims and, if you give a key, the signature and the key. Without \
                 --decrypt-key, it examines only the header of an encrypted token. What the standard of a kind of \
                 token requires is not a finding: jwk in a DPoP proof, no exp in a logout token.",
            ),
            Part::prose(
                "For a token with an HMAC, audit tries known secrets of tutorials and products, and values in the \
                 token itself. It does not print a secret that it finds, only the number of the line that has it.",
            ),
            Part::prose("The exit code is 6 if a finding is more severe than info."),
        ],
    }
}

/// The rules of `audit`.
pub(super) fn rules() -> Section {
    let mut parts = Vec::new();
    for (group, rules) in RULES {
        parts.push(Part::prose(*group));
        let terms = rules.iter().map(|rule| {
            let term = format!("{:6} {}", rule.severity(), rule.id());
            (term, format!("{} ({})", rule.means(), rule.section()))
        });
        parts.push(Part::Terms(terms.collect()));
    }
    let about = "RFC 8725bis is draft-ietf-oauth-rfc8725bis, which will replace RFC 8725. The IDs of rules do not \
                 change.";
    parts.push(Part::prose(about));
    Section { title: "Rules", parts }
}

/// What `redact` hides, and what it does not hide.
pub(super) fn redaction() -> Section {
    Section {
        title: "What is hidden",
        parts: vec![
            Part::prose(
                "The signature of each token becomes [redacted]. So does everything but the header of a JWE, and the \
                 disclosures of an SD-JWT. The rest of the text stays as it is, byte for byte. No line of the output \
                 contains a token that verifies.",
            ),
            Part::prose(
                "A token is found wherever base64url text ends with a JSON object that has an alg, and a dot follows. \
                 The dots may be percent-encoded, the parts padded, the signature empty or missing. In JSON on one \
                 line, the signature and tag members of a JWS or JWE are hidden, too.",
            ),
            Part::prose(
                "Not found are tokens in UTF-16 text, in compressed or encrypted data, and tokens broken over several \
                 lines.",
            ),
        ],
    }
}

/// The environment variables.
pub(super) fn variables() -> Section {
    let variables = VARIABLES.iter().map(|entry| (entry.name, entry.means));
    Section { title: "Environment", parts: vec![Part::terms(variables)] }
}

/// The exit codes that a verb can have.
pub(super) fn exits(exits: &[Exit]) -> Section {
    let rows = exit::TABLE.into_iter().filter(|(exit, ..)| exits.contains(exit));
    let terms = rows.map(|(exit, means, then)| {
        (format!("{} {}", exit.code(), exit.name()), format!("{means} ({then})"))
    });
    let mut parts = vec![Part::Terms(terms.collect())];
    if exits.contains(&Exit::Expired) {
        parts.push(Part::prose(exit::PRECEDENCE_IN_WORDS));
    }
    Section { title: "Exit codes", parts }
}

type Topic = (&'static str, fn() -> String);

/// The topics of `jwtctl help` that are not verbs.
pub(crate) const TOPICS: [Topic; 2] = [("exit-codes", exit_codes), ("codes", problem_codes)];

/// The topic that shows the configuration file and profiles of this machine.
pub(crate) const PROFILES: &str = "profiles";

/// The exit codes for `jwtctl help exit-codes`.
fn exit_codes() -> String {
    let mut out = String::from("The exit codes of all verbs:\n\n");
    for (exit, means, then) in exit::TABLE {
        let (code, name) = (exit.code(), exit.name());
        let _ = writeln!(out, "{code}  {name}\n     {means}\n     -> {then}");
    }
    let _ = writeln!(out, "\n{}", exit::PRECEDENCE_IN_WORDS);
    out
}

/// The codes of problems and warnings for `jwtctl help codes`.
fn problem_codes() -> String {
    let mut out = String::from(
        "The codes of problems and warnings in --json reports (problems[].code, warnings[].code). They \
         do not change.\n",
    );
    let width = CODES.iter().flat_map(|(_, codes)| *codes).map(|(code, _)| code.name().len());
    let width = width.max().unwrap_or_default();
    for (group, codes) in CODES {
        let _ = writeln!(out, "\n{group}");
        for (code, means) in *codes {
            let _ = writeln!(out, "  {:width$}  {means}", code.name());
        }
    }
    out
}
