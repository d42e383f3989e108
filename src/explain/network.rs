//! Explains problems with keys by URL: the URL itself, fetching, discovery.

use super::codes::Code;
use super::explanation::{Explanation, shown};
use crate::json::Value;
use crate::jwks::{DiscoveryFault, FetchError, FetchFault, FetchWarning, Refetch, UrlFault};
use crate::sys::{CertificateFault, HOME, HttpError, reason};
use crate::time;

/// A hint for a URL that keys are not fetched from.
pub(super) fn url_hint(fault: &UrlFault) -> &'static str {
    match fault {
        UrlFault::NotAUrl | UrlFault::TooLong => "write the whole URL: https://HOST/PATH",
        UrlFault::UserInfo => {
            "others can read it from the process list; fetch it yourself: curl … | jwtctl verify --jwks - TOKEN"
        }
        UrlFault::NotAnIssuer => {
            "an issuer is what its tokens have as \"iss\": https://HOST or https://HOST/PATH"
        }
        UrlFault::Scheme(_)
        | UrlFault::Plain
        | UrlFault::NotThisMachine(_)
        | UrlFault::Downgrade => HTTPS,
    }
}

const HTTPS: &str =
    "write https://…; plain http is accepted only for this machine: localhost, 127.0.0.1, [::1]";

pub(super) fn not_fetched(error: &FetchError) -> Explanation {
    let FetchError { url, fault, is_discovery } = error;
    let (code, hint) = match fault {
        FetchFault::Url(_) => (Code::BadUrl, HTTPS),
        FetchFault::Http(error) => no_answer(error),
        FetchFault::TimedOut(_) => (Code::Timeout, "to wait longer: --timeout 30s"),
        FetchFault::Status(status) => (Code::HttpStatus, status_hint(*status, *is_discovery)),
        FetchFault::Unusable => (Code::HttpStatus, "try again later"),
        FetchFault::Redirect(..) | FetchFault::TooManyRedirects => {
            (Code::Redirect, "pass the URL that it finally redirects to")
        }
        FetchFault::Offline(_) | FetchFault::NoCacheKey(..) => {
            (Code::Offline, "run it once without --offline, or name a file: --jwks PATH")
        }
        FetchFault::NoCacheFolder => {
            (Code::Offline, &*format!("set {}, or name a file: --jwks PATH", HOME.0))
        }
        FetchFault::FailedRecently(_) => {
            (Code::AskedLately, "jwtctl tries again 30 seconds after a failure")
        }
    };
    let message = match fault {
        FetchFault::Http(error @ HttpError::Trust { .. }) => error.to_string(),
        fault => format!("cannot fetch {url}: {fault}"),
    };
    Explanation::new(code, message).hint(hint)
}

fn no_answer(error: &HttpError) -> (Code, &'static str) {
    match error {
        HttpError::Timeout => (Code::Timeout, "to wait longer: --timeout 30s"),
        HttpError::Io(_) => (
            Code::Unreachable,
            "is the host name right, and is the network up? HTTPS_PROXY sets a proxy",
        ),
        HttpError::EndedEarly => {
            (Code::Unreachable, "is it the port of an https server? If so, try again")
        }
        HttpError::Certificate(fault) => (
            Code::Certificate,
            match fault {
                CertificateFault::Untrusted => {
                    "for a CA of your own: --ca-file CA.pem, or SSL_CERT_FILE"
                }
                CertificateFault::IsCa => {
                    "a self-signed certificate of a server must not be a CA's: openssl req -x509 -addext basicConstraints=critical,CA:FALSE …"
                }
                CertificateFault::Expired(_) => {
                    "its owner must renew it; or is this machine's clock wrong?"
                }
                CertificateFault::NotYetValid => "is this machine's clock right?",
                CertificateFault::OtherName(_) => "is the host in the URL right?",
                CertificateFault::Other(_) => "openssl s_client -connect HOST:443 shows it",
            },
        ),
        HttpError::NoTrustedCertificates(_) => (
            Code::Certificate,
            "install the system's certificates (ca-certificates), or name a file: --ca-file, SSL_CERT_FILE",
        ),
        HttpError::Tls(_) => (
            Code::Tls,
            "is it the port of an https server? It must support TLS 1.2 or 1.3, and not require a client certificate",
        ),
        HttpError::Proxy(_) => (
            Code::Proxy,
            "it is set by HTTPS_PROXY or ALL_PROXY; NO_PROXY lists hosts that need no proxy",
        ),
        HttpError::NotThisMachine(_) => (Code::BadUrl, HTTPS),
        HttpError::Trust { .. } => (
            Code::CaFile,
            "it must name certificates in PEM (-----BEGIN CERTIFICATE-----); if it is not set, the system's are trusted",
        ),
        HttpError::Protocol(_) => (Code::Http, "is it the URL of a web server?"),
    }
}

fn status_hint(status: u16, is_discovery: bool) -> &'static str {
    match status {
        401 | 403 | 407 => {
            "does it need credentials? Fetch it yourself: curl … | jwtctl verify --jwks - TOKEN"
        }
        429 | 500.. => "try again later",
        _ if is_discovery => {
            "is it exactly the \"iss\" of its tokens? The URL of a key set goes to --jwks"
        }
        _ => "is it the URL of a JWK Set? An issuer is named with --oidc ISSUER",
    }
}

pub(super) fn unusable_discovery(url: &str, fault: &DiscoveryFault) -> Explanation {
    let message = match fault {
        DiscoveryFault::Issuer(expected, actual) => {
            return other_issuer(url, expected, actual.as_ref());
        }
        DiscoveryFault::NoKeySet(Some(actual)) => format!("{url} {fault}: {}", shown(actual)),
        fault => format!("{url} {fault}"),
    };
    Explanation::new(Code::Discovery, message).hint(match fault {
        DiscoveryFault::KeySetUrl(..) => {
            "the issuer must name an https URL (OpenID Connect Discovery 1.0 section 3)"
        }
        _ => "a key set's own URL is given with --jwks URL --iss ISSUER",
    })
}

fn other_issuer(url: &str, expected: &str, actual: Option<&Value>) -> Explanation {
    let expected = Value::string(expected);
    let message = match actual {
        None => format!("{url} does not name its issuer: it has no \"issuer\""),
        Some(actual) => {
            format!("{url} says that its issuer is {}, and not {}", shown(actual), shown(&expected))
        }
    };
    let same = |actual: &Value| {
        let bare = |value: &Value| {
            value.as_string().map(|text| text.trim_end_matches('/').to_ascii_lowercase())
        };
        bare(actual) == bare(&expected)
    };
    let said = Explanation::new(Code::IssuerMismatch, message);
    let said = match actual.filter(|actual| same(actual)) {
        Some(actual) => said.hint(format!("write it the same way: --oidc {}", shown(actual))),
        None => said.hint(
            "they must be exactly equal (OpenID Connect Discovery 1.0 section 4.3); to trust its keys anyway: --jwks URL --iss ISSUER",
        ),
    };
    said.compared(Some(expected), actual.cloned())
}

pub(super) fn fetch_warning(warning: &FetchWarning) -> Explanation {
    match warning {
        FetchWarning::Stale { error: FetchError { url, fault, .. }, age, until } => {
            Explanation::new(
                Code::StaleKeys,
                format!(
                    "{url} has expired, so the copy fetched {} ago is used: {fault}",
                    time::span(*age)
                ),
            )
            .hint(format!("it is used until {}", time::utc(*until)))
        }
        FetchWarning::NotCached { folder, is_key, error } => {
            let (what, variable) = if *is_key {
                (
                    "fetched keys are not cached, because the key that seals the cache cannot be stored",
                    "XDG_STATE_HOME",
                )
            } else {
                ("fetched keys cannot be cached", "XDG_CACHE_HOME")
            };
            let message = format!("{what} in {}: {}", folder.display(), reason(error));
            Explanation::new(Code::NotCached, message).hint(format!(
                "every call will fetch it again; {variable} sets another folder, --no-cache turns the cache off"
            ))
        }
    }
}

/// Whether the key set was fetched again.
pub(super) fn refetched(refetch: &Refetch) -> String {
    match refetch {
        Refetch::Done => "it was just fetched again, and does not have it either".to_owned(),
        Refetch::Recently(ago) => format!(
            "it was fetched again {} ago; unknown keys cause a fetch at most every 30 seconds",
            time::span(*ago)
        ),
        Refetch::Offline => "it was not fetched again: --offline makes no requests".to_owned(),
        Refetch::NotNeeded(ago) => format!(
            "its keys were fetched {} ago; with --no-cache they are fetched again",
            time::span(*ago)
        ),
    }
}
