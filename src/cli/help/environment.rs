//! The environment variables and files that jwtctl uses. Each has the ID of a flag: the verbs with this flag use it.

use clap::Command;

/// An environment variable or a file.
pub(super) struct Entry {
    pub name: &'static str,
    pub means: &'static str,
    /// Verbs with this flag use it; if `None`, every verb does.
    flag: Option<&'static str>,
}

const fn used(flag: &'static str, name: &'static str, means: &'static str) -> Entry {
    Entry { name, means, flag: Some(flag) }
}

pub(super) const VARIABLES: [Entry; 22] = [
    used("secret_env", "JWTCTL_SECRET", "the HMAC secret, if no flag names a key"),
    used(
        "secret_format",
        "JWTCTL_SECRET_FORMAT",
        "the format of the secret: text, raw, base64, hex",
    ),
    used("key", "JWTCTL_KEY", "the path of the key file, if no flag names a key"),
    used("jwks", "JWTCTL_JWKS", "the path or https URL of a JWK Set, if no flag names a key"),
    used(
        "oidc",
        "JWTCTL_OIDC",
        "the issuer whose JWK Set is found by discovery, if no flag names a key",
    ),
    used(
        "decrypt_key",
        "JWTCTL_DECRYPT_KEY",
        "the path of the key that decrypts a JWE, if no flag names one",
    ),
    used("key_password_file", "JWTCTL_KEY_PASSWORD", "the password of an encrypted key"),
    used("any_aud", "JWTCTL_ISS", "the expected issuer, if neither --iss nor --oidc names one"),
    used("any_aud", "JWTCTL_AUD", "the expected audience, if neither --aud nor --any-aud is given"),
    used(
        "agent",
        "SSH_AUTH_SOCK",
        "the socket of the SSH agent that --agent asks; on Windows, it may be unset",
    ),
    used(
        "profile",
        "JWTCTL_PROFILE",
        "the profile that flags are taken from, if --profile names none",
    ),
    used("config", "JWTCTL_CONFIG", "the configuration file with profiles, if --config names none"),
    used(
        "config",
        "XDG_CONFIG_HOME, HOME",
        "the folders in which the configuration file may be; see jwtctl help profiles",
    ),
    used(
        "timeout",
        "SSL_CERT_FILE, SSL_CERT_DIR",
        "the certificates to trust instead of the system's",
    ),
    used(
        "timeout",
        "HTTPS_PROXY, ALL_PROXY, NO_PROXY",
        "the proxy for fetching keys, also in lower case",
    ),
    used("timeout", "XDG_CACHE_HOME, HOME", "where fetched keys are cached"),
    used("timeout", "XDG_STATE_HOME, HOME", "where the key is kept that seals the cache"),
    used("config", "LOCALAPPDATA", "on Windows, the folder of all these files, in place of HOME"),
    Entry {
        name: "PAGER, LESS",
        means: "the pager for long help on a terminal [default: less, with the options FRX]",
        flag: None,
    },
    Entry { name: "CI", means: "if it is set, no pager is used", flag: None },
    Entry {
        name: "COLUMNS",
        means: "the width of help that is not printed on a terminal",
        flag: None,
    },
    Entry {
        name: "NO_COLOR, CLICOLOR_FORCE, TERM",
        means: "whether --color auto uses colour",
        flag: None,
    },
];

pub(super) const FILES: [Entry; 3] = [
    used(
        "config",
        "~/.config/jwtctl/config.toml",
        "the configuration file with profiles; in XDG_CONFIG_HOME if that is set",
    ),
    used(
        "timeout",
        "~/.cache/jwtctl",
        "fetched keys, which are sealed; in XDG_CACHE_HOME if that is set",
    ),
    used(
        "timeout",
        "~/.local/state/jwtctl",
        "the key that seals them; in XDG_STATE_HOME if that is set",
    ),
];

/// The entries that a verb uses.
pub(super) fn of<'a>(entries: &'a [Entry], verb: &'a Command) -> impl Iterator<Item = &'a Entry> {
    let has = |verb: &Command, flag: &str| {
        verb.get_arguments().any(|arg| arg.get_id() == flag && !arg.is_hide_set())
    };
    let is_used = move |entry: &&Entry| {
        // The help of the tool lists the entries of all verbs.
        entry.flag.is_none_or(|flag| has(verb, flag) || verb.get_name() == "jwtctl")
    };
    entries.iter().filter(is_used)
}
