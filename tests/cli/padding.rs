//! Tokens with `=` padding are refused without `--allow-padding`, and checked as they are with it. The hint removes the
//! padding only if the signature does not cover it.

use aws_lc_rs::hmac;
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE;

use crate::diagnosed::pkcs8;
use crate::harness::{
    CLAIMS, Call, HEADER, PRINTED, SECRET, clocked, jwtctl, keyed, line, parts, text, token,
};
use crate::strangers::{json, mended};

const KEY: &str = "p256.spki.public.pem";

/// A header as AWS load balancers write it, of a length that needs padding.
const ALB: &str = r#"{"typ":"JWT","kid":"12345678-1234-1234-1234-123456789012","alg":"ES256","iss":"https://idp.example","client":"abc","signer":"arn:aws:elasticloadbalancing:eu-west-1:1:loadbalancer/app/a/b","exp":1700001800}"#;

/// A token of padded parts whose padding is signed.
fn padded(header: &str, sign: impl Fn(&[u8]) -> Vec<u8>) -> String {
    let input = format!("{}.{}", URL_SAFE.encode(header), URL_SAFE.encode(CLAIMS));
    let signature = URL_SAFE.encode(sign(input.as_bytes()));
    assert!(input.contains('=') && signature.ends_with('='), "{input}.{signature}");
    format!("{input}.{signature}")
}

/// What a load balancer sends in `x-amzn-oidc-data`.
fn alb() -> String {
    padded(ALB, |input| {
        let key = pkcs8("p256.pkcs8.private.pem");
        let key = EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, &key).unwrap();
        key.sign(&SystemRandom::new(), input).unwrap().as_ref().to_vec()
    })
}

fn by_secret(input: &[u8]) -> Vec<u8> {
    let key = hmac::Key::new(hmac::HMAC_SHA256, SECRET.as_bytes());
    hmac::sign(&key, input).as_ref().to_vec()
}

/// The code, the hint and the evidence of a call's only problem.
fn problem(call: &Call) -> (String, String, String) {
    let report = json(call);
    let problem = &report["problems"][0];
    assert_eq!(report["problems"].as_array().unwrap().len(), 1, "{report}");
    let member = |name: &str| problem[name].as_str().unwrap_or_default().to_owned();
    (member("code"), member("hint"), problem["evidence"].to_string())
}

#[test]
fn a_token_whose_padding_is_signed_verifies_with_allow_padding() {
    let token = alb();
    let call = |args: &[&str]| clocked(&[args, &["--key", KEY]].concat()).key(KEY).stdin(&token);
    let hint = "the padding was signed, as AWS load balancers do: accept it with --allow-padding";
    let (code, said, _) = problem(&call(&["verify", "--json"]));
    assert_eq!((code.as_str(), said.as_str()), ("token-base64", hint));
    call(&["verify", "--allow-padding", "-"]).stdout(PRINTED).code(0);
    jwtctl(&["verify", "--allow-padding", "-", "--raw", "--key", KEY])
        .key(KEY)
        .stdin(&token)
        .stdout(CLAIMS)
        .code(0);
    call(&["verify", "--allow-padding", "--tokens", "--batch", "-"])
        .stdout(line(&token))
        .summary("1 line: 1 valid")
        .code(0);
    let explained = call(&["verify", "--batch", "--explain", "--json"]);
    assert!(text(&explained.output().stdout).contains(hint));
}

#[test]
fn refresh_accepts_padding_and_writes_none() {
    let token = padded(HEADER, by_secret);
    let (code, hint, _) = problem(&keyed(&["refresh", "--json"]).stdin(&token));
    assert_eq!(code, "token-base64");
    assert!(hint.contains("--allow-padding"), "{hint}");
    let output = keyed(&["refresh", "--allow-padding", "-"]).stdin(&token).output();
    assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
    let successor = text(&output.stdout);
    assert!(!successor.contains('='), "{successor}");
    assert_eq!(parts(&successor), (HEADER.to_owned(), CLAIMS.to_owned()));
}

#[test]
fn for_padding_that_is_not_signed_the_hint_strips_it() {
    let token = token(CLAIMS);
    let [header, payload, signature] = token.split('.').collect::<Vec<_>>()[..] else { panic!() };
    let pad = |part: &str| part.to_owned() + &"=".repeat((4 - part.len() % 4) % 4);
    let given = [pad(header), pad(payload), pad(signature)].join(".");
    assert_ne!(format!("{}.{}", pad(header), pad(payload)), format!("{header}.{payload}"));
    let (code, hint, _) = problem(&keyed(&["verify", "--json"]).stdin(&given));
    assert_eq!((code.as_str(), hint.as_str()), ("token-base64", "pipe it through tr -d ="));
    mended(&given);
    // With --allow-padding, it is a text that was not signed.
    let (code, hint, evidence) =
        problem(&keyed(&["verify", "--allow-padding", "-", "--json"]).stdin(&given));
    assert_eq!((code.as_str(), hint.as_str()), ("bad-signature", "pipe it through tr -d ="));
    assert!(evidence.contains("it matches without the padding"), "{evidence}");
}

#[test]
fn for_a_padded_token_of_another_key_the_hint_covers_both_cases() {
    let hint = "if the signer signed the padding, as AWS load balancers do, accept it with --allow-padding; otherwise, \
                pipe it through tr -d =";
    let other = "another secret of at least 32 bytes";
    let call = clocked(&["verify", "--json", "-S", other]).stdin(padded(HEADER, by_secret));
    let (code, said, evidence) = problem(&call);
    assert_eq!((code.as_str(), said.as_str()), ("token-base64", hint));
    assert!(evidence.contains("neither with the padding nor without it"), "{evidence}");
    // With a key of another kind nothing is tried or reported.
    let (_, said, evidence) = problem(&clocked(&["verify", "--json", "-S", other]).stdin(alb()));
    assert_eq!((said.as_str(), evidence.contains("neither")), (hint, false));
}

#[test]
fn only_complete_padding_is_accepted() {
    let token = padded(HEADER, by_secret);
    let (input, signature) = token.rsplit_once('.').unwrap();
    for given in [
        format!("{input}.{signature}="),
        format!("{input}.{}", &signature[..signature.len() - 4]),
        format!("{input}=.{signature}"),
        format!("{}.{signature}", input.replacen('=', "", 1)),
        format!("={input}.{signature}"),
        input.to_owned(),
    ] {
        let output = keyed(&["verify", "--allow-padding", "-"]).stdin(&given).output();
        assert_eq!((output.status.code(), text(&output.stdout).as_str()), (Some(4), ""), "{given}");
    }
    let plain = crate::harness::token(CLAIMS);
    keyed(&["verify", "--allow-padding", "-"]).stdin(plain).stdout(PRINTED).code(0);
}

#[test]
fn padding_that_is_not_whole_is_not_said_to_be_admitted() {
    let token = padded(HEADER, by_secret);
    let (input, signature) = token.rsplit_once('.').unwrap();
    let hint = "was it cut? A part with its padding is a multiple of four characters long; if the padding was not \
                signed, pipe it through tr -d =";
    for given in [format!("{input}=.{signature}"), format!("{input}.{signature}=")] {
        for flags in [&["verify", "--json"][..], &["verify", "--json", "--allow-padding", "-"]] {
            let (code, said, _) = problem(&keyed(flags).stdin(&given));
            assert_eq!((code.as_str(), said.as_str()), ("token-base64", hint), "{given}");
        }
    }
    // Of a signature that is not there nothing is said.
    let (_, _, evidence) = problem(&keyed(&["verify", "--json"]).stdin(format!("{input}.")));
    assert!(!evidence.contains("its signature matches"), "{evidence}");
}

#[test]
fn decode_shows_a_padded_token_and_says_so() {
    let hint = "verify rejects it without --allow-padding, which is for signers that sign the padding, as AWS load balancers do";
    let token = alb();
    clocked(&["decode"])
        .stdin(&token)
        .stdout(PRINTED)
        .warning("the token is padded with '=', which a JWT must not be (RFC 7515 section 2)")
        .hint(hint)
        .code(0);
    let report = json(&clocked(&["decode", "--json"]).stdin(&token));
    assert_eq!(report["warnings"][0]["code"], "token-base64");
    assert_eq!(report["signature"], token.rsplit_once('.').unwrap().1);
}

#[test]
fn each_padded_token_of_a_stream_has_its_warning() {
    // The header alone is padded, so what is behind it is a token like the one before.
    let token = format!("{}.e30.AAAA", URL_SAFE.encode(r#"{"alg":"none"}"#));
    assert!(token.contains("=."), "{token}");
    let output = clocked(&["decode", "--batch"]).stdin(format!("{token}\n{token}\n")).output();
    let rows = String::from_utf8(output.stdout).unwrap();
    assert_eq!(rows.matches("padded with '='").count(), 2, "{rows}");
}
