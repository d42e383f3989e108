//! Keys that are somewhere else: which URL a flag or variable names, and how the network is to be asked.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::time::Duration;

use super::bytes::is_url;
use crate::crypto::sha256;
use crate::env::Env;
use crate::explain::{self, paths};
use crate::explain::{Problem, usage};
use crate::jwks::{Cache, FetchOptions, Issuer, JwksLocation, Url, issuer_of};
use crate::keys::{KeyError, Origin};
use crate::request::NamedPath;
use crate::request::Network;
use crate::request::PathOrStdin;
use crate::sys::{MAX_CERTIFICATES, Proxies, Settings, Trust, read_certificates, read_file};
use crate::text::decode;

/// How long fetching may take, in seconds.
const TIMEOUT: u64 = 10;

/// The set that a URL names; `None` if it is no URL but a path.
pub(crate) fn set_by_url(named: &NamedPath) -> Option<Result<JwksLocation, Problem>> {
    let PathOrStdin::Path(path) = &named.path else { return None };
    let text = path.to_string_lossy();
    let place = || {
        Url::parse(&text).map(JwksLocation::Set).map_err(|fault| usage::bad_url(named.by, &fault))
    };
    is_url(&text).then(place)
}

/// The set of an issuer.
pub(crate) fn set_of_issuer(by: &'static str, issuer: &OsStr) -> Result<JwksLocation, Problem> {
    let text = issuer.to_string_lossy();
    if text.is_empty() {
        return Err(Problem::Key { origin: Origin::Named(by), error: KeyError::Empty });
    }
    if let Some(issuer) = issuer_of(&text).and_then(|issuer| Url::parse_issuer(&issuer).ok()) {
        let issuer = issuer.to_string();
        return Err(usage::document_as_issuer(by, &issuer));
    }
    let url = Url::parse_issuer(&text).map_err(|fault| usage::bad_url(by, &fault))?;
    Ok(JwksLocation::Issuer(Issuer { name: text.into_owned(), url }))
}

/// How the network is to be asked, and what is kept.
pub(crate) fn rules(network: &Network, env: &Env<'_>) -> Result<FetchOptions, Problem> {
    let trusted = network.ca_file.as_deref().map(certificates).transpose()?;
    let (trust, name) = if let Some(certificates) = trusted {
        let name = format!("these {}", sha256(&certificates.concat()));
        (Trust::These(certificates), name)
    } else {
        let trust = Trust::from(env.variable);
        let name = trust.named();
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
        Problem::io("read", &format!("--ca-file: {}", paths::shown(path)), &error)
    })?;
    let certificates = if read.cut {
        Err("it is too large".to_owned())
    } else {
        read_certificates(&decode(&read.bytes))
    };
    certificates
        .map_err(|reason| Problem::Failure(explain::ca_file(&paths::shown(path), &reason).into()))
}

/// The cache, in the user's folder for what can be fetched again, and its key, in that for what should outlive the call
/// (XDG Base Directory Specification): `None` if one of them cannot be told. The variables are asked for as all others
/// are, and nobody else: the user database may be a plugin, which a static binary cannot load.
fn cache(env: &Env<'_>) -> Option<Cache> {
    let path = |name| (env.variable)(name).map(PathBuf::from).filter(|path| path.is_absolute());
    let folder = |name, in_home| {
        let folder = path(name).or_else(|| Some(path("HOME")?.join(in_home)))?;
        Some(folder.join("jwtctl"))
    };
    Some(Cache::new(folder("XDG_CACHE_HOME", ".cache")?, folder("XDG_STATE_HOME", ".local/state")?))
}
