//! Blocks of lines: the same lines however they are read and encoded, delivered in order.

use std::io::{self, Read};
use std::num::NonZero;

use jwtctl::batch::{BLOCK, Broken, Lines, run};
use jwtctl::sys::CancelToken;

/// Gives so many bytes at a time, and is interrupted before each.
struct Dribble<'a>(&'a [u8], usize, bool);

impl Read for Dribble<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.2 = !self.2;
        if self.2 {
            return Err(io::ErrorKind::Interrupted.into());
        }
        let some = self.1.min(self.0.len()).min(buffer.len());
        buffer[..some].copy_from_slice(&self.0[..some]);
        self.0 = &self.0[some..];
        Ok(some)
    }
}

fn lines(text: &[u8], step: usize, longest: usize, threads: usize) -> Vec<(u64, Vec<u8>, bool)> {
    let mut all = Vec::new();
    run(
        Lines::new(Dribble(text, step, false), longest),
        NonZero::new(threads).unwrap(),
        &CancelToken::new().unwrap(),
        || (),
        |(), block, made: &mut Vec<_>| {
            made.clear();
            made.extend(block.lines().map(|l| (l.number, l.bytes.to_vec(), l.cut)));
        },
        |made| {
            all.append(made);
            Ok::<(), ()>(())
        },
    )
    .unwrap();
    all
}

#[test]
fn lines_are_the_same_however_they_arrive() {
    let long = "x".repeat(BLOCK + 7);
    let text = format!("a\n\nbb\r\n{long}\nccc");
    let expected: Vec<_> = text
        .split('\n')
        .zip(1..)
        .map(|(line, number)| {
            let kept = &line.as_bytes()[..line.len().min(1000)];
            (number, kept.to_vec(), line.len() > 1000)
        })
        .collect();
    for step in [1, 2, 3, 7, 1000, BLOCK, 10 * BLOCK] {
        for threads in [1, 3] {
            assert_eq!(lines(text.as_bytes(), step, 1000, threads), expected, "{step} {threads}");
        }
    }
}

/// The lines of a text however it is read, joined again.
fn decoded(bytes: &[u8]) -> Vec<u8> {
    let read = |step| {
        let lines = lines(bytes, step, 1000, 1).into_iter().map(|(_, line, _)| line);
        lines.collect::<Vec<_>>().join(&b'\n')
    };
    let text = read(bytes.len().max(1));
    for step in [1, 2, 3, 5, BLOCK - 1] {
        assert!(read(step) == text, "{step} bytes at a time");
    }
    text
}

#[test]
fn each_encoding_reads_as_the_same_text() {
    let utf16 = |text: &str, bytes: fn(u16) -> [u8; 2]| -> Vec<u8> {
        text.encode_utf16().flat_map(bytes).collect()
    };
    let long = "0123456789é世🦀\r\n".repeat(3000) + "end";
    for text in ["", "a", "{}\r", "é世🦀", &long, "\u{feff}a", "ï»¿"] {
        assert_eq!(decoded(text.as_bytes()), text.trim_start_matches('\u{feff}').as_bytes());
        let marked = format!("\u{feff}{text}");
        assert_eq!(decoded(marked.as_bytes()), text.as_bytes());
        assert_eq!(decoded(&utf16(&marked, u16::to_le_bytes)), text.as_bytes());
        assert_eq!(decoded(&utf16(&marked, u16::to_be_bytes)), text.as_bytes());
    }
}

#[test]
fn bytes_that_only_begin_like_a_mark_are_left_alone() {
    for bytes in [
        &b"\xef"[..],
        b"\xef\xbb",
        b"\xef\xbb\xbe",
        b"\xff",
        b"\xfe",
        b"\xff\xffab",
        b"\xef\xbb\na",
    ] {
        assert_eq!(decoded(bytes), bytes);
    }
}

#[test]
fn invalid_utf_16_becomes_invalid_utf_8_and_nothing_else_changes() {
    for (units, text) in [
        (&[0xfeff_u16, 0x61, 0xd800, 0x62, 0x0a, 0x63][..], &b"a\xffb\nc"[..]),
        (&[0xfeff, 0xdc00, 0x0a, 0x63], b"\xff\nc"),
        (&[0xfeff, 0x61, 0xd83e], b"a\xff"),
        (&[0xfeff, 0xd83e, 0xd83e, 0xdd80], b"\xff\xf0\x9f\xa6\x80"),
    ] {
        let bytes: Vec<u8> = units.iter().flat_map(|unit| unit.to_le_bytes()).collect();
        assert_eq!(decoded(&bytes), text);
    }
    assert_eq!(decoded(b"\xff\xfea\0\n"), b"a\xff");
}

#[test]
fn the_end_of_the_input_is_no_line_of_its_own() {
    assert_eq!(lines(b"", 9, 10, 1), []);
    assert_eq!(lines(b"\n", 9, 10, 1), [(1, Vec::new(), false)]);
    assert_eq!(lines(b"a\n", 9, 10, 2), [(1, b"a".to_vec(), false)]);
    let cut = (1, b"0123456789".to_vec(), true);
    assert_eq!(lines(b"0123456789a", 1, 10, 1), std::slice::from_ref(&cut));
    assert_eq!(lines(b"0123456789a\nb", 1, 10, 1), [cut, (2, b"b".to_vec(), false)]);
}

#[test]
fn a_long_line_makes_no_long_block_of_the_short_ones_behind_it() {
    let text = ["x".repeat(40 * BLOCK + 1), "\n".to_owned(), "a\n".repeat(20 * BLOCK)].concat();
    let mut longest = 0;
    run(
        Lines::new(text.as_bytes(), 100 * BLOCK),
        NonZero::new(2).unwrap(),
        &CancelToken::new().unwrap(),
        || (),
        |(), block, count: &mut usize| *count = block.lines().count(),
        |count| {
            longest = longest.max(*count);
            Ok::<(), ()>(())
        },
    )
    .unwrap();
    assert!(longest <= BLOCK, "{longest}");
}

#[test]
fn many_blocks_come_out_in_order() {
    let text = (0..200_000).map(|n| n.to_string() + "\n").collect::<String>();
    let all = lines(text.as_bytes(), BLOCK, 100, 4);
    assert_eq!(all.len(), 200_000);
    assert!(all.iter().zip(0..).all(|((number, bytes, _), n)| {
        *number == n + 1 && *bytes == n.to_string().into_bytes()
    }));
}

#[test]
fn a_delivery_that_fails_ends_it() {
    let text = "line\n".repeat(200_000);
    let mut delivered = 0;
    let result = run(
        Lines::new(text.as_bytes(), 10),
        NonZero::new(3).unwrap(),
        &CancelToken::new().unwrap(),
        || (),
        |(), _, (): &mut ()| (),
        |()| {
            delivered += 1;
            if delivered == 3 { Err("full") } else { Ok(()) }
        },
    );
    assert!(matches!(result, Err(Broken::Deliver("full"))));
    assert_eq!(delivered, 3);
}

#[test]
fn what_was_read_before_an_error_is_delivered() {
    struct Failing(bool);
    impl Read for Failing {
        fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
            if std::mem::replace(&mut self.0, true) {
                return Err(io::Error::other("gone"));
            }
            buffer[..4].copy_from_slice(b"a\nbc");
            Ok(4)
        }
    }
    let mut numbers = Vec::new();
    let result = run(
        Lines::new(Failing(false), 10),
        NonZero::new(2).unwrap(),
        &CancelToken::new().unwrap(),
        || (),
        |(), block, own: &mut Vec<_>| *own = block.lines().map(|line| line.number).collect(),
        |own| {
            numbers.append(own);
            Ok::<(), ()>(())
        },
    );
    assert!(matches!(result, Err(Broken::Read(_))));
    assert_eq!(numbers, [1]);
}
