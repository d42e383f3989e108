//! `alg`, `use`, `key_ops` and `kid` of a JWK are binding. Keys that are too short need a flag and cause a warning.

use crate::harness::{
    CLAIMS, Call, ED25519, ED25519_D, P256, P256_D, PRINTED, SECRET, base64url, clocked, jwk,
    parts, signed_with, text,
};

/// The private JWK `p256` with further members.
fn p256(members: &[&str]) -> String {
    jwk(&[&[P256, P256_D], members].concat())
}

/// The private JWK `ed25519` with further members.
fn ed25519(members: &[&str]) -> String {
    jwk(&[&[ED25519, ED25519_D], members].concat())
}

/// The secret JWK of these bytes with further members.
fn oct(secret: &str, members: &[&str]) -> String {
    let k = format!(r#""k":"{}""#, base64url(secret));
    jwk(&[&[r#""kty":"oct""#, &k], members].concat())
}

/// Makes a token with a JWK, with these flags.
fn encode(jwk: &str, flags: &[&str]) -> Call {
    clocked(&[&["encode", "--user", "123", "-k", "k.jwk"], flags].concat()).file("k.jwk", jwk)
}

/// A verb on a token with a JWK, with these flags.
fn on(verb: &str, jwk: &str, token: &str, flags: &[&str]) -> Call {
    clocked(&[&[verb, "-k", "k.jwk", "-"], flags].concat()).file("k.jwk", jwk).stdin(token)
}

#[track_caller]
fn made(call: &Call) -> String {
    let output = call.output();
    assert_eq!((output.status.code(), text(&output.stderr)), (Some(0), String::new()));
    text(&output.stdout)
}

/// The header of the token that a call makes.
#[track_caller]
fn header(call: &Call) -> String {
    parts(&made(call)).0
}

#[test]
fn an_alg_is_the_default_and_the_only_one() {
    for (jwk, alg, other) in [
        (ed25519(&[r#""alg":"EdDSA""#]), "EdDSA", "Ed25519"),
        (ed25519(&[r#""alg":"Ed25519""#]), "Ed25519", "EdDSA"),
        (oct(SECRET, &[r#""alg":"HS384""#]), "HS384", "HS256"),
        (rsa(r#""alg":"PS384""#), "PS384", "RS256"),
    ] {
        let wanted = format!(r#"{{"alg":"{alg}","typ":"JWT"}}"#);
        assert_eq!(header(&encode(&jwk, &[])), wanted);
        assert_eq!(header(&encode(&jwk, &["-A", alg])), wanted);
        let refused = |call: Call| {
            let output = call.output();
            let said = text(&output.stderr);
            let wanted = format!("(k.jwk) does not support {other}\nhint: it supports {alg}\n");
            assert!(said.ends_with(&wanted), "{said}");
            assert_eq!(output.status.code(), Some(7));
        };
        let token = made(&encode(&jwk, &[]));
        refused(encode(&jwk, &["-A", other]));
        refused(on("verify", &jwk, &token, &["-A", other]));
        refused(on("refresh", &jwk, &token, &["-A", other]));
        on("verify", &jwk, &token, &[]).stdout(PRINTED).code(0);
        assert_eq!(header(&on("refresh", &jwk, &token, &[])), wanted);
    }
}

/// The private JWK `rsa2048` with a further member.
fn rsa(member: &str) -> String {
    let jwk = text(&crate::harness::key("rsa2048.private.jwk"));
    jwk.replacen('{', &format!("{{{member},"), 1)
}

#[test]
fn a_token_of_another_alg_than_the_keys_is_refused() {
    // RFC 9864: EdDSA and Ed25519 are two names, and a key that says one does not support the other.
    let (old, new) = (ed25519(&[r#""alg":"EdDSA""#]), ed25519(&[r#""alg":"Ed25519""#]));
    let plain = ed25519(&[]);
    let token = |jwk: &str| made(&encode(jwk, &[]));
    for (jwk, token, alg, supports) in
        [(&old, token(&new), "Ed25519", "EdDSA"), (&new, token(&old), "EdDSA", "Ed25519")]
    {
        on("verify", &plain, &token, &[]).stdout(PRINTED).code(0);
        for verb in ["verify", "refresh"] {
            on(verb, jwk, &token, &[])
                .error(&format!(
                    r#"the token's "alg" is "{alg}", which the Ed25519 private key (k.jwk) does not support"#
                ))
                .hint(&format!("the key supports {supports}; is it the right key?"))
                .code(4);
        }
    }
    // A secret that says HS512 does not check the weaker ones.
    let jwk = oct(SECRET, &[r#""alg":"HS512""#]);
    on("verify", &jwk, &crate::harness::token(CLAIMS), &[])
        .error(r#"the token's "alg" is "HS256", which the HMAC secret (k.jwk) does not support"#)
        .hint("the key supports HS512; is it the right key?")
        .code(4);
}

#[test]
fn a_refresh_keeps_the_tokens_alg_if_the_key_supports_it() {
    let token = made(&encode(&ed25519(&[]), &["-A", "Ed25519"]));
    let wanted = r#"{"alg":"Ed25519","typ":"JWT"}"#;
    assert_eq!(header(&on("refresh", &ed25519(&[]), &token, &[])), wanted);
    let call = on("refresh", &ed25519(&[]), &token, &["--sign-key", "new.jwk"]);
    let call = call.file("new.jwk", ed25519(&[r#""alg":"EdDSA""#]));
    assert_eq!(header(&call), r#"{"alg":"EdDSA","typ":"JWT"}"#);
}

#[test]
fn an_alg_that_the_key_cannot_have_leaves_no_algorithm() {
    for alg in ["ES384", "RS256", "HS256", "ECDH-ES", "none", "es256", ""] {
        let jwk = p256(&[&format!(r#""alg":"{alg}""#)]);
        let error = format!(r#"the P-256 private key (k.jwk) signs nothing: its "alg" is "{alg}""#);
        encode(&jwk, &[]).error(&error).code(7);
        let token = made(&encode(&p256(&[]), &[]));
        for verb in ["verify", "refresh"] {
            on(verb, &jwk, &token, &[]).error(&error).code(7);
        }
    }
}

#[test]
fn a_key_is_used_only_for_its_use_and_key_ops() {
    let token = made(&encode(&p256(&[]), &[]));
    let key = "the P-256 private key (k.jwk)";
    // What it says, and whether it may sign and verify.
    for (name, value, signs, verifies) in [
        ("use", r#""sig""#, true, true),
        ("use", r#""jwt-svid""#, true, true),
        ("use", r#""enc""#, false, false),
        ("use", r#""x509-svid""#, false, false),
        ("use", r#""JWT-SVID""#, false, false),
        ("use", r#""tls""#, false, false),
        ("use", "\"\"", false, false),
        ("use", r#""SIG""#, false, false),
        ("key_ops", r#"["sign","verify"]"#, true, true),
        ("key_ops", r#"["deriveKey","verify","sign"]"#, true, true),
        ("key_ops", r#"["sign"]"#, true, false),
        ("key_ops", r#"["verify"]"#, false, true),
        ("key_ops", r#"["encrypt"]"#, false, false),
        ("key_ops", "[]", false, false),
    ] {
        let jwk = p256(&[&format!(r#""{name}":{value}"#)]);
        let is_not = |doing| format!(r#"{key} is not for {doing}: its "{name}" is {value}"#);
        if signs {
            made(&encode(&jwk, &[]));
        } else {
            encode(&jwk, &[]).error(&is_not("signing")).code(7);
        }
        if verifies {
            on("verify", &jwk, &token, &[]).stdout(PRINTED).code(0);
        } else {
            on("verify", &jwk, &token, &[]).error(&is_not("verifying")).code(7);
        }
        let refresh = on("refresh", &jwk, &token, &[]);
        match (signs, verifies) {
            (true, true) => drop(made(&refresh)),
            (_, false) => refresh.error(&is_not("verifying")).code(7),
            (false, true) => refresh.error(&is_not("signing")).code(7),
        }
        // To sign with alone.
        let rotation = on("refresh", &p256(&[]), &token, &["--sign-key", "new"]);
        let rotation = rotation.file("new", &jwk);
        if signs {
            made(&rotation);
        } else {
            rotation.error(&is_not("signing").replace("k.jwk", "new")).code(7);
        }
    }
}

#[test]
fn both_use_and_key_ops_bind() {
    let token = made(&encode(&p256(&[]), &[]));
    on("verify", &p256(&[r#""use":"enc","key_ops":["verify"]"#]), &token, &[])
        .error(r#"the P-256 private key (k.jwk) is not for verifying: its "use" is "enc""#)
        .code(7);
    on("verify", &p256(&[r#""use":"sig","key_ops":["sign"]"#]), &token, &[])
        .error(r#"the P-256 private key (k.jwk) is not for verifying: its "key_ops" is ["sign"]"#)
        .code(7);
}

#[test]
fn a_member_of_the_wrong_type_is_no_usable_key() {
    for (member, fault) in [
        (r#""alg":7"#, r#"its "alg" is a number, not a string"#),
        (r#""use":["sig"]"#, r#"its "use" is an array, not a string"#),
        (r#""kid":7"#, r#"its "kid" is a number, not a string"#),
        (r#""key_ops":"sign""#, r#"its "key_ops" is a string, not an array of strings"#),
    ] {
        let error = format!("k.jwk is not a usable JWK: {fault}");
        encode(&p256(&[member]), &[]).error(&error).code(7);
        on("verify", &p256(&[member]), "a.b.c", &[])
            .error(&error)
            .error("the header has one character too many or too few (it has 1)")
            .hint("was it cut?")
            .code(7);
    }
}

#[test]
fn a_member_that_is_null_is_not_there() {
    let token = made(&encode(&p256(&[]), &[]));
    for name in ["alg", "use", "key_ops", "kid"] {
        let jwk = p256(&[&format!(r#""{name}":null"#)]);
        assert_eq!(header(&encode(&jwk, &[])), r#"{"alg":"ES256","typ":"JWT"}"#);
        on("verify", &jwk, &token, &[]).stdout(PRINTED).code(0);
    }
    encode(r#"{"kty":"oct","k":null}"#, &[])
        .error("k.jwk is not a usable JWK: its \"k\" is missing")
        .code(7);
    // Without its "d" it is a public key.
    let public = jwk(&[P256, r#""d":null"#]);
    on("verify", &public, &token, &[]).stdout(PRINTED).code(0);
    encode(&public, &[])
        .error("the P-256 public key (k.jwk) cannot sign")
        .hint("a public key only verifies: sign with the private key (refresh: --sign-key PATH), or with a command that has it: --signer COMMAND")
        .code(7);
}

#[test]
fn a_member_given_twice_is_no_usable_key() {
    // Also where one of the two is written with an escape.
    for member in [r#""alg":"ES256","alg":"ES256""#, r#""alg":"ES256","\u0061lg":"ES256""#] {
        encode(&p256(&[member]), &[])
            .error("k.jwk is damaged: its JSON does not decode (it has the same member twice)")
            .code(7);
    }
}

#[test]
fn a_kid_goes_into_the_header_after_typ_and_before_other_members() {
    let jwk = p256(&[r#""kid":"a""#]);
    for (flags, wanted) in [
        (&[][..], r#"{"alg":"ES256","typ":"JWT","kid":"a"}"#),
        (&["--no-typ"], r#"{"alg":"ES256","kid":"a"}"#),
        (&["--typ", "at+jwt"], r#"{"alg":"ES256","typ":"at+jwt","kid":"a"}"#),
        (&["--header", "cty=x"], r#"{"alg":"ES256","typ":"JWT","kid":"a","cty":"x"}"#),
        (
            &["--header", "cty=x", "--kid", "a"],
            r#"{"alg":"ES256","typ":"JWT","kid":"a","cty":"x"}"#,
        ),
        (&["--header", "kid=a"], r#"{"alg":"ES256","typ":"JWT","kid":"a"}"#),
    ] {
        assert_eq!(header(&encode(&jwk, flags)), wanted, "{flags:?}");
    }
    // A key that has none takes any.
    let wanted = r#"{"alg":"ES256","typ":"JWT","kid":"z","cty":"x"}"#;
    assert_eq!(header(&encode(&p256(&[]), &["--header", "cty=x", "--kid", "z"])), wanted);
}

#[test]
fn a_kid_is_written_as_json_wants_it() {
    let jwk = p256(&[r#""kid":"\u0061\"\n\u00e9""#]);
    assert_eq!(header(&encode(&jwk, &[])), r#"{"alg":"ES256","typ":"JWT","kid":"a\"\né"}"#);
    let jwk = p256(&[r#""kid":"""#]);
    assert_eq!(header(&encode(&jwk, &[])), r#"{"alg":"ES256","typ":"JWT","kid":""}"#);
}

#[test]
fn another_kid_than_the_keys_is_another_key() {
    let jwk = p256(&[r#""kid":"a""#]);
    for flags in [["--kid", "b"], ["--header", "kid=b"]] {
        encode(&jwk, &flags).error(r#"k.jwk has no key "b""#).hint(r#"it has "a""#).code(7);
    }
    let token = made(&encode(&p256(&[]), &["--kid", "b"]));
    for verb in ["verify", "refresh"] {
        on(verb, &jwk, &token, &[])
            .error(r#"the token's "kid" is "b", and k.jwk has no such key"#)
            .evidence("the key of k.jwk matches the signature")
            .evidence(r#"it has "a""#)
            .hint("if it is the right key: jq 'del(.kid)' k.jwk | jwtctl verify --key - TOKEN")
            .code(4);
    }
    // A token without one may be anyone's, and a key without one is for any.
    let token_without = made(&encode(&p256(&[]), &[]));
    on("verify", &jwk, &token_without, &[]).stdout(PRINTED).code(0);
    on("verify", &p256(&[]), &token, &[]).stdout(PRINTED).code(0);
    on("verify", &jwk, &made(&encode(&jwk, &[])), &[]).stdout(PRINTED).code(0);
}

#[test]
fn a_refresh_takes_the_kid_of_the_key_that_signs() {
    let (old, new) = (p256(&[r#""kid":"a""#]), p256(&[r#""kid":"b""#]));
    let token = made(&encode(&old, &["--header", "cty=x"]));
    let wanted = r#"{"alg":"ES256","typ":"JWT","kid":"a","cty":"x"}"#;
    assert_eq!(header(&on("refresh", &old, &token, &[])), wanted);
    let rotated =
        |signing: &str| on("refresh", &old, &token, &["--sign-key", "new"]).file("new", signing);
    assert_eq!(header(&rotated(&new)), r#"{"alg":"ES256","typ":"JWT","kid":"b","cty":"x"}"#);
    assert_eq!(header(&rotated(&p256(&[]))), r#"{"alg":"ES256","typ":"JWT","cty":"x"}"#);
}

const USED: &str = "it was used because of --allow-weak-key";

fn too_short(length: usize, alg: &str, least: usize) -> String {
    format!(
        "k.jwk is a secret of {length} bytes; {alg} requires at least {least} (RFC 7518 section 3.2)"
    )
}

#[test]
fn the_secret_of_a_jwk_must_be_as_long_as_its_hash() {
    for (alg, least) in [("HS256", 32), ("HS384", 48), ("HS512", 64)] {
        let jwk = |length: usize| oct(&SECRET[..length], &[&format!(r#""alg":"{alg}""#)]);
        let token = made(&encode(&jwk(least), &[]));
        on("verify", &jwk(least), &token, &[]).stdout(PRINTED).code(0);

        let short = jwk(least - 1);
        let message = too_short(least - 1, alg, least);
        let hint = format!(
            "make a new one: jwtctl key new --alg {alg} --format jwk; --allow-weak-key admits it for now"
        );
        encode(&short, &[]).error(&message).hint(&hint).code(7);
        for verb in ["verify", "refresh"] {
            on(verb, &short, &token, &[]).error(&message).hint(&hint).code(7);
        }

        let allowed = ["--allow-weak-key"];
        let call = encode(&short, &allowed).warning(&message).hint(USED);
        let token = call.output().stdout;
        call.stdout(&token).code(0);
        let token = text(&token);
        let verified = on("verify", &short, &token, &allowed).stdout(PRINTED);
        verified.warning(&message).hint(USED).code(0);
        on("refresh", &short, &token, &allowed).stdout(&token).warning(&message).hint(USED).code(0);
    }
}

#[test]
fn the_secret_of_a_jwk_supports_the_algorithms_that_it_is_long_enough_for() {
    for (length, alg, least) in
        [(32, "HS384", 48), (47, "HS384", 48), (48, "HS512", 64), (63, "HS512", 64)]
    {
        let jwk = oct(&SECRET[..length], &[]);
        assert_eq!(header(&encode(&jwk, &[])), crate::harness::HEADER);
        let message = too_short(length, alg, least);
        let hint = format!(
            "make a new one: jwtctl key new --alg {alg} --format jwk; --allow-weak-key admits it for now"
        );
        encode(&jwk, &["-A", alg]).error(&message).hint(&hint).code(7);

        let call = encode(&jwk, &["-A", alg, "--allow-weak-key"]).warning(&message).hint(USED);
        let token = call.output().stdout;
        call.stdout(&token).code(0);
        let token = text(&token);
        assert_eq!(on("verify", &jwk, &token, &[]).output().status.code(), Some(4));
        on("verify", &jwk, &token, &["--allow-weak-key"])
            .stdout(PRINTED)
            .warning(&message)
            .hint(USED)
            .code(0);
    }
    made(&encode(&oct(SECRET, &[]), &["-A", "HS512"]));
}

#[test]
fn the_flag_for_weak_keys_says_nothing_of_strong_ones() {
    let token = crate::harness::token(CLAIMS);
    on("verify", &oct(SECRET, &[]), &token, &["--allow-weak-key"]).stdout(PRINTED).code(0);
    made(&encode(&p256(&[]), &["--allow-weak-key"]));
}

#[test]
fn an_oct_jwk_without_a_secret_is_refused() {
    let zeros = "HMAC pads keys with zeros, so this is the empty secret (RFC 2104 section 2); make a new one: jwtctl key new --alg HS256";
    for (k, error, hint) in [
        ("", "k.jwk is empty", "with an empty key anyone could sign, so it is never used"),
        ("AA", "k.jwk contains only 1 zero byte", zeros),
        ("AAAAAAAA", "k.jwk contains only 6 zero bytes", zeros),
        ("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA", "k.jwk contains only 32 zero bytes", zeros),
    ] {
        let jwk = jwk(&[r#""kty":"oct""#, &format!(r#""k":"{k}""#)]);
        for flags in [&[][..], &["--allow-weak-key"]] {
            on("verify", &jwk, &signed_with(b"", crate::harness::HEADER, CLAIMS), flags)
                .error(error)
                .hint(hint)
                .code(7);
        }
    }
}

#[test]
fn zeros_at_the_end_do_not_make_a_secret_longer() {
    let padded = |zeros: usize| oct(&format!("{:\0<32}", &SECRET[..32 - zeros]), &[]);
    encode(&padded(8), &[])
        .error("k.jwk is a secret of 24 bytes without the zeros at its end; HS256 requires at least 32 (RFC 7518 section 3.2)")
        .hint("make a new one: jwtctl key new --alg HS256 --format jwk; --allow-weak-key admits it for now")
        .code(7);
    // Some random secrets end in one.
    made(&encode(&padded(1), &[]));
}

#[test]
fn the_numbers_of_a_weak_rsa_key_are_checked_too() {
    // p = 3 and q = 5 beside the modulus of a key.
    let n = base64url([0x81; 128]);
    let numbers = r#""e":"AQAB","d":"AQAB","p":"Aw","q":"BQ","dp":"AQ","dq":"AQ","qi":"Ag""#;
    let bogus = jwk(&[r#""kty":"RSA""#, &format!(r#""n":"{n}""#), numbers]);
    for verb in [&["key", "show"][..], &["key", "convert", "--format", "pem", "--allow-weak-key"]] {
        crate::harness::jwtctl(&[verb, &["k.jwk"]].concat())
            .file("k.jwk", &bogus)
            .error("k.jwk is not a valid RSA 1024-bit private key (its numbers do not match each other)")
            .code(7);
    }
}

/// Signed by `rsa1024` with openssl, of the usual claims.
const BY_RSA1024: [(&str, &str); 3] = [
    (
        "RS256",
        "eyJhbGciOiJSUzI1NiIsInR5cCI6IkpXVCJ9.eyJ1c2VyX2lkIjoxMjMsImlhdCI6MTcwMDAwMDAwMCwiZXhwIjoxNzAwMDAxODAwfQ.mqzphneN2dHgrt_7y6I_e-LSel1--UgK_jC4kCQ5lCQQVfnKMoOtbOgetLpkirCfy9HRGf_6Dair7xwNJqoVyGbHXIt6HCgawb0-Kansccw7XHEkcnaqtYhDGX5qoQsmAMOKPd_mMvmbm4a-bJ_ckZq3cajYjR3EojYKMr2NRKs",
    ),
    (
        "RS512",
        "eyJhbGciOiJSUzUxMiIsInR5cCI6IkpXVCJ9.eyJ1c2VyX2lkIjoxMjMsImlhdCI6MTcwMDAwMDAwMCwiZXhwIjoxNzAwMDAxODAwfQ.fvB3DCzGbx6zFMERaQ7iRYiv5TdXR8cpl5iqmQlrsRMGJqKeJQXkz6DwpHxbaWCexxbatHu-XBjIEiZ1X4yNaF58fyVZJbOyooe1W-5D-6OfAPpnum7kTsVYs-pamJ9r6Oi9eA1Cnth_cgsJxLcz9hxYIV_QiagIhL0xvUS001Y",
    ),
    (
        "RS384",
        "eyJhbGciOiJSUzM4NCIsInR5cCI6IkpXVCJ9.eyJ1c2VyX2lkIjoxMjMsImlhdCI6MTcwMDAwMDAwMCwiZXhwIjoxNzAwMDAxODAwfQ.aIA4PVjOYUmh8_uw-Xv04sRwUZKkmTsoouVRbjyOYAwB0NrCRe-AOKwyR9es77lRSsenPaJXi3wE9q4ZS1D7-1fP_ohRQ172k9miepVZVCtfn7SU6lCKEbD2ssSDXXSM0s4nfmZLRDAjNVWAMV83G0R1gQAqs3BY7XkDwEXCw6c",
    ),
];

/// A verb with a key `rsa1024`, which is allowed.
fn weakly(verb: &str, name: &str, flags: &[&str]) -> Call {
    let input = if verb == "encode" { "{}" } else { "-" };
    clocked(&[&[verb, "-k", name, "--allow-weak-key", input], flags].concat()).key(name)
}

fn of_1024_bits(name: &str) -> String {
    format!("{name} is an RSA key of 1024 bits; 2048 to 8192 are accepted (RFC 7518 section 3.3)")
}

#[test]
fn a_weak_rsa_key_verifies_where_that_is_allowed() {
    for name in ["rsa1024.spki.public.pem", "rsa1024.pkcs8.private.pem"] {
        for (_, token) in &BY_RSA1024[..2] {
            weakly("verify", name, &[])
                .stdin(token)
                .stdout(PRINTED)
                .warning(&of_1024_bits(name))
                .hint(USED)
                .code(0);
            clocked(&["verify", "-k", name])
                .key(name)
                .stdin(token)
                .error(&of_1024_bits(name))
                .hint("make a new one: jwtctl key new --alg RS256; --allow-weak-key verifies with it for now")
                .code(7);
        }
    }
}

#[test]
fn a_weak_rsa_key_verifies_two_algorithms_alone() {
    let name = "rsa1024.spki.public.pem";
    weakly("verify", name, &[])
        .stdin(BY_RSA1024[2].1)
        .error(&format!(
            r#"the token's "alg" is "RS384", which the RSA 1024-bit public key ({name}) does not support"#
        ))
        .hint("the key supports RS256 and RS512; is it the right key?")
        .code(4);
    for alg in ["RS384", "PS256", "PS384", "PS512"] {
        weakly("verify", name, &["-A", alg])
            .stdin(BY_RSA1024[0].1)
            .error(&format!("the RSA 1024-bit public key ({name}) does not support {alg}"))
            .hint("it supports RS256 and RS512")
            .code(7);
    }
    let forged = crate::harness::forged(BY_RSA1024[0].1);
    weakly("verify", name, &[])
        .stdin(forged)
        .error(&format!(
            "the signature does not match: checked as RS256 with the RSA 1024-bit public key ({name})"
        ))
        .hint("the token was signed with another key, or changed after it was signed")
        .warning(&of_1024_bits(name))
        .hint(USED)
        .code(4);
}

#[test]
fn a_weak_rsa_key_does_not_sign() {
    let name = "rsa1024.pkcs8.private.pem";
    let error = format!(
        "the RSA 1024-bit private key ({name}) is too weak to sign, even with --allow-weak-key"
    );
    let hint = "make a new one: jwtctl key new --alg RS256";
    weakly("encode", name, &[]).error(&error).hint(hint).code(7);
    weakly("refresh", name, &[]).stdin(BY_RSA1024[0].1).error(&error).hint(hint).code(7);
    // Its tokens can be renewed by another key.
    let new = "ed25519.pkcs8.private.pem";
    let call = weakly("refresh", name, &["--sign-key", new]).key(new).stdin(BY_RSA1024[0].1);
    let output = call.output();
    assert_eq!(parts(&text(&output.stdout)).0, r#"{"alg":"EdDSA","typ":"JWT"}"#);
    call.stdout(output.stdout).warning(&of_1024_bits(name)).hint(USED).code(0);
}

#[test]
fn a_weak_key_of_a_set_is_named_or_used() {
    let name = "rsa1024.spki.public.pem";
    let public = ["key", "public", "--format", "jwk", "--allow-weak-key", name];
    let weak = text(&crate::harness::jwtctl(&public).key(name).output().stdout);
    let set = crate::harness::jwks(&[weak, jwk(&[P256])]);
    let verify = |flags: &[&str]| {
        let args = [&["verify", "-", "--jwks", "s.json"], flags].concat();
        clocked(&args).file("s.json", &set).stdin(BY_RSA1024[0].1)
    };
    let weak = |name: &str| of_1024_bits(name);
    let output = verify(&["--allow-weak-key"]).output();
    assert_eq!((text(&output.stdout), output.status.code()), (PRINTED.to_owned(), Some(0)));
    assert!(text(&output.stderr).ends_with(&format!("hint: {USED}\n")));
    let kid = "3YT1J9RLZIrGt2Qc5gn-K8DKKvXfHKa3BBHB2iyJbIQ";
    verify(&[])
        .error(r#"no key of s.json supports the token's "alg" "RS256""#)
        .evidence(&weak(&format!("key \"{kid}\"")))
        .evidence("key 2 (P-256 public key) supports ES256")
        .code(4);
}

#[test]
fn a_private_rsa_jwk_without_some_of_its_numbers_signs_the_same() {
    let sign = |name: &str| made(&clocked(&["encode", "--user", "123", "-k", name]).key(name));
    let token = sign("rsa2048.pkcs8.private.pem");
    for name in [
        "rsa2048.private.jwk",
        "rsa2048.without-crt.private.jwk",
        "rsa2048.without-primes.private.jwk",
    ] {
        assert_eq!(sign(name), token, "{name}");
    }
}
