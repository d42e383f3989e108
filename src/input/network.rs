//! Keys that are fetched: which URL a flag or variable names, and how to fetch from it.

use std::ffi::OsStr;
use std::path::Path;
use std::time::Duration;

use super::bytes::is_url;
use crate::crypto::sha256;
use crate::env::Env;
use crate::explain::{Problem, shown_path, usage};
use crate::jwks::{Cache, FetchOptions, Issuer, JwksLocation, Net, Url, issuer_of};
use crate::keys::{KeyError, Origin};
use crate::request::{Network, PathOrStdin};
use crate::sys::{
    HOME, MAX_CERTIFICATES, Proxies, Settings, Trust, read_certificates, read_file, reason,
    user_folder,
};
use crate::text::decode;

/// The clock and the network that keys are fetched with.
pub(super) fn net<'e>(env: &Env<'e>) -> Net<'e> {
    Net { clock: env.clock, connect: env.connect }
}

/// How many seconds fetching may take by default.
const TIMEOUT: u64 = 10;

/// The key set that a URL names; `None` if it is a path.
pub(super) fn set_by_url(
    by: &'static str,
    path: &PathOrStdin,
) -> Option<Result<JwksLocation, Problem>> {
    let PathOrStdin::Path(path) = path else { return None };
    let text = path.to_string_lossy();
    let url = is_url(&text).then(|| Url::parse(&text))?;
    Some(url.map(JwksLocation::Set).map_err(|fault| usage::bad_url(by, &fault)))
}

pub(super) fn set_of_issuer(by: &'static str, name: &OsStr) -> Result<JwksLocation, Problem> {
    let text = name.to_string_lossy();
    if text.is_empty() {
        return Err(Problem::Key { origin: Origin::Named(by), error: KeyError::Empty });
    }
    if let Some(issuer) = issuer_of(&text).and_then(|issuer| Url::parse_issuer(&issuer).ok()) {
        return Err(usage::document_as_issuer(by, &issuer.to_string()));
    }
    let url = Url::parse_issuer(&text).map_err(|fault| usage::bad_url(by, &fault))?;
    Ok(JwksLocation::Issuer(Issuer { name: text.into_owned(), url }))
}

pub(super) fn fetch_options(network: &Network, env: &Env<'_>) -> Result<FetchOptions, Problem> {
    let (trust, name) = if let Some(path) = &network.ca_file {
        let certificates = certificates(path)?;
        let name = format!("these {}", sha256(&certificates.concat()));
        (Trust::Certificates(certificates), name)
    } else {
        let trust = Trust::from(env.variable);
        let name = trust.fingerprint();
        (trust, name)
    };
    let text = |name: &str| Some((env.variable)(name)?.to_string_lossy().into_owned());
    Ok(FetchOptions {
        timeout: Duration::from_secs(network.timeout.unwrap_or(TIMEOUT)),
        offline: network.offline,
        cache: if network.no_cache { None } else { cache(env) },
        settings: Settings { trust, proxies: Proxies::from(text) },
        trust: name,
    })
}

fn certificates(path: &Path) -> Result<Vec<Vec<u8>>, Problem> {
    let read = read_file(path, MAX_CERTIFICATES).map_err(|error| {
        Problem::io("read", &format!("--ca-file: {}", shown_path(path)), &error)
    })?;
    let pem = read.whole().map_err(|error| reason(&error));
    let certificates = pem.and_then(|pem| read_certificates(&decode(&pem)));
    certificates.map_err(|reason| usage::ca_file(&shown_path(path), &reason))
}

/// The cache in `XDG_CACHE_HOME`, and its key in `XDG_STATE_HOME`; `None` if one of the folders is unknown.
fn cache(env: &Env<'_>) -> Option<Cache> {
    let [cache, state, _] = HOME.1;
    let folder = |xdg, in_home| user_folder(env.variable, xdg, in_home);
    Some(Cache::new(folder("XDG_CACHE_HOME", cache)?, folder("XDG_STATE_HOME", state)?))
}
