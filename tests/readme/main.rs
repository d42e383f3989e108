//! The examples of README and of the pages in `docs`: console blocks must print what they say (`…` is any text), shell
//! blocks must exit with 0, and no page has a block that nothing checks.

#[path = "../support/harness.rs"]
#[allow(dead_code, reason = "process tests use the rest of it")]
mod harness;
mod text;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::thread;

use harness::program;

/// Where shell blocks are run that need other programs, by page.
const RUN_ELSEWHERE: [(&str, &str); 5] = [
    ("docs/providers.md", "tests/interop/providers/test_providers.py"),
    ("docs/signing.md", "tests/interop/signers/test_signers.py"),
    ("docs/streams.md", "tests/interop/engines/test_engines.py"),
    ("examples/flask-session/README.md", "tests/interop/run.sh"),
    ("examples/flask-session/README.ko.md", "tests/interop/run.sh"),
];

/// How each kind of block is checked.
const KINDS: [&str; 7] = [
    "console", // run here, and compared
    "sh",      // run here, or by what RUN_ELSEWHERE names
    "bash",    // needs files or a network: the flags in it must exist
    "yaml",    // its calls of jwtctl are run
    "toml",    // read as a file of profiles
    "python",  // run by what RUN_ELSEWHERE names
    "text",    // what other programs print
];

/// A page with examples.
struct Page {
    path: String,
    text: String,
}

/// The block of a page between fences.
struct Block<'a> {
    kind: &'a str,
    text: String,
}

impl Page {
    fn read(path: &str) -> Self {
        let text = fs::read_to_string(root().join(path));
        Self { path: path.to_owned(), text: text.unwrap_or_else(|e| panic!("{path}: {e}")) }
    }

    fn blocks(&self) -> Vec<Block<'_>> {
        let mut blocks = Vec::new();
        let mut lines = self.text.lines();
        while let Some(line) = lines.next() {
            let Some(kind) = line.strip_prefix("```") else { continue };
            let inside = lines.by_ref().take_while(|line| *line != "```");
            blocks.push(Block { kind, text: inside.flat_map(|line| [line, "\n"]).collect() });
        }
        blocks
    }

    fn blocks_of(&self, kind: &str) -> Vec<String> {
        let blocks = self.blocks().into_iter().filter(|block| block.kind == kind);
        blocks.map(|block| block.text).collect()
    }

    fn run_elsewhere(&self) -> bool {
        RUN_ELSEWHERE.iter().any(|(page, _)| *page == self.path)
    }
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// README, its translation, the pages in `docs`, and those of the example.
fn pages() -> Vec<Page> {
    let mut paths = vec!["README.md".to_owned(), "README.ko.md".to_owned()];
    for folder in ["docs", "examples/flask-session"] {
        let entries = fs::read_dir(root().join(folder)).unwrap();
        let names = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap());
        let mut pages: Vec<_> = names
            .filter(|name| Path::new(name).extension().is_some_and(|extension| extension == "md"))
            .map(|name| format!("{folder}/{name}"))
            .collect();
        pages.sort();
        paths.extend(pages);
    }
    paths.iter().map(|path| Page::read(path)).collect()
}

/// Runs a script with jwtctl on the path, in an empty folder, stdout and stderr in one.
fn shell(script: &str) -> (String, Option<i32>) {
    let folder = tempfile::tempdir().unwrap();
    let bin = program().parent().map(Path::to_owned).unwrap();
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

/// Runs a console block, and compares what it prints. A line that begins with `> ` continues a command.
fn console_block_prints_what_it_says(path: &str, block: &str) {
    let command =
        |line: &str| line.strip_prefix("$ ").or_else(|| line.strip_prefix("> ")).map(str::to_owned);
    let script: Vec<_> = block.lines().filter_map(command).collect();
    let expected: Vec<_> = block.lines().filter(|line| command(line).is_none()).collect();
    let (printed, code) = shell(&script.join("\n"));
    let actual: Vec<_> = printed.lines().collect();
    assert_eq!(code, Some(0), "{path}: {block}printed: {printed}");
    assert_eq!(actual.len(), expected.len(), "{path}: {block}printed: {printed}");
    for (expected, actual) in expected.iter().zip(&actual) {
        assert!(fits(expected, actual), "{path}: {expected}\nprinted: {actual}");
    }
}

#[test]
fn console_blocks_print_what_the_pages_say() {
    let pages = pages();
    thread::scope(|scope| {
        for page in &pages {
            scope.spawn(|| {
                for block in page.blocks_of("console") {
                    console_block_prints_what_it_says(&page.path, &block);
                }
            });
        }
    });
}

#[test]
fn shell_blocks_exit_with_0() {
    for page in pages().iter().filter(|page| !page.run_elsewhere()) {
        // README's first block sets the tool up and runs these tests.
        let first = usize::from(page.path.starts_with("README"));
        for block in &page.blocks_of("sh")[first..] {
            let (printed, code) = with_token("$(jwtctl encode --aud deploy)", block);
            assert_eq!(code, Some(0), "{}: {block}{printed}", page.path);
        }
    }
}

#[test]
fn no_block_is_without_a_check() {
    for page in pages() {
        for block in page.blocks() {
            assert!(KINDS.contains(&block.kind), "{}: {:?}", page.path, block.kind);
            assert!(block.kind != "python" || page.run_elsewhere(), "{}", page.path);
        }
    }
    for (page, runner) in RUN_ELSEWHERE {
        let folder = Path::new(page).parent().unwrap().file_name().unwrap();
        let runner = fs::read_to_string(root().join(runner)).unwrap();
        let name = Path::new(page).file_name().unwrap();
        let named = [name, folder].iter().any(|name| runner.contains(name.to_str().unwrap()));
        assert!(named && !Page::read(page).blocks_of("sh").is_empty(), "{page}");
    }
}

#[test]
fn the_workflows_verify_a_token() {
    for path in ["README.md", "docs/ci.md"] {
        let [workflow] = &Page::read(path).blocks_of("yaml")[..] else { panic!("one workflow") };
        let steps = workflow.lines().map(|line| line.trim().trim_start_matches("- "));
        let steps = steps.map(|step| step.trim_start_matches("run: "));
        let command =
            steps.filter(|step| step.starts_with("jwtctl ")).collect::<Vec<_>>().join("\n");
        for (token, expected) in
            [("$(jwtctl encode --aud deploy)", 0), ("$(jwtctl encode --aud other)", 6)]
        {
            assert_eq!(with_token(token, &command).1, Some(expected), "{path}: {command}");
        }
    }
}

#[test]
fn profiles_are_read() {
    for page in pages() {
        for profile in page.blocks_of("toml") {
            let name = profile.split("[profile.").nth(1).unwrap().split(']').next().unwrap();
            let script = format!(
                "cat > profiles.toml <<'END'\n{profile}END\nchmod go-w profiles.toml\n\
                 jwtctl --config profiles.toml --profile {name} decode --token-env TOKEN"
            );
            let (printed, code) = with_token("$(jwtctl encode --sub ann)", &script);
            assert_eq!(code, Some(0), "{}: {profile}{printed}", page.path);
        }
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
    let recipes = Page::read("docs/ci.md").blocks_of("sh");
    let recipe = recipes.iter().find(|block| block.contains("case $code in")).unwrap();
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

/// Where a link of a page leads.
fn resolved(page: &Page, link: &str) -> PathBuf {
    root().join(&page.path).parent().unwrap().join(link)
}
