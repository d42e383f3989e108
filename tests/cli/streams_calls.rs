//! Streams: wrong calls, and inputs that cannot be read.

use crate::harness::{CLAIMS, SECRET, base64url, clocked, jwk, jwtctl, keyed, line, text, token};
use crate::streams::{GOOD, JUNK_PROBLEM, lines, refused, stream, valid};

const VERBS: [&str; 4] = ["encode", "decode", "verify", "refresh"];
const ONLY_ONE: &str = "use only one of them";

/// A call that is refused before a line is read.
#[track_caller]
fn misunderstood(args: &[&str], error: &str, hint: &str) {
    keyed(args).stdin("junk\n").error(error).hint(hint).code(2);
}

#[test]
fn the_lines_come_from_a_file_or_from_standard_input() {
    let text = lines(&[token(GOOD), "junk".to_owned()]);
    let rows = valid(1, GOOD) + &refused(2, "invalid", JUNK_PROBLEM);
    let summary = "2 lines: 1 valid, 1 invalid (1 token-parts)";
    for args in [
        &["verify", "--batch", "lines.txt"][..],
        &["verify", "--color=auto", "--batch", "lines.txt"],
    ] {
        keyed(args).file("lines.txt", &text).stdout(&rows).summary(summary).code(4);
    }
    for args in [&["verify", "--batch", "-"][..], &["verify", "--batch"]] {
        keyed(args).stdin(&text).stdout(&rows).summary(summary).code(4);
    }
    // What is named wins over what is piped in.
    keyed(&["verify", "--batch", "lines.txt"])
        .file("lines.txt", &text)
        .stdin("junk\njunk\njunk\n")
        .stdout(&rows)
        .summary(summary)
        .code(4);
}

/// The rows of one good line in each of these files.
fn rows_of(paths: &[&str]) -> String {
    let row = valid(1, GOOD);
    let row = row.strip_prefix('{').unwrap();
    let rows: Vec<_> = paths.iter().map(|path| format!("{{\"path\":\"{path}\",{row}")).collect();
    rows.concat()
}

#[test]
fn every_word_beside_a_stream_is_one_of_its_paths_in_the_order_typed() {
    let good = line(&token(GOOD));
    for (args, paths) in [
        (&["--batch", "a.txt", "b.txt"][..], &["a.txt", "b.txt"][..]),
        (&["a.txt", "--batch", "b.txt"], &["a.txt", "b.txt"]),
        (&["b.txt", "--batch", "--leeway", "1s", "a.txt"], &["b.txt", "a.txt"]),
        (&["a.txt", "b.txt", "--batch"], &["a.txt", "b.txt"]),
        (&["--batch", "a.txt", "--batch", "b.txt"], &["a.txt", "b.txt"]),
        (&["a.txt", "--batch", "-", "--any-aud", "b.txt"], &["a.txt", "-", "b.txt"]),
        (&["--batch", "a.txt", "a.txt"], &["a.txt", "a.txt"]),
    ] {
        keyed(&[&["verify"], args].concat())
            .file("a.txt", &good)
            .file("b.txt", &good)
            .stdin(&good)
            .stdout(rows_of(paths))
            .summary(&format!("{0} lines: {0} valid", paths.len()))
            .code(0);
    }
    clocked(&["verify", "-S", SECRET, "b.txt", "--batch", "./-a.txt"])
        .file("b.txt", &good)
        .file("-a.txt", &good)
        .stdout(rows_of(&["b.txt", "./-a.txt"]))
        .summary("2 lines: 2 valid")
        .code(0);
    // One path needs no name.
    keyed(&["verify", "a.txt", "--batch"])
        .file("a.txt", &good)
        .stdout(valid(1, GOOD))
        .summary("1 line: 1 valid")
        .code(0);
}

#[test]
fn each_verb_reads_the_paths_of_a_stream() {
    let good = token(GOOD);
    for (verb, flags, item, printed) in [
        ("encode", &["--no-iat"][..], GOOD, &*good),
        ("refresh", &["--if-expiring", "1m"], &good, &good),
        ("decode", &["--get", "exp"], &good, "1700001800"),
    ] {
        let output = keyed(&[&[verb, "a.txt", "--batch"], flags, &["b.txt"]].concat())
            .file("a.txt", line(item))
            .file("b.txt", line(item))
            .output();
        let seen = (text(&output.stdout), output.status.code());
        assert_eq!(seen, (format!("{printed}\n{printed}\n"), Some(0)), "{verb}");
    }
}

#[test]
fn a_path_that_cannot_be_read_is_named_and_the_others_are_still_read() {
    let row = rows_of(&["b.txt"]);
    for (args, problem) in [
        (&["--batch", "./a.txt", "b.txt"][..], "cannot read ./a.txt: No such file or directory"),
        (&["b.txt", "--batch", "./a.txt"], "cannot read ./a.txt: No such file or directory"),
    ] {
        keyed(&[&["verify"], args].concat())
            .file("b.txt", line(&token(GOOD)))
            .error(problem)
            .stdout(&row)
            .summary("1 line: 1 valid")
            .code(1);
    }
}

#[test]
fn a_second_word_needs_a_stream() {
    for (verb, hint) in [
        (
            "verify",
            "a token is one word; to read it from a variable: jwtctl verify --token-env TOKEN",
        ),
        ("encode", "put CLAIMS in single quotes: jwtctl encode '{\"user_id\":123}'"),
    ] {
        let error = "argument 3 is unexpected (not shown: it may be a secret)";
        misunderstood(&[verb, "{}", "second word"], error, hint);
    }
}

fn can_find(verb: &str) -> bool {
    ["decode", "verify"].contains(&verb)
}

fn needs(verb: &str, flag: &str) -> String {
    let needs = if can_find(verb) {
        "--batch or --find: it applies to many tokens"
    } else {
        "--batch: it applies to a file with one item per line"
    };
    format!("{flag} needs {needs}")
}

#[test]
fn what_only_a_stream_takes_is_refused_with_a_pipe() {
    for (verb, flags) in [
        ("encode", &["--threads", "2"][..]),
        ("decode", &["--threads", "2"]),
        ("verify", &["--threads", "2"]),
        ("refresh", &["--threads", "2"]),
        ("verify", &["--print", "all"]),
        ("verify", &["--tokens"]),
        ("verify", &["--lines"]),
        ("decode", &["--count"]),
        ("verify", &["--explain"]),
        ("decode", &["--explain"]),
        ("refresh", &["--explain"]),
    ] {
        misunderstood(
            &[&[verb], flags].concat(),
            &needs(verb, flags[0]),
            if can_find(verb) {
                "omit it, or name the file: --batch FILE or --find FILE"
            } else {
                "omit it, or name the file: --batch FILE"
            },
        );
    }
}

#[test]
fn what_only_a_stream_takes_is_refused_with_an_item() {
    let good = token(GOOD);
    for (verb, item, flags) in [
        ("encode", "{}", &["--threads", "2"][..]),
        ("decode", &good, &["--threads", "2"]),
        ("verify", &good, &["--threads", "2"]),
        ("refresh", &good, &["--threads", "2"]),
        ("verify", &good, &["--print", "all"]),
        ("verify", &good, &["--tokens"]),
        ("verify", &good, &["--explain"]),
        ("decode", &good, &["--explain"]),
        ("refresh", &good, &["--explain"]),
    ] {
        misunderstood(
            &[&[verb], flags, &[item]].concat(),
            &needs(verb, flags[0]),
            if can_find(verb) {
                "omit it, or name the file: --batch FILE or --find FILE"
            } else {
                "omit it, or name the file: --batch FILE"
            },
        );
    }
}

#[test]
fn a_number_of_threads_is_one_to_1024() {
    for threads in ["0", "1025", "-1", "two", "1.5", ""] {
        for verb in VERBS {
            misunderstood(
                &[verb, "--batch", &format!("--threads={threads}")],
                "--threads <N>: not a number from 1 to 1024",
                &format!("jwtctl {verb} --help lists its flags"),
            );
        }
    }
}

#[test]
fn as_many_threads_as_may_be_asked_for() {
    stream("verify", &["--threads", "1024"], &[token(GOOD)])
        .stdout(valid(1, GOOD))
        .summary("1 line: 1 valid")
        .code(0);
}

#[test]
fn flags_that_contradict_each_other_are_refused() {
    let both = |first: &str, second: &str| format!("{first} cannot be used with {second}");
    for (flags, error) in [
        (&["--raw"][..], both("--batch [<PATH>...]", "--raw")),
        (&["--tokens", "--json"], both("--tokens", "--json")),
        (&["--tokens", "--compact"], both("--tokens", "--compact")),
        (&["--tokens", "--get", "a"], both("--tokens", "--get <NAME>")),
        (&["--get", "a", "--json"], both("--get <NAME>", "--json")),
    ] {
        misunderstood(&[&["verify", "--batch"], flags].concat(), &error, ONLY_ONE);
    }
    misunderstood(
        &["verify", "--batch", "--print", "some"],
        "--print <WHICH>: not one of all, valid, failed",
        "jwtctl verify --help lists its flags",
    );
    misunderstood(
        &["verify", "--batch", "--threads", "1", "--threads", "2"],
        "--threads <N> is given twice",
        "jwtctl verify --help lists its flags",
    );
}

#[test]
fn a_quiet_verify_has_no_rows_to_choose_from_unless_a_flag_asks_for_them() {
    let text = lines(&[token(GOOD), "junk".to_owned()]);
    let verify =
        |flags: &[&str]| keyed(&[&["verify", "--batch", "-q"], flags].concat()).stdin(&text);
    verify(&[]).code(4);
    verify(&["--tokens"]).stdout(line(&token(GOOD))).code(4);
    verify(&["--tokens", "--print", "failed"]).stdout("junk\n").code(4);
    let row = verify(&["--json", "--print", "valid"]).output();
    assert_eq!((row.stdout.split(|b| *b == b'\n').count(), row.stderr.len()), (2, 0));
    for which in ["all", "valid", "failed"] {
        verify(&["--print", which])
            .error("--quiet cannot be used with --print: there are no rows to choose from")
            .code(2);
    }
}

/// Standard input with this in it, named as the key and as the lines.
#[track_caller]
fn named_twice(flag: &str, stdin: &str) {
    for batch in [&["--batch"][..], &["--batch", "-"]] {
        for verb in ["encode", "verify", "refresh"] {
            clocked(&[&[verb, flag, "-"], batch].concat())
                .stdin(stdin)
                .error("standard input cannot be both the lines and the key")
                .hint("read one of them from a file")
                .code(2);
        }
    }
}

#[test]
fn standard_input_cannot_be_the_key_and_the_lines() {
    named_twice("--secret-file", SECRET);
    let key = base64url(SECRET);
    named_twice("-k", &jwk(&[r#""kty":"oct""#, &format!("\"k\":\"{key}\"")]));
}

#[test]
fn what_stands_in_a_standard_input_that_is_named_twice_is_no_matter() {
    // As for a single token: it says nothing of the key that it is not one.
    let single = clocked(&["verify", "-k", "-", "-"]).stdin(token(GOOD));
    single
        .error("standard input cannot be both the key and the token")
        .hint("read one of them from a file")
        .code(2);
    named_twice("-k", &token(GOOD));
    named_twice("-k", "");
    named_twice("--secret-file", "");
}

#[test]
fn a_key_from_standard_input_goes_with_lines_from_a_file() {
    clocked(&["verify", "--secret-file", "-", "--batch", "lines.txt"])
        .file("lines.txt", lines(&[token(GOOD)]))
        .stdin(SECRET)
        .stdout(valid(1, GOOD))
        .summary("1 line: 1 valid")
        .code(0);
}

#[test]
fn a_missing_file_is_named() {
    for verb in VERBS {
        keyed(&[verb, "--batch", "missing.txt"])
            .error("cannot read missing.txt: No such file or directory")
            .code(1);
        // It is a path, and no @PATH.
        keyed(&[verb, "--batch", "@lines.txt"])
            .file("lines.txt", "{}\n")
            .error("cannot read @lines.txt: No such file or directory")
            .hint("a path is written without the @: lines.txt")
            .code(1);
    }
}

#[test]
fn a_folder_holds_no_lines() {
    for verb in VERBS {
        keyed(&[verb, "--batch", "."]).error("cannot read .: Is a directory").code(1);
    }
}

#[test]
fn a_token_in_the_place_of_the_path_is_not_repeated() {
    let good = token(CLAIMS);
    for verb in VERBS {
        keyed(&[verb, "--batch", &good])
            .error("--batch takes the path of a file, not the content of one")
            .hint(&format!(
                "for a single one leave out --batch: jwtctl {verb} {}",
                if verb == "encode" { "CLAIMS" } else { "TOKEN" }
            ))
            .code(2);
    }
    keyed(&["encode", "--batch", "{\"a\":1}"])
        .error("--batch takes the path of a file, not the content of one")
        .hint("for a single one leave out --batch: jwtctl encode CLAIMS")
        .code(2);
}

#[test]
fn the_file_that_is_read_is_not_written_to() {
    // It was emptied by the shell, and the exit code was 0.
    let script = |redirect: &str| {
        let call = jwtctl(&["refresh", "--batch"]).env("JWTCTL_SECRET", SECRET);
        let call = call.file("t", lines(&[token(GOOD)]));
        let output = call.in_shell(&format!("\"$@\" {redirect}"));
        (output.status.code(), text(&output.stderr))
    };
    let refused = "error: the input and the output are the same file\n\
                   hint: write to another file, then rename it: > NEW && mv NEW FILE\n";
    for redirect in ["t > t", "t >> t", "< t >> t", "- < t > t"] {
        assert_eq!(script(redirect), (Some(2), refused.to_owned()), "{redirect}");
    }
    assert_eq!(script("t --at 1700000000 > u").0, Some(0));
}

#[test]
fn where_no_signature_matches_there_is_a_way_to_see_why() {
    let others = [token(GOOD), token(CLAIMS)];
    let call = |more: &[&str]| {
        let flags = [
            &["verify", "--batch", "--print", "valid", "-S", "another secret, long enough for it"],
            more,
        ];
        clocked(&flags.concat()).stdin(lines(&others))
    };
    call(&[])
        .summary("2 lines: 2 invalid (2 bad-signature)")
        .hint("no signature matches; --explain searches for the reason")
        .code(4);
    call(&["--explain"])
        .summary("2 lines: 2 invalid (2 bad-signature)")
        .hint("the token was signed with another key, or changed after it was signed")
        .code(4);
}

#[test]
fn a_file_with_the_name_of_a_token_is_a_file() {
    let name = token("{}");
    keyed(&["verify", "--batch", &name])
        .file(&name, lines(&[token(GOOD)]))
        .stdout(valid(1, GOOD))
        .summary("1 line: 1 valid")
        .code(0);
}

#[test]
fn the_end_of_a_line_counts_for_neither_a_token_nor_a_line() {
    // A token with so much around it that it is just not too long: alone its line's end was counted, and made it so.
    let longest = 16 * 1024 * 1024 + 1024;
    let good = token(GOOD);
    let padded = good.clone() + &" ".repeat(longest - good.len());
    let alone = |text: String| keyed(&["verify", "--compact"]).stdin(text);
    alone(padded.clone() + "\n").stdout(GOOD.to_owned() + "\n").code(0);
    stream("verify", &[], std::slice::from_ref(&padded))
        .stdout(valid(1, GOOD))
        .summary("1 line: 1 valid")
        .code(0);
    alone(padded + " \n").error("the token is larger than 16 MiB").code(4);
}
