//! One record for each verb, with everything that its help has besides the definition of its flags. A new verb needs a
//! record.

use clap::Command;

use super::examples::{self, Example};
use super::sections::Section;
use super::topics;
use crate::output::exit::Exit::{
    self, Expired, Failure, Invalid, NotYetValid, Ok, Rejected, Usage,
};

pub(super) struct VerbHelp {
    /// The verb, such as "verify" or "key show"; empty for the tool.
    pub path: &'static str,
    /// The flags of the short help, at most ten, in order, each with its text. If the text is empty, the short help
    /// shows the first clause of the long help.
    pub short: &'static [Short],
    /// Flags that have no effect for this verb. They are hidden, but still parsed, so that an error can explain them.
    pub hidden: &'static [&'static str],
    /// What `--quiet` does for this verb.
    pub quiet: &'static str,
    /// The sections of the long help.
    pub sections: &'static [fn() -> Section],
    /// The exit codes that the verb can have.
    pub exits: &'static [Exit],
    pub examples: &'static [Example],
}

/// The ID of a flag, and its text in the short help.
type Short = (&'static str, &'static str);

const FILE: Short = ("file", "Key file in any format, or -");
const SECRET_ENV: Short = ("secret_env", "HMAC secret in the environment variable NAME");
const KEY: Short = ("key", "Key file in any format [env: JWTCTL_KEY]");
const KEY_ENV: Short = ("key_env", "Key in the environment variable NAME");
const JWKS: Short = ("jwks", "JWK Set from a file or URL [env: JWTCTL_JWKS]");
const OIDC: Short = ("oidc", "Keys of an OpenID issuer [env: JWTCTL_OIDC]");
const AGENT: Short = ("agent", "Key in the SSH agent, or any: the only one");
const PASSWORD: Short = ("key_password_file", "File with the password of the key");
const TOKEN_ENV: Short = ("token_env", "Token in the environment variable NAME");
const JSON: Short = ("json", "Report everything as one JSON object");

/// The exit codes of verbs that only print.
const PRINTS: &[Exit] = &[Ok, Failure, Usage];
const OF_KEYS: &[Exit] = &[Ok, Failure, Usage, Exit::Key];
const OF_GATES: &[Exit] = &[Ok, Failure, Usage, Expired, Invalid, NotYetValid, Rejected, Exit::Key];

const NOTES: &str = "Print only errors, no warnings or hints";
const QUIET_GATE: &str = "Print only errors: the exit code is the answer";

/// Flags without effect for verbs that use neither tokens nor keys.
const OF_THE_TOOL: &[&str] = &["github", "profile", "config"];

const TOOL: VerbHelp = VerbHelp {
    path: "",
    short: &[],
    hidden: &[],
    quiet: "Print only errors, no warnings or hints; verify prints no claims, either",
    sections: &[],
    exits: OF_GATES,
    examples: examples::TOOL,
};

/// Defaults for records.
const BASE: VerbHelp =
    VerbHelp { quiet: NOTES, sections: &[], exits: OF_GATES, examples: &[], ..TOOL };
const BASE_OF_KEYS: VerbHelp = VerbHelp { exits: OF_KEYS, ..BASE };
const BASE_OF_THE_TOOL: VerbHelp = VerbHelp { hidden: OF_THE_TOOL, exits: PRINTS, ..BASE };

pub(super) static VERBS: &[VerbHelp] = &[
    TOOL,
    VerbHelp {
        path: "encode",
        short: &[
            ("user", "Set user_id: a number if ID is an integer"),
            ("sub", ""),
            ("aud", ""),
            ("claim", ""),
            ("ttl", "Lifetime: 90s, 30m, 1h30m, 7d, 2w [default: 30m]"),
            ("exp", ""),
            ("secret", ""),
            SECRET_ENV,
            KEY,
            ("alg", "Algorithm, such as HS512 [default: by the key]"),
        ],
        // Public keys from an issuer or a URL cannot sign.
        hidden: &["oidc", "timeout", "ca_file", "no_cache", "offline"],
        quiet: NOTES,
        sections: &[topics::claims, topics::secrets, topics::signing_key],
        exits: &[Ok, Failure, Usage, Invalid, Exit::Key],
        examples: examples::ENCODE,
    },
    VerbHelp {
        path: "decode",
        short: &[
            ("get", "Print only this claim"),
            ("header", "Show the header instead of the claims"),
            JSON,
            ("compact", ""),
            ("at", "Use this time as now, such as +30m or 2026-01-01"),
            TOKEN_ENV,
            ("token_file", ""),
            ("find", "Show every token in a text of any kind"),
            ("batch", "Show the token on each line of a file"),
            ("decrypt_key", "Key that decrypts a JWE"),
        ],
        sections: &[topics::clipboard],
        exits: &[Ok, Failure, Usage, Invalid, Rejected, Exit::Key],
        examples: examples::DECODE,
        ..BASE
    },
    VerbHelp {
        path: "verify",
        short: &[
            ("secret", ""),
            SECRET_ENV,
            KEY,
            JWKS,
            OIDC,
            ("iss", ""),
            ("aud", ""),
            ("get", "Print only this claim"),
            TOKEN_ENV,
            ("quiet", ""),
        ],
        quiet: QUIET_GATE,
        sections: &[topics::expected_claims, topics::secrets, topics::verifying_keys],
        examples: examples::VERIFY,
        ..BASE
    },
    VerbHelp {
        path: "refresh",
        short: &[
            ("secret", ""),
            SECRET_ENV,
            KEY,
            ("sign_key", "Sign with this key instead"),
            ("aud", ""),
            ("ttl", ""),
            ("grace", "Also renew if it expired at most this long ago"),
            ("if_expiring", "Keep the token while valid for longer than this"),
            ("max_session", "Limit the session to this long"),
            TOKEN_ENV,
        ],
        sections: &[topics::expected_claims, topics::secrets, topics::verifying_keys],
        examples: examples::REFRESH,
        ..BASE
    },
    VerbHelp {
        path: "audit",
        short: &[
            SECRET_ENV,
            KEY,
            JWKS,
            ("wordlist", "Try every line of a file as the secret"),
            ("max_life", "Report a longer lifetime [default: 24h]"),
            ("min_severity", "high, medium, low or info [default: info]"),
            TOKEN_ENV,
            ("find", "Audit every token in a text of any kind"),
            JSON,
            ("sarif", ""),
        ],
        quiet: QUIET_GATE,
        sections: &[topics::audited, topics::rules],
        exits: &[Ok, Failure, Usage, Invalid, Rejected, Exit::Key],
        examples: examples::AUDIT,
        ..BASE
    },
    VerbHelp {
        path: "redact",
        short: &[
            ("payload", ""),
            ("all", ""),
            ("same_length", "Write * for each character that is hidden"),
            ("quiet", ""),
        ],
        sections: &[topics::redaction],
        exits: PRINTS,
        examples: examples::REDACT,
        ..BASE
    },
    VerbHelp { path: "key", exits: OF_KEYS, examples: examples::KEY, ..BASE },
    VerbHelp {
        path: "key new",
        short: &[
            ("alg", "Algorithm of the key [default: ES256]"),
            ("bits", "Size of an RSA key or secret, such as 4096"),
            ("curve", "Curve for ECDH-ES, such as X25519"),
            ("kid", "Key ID of a JWK [default: its thumbprint]"),
            ("format", "pem, jwk, der, openssh, or text for a secret"),
            ("encrypt", "Encrypt the private key with a password"),
            ("out", ""),
            ("public_out", ""),
            ("force", ""),
            JSON,
        ],
        examples: examples::KEY_NEW,
        ..BASE_OF_KEYS
    },
    VerbHelp {
        path: "key show",
        short: &[
            FILE,
            KEY_ENV,
            SECRET_ENV,
            JWKS,
            OIDC,
            AGENT,
            PASSWORD,
            ("allow_weak_key", ""),
            JSON,
            ("compact", ""),
        ],
        sections: &[topics::secrets],
        examples: examples::KEY_SHOW,
        ..BASE_OF_KEYS
    },
    VerbHelp {
        path: "key public",
        short: &[
            FILE,
            ("format", "pem, jwk, der, openssh"),
            ("out", ""),
            ("force", ""),
            KEY_ENV,
            JWKS,
            AGENT,
            PASSWORD,
            JSON,
        ],
        examples: examples::KEY_PUBLIC,
        ..BASE_OF_KEYS
    },
    VerbHelp {
        path: "key convert",
        short: &[
            FILE,
            ("format", "pem, jwk, der, openssh, text"),
            ("kid", "Key ID of a JWK [default: its thumbprint]"),
            ("no_kid", ""),
            ("out", ""),
            ("force", ""),
            KEY_ENV,
            SECRET_ENV,
            PASSWORD,
            JSON,
        ],
        sections: &[topics::secrets],
        examples: examples::KEY_CONVERT,
        ..BASE_OF_KEYS
    },
    VerbHelp {
        path: "key thumbprint",
        short: &[
            FILE,
            ("spki", "SHA-256 of the public key in SPKI"),
            ("x5t", "Digests of the certificate (x5t, x5t#S256)"),
            ("ssh", "As ssh-keygen -l prints it"),
            ("libtrust", "Key ID for a Docker registry"),
            KEY_ENV,
            JWKS,
            AGENT,
            PASSWORD,
            JSON,
        ],
        examples: examples::KEY_THUMBPRINT,
        ..BASE_OF_KEYS
    },
    VerbHelp {
        path: "key set",
        short: &[
            ("files", "Key files in any format, or -"),
            ("secret", "Also admit HMAC secrets"),
            ("out", ""),
            ("force", ""),
            PASSWORD,
            ("allow_weak_key", ""),
            JSON,
        ],
        examples: examples::KEY_SET,
        ..BASE_OF_KEYS
    },
    VerbHelp { path: "completions", examples: examples::COMPLETIONS, ..BASE_OF_THE_TOOL },
    VerbHelp {
        path: "man",
        short: &[("verb", "Verb, such as verify or key new"), ("dir", "")],
        examples: examples::MAN,
        ..BASE_OF_THE_TOOL
    },
    VerbHelp {
        path: "help",
        // `help profiles` shows the configuration file.
        hidden: &["github", "profile"],
        examples: examples::HELP,
        ..BASE_OF_THE_TOOL
    },
];

/// The record of a verb, or of the tool.
pub(super) fn of(path: &str) -> &'static VerbHelp {
    VERBS.iter().find(|verb| verb.path == path).unwrap_or(&VERBS[0])
}

/// A verb of the built tool, or the tool.
pub(super) fn find(tool: &Command, path: &str) -> Command {
    let words = path.split_whitespace();
    let verb = words.fold(tool, |verb, word| verb.find_subcommand(word).unwrap_or(verb));
    verb.clone()
}
