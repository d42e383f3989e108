//! Which URLs keys may be fetched from, and how they are shown.

use jwtctl::jwks::{Url, UrlFault, redacted_url};

/// Checks which text becomes which URL, or why it does not.
#[track_caller]
fn check(
    parse: impl Fn(&str) -> Result<Url, UrlFault>,
    good: &[(&str, &str)],
    bad: &[(&str, UrlFault)],
) {
    for (text, url) in good {
        assert_eq!(parse(text).as_ref().map(Url::as_str), Ok(*url), "{text}");
    }
    for (text, fault) in bad {
        assert_eq!(parse(text).as_ref(), Err(fault), "{text}");
    }
}

fn scheme(name: &str) -> UrlFault {
    UrlFault::Scheme(name.to_owned())
}

#[test]
fn https_or_this_machine() {
    check(
        Url::parse,
        &[
            ("https://a.example", "https://a.example"),
            ("HTTPS://A.Example:8443/x/./y?y=z#f", "https://a.example:8443/x/y?y=z"),
            ("http://localhost:1/", "http://localhost:1/"),
            ("http://LOCALHOST/", "http://localhost/"),
            ("http://127.0.0.1:8080/x", "http://127.0.0.1:8080/x"),
            ("http://127.9.9.9/x", "http://127.9.9.9/x"),
            ("http://[::1]:8080/x", "http://[::1]:8080/x"),
            ("http://[::ffff:127.0.0.1]/", "http://[::ffff:127.0.0.1]/"),
            ("http://a.example/", "http://a.example/"),
        ],
        &[
            (&format!("https://a.example/{}", "a".repeat(2048)), UrlFault::TooLong),
            ("http://10.0.0.1/", UrlFault::Plain),
            ("http://0.0.0.0/", UrlFault::Plain),
            ("http://[::2]/", UrlFault::Plain),
            ("http://[::]/", UrlFault::Plain),
            ("http://[::127.0.0.1]/", UrlFault::Plain),
            ("http://[::ffff:10.0.0.1]/", UrlFault::Plain),
            ("http://[v1.x]/", UrlFault::Plain),
            ("ftp://a.example/", scheme("ftp")),
            ("file:///etc/passwd", scheme("file")),
            ("javascript:alert(1)", scheme("javascript")),
            ("https:a", UrlFault::NotAUrl),
            ("https://", UrlFault::NotAUrl),
            ("https:///x", UrlFault::NotAUrl),
            ("https://a.example:99999/", UrlFault::NotAUrl),
            ("https://a b/", UrlFault::NotAUrl),
            ("https://ä.example/", UrlFault::NotAUrl),
            ("https://u:p@a.example/", UrlFault::UserInfo),
            ("http://localhost@a.example/", UrlFault::UserInfo),
            ("a.example", UrlFault::NotAUrl),
            ("", UrlFault::NotAUrl),
        ],
    );
}

#[test]
fn a_redirect_keeps_the_rules() {
    let secure = Url::parse("https://a.example/x/y").unwrap();
    check(
        |reference| secure.join(reference),
        &[
            ("/z", "https://a.example/z"),
            ("z?q", "https://a.example/x/z?q"),
            ("//b.example/z#f", "https://b.example/z"),
            ("https://b.example", "https://b.example"),
        ],
        &[
            ("http://127.0.0.1/", UrlFault::Downgrade),
            ("http://a.example/", UrlFault::Downgrade),
            ("http://10.0.0.1/", UrlFault::Plain),
            ("ftp://a.example/", scheme("ftp")),
            ("//u@b.example/", UrlFault::UserInfo),
            ("\n", UrlFault::NotAUrl),
        ],
    );
    let plain = Url::parse("http://127.0.0.1:1/x").unwrap();
    let good = [("/z", "http://127.0.0.1:1/z"), ("https://a.example/", "https://a.example/")];
    check(|reference| plain.join(reference), &good, &[]);
}

#[test]
fn an_issuer_has_no_query_and_no_fragment() {
    check(
        Url::parse_issuer,
        &[("https://a.example/x/", "https://a.example/x/")],
        &["https://a.example/?x", "https://a.example/#x", "https://a.example#"]
            .map(|text| (text, UrlFault::NotAnIssuer)),
    );
}

#[test]
fn what_may_be_a_secret_is_not_shown() {
    let token = "https://a.example/eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJhIn0.AAAAAAAAAAAA";
    for (text, url, redacted) in [
        ("https://a.example:1/keys", "https://a.example:1/keys", "https://a.example:1/keys"),
        (
            "https://a.example/x?code=hunter2#hunter2",
            "https://a.example/x?…",
            "https://a.example/x",
        ),
        (token, "https://a.example/…", "https://a.example/…"),
        ("https://u:hunter2@a.example/x", "", "https:…"),
        ("https://u:hun/ter2@a.example/x", "", "…"),
        ("https:u:hunter2@a.example", "", "https:…"),
        ("mailto:u:hunter2@a.example", "", "mailto:…"),
        ("javascript:alert(1)", "", "javascript:…"),
        ("/x/y?hunter2", "", "/x/y"),
        ("/x//u:hunter2@a.example", "", "…"),
        ("/%65yJhbGciOiJIUzI1NiJ9.e30.AAAA", "", "…"),
        ("//u:hunter2@a.example/", "", "…"),
        ("https:\\\\u:hunter2@a.example", "", "…"),
        ("https://a b/hunter2", "", "…"),
    ] {
        assert_eq!(redacted_url(text), redacted);
        assert_eq!(Url::parse(text).map_or(String::new(), |url| url.to_string()), url);
    }
}
