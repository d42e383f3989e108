//! What a person sees at 50, 80 and 200 columns, with and without colours, in the files of `tests/transcripts`.
//! `UPDATE=1 cargo test --locked --test transcripts` writes them again.

mod support;

use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use jwtctl::output::Terminal;
use support::{Output, SECRET, run_inside_fed, token};

const TZ: (&str, &str) = ("TZ", "KST-9");
const KEY: (&str, &str) = ("JWTCTL_SECRET", SECRET);
const OTHER_KEY: (&str, &str) =
    ("JWTCTL_SECRET", "another secret for tests that is long enough for HS256");

/// A token that was issued and expires this many seconds from the time of the tests.
fn from_to(issued: i64, expires: i64) -> String {
    let (issued, expires) = (support::NOW + issued, support::NOW + expires);
    token(&format!(
        r#"{{"iss":"https://login.example.com/","name":"홍길동 (洪吉童)","roles":["reader","writer"],"iat":{issued},"exp":{expires}}}"#
    ))
}

/// A call: its title, arguments, variables and standard input.
type Scene = (&'static str, Vec<String>, Vec<(&'static str, &'static str)>, String);

fn scenes() -> Vec<Scene> {
    let call = |args: &[&str]| args.iter().map(|arg| (*arg).to_owned()).collect::<Vec<_>>();
    let fresh = from_to(-60, 1740);
    let cut = &fresh[..fresh.len() - 3];
    let milliseconds = token(r#"{"iat":1700000000,"exp":1700003600000}"#);
    let lines =
        [&fresh, &from_to(-7200, -3600), &from_to(3600, 7200), cut, "not a token", ""].join("\n");
    let strange = format!("{}é{}", &fresh[..30], &fresh[30..]);
    vec![
        ("decode", call(&["decode", &fresh]), vec![], String::new()),
        ("verify, in the zone of TZ", call(&["verify", &fresh]), vec![KEY, TZ], String::new()),
        (
            "verify, in the last quarter",
            call(&["verify", &from_to(-1500, 300)]),
            vec![KEY],
            String::new(),
        ),
        (
            "verify, in the last tenth",
            call(&["verify", &from_to(-1750, 50)]),
            vec![KEY],
            String::new(),
        ),
        ("decode, expired", call(&["decode", &from_to(-7200, -3600)]), vec![TZ], String::new()),
        ("decode, with milliseconds", call(&["decode", &milliseconds]), vec![TZ], String::new()),
        ("verify, expired", call(&["verify", &from_to(-7200, -3600)]), vec![KEY], String::new()),
        ("verify, another key", call(&["verify", &fresh]), vec![OTHER_KEY], String::new()),
        (
            "verify, another issuer",
            call(&["verify", &fresh, "--iss", "https://login.example.com"]),
            vec![KEY],
            String::new(),
        ),
        (
            "verify, another name",
            call(&["verify", &fresh, "--claim", "name=홍길동 (洪吉重)"]),
            vec![KEY],
            String::new(),
        ),
        ("verify, damaged", call(&["verify", &strange]), vec![KEY], String::new()),
        ("verify, cut", call(&["verify", cut]), vec![KEY], String::new()),
        (
            "verify, a stream",
            call(&["verify", "--batch", "--print", "valid", "--get", "roles"]),
            vec![KEY],
            lines,
        ),
        (
            "verify, a stream of one fault",
            call(&["verify", "--batch", "--print", "valid"]),
            vec![OTHER_KEY],
            format!("{fresh}\n{fresh}\n"),
        ),
    ]
}

fn shown(
    args: &[String],
    variables: &[(&str, &str)],
    fed: &str,
    width: usize,
    color: &str,
) -> Output {
    let mut args: Vec<_> = args.iter().map(String::as_str).collect();
    args.extend(["--color", color]);
    let args = if fed.is_empty() { args } else { [&args[..], &["--at", support::AT]].concat() };
    run_inside_fed(&args, variables, fed.as_bytes(), Terminal::Width(width))
}

fn transcript(width: usize, color: &str) -> String {
    let mut text = String::new();
    for (title, args, variables, fed) in scenes() {
        let Output { stdout, stderr, code } = shown(&args, &variables, &fed, width, color);
        let _ = write!(text, "== {title}: {code}\n{stdout}{stderr}\n");
    }
    text
}

#[test]
fn transcripts_are_as_committed() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/transcripts");
    for (width, color) in [(50, "never"), (80, "never"), (200, "never"), (80, "always")] {
        let name =
            if color == "always" { format!("{width}-colours.txt") } else { format!("{width}.txt") };
        let (path, made) = (folder.join(&name), transcript(width, color));
        if std::env::var_os("UPDATE").is_some() {
            fs::write(&path, &made).unwrap();
        }
        let committed = fs::read_to_string(&path).unwrap_or_default();
        assert!(
            committed == made,
            "{name} is not current: UPDATE=1 cargo test --test transcripts\n{made}"
        );
    }
}

#[test]
fn no_line_of_prose_is_wider_than_the_terminal() {
    for width in [50, 80, 200] {
        for line in transcript(width, "never").lines() {
            // Commands and what has no spaces stay whole.
            let is_whole =
                line.contains("jwtctl ") || !line.trim().contains(' ') || line.contains('"');
            let columns =
                line.chars().map(|c| jwtctl::characters::columns(c).unwrap_or(1)).sum::<usize>();
            assert!(columns <= width || is_whole, "{width}: {line}");
        }
    }
}

#[test]
fn the_view_for_people_goes_anywhere_if_it_is_asked_for() {
    let token = from_to(-60, 1740);
    let piped = |args: &[&str], variables: &[(&str, &str)]| {
        let args = [args, &[&token]].concat();
        support::run_inside(&args, &[&[KEY], variables].concat(), Terminal::No)
    };
    for verb in ["decode", "verify"] {
        let seen = [verb, "--color", "never", &token];
        for (columns, width) in
            [("", 80), ("50", 50), ("200", 200), ("7", 80), ("x", 80), ("100000", 80)]
        {
            let wanted = support::run_inside(&seen, &[KEY], Terminal::Width(width)).stdout;
            let made = piped(&[verb, "--pretty"], &[("COLUMNS", columns)]);
            assert_eq!((made.stdout, made.code), (wanted, 0), "{columns}");
        }
        let painted = support::run_inside(&[verb, &token], &[KEY], Terminal::Width(80)).stdout;
        assert_eq!(piped(&[verb, "--pretty", "--color", "always"], &[]).stdout, painted);
        let quiet = piped(&[verb, "--pretty", "--quiet"], &[]);
        assert_eq!(
            (quiet.stdout, quiet.stderr),
            (piped(&[verb, "--pretty"], &[]).stdout, String::new())
        );
        for other in [
            &["--json"][..],
            &["--get", "iss"],
            &["--raw"],
            &["--batch"],
            &["--find"],
            &["--tokens"],
            &["--lines"],
            &["--count"],
        ] {
            let both =
                support::run_inside(&[&[verb, "--pretty"], other].concat(), &[KEY], Terminal::No);
            assert_eq!((both.code, &*both.stdout), (2, ""), "{other:?}: {}", both.stderr);
        }
    }
}

/// The zone's names come from the system's database, which Windows does not have.
#[test]
fn times_are_shown_in_the_zone_of_tz() {
    let token = token(r#"{"exp":1700001800}"#);
    let exp = |zone: &[(&str, &str)]| {
        let shown = support::run_inside(&["decode", "--pretty", &token], zone, Terminal::No).stdout;
        let line = shown.lines().find_map(|line| line.strip_prefix("exp  ")).unwrap().to_owned();
        line.strip_suffix(", in 30 minutes").unwrap().to_owned()
    };
    let utc = "2023-11-14 22:43:20 UTC";
    assert_eq!(exp(&[]), utc);
    for (zone, shown) in [
        ("", utc),
        ("UTC", utc),
        ("UTC0", utc),
        ("Nowhere/Land", utc),
        (":", utc),
        ("../../../etc/passwd", utc),
        ("KST-9", "2023-11-15 07:43:20 +09:00"),
        ("EST5EDT,M3.2.0,M11.1.0", "2023-11-14 17:43:20 -05:00"),
        ("<+0545>-5:45", "2023-11-15 04:28:20 +05:45"),
    ] {
        assert_eq!(exp(&[("TZ", zone)]), shown, "{zone}");
    }
    if Path::new("/usr/share/zoneinfo/Asia/Seoul").exists() {
        for zone in [
            "Asia/Seoul",
            ":Asia/Seoul",
            "/usr/share/zoneinfo/Asia/Seoul",
            ":/usr/share/zoneinfo/Asia/Seoul",
        ] {
            assert_eq!(exp(&[("TZ", zone)]), "2023-11-15 07:43:20 +09:00", "{zone}");
        }
        assert_eq!(exp(&[("TZ", "Europe/London")]), "2023-11-14 22:43:20 +00:00");
    }
}
