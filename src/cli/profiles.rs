//! Profiles on the command line: which flags of a profile a call gets, and what is wrong with them.

use std::collections::HashSet;
use std::ffi::OsString;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use clap::builder::ValueHint;
use clap::parser::ValueSource;
use clap::{Arg, ArgMatches, Command, Error};

use super::call::{CliError, Variables};
use super::typed::{Typed, long, verbs};
use super::values::{path_prefix, text};
use crate::explain::shown_path;
use crate::output::for_terminal;
use crate::profile::{self, Entry, EntryValue, Profile, ProfileFault};

/// Flags that no profile may have, and why.
const NEVER: [(&[&str], &str); 4] = [
    (&["secret"], "use secret-env or secret-file"),
    (&["signer"], "each call names the command to run"),
    (&["batch", "find", "token-env", "token-file"], "each call names its tokens"),
    (&["profile", "config", "help", "version"], "it belongs on the command line"),
];

/// What `encode` ignores: what is expected of claims is not written into a token, and the keys of an issuer sign nothing.
const NOT_FOR_ENCODE: [&str; 6] = ["iss", "aud", "sub", "typ", "claim", "oidc"];

/// Flags that name keys besides those of the group, or describe them: another key replaces them, too.
const OF_KEYS: [&str; 12] = [
    "x5c_root",
    "x5c_name",
    "x5c_oid",
    "x5c_any_leaf",
    "secret_format",
    "timeout",
    "ca_file",
    "no_cache",
    "offline",
    "sign_key",
    "sign_secret_env",
    "sign_agent",
];

/// Flags of which one replaces all others of its line.
const ALTERNATIVES: [&[&str]; 2] =
    [&["sign_key", "sign_secret_env", "sign_agent"], &["decrypt_key", "decrypt_secret_env"]];

/// The profile that a call uses, and the words that it adds to the call.
pub(super) struct Added {
    name: String,
    profile: Profile,
    words: Vec<OsString>,
}

/// The profile that a flag or else a variable names. `parsed` are the words of the call itself, if they can be parsed
/// without the profile; `tool` defines all verbs.
pub(super) fn added(
    typed: &Typed<'_>,
    parsed: Option<&ArgMatches>,
    variable: &Variables<'_>,
    tool: fn() -> Command,
) -> Result<Option<Added>, CliError> {
    let flag = |id: &str| typed.flag_value(id).map(str::to_owned);
    let named = match (flag("profile"), variable("JWTCTL_PROFILE")) {
        (Some(name), _) => Some(name),
        (None, Some(name)) => Some(name.into_string().unwrap_or_default()),
        (None, None) => None,
    };
    let uses_flags = !typed.path.is_empty() && !is_about_the_tool(&typed.path);
    let Some(name) = named.filter(|_| uses_flags && flag("profile").as_deref() != Some("")) else {
        return Ok(None);
    };
    if text(&name).is_err() {
        return Err(CliError::new(
            "JWTCTL_PROFILE is set, but empty",
            "unset it, or name a profile",
        ));
    }
    let path = settings(flag("config"), variable)?;
    let profile = profile::load(&path, &name).map_err(|fault| unusable(&path, &name, &fault))?;
    let words = words(&profile, typed, parsed, tool)?;
    Ok(Some(Added { name, profile, words }))
}

/// Verbs that explain the tool and use no key.
fn is_about_the_tool(verb: &str) -> bool {
    matches!(verb, "help" | "man" | "completions" | "completion")
}

/// The path of the settings.
fn settings(flag: Option<String>, variable: &Variables<'_>) -> Result<PathBuf, CliError> {
    let named = flag.map(PathBuf::from).or_else(|| variable("JWTCTL_CONFIG").map(PathBuf::from));
    if named.as_ref().is_some_and(|path| path.as_os_str().is_empty()) {
        return Err(CliError::new("JWTCTL_CONFIG is set, but empty", "unset it, or name a file"));
    }
    profile::settings_path(named, variable).ok_or_else(|| {
        CliError::new(
            "there is no folder for the configuration file",
            "name the file: --config PATH",
        )
    })
}

fn unusable(path: &Path, name: &str, fault: &ProfileFault) -> CliError {
    let shown = shown_path(path);
    let hint = match fault {
        ProfileFault::Writable => format!("chmod 600 {shown}"),
        ProfileFault::Missing(names) if names.is_empty() => {
            format!("a profile begins with a line [profile.{name}]")
        }
        ProfileFault::Missing(names) => format!("it has {}", names.join(", ")),
        ProfileFault::Unreadable(_) => "jwtctl help profiles shows which file is used".to_owned(),
        _ => "jwtctl help profiles shows an example".to_owned(),
    };
    let message = match fault {
        ProfileFault::Line(line, fault) => format!("{shown}:{line}: {fault}"),
        ProfileFault::Missing(_) => format!("--profile: {shown} {fault}"),
        fault => format!("the configuration file {shown} {fault}"),
    };
    CliError::new(message, hint)
}

impl Added {
    /// The profile in words.
    pub(super) fn name(&self) -> String {
        format!("the profile {} of {}", shown(&self.name), shown_path(&self.profile.path))
    }

    /// The call with the words of the profile before those of the verb.
    pub(super) fn to(&self, argv: &[OsString], typed: &Typed<'_>) -> Vec<OsString> {
        let after_verb = typed.after_verb() + 1;
        [&argv[..after_verb], &self.words, &argv[after_verb..]].concat()
    }

    /// The line of a flag that clap refuses, if the profile has it.
    pub(super) fn locate(&self, error: &Error, typed: &Typed<'_>, said: CliError) -> CliError {
        let context = error.get(clap::error::ContextKind::InvalidArg);
        let named = context.map(ToString::to_string).unwrap_or_default();
        let is_it = |entry: &&Entry| {
            let arg = argument(typed.verb, &entry.flag);
            arg.is_some_and(|arg| arg.to_string() == named)
        };
        let Some(entry) = self.profile.entries.iter().find(is_it) else { return said };
        let at = format!("{}:{}", shown_path(&self.profile.path), entry.line);
        CliError { message: format!("{at}: {}", said.message), ..said }
    }
}

fn argument<'a>(verb: &'a Command, flag: &str) -> Option<&'a Arg> {
    verb.get_arguments().find(|arg| arg.get_long() == Some(flag))
}

/// The words for the flags that the verb has and the call does not replace.
fn words(
    profile: &Profile,
    typed: &Typed<'_>,
    parsed: Option<&ArgMatches>,
    tool: fn() -> Command,
) -> Result<Vec<OsString>, CliError> {
    let given = Given::new(typed, parsed);
    // Those verbs use one key: the first.
    let takes_one_key = !super::gates::is_gate(&typed.path);
    let mut has_key = false;
    let mut words = Vec::new();
    for entry in &profile.entries {
        let fault = |fault: String| {
            let at = format!("{}:{}", shown_path(&profile.path), entry.line);
            let hint = "jwtctl help profiles shows an example";
            CliError::new(format!("{at}: {fault}"), hint)
        };
        let is_it = |(flags, _): &&(&[&str], &str)| flags.contains(&entry.flag.as_str());
        if let Some((_, why)) = NEVER.iter().find(is_it) {
            return Err(fault(format!("a profile must not contain {}: {why}", entry.flag)));
        }
        let Some(arg) = argument(typed.verb, &entry.flag) else {
            let mut tool = tool();
            tool.build();
            if verbs(&tool).all(|(_, verb)| argument(verb, &entry.flag).is_none()) {
                return Err(fault(format!("no verb has the flag --{}", shown(&entry.flag))));
            }
            continue;
        };
        let is_ignored = typed.path == "encode" && NOT_FOR_ENCODE.contains(&entry.flag.as_str());
        if is_ignored || given.replaces(arg) {
            continue;
        }
        let is_key = given.keys.contains(arg.get_id().as_str());
        if is_key && takes_one_key && has_key {
            continue;
        }
        has_key |= is_key;
        let most = if is_key && takes_one_key { 1 } else { usize::MAX };
        for value in entry.values.iter().take(most) {
            let takes_value = arg.get_action().takes_values();
            match value {
                EntryValue::Switch(false) => {}
                EntryValue::Switch(true) if !takes_value => words.push(long(arg).into()),
                EntryValue::Switch(true) => {
                    return Err(fault(format!("{} takes a string", entry.flag)));
                }
                EntryValue::Text(_) if !takes_value => {
                    return Err(fault(format!("{} takes true or false", entry.flag)));
                }
                EntryValue::Text(text) => {
                    let value = in_folder(arg, text, &profile.path);
                    words.push(format!("{}={value}", long(arg)).into());
                }
            }
        }
    }
    Ok(words)
}

/// A flag's name from a file, which may be anything.
fn shown(flag: &str) -> String {
    crate::json::quote(&crate::json::cut(flag, 40)).trim_matches('"').to_owned()
}

/// The value of a flag that takes a path: relative to the folder of the settings, never to the working directory.
fn in_folder(arg: &Arg, value: &str, settings: &Path) -> String {
    let (prefix, path) = path_prefix(value);
    let is_path = matches!(arg.get_value_hint(), ValueHint::FilePath | ValueHint::DirPath);
    if !is_path || path == "-" || path.contains("://") {
        return value.to_owned();
    }
    let folder = settings.parent().unwrap_or(Path::new(""));
    let folder = std::path::absolute(folder).unwrap_or_else(|_| folder.to_owned());
    format!("{prefix}{}", folder.join(path).display())
}

/// What the call itself says.
struct Given<'a> {
    verb: &'a Command,
    ids: HashSet<String>,
    names_key: bool,
    keys: HashSet<String>,
}

impl<'a> Given<'a> {
    fn new(typed: &'a Typed<'_>, parsed: Option<&ArgMatches>) -> Self {
        let verb = typed.verb;
        let flags = typed.flags();
        let mut ids: HashSet<_> = flags.iter().map(|flag| flag.arg.get_id().to_string()).collect();
        let of_verb = parsed.map(innermost);
        let is_typed = |arg: &&Arg| {
            let id = arg.get_id().as_str();
            of_verb.is_some_and(|of| {
                of.try_contains_id(id).is_ok()
                    && of.value_source(id) == Some(ValueSource::CommandLine)
            })
        };
        ids.extend(verb.get_positionals().filter(is_typed).map(|arg| arg.get_id().to_string()));
        let group = verb.get_groups().find(|group| group.get_id() == "KeySource");
        let keys: HashSet<_> =
            group.into_iter().flat_map(clap::ArgGroup::get_args).map(ToString::to_string).collect();
        let names_key = ids.contains("x5c_root") || keys.iter().any(|key| ids.contains(key));
        Self { verb, ids, names_key, keys }
    }

    /// Whether the call has this flag, another key in place of it, or a flag that contradicts it.
    fn replaces(&self, arg: &Arg) -> bool {
        let id = arg.get_id().as_str();
        let is_of_keys = self.keys.contains(id) || OF_KEYS.contains(&id);
        let contradicts = |one: &Arg, other: &Arg| {
            self.verb.get_arg_conflicts_with(one).iter().any(|with| with.get_id() == other.get_id())
        };
        let mut typed =
            self.verb.get_arguments().filter(|arg| self.ids.contains(arg.get_id().as_str()));
        self.ids.contains(id)
            || (self.names_key && is_of_keys)
            || ALTERNATIVES
                .iter()
                .any(|all| all.contains(&id) && all.iter().any(|other| self.ids.contains(*other)))
            || typed.any(|typed| contradicts(arg, typed) || contradicts(typed, arg))
    }
}

/// The matches of the innermost verb.
fn innermost(matches: &ArgMatches) -> &ArgMatches {
    matches.subcommand().map_or(matches, |(_, inner)| innermost(inner))
}

/// The names of the profiles in the configuration file; none if it cannot be read.
pub(super) fn names(config: Option<&str>, variable: &Variables<'_>) -> Vec<String> {
    let path = settings(config.map(str::to_owned), variable).ok();
    path.and_then(|path| profile::profile_names(&path).ok()).unwrap_or_default()
}

/// What `jwtctl help profiles` prints.
pub(super) fn help(config: Option<String>, variable: &Variables<'_>) -> String {
    let mut out = String::from(HELP);
    let Ok(path) = settings(config, variable) else { return out };
    let _ = writeln!(out, "\nConfiguration file: {}", for_terminal(&shown_path(&path)));
    let _ = match profile::profile_names(&path) {
        Ok(names) if names.is_empty() => writeln!(out, "It has no profiles."),
        Ok(names) => writeln!(out, "Its profiles: {}", for_terminal(&names.join(", "))),
        Err(ProfileFault::Unreadable(error)) if error.kind() == std::io::ErrorKind::NotFound => {
            writeln!(out, "It does not exist.")
        }
        Err(ProfileFault::Line(line, fault)) => writeln!(out, "Line {line}: {fault}"),
        Err(fault) => writeln!(out, "It {fault}."),
    };
    out
}

const HELP: &str = "\
A profile is a named set of flags in the configuration file:

  [profile.ci]
  oidc = \"https://token.actions.githubusercontent.com\"
  aud = [\"https://github.com/OWNER\"]
  claim = \"repository=OWNER/REPO\"
  max-age = \"10m\"

  jwtctl --profile ci verify --token-env TOKEN

Each entry is a long flag without its dashes. Its value is a string or a number, an array for a flag that is repeated, or \
true for a flag without a value. JWTCTL_PROFILE names a profile, too, and --config PATH or JWTCTL_CONFIG another file.

The command line takes precedence over the profile, and the profile over environment variables. A key on the command \
line replaces all keys of the profile, and a flag replaces all values of that flag. A flag that the verb does not have is \
ignored. iss, aud, sub, typ and claim are expected of tokens, and never written into new ones: encode ignores them, and \
oidc. Paths are relative to the file.

A profile must not contain a secret (use secret-env or secret-file), signer, batch, find, token-env or token-file. A file \
that others may write is refused.
";
