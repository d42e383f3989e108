//! Files that are generated from the program and committed must be up to date. To regenerate them:
//! `UPDATE=1 cargo test --locked --test committed`.

mod pictures;
#[path = "../support/mod.rs"]
mod support;

use std::collections::HashSet;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use jwtctl::audit::RULES;
use jwtctl::explain::CODES;
use jwtctl::output::Terminal;
use jwtctl::output::exit::TABLE;
use support::harness::jwtctl;
use support::{Output, run_inside};

/// A committed file must be what the program makes now.
fn hold(path: &str, made: &str) {
    let full = Path::new(env!("CARGO_MANIFEST_DIR")).join(path);
    if std::env::var_os("UPDATE").is_some() {
        fs::write(&full, made).unwrap();
    }
    let committed = fs::read_to_string(&full).unwrap_or_default();
    assert!(committed == made, "{path} is not current: UPDATE=1 cargo test --test committed");
}

#[test]
fn the_committed_completions_are_those_that_are_printed() {
    for (shell, file) in [
        ("bash", "jwtctl.bash"),
        ("zsh", "_jwtctl"),
        ("fish", "jwtctl.fish"),
        ("powershell", "_jwtctl.ps1"),
        ("elvish", "jwtctl.elv"),
        ("nushell", "jwtctl.nu"),
    ] {
        let made = Output::from(jwtctl(&["completions", shell]).output());
        assert_eq!((made.code, made.stderr.as_str()), (0, ""));
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("completions").join(file);
        assert_eq!(fs::read_to_string(path).unwrap(), made.stdout);
    }
}

#[test]
fn the_names_of_codes_are_unique_and_lower_case_with_hyphens() {
    let all = || CODES.iter().flat_map(|(_, codes)| codes.iter()).map(|(code, _)| code.name());
    let is_plain = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-';
    assert!(all().all(|name| name.bytes().all(is_plain)));
    assert_eq!(all().collect::<HashSet<_>>().len(), all().count());
}

/// Every verb, as `jwtctl help` lists them.
fn verbs(above: &str) -> Vec<String> {
    let words: Vec<_> = above.split_whitespace().chain(["-h"]).collect();
    let help = run_inside(&words, &[], Terminal::No);
    let help = help.stdout + &help.stderr;
    let list = help.split("\nVerbs:\n").nth(1).unwrap_or_default();
    let list = list.lines().take_while(|line| !line.is_empty());
    let names = list
        .filter(|line| !line.starts_with("    "))
        .filter_map(|line| line.split_whitespace().next());
    let inner = names.flat_map(|name| verbs(format!("{above} {name}").trim_start()));
    std::iter::once(above.to_owned()).chain(inner).collect()
}

/// The short help names the clipboard and the shell of the system.
#[test]
#[cfg(target_os = "linux")]
fn the_short_help_is_as_committed_and_fits_a_screen_of_80_by_24() {
    let all = verbs("");
    assert!(all.len() > 15, "{all:?}");
    let mut transcript = String::new();
    for verb in all {
        let words: Vec<_> = verb.split_whitespace().chain(["-h", "--color", "never"]).collect();
        let output = run_inside(&words, &[], Terminal::Width(80));
        let call = format!("jwtctl {verb}");
        let usage = format!("\nUsage: {}", call.trim_end());
        assert!(output.stdout.contains(&usage), "{}", output.stdout);
        // The line of the next prompt is on the screen, too.
        assert!(output.stdout.lines().count() < 24, "{}", output.stdout);
        assert!(output.stdout.lines().all(|line| line.len() <= 80), "{}", output.stdout);
        let flags = output.stdout.lines().filter(|line| line.trim_start().starts_with('-'));
        assert!(flags.count() <= 10, "{}", output.stdout);
        let calls = output.stdout.split("\nExamples:\n").nth(1).expect("examples");
        assert_eq!(calls.lines().take_while(|line| line.starts_with("  ")).count(), 2, "{calls}");
        let _ = write!(transcript, "$ {} -h\n{}\n", call.trim_end(), output.stdout);
    }
    hold("tests/help.txt", &transcript);
}

/// The part of a page that is generated is between two comments; the rest is written by hand.
#[test]
fn the_rules_of_docs_audit_are_up_to_date() {
    let (begin, end) = ("<!-- rules -->\n", "<!-- end of rules -->");
    let page =
        fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/audit.md")).unwrap();
    let (before, rest) = page.split_once(begin).unwrap();
    let (_, after) = rest.split_once(end).unwrap();
    let mut table = String::new();
    for (group, rules) in RULES {
        let _ = write!(
            table,
            "\n### {group}\n\n| rule | severity | means | do this | from |\n|---|---|---|---|---|\n"
        );
        for rule in *rules {
            let (id, severity, section) = (rule.id(), rule.severity(), rule.section());
            let (means, remedy) = (rule.means(), rule.remedy());
            let _ = writeln!(table, "| `{id}` | {severity} | {means} | {remedy} | {section} |");
        }
    }
    hold("docs/audit.md", &format!("{before}{begin}{table}\n{end}{after}"));
}

#[test]
fn docs_codes_is_up_to_date() {
    let mut page = String::from(
        "# Codes of problems and warnings\n\nThese are `problems[].code` and `warnings[].code` in `--json` reports. They do not change. `jwtctl help codes` prints the\nsame table.\n",
    );
    for (group, codes) in CODES {
        let _ = write!(page, "\n## {group}\n\n| code | means |\n|---|---|\n");
        for (code, means) in *codes {
            let _ = writeln!(page, "| `{}` | {means} |", code.name());
        }
    }
    hold("docs/codes.md", &page);
    // A code that nothing says any more would stand in the table for ever.
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/explain");
    let said: String = sources(&folder)
        .into_iter()
        .filter(|path| !path.ends_with("codes.rs"))
        .map(|path| fs::read_to_string(path).unwrap())
        .collect();
    for (code, _) in CODES.iter().flat_map(|(_, codes)| *codes) {
        assert!(said.contains(&format!("Code::{code:?}")), "nothing says {code:?}");
    }
}

#[test]
fn readme_has_the_table_of_exit_codes() {
    let readme = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("README.md"));
    let mut table = String::from("| code | name | means | a script would |\n|---|---|---|---|\n");
    for (exit, means, then) in TABLE {
        let (code, name) = (exit.code(), exit.name());
        let _ = writeln!(table, "| {code} | {name} | {means} | {then} |");
    }
    assert!(readme.unwrap().contains(&table), "README.md should have this table:\n{table}");
}

fn sources(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    entries.flat_map(|path| if path.is_dir() { sources(&path) } else { vec![path] }).collect()
}
