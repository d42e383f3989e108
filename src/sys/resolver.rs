//! Name resolution: in a static binary, and for plain http, which must stay on this machine. The resolved addresses
//! decide that and not the name, which a hosts file can map to anything.

use std::net::{IpAddr, SocketAddr};

use ureq::config::Config;
use ureq::http::Uri;
use ureq::http::uri::Scheme;
use ureq::unversioned::resolver::{ResolvedSocketAddrs, Resolver};
use ureq::unversioned::transport::NextTimeout;

use super::http_error::HttpError;

/// Limits the C library to `/etc/hosts` and DNS, like other static programs. It would load everything else that
/// `/etc/nsswitch.conf` names as a plugin, and a plugin of another library version may crash the process.
#[cfg(static_glibc)]
pub(super) fn prepare() {
    use std::ffi::{c_char, c_int};

    #[allow(unsafe_code, reason = "the C library has no safe binding of this function")]
    // SAFETY: a function of the C library (nss.h), which copies both strings.
    unsafe {
        unsafe extern "C" {
            fn __nss_configure_lookup(database: *const c_char, services: *const c_char) -> c_int;
        }
        __nss_configure_lookup(c"hosts".as_ptr(), c"files dns".as_ptr());
    }
}

#[cfg(not(static_glibc))]
pub(super) fn prepare() {}

/// Resolves names with another resolver, and refuses addresses that plain http must not go to.
#[derive(Debug)]
pub struct LoopbackResolver<R>(pub R);

impl<R: Resolver> Resolver for LoopbackResolver<R> {
    fn resolve(
        &self,
        uri: &Uri,
        config: &Config,
        timeout: NextTimeout,
    ) -> Result<ResolvedSocketAddrs, ureq::Error> {
        let found = self.0.resolve(uri, config, timeout);
        // With a proxy, the name to resolve is the proxy's own; plain http never goes through one.
        if uri.scheme() != Some(&Scheme::HTTP) || config.proxy().is_some() {
            return found;
        }
        let refused = |address| ureq::Error::Other(Box::new(HttpError::NotThisMachine(address)));
        let found = found.map_err(|error| match error {
            ureq::Error::Io(_) | ureq::Error::HostNotFound => refused(None),
            other => other,
        })?;
        match found.iter().map(SocketAddr::ip).find(|address| !is_this_machine(*address)) {
            Some(elsewhere) => Err(refused(Some(elsewhere))),
            None => Ok(found),
        }
    }
}

/// Whether an address belongs to this machine: loopback, also written as IPv6 (RFC 4291 section 2.5.5.2).
pub(crate) fn is_this_machine(address: IpAddr) -> bool {
    address.to_canonical().is_loopback()
}
