//! The request that a command line makes, as plain data.

use std::ffi::OsString;
use std::num::NonZero;
use std::path::PathBuf;

use crate::json::{Selector, Value};
use crate::keys::{
    Algorithm, ContentEncryption, Format, JwkAlgorithm, KeyAlgorithm, KeyType, SecretFormat,
};
use crate::policy::Policy;
use crate::secret::Secret;
use crate::time::When;
use crate::token::Hidden;

#[derive(Debug)]
pub(crate) enum Request {
    Token(TokenRequest),
    Key(Box<KeyCommand>),
    /// `man --dir`: the folder, which must exist, and the names and contents of the pages.
    Man(PathBuf, Vec<(String, Vec<u8>)>),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Verb {
    Encode,
    Decode,
    Verify,
    Refresh,
    Key,
    Man,
}

impl Verb {
    /// The verbs that exit with 0 only if a token is genuine.
    pub(crate) const GATES: [Self; 2] = [Self::Verify, Self::Refresh];

    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Encode => "encode",
            Self::Decode => "decode",
            Self::Verify => "verify",
            Self::Refresh => "refresh",
            Self::Key => "key",
            Self::Man => "man",
        }
    }

    pub(crate) fn is_gate(self) -> bool {
        Self::GATES.contains(&self)
    }
}

impl Request {
    pub(crate) fn verb(&self) -> Verb {
        match self {
            Self::Token(request) => request.verb(),
            Self::Key(_) => Verb::Key,
            Self::Man(..) => Verb::Man,
        }
    }
}

/// `redact`: a text with tokens in it, and what is hidden of them.
#[derive(Debug)]
pub(crate) struct RedactRequest {
    /// Where the text is; by default on standard input.
    pub(crate) source: Option<PathOrStdin>,
    pub(crate) hidden: Hidden,
    /// Whether as many characters take the place of what is hidden.
    pub(crate) same_length: bool,
}

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
}

impl TokenRequest {
    /// Whether flags name keys that decrypt.
    pub(crate) fn decrypts(&self) -> bool {
        let keys = match &self.action {
            TokenAction::Encode(_) => return false,
            TokenAction::Decode(decode) => &decode.decrypt,
            TokenAction::Verify(verify) => &verify.checks.decrypt,
            TokenAction::Refresh(refresh) => &refresh.checks.decrypt,
        };
        !keys.is_empty()
    }

    /// The payload that is not in the token.
    pub(crate) fn detached(&self) -> Option<&PathOrStdin> {
        match &self.action {
            TokenAction::Encode(encode) => encode.detached.as_ref(),
            TokenAction::Verify(verify) => verify.detached.as_ref(),
            TokenAction::Decode(_) | TokenAction::Refresh(_) => None,
        }
    }

    pub(crate) fn verb(&self) -> Verb {
        match self.action {
            TokenAction::Encode(_) => Verb::Encode,
            TokenAction::Decode(_) => Verb::Decode,
            TokenAction::Verify(_) => Verb::Verify,
            TokenAction::Refresh(_) => Verb::Refresh,
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
    /// Further header members, `kid` among them.
    pub(crate) header: Vec<Assignment>,
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

/// A claim, header member or key parameter that has a default.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Choice<T> {
    Default,
    Given(T),
    Omitted,
}

impl<T> Choice<T> {
    pub(crate) fn new(given: Option<T>, is_omitted: bool) -> Self {
        match given {
            Some(given) => Self::Given(given),
            None if is_omitted => Self::Omitted,
            None => Self::Default,
        }
    }
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
    /// The claims or header members to show; empty for all.
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
    /// The key in it verifies, and signs unless there is another.
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

/// A verb of `key`, and how the key is written.
#[derive(Debug)]
pub(crate) struct KeyCommand {
    pub(crate) action: KeyAction,
    /// `--out`; without it, standard output.
    pub(crate) out: Option<PathBuf>,
    /// `--public-out`: a file for the public key.
    pub(crate) public_out: Option<PathBuf>,
    /// Whether files may be replaced.
    pub(crate) force: bool,
    /// Whether JSON is written on one line.
    pub(crate) compact: bool,
}

#[derive(Debug)]
pub(crate) enum KeyAction {
    New(NewKey),
    Show(KeyRequest),
    /// The public key, in this format or the usual one.
    Public(KeyRequest, Option<Format>),
    Convert(KeyRequest, Format, KidChoice),
    Thumbprint(KeyRequest),
    /// The key files, or standard input if there are none; and the options for each of them.
    Set(Vec<PathOrStdin>, KeyRequest),
}

/// The `kid` of a JWK that is written: by default its own, else its thumbprint (RFC 7638).
pub(crate) type KidChoice = Choice<String>;

#[derive(Debug)]
pub(crate) struct NewKey {
    pub(crate) alg: JwkAlgorithm,
    /// The type of a key for ECDH-ES, if not the usual one.
    pub(crate) curve: Option<KeyType>,
    /// The size of an RSA modulus or of a secret, if not the usual one.
    pub(crate) bits: Option<usize>,
    pub(crate) kid: KidChoice,
    /// The format, if not the usual one of its type.
    pub(crate) format: Option<Format>,
}

#[derive(Debug, Clone)]
pub(crate) enum PathOrStdin {
    Path(PathBuf),
    Stdin,
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

#[derive(Debug, Clone, Default)]
pub(crate) struct KeyRequest {
    /// Without one, a variable names the key.
    pub(crate) source: Option<NamedKey>,
    /// Without one, a variable names the format.
    pub(crate) format: Option<SecretFormat>,
    /// Without one, a variable contains the password, or the terminal is asked.
    pub(crate) password: Option<PathOrStdin>,
    pub(crate) allow_weak: bool,
    pub(crate) network: Network,
}

/// Where a key is, and the flag, argument or variable that says so.
#[derive(Debug, Clone)]
pub(crate) struct NamedKey {
    pub(crate) by: &'static str,
    pub(crate) location: KeyLocation,
}

#[derive(Debug, Clone)]
pub(crate) enum KeyLocation {
    Secret(Secret),
    /// The name of a variable.
    SecretEnv(String),
    /// The name of a variable with the secret of Auth.js or NextAuth, which derive their keys from it.
    AuthJs(String),
    SecretFile(PathOrStdin),
    KeyFile(PathOrStdin),
    /// The name of a variable.
    KeyEnv(String),
    /// A path or a URL.
    Jwks(PathOrStdin),
    Issuer(OsString),
}

/// How keys are fetched.
#[derive(Debug, Clone, Default)]
pub(crate) struct Network {
    /// In seconds.
    pub(crate) timeout: Option<u64>,
    pub(crate) ca_file: Option<PathBuf>,
    pub(crate) no_cache: bool,
    pub(crate) offline: bool,
}

impl Network {
    /// The first of its flags that was given.
    pub(crate) fn flag(&self) -> Option<&'static str> {
        let given = [
            (self.timeout.is_some(), "--timeout"),
            (self.ca_file.is_some(), "--ca-file"),
            (self.no_cache, "--no-cache"),
            (self.offline, "--offline"),
        ];
        given.into_iter().find(|(given, _)| *given).map(|(_, flag)| flag)
    }
}

/// The options of a stream, for all verbs.
#[derive(Debug)]
pub(crate) struct StreamRequest {
    /// Where the text is; without one, on standard input.
    pub(crate) sources: Vec<PathOrStdin>,
    /// Whether the items are the tokens in the text, and not its lines.
    pub(crate) finds: bool,
    pub(crate) threads: NonZero<usize>,
    pub(crate) detail: Detail,
    pub(crate) format: RowFormat,
    pub(crate) filter: RowFilter,
}

impl StreamRequest {
    /// What an item is called.
    pub(crate) fn unit(&self) -> &'static str {
        if self.finds { "token" } else { "line" }
    }

    /// Whether what is printed says where in the text an item is.
    pub(crate) fn prints_places(&self) -> bool {
        matches!(self.format, RowFormat::Verdicts(_) | RowFormat::Reports | RowFormat::Answers)
    }

    /// Whether every token is printed as it is found, so that none is read.
    pub(crate) fn prints_all_found(&self, verb: Verb) -> bool {
        let all = (RowFormat::Tokens, RowFilter::All);
        self.finds && verb == Verb::Decode && (self.format, self.filter) == all
    }
}

/// Extra information for each item.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Detail {
    /// The reason why a token is refused, even if finding it takes a search.
    pub(crate) explain: bool,
    /// The key that was used, and warnings about it.
    pub(crate) key: bool,
    /// Which key of a set was used.
    pub(crate) matched: bool,
}

impl Detail {
    pub(crate) const FULL: Self = Self { explain: true, key: true, matched: false };
}

/// The format of a stream's rows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum RowFormat {
    /// JSON with the verdict, parts of the token, and problems.
    Verdicts(RowContent),
    /// The full JSON report.
    Reports,
    /// The token that was made. If there is none: an empty line, and the reason on stderr.
    Answers,
    /// The value of `--get`, or an empty line.
    Value,
    /// The values of several `--get`, or an empty line.
    Fields,
    /// The tokens themselves.
    Tokens,
    /// The lines themselves.
    Lines,
    /// At the end, how many items there are of each status.
    Counts,
    Nothing,
}

/// The part of a token that a verdict contains.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum RowContent {
    Claims,
    Header,
    HeaderAndClaims,
}

/// Which items get a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum RowFilter {
    All,
    Valid,
    Failed,
}
