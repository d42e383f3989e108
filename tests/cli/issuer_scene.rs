//! Shared by the tests of keys by URL: a server, a cache for several calls, keys and tokens, and ways to change the age
//! of cache entries.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::{SystemTime, UNIX_EPOCH};

use aws_lc_rs::signature::{Ed25519KeyPair, KeyPair as _};
use aws_lc_rs::{digest, hmac};
use serde_json::Value;
use tempfile::TempDir;

use crate::harness::{CLAIMS, Call, PRINTED, base64url, clocked, jwks, text};
use crate::issuer_server::{Reply, Server};

/// A server, and a cache folder for all calls of a test.
pub struct Scene {
    pub server: Server,
    pub folder: TempDir,
}

/// A scene whose server has a set of these keys at `/keys`.
pub fn scene(kids: &[&str]) -> Scene {
    let scene = Scene { server: Server::start(), folder: TempDir::new().expect("a folder") };
    scene.has(kids);
    scene
}

/// The public key of this name, as a JWK.
pub fn public(kid: &str) -> String {
    let x = base64url(pair(kid).public_key().as_ref());
    format!(r#"{{"kty":"OKP","crv":"Ed25519","x":"{x}","kid":"{kid}"}}"#)
}

/// A set of these public keys.
pub fn set(kids: &[&str]) -> String {
    jwks(&kids.iter().map(|kid| public(kid)).collect::<Vec<_>>())
}

/// A token by this key, with its `kid`.
pub fn by(kid: &str) -> String {
    signed_as(kid, &format!(r#"{{"alg":"EdDSA","kid":"{kid}"}}"#), CLAIMS)
}

/// A token by this key, without `kid`.
pub fn signed_as(kid: &str, header: &str, claims: &str) -> String {
    let input = format!("{}.{}", base64url(header), base64url(claims));
    let signature = base64url(pair(kid).sign(input.as_bytes()));
    format!("{input}.{signature}")
}

fn pair(kid: &str) -> Ed25519KeyPair {
    let seed = digest::digest(&digest::SHA256, kid.as_bytes());
    Ed25519KeyPair::from_seed_unchecked(seed.as_ref()).expect("32 bytes are a key")
}

/// An issuer's document.
pub fn document(issuer: &str, jwks_uri: &str) -> String {
    format!(r#"{{"issuer":"{issuer}","jwks_uri":"{jwks_uri}"}}"#)
}

impl Scene {
    pub fn url(&self, path: &str) -> String {
        self.server.url(path)
    }

    /// The URL of the set.
    pub fn keys(&self) -> String {
        self.url("/keys")
    }

    /// Replaces the set's keys.
    pub fn has(&self, kids: &[&str]) {
        self.server.answer("/keys", Reply::of(set(kids)));
    }

    /// A call at the fixed clock's time, with the cache.
    pub fn call(&self, args: &[&str]) -> Call {
        self.homed(clocked(args))
    }

    /// A call with the cache.
    pub fn homed(&self, call: Call) -> Call {
        let path = |path: PathBuf| path.to_str().expect("a plain path").to_owned();
        call.env("XDG_CACHE_HOME", &path(self.folder.path().to_owned()))
            .env("XDG_STATE_HOME", &path(self.folder.path().join("state")))
    }

    /// Verifies a token with the set.
    pub fn verify(&self, token: &str, flags: &[&str]) -> Call {
        self.call(&[&["verify", token, "--jwks", &self.keys()], flags].concat())
    }

    /// Like [`Scene::verify`], but must succeed without a warning.
    #[track_caller]
    pub fn verifies(&self, token: &str, flags: &[&str]) {
        self.verify(token, flags).stdout(PRINTED).code(0);
    }

    /// The requests since the last check must be these.
    #[track_caller]
    pub fn asked(&self, wanted: &[&str]) {
        assert_eq!(self.server.asked(), wanted);
    }

    /// The cache folder.
    pub fn cache(&self) -> PathBuf {
        self.folder.path().join("jwtctl")
    }

    /// The file with the key of the seal.
    pub fn key(&self) -> PathBuf {
        self.folder.path().join("state/jwtctl/cache-key")
    }

    /// The cache entries, without the locks.
    pub fn kept(&self) -> Vec<PathBuf> {
        let Ok(entries) = fs::read_dir(self.cache()) else { return Vec::new() };
        let mut paths: Vec<_> = entries.map(|entry| entry.expect("an entry").path()).collect();
        paths.retain(|path| path.extension().is_none());
        paths.sort();
        paths
    }

    /// The only cache entry.
    #[track_caller]
    pub fn entry(&self) -> PathBuf {
        let kept = self.kept();
        assert_eq!(kept.len(), 1, "{kept:?}");
        kept[0].clone()
    }

    /// Changes the facts in the only cache entry.
    #[track_caller]
    pub fn forge(&self, facts: &[(&str, Value)]) {
        forge(&self.entry(), facts);
    }

    /// Until when the only entry is used if no newer document can be fetched: a day longer than it is fresh.
    #[track_caller]
    pub fn until(&self) -> String {
        utc(facts(&self.entry())["fresh_until"].as_i64().expect("a number") + 86400)
    }

    /// Makes the only entry look as if it had been fetched this many seconds ago, and been fresh for an hour.
    #[track_caller]
    pub fn age(&self, seconds: i64) {
        let then = now() - seconds;
        self.forge(&[("fetched", then.into()), ("fresh_until", (then + 3600).into())]);
    }
}

/// A time in seconds since 1970-01-01 00:00 UTC, as messages show it.
fn utc(time: i64) -> String {
    let time = chrono::DateTime::from_timestamp(time, 0).expect("a time of this century");
    time.format("%Y-%m-%d %H:%M:%S UTC").to_string()
}

/// The machine's clock.
pub fn now() -> i64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).expect("a clock after 1970");
    i64::try_from(since.as_secs()).expect("a clock before the sun burns out")
}

/// The facts in a cache entry.
pub fn facts(entry: &Path) -> Value {
    let text = fs::read(entry).expect("an entry");
    let line = text.split(|byte| *byte == b'\n').nth(1).expect("its second line");
    serde_json::from_slice(line).expect("JSON")
}

/// Whether a cache entry is an issuer's document about itself, and not a key set.
pub fn is_document(entry: &Path) -> bool {
    text(&fs::read(entry).expect("an entry")).contains("\"jwks_uri\"")
}

/// Changes the facts in a cache entry, as its owner could.
#[track_caller]
pub fn forge(entry: &Path, changes: &[(&str, Value)]) {
    let folder = entry.ancestors().nth(2).expect("the folder of all");
    let key = fs::read(folder.join("state/jwtctl/cache-key")).expect("a key");
    seal(entry, &key, changes);
}

/// Changes the facts in a cache entry and seals it with a key: the seal covers the start of the first
/// line, the name, and the rest.
pub fn seal(entry: &Path, key: &[u8], changes: &[(&str, Value)]) {
    let text = text(&fs::read(entry).expect("an entry"));
    let body = text.splitn(3, '\n').nth(2).expect("a body");
    let mut facts = facts(entry);
    for (name, value) in changes {
        facts[name] = value.clone();
    }
    let rest = format!("{facts}\n{body}");
    let name = entry.file_name().expect("a name").to_str().expect("a plain name");
    let key = hmac::Key::new(hmac::HMAC_SHA256, key);
    let seal = base64url(hmac::sign(&key, format!("jwtctl 3 {name}\n{rest}").as_bytes()));
    fs::write(entry, format!("jwtctl 3 {seal}\n{rest}")).expect("an entry");
}

/// Runs a call and returns its stdout, stderr and exit code. Replaces seconds by `N seconds ago`, so the speed of
/// the machine does not matter.
pub fn said(call: &Call) -> (String, String, Option<i32>) {
    let output = call.output();
    (steady(&text(&output.stdout)), steady(&text(&output.stderr)), output.status.code())
}

/// See [`said`].
pub fn steady(text: &str) -> String {
    let mut words: Vec<_> = text.split(' ').collect();
    for i in 2..words.len() {
        let is_number = words[i - 2].bytes().all(|byte| byte.is_ascii_digit());
        let is_unit = ["second", "seconds"].contains(&words[i - 1]);
        if is_number && is_unit && words[i].starts_with("ago") {
            (words[i - 2], words[i - 1]) = ("N", "seconds");
        }
    }
    words.join(" ")
}
