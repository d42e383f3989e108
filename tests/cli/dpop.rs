//! `encode --dpop`: proofs of possession of a key (RFC 9449).

use serde_json::Value;

use crate::harness::{Call, P256, P256_D, SECRET, clocked, jwk, jwks, jwtctl, keyed, parts, text};

const URL: &str = "https://api.example/items";

/// A call that makes a proof with the key `p256`.
fn proof(flags: &[&str]) -> Call {
    let args = [&["encode", "--dpop", "POST", URL, "--key", "p256.pkcs8.private.pem"], flags];
    clocked(&args.concat()).key("p256.pkcs8.private.pem")
}

/// The header and claims of the token that a call prints.
#[track_caller]
fn made(call: &Call) -> (String, String) {
    let output = call.output();
    assert_eq!((text(&output.stderr), output.status.code()), (String::new(), Some(0)));
    parts(&text(&output.stdout))
}

#[test]
fn a_proof_has_the_public_key_the_request_and_no_lifetime() {
    let (header, claims) = made(&proof(&[]));
    assert_eq!(header, format!(r#"{{"alg":"ES256","typ":"dpop+jwt","jwk":{{{P256}}}}}"#));
    let id = claims
        .strip_prefix(r#"{"htm":"POST","htu":"https://api.example/items","iat":1700000000,"jti":""#)
        .and_then(|rest| rest.strip_suffix(r#""}"#));
    assert_eq!(id.map(str::len), Some(36), "{claims}");
    assert_ne!(claims, made(&proof(&[])).1, "each has its own jti");
}

#[test]
fn a_proof_is_verified_with_the_key_in_it() {
    let token = text(&proof(&[]).output().stdout);
    let (header, _) = parts(&token);
    let header: Value = serde_json::from_str(&header).expect("JSON");
    let call = ["verify", "--key", "proof.jwk", "--typ", "dpop+jwt", "--get", "htu"];
    clocked(&call)
        .file("proof.jwk", header["jwk"].to_string())
        .stdin(token)
        .stdout(format!("{URL}\n"))
        .warning("the token has no \"exp\": it never expires")
        .code(0);
}

#[test]
fn the_key_in_the_header_is_what_key_public_and_key_thumbprint_show() {
    for name in [
        "p256.pkcs8.private.pem",
        "p384.pkcs8.private.pem",
        "p521.pkcs8.private.pem",
        "secp256k1.pkcs8.private.pem",
        "ed25519.pkcs8.private.pem",
        "rsa2048.pkcs8.private.pem",
        "rsa2048.private.jwk",
        "mldsa44.pkcs8.private.pem",
    ] {
        let (header, _) =
            made(&clocked(&["encode", "--dpop", "GET", URL, "--key", name]).key(name));
        let header: Value = serde_json::from_str(&header).expect("JSON");
        let shown = jwtctl(&["key", "public", "--format", "jwk", name]).key(name).output().stdout;
        let mut shown: Value = serde_json::from_slice(&shown).expect("JSON");
        // Of the optional parameters; `alg` is a part of a key of the type AKP (RFC 9964 section 3).
        let is_optional = |name: &str, kty: &Value| match name {
            "kid" | "use" | "key_ops" => true,
            "alg" => kty != "AKP",
            _ => false,
        };
        let kty = shown["kty"].clone();
        shown.as_object_mut().expect("a JWK").retain(|name, _| !is_optional(name, &kty));
        assert_eq!(header["jwk"], shown, "{name}");
        let of = |key: Vec<u8>| jwtctl(&["key", "thumbprint"]).stdin(key).output().stdout;
        let in_header = of(header["jwk"].to_string().into_bytes());
        assert_eq!(in_header, of(crate::harness::key(name)), "{name}");
        assert_eq!(in_header.len(), 44, "{name}");
    }
}

#[test]
fn the_key_has_no_id_in_the_header_unless_it_is_given() {
    let key = jwk(&[P256, P256_D, r#""kid":"a""#]);
    let header = |flags: &[&str]| {
        let args = [&["encode", "--dpop", "GET", URL, "--jwks", "set.json"], flags].concat();
        let other =
            jwk(&[r#""kty":"oct","k":"AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8","kid":"b""#]);
        made(&clocked(&args).file("set.json", jwks(&[&key, &other]))).0
    };
    let whole = format!(r#""jwk":{{{P256}}}}}"#);
    let without = format!(r#"{{"alg":"ES256","typ":"dpop+jwt",{whole}"#);
    assert_eq!(header(&["--alg", "ES256"]), without);
    let with =
        format!(r#"{{"alg":"ES256","typ":"dpop+jwt",{},"kid":"a"}}"#, &whole[..whole.len() - 1]);
    assert_eq!(header(&["--kid", "a"]), with);
}

#[test]
fn claims_and_flags_add_to_a_proof_and_flags_take_precedence() {
    for (flags, claims) in [
        (
            &["-c", "nonce=n"][..],
            r#"{"nonce":"n","htm":"POST","htu":"URL","iat":1700000000,"jti":"i"}"#,
        ),
        (&[r#"{"htu":1,"a":2}"#], r#"{"htu":"URL","a":2,"htm":"POST","iat":1700000000,"jti":"i"}"#),
        (
            &["--ttl", "1m"],
            r#"{"htm":"POST","htu":"URL","iat":1700000000,"exp":1700000060,"jti":"i"}"#,
        ),
        (
            &[r#"{"exp":5}"#, "--iat", "-5s"],
            r#"{"exp":5,"htm":"POST","htu":"URL","iat":1699999995,"jti":"i"}"#,
        ),
    ] {
        let claims = claims.replace("URL", URL);
        assert_eq!(made(&proof(&[flags, &["--jti=i"]].concat())).1, claims);
    }
    let own = format!(r#"{{"jti":"mine","htm":"POST","htu":"{URL}","iat":1700000000}}"#);
    assert_eq!(made(&proof(&[r#"{"jti":"mine"}"#])).1, own);
    for (flags, what) in [
        (["-c", "htm=GET"], "claim \"htm\""),
        (["--claim", "htu=x"], "claim \"htu\""),
        (["--header", "jwk:={}"], "header parameter \"jwk\""),
        (["--header", "typ=JWT"], "header parameter \"typ\""),
    ] {
        proof(&flags).error(&format!("the {what} is given twice by flags")).code(2);
    }
}

#[test]
fn every_line_of_a_stream_is_a_proof_of_its_own() {
    let output = proof(&["--batch", "--quiet"]).stdin("{}\n{\"nonce\":\"n\"}\n").output();
    let tokens = text(&output.stdout);
    let claims: Vec<_> = tokens.lines().map(|token| parts(token).1).collect();
    assert_eq!((claims.len(), output.status.code()), (2, Some(0)));
    assert!(claims[1].starts_with(r#"{"nonce":"n","htm":"POST""#), "{claims:?}");
    let id = |claims: &str| claims.split("\"jti\":").nth(1).map(str::to_owned);
    assert_ne!(id(&claims[0]), id(&claims[1]));
}

/// The access token and its digest are those of RFC 9449 section 7.1.
#[test]
fn a_proof_is_bound_to_the_access_token_in_a_variable() {
    const TOKEN: &str = "Kz~8mXK1EalYznwH-LC-1fBAo.4Ljp~zsPE_NeO.gxU";
    let wrapped = [
        TOKEN.to_owned(),
        format!("{TOKEN}\n"),
        format!("DPoP {TOKEN}"),
        format!("Authorization: DPoP {TOKEN}\r\n"),
    ];
    for value in wrapped {
        let (_, claims) = made(
            &proof(&["--dpop-token-env", "ACCESS_TOKEN", "--jti=i"]).env("ACCESS_TOKEN", &value),
        );
        let ath = r#""jti":"i","ath":"fUHyO2r2Z3DZ53EsNrWBb0xWXoaNy59IiKCAqksmQEo"}"#;
        assert!(claims.ends_with(ath), "{claims}");
    }
    proof(&["--dpop-token-env", "ACCESS_TOKEN", "-c", "ath=x"])
        .env("ACCESS_TOKEN", TOKEN)
        .error("the claim \"ath\" is given twice by flags")
        .code(2);
}

#[test]
fn a_variable_without_an_access_token_is_refused() {
    let bound =
        |value: &str| proof(&["--dpop-token-env", "ACCESS_TOKEN"]).env("ACCESS_TOKEN", value);
    for (value, at) in [(r#"{"access_token":"a"}"#, 0), ("a b", 1), ("a=b", 1), ("ä", 0), ("==", 0)]
    {
        bound(value)
            .error(&format!("the variable ACCESS_TOKEN has no access token: byte {at} cannot be in one"))
            .hint(
                "an access token has letters, digits and -._~+/, and may end with = (RFC 6750 section 2.1); to take it \
                 from a JSON response: jq -r .access_token",
            )
            .code(4);
    }
    for empty in ["", " \n", "Bearer "] {
        bound(empty).error("there is no token: the variable ACCESS_TOKEN is empty").code(4);
    }
    proof(&["--dpop-token-env", "ACCESS_TOKEN"])
        .error("there is no token: the variable ACCESS_TOKEN is not set")
        .hint("a shell variable must be exported: export ACCESS_TOKEN")
        .code(4);
    proof(&["--dpop-token-env", "eyJhbGciOiJub25lIn0.e30."])
        .error("--dpop-token-env: no variable has this name (not shown: it may be a token)")
        .hint("--dpop-token-env takes the name of a variable that holds the token: --dpop-token-env TOKEN")
        .code(4);
}

#[test]
fn an_hmac_secret_cannot_sign_a_proof() {
    keyed(&["encode", "--dpop", "GET", URL])
        .error(
            "the HMAC secret (JWTCTL_SECRET) cannot sign a DPoP proof, which has the public key in it (RFC 9449 section 4.2)",
        )
        .hint("sign with a private key: --key PATH; to make one: jwtctl key new --alg ES256 --out private.pem")
        .code(7);
    // The flag wins over the variable, and what the hint says works.
    made(&proof(&[]).env("JWTCTL_SECRET", SECRET));
}

#[test]
fn flags_that_contradict_a_proof_are_refused() {
    for (flags, named) in [
        (&["--no-iat"][..], "--no-iat"),
        (&["--typ", "JWT"], "--typ <TEXT>"),
        (&["--no-typ"], "--no-typ"),
        (&["{\"a\":1}", "--disclosable", "a"], "--disclosable <PATH>"),
        (&["--serialization", "json"], "--serialization <FORM>"),
        (&["--encrypt-to", "x.pem"], "--encrypt-to <PATH>"),
        (&["--detached", "x"], "--detached <PATH>"),
    ] {
        proof(flags)
            .error(&format!("--dpop <METHOD> <URL> cannot be used with {named}"))
            .hint("use only one of them")
            .code(2);
    }
    jwtctl(&["encode", "{}", "--dpop-token-env", "ACCESS_TOKEN"])
        .error("--dpop-token-env needs --dpop: it adds the claim ath to a DPoP proof")
        .hint("name the request: --dpop GET https://api.example/items")
        .code(2);
    for words in
        [&["--dpop"][..], &["--dpop", "GET"], &["--dpop=GET", URL], &["--dpop", "GET", "--no-exp"]]
    {
        jwtctl(&[&["encode"], words].concat())
            .error("--dpop <METHOD> <URL> takes 2 values")
            .hint("as separate words: --dpop METHOD URL")
            .code(2);
    }
    proof(&["--dpop", "GET", URL])
        .error("--dpop <METHOD> <URL> is given twice")
        .hint("jwtctl encode --help lists its flags")
        .code(2);
    proof(&["--dpop-nonce", "n"])
        .error("there is no flag --dpop-nonce")
        .hint("did you mean --claim nonce=TEXT?")
        .code(2);
}

#[test]
fn what_is_no_request_is_refused_without_being_repeated() {
    let whole = "write the whole URL of the request: --dpop GET https://api.example/items";
    let first = "the method comes first: --dpop GET https://api.example/items";
    for (method, url, error, hint) in [
        (
            "get",
            URL,
            "the letter case of METHOD matters (RFC 9110 section 9.1)",
            "write --dpop GET",
        ),
        (URL, "GET", "METHOD is not the method of an HTTP request", first),
        ("", URL, "METHOD is not the method of an HTTP request", first),
        ("GET", "api.example/items", "URL is malformed or not complete", whole),
        ("GET", "", "URL is malformed or not complete", whole),
        ("GET", "ftp://api.example/", "URL is neither https nor http", whole),
        (
            "GET",
            "https://user:hunter2@api.example/",
            "URL contains a user name or password",
            "leave it out: it is not part of what is requested",
        ),
    ] {
        jwtctl(&["encode", "--dpop", method, url])
            .error(&format!("--dpop <METHOD> <URL>: {error}"))
            .hint(hint)
            .code(2);
    }
    let (_, claims) = made(
        &clocked(&[
            "encode",
            "--dpop",
            "QUERY",
            "HTTPS://API.example:443/a?secret#b",
            "--key",
            "k.pem",
        ])
        .file("k.pem", crate::harness::key("p256.pkcs8.private.pem")),
    );
    assert!(claims.starts_with(r#"{"htm":"QUERY","htu":"https://api.example/a","#), "{claims}");
}
