//! The texts below the help: examples, exit codes, the codes of problems.

use std::fmt::Write as _;

use crate::explain::CODES;
use crate::output::exit;

/// Examples of a verb, for its help and its manual page.
pub(super) const EXAMPLES: [(&str, &[&str]); 11] = [
    (
        "encode",
        &[
            "jwtctl encode --user 123 --ttl 30m",
            "jwtctl encode --sub alice --aud api --claim 'roles:=[\"admin\"]' --key private.pem",
            "jwtctl encode @claims.json --secret-file secret.txt",
            "jwtctl encode --batch claims.ndjson > tokens.txt",
        ],
    ),
    (
        "decode",
        &[
            "jwtctl decode TOKEN",
            "jwtctl decode --header --get kid TOKEN",
            "pbpaste | jwtctl decode",
            "jwtctl decode --batch tokens.txt > rows.ndjson",
        ],
    ),
    (
        "verify",
        &[
            "jwtctl verify TOKEN",
            "jwtctl verify --quiet --iss https://issuer.example --aud api --key public.pem TOKEN",
            "jwtctl verify --oidc https://issuer.example --aud api TOKEN",
            "jwtctl verify --get /realm_access/roles/0 @token.txt",
            "jwtctl verify --aud api --batch tokens.txt > rows.ndjson",
            "tail -f tokens.log | jwtctl verify --aud api --batch --print failed",
        ],
    ),
    (
        "refresh",
        &[
            "jwtctl refresh TOKEN",
            "jwtctl refresh --if-expiring 5m --grace 10m --max-session 12h TOKEN",
            "jwtctl refresh --key old.pem --sign-key new.pem TOKEN",
            "jwtctl refresh --batch tokens.txt > renewed.txt",
        ],
    ),
    (
        "key",
        &[
            "jwtctl key new --alg ES256 --out private.pem --public-out public.pem",
            "jwtctl key show private.pem",
            "jwtctl key set old.jwk new.jwk --out jwks.json",
        ],
    ),
    (
        "key new",
        &[
            "jwtctl key new --alg ES256 --out private.pem --public-out public.pem",
            "jwtctl key new --alg ES256 --format jwk --out private.jwk",
            "jwtctl key new --alg HS256 --out secret.txt",
        ],
    ),
    ("key show", &["jwtctl key show certificate.pem", "jwtctl key show --json jwks.json"]),
    (
        "key public",
        &["jwtctl key public private.pem", "jwtctl key public --format jwk ~/.ssh/id_ed25519"],
    ),
    (
        "key convert",
        &[
            "jwtctl key convert --format pem ~/.ssh/id_ed25519 --out private.pem",
            "jwtctl key convert --format jwk --kid 2026-11 private.pem --out private.jwk",
        ],
    ),
    ("key thumbprint", &["jwtctl key thumbprint public.pem"]),
    (
        "key set",
        &[
            "jwtctl key set old.jwk new.jwk --out jwks.json",
            "jwtctl key set private.pem --out jwks.json",
            "jwtctl encode --key private.pem --kid \"$(jwtctl key thumbprint private.pem)\"",
        ],
    ),
];

/// The examples of a verb as they stand below its help.
pub(super) fn examples(verb: &str) -> String {
    let known = EXAMPLES.iter().find(|(name, _)| *name == verb);
    let lines = known.map(|(_, lines)| lines.join("\n  ")).unwrap_or_default();
    format!("Examples:\n  {lines}")
}

/// What stands below the list of verbs.
pub(super) fn after_help() -> String {
    let codes: Vec<_> =
        exit::TABLE.iter().map(|row| format!("{} {}", row.exit.code(), row.exit.name())).collect();
    format!(
        "Exit codes: {}\n\n\
         With JWTCTL_SECRET set:\n  \
         jwtctl encode --user 123 --ttl 30m\n  \
         jwtctl verify TOKEN\n\n\
         jwtctl help VERB and jwtctl help exit-codes say more.",
        codes.join(", ")
    )
}

/// The exit codes for `jwtctl help exit-codes`.
pub(super) fn exit_codes() -> String {
    let mut out = String::from("The exit codes of every verb:\n\n");
    for row in &exit::TABLE {
        let (code, name) = (row.exit.code(), row.exit.name());
        let _ = writeln!(out, "{code}  {name}\n     {}\n     → {}", row.means, row.then);
    }
    let _ = writeln!(out, "\n{}", exit::PRECEDENCE_IN_WORDS);
    out
}

/// The codes of problems and warnings, a line each.
pub(super) fn problem_codes() -> String {
    let mut out = String::from(
        "The codes of problems and warnings in --json (problems[].code, warnings[].code); they do not \
         change:\n",
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
