//! Lines for properties: tokens in every state, damage, text that is not a token, and calls that verify them.

use aws_lc_rs::hmac;
use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::{Index, select};

use super::SECRET;

/// A disclosure: `["s","email","a@b"]`.
const DISCLOSURE: &str = "WyJzIiwiZW1haWwiLCJhQGIiXQ";

/// Claims with its digest in place of it.
const CONCEALED: &str =
    r#"{"_sd":["RqRfir5D9ABSaUDVp0qpFdM2yxXhDan8X2yqCxZkGbM"],"exp":1700001800}"#;

/// The other key of a set.
const OTHER: &str = "another secret for tests that is long enough for HS256, HS384 and HS512";

/// What a verifier has: variables and flags. The tokens of `genuine` are signed with [`SECRET`] or [`OTHER`].
#[derive(Debug, Clone)]
pub struct Setting {
    /// Variables: the key.
    pub variables: Vec<(&'static str, String)>,
    /// Flags: where the key is, if not in the usual variable, and what is expected.
    pub flags: Vec<&'static str>,
}

/// Any setting.
pub fn setting() -> impl Strategy<Value = Setting> {
    let keys = prop_oneof![
        4 => Just(vec![("JWTCTL_SECRET", SECRET.to_owned())]),
        1 => Just(vec![("JWTCTL_SECRET", "short".to_owned())]),
        1 => Just(vec![("JWTCTL_SECRET", STANDARD.encode(SECRET))]),
        2 => Just(vec![("SET", set(&[("a", SECRET), ("b", OTHER)]))]),
        1 => Just(vec![("SET", set(&[("a", SECRET), ("b", OTHER), ("b", SECRET)]))]),
    ];
    let expectations = select(vec![
        &[][..],
        &["--aud", "me"],
        &["--iss", "https://a.example"],
        &["--require", "user_id", "--leeway", "5s"],
        &["--alg", "HS256", "--alg", "HS512"],
        &["--max-age", "1h", "--sub", "x"],
    ]);
    (keys, expectations).prop_map(|(variables, expectations)| {
        let mut flags = expectations.to_vec();
        if variables[0].0 == "SET" {
            flags.extend(["--key-env", "SET"]);
        }
        Setting { variables, flags }
    })
}

fn set(keys: &[(&str, &str)]) -> String {
    let key = |(kid, secret): &(&str, &str)| {
        let secret = URL_SAFE_NO_PAD.encode(secret);
        format!("{{\"kty\":\"oct\",\"kid\":\"{kid}\",\"k\":\"{secret}\"}}")
    };
    format!("{{\"keys\":[{}]}}", keys.iter().map(key).collect::<Vec<_>>().join(","))
}

/// A token that is signed, with whatever header and payload; perhaps an SD-JWT.
pub fn genuine() -> impl Strategy<Value = Vec<u8>> {
    let header = prop_oneof![
        6 => Just(r#"{"alg":"HS256","typ":"JWT"}"#),
        3 => Just(r#"{"alg":"HS256","kid":"a"}"#),
        3 => Just(r#"{"alg":"HS256","kid":"b"}"#),
        4 => select(vec![
            r#"{"alg":"HS256"}"#, r#"{"alg":"HS384"}"#, r#"{"alg":"HS512"}"#, r#"{"alg":"none"}"#,
            r#"{"alg":"RS256"}"#, r#"{"alg":"ES256"}"#, r#"{"alg":"hs256"}"#, r#"{"alg":null}"#, "{}",
            r#"{"alg":"HS256","kid":"c"}"#, r#"{"alg":"HS256","kid":7}"#, r#"{"alg":"HS256","crit":["x"]}"#,
            r#"{"alg":"HS256","alg":"HS256"}"#, r#"{"alg":"HS256","b64":false,"crit":["b64"]}"#,
            r#"{"alg":"HS256","zip":"DEF"}"#, "{ \"alg\" :\n\"HS256\" }", r#"{"\u0061lg":"HS256"}"#,
            r#"{"alg":"HS256","enc":"A128GCM"}"#, "[]", "junk", "", r#"{"alg":"HS256","x":"\ud800"}"#,
        ]),
    ];
    let payload = prop_oneof![
        3 => (0..4_u8).prop_map(|n| format!("{{\"user_id\":{n},\"exp\":1700001800}}")),
        1 => Just(CONCEALED.to_owned()),
        8 => select(vec![
            r#"{"exp":1699999999}"#, r#"{"exp":1700000000}"#, r#"{"exp":1700000000.5}"#, r#"{"exp":1699999996}"#,
            r#"{"nbf":1700000001,"exp":1700001800}"#, r#"{"nbf":1700000003}"#, r#"{"iat":1700000500,"exp":1700001800}"#,
            r#"{"aud":"me","exp":1700001800}"#, r#"{"aud":["you","me"],"exp":1700001800}"#, r#"{"aud":"you"}"#,
            r#"{"aud":[],"exp":1}"#, r#"{"aud":7}"#, r#"{"iss":"https://a.example","exp":1700001800}"#,
            r#"{"iss":"https://a.example/","exp":1699999999}"#, r#"{"exp":"1700001800"}"#, r#"{"exp":null}"#,
            r#"{"exp":1700001800000}"#, r#"{"exp":1e400}"#, r#"{"exp":-1}"#, r#"{"nbf":[],"exp":1,"iss":2}"#,
            r#"{"a":1,"a":2}"#, r#"{"o":{"b":1,"\u0062":2}}"#, r#"{"n":9007199254740993,"p":1.10,"exp":1700001800}"#,
            "{ \"exp\" : 1700001800 ,\n \"s\" : \"a\\nb\" }", r#"{"iat":1699999000,"exp":1700001800,"sub":"x"}"#,
            r#"{"iat":1600000000,"exp":1700001800,"sub":"x","user_id":1}"#, "{}", "[]", "1", "", "null", "junk", "\u{feff}{}",
            r#"{"s":"\u001b[31m\u202e","exp":1700001800}"#, r#"{"iat":1700000000,"exp":99999999999999}"#,
        ]).prop_map(str::to_owned),
    ];
    let secret = prop_oneof![
        8 => Just(SECRET.to_owned()),
        3 => Just(OTHER.to_owned()),
        1 => Just(format!("{SECRET}\n")),
        1 => Just("short".to_owned()),
        1 => Just(STANDARD.encode(SECRET)),
    ];
    let tail = prop_oneof![
        16 => Just(String::new()),
        1 => Just("~".to_owned()),
        1 => Just(format!("~{DISCLOSURE}~")),
        1 => Just(format!("~{DISCLOSURE}~e30.e30.AA")),
        1 => Just(format!("~{DISCLOSURE}~{DISCLOSURE}~")),
        1 => Just("~junk".to_owned()),
    ];
    (header, payload, secret, tail).prop_map(|(header, payload, secret, tail)| {
        let input =
            format!("{}.{}", URL_SAFE_NO_PAD.encode(header), URL_SAFE_NO_PAD.encode(payload));
        let key = hmac::Key::new(hmac::HMAC_SHA256, secret.as_bytes());
        let signature = URL_SAFE_NO_PAD.encode(hmac::sign(&key, input.as_bytes()));
        format!("{input}.{signature}{tail}").into_bytes()
    })
}

/// Damage to a token on its way.
#[derive(Debug, Clone)]
pub enum Mishap {
    Replaced(Index, u8),
    Inserted(Index, &'static str),
    Removed(Index, usize),
    Cut(Index),
    Around(&'static str, &'static str),
    Twice(&'static str),
    WithoutSignature,
    Encoded,
}

pub fn mishap() -> impl Strategy<Value = Mishap> {
    let inside = select(vec![
        ".", "..", " ", "\t", "=", "==", "+", "/", "-", "_", "%2E", "\\n", "\r", "\u{200b}",
        "\u{feff}", "é", "\"", "\0", "…", "\u{ff0e}", "A", "eyJ", "\u{b}", "\u{c}", "\u{85}",
        "\u{a0}", "\u{2028}",
    ]);
    let around = select(vec![
        ("Bearer ", ""),
        ("bearer ", " "),
        ("Authorization: Bearer ", ""),
        ("\"", "\""),
        ("'", "'"),
        ("<", ">"),
        ("session=", "; Path=/"),
        ("Cookie: a=b; session=", ""),
        ("https://a.example/?token=", "&x=1"),
        ("{\"access_token\":\"", "\",\"expires_in\":60}"),
        (" ", "\t"),
        ("\r", "\r"),
        ("\u{feff}", ""),
        ("@", ""),
        ("-", ""),
        ("export TOKEN=", ""),
        ("", ","),
        ("", "="),
        ("", "."),
        (".", ""),
        ("\u{a0}", "\u{a0}"),
        ("jwt ", ""),
    ]);
    prop_oneof![
        4 => (any::<Index>(), any::<u8>()).prop_map(|(at, with)| Mishap::Replaced(at, with)),
        3 => (any::<Index>(), inside).prop_map(|(at, text)| Mishap::Inserted(at, text)),
        2 => (any::<Index>(), 1..6_usize).prop_map(|(at, count)| Mishap::Removed(at, count)),
        2 => any::<Index>().prop_map(Mishap::Cut),
        4 => around.prop_map(|(before, behind)| Mishap::Around(before, behind)),
        1 => select(vec!["", ".", " ", ","]).prop_map(Mishap::Twice),
        1 => Just(Mishap::WithoutSignature),
        1 => Just(Mishap::Encoded),
    ]
}

impl Mishap {
    fn befall(self, token: &mut Vec<u8>) {
        let place = |at: Index| at.index(token.len() + 1);
        match self {
            Self::Replaced(at, with) if !token.is_empty() => {
                let at = at.index(token.len());
                token[at] = with;
            }
            Self::Replaced(_, with) => token.push(with),
            Self::Inserted(at, text) => {
                let at = place(at);
                token.splice(at..at, text.bytes());
            }
            Self::Removed(at, count) => {
                let at = place(at);
                let end = (at + count).min(token.len());
                token.drain(at..end);
            }
            Self::Cut(at) => token.truncate(place(at)),
            Self::Around(before, behind) => {
                *token = [before.as_bytes(), token, behind.as_bytes()].concat();
            }
            Self::Twice(between) => *token = [&token[..], between.as_bytes(), token].concat(),
            Self::WithoutSignature => {
                let end = token.iter().rposition(|byte| *byte == b'.');
                token.truncate(end.map_or(0, |end| end + 1));
            }
            Self::Encoded => *token = STANDARD.encode(&token).into_bytes(),
        }
    }
}

/// A text in place of a token.
pub fn stranger() -> impl Strategy<Value = Vec<u8>> {
    prop_oneof![
        vec(any::<u8>(), 0..40),
        select(vec![
            "",
            " ",
            "\t \r",
            "-",
            "--",
            "@",
            "@-",
            ".",
            "..",
            "...",
            "null",
            "undefined",
            "$TOKEN",
            "${TOKEN}",
            "{{token}}",
            "%TOKEN%",
            "junk",
            "a.b.c",
            "a.b.c.d.e",
            "eyJ",
            "eyJhbGciOiJIUzI1NiJ9",
            "eyJhbGciOiJIUzI1NiJ9.e30.",
            "eyJhbGciOiJSU0EtT0FFUCIsImVuYyI6IkEyNTZHQ00ifQ.a.b.c.d",
            "{\"error\":\"invalid_grant\"}",
            "[]",
            "<html><body>502</body></html>",
            "v4.local.AAAA",
            "ghp_0123456789abcdefghij0123456789abcdef",
            "MDAxxQ",
            "-----BEGIN PUBLIC KEY-----",
            "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAI",
            "PHNhbWxwOlJlc3BvbnNl",
            "#comment",
            "Authorization: Basic dXNlcjpwYXNz",
            "HTTP/1.1 401 Unauthorized",
            "\u{1b}[31m",
            "日本語",
            "\0",
        ])
        .prop_map(|text| text.as_bytes().to_owned()),
    ]
}

/// A line, without its end.
pub fn item() -> impl Strategy<Value = Vec<u8>> {
    let damaged = (genuine(), vec(mishap(), 1..3)).prop_map(|(mut token, mishaps)| {
        for mishap in mishaps {
            mishap.befall(&mut token);
        }
        token
    });
    let any = prop_oneof![5 => genuine(), 4 => damaged, 2 => stranger()];
    any.prop_map(|mut item| {
        item.retain(|byte| *byte != b'\n');
        item
    })
}
