//! The digests of SD-JWTs (RFC 9901): which claims disclosures belong to, and new disclosures with their salts.

use std::collections::HashMap;

use aws_lc_rs::digest::{self, digest};
use aws_lc_rs::error::Unspecified;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use super::generate::random;
use crate::claims::{Claims, Disclosed};
use crate::json::{JsonError, Selector, Value};
use crate::keys::KeyError;
use crate::token::{self, Digested, DisclosureFault, HASH, Presentation, Unsalted};

/// The hashes that `_sd_alg` may name (RFC 9901 section 4.1.1), the default first.
static HASHES: [(&str, &digest::Algorithm); 3] =
    [("sha-256", &digest::SHA256), ("sha-384", &digest::SHA384), ("sha-512", &digest::SHA512)];

/// How many random bytes a salt has (RFC 9901 section 9.3).
const SALT: usize = 16;

/// The claims of an SD-JWT with what its disclosures say, and without digests (RFC 9901 section 7.1).
///
/// # Errors
/// The first fault that was found.
pub fn disclose(
    claims: &Claims,
    presentation: &Presentation<'_>,
) -> Result<Claims, DisclosureFault> {
    let hash = hash_of(claims)?;
    let mut indices = HashMap::new();
    for (index, encoded) in presentation.disclosures.encoded().enumerate() {
        if let Some(first) = indices.insert(encode_digest(hash, encoded), index) {
            return Err(DisclosureFault::Repeated(index + 1, first + 1));
        }
    }
    let payload = claims.object.text();
    let payload = Value::checked(&*payload);
    let processed = token::process(payload, &presentation.disclosures, &indices)?;
    let claims = Claims::parse(processed.payload).map_err(|error| match error {
        JsonError::Duplicate(name, _) => DisclosureFault::NameExists(name),
        _ => DisclosureFault::TooDeep,
    })?;
    let is_bound = presentation.key_binding.is_some();
    let sd_hash = is_bound.then(|| encode_digest(hash, presentation.bound()));
    let disclosed = Disclosed { paths: processed.disclosed, sd_hash, key_binding: None };
    Ok(Claims { disclosed: Some(disclosed.into()), ..claims })
}

fn hash_of(claims: &Claims) -> Result<&'static digest::Algorithm, DisclosureFault> {
    let Some(named) = claims.object.get(HASH) else { return Ok(HASHES[0].1) };
    let name = named.as_string();
    let hash = HASHES.iter().find(|(known, _)| name.as_deref() == Some(known));
    hash.map(|(_, hash)| *hash).ok_or_else(|| DisclosureFault::UnknownHash(named.evidence()))
}

fn encode_digest(hash: &'static digest::Algorithm, text: &str) -> String {
    URL_SAFE_NO_PAD.encode(digest(hash, text.as_bytes()))
}

/// Claims some of which are replaced by digests.
pub(crate) struct Concealed {
    pub(crate) payload: Claims,
    /// The disclosures, each of which ends with a tilde.
    pub(crate) disclosures: String,
    pub(crate) disclosed: Box<Disclosed>,
}

/// Why claims cannot be replaced by digests.
pub(crate) enum ConcealError {
    /// The crypto library has no random numbers.
    NoSalt(KeyError),
    /// The payload would be nested too deep.
    TooDeep,
}

/// Replaces the claims that these paths select by digests, and makes their disclosures.
pub(crate) fn conceal(claims: &Claims, paths: &[Selector]) -> Result<Concealed, ConcealError> {
    let (name, hash) = HASHES[0];
    let salted = |unsalted: Unsalted<'_>| {
        let salt = URL_SAFE_NO_PAD.encode(&*random(SALT)?);
        let disclosure = unsalted.encode(&salt);
        Ok::<_, Unspecified>(Digested { digest: encode_digest(hash, &disclosure), disclosure })
    };
    let failed = |_| {
        let (key, reason) = ("salt".to_owned(), "the crypto library could not make it".to_owned());
        ConcealError::NoSalt(KeyError::Rejected { key, reason })
    };
    let text = claims.object.text();
    let (payload, disclosures) =
        token::conceal(Value::checked(&*text), paths, salted).map_err(failed)?;
    let mut payload = Claims::parse(payload).map_err(|_| ConcealError::TooDeep)?;
    payload.object.set(HASH, &Value::string(name));
    let disclosures = disclosures.into_iter().map(|disclosure| disclosure + "~").collect();
    let paths = paths.iter().map(Selector::pointer).collect();
    Ok(Concealed {
        payload,
        disclosures,
        disclosed: Box::new(Disclosed { paths, sd_hash: None, key_binding: None }),
    })
}
