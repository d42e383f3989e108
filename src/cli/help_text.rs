//! The texts of the help and the manual pages that are not about single flags.

use std::fmt::Write as _;

use crate::explain::CODES;
use crate::output::exit;
use crate::sys::{SHELL, Shell};

/// Examples, one per line. The help of a verb shows the lines that call it.
const EXAMPLES: &str = r#"jwtctl encode --user 123 --ttl 30m
jwtctl encode --sub alice --aud api --claim 'roles:=["admin"]' --key private.pem
jwtctl encode @claims.json --secret-file secret.txt
jwtctl encode @claims.json --disclosable email --disclosable /address/street
jwtctl encode --detached report.pdf --key private.pem > report.jws
jwtctl encode --dpop POST https://api.example/items --key private.pem --dpop-token-env ACCESS_TOKEN
jwtctl encode --user 123 --agent any
jwtctl encode --user 123 --key public.pem --signer 'openssl dgst -sha256 -sign private.pem'
jwtctl encode --batch claims.ndjson > tokens.txt
jwtctl decode TOKEN
jwtctl decode --header --get kid TOKEN
pbpaste | jwtctl decode
jwtctl decode --batch tokens.txt > rows.ndjson
jwtctl verify TOKEN
jwtctl verify --quiet --iss https://issuer.example --aud api --key public.pem TOKEN
jwtctl verify --oidc https://issuer.example --aud api TOKEN
jwtctl verify --secret-env NEW --secret-env OLD --token-env TOKEN
jwtctl verify --get /realm_access/roles/0 --token-file token.txt
jwtctl verify --key-binding-aud shop --key-binding-nonce "$NONCE" TOKEN
jwtctl verify --raw --detached report.pdf --key public.pem --token-file report.jws
jwtctl verify --aud api --batch tokens.txt > rows.ndjson
tail -f tokens.log | jwtctl verify --aud api --batch --print failed
jwtctl refresh TOKEN
jwtctl refresh --if-expiring 5m --grace 10m --max-session 12h TOKEN
jwtctl refresh --key old.pem --sign-key new.pem TOKEN
jwtctl refresh --key old.pem --sign-agent ci@example.com TOKEN
jwtctl refresh --batch tokens.txt > renewed.txt
jwtctl redact server.log > shared.log
tail -f server.log | jwtctl redact --payload
jwtctl key new --out private.pem --public-out public.pem
jwtctl key new --encrypt --out private.pem
jwtctl key new --alg ES256 --format jwk --out private.jwk
jwtctl key new --alg HS256 --out secret.txt
jwtctl key show certificate.pem
jwtctl key show --json jwks.json
jwtctl key public private.pem
jwtctl key public --format jwk ~/.ssh/id_ed25519
jwtctl key public --format jwk --agent any
jwtctl key convert --format pem ~/.ssh/id_ed25519 --out private.pem
jwtctl key convert --format jwk --kid 2026-11 private.pem --out private.jwk
jwtctl key thumbprint public.pem
jwtctl key thumbprint --spki public.pem
jwtctl encode --user 123 --key private.pem --kid "$(jwtctl key thumbprint private.pem)"
jwtctl key set old.jwk new.jwk --out jwks.json
jwtctl key set private.pem --out jwks.json"#;

/// What PowerShell has in place of commands in the examples.
const IN_POWERSHELL: [(&str, &str); 5] = [
    ("\"$NONCE\"", "$env:NONCE"),
    ("pbpaste", "Get-Clipboard"),
    ("tail -f tokens.log", "Get-Content -Wait tokens.log"),
    ("tail -f server.log", "Get-Content -Wait server.log"),
    ("~/.ssh/id_ed25519", r"$HOME\.ssh\id_ed25519"),
];

/// The examples of a verb ("encode", "key new") for the shell of the system.
pub(super) fn examples(verb: &str) -> impl Iterator<Item = String> {
    let call = format!("jwtctl {verb} ");
    let lines = EXAMPLES.lines().filter(move |line| format!("{line} ").contains(&call));
    lines.map(|line| match SHELL {
        Shell::Posix => line.to_owned(),
        Shell::PowerShell => IN_POWERSHELL
            .iter()
            .fold(line.to_owned(), |line, (posix, powershell)| line.replace(posix, powershell)),
    })
}

/// What follows the help of a verb.
pub(super) fn after_verb(verb: &str) -> Option<String> {
    let lines: Vec<_> = examples(verb).collect();
    (!lines.is_empty()).then(|| format!("Examples:\n  {}", lines.join("\n  ")))
}

/// What `redact` does.
pub(super) const REDACTED: &str = "\
Copy text and hide the signatures of the tokens in it.

The signature of each token becomes [redacted]. So does everything but the header of a JWE, and the disclosures of an \
SD-JWT. The rest of the text stays as it is, byte for byte. Nothing in a line of the output is a token that verifies.

A token is found wherever base64url text ends with a JSON object that has an alg, and a dot follows. The dots may be \
percent-encoded, the parts padded, the signature empty or missing. In JSON on one line, the signature and tag members \
of a JWS or JWE are hidden, too.

Not found are tokens in UTF-16 text, in compressed or encrypted data, and tokens broken over several lines.";

/// The variables that the tool reads.
pub(super) const VARIABLES: &str = "\
JWTCTL_SECRET: the HMAC secret, if no flag names a key
JWTCTL_SECRET_FORMAT: the format of the secret: text, raw, base64, hex
JWTCTL_KEY: the path of the key file, if no flag names a key
JWTCTL_JWKS: the path or https URL of a JWK Set, if no flag names a key
JWTCTL_OIDC: the issuer whose JWK Set is found by discovery, if no flag names a key
JWTCTL_DECRYPT_KEY: the path of the key that decrypts a JWE, if no flag names one
JWTCTL_KEY_PASSWORD: the password of an encrypted key
JWTCTL_ISS: the expected issuer, if neither --iss nor --oidc names one
JWTCTL_AUD: the expected audience, if neither --aud nor --any-aud is given
SSH_AUTH_SOCK: the socket of the SSH agent that --agent asks; on Windows, it may be unset
JWTCTL_PROFILE: the profile that flags are taken from, if --profile names none
JWTCTL_CONFIG: the configuration file with profiles, if --config names none
XDG_CONFIG_HOME, HOME: the configuration file: $XDG_CONFIG_HOME/jwtctl/config.toml, else ~/.config/jwtctl/config.toml
SSL_CERT_FILE, SSL_CERT_DIR: the certificates to trust instead of the system's
HTTPS_PROXY, ALL_PROXY, NO_PROXY: the proxy for fetching keys, also in lower case
XDG_CACHE_HOME, HOME: the cache of fetched keys: $XDG_CACHE_HOME/jwtctl, else ~/.cache/jwtctl
XDG_STATE_HOME, HOME: the key that seals the cache: $XDG_STATE_HOME/jwtctl, else ~/.local/state/jwtctl
LOCALAPPDATA: on Windows, the folder of both, in place of HOME
NO_COLOR, CLICOLOR_FORCE, TERM: whether --color auto uses colour";

type Topic = (&'static str, fn() -> String);

/// The topics of `jwtctl help` that are not verbs.
pub(super) const TOPICS: [Topic; 2] = [("exit-codes", exit_codes), ("codes", problem_codes)];

/// The topic that shows what is in force on this machine.
pub(super) const PROFILES: &str = "profiles";

/// What follows the list of verbs.
pub(super) fn after_tool() -> String {
    let codes: Vec<_> =
        exit::TABLE.iter().map(|(exit, ..)| format!("{} {}", exit.code(), exit.name())).collect();
    format!(
        "Exit codes: {}\n\n\
         With JWTCTL_SECRET set:\n  \
         jwtctl encode --user 123 --ttl 30m\n  \
         jwtctl verify TOKEN\n\n\
         See jwtctl help VERB and jwtctl help exit-codes.",
        codes.join(", ")
    )
}

/// The exit codes for `jwtctl help exit-codes`.
fn exit_codes() -> String {
    let mut out = String::from("The exit codes of all verbs:\n\n");
    for (exit, means, then) in exit::TABLE {
        let (code, name) = (exit.code(), exit.name());
        let _ = writeln!(out, "{code}  {name}\n     {means}\n     → {then}");
    }
    let _ = writeln!(out, "\n{}", exit::PRECEDENCE_IN_WORDS);
    out
}

/// The codes of problems and warnings, a line each.
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
