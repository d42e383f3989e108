//! For each line, a stream reports what a single call reports, whatever the line contains.

mod support;

use std::collections::BTreeMap;

use jwtctl::output::Terminal;
use proptest::collection::vec;
use proptest::prelude::*;
use support::harness::jwtctl;
use support::texts::{claims, value};
use support::tokens::{Setting, item, setting};
use support::{AT, Output, SECRET, run_inside_fed};

/// What a verb says of a stream of these lines, and of each of them that is not blank alone.
fn both(
    verb: &str,
    setting: &Setting,
    flags: &[&str],
    items: &[Vec<u8>],
) -> (Output, Vec<(u64, Output)>) {
    let variables: Vec<_> =
        setting.variables.iter().map(|(name, value)| (*name, value.as_str())).collect();
    let own: &[&str] = if verb == "decode" { &[] } else { &setting.flags };
    let call = |more: &[&'static str]| [&[verb, "--at", AT], own, more].concat();
    let batch = [&call(&["--batch", "-", "--threads", "2"])[..], flags].concat();
    let mut text = items.join(&b'\n');
    text.push(b'\n');
    let batch = jwtctl(&batch).stdin(&text);
    let batch = variables.iter().fold(batch, |batch, (name, value)| batch.env(name, value));
    let stream = Output::from(batch.output());
    let alone =
        (1..).zip(items).filter(|(_, item)| !item.trim_ascii().is_empty()).map(|(line, item)| {
            let report = call(&["--json", "--compact", "-"]);
            (line, run_inside_fed(&report, &variables, item, Terminal::No))
        });
    (stream, alone.collect())
}

/// The code of a stream of lines that have these codes alone. A stream without a token passes no gate.
fn code_of(verb: &str, alone: &[(u64, Output)]) -> i32 {
    if alone.is_empty() {
        return if verb == "verify" || verb == "refresh" { 4 } else { 0 };
    }
    let occurs = |code: &i32| alone.iter().any(|(_, output)| output.code == *code);
    [1, 2, 7, 4, 6, 5, 3].into_iter().find(occurs).unwrap_or(0)
}

/// What is looked at of a row, or of a report. Claims are not: they may have numbers that are none to `serde_json`.
#[derive(serde::Deserialize)]
struct Row {
    line: Option<u64>,
    status: String,
    exit_code: Option<i32>,
    token: Option<String>,
    problems: Vec<Problem>,
}

#[derive(serde::Deserialize)]
struct Problem {
    code: String,
}

/// The summary of rows: by status and, unless it has the name of the status, by the code of the first problem.
fn summary(verb: &str, rows: &[Row], blank: usize) -> String {
    let statuses = [
        (if verb == "decode" { "decoded" } else { "valid" }),
        "failure",
        "usage",
        "expired",
        "invalid",
        "not-yet-valid",
        "rejected",
        "key",
    ];
    let counted = |status: &&str| {
        let rows: Vec<_> = rows.iter().filter(|row| row.status == **status).collect();
        let mut codes = BTreeMap::new();
        for problem in rows.iter().filter_map(|row| row.problems.first()) {
            *codes.entry(&*problem.code).or_insert(0) += 1;
        }
        let mut codes: Vec<_> = codes.into_iter().collect();
        codes.sort_by_key(|(_, count)| -count);
        let is_the_same = matches!(codes[..], [(code, _)] if code == *status);
        let codes: Vec<_> = codes.iter().map(|(code, count)| format!("{count} {code}")).collect();
        let codes = match codes[..] {
            [] => String::new(),
            _ if is_the_same => String::new(),
            _ => format!(" ({})", codes.join(", ")),
        };
        let name = if verb == "refresh" && *status == "valid" { "ok" } else { *status };
        (!rows.is_empty()).then(|| format!("{} {name}{codes}", rows.len()))
    };
    let blank = (blank > 0).then(|| format!("{blank} blank"));
    let parts: Vec<_> = statuses.iter().filter_map(counted).chain(blank).collect();
    parts.join(", ")
}

fn row(text: &str) -> Row {
    serde_json::from_str(text).unwrap_or_else(|error| panic!("{error}: {text}"))
}

proptest! {
    // Each case is up to 40 lines through several calls.
    #![proptest_config(ProptestConfig {
        failure_persistence: None,
        cases: ProptestConfig::default().cases / 8,
        ..ProptestConfig::default()
    })]

    #[test]
    fn each_row_is_the_report_of_its_line_alone(setting in setting(), items in vec(item(), 1..40)) {
        for verb in ["verify", "decode", "refresh"] {
            let (stream, alone) = both(verb, &setting, &["--json", "--explain"], &items);
            let rows: Vec<_> = stream.stdout.lines().collect();
            prop_assert_eq!(rows.len(), alone.len(), "{}: {}", verb, stream.stderr);
            for (row, (line, single)) in rows.iter().zip(&alone) {
                let wanted = single.stdout.trim_end_matches('\n').replacen('{', &format!("{{\"line\":{line},"), 1);
                let item = String::from_utf8_lossy(&items[usize::try_from(line - 1).unwrap()]);
                prop_assert_eq!(*row, wanted, "{} {:?}", verb, item);
            }
            prop_assert_eq!(stream.code, code_of(verb, &alone), "{}: {}", verb, stream.stderr);
            let rows: Vec<_> = rows.into_iter().map(row).collect();
            let wanted = summary(verb, &rows, items.len() - rows.len());
            let found = stream.stderr.lines().find_map(|line| line.strip_prefix("summary: "));
            let (_, found) = found.and_then(|found| found.split_once(": ")).unwrap();
            prop_assert_eq!(found, wanted, "{}", verb);
        }
    }

    #[test]
    fn a_verdict_does_not_depend_on_whether_it_is_explained(
        setting in setting(),
        items in vec(item(), 1..40),
    ) {
        for (verb, flags) in [
            ("verify", &["--json"][..]),
            ("decode", &["--json"]),
            ("refresh", &["--json"]),
            ("verify", &[]),
            ("decode", &[]),
        ] {
            let (stream, alone) = both(verb, &setting, flags, &items);
            let rows: Vec<_> = stream.stdout.lines().map(row).collect();
            prop_assert_eq!(rows.len(), alone.len(), "{}: {}", verb, stream.stderr);
            for (seen, (line, single)) in rows.iter().zip(&alone) {
                let report = row(&single.stdout);
                prop_assert_eq!(seen.line, Some(*line));
                prop_assert_eq!(&seen.status, &report.status, "{} {}", verb, single.stdout);
                prop_assert_eq!(report.exit_code, Some(single.code));
                let code = if flags.is_empty() { None } else { report.exit_code };
                prop_assert_eq!(seen.exit_code, code, "{} {}", verb, single.stdout);
            }
            prop_assert_eq!(stream.code, code_of(verb, &alone), "{}: {}", verb, stream.stderr);
        }
    }

    // A token like the one before takes a shorter way.
    #[test]
    fn a_row_does_not_depend_on_the_lines_before(
        setting in setting(),
        items in vec(item(), 2..10),
    ) {
        for verb in ["verify", "decode"] {
            let (stream, _) = both(verb, &setting, &[], &items);
            let rows = (0..items.len()).map(|i| {
                let mut alone = vec![Vec::new(); i];
                alone.push(items[i].clone());
                both(verb, &setting, &[], &alone).0.stdout
            });
            prop_assert_eq!(&stream.stdout, &rows.collect::<String>(), "{}", verb);
        }
    }

    #[test]
    fn a_token_that_is_made_is_the_one_that_is_made_alone(
        setting in setting(),
        items in vec(item(), 1..40),
    ) {
        let (stream, alone) = both("refresh", &setting, &[], &items);
        let rows: Vec<_> = stream.stdout.lines().collect();
        let made = |(_, single): &(u64, Output)| row(&single.stdout).token.unwrap_or_default();
        prop_assert_eq!(rows, alone.iter().map(made).collect::<Vec<_>>());
        for (line, single) in &alone {
            let said = stream.stderr.contains(&format!("error: line {line}: "));
            prop_assert_eq!(said, single.code != 0, "{}: {}", line, stream.stderr);
        }
    }

    #[test]
    fn claims_that_are_read_from_a_line_are_those_that_are_read_alone(
        items in vec(prop_oneof![2 => claims(), 1 => value(), 1 => "\\PC{0,20}"], 1..20),
    ) {
        let setting = Setting { variables: vec![("JWTCTL_SECRET", SECRET.to_owned())], flags: Vec::new() };
        // JSON has a line break for white space only, and any other does as well.
        let items: Vec<_> = items.iter().map(|item| item.replace('\n', " ").into_bytes()).collect();
        let (stream, alone) = both("encode", &setting, &["--json"], &items);
        let rows: Vec<_> = stream.stdout.lines().collect();
        prop_assert_eq!(rows.len(), alone.len(), "{}", stream.stderr);
        for (row, (line, single)) in rows.iter().zip(&alone) {
            let wanted = single.stdout.trim_end_matches('\n').replacen('{', &format!("{{\"line\":{line},"), 1);
            prop_assert_eq!(*row, wanted);
        }
        prop_assert_eq!(stream.code, code_of("encode", &alone), "{}", stream.stderr);
    }
}
