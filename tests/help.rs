//! What the help and the manual say, and how a terminal shows them.

mod support;

use std::io;
use std::sync::Mutex;

use jwtctl::output::Terminal;
use jwtctl::sys::{Document, Foreground};
use support::{Output, run_inside, run_inside_showing};

const VERBS: [&str; 17] = [
    "",
    "encode",
    "decode",
    "verify",
    "refresh",
    "audit",
    "redact",
    "key",
    "key new",
    "key show",
    "key public",
    "key convert",
    "key thumbprint",
    "key set",
    "completions",
    "man",
    "help",
];

fn words<'a>(verb: &'a str, more: &[&'a str]) -> Vec<&'a str> {
    verb.split_whitespace().chain(more.iter().copied()).collect()
}

fn long(verb: &str) -> String {
    let args = words(verb, &[]);
    run_inside(&[&["help"], &args[..]].concat(), &[], Terminal::No).stdout
}

fn short(verb: &str) -> String {
    let output = run_inside(&words(verb, &["-h"]), &[], Terminal::No);
    output.stdout + &output.stderr
}

/// What follows a heading, up to the next empty line before a heading.
fn section(help: &str, title: &str) -> String {
    let after =
        help.split_once(&format!("\n{title}:\n")).unwrap_or_else(|| panic!("{title}: {help}")).1;
    let lines = after.lines().take_while(|line| line.is_empty() || line.starts_with(' '));
    lines.collect::<Vec<_>>().join("\n")
}

/// The words of the programs that a call runs in the foreground, and what they show.
fn shown(
    args: &[&str],
    variables: &[(&str, &str)],
    terminal: Terminal,
    runs: bool,
) -> (Output, Vec<[String; 4]>) {
    let seen = Mutex::new(Vec::new());
    let show = |program: &Foreground<'_>| {
        let (name, text) = match program.document {
            Document::Stdin(text) => ("", text),
            Document::File(name, text) => (name, text),
        };
        let variable = program.variable.map(|(name, value)| format!("{name}={value}"));
        seen.lock().unwrap().push([
            program.words.join(" "),
            name.to_owned(),
            String::from_utf8(text.to_vec()).unwrap(),
            variable.unwrap_or_default(),
        ]);
        if runs { Ok(true) } else { Err(io::ErrorKind::NotFound.into()) }
    };
    let output = run_inside_showing(args, variables, terminal, &show);
    (output, seen.into_inner().unwrap())
}

const SCREEN: Terminal = Terminal::Width(80);

#[test]
fn help_verb_prints_what_its_long_flag_prints() {
    for verb in VERBS {
        let flag = run_inside(&words(verb, &["--help"]), &[], Terminal::No);
        let code = if ["verify", "refresh"].contains(&verb) { 2 } else { 0 };
        assert_eq!(flag.code, code, "{verb}");
        let help = if verb.is_empty() {
            run_inside(&["--help"], &[], Terminal::No).stdout
        } else {
            long(verb)
        };
        assert_eq!(flag.stdout + &flag.stderr, help, "{verb}");
        assert!(help.is_ascii() && help.lines().count() > short(verb).lines().count(), "{help}");
    }
    assert_eq!(long("inspect"), long("decode"));
}

#[test]
fn every_example_of_the_long_help_is_explained() {
    for verb in VERBS {
        let examples = section(&long(verb), "Examples");
        let lines: Vec<_> = examples.lines().filter(|line| !line.is_empty()).collect();
        assert!(lines.len() >= 4 && lines.len().is_multiple_of(2), "{verb}: {examples}");
        for pair in lines.chunks(2) {
            assert!(pair[0].starts_with("  ") && !pair[0].starts_with("   "), "{verb}: {pair:?}");
            assert!(pair[1].starts_with("    ") && pair[1].contains("jwtctl"), "{verb}: {pair:?}");
        }
    }
}

#[test]
fn the_help_of_a_verb_has_the_exit_codes_that_it_can_have() {
    for (verb, codes) in [
        ("encode", "0 1 2 4 7"),
        ("decode", "0 1 2 4 6 7"),
        ("verify", "0 1 2 3 4 5 6 7"),
        ("refresh", "0 1 2 3 4 5 6 7"),
        ("audit", "0 1 2 4 6 7"),
        ("redact", "0 1 2"),
        ("key show", "0 1 2 7"),
        ("man", "0 1 2"),
    ] {
        let section = section(&long(verb), "Exit codes");
        let rows = section.lines().filter_map(|line| line.strip_prefix("  "));
        let found: Vec<_> = rows
            .filter_map(|row| row.split(' ').next())
            .filter(|code| code.len() == 1 && *code <= "9" && *code >= "0")
            .collect();
        assert_eq!(found.join(" "), codes, "{verb}");
    }
}

#[test]
fn a_flag_without_use_is_not_offered_but_still_explained() {
    let encode = long("encode");
    let of_encode = run_inside(&["completions", "--", "encode", "--"], &[], Terminal::No).stdout;
    assert!(of_encode.contains("--jwks") && encode.contains("--jwks"));
    for flag in ["--oidc", "--timeout", "--ca-file", "--no-cache", "--offline"] {
        assert!(!encode.contains(flag) && !of_encode.contains(flag), "{flag}");
        assert!(long("verify").contains(flag), "{flag}");
    }
    let output =
        run_inside(&["encode", "--user", "1", "--oidc", "https://a.example"], &[], Terminal::No);
    assert!(
        output.stderr.starts_with("error: the fetched key set (--oidc) cannot sign\n"),
        "{}",
        output.stderr
    );
    for verb in ["man", "completions", "help"] {
        assert!(!long(verb).contains("--profile"), "{verb}");
    }
}

#[test]
fn the_quiet_flag_is_described_for_the_verb() {
    let of = |verb: &str| {
        let help = long(verb);
        let (_, text) = help.split_once("--quiet ").expect("the flag");
        text.lines().next().unwrap().trim().to_owned()
    };
    assert_eq!(of("verify"), "Print only errors: the exit code is the answer");
    assert_eq!(of("encode"), "Print only errors, no warnings or hints");
}

#[test]
fn decode_is_shown_with_every_clipboard() {
    let clipboards = ["pbpaste", "wl-paste", "xclip -o -selection clipboard", "Get-Clipboard"];
    let in_short = short("decode");
    for command in clipboards {
        assert!(long("decode").contains(&format!("    {command} | jwtctl decode\n")), "{command}");
    }
    let own = clipboards
        .iter()
        .filter(|command| in_short.contains(&format!("  {command} | jwtctl decode\n")));
    assert_eq!(own.count(), 1, "{in_short}");
}

#[test]
fn headings_and_flags_are_bold_where_colour_is_on() {
    for (args, variables, terminal, is_bold) in [
        (&["decode", "-h"][..], &[][..], SCREEN, true),
        (&["help", "decode"], &[], SCREEN, true),
        (&["decode", "-h"], &[], Terminal::No, false),
        (&["decode", "-h"], &[("NO_COLOR", "1")], SCREEN, false),
        (&["decode", "-h", "--color", "never"], &[], SCREEN, false),
        (&["decode", "-h", "--color", "always"], &[], Terminal::No, true),
    ] {
        let output = run_inside(args, variables, terminal);
        assert_eq!(output.stdout.contains("\u{1b}[1mExamples:\u{1b}[0m\n"), is_bold, "{args:?}");
        assert_eq!(output.stdout.contains('\u{1b}'), is_bold, "{args:?}");
    }
}

#[test]
fn long_help_is_paged_on_a_terminal_as_git_does() {
    let pages = |args: &[&str], variables: &[(&str, &str)], terminal| {
        let (output, seen) = shown(args, variables, terminal, true);
        let programs: Vec<_> =
            seen.iter().map(|[words, .., variable]| format!("{variable} {words}")).collect();
        assert_eq!(output.stdout.is_empty(), !seen.is_empty(), "{args:?}");
        (programs.join("\n").trim().to_owned(), output.code)
    };
    let less = ("LESS=FRX less".to_owned(), 0);
    for args in
        [&["help", "encode"][..], &["encode", "--help"], &["help", "codes"], &["help", "profiles"]]
    {
        assert_eq!(pages(args, &[], SCREEN), less, "{args:?}");
    }
    assert_eq!(pages(&["help", "verify"], &[], SCREEN), less);
    let encode = ["encode", "--help"];
    assert_eq!(pages(&encode, &[("LESS", "-i")], SCREEN), ("less".to_owned(), 0));
    assert_eq!(
        pages(&encode, &[("PAGER", "more -s"), ("LESS", "")], SCREEN),
        ("more -s".to_owned(), 0)
    );
    for variable in [("PAGER", ""), ("PAGER", "cat"), ("CI", "true"), ("TERM", "dumb")] {
        assert_eq!(pages(&encode, &[variable], SCREEN), (String::new(), 0), "{variable:?}");
    }
    assert_eq!(pages(&encode, &[], Terminal::No), (String::new(), 0));
    assert_eq!(pages(&["encode", "-h"], &[], SCREEN), (String::new(), 0));
    // A pager that shows escapes as they are gets none.
    let (_, seen) = shown(&encode, &[("LESS", "-i")], SCREEN, true);
    assert!(!seen[0][2].contains('\u{1b}'));
    // Without a pager, the text is printed.
    let (output, _) = shown(&encode, &[], SCREEN, false);
    assert!(output.stdout.contains("--ttl") && output.code == 0);
}

#[test]
fn help_in_the_place_of_a_verdict_is_printed_without_a_pager() {
    for verb in ["verify", "refresh"] {
        for args in [&[verb, "--help"][..], &[verb, "-h"], &["--color", "never", verb, "--help"]] {
            let (output, seen) = shown(args, &[], SCREEN, true);
            assert!(seen.is_empty(), "{args:?}");
            assert_eq!((output.code, &*output.stderr), (2, ""), "{args:?}");
            assert!(output.stdout.contains(&format!("jwtctl {verb}")), "{}", output.stdout);
        }
    }
}

#[test]
fn man_opens_a_page_on_a_terminal_and_prints_roff_elsewhere() {
    let (output, seen) = shown(&["man", "key", "new"], &[], SCREEN, true);
    let roff = run_inside(&["man", "key", "new"], &[], Terminal::No).stdout;
    assert!(output.stdout.is_empty() && roff.contains(".TH JWTCTL-KEY-NEW 1 "), "{roff}");
    assert_eq!(seen, [["man".to_owned(), "jwtctl-key-new.1".to_owned(), roff, String::new()]]);
    // Where there is no man, the help says the same.
    let (output, seen) = shown(&["man", "verify"], &[], SCREEN, false);
    let programs: Vec<_> = seen.iter().map(|[words, ..]| words.as_str()).collect();
    assert_eq!((programs, output.code), (vec!["man", "less"], 0));
    assert!(output.stdout.contains("Usage: \u{1b}[0m") || output.stdout.contains("--require"));
    let unknown = run_inside(&["man", "nonsense"], &[], SCREEN);
    assert_eq!(unknown.code, 2);
}

#[test]
fn a_manual_page_has_the_sections_that_readers_look_for() {
    for verb in VERBS {
        let page =
            run_inside(&[&["man"], &words(verb, &[])[..]].concat(), &[], Terminal::No).stdout;
        let sections = [
            "NAME",
            "SYNOPSIS",
            "DESCRIPTION",
            "OPTIONS",
            "EXIT STATUS",
            "ENVIRONMENT",
            "EXAMPLES",
            "SEE ALSO",
        ];
        let mut rest = page.as_str();
        for title in sections {
            let quoted =
                if title.contains(' ') { format!("\"{title}\"") } else { title.to_owned() };
            rest = rest
                .split_once(&format!("\n.SH {quoted}\n"))
                .unwrap_or_else(|| panic!("{verb}: {title}"))
                .1;
        }
        // mandoc's limit.
        let is_prose = |line: &&str| !line.contains("jwtctl ");
        assert!(page.lines().filter(is_prose).all(|line| line.len() <= 80), "{verb}");
    }
    let verify = run_inside(&["man", "verify"], &[], Terminal::No).stdout;
    assert!(
        verify.contains("\n.SH SYNOPSIS\n\\fBjwtctl verify\\fR [OPTIONS] [TOKEN|PATH]...\n"),
        "{verify}"
    );
    assert!(verify.contains(".SH FILES\n"));
}

#[test]
fn help_fits_narrow_and_wide_terminals() {
    for verb in VERBS {
        for (columns, widest) in [(50, 50), (80, 80), (200, 100)] {
            let args = [&["help"], &words(verb, &["--color", "never"])[..]].concat();
            let help = run_inside(&args, &[], Terminal::Width(columns)).stdout;
            // A call is one line, so that it can be copied.
            let prose = help.lines().filter(|line| !line.contains("jwtctl ") && line.contains(' '));
            let longest = prose.map(str::trim_end).max_by_key(|line| line.len()).unwrap();
            assert!(
                longest.len() <= widest || longest.trim_start().starts_with('-'),
                "{verb}: {longest}"
            );
        }
    }
}
