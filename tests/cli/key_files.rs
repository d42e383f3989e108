//! Key files: accessible to their owner only, written completely or not at all, and never over another file unless asked.
#![cfg(unix)]

use std::fs;
use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _, symlink};

use crate::harness::{Call, jwtctl, key, text};

const THERE: &str = "nothing was written; --force replaces it";

/// `key new`, with these flags.
fn new(flags: &[&str]) -> Call {
    jwtctl(&[&["key", "new", "--alg", "ES256"], flags].concat())
}

/// The names of the files in a call's folder.
fn names(call: &Call) -> Vec<String> {
    let entries = fs::read_dir(call.path("")).unwrap();
    let mut names: Vec<_> =
        entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

fn mode(call: &Call, name: &str) -> u32 {
    fs::metadata(call.path(name)).unwrap().permissions().mode() & 0o777
}

fn read(call: &Call, name: &str) -> String {
    fs::read_to_string(call.path(name)).unwrap()
}

fn is_private(pem: &str) -> bool {
    pem.starts_with("-----BEGIN PRIVATE KEY-----\n") && pem.ends_with("-----END PRIVATE KEY-----\n")
}

fn is_public(pem: &str) -> bool {
    pem.starts_with("-----BEGIN PUBLIC KEY-----\n") && pem.ends_with("-----END PUBLIC KEY-----\n")
}

/// What a line of shell printed, all of it on stderr but a key.
fn in_shell(call: &Call, script: &str) -> (String, String) {
    let output = call.in_shell(script);
    (text(&output.stdout), text(&output.stderr))
}

#[test]
fn a_new_key_and_its_public_half_go_into_files() {
    let call = new(&["--out", "private.pem", "--public-out", "public.pem"]);
    call.leaves(0);
    assert_eq!(names(&call), ["private.pem", "public.pem"]);
    let (private, public) = (read(&call, "private.pem"), read(&call, "public.pem"));
    assert!(is_private(&private) && is_public(&public));
    jwtctl(&["key", "public"]).stdin(private).stdout(public).code(0);
}

#[test]
fn a_private_key_is_its_owners_alone_whatever_the_umask() {
    for (umask, public) in [("022", 0o644), ("077", 0o600), ("000", 0o666), ("027", 0o640)] {
        let call = new(&["--out", "private.pem", "--public-out", "public.pem"]);
        let script = format!("umask {umask}; \"$@\"");
        assert_eq!(in_shell(&call, &script), (String::new(), String::new()));
        assert_eq!((mode(&call, "private.pem"), mode(&call, "public.pem")), (0o600, public));
    }
}

#[test]
fn every_verb_writes_private_keys_for_their_owner_and_others_for_all() {
    let name = "p256.pkcs8.private.pem";
    for (verb, mode_wanted) in [
        (&["convert", "--format", "jwk"][..], 0o600),
        (&["convert", "--format", "der"], 0o600),
        (&["public"], 0o644),
        (&["public", "--format", "openssh"], 0o644),
        (&["set"], 0o644),
    ] {
        let call = jwtctl(&[&["key"], verb, &["--out", "made", name]].concat()).key(name);
        assert_eq!(in_shell(&call, "umask 022; \"$@\""), (String::new(), String::new()));
        assert_eq!(mode(&call, "made"), mode_wanted, "{verb:?}");
        let to_stdout = jwtctl(&[&["key"], verb, &[name]].concat()).key(name);
        assert_eq!(fs::read(call.path("made")).unwrap(), to_stdout.output().stdout);
    }
    let public = "p256.spki.public.pem";
    let call = jwtctl(&["key", "convert", "--format", "jwk", "--out", "made", public]).key(public);
    assert_eq!(in_shell(&call, "umask 022; \"$@\""), (String::new(), String::new()));
    assert_eq!(mode(&call, "made"), 0o644);
}

#[test]
fn the_formats_of_both_files_are_one() {
    let call = new(&["--format", "jwk", "--out", "private.jwk", "--public-out", "public.jwk"]);
    call.leaves(0);
    let (private, public) = (read(&call, "private.jwk"), read(&call, "public.jwk"));
    assert!(private.contains("\"d\"") && !public.contains("\"d\""));
    jwtctl(&["key", "public"]).stdin(private).stdout(public).code(0);
}

#[test]
fn the_public_half_alone_goes_into_a_file() {
    let call = new(&["--public-out", "public.pem"]);
    let private = text(&call.output().stdout);
    assert!(is_private(&private));
    assert_eq!(names(&call), ["public.pem"]);
    jwtctl(&["key", "public"]).stdin(private).stdout(read(&call, "public.pem")).code(0);
}

#[test]
fn a_hyphen_as_out_is_standard_output() {
    let call = new(&["--out", "-"]);
    assert!(is_private(&text(&call.output().stdout)));
    assert_eq!(names(&call), Vec::<String>::new());
}

#[test]
fn an_existing_file_is_not_replaced() {
    for (flags, there) in [
        (&["--out", "k.pem"][..], "k.pem"),
        (&["--public-out", "k.pem"], "k.pem"),
        (&["--out", "k.pem", "--public-out", "p.pem"], "k.pem"),
        (&["--out", "k.pem", "--public-out", "p.pem"], "p.pem"),
    ] {
        for content in ["mine", ""] {
            let call = new(flags).file(there, content);
            let call = call.error(&format!("{there} already exists")).hint(THERE);
            call.leaves(2);
            assert_eq!(
                (names(&call), read(&call, there)),
                (vec![there.to_owned()], content.into())
            );
        }
    }
    let name = "p256.pkcs8.private.pem";
    for verb in [&["convert", "--format", "jwk"][..], &["public"], &["set"]] {
        jwtctl(&[&["key"], verb, &["--out", name, name]].concat())
            .key(name)
            .error(&format!("{name} already exists"))
            .hint(THERE)
            .code(2);
    }
}

#[test]
fn force_replaces_an_existing_file() {
    let call = new(&["--out", "k.pem", "--public-out", "p.pem", "--force"]);
    let call = call.file("k.pem", "mine").file("p.pem", "mine");
    // One that others could read is one that they cannot.
    fs::set_permissions(call.path("k.pem"), fs::Permissions::from_mode(0o644)).unwrap();
    call.leaves(0);
    assert!(is_private(&read(&call, "k.pem")) && is_public(&read(&call, "p.pem")));
    assert_eq!((mode(&call, "k.pem"), names(&call)), (0o600, vec!["k.pem".into(), "p.pem".into()]));
    // And one that is not there is made.
    let call = new(&["--out", "k.pem", "--force"]);
    call.leaves(0);
    assert!(is_private(&read(&call, "k.pem")));
}

#[test]
fn a_key_may_take_the_place_of_what_it_was_made_from() {
    let name = "p256.pkcs8.private.pem";
    let args =
        ["key", "convert", "--format", "jwk", "--kid", "p256-1", "--force", "--out", name, name];
    let call = jwtctl(&args).key(name);
    call.leaves(0);
    assert_eq!(fs::read(call.path(name)).unwrap(), key("p256.private.jwk"));
}

#[test]
fn the_two_halves_do_not_go_into_one_file() {
    for force in [&[][..], &["--force"]] {
        let call = new(&[&["--out", "k.pem", "--public-out", "k.pem"], force].concat());
        let call = call.error("--out and --public-out name the same file");
        call.leaves(2);
        assert_eq!(names(&call), Vec::<String>::new());
    }
    new(&["--public-out", "-"])
        .error("--public-out takes the path of a file")
        .hint("jwtctl key public FILE prints the public key of a private one")
        .code(2);
}

#[test]
fn two_names_of_one_file_do_not_make_two_of_it() {
    let call = new(&["--out", "k.pem", "--public-out", "./k.pem"]);
    assert_eq!(call.output().status.code(), Some(2));
    assert_eq!(names(&call), Vec::<String>::new());
}

#[test]
fn a_missing_folder_is_named() {
    for flag in ["--out", "--public-out"] {
        let call = new(&[flag, "no/such/k.pem"]);
        let call = call.error("cannot write no/such/k.pem: No such file or directory");
        call.leaves(1);
        assert_eq!(names(&call), Vec::<String>::new());
    }
    // Neither of the two is made.
    let call = new(&["--out", "k.pem", "--public-out", "no/such/p.pem"]);
    let call = call.error("cannot write no/such/p.pem: No such file or directory");
    call.leaves(1);
    assert_eq!(names(&call), Vec::<String>::new());
}

#[test]
fn a_full_disk_leaves_nothing_behind() {
    // A limit of no bytes at all. The signal that goes with it is an error like any other.
    for ignored in ["", "trap '' XFSZ; "] {
        let call = new(&["--out", "k.pem", "--public-out", "p.pem"]);
        let seen = in_shell(&call, &format!("{ignored}ulimit -f 0; \"$@\"; echo $? >&2"));
        let said = "error: cannot write k.pem: File too large\n1\n";
        assert_eq!(seen, (String::new(), said.to_owned()));
        assert_eq!(names(&call), Vec::<String>::new());
    }
}

#[test]
fn a_full_disk_leaves_what_was_there() {
    let call = new(&["--out", "k.pem", "--force"]).file("k.pem", "mine");
    let seen = in_shell(&call, "ulimit -f 0; \"$@\"; echo $? >&2");
    let said = "error: cannot write k.pem: File too large\n1\n";
    assert_eq!(seen, (String::new(), said.to_owned()));
    assert_eq!((names(&call), read(&call, "k.pem")), (vec!["k.pem".to_owned()], "mine".to_owned()));
}

#[test]
fn a_full_device_is_an_error() {
    for flags in [
        &["--out", "/dev/full"][..],
        &["--out", "k.pem", "--public-out", "/dev/full"],
        &["--out", "/dev/full", "--public-out", "p.pem"],
    ] {
        let call = new(flags).error("cannot write /dev/full: No space left on device");
        call.leaves(1);
        assert_eq!(names(&call), Vec::<String>::new());
    }
}

#[test]
fn a_dangling_link_counts_as_an_existing_file() {
    let call = new(&["--out", "link.pem"]);
    symlink("nowhere.pem", call.path("link.pem")).unwrap();
    let call = call.error("link.pem already exists").hint(THERE);
    call.leaves(2);
    assert_eq!(names(&call), ["link.pem"]);
}

#[test]
fn a_link_to_a_file_is_followed_by_force_alone() {
    let call = new(&["--out", "link.pem"]).file("k.pem", "mine");
    symlink("k.pem", call.path("link.pem")).unwrap();
    let call = call.error("link.pem already exists").hint(THERE);
    call.leaves(2);
    assert_eq!(read(&call, "k.pem"), "mine");

    let call = new(&["--out", "link.pem", "--force"]).file("k.pem", "mine");
    symlink("k.pem", call.path("link.pem")).unwrap();
    call.leaves(0);
    assert!(is_private(&read(&call, "k.pem")));
    assert!(fs::symlink_metadata(call.path("link.pem")).unwrap().is_symlink());
}

#[test]
fn a_pipe_or_a_device_is_written_into() {
    let pem = text(&new(&["--out", "/dev/stdout"]).output().stdout);
    assert!(is_private(&pem), "{pem}");
    let call = new(&["--out", "/dev/null", "--public-out", "p.pem"]);
    call.leaves(0);
    assert!(is_public(&read(&call, "p.pem")));
    let call = new(&["--out", "pipe"]);
    let script = "mkfifo pipe; cat pipe & \"$@\"; echo $? >&2; wait";
    let (stdout, stderr) = in_shell(&call, script);
    assert!(is_private(&stdout), "{stdout}");
    assert_eq!(stderr, "0\n");
}

#[test]
fn a_folder_is_no_place_for_a_key() {
    let call = new(&["--out", ".", "--force"]);
    assert_eq!(call.output().status.code(), Some(1));
    assert_eq!(names(&call), Vec::<String>::new());
}

#[test]
fn nothing_is_written_where_the_call_is_wrong() {
    for flags in [
        &["--bits", "256", "--out", "k.pem"][..],
        &["--format", "text", "--out", "k.pem"],
        &["--kid", "a", "--no-kid", "--out", "k.pem"],
    ] {
        let call = new(flags);
        assert_eq!(call.output().status.code(), Some(2), "{flags:?}");
        assert_eq!(names(&call), Vec::<String>::new());
    }
    let name = "refused.dsa.pkcs8.pem";
    let call = jwtctl(&["key", "public", "--out", "p.pem", name]).key(name);
    assert_eq!(call.output().status.code(), Some(7));
    assert_eq!(names(&call), [name]);
}

#[test]
fn a_path_that_may_be_a_secret_is_not_repeated() {
    let said = text(&new(&["--out", "Hunter2/Hunter2"]).output().stderr);
    assert!(said.starts_with("error: cannot write ") && !said.contains("Hunter2"), "{said}");
}

#[test]
fn the_report_names_the_files() {
    let call = new(&["--json", "--compact", "--out", "k.pem", "--public-out", "p.pem"]);
    let report = text(&call.output().stdout);
    assert!(report.starts_with(r#"{"ok":true,"status":"valid","exit_code":0,"keys":[{"#));
    let end = r#""output":null,"files":["k.pem","p.pem"],"problems":[],"warnings":[]}"#;
    assert!(report.ends_with(&format!("{end}\n")), "{report}");
    assert!(!report.contains("PRIVATE"), "{report}");
    call.stdout(format!(
        r#"{{"ok":false,"status":"usage","exit_code":2,"keys":[],"output":null,"files":[],"problems":[{{"code":"file-exists","message":"k.pem already exists","hint":"{THERE}"}}],"warnings":[]}}{}"#,
        "\n"
    ))
    .code(2);
}

#[test]
fn two_spellings_of_one_path_are_the_same_file() {
    for public in ["./k.pem", "k.pem"] {
        jwtctl(&[
            "key",
            "new",
            "--alg",
            "ES256",
            "--out",
            "k.pem",
            "--public-out",
            public,
            "--force",
        ])
        .error("--out and --public-out name the same file")
        .code(2);
    }
}

#[test]
fn a_private_key_is_readable_by_its_owner_whatever_the_umask() {
    for (umask, public) in [("0277", 0o400), ("0777", 0), ("0400", 0o266)] {
        let call = new(&["--out", "private.pem", "--public-out", "public.pem"]);
        let script = format!("umask {umask}; \"$@\"");
        assert_eq!(in_shell(&call, &script), (String::new(), String::new()));
        assert_eq!((mode(&call, "private.pem"), mode(&call, "public.pem")), (0o600, public));
    }
}

#[test]
fn the_first_of_two_files_is_restored_if_the_second_cannot_be_written() {
    for (flag, full) in [("--out", "--public-out"), ("--public-out", "--out")] {
        let call = new(&["--force", flag, "k.pem", full, "/dev/full"]).file("k.pem", "mine");
        fs::set_permissions(call.path("k.pem"), fs::Permissions::from_mode(0o640)).unwrap();
        let before = fs::metadata(call.path("k.pem")).unwrap().ino();
        let call = call.error("cannot write /dev/full: No space left on device");
        call.leaves(1);
        assert_eq!((read(&call, "k.pem"), mode(&call, "k.pem")), ("mine".to_owned(), 0o640));
        assert_eq!(fs::metadata(call.path("k.pem")).unwrap().ino(), before);
        assert_eq!(names(&call), ["k.pem"]);
    }
}

#[test]
fn what_cannot_be_taken_back_is_written_last() {
    // A slash at the end is for folders, and is noticed when the file is to get its name.
    let said = "cannot write p.pem/: No such file or directory";
    let call = new(&["--out", "/dev/stdout", "--public-out", "p.pem/"]).error(said);
    call.leaves(1);
    assert_eq!(names(&call), Vec::<String>::new());
    let call = new(&["--force", "--out", "k.pem", "--public-out", "p.pem/"]).file("k.pem", "mine");
    let call = call.error(said);
    call.leaves(1);
    assert_eq!((read(&call, "k.pem"), names(&call)), ("mine".to_owned(), vec!["k.pem".to_owned()]));
}

#[test]
fn dev_stdout_is_written_like_standard_output() {
    for name in ["/dev/stdout", "/dev/fd/1", "/proc/self/fd/1"] {
        for force in [&[][..], &["--force"]] {
            let call = new(&[&["--out", name], force].concat());
            let script = "{ echo before; \"$@\"; echo after; } > out";
            assert_eq!(in_shell(&call, script), (String::new(), String::new()), "{name}");
            let out = read(&call, "out");
            let key = out.strip_prefix("before\n").and_then(|rest| rest.strip_suffix("after\n"));
            assert!(key.is_some_and(is_private), "{name}: {out}");
            assert_eq!(names(&call), ["out"]);
        }
        let call = new(&["--out", "k.pem", "--public-out", name]);
        assert_eq!(in_shell(&call, "echo before > out; \"$@\" >> out").1, "");
        let out = read(&call, "out");
        assert!(out.strip_prefix("before\n").is_some_and(is_public), "{name}: {out}");
    }
    for name in ["/dev/stderr", "/dev/fd/2", "/proc/self/fd/2"] {
        let call = new(&["--out", name]);
        assert_eq!(in_shell(&call, "{ echo before; \"$@\"; } > out 2>&1").1, "");
        assert!(read(&call, "out").strip_prefix("before\n").is_some_and(is_private), "{name}");
    }
}

#[test]
fn standard_output_by_name_is_none_if_it_is_closed() {
    let call = new(&["--out", "/dev/stdout"]);
    let seen = in_shell(&call, "\"$@\" >&-; echo $? >&2");
    let said = "error: cannot write the answer: it is closed\n1\n";
    assert_eq!(seen, (String::new(), said.to_owned()));
}

/// Opens descriptor 9 as a pipe whose reader has gone.
const GONE: &str = "mkfifo pipe; exec 8<>pipe 9>pipe; exec 8>&-; rm pipe; ";

/// Standard output without a name, and under each of its names.
const TO_STDOUT: [&[&str]; 4] =
    [&[], &["--out", "-"], &["--out", "/dev/stdout"], &["--out", "/dev/fd/1"]];

#[test]
#[cfg(target_os = "linux")]
fn no_public_key_is_left_if_the_private_key_cannot_be_written() {
    for (redirect, reason) in [
        (">/dev/full", "No space left on device"),
        (">&-", "it is closed"),
        ("1</dev/null", "Bad file descriptor"),
        (">&9", "Broken pipe"),
    ] {
        let script = format!("{GONE}\"$@\" {redirect}; echo $? >&2");
        let seen = (String::new(), format!("error: cannot write the answer: {reason}\n1\n"));
        for out in TO_STDOUT.iter().chain([&&["--json"][..]]) {
            let call = new(&[out, &["--public-out", "p.pem"][..]].concat());
            assert_eq!(in_shell(&call, &script), seen, "{out:?}");
            assert_eq!(names(&call), Vec::<String>::new());

            let call = new(&[out, &["--force", "--public-out", "p.pem"][..]].concat());
            let call = call.file("p.pem", "mine");
            fs::set_permissions(call.path("p.pem"), fs::Permissions::from_mode(0o640)).unwrap();
            let before = fs::metadata(call.path("p.pem")).unwrap().ino();
            assert_eq!(in_shell(&call, &script), seen, "{out:?}");
            assert_eq!((read(&call, "p.pem"), mode(&call, "p.pem")), ("mine".to_owned(), 0o640));
            assert_eq!(fs::metadata(call.path("p.pem")).unwrap().ino(), before);
            assert_eq!(names(&call), ["p.pem"]);
        }
        // Nor the other way round.
        let call = new(&["--out", "k.pem", "--public-out", "/dev/stdout"]);
        assert_eq!(in_shell(&call, &script), seen);
        assert_eq!(names(&call), Vec::<String>::new());
    }
}

#[test]
fn a_replaced_public_key_leaves_no_copy() {
    for out in TO_STDOUT {
        let call = new(&[out, &["--force", "--public-out", "p.pem"]].concat());
        let call = call.file("p.pem", "mine");
        assert!(is_private(&text(&call.output().stdout)), "{out:?}");
        assert!(is_public(&read(&call, "p.pem")));
        assert_eq!(names(&call), ["p.pem"]);
    }
}

#[test]
fn files_that_are_whole_without_the_report_stay() {
    let call = new(&["--json", "--out", "k.pem", "--public-out", "p.pem"]);
    let seen = in_shell(&call, &format!("{GONE}\"$@\" >&9; echo $? >&2"));
    assert_eq!(seen, (String::new(), "0\n".to_owned()));
    assert!(is_private(&read(&call, "k.pem")) && is_public(&read(&call, "p.pem")));
}

#[test]
fn dev_stdout_without_a_reader_ends_quietly() {
    for out in TO_STDOUT {
        let seen = in_shell(&new(out), &format!("{GONE}\"$@\" >&9; echo $? >&2"));
        assert_eq!(seen, (String::new(), "0\n".to_owned()), "{out:?}");
    }
    // Of another stream it is one.
    let call = new(&["--out", "/dev/stderr"]);
    let seen = in_shell(&call, &format!("{GONE}\"$@\" 2>&9; echo $?"));
    assert_eq!(seen, ("1\n".to_owned(), String::new()));
}

#[test]
fn both_halves_cannot_go_to_standard_output() {
    let said = "error: --public-out takes the path of a file\n\
                hint: jwtctl key public FILE prints the public key of a private one\n2\n";
    for name in ["/dev/stdout", "/dev/fd/1", "/proc/self/fd/1", "/dev/./stdout"] {
        let seen = in_shell(&new(&["--public-out", name]), "\"$@\"; echo $? >&2");
        assert_eq!(seen, (String::new(), said.to_owned()), "{name}");
        new(&["--out", "/dev/stdout", "--public-out", name])
            .error("--out and --public-out name the same file")
            .code(2);
    }
    // Replaced, the file that standard output goes to would lose its name and the private half.
    let call = new(&["--force", "--public-out", "p.pem"]);
    let seen = in_shell(&call, "\"$@\" > p.pem; echo $? >&2");
    assert_eq!(seen, (String::new(), said.to_owned()));
}

#[test]
fn a_key_written_to_dev_stdout_is_the_only_output() {
    for (flags, is_right) in [
        (&["--out", "/dev/stdout"][..], is_private as fn(&str) -> bool),
        (&["--out", "/proc/self/fd/1"], is_private),
        (&["--out", "k.pem", "--public-out", "/dev/stdout"], is_public),
    ] {
        let call = new(&[&["--json"], flags].concat());
        let report: serde_json::Value = serde_json::from_slice(&call.output().stdout).unwrap();
        assert!(is_right(report["output"].as_str().unwrap()), "{report}");
        let files: Vec<_> =
            report["files"].as_array().unwrap().iter().filter_map(|file| file.as_str()).collect();
        assert_eq!(files, names(&call));
    }
}

#[test]
#[cfg(target_os = "linux")]
fn der_was_shown_on_a_terminal_that_a_path_leads_to() {
    for (flags, what, flag) in [
        (&[][..], "standard output", "--out"),
        (&["--out", "/dev/stdout"], "standard output", "--out"),
        (&["--out", "/dev/stderr"], "/dev/stderr", "--out"),
        (&["--out", "/dev/tty"], "/dev/tty", "--out"),
        (&["--out", "link"], "link", "--out"),
        (&["--out", "k", "--public-out", "/dev/stdout"], "standard output", "--public-out"),
        (&["--out", "k", "--public-out", "/dev/tty"], "/dev/tty", "--public-out"),
        (&["--out", "/dev/tty", "--public-out", "p"], "/dev/tty", "--out"),
    ] {
        let call = new(&[&["--format", "der"], flags].concat()).env("NO_COLOR", "1");
        symlink("/dev/tty", call.path("link")).unwrap();
        let said = format!(
            "error: DER is binary, and {what} is a terminal\r\n\
             hint: name a file with {flag}, or use --format pem\r\n2\n"
        );
        let seen = in_shell(&call, "script -qec \"$*\" /dev/null; echo $?").0;
        assert_eq!(seen, said, "{flags:?}");
        assert_eq!(names(&call), ["link"]);
    }
}

#[test]
#[cfg(target_os = "linux")]
fn what_may_go_to_a_terminal_or_a_pipe_still_does() {
    for out in ["/dev/stdout", "/dev/stderr", "/dev/tty"] {
        let call = new(&["--out", out]);
        let seen = in_shell(&call, "script -qec \"$*\" /dev/null; echo $?").0;
        assert!(is_private(&seen.replace('\r', "").replace("\n0\n", "\n")), "{out}: {seen}");
    }
    let der = new(&["--format", "der", "--out", "/dev/stdout"]).output().stdout;
    jwtctl(&["key", "convert", "--format", "der"]).stdin(&der).stdout(&der).code(0);
    let call = new(&["--format", "der", "--out", "pipe"]);
    let seen = call.in_shell("mkfifo pipe; cat pipe & \"$@\"; wait").stdout;
    assert_eq!((seen[0], seen.len()), (der[0], der.len()));
}

#[test]
fn the_name_of_a_dangling_link_is_shown() {
    let call = new(&["--out", "link"]);
    symlink("nowhere", call.path("link")).unwrap();
    call.error("link already exists").hint(THERE).code(2);
}
