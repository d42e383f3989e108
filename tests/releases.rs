//! What is written about releases in several places agrees: the repository, the version, the targets.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

fn file(path: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(path);
    fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// The words of a text, in which a slash, a dot or a hyphen does not end a word.
fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| !c.is_ascii_alphanumeric() && !"_-./@:".contains(c))
}

const REPOSITORY: &str = env!("CARGO_PKG_REPOSITORY");
const VERSION: &str = env!("CARGO_PKG_VERSION");

#[test]
fn pages_name_the_repository_and_the_version_of_cargo_toml() {
    let owner = REPOSITORY
        .strip_prefix("https://github.com/")
        .and_then(|rest| rest.strip_suffix("/jwtctl"));
    let owner = owner.expect("a repository on GitHub");
    for path in ["README.md", "README.ko.md"] {
        let readme = file(path).to_lowercase();
        for (name, times) in [
            (format!("{REPOSITORY}/releases/download/v{VERSION}/"), 4),
            (format!("{owner}/jwtctl@v{VERSION}"), 2),
            (format!("ghcr.io/{owner}/jwtctl:{VERSION}"), 1),
            (format!("{owner}/tap/jwtctl"), 1),
            (format!("--repo {owner}/jwtctl`"), 1),
        ] {
            assert_eq!(readme.matches(&name.to_lowercase()).count(), times, "{path}: {name}");
        }
        assert_eq!(readme.matches("/releases/download/").count(), 4, "{path}");
    }
    // These pages leave the version to the reader.
    for (path, name) in [
        ("docs/install.md", format!("ghcr.io/{owner}/jwtctl:VERSION")),
        ("docs/install.md", format!("--repo {owner}/jwtctl\n")),
        ("docs/ci.md", format!("{REPOSITORY}/releases/download/vVERSION/jwtctl-VERSION-")),
    ] {
        assert!(file(path).contains(&name), "{path}: {name}");
        assert!(!file(path).contains(VERSION), "{path}");
    }
}

#[test]
fn the_workflow_the_action_and_the_package_managers_know_the_same_targets() {
    let targets = |path| -> BTreeSet<String> {
        let text = file(path);
        let names = words(&text).map(|word| {
            word.trim_end_matches(".tar.gz").trim_end_matches(".zip").trim_end_matches('@')
        });
        let names = names.filter(|name| {
            ["-unknown-linux-", "-apple-", "-pc-windows-"]
                .iter()
                .any(|system| name.contains(system))
        });
        names
            .filter(|name| name.starts_with("x86_64-") || name.starts_with("aarch64-"))
            .map(str::to_owned)
            .collect()
    };
    let built = targets(".github/workflows/release.yml");
    assert_eq!(built.len(), 5, "{built:?}");
    assert_eq!(targets("packaging/action/install.sh"), built);
    let mut managers = targets("packaging/homebrew.rb");
    managers.extend(targets("packaging/scoop.json"));
    assert_eq!(managers, built);
}
