//! What is made from the definition of the command line: help, completions, man pages.

use std::fmt::Write as _;

use clap::builder::Resettable;
use clap::{Command, CommandFactory as _};
use clap_complete::{Generator, Shell as ClapShell, generate};
use clap_mangen::Man;
use clap_mangen::roff::{Roff, bold, roman};

use super::flags::Cli;
use super::help;
use super::values::{EXIT_CODES, PROBLEM_CODES, Shell};
use crate::output::exit;

/// The variables that the tool reads.
const VARIABLES: [(&str, &str); 11] = [
    ("JWTCTL_SECRET", "the HMAC secret, where no flag names a key"),
    ("JWTCTL_SECRET_FORMAT", "how the secret is written: text, raw, base64, hex"),
    ("JWTCTL_KEY", "the path of the key file, where no flag names a key"),
    ("JWTCTL_JWKS", "the path or https URL of a JWK Set, where no flag names a key"),
    ("JWTCTL_OIDC", "the issuer whose JWK Set is found by discovery, where no flag names a key"),
    ("JWTCTL_KEY_PASSWORD", "the password of an encrypted key"),
    (
        "SSL_CERT_FILE, SSL_CERT_DIR",
        "the certificates to trust where keys are fetched, in place of the system's",
    ),
    (
        "HTTPS_PROXY, ALL_PROXY, NO_PROXY",
        "the proxy that keys are fetched through, also in lower case",
    ),
    (
        "XDG_CACHE_HOME, HOME",
        "where keys that were fetched are kept: $XDG_CACHE_HOME/jwtctl, else ~/.cache/jwtctl",
    ),
    (
        "XDG_STATE_HOME, HOME",
        "where the key that seals the cache is kept: $XDG_STATE_HOME/jwtctl, else ~/.local/state/jwtctl",
    ),
    ("NO_COLOR, CLICOLOR_FORCE, TERM", "whether --color auto colours"),
];

/// The help of a verb, of one of its own verbs, or a topic; `None` if there is no such thing.
pub(super) fn help(topic: &[String]) -> Option<Vec<u8>> {
    if topic == [EXIT_CODES] {
        return Some(help::exit_codes().into_bytes());
    }
    if topic == [PROBLEM_CODES] {
        return Some(help::problem_codes().into_bytes());
    }
    let mut command = Cli::command();
    command.build();
    let mut found = &mut command;
    for word in topic {
        found = found.find_subcommand_mut(word)?;
    }
    Some(found.render_long_help().to_string().into_bytes())
}

pub(super) fn completions(shell: Shell) -> Vec<u8> {
    match shell {
        Shell::Bash => script(ClapShell::Bash),
        Shell::Zsh => script(ClapShell::Zsh),
        Shell::Fish => [script(ClapShell::Fish), fish_words().into_bytes()].concat(),
        Shell::Powershell => script(ClapShell::PowerShell),
        Shell::Elvish => script(ClapShell::Elvish),
        Shell::Nushell => script(clap_complete_nushell::Nushell),
    }
}

fn script(shell: impl Generator) -> Vec<u8> {
    let mut script = Vec::new();
    generate(shell, &mut Cli::command(), "jwtctl", &mut script);
    script
}

/// The words that may stand after a verb: the generator for fish leaves them out.
fn fish_words() -> String {
    let mut command = Cli::command();
    command.build();
    let mut lines = String::new();
    for verb in command.get_subcommands() {
        let words = verb.get_positionals().flat_map(clap::Arg::get_possible_values);
        let words = words.filter(|word| !word.is_hide_set());
        let words: Vec<_> = words.map(|word| word.get_name().to_owned()).collect();
        if !words.is_empty() {
            let names: Vec<_> =
                std::iter::once(verb.get_name()).chain(verb.get_visible_aliases()).collect();
            let _ = writeln!(
                lines,
                "complete -c jwtctl -n \"__fish_jwtctl_using_subcommand {}\" -f -a \"{}\"",
                names.join(" "),
                words.join(" ")
            );
        }
    }
    lines
}

/// The page of the tool itself.
pub(super) fn man_page() -> Vec<u8> {
    let mut command = Cli::command();
    command.build();
    page(command, "")
}

/// All pages with their file names: the tool's, and one a verb, those of `key` too.
pub(super) fn man_pages() -> Vec<(String, Vec<u8>)> {
    let mut command = Cli::command();
    command.build();
    let mut pages = vec![("jwtctl.1".to_owned(), page(command.clone(), ""))];
    for verb in command.get_subcommands() {
        pages.push(page_of(verb, verb.get_name()));
        for inner in verb.get_subcommands() {
            pages.push(page_of(inner, &format!("{} {}", verb.get_name(), inner.get_name())));
        }
    }
    pages
}

/// A verb's page and its file's name.
fn page_of(verb: &Command, path: &str) -> (String, Vec<u8>) {
    let name = format!("jwtctl-{}", path.replace(' ', "-"));
    (format!("{name}.1"), page(verb.clone().display_name(name), path))
}

/// A page; `path` is the verb's, empty for the tool itself.
fn page(command: Command, path: &str) -> Vec<u8> {
    let mut page = Vec::new();
    let appended = appendix(path);
    let command = command.after_help(Resettable::Reset).subcommand_help_heading("VERBS");
    let rendered = Man::new(command)
        .date(concat!("jwtctl ", env!("CARGO_PKG_VERSION")))
        .manual("jwtctl manual")
        .render(&mut page)
        .and_then(|()| appended.to_writer(&mut page));
    rendered.expect("writing into memory does not fail");
    page
}

/// Examples, exit status and environment.
fn appendix(verb: &str) -> Roff {
    let mut roff = Roff::new();
    if let Some((_, lines)) = help::EXAMPLES.iter().find(|(name, _)| *name == verb) {
        roff.control("SH", ["EXAMPLES"]);
        for line in *lines {
            roff.control("PP", []);
            roff.text([roman(*line)]);
        }
    }
    roff.control("SH", ["EXIT STATUS"]);
    for row in &exit::TABLE {
        roff.control("TP", []);
        roff.text([bold(format!("{} {}", row.exit.code(), row.exit.name()))]);
        roff.text([roman(format!("{} ({})", row.means, row.then))]);
    }
    roff.control("PP", []);
    roff.text([roman(exit::PRECEDENCE_IN_WORDS)]);
    roff.control("SH", ["ENVIRONMENT"]);
    for (name, means) in VARIABLES {
        roff.control("TP", []);
        roff.text([bold(name)]);
        roff.text([roman(means)]);
    }
    roff
}
