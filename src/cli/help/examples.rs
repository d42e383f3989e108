//! The examples of each verb: a description and a call. The short help shows the first two calls for the operating
//! system.

use crate::sys::{CLIPBOARD, SHELL, Shell};

/// A description and a call.
pub(super) type Example = (&'static str, &'static str);

pub(super) const TOOL: &[Example] = &[
    (
        "Create a token for user 123, signed with the secret in JWTCTL_SECRET",
        "jwtctl encode --user 123 --ttl 30m",
    ),
    ("Verify a token with the secret in JWTCTL_SECRET", "jwtctl verify TOKEN"),
    (
        "Let a script verify a token that the process list does not show",
        "jwtctl verify --aud api --token-env TOKEN",
    ),
];

pub(super) const ENCODE: &[Example] = &[
    ("Sign with the secret in JWTCTL_SECRET", "jwtctl encode --user 123 --ttl 30m"),
    (
        "Sign with a private key, with claims from flags",
        "jwtctl encode --sub alice --claim 'roles:=[\"admin\"]' --key private.pem",
    ),
    (
        "Sign with a secret from a file, with claims from another",
        "jwtctl encode @claims.json --secret-file secret.txt",
    ),
    (
        "Name the key in the header, so that a verifier with several finds it",
        "jwtctl encode --user 123 --key private.pem --kid \"$(jwtctl key thumbprint private.pem)\"",
    ),
    (
        "Make an SD-JWT, whose holder decides who learns the two claims",
        "jwtctl encode @claims.json --disclosable email --disclosable /address/street",
    ),
    (
        "Sign a file, and keep the signature apart from it",
        "jwtctl encode --detached report.pdf --key private.pem > report.jws",
    ),
    (
        "Prove to a server that the caller of a URL has the key (DPoP)",
        "jwtctl encode --dpop POST https://api.example/items --key private.pem --dpop-token-env ACCESS_TOKEN",
    ),
    ("Sign with the only suitable key in the SSH agent", "jwtctl encode --user 123 --agent any"),
    (
        "Sign with a command that holds the private key",
        "jwtctl encode --user 123 --key public.pem --signer 'openssl dgst -sha256 -sign private.pem'",
    ),
    ("Create a token for each line of claims", "jwtctl encode --batch claims.ndjson > tokens.txt"),
];

/// The commands that print the clipboard, and the system of each.
const CLIPBOARDS: [(&str, &str); 4] = [
    ("pbpaste", "macOS"),
    ("wl-paste", "Linux with Wayland"),
    ("xclip -o -selection clipboard", "Linux with X11"),
    ("Get-Clipboard", "Windows"),
];

pub(super) const DECODE: &[Example] = &[
    ("Show a token", "jwtctl decode TOKEN"),
    (
        "Show which key signed it, as far as the token says so",
        "jwtctl decode --header --get kid TOKEN",
    ),
    ("Show when it expires, in seconds since 1970", "jwtctl decode --get exp TOKEN"),
    ("Show every token of a log, with its line and column", "jwtctl decode --find server.log"),
    ("Show each line of a file of tokens", "jwtctl decode --batch tokens.txt > rows.ndjson"),
];

pub(super) const VERIFY: &[Example] = &[
    ("Verify with the secret in JWTCTL_SECRET", "jwtctl verify TOKEN"),
    (
        "Verify with the keys of an OpenID Connect issuer",
        "jwtctl verify --oidc https://issuer.example --aud api TOKEN",
    ),
    (
        "Let a script verify a token that the process list does not show; the exit code is the answer",
        "jwtctl verify --quiet --iss https://issuer.example --aud api --key public.pem --token-env TOKEN",
    ),
    (
        "Accept an older secret beside the new one, while both are in use",
        "jwtctl verify --secret-env NEW --secret-env OLD --token-env TOKEN",
    ),
    (
        "Print one claim of a genuine token",
        "jwtctl verify --get /realm_access/roles/0 --token-file token.txt",
    ),
    (
        "Verify an SD-JWT that its holder presents",
        "jwtctl verify --key-binding-aud shop --key-binding-nonce \"$NONCE\" TOKEN",
    ),
    (
        "Verify the signature of a file that is kept apart from it",
        "jwtctl verify --raw --detached report.pdf --key public.pem --token-file report.jws",
    ),
    (
        "Verify each line of a file of tokens",
        "jwtctl verify --aud api --batch tokens.txt > rows.ndjson",
    ),
    (
        "Watch a file for tokens that are refused",
        "tail -f tokens.log | jwtctl verify --aud api --batch --print failed",
    ),
];

pub(super) const REFRESH: &[Example] = &[
    ("Sign the claims again, with a new iat and exp", "jwtctl refresh TOKEN"),
    (
        "Renew a session when needed, also just after it has expired, but for at most 12 hours",
        "jwtctl refresh --if-expiring 5m --grace 10m --max-session 12h TOKEN",
    ),
    (
        "Verify with the old key, and sign with the new one",
        "jwtctl refresh --key old.pem --sign-key new.pem --token-env TOKEN",
    ),
    (
        "Sign with a key in the SSH agent, named by its comment",
        "jwtctl refresh --key old.pem --sign-agent ci@example.com TOKEN",
    ),
    ("Refresh each line of a file of tokens", "jwtctl refresh --batch tokens.txt > renewed.txt"),
];

pub(super) const AUDIT: &[Example] = &[
    ("List the weaknesses of a token", "jwtctl audit --token-env TOKEN"),
    ("Also try every secret in a file", "jwtctl audit --wordlist words.txt --token-env TOKEN"),
    (
        "Also check the signature and the key, and allow a lifetime of 7 days",
        "jwtctl audit --key public.pem --max-life 7d --token-env TOKEN",
    ),
    ("Count the tokens in a log that have findings", "jwtctl audit --find --count access.log"),
    (
        "Write a SARIF log about the tokens in a file, for code scanning",
        "jwtctl audit --sarif --find fixtures.json > audit.sarif",
    ),
];

pub(super) const REDACT: &[Example] = &[
    ("Make a log safe to share", "jwtctl redact server.log > shared.log"),
    ("Follow a log, and hide claims as well", "tail -f server.log | jwtctl redact --payload"),
];

pub(super) const KEY: &[Example] = &[
    ("Create a key pair for ES256", "jwtctl key new --out private.pem --public-out public.pem"),
    ("Show what a file of keys contains", "jwtctl key show jwks.json"),
];

pub(super) const KEY_NEW: &[Example] = &[
    ("Create a key pair for ES256", "jwtctl key new --out private.pem --public-out public.pem"),
    ("Create an HMAC secret of 256 random bits", "jwtctl key new --alg HS256 --out secret.txt"),
    ("Create a private key that a password encrypts", "jwtctl key new --encrypt --out private.pem"),
    (
        "Create a private key as a JWK, with its thumbprint as kid",
        "jwtctl key new --alg ES256 --format jwk --out private.jwk",
    ),
];

pub(super) const KEY_SHOW: &[Example] = &[
    ("Show the key, subject and dates of a certificate", "jwtctl key show certificate.pem"),
    ("Describe each key of a set as JSON", "jwtctl key show --json jwks.json"),
];

pub(super) const KEY_PUBLIC: &[Example] = &[
    ("Print the public key of a private key", "jwtctl key public private.pem"),
    (
        "Print the public key of an OpenSSH key as a JWK",
        "jwtctl key public --format jwk ~/.ssh/id_ed25519",
    ),
    (
        "Print the public key of the only suitable key in the SSH agent",
        "jwtctl key public --format jwk --agent any",
    ),
];

pub(super) const KEY_CONVERT: &[Example] = &[
    (
        "Convert an OpenSSH key to PEM",
        "jwtctl key convert --format pem ~/.ssh/id_ed25519 --out private.pem",
    ),
    (
        "Convert a private key to a JWK with a kid of your choice",
        "jwtctl key convert --format jwk --kid 2026-11 private.pem --out private.jwk",
    ),
];

pub(super) const KEY_THUMBPRINT: &[Example] = &[
    ("Print the thumbprint of a key, which is a usual kid", "jwtctl key thumbprint public.pem"),
    (
        "Print the fingerprint that Snowflake and GitHub show",
        "jwtctl key thumbprint --spki public.pem",
    ),
];

pub(super) const KEY_SET: &[Example] = &[
    ("Publish the keys of two generations", "jwtctl key set old.jwk new.jwk --out jwks.json"),
    ("Publish the public half of a private key", "jwtctl key set private.pem --out jwks.json"),
];

pub(super) const COMPLETIONS: &[Example] = &[
    (
        "Complete in Bash, from the next session on",
        "jwtctl completions bash > ~/.local/share/bash-completion/completions/jwtctl",
    ),
    (
        "Complete in fish, from the next session on",
        "jwtctl completions fish > ~/.config/fish/completions/jwtctl.fish",
    ),
    ("Complete in Zsh, if this folder is in fpath", "jwtctl completions zsh > ~/.zfunc/_jwtctl"),
];

pub(super) const MAN: &[Example] = &[
    ("Open the manual page of verify", "jwtctl man verify"),
    ("Install the pages of all verbs for yourself", "jwtctl man --dir ~/.local/share/man/man1"),
];

pub(super) const HELP: &[Example] = &[
    ("Explain all flags of verify", "jwtctl help verify"),
    ("List the exit codes", "jwtctl help exit-codes"),
];

/// Parts of examples, and what replaces them in PowerShell.
const IN_POWERSHELL: [(&str, &str); 5] = [
    ("\"$NONCE\"", "$env:NONCE"),
    ("tail -f tokens.log", "Get-Content -Wait tokens.log"),
    ("tail -f server.log", "Get-Content -Wait server.log"),
    ("~/.ssh/id_ed25519", r"$HOME\.ssh\id_ed25519"),
    ("~/", "$HOME/"),
];

/// A call in the syntax of the system's shell.
fn for_shell(call: &str) -> String {
    match SHELL {
        Shell::Posix => call.to_owned(),
        Shell::PowerShell => IN_POWERSHELL
            .iter()
            .fold(call.to_owned(), |call, (posix, powershell)| call.replace(posix, powershell)),
    }
}

/// All examples, in the syntax of the system's shell.
pub(super) fn all(examples: &[Example]) -> Vec<(String, String)> {
    examples.iter().map(|(does, call)| ((*does).to_owned(), for_shell(call))).collect()
}

/// The calls that show the token in the clipboard, one for each system.
pub(super) fn of_clipboards() -> Vec<(String, String)> {
    let example = |(command, system): (&str, _)| {
        (
            format!("Show the token in the clipboard on {system}"),
            format!("{command} | jwtctl decode"),
        )
    };
    CLIPBOARDS.map(example).to_vec()
}

/// The call that shows the token in the clipboard on this system.
pub(super) fn of_clipboard() -> String {
    format!("{CLIPBOARD} | jwtctl decode")
}
