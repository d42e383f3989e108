//! Flags for the keys that tokens are checked with: those for signatures, certificate chains, and those that decrypt.

use clap::Args;

use super::chains::ChainFlags;
use super::encryption::DecryptFlags;
use super::keys::{KeyFlags, KeyOptions};
use crate::cli::call::CliError;
use crate::keys::Algorithm;
use crate::request::{KeyLocation, KeyRequest, NamedKey};

#[derive(Args)]
pub(crate) struct CheckingKeys<O: Args = KeyOptions> {
    #[command(flatten)]
    pub key: KeyFlags<O>,
    #[command(flatten)]
    chains: ChainFlags,
    #[command(flatten)]
    decrypt: DecryptFlags,
}

impl<O: Args + Into<KeyRequest>> CheckingKeys<O> {
    /// The requests for the keys that check signatures with these algorithms, and for those that decrypt.
    ///
    /// # Errors
    /// Those of the flags, and several `--oidc` beside `issuers`, which `--iss` names.
    pub(crate) fn requests(
        self,
        algorithms: &[Algorithm],
        issuers: &[String],
    ) -> Result<(KeyRequest, Vec<KeyRequest>), CliError> {
        let key = KeyRequest { algorithms: algorithms.to_vec(), ..self.key.requests()? };
        let is_issuer = |named: &&NamedKey| matches!(named.location, KeyLocation::Issuer(_));
        if key.sources.iter().filter(is_issuer).count() > 1 && !issuers.is_empty() {
            return Err(CliError::new(
                "--iss cannot be used with several --oidc: each issuer's keys verify its own tokens",
                "leave out --iss",
            ));
        }
        let decrypt = self.decrypt.requests(&key);
        Ok((KeyRequest { chains: self.chains.request(), ..key }, decrypt))
    }
}
