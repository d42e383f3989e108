//! Files that are generated from the program and committed must be up to date. To regenerate them:
//! `UPDATE=1 cargo test --locked --test committed`.

mod support;

use std::collections::HashSet;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use jwtctl::explain::CODES;
use jwtctl::output::Terminal;
use jwtctl::output::exit::TABLE;
use support::harness::jwtctl;
use support::{Output, SECRET, run_inside, token};

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
fn the_completions_are_up_to_date() {
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
        hold(&format!("completions/{file}"), &made.stdout);
    }
}

#[test]
fn the_names_of_codes_are_unique_and_lower_case_with_hyphens() {
    let all = || CODES.iter().flat_map(|(_, codes)| codes.iter()).map(|(code, _)| code.name());
    let is_plain = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-';
    assert!(all().all(|name| name.bytes().all(is_plain)));
    assert_eq!(all().collect::<HashSet<_>>().len(), all().count());
}

/// What a terminal of 76 columns shows of a session, in colour, as a picture.
fn picture(calls: &[(&str, &[&str])]) -> String {
    let mut screen = String::new();
    for (typed, args) in calls {
        let args = [&["--color", "always"], *args].concat();
        let output = run_inside(&args, &[("JWTCTL_SECRET", SECRET)], Terminal::Width(76));
        let _ = writeln!(screen, "\u{1b}[1m$ {typed}\u{1b}[0m");
        screen.push_str(&output.stdout);
        screen.push_str(&output.stderr);
        let _ = writeln!(screen, "\u{1b}[2m$ echo $?\u{1b}[0m\n{}\n", output.code);
    }
    anstyle_svg::Term::new().render_svg(screen.trim_end())
}

#[test]
fn the_pictures_are_up_to_date() {
    let session = r#"{"user_id":123,"iat":1699999400,"exp":1700001200}"#;
    let (valid, expired) = (token(session), token(r#"{"user_id":123,"exp":1699913600}"#));
    let altered = valid.replacen("eyJ1c2VyX2lkIjoxMjM", "eyJ1c2VyX2lkIjoxMjQ", 1);
    assert_ne!(valid, altered);
    hold(
        "docs/verify.svg",
        &picture(&[
            ("jwtctl verify --token-env TOKEN", &["verify", &valid]),
            ("jwtctl verify \"$YESTERDAYS_TOKEN\"", &["verify", &expired]),
            ("jwtctl verify \"$ALTERED\"", &["verify", &altered]),
        ]),
    );
}

/// Real failures, each with the call that shows it and what is wrong in it.
#[test]
fn the_picture_of_explained_errors_is_up_to_date() {
    let shared = "MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=";
    let with = |args: &[&str]| {
        let call = [&["encode", "--no-iat", "--exp", "1700001800"], args].concat();
        Output::from(jwtctl(&call).output()).stdout
    };
    let base64 = with(&["--secret", shared, "--secret-format", "base64"]);
    let other_iss = with(&["--secret", SECRET, "--iss", "https://id.example/"]);
    let token = token(r#"{"user_id":123,"exp":1700001800}"#);
    let wrapped = format!("{}\n{}", &token[..64], &token[64..]);
    let answer = format!(r#"{{"token_type":"Bearer","access_token":"{token}"}}"#);
    let secret = ["verify", "--secret", shared];
    hold(
        "docs/clinic.svg",
        &picture(&[
            (
                "jwtctl verify --secret-env SECRET --token-env TOKEN",
                &[&secret[..], &[base64.trim()]].concat(),
            ),
            (
                "jwtctl verify --iss https://id.example --token-env TOKEN",
                &["verify", "--iss", "https://id.example", other_iss.trim()],
            ),
            ("jwtctl verify \"$WRAPPED\"", &["verify", &wrapped]),
            ("jwtctl verify \"$(curl -s https://id.example/token)\"", &["verify", &answer]),
            ("jwtctl verify '$TOKEN'", &["verify", "$TOKEN"]),
        ]),
    );
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
