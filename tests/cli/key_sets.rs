//! JWK Sets: which keys a token is checked with, which key signs, and that an unusable key does not affect the others.

use crate::harness::{
    CLAIMS, Call, ED25519, ED25519_D, P256, P256_D, PRINTED, SECRET, base64url, clocked, jwk, jwks,
    jwtctl, key, line, parts, signed, text,
};

const ANOTHER_KEY: &str = "the token was signed with another key, or changed after it was signed";
const THE_FIRST: &str =
    "if it is the right key: jq '.keys[0] | del(.kid)' s.json | jwtctl verify --key - TOKEN";
const EACH_ITS_OWN: &str = "each key of a set needs a kid of its own";

/// The key of RFC 7515 appendix A.3, of the same kind as `p256`.
const OTHER_P256: &str = r#""kty":"EC","crv":"P-256","x":"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU","y":"x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0""#;

/// A member.
fn kid(kid: &str) -> String {
    format!(r#""kid":"{kid}""#)
}

/// The public key `p256` under a name.
fn p256(id: &str) -> String {
    jwk(&[P256, &kid(id)])
}

/// The public key `ed25519` under a name.
fn ed25519(id: &str) -> String {
    jwk(&[ED25519, &kid(id)])
}

/// A token by the private key `p256`, with these flags.
fn by_p256(flags: &[&str]) -> String {
    let name = "p256.pkcs8.private.pem";
    let args = [&["encode", "--user", "123", "-k", name], flags].concat();
    let output = clocked(&args).key(name).output();
    assert_eq!((output.status.code(), text(&output.stderr)), (Some(0), String::new()));
    text(&output.stdout)
}

/// Verifies a token with a set, with these flags.
fn verify(set: &str, token: &str, flags: &[&str]) -> Call {
    clocked(&[&["verify", "--jwks", "s.json"], flags].concat()).file("s.json", set).stdin(token)
}

/// Makes a token with a set, with these flags.
fn encode(set: &str, flags: &[&str]) -> Call {
    let args = [&["encode", "--user", "123", "--jwks", "s.json"], flags].concat();
    clocked(&args).file("s.json", set)
}

/// The header of the token that a call makes.
#[track_caller]
fn header(call: &Call) -> String {
    let output = call.output();
    assert_eq!((output.status.code(), text(&output.stderr)), (Some(0), String::new()));
    parts(&text(&output.stdout)).0
}

/// A signature that is not that of the keys it was checked with.
#[track_caller]
fn does_not_match(call: &Call, keys: &str) {
    let output = call.output();
    let said = text(&output.stderr);
    let begin = format!("error: the signature does not match: checked as ES256 with {keys}");
    assert!(said.starts_with(&begin) && said.contains("s.json"), "{said}");
    assert!(said.ends_with(&format!("\nhint: {ANOTHER_KEY}\n")), "{said}");
    assert_eq!((output.status.code(), output.stdout.len()), (Some(4), 0));
}

#[test]
fn the_same_key_listed_twice_under_one_kid_is_one_key() {
    let private = jwk(&[P256, P256_D, &kid("a")]);
    let with = |members: &str| jwk(&[P256, &kid("a"), members]);
    let token = by_p256(&["--kid", "a"]);
    for set in [
        jwks(&[p256("a"), p256("a")]),
        jwks(&[p256("a"), ed25519("b"), p256("a"), p256("a")]),
        jwks(&[p256("a"), private.clone()]),
        // What one of them may not do, another one may.
        jwks(&[with(r#""use":"enc""#), with(r#""alg":"ES256""#), with(r#""use":"sig""#)]),
        jwks(&[with(r#""alg":"ECDH-ES""#), p256("a"), p256("a")]),
    ] {
        verify(&set, &token, &[]).stdout(PRINTED).code(0);
    }
    // None of them may be used.
    verify(&jwks(&[with(r#""use":"enc""#), with(r#""use":"enc""#), p256("b")]), &token, &[])
        .error(r#"the key "a" of s.json does not support the token's "alg" "ES256""#)
        .evidence(r#"key "a" (P-256 public key) is not for verifying: its "use" is "enc""#)
        .evidence(r#"key "a" (P-256 public key) is not for verifying: its "use" is "enc""#)
        .code(4);
    let oct = |secret: &str, more: &str| {
        format!(r#"{{"kty":"oct","kid":"a","k":"{}"{more}}}"#, base64url(secret))
    };
    let signed = signed(r#"{"alg":"HS256","kid":"a"}"#, CLAIMS);
    let twice = jwks(&[oct(SECRET, ""), oct(SECRET, r#","alg":"HS256""#)]);
    verify(&twice, &signed, &[]).stdout(PRINTED).code(0);
    let other = SECRET.replace('0', "1");
    for set in [
        jwks(&[oct(SECRET, ""), oct(&other, "")]),
        jwks(&[oct(SECRET, ""), oct(SECRET, ""), oct(&other, "")]),
    ] {
        let output = verify(&set, &signed, &[]).output();
        assert_eq!(output.status.code(), Some(7), "{}", text(&output.stderr));
    }
}

#[test]
fn the_same_private_key_listed_twice_under_one_kid_signs() {
    let private = |id: &str, members: &str| jwk(&[P256, P256_D, &kid(id), members]);
    let (plain, alg) = (private("a", r#""x5c":[]"#), private("a", r#""alg":"ES256""#));
    let wanted = r#"{"alg":"ES256","typ":"JWT","kid":"a"}"#;
    assert_eq!(header(&encode(&jwks(&[plain.clone(), p256("a"), alg.clone()]), &[])), wanted);
    // With two names, it matters which one is written.
    encode(&jwks(&[plain, private("b", r#""use":"sig""#)]), &[])
        .error("s.json holds 2 keys that can sign, but exactly one is needed")
        .evidence(r#"key "a""#)
        .evidence(r#"key "b""#)
        .hint("give a file with only that key; encode can also choose it by --alg or, in a JWK Set, by --kid ID")
        .code(7);
    // Renewed with the private one of the two, wherever it stands.
    let set = jwks(&[p256("a"), alg]);
    let token = by_p256(&["--kid", "a"]);
    let call = clocked(&["refresh", "--jwks", "s.json"]).file("s.json", set).stdin(token);
    assert_eq!(header(&call), wanted);
}

/// The trust bundle of SPIFFE: the keys of X.509-SVIDs sign no JWT.
#[test]
fn a_spiffe_bundle_verifies_with_its_jwt_svid_keys_alone() {
    let bundle = |key_use: &str| {
        let x509 = jwk(&[P256, r#""use":"x509-svid","x5c":["AAEC"]"#]);
        let jwt = jwk(&[P256, &kid("a"), &format!(r#""use":"{key_use}""#)]);
        jwks(&[x509, jwt]).replacen('{', r#"{"spiffe_sequence":1,"spiffe_refresh_hint":300,"#, 1)
    };
    for token in [by_p256(&["--kid", "a"]), by_p256(&[])] {
        verify(&bundle("jwt-svid"), &token, &[]).stdout(PRINTED).code(0);
        verify(&bundle("x509-svid"), &token, &[])
            .error("s.json holds 2 keys and none to verify with")
            .evidence(r#"key 1 (P-256 public key) is not for verifying: its "use" is "x509-svid""#)
            .evidence(
                r#"key "a" (P-256 public key) is not for verifying: its "use" is "x509-svid""#,
            )
            .code(7);
    }
}

#[test]
fn a_set_comes_from_its_flag_from_key_from_a_variable_or_standard_input() {
    let set = jwks(&[ed25519("b"), p256("a")]);
    let token = by_p256(&["--kid", "a"]);
    let token = token.trim_end();
    let verify = |flags: &[&str]| clocked(&[&["verify", token], flags].concat()).stdout(PRINTED);
    verify(&["--jwks", "s.json"]).file("s.json", &set).code(0);
    verify(&["--key", "s.json"]).file("s.json", &set).code(0);
    verify(&["--jwks", "-"]).stdin(&set).code(0);
    verify(&[]).file("s.json", &set).env("JWTCTL_JWKS", "s.json").code(0);
    verify(&[]).file("s.json", &set).env("JWTCTL_KEY", "s.json").code(0);
    verify(&["--key-env", "MINE"]).env("MINE", &set).code(0);
    // A flag wins over the variable.
    let flag = verify(&["--jwks", "s.json"]).env("JWTCTL_JWKS", "other.json");
    flag.file("s.json", &set).code(0);
}

#[test]
fn a_set_and_another_key_in_the_environment_are_two_keys() {
    clocked(&["verify", "a.b.c"])
        .env("JWTCTL_SECRET", SECRET)
        .env("JWTCTL_JWKS", "s.json")
        .error("JWTCTL_SECRET and JWTCTL_JWKS are both set: which one is the key?")
        .hint("unset one of them, or name the key by a flag: flags take precedence over variables")
        .error("the header has one character too many or too few (it has 1)")
        .hint("was it cut?")
        .code(2);
}

#[test]
fn a_kid_picks_the_key() {
    let token = by_p256(&["--kid", "a"]);
    for set in [
        jwks(&[p256("a"), ed25519("b")]),
        jwks(&[jwk(&[OTHER_P256, &kid("b")]), p256("a")]),
        jwks(&[jwk(&[OTHER_P256]), p256("a")]),
    ] {
        verify(&set, &token, &[]).stdout(PRINTED).code(0);
    }
    // The others are not tried.
    let set = jwks(&[jwk(&[OTHER_P256, &kid("a")]), p256("b")]);
    verify(&set, &token, &[])
        .error("the signature does not match: checked as ES256 with key \"a\" of s.json (P-256 public key)")
        .evidence("it matches key \"b\" of s.json: the token names another key than it was signed with")
        .hint(&THE_FIRST.replace("[0]", "[1]"))
        .code(4);
}

#[test]
fn a_token_without_a_kid_is_checked_with_each_key_that_supports_its_alg() {
    let token = by_p256(&[]);
    for set in [
        jwks(&[p256("a")]),
        jwks(&[ed25519("b"), jwk(&[OTHER_P256, &kid("c")]), p256("a")]),
        jwks(&[jwk(&[P256]), jwk(&[OTHER_P256])]),
        // Several may have one name.
        jwks(&[p256("a"), p256("a")]),
    ] {
        verify(&set, &token, &[]).stdout(PRINTED).code(0);
    }
}

#[test]
fn a_set_without_a_matching_key_is_refused() {
    let token = by_p256(&[]);
    let other = |id: &str| jwk(&[OTHER_P256, &kid(id)]);
    let set = jwks(&[other("a"), ed25519("b"), other("c")]);
    let each = "each of the 2 keys that support it (s.json)\n";
    does_not_match(&verify(&set, &token, &[]), each);
    let set = jwks(&[other("a"), ed25519("b")]);
    does_not_match(&verify(&set, &token, &[]), "key \"a\" of s.json (P-256 public key)\n");
}

#[test]
fn an_unknown_kid_is_refused_and_the_known_ones_listed() {
    let token = by_p256(&["--kid", "z"]);
    let unknown = r#"the token's "kid" is "z", and s.json has no such key"#;
    verify(&jwks(&[p256("a"), ed25519("b")]), &token, &[])
        .error(unknown)
        .evidence(r#"key "a" of s.json matches the signature"#)
        .evidence(r#"it has "a", "b""#)
        .hint(THE_FIRST)
        .code(4);
    // Each once.
    verify(&jwks(&[p256("a"), ed25519("a")]), &token, &[])
        .error(unknown)
        .evidence(r#"key "a" of s.json matches the signature"#)
        .evidence(r#"it has "a""#)
        .hint(THE_FIRST)
        .code(4);
    verify(&jwks(&[jwk(&[P256])]), &token, &[])
        .error(unknown)
        .evidence("key 1 of s.json matches the signature")
        .evidence("none of its keys has a kid")
        .hint(THE_FIRST)
        .code(4);
    verify(&jwks(&[jwk(&[OTHER_P256, &kid("a")])]), &token, &[])
        .error(unknown)
        .hint(r#"it has "a""#)
        .code(4);
}

#[test]
fn a_kid_is_compared_to_the_letter() {
    for id in ["A", "a ", "", "a\\u0000", "á"] {
        let header = format!(r#"{{"alg":"HS256","kid":"{id}"}}"#);
        let oct = format!(r#"{{"kty":"oct","kid":"a","k":"{}"}}"#, base64url(SECRET));
        verify(&jwks(&[oct]), &signed(&header, CLAIMS), &[])
            .error(&format!(r#"the token's "kid" is "{id}", and s.json has no such key"#))
            .evidence(r#"key "a" of s.json matches the signature"#)
            .evidence(r#"it has "a""#)
            .hint(THE_FIRST)
            .code(4);
    }
}

#[test]
fn a_kid_of_a_key_that_does_not_support_the_alg_is_refused() {
    let token = by_p256(&["--kid", "a"]);
    let not_served = r#"the key "a" of s.json does not support the token's "alg" "ES256""#;
    verify(&jwks(&[ed25519("a"), p256("b")]), &token, &[])
        .error(not_served)
        .evidence(r#"key "a" (Ed25519 public key) supports EdDSA and Ed25519"#)
        .hint(TAKES)
        .code(4);
    let without_crv = format!(r#"{{"kty":"EC",{}}}"#, kid("a"));
    let for_encryption = jwk(&[P256, &kid("a"), r#""use":"enc""#]);
    verify(&jwks(&[without_crv, for_encryption, p256("b")]), &token, &[])
        .error(not_served)
        .evidence(r#"key "a" is not a usable JWK: its "crv" is missing"#)
        .evidence(r#"key "a" (P-256 public key) is not for verifying: its "use" is "enc""#)
        .code(4);
}

#[test]
fn a_set_without_a_key_for_the_alg_is_refused() {
    let not_served = r#"no key of s.json supports the token's "alg" "ES256""#;
    verify(&jwks(&[ed25519("b"), jwk(&[ED25519, r#""alg":"EdDSA""#])]), &by_p256(&[]), &[])
        .error(not_served)
        .evidence(r#"key "b" (Ed25519 public key) supports EdDSA and Ed25519"#)
        .evidence("key 2 (Ed25519 public key) supports EdDSA")
        .hint(TAKES)
        .code(4);
    // A public key is no secret: the classic forgery.
    verify(&jwks(&[p256("a")]), &signed(r#"{"alg":"HS256","kid":"a"}"#, CLAIMS), &[])
        .error(r#"the key "a" of s.json does not support the token's "alg" "HS256""#)
        .evidence(r#"key "a" (P-256 public key) supports ES256"#)
        .hint("HS256 is checked with an HMAC secret: --secret-env NAME or --secret-file PATH")
        .code(4);
    for alg in ["none", "None"] {
        let unsecured =
            format!("{}.{}.", base64url(format!(r#"{{"alg":"{alg}"}}"#)), base64url(CLAIMS));
        verify(&jwks(&[p256("a")]), &unsecured, &[])
            .error(r#"the token is unsecured: its "alg" is "none""#)
            .hint("anyone can write such a token; have the issuer sign it")
            .code(4);
    }
}

#[test]
fn two_keys_of_one_kid_for_the_same_alg_are_refused() {
    let token = by_p256(&["--kid", "a"]);
    verify(&jwks(&[p256("a"), jwk(&[OTHER_P256, &kid("a")])]), &token, &[])
        .error(r#"s.json holds 2 keys with the token's kid "a""#)
        .hint(EACH_ITS_OWN)
        .code(7);
}

#[test]
fn keys_of_different_types_may_share_a_kid() {
    // RFC 7517 section 4.5: different "kty" values may share a "kid".
    let token = by_p256(&["--kid", "a"]);
    for keys in [[p256("a"), ed25519("a")], [ed25519("a"), p256("a")]] {
        verify(&jwks(&keys), &token, &[]).stdout(PRINTED).code(0);
    }
    let set = jwks(&[p256("a"), jwk(&[OTHER_P256, &kid("a"), r#""alg":"ES384""#])]);
    verify(&set, &token, &[]).stdout(PRINTED).code(0);
}

/// Keys that cannot be used, none of which is a reason not to use the others.
fn odd() -> [String; 11] {
    [
        r#"{"kty":"AKP","kid":"pq","alg":"SLH-DSA-SHA2-128s","pub":"AAAA"}"#.to_owned(),
        jwk(&[P256, r#""kid":7"#]),
        r#"{"kty":"EC","kid":"cut"}"#.to_owned(),
        "7".to_owned(),
        "null".to_owned(),
        r#""text""#.to_owned(),
        "[]".to_owned(),
        jwk(&[P256, r#""kty":"EC""#, &kid("twice")]),
        "{}".to_owned(),
        jwk(&[&P256.replace("eOiR", "AAAA"), &kid("off")]),
        jwk(&[r#""kty":"oct""#, r#""k":"""#]),
    ]
}

#[test]
fn odd_keys_do_not_spoil_the_rest() {
    let before = [&odd()[..], &[p256("a")]].concat();
    let after = [&[p256("a")][..], &odd()[..]].concat();
    for keys in [before, after] {
        for flags in [&[][..], &["--kid", "a"]] {
            verify(&jwks(&keys), &by_p256(flags), &[]).stdout(PRINTED).code(0);
        }
    }
    let private = jwk(&[P256, P256_D, &kid("a")]);
    let keys = [&odd()[..], &[private]].concat();
    let header = header(&encode(&jwks(&keys), &[]));
    assert_eq!(header, r#"{"alg":"ES256","typ":"JWT","kid":"a"}"#);
}

#[test]
fn members_that_nobody_knows_are_passed_over() {
    let set = format!(
        r#"{{"issuer":"me","keys":[{}],"next":[1,{{"keys":[]}}]}}"#,
        jwk(&[P256, r#""x5t":"x","exp":1700000000,"ext":{"a":[1]}"#])
    );
    verify(&set, &by_p256(&[]), &[]).stdout(PRINTED).code(0);
}

#[test]
fn a_set_without_a_key_is_refused() {
    verify(r#"{"keys":[]}"#, &by_p256(&[]), &[])
        .error("s.json holds no key to verify with")
        .code(7);
    encode(r#"{"keys":[]}"#, &[]).error("s.json holds no key to sign with").code(7);
}

#[test]
fn a_set_without_a_usable_key_says_why_of_each() {
    let set = jwks(&[
        odd()[0].clone(),
        odd()[1].clone(),
        odd()[2].clone(),
        odd()[8].clone(),
        odd()[9].clone(),
        jwk(&[P256, &kid("enc"), r#""use":"enc""#]),
        jwk(&[P256, r#""key_ops":["sign"]"#]),
        jwk(&[P256, r#""alg":"ECDH-ES""#]),
    ]);
    verify(&set, &by_p256(&[]), &[])
        .error("s.json holds 8 keys and none to verify with")
        .evidence(r#"key "pq" holds an AKP key for the algorithm "SLH-DSA-SHA2-128s""#)
        .evidence(r#"key 2 is not a usable JWK: its "kid" is a number, not a string"#)
        .evidence(r#"key "cut" is not a usable JWK: its "crv" is missing"#)
        .evidence(r#"key 4 is not a usable JWK: its "kty" is missing"#)
        .evidence(r#"key "off" is not a valid P-256 public key (its point is not on the curve)"#)
        .evidence(r#"key "enc" (P-256 public key) is not for verifying: its "use" is "enc""#)
        .evidence(r#"key 7 (P-256 public key) is not for verifying: its "key_ops" is ["sign"]"#)
        .evidence(r#"key 8 (P-256 public key) signs nothing: its "alg" is "ECDH-ES""#)
        .code(7);
}

#[test]
fn a_key_is_judged_before_the_token() {
    // An exit code of 7 has nothing to do with the token, which may be anything.
    for token in ["", "x", "a.b.c"] {
        let output = verify(r#"{"keys":[]}"#, token, &[]).output();
        assert_eq!(output.status.code(), Some(7), "{token}");
        assert!(text(&output.stderr).contains("s.json holds no key to verify with\n"));
    }
}

#[test]
fn many_keys_are_not_all_listed() {
    let keys: Vec<_> = (1..=12).map(|i| ed25519(&format!("k{i}"))).collect();
    let ten = (1..=10).map(|i| format!("\"k{i}\"")).collect::<Vec<_>>().join(", ");
    verify(&jwks(&keys), &by_p256(&["--kid", "z"]), &[])
        .error(r#"the token's "kid" is "z", and s.json has no such key"#)
        .hint(&format!("it has {ten}, … and 2 more"))
        .code(4);
    let call = verify(&jwks(&keys), &by_p256(&[]), &[])
        .error(r#"no key of s.json supports the token's "alg" "ES256""#);
    let line = |i| format!(r#"key "k{i}" (Ed25519 public key) supports EdDSA and Ed25519"#);
    let call = (1..=10).fold(call, |call, i| call.evidence(&line(i)));
    call.evidence("… and 2 more").hint(TAKES).code(4);
}

const TAKES: &str =
    "ES256 is checked with a P-256 public key: --key PATH, --jwks PATH|URL or --oidc ISSUER";

#[test]
fn a_kid_that_is_long_or_not_printable_does_not_reach_the_terminal_as_it_is() {
    let long = "k".repeat(500);
    let set = jwks(&[p256(&long), p256("\\u001b[31m")]);
    let output = verify(&set, &by_p256(&["--kid", "z"]), &[]).output();
    let said = text(&output.stderr);
    assert_eq!(output.status.code(), Some(4));
    assert!(said.len() < 500 && !said.contains('\u{1b}'), "{said}");
}

#[test]
fn alg_narrows_a_set() {
    let set = jwks(&[p256("a"), ed25519("b")]);
    verify(&set, &by_p256(&[]), &["-A", "ES256"]).stdout(PRINTED).code(0);
    verify(&set, &by_p256(&[]), &["-A", "RS256", "-A", "ES256"]).stdout(PRINTED).code(0);
    verify(&set, &by_p256(&[]), &["-A", "EdDSA"])
        .error(r#"the token's "alg" is ES256, and --alg allows only EdDSA"#)
        .code(4);
    verify(&set, &by_p256(&[]), &["-A", "RS256"])
        .error("s.json holds 2 keys and none to verify with")
        .evidence(r#"key "a" (P-256 public key) does not support RS256"#)
        .evidence(r#"key "b" (Ed25519 public key) does not support RS256"#)
        .code(7);
}

#[test]
fn what_is_no_set_is_not_taken_for_one() {
    let hint = "one key goes to --key; jwtctl key set FILE… makes a set";
    let verify = |bytes: Vec<u8>| {
        clocked(&["verify", "--jwks", "s.json"]).file("s.json", bytes).stdin(by_p256(&[]))
    };
    for (bytes, found) in [
        (jwk(&[P256]).into_bytes(), "one P-256 public key"),
        (jwk(&[P256, r#""keys":[]"#]).into_bytes(), "one P-256 public key"),
        (key("p256.pkcs8.private.pem"), "one P-256 private key"),
    ] {
        let error = format!("s.json holds {found}, not a JWK Set");
        verify(bytes).error(&error).hint(hint).code(7);
    }
    verify(format!("[{}]", jwk(&[P256])).into())
        .error("s.json holds an array of JWKs; a JWK Set is an object with \"keys\"")
        .hint("convert it: jq '{keys: .}' FILE")
        .code(7);
    verify(br#"{"keys":5}"#.into())
        .error(r#"s.json is damaged: its JWK Set does not decode (its "keys" is not an array)"#)
        .code(7);
    verify(format!(r#"{{"keys":[],{}"#, jwks(&[p256("a")]).trim_start_matches('{')).into())
        .error("s.json is damaged: its JSON does not decode (it has the same member twice)")
        .code(7);
}

#[test]
fn the_report_names_the_key_of_the_set_that_verified() {
    let set = jwks(&[ed25519("b"), p256("a")]);
    for (flags, header) in [
        (&[][..], r#"{"alg":"ES256","typ":"JWT"}"#),
        (&["--kid", "a"], r#"{"alg":"ES256","typ":"JWT","kid":"a"}"#),
    ] {
        verify(&set, &by_p256(flags), &["--json", "--compact"])
            .stdout(line(&format!(
                r#"{{"ok":true,"status":"valid","exit_code":0,"header":{header},"claims":{CLAIMS},"key":{{"kind":"P-256 public key","private":false,"kid":"a","source":"s.json","algorithms":["ES256"],"algorithm":"ES256"}},"expires_at":"2023-11-14T22:43:20Z","expires_in":1800,"problems":[],"warnings":[]}}"#
            )))
            .code(0);
    }
}

#[test]
fn the_report_names_the_set_and_the_evidence_if_no_key_can_be_used() {
    verify(&jwks(&[ed25519("b"), jwk(&[P256, P256_D, r#""kid":7"#])]), &by_p256(&[]), &[
        "--json",
        "--compact",
    ])
    .stdout(line(
        r#"{"ok":false,"status":"invalid","exit_code":4,"header":null,"claims":null,"key":{"kind":"JWK Set of 2","private":false,"kid":null,"source":"s.json","algorithms":["EdDSA","Ed25519"],"algorithm":null},"expires_at":null,"expires_in":null,"problems":[{"code":"alg-not-served","message":"no key of s.json supports the token's \"alg\" \"ES256\"","hint":null,"evidence":["key \"b\" (Ed25519 public key) supports EdDSA and Ed25519","key 2 is not a usable JWK: its \"kid\" is a number, not a string"],"claim":"alg","actual":"ES256"}],"warnings":[]}"#,
    ))
    .code(4);
    verify(&jwks(&[p256("a")]), &by_p256(&["--kid", "z"]), &["--json", "--compact"])
        .stdout(line(
            r#"{"ok":false,"status":"invalid","exit_code":4,"header":null,"claims":null,"key":{"kind":"JWK Set of 1","private":false,"kid":null,"source":"s.json","algorithms":["ES256"],"algorithm":null},"expires_at":null,"expires_in":null,"problems":[{"code":"kid-unknown","message":"the token's \"kid\" is \"z\", and s.json has no such key","hint":"if it is the right key: jq '.keys[0] | del(.kid)' s.json | jwtctl verify --key - TOKEN","evidence":["key \"a\" of s.json matches the signature","it has \"a\""],"claim":"kid","expected":["a"],"actual":"z"}],"warnings":[]}"#,
        ))
        .code(4);
}

/// Two private keys and a public one.
fn signers() -> String {
    jwks(&[
        jwk(&[P256, P256_D, &kid("a")]),
        jwk(&[ED25519, ED25519_D, &kid("b")]),
        jwk(&[OTHER_P256, &kid("c")]),
    ])
}

#[test]
fn the_one_private_key_of_a_set_signs() {
    let set = jwks(&[ed25519("b"), jwk(&[P256, P256_D, &kid("a")]), p256("c")]);
    assert_eq!(header(&encode(&set, &[])), r#"{"alg":"ES256","typ":"JWT","kid":"a"}"#);
    assert_eq!(header(&encode(&set, &["--kid", "a"])), r#"{"alg":"ES256","typ":"JWT","kid":"a"}"#);
    let token = encode(&set, &[]).output().stdout;
    verify(&set, &text(&token), &[]).stdout(PRINTED).code(0);
    // Without a kid there is none in the header.
    let set = jwks(&[ed25519("b"), jwk(&[P256, P256_D])]);
    assert_eq!(header(&encode(&set, &[])), r#"{"alg":"ES256","typ":"JWT"}"#);
}

#[test]
fn one_of_several_private_keys_is_named_by_its_kid_or_its_alg() {
    let set = signers();
    for (flags, wanted) in [
        (&["--kid", "a"][..], r#"{"alg":"ES256","typ":"JWT","kid":"a"}"#),
        (&["--kid", "b"], r#"{"alg":"EdDSA","typ":"JWT","kid":"b"}"#),
        (&["--kid", "b", "-A", "Ed25519"], r#"{"alg":"Ed25519","typ":"JWT","kid":"b"}"#),
        (&["-A", "ES256"], r#"{"alg":"ES256","typ":"JWT","kid":"a"}"#),
        (&["-A", "EdDSA"], r#"{"alg":"EdDSA","typ":"JWT","kid":"b"}"#),
        (&["--header", "kid=b"], r#"{"alg":"EdDSA","typ":"JWT","kid":"b"}"#),
    ] {
        assert_eq!(header(&encode(&set, flags)), wanted, "{flags:?}");
    }
    // One kid for two kinds of key.
    let both = jwks(&[jwk(&[P256, P256_D, &kid("a")]), jwk(&[ED25519, ED25519_D, &kid("a")])]);
    let flags = ["--kid", "a", "-A", "EdDSA"];
    assert_eq!(header(&encode(&both, &flags)), r#"{"alg":"EdDSA","typ":"JWT","kid":"a"}"#);
}

#[test]
fn several_private_keys_of_which_none_is_named() {
    encode(&signers(), &[])
        .error("s.json holds 2 keys that can sign, but exactly one is needed")
        .evidence(r#"key "a""#)
        .evidence(r#"key "b""#)
        .hint("give a file with only that key; encode can also choose it by --alg or, in a JWK Set, by --kid ID")
        .code(7);
}

#[test]
fn a_set_without_a_signing_key_is_refused() {
    encode(&jwks(&[p256("a"), ed25519("b")]), &[])
        .error("s.json holds 2 keys and none to sign with")
        .evidence(r#"key "a" (P-256 public key) cannot sign"#)
        .evidence(r#"key "b" (Ed25519 public key) cannot sign"#)
        .hint("sign with a private key: --key PATH, or for refresh --sign-key PATH")
        .code(7);
    encode(&signers(), &["--kid", "c"])
        .error("s.json holds 1 key and none to sign with")
        .evidence(r#"key "c" (P-256 public key) cannot sign"#)
        .hint("sign with a private key: --key PATH, or for refresh --sign-key PATH")
        .code(7);
    encode(&signers(), &["--kid", "b", "-A", "ES256"])
        .error("s.json holds 1 key and none to sign with")
        .evidence(r#"key "b" (Ed25519 private key) does not support ES256"#)
        .code(7);
    encode(&signers(), &["--kid", "d"])
        .error(r#"s.json has no key "d""#)
        .hint(r#"it has "a", "b", "c""#)
        .code(7);
}

#[test]
fn refresh_signs_with_the_key_of_the_set_that_verified() {
    let set = signers();
    for (flags, wanted) in [
        (&["--kid", "a"][..], r#"{"alg":"ES256","typ":"JWT","kid":"a"}"#),
        (&["--kid", "b"], r#"{"alg":"EdDSA","typ":"JWT","kid":"b"}"#),
        (&["--kid", "b", "-A", "Ed25519"], r#"{"alg":"Ed25519","typ":"JWT","kid":"b"}"#),
    ] {
        let token = encode(&set, flags).output().stdout;
        let call = clocked(&["refresh", "--jwks", "s.json"]).file("s.json", &set).stdin(&token);
        assert_eq!(header(&call), wanted);
        verify(&set, &text(&call.output().stdout), &[]).stdout(PRINTED).code(0);
    }
    // Without a kid the header gets none.
    let call = clocked(&["refresh", "--jwks", "s.json"]).file("s.json", &set).stdin(by_p256(&[]));
    assert_eq!(header(&call), r#"{"alg":"ES256","typ":"JWT"}"#);
}

#[test]
fn refresh_needs_a_set_that_can_sign() {
    clocked(&["refresh", "--jwks", "s.json"])
        .file("s.json", jwks(&[p256("a")]))
        .stdin(by_p256(&[]))
        .error("s.json holds 1 key and none to sign with")
        .evidence(r#"key "a" (P-256 public key) cannot sign"#)
        .hint("sign with a private key: --key PATH, or for refresh --sign-key PATH")
        .code(7);
}

#[test]
fn a_token_of_a_public_key_of_a_set_is_renewed_by_one_that_signs() {
    let oct = format!(r#"{{"kty":"oct","kid":"s","k":"{}"}}"#, base64url(SECRET));
    let ed = jwk(&[ED25519, ED25519_D, &kid("b")]);
    let same = jwk(&[P256, P256_D, &kid("c")]);
    let refresh = |keys: &[String], flags: &[&str]| {
        clocked(&[&["refresh", "--jwks", "s.json"], flags].concat())
            .file("s.json", jwks(keys))
            .stdin(by_p256(&["--kid", "a"]))
    };
    let signs = |keys: &[String], flags: &[&str], name: &str, alg: &str| {
        let output = refresh(keys, flags).output();
        let said = format!(
            "warning: the key that verified the token cannot sign; key \"{name}\" of s.json signed\nhint: choose the signing key with --sign-key\n"
        );
        assert_eq!((output.status.code(), text(&output.stderr)), (Some(0), said));
        let token = text(&output.stdout);
        assert_eq!(parts(&token).0, format!(r#"{{"alg":"{alg}","typ":"JWT","kid":"{name}"}}"#));
        verify(&jwks(keys), &token, flags).stdout(PRINTED).code(0);
    };
    signs(&[p256("a"), ed.clone()], &[], "b", "EdDSA");
    // The token's own algorithm first, one that is not allowed never, a secret in no case.
    signs(&[p256("a"), ed.clone(), same.clone()], &[], "c", "ES256");
    signs(&[p256("a"), oct.clone(), ed.clone()], &[], "b", "EdDSA");
    signs(&[p256("a"), ed.clone(), same], &["--alg", "ES256"], "c", "ES256");
    refresh(&[p256("a"), oct.clone()], &[])
        .error("s.json holds 2 keys and none to sign with")
        .evidence(r#"key "a" (P-256 public key) cannot sign"#)
        .evidence(r#"key "s" (HMAC secret) does not support ES256"#)
        .hint("sign with a private key: --key PATH, or for refresh --sign-key PATH")
        .code(7);
    refresh(&[p256("a"), ed], &["--alg", "ES256"])
        .error("s.json holds 2 keys and none to sign with")
        .evidence(r#"key "a" (P-256 public key) cannot sign"#)
        .evidence(r#"key "b" (Ed25519 private key) does not support ES256"#)
        .hint("sign with a private key: --key PATH, or for refresh --sign-key PATH")
        .code(7);
}

#[test]
fn another_key_or_set_signs_in_a_rotation() {
    let old = jwks(&[p256("a"), ed25519("b")]);
    let token = by_p256(&["--kid", "a", "--header", "x=1"]);
    let refresh = |signing: &str| {
        clocked(&["refresh", "--jwks", "old.json", "--sign-key", "new"])
            .file("old.json", &old)
            .file("new", signing)
            .stdin(&token)
    };
    let private = jwk(&[ED25519, ED25519_D, &kid("b")]);
    for new in [&private, &jwks(&[p256("a"), private.clone()])] {
        let wanted = r#"{"alg":"EdDSA","typ":"JWT","kid":"b","x":"1"}"#;
        assert_eq!(header(&refresh(new)), wanted);
    }
    // The old name does not stay on a key that has none.
    let pem = text(&key("ed25519.pkcs8.private.pem"));
    assert_eq!(header(&refresh(&pem)), r#"{"alg":"EdDSA","typ":"JWT","x":"1"}"#);
    refresh(&signers())
        .error("new holds 2 keys that can sign, but exactly one is needed")
        .evidence(r#"key "a""#)
        .evidence(r#"key "b""#)
        .hint("give a file with only that key; encode can also choose it by --alg or, in a JWK Set, by --kid ID")
        .code(7);
    refresh(&old)
        .error("new holds 2 keys and none to sign with")
        .evidence(r#"key "a" (P-256 public key) cannot sign"#)
        .evidence(r#"key "b" (Ed25519 public key) cannot sign"#)
        .hint("sign with a private key: --key PATH, or for refresh --sign-key PATH")
        .code(7);
}

#[test]
fn a_secret_of_a_set_is_a_secret() {
    let oct = format!(r#"{{"kty":"oct","kid":"s","k":"{}"}}"#, base64url(SECRET));
    let set = jwks(&[p256("a"), oct]);
    for header in [r#"{"alg":"HS256"}"#, r#"{"alg":"HS256","kid":"s"}"#] {
        verify(&set, &signed(header, CLAIMS), &[]).stdout(PRINTED).code(0);
    }
    assert_eq!(header(&encode(&set, &[])), r#"{"alg":"HS256","typ":"JWT","kid":"s"}"#);
}

#[test]
fn a_set_of_one_key_is_that_key_for_the_verbs_of_key() {
    let one = jwks(&[p256("a")]);
    let call = |args: &[&str], set: &str| jwtctl(args).file("s.json", set);
    let thumbprint = line("Tz9lelxMPsot26undt107aM66wLEZ4SaGJQ48GOPUrk");
    call(&["key", "thumbprint", "s.json"], &one).stdout(thumbprint).code(0);
    call(&["key", "public", "--format", "pem", "s.json"], &one)
        .stdout(key("p256.spki.public.pem"))
        .code(0);
}
