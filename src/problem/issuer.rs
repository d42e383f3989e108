//! What is said of keys that are somewhere else: URLs, fetching, discovery.

use super::{Code, Explanation, reason, shown};
use crate::io::{CertificateFault, HttpError};
use crate::issuer::{Asked, DiscoveryFault, FetchError, FetchFault, Note, UrlFault};
use crate::json::{Value, cut};
use crate::time;

pub(super) fn bad_url(by: &str, fault: &UrlFault) -> Explanation {
    let said = Explanation::new(Code::BadUrl, format!("{by}: {}", unfit(fault)));
    match fault {
        UrlFault::UserInfo => said.hint("others can read it from the process list; fetch it yourself: curl … | jwtctl verify --jwks - TOKEN"),
        UrlFault::NotAnIssuer => said.hint("an issuer is what its tokens have as \"iss\": https://HOST or https://HOST/PATH"),
        _ => said.hint("keys are fetched from https://…, and from http://… on this machine alone: localhost, 127.0.0.1, [::1]"),
    }
}

/// Why a URL is not fetched from.
fn unfit(fault: &UrlFault) -> String {
    match fault {
        UrlFault::NotAUrl => "it is not a URL".to_owned(),
        UrlFault::Scheme(scheme) => format!("{} is not https", cut(scheme, 20)),
        UrlFault::Plain => "http is not secure".to_owned(),
        UrlFault::Downgrade => "it leads from https to http".to_owned(),
        UrlFault::UserInfo => "it holds a name or a password".to_owned(),
        UrlFault::NotAnIssuer => "an issuer has no query and no fragment".to_owned(),
    }
}

pub(super) fn not_fetched(error: &FetchError) -> Explanation {
    let FetchError { url, fault } = error;
    let message = format!("cannot fetch {url}: {}", why(fault));
    let said = |code| Explanation::new(code, message);
    match fault {
        FetchFault::TimedOut { .. } | FetchFault::Http(HttpError::Timeout) => {
            said(Code::Timeout).hint("to wait longer: --timeout 30s")
        }
        FetchFault::Http(HttpError::Io(_)) => said(Code::Unreachable)
            .hint("is the name right, and the network up? A proxy is named by HTTPS_PROXY"),
        FetchFault::Http(HttpError::Certificate(fault)) => {
            said(Code::Certificate).hint(match fault {
                CertificateFault::Untrusted => "for a CA of your own: --ca-file CA.pem, or SSL_CERT_FILE",
                CertificateFault::Expired | CertificateFault::NotYetValid => {
                    "is this machine's clock right?"
                }
                CertificateFault::OtherName => "is it the server's name?",
                CertificateFault::Other(_) => "for a CA of your own: --ca-file CA.pem",
            })
        }
        FetchFault::Http(HttpError::EndedEarly) => {
            said(Code::Unreachable).hint("try again; if it lasts, the server is at fault")
        }
        FetchFault::Http(HttpError::NobodyTrusted(_)) => said(Code::Certificate)
            .hint("install the system's certificates (ca-certificates), or name a file: --ca-file, SSL_CERT_FILE"),
        FetchFault::Http(HttpError::Tls(_)) => {
            said(Code::Tls).hint("the server must speak TLS 1.2 or 1.3 there")
        }
        FetchFault::Http(HttpError::Proxy(_)) => {
            said(Code::Proxy).hint("it is named by HTTPS_PROXY or ALL_PROXY; NO_PROXY names hosts that need none")
        }
        FetchFault::Http(HttpError::Protocol(_)) => {
            said(Code::Http).hint("is it the URL of a web server?")
        }
        FetchFault::Status(status) => said(Code::HttpStatus).hint(match status {
            401 | 403 | 407 => "it wants to know who asks; fetch it yourself: curl … | jwtctl verify --jwks - TOKEN",
            429 | 500.. => "try again later",
            _ => "is the URL right?",
        }),
        FetchFault::NotASet => said(Code::HttpStatus).hint("try again later"),
        FetchFault::Redirect { .. } | FetchFault::TooManyRedirects => {
            said(Code::Redirect).hint("give the URL where the keys are")
        }
        FetchFault::Offline { .. } => said(Code::Offline)
            .hint("run it once without --offline, or name a file: --jwks PATH"),
        FetchFault::Lately { .. } => said(Code::AskedLately).hint("to ask at once: --no-cache"),
    }
}

/// Why something was not fetched.
fn why(fault: &FetchFault) -> String {
    match fault {
        FetchFault::Http(error) => cut(&reason(error), 240),
        FetchFault::TimedOut { after } => {
            format!("there was no whole answer within {} s", after.as_secs())
        }
        FetchFault::Status(status) => format!("the server answers with status {status}"),
        FetchFault::Redirect { to, .. } if to.is_empty() => {
            "it redirects, and does not say where".to_owned()
        }
        FetchFault::Redirect { to, fault } => {
            format!("it redirects to {}: {}", shown(&Value::string(to)), unfit(fault))
        }
        FetchFault::NotASet => "what came is no key set that can be used".to_owned(),
        FetchFault::TooManyRedirects => "it redirects more than 3 times".to_owned(),
        FetchFault::Offline { kept: None } => {
            "it has not been kept, and --offline asks nobody".to_owned()
        }
        FetchFault::Offline { kept: Some(age) } => {
            format!("what is kept of it is {} old, and --offline asks nobody", time::span(*age))
        }
        FetchFault::Lately { ago } => {
            format!("that failed {} ago, and is not tried again yet", time::span(*ago))
        }
    }
}

pub(super) fn of_no_use(url: &str, fault: &DiscoveryFault) -> Explanation {
    let said = |message: String| Explanation::new(Code::Discovery, message);
    let instead = "to name the key set itself: --jwks URL --iss ISSUER";
    match fault {
        DiscoveryFault::TooLarge => said(format!("{url} is over 1 MiB long")).hint(instead),
        DiscoveryFault::NotJson(error) => said(format!("{url} {error}")).hint(instead),
        DiscoveryFault::Issuer { expected, actual } => other_issuer(url, expected, actual.as_ref()),
        DiscoveryFault::NoKeySet { actual: None } => {
            said(format!("{url} has no \"jwks_uri\"")).hint(instead)
        }
        DiscoveryFault::NoKeySet { actual: Some(actual) } => {
            said(format!("{url} has a \"jwks_uri\" that is no string: {}", shown(actual)))
                .hint(instead)
        }
        DiscoveryFault::KeySetUrl { url: set, fault } => said(format!(
            "{url} names a key set that is not fetched: {}: {}",
            shown(set),
            unfit(fault)
        ))
        .hint("the issuer must name an https URL (OpenID Connect Discovery 1.0 section 3)"),
    }
}

fn other_issuer(url: &str, expected: &str, actual: Option<&Value>) -> Explanation {
    let expected = Value::string(expected);
    let message = match actual {
        None => format!("{url} does not say whose it is: it has no \"issuer\""),
        Some(actual) => {
            format!("{url} is another issuer's: {}, not {}", shown(actual), shown(&expected))
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
        Some(actual) => said.hint(format!("write it as it does: --oidc {}", shown(actual))),
        None => said.hint(
            "keys are used only if the document names the issuer that was asked for (OpenID Connect Discovery 1.0 section 4.3)",
        ),
    };
    said.compared(Some(expected), actual.cloned())
}

pub(super) fn note(note: &Note) -> Explanation {
    match note {
        Note::Stale { error: FetchError { url, fault }, age } => Explanation::new(
            Code::StaleKeys,
            format!("keys of {} ago are used: cannot fetch {url}: {}", time::span(*age), why(fault)),
        )
        .hint("what is kept serves for a day after it has expired"),
        Note::Unkept { folder, error } => Explanation::new(
            Code::NotCached,
            format!("what was fetched cannot be kept in {}: {}", folder.display(), reason(&**error)),
        )
        .hint("each call will fetch it again; XDG_CACHE_HOME names another folder, --no-cache keeps nothing"),
    }
}

/// Whether a newer key set was asked for.
pub(super) fn asked(asked: &Asked) -> String {
    match asked {
        Asked::Now => "it was fetched again for that key".to_owned(),
        Asked::Lately { ago } => {
            format!(
                "it was fetched again {} ago, which is done every 30 seconds at most",
                time::span(*ago)
            )
        }
        Asked::Offline => "it was not fetched again: --offline asks nobody".to_owned(),
    }
}
