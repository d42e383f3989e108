//! Files that are made from the program and committed: held current here. To make them anew:
//! `UPDATE=1 cargo test --test committed`.

mod support;

use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use jwtctl::exit::TABLE;
use jwtctl::render::Terminal;
use support::{SECRET, run, run_inside, token};

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
fn completions() {
    for (shell, file) in [
        ("bash", "jwtctl.bash"),
        ("zsh", "_jwtctl"),
        ("fish", "jwtctl.fish"),
        ("powershell", "_jwtctl.ps1"),
        ("elvish", "jwtctl.elv"),
        ("nushell", "jwtctl.nu"),
    ] {
        let made = run(&["completions", shell], &[]);
        assert_eq!((made.code, made.stderr.as_str()), (0, ""));
        hold(&format!("completions/{file}"), &made.stdout);
    }
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
fn pictures() {
    let session = r#"{"user_id":123,"iat":1699999400,"exp":1700001200}"#;
    let (valid, expired) = (token(session), token(r#"{"user_id":123,"exp":1699913600}"#));
    let altered = valid.replacen("eyJ1c2VyX2lkIjoxMjM", "eyJ1c2VyX2lkIjoxMjQ", 1);
    assert_ne!(valid, altered);
    hold(
        "docs/verify.svg",
        &picture(&[
            ("jwtctl verify \"$TOKEN\"", &["verify", &valid]),
            ("jwtctl verify \"$YESTERDAYS_TOKEN\"", &["verify", &expired]),
            ("jwtctl verify \"$ALTERED\"", &["verify", &altered]),
        ]),
    );
}

#[test]
fn the_exit_codes_in_the_readme() {
    let readme = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("README.md"));
    let mut table = String::from("| code | name | means | a script would |\n|---|---|---|---|\n");
    for row in &TABLE {
        let (code, name) = (row.exit.code(), row.exit.name());
        let _ = writeln!(table, "| {code} | {name} | {} | {} |", row.means, row.then);
    }
    assert!(readme.unwrap().contains(&table), "README.md should have this table:\n{table}");
}
