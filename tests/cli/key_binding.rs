//! The key binding JWT of an SD-JWT (RFC 9901 section 4.3): by it the holder shows that the token is theirs.

use aws_lc_rs::digest::{self, digest};

use crate::harness::{Call, ED25519, P256, base64url, clocked, keyed, line, signed, token};

const DEMANDED: [&str; 4] = ["--key-binding-aud", "shop", "--key-binding-nonce", "n-1"];

/// An SD-JWT without disclosures, whose holder has the key with these members.
fn issued(jwk: &str) -> String {
    let token = token(&format!("{{\"cnf\":{{\"jwk\":{{{jwk}}}}},\"exp\":1700001800}}"));
    format!("{token}~")
}

/// The claims of a key binding JWT for an SD-JWT.
fn claims(sd_jwt: &str) -> String {
    let hash = base64url(digest(&digest::SHA256, sd_jwt.as_bytes()));
    format!("{{\"aud\":\"shop\",\"nonce\":\"n-1\",\"iat\":1700000000,\"sd_hash\":\"{hash}\"}}")
}

/// An SD-JWT with a key binding JWT of these claims and type, signed with a private key of `tests/keys`.
fn bound(sd_jwt: &str, claims: &str, typ: &str, key: &str) -> String {
    let mut call = vec!["encode", claims, "--typ", typ, "--key", key];
    call.extend((!claims.contains("exp")).then_some("--no-exp"));
    call.extend((!claims.contains("iat")).then_some("--no-iat"));
    let output = clocked(&call).key(key).output();
    assert_eq!(output.status.code(), Some(0));
    format!("{sd_jwt}{}", String::from_utf8_lossy(&output.stdout).trim_end())
}

fn verify(token: &str) -> Call {
    keyed(&[&["verify", token][..], &DEMANDED].concat())
}

#[track_caller]
fn accepted(token: &str, flags: &[&str]) {
    keyed(&[&["verify", "--quiet", token], flags, &DEMANDED].concat()).code(0);
}

const KEY: &str = "p256.pkcs8.private.pem";

#[test]
fn the_holder_signs_with_the_key_that_the_issuer_names() {
    let sd_jwt = issued(P256);
    accepted(&bound(&sd_jwt, &claims(&sd_jwt), "kb+jwt", KEY), &[]);
    let sd_jwt = issued(ED25519);
    accepted(&bound(&sd_jwt, &claims(&sd_jwt), "kb+jwt", "ed25519.pkcs8.private.pem"), &[]);
}

#[test]
fn a_token_without_a_key_binding_jwt_is_rejected() {
    let sd_jwt = issued(P256);
    let hint = "the holder must create one for each presentation, with your audience and nonce (RFC 9901 section 4.3)";
    verify(&sd_jwt)
        .error("the SD-JWT has no key binding JWT, which --key-binding-aud and --key-binding-nonce require")
        .hint(hint)
        .code(6);
    verify(sd_jwt.trim_end_matches('~'))
        .error("the token has no key binding JWT, which --key-binding-aud and --key-binding-nonce require")
        .hint(hint)
        .code(6);
    // Also where a token like it was accepted before.
    let good = bound(&sd_jwt, &claims(&sd_jwt), "kb+jwt", KEY);
    let lines = format!("{good}\n{0}\n{0}\n", sd_jwt.trim_end_matches('~'));
    let rows =
        keyed(&[&["verify", "--batch", "--count"][..], &DEMANDED].concat()).stdin(lines).output();
    assert_eq!(rows.status.code(), Some(6));
    assert!(String::from_utf8_lossy(&rows.stdout).starts_with("{\"valid\":1,"));
}

#[test]
fn a_key_binding_jwt_that_is_not_the_holders_is_refused() {
    let sd_jwt = issued(P256);
    let other = bound(&sd_jwt, &claims(&sd_jwt), "kb+jwt", "ed25519.pkcs8.private.pem");
    verify(&other)
        .error("the key binding JWT: the P-256 public key does not support the token's \"alg\" \"EdDSA\"")
        .code(4);
    let good = bound(&sd_jwt, &claims(&sd_jwt), "kb+jwt", KEY);
    let (input, signature) = good.rsplit_once('.').expect("a token");
    let first = if signature.starts_with('A') { "B" } else { "A" };
    verify(&format!("{input}.{first}{}", &signature[1..]))
        .error("the key binding JWT: the signature does not match")
        .code(4);
    for header in [r#"{"alg":"none","typ":"kb+jwt"}"#, r#"{"alg":"None","typ":"kb+jwt"}"#] {
        let unsigned = format!("{sd_jwt}{}.{}.", base64url(header), base64url(claims(&sd_jwt)));
        let output = verify(&unsigned).output();
        assert_eq!(output.status.code(), Some(4));
    }
    // The secret of the issuer, or the public key taken for one.
    let hmac = signed(r#"{"alg":"HS256","typ":"kb+jwt"}"#, claims(&sd_jwt));
    verify(&format!("{sd_jwt}{hmac}"))
        .error("the key binding JWT: the P-256 public key does not support the token's \"alg\" \"HS256\"")
        .code(4);
}

#[test]
fn a_key_binding_jwt_has_its_type_and_its_token() {
    let sd_jwt = issued(P256);
    for typ in ["JWT", "jwt+kb", "KB+JWT"] {
        verify(&bound(&sd_jwt, &claims(&sd_jwt), typ, KEY))
            .error(&format!("the \"typ\" of the key binding JWT is \"{typ}\", not \"kb+jwt\""))
            .code(4);
    }
    let hint = "were disclosures added, removed or reordered after the holder signed?";
    let error = "the key binding JWT does not belong to this token with these disclosures: its \"sd_hash\" is another";
    for other in [
        claims("another~"),
        r#"{"aud":"shop","nonce":"n-1","iat":1700000000}"#.to_owned(),
        r#"{"aud":"shop","nonce":"n-1","iat":1700000000,"sd_hash":null}"#.to_owned(),
    ] {
        verify(&bound(&sd_jwt, &other, "kb+jwt", KEY)).error(error).hint(hint).code(4);
    }
}

#[test]
fn the_key_is_a_public_key_in_the_issuers_claims() {
    let jwks = format!("\"keys\":[{{{P256}}}]");
    for (payload, error) in [
        ("{}".to_owned(), "the token has no \"cnf\" with a \"jwk\", the key of its holder"),
        (
            r#"{"cnf":{"kid":"1"}}"#.to_owned(),
            "the token has no \"cnf\" with a \"jwk\", the key of its holder",
        ),
        (
            format!("{{\"cnf\":{{\"jwk\":{{{jwks}}}}}}}"),
            "the token has no \"cnf\" with a \"jwk\", the key of its holder",
        ),
        (
            r#"{"cnf":{"jwk":{"kty":"oct","k":"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"}}}"#
                .to_owned(),
            "the token's \"cnf\" has a private or symmetric key",
        ),
        (
            format!("{{\"cnf\":{{\"jwk\":{{{P256},\"use\":\"enc\"}}}}}}"),
            "the key in the token's \"cnf\" is not for verifying: its \"use\" is \"enc\"",
        ),
    ] {
        let payload = payload.replacen('{', "{\"exp\":1700001800,", 1).replace(",}", "}");
        let sd_jwt = format!("{}~", token(&payload));
        let output = verify(&bound(&sd_jwt, &claims(&sd_jwt), "kb+jwt", KEY)).output();
        let message = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(message.lines().next(), Some(format!("error: {error}").as_str()), "{payload}");
        assert_eq!(output.status.code(), Some(4));
    }
}

#[test]
fn a_key_binding_jwt_is_for_one_audience_and_nonce_and_is_fresh() {
    let sd_jwt = issued(P256);
    let good = claims(&sd_jwt);
    for (from, to, error, code) in [
        ("\"shop\"", "\"x\"", "\"aud\" is \"x\"; expected \"shop\"", 6),
        ("\"shop\"", "[\"shop\"]", "\"aud\" is [\"shop\"]; expected \"shop\"", 6),
        ("\"aud\":\"shop\",", "", "there is no \"aud\"; expected \"shop\"", 6),
        ("n-1", "n-2", "\"nonce\" is \"n-2\"; expected \"n-1\"", 6),
        ("\"nonce\":\"n-1\",", "", "there is no \"nonce\"; expected \"n-1\"", 6),
        (
            "\"iat\":1700000000,",
            "",
            "the key binding JWT has no \"iat\", which --key-binding-max-age needs",
            6,
        ),
        (
            "1700000000",
            "1700000001",
            "\"iat\" is 1 second in the future (2023-11-14 22:13:21 UTC)",
            5,
        ),
        (
            "1700000000",
            "\"now\"",
            "the claim \"iat\" must be a number; it is the string \"now\"",
            4,
        ),
        (
            "\"iat\"",
            "\"exp\":1700000000,\"iat\"",
            "the key binding JWT expired just now (2023-11-14 22:13:20 UTC)",
            6,
        ),
    ] {
        let call = verify(&bound(&sd_jwt, &good.replacen(from, to, 1), "kb+jwt", KEY));
        let output = call.output();
        let message = String::from_utf8_lossy(&output.stderr).into_owned();
        let error = if error.starts_with("the key") {
            error.to_owned()
        } else {
            format!("the key binding JWT: {error}")
        };
        assert_eq!(message.lines().next(), Some(format!("error: {error}").as_str()));
        assert_eq!(output.status.code(), Some(code), "{message}");
    }
    let old = bound(&sd_jwt, &good.replace("1700000000", "1699999700"), "kb+jwt", KEY);
    accepted(&old, &[]);
    let older = bound(&sd_jwt, &good.replace("1700000000", "1699999699"), "kb+jwt", KEY);
    assert_eq!(verify(&older).output().status.code(), Some(6));
    accepted(&older, &["--key-binding-max-age", "10m"]);
    // `--leeway` widens it, as it does --max-age.
    accepted(&older, &["--leeway", "1s"]);
}

#[test]
fn the_audience_of_the_token_itself_stays_the_issuers() {
    let sd_jwt = format!(
        "{}~",
        token(&format!("{{\"aud\":\"api\",\"cnf\":{{\"jwk\":{{{P256}}}}},\"exp\":1700001800}}"))
    );
    let good = bound(&sd_jwt, &claims(&sd_jwt), "kb+jwt", KEY);
    accepted(&good, &["--aud", "api"]);
    keyed(&[&["verify", "--quiet", "--aud", "shop", &good][..], &DEMANDED].concat())
        .error("\"aud\" is \"api\"; expected \"shop\"")
        .code(6);
}

#[test]
fn a_key_binding_jwt_that_is_not_demanded_is_not_checked() {
    let sd_jwt = issued(P256);
    let payload = format!("{{\"cnf\":{{\"jwk\":{{{P256}}}}},\"exp\":1700001800}}");
    keyed(&["verify", "--compact", &format!("{sd_jwt}{}", token("{}"))])
        .stdout(line(&payload))
        .warning(
            "the key binding JWT was not checked: whoever presents the token may not be its holder",
        )
        .hint("check it with --key-binding-aud and --key-binding-nonce")
        .code(0);
}

#[test]
fn audience_and_nonce_are_given_together() {
    for flags in [
        ["--key-binding-aud", "shop"],
        ["--key-binding-nonce", "n"],
        ["--key-binding-max-age", "1m"],
    ] {
        let output = keyed(&[&["verify", "a.b.c"][..], &flags].concat()).output();
        assert_eq!(output.status.code(), Some(2), "{}", String::from_utf8_lossy(&output.stderr));
    }
    let output = keyed(&[&["verify", "--raw", "a.b.c"][..], &DEMANDED].concat()).output();
    assert_eq!(output.status.code(), Some(2), "{}", String::from_utf8_lossy(&output.stderr));
}

/// Made by the reference implementation of SD-JWT in Python (sd-jwt 0.10.4): with decoys, disclosures inside others, and a
/// key binding JWT; the keys are `rsa2048` and `p256` of `tests/keys`.
#[test]
fn a_presentation_of_the_reference_implementation_verifies() {
    let file = format!("{}/tests/vectors/sd-jwt-python.sd-jwt", env!("CARGO_MANIFEST_DIR"));
    let claims = r#"{"address":{"geo":{"lat":1.5},"country":"DE"},"name":"\u017dofie \u65e5\u672c\u8a9e","iss":"https://issuer.example","exp":4102444800,"nationalities":["FR",{"since":1990}],"cnf":{"jwk":{"kty":"EC","kid":"p256-1","crv":"P-256","x":"eOiRCpH3HQA2ynnFJqw5kiUNaJ8QI1yzAHQvGcU3gIM","y":"c1XNm4-aFe1_DVoh0NbulPDAWhm3Mr3_B15hp77Mgsg"}}}"#;
    let verify = ["verify", "--compact", "--key", "rsa2048.spki.public.pem", "--token-file", &file];
    let bound = ["--key-binding-aud", "https://shop.example", "--key-binding-nonce", "n-1"];
    clocked(&[&verify[..], &bound].concat())
        .key("rsa2048.spki.public.pem")
        .stdout(line(claims))
        .code(0);
}
