//! The examples of RFC 7515 (appendix A.1 to A.6), RFC 7519 (sections 3.1 and 6.1), RFC 7520 (section 4), RFC 7797
//! (section 4), RFC 8037 (appendix A.4) and RFC 9964, byte for byte as they are printed there. The keys are the RFCs'.

mod support;

use jwtctl::output::Terminal;
use support::run_inside;

const RFC7515_A1: &str = "eyJ0eXAiOiJKV1QiLA0KICJhbGciOiJIUzI1NiJ9.eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ.dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
const RFC7515_A1_KEY: &str =
    "AyM1SysPpbyDfgZld3umj1qzKObwVMkoqQ-EstJQLr_T-1qS0gZH75aKtMN3Yj0iPS4hcgUuTwjAzZr1Z9CAow";
const RFC7515_A2: &str = "eyJhbGciOiJSUzI1NiJ9.eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ.cC4hiUPoj9Eetdgtv3hF80EGrhuB__dzERat0XF9g2VtQgr9PJbu3XOiZj5RZmh7AAuHIm4Bh-0Qc_lF5YKt_O8W2Fp5jujGbds9uJdbF9CUAr7t1dnZcAcQjbKBYNX4BAynRFdiuB--f_nZLgrnbyTyWzO75vRK5h6xBArLIARNPvkSjtQBMHlb1L07Qe7K0GarZRmB_eSN9383LcOLn6_dO--xi12jzDwusC-eOkHWEsqtFZESc6BfI7noOPqvhJ1phCnvWh6IeYI2w9QOYEUipUTI8np6LbgGY9Fs98rqVt5AXLIhWkWywlVmtVrBp0igcN_IoypGlUPQGe77Rw";
const RFC7515_A3: &str = "eyJhbGciOiJFUzI1NiJ9.eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ.DtEhU3ljbEg8L38VWAfUAqOyKAM6-Xx-F4GawxaepmXFCgfTjDxw5djxLa8ISlSApmWQxfKTUJqPP3-Kg6NU1Q";
const RFC7515_A4: &str = "eyJhbGciOiJFUzUxMiJ9.UGF5bG9hZA.AdwMgeerwtHoh-l192l60hp9wAHZFVJbLfD_UxMi70cwnZOYaRI1bKPWROc-mZZqwqT2SI-KGDKB34XO0aw_7XdtAG8GaSwFKdCAPZgoXD2YBJZCPEX3xKpRwcdOO8KpEHwJjyqOgzDO7iKvU8vcnwNrmxYbSW9ERBXukOXolLzeO_Jn";
const RFC7515_A5: &str = "eyJhbGciOiJub25lIn0.eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ.";
const RFC8037_A4: &str = "eyJhbGciOiJFZERTQSJ9.RXhhbXBsZSBvZiBFZDI1NTE5IHNpZ25pbmc.hgyY0il_MGCjP0JzlnLWG1PPOt7-09PGcvMg3AIbQR6dWbhijcNR4ki4iylGjg5BhVsPt9g7sVvpAr_MuM0KAg";

const CLAIMS: &str = r#"{"iss":"joe","exp":1300819380,"http://example.com/is_root":true}"#;

fn call(args: &[&str]) -> (String, i32) {
    let output = run_inside(args, &[], Terminal::No);
    (output.stdout, output.code)
}

fn vector(name: &str) -> String {
    format!("{}/tests/vectors/{name}", env!("CARGO_MANIFEST_DIR"))
}

/// A token whose `exp` is 2011-03-22: valid a second before it, expired at it.
fn check(token: &str, key: &[&str]) {
    let verify = |at| call(&[&["verify", "--compact", "--at", at, token], key].concat());
    assert_eq!(verify("1300819379"), (format!("{CLAIMS}\n"), 0));
    assert_eq!(verify("1300819380"), (String::new(), 3));
    let forged = token.replace(".eyJpc3MiOiJqb2Ui", ".eyJpc3MiOiJqb2Yi");
    assert_eq!(call(&[&["verify", "--at", "1300819379", &forged], key].concat()).1, 4);
}

#[test]
fn rfc_7515_a1_and_rfc_7519_3_1_hs256() {
    check(RFC7515_A1, &["--secret", RFC7515_A1_KEY, "--secret-format", "base64"]);
}

#[test]
fn rfc_7515_a2_rs256() {
    check(RFC7515_A2, &["--key", &vector("rfc7515-a2-rsa-public.pem")]);
}

#[test]
fn rfc_7515_a3_es256() {
    check(RFC7515_A3, &["--key", &vector("rfc7515-a3-p256-public.pem")]);
}

#[test]
fn rfc_7515_a4_es512_over_a_payload_that_is_no_claims_set() {
    let key = vector("rfc7515-a4-p521-public.pem");
    assert_eq!(call(&["verify", "--raw", "--key", &key, RFC7515_A4]), ("Payload".into(), 0));
    assert_eq!(call(&["verify", "--key", &key, RFC7515_A4]), (String::new(), 4));
}

#[test]
fn rfc_7515_a5_and_rfc_7519_6_1_unsecured() {
    let secret = ["--secret", RFC7515_A1_KEY];
    assert_eq!(call(&[&["verify", RFC7515_A5][..], &secret].concat()), (String::new(), 4));
    assert_eq!(call(&["decode", "--compact", RFC7515_A5]), (format!("{CLAIMS}\n"), 0));
}

#[test]
fn rfc_8037_a4_ed25519() {
    for key in ["rfc8037-a2-ed25519-public.pem", "rfc8037-a1-ed25519-private.pem"] {
        let output = call(&["verify", "--raw", "--key", &vector(key), RFC8037_A4]);
        assert_eq!(output, ("Example of Ed25519 signing".into(), 0));
    }
}

/// The examples for JOSE. The seeds are zeros, and the signatures deterministic.
#[test]
fn rfc_9964_ml_dsa() {
    let text = std::fs::read_to_string(vector("rfc9964.json")).unwrap();
    let vectors: serde_json::Value = serde_json::from_str(&text).unwrap();
    let payload = vectors["payload"].as_str().unwrap();
    let examples = vectors["examples"].as_array().unwrap();
    assert_eq!(examples.len(), 3);
    for example in examples {
        let (jwk, token) = (example["jwk"].to_string(), example["jws"].as_str().unwrap());
        let with_key = |args: &[&str]| {
            let args = [args, &["--key-env", "KEY"]].concat();
            let output = run_inside(&args, &[("KEY", &jwk)], Terminal::No);
            (output.stdout, output.code)
        };
        assert_eq!(with_key(&["verify", "--raw", token]), (payload.to_owned(), 0));
        let forged = token.replace(".SXT", ".TXT");
        assert_eq!(with_key(&["verify", "--raw", &forged]), (String::new(), 4));
        let thumbprint = format!("{}\n", example["jwk"]["kid"].as_str().unwrap());
        assert_eq!(with_key(&["key", "thumbprint"]), (thumbprint, 0));
        let again = with_key(&["key", "convert", "--format", "jwk", "--compact"]).0;
        let again: serde_json::Value = serde_json::from_str(&again).unwrap();
        assert_eq!(again, example["jwk"]);
    }
}

/// RFC 7515 appendix A.6: the signatures are those of A.2 and A.3, and each header names its key.
#[test]
fn rfc_7515_a6_json_serializations() {
    let key_of = |token: &str, kid: &str| {
        let parts: Vec<_> = token.split('.').collect();
        format!(
            r#"{{"protected":"{}","header":{{"kid":"{kid}"}},"signature":"{}"}}"#,
            parts[0], parts[2]
        )
    };
    let payload = RFC7515_A3.split('.').nth(1).unwrap();
    let first = key_of(RFC7515_A2, "2010-12-29");
    let second = key_of(RFC7515_A3, "e9bc097a-ce51-4036-9562-d2ade882db0d");
    let general = format!(r#"{{"payload":"{payload}","signatures":[{first},{second}]}}"#);
    let flattened = second.replacen('{', &format!(r#"{{"payload":"{payload}","#), 1);
    let keys = ["rfc7515-a2-rsa-public.pem", "rfc7515-a3-p256-public.pem"].map(vector);
    for (token, key) in [(&general, &keys[0]), (&general, &keys[1]), (&flattened, &keys[1])] {
        let verify =
            |token: &str, at| call(&["verify", "--compact", "--at", at, token, "--key", key]);
        assert_eq!(verify(token, "1300819379"), (format!("{CLAIMS}\n"), 0));
        assert_eq!(verify(token, "1300819380"), (String::new(), 3));
        let forged = token.replace("eyJpc3MiOiJqb2Ui", "eyJpc3MiOiJqb2Yi");
        assert_eq!(verify(&forged, "1300819379"), (String::new(), 4));
    }
}

/// RFC 7520 sections 4.1 to 4.8, in each serialization that is printed there. Two of the keys have the same `kid`.
#[test]
fn rfc_7520_4_signatures() {
    let text = std::fs::read_to_string(vector("rfc7520-jws.json")).unwrap();
    let vectors: serde_json::Value = serde_json::from_str(&text).unwrap();
    let payload = vectors["payload"].as_str().unwrap();
    let keys = vectors["keys"].as_array().unwrap();
    let set = serde_json::json!({ "keys": keys }).to_string();
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("payload").display().to_string();
    std::fs::write(&path, payload).unwrap();
    let key = |number: usize| keys[number].to_string();
    // The key of each section, among the three.
    let signers: [(&str, &[usize]); 8] = [
        ("4.1", &[0]),
        ("4.2", &[0]),
        ("4.3", &[1]),
        ("4.4", &[2]),
        ("4.5", &[2]),
        ("4.6", &[2]),
        ("4.7", &[2]),
        ("4.8", &[0, 1, 2]),
    ];
    let mut count = 0;
    for (section, signers) in signers {
        for (form, token) in vectors["sections"][section].as_object().unwrap() {
            let token = token.as_str().map_or_else(|| token.to_string(), str::to_owned);
            let detached = ["--detached", &path];
            let (flags, printed) =
                if section == "4.5" { (&detached[..], "") } else { (&[][..], payload) };
            let verify = |key: &str, token: &str| {
                let args = [&["verify", "--raw", "--key-env", "KEY", token], flags].concat();
                let output = run_inside(&args, &[("KEY", key)], Terminal::No);
                (output.stdout, output.code)
            };
            for number in 0..keys.len() {
                let expected = if signers.contains(&number) { (printed, 0) } else { ("", 4) };
                let found = verify(&key(number), &token);
                assert_eq!((found.0.as_str(), found.1), expected, "{section} {form} {number}");
            }
            assert_eq!(verify(&set, &token), (printed.to_owned(), 0), "{section} {form}");
            count += 1;
        }
    }
    assert_eq!(count, 4 * 3 + 3 + 2 * 2 + 1);
}

/// RFC 7515 appendix F and RFC 7797 section 4, with the key of RFC 7515 appendix A.1.
#[test]
fn rfc_7797_4_payloads_that_are_not_encoded() {
    const ENCODED: &str = "eyJhbGciOiJIUzI1NiJ9.JC4wMg.5mvfOroL-g7HyqJoozehmsaqmvTYGEq5jTI1gVvoEoQ";
    const DETACHED: &str = "eyJhbGciOiJIUzI1NiIsImI2NCI6ZmFsc2UsImNyaXQiOlsiYjY0Il19..A5dxf2s96_n5FLueVuW1Z_vh161FwXZC4YLPff6dmDY";
    let [header, _, signature] = DETACHED.split('.').collect::<Vec<_>>()[..] else { panic!() };
    let json = |payload: &str| {
        format!(r#"{{"protected":"{header}","payload":"{payload}","signature":"{signature}"}}"#)
    };
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("payload").display().to_string();
    std::fs::write(&path, "$.02").unwrap();
    let key = ["--secret", RFC7515_A1_KEY, "--secret-format", "base64", "--raw"];
    let verify = |token: &str, flags: &[&str]| call(&[&["verify", token], flags, &key].concat());
    let detached = ["--detached", path.as_str()];
    assert_eq!(verify(ENCODED, &[]), ("$.02".into(), 0));
    assert_eq!(verify(&ENCODED.replace(".JC4wMg.", ".."), &detached), (String::new(), 0));
    assert_eq!(verify(DETACHED, &detached), (String::new(), 0));
    assert_eq!(verify(&json("$.02"), &[]), ("$.02".into(), 0));
    assert_eq!(verify(&json("$.03"), &[]), (String::new(), 4));
    // These are the bytes that would be signed if the payload were encoded.
    assert_eq!(verify(&json("JC4wMg"), &[]), (String::new(), 4));
    std::fs::write(&path, "$.03").unwrap();
    assert_eq!(verify(DETACHED, &detached), (String::new(), 4));
}

/// A file of `tests/vectors` through `jwtctl key thumbprint`.
fn thumbprint(name: &str) -> (String, i32) {
    call(&["key", "thumbprint", &vector(name)])
}

#[test]
fn rfc_7638_3_1_thumbprint() {
    let printed = "NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs\n".to_owned();
    assert_eq!(thumbprint("rfc7638-3.1.jwk"), (printed, 0));
}

#[test]
fn rfc_8037_a3_thumbprint() {
    let printed = "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k\n".to_owned();
    for key in ["rfc8037-a1-ed25519-private.pem", "rfc8037-a1.jwk", "rfc8037-a2.jwk"] {
        assert_eq!(thumbprint(key), (printed.clone(), 0), "{key}");
    }
}

#[test]
fn rfc_7515_keys_as_they_are_printed() {
    check(RFC7515_A1, &["--key", &vector("rfc7515-a1.jwk")]);
    check(RFC7515_A2, &["--key", &vector("rfc7515-a2.jwk")]);
    check(RFC7515_A3, &["--key", &vector("rfc7515-a3.jwk")]);
    let key = vector("rfc7515-a4.jwk");
    assert_eq!(call(&["verify", "--raw", "--key", &key, RFC7515_A4]), ("Payload".into(), 0));
    let key = vector("rfc8037-a2.jwk");
    let output = call(&["verify", "--raw", "--key", &key, RFC8037_A4]);
    assert_eq!(output, ("Example of Ed25519 signing".into(), 0));
}

#[test]
fn rfc_7517_a1_and_a2_sets_of_public_and_private_keys() {
    for set in ["rfc7517-a1.json", "rfc7517-a2.json"] {
        // The elliptic curve key of both is for encryption, or has no say in signatures: it stays unused.
        let output = call(&["key", "show", "--json", "--compact", &vector(set)]);
        let report: serde_json::Value = serde_json::from_str(&output.0).unwrap();
        assert_eq!((output.1, report["keys"][0]["kid"].as_str()), (0, Some("1")), "{set}");
        assert_eq!(report["keys"][1]["alg"], "RS256");
        assert_eq!(report["keys"][1]["kind"].as_str().unwrap()[..13], *"RSA 2048-bit ");
        assert_eq!(report["keys"][1]["kid"], "2011-04-29");
    }
}
