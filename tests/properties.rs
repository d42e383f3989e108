//! What must hold for all inputs: claims are kept unchanged, no altered token is accepted, and no input makes a parser
//! panic.

mod support;

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use jwtctl::crypto::LoadedKey;
use jwtctl::explain;
use jwtctl::explain::Problem;
use jwtctl::json::{Layout, Object, Value, respaced};
use jwtctl::keys::{
    Algorithm, KeyError, SecretFormat, read_identities, read_keys, read_printed_signature,
    read_secret, read_signature,
};
use jwtctl::output::Terminal;
use jwtctl::secret::Secret;
use jwtctl::time::{NumericDate, parse_duration, parse_when};
use jwtctl::token::{Jws, Unverified};
use proptest::collection::vec;
use proptest::prelude::*;
use support::texts::{claims, string, value};
use support::tokens::{genuine, setting};
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

fn date(number: &str) -> NumericDate {
    NumericDate::of(Value::parse(number.as_bytes()).unwrap().at(&[]).unwrap()).unwrap()
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn an_answer_of_an_agent_is_read_or_refused(
        first in prop_oneof![Just(12), Just(14), any::<u8>()],
        fields in vec(prop_oneof![vec(any::<u8>(), 0..80), Just(b"ssh-ed25519".to_vec())], 0..6),
        rest in vec(any::<u8>(), 0..20),
    ) {
        let length = |bytes: &[u8]| u32::try_from(bytes.len()).unwrap().to_be_bytes();
        let field = |bytes: &[u8]| [&length(bytes)[..], bytes].concat();
        let fields: Vec<_> = fields.iter().map(|bytes| field(bytes)).collect();
        let flat = [fields.concat(), rest].concat();
        let count = u32::try_from(fields.len() / 2).unwrap().to_be_bytes();
        for content in [flat.clone(), field(&flat), [&count, &flat[..]].concat()] {
            let answer = [&[first], &content[..]].concat();
            if let Ok(keys) = read_identities(&answer) {
                prop_assert!(keys.len() <= content.len() / 8);
            }
            for alg in Algorithm::ALL {
                let length = alg.signature_length().unwrap_or(256);
                if let Ok(signature) = read_signature(&answer, alg, length) {
                    prop_assert_eq!(signature.len(), length);
                }
            }
        }
    }

    #[test]
    fn what_a_signer_prints_is_read_or_refused(
        printed in prop_oneof![
            vec(any::<u8>(), 0..150),
            "(vault:v[0-9]{0,3}:)?[A-Za-z0-9+/_=\\s-]{0,200}".prop_map(String::into_bytes),
            (vec(any::<u8>(), 0..70), vec(any::<u8>(), 0..70)).prop_map(|(r, s)| {
                let number = |digits: &[u8]| [&[2, digits.len().to_be_bytes()[7]], digits].concat();
                let both = [number(&r), number(&s)].concat();
                [&[0x30, both.len().to_be_bytes()[7]], &both[..]].concat()
            }),
        ],
    ) {
        for alg in Algorithm::ALL {
            let length = alg.signature_length().unwrap_or(256);
            if let Some(signature) = read_printed_signature(&printed, alg, length) {
                prop_assert_eq!(signature.len(), length);
            }
        }
    }

    #[test]
    fn an_agents_rsa_signature_may_lack_its_leading_zeros(number in vec(any::<u8>(), 0..260)) {
        let field = |bytes: &[u8]| [&u32::try_from(bytes.len()).unwrap().to_be_bytes(), bytes].concat();
        let signature = field(&[field(b"rsa-sha2-256"), field(&number)].concat());
        let read = read_signature(&[&[14], &signature[..]].concat(), Algorithm::RS256, 256);
        match 256usize.checked_sub(number.len()) {
            Some(zeros) => prop_assert_eq!(read.unwrap(), [vec![0; zeros], number].concat()),
            None => prop_assert!(read.is_err()),
        }
    }

    #[test]
    fn an_sd_jwt_shows_the_claims_that_it_was_made_of(text in claims(), chosen in any::<u64>()) {
        let paths = Object::parse(text.as_bytes()).unwrap().paths();
        let pointer = |path: &Vec<String>| {
            let names = path.iter().map(|name| name.replace('~', "~0").replace('/', "~1"));
            names.fold(String::new(), |pointer, name| pointer + "/" + &name)
        };
        let is_chosen = |(i, _): &(usize, &Vec<String>)| chosen >> (i % 64) & 1 == 1;
        let chosen: Vec<_> = paths.iter().enumerate().filter(is_chosen).map(|(_, path)| pointer(path)).collect();
        let mut call = vec!["encode", "--no-iat", "--no-exp", &text];
        call.extend(chosen.iter().flat_map(|path| ["--disclosable", path]));
        let made = answer(&call);
        let shown = Value::parse(answer(&["verify", "--compact", &made]).as_bytes()).unwrap();
        prop_assert!(shown.same_as(&Value::parse(text.as_bytes()).unwrap()), "{}", shown.text());
        if let Some((issued, disclosures)) = made.split_once('~') {
            prop_assert_eq!(disclosures.matches('~').count(), chosen.len());
            answer(&["verify", &format!("{issued}~")]);
        }
    }

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
        let path = if name.starts_with('/') { &pointer } else { &name };
        let same = format!("--claim={path}:={value}");
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
    fn an_altered_token_in_json_is_never_accepted(at in any::<prop::sample::Index>(), with in any::<char>()) {
        let made = answer(&["encode", "--serialization", "json", r#"{"user_id":123}"#]);
        let claims = answer(&["verify", &made]);
        let mut altered: Vec<char> = made.chars().collect();
        let at = at.index(altered.len());
        altered[at] = with;
        let altered: String = altered.into_iter().collect();
        // A name that has no meaning, or white space between tokens, changes nothing.
        let output = call(&["verify", "--", &altered]);
        match serde_json::from_str::<serde_json::Value>(&altered) {
            Ok(json) if json == serde_json::from_str::<serde_json::Value>(&made).unwrap() => {
                prop_assert_eq!(output.stdout.trim_end(), claims);
            }
            _ => prop_assert!(matches!(output.code, 4 | 1), "{}: {:?}", altered, output),
        }
    }

    #[test]
    fn a_token_has_the_same_verdict_in_both_serializations(token in genuine(), setting in setting()) {
        let token = String::from_utf8(token).unwrap();
        let parts: Vec<_> = token.split('.').collect();
        prop_assume!(parts.len() == 3 && !token.contains(['~', '"']));
        let json = |prefix: &str, suffix: &str| format!(
            r#"{{"payload":"{}",{prefix}"protected":"{}","signature":"{}"}}{suffix}"#,
            parts[1], parts[0], parts[2],
        );
        let flattened = json("", "");
        let general = json(r#""signatures":[{"#, "]}");
        let variables: Vec<_> =
            setting.variables.iter().map(|(name, text)| (*name, text.as_str())).collect();
        let verdict = |token: &str| {
            let args = [&["verify", "--compact", token][..], &setting.flags].concat();
            let output = run_inside(&args, &variables, Terminal::No);
            (output.code, output.stdout)
        };
        let compact = verdict(&token);
        prop_assert_eq!(&verdict(&flattened), &compact, "{}", flattened);
        prop_assert_eq!(&verdict(&general), &compact, "{}", general);
    }

    #[test]
    fn a_token_cut_anywhere_is_never_accepted(at in any::<prop::sample::Index>()) {
        let genuine = token(r#"{"user_id":123}"#);
        let cut = &genuine[..at.index(genuine.len())];
        prop_assert_eq!(call(&["verify", cut]).code, 4);
    }

    #[test]
    fn no_bytes_make_a_reader_panic(bytes in vec(any::<u8>(), 0..300)) {
        let _ = Unverified::parse(&bytes).map_err(|fault| explain::explain_text(&bytes, &fault, None));
        let _ = Object::parse(bytes.clone());
        let json = [&b"{\"signature\":\"AAAA\",\"payload\":\""[..], &bytes, b"\"}"].concat();
        for text in [&bytes, &json] {
            if let Some(Ok(jws)) = Jws::parse(text) {
                let payload = jws.payload().unwrap_or_default();
                let tokens = jws.signatures().iter().flatten().map(|one| one.compact(payload));
                prop_assert!(tokens.into_iter().all(|token| token.rsplit('.').next() == Some("AAAA")));
            }
        }
        let _ = read_keys(&Secret::new(bytes.clone()), None);
        for format in SecretFormat::ALL {
            let _ = read_secret(&Secret::new(bytes.clone()), format, true);
        }
    }

    #[test]
    fn random_secrets_are_not_taken_for_keys(
        bytes in vec(any::<u8>(), 1..200),
        text in "[ -~]{1,200}",
    ) {
        // What looks like random bytes stays a secret.
        prop_assume!(bytes.iter().any(|byte| *byte != 0) && !text.trim().is_empty());
        let is_key = |bytes: Vec<u8>| {
            let read = read_secret(&Secret::new(bytes), SecretFormat::Raw, true);
            let loaded = read.and_then(|key| LoadedKey::load(key, true));
            matches!(loaded, Err(KeyError::NotASecret { .. }))
        };
        let digits = bytes.iter().map(|byte| format!("{byte:02x}")).collect::<Vec<_>>().concat();
        let base64 = STANDARD.encode(&bytes);
        for spelled in [base64, URL_SAFE_NO_PAD.encode(&bytes), digits.to_uppercase(), digits, text] {
            prop_assert!(!is_key(spelled.clone().into_bytes()), "{}", spelled);
        }
        prop_assert!(!is_key([&b"\x04"[..], &bytes].concat()));
        prop_assert!(!is_key(bytes));
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
            let seen = explain::explain_text(text.as_bytes(), &malformed, None).map(Box::new);
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
    fn dates_compare_as_their_digits_do(
        seconds in prop_oneof![1_699_999_990_u64..1_700_000_010, 0..1_u64 << 53],
        fraction in "[0-9]{0,14}",
        now in prop_oneof![1_699_999_990_u64..1_700_000_010, 0..1_u64 << 53],
        nanos in prop_oneof![Just(0_u32), 0..1_000_000_000_u32],
        shift in 0_usize..14,
    ) {
        // As decimal text of the same length on both sides, the order is that of the characters.
        let digits = |seconds: u64, fraction: &str| format!("{seconds:020}{fraction:0<14}");
        let expected = digits(seconds, &fraction).cmp(&digits(now, &format!("{nanos:09}")));
        let now = NumericDate::new(i64::try_from(now).unwrap(), nanos);
        let point = if fraction.is_empty() { "" } else { "." };
        let plain = format!("{seconds}{point}{fraction}");
        let all = format!("{fraction:0<shift$}");
        let (before, behind) = all.split_at(shift);
        let moved = format!("{}{before}.{behind}0e-{shift}", if seconds == 0 { String::new() } else { seconds.to_string() });
        let moved = moved.trim_start_matches('0');
        let moved = if moved.starts_with('.') { format!("0{moved}") } else { moved.to_owned() };
        for text in [plain, moved] {
            prop_assert_eq!(date(&text).cmp(&now), expected, "{}", text);
        }
    }

    #[test]
    fn whole_numbers_are_read_as_integers(seconds in -(1_i64 << 53)..(1_i64 << 53)) {
        for text in [format!("{seconds}"), format!("{seconds}.000"), format!("{seconds}0e-1")] {
            prop_assert_eq!(date(&text), NumericDate::from(seconds));
        }
    }

    /// What refresh makes, verify accepts in the same moment without leeway, and so does refresh, which ends its
    /// session when its limit has passed, and not earlier.
    #[test]
    fn what_refresh_makes_is_accepted(
        claims in vec(near(), 4),
        nanos in prop_oneof![Just(0_u32), 0..1_000_000_000_u32],
        flags in vec(proptest::option::of(prop::sample::select(vec![1_u32, 5, 60, 2000])), 6),
        allow_expired in any::<bool>(),
    ) {
        let names = ["iat", "nbf", "exp", "auth_time"];
        let members: Vec<_> = names.iter().zip(&claims)
            .filter_map(|(name, value)| Some(format!("\"{name}\":{}", value.as_ref()?)))
            .collect();
        let old = token(&format!("{{{}}}", members.join(",")));
        let at = format!("--at={NOW}.{nanos:09}");
        let names = ["--leeway", "--ttl", "--max-session", "--max-age", "--grace", "--if-expiring"];
        let given = names.iter().zip(&flags).filter_map(|(name, value)| Some(format!("{name}={}", (*value)?)));
        let given: Vec<_> = given.chain(allow_expired.then(|| "--allow-expired".to_owned())).collect();
        let refresh = |token: &str, at: &str| {
            let args = ["refresh", token, at].into_iter().chain(given.iter().map(String::as_str));
            call(&args.collect::<Vec<_>>())
        };
        let made = refresh(&old, &at);
        // An nbf that lies behind its iat does so in the successor, too, which is then for later.
        let delay = whole(claims[1].as_ref()).zip(whole(claims[0].as_ref())).map_or(0, |(nbf, iat)| nbf - iat);
        if made.code != 0 || made.stdout.trim_end() == old || delay > 0 {
            return Ok(());
        }
        let new = made.stdout.trim_end();
        let verified = call(&["verify", new, &at]);
        prop_assert_eq!((verified.code, verified.stderr.as_str()), (0, ""), "{:?} {:?}", members, given);
        let again = refresh(new, &at);
        prop_assert_eq!(again.code, 0, "{:?} {:?} {}", members, given, again.stderr);
        if let Some(limit) = flags[2] {
            let start = answer(&["verify", new, &at, "--get", "auth_time"]);
            let (seconds, fraction) = start.split_once('.').unwrap_or((&start, "0"));
            let end = seconds.parse::<i64>().unwrap() + i64::from(limit);
            let session = format!("--max-session={limit}");
            let refresh = |at: &str| call(&["refresh", new, at, "--allow-expired", &session]).code;
            let last = if end > NOW { format!("--at={}.999999999", end - 1) } else { at };
            let over = format!("--at={end}.{fraction:.9}");
            prop_assert_eq!((refresh(&last), refresh(&over)), (0, 6), "{:?} {:?}", members, given);
        }
    }
}

/// A time about now, to the second or not; or none.
fn near() -> impl Strategy<Value = Option<String>> {
    let seconds = prop_oneof![NOW - 8..=NOW + 8, NOW - 3000..=NOW + 3000];
    let fraction =
        prop::sample::select(vec!["", "", ".5", ".000000001", ".999999999", ".0000000000001"]);
    proptest::option::of(
        (seconds, fraction).prop_map(|(seconds, fraction)| format!("{seconds}{fraction}")),
    )
}

fn whole(date: Option<&String>) -> Option<i64> {
    date?.split('.').next()?.parse().ok()
}
