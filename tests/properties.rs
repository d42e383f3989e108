//! What must hold for all inputs: claims come through unchanged, no altered token is accepted, and
//! no bytes whatever make a reader panic.

mod support;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jwtctl::diagnose;
use jwtctl::json::{Layout, Object, Value, respaced};
use jwtctl::keys::{SecretFormat, read_keys, read_secret};
use jwtctl::problem::Problem;
use jwtctl::render::Terminal;
use jwtctl::secret::Secret;
use jwtctl::time::{NumericDate, parse_duration, parse_when};
use jwtctl::token::Unverified;
use proptest::collection::vec;
use proptest::prelude::*;
use support::texts::{claims, string, value};
use support::{NOW, Output, SECRET, run_inside, token};

fn call(args: &[&str]) -> Output {
    run_inside(args, &[("JWTCTL_SECRET", SECRET)], Terminal::No)
}

/// The answer of a call that must succeed.
fn answer(args: &[&str]) -> String {
    let output = call(args);
    assert_eq!(output.code, 0, "{args:?}: {}", output.stderr);
    output.stdout.trim_end().to_owned()
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn claims_go_through_every_verb_unchanged(text in claims()) {
        let compact = respaced(&text, Layout::Compact);
        let made = answer(&["encode", "--no-iat", "--no-exp", &text]);
        let payload = made.split('.').nth(1).unwrap();
        prop_assert_eq!(URL_SAFE_NO_PAD.decode(payload).unwrap(), compact.as_bytes());
        prop_assert_eq!(&answer(&["decode", "--compact", &made]), &compact);
        prop_assert_eq!(&answer(&["verify", "--compact", &made]), &compact);
        let indented = answer(&["verify", &made]);
        prop_assert_eq!(&respaced(&indented, Layout::Compact), &compact);

        let refreshed = answer(&["refresh", "--ttl", "60", &made]);
        let comma = if compact == "{}" { "" } else { "," };
        let expected = format!("{}{comma}\"exp\":{}}}", &compact[..compact.len() - 1], NOW + 60);
        prop_assert_eq!(&answer(&["decode", "--compact", &refreshed]), &expected);

        let report = answer(&["verify", "--json", "--compact", &made]);
        let inside = format!("\"claims\":{compact},\"key\":");
        prop_assert!(report.contains(&inside), "{}", report);
    }

    #[test]
    fn any_one_claim_can_be_got_and_set(name in string(), value in value()) {
        let name = Value::parse(name.as_bytes()).unwrap().as_string().unwrap();
        prop_assume!(!name.is_empty() && !name.contains('=') && !name.ends_with(':'));
        let registered = ["exp", "nbf", "iat", "iss", "aud", "sub", "jti"];
        prop_assume!(!registered.contains(&name.as_str()) && !name.starts_with('-'));
        let compact = respaced(&value, Layout::Compact);
        let made = answer(&["encode", "--claim", &format!("{name}:={value}")]);
        let pointer = format!("/{}", name.replace('~', "~0").replace('/', "~1"));
        let got = call(&["verify", &made, "--compact", "--get", &pointer]);
        let expected = Value::parse(compact.as_bytes()).unwrap();
        let expected = expected.as_string().unwrap_or(compact);
        prop_assert_eq!(got.stdout, format!("{expected}\n"));
        let same = format!("--claim={name}:={value}");
        prop_assert_eq!(call(&["verify", &made, "--quiet", &same]).code, 0);
    }

    #[test]
    fn an_altered_token_is_never_accepted(at in any::<prop::sample::Index>(), with in any::<char>()) {
        let genuine = token(r#"{"user_id":123}"#);
        let mut altered: Vec<char> = genuine.chars().collect();
        let at = at.index(altered.len());
        prop_assume!(altered[at] != with);
        altered[at] = with;
        let altered: String = altered.into_iter().collect();
        // White space at either end is not part of the token; without the character it is cut.
        let output = call(&["verify", "--", &altered]);
        prop_assert!(matches!(output.code, 4 | 1), "{}: {:?}", altered, output);
        prop_assert_eq!(output.stdout, "");
    }

    #[test]
    fn a_token_cut_anywhere_is_never_accepted(at in any::<prop::sample::Index>()) {
        let genuine = token(r#"{"user_id":123}"#);
        let cut = &genuine[..at.index(genuine.len())];
        prop_assert_eq!(call(&["verify", cut]).code, 4);
    }

    #[test]
    fn no_bytes_make_a_reader_panic(bytes in vec(any::<u8>(), 0..300)) {
        let _ = Unverified::parse(&bytes).map_err(|fault| diagnose::look(&bytes, &fault));
        let _ = Object::parse(&bytes);
        let _ = read_keys(&Secret::new(bytes.clone()), None);
        for format in SecretFormat::ALL {
            let _ = read_secret(&Secret::new(bytes.clone()), format, true);
        }
    }

    #[test]
    fn no_text_in_a_tokens_place_makes_its_explanation_panic(
        start in prop::sample::select(vec![
            "", "eyJ", "eyJhbGciOiJIUzI1NiJ9.", "Cookie: ", "HTTP/", "{\"", "[", "<", "$", "%",
            "https://", "Bearer ", "\u{1b}[1m", "ZXlK", "PD94bW", "MDAxx", "v4.local.", "ssh-",
        ]),
        rest in vec(prop_oneof![
            4 => prop::sample::select(vec![
                "eyJhbGciOiJIUzI1NiJ9.e30.", "eyJa.b.c", ".", "..", "…", "=", "%2E", "%", "\\n", ";",
                " ", "\n", "\"", "}", "]", ":", "~", "é", "世", "\u{200b}", "\u{ff0e}", "a", "+", "/",
            ]).prop_map(str::to_owned),
            1 => any::<char>().prop_map(String::from),
        ], 0..12),
    ) {
        let text = start.to_owned() + &rest.concat();
        if let Err(malformed) = Unverified::parse(text.as_bytes()) {
            let seen = diagnose::look(text.as_bytes(), &malformed).map(Box::new);
            let said = Problem::Token(malformed, seen).explain();
            prop_assert!(!said.message.contains('\n') && said.message.len() < 300, "{}", said.message);
            prop_assert!(said.evidence.iter().all(|line| line.len() <= 40), "{:?}", said.evidence);
        }
    }

    #[test]
    fn no_text_makes_a_reader_of_times_panic(text in any::<String>()) {
        let _ = parse_duration(&text);
        let _ = parse_when(&text);
    }

    #[test]
    fn no_block_in_pem_makes_a_reader_panic(
        label in prop::sample::select(vec![
            "PRIVATE KEY", "PUBLIC KEY", "RSA PRIVATE KEY", "RSA PUBLIC KEY", "EC PRIVATE KEY",
            "CERTIFICATE", "ENCRYPTED PRIVATE KEY", "OPENSSH PRIVATE KEY", "EC PARAMETERS",
        ]),
        der in vec(any::<u8>(), 0..300),
    ) {
        let body = base64::engine::general_purpose::STANDARD.encode(&der);
        let pem = format!("-----BEGIN {label}-----\n{body}\n-----END {label}-----\n");
        prop_assert!(read_keys(&Secret::new(pem.into_bytes()), None).is_err());
    }

    #[test]
    fn what_is_accepted_is_what_serde_json_accepts(text in "[\\[\\]{}:,\"a\\\\u0-9eE.+ -]{0,24}") {
        let ours = Value::parse(text.as_bytes());
        let theirs = serde_json::from_str::<serde_json::Value>(&text);
        if ours.is_ok() {
            // Numbers beyond a double are the one thing that only we accept.
            let too_large = |error: &serde_json::Error| error.to_string().contains("out of range");
            prop_assert!(theirs.as_ref().map_or_else(too_large, |_| true), "{}", text);
        } else if theirs.is_ok() {
            prop_assert!(ours.unwrap_err().to_string().contains("twice"), "{}", text);
        }
    }

    #[test]
    fn whole_numbers_compare_as_integers_do(seconds in -(1_i64 << 53)..(1_i64 << 53), other in any::<i32>()) {
        for text in [format!("{seconds}"), format!("{seconds}.000"), format!("{seconds}0e-1")] {
            let number = Value::parse(text.as_bytes()).unwrap().as_number().unwrap();
            let date = NumericDate::from(&number);
            prop_assert_eq!(date.seconds, seconds);
            prop_assert_eq!(date.is_after(other.into()), seconds > other.into());
        }
    }
}
