//! The types of registered claims.

use jwtctl::claims::Claims;

#[test]
fn registered_claims_are_typed() {
    let claims = Claims::parse(
        br#"{"exp":"1631934124","nbf":1.5e9,"iat":null,"iss":1,"sub":"x","aud":["a","b"]}"#,
    )
    .unwrap();
    assert_eq!(claims.numeric_date("exp").unwrap_err().expected, "a number");
    assert_eq!(claims.numeric_date("nbf").unwrap().unwrap().seconds, 1_500_000_000);
    assert_eq!(claims.string("sub").unwrap().as_deref(), Some("x"));
    assert!(claims.registered().aud.unwrap().unwrap().names_any(&["b".to_owned()]));
    let faults: Vec<_> = claims.registered().faults().iter().map(|f| f.claim).collect();
    assert_eq!(faults, ["exp", "iat", "iss"]);
}

#[test]
fn an_audience_of_anything_but_strings_is_a_fault() {
    for aud in ["1", "null", "{}", "[1]", r#"["a",null]"#, "true"] {
        let claims = Claims::parse(format!(r#"{{"aud":{aud}}}"#).as_bytes()).unwrap();
        assert!(claims.registered().aud.is_err(), "{aud}");
    }
}
