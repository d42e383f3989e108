//! The flags of `audit`, and the request that is made from them.

use clap::builder::ValueHint;
use clap::{ArgAction, Args};

use super::call::{Call, CliError, Context, VerbFlags};
use super::flags::checking_keys::CheckingKeys;
use super::flags::common::{Common, Reading, TokenFlags, rows};
use super::flags::keys::KeyPassword;
use super::values::{DURATION, algorithm, duration, one_of, some_path, text};
use crate::audit::Severity;
use crate::keys::Algorithm;
use crate::output::OutputOptions;
use crate::policy::Policy;
use crate::request::{
    AuditRequest, KeyRequest, PathOrStdin, RowContent, RowFormat, TokenAction, TokenChecks,
};

/// The default of `--max-life`, in seconds.
const LONGEST_LIFE: i64 = 24 * 60 * 60;

// How keys are opened. (A doc comment would become the help of the verb.) A weak key is a finding, and is still used.
#[derive(Args)]
struct AnyStrength {
    #[command(flatten)]
    password: KeyPassword,
}

impl From<AnyStrength> for KeyRequest {
    fn from(flags: AnyStrength) -> Self {
        Self { allow_weak: true, ..flags.password.into() }
    }
}

#[derive(Args)]
pub(super) struct Audit {
    #[command(flatten)]
    token: TokenFlags,
    #[command(flatten)]
    keys: CheckingKeys<AnyStrength>,
    /// Report a token whose algorithm is not this one; repeat to allow several
    #[arg(short = 'A', long, value_name = "ALG", help_heading = "Key", hide_possible_values = true,
        action = ArgAction::Append, value_parser = algorithm())]
    alg: Vec<Algorithm>,
    /// Report a token unless this is its issuer; repeat to expect any of several [env: JWTCTL_ISS]
    #[arg(long, value_name = "TEXT", help_heading = "Findings", value_parser = text)]
    iss: Vec<String>,
    /// Report a token unless this is its audience; repeat to expect any of several [env: JWTCTL_AUD]
    #[arg(long, value_name = "TEXT", help_heading = "Findings", value_parser = text)]
    aud: Vec<String>,
    /// Report a token whose lifetime is longer than this [default: 24h]
    #[arg(long, value_name = DURATION, help_heading = "Findings", allow_hyphen_values = true, value_parser = duration)]
    max_life: Option<i64>,
    /// Report only findings of at least this severity: high, medium, low or info [default: info]
    #[arg(long, value_name = "SEVERITY", help_heading = "Findings", hide_possible_values = true,
        value_parser = one_of(Severity::ALL.map(|severity| (severity.name(), severity))))]
    min_severity: Option<Severity>,
    /// Try every line of a file as the HMAC secret; gzip and zstd are decompressed; - is standard input
    #[arg(long, value_name = "PATH", help_heading = "Findings", value_hint = ValueHint::FilePath,
        value_parser = some_path())]
    wordlist: Option<PathOrStdin>,
    /// Print a SARIF 2.1.0 log, for code scanning
    #[arg(long, help_heading = "Output", conflicts_with_all = ["json", "compact", "tokens", "lines", "count"])]
    sarif: bool,
    #[command(flatten)]
    common: Common,
    #[command(flatten)]
    reading: Reading,
}

impl VerbFlags for Audit {
    fn call(self, context: Context) -> Result<Call, CliError> {
        let format = self.common.output.format(context.format);
        let format = OutputOptions { sarif: self.sarif, ..format };
        let has_rows = !format.quiet || format.json;
        let rows = match rows(Some(RowContent::Findings), format, &[]) {
            _ if self.sarif => RowFormat::Sarif,
            _ if !has_rows => RowFormat::Nothing,
            rows => rows,
        };
        let (key, decrypt) = self.keys.requests(&self.alg, &self.iss)?;
        let policy = Policy { issuers: self.iss, audiences: self.aud, ..Policy::default() };
        let checks = TokenChecks {
            decrypt,
            key,
            allowed: self.alg,
            allow_padding: false,
            revoked: None,
            policy,
        };
        let action = TokenAction::Audit(Box::new(AuditRequest {
            checks,
            longest_life: self.max_life.unwrap_or(LONGEST_LIFE),
            least: self.min_severity.unwrap_or(Severity::Info),
            wordlist: self.wordlist,
        }));
        self.reading.call(&self.common, self.token, action, rows, format, context.paths)
    }
}
