//! Every flag that a message, a hint or a table names exists, and flags of one kind have in common what the code expects.

mod support;
#[path = "support/syntax.rs"]
mod syntax;

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use jwtctl::output::Terminal;
use support::run_inside;
use syn::buffer::{Cursor, TokenBuffer};
use syn::visit::Visit;
use syntax::each_token;

/// What looks like a flag and is none of ours, with the reason.
const FOREIGN: [(&str, &str); 1] = [("--flag", "stands for any flag in comments")];

fn help(verb: &str) -> String {
    let words: Vec<_> = ["help"].into_iter().chain(verb.split_whitespace()).collect();
    let help = run_inside(&words, &[], Terminal::No);
    assert_eq!((&*help.stderr, help.code), ("", 0), "{verb}");
    help.stdout
}

/// The verbs that the help of a verb lists, with theirs.
fn verbs(above: &str) -> Vec<String> {
    let help = help(above);
    let Some((_, list)) = help.split_once("\nVerbs:\n") else { return vec![above.to_owned()] };
    let lines = list.lines().take_while(|line| !line.is_empty());
    let names = lines.filter_map(|line| line.split_whitespace().next());
    names.flat_map(|name| verbs(format!("{above} {name}").trim_start())).collect()
}

/// The flags in the help of a verb: the name, and what the help calls its value.
fn flags_of(verb: &str) -> Vec<(String, Option<String>)> {
    let help = help(verb);
    let lines = help.lines().map(str::trim_start).filter(|line| line.starts_with('-'));
    let flag = |line: &str| {
        let name = names(line).into_iter().next()?;
        let (_, after) = line.split_once(&name)?;
        let value = after.strip_prefix(" <").and_then(|value| value.split('>').next());
        Some((name, value.map(str::to_owned)))
    };
    lines.filter_map(flag).collect()
}

/// The long flags that a text names.
fn names(text: &str) -> Vec<String> {
    let is_inside = |c: char| c == '-' || c.is_alphanumeric();
    let after = text.match_indices("--").filter(|(at, _)| !text[..*at].ends_with(is_inside));
    let names = after.filter_map(|(at, _)| {
        let name = text[at + 2..].split(|c: char| !c.is_ascii_lowercase() && c != '-').next()?;
        Some(name.trim_end_matches('-')).filter(|name| name.len() > 1 && !name.starts_with('-'))
    });
    names.map(|name| format!("--{name}")).collect()
}

/// The string literals of a file, those of macros, attributes and documentation among them.
#[derive(Default)]
struct Literals(Vec<String>);

impl Literals {
    fn read_tokens(&mut self, tokens: Cursor<'_>) {
        each_token(tokens, &mut |token| {
            if let Some((literal, _)) = token.literal()
                && let syn::Lit::Str(text) = syn::Lit::new(literal)
            {
                self.0.push(text.value());
            }
        });
    }
}

impl<'ast> Visit<'ast> for Literals {
    fn visit_lit_str(&mut self, text: &'ast syn::LitStr) {
        self.0.push(text.value());
    }

    fn visit_macro(&mut self, item: &'ast syn::Macro) {
        self.read_tokens(TokenBuffer::new2(item.tokens.clone()).begin());
    }

    fn visit_meta_list(&mut self, list: &'ast syn::MetaList) {
        self.read_tokens(TokenBuffer::new2(list.tokens.clone()).begin());
    }
}

/// The files below a folder, each with its path there and its literals.
fn literals(folder: &Path) -> Vec<(String, Vec<String>)> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_str().unwrap();
        if path.is_dir() {
            let inner = literals(&path).into_iter();
            found.extend(inner.map(|(file, literals)| (format!("{name}/{file}"), literals)));
        } else if path.extension().is_some_and(|it| it == "rs") {
            let mut literals = Literals::default();
            literals.visit_file(&syn::parse_file(&fs::read_to_string(&path).unwrap()).unwrap());
            found.push((name.to_owned(), literals.0));
        }
    }
    found
}

/// What a table of synonyms says about our own flags: `ours: theirs` in a line, or advice. A list of nothing but flags
/// has those that users type.
fn without_theirs(table: &str) -> String {
    let is_theirs = |line: &str| line.split(' ').all(|word| word.starts_with('-'));
    let lines = table.lines().filter(|line| !is_theirs(line));
    let ours = lines.map(|line| line.split_once(": --").map_or(line, |(ours, _)| ours));
    ours.collect::<Vec<_>>().join("\n")
}

#[test]
fn every_flag_that_the_source_names_exists() {
    let verbs = verbs("").into_iter().chain(["key".to_owned(), String::new()]);
    let flags: BTreeSet<_> = verbs.flat_map(|verb| flags_of(&verb)).map(|(name, _)| name).collect();
    let (mut named, mut unknown) = (BTreeSet::new(), Vec::new());
    for (file, literals) in literals(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src")) {
        for text in literals {
            let is_table = file == "cli/synonyms.rs";
            for name in names(&if is_table { without_theirs(&text) } else { text }) {
                if !flags.contains(&name) && FOREIGN.iter().all(|(foreign, _)| name != *foreign) {
                    unknown.push(format!("{file}: {name}"));
                }
                named.insert(name);
            }
        }
    }
    assert!(named.len() > 60, "the texts were not found: {named:?}");
    assert_eq!(unknown, [""; 0]);
}

/// The tables of the gates name flags as clap does, with `_` in place of `-`.
#[test]
fn every_flag_in_the_tables_of_the_gates_exists() {
    let gates: BTreeSet<_> = ["verify", "refresh"].into_iter().flat_map(flags_of).collect();
    let gates: BTreeSet<_> = gates.into_iter().map(|(name, _)| name).collect();
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/cli/gates.rs");
    let mut tables = Literals::default();
    for item in syn::parse_file(&fs::read_to_string(path).unwrap()).unwrap().items {
        if let syn::Item::Const(table) = item {
            tables.visit_expr(&table.expr);
        }
    }
    assert!(tables.0.len() > 10, "{:?}", tables.0);
    for id in tables.0 {
        let flag = format!("--{}", id.replace('_', "-"));
        assert!(gates.contains(&flag), "{flag}");
    }
}

#[test]
fn a_flag_that_takes_a_time_takes_one_with_a_sign() {
    let mut times = 0;
    for verb in verbs("") {
        for (flag, value) in flags_of(&verb) {
            if matches!(value.as_deref(), Some("D" | "TIME")) {
                let said = |value: &[&str]| {
                    let words: Vec<_> = verb.split(' ').chain(value.iter().copied()).collect();
                    let output = run_inside(&words, &[], Terminal::No);
                    (output.stderr, output.code)
                };
                // A value that is attached is never taken for a flag.
                let attached = said(&[&format!("{flag}=-5m")]);
                assert_eq!(said(&[&flag, "-5m"]), attached, "{verb} {flag}");
                times += 1;
            }
        }
    }
    assert!(times > 15, "{times}");
}

/// The gates recognise these flags by their names: what is given to them may be the secret itself.
#[test]
fn a_flag_that_names_a_variable_ends_with_env() {
    let mut variables = BTreeSet::new();
    for verb in verbs("") {
        let mut flag = String::new();
        let mut text = String::new();
        for line in help(&verb).lines().map(str::trim).chain(["-"]) {
            if line.starts_with('-') || line.is_empty() {
                if text.contains("environment variable") && !flag.is_empty() {
                    variables.insert(flag);
                }
                flag = names(line).into_iter().next().unwrap_or_default();
                text.clear();
            }
            text.extend([line, " "]);
        }
    }
    assert!(variables.len() > 3, "{variables:?}");
    assert!(variables.iter().all(|flag| flag.ends_with("-env")), "{variables:?}");
}
