//! Runs README's examples: console blocks must print what README says (`…` is any text), shell blocks must exit with 0.

mod support;

use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};

/// The blocks of a kind in README.md.
fn blocks(kind: &str) -> Vec<String> {
    let readme =
        fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("README.md")).unwrap();
    let fence = format!("```{kind}\n");
    let blocks = readme.split(&fence).skip(1);
    blocks.map(|rest| rest.split("```").next().unwrap().to_owned()).collect()
}

/// Runs a script with jwtctl on the path, in an empty folder, stdout and stderr in one.
fn shell(script: &str) -> (String, Option<i32>) {
    let folder = tempfile::tempdir().unwrap();
    let program = support::harness::program();
    let bin = program.parent().unwrap();
    let output = Command::new("sh")
        .args(["-c", &format!("exec 2>&1\n{script}")])
        .current_dir(&folder)
        .env_clear()
        .env("PATH", format!("{}:/usr/local/bin:/usr/bin:/bin", bin.display()))
        .stdin(Stdio::null())
        .output()
        .unwrap();
    (String::from_utf8(output.stdout).unwrap(), output.status.code())
}

/// Whether a line is what was printed, `…` standing for any text.
fn fits(expected: &str, actual: &str) -> bool {
    let mut pieces = expected.split('…');
    let Some(mut rest) = actual.strip_prefix(pieces.next().unwrap()) else { return false };
    for piece in pieces {
        let Some(at) = rest.rfind(piece) else { return false };
        rest = if piece.is_empty() { "" } else { &rest[at + piece.len()..] };
    }
    rest.is_empty()
}

#[test]
fn console_blocks_print_what_readme_says() {
    let blocks = blocks("console");
    assert!(!blocks.is_empty());
    for block in blocks {
        let commands: Vec<_> = block.lines().filter_map(|line| line.strip_prefix("$ ")).collect();
        let script = commands.join("\n");
        let expected: Vec<_> = block.lines().filter(|line| !line.starts_with("$ ")).collect();
        let (printed, code) = shell(&script);
        let actual: Vec<_> = printed.lines().collect();
        assert_eq!(code, Some(0), "{printed}");
        assert_eq!(actual.len(), expected.len(), "{printed}");
        for (expected, actual) in expected.iter().zip(&actual) {
            assert!(fits(expected, actual), "README: {expected}\nprinted: {actual}");
        }
    }
}

#[test]
fn shell_blocks_exit_with_0() {
    let blocks = blocks("sh");
    assert!(blocks.len() >= 3);
    // The first block sets the tool up and runs these tests.
    for block in &blocks[1..] {
        let (printed, code) = with_token("$(jwtctl encode --aud deploy)", block);
        assert_eq!(code, Some(0), "{block}{printed}");
    }
}

#[test]
fn the_workflow_verifies_a_token() {
    let [workflow] = &blocks("yaml")[..] else { panic!("one workflow") };
    let steps = workflow.lines().filter_map(|line| line.trim().strip_prefix("- run: "));
    let command = steps.filter(|step| step.starts_with("jwtctl ")).collect::<Vec<_>>().join("\n");
    for (token, expected) in
        [("$(jwtctl encode --aud deploy)", 0), ("$(jwtctl encode --aud other)", 6)]
    {
        assert_eq!(with_token(token, &command).1, Some(expected), "{command}");
    }
}

/// Runs a script with a secret in the environment and a token in `TOKEN`.
fn with_token(token: &str, script: &str) -> (String, Option<i32>) {
    shell(&format!(
        "JWTCTL_SECRET=$(head -c 48 /dev/urandom | base64); export JWTCTL_SECRET\n\
         export TOKEN={token}\n{script}"
    ))
}

#[test]
fn the_recipe_for_ci_jobs_renews_or_refuses() {
    let recipe = blocks("sh").into_iter().find(|block| block.contains("case $code in")).unwrap();
    let script =
        format!("{recipe}jwtctl verify --quiet --aud deploy --token-env TOKEN && echo goes on");
    for (token, goes_on) in [
        ("$(jwtctl encode --aud deploy)", true),
        ("$(jwtctl encode --aud deploy --exp -5m)", true),
        ("$(jwtctl encode --aud deploy --exp -2h)", false),
        ("$(jwtctl encode --aud other)", false),
        ("$(jwtctl encode --aud deploy --secret another-secret-that-is-long-enough)", false),
        ("", false),
        ("e30.e30.", false),
    ] {
        let (printed, code) = with_token(token, &script);
        assert_eq!(printed.ends_with("goes on\n"), goes_on, "{token}: {printed}");
        assert_eq!(code == Some(0), goes_on, "{token}: {printed}");
    }
}
