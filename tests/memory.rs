//! How much memory hostile text takes while it is read, in bytes per byte of text. 16 MiB can hold millions of members or
//! keys, so what is kept of each counts.
#![allow(unsafe_code, reason = "an allocator that counts is one, and hands on to the system's")]

use std::alloc::{GlobalAlloc, Layout, System};
use std::sync::atomic::{AtomicUsize, Ordering};

use jwtctl::claims::Claims;
use jwtctl::json::{Object, Value};
use jwtctl::keys::read_keys;
use jwtctl::secret::Secret;
use jwtctl::token::Header;

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
