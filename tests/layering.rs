//! Imports run one way: down the list in the crate's documentation, which is read here, so that
//! neither can change without the other.

use std::fs;
use std::path::{Path, PathBuf};

/// The modules in the order of the table in `src/lib.rs`, from the top down.
fn order(root: &Path) -> Vec<String> {
    let text = fs::read_to_string(root.join("lib.rs")).unwrap();
    let rows = text.lines().filter_map(|line| line.strip_prefix("//! | [`"));
    rows.map(|row| row.split('`').next().unwrap().trim_start_matches("mod@").to_owned()).collect()
}

fn sources(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    entries.flat_map(|path| if path.is_dir() { sources(&path) } else { vec![path] }).collect()
}

/// The top-level module that a file belongs to.
fn module(root: &Path, file: &Path) -> String {
    let first = file.strip_prefix(root).unwrap().components().next().unwrap();
    first.as_os_str().to_str().unwrap().trim_end_matches(".rs").to_owned()
}

/// The modules that a file names by `crate::`.
fn imports(text: &str) -> Vec<String> {
    let name = |rest: &str| {
        rest.chars().take_while(|c| c.is_ascii_lowercase() || *c == '_').collect::<String>()
    };
    let code = text.lines().filter(|line| !line.trim_start().starts_with("//"));
    let paths = code.flat_map(|line| line.split("crate::").skip(1));
    paths.map(name).filter(|name| !name.is_empty()).collect()
}

#[test]
fn no_module_imports_one_above_it() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let order = order(&root);
    let place = |name: &str| order.iter().position(|module| module == name);
    let mut seen = 0;
    for file in sources(&root) {
        let own = module(&root, &file);
        if own == "lib" || own == "main" {
            continue;
        }
        let own_place = place(&own).unwrap_or_else(|| panic!("{own} is not in the table"));
        for import in imports(&fs::read_to_string(&file).unwrap()) {
            let import_place =
                place(&import).unwrap_or_else(|| panic!("{import}: not in the table"));
            assert!(import_place >= own_place, "{} imports {import}, above it", file.display());
            seen += 1;
        }
    }
    assert!(seen > 50, "the imports were not found: {seen}");
}

/// Some crates have one user each, so that each can be replaced in one place.
#[test]
fn crates_with_one_owner_stay_with_it() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    for (name, owner) in [
        ("clap", "cli"),
        ("clap_complete", "cli"),
        ("clap_mangen", "cli"),
        ("colored", "output"),
        ("chrono", "time"),
        ("jsonwebtoken", "crypto"),
        ("aws_lc_rs", "crypto"),
        ("num_bigint", "keys"),
        ("pkcs1", "keys"),
        ("pkcs8", "keys"),
        ("sec1", "keys"),
        ("bcrypt_pbkdf", "keys"),
        ("ssh_cipher", "keys"),
        ("x509_cert", "keys"),
        ("base64_simd", "token"),
        ("indicatif", "output"),
        ("rustix", "sys"),
        ("signal_hook", "sys"),
        ("tempfile", "sys"),
        ("rustls", "sys"),
        ("ureq", "sys"),
        ("fluent_uri", "jwks"),
        ("httpdate", "jwks"),
    ] {
        let mut users: Vec<_> = sources(&root)
            .into_iter()
            .filter(|file| uses(&fs::read_to_string(file).unwrap(), name))
            .map(|file| module(&root, &file))
            .collect();
        users.dedup();
        assert_eq!(users, [owner], "{name}");
    }
}

fn uses(text: &str, name: &str) -> bool {
    text.lines().any(|line| {
        let line = line.trim_start();
        let code = !line.starts_with("//");
        code && line.match_indices(&format!("{name}::")).any(|(at, _)| {
            let before = line[..at].chars().next_back();
            before.is_none_or(|c| !c.is_ascii_alphanumeric() && c != '_' && c != ':')
        })
    })
}
