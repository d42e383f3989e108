//! `key` and its verbs: their flags, and the requests they make.

use std::path::PathBuf;

use clap::builder::{TypedValueParser, ValueHint};
use clap::{Args, Subcommand};

use super::call::{Call, CliError, Context, VerbFlags};
use super::flags::common::OutputFlags;
use super::flags::keys::{KeyFlags, KeyOptions};
use super::values::{one_of, path, some_path, text};
use crate::keys;
use crate::request::{Choice, KeyAction, KeyCommand, NewKey, PathOrStdin, Request, ThumbprintKind};

#[derive(Args)]
#[command(subcommand_required = true, arg_required_else_help = true)]
pub(super) struct Key {
    #[command(subcommand)]
    verb: KeyVerb,
}

#[derive(Subcommand)]
#[command(
    disable_help_subcommand = true,
    subcommand_value_name = "VERB",
    subcommand_help_heading = "Verbs"
)]
enum KeyVerb {
    /// Create a key for an algorithm
    New {
        #[arg(short = 'A', long, value_name = "ALG", hide_possible_values = true, value_parser = jwk_algorithm(),
            help = format!("Algorithm of the key: {}; for encryption: {} [default: ES256]", names(false), names(true)))]
        alg: Option<keys::JwkAlgorithm>,
        /// Curve of a key for ECDH-ES: P-256, P-384, P-521, X25519 [default: P-256]
        #[arg(long, value_name = "NAME", hide_possible_values = true, value_parser = one_of(keys::KeyType::AGREEING))]
        curve: Option<keys::KeyType>,
        /// Size of an RSA key: 2048, 3072, 4096, 8192 [default: 3072], or of a secret [default: that of the hash]
        #[arg(long, value_name = "N")]
        bits: Option<usize>,
        #[command(flatten)]
        kid: Kid,
        /// Format: pem, jwk, der, openssh, or text for a secret [default: pem or text]
        #[arg(long, value_name = "FORMAT", hide_possible_values = true, value_parser = key_format())]
        format: Option<keys::Format>,
        /// Encrypt the private key (pem, der) with a password, which is asked for
        #[arg(long)]
        encrypt: bool,
        /// File with the password for --encrypt [default: JWTCTL_KEY_PASSWORD, or a prompt]
        #[arg(long, value_name = "PATH", value_hint = ValueHint::FilePath, requires = "encrypt", value_parser = some_path())]
        key_password_file: Option<PathOrStdin>,
        #[command(flatten)]
        out: Destination,
        /// Write the public key to this file
        #[arg(long, value_name = "PATH", help_heading = "Output", value_hint = ValueHint::FilePath)]
        public_out: Option<PathBuf>,
    },
    /// Describe a key, without its private parts
    Show {
        #[command(flatten)]
        input: Input,
        #[command(flatten)]
        output: OutputFlags,
    },
    /// Write the public key of a private key
    Public {
        /// Format: pem, jwk, der, openssh [default: jwk for a JWK, else pem]
        #[arg(long, value_name = "FORMAT", hide_possible_values = true, value_parser = key_format())]
        format: Option<keys::Format>,
        #[command(flatten)]
        input: Input,
        #[command(flatten)]
        out: Destination,
    },
    /// Write a key in another format; a private key stays private
    Convert {
        /// Format: pem, jwk, der, openssh, text
        #[arg(long, value_name = "FORMAT", hide_possible_values = true, value_parser = key_format())]
        format: keys::Format,
        #[command(flatten)]
        kid: Kid,
        #[command(flatten)]
        input: Input,
        #[command(flatten)]
        out: Destination,
    },
    /// Print a key's thumbprint: SHA-256 in base64url (RFC 7638), or another fingerprint
    Thumbprint {
        #[command(flatten)]
        kind: Fingerprint,
        #[command(flatten)]
        input: Input,
        #[command(flatten)]
        output: OutputFlags,
    },
    /// Create a JWK Set of public keys; each kid is the JWK's, else the thumbprint of the public key
    Set {
        /// Key files in any format, or - for standard input (the default in a pipe)
        #[arg(value_name = "FILE", value_hint = ValueHint::FilePath, value_parser = path())]
        files: Vec<PathOrStdin>,
        /// Also admit HMAC secrets, which makes the set a secret itself
        #[arg(long)]
        secret: bool,
        #[command(flatten)]
        options: KeyOptions,
        #[command(flatten)]
        out: Destination,
    },
}

#[derive(Args)]
#[group(multiple = false)]
#[allow(clippy::struct_excessive_bools, reason = "each flag is one")]
struct Fingerprint {
    /// SHA-256 of the public key in SPKI, as SHA256:BASE64 (Snowflake, GitHub Apps)
    #[arg(long)]
    spki: bool,
    /// Digests of the certificate, for the header parameters x5t (SHA-1) and x5t#S256
    #[arg(long)]
    x5t: bool,
    /// Fingerprint of the key in OpenSSH, as ssh-keygen -l prints it
    #[arg(long)]
    ssh: bool,
    /// Key ID of libtrust, which is the kid in tokens for a Docker registry
    #[arg(long)]
    libtrust: bool,
}

impl From<Fingerprint> for ThumbprintKind {
    fn from(flags: Fingerprint) -> Self {
        match flags {
            Fingerprint { spki: true, .. } => Self::Spki,
            Fingerprint { x5t: true, .. } => Self::X5t,
            Fingerprint { ssh: true, .. } => Self::Ssh,
            Fingerprint { libtrust: true, .. } => Self::Libtrust,
            _ => Self::Jwk,
        }
    }
}

#[derive(Args)]
struct Kid {
    /// Key ID of a JWK [default: its own, else the thumbprint of the public key; key new gives secrets a random one]
    #[arg(long, value_name = "ID", allow_hyphen_values = true, value_parser = text)]
    kid: Option<String>,
    /// Omit the key ID
    #[arg(long, conflicts_with = "kid")]
    no_kid: bool,
}

#[derive(Args)]
#[command(next_help_heading = "Output")]
struct Destination {
    /// Write to this file instead of standard output; only you can read the file of a private key
    #[arg(short, long, value_name = "PATH", value_hint = ValueHint::FilePath)]
    out: Option<PathBuf>,
    /// Replace existing files
    #[arg(long)]
    force: bool,
    #[command(flatten)]
    output: OutputFlags,
}

#[derive(Args)]
struct Input {
    /// Key file in any format, or - for standard input (the default in a pipe)
    #[arg(value_name = "FILE", value_hint = ValueHint::FilePath, conflicts_with = "KeySource", value_parser = path())]
    file: Option<PathOrStdin>,
    #[command(flatten)]
    key: KeyFlags,
}

/// The algorithms that a key can be made for, as a list in words.
fn names(for_encryption: bool) -> String {
    let all = keys::JwkAlgorithm::all().filter(|alg| alg.is_encryption() == for_encryption);
    all.map(keys::JwkAlgorithm::name).collect::<Vec<_>>().join(", ")
}

fn jwk_algorithm() -> impl TypedValueParser<Value = keys::JwkAlgorithm> {
    one_of(keys::JwkAlgorithm::all().map(|alg| (alg.name(), alg)))
}

fn key_format() -> impl TypedValueParser<Value = keys::Format> {
    one_of(keys::Format::ALL.map(|format| (format.name(), format)))
}

impl VerbFlags for Key {
    fn call(self, context: Context) -> Result<Call, CliError> {
        let mut public = None;
        let (action, to) = match self.verb {
            KeyVerb::New {
                alg,
                curve,
                bits,
                kid,
                format,
                encrypt,
                key_password_file,
                out,
                public_out,
            } => {
                public = public_out;
                let alg = alg.unwrap_or(keys::JwkAlgorithm::Signature(keys::Algorithm::ES256));
                let kid = Choice::new(kid.kid, kid.no_kid);
                let (is_encrypted, password) = (encrypt, key_password_file);
                let new = NewKey { alg, curve, bits, kid, format, is_encrypted, password };
                (KeyAction::New(new), out)
            }
            KeyVerb::Show { input, output } => {
                (KeyAction::Show(input.key.request(input.file)?), Destination::stdout(output))
            }
            KeyVerb::Thumbprint { kind, input, output } => {
                let request = input.key.request(input.file)?;
                (KeyAction::Thumbprint(request, kind.into()), Destination::stdout(output))
            }
            KeyVerb::Public { format, input, out } => {
                (KeyAction::Public(input.key.request(input.file)?, format), out)
            }
            KeyVerb::Convert { format, kid, input, out } => {
                let kid = Choice::new(kid.kid, kid.no_kid);
                (KeyAction::Convert(input.key.request(input.file)?, format, kid), out)
            }
            KeyVerb::Set { files, secret: secrets, options, out } => {
                (KeyAction::Set { files, options: options.into(), secrets }, out)
            }
        };
        let command = KeyCommand {
            action,
            out: to.out.filter(|path| path.as_os_str() != "-"),
            public_out: public,
            force: to.force,
            compact: to.output.compact,
        };
        Ok(Call::Run(Request::Key(Box::new(command)), to.output.format(context.format)))
    }
}

impl Destination {
    fn stdout(output: OutputFlags) -> Self {
        Self { out: None, force: false, output }
    }
}
