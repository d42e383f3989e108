//! Which addresses http and https may go to.

use std::net::SocketAddr;
use std::time::Duration;

use jwtctl::sys::{HttpError, LoopbackResolver};
use ureq::Proxy;
use ureq::config::Config;
use ureq::http::Uri;
use ureq::unversioned::resolver::{ResolvedSocketAddrs, Resolver};
use ureq::unversioned::transport::NextTimeout;

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
