//! For how long a set is fresh, by what its server says (RFC 9111).

use jwtctl::sys::HeaderMap;

use crate::{Scene, headers};

fn cache_control(text: &str) -> HeaderMap {
    headers([("cache-control", text)])
}

/// Checks for how many seconds a set is fresh; `None` if it must not be stored.
#[track_caller]
fn check(said: &HeaderMap, seconds: Option<i64>) {
    let scene = Scene::new("");
    scene.server.lock().unwrap().headers = said.clone();
    scene.fetch_anew().unwrap();
    scene.asked();
    if let Some(seconds @ 1..) = seconds {
        scene.pass(seconds - 1);
        scene.fetch_anew().unwrap();
        assert_eq!(scene.asked(), [], "{said:?}: it is not fresh for {seconds} s");
        scene.pass(1);
    }
    scene.fetch_anew().unwrap();
    // What is stored is asked for by its entity tag.
    assert_eq!(scene.asked(), [(seconds.is_some(), false)], "{said:?}: {seconds:?}");
}

#[test]
fn cache_control_counts_up_to_a_day() {
    for (said, seconds) in [
        ("", Some(3600)),
        ("public, must-revalidate", Some(3600)),
        ("public, max-age=19800, must-revalidate, no-transform", Some(19800)),
        ("MAX-AGE = 60", Some(60)),
        (",,\tmax-age=60 ,", Some(60)),
        ("max-age=31536000", Some(86400)),
        ("s-maxage=5", Some(3600)),
        ("max-age=600, no-cache", Some(0)),
        ("no-cache=\"set-cookie\"", Some(0)),
        ("max-age=600, No-Store", None),
        ("no-store=\"x\"", None),
        // Several must agree.
        ("max-age=60,max-age=60", Some(60)),
        ("max-age=60,max-age=30", Some(0)),
        ("max-age=0,max-age=60", Some(0)),
        ("max-age,max-age=60", Some(0)),
        // A quoted string is one value.
        ("max-age=\"5\"", Some(5)),
        (r#"max-age="\6\0""#, Some(60)),
        ("max-age=\"60\", x", Some(60)),
        ("foo=\"a, max-age=0\"", Some(3600)),
        ("foo=\"a, no-cache, no-store\", max-age=60", Some(60)),
        (r#"foo="a\", max-age=0", max-age=60"#, Some(60)),
        (r#"foo="a\\", max-age=0"#, Some(0)),
        ("max-age=\"60, 5\"", Some(0)),
        ("max-age=\"6\"\"0\"", Some(0)),
        ("\"no-store\", max-age=60", Some(60)),
        ("foo=\"a, max-age=60", None),
        ("max-age=60, foo=\"", None),
        (r#"max-age=60, foo="\""#, None),
    ] {
        check(&cache_control(said), seconds);
    }
}

#[test]
fn a_number_too_large_is_the_largest_and_anything_else_is_stale() {
    for digits in ["2147483648", "9223372036854775808", "99999999999999999999", &"9".repeat(999)] {
        check(&cache_control(&format!("max-age={digits}")), Some(86400));
    }
    for junk in ["", "=", "=-1", "=+60", "=1.5", "=6 0", "=60s", "=0x60", "='60'", "=١"] {
        check(&cache_control(&format!("max-age{junk}")), Some(0));
    }
    check(&cache_control("max-age=\"60"), None);
}

#[test]
fn the_time_in_other_caches_is_taken_off() {
    for (said, age, seconds) in [
        ("max-age=600", "100", 500),
        ("max-age=600", "600", 0),
        ("max-age=600", "99999999999999999999", 0),
        ("max-age=600", "100, 599", 500),
        ("max-age=600", "", 600),
        ("max-age=600", "-100", 600),
        ("max-age=600", "1.5", 600),
        ("max-age=600", "junk, 100", 600),
        ("", "600", 3000),
    ] {
        check(&headers([("cache-control", said), ("age", age)]), Some(seconds));
    }
}

#[test]
fn a_date_counts_where_no_number_does() {
    let now = "Sun, 06 Nov 1994 08:49:37 GMT"; // as the scene begins
    let dated = |said, expires, date| {
        headers([("cache-control", said), ("expires", expires), ("date", date)])
    };
    for (expires, seconds) in [
        ("Sun, 06 Nov 1994 08:59:37 GMT", 600),
        ("Sunday, 06-Nov-94 08:59:37 GMT", 600),
        ("Sun Nov  6 08:59:37 1994", 600),
        ("Sat, 06 Nov 2094 08:59:37 GMT", 86400),
        (now, 0),
        ("Thu, 01 Jan 1970 00:00:00 GMT", 0),
        ("0", 0),
        ("-1", 0),
        ("", 0),
    ] {
        check(&dated("", expires, now), Some(seconds));
        check(&dated("", expires, "junk"), Some(seconds));
        check(&dated("max-age=60", expires, now), Some(60));
    }
    // The server's clock is compared with itself.
    let mut said = dated("", "Sun, 06 Nov 2033 08:59:37 GMT", "Sun, 06 Nov 2033 08:49:37 GMT");
    said.extend(headers([("age", "100")]));
    check(&said, Some(500));
}
