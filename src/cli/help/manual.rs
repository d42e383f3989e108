//! The manual pages. They are made from the definition of the command line, and from the records and sections of the
//! long help.

use clap::builder::PossibleValue;
use clap::{Arg, Command};
use roff::{Inline, Roff, bold, italic, roman};

use super::environment::{self, Entry, FILES, VARIABLES};
use super::sections::{Part, Section, wrap};
use super::{examples, topics, verbs};

/// The date of the pages. `release.sh` updates it.
const DATE: &str = "2026-12-01";

/// The longest line of text. Escapes make a line longer, and `mandoc -T lint` warns about more than 80 bytes.
const WIDTH: usize = 66;

/// The name of a page, such as "jwtctl-key-new".
pub(crate) fn page_name(path: &str) -> String {
    format!("jwtctl {path}").trim_end().replace(' ', "-")
}

/// The manual page of a verb, or of the tool if `path` is empty.
pub(crate) fn page(tool: &Command, path: &str) -> Vec<u8> {
    let verb = verbs::find(tool, path);
    let record = verbs::of(path);
    let roff = &mut Roff::new();
    let name = page_name(path);
    let version = concat!("jwtctl ", env!("CARGO_PKG_VERSION"));
    roff.control("TH", [&*name.to_uppercase(), "1", DATE, version, "jwtctl manual"]);
    let about = verb.get_about().map(ToString::to_string).unwrap_or_default();
    heading(roff, "NAME");
    prose(roff, &format!("{name} - {about}"));
    heading(roff, "SYNOPSIS");
    synopsis(roff, &verb, path);
    heading(roff, "DESCRIPTION");
    prose(roff, &format!("{about}."));
    if verb.has_subcommands() {
        heading(roff, "VERBS");
        for inner in verb.get_subcommands() {
            let about = inner.get_about().map(ToString::to_string).unwrap_or_default();
            term(roff, vec![bold(inner.get_name())], &about);
        }
    }
    options(roff, &verb);
    record.sections.iter().for_each(|explained| section(roff, &explained()));
    let exits = topics::exits(record.exits);
    section(roff, &Section { title: "EXIT STATUS", ..exits });
    entries(roff, "ENVIRONMENT", &VARIABLES, &verb);
    entries(roff, "FILES", &FILES, &verb);
    let calls = Part::Calls(examples::all(record.examples));
    section(roff, &Section { title: "EXAMPLES", parts: vec![calls] });
    see_also(roff, tool, path);
    roff.render().into_bytes()
}

fn heading(roff: &mut Roff, title: &str) {
    roff.control("SH", [title]);
}

fn prose(roff: &mut Roff, text: &str) {
    for line in wrap(text, WIDTH) {
        roff.text([roman(line)]);
    }
}

fn term(roff: &mut Roff, term: Vec<Inline>, text: &str) {
    roff.control("TP", []).text(term);
    prose(roff, text);
}

/// The synopsis, such as `jwtctl verify [OPTIONS] [TOKEN]`.
fn synopsis(roff: &mut Roff, verb: &Command, path: &str) {
    let usage = verb.clone().render_usage().to_string();
    let call = format!("jwtctl {path}").trim_end().to_owned();
    let rest = usage.trim_start_matches("Usage: ").trim_start_matches(&*call).to_owned();
    roff.text([bold(call), roman(rest)]);
}

/// The positional arguments, and the flags below their headings.
fn options(roff: &mut Roff, verb: &Command) {
    let shown: Vec<_> = verb.get_arguments().filter(|arg| !arg.is_hide_set()).collect();
    let mut headings = Vec::new();
    for arg in &shown {
        if !headings.contains(&arg.get_help_heading()) {
            headings.push(arg.get_help_heading());
        }
    }
    heading(roff, "OPTIONS");
    for title in headings {
        if let Some(title) = title {
            roff.control("SS", [title]);
        }
        for arg in shown.iter().filter(|arg| arg.get_help_heading() == title) {
            term(roff, label(arg), &help(arg));
        }
    }
}

/// The names and the value of a flag, such as `-S, --secret <TEXT>`.
fn label(arg: &Arg) -> Vec<Inline> {
    let Some(long) = arg.get_long().map(|long| format!("--{long}")) else {
        return vec![italic(arg.to_string())];
    };
    let short = arg.get_short().map(|short| [bold(format!("-{short}")), roman(", ")]);
    let value = arg.to_string().trim_start_matches(&*long).to_owned();
    short.into_iter().flatten().chain([bold(long), roman(value)]).collect()
}

/// The help of a flag, with its default and possible values.
fn help(arg: &Arg) -> String {
    let mut help = arg.get_help().map(ToString::to_string).unwrap_or_default();
    if !arg.get_action().takes_values() {
        return help;
    }
    let defaults = arg.get_default_values().iter().map(|value| value.to_string_lossy());
    help.extend(defaults.map(|value| format!(" [default: {value}]")));
    let values = arg.get_possible_values();
    let values: Vec<_> =
        values.iter().filter(|value| !value.is_hide_set()).map(PossibleValue::get_name).collect();
    if !values.is_empty() && !arg.is_hide_possible_values_set() {
        help.extend([" [possible values: ", &values.join(", "), "]"]);
    }
    help
}

fn section(roff: &mut Roff, section: &Section) {
    heading(roff, &section.title.to_uppercase());
    for (at, part) in section.parts.iter().enumerate() {
        match part {
            Part::Prose(text) => {
                if at > 0 {
                    roff.control("PP", []);
                }
                prose(roff, text);
            }
            Part::Terms(terms) => {
                for (name, text) in terms {
                    term(roff, vec![bold(name)], text);
                }
            }
            Part::Calls(calls) => {
                for (at, (does, call)) in calls.iter().enumerate() {
                    if at > 0 {
                        roff.control("PP", []);
                    }
                    prose(roff, &format!("{does}:"));
                    roff.control("PP", []).control("RS", ["4"]).control("EX", []);
                    roff.text([roman(call)]);
                    roff.control("EE", []).control("RE", []);
                }
            }
        }
    }
}

/// The section with the variables or files that the verb uses.
fn entries(roff: &mut Roff, title: &str, entries: &[Entry], verb: &Command) {
    let mut used = environment::of(entries, verb).peekable();
    if used.peek().is_some() {
        heading(roff, title);
    }
    used.for_each(|entry| term(roff, vec![bold(entry.name)], entry.means));
}

/// Names the page of the tool, and the pages of the verbs beside and below this one.
fn see_also(roff: &mut Roff, tool: &Command, path: &str) {
    let (above, _) = path.rsplit_once(' ').unwrap_or_default();
    let names = |above: &str| {
        let verbs = verbs::find(tool, above);
        let path = |verb: &Command| format!("{above} {}", verb.get_name()).trim_start().to_owned();
        verbs.get_subcommands().map(path).collect::<Vec<_>>()
    };
    let mut paths = vec![String::new(), above.to_owned()];
    paths.extend(names(above));
    if path == "key" {
        paths.extend(names(path));
    }
    paths.dedup();
    paths.retain(|other| other != path);
    heading(roff, "SEE ALSO");
    let last = paths.len() - 1;
    for (at, path) in paths.iter().enumerate() {
        let end = if at == last { "(1)" } else { "(1)," };
        roff.control("BR", [&*page_name(path).replace('-', r"\-"), end]);
    }
}
