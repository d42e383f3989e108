//! What is left of tokens in redacted text: never one that verifies, wherever it begins and ends; and everything else.

mod support;

use aws_lc_rs::hmac;
use jwtctl::output::Terminal;
use jwtctl::token::{Hidden, Redactor};
use proptest::prelude::*;
use support::harness::{HEADER, SECRET, base64url, signed};
use support::run_inside;

const ALL: [Hidden; 3] = [Hidden::Signature, Hidden::Payload, Hidden::Token];

/// Redacts a text that is fed in pieces of this length.
fn in_pieces(text: &[u8], length: usize, hidden: Hidden, same_length: bool) -> Vec<u8> {
    let (mut redactor, mut out) = (Redactor::new(hidden, same_length), Vec::new());
    for piece in text.chunks(length) {
        redactor.feed(piece, &mut out);
    }
    redactor.finish(&mut out);
    out
}

fn whole(text: &[u8], hidden: Hidden, same_length: bool) -> Vec<u8> {
    in_pieces(text, text.len().max(1), hidden, same_length)
}

/// A text with the signatures hidden.
fn redacted(text: &str) -> String {
    String::from_utf8(whole(text.as_bytes(), Hidden::Signature, false)).unwrap()
}

fn mac(input: &[u8]) -> String {
    base64url(hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, SECRET.as_bytes()), input))
}

/// A token of any encoded header and payload.
fn token_of(header: &str, payload: &str) -> String {
    let input = format!("{header}.{payload}");
    format!("{input}.{}", mac(input.as_bytes()))
}

fn belongs(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"-_=".contains(&byte)
}

/// A token in a text that the secret verifies. It may begin at every character of what is before its first dot, and its
/// signature may end anywhere.
fn genuine_token(text: &[u8]) -> Option<String> {
    let dots: Vec<_> = (0..text.len()).filter(|at| text[*at] == b'.').collect();
    for pair in dots.windows(2) {
        let (first, second) = (pair[0], pair[1]);
        if !text[first + 1..second].iter().all(|b| belongs(*b)) {
            continue;
        }
        let length = text[..first].iter().rev().take_while(|b| belongs(**b)).count();
        for start in first - length..first {
            let input = &text[start..second];
            let signature = mac(input);
            if text[second + 1..].starts_with(signature.as_bytes()) {
                return Some(format!("{}.{signature}", String::from_utf8_lossy(input)));
            }
        }
    }
    None
}

#[test]
fn the_search_for_genuine_tokens_finds_them() {
    let token = signed(HEADER, "{}");
    assert_eq!(genuine_token(format!("a.b.xyz{token}Q==.e").as_bytes()), Some(token));
}

/// What tokens are made of and surrounded by.
fn fragment() -> impl Strategy<Value = String> {
    let header = prop_oneof![
        Just(HEADER.to_owned()),
        Just(r#" {"alg":"HS256"}"#.to_owned()),
        Just("\n\t{ \"alg\":\"HS256\"}".to_owned()),
        Just("  \r\n {\"x\":\"}{\\\\\\\"\",\"alg\":\"HS256\"} ".to_owned()),
        Just(r#"{"alg":"HS256","x":{"y":["]"]}}"#.to_owned()),
        Just(r#"{"\u0061lg":"HS256"}"#.to_owned()),
        Just(r#"{"alg":"HS256","enc":"A128GCM"}"#.to_owned()),
        Just(r#"{"alg":"none"}"#.to_owned()),
        "[a-z]{0,5}".prop_map(|kid| format!(r#"{{"kid":"{kid}","alg":"HS256"}}"#)),
    ];
    let padding = prop_oneof![4 => Just(""), 1 => Just("="), 1 => Just("=="), 1 => Just("%3D")];
    let payload = prop_oneof![
        Just(base64url("{}")),
        Just(base64url(r#"{"sub":"ann"}"#)),
        Just(base64url(HEADER)),
        Just(String::new())
    ];
    let token = (header, padding, payload.clone(), any::<bool>());
    let token = token.prop_map(|(header, padding, payload, both)| {
        let header = format!("{}{padding}", base64url(header));
        token_of(&header, &format!("{payload}{}", if both { padding } else { "" }))
    });
    let other = prop_oneof![
        Just("."),
        Just(".."),
        Just("="),
        Just("~"),
        Just("%2E"),
        Just("%2e"),
        Just("%252E"),
        Just("%25"),
        Just("\\u002e"),
        Just("\\\\u003D"),
        Just("\\u00"),
        Just("\"signatur\\u0065\":\"0123456789abcdefghijklmno"),
        Just("\"t\\\\u0061"),
        Just("%"),
        Just(" "),
        Just("\n"),
        Just("[redacted]"),
        Just("[redac"),
        Just("***"),
        Just("eyJ"),
        Just("ey"),
        Just("\u{e9}"),
        Just(
            "{\"payload\":\"e30\",\"protected\":\"eyJ9\",\"signature\":\"0123456789abcdefghijklmno\"}"
        ),
        Just("\"header\":{},"),
        Just("\\\"protected\\\": \\\""),
        Just("\"ciphertext\":\"abc\",\"tag\" : \"0123456789012345678901\""),
        Just("\"signature"),
        Just("\"tag\":\"0123456789012345678901"),
        Just("\""),
    ];
    prop_oneof![
        4 => token.clone(),
        1 => token.clone().prop_map(|token| token.replace('.', "%2E")),
        1 => (token, any::<prop::sample::Index>(), any::<bool>()).prop_map(|(token, at, ends)| {
            let at = at.index(token.len());
            let (before, after) = (&token[..at], &token[at..]);
            (if ends { after } else { before }).to_owned()
        }),
        4 => other.prop_map(str::to_owned),
        1 => "[A-Za-z0-9_-]{1,9}",
        1 => payload,
    ]
}

fn text() -> impl Strategy<Value = String> {
    prop::collection::vec(fragment(), 0..9).prop_map(|fragments| fragments.concat())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn no_piece_of_a_line_is_a_token_that_verifies(text in text()) {
        for hidden in ALL {
            for same_length in [false, true] {
                let out = whole(text.as_bytes(), hidden, same_length);
                prop_assert_eq!(genuine_token(&out), None, "{:?}", String::from_utf8(out));
            }
        }
    }

    #[test]
    fn pieces_make_no_difference(text in text(), length in 1..40_usize) {
        for hidden in ALL {
            for same_length in [false, true] {
                let out = whole(text.as_bytes(), hidden, same_length);
                for length in [1, length] {
                    let pieces = in_pieces(text.as_bytes(), length, hidden, same_length);
                    prop_assert_eq!(String::from_utf8(pieces), String::from_utf8(out.clone()));
                }
            }
        }
    }

    #[test]
    fn what_is_redacted_stays_as_it_is(text in text()) {
        for hidden in ALL {
            for same_length in [false, true] {
                let once = whole(text.as_bytes(), hidden, same_length);
                let twice = whole(&once, hidden, same_length);
                prop_assert_eq!(String::from_utf8(twice), String::from_utf8(once));
            }
        }
    }

    #[test]
    fn the_same_length_keeps_every_other_byte_in_its_place(text in text()) {
        for hidden in ALL {
            let out = whole(text.as_bytes(), hidden, true);
            prop_assert_eq!(out.len(), text.len());
            prop_assert!(out.iter().zip(text.bytes()).all(|(new, old)| *new == old || *new == b'*'));
        }
    }

    #[test]
    fn text_without_tokens_is_not_touched(
        words in prop::collection::vec(prop_oneof![
            "[ -~\\n]{0,20}".prop_map(String::from),
            Just("eyJ1c2VyIjoxfQ.Zx8.sig".to_owned()),
            Just("\"signature\":\"0123456789abcdefghijklmnop\"".to_owned()),
            Just("\"tag\":\"latest\"".to_owned()),
            Just("eyJhbGciOi".to_owned()),
        ], 0..12),
    ) {
        let text = words.join(" ");
        let beside = ["protected", "header", "ciphertext"].iter().any(|name| text.contains(name));
        prop_assume!(!beside);
        for hidden in ALL {
            prop_assert_eq!(&whole(text.as_bytes(), hidden, false), text.as_bytes());
        }
    }

    #[test]
    fn any_bytes_are_copied(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
        prop_assert_eq!(whole(&bytes, Hidden::Signature, false), bytes);
    }
}

/// The text around a token, in which `H`, `P`, `S` are its parts, and what is left of it.
#[test]
fn what_is_hidden_of_each_form() {
    let [header, payload, signature] =
        [&base64url(HEADER)[..], "eyJzdWIiOiJhbm4ifQ", "c2lnbmF0dXJl"];
    let fill = |text: &str| {
        text.replace('H', "\0").replace('P', payload).replace('S', signature).replace('\0', header)
    };
    for (text, default, with_payload, all) in [
        ("H.P.S", "H.P.[redacted]", "H.[redacted].[redacted]", "[redacted]"),
        ("xyz_H.P.S-", "xyz_H.P.[redacted]", "xyz_H.[redacted].[redacted]", "xyz_[redacted]"),
        ("a.b.H.P.S.c", "a.b.H.P.[redacted]", "a.b.H.[redacted].[redacted]", "a.b.[redacted]"),
        (
            "(H.P.S.) H.P.S.",
            "(H.P.[redacted].) H.P.[redacted].",
            "(H.[redacted].[redacted].) H.[redacted].[redacted].",
            "([redacted].) [redacted].",
        ),
        ("H=.P=.S=;", "H=.P=.[redacted];", "H=.[redacted].[redacted];", "[redacted];"),
        (
            "?t=H%2EP%2eS&x",
            "?t=H%2EP%2e[redacted]&x",
            "?t=H%2E[redacted]%2e[redacted]&x",
            "?t=[redacted]&x",
        ),
        (
            "H.P.S~S~S~ H.P.S~S~H.P.S",
            "H.P.[redacted] H.P.[redacted]",
            "H.[redacted].[redacted] H.[redacted].[redacted]",
            "[redacted] [redacted]",
        ),
        (
            "?u=%3Ft%3DH%252EP%252ES%26x H%25252EP%25252eS",
            "?u=%3Ft%3DH%252EP%252E[redacted]%26x H%25252EP%25252e[redacted]",
            "?u=%3Ft%3DH%252E[redacted]%252E[redacted]%26x H%25252E[redacted]%25252e[redacted]",
            "?u=%3Ft%3D[redacted]%26x [redacted]",
        ),
        (
            r#""H\u003d.P\u003d.S\u003d\u0022" "H\\u002EP\\u002ES\\n""#,
            r#""H\u003d.P\u003d.[redacted]\u0022" "H\\u002EP\\u002E[redacted]\\n""#,
            r#""H\u003d.[redacted].[redacted]\u0022" "H\\u002E[redacted]\\u002E[redacted]\\n""#,
            r#""[redacted]\u0022" "[redacted]\\n""#,
        ),
        ("H..S", "H..[redacted]", "H..[redacted]", "[redacted]"),
        ("H.P. x", "H.P.[redacted] x", "H.[redacted].[redacted] x", "[redacted] x"),
        ("H.P x", "H.P x", "H.[redacted] x", "[redacted] x"),
        ("H. x", "H. x", "H. x", "H. x"),
        ("H x", "H x", "H x", "H x"),
        ("H.H.P.S", "H.H.[redacted]", "H.[redacted].[redacted]", "[redacted]"),
    ] {
        for (hidden, left) in ALL.into_iter().zip([default, with_payload, all]) {
            let out = whole(fill(text).as_bytes(), hidden, false);
            assert_eq!(String::from_utf8(out).unwrap(), fill(left), "{text} {hidden:?}");
        }
    }
    let jwe = base64url(r#"{"alg":"dir","enc":"A128GCM"}"#);
    assert_eq!(redacted(&format!("{jwe}..aXY.Y2lwaGVy.dGFn.")), format!("{jwe}.[redacted]."));
    let out = whole(fill("a H.P.S b").as_bytes(), Hidden::Signature, true);
    assert_eq!(String::from_utf8(out).unwrap(), fill("a H.P.************ b"));
}

#[test]
fn members_of_json_serializations_are_hidden_wherever_they_are_in_the_line() {
    let signature = mac(b"any");
    for (before, after) in [
        (r#"{"payload":"e30","protected":"eyJ9","signature":""#, r#""}"#),
        (r#"{"signature" : ""#, r#"","protected":"eyJ9","payload":"e30"}"#),
        (r#"{"signature":""#, r#"==","header":{"alg":"HS256"},"payload":"e30"}"#),
        (r#"{"payload":"e30","signatures":[{"header":{},"signature":""#, r#""}]}"#),
        (r#"{"log":"{\"payload\":\"e30\",\"protected\":\"eyJ9\",\"signature\":\""#, r#"\"}"}"#),
        (r#"{"ciphertext":"YQ","tag":""#, r#""}"#),
        (r#"{"tag":""#, r#"","iv":"aXY","ciphertext":"YQ"}"#),
        (r#"{"payload":"e30","protected":"eyJ9","signatur\u0065":""#, r#""}"#),
        (r#"{"\u0073\u0069\u0067\u006e\u0061\u0074\u0075\u0072\u0065":""#, r#"","protected":""}"#),
        (r#"{"t\u0061g":""#, r#"","iv":"aXY","ciphert\u0065xt":"YQ"}"#),
        (r#"{"log":"{\"ciphertext\":\"YQ\",\"ta\\u0067\":\""#, r#"\"}"}"#),
        (
            r#"{"encrypted\u005Fkey":"YQ","signatur\u0065":"","cipherte\u0078t":"YQ","tag":""#,
            r#""}"#,
        ),
    ] {
        let line = |value: &str| format!("\n{before}{value}{after}\n");
        let kept = line("[redacted]").replace("]==", "]");
        assert_eq!(redacted(&line(&signature)), kept);
    }
    for other in [
        format!(r#"{{"signature":"{signature}"}}"#),
        format!("{{\"signature\":\"{signature}\"}}\n{{\"protected\":\"eyJ9\"}}"),
        format!(r#"{{"ciphertext":"YQ","tag":"latest","signature":"{signature}"}}"#),
        format!(r#"{{"protected":"eyJ9","signature":"sha256={signature}"}}"#),
        format!(r#"{{"protected":"eyJ9","signatures":"{signature}"}}"#),
        format!(r#"{{"protected":"eyJ9","signatur\u0066":"{signature}","\u0065":"{signature}"}}"#),
    ] {
        assert_eq!(redacted(&other), other);
    }
}

/// The same by the program itself, so that the search above asks what `verify` asks.
#[test]
fn verify_refuses_what_is_left() {
    let verify = |token: &str, flags: &[&str]| {
        let args = [&["verify", token], flags].concat();
        run_inside(&args, &[("JWTCTL_SECRET", SECRET)], Terminal::No).code
    };
    let padded = |json: &str| base64url(json) + ["", "", "==", "="][base64url(json).len() % 4];
    for (header, flags) in [
        (base64url(HEADER), &[][..]),
        (base64url(" \n {\"alg\":\"HS256\"}"), &[]),
        (base64url(r#"{"\u0061lg":"HS256"}"#), &["--raw"]),
        (padded(r#"{"alg":"HS256"} "#), &["--allow-padding"]),
    ] {
        let token = token_of(&header, &padded("{ }").replace('=', ""));
        assert_eq!(verify(&token, flags), 0, "{header}");
        assert_eq!(verify(&redacted(&token), flags), 4, "{header}");
        assert_eq!(verify(&redacted(&format!("a{token}"))[1..], flags), 4, "{header}");
    }
    let unencoded = base64url(r#"{"alg":"HS256","b64":false,"crit":["b64"]}"#);
    let input = format!("{unencoded}.hello ~ world");
    let token = format!("{input}.{}", mac(input.as_bytes()));
    assert_eq!(verify(&token, &["--raw"]), 0);
    assert_eq!(redacted(&token), format!("{input}.[redacted]"));
    assert_eq!(verify(&redacted(&token), &["--raw"]), 4);
    let token = token_of(&base64url(HEADER), &base64url("{}"));
    let [header, payload, signature] = token.split('.').collect::<Vec<_>>()[..] else { panic!() };
    let escaped =
        signature.bytes().fold(String::new(), |text, byte| format!("{text}\\u00{byte:02X}"));
    let json =
        format!(r#"{{"payload":"{payload}","protected":"{header}","signature":"{escaped}"}}"#);
    assert_eq!(verify(&json, &[]), 0);
    assert_eq!(redacted(&json), json.replace(&escaped, "[redacted]"));
}
