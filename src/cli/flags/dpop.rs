//! Flags of `encode` for a DPoP proof (RFC 9449).

use clap::{ArgAction, Args};

use crate::cli::call::CliError;
use crate::cli::values::text;
use crate::json::Value;
use crate::jwks::{TargetFault, target_uri};
use crate::request::{Assignment, Dpop};

/// The methods of RFC 9110 section 9.1 and RFC 5789. Others are accepted, too.
const METHODS: [&str; 9] =
    ["GET", "HEAD", "POST", "PUT", "DELETE", "CONNECT", "OPTIONS", "TRACE", "PATCH"];

#[derive(Args, Default)]
#[command(next_help_heading = "DPoP")]
pub(crate) struct DpopFlags {
    /// Make a DPoP proof (RFC 9449) for this request. The public key is in its header (jwk), and the jkt of the key is
    /// what jwtctl key thumbprint prints. There is no exp unless --ttl or --exp sets it
    #[arg(long, num_args = 2, value_names = ["METHOD", "URL"], action = ArgAction::Set, conflicts_with_all = [
        "no_iat", "typ", "no_typ", "disclosable", "serialization", "EncryptFlags", "DetachedFlags"])]
    dpop: Option<Vec<String>>,
    /// Bind the proof to the access token in the environment variable NAME: claim ath
    #[arg(long, value_name = "NAME", value_parser = text)]
    dpop_token_env: Option<String>,
}

impl DpopFlags {
    /// The proof that is asked for, if any, and its claims that the flags give.
    ///
    /// # Errors
    /// METHOD or URL is not one, or a token was given without them.
    pub(crate) fn request(self) -> Result<(Option<Dpop>, Vec<Assignment>), CliError> {
        let Some([method, url]) = self.dpop.as_deref() else {
            return match self.dpop_token_env {
                None => Ok((None, Vec::new())),
                Some(_) => Err(CliError::new(
                    "--dpop-token-env needs --dpop: it adds the claim ath to a DPoP proof",
                    "name the request: --dpop GET https://api.example/items",
                )),
            };
        };
        check_method(method)?;
        let url = target_uri(url).map_err(bad_url)?;
        let claim = |name: &str, text: &str| Assignment {
            name: name.to_owned(),
            value: Value::string(text),
        };
        let claims = vec![claim("htm", method), claim("htu", &url)];
        Ok((Some(Dpop { access_token: self.dpop_token_env }), claims))
    }
}

/// A server compares the method with that of the request, letter case included (RFC 9110 section 9.1).
fn check_method(method: &str) -> Result<(), CliError> {
    let meant = METHODS.iter().find(|known| method.eq_ignore_ascii_case(known));
    if let Some(meant) = meant.filter(|known| method != **known) {
        return Err(CliError::new(
            "--dpop <METHOD> <URL>: the letter case of METHOD matters (RFC 9110 section 9.1)",
            format!("write --dpop {meant}"),
        ));
    }
    let is_token_char = |c: char| c.is_ascii_alphanumeric() || "!#$%&'*+-.^_`|~".contains(c);
    if method.is_empty() || !method.chars().all(is_token_char) {
        return Err(CliError::new(
            "--dpop <METHOD> <URL>: METHOD is not the method of an HTTP request",
            "the method comes first: --dpop GET https://api.example/items",
        ));
    }
    Ok(())
}

fn bad_url(fault: TargetFault) -> CliError {
    let hint = match fault {
        TargetFault::UserInfo => "leave it out: it is not part of what is requested",
        TargetFault::NotAUrl | TargetFault::Scheme => {
            "write the whole URL of the request: --dpop GET https://api.example/items"
        }
    };
    CliError::new(format!("--dpop <METHOD> <URL>: URL {fault}"), hint)
}
