//! Files import one another in one direction: down the list of modules in the documentation of `src/lib.rs`, and never
//! in a circle.
//!
//! The sources are parsed, and every path is followed to the file that defines what it names: through `self::`,
//! `super::`, `use` trees, aliases and re-exports. A re-export alone does not make its file depend on another, and
//! neither does anything under `#[cfg(test)]`.

#[path = "support/imports.rs"]
mod imports;
#[path = "support/syntax.rs"]
mod syntax;

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use imports::{Crate, Graph, cycles, module_of};

/// The imports of a module that is above the importer in the order.
fn upward(graph: &Graph<'_>, order: &[String]) -> Vec<String> {
    let place = |file: &str| {
        let module = module_of(file).into_iter().next()?;
        let place = order.iter().position(|name| *name == module);
        Some(place.unwrap_or_else(|| panic!("{module} is not in the list of src/lib.rs")))
    };
    let mut found = Vec::new();
    for (file, imports) in graph {
        for (other, path) in imports {
            if place(other) < place(file) {
                found.push(format!("{file} imports {path} from {other}"));
            }
        }
    }
    found
}

/// The modules in the order of the list in `src/lib.rs`, from the top down.
fn order(root: &str) -> Vec<String> {
    let docs = root.lines().filter(|line| line.starts_with("//! [`"));
    let names =
        docs.flat_map(|line| line.split("[`").skip(1)).filter_map(|name| name.split('`').next());
    names.map(|name| name.trim_start_matches("mod@").to_owned()).collect()
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("src")
}

/// The files below `src`, by their path there, with their text.
fn sources(folder: &Path) -> BTreeMap<String, String> {
    let mut found = BTreeMap::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.append(&mut sources(&path));
        } else if path.extension().is_some_and(|it| it == "rs") {
            let name = path.strip_prefix(root()).unwrap().to_str().unwrap().to_owned();
            found.insert(name, fs::read_to_string(&path).unwrap());
        }
    }
    found
}

/// The library: everything below `src` but the binary.
fn library() -> BTreeMap<String, String> {
    let mut files = sources(&root());
    files.remove("main.rs");
    files
}

#[test]
fn no_file_imports_from_a_module_above_it_or_in_a_circle() {
    let library = library();
    for (system, other) in [("unix", "windows"), ("windows", "unix")] {
        let files = library.iter().map(|(file, text)| (&**file, &**text));
        let folder = format!("sys/{other}/");
        let parsed =
            Crate::parse(other, files.clone().filter(|(file, _)| !file.starts_with(&folder)));
        let graph = parsed.graph();
        let edges: usize = graph.values().map(BTreeMap::len).sum();
        assert!(edges > 300, "the imports were not found: {edges}");
        let own = format!("sys/{system}/");
        let is_found = graph["sys/commit/create.rs"].keys().any(|file| file.starts_with(&own));
        assert!(is_found, "{system} was not found");
        let mut faults = upward(&graph, &order(&library["lib.rs"]));
        faults.extend(cycles(&graph));
        assert!(faults.is_empty(), "{} faults:\n{}", faults.len(), faults.join("\n"));
    }
}

/// What differs between systems is behind one interface. Linux-only parts of `sys` say so where they are.
#[test]
fn only_sys_knows_the_system() {
    for (file, text) in sources(&root()) {
        let names = ["cfg(unix", "cfg(windows", "target_os", "std::os::", "cfg!("];
        let found = names.iter().find(|name| text.contains(**name));
        assert!(found.is_none() || file.starts_with("sys/"), "{file}: {found:?}");
    }
}

/// Some crates have one user each, so that each can be replaced in one place.
#[test]
fn crates_with_one_owner_stay_with_it() {
    let files = sources(&root());
    for (name, owner) in [
        ("clap", "cli"),
        ("roff", "cli"),
        ("colored", "output"),
        ("chrono", "time"),
        ("tz", "time"),
        ("jsonwebtoken", "crypto"),
        ("aws_lc_rs", "crypto"),
        ("rustls_pki_types", "crypto"),
        ("num_bigint", "keys"),
        ("pkcs1", "keys"),
        ("pkcs8", "keys"),
        ("sec1", "keys"),
        ("bcrypt_pbkdf", "keys"),
        ("ssh_cipher", "keys"),
        ("x509_cert", "keys"),
        ("base64_simd", "token"),
        ("indicatif", "output"),
        ("unicode_width", "output"),
        ("nix", "sys"),
        ("rustix", "sys"),
        ("signal_hook", "sys"),
        ("ctrlc", "sys"),
        ("rpassword", "sys"),
        ("winapi_util", "sys"),
        ("windows_sys", "sys"),
        ("tempfile", "sys"),
        ("rustls", "sys"),
        ("ureq", "sys"),
        ("fluent_uri", "jwks"),
        ("httpdate", "jwks"),
    ] {
        let users = files.iter().filter(|(_, text)| uses(text, name));
        let mut users: Vec<_> =
            users.map(|(file, _)| module_of(file).into_iter().next().unwrap_or_default()).collect();
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

/// The test above can fail: on made-up sources with one fault each.
mod made_up_sources {
    use super::{Crate, cycles, order, upward};

    fn cycles_of(files: &[(&str, &str)]) -> Vec<String> {
        cycles(&Crate::parse("windows", files.iter().copied()).graph())
    }

    /// A crate in which `a/x.rs` has this text and `a/y.rs` imports from it.
    fn cycles_with(x: &str, more: &[(&str, &str)]) -> Vec<String> {
        let tree = [
            ("lib.rs", "pub mod a; pub mod b;"),
            ("a/mod.rs", "pub mod x; pub mod y; pub use y::{Y, make as made};"),
            ("a/x.rs", x),
            ("a/y.rs", "use super::x::X; pub struct Y; pub fn make(_: X) {}"),
            ("b.rs", "pub use crate::a::y; pub use crate::a::y::*;"),
        ];
        cycles_of(&[&tree[..], more].concat())
    }

    #[test]
    fn a_circle_is_found_in_whatever_way_the_import_is_written() {
        for x in [
            "use super::y::Y;",
            "use crate::a::{self, y::{Y as Other}};",
            "use crate::a::y::{self};",
            "use super::y as other;",
            "use super::y::*;",
            "use super::Y;",
            "use super::made as maker;",
            "use crate::b::Y;",
            "use crate::b::y::make;",
            "use crate::{a as first}; fn f() { first::y::make() }",
            "use crate::a; fn f() -> a::Y { loop {} }",
            "fn f(_: super::y::Y) {}",
            "fn f() { self::super::y::make() }",
            "fn f() { println!(\"{}\", super::y::make()) }",
            "fn f() { vec![(1, [crate::a::made()])]; }",
            "fn f() { use super::y::make; }",
            "mod inner { fn f() { super::super::y::make() } }",
            "impl From<super::Y> for X {}",
            "impl X { fn f() { if let crate::a::Y = loop {} {} } }",
        ] {
            let found = cycles_with(&format!("pub struct X; {x}"), &[]);
            assert_eq!(found.len(), 1, "{x}: {found:?}");
            assert!(found[0].contains("a/x.rs") && found[0].contains("from a/y.rs"), "{found:?}");
        }
    }

    #[test]
    fn what_imports_nothing_makes_no_circle() {
        for x in [
            "",
            "// use super::y::Y;\n/// [`super::y::Y`]\nfn f() {}",
            "fn f() { println!(\"super::y::make()\") }",
            "#[cfg(test)] mod tests { use super::super::y::Y; }",
            "#[cfg(test)] use super::y::Y;",
            "impl X { #[cfg(test)] fn f(_: super::Y) {} }",
            "pub(in crate::a) fn f() {}",
            "use std::y::Y; fn f() { y::make() }",
            "use external::a::y::make; fn f() { a::y::make() }",
            "fn y() {} fn f() { y() }",
        ] {
            assert_eq!(cycles_with(&format!("pub struct X; {x}"), &[]), [""; 0], "{x}");
        }
    }

    #[test]
    fn a_re_export_is_an_import_only_of_a_module_that_uses_the_name() {
        let tree = |root: &'static str| {
            [("lib.rs", "mod a;"), ("a/mod.rs", root), ("a/x.rs", "use super::Y; pub struct X;")]
        };
        assert_eq!(cycles_of(&tree("mod x; pub use x::X; pub struct Y;")), [""; 0]);
        for root in [
            "mod x; pub use x::X; pub struct Y(X);",
            "mod x; pub struct Y(x::X);",
            "mod x; use x::X; pub struct Y;",
        ] {
            assert_eq!(cycles_of(&tree(root)).len(), 1, "{root}");
        }
    }

    #[test]
    fn a_circle_of_several_files_is_told_step_by_step() {
        let found = cycles_of(&[
            ("lib.rs", ""),
            ("a.rs", "use crate::b::B;"),
            ("b.rs", "pub struct B; fn f() { crate::c::f() }"),
            ("c.rs", "pub fn f() { crate::a::g() }"),
        ]);
        let steps = "a.rs imports crate::b::B from b.rs, b.rs imports crate::c::f from c.rs, \
                     c.rs imports crate::a::g from a.rs";
        assert!(found.contains(&steps.to_owned()), "{found:?}");
    }

    #[test]
    fn an_import_from_above_is_found_behind_a_re_export_from_below() {
        let files = [
            ("lib.rs", "//! [`top`], [`mod@middle`],\n//! [`low`]"),
            ("top.rs", "use crate::low::L; pub struct T;"),
            ("middle.rs", "pub use crate::top::T;"),
            ("low.rs", "use crate::middle::T; pub struct L;"),
        ];
        let parsed = Crate::parse("windows", files);
        let order = order(files[0].1);
        assert_eq!(order, ["top", "middle", "low"]);
        assert_eq!(
            upward(&parsed.graph(), &order),
            ["low.rs imports crate::middle::T from top.rs"]
        );
    }
}
