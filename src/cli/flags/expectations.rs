//! Flags for the expectations that a verified token must meet.

use clap::builder::ValueHint;
use clap::{ArgAction, Args};

use crate::cli::call::CliError;
use crate::cli::flags::checking_keys::CheckingKeys;
use crate::cli::values::{
    DURATION, Expected, algorithm, duration, expected, one_of, selector, some_path, text,
};
use crate::json::Selector;
use crate::keys::Algorithm;
use crate::policy::{Expired, Policy, TokenKind};
use crate::request::{KeyBinding, PathOrStdin, TokenChecks};

#[derive(Args)]
#[command(next_help_heading = "Expectations")]
struct Expectations {
    /// Expected issuer; repeat to accept any of several [env: JWTCTL_ISS]
    #[arg(long, value_name = "TEXT", value_parser = text)]
    iss: Vec<String>,
    /// Expected audience; repeat to accept any of several [env: JWTCTL_AUD]
    #[arg(long, value_name = "TEXT", value_parser = text, conflicts_with = "any_aud")]
    aud: Vec<String>,
    /// Accept any audience; without this or --aud, a token with an audience is rejected
    #[arg(long)]
    any_aud: bool,
    /// Expected subject
    #[arg(long, value_name = "TEXT", value_parser = text, allow_negative_numbers = true)]
    sub: Option<String>,
    /// Expected type in the header
    #[arg(long, value_name = "TEXT", value_parser = text)]
    typ: Option<String>,
    /// Claim that must exist and not be null, by name or JSON Pointer; repeat for more
    #[arg(long, value_name = "PATH", value_parser = selector)]
    require: Vec<Selector>,
    /// Claim that must equal a string (PATH=TEXT) or a JSON value (PATH:=JSON), or contain a string (PATH~=TEXT) as an
    /// item of an array or as a word, as in scope; repeat for more
    #[arg(short, long, value_name = "PATH=TEXT", value_parser = expected)]
    claim: Vec<Expected>,
    /// Claim that must not exist, by name or JSON Pointer; repeat for more
    #[arg(long, value_name = "PATH", value_parser = selector)]
    forbid: Vec<Selector>,
    /// Expected kind of token, with all that its standard demands: at+jwt (RFC 9068), id-token and logout-token (OpenID
    /// Connect), dpop (RFC 9449), jwt-svid (SPIFFE)
    #[arg(long, value_name = "KIND", hide_possible_values = true,
        value_parser = one_of(TokenKind::ALL.map(|kind| (kind.name(), kind))))]
    expect: Option<TokenKind>,
    /// File with the jti of tokens that are not accepted, one on each line; - is standard input
    #[arg(long, value_name = "PATH", value_hint = ValueHint::FilePath, value_parser = some_path())]
    revoked: Option<PathOrStdin>,
    /// Tolerance for exp, nbf, iat and --max-age [default: 0s]
    #[arg(long, value_name = DURATION, allow_hyphen_values = true, value_parser = duration)]
    leeway: Option<i64>,
    /// Require the token to be valid for at least this long
    #[arg(long, value_name = DURATION, allow_hyphen_values = true, value_parser = duration)]
    min_ttl: Option<i64>,
    /// Require iat to be at most this long ago
    #[arg(long, value_name = DURATION, allow_hyphen_values = true, value_parser = duration)]
    max_age: Option<i64>,
    /// Accept an expired token, however long ago it expired
    #[arg(long, conflicts_with = "min_ttl")]
    allow_expired: bool,
}

impl From<Expectations> for Policy {
    fn from(flags: Expectations) -> Self {
        let (mut equal, mut containing) = (Vec::new(), Vec::new());
        for expected in flags.claim {
            match expected {
                Expected::Equal(path, value) => equal.push((path, value)),
                Expected::Containing(path, text) => containing.push((path, text)),
            }
        }
        Self {
            issuers: flags.iss,
            issuer_of_keys: None,
            audiences: flags.aud,
            any_audience: flags.any_aud,
            subject: flags.sub,
            typ: flags.typ,
            required: flags.require,
            equal,
            containing,
            forbidden: flags.forbid,
            kind: flags.expect,
            revoked: None,
            leeway: flags.leeway.unwrap_or_default(),
            min_ttl: flags.min_ttl,
            max_age: flags.max_age,
            expired: if flags.allow_expired { Expired::Accepted } else { Expired::Refused },
            max_session: None,
        }
    }
}

#[derive(Args)]
pub(crate) struct Checks {
    #[command(flatten)]
    expectations: Expectations,
    #[command(flatten)]
    pub keys: CheckingKeys,
    /// Allow only this algorithm of those that the key supports; repeat for more
    #[arg(short = 'A', long, value_name = "ALG", help_heading = "Key", hide_possible_values = true,
        action = ArgAction::Append, value_parser = algorithm())]
    alg: Vec<Algorithm>,
    /// Accept = padding that the signature covers, as in tokens from AWS load balancers
    #[arg(long, help_heading = "Expectations")]
    allow_padding: bool,
}

impl Checks {
    pub(crate) fn request(self) -> Result<TokenChecks, CliError> {
        let (key, decrypt) = self.keys.requests(&self.alg, &self.expectations.iss)?;
        Ok(TokenChecks {
            decrypt,
            key,
            allowed: self.alg,
            allow_padding: self.allow_padding,
            revoked: self.expectations.revoked.clone(),
            policy: self.expectations.into(),
        })
    }
}

#[derive(Args)]
#[command(next_help_heading = "Key binding (SD-JWT)")]
#[allow(clippy::struct_field_names, reason = "each is named like its flag")]
pub(crate) struct KeyBindingFlags {
    /// Require the holder's key binding JWT, made for this audience
    #[arg(long, value_name = "TEXT", value_parser = text, requires = "key_binding_nonce")]
    key_binding_aud: Option<String>,
    /// The nonce that the key binding JWT must have
    #[arg(long, value_name = "TEXT", value_parser = text, requires = "key_binding_aud")]
    key_binding_nonce: Option<String>,
    /// Require the key binding JWT to be at most this old [default: 5m]
    #[arg(long, value_name = DURATION, allow_hyphen_values = true, value_parser = duration, requires = "key_binding_aud")]
    key_binding_max_age: Option<i64>,
}

impl KeyBindingFlags {
    pub(crate) fn request(self) -> Option<KeyBinding> {
        const MAX_AGE: i64 = 5 * 60;
        let (audience, nonce) = (self.key_binding_aud?, self.key_binding_nonce?);
        Some(KeyBinding { audience, nonce, max_age: self.key_binding_max_age.unwrap_or(MAX_AGE) })
    }
}
