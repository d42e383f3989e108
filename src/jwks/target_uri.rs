//! The target URI of an HTTP request as a DPoP proof names it (RFC 9449 section 4.2). It is never requested.

use fluent_uri::Uri;

/// Why a text is not the URL of an HTTP request. The messages complete a sentence: "URL …".
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(crate) enum TargetFault {
    #[error("is malformed or not complete")]
    NotAUrl,
    #[error("is neither https nor http")]
    Scheme,
    #[error("contains a user name or password")]
    UserInfo,
}

/// A URL without its query and fragment. Scheme, host, port and an empty path are written as clients send them (RFC 9110
/// section 4.2.3); the rest of the path stays as it is, because a server may compare it byte for byte.
pub(crate) fn target_uri(text: &str) -> Result<String, TargetFault> {
    let uri = Uri::parse(text).map_err(|_| TargetFault::NotAUrl)?;
    let scheme = uri.scheme().as_str().to_ascii_lowercase();
    let default_port = match scheme.as_str() {
        "https" => 443,
        "http" => 80,
        _ => return Err(TargetFault::Scheme),
    };
    let authority = uri.authority().ok_or(TargetFault::NotAUrl)?;
    if authority.has_userinfo() {
        return Err(TargetFault::UserInfo);
    }
    let port = authority.port_to_u16().map_err(|_| TargetFault::NotAUrl)?;
    if authority.host().is_empty() {
        return Err(TargetFault::NotAUrl);
    }
    let host = authority.host().to_ascii_lowercase();
    let port = port.filter(|port| *port != default_port).map(|port| format!(":{port}"));
    let path = match uri.path().as_str() {
        "" => "/",
        path => path,
    };
    Ok(format!("{scheme}://{host}{}{path}", port.unwrap_or_default()))
}

#[cfg(test)]
mod tests {
    use super::{TargetFault, target_uri};

    #[test]
    fn query_and_fragment_are_left_out_and_the_path_stays_as_it_is() {
        for (url, htu) in [
            ("https://api.example/items", "https://api.example/items"),
            ("https://api.example/items?a=b&c=/d#e?f", "https://api.example/items"),
            ("https://api.example/#a", "https://api.example/"),
            ("https://api.example", "https://api.example/"),
            ("https://api.example?a", "https://api.example/"),
            ("HTTPS://API.Example:443/A%7eb/../C//", "https://api.example/A%7eb/../C//"),
            ("http://api.example:80/", "http://api.example/"),
            ("http://api.example:443/", "http://api.example:443/"),
            ("https://api.example:08443/x", "https://api.example:8443/x"),
            ("https://api.example:/x", "https://api.example/x"),
            ("http://127.0.0.1:3000/x", "http://127.0.0.1:3000/x"),
            ("http://[2001:DB8::1]:8080", "http://[2001:db8::1]:8080/"),
        ] {
            assert_eq!(target_uri(url).as_deref(), Ok(htu), "{url}");
        }
    }

    #[test]
    fn what_no_http_request_can_have_is_refused() {
        for (url, fault) in [
            ("", TargetFault::NotAUrl),
            ("/items", TargetFault::NotAUrl),
            ("api.example/items", TargetFault::NotAUrl),
            ("https:///items", TargetFault::NotAUrl),
            ("https:items", TargetFault::NotAUrl),
            ("https://api.example:65536/", TargetFault::NotAUrl),
            ("https://api.example/a b", TargetFault::NotAUrl),
            ("https://äpi.example/", TargetFault::NotAUrl),
            ("https://api.example/%", TargetFault::NotAUrl),
            ("localhost:8080/items", TargetFault::Scheme),
            ("wss://api.example/", TargetFault::Scheme),
            ("https://user@api.example/", TargetFault::UserInfo),
            ("https://user:password@api.example/", TargetFault::UserInfo),
        ] {
            assert_eq!(target_uri(url), Err(fault), "{url}");
        }
    }
}
