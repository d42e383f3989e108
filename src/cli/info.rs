//! The verbs about the tool itself: `help`, `man`, `completions`.

use std::ffi::OsString;
use std::iter;
use std::path::PathBuf;

use clap::builder::{Resettable, ValueHint};
use clap::{Args, Command};
use clap_mangen::Man;
use clap_mangen::roff::{Roff, bold, roman};

use super::call::{Call, CliError, Context, VerbFlags};
use super::help_text::{TOPICS, VARIABLES, examples};
use super::typed::verbs;
use super::values::one_of;
use crate::output::exit;
use crate::request::Request;

#[derive(Args)]
pub(super) struct Help {
    /// A verb, exit-codes, codes, or profiles
    topic: Option<String>,
    /// A verb of key
    #[arg(value_hint = ValueHint::Other)]
    verb: Option<String>,
}

impl VerbFlags for Help {
    fn call(self, context: Context) -> Result<Call, CliError> {
        let words: Vec<_> = self.topic.into_iter().chain(self.verb).collect();
        if let Some((_, text)) = TOPICS.iter().find(|(name, _)| words == [*name]) {
            return Ok(Call::Print(text().into_bytes()));
        }
        let mut tool = built(context.tool);
        let verb = words.iter().try_fold(&mut tool, |verb, word| verb.find_subcommand_mut(word));
        match verb {
            Some(verb) => Ok(Call::Print(verb.render_long_help().to_string().into_bytes())),
            None => Err(CliError::new("there is no such verb", "jwtctl help lists the verbs")),
        }
    }
}

#[derive(Args)]
pub(super) struct Completions {
    /// Shell to complete for
    #[arg(value_parser = one_of(SCRIPTS))]
    shell: Option<&'static str>,
    /// The words after the program's name; what fits the last one is listed
    #[arg(last = true, hide = true, conflicts_with = "shell")]
    line: Vec<OsString>,
}

/// The committed scripts. They ask this program what fits, so they know nothing about flags.
const SCRIPTS: [(&str, &str); 6] = [
    ("bash", include_str!("../../completions/jwtctl.bash")),
    ("zsh", include_str!("../../completions/_jwtctl")),
    ("fish", include_str!("../../completions/jwtctl.fish")),
    ("powershell", include_str!("../../completions/_jwtctl.ps1")),
    ("elvish", include_str!("../../completions/jwtctl.elv")),
    ("nushell", include_str!("../../completions/jwtctl.nu")),
];

impl VerbFlags for Completions {
    fn call(self, _: Context) -> Result<Call, CliError> {
        let names = || SCRIPTS.map(|(name, _)| name).join(", ");
        let script = self.shell.ok_or_else(|| CliError::new("<SHELL> is missing", names()))?;
        Ok(Call::Print(script.into()))
    }
}

#[derive(Args)]
pub(super) struct ManPages {
    /// Write all pages to this folder, replacing older ones
    #[arg(long, value_name = "DIR", value_hint = ValueHint::DirPath)]
    dir: Option<PathBuf>,
}

impl VerbFlags for ManPages {
    fn call(self, context: Context) -> Result<Call, CliError> {
        let tool = built(context.tool);
        let Some(dir) = self.dir else { return Ok(Call::Print(page(&tool, ""))) };
        let all = iter::once((String::new(), &tool)).chain(verbs(&tool));
        let pages = all.map(|(path, verb)| (format!("{}.1", page_name(&path)), page(verb, &path)));
        let request = Request::Man(dir, pages.collect());
        Ok(Call::Run(request, context.format))
    }
}

fn page_name(path: &str) -> String {
    format!("jwtctl {path}").trim_end().replace(' ', "-")
}

/// The manual page of a verb, or of the tool if `path` is empty.
fn page(verb: &Command, path: &str) -> Vec<u8> {
    let mut page = Vec::new();
    let verb = verb.clone().display_name(page_name(path)).after_help(Resettable::Reset);
    Man::new(verb.subcommand_help_heading("VERBS"))
        .date(concat!("jwtctl ", env!("CARGO_PKG_VERSION")))
        .manual("jwtctl manual")
        .render(&mut page)
        .and_then(|()| appendix(path).to_writer(&mut page))
        .expect("writing into memory does not fail");
    page
}

/// Examples, exit status and environment.
fn appendix(path: &str) -> Roff {
    let mut roff = Roff::new();
    let mut examples = examples(path).peekable();
    if examples.peek().is_some() {
        roff.control("SH", ["EXAMPLES"]);
    }
    for line in examples {
        roff.control("PP", []);
        roff.text([roman(line)]);
    }
    roff.control("SH", ["EXIT STATUS"]);
    for (exit, means, then) in exit::TABLE {
        roff.control("TP", []);
        roff.text([bold(format!("{} {}", exit.code(), exit.name()))]);
        roff.text([roman(format!("{means} ({then})"))]);
    }
    roff.control("PP", []);
    roff.text([roman(exit::PRECEDENCE_IN_WORDS)]);
    roff.control("SH", ["ENVIRONMENT"]);
    for (name, means) in VARIABLES.lines().filter_map(|line| line.split_once(": ")) {
        roff.control("TP", []);
        roff.text([bold(name)]);
        roff.text([roman(means)]);
    }
    roff
}

fn built(tool: fn() -> Command) -> Command {
    let mut tool = tool();
    tool.build();
    tool
}
