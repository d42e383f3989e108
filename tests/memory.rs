//! How much memory hostile text takes while it is read, in bytes per byte of text. 16 MiB can hold millions of members or
//! keys, so what is kept of each counts. And how much the tokens take that a stream has verified.
#![allow(unsafe_code, reason = "an allocator that counts is one, and hands on to the system's")]

use std::alloc::{GlobalAlloc, Layout, System};
use std::sync::atomic::{AtomicUsize, Ordering};

use jwtctl::batch::Blocks as _;
use jwtctl::claims::Claims;
use jwtctl::crypto::{LoadedKey, LoadedKeys, Signer, Verdicts};
use jwtctl::input::{Chunk, Chunks};
use jwtctl::json::{Object, Value};
use jwtctl::keys::{Algorithm, KeyFile, read_keys};
use jwtctl::secret::Secret;
use jwtctl::token::{Codec, Header, Hidden, Redactor, TokenFinder, Unverified};

/// Counts the bytes that are held, and the most that ever were.
struct Counting;

static HELD: AtomicUsize = AtomicUsize::new(0);
static MOST: AtomicUsize = AtomicUsize::new(0);

// SAFETY: each call is the system allocator's own, with the same arguments.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        let held = HELD.fetch_add(layout.size(), Ordering::SeqCst) + layout.size();
        MOST.fetch_max(held, Ordering::SeqCst);
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, place: *mut u8, layout: Layout) {
        HELD.fetch_sub(layout.size(), Ordering::SeqCst);
        unsafe { System.dealloc(place, layout) }
    }
}

#[global_allocator]
static ALLOCATOR: Counting = Counting;

/// How many bytes were held at once for each byte of a text, beyond those that were held before.
fn bytes_for_each<T>(text: &str, work: impl FnOnce(&str) -> T) -> usize {
    let before = HELD.load(Ordering::SeqCst);
    MOST.store(before, Ordering::SeqCst);
    let made = work(text);
    let most = MOST.load(Ordering::SeqCst) - before;
    drop(made);
    most.div_ceil(text.len())
}

fn array(item: &str) -> String {
    format!("[{}]", vec![item; 100_000].join(","))
}

fn members(spelled: impl Fn(usize) -> String) -> String {
    let members: Vec<_> = (0..20_000).map(|i| format!("\"{}\":0", spelled(i))).collect();
    format!("{{{}}}", members.join(","))
}

/// One test, so that no other allocates meanwhile.
#[test]
fn memory_is_bounded() {
    no_text_takes_many_times_its_size();
    a_line_of_any_length_is_redacted_in_constant_memory();
    tokens_are_found_in_a_line_of_any_length_in_constant_memory();
    verdicts_take_at_most_4_mib_whatever_is_repeated();
}

fn a_line_of_any_length_is_redacted_in_constant_memory() {
    let header = "eyJhbGciOiJIUzI1NiJ9";
    let part = "A".repeat(64 * 1024);
    let of = |before: &str, part: &str| {
        let parts = std::iter::repeat(part.to_owned());
        std::iter::once(before.to_owned()).chain(parts)
    };
    for (before, part, most) in [
        ("", "some words, ".repeat(5000), 1 << 20),
        ("", "eyJ.".repeat(16_000), 1 << 20),
        (&format!("{header}."), part.clone(), 1 << 20),
        (&format!("{header}.e30."), part.clone(), 1 << 20),
        ("{\"signature\":\"", part.clone(), 8 << 20),
        // A header may be as long as a token.
        ("eyJ", part.clone(), 48 << 20),
        ("", "eyJA".repeat(16_000), 48 << 20),
    ] {
        let held = held_for(of(before, &part), most / 2 + 8_000_000);
        assert!(held < most, "{before}{}: {held} bytes", &part[..12]);
    }
}

fn no_text_takes_many_times_its_size() {
    let claims = |text: &str| {
        let claims = Claims::parse(text.as_bytes()).unwrap();
        drop(claims.registered());
        claims
    };
    for item in [r#""""#, r#""a""#, r#""\u0061""#, "{}", "1"] {
        let text = format!(r#"{{"aud":{}}}"#, array(item));
        assert!(bytes_for_each(&text, claims) <= 2, "aud of {item}");
        let text = format!(r#"{{"alg":"HS256","crit":{}}}"#, array(item));
        let header = |text: &str| Header::new(Object::parse(text.as_bytes()).unwrap());
        assert!(bytes_for_each(&text, header) <= 2, "crit of {item}");
        let text = array(item);
        let compared = |text: &str| {
            let value = Value::parse(text.as_bytes()).unwrap();
            value.same_as(&Value::parse(b"[1]").unwrap())
        };
        assert!(bytes_for_each(&text, compared) <= 2, "a list of {item}");
    }
    for text in [members(|i| i.to_string()), members(|i| format!("\\u0061{i}"))] {
        assert!(bytes_for_each(&text, claims) <= 12, "{}", &text[..20]);
        let inner = format!("{{\"x\":{text}}}");
        assert!(bytes_for_each(&inner, claims) <= 12, "{}", &inner[..20]);
    }
    for item in ["1", "{}", r#"{"kty":"oct"}"#] {
        let text = format!(r#"{{"keys":{}}}"#, array(item));
        let read = |text: &str| read_keys(&Secret::new(text.into()), None).is_err();
        assert!(bytes_for_each(&text, read) <= 4, "a set of {item}");
    }
}

/// The most bytes that are held while a line of these pieces is redacted, which has about this many.
fn held_for(pieces: impl Iterator<Item = String>, length: usize) -> usize {
    let before = HELD.load(Ordering::SeqCst);
    MOST.store(before, Ordering::SeqCst);
    let (mut redactor, mut out, mut fed) = (Redactor::new(Hidden::Token, false), Vec::new(), 0);
    for piece in pieces {
        redactor.feed(piece.as_bytes(), &mut out);
        out.clear();
        fed += piece.len();
        if fed > length {
            break;
        }
    }
    redactor.feed(b"=.", &mut out);
    redactor.finish(&mut out);
    MOST.load(Ordering::SeqCst) - before
}

/// Lines of words, of one long text in base64url, and of beginnings of tokens.
fn tokens_are_found_in_a_line_of_any_length_in_constant_memory() {
    for (piece, tokens) in [("eyJhbGciOiJIUzI1NiJ9.e30.AAAA ", 2000), ("eyJ.", 1), ("eyJAAAAA", 1)]
    {
        let input = Repeated(piece.repeat(2000).into_bytes(), 20_000_000);
        let before = HELD.load(Ordering::SeqCst);
        MOST.store(before, Ordering::SeqCst);
        let (mut chunks, mut chunk) = (Chunks::new(input, 16 << 20), Chunk::default());
        let (mut finder, mut found) = (TokenFinder::new(8), 0);
        while chunks.next(&mut chunk).unwrap() {
            chunk.each_token(&mut finder, |_, _| found += 1);
        }
        let held = MOST.load(Ordering::SeqCst) - before;
        assert!(held < 48 << 20, "{piece}: {held} bytes");
        assert_eq!(found >= tokens, tokens > 1, "{piece}: {found}");
    }
}

/// A text that is repeated until it has this length.
struct Repeated(Vec<u8>, usize);

impl std::io::Read for Repeated {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        let length = buffer.len().min(self.0.len()).min(self.1);
        buffer[..length].copy_from_slice(&self.0[..length]);
        self.0.rotate_left(length);
        self.1 -= length;
        Ok(length)
    }
}

fn verdicts_take_at_most_4_mib_whatever_is_repeated() {
    let file = || {
        read_keys(&Secret::new(include_bytes!("keys/ed25519.pkcs8.private.pem").to_vec()), None)
            .unwrap()
    };
    let KeyFile::One(key) = file() else { panic!("it is one key") };
    let key = LoadedKey::load(key.key, false).unwrap();
    let signer = Signer::new(&key, Algorithm::EdDSA, &Object::default()).unwrap();
    let keys = LoadedKeys::new(file(), false).unwrap();
    let verify = |n: usize, verdicts: &Verdicts| {
        let claims = Claims::parse(format!("{{\"n\":{n}}}").into_bytes()).unwrap();
        let token = signer.sign(&claims, Codec::Scalar).unwrap();
        let token = Unverified::parse(token.as_bytes()).unwrap();
        assert!(keys.verify_with(token, &[], verdicts).is_ok());
    };
    verify(0, &Verdicts::default());
    let before = HELD.load(Ordering::SeqCst);
    let held = || HELD.load(Ordering::SeqCst) - before;
    let verdicts = Verdicts::of_a_stream();
    assert!(held() < 4096, "{} bytes before a signature has matched", held());
    (0..100).for_each(|n| verify(n, &verdicts));
    assert!(held() < 64 * 1024, "{} bytes for a hundred tokens", held());
    MOST.store(before, Ordering::SeqCst);
    (100..16_000).for_each(|n| verify(n, &verdicts));
    let most = MOST.load(Ordering::SeqCst) - before;
    assert!(most <= 4 * 1024 * 1024, "{most} bytes");
    // Then it is as large as it gets.
    let all = held();
    (16_000..17_000).for_each(|n| verify(n, &verdicts));
    assert_eq!(held(), all);
}
