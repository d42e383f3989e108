//! Flags for encrypted tokens (JWE): the keys that decrypt, and how a new token is encrypted.

use clap::Args;
use clap::builder::ValueHint;

use crate::cli::call::CliError;
use crate::cli::values::{
    SecretName, decrypting_secret_name, iterations, one_of, secret_name, some_path,
};
use crate::keys::{ContentEncryption, KeyAlgorithm};
use crate::request::{EncryptionRequest, KeyLocation, KeyRequest, NamedKey, PathOrStdin};

#[derive(Args)]
#[command(next_help_heading = "Encryption")]
pub(crate) struct DecryptFlags {
    /// Private key, or JWK of a shared secret, that decrypts a JWE, also a nested one; repeat for more; - is standard
    /// input [env: JWTCTL_DECRYPT_KEY]
    #[arg(long, value_name = "PATH", value_hint = ValueHint::FilePath, value_parser = some_path())]
    decrypt_key: Vec<PathOrStdin>,
    /// Secret that decrypts a JWE, in the environment variable NAME; if it is not text: raw:NAME, base64:NAME, hex:NAME;
    /// for session cookies of Auth.js and NextAuth: authjs:NAME or authjs:NAME:COOKIE; repeat for more
    #[arg(long, value_name = "NAME", value_parser = decrypting_secret_name)]
    decrypt_secret_env: Vec<SecretName>,
}

impl DecryptFlags {
    /// The requests for the keys. `key` has the password of encrypted keys.
    pub(crate) fn requests(self, key: &KeyRequest) -> Vec<KeyRequest> {
        let files = self.decrypt_key.into_iter().map(|file| {
            let sources = vec![named("--decrypt-key", file)];
            KeyRequest { password: key.password.clone(), sources, ..KeyRequest::default() }
        });
        let secrets = self.decrypt_secret_env.into_iter();
        files.chain(secrets.map(|secret| secret.request("--decrypt-secret-env"))).collect()
    }
}

#[derive(Args)]
#[command(next_help_heading = "Encryption")]
pub(crate) struct EncryptFlags {
    /// Encrypt the signed token to this public key, certificate or JWK, which may be a shared secret; - is standard input
    #[arg(long, value_name = "PATH", value_hint = ValueHint::FilePath, value_parser = some_path())]
    encrypt_to: Option<PathOrStdin>,
    /// Encrypt the signed token with the password in the environment variable NAME, or with the key in raw:NAME,
    /// base64:NAME or hex:NAME
    #[arg(long, value_name = "NAME", value_parser = secret_name, conflicts_with = "encrypt_to")]
    encrypt_secret_env: Option<SecretName>,
    /// Content encryption algorithm, such as A128GCM [default: the JWK's, that of the secret's size, else A256GCM]
    #[arg(long, value_name = "ENC", hide_possible_values = true,
        value_parser = one_of(ContentEncryption::ALL.map(|enc| (enc.name(), enc))))]
    enc: Option<ContentEncryption>,
    /// Key management algorithm, such as A256KW [default: the JWK's, else RSA-OAEP-256, ECDH-ES, dir or
    /// PBES2-HS256+A128KW]
    #[arg(long, value_name = "ALG", hide_possible_values = true,
        value_parser = one_of(KeyAlgorithm::ALL.map(|alg| (alg.name(), alg))))]
    key_alg: Option<KeyAlgorithm>,
    /// Iterations of PBES2, from 1000 to 1000000 [default: 600000]
    #[arg(long, value_name = "N", value_parser = iterations)]
    p2c: Option<u32>,
    /// Encrypt the claims without signing them; verify accepts such a token only if a shared secret encrypts it
    #[arg(long)]
    no_sign: bool,
}

impl EncryptFlags {
    /// How a token is encrypted, if it is.
    ///
    /// # Errors
    /// One of the other flags was given without a key that encrypts.
    pub(crate) fn request(self, key: &KeyRequest) -> Result<Option<EncryptionRequest>, CliError> {
        let to = self.encrypt_to.map(|file| KeyRequest {
            password: key.password.clone(),
            sources: vec![named("--encrypt-to", file)],
            ..KeyRequest::default()
        });
        let secret = self.encrypt_secret_env.map(|secret| secret.request("--encrypt-secret-env"));
        let others = [
            (self.enc.is_some(), "--enc"),
            (self.key_alg.is_some(), "--key-alg"),
            (self.p2c.is_some(), "--p2c"),
            (self.no_sign, "--no-sign"),
        ];
        let Some(to) = to.or(secret) else {
            let given = others.into_iter().find(|(is_given, _)| *is_given);
            return given.map_or(Ok(None), |(_, flag)| {
                Err(CliError::new(
                    format!("{flag} needs --encrypt-to or --encrypt-secret-env: it applies to an encrypted token"),
                    "name the key to encrypt with: --encrypt-to PATH, or --encrypt-secret-env NAME",
                ))
            });
        };
        if self.no_sign && !key.sources.is_empty() {
            return Err(CliError::new(
                "--no-sign cannot be used with a key that signs",
                "use only one of them",
            ));
        }
        Ok(Some(EncryptionRequest {
            key: to,
            alg: self.key_alg,
            enc: self.enc,
            iterations: self.p2c,
            signs: !self.no_sign,
        }))
    }
}

fn named(by: &'static str, file: PathOrStdin) -> NamedKey {
    NamedKey::new(by, KeyLocation::KeyFile(file))
}
