//! Words of other tools, and ours for the same. It holds no logic.

/// Flags of other tools, alone or with their value, and ours for the same. Of several rows the first
/// one counts whose flag the verb has.
pub(super) const FLAGS: [(&str, &str); 56] = [
    ("--algorithm", "--alg"),
    ("--allow-expiration", "--allow-expired"),
    ("--audience", "--aud"),
    ("--cert", "--key"),
    ("--certificate", "--key"),
    ("--clock-skew", "--leeway"),
    ("--clock-tolerance", "--leeway"),
    ("--duration", "--ttl"),
    ("--exp-in", "--ttl"),
    ("--expiration", "--ttl"),
    ("--expires", "--ttl"),
    ("--expires-in", "--ttl"),
    ("--expiry", "--ttl"),
    ("--field", "--get"),
    ("--format json", "--json"),
    ("--hmac", "--secret"),
    ("--hmac-secret", "--secret"),
    ("--ignore-exp", "--allow-expired"),
    ("--ignore-expiration", "--allow-expired"),
    ("--ignore-expired", "--allow-expired"),
    ("--ignore-expiry", "--allow-expired"),
    ("--issuer", "--iss"),
    ("--jwk", "--key"),
    ("--jwks-file", "--jwks"),
    ("--jwks-uri", "--jwks"),
    ("--jwks-url", "--jwks"),
    ("--keyid", "--kid"),
    ("--key-id", "--kid"),
    ("--key-file", "--key"),
    ("--lifetime", "--ttl"),
    ("--now", "--at"),
    ("--outform", "--format"),
    ("--output json", "--json"),
    ("--output", "--out"),
    ("--overwrite", "--force"),
    ("--passin", "--key-password-file"),
    ("--passphrase", "--key-password-file"),
    ("--password", "--key-password-file"),
    ("--password-file", "--key-password-file"),
    ("--private-key", "--key"),
    ("--pubkey", "--key"),
    ("--public", "--key"),
    ("--public-key", "--key"),
    ("--secret-key", "--secret"),
    ("--shared-secret", "--secret"),
    ("--size", "--bits"),
    ("--skew", "--leeway"),
    ("--skip-exp", "--allow-expired"),
    ("--skip-expiration", "--allow-expired"),
    ("--subject", "--sub"),
    ("--time", "--at"),
    ("--to", "--format"),
    ("--tolerance", "--leeway"),
    ("--type", "--alg"),
    ("--valid-for", "--ttl"),
    ("-o json", "--json"),
];

/// Flags of other tools that none of ours stands for, the verbs that this is said of, and what to do.
/// VERB is the verb that was called.
pub(super) const ADVICE: [(&[&str], &[&str], &str); 6] = [
    (
        &[
            "--no-verify",
            "--no-verify-signature",
            "--skip-signature",
            "--skip-verification",
            "--skip-verify",
            "--insecure",
            "--unverified",
        ],
        &TOKEN_VERBS,
        "jwtctl decode shows a token without verifying it",
    ),
    (&["--token", "--jwt"], &TOKEN_VERBS, "the token is given without a flag: jwtctl VERB TOKEN"),
    (&["--payload"], &TOKEN_VERBS, "jwtctl decode TOKEN shows the claims"),
    (
        &["--payload", "--data", "--body"],
        &["encode"],
        "CLAIMS are given without a flag: jwtctl encode '{\"user_id\":123}'",
    ),
    (&["--nonce"], &["encode", "verify", "refresh"], "did you mean --claim nonce=TEXT?"),
    (
        &["--verbose", "-v"],
        &["encode", "decode", "verify", "refresh", "key"],
        "all there is to say is said; --json has it for programs",
    ),
];

/// The verbs whose argument is a token.
pub(super) const TOKEN_VERBS: [&str; 3] = ["decode", "verify", "refresh"];

/// Verbs of other tools, and ours for the same.
pub(super) const VERBS: [(&str, &str); 16] = [
    ("check", "verify"),
    ("validate", "verify"),
    ("create", "encode"),
    ("generate", "encode"),
    ("make", "encode"),
    ("new", "encode"),
    ("show", "decode"),
    ("parse", "decode"),
    ("read", "decode"),
    ("renew", "refresh"),
    ("version", "--version"),
    ("exit-codes", "help exit-codes"),
    ("keygen", "key new"),
    ("jwk", "key"),
    ("jwks", "key set"),
    ("thumbprint", "key thumbprint"),
];

/// The same for the verbs of `key`.
pub(super) const KEY_VERBS: [(&str, &str); 14] = [
    ("generate", "new"),
    ("gen", "new"),
    ("create", "new"),
    ("make", "new"),
    ("inspect", "show"),
    ("info", "show"),
    ("print", "show"),
    ("pub", "public"),
    ("export", "convert"),
    ("import", "convert"),
    ("fingerprint", "thumbprint"),
    ("jwks", "set"),
    ("jwkset", "set"),
    ("list", "show"),
];
