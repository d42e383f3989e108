//! What can be checked without running an example: links, flags, pictures, and that the translation agrees.

use std::collections::HashMap;
use std::fs;
use std::process::Command;

use jwtctl::output::exit::TABLE;

use crate::harness::program;
use crate::{Page, pages, resolved};

/// The texts between two marks.
fn between<'a>(text: &'a str, open: &'a str, close: &'a str) -> impl Iterator<Item = &'a str> {
    text.split(open).skip(1).filter_map(move |rest| Some(rest.split_once(close)?.0))
}

/// A heading's anchor, as GitHub makes it.
fn anchor(heading: &str) -> String {
    let kept = heading.trim().chars().filter(|c| c.is_alphanumeric() || " -_".contains(*c));
    kept.collect::<String>().to_lowercase().replace(' ', "-")
}

fn has_anchor(text: &str, wanted: &str) -> bool {
    let headings = text.lines().filter(|line| line.starts_with('#'));
    headings.map(|line| anchor(line.trim_start_matches('#'))).any(|found| found == wanted)
}

#[test]
fn links_lead_somewhere() {
    let others = ["ARCHITECTURE.md", "CONTRIBUTING.md", "SECURITY.md", "CHANGELOG.md"];
    for page in pages().into_iter().chain(others.iter().map(|path| Page::read(path))) {
        let links = between(&page.text, "](", ")")
            .chain(between(&page.text, " src=\"", "\""))
            .chain(between(&page.text, "srcset=\"", "\""));
        for link in links.filter(|link| !link.starts_with("http")) {
            let (path, wanted) = link.split_once('#').unwrap_or((link, ""));
            let target = if path.is_empty() {
                crate::root().join(&page.path)
            } else {
                resolved(&page, path)
            };
            assert!(target.exists(), "{}: {link}", page.path);
            let found =
                wanted.is_empty() || has_anchor(&fs::read_to_string(target).unwrap(), wanted);
            assert!(found, "{}: no heading for {link}", page.path);
        }
    }
}

#[test]
fn pictures_have_a_text_for_those_who_cannot_see_them() {
    for page in pages() {
        for image in between(&page.text, "<img ", ">") {
            let text = between(image, "alt=\"", "\"").next().unwrap_or_default();
            assert!(text.chars().count() > 20, "{}: {image}", page.path);
        }
    }
}

/// The lines of code of a page, those in its blocks and those in its text.
fn code(page: &Page) -> Vec<String> {
    let mut outside = true;
    let prose = page.text.lines().filter(|line| {
        let fence = line.starts_with("```");
        outside ^= fence;
        outside && !fence
    });
    let prose = prose.collect::<Vec<_>>().join(" ");
    let spans = prose.split('`').skip(1).step_by(2).map(str::to_owned);
    let joined = page.blocks().into_iter().map(|block| block.text.replace("\\\n", " "));
    joined
        .flat_map(|text| text.lines().map(str::to_owned).collect::<Vec<_>>())
        .chain(spans)
        .collect()
}

/// A text without what stands between these marks.
fn without(text: &str, open: &str, close: &str) -> String {
    let mut left = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once(open) {
        left.push_str(before);
        rest = after.split_once(close).map_or("", |(_, after)| after);
    }
    left + rest
}

/// The verb of a call, what follows the name of the program, and its long flags.
fn verb_and_flags(call: &str) -> Option<(Vec<String>, Vec<String>)> {
    let call = without(&without(call, "'", "'"), "$(", ")");
    let end = call.find(['|', ';', '&', ')', '>', '#']).unwrap_or(call.len());
    let words: Vec<_> = call[..end].split_whitespace().map(|word| word.trim_matches('"')).collect();
    let at = words.iter().position(|word| VERBS.contains(word))?;
    let verb = match words.get(at + 1) {
        Some(next) if words[at] == "key" && VERBS_OF_KEY.contains(next) => &words[at..=at + 1],
        _ => &words[at..=at],
    };
    let names = words.iter().filter_map(|word| word.split(['=', ']', ',']).next());
    let flags = names.filter(|name| name.len() > 2 && name.starts_with("--"));
    Some((verb.iter().map(|word| (*word).to_owned()).collect(), flags.map(str::to_owned).collect()))
}

const VERBS: [&str; 9] =
    ["encode", "decode", "verify", "refresh", "audit", "redact", "key", "man", "completions"];

const VERBS_OF_KEY: [&str; 6] = ["new", "show", "public", "convert", "thumbprint", "set"];

#[test]
fn pages_name_only_flags_that_exist() {
    let mut helps: HashMap<Vec<String>, String> = HashMap::new();
    let mut checked = 0;
    for page in pages() {
        for line in code(&page) {
            for (at, name) in line.match_indices("jwtctl ") {
                let call = &line[at + name.len()..];
                let Some((verb, flags)) = verb_and_flags(call) else { continue };
                let help = helps.entry(verb).or_insert_with_key(|verb| {
                    let output = Command::new(program()).arg("help").args(verb).output().unwrap();
                    String::from_utf8(output.stdout).unwrap()
                });
                let words = || help.split(|c: char| !c.is_ascii_alphanumeric() && c != '-');
                for flag in flags {
                    assert!(words().any(|word| word == flag), "{}: {flag}: {call}", page.path);
                    checked += 1;
                }
            }
        }
    }
    assert!(checked > 100, "{checked}");
}

#[test]
fn the_translation_has_the_same_code_and_the_same_exit_codes() {
    for (page, translation) in [
        ("README.md", "README.ko.md"),
        ("examples/flask-session/README.md", "examples/flask-session/README.ko.md"),
    ] {
        let [page, translation] = [page, translation].map(Page::read);
        let [ours, theirs] = [&page, &translation].map(|page| {
            page.blocks()
                .into_iter()
                .map(|block| (block.kind.to_owned(), block.text))
                .collect::<Vec<_>>()
        });
        assert_eq!(ours, theirs, "{}", translation.path);
        for (one, other) in [(&page, &translation), (&translation, &page)] {
            let name = other.path.rsplit('/').next().unwrap();
            let top: Vec<_> = one.text.lines().take(5).collect();
            assert!(top.join("\n").contains(&format!("]({name})")), "{}", one.path);
        }
    }
    let translation = Page::read("README.ko.md").text;
    for (exit, _, _) in TABLE {
        let row = format!("\n| {} | {} |", exit.code(), exit.name());
        assert!(translation.contains(&row), "no row{row}");
    }
}

#[test]
fn readme_fits_on_200_lines() {
    for path in ["README.md", "README.ko.md"] {
        assert!(Page::read(path).text.lines().count() <= 200, "{path}");
    }
}
