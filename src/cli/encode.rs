//! `encode`: its flags, and the request they make.

use std::ffi::OsString;
use std::mem;

use clap::Args;
use clap::builder::{OsStringValueParser, ValueHint};

use super::call::{Call, CliError, Context, VerbFlags};
use super::flags::common::{Common, rows};
use super::flags::dpop::DpopFlags;
use super::flags::encryption::EncryptFlags;
use super::flags::keys::KeyFlags;
use super::values::{
    DURATION, TIME, algorithm, assignment, command, expiry, lifetime, one_of, selector, some_path,
    text, text_source, time, user_id,
};
use crate::json::{Selector, Value};
use crate::keys::Algorithm;
use crate::request::{
    Assignment, Choice, EncodeRequest, Expiry, KeyRequest, PathOrStdin, RowFilter, Serialization,
    SignerCommand, TextSource, TokenAction,
};
use crate::secret::may_hold_secret;
use crate::time::When;

#[derive(Args)]
pub(crate) struct Encode {
    /// Claims: a JSON object, @PATH, or - for standard input; with --batch: the PATHs to read
    #[arg(value_name = "CLAIMS|PATH", value_parser = OsStringValueParser::new())]
    claims: Vec<OsString>,
    #[command(flatten)]
    named: Option<Claims>,
    #[command(flatten)]
    dpop: Option<DpopFlags>,
    #[command(flatten)]
    times: Option<Times>,
    #[command(flatten)]
    header: HeaderFlags,
    #[command(flatten)]
    key: KeyFlags,
    /// Sign with COMMAND, which holds the private key for the public key in --key. It reads the data to sign from standard
    /// input (algorithm: JWTCTL_ALG) and prints the signature. No shell; at most 30s
    #[arg(long, value_name = "COMMAND", help_heading = "Key", value_parser = command,
        conflicts_with_all = ["agent", "no_sign"])]
    signer: Option<SignerCommand>,
    /// How to write the token: compact (the default), or json: the flattened JSON serialization (RFC 7515 section
    /// 7.2.2)
    #[arg(long, value_name = "FORM", help_heading = "Output", conflicts_with = "EncryptFlags", value_parser = one_of([
        ("compact", Serialization::Compact), ("json", Serialization::Flattened)]))]
    serialization: Option<Serialization>,
    #[command(flatten)]
    encryption: EncryptFlags,
    #[command(flatten)]
    detached: DetachedFlags,
    #[command(flatten)]
    common: Common,
}

#[derive(Args)]
#[command(next_help_heading = "Detached payload")]
struct DetachedFlags {
    /// Sign the bytes of this file instead of claims, and print the token without them; - is standard input
    #[arg(long, value_name = "PATH", value_hint = ValueHint::FilePath, value_parser = some_path(),
        conflicts_with_all = ["claims", "Claims", "Times", "EncryptFlags", "batch", "at"])]
    detached: Option<PathOrStdin>,
    /// Sign the bytes as they are, not in base64url (RFC 7797)
    #[arg(long)]
    unencoded: bool,
}

#[derive(Args, Default)]
#[command(next_help_heading = "Claims")]
struct Claims {
    /// Set user_id: a number if ID is an integer, else a string
    #[arg(long, value_name = "ID", value_parser = user_id, allow_negative_numbers = true)]
    user: Option<Value>,
    /// Issuer
    #[arg(long, value_name = "TEXT", value_parser = text)]
    iss: Option<String>,
    /// Subject
    #[arg(long, value_name = "TEXT", value_parser = text, allow_negative_numbers = true)]
    sub: Option<String>,
    /// Audience; repeat for an array
    #[arg(long, value_name = "TEXT", value_parser = text)]
    aud: Vec<String>,
    /// Any claim: NAME=TEXT is a string, NAME:=JSON is JSON; repeat for more
    #[arg(short, long, value_name = "NAME=TEXT", value_parser = assignment)]
    claim: Vec<Assignment>,
    /// Token ID [default without =ID: a random UUID]
    #[arg(long, value_name = "ID", value_parser = text, num_args = 0..=1, require_equals = true)]
    jti: Option<Option<String>>,
    /// Make an SD-JWT, and hide this claim unless its holder discloses it: a name, or a JSON Pointer such as
    /// /address/street or /roles/0; repeat for more
    #[arg(long, value_name = "PATH", value_parser = selector, conflicts_with = "no_sign")]
    disclosable: Vec<Selector>,
}

#[derive(Args, Default)]
#[command(next_help_heading = "Times")]
struct Times {
    /// Lifetime, counted from iat: 90, 90s, 30m, 1h30m, 7d, 2w [default: 30m]
    #[arg(long, value_name = DURATION, allow_hyphen_values = true, value_parser = lifetime, conflicts_with_all = ["exp", "no_exp"])]
    ttl: Option<i64>,
    /// Expiration time
    #[arg(long, value_name = TIME, allow_hyphen_values = true, value_parser = expiry, conflicts_with = "no_exp")]
    exp: Option<When>,
    /// Omit exp: the token never expires
    #[arg(long)]
    no_exp: bool,
    /// Not valid before
    #[arg(long, value_name = TIME, allow_hyphen_values = true, value_parser = time)]
    nbf: Option<When>,
    /// Issued at [default: now]
    #[arg(long, value_name = TIME, allow_hyphen_values = true, value_parser = time, conflicts_with = "no_iat")]
    iat: Option<When>,
    /// Omit iat
    #[arg(long)]
    no_iat: bool,
}

#[derive(Args)]
#[command(next_help_heading = "Header")]
struct HeaderFlags {
    /// Algorithm [default: the JWK's, else HS256, RS256, EdDSA, or that of the curve or type]
    #[arg(short = 'A', long, value_name = "ALG", value_parser = algorithm(), hide_possible_values = true)]
    alg: Option<Algorithm>,
    /// Key ID; selects the signing key of a set [default: the JWK's]
    #[arg(long, value_name = "ID", value_parser = text, allow_hyphen_values = true)]
    kid: Option<String>,
    /// Type [default: JWT]
    #[arg(long, value_name = "TEXT", value_parser = text, conflicts_with = "no_typ")]
    typ: Option<String>,
    /// Omit typ
    #[arg(long)]
    no_typ: bool,
    /// Any header parameter, written like --claim
    #[arg(long, value_name = "NAME=TEXT", value_parser = assignment)]
    header: Vec<Assignment>,
}

impl VerbFlags for Encode {
    fn call(self, context: Context) -> Result<Call, CliError> {
        let format = self.common.output.format(context.format);
        let rows = rows(None, format, &[]);
        let plan = self.common.plan(false, context.paths, false, &[], rows, RowFilter::All)?;
        let checked = self.check_claims(format.json);
        let (mut claims, times, header) =
            (self.named.unwrap_or_default(), self.times.unwrap_or_default(), self.header);
        let kid =
            header.kid.map(|kid| Assignment { name: "kid".to_owned(), value: Value::string(&kid) });
        let (dpop, proof) = self.dpop.unwrap_or_default().request()?;
        let typ = header.typ.or(dpop.as_ref().map(|_| "dpop+jwt".to_owned()));
        let exp = times.ttl.map(Expiry::After).or(times.exp.map(Expiry::At));
        let key = self.key.request(None)?;
        let algorithms = header.alg.into_iter().collect();
        let key = KeyRequest { algorithms, signer: self.signer, ..key };
        let request = EncodeRequest {
            encryption: self.encryption.request(&key)?,
            key,
            alg: header.alg,
            nbf: times.nbf,
            iat: Choice::new(times.iat, times.no_iat),
            exp: Choice::new(exp, times.no_exp),
            typ: Choice::new(typ, header.no_typ),
            header: kid.into_iter().chain(header.header).collect(),
            jti: claims.jti.clone(),
            disclosable: mem::take(&mut claims.disclosable),
            named: claims.in_order().into_iter().chain(proof).collect(),
            dpop,
            serialization: self.serialization.unwrap_or_default(),
            detached: self.detached.detached,
            unencoded: self.detached.unencoded,
        };
        checked?;
        let claims = self.claims.into_iter().next();
        let source = claims.map_or_else(|| TextSource::Given("{}".into()), text_source);
        Ok(self.common.call(source, TokenAction::Encode(Box::new(request)), plan, format))
    }
}

impl Encode {
    /// Refuses a call without claims, and `NAME=TEXT` in place of CLAIMS, which are probably mistakes. With `--json`,
    /// the verb reports the latter as invalid JSON.
    fn check_claims(&self, is_report: bool) -> Result<(), CliError> {
        let is_text = !is_report && self.common.batch.is_none();
        let text = self.claims.first().filter(|_| is_text).and_then(|text| text.to_str());
        if let Some(flag) = text.and_then(claim_flag) {
            return Err(CliError::new("CLAIMS is one claim, not a JSON object", flag));
        }
        let is_empty = self.claims.is_empty()
            && self.named.is_none()
            && self.dpop.is_none()
            && self.times.is_none();
        // clap's `requires` does not see it beside CLAIMS, which excludes --detached.
        if self.detached.unencoded && self.detached.detached.is_none() {
            return Err(CliError::new(
                "--unencoded needs --detached: the payload of a JWT is always encoded (RFC 7797 section 7)",
                "leave it out, or name the file to sign: --detached PATH",
            ));
        }
        let is_sd_jwt = self.named.as_ref().is_some_and(|named| !named.disclosable.is_empty());
        if is_sd_jwt && self.serialization == Some(Serialization::Flattened) {
            return Err(CliError::new(
                "--disclosable cannot be used with --serialization json",
                "use only one of them",
            ));
        }
        if is_empty && self.common.batch.is_none() && self.detached.detached.is_none() {
            return Err(CliError::new(
                "no claims were given",
                "CLAIMS is a JSON object, @PATH, or - for standard input; for a token with only its times: \
                 jwtctl encode '{}'",
            ));
        }
        Ok(())
    }
}

impl Claims {
    /// All but `jti`, in the order in which a token has them.
    fn in_order(self) -> Vec<Assignment> {
        let aud = match &self.aud[..] {
            [] => None,
            [one] => Some(Value::string(one)),
            many => Some(Value::strings(many)),
        };
        let named = [
            ("user_id", self.user),
            ("iss", self.iss.as_deref().map(Value::string)),
            ("sub", self.sub.as_deref().map(Value::string)),
            ("aud", aud),
        ];
        let assignment =
            |(name, value)| Some(Assignment { name: str::to_owned(name), value: value? });
        named.into_iter().filter_map(assignment).chain(self.claim).collect()
    }
}

/// The flag to suggest for `NAME=TEXT` in place of CLAIMS. Only short, plain text is repeated in it.
pub(super) fn claim_flag(text: &str) -> Option<String> {
    let (name, value) = text.split_once('=')?;
    let (name, form) = match name.strip_suffix(':') {
        Some(name) => (name, "'NAME:=JSON'"),
        None => (name, "NAME=TEXT"),
    };
    let belongs = |c: char| c.is_ascii_alphanumeric() || "_-./:".contains(c);
    let is_name = name.starts_with(|c: char| c.is_ascii_alphabetic()) && name.chars().all(belongs);
    if !is_name || value.is_empty() || value.starts_with('=') {
        return None;
    }
    let is_plain = |text: &str, and: &str| {
        text.len() <= 16 && text.chars().all(|c| c.is_ascii_alphanumeric() || and.contains(c))
    };
    let may_repeat = is_plain(name, "_") && is_plain(value, "_-.@") && !may_hold_secret(text);
    let is_shown = may_repeat && assignment(text).is_ok();
    Some(format!("--claim {}", if is_shown { text } else { form }))
}
