//! What the program is built from: one crypto library, compatible licences, no avoidable duplicates.

use std::collections::{BTreeMap, BTreeSet};
use std::process::Command;

/// Licences that a program under MIT or Apache-2.0 can be built from.
const LICENCES: [&str; 10] = [
    "MIT",
    "MIT-0",
    "Apache-2.0",
    "Apache-2.0 WITH LLVM-exception",
    "BSD-3-Clause",
    "ISC",
    "OpenSSL",
    "Unicode-3.0",
    "Unlicense",
    "Zlib",
];

fn tree(flags: &[&str]) -> String {
    let tree = Command::new(env!("CARGO"))
        .args(["tree", "--locked", "--offline", "--prefix", "none"])
        .args(flags)
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .output()
        .unwrap();
    String::from_utf8(tree.stdout).unwrap()
}

/// Name, version and licence of every package the released program is built from, on this kind of
/// machine.
fn packages() -> BTreeSet<(String, String, String)> {
    let tree = tree(&["--edges", "normal,build", "--format", "{p}\t{l}"]);
    let packages: BTreeSet<_> = tree.lines().filter_map(package).collect();
    assert!(packages.len() > 40, "the tree was not read: {}", packages.len());
    packages
}

/// A line such as "serde v1.0.229 (proc-macro)\tMIT OR Apache-2.0".
fn package(line: &str) -> Option<(String, String, String)> {
    let (package, licence) = line.split_once('\t')?;
    let mut words = package.split(' ').map(str::to_owned);
    let licence = licence.trim_end_matches(" (*)").to_owned();
    Some((words.next()?, words.next()?, licence))
}

#[test]
fn every_licence_fits() {
    for (name, _, licence) in packages() {
        let plain = licence.replace('/', " OR ").replace(['(', ')'], " ");
        // An AND binds: each of its parts must have a licence that fits among its ORs.
        let fits = |part: &str| part.split(" OR ").any(|one| LICENCES.contains(&one.trim()));
        // colored's licence covers its own files alone, which are used as they are.
        let by_file = name == "colored" && licence == "MPL-2.0";
        assert!(by_file || plain.split(" AND ").all(fits), "{name}: {licence}");
    }
}

#[test]
fn there_is_one_crypto_library() {
    for (name, ..) in packages() {
        let others = [
            "ring",
            "openssl",
            "openssl-sys",
            "rsa",
            "dsa",
            "ecdsa",
            "p256",
            "p384",
            "p521",
            "k256",
            "ed25519-dalek",
            "curve25519-dalek",
            "native-tls",
        ];
        assert!(!others.contains(&name.as_str()), "{name}");
    }
}

/// The ciphers and hashes of `RustCrypto` open encrypted key files, since aws-lc-rs lacks scrypt and bcrypt. They
/// come with the libraries of those files, and nothing here may turn to them itself.
#[test]
fn no_cipher_of_another_library_is_used_directly() {
    let own = tree(&["--edges", "normal", "--depth", "1"]);
    let names: Vec<_> = own.lines().filter_map(|line| line.split(' ').next()).collect();
    assert!(names.contains(&"aws-lc-rs"), "the tree was not read: {own}");
    for cipher in ["aes", "cbc", "cipher", "des", "hmac", "pbkdf2", "scrypt", "sha1", "sha2"] {
        assert!(!names.contains(&cipher), "{cipher}");
    }
}

#[test]
fn no_dependency_is_there_twice() {
    let mut versions: BTreeMap<String, usize> = BTreeMap::new();
    for (name, ..) in packages() {
        *versions.entry(name).or_default() += 1;
    }
    let twice: Vec<_> = versions.iter().filter(|(_, count)| **count > 1).map(|(n, _)| n).collect();
    // aws-lc-rs and rustls-webpki read DER with different versions of untrusted.
    // zeroize_derive is still on syn 2, at build time only.
    assert_eq!(twice, ["syn", "untrusted"]);
}
