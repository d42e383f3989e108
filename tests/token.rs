//! The compact serialization as text: what is read as a token, and where the fault is in what is not.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jwtctl::token::{HeaderCache, Malformed, Unverified};

/// What `#` stands for in the texts of these tests.
const HEADER: &str = "eyJhbGciOiJIUzI1NiJ9";

#[test]
fn what_stands_around_a_token_is_tolerated() {
    let token = format!("{HEADER}.e30.AAAA");
    for around in [
        "#",
        "  #\r\n",
        "\"#\"\n",
        "'#'",
        "Bearer #",
        "bearer  #",
        "Bearer\t#",
        "Authorization: Bearer #\n",
        "authorization:bearer #",
        "\"Authorization: Bearer #\"",
        "Bearer \"#\"",
        "DPoP #",
        "dpop #",
        "JWT #",
        "TOKEN #",
        "AUTHORIZATION: Token #",
        "\u{feff} #",
        " \u{feff}\"Bearer #\"",
    ] {
        let text = around.replace('#', &token);
        assert_eq!(Unverified::parse(text.as_bytes()).unwrap().text(), token, "{text}");
    }
    for beyond in ["\"\"#\"\"", "\"Bearer '#'\"", "\"#'"] {
        let text = beyond.replace('#', &token);
        assert!(Unverified::parse(text.as_bytes()).is_err(), "{text}");
    }
}

#[test]
fn base64url_is_strict_and_faults_are_located() {
    let empty = "there is no token: the input is empty";
    let parts = |found| format!("a token has three parts separated by dots; this text has {found}");
    let space = |at| format!("the token has white space inside (byte {at})");
    let stray = |what, at| format!("the {what} (byte {at}), which is not base64url");
    for (text, message) in [
        ("a", parts(1)),
        ("a.b", parts(2)),
        ("a.b.c.d", parts(4)),
        ("a.b.c.d.e", parts(5)),
        ("........", parts(9)),
        ("", empty.to_owned()),
        (" \n", empty.to_owned()),
        ("\"\"", empty.to_owned()),
        ("Authorization: ", empty.to_owned()),
        ("Authorization: Bearer ", empty.to_owned()),
        ("bearer", empty.to_owned()),
        ("\u{feff}\n", empty.to_owned()),
        ("authorization: JWT", empty.to_owned()),
        ("a.b.c\na.b.c", space(5)),
        ("aaa\nbb.c\n.d", space(3)),
        ("Bearer a.b.c x", space(5)),
        ("#.e30=.AAAA", "the payload is padded with '=' (byte 3)".to_owned()),
        ("#.e30.AA==", "the signature is padded with '=' (byte 2)".to_owned()),
        ("#.e30.AA/A", stray("signature has the character '/'", 2)),
        ("#.e\u{202e}30.AAAA", stray("payload has the character \"\u{202e}\"", 1)),
        ("#.e31.AAAA", "the payload ends in a character that it cannot end in (byte 2)".to_owned()),
        (
            "#.e30.AAAAA",
            "the signature has one character too many or too few (it has 5)".to_owned(),
        ),
        ("W10.e30.", "the header is an array, not a JSON object".to_owned()),
    ] {
        let text = text.replace('#', HEADER);
        let fault = Unverified::parse(text.as_bytes()).unwrap_err();
        assert_eq!(fault.to_string(), message, "{text:?}");
    }
    let fault = |bytes| Unverified::parse(bytes).unwrap_err().to_string();
    assert_eq!(fault(b"ab\xff"), "the token is not text: byte 2 is not UTF-8");
    assert_eq!(fault(&vec![b'a'; (16 << 20) + 1]), "the token is larger than 16 MiB");
}

#[test]
fn words_that_look_like_tokens_are_counted() {
    for (text, count) in [("a.b.c\na.b.c", 2), ("aaa\nbb.c\n.d", 0), ("Bearer a.b.c x", 1)] {
        let fault = Unverified::parse(text.as_bytes()).unwrap_err();
        assert!(matches!(fault, Malformed::WhiteSpace { tokens, .. } if tokens == count), "{text}");
    }
}

#[test]
fn padding_is_accepted_where_it_is_allowed_and_complete() {
    let accepted = "#.e30=.AA== #.e30.AA== eyJhbGciOiJIUzI1NiIgfQ==.e30=.AAAA #.e30=.";
    let refused = "#.e30==.AA== #.e30=.AA= #.e30=.AAAA= #.e30=.AAAA==== #.e30=.A=== #.e30=.AB== \
                   #.e3=0.AA== #.=e30.AA== #.====.AA==";
    for (texts, is_accepted) in [(accepted, true), (refused, false)] {
        for text in texts.replace('#', HEADER).split(' ') {
            assert!(Unverified::parse(text.as_bytes()).is_err(), "{text}");
            for cache in [HeaderCache::default(), HeaderCache::with_capacity(4)] {
                let mut cache = cache.allow_padding(true);
                let token = Unverified::parse_with(text.as_bytes(), &mut cache);
                assert_eq!(token.is_ok(), is_accepted, "{text}");
                if let Ok(token) = token {
                    assert!(token.is_padded());
                    assert_eq!(token.signing_input(), text.rsplit_once('.').unwrap().0);
                }
            }
        }
    }
}

#[test]
fn the_payload_is_not_parsed_before_it_is_asked_for() {
    let token = Unverified::parse(b"e30.W10.").unwrap();
    assert_eq!(token.payload(), b"[]");
    assert!(token.unverified_claims().is_err());
}

/// Many tokens are decoded with SIMD.
#[test]
fn the_fast_decoder_accepts_what_the_strict_one_does() {
    for length in (0..=6).chain([30, 31, 32, 33, 62, 63, 64, 65, 66]) {
        for last in 0..=0xffff_u32 {
            let mut text = vec![b'A'; length];
            let two = last.to_be_bytes();
            let tail = length.min(2);
            text[length - tail..].copy_from_slice(&two[4 - tail..]);
            let fast = base64_simd::URL_SAFE_NO_PAD.decode_to_vec(&text).ok();
            assert_eq!(fast, URL_SAFE_NO_PAD.decode(&text).ok(), "{text:?}");
        }
    }
}
