//! The pictures of README and docs: what a terminal shows of real calls, in a light and in a dark theme.

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use jwtctl::output::Terminal;

use crate::hold;
use crate::support::{SECRET, run_inside_fed, token};

/// The colours of a theme, by the classes of `anstyle_svg`. `dimmed` is a colour here, because text that is only made
/// transparent is too faint to read.
type Theme = [(&'static str, &'static str); 7];

const THEMES: [(&str, Theme); 2] = [
    (
        "light",
        [
            ("bg", "#f6f8fa"),
            ("fg", "#1f2328"),
            ("dimmed", "#57606a"),
            ("fg-red", "#b3202a"),
            ("fg-green", "#116329"),
            ("fg-yellow", "#7d4e00"),
            ("fg-cyan", "#0550ae"),
        ],
    ),
    (
        "dark",
        [
            ("bg", "#0d1117"),
            ("fg", "#e6edf3"),
            ("dimmed", "#9198a1"),
            ("fg-red", "#ff7b72"),
            ("fg-green", "#3fb950"),
            ("fg-yellow", "#d29922"),
            ("fg-cyan", "#79c0ff"),
        ],
    ),
];

const FONT: &str = "
    .container { padding: 0 10px; line-height: 18px; }
    .bold { font-weight: bold; }
    tspan { font: 14px SFMono-Regular, Consolas, Liberation Mono, Menlo, monospace; white-space: pre; }
  ";

/// A call in a picture.
struct Call {
    /// What somebody would type.
    typed: &'static str,
    args: Vec<String>,
    variables: Vec<(&'static str, String)>,
    stdin: String,
}

fn call(typed: &'static str, args: &[&str]) -> Call {
    let args = args.iter().map(|arg| (*arg).to_owned()).collect();
    Call {
        typed,
        args,
        variables: vec![("JWTCTL_SECRET", SECRET.to_owned())],
        stdin: String::new(),
    }
}

/// The call whose words are all of what is typed, with a token in the variable `TOKEN`.
fn call_with(typed: &'static str, token: &str) -> Call {
    let args: Vec<_> = typed.split(' ').skip(1).collect();
    let mut call = call(typed, &args);
    call.variables.push(("TOKEN", token.trim().to_owned()));
    call
}

/// What a terminal of 76 columns shows of these calls, in colour.
fn screen(calls: &[Call]) -> String {
    let mut screen = String::new();
    for Call { typed, args, variables, stdin } in calls {
        let mut line = vec!["--color", "always"];
        line.extend(args.iter().map(String::as_str));
        let variables: Vec<_> = variables.iter().map(|(name, value)| (*name, &**value)).collect();
        let output = run_inside_fed(&line, &variables, stdin.as_bytes(), Terminal::Width(76));
        let _ = writeln!(screen, "\u{1b}[1m$ {typed}\u{1b}[0m");
        screen.push_str(&output.stdout);
        screen.push_str(&output.stderr);
        let _ = writeln!(screen, "\u{1b}[2m$ echo $?\u{1b}[0m\n{}\n", output.code);
    }
    screen.trim_end().to_owned()
}

/// The picture of a screen in the colours of a theme.
fn picture(screen: &str, theme: &Theme) -> String {
    let drawn = anstyle_svg::Term::new().render_svg(screen);
    let (head, rest) = drawn.split_once("<style>").unwrap();
    let (_, body) = rest.split_once("</style>").unwrap();
    let mut rules = String::new();
    for (class, colour) in theme {
        let _ = write!(rules, "\n    .{class} {{ fill: {colour} }}");
    }
    format!("{head}<style>{rules}{FONT}</style>{body}")
}

/// The pictures, each by its name in `docs/pictures`.
fn pictures() -> [(&'static str, Vec<Call>); 5] {
    [
        ("diagnosis", diagnosis()),
        ("decode", vec![call_with("jwtctl decode --token-env TOKEN", &session())]),
        ("verdicts", verdicts()),
        ("stream", vec![stream()]),
        ("audit", vec![audit()]),
    ]
}

fn session() -> String {
    token(r#"{"user_id":123,"iat":1699999400,"exp":1700001200}"#)
}

/// Without a key, a token with a secret from a tutorial that lives for a year.
fn audit() -> Call {
    let args = ["encode", "--secret", "your-256-bit-secret", "--sub", "ann", "--ttl", "365d"];
    let weak = run_inside_fed(&args, &[], b"", Terminal::No).stdout;
    let call = call_with("jwtctl audit --token-env TOKEN", &weak);
    let variables = vec![("TOKEN", weak.trim().to_owned())];
    Call { variables, ..call }
}

/// Real failures, each with the call that shows it and what is wrong in it.
fn diagnosis() -> Vec<Call> {
    let shared = "MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=";
    let with = |args: &[&str]| {
        let call = [&["encode", "--no-iat", "--exp", "1700001800"], args].concat();
        run_inside_fed(&call, &[], b"", Terminal::No).stdout
    };
    let base64 = with(&["--secret", shared, "--secret-format", "base64"]);
    let other_iss = with(&["--secret", SECRET, "--iss", "https://id.example/"]);
    let token = token(r#"{"user_id":123,"exp":1700001800}"#);
    let answer = format!(r#"{{"token_type":"Bearer","access_token":"{token}"}}"#);
    let wrapped = format!("{}\n{}", &token[..64], &token[64..]);
    let mut secret = call_with("jwtctl verify --secret-env SECRET --token-env TOKEN", &base64);
    secret.variables.push(("SECRET", shared.to_owned()));
    vec![
        secret,
        call_with("jwtctl verify --iss https://id.example --token-env TOKEN", &other_iss),
        call("jwtctl verify \"$(curl -s https://id.example/token)\"", &["verify", &answer]),
        call("jwtctl verify \"$WRAPPED\"", &["verify", &wrapped]),
    ]
}

fn verdicts() -> Vec<Call> {
    let (valid, expired) = (session(), token(r#"{"user_id":123,"exp":1699913600}"#));
    let altered = valid.replacen("eyJ1c2VyX2lkIjoxMjM", "eyJ1c2VyX2lkIjoxMjQ", 1);
    assert_ne!(valid, altered);
    vec![
        call_with("jwtctl verify --token-env TOKEN", &valid),
        call("jwtctl verify \"$YESTERDAYS_TOKEN\"", &["verify", &expired]),
        call("jwtctl verify \"$ALTERED\"", &["verify", &altered]),
    ]
}

/// A log with tokens of different fates.
fn stream() -> Call {
    let mut stdin = String::new();
    for (sub, exp) in [("ann", 1_700_001_800), ("bob", 1_700_001_200), ("cleo", 1_699_999_000)] {
        let token = token(&format!(r#"{{"sub":"{sub}","exp":{exp}}}"#));
        let _ = writeln!(stdin, "GET /?token={token} HTTP/1.1");
    }
    let forged = token(r#"{"sub":"eve","exp":1700001800}"#).replacen(
        ".eyJzdWIiOiJldmU",
        ".eyJzdWIiOiJhbm4",
        1,
    );
    let _ = writeln!(stdin, "GET /health HTTP/1.1\nGET /?token={forged} HTTP/1.1");
    let args = ["verify", "--find", "--get", "sub", "--get", "exp"];
    Call { stdin, ..call("zcat access.log.gz | jwtctl verify --find --get sub --get exp", &args) }
}

#[test]
fn the_pictures_are_up_to_date() {
    for (name, calls) in pictures() {
        let screen = screen(&calls);
        for (theme, colours) in THEMES {
            hold(&format!("docs/pictures/{name}-{theme}.svg"), &picture(&screen, &colours));
        }
    }
}

/// The lightness of a colour such as `#1f2328`, by WCAG 2.2.
fn luminance(colour: &str) -> f64 {
    let channel = |at: usize| {
        let value = f64::from(u8::from_str_radix(&colour[at..at + 2], 16).unwrap()) / 255.0;
        if value <= 0.04045 { value / 12.92 } else { ((value + 0.055) / 1.055).powf(2.4) }
    };
    0.2126 * channel(1) + 0.7152 * channel(3) + 0.0722 * channel(5)
}

fn contrast(one: &str, other: &str) -> f64 {
    let (one, other) = (luminance(one), luminance(other));
    (one.max(other) + 0.05) / (one.min(other) + 0.05)
}

#[test]
fn contrast_is_computed_as_wcag_defines_it() {
    assert!((contrast("#ffffff", "#000000") - 21.0).abs() < 0.001);
    // The lightest grey on white that level AA accepts, and the next one, which it does not.
    assert!(contrast("#767676", "#ffffff") >= 4.5);
    assert!(contrast("#777777", "#ffffff") < 4.5);
}

#[test]
fn text_in_pictures_has_the_contrast_of_wcag_aa() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/pictures");
    let files: Vec<PathBuf> = fs::read_dir(folder).unwrap().map(|e| e.unwrap().path()).collect();
    assert_eq!(files.len(), pictures().len() * THEMES.len(), "{files:?}");
    for file in files {
        let svg = fs::read_to_string(&file).unwrap();
        assert!(!svg.contains("opacity"), "{}", file.display());
        let colours: Vec<_> = svg.lines().filter_map(rule).collect();
        let colour = |class: &str| colours.iter().find(|(name, _)| *name == class).map(|(_, c)| *c);
        let background = colour("bg").unwrap();
        let classes = svg.split("class=\"").skip(1).map(|rest| rest.split('"').next().unwrap());
        for class in classes.flat_map(str::split_whitespace) {
            if !["bg", "bold", "container"].contains(&class) {
                let colour = colour(class).unwrap_or_else(|| panic!("no colour for {class}"));
                assert!(contrast(colour, background) >= 4.5, "{}: {class}", file.display());
            }
        }
    }
}

/// The class and the colour of a line such as `.fg { fill: #1f2328 }`.
fn rule(line: &str) -> Option<(&str, &str)> {
    line.trim().strip_prefix('.')?.strip_suffix(" }")?.split_once(" { fill: ")
}
