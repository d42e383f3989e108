//! Words of other tools, and ours for the same.

/// Our flags, and the flags of other tools for the same, some with a value. The first row counts whose flag the verb
/// has.
const FLAGS: [(&str, &str); 19] = [
    ("--json", "--format=json --output=json -o=json"),
    ("--alg", "--algorithm --type"),
    (
        "--allow-expired",
        "--allow-expiration --ignore-exp --ignore-expiration --ignore-expired --ignore-expiry --skip-exp \
         --skip-expiration",
    ),
    ("--at", "--now --time"),
    ("--aud", "--audience"),
    ("--bits", "--size"),
    ("--force", "--overwrite"),
    ("--format", "--outform --to"),
    ("--get", "--field"),
    ("--iss", "--issuer"),
    ("--jwks", "--jwks-file --jwks-uri --jwks-url"),
    ("--key", "--cert --certificate --jwk --key-file --private-key --pubkey --public --public-key"),
    ("--key-password-file", "--passin --passphrase --password --password-file"),
    ("--kid", "--keyid --key-id"),
    ("--leeway", "--clock-skew --clock-tolerance --skew --tolerance"),
    ("--out", "--output"),
    ("--secret", "--hmac --hmac-secret --secret-key --shared-secret"),
    ("--sub", "--subject"),
    (
        "--ttl",
        "--duration --exp --exp-in --expiration --expires --expires-in --expiry --lifetime --valid-for",
    ),
];

/// Flags that the verbs do not have, of other tools or of other verbs, and what to do instead. VERB is the verb that
/// was called.
const ADVICE: [(&str, &str, &str); 8] = [
    (
        "--no-verify --no-verify-signature --skip-signature --skip-verification --skip-verify --insecure --unverified",
        "decode verify refresh",
        "jwtctl decode shows a token without verifying it",
    ),
    (
        "-S -k --secret --secret-file --secret-env --key --key-env",
        "decode",
        "decode checks no signature: jwtctl verify does",
    ),
    ("--header", "verify", "jwtctl decode --header shows the header"),
    (
        "--token --jwt",
        "decode verify refresh",
        "the token is given without a flag: jwtctl VERB TOKEN",
    ),
    ("--payload", "decode verify refresh", "jwtctl decode TOKEN shows the claims"),
    (
        "--payload --data --body",
        "encode",
        "CLAIMS are given without a flag: jwtctl encode '{\"user_id\":123}'",
    ),
    ("--nonce", "encode verify refresh", "did you mean --claim nonce=TEXT?"),
    (
        "--verbose -v",
        "encode decode verify refresh key",
        "all there is to say is said; --json has it for programs",
    ),
];

/// Our verbs, and those of other tools for the same.
const VERBS: [(&str, &str); 10] = [
    ("verify", "check validate"),
    ("encode", "create generate make new"),
    ("decode", "show parse read"),
    ("refresh", "renew"),
    ("--version", "version"),
    ("help exit-codes", "exit-codes"),
    ("key new", "keygen"),
    ("key", "jwk"),
    ("key set", "jwks"),
    ("key thumbprint", "thumbprint"),
];

/// The same for the verbs of `key`.
const KEY_VERBS: [(&str, &str); 6] = [
    ("key new", "generate gen create make"),
    ("key show", "inspect info print list"),
    ("key public", "pub"),
    ("key convert", "export import"),
    ("key thumbprint", "fingerprint"),
    ("key set", "jwks jwkset"),
];

fn has(words: &str, word: &str) -> bool {
    words.split(' ').any(|one| one == word)
}

/// Our flag for one of another tool, if the verb has it.
pub(super) fn flag(
    theirs: &str,
    value: Option<&str>,
    is_known: impl Fn(&str) -> bool,
) -> Option<&'static str> {
    let whole = format!("{theirs}={}", value.unwrap_or_default());
    let means = |words| has(words, theirs) || has(words, &whole);
    FLAGS.into_iter().find(|(ours, words)| means(words) && is_known(ours)).map(|(ours, _)| ours)
}

/// What to do instead of giving a flag that the verb at `path` does not have.
pub(super) fn advice(typed: &str, path: &str) -> Option<String> {
    let verb = path.split(' ').next().unwrap_or_default();
    let ours = flag(typed, None, |_| true).unwrap_or(typed);
    let is_meant = |flags| has(flags, typed) || has(flags, ours);
    let row = ADVICE.iter().find(|(flags, verbs, _)| is_meant(flags) && has(verbs, verb));
    row.map(|(.., advice)| advice.replace("VERB", verb))
}

/// Our call for a verb of another tool, below `path`.
pub(super) fn verb(path: &str, theirs: &str) -> Option<&'static str> {
    let verbs = if path == "key" { &KEY_VERBS[..] } else { &VERBS };
    verbs.iter().find(|(_, words)| has(words, theirs)).map(|(ours, _)| *ours)
}
