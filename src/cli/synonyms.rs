//! The names that other tools use for our flags and verbs.

/// Our flags, each with its names in other tools, some with a value. The first line whose flag the verb has is used.
const FLAGS: &str = "\
--json: --format=json --output=json -o=json
--alg: --algorithm --type
--allow-expired: --allow-expiration --ignore-exp --ignore-expiration --ignore-expired --ignore-expiry
--allow-expired: --skip-exp --skip-expiration
--at: --now --time
--aud: --audience
--bits: --size
--force: --overwrite
--format: --outform --to
--get: --field
--iss: --issuer
--jwks: --jwks-file --jwks-uri --jwks-url
--key: --cert --certificate --jwk --key-file --private-key --pubkey --public --public-key
--key-password-file: --passin --passphrase --password --password-file
--kid: --keyid --key-id
--leeway: --clock-skew --clock-tolerance --skew --tolerance
--out: --output
--secret: --hmac --hmac-secret --secret-key --shared-secret
--sub: --subject
--ttl: --duration --exp --exp-in --expiration --expires --expires-in --expiry --lifetime --valid-for";

/// Flags that some verbs do not have, these verbs, and what to do instead. VERB is replaced by the verb.
const ADVICE: [(&str, &str, &str); 9] = [
    ("--no-verify --no-verify-signature --skip-signature --unverified", TOKEN_VERBS, UNVERIFIED),
    ("--skip-verification --skip-verify --insecure", TOKEN_VERBS, UNVERIFIED),
    (
        "--secret --secret-file --secret-env --key --key-env -S -k",
        "decode",
        "decode checks no signature: jwtctl verify does",
    ),
    ("--header", "verify", "jwtctl decode --header shows the header"),
    ("--token --jwt", TOKEN_VERBS, "the token is given without a flag: jwtctl VERB TOKEN"),
    ("--payload", TOKEN_VERBS, "jwtctl decode TOKEN shows the claims"),
    (
        "--payload --data --body",
        "encode",
        "CLAIMS are given without a flag: jwtctl encode '{\"user_id\":123}'",
    ),
    ("--nonce --dpop-nonce", "encode verify refresh", "did you mean --claim nonce=TEXT?"),
    (
        "--verbose -v",
        "encode decode verify refresh key",
        "there is no more detailed output; --json prints everything as JSON",
    ),
];
const TOKEN_VERBS: &str = "decode verify refresh";
const UNVERIFIED: &str = "jwtctl decode shows a token without verifying it";

/// Our verbs, each with its names in other tools.
const VERBS: &str = "\
verify: check validate
encode: create generate make new
decode: show parse read
refresh: renew
--version: version
help exit-codes: exit-codes
key new: keygen
key: jwk
key set: jwks
key thumbprint: thumbprint";

/// The same for the verbs of `key`.
const KEY_VERBS: &str = "\
key new: generate gen create make
key show: inspect info print list
key public: pub
key convert: export import
key thumbprint: fingerprint
key set: jwks jwkset";

fn has(words: &str, word: &str) -> bool {
    words.split(' ').any(|one| one == word)
}

/// Our flag for a name in another tool, if the verb has it.
pub(super) fn flag(
    theirs: &str,
    value: Option<&str>,
    is_known: impl Fn(&str) -> bool,
) -> Option<&'static str> {
    let whole = format!("{theirs}={}", value.unwrap_or_default());
    let mut rows = FLAGS.lines().filter_map(|row| row.split_once(": "));
    let means = |words| has(words, theirs) || has(words, &whole);
    rows.find(|(ours, words)| means(words) && is_known(ours)).map(|(ours, _)| ours)
}

/// What to do instead of giving a flag that the verb at `path` does not have.
pub(super) fn advice(typed: &str, path: &str) -> Option<String> {
    let verb = path.split(' ').next()?;
    let ours = flag(typed, None, |_| true).unwrap_or(typed);
    let is_meant = |flags| has(flags, typed) || has(flags, ours);
    let row = ADVICE.iter().find(|(flags, verbs, _)| is_meant(flags) && has(verbs, verb));
    row.map(|(.., advice)| advice.replace("VERB", verb))
}

/// Our verb below `path` for a name in another tool.
pub(super) fn verb(path: &str, theirs: &str) -> Option<&'static str> {
    let rows = if path == "key" { KEY_VERBS } else { VERBS }.lines();
    let mut rows = rows.filter_map(|row| row.split_once(": "));
    rows.find(|(_, words)| has(words, theirs)).map(|(ours, _)| ours)
}
