//! Tokens are found in any text, whole or not at all, wherever a read ends.

use std::io::{self, Read};
use std::sync::atomic::{AtomicU64, Ordering};

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jwtctl::batch::Blocks as _;
use jwtctl::input::{Chunk, Chunks, Decompressed, Position};
use jwtctl::token::TokenFinder;
use proptest::prelude::*;

/// Two headers, a JWS and a JWE, an unsecured JWS, and an SD-JWT.
const HEADER: &str = "eyJhbGciOiJIUzI1NiJ9";
const TOKEN: &str = "eyJhbGciOiJIUzI1NiJ9.eyJhIjoxfQ.c2lnbmF0dXJl";
const JWE: &str = "eyJhbGciOiJkaXIiLCJlbmMiOiJBMTI4R0NNIn0..aXY.dGV4dA.dGFn";
const UNSECURED: &str = "eyJhbGciOiJub25lIn0.e30.";
const SD_JWT: &str = "eyJhbGciOiJIUzI1NiJ9.eyJhIjoxfQ.c2lnbmF0dXJl~WyJhIl0~WyJiIl0~";

fn found(text: &[u8]) -> Vec<String> {
    let (mut finder, mut from, mut found) = (TokenFinder::new(4), 0, Vec::new());
    while let Some(token) = finder.next(text, from) {
        from = token.end;
        found.push(String::from_utf8(text[token].to_vec()).unwrap());
    }
    found
}

/// Texts in which `§` stands for a token.
#[test]
fn a_token_is_found_whatever_is_around_it() {
    for around in [
        "§",
        "§\n",
        "Bearer §",
        "Bearer%20§",
        "token=§",
        "token=§&b=2",
        "token%3D§&b=2",
        "/path/§?x",
        "sid=§; Path=/",
        r#"{"token":"§"}"#,
        r#"{"log":"{\"token\":\"§\"}"}"#,
        r#"{"log":"Bearer §\n"}"#,
        r#"{"log":"first\n§"}"#,
        r#"{"log":"first\t§"}"#,
        r#"{"log":"\u0022§\u0022"}"#,
        r#"{"log":"a\u003d§"}"#,
        r"\x22§\x22",
        "ghs_123456_§",
        "a:ghs_1_§",
        "glcbt-§",
        "bkaj_§",
        "<§>",
        "(§)",
        "§.",
        "See §. Then",
        "§...",
        "§, §",
        "\u{feff}§",
        "é§é",
        "\0§\0",
        "eyJ §",
        "eyJ.§x §",
    ] {
        for token in [TOKEN, JWE, SD_JWT] {
            let text = around.replace('§', token);
            let count = around.matches('§').count() - usize::from(around.contains("§x"));
            assert_eq!(found(text.as_bytes()), vec![token; count], "{text}");
        }
    }
    assert_eq!(found(format!("{UNSECURED} and").as_bytes()), [UNSECURED]);
}

/// The header of each is an object with an `alg`, however it is spaced.
#[test]
fn a_header_may_begin_with_white_space_in_its_object() {
    for header in [
        r#"{"alg":"HS256"}"#,
        r#"{ "alg":"HS256"}"#,
        "{\n\"alg\":\"HS256\"}",
        "{\r\n \"alg\":\"HS256\"}",
        "{\t\"alg\":\"HS256\"}",
        "{  \n\"alg\":\"HS256\"}",
        r#"{"":0,"alg":"HS256"}"#,
        r#"{"1":0,"alg":"HS256"}"#,
        r#"{"é":0,"alg":"HS256"}"#,
        r#"{"日":0,"alg":"HS256"}"#,
        r#"{"\u0061lg":"HS256"}"#,
    ] {
        let token = format!("{}.e30.AAAA", URL_SAFE_NO_PAD.encode(header));
        assert_eq!(found(format!("x {token} y").as_bytes()), [token.as_str()], "{header}");
    }
}

/// Texts in which `§` stands for a token that is a part of something longer.
#[test]
fn what_is_part_of_something_longer_is_not_found() {
    for around in [
        "x§",
        "-§",
        "_§",
        ".§",
        "0§",
        "x.§",
        "§x.y",
        "§=",
        "§==",
        "§%3D",
        "§.x",
        "ghs_§",
        "xghs_1_§",
        "ghs_x_§",
        "%2E§",
        "%41§",
        r"\\n§",
        r"\u0041§",
        r"\x2e§",
    ] {
        let text = around.replace('§', TOKEN);
        assert_eq!(found(text.as_bytes()), [""; 0], "{text}");
    }
    for text in [
        "eyJhbGciOiJIUzI1NiJ9",
        "eyJhbGciOiJIUzI1NiJ9.e30",
        "eyJhbGciOiJIUzI1NiJ9.e30.",
        "eyJhbGciOiJIUzI1NiJ9.e30. x",
        "eyJhbGciOiJIUzI1NiJ9..",
        "eyJhIjoxfQ.e30.AAAA",
        "eyJhbGciOjF9.e30.AAAA",
        "eyJhbGciOiJIUzI1NiJ.e30.AAAA",
        "e30.e30.AAAA",
        "eyJhbGciOiJIUzI1NiJ9.a.b.c",
        "eyJhbGciOiJIUzI1NiJ9.a.b.c.",
        "eyJhbGciOiJIUzI1NiJ9.a.b.c.d.e",
        "aaa.bbb.ccc",
    ] {
        assert_eq!(found(text.as_bytes()), [""; 0], "{text}");
    }
}

/// Returns a text in reads of this many bytes.
struct Dribble<'a>(&'a [u8], usize);

impl Read for Dribble<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        let most = self.1.min(buffer.len()).min(self.0.len());
        buffer[..most].copy_from_slice(&self.0[..most]);
        self.0 = &self.0[most..];
        Ok(most)
    }
}

/// The tokens of a text that is read in pieces, with their positions.
fn read_in_pieces(input: impl Read, longest: usize) -> Vec<(Position, Vec<u8>)> {
    let mut chunks = Chunks::new(input, longest).with_positions(true);
    let (mut chunk, mut finder, mut found) = (Chunk::default(), TokenFinder::new(4), Vec::new());
    while chunks.next(&mut chunk).unwrap() {
        chunk.each_token(&mut finder, |position, token| {
            found.push((position.unwrap(), token.to_vec()));
        });
    }
    assert!(!chunks.next(&mut chunk).unwrap());
    found
}

/// The same, from the whole text.
fn whole(text: &[u8]) -> Vec<(Position, Vec<u8>)> {
    let (mut finder, mut from, mut found) = (TokenFinder::new(4), 0, Vec::new());
    while let Some(token) = finder.next(text, from) {
        let before = &text[..token.start];
        let line = before.split(|b| *b == b'\n').count() as u64;
        let start = before.iter().rposition(|b| *b == b'\n').map_or(0, |at| at + 1);
        let (column, byte) = ((token.start - start + 1) as u64, token.start as u64);
        from = token.end;
        found.push((Position { line, column, byte }, text[token].to_vec()));
    }
    found
}

fn piece() -> impl Strategy<Value = String> {
    let tokens = [TOKEN, JWE, UNSECURED, SD_JWT, HEADER, "ghs_1_", "Bearer%20"];
    let marks = [
        " ", "\n", "\"", "=", ".", "~", "%20", "\\n", "\\u0022", "e", "ey", "eyJ", "x", "é", ",",
        "-",
    ];
    prop_oneof![
        prop::sample::select(tokens.to_vec()).prop_map(str::to_owned),
        prop::sample::select(marks.to_vec()).prop_map(str::to_owned),
        "[a-z0-9_.-]{0,20}",
    ]
}

proptest! {
    #[test]
    fn the_ends_of_reads_change_nothing(
        pieces in prop::collection::vec(piece(), 0..30),
        step in 1_usize..60,
    ) {
        let text = pieces.concat();
        let read = read_in_pieces(Dribble(text.as_bytes(), step), 1000);
        prop_assert_eq!(read, whole(text.as_bytes()), "{}", text);
    }

    /// What is found has the form of a token and stands alone, so it is neither cut nor joined.
    #[test]
    fn a_token_between_other_text_is_found_whole(
        tokens in prop::collection::vec(prop::sample::select(vec![TOKEN, JWE, SD_JWT]), 1..6),
        between in prop::collection::vec("( |\"|\n|, |;|\\[|/)[a-z ]{0,9}( |\"|\n|=|:|\\(|/)", 7),
    ) {
        let text: String = between.iter().zip(&tokens).flat_map(|(b, t)| [b, *t]).collect();
        prop_assert_eq!(found(format!("{text}{}", between[6]).as_bytes()), tokens);
    }
}

#[test]
fn a_token_that_is_longer_than_one_read_is_found_and_a_longer_one_is_passed_over() {
    let of = |length: usize| format!("{HEADER}.{}.c2ln", "a".repeat(length - HEADER.len() - 6));
    let (long, longer) = (of(1_000_000), of(1_500_000));
    let text = format!("x {long} y {longer} z {TOKEN} {longer}");
    for step in [100_000, 262_144, 3_000_000] {
        let found = read_in_pieces(Dribble(text.as_bytes(), step), 1_200_000);
        let found: Vec<_> = found.iter().map(|(place, token)| (place.byte, token.len())).collect();
        // One read may hold a token that is longer than what is waited for.
        assert_eq!(found[0], (2, long.len()), "{step}");
        let token = text.rfind(TOKEN).unwrap() as u64;
        assert!(found.contains(&(token, TOKEN.len())), "{step}: {found:?}");
    }
}

#[test]
fn archives_are_read_as_the_text_inside() {
    use std::io::Write as _;

    let text = format!("a\n{TOKEN}\n{JWE}\n");
    let gzip = |text: &str| {
        let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        encoder.write_all(text.as_bytes()).unwrap();
        encoder.finish().unwrap()
    };
    let zstandard = |text: &str| {
        ruzstd::encoding::compress_to_vec(
            text.as_bytes(),
            ruzstd::encoding::CompressionLevel::Fastest,
        )
    };
    // A frame without content, of four bytes (RFC 8878 section 3.1.2).
    let skippable = b"\x50\x2a\x4d\x18\x04\0\0\0skip".to_vec();
    let utf16: Vec<u8> =
        "\u{feff}".encode_utf16().chain(text.encode_utf16()).flat_map(u16::to_le_bytes).collect();
    for (input, copies) in [
        (text.clone().into_bytes(), 1),
        (utf16, 1),
        (gzip(&text), 1),
        ([gzip(&text), gzip(&text)].concat(), 2),
        (zstandard(&text), 1),
        ([zstandard(&text), skippable, zstandard(&text)].concat(), 2),
    ] {
        for step in [1, 2, 3, 1000] {
            let bytes = AtomicU64::new(0);
            let read = read_in_pieces(Decompressed::new(Dribble(&input, step), &bytes), 1000);
            assert_eq!(read, whole(text.repeat(copies).as_bytes()), "{step}");
            assert_eq!(bytes.into_inner(), input.len() as u64);
        }
    }
    for archive in [gzip(&text), zstandard(&text)] {
        expect_refusal_if_cut(&archive, 5);
    }
    // What is only read ahead does not count.
    let long = text.repeat(100_000);
    for archive in [gzip(&long), zstandard(&long)] {
        let bytes = AtomicU64::new(0);
        let mut read = Decompressed::new(&archive[..], &bytes);
        io::copy(&mut (&mut read).take(long.len() as u64 / 2), &mut io::sink()).unwrap();
        let percent = bytes.load(Ordering::Relaxed) * 100 / archive.len() as u64;
        assert!((40..70).contains(&percent), "{percent}");
    }
}

/// Every archive that begins with at least this many bytes of one, and ends too early, is refused.
fn expect_refusal_if_cut(archive: &[u8], least: usize) {
    for length in least..archive.len() {
        let bytes = AtomicU64::new(0);
        let mut read = Decompressed::new(&archive[..length], &bytes);
        assert!(read.read_to_end(&mut Vec::new()).is_err(), "{length}");
    }
}

fn read_archive(input: impl Read) -> Vec<(Position, Vec<u8>)> {
    let bytes = AtomicU64::new(0);
    read_in_pieces(Decompressed::new(input, &bytes), 1000)
}

/// In `tests/vectors/archives`: `gzip -nc text`, `zstd -c text`, and `pzstd -p 2 -c text`, which begins with a frame
/// that is skipped; its first byte is one of sixteen (RFC 8878 section 3.1.2).
#[test]
fn what_other_programs_compress_is_read_as_the_text_inside() {
    let text = include_bytes!("vectors/archives/text");
    let [gzip, zstd, pzstd] = [
        &include_bytes!("vectors/archives/gzip.gz")[..],
        include_bytes!("vectors/archives/zstd.zst"),
        include_bytes!("vectors/archives/pzstd.zst"),
    ];
    assert_eq!(found(text), [TOKEN, JWE]);
    for archive in [gzip, zstd, pzstd] {
        for copies in 1..3 {
            let input = archive.repeat(copies);
            let read = read_archive(Dribble(&input, 1));
            assert_eq!(read, whole(&text.repeat(copies)));
        }
    }
    expect_refusal_if_cut(gzip, 3);
    expect_refusal_if_cut(zstd, 5);
    // Behind the frame that is skipped, there may be no other.
    expect_refusal_if_cut(pzstd, 13);
    for first in 0x50..=0x5f {
        let input = [&[first], &pzstd[1..]].concat();
        assert_eq!(read_archive(&*input), whole(text));
    }
    // Text may begin like a mark.
    for start in ["P", "P*", "P*M", "_*M!", "("] {
        let input = format!("{start} {TOKEN}\n");
        let read = read_archive(input.as_bytes());
        assert_eq!(read, whole(input.as_bytes()));
    }
}

/// Both formats end with a checksum of the text.
#[test]
fn an_archive_with_a_wrong_checksum_is_refused() {
    for (archive, from_end, why) in [
        (&include_bytes!("vectors/archives/gzip.gz")[..], 5, "gzip archive"),
        (include_bytes!("vectors/archives/zstd.zst"), 1, "its checksum is wrong"),
        (include_bytes!("vectors/archives/pzstd.zst"), 1, "its checksum is wrong"),
    ] {
        let mut archive = archive.to_vec();
        let at = archive.len() - from_end;
        archive[at] ^= 1;
        let bytes = AtomicU64::new(0);
        let error = Decompressed::new(&*archive, &bytes).read_to_end(&mut Vec::new()).unwrap_err();
        assert!(error.to_string().contains(why), "{error}");
    }
}
