//! A line after a good token has the row that it has alone: neither what is kept of a token nor the short way for a token
//! like the one before changes a verdict. One half of the inputs are lines; the other half are claims that the secret of
//! the call signs. The first byte of an input says which, and which call reads it. A byte 0xff stands for what is good: in a
//! line the token, in claims their members. In a line, 0xfe stands for the header of the token.
//!
//! Threads that listen to signals end after their call, which takes long to be told from a leak: run it with
//! `-detect_leaks=0`.
#![no_main]

use std::ffi::OsString;
use std::sync::{Arc, LazyLock};

use aws_lc_rs::hmac;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jwtctl::env::Env;
use jwtctl::output::{Streams, Terminal};
use jwtctl::sys::Stdin;
use libfuzzer_sys::fuzz_target;
use signal_hook::consts::SIGPIPE;

const SECRET: &str = "a secret for fuzzing that is long enough for HS256, HS384 and for HS512 too";
/// What the good token is accepted for by each call, at this time.
const MEMBERS: &str = r#""iss":"a","sub":"b","aud":"c","exp":1700000600"#;
const AT: i64 = 1_700_000_000;
const CALLS: [&[&str]; 8] = [
    &["verify", "--aud", "c"],
    &["verify", "--aud", "c", "--iss", "a", "--leeway", "60"],
    &["verify", "--aud", "c", "--require", "sub", "--allow-padding"],
    &["verify", "--aud", "c", "--get", "sub"],
    &["verify", "--aud", "c", "--json", "--explain"],
    &["decode"],
    &["decode", "--header"],
    &["refresh", "--aud", "c", "--ttl", "60"],
];

static HEADER: LazyLock<String> =
    LazyLock::new(|| URL_SAFE_NO_PAD.encode(r#"{"alg":"HS256","typ":"JWT"}"#));
static TOKEN: LazyLock<Vec<u8>> = LazyLock::new(|| sign(format!("{{{MEMBERS}}}").as_bytes()));
/// The calls, with the row of the good token.
static CALLS_AND_ROWS: LazyLock<Vec<(&[&str], Vec<u8>)>> = LazyLock::new(|| {
    let rows = CALLS.iter().map(|call| {
        let (rows, said, code) = run(call, &[&TOKEN]);
        assert_eq!((&*said, code), ("", 0), "{call:?} {}", String::from_utf8_lossy(&rows));
        (*call, rows)
    });
    rows.collect()
});

fn sign(payload: &[u8]) -> Vec<u8> {
    let message = format!("{}.{}", *HEADER, URL_SAFE_NO_PAD.encode(payload));
    let mac = hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, SECRET.as_bytes()), message.as_bytes());
    format!("{message}.{}", URL_SAFE_NO_PAD.encode(mac)).into_bytes()
}

/// The rows, what is written to stderr, and the exit code.
fn run(call: &[&str], lines: &[&[u8]]) -> (Vec<u8>, String, u8) {
    let at = AT.to_string();
    let args =
        call.iter().copied().chain(["--batch", "-", "--threads", "1", "--quiet", "--at", &at]);
    let argv: Vec<_> = ["jwtctl"].into_iter().chain(args).map(OsString::from).collect();
    let (mut out, mut err, input) = (Vec::new(), Vec::new(), lines.join(&b'\n'));
    let mut input = &input[..];
    let mut env = Env {
        clock: &|| AT.into(),
        variable: &|name| (name == "JWTCTL_SECRET").then(|| SECRET.into()),
        stdin: Stdin::new(&mut input, false),
        ask: &|_, _| Ok(()),
        connect: &jwtctl::sys::connect,
        out_is_terminal: false,
    };
    let mut streams = Streams {
        out: &mut out,
        out_terminal: Terminal::No,
        err: &mut err,
        err_terminal: Terminal::No,
        show: &|_| Ok(true),
    };
    let code = jwtctl::run(&argv, &mut env, &mut streams).code();
    (out, String::from_utf8(err).expect("messages are text"), code)
}

fn replaced(bytes: &[u8], good: impl Fn(u8) -> Option<&'static [u8]>) -> Vec<u8> {
    bytes
        .iter()
        .flat_map(|byte| good(*byte).unwrap_or(std::slice::from_ref(byte)))
        .copied()
        .collect()
}

fuzz_target!(init: {
    // A program in Rust begins with this signal ignored, but not a fuzz target, whose `main` is another.
    signal_hook::flag::register(SIGPIPE, Arc::default()).expect("a handler");
}, |input: &[u8]| {
    let Some((first, bytes)) = input.split_first() else { return };
    let line = if first & 1 == 0 {
        let good = |byte| match byte {
            0xff => Some(&TOKEN[..]),
            0xfe => Some(HEADER.as_bytes()),
            // That would be two lines.
            b'\n' => Some(&b" "[..]),
            _ => None,
        };
        replaced(bytes, good)
    } else {
        sign(&replaced(bytes, |byte| (byte == 0xff).then_some(MEMBERS.as_bytes())))
    };
    let (call, good) = &CALLS_AND_ROWS[usize::from(*first >> 1) % CALLS.len()];
    if line.trim_ascii().is_empty() {
        return;
    }
    let mut alone = run(call, &[b"", &line]);
    alone.0.splice(..0, good.iter().copied());
    assert!(run(call, &[&TOKEN, &line]) == alone, "{call:?} {}", String::from_utf8_lossy(&line));
});
