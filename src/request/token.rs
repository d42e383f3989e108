//! Requests of the verbs on tokens.

use std::ffi::OsString;
use std::path::PathBuf;

use super::common::{Choice, PathOrStdin, Verb};
use super::keys::KeyRequest;
use crate::audit::Severity;
use crate::json::{Selector, Value};
use crate::keys::{Algorithm, ContentEncryption, KeyAlgorithm};
use crate::policy::Policy;
use crate::time::When;

/// A verb on one token, or on each line of a stream.
#[derive(Debug)]
pub(crate) struct TokenRequest {
    /// The token or CLAIMS; not read for a stream.
    pub(crate) source: TextSource,
    /// The time, if not that of the clock.
    pub(crate) at: Option<When>,
    pub(crate) action: TokenAction,
}

#[derive(Debug)]
pub(crate) enum TokenAction {
    Encode(Box<EncodeRequest>),
    Decode(DecodeRequest),
    Verify(Box<VerifyRequest>),
    Refresh(Box<RefreshRequest>),
    Audit(Box<AuditRequest>),
}

impl TokenRequest {
    /// Whether flags name keys that decrypt.
    pub(crate) fn decrypts(&self) -> bool {
        let keys = match &self.action {
            TokenAction::Encode(_) => return false,
            TokenAction::Decode(decode) => &decode.decrypt,
            TokenAction::Verify(verify) => &verify.checks.decrypt,
            TokenAction::Refresh(refresh) => &refresh.checks.decrypt,
            TokenAction::Audit(audit) => &audit.checks.decrypt,
        };
        !keys.is_empty()
    }

    /// The payload that is not in the token.
    pub(crate) fn detached(&self) -> Option<&PathOrStdin> {
        match &self.action {
            TokenAction::Encode(encode) => encode.detached.as_ref(),
            TokenAction::Verify(verify) => verify.detached.as_ref(),
            TokenAction::Decode(_) | TokenAction::Refresh(_) | TokenAction::Audit(_) => None,
        }
    }

    pub(crate) fn verb(&self) -> Verb {
        match self.action {
            TokenAction::Encode(_) => Verb::Encode,
            TokenAction::Decode(_) => Verb::Decode,
            TokenAction::Verify(_) => Verb::Verify,
            TokenAction::Refresh(_) => Verb::Refresh,
            TokenAction::Audit(_) => Verb::Audit,
        }
    }
}

#[derive(Debug, Clone)]
pub(crate) struct Assignment {
    pub(crate) name: String,
    pub(crate) value: Value,
}

#[derive(Debug)]
pub(crate) struct EncodeRequest {
    pub(crate) key: KeyRequest,
    /// The algorithm, if not the key's own.
    pub(crate) alg: Option<Algorithm>,
    /// The claims that flags set, in the order in which they are written.
    pub(crate) named: Vec<Assignment>,
    pub(crate) nbf: Option<When>,
    /// By default the value in CLAIMS, else now.
    pub(crate) iat: Choice<When>,
    /// By default the value in CLAIMS, else 30 minutes after `iat`.
    pub(crate) exp: Choice<Expiry>,
    /// `jti`: an ID, or a random one.
    #[allow(
        clippy::option_option,
        reason = "absent, given, and given with a value are three things"
    )]
    pub(crate) jti: Option<Option<String>>,
    /// By default `JWT`, unless `--header` says otherwise.
    pub(crate) typ: Choice<String>,
    /// Further header parameters, `kid` among them.
    pub(crate) header: Vec<Assignment>,
    /// For a DPoP proof (RFC 9449), whose `typ`, `htm` and `htu` are given like any others.
    pub(crate) dpop: Option<Dpop>,
    /// The claims that only disclosures show; if there are any, the token is an SD-JWT.
    pub(crate) disclosable: Vec<Selector>,
    /// How the token is encrypted, if it is.
    pub(crate) encryption: Option<EncryptionRequest>,
    pub(crate) serialization: Serialization,
    /// Instead of claims: a payload that is signed and not put into the token.
    pub(crate) detached: Option<PathOrStdin>,
    /// Whether the payload is signed as it is, and not in base64url (RFC 7797).
    pub(crate) unencoded: bool,
}

/// What makes a token a DPoP proof, besides its `typ` and claims.
#[derive(Debug)]
pub(crate) struct Dpop {
    /// The name of the variable with the access token that the proof is bound to.
    pub(crate) access_token: Option<String>,
}

/// How a signed token is written (RFC 7515 section 7).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) enum Serialization {
    #[default]
    Compact,
    /// JSON with one signature.
    Flattened,
}

/// How a token is encrypted.
#[derive(Debug)]
pub(crate) struct EncryptionRequest {
    pub(crate) key: KeyRequest,
    /// The algorithms, if not those that the key leads to.
    pub(crate) alg: Option<KeyAlgorithm>,
    pub(crate) enc: Option<ContentEncryption>,
    /// The iterations of PBES2, if not the usual number.
    pub(crate) iterations: Option<u32>,
    /// Whether the claims are signed first.
    pub(crate) signs: bool,
}

#[derive(Debug, Clone, Copy)]
pub(crate) enum Expiry {
    /// This many seconds after `iat`.
    After(i64),
    At(When),
}

#[derive(Debug)]
pub(crate) struct DecodeRequest {
    /// The keys that decrypt.
    pub(crate) decrypt: Vec<KeyRequest>,
    /// Whether to print the payload byte for byte, whatever it is.
    pub(crate) raw: bool,
    /// Whether to show the header instead of the claims.
    pub(crate) header: bool,
    /// The claims or header parameters to show; empty for all.
    pub(crate) get: Vec<Selector>,
}

/// The keys and expectations that a token is checked with.
#[derive(Debug)]
pub(crate) struct TokenChecks {
    pub(crate) key: KeyRequest,
    /// The keys that decrypt.
    pub(crate) decrypt: Vec<KeyRequest>,
    /// The algorithms that are allowed; empty for all that the key supports.
    pub(crate) allowed: Vec<Algorithm>,
    /// The file with the `jti` of revoked tokens.
    pub(crate) revoked: Option<PathOrStdin>,
    /// Whether the token's parts may end with padding.
    pub(crate) allow_padding: bool,
    pub(crate) policy: Policy,
}

#[derive(Debug)]
pub(crate) struct VerifyRequest {
    pub(crate) checks: TokenChecks,
    /// Whether to check the signature alone, over a payload of any kind.
    pub(crate) raw: bool,
    /// The payload, if it is not in the token.
    pub(crate) detached: Option<PathOrStdin>,
    /// Whether every signature must be accepted.
    pub(crate) all_signatures: bool,
    /// The claims to show; empty for all.
    pub(crate) get: Vec<Selector>,
    /// The key binding JWT that an SD-JWT must have.
    pub(crate) key_binding: Option<KeyBinding>,
}

/// What the holder of an SD-JWT must have signed (RFC 9901 section 4.3).
#[derive(Debug)]
pub(crate) struct KeyBinding {
    pub(crate) audience: String,
    pub(crate) nonce: String,
    /// How long ago it may have been signed, in seconds.
    pub(crate) max_age: i64,
}

#[derive(Debug)]
pub(crate) struct RefreshRequest {
    /// Its key verifies the token, and signs the new one unless another key does.
    pub(crate) checks: TokenChecks,
    /// The key that signs the new token.
    pub(crate) sign_key: Option<KeyRequest>,
    /// The new token's lifetime in seconds, if not the old one.
    pub(crate) ttl: Option<i64>,
    /// Leave the token as it is while more than this many seconds are left.
    pub(crate) if_expiring: Option<i64>,
    pub(crate) set: Vec<Assignment>,
    pub(crate) unset: Vec<String>,
}

/// What is looked for in a token and its keys.
#[derive(Debug)]
pub(crate) struct AuditRequest {
    /// The keys, of which there may be none. Of the expectations only issuer and audience count.
    pub(crate) checks: TokenChecks,
    /// The longest life of a token that is not reported, in seconds.
    pub(crate) longest_life: i64,
    /// Findings below it are left out.
    pub(crate) least: Severity,
    /// A file with secrets to try, one on each line.
    pub(crate) wordlist: Option<PathOrStdin>,
}

/// Where a token or CLAIMS is.
#[derive(Debug, Clone)]
pub(crate) enum TextSource {
    /// On the command line.
    Given(OsString),
    /// The name of a variable.
    Variable(String),
    File(PathBuf),
    Stdin,
    /// Not named: standard input, unless that is a terminal.
    Piped,
}
