//! How names are looked up: in a static binary, and for plain http, which must stay on this machine. The resolved
//! addresses decide that, not the name, which a hosts file can map to anything.

use std::net::{IpAddr, SocketAddr};

use ureq::config::Config;
use ureq::http::Uri;
use ureq::http::uri::Scheme;
use ureq::unversioned::resolver::{ResolvedSocketAddrs, Resolver};
use ureq::unversioned::transport::NextTimeout;

use super::http_error::HttpError;

/// Keeps the C library to what it can do by itself, `/etc/hosts` and DNS, as other static programs do. What
/// else `/etc/nsswitch.conf` names it would load as a plugin, and one of another version of the library
/// may bring the process down.
#[cfg(all(target_os = "linux", target_env = "gnu", target_feature = "crt-static"))]
pub(super) fn prepare() {
    use std::ffi::{c_char, c_int};

    #[allow(unsafe_code, reason = "the C library has no safe binding of this function")]
    // SAFETY: it is the C library's own (nss.h), and copies both texts.
    unsafe {
        unsafe extern "C" {
            fn __nss_configure_lookup(database: *const c_char, services: *const c_char) -> c_int;
        }
        __nss_configure_lookup(c"hosts".as_ptr(), c"files dns".as_ptr());
    }
}

#[cfg(not(all(target_os = "linux", target_env = "gnu", target_feature = "crt-static")))]
pub(super) fn prepare() {}

/// Resolves names with another resolver, and refuses addresses that plain http must not go to.
#[derive(Debug)]
pub(super) struct LoopbackResolver<R>(pub R);

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

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use ureq::Proxy;

    use super::*;

    /// Every name has these addresses.
    #[derive(Debug)]
    struct Hosts(Vec<&'static str>);

    impl Resolver for Hosts {
        fn resolve(
            &self,
            _: &Uri,
            _: &Config,
            _: NextTimeout,
        ) -> Result<ResolvedSocketAddrs, ureq::Error> {
            let mut found = self.empty();
            for address in &self.0 {
                found.push(SocketAddr::new(address.parse().unwrap(), 80));
            }
            if self.0.is_empty() { Err(ureq::Error::HostNotFound) } else { Ok(found) }
        }
    }

    fn resolve(
        hosts: &[&'static str],
        url: &'static str,
        proxy: Option<&str>,
    ) -> Result<usize, HttpError> {
        let proxy = proxy.map(|proxy| Proxy::new(proxy).unwrap());
        let config = ureq::Agent::config_builder().proxy(proxy).build();
        let (after, reason) = (Duration::from_secs(1).into(), ureq::Timeout::Global);
        let timeout = NextTimeout { after, reason, ..NextTimeout::default() };
        let resolver = LoopbackResolver(Hosts(hosts.to_vec()));
        Ok(resolver.resolve(&Uri::from_static(url), &config, timeout)?.len())
    }

    #[test]
    fn http_goes_to_loopback_addresses_alone() {
        for hosts in [&["127.0.0.1"][..], &["127.255.0.9", "::1"], &["::ffff:127.0.0.1"]] {
            assert_eq!(resolve(hosts, "http://a.example/", None).unwrap(), hosts.len());
        }
        let refused = |hosts: &[&'static str]| match resolve(hosts, "http://localhost/", None) {
            Err(HttpError::NotThisMachine(address)) => address,
            other => panic!("{hosts:?}: {other:?}"),
        };
        assert_eq!(refused(&[]), None);
        for elsewhere in
            ["192.0.2.7", "0.0.0.0", "::", "::2", "fe80::1", "::ffff:192.0.2.7", "::127.0.0.1"]
        {
            let address = Some(elsewhere.parse().unwrap());
            assert_eq!(refused(&[elsewhere]), address);
            assert_eq!(refused(&["127.0.0.1", elsewhere]), address);
        }
    }

    #[test]
    fn https_and_a_proxy_may_be_anywhere() {
        assert!(resolve(&["192.0.2.7"], "https://localhost/", None).is_ok());
        assert!(resolve(&["192.0.2.7"], "http://proxy:1/", Some("http://proxy:1")).is_ok());
        let unknown = resolve(&[], "https://localhost/", None).unwrap_err();
        assert_eq!(unknown.to_string(), "the name has no address");
    }
}
