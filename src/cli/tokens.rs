//! The verbs that read tokens, `decode`, `verify` and `refresh`: their flags, and the requests they make.

use clap::Args;
use clap::builder::ValueHint;

use super::call::{Call, CliError, Context, VerbFlags};
use super::flags::common::{Common, Explain, Reading, TokenFlags, rows};
use super::flags::encryption::DecryptFlags;
use super::flags::expectations::{Checks, KeyBindingFlags};
use super::flags::keys::KeyPassword;
use super::values::{
    DURATION, SecretName, agent_choice, assignment, command, duration, secret_name, selector,
    some_path, text,
};
use crate::json::Selector;
use crate::keys::AgentChoice;
use crate::policy::Expired;
use crate::request::{
    Assignment, DecodeRequest, KeyLocation, KeyRequest, NamedKey, PathOrStdin, RefreshRequest,
    RowContent, RowFilter, RowFormat, SignerCommand, TokenAction, VerifyRequest,
};

#[derive(Args)]
pub(super) struct Decode {
    #[command(flatten)]
    token: TokenFlags,
    #[command(flatten)]
    decrypt: DecryptFlags,
    #[command(flatten)]
    key: KeyPassword,
    /// Show the header instead of the claims, even if the payload cannot be read, as in a JWE
    #[arg(long, help_heading = "Output", conflicts_with = "json")]
    header: bool,
    /// Print the payload byte for byte, whatever it is
    #[arg(long, help_heading = "Output",
        conflicts_with_all = ["json", "compact", "get", "pretty", "header", "batch", "find"])]
    raw: bool,
    /// Print only this claim, a string without its quotes; a NAME that begins with / is a JSON Pointer; repeat to
    /// print several on one line, separated by tabs, as jq -r @tsv would
    #[arg(long, value_name = "NAME", help_heading = "Output", value_parser = selector,
        conflicts_with_all = ["json", "pretty", "tokens", "lines", "count"])]
    get: Vec<Selector>,
    #[command(flatten)]
    common: Common,
    #[command(flatten)]
    reading: Reading,
}

impl VerbFlags for Decode {
    fn call(self, context: Context) -> Result<Call, CliError> {
        let format = self.common.output.format(context.format);
        let shown = if self.header { RowContent::Header } else { RowContent::HeaderAndClaims };
        let rows = rows(Some(shown), format, &self.get);
        let decrypt = self.decrypt.requests(&self.key.into());
        let Self { header, raw, get, .. } = self;
        let action = TokenAction::Decode(DecodeRequest { decrypt, raw, header, get });
        self.reading.call(&self.common, self.token, action, rows, format, context.paths)
    }
}

#[derive(Args)]
pub(super) struct Verify {
    #[command(flatten)]
    token: TokenFlags,
    #[command(flatten)]
    checks: Checks,
    /// Print only this claim, a string without its quotes; a NAME that begins with / is a JSON Pointer; repeat to
    /// print several on one line, separated by tabs, as jq -r @tsv would
    #[arg(long, value_name = "NAME", help_heading = "Output", value_parser = selector,
        conflicts_with_all = ["json", "pretty", "tokens", "lines", "count"])]
    get: Vec<Selector>,
    /// Check only the signature, and print the payload byte for byte, whatever it is
    #[arg(long, help_heading = "Output",
        conflicts_with_all = ["json", "compact", "get", "pretty", "Expectations", "KeyBindingFlags", "at", "batch", "find"])]
    raw: bool,
    /// File with the payload of a detached JWS; - is standard input; with --raw, it may be of any kind and size, and
    /// nothing is printed
    #[arg(long, value_name = "PATH", help_heading = "Token", value_hint = ValueHint::FilePath,
        conflicts_with_all = ["batch", "find", "DecryptFlags"], value_parser = some_path())]
    detached: Option<PathOrStdin>,
    /// Require every signature of a token in the JSON serialization to be accepted, not just one of them
    #[arg(long, help_heading = "Expectations")]
    all_signatures: bool,
    #[command(flatten)]
    key_binding: KeyBindingFlags,
    #[command(flatten)]
    common: Common,
    #[command(flatten)]
    reading: Reading,
}

impl VerbFlags for Verify {
    fn call(self, context: Context) -> Result<Call, CliError> {
        let format = self.common.output.format(context.format);
        let has_rows = !format.quiet || format.json || !self.get.is_empty();
        let rows = match rows(Some(RowContent::Claims), format, &self.get) {
            _ if !has_rows => RowFormat::Nothing,
            rows => rows,
        };
        let (checks, key_binding) = (self.checks.request()?, self.key_binding.request());
        let Self { raw, detached, all_signatures, get, .. } = self;
        let verify = VerifyRequest { checks, raw, detached, all_signatures, get, key_binding };
        let action = TokenAction::Verify(Box::new(verify));
        self.reading.call(&self.common, self.token, action, rows, format, context.paths)
    }
}

#[derive(Args)]
pub(super) struct Refresh {
    #[command(flatten)]
    token: TokenFlags,
    /// New lifetime [default: the token's, else 30m]
    #[arg(long, value_name = DURATION, allow_hyphen_values = true, help_heading = "Renewal", value_parser = duration)]
    ttl: Option<i64>,
    /// Also renew a token that expired at most this long ago
    #[arg(long, value_name = DURATION, allow_hyphen_values = true, help_heading = "Renewal", value_parser = duration)]
    grace: Option<i64>,
    /// Print the token unchanged, regardless of other flags, while it is valid for longer than this
    #[arg(long, value_name = DURATION, allow_hyphen_values = true, help_heading = "Renewal", value_parser = duration)]
    if_expiring: Option<i64>,
    /// End the session this long after auth_time (if missing, the first iat becomes auth_time)
    #[arg(long, value_name = DURATION, allow_hyphen_values = true, help_heading = "Renewal", value_parser = duration)]
    max_session: Option<i64>,
    /// Set a claim: NAME=TEXT or NAME:=JSON; repeat for more
    #[arg(long, value_name = "NAME=TEXT", help_heading = "Renewal", value_parser = assignment)]
    set: Vec<Assignment>,
    /// Remove a claim; repeat for more
    #[arg(long, value_name = "NAME", help_heading = "Renewal", value_parser = text)]
    unset: Vec<String>,
    /// Sign with this key file instead of the key that verifies; - is standard input
    #[arg(long, value_name = "PATH", help_heading = "Key", value_hint = ValueHint::FilePath,
        allow_hyphen_values = true, conflicts_with = "sign_secret_env", value_parser = some_path())]
    sign_key: Option<PathOrStdin>,
    /// Sign with the secret in this environment variable, in the format of FORMAT:NAME, else of --secret-format
    #[arg(long, value_name = "NAME", help_heading = "Key", value_parser = secret_name)]
    sign_secret_env: Option<SecretName>,
    /// Sign with this key in the SSH agent, named as for --agent
    #[arg(long, value_name = "WHICH", help_heading = "Key", value_parser = agent_choice,
        conflicts_with_all = ["sign_key", "sign_secret_env"])]
    sign_agent: Option<AgentChoice>,
    /// Sign with COMMAND, which holds the private key for the public key that verifies (the first of several). It reads the
    /// data to sign from standard input (algorithm: JWTCTL_ALG) and prints the signature. No shell; at most 30s
    #[arg(long, value_name = "COMMAND", help_heading = "Key", value_parser = command,
        conflicts_with_all = ["agent", "sign_key", "sign_secret_env", "sign_agent"])]
    signer: Option<SignerCommand>,
    #[command(flatten)]
    checks: Checks,
    #[command(flatten)]
    common: Common,
    #[command(flatten)]
    explain: Explain,
}

impl VerbFlags for Refresh {
    fn call(mut self, context: Context) -> Result<Call, CliError> {
        let format = self.common.output.format(context.format);
        let rows = rows(None, format, &[]);
        let (paths, explain) = (context.paths, self.explain.explain);
        let plan = self.common.plan(false, paths, explain, &[], rows, RowFilter::All)?;
        // --secret-format also describes the secret that signs, so it may then go with any key that verifies.
        let signs = self.sign_secret_env.is_some();
        let secret_format = self.checks.keys.key.secret_format.take_if(|_| signs);
        let mut checks = self.checks.request()?;
        checks.key.format = checks.key.format.or(secret_format);
        checks.key.signer = self.signer;
        checks.policy.max_session = self.max_session;
        if let (Expired::Refused, Some(grace)) = (checks.policy.expired, self.grace) {
            checks.policy.expired = Expired::Within(grace);
        }
        let sign_key =
            self.sign_key.map(|file| NamedKey::new("--sign-key", KeyLocation::KeyFile(file)));
        let sign_secret = self.sign_secret_env.map(|secret| secret.named("--sign-secret-env"));
        let sign_agent = self.sign_agent;
        let sign_agent =
            sign_agent.map(|which| NamedKey::new("--sign-agent", KeyLocation::Agent(which)));
        let sign_key = sign_key.or(sign_secret).or(sign_agent).map(|key| KeyRequest {
            sources: vec![key],
            algorithms: Vec::new(),
            chains: None,
            ..checks.key.clone()
        });
        let refresh = RefreshRequest {
            sign_key,
            checks,
            ttl: self.ttl,
            if_expiring: self.if_expiring,
            set: self.set,
            unset: self.unset,
        };
        let action = TokenAction::Refresh(Box::new(refresh));
        Ok(self.common.call(self.token.source(false), action, plan, format))
    }
}
