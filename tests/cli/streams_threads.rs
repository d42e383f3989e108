//! Streams: the output and the exit code do not depend on the number of threads or on how the input arrives.

use crate::harness::{Call, forged, keyed, signed_with, text, token};
use crate::streams::{EXPIRED, lines, stream};

const THREADS: [&str; 4] = ["1", "2", "4", "16"];

/// Some thousand lines of all kinds and lengths, more than fit into a block many times over.
fn input() -> String {
    let long = "x".repeat(50_000);
    let mut text = String::new();
    for n in 0..4000_u32 {
        let claims = format!("{{\"n\":{n},\"exp\":1700001800}}");
        let line = match n % 23 {
            3 => token(EXPIRED),
            5 => forged(&token(&claims)),
            7 => String::new(),
            11 => "junk".to_owned(),
            13 => signed_with(b"another", r#"{"alg":"HS256"}"#, &claims),
            17 if n % 17 == 0 => token(&format!("{{\"n\":{n},\"long\":\"{long}\"}}")),
            19 => " \t".to_owned(),
            _ => token(&claims),
        };
        text.push_str(&line);
        text.push_str(if n % 29 == 0 { "\r\n" } else { "\n" });
    }
    text
}

#[track_caller]
fn same_for_all(call: impl Fn(&str) -> Call, lines: usize) {
    let alone = call("1").output();
    let (out, err) = (text(&alone.stdout), text(&alone.stderr));
    assert_eq!(out.lines().count(), lines, "{err}");
    for threads in THREADS {
        let output = call(threads).output();
        assert!(output.stdout == alone.stdout, "rows with {threads} threads");
        assert_eq!(text(&output.stderr), err, "{threads}");
        assert_eq!(output.status.code(), alone.status.code());
    }
}

#[test]
fn rows_do_not_depend_on_the_number_of_threads() {
    let text = input();
    let full = text.lines().filter(|line| !line.trim().is_empty()).count();
    for flags in [&[][..], &["--json"], &["--get", "n"]] {
        for verb in ["verify", "decode"] {
            same_for_all(
                |threads| {
                    keyed(&[&[verb, "--batch", "--threads", threads], flags].concat()).stdin(&text)
                },
                full,
            );
        }
    }
    same_for_all(|threads| keyed(&["refresh", "--batch", "--threads", threads]).stdin(&text), full);
}

#[test]
fn tokens_do_not_depend_on_the_number_of_threads() {
    let items: Vec<_> = (0..4000)
        .map(|n| if n % 7 == 3 { format!("[{n}]") } else { format!("{{\"n\":{n}}}") })
        .collect();
    same_for_all(|threads| stream("encode", &["--threads", threads], &items), 4000);
}

#[test]
fn every_line_has_the_number_that_it_has_in_the_input() {
    let text_in = input();
    let numbers: Vec<_> = (1_u64..)
        .zip(text_in.lines())
        .filter(|(_, line)| !line.trim().is_empty())
        .map(|(number, _)| number)
        .collect();
    for threads in THREADS {
        let output = keyed(&["verify", "--batch", "--threads", threads]).stdin(&text_in).output();
        let seen: Vec<u64> = text(&output.stdout)
            .lines()
            .map(|row| {
                let number = row.strip_prefix("{\"line\":").and_then(|rest| rest.split_once(','));
                number
                    .and_then(|(number, _)| number.parse().ok())
                    .unwrap_or_else(|| panic!("{row}"))
            })
            .collect();
        assert!(seen == numbers, "{threads}");
    }
}

#[test]
fn lines_of_every_length_around_a_block_come_through_whole() {
    const BLOCK: usize = 32 * 1024;
    let near = [1, BLOCK - 2, BLOCK - 1, BLOCK, BLOCK + 1, 2 * BLOCK - 1, 2 * BLOCK, 5 * BLOCK + 3];
    let items: Vec<_> = near.iter().cycle().take(64).map(|length| "a".repeat(*length)).collect();
    for threads in THREADS {
        let flags = ["--threads", threads, "--tokens", "--print", "failed"];
        stream("verify", &flags, &items)
            .stdout(lines(&items))
            .summary("64 lines: 64 invalid (64 token-parts)")
            .hint("no line is a token; --find takes tokens out of any text")
            .code(4);
    }
}
