//! The reports of `--json` and the rows of streams against the schemas in `schemas/`, on success and on failure.

mod support;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use boon::{Compiler, Schemas};
use support::harness::jwtctl;
use support::{Output, SECRET, token};

/// Something must fit the schema of a verb.
fn fits(verb: &str, report: &serde_json::Value, what: &dyn std::fmt::Debug) {
    let (mut schemas, mut compiler) = (Schemas::new(), Compiler::new());
    let schema = format!("{}/schemas/{verb}.json", env!("CARGO_MANIFEST_DIR"));
    let schema = compiler.compile(&schema, &mut schemas).unwrap();
    if let Err(error) = schemas.validate(report, schema) {
        panic!("{what:?}: {error:#}\n{report}");
    }
}

/// A report of a call must fit the schema of its verb, and its exit code must be the process's.
fn check(verb: &str, args: &[&str], code: i32) {
    check_call(verb, &[&[verb, "--json", "--at", "1700000000"], args].concat(), code);
}

fn check_call(verb: &str, call: &[&str], code: i32) {
    let output = Output::from(jwtctl(call).env("JWTCTL_SECRET", SECRET).output());
    assert_eq!(output.code, code, "{call:?}: {}", output.stderr);
    assert_eq!(output.stderr, "", "{call:?}: a report says everything on stdout");
    let report: serde_json::Value = serde_json::from_str(&output.stdout).unwrap();
    assert_eq!(report["exit_code"], code);
    fits(verb, &report, &call);
}

#[test]
fn encode() {
    check("encode", &["--user", "1"], 0);
    check("encode", &["--no-exp"], 0);
    check("encode", &["--exp", "99999999999999"], 0);
    check("encode", &["--claim", "exp=soon"], 0);
    check("encode", &["[1]"], 2);
    check("encode", &["{}", "--alg", "RS256"], 7);
    check("encode", &["@missing.json"], 1);
}

#[test]
fn decode() {
    check("decode", &[&token("{}")], 0);
    check("decode", &["e30.e30."], 0);
    check("decode", &["a.b"], 4);
    check("decode", &["--token-file", "missing.jwt"], 1);
}

#[test]
fn audit() {
    let key = ["--secret-env", "JWTCTL_SECRET"];
    check("audit", &[&token("{\"exp\":1700000001}")], 0);
    check("audit", &[&token("{}")], 6);
    check("audit", &["e30.e30."], 6);
    check("audit", &[&key[..], &["--alg", "HS512", &token("{}")]].concat(), 6);
    check("audit", &["eyJhbGciOiJkaXIiLCJlbmMiOiJBMTI4R0NNIn0.YQ.YQ.YQ.YQ"], 0);
    check("audit", &["a.b"], 4);
    check("audit", &["--token-file", "missing.jwt"], 1);
    check("audit", &["--wordlist", "missing.txt", &token("{}")], 1);
    check("audit", &["--key", "missing.pem", &token("{}")], 7);
}

/// Against the schema that OASIS publishes.
#[test]
fn logs_in_sarif() {
    let lines = [token("{\"exp\":1700000001}"), token("{}"), "x".to_owned()].join("\n");
    let (mut schemas, mut compiler) = (Schemas::new(), Compiler::new());
    let schema = format!("{}/tests/vectors/sarif-2.1.0.json", env!("CARGO_MANIFEST_DIR"));
    let schema = compiler.compile(&schema, &mut schemas).unwrap();
    for (flags, code, results) in [
        (&[&*token("{}")][..], 6, 3),
        (&["a.b"], 4, 0),
        (&["--batch"], 4, 5),
        (&["--find"], 6, 5),
        (&["--find", "--min-severity", "high"], 0, 0),
        (&["--batch", "--key", "missing.pem"], 7, 0),
    ] {
        let args = [&["audit", "--sarif", "--at", "1700000000"], flags].concat();
        let output = Output::from(jwtctl(&args).stdin(&lines).output());
        assert_eq!(output.code, code, "{args:?}: {}", output.stderr);
        let log: serde_json::Value = serde_json::from_str(&output.stdout).unwrap();
        if let Err(error) = schemas.validate(&log, schema) {
            panic!("{args:?}: {error:#}");
        }
        assert_eq!(log["runs"][0]["results"].as_array().unwrap().len(), results, "{args:?}");
        let invocation = &log["runs"][0]["invocations"][0];
        assert_eq!(invocation["executionSuccessful"], [0, 6].contains(&code), "{args:?}");
        assert_eq!(invocation["exitCode"], code);
    }
}

#[test]
fn rows_of_audit() {
    let lines = [token("{\"exp\":1700000001}"), token("{}"), "x".to_owned()].join("\n");
    for (flags, schema) in [(&["--json"][..], "audit"), (&[], "audit-row")] {
        let args = [&["audit", "--batch", "--at", "1700000000"], flags].concat();
        let output = Output::from(jwtctl(&args).stdin(&lines).output());
        assert_eq!((output.code, output.stdout.lines().count()), (4, 3), "{}", output.stderr);
        for row in output.stdout.lines() {
            fits(schema, &serde_json::from_str(row).unwrap(), &args);
        }
    }
}

#[test]
fn encrypted_tokens() {
    // SECRET is in JWTCTL_SECRET, so it can be named as the password.
    let encrypted = |flags: &[&str]| {
        let encode = [
            "encode",
            "{}",
            "--no-exp",
            "--no-iat",
            "--encrypt-secret-env",
            "JWTCTL_SECRET",
            "--p2c",
            "1000",
        ];
        let call = jwtctl(&[&encode, flags].concat()).env("JWTCTL_SECRET", SECRET);
        Output::from(call.output()).stdout.trim_end().to_owned()
    };
    let (nested, alone) = (encrypted(&[]), encrypted(&["--no-sign"]));
    let key = ["--decrypt-secret-env", "JWTCTL_SECRET"];
    check("verify", &[&[nested.as_str()][..], &key].concat(), 0);
    check("verify", &[&[alone.as_str()][..], &key].concat(), 4);
    check("verify", &[&nested], 4);
    check("refresh", &[&[nested.as_str()][..], &key].concat(), 0);
    for token in [&nested, &alone] {
        check("decode", &[&[token.as_str()][..], &key].concat(), 0);
    }
}

#[test]
fn verify() {
    check("verify", &[&token(r#"{"exp":1700000001,"sub":"\u001b[31m"}"#)], 0);
    check("verify", &[&token("{}")], 0);
    check("verify", &[&token(r#"{"exp":1700000000}"#)], 3);
    check("verify", &[&token(r#"{"nbf":1700000001}"#)], 5);
    check("verify", &[&token(r#"{"aud":["a","b"],"iss":"x"}"#), "--iss", "y", "--iss", "z"], 6);
    check("verify", &[&token(r#"{"exp":"soon"}"#)], 4);
    // With evidence.
    check("verify", &[&token(r#"{"iss":"https://a.example"}"#), "--iss", "https://a.example/"], 6);
    check("verify", &["e30.e30.", "--key", "missing.pem"], 7);
    check("verify", &["--token-file", "missing.jwt"], 1);
    check("verify", &["-", "--secret-file", "-"], 2);
}

#[test]
fn sd_jwt() {
    check("encode", &[r#"{"a":[1,2]}"#, "--disclosable", "/a/0"], 0);
    let call = ["encode", r#"{"a":1}"#, "--disclosable", "a", "--iat", "1700000000"];
    let made = Output::from(jwtctl(&call).env("JWTCTL_SECRET", SECRET).output()).stdout;
    let made = made.trim_end();
    check("decode", &[made], 0);
    check("decode", &[&format!("{made}{}", token("{}"))], 0);
    check("verify", &[made], 0);
    check("refresh", &[made], 0);
    let demanded = ["--key-binding-aud", "a", "--key-binding-nonce", "b"];
    check("verify", &[&[made], &demanded[..]].concat(), 6);
    check("verify", &[&format!("{made}WyJhIiwxXQ~")], 4);
}

#[test]
fn other_shapes_of_a_jws() {
    let token = token("{}");
    let parts: Vec<_> = token.split('.').collect();
    let [header, payload, signature] = parts[..] else { panic!() };
    let member = format!(r#"{{"protected":"{header}","signature":"{signature}"}}"#);
    let general =
        format!(r#"{{"payload":"{payload}","signatures":[{{"signature":"?"}},{member}]}}"#);
    let flattened = member.replacen('{', &format!(r#"{{"payload":"{payload}","#), 1);
    check("verify", &[&general], 0);
    check("verify", &[&general, "--all-signatures"], 4);
    check("verify", &[&flattened], 0);
    check("verify", &[&member], 4);
    check("decode", &[&flattened], 0);
    check("decode", &[&general], 4);
    check("decode", &[&general.replace(r#"{"signature":"?"},"#, "")], 0);
    check("refresh", &[&flattened], 4);
    check("encode", &["{}", "--serialization", "json"], 0);
    let detached = format!("{header}..{signature}");
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("payload").display().to_string();
    std::fs::write(&file, "{}").unwrap();
    check("verify", &[&detached, "--detached", &file], 0);
    check("verify", &[&token, "--detached", &file], 4);
    check_call("encode", &["encode", "--json", "--detached", &file], 0);
    check_call("encode", &["encode", "--json", "--detached", "missing"], 1);
}

#[test]
fn refresh() {
    let (fresh, old) = (token(r#"{"exp":1700000900}"#), token(r#"{"exp":1600000000}"#));
    check("refresh", &[&fresh], 0);
    check("refresh", &[&fresh, "--if-expiring", "1m"], 0);
    check("refresh", &[&old], 3);
    check("refresh", &[&fresh, "--max-session", "1h"], 6);
    check("refresh", &[&fresh, "--unset", "exp"], 2);
    check("refresh", &[&fresh, "--sign-secret-env", "NOT_SET"], 7);
}

#[test]
fn key() {
    let keys = format!("{}/tests/keys", env!("CARGO_MANIFEST_DIR"));
    let key = |name: &str| format!("{keys}/{name}");
    let check = |args: &[&str], code| {
        let call: Vec<_> = ["key"]
            .iter()
            .chain(&args[..1])
            .chain(&["--json"])
            .chain(&args[1..])
            .copied()
            .collect();
        check_call("key", &call, code);
    };
    check(&["new", "--alg", "HS256"], 0);
    check(&["new", "--alg", "ES256", "--format", "der"], 0);
    check(&["new", "--alg", "ES256", "--bits", "256"], 2);
    check(&["new", "--alg", "ES256", "--out", "/no/such/folder/key.pem"], 1);
    check(&["show", &key("p256.pkcs8.private.pem")], 0);
    check(&["show", &key("p256.certificate.pem")], 0);
    check(&["show", &key("../vectors/rfc7517-a1.json")], 0);
    check(&["show", &key("refused.dsa.pkcs8.pem")], 7);
    check(&["public", &key("p256.pkcs8.private.pem")], 0);
    check(&["convert", "--format", "jwk", &key("p256.pkcs8.private.pem")], 0);
    check(&["thumbprint", &key("p256.spki.public.pem")], 0);
    check(&["set", &key("p256.spki.public.pem"), &key("ed25519.pkcs8.private.pem")], 0);
    check(&["set", &key("p256.spki.public.pem"), &key("refused.dsa.pkcs8.pem")], 7);
}

#[test]
fn rows() {
    let (good, endless) = (token(r#"{"exp":1700001800}"#), token("{}"));
    let lines = format!("{good}\n{endless}\njunk\n{{}}\n{}\n", token(r#"{"exp":1}"#));
    let set = tempfile::NamedTempFile::new().unwrap();
    let oct = |kid: &str, secret: &str| {
        let k = URL_SAFE_NO_PAD.encode(secret);
        format!(r#"{{"kty":"oct",{kid}"k":"{k}"}}"#)
    };
    let keys = [oct(r#""kid":"a","#, &SECRET.replace('0', "1")), oct("", SECRET)].join(",");
    std::fs::write(set.path(), format!(r#"{{"keys":[{keys}]}}"#)).unwrap();
    let path = set.path().to_str().unwrap();
    let mut matched = 0;
    for verb in ["decode", "verify"] {
        for (more, count) in [
            (&["--batch"][..], 5),
            (&["--find"], 3),
            (&["--batch", "--header"], 5),
            (&["--batch", "--jwks", path], 5),
        ] {
            // Only one of the two has keys, and only the other shows headers.
            if more.len() > 1 && (verb == "decode") != (more[1] == "--header") {
                continue;
            }
            let args = [&[verb, "--at", "1700000000"], more].concat();
            let call = jwtctl(&args).env("JWTCTL_SECRET", SECRET).stdin(&lines);
            let output = Output::from(call.output());
            assert_eq!(output.stdout.lines().count(), count, "{args:?}");
            for row in output.stdout.lines() {
                let row: serde_json::Value = serde_json::from_str(row).unwrap();
                matched += usize::from(row.get("key").is_some());
                fits("row", &row, &args);
            }
        }
    }
    // An expired token, too.
    assert_eq!(matched, 3);
}

#[test]
fn streams() {
    let (good, endless) = (token(r#"{"exp":1700001800}"#), token("{}"));
    let lines = format!("{good}\n{endless}\njunk\n{{}}\n[]\n");
    for verb in ["encode", "decode", "verify", "refresh"] {
        for more in [&[][..], &["--explain"]] {
            if verb == "encode" && !more.is_empty() {
                continue;
            }
            let args = [&[verb, "--json", "--batch", "--at", "1700000000"], more].concat();
            let call = jwtctl(&args).env("JWTCTL_SECRET", SECRET).stdin(&lines);
            let output = Output::from(call.output());
            assert_eq!(output.stdout.lines().count(), 5, "{args:?}");
            for row in output.stdout.lines() {
                fits(verb, &serde_json::from_str(row).unwrap(), &args);
            }
        }
    }
}
