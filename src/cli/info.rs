//! The verbs about the tool itself: `help`, `man`, `completions`.

use std::ffi::OsString;
use std::iter;
use std::path::PathBuf;

use clap::builder::ValueHint;
use clap::{Args, Command};

use super::call::{Call, CliError, Context, ManualCall, VerbFlags};
use super::help::{HelpCall, HelpReason, TOPICS, page, page_name};
use super::typed::verbs;
use super::values::one_of;
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
        let Context { format, tool, .. } = context;
        let words: Vec<_> = self.topic.into_iter().chain(self.verb).collect();
        if let Some((_, text)) = TOPICS.iter().find(|(name, _)| words == [*name]) {
            return Ok(Call::Help(HelpCall::topic(text(), format, tool)));
        }
        let path = path(&tool(), &words)?;
        Ok(Call::Help(HelpCall::long(&path, HelpReason::Asked, format, tool)))
    }
}

/// The path of the verb that words name, maybe by its alias.
fn path(tool: &Command, words: &[String]) -> Result<String, CliError> {
    let mut verb = tool;
    let mut names = Vec::new();
    for word in words {
        let found = verb.find_subcommand(word);
        verb = found
            .ok_or_else(|| CliError::new("there is no such verb", "jwtctl help lists the verbs"))?;
        names.push(verb.get_name());
    }
    Ok(names.join(" "))
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
    /// Verb whose page is opened on a terminal and printed as roff into a pipe, such as verify or key new
    #[arg(value_name = "VERB", num_args = 0..=2, value_hint = ValueHint::Other, conflicts_with = "dir")]
    verb: Vec<String>,
    /// Write all pages to this folder, replacing older ones
    #[arg(long, value_name = "DIR", value_hint = ValueHint::DirPath)]
    dir: Option<PathBuf>,
}

impl VerbFlags for ManPages {
    fn call(self, context: Context) -> Result<Call, CliError> {
        let Context { format, tool, .. } = context;
        let all = tool();
        let name = |path: &str| format!("{}.1", page_name(path));
        let Some(dir) = self.dir else {
            let path = path(&all, &self.verb)?;
            let help = HelpCall::long(&path, HelpReason::Asked, format, tool);
            let roff = page(&all, &path);
            return Ok(Call::Manual(ManualCall { name: name(&path), roff, help }));
        };
        let paths = iter::once(String::new()).chain(verbs(&all).map(|(path, _)| path));
        let pages = paths.map(|path| (name(&path), page(&all, &path)));
        Ok(Call::Run(Request::Man(dir, pages.collect()), format))
    }
}
