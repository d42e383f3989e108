//! Which proxy a URL is fetched through: the usual variables, as curl reads them.

use std::fmt;
use std::net::Ipv4Addr;

use ureq::Proxy;

/// The proxies that the environment names.
#[derive(Clone, Default)]
pub struct Proxies {
    https: Option<String>,
    /// Hosts that are reached without one.
    no_proxy: String,
}

impl Proxies {
    /// Reads the variables, each also in capitals.
    pub fn from(variable: impl Fn(&str) -> Option<String>) -> Self {
        let either = |name: &str| variable(name).or_else(|| variable(&name.to_ascii_uppercase()));
        let set = |name| either(name).filter(|text| !text.is_empty());
        Self {
            https: set("https_proxy").or_else(|| set("all_proxy")),
            no_proxy: either("no_proxy").unwrap_or_default(),
        }
    }

    /// The proxy for a URL. What is fetched without encryption is on this machine, and is not sent out of it.
    ///
    /// # Errors
    /// Why it cannot be used. The proxy's URL is not repeated, since it may hold a password.
    pub fn proxy_for(&self, url: &str) -> Result<Option<Proxy>, String> {
        let Some(proxy) = self.https.as_ref().filter(|_| url.starts_with("https:")) else {
            return Ok(None);
        };
        let url: ureq::http::Uri =
            url.parse().map_err(|_| "it does not know such a URL".to_owned())?;
        if self.is_exempt(url.host().unwrap_or_default()) {
            return Ok(None);
        }
        Proxy::new(proxy).map(Some).map_err(|_| "the variable holds no URL of a proxy".to_owned())
    }

    fn is_exempt(&self, host: &str) -> bool {
        let host = host.to_ascii_lowercase();
        let is_address = host.starts_with('[') || host.parse::<Ipv4Addr>().is_ok();
        self.no_proxy.split([',', ' ']).filter(|name| !name.is_empty()).any(|name| {
            let name = name.to_ascii_lowercase();
            let name = name.trim_start_matches("*.").trim_start_matches('.');
            let name = match name.rsplit_once(':') {
                Some((name, port)) if !is_address && port.parse::<u16>().is_ok() => name,
                _ => name,
            };
            let is_under = || host.strip_suffix(name).is_some_and(|rest| rest.ends_with('.'));
            name == "*" || host == name || !is_address && is_under()
        })
    }
}

/// The URL of a proxy may hold a password.
impl fmt::Debug for Proxies {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let https = self.https.as_ref().map(|_| "[redacted]");
        f.debug_struct("Proxies").field("https", &https).field("no_proxy", &self.no_proxy).finish()
    }
}
