//! Proxies, https and compression. `tests/interop/issuer` tests certificates.

use std::fs;
use std::time::{Duration, Instant};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use crate::harness::{PRINTED, key, text};
use crate::issuer_scene::{by, scene, set};
use crate::issuer_server::{Reply, Server};

const PROXIES: [&str; 6] =
    ["http_proxy", "HTTP_PROXY", "https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"];

#[test]
fn what_is_on_this_machine_is_not_asked_for_through_a_proxy() {
    let scene = scene(&["a"]);
    let proxy = Server::start();
    for name in PROXIES {
        let call = scene.verify(&by("a"), &["--no-cache"]).env(name, &proxy.url(""));
        call.stdout(PRINTED).code(0);
    }
    assert!(proxy.asked().is_empty());
    scene.asked(&["/keys"; 6]);
}

#[test]
fn the_error_of_a_proxy_that_refuses_omits_its_password() {
    let scene = scene(&[]);
    let proxy = Server::start();
    let url = proxy.url("").replace("//", "//user:hunter2@");
    for name in &PROXIES[2..] {
        let call = scene.call(&["verify", &by("a"), "--jwks", "https://a.example/keys"]);
        let output = call.env(name, &url).output();
        let said = text(&output.stderr);
        let begin = "error: cannot fetch https://a.example/keys: the proxy cannot be used: ";
        let hint = "\nhint: it is set by HTTPS_PROXY or ALL_PROXY; NO_PROXY lists hosts that need no proxy\n";
        assert!(said.starts_with(begin) && said.ends_with(hint), "{said}");
        assert!(!said.contains("hunter2"), "{said}");
        assert_eq!(output.status.code(), Some(1));
        assert_eq!(proxy.asked(), ["CONNECT a.example:443"]);
    }
}

#[test]
fn a_proxy_that_never_finishes_runs_into_the_timeout() {
    let scene = scene(&[]);
    let proxy = Server::start();
    proxy.answer("CONNECT a.example:443", Reply::slow_head());
    let begin = Instant::now();
    scene
        .call(&["verify", &by("a"), "--jwks", "https://a.example/keys", "--timeout", "1s"])
        .env("HTTPS_PROXY", &proxy.url(""))
        .error("cannot fetch https://a.example/keys: there was no complete response within 1 s")
        .hint("to wait longer: --timeout 30s")
        .code(1);
    assert!(begin.elapsed() < Duration::from_secs(5), "it may take 1 s");
    assert_eq!(proxy.asked(), ["CONNECT a.example:443"]);
}

#[test]
fn a_scheme_in_capitals_uses_the_proxy_too() {
    let scene = scene(&[]);
    let proxy = Server::start();
    let call = scene.call(&["verify", &by("a"), "--jwks", "HTTPS://A.example/keys"]);
    let output = call.env("HTTPS_PROXY", &proxy.url("")).output();
    assert_eq!(output.status.code(), Some(1));
    assert_eq!(proxy.asked(), ["CONNECT a.example:443"]);
}

#[test]
fn an_invalid_proxy_is_named() {
    let scene = scene(&[]);
    for proxy in ["hunter2://127.0.0.1:1", "http://user:hunter2@", ":hunter2:"] {
        scene
            .call(&["verify", &by("a"), "--jwks", "https://a.example/keys"])
            .env("HTTPS_PROXY", proxy)
            .error("cannot fetch https://a.example/keys: the proxy cannot be used: the variable is not the URL of a proxy")
            .hint("it is set by HTTPS_PROXY or ALL_PROXY; NO_PROXY lists hosts that need no proxy")
            .code(1);
    }
}

#[test]
fn a_server_that_does_not_speak_tls_is_a_tls_error() {
    let scene = scene(&["a"]);
    let url = scene.keys().replace("http:", "https:");
    let output = scene.call(&["verify", &by("a"), "--jwks", &url]).output();
    let said = text(&output.stderr);
    let begin = format!("error: cannot fetch {url}: TLS handshake failed: ");
    let hint = "\nhint: is it the port of an https server? It must support TLS 1.2 or 1.3, and not require a client certificate\n";
    assert!(said.starts_with(&begin) && said.ends_with(hint), "{said}");
    assert_eq!((output.status.code(), output.stdout.len()), (Some(1), 0));
    scene.asked(&[]);
}

/// `set(&["a"])`, compressed by gzip.
const COMPRESSED: &str = "H4sIAAAAAAACA6tWyk6tLFayiq5Wyi6pVLJS8vcOUNJRSi4qA7JdU4xMTQ0tgfwKIM+s1MMzNaQkLMciuMrSyyUvsdg3KLk40DQxUNffJNTNudQkNDEyLTc7r9wEqCM7MwWoJ1GpNrYWAF+oqpFkAAAA";

#[test]
fn what_was_compressed_is_read() {
    let scene = scene(&[]);
    let bytes = STANDARD.decode(COMPRESSED).unwrap();
    scene.server.answer("/keys", Reply::of(&bytes).with("Content-Encoding", "gzip"));
    scene.verifies(&by("a"), &[]);
    // It is stored decompressed.
    let held = text(&std::fs::read(scene.entry()).unwrap());
    assert!(held.ends_with(&set(&["a"])), "{held}");
    // A truncated document.
    let cut = Reply::of(&bytes[..bytes.len() / 2]).with("Content-Encoding", "gzip");
    scene.server.answer("/keys", cut);
    let output = scene.verify(&by("a"), &["--no-cache"]).output();
    assert_eq!(output.status.code(), Some(1), "{}", text(&output.stderr));
}

/// A gzip file of so many runs of 258 spaces: 13 bits each.
fn spaces(runs: usize) -> Vec<u8> {
    // The last block, with fixed codes: a space, then that again and again (RFC 1951 section 3.2.6).
    let mut bits: Vec<u8> = [&[1, 1, 0][..], &[0, 1, 0, 1, 0, 0, 0, 0]].concat();
    for _ in 0..runs {
        bits.extend([1, 1, 0, 0, 0, 1, 0, 1]);
        bits.extend([0; 5]);
    }
    let byte = |bits: &[u8]| bits.iter().rev().fold(0, |byte, bit| byte << 1 | bit);
    let head = [0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 255];
    head.into_iter().chain(bits.chunks(8).map(byte)).collect()
}

#[test]
fn what_is_large_once_it_is_decompressed_is_not_read() {
    let scene = scene(&[]);
    let bomb = spaces(100_000);
    assert!(bomb.len() < 200_000, "a hundredth of what comes of it");
    scene.server.answer("/keys", Reply::of(bomb).with("Content-Encoding", "gzip"));
    let error = format!("{} is too large for a key: over 1 MiB", scene.keys());
    scene
        .verify(&by("a"), &[])
        .error(&error)
        .hint("is it the URL of a JWK Set? An issuer is named with --oidc ISSUER")
        .code(7);
}

const PEM: &str = "it must name certificates in PEM (-----BEGIN CERTIFICATE-----); if it is not set, the system's are trusted";

#[test]
fn certificates_that_a_variable_names_must_be_there() {
    let scene = scene(&["a"]);
    let path = |name: &str| scene.folder.path().join(name).to_str().unwrap().to_owned();
    let write = |name: &str, bytes: &[u8]| fs::write(path(name), bytes).unwrap();
    let certificate = key("p256.certificate.pem");
    let damaged = text(&certificate).replacen("MII", "MIJ", 1);
    write("good.pem", &certificate);
    write("empty.pem", b"");
    write("junk.pem", b"junk\n");
    write("key.pem", &key("p256.spki.public.pem"));
    write("damaged.pem", damaged.as_bytes());
    write("large.pem", &vec![b'\n'; 4 * 1024 * 1024 + 1]);
    write("beside.pem", &[b"junk\n", damaged.as_bytes(), &certificate].concat());
    for folder in ["none", "good", "link"] {
        fs::create_dir(path(folder)).unwrap();
    }
    fs::copy(path("junk.pem"), path("none/junk.pem")).unwrap();
    fs::copy(path("good.pem"), path("good/good.pem")).unwrap();
    #[cfg(unix)]
    std::os::unix::fs::symlink(path("good.pem"), path("link/hash.0")).unwrap();

    // For every URL, and with every other variable.
    let https = scene.keys().replace("http:", "https:");
    for (name, why) in [
        ("missing.pem", "No such file or directory"),
        ("good", "Is a directory"),
        ("empty.pem", "it holds no certificate"),
        ("junk.pem", "it holds no certificate"),
        ("key.pem", "it holds no certificate"),
        ("damaged.pem", "it holds no certificate"),
        ("large.pem", "it is too large"),
    ] {
        for url in [&scene.keys(), &https] {
            let call = || scene.call(&["verify", &by("a"), "--jwks", url]);
            let error = format!("SSL_CERT_FILE: {} cannot be used: {why}", path(name));
            call().env("SSL_CERT_FILE", &path(name)).error(&error).hint(PEM).code(1);
            let call = call().env("SSL_CERT_FILE", &path(name)).env("SSL_CERT_DIR", &path("good"));
            call.error(&error).hint(PEM).code(1);
        }
    }
    let call = scene.verify(&by("a"), &[]).env("SSL_CERT_FILE", "");
    call.error("SSL_CERT_FILE cannot be used: it is empty").hint(PEM).code(1);
    for (list, why) in [
        (path("missing"), "No such file or directory"),
        (path("good.pem"), "Not a directory"),
        (path("none"), "it holds no certificate"),
        (format!("{}:{}", path("none"), path("missing")), "No such file or directory"),
    ] {
        let error = format!("SSL_CERT_DIR: {list} cannot be used: {why}");
        for file in [None, Some(path("good.pem"))] {
            let call = scene.verify(&by("a"), &[]).env("SSL_CERT_DIR", &list);
            let call = file.into_iter().fold(call, |call, file| call.env("SSL_CERT_FILE", &file));
            call.error(&error).hint(PEM).code(1);
        }
    }
    scene.asked(&[]);

    for (variable, value) in [
        ("SSL_CERT_FILE", path("good.pem")),
        ("SSL_CERT_FILE", path("beside.pem")),
        ("SSL_CERT_DIR", path("good")),
        ("SSL_CERT_DIR", path("link")),
        ("SSL_CERT_DIR", format!("{}:{}", path("missing"), path("good"))),
        ("SSL_CERT_DIR", String::new()),
    ] {
        let call = scene.verify(&by("a"), &["--no-cache"]).env(variable, &value);
        call.stdout(PRINTED).code(0);
        scene.asked(&["/keys"]);
    }
    // Offline, the error does not say that nothing was cached.
    scene.verifies(&by("a"), &[]);
    let error =
        format!("SSL_CERT_FILE: {} cannot be used: it holds no certificate", path("junk.pem"));
    let call = scene.verify(&by("a"), &["--offline"]).env("SSL_CERT_FILE", &path("junk.pem"));
    call.error(&error).hint(PEM).code(1);
    // The flag replaces the variable.
    let call = scene.verify(&by("a"), &["--ca-file", &path("good.pem")]);
    call.env("SSL_CERT_FILE", &path("missing.pem")).stdout(PRINTED).code(0);
}
