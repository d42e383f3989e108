//! Limits of the system: the size of files, and who may read the memory of the process.
#![cfg(target_os = "linux")]

use std::fs;
use std::io::Write as _;
use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _};
use std::os::unix::process::CommandExt as _;
use std::process::{Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use crate::harness::{self, CLAIMS, SECRET, keyed, line, text, token};

/// Any user but root, which may read every process.
const NOBODY: u32 = 65_534;

#[test]
fn a_stream_ends_with_a_whole_row_at_the_limit_of_a_files_size() {
    let tokens = line(&token(CLAIMS)).repeat(100);
    for verb in
        [&["verify", "--batch"][..], &["verify", "--batch", "--json"], &["refresh", "--batch"]]
    {
        for append in [">", ">>"] {
            let call = keyed(verb).stdin(&tokens).file("rows", "");
            // So many blocks of 512 bytes.
            let output = call.in_shell(&format!("ulimit -f 9; \"$@\" {append}rows"));
            assert_eq!(output.status.code(), Some(1), "{verb:?}");
            let said = "error: cannot write the rows: File too large\n";
            assert!(text(&output.stderr).starts_with(said), "{}", text(&output.stderr));
            let rows = fs::read_to_string(call.path("rows")).unwrap();
            assert!(rows.ends_with('\n') && rows.len() > 9 * 512 - 1500, "{verb:?}: {rows}");
        }
    }
}

#[test]
fn an_answer_that_is_larger_than_a_file_may_be_is_an_error() {
    let call = keyed(&["encode", "--claim", &format!("n={}", "1".repeat(2000))]);
    let output = call.in_shell("ulimit -f 1; \"$@\" >token");
    let said = "error: cannot write the answer: File too large\n";
    assert_eq!((output.status.code(), text(&output.stderr).as_str()), (Some(1), said));
}

/// A copy of the program that any user may run.
fn program() -> (tempfile::TempDir, std::path::PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    fs::set_permissions(folder.path(), fs::Permissions::from_mode(0o755)).unwrap();
    let program = folder.path().join("jwtctl");
    // By a process of its own: a copy that this process has open for writing can be inherited by the child of another
    // test, and is then "busy".
    let copied = Command::new("cp").arg(harness::program()).arg(&program).status();
    assert!(copied.unwrap().success());
    (folder, program)
}

/// The user that the tests run as, or another one if it is root.
fn user() -> u32 {
    match fs::metadata("/proc/self").unwrap().uid() {
        0 => NOBODY,
        user => user,
    }
}

#[test]
fn other_processes_cannot_read_a_process_that_holds_a_secret() {
    let (_folder, program) = program();
    let mut child = Command::new(program)
        .args(["verify", "--batch"])
        .env("JWTCTL_SECRET", SECRET)
        .uid(user())
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let of = |name: &str| format!("/proc/{}/{name}", child.id());
    let read = |name: &str| fs::read_to_string(of(name)).unwrap();
    let line_of = |text: String, name: &str| {
        text.lines().find(|line| line.starts_with(name)).unwrap().to_owned()
    };
    // It waits for lines once it catches SIGTERM. SIGHUP and SIGINT may be ignored, as under nohup.
    let is_ready = || {
        let caught = line_of(read("status"), "SigCgt:");
        u64::from_str_radix(caught.split_whitespace().nth(1).unwrap(), 16).unwrap() & 0x4000 != 0
    };
    let end = Instant::now() + Duration::from_mins(1);
    while !is_ready() {
        assert!(Instant::now() < end);
        thread::sleep(Duration::from_millis(5));
    }
    let cores = line_of(read("limits"), "Max core file");
    let mut words = cores.split_whitespace().skip(4);
    assert_eq!((words.next(), words.next()), (Some("0"), Some("0")), "{cores}");
    // What the system does not let others dump or trace belongs to root (proc_pid_mem(5)).
    let owner = |name: &str| fs::metadata(of(name)).unwrap().uid();
    assert_eq!((owner("mem"), owner("environ")), (0, 0));
    let uids = line_of(read("status"), "Uid:");
    assert!(uids.split_whitespace().skip(1).all(|uid| uid == user().to_string()), "{uids}");
    child.stdin.take().unwrap().write_all(b"\n").unwrap();
    child.wait().unwrap();
}

/// The paths of open files lead by way of /proc, of which a process that cannot be dumped owns less.
#[test]
fn a_protected_process_reads_and_writes_by_descriptor() {
    let (folder, program) = program();
    let work = folder.path().join("work");
    fs::create_dir(&work).unwrap();
    fs::set_permissions(&work, fs::Permissions::from_mode(0o777)).unwrap();
    let script = r#"
        set -e
        token=$("$0" encode --sub a)
        "$0" verify -q --secret-file <(printf %s "$JWTCTL_SECRET") "$token"
        "$0" verify -q --batch <(echo "$token")
        printf %s "$JWTCTL_SECRET" | "$0" verify -q --secret-file /dev/stdin "$token"
        echo '{"a":1}' | "$0" encode @/dev/stdin | "$0" verify -q -
        "$0" encode @/dev/fd/7 7< <(echo '{"a":1}') | "$0" verify -q
        "$0" key new --alg ES256 --out /dev/stdout | "$0" key public - --out public
        "$0" key new --alg ES256 --out private --public-out public --force
        "$0" key new --alg ES256 --out private --public-out public --force
        "$0" encode --sub a -k <(cat private) | "$0" verify -q -k <(cat public)
        "$0" key public private | cmp - public
        test "$(ls -A)" = "private
public"
    "#;
    let output = Command::new("bash")
        .args(["-c", script])
        .arg(program)
        .env("JWTCTL_SECRET", SECRET)
        .current_dir(&work)
        .uid(user())
        .output()
        .unwrap();
    let seen = (output.status.code(), text(&output.stdout), text(&output.stderr));
    assert_eq!(seen, (Some(0), String::new(), String::new()));
}
