//! The examples of RFC 7515 (appendix A.1 to A.5), RFC 7519 (sections 3.1 and 6.1) and RFC 8037
//! (appendix A.4), byte for byte as they are printed there. The keys are the RFCs', in PEM.
//! Those of encrypted tokens are in `vectors/jwe.json`: RFC 7516 (appendix A), RFC 7519 (appendix A) and RFC 7520
//! (sections 5 and 6). RFC 7518 (appendix C) and RFC 8037 (appendix A.6) print keys and what they lead to, but no token; a
//! content was encrypted with that by Python's cryptography.

mod support;

use jwtctl::output::Terminal;
use serde_json::Value;
use support::{run_inside, run_inside_fed};

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

/// An example of `vectors/jwe.json`, with the members that it has.
struct Example(Value);

impl Example {
    fn all() -> Vec<Self> {
        let text = include_str!("vectors/jwe.json");
        serde_json::from_str::<Vec<Value>>(text).unwrap().into_iter().map(Self).collect()
    }

    fn list(&self, name: &str) -> &[Value] {
        self.0[name].as_array().map_or(&[], Vec::as_slice)
    }

    /// Its serializations: compact, flattened and general, as far as the RFC prints them.
    fn tokens(&self) -> impl Iterator<Item = String> {
        let text = |it: &Value| it.as_str().map_or_else(|| it.to_string(), str::to_owned);
        self.list("tokens").iter().map(text)
    }

    /// Each of its tokens with each of these keys.
    fn each_with(&self, keys: &str) -> Vec<(String, &Value)> {
        let with_keys = |token: String| self.list(keys).iter().map(move |key| (token.clone(), key));
        self.tokens().flat_map(with_keys).collect()
    }

    /// Runs jwtctl with the key that decrypts on standard input.
    fn call(&self, args: &[&str], key: &Value) -> support::Output {
        let signer = self.0["signer"].to_string();
        let args = [args, &["--decrypt-key", "-"]].concat();
        run_inside_fed(&args, &[("SIGNER", &signer)], key.to_string().as_bytes(), Terminal::No)
    }
}

/// The same token with another tag, which is the last part or member that has its name.
fn with_another_tag(token: &str) -> String {
    let at = token.rfind("\"tag\":\"").map_or_else(|| token.rfind('.').unwrap() + 1, |it| it + 7);
    let other = if token[at..].starts_with('A') { "B" } else { "A" };
    [&token[..at], other, &token[at + 1..]].concat()
}

#[test]
fn encrypted_examples_open_in_every_serialization_with_each_recipients_key() {
    let mut opened = 0;
    for example in Example::all() {
        let from = &example.0["from"];
        for (token, key) in example.each_with("keys") {
            let output = example.call(&["decode", "--raw", &token], key);
            assert_eq!((output.code, &*output.stderr), (0, ""), "{from}: {token}");
            assert_eq!(example.0["plaintext"], output.stdout, "{from}: {token}");
            let output = example.call(&["decode", "--json", &with_another_tag(&token)], key);
            assert_eq!(output.code, 4, "{from}: {token}");
            assert!(output.stdout.contains("\"decryption-failed\""), "{from}: {}", output.stdout);
            opened += 1;
        }
    }
    assert_eq!(opened, 39);
}

#[test]
fn encrypted_examples_with_rsa1_5_are_refused() {
    let mut refused = 0;
    for example in Example::all() {
        for (token, key) in example.each_with("keys_for_rsa1_5") {
            let output = example.call(&["decode", "--json", &token], key);
            assert_eq!(output.code, 4, "{token}");
            assert!(output.stdout.contains("\"jwe-algorithm\""), "{}", output.stdout);
            refused += 1;
        }
    }
    assert_eq!(refused, 8);
}

#[test]
fn rfc_7520_6_is_verified_with_both_keys() {
    let example = Example::all().into_iter().find(|it| it.0["from"] == "RFC 7520 6").unwrap();
    let key = &example.list("keys")[0];
    for token in example.tokens() {
        let verify = |at| {
            let args = ["verify", "--compact", "--key-env", "SIGNER", "--at", at, &token];
            let output = example.call(&args, key);
            (output.stdout, output.code)
        };
        let claims = example.0["plaintext"].as_str().unwrap();
        assert_eq!(verify("1300819379"), (format!("{claims}\n"), 0));
        assert_eq!(verify("1300819380"), (String::new(), 3));
    }
}
