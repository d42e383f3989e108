//! The command line as clap sees it: verbs, flags and their help. It holds no logic.
#![allow(clippy::doc_markdown, reason = "these comments are the help texts, as they are printed")]

use std::ffi::OsString;
use std::num::NonZero;
use std::path::PathBuf;

use clap::builder::{OsStringValueParser, PossibleValuesParser, Styles, TypedValueParser as _};
use clap::error::{Error, ErrorKind};
use clap::{
    ArgAction, ArgMatches, Args, Command, FromArgMatches, Parser, Subcommand, ValueEnum, ValueHint,
};

use super::help;
use super::values::{self, Shell};
use crate::json::{Selector, Value};
use crate::keys::{Algorithm, Format as KeyFormat, SecretFormat};
use crate::request;
use crate::request::Assignment;
use crate::secret::Secret;
use crate::time::{When, parse_duration};

/// Make, read, verify and refresh JSON Web Tokens.
#[derive(Parser)]
#[command(
    name = "jwtctl",
    version,
    disable_help_subcommand = true,
    arg_required_else_help = true,
    subcommand_value_name = "VERB",
    subcommand_help_heading = "Verbs",
    max_term_width = 100,
    styles = Styles::plain().header(anstyle_bold()).usage(anstyle_bold()).literal(anstyle_bold()),
    after_help = help::after_help()
)]
pub(super) struct Cli {
    #[command(subcommand)]
    pub verb: Verb,

    /// Only errors on stderr; verify prints no claims either: its exit code is the answer
    #[arg(short, long, global = true, help_heading = "Output")]
    pub quiet: bool,

    /// When to colour: auto heeds NO_COLOR, CLICOLOR_FORCE and TERM=dumb
    #[arg(long, global = true, help_heading = "Output", value_name = "WHEN", value_enum, default_value_t = Color::Auto)]
    pub color: Color,
}

fn anstyle_bold() -> clap::builder::styling::Style {
    clap::builder::styling::Style::new().bold()
}

#[derive(Clone, Copy, ValueEnum)]
pub(super) enum Color {
    Auto,
    Always,
    Never,
}

/// The verbs. Their flags are defined only when they are asked for: defining those of all of them
/// would be a third of the time that a short call takes.
pub(super) enum Verb {
    Encode(Box<Encode>),
    Decode(Decode),
    Verify(Box<Verify>),
    Refresh(Box<Refresh>),
    Key(Box<KeyVerbs>),
    Completions(Completions),
    Man(ManPages),
    Help(Help),
}

impl Subcommand for Verb {
    fn augment_subcommands(cli: Command) -> Command {
        cli.subcommand_required(true).subcommands([
            Command::new("encode")
                .about("Make and sign a token")
                .visible_alias("sign")
                .after_help(help::examples("encode"))
                .defer(Encode::augment_args),
            Command::new("decode")
                .about("Show a token; verify nothing")
                .visible_alias("inspect")
                .after_help(help::examples("decode"))
                .defer(Decode::augment_args),
            Command::new("verify")
                .about("Check a token's signature, times and claims; print its claims if all holds")
                .after_help(help::examples("verify"))
                .defer(Verify::augment_args),
            Command::new("refresh")
                .about("Verify a token and sign its successor")
                .after_help(help::examples("refresh"))
                .defer(Refresh::augment_args),
            Command::new("key")
                .about("Make, show and convert keys")
                .after_help(help::examples("key"))
                .defer(KeyVerbs::augment_args),
            Command::new("completions")
                .about("Print a shell's completion script")
                .visible_alias("completion")
                .defer(Completions::augment_args),
            Command::new("man")
                .about("Print the manual page, or write all of them, one a verb")
                .defer(ManPages::augment_args),
            Command::new("help")
                .about("Explain a verb, the exit codes, or the codes of problems")
                .defer(Help::augment_args),
        ])
    }

    fn augment_subcommands_for_update(cli: Command) -> Command {
        Self::augment_subcommands(cli)
    }

    fn has_subcommand(name: &str) -> bool {
        values::TOPICS.contains(&name)
    }
}

impl FromArgMatches for Verb {
    fn from_arg_matches(matches: &ArgMatches) -> Result<Self, Error> {
        let (name, verb) = matches.subcommand().ok_or(Error::new(ErrorKind::MissingSubcommand))?;
        Ok(match name {
            "encode" => Self::Encode(Box::new(Encode::from_arg_matches(verb)?)),
            "decode" => Self::Decode(Decode::from_arg_matches(verb)?),
            "verify" => Self::Verify(Box::new(Verify::from_arg_matches(verb)?)),
            "refresh" => Self::Refresh(Box::new(Refresh::from_arg_matches(verb)?)),
            "key" => Self::Key(Box::new(KeyVerbs::from_arg_matches(verb)?)),
            "completions" => Self::Completions(Completions::from_arg_matches(verb)?),
            "man" => Self::Man(ManPages::from_arg_matches(verb)?),
            "help" => Self::Help(Help::from_arg_matches(verb)?),
            _ => return Err(Error::new(ErrorKind::InvalidSubcommand)),
        })
    }

    fn update_from_arg_matches(&mut self, matches: &ArgMatches) -> Result<(), Error> {
        *self = Self::from_arg_matches(matches)?;
        Ok(())
    }
}

impl Verb {
    /// Whether it names the input that it reads tokens from; `None` if it does not verify tokens.
    pub(super) fn names_input(&self) -> Option<bool> {
        let (TokenInput { token, token_env, token_file }, batch) = match self {
            Self::Verify(args) => (&args.token, &args.batch),
            Self::Refresh(args) => (&args.token, &args.batch),
            _ => return None,
        };
        let is_one = token.is_some() || token_env.is_some() || token_file.is_some();
        Some(is_one || matches!(batch.batch, Some(Some(_))))
    }
}

#[derive(Args)]
pub(super) struct Completions {
    /// Which shell
    #[arg(value_enum)]
    pub shell: Shell,
}

#[derive(Args)]
pub(super) struct ManPages {
    /// Write all pages into this folder, in the place of older ones
    #[arg(long, value_name = "DIR", value_hint = ValueHint::DirPath)]
    pub dir: Option<PathBuf>,
}

#[derive(Args)]
pub(super) struct Help {
    /// A verb, a verb of key after it, exit-codes, or codes
    #[arg(num_args = 0..=2, value_parser = PossibleValuesParser::new(values::topics()))]
    pub topic: Vec<String>,
}

#[derive(Args)]
pub(super) struct Output {
    /// Report everything as one JSON object, failures too
    #[arg(short, long, help_heading = "Output")]
    pub json: bool,

    /// JSON on one line
    #[arg(long, help_heading = "Output")]
    pub compact: bool,
}

#[derive(Args)]
pub(super) struct Clock {
    /// The time to take as now: 1767225600.5, 2026-01-01T00:00:00Z, 2026-01-01 (midnight UTC), +30m, -5m
    #[arg(long, value_name = "TIME", value_hint = ValueHint::Other, help_heading = "Times", allow_hyphen_values = true, value_parser = values::when)]
    pub at: Option<When>,
}

#[derive(Args)]
pub(super) struct Batch {
    /// Work on every line of PATH, or of standard input without one or with -: a row for each, in order, none
    /// for a blank one; the exit code is that of the worst line
    #[arg(long, value_name = "PATH", num_args = 0..=1, help_heading = "Streams", value_hint = ValueHint::FilePath,
        value_parser = OsStringValueParser::new())]
    #[allow(
        clippy::option_option,
        reason = "absent, given, and given with a value are three things"
    )]
    pub batch: Option<Option<OsString>>,

    /// How many threads work on the lines [default: as many as there are cores]
    #[arg(long, value_name = "N", value_hint = ValueHint::Other, help_heading = "Streams", value_parser = values::threads)]
    pub threads: Option<NonZero<usize>>,
}

#[derive(Args)]
pub(super) struct Explained {
    /// Look into every line that is refused, as is done for a single token; that may take long
    #[arg(long, help_heading = "Streams")]
    pub explain: bool,
}

/// Which lines of a stream get a row.
#[derive(Clone, Copy, ValueEnum)]
pub(super) enum Print {
    All,
    Valid,
    Failed,
}

// No doc comment: clap would show it in place of the verb's own help.
#[derive(Args)]
#[group(id = "key_source", multiple = false)]
pub(super) struct KeyLocation {
    /// HMAC secret; others can read it from the process list [env: JWTCTL_SECRET]
    #[arg(short = 'S', long, value_name = "TEXT", value_hint = ValueHint::Other, help_heading = "Key", allow_hyphen_values = true,
        value_parser = OsStringValueParser::new().map(values::secret))]
    pub secret: Option<Secret>,

    /// HMAC secret from a file; - is standard input
    #[arg(long, value_name = "PATH", help_heading = "Key", value_hint = ValueHint::FilePath, value_parser = OsStringValueParser::new())]
    pub secret_file: Option<OsString>,

    /// HMAC secret from the environment variable NAME
    #[arg(long, value_name = "NAME", value_hint = ValueHint::Other, help_heading = "Key")]
    pub secret_env: Option<String>,

    /// Key file of any kind, told by its content, with one key or several; - is standard input [env: JWTCTL_KEY]
    #[arg(short, long, value_name = "PATH", help_heading = "Key", value_hint = ValueHint::FilePath, allow_hyphen_values = true,
        value_parser = OsStringValueParser::new())]
    pub key: Option<OsString>,

    /// Key of any kind from the environment variable NAME; a PEM's line breaks may be written \n
    #[arg(long, value_name = "NAME", value_hint = ValueHint::Other, help_heading = "Key")]
    pub key_env: Option<String>,

    /// JWK Set from a file, or an https URL; - is standard input [env: JWTCTL_JWKS]
    #[arg(long, value_name = "PATH|URL", help_heading = "Key", value_hint = ValueHint::FilePath, value_parser = OsStringValueParser::new())]
    pub jwks: Option<OsString>,

    /// JWK Set of an issuer, found by OpenID discovery; expects its --iss, unless there is one [env: JWTCTL_OIDC]
    #[arg(long, value_name = "ISSUER", help_heading = "Key", value_hint = ValueHint::Url, value_parser = OsStringValueParser::new())]
    pub oidc: Option<OsString>,
}

#[derive(Args)]
pub(super) struct KeyOptions {
    /// File with the password of an encrypted key; else it is in JWTCTL_KEY_PASSWORD, or asked for
    #[arg(long, value_name = "PATH", help_heading = "Key", value_hint = ValueHint::FilePath,
        value_parser = OsStringValueParser::new().try_map(values::path))]
    pub key_password_file: Option<OsString>,

    /// Admit keys that are too short, with a warning; RSA for verifying RS256 and RS512 alone
    #[arg(long, help_heading = "Key")]
    pub allow_weak_key: bool,
}

#[derive(Args)]
pub(super) struct Network {
    /// How long it may take to fetch keys, from 1s to 1h [default: 10s]
    #[arg(long, value_name = "D", value_hint = ValueHint::Other, help_heading = "Keys by URL", value_parser = values::timeout)]
    pub timeout: Option<u64>,

    /// Trust only the certificates in this PEM file, not the system's or those of SSL_CERT_FILE
    #[arg(long, value_name = "PATH", help_heading = "Keys by URL", value_hint = ValueHint::FilePath)]
    pub ca_file: Option<PathBuf>,

    /// Fetch keys anew, and keep nothing
    #[arg(long, help_heading = "Keys by URL", conflicts_with = "offline")]
    pub no_cache: bool,

    /// Make no network requests: use keys that an earlier call has fetched
    #[arg(long, help_heading = "Keys by URL")]
    pub offline: bool,
}

impl From<&Network> for request::Network {
    fn from(flags: &Network) -> Self {
        let &Network { timeout, ref ca_file, no_cache, offline } = flags;
        Self { timeout, ca_file: ca_file.clone(), no_cache, offline }
    }
}

#[derive(Args)]
pub(super) struct Key {
    #[command(flatten)]
    pub source: KeyLocation,

    /// How the secret is written: text, raw, base64, hex [env: JWTCTL_SECRET_FORMAT]
    #[arg(long, value_name = "FORMAT", help_heading = "Key",
        hide_possible_values = true,
        value_parser = PossibleValuesParser::new(SecretFormat::ALL.map(SecretFormat::name)).map(values::format))]
    pub secret_format: Option<SecretFormat>,

    #[command(flatten)]
    pub options: KeyOptions,
    #[command(flatten)]
    pub network: Network,
}

#[derive(Args)]
pub(super) struct Encode {
    /// Claims: a JSON object, @PATH, or - for standard input, which is not read otherwise
    #[arg(conflicts_with = "batch", value_parser = OsStringValueParser::new())]
    pub claims: Option<OsString>,

    /// user_id: a number if ID is an integer, else a string
    #[arg(long, value_name = "ID", value_hint = ValueHint::Other, help_heading = "Claims", allow_negative_numbers = true,
        value_parser = values::user_id)]
    pub user: Option<Value>,

    /// Issuer
    #[arg(long, value_name = "TEXT", value_hint = ValueHint::Other, help_heading = "Claims", value_parser = values::text)]
    pub iss: Option<String>,

    /// Subject
    #[arg(long, value_name = "TEXT", value_hint = ValueHint::Other, help_heading = "Claims", allow_negative_numbers = true, value_parser = values::text)]
    pub sub: Option<String>,

    /// Audience; repeat it for an array
    #[arg(long, value_name = "TEXT", value_hint = ValueHint::Other, help_heading = "Claims", value_parser = values::text)]
    pub aud: Vec<String>,

    /// Any claim: NAME=TEXT is a string, NAME:=JSON is JSON; repeat it for more
    #[arg(short, long, value_name = "NAME=TEXT", value_hint = ValueHint::Other, help_heading = "Claims", value_parser = values::assignment)]
    pub claim: Vec<Assignment>,

    /// Lifetime, from iat on: 90, 90s, 30m, 1h30m, 7d, 2w [default: 30m]
    #[arg(long, value_name = "D", value_hint = ValueHint::Other, help_heading = "Times", allow_hyphen_values = true,
        conflicts_with_all = ["exp", "no_exp"], value_parser = parse_duration)]
    pub ttl: Option<i64>,

    /// Expiry as a point in time
    #[arg(long, value_name = "TIME", value_hint = ValueHint::Other, help_heading = "Times", allow_hyphen_values = true,
        conflicts_with = "no_exp", value_parser = values::when)]
    pub exp: Option<When>,

    /// No exp: the token is valid for ever
    #[arg(long, help_heading = "Times")]
    pub no_exp: bool,

    /// Not valid before
    #[arg(long, value_name = "TIME", value_hint = ValueHint::Other, help_heading = "Times", allow_hyphen_values = true, value_parser = values::when)]
    pub nbf: Option<When>,

    /// Issued at [default: now]
    #[arg(long, value_name = "TIME", value_hint = ValueHint::Other, help_heading = "Times", allow_hyphen_values = true,
        conflicts_with = "no_iat", value_parser = values::when)]
    pub iat: Option<When>,

    /// No iat
    #[arg(long, help_heading = "Times")]
    pub no_iat: bool,

    /// Token ID; a random UUID without =ID
    #[arg(long, value_name = "ID", value_hint = ValueHint::Other, help_heading = "Claims", num_args = 0..=1, require_equals = true, value_parser = values::text)]
    #[allow(
        clippy::option_option,
        reason = "absent, given, and given with a value are three things"
    )]
    pub jti: Option<Option<String>>,

    /// Algorithm to sign with [default: the JWK's, else HS256, RS256, the curve's, EdDSA]
    #[arg(short = 'A', long, value_name = "ALG", help_heading = "Header", hide_possible_values = true,
        value_parser = PossibleValuesParser::new(Algorithm::ALL.map(Algorithm::name)).map(values::algorithm))]
    pub alg: Option<Algorithm>,

    /// Key ID; of a JWK or a set, the key to sign with [default: the JWK's]
    #[arg(long, value_name = "ID", value_hint = ValueHint::Other, help_heading = "Header", allow_hyphen_values = true, value_parser = values::text)]
    pub kid: Option<String>,

    /// Type [default: JWT]
    #[arg(long, value_name = "TEXT", value_hint = ValueHint::Other, help_heading = "Header", conflicts_with = "no_typ", value_parser = values::text)]
    pub typ: Option<String>,

    /// No typ
    #[arg(long, help_heading = "Header")]
    pub no_typ: bool,

    /// Any header member, written like --claim
    #[arg(long, value_name = "NAME=TEXT", value_hint = ValueHint::Other, help_heading = "Header", value_parser = values::assignment)]
    pub header: Vec<Assignment>,

    #[command(flatten)]
    pub key: Key,
    #[command(flatten)]
    pub batch: Batch,
    #[command(flatten)]
    pub output: Output,
    #[command(flatten)]
    pub clock: Clock,
}

// No doc comment: clap would show it in place of the verb's own help.
#[derive(Args)]
pub(super) struct TokenInput {
    /// Token, or - for standard input, the default if no token is named; decode also takes @PATH
    #[arg(conflicts_with_all = ["batch", "token_env", "token_file"], value_parser = OsStringValueParser::new())]
    pub token: Option<OsString>,

    /// Token from the environment variable NAME, for scripts: it does not show in the process list
    #[arg(long, value_name = "NAME", value_hint = ValueHint::Other, help_heading = "Token",
        conflicts_with_all = ["batch", "token_file"], value_parser = values::text)]
    pub token_env: Option<String>,

    /// Token from a file; - is standard input
    #[arg(long, value_name = "PATH", help_heading = "Token", value_hint = ValueHint::FilePath,
        conflicts_with = "batch", value_parser = OsStringValueParser::new().try_map(values::path))]
    pub token_file: Option<OsString>,
}

#[derive(Args)]
pub(super) struct Decode {
    #[command(flatten)]
    pub token: TokenInput,

    /// The header in place of the claims, even if the payload cannot be read, as in a JWE
    #[arg(long, help_heading = "Output", conflicts_with = "json")]
    pub header: bool,

    /// One claim alone, a string without its quotes; a NAME that begins with / is a JSON Pointer
    #[arg(long, value_name = "NAME", value_hint = ValueHint::Other, help_heading = "Output", conflicts_with = "json", value_parser = values::selector)]
    pub get: Option<Selector>,

    #[command(flatten)]
    pub batch: Batch,
    #[command(flatten)]
    pub explained: Explained,
    #[command(flatten)]
    pub output: Output,
    #[command(flatten)]
    pub clock: Clock,
}

#[derive(Args)]
pub(super) struct Expectations {
    /// Issuer that is expected; repeat it for any of several
    #[arg(long, value_name = "TEXT", value_hint = ValueHint::Other, help_heading = "Expectations", value_parser = values::text)]
    pub iss: Vec<String>,

    /// Audience that is expected; repeat it for any of several
    #[arg(long, value_name = "TEXT", value_hint = ValueHint::Other, help_heading = "Expectations", conflicts_with = "any_aud", value_parser = values::text)]
    pub aud: Vec<String>,

    /// Accept any audience; without --aud, a token that names one is rejected
    #[arg(long, help_heading = "Expectations")]
    pub any_aud: bool,

    /// Subject that is expected
    #[arg(long, value_name = "TEXT", value_hint = ValueHint::Other, help_heading = "Expectations", allow_negative_numbers = true, value_parser = values::text)]
    pub sub: Option<String>,

    /// Type that the header must name
    #[arg(long, value_name = "TEXT", value_hint = ValueHint::Other, help_heading = "Expectations", value_parser = values::text)]
    pub typ: Option<String>,

    /// Claim that must be there and not null, by its name or a JSON Pointer; repeat it for more
    #[arg(long, value_name = "PATH", value_hint = ValueHint::Other, help_heading = "Expectations", value_parser = values::required)]
    pub require: Vec<Selector>,

    /// Claim that must equal a string (PATH=TEXT) or a JSON value (PATH:=JSON); repeat it for more
    #[arg(short, long, value_name = "PATH=TEXT", value_hint = ValueHint::Other, help_heading = "Expectations", value_parser = values::expected)]
    pub claim: Vec<(Selector, Value)>,

    /// Widen exp, nbf, iat and --max-age by this [default: 0s]
    #[arg(long, value_name = "D", value_hint = ValueHint::Other, help_heading = "Expectations", allow_hyphen_values = true, value_parser = parse_duration)]
    pub leeway: Option<i64>,

    /// The token must still be valid for this long
    #[arg(long, value_name = "D", value_hint = ValueHint::Other, help_heading = "Expectations", allow_hyphen_values = true, value_parser = parse_duration)]
    pub min_ttl: Option<i64>,

    /// The token's iat must be at most this long ago
    #[arg(long, value_name = "D", value_hint = ValueHint::Other, help_heading = "Expectations", allow_hyphen_values = true, value_parser = parse_duration)]
    pub max_age: Option<i64>,

    /// Accept a token that has expired, however long ago
    #[arg(long, help_heading = "Expectations", conflicts_with = "min_ttl")]
    pub allow_expired: bool,
}

#[derive(Args)]
pub(super) struct Allowed {
    /// Algorithm to allow, out of those the key serves; repeat it for more
    #[arg(short = 'A', long, value_name = "ALG", help_heading = "Key", hide_possible_values = true,
        action = ArgAction::Append,
        value_parser = PossibleValuesParser::new(Algorithm::ALL.map(Algorithm::name)).map(values::algorithm))]
    pub alg: Vec<Algorithm>,

    /// Accept = padding that the signature covers, as in tokens from AWS load balancers
    #[arg(long, help_heading = "Expectations")]
    pub allow_padding: bool,
}

#[derive(Args)]
pub(super) struct Verify {
    #[command(flatten)]
    pub token: TokenInput,

    #[command(flatten)]
    pub expectations: Expectations,
    #[command(flatten)]
    pub key: Key,
    #[command(flatten)]
    pub allowed: Allowed,

    /// One claim alone, a string without its quotes; a NAME that begins with / is a JSON Pointer
    #[arg(long, value_name = "NAME", value_hint = ValueHint::Other, help_heading = "Output", conflicts_with = "json", value_parser = values::selector)]
    pub get: Option<Selector>,

    /// Check the signature alone, and write the payload byte for byte, whatever it is
    #[arg(long, help_heading = "Output",
        conflicts_with_all = ["json", "compact", "get", "Expectations", "at", "batch"])]
    pub raw: bool,

    #[command(flatten)]
    pub batch: Batch,

    /// Which lines get a row [default: all; with --tokens: valid]
    #[arg(long, value_name = "WHICH", help_heading = "Streams", value_enum)]
    pub print: Option<Print>,

    /// Print the lines themselves, as grep would
    #[arg(long, help_heading = "Streams", conflicts_with_all = ["json", "compact", "get"])]
    pub tokens: bool,

    #[command(flatten)]
    pub explained: Explained,
    #[command(flatten)]
    pub output: Output,
    #[command(flatten)]
    pub clock: Clock,
}

#[derive(Args)]
pub(super) struct Refresh {
    #[command(flatten)]
    pub token: TokenInput,

    /// New lifetime [default: that of the token, else 30m]
    #[arg(long, value_name = "D", value_hint = ValueHint::Other, help_heading = "Renewal", allow_hyphen_values = true, value_parser = parse_duration)]
    pub ttl: Option<i64>,

    /// Renew a token that expired at most this long ago, too
    #[arg(long, value_name = "D", value_hint = ValueHint::Other, help_heading = "Renewal", allow_hyphen_values = true, value_parser = parse_duration)]
    pub grace: Option<i64>,

    /// Print the token unchanged, whatever else is asked for, while it is valid for longer than this
    #[arg(long, value_name = "D", value_hint = ValueHint::Other, help_heading = "Renewal", allow_hyphen_values = true, value_parser = parse_duration)]
    pub if_expiring: Option<i64>,

    /// End the session this long after auth_time, or after the first iat, which is kept as that
    #[arg(long, value_name = "D", value_hint = ValueHint::Other, help_heading = "Renewal", allow_hyphen_values = true, value_parser = parse_duration)]
    pub max_session: Option<i64>,

    /// Give a claim a value: NAME=TEXT or NAME:=JSON; repeat it for more
    #[arg(long, value_name = "NAME=TEXT", value_hint = ValueHint::Other, help_heading = "Renewal", value_parser = values::assignment)]
    pub set: Vec<Assignment>,

    /// Take a claim out; repeat it for more
    #[arg(long, value_name = "NAME", value_hint = ValueHint::Other, help_heading = "Renewal", value_parser = values::text)]
    pub unset: Vec<String>,

    /// Sign with this key file, not with the key that verifies (kid: its JWK's, or none); - is standard input
    #[arg(long, value_name = "PATH", help_heading = "Key", value_hint = ValueHint::FilePath, allow_hyphen_values = true,
        conflicts_with = "sign_secret_env", value_parser = OsStringValueParser::new().try_map(values::path))]
    pub sign_key: Option<OsString>,

    /// Sign with the secret in this environment variable; --secret-format is for it, too
    #[arg(long, value_name = "NAME", value_hint = ValueHint::Other, help_heading = "Key", value_parser = values::text)]
    pub sign_secret_env: Option<String>,

    #[command(flatten)]
    pub expectations: Expectations,
    #[command(flatten)]
    pub key: Key,
    #[command(flatten)]
    pub allowed: Allowed,
    #[command(flatten)]
    pub batch: Batch,
    #[command(flatten)]
    pub explained: Explained,
    #[command(flatten)]
    pub output: Output,
    #[command(flatten)]
    pub clock: Clock,
}

#[derive(Args)]
#[command(subcommand_required = true, arg_required_else_help = true)]
pub(super) struct KeyVerbs {
    #[command(subcommand)]
    pub verb: KeyVerb,
}

#[derive(Subcommand)]
#[command(
    disable_help_subcommand = true,
    subcommand_value_name = "VERB",
    subcommand_help_heading = "Verbs"
)]
pub(super) enum KeyVerb {
    /// Make a key for an algorithm
    #[command(after_help = help::examples("key new"))]
    New(KeyNew),
    /// Say what a key is; never its private parts
    #[command(after_help = help::examples("key show"))]
    Show(KeyShow),
    /// Write the public half of a key
    #[command(after_help = help::examples("key public"))]
    Public(KeyPublic),
    /// Write a key in another format; a private key stays private
    #[command(after_help = help::examples("key convert"))]
    Convert(KeyConvert),
    /// Print a key's thumbprint: SHA-256 in base64url (RFC 7638)
    #[command(after_help = help::examples("key thumbprint"))]
    Thumbprint(KeyShow),
    /// Make a JWK Set of the public halves of keys; a kid is the JWK's, else the thumbprint
    #[command(after_help = help::examples("key set"))]
    Set(KeySet),
}

#[derive(Args)]
pub(super) struct KeyNew {
    /// Algorithm that the key is for: HS256, RS256, PS256, ES256, …384, …512, ES256K, EdDSA, Ed25519
    #[arg(short = 'A', long, value_name = "ALG", required = true, hide_possible_values = true,
        value_parser = PossibleValuesParser::new(Algorithm::ALL.map(Algorithm::name)).map(values::algorithm))]
    pub alg: Algorithm,

    /// Size of an RSA key: 2048, 3072, 4096, 8192 [default: 3072]; of a secret [default: its hash's]
    #[arg(long, value_name = "N", value_hint = ValueHint::Other)]
    pub bits: Option<usize>,

    #[command(flatten)]
    pub kid: Kid,

    /// Format: pem, jwk, der, openssh; text for a secret [default: pem, or text]
    #[arg(long, value_name = "FORMAT", hide_possible_values = true,
        value_parser = PossibleValuesParser::new(KeyFormat::ALL.map(KeyFormat::name)).map(values::key_format))]
    pub format: Option<KeyFormat>,

    #[command(flatten)]
    pub out: Out,

    /// Write the public half into this file
    #[arg(long, value_name = "PATH", help_heading = "Output", value_hint = ValueHint::FilePath)]
    pub public_out: Option<PathBuf>,

    #[command(flatten)]
    pub output: Output,
}

#[derive(Args)]
pub(super) struct Kid {
    /// Key ID of a JWK [default: its thumbprint, if it has none yet]
    #[arg(long, value_name = "ID", value_hint = ValueHint::Other, allow_hyphen_values = true, value_parser = values::text)]
    pub kid: Option<String>,

    /// No key ID
    #[arg(long, conflicts_with = "kid")]
    pub no_kid: bool,
}

#[derive(Args)]
pub(super) struct Out {
    /// Write into this file, readable by you alone if it is private, in place of standard output
    #[arg(short, long, value_name = "PATH", help_heading = "Output", value_hint = ValueHint::FilePath)]
    pub out: Option<PathBuf>,

    /// Replace files that are there
    #[arg(long, help_heading = "Output")]
    pub force: bool,
}

#[derive(Args)]
pub(super) struct KeyInput {
    /// Key file of any kind, told by its content, or -; without it, what is piped in
    #[arg(value_name = "FILE", value_hint = ValueHint::FilePath, conflicts_with = "key_source", value_parser = OsStringValueParser::new())]
    pub file: Option<OsString>,

    #[command(flatten)]
    pub key: Key,
}

#[derive(Args)]
pub(super) struct KeyShow {
    #[command(flatten)]
    pub input: KeyInput,
    #[command(flatten)]
    pub output: Output,
}

#[derive(Args)]
pub(super) struct KeyPublic {
    #[command(flatten)]
    pub input: KeyInput,

    /// Format: pem, jwk, der, openssh [default: jwk of a JWK, else pem]
    #[arg(long, value_name = "FORMAT", hide_possible_values = true,
        value_parser = PossibleValuesParser::new(KeyFormat::ALL.map(KeyFormat::name)).map(values::key_format))]
    pub format: Option<KeyFormat>,

    #[command(flatten)]
    pub out: Out,
    #[command(flatten)]
    pub output: Output,
}

#[derive(Args)]
pub(super) struct KeyConvert {
    #[command(flatten)]
    pub input: KeyInput,

    /// Format: pem, jwk, der, openssh, text
    #[arg(long, value_name = "FORMAT", required = true, hide_possible_values = true,
        value_parser = PossibleValuesParser::new(KeyFormat::ALL.map(KeyFormat::name)).map(values::key_format))]
    pub format: KeyFormat,

    #[command(flatten)]
    pub kid: Kid,
    #[command(flatten)]
    pub out: Out,
    #[command(flatten)]
    pub output: Output,
}

#[derive(Args)]
pub(super) struct KeySet {
    /// Key files of any kind, told by their content, or -; without them, what is piped in
    #[arg(value_name = "FILE", value_hint = ValueHint::FilePath, value_parser = OsStringValueParser::new())]
    pub files: Vec<OsString>,

    #[command(flatten)]
    pub options: KeyOptions,
    #[command(flatten)]
    pub out: Out,
    #[command(flatten)]
    pub output: Output,
}
