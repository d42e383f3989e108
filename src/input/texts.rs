//! Reads tokens and CLAIMS, and opens the lines of a stream, from where the request says.

use std::ffi::{OsStr, OsString};
use std::fs::File;
use std::path::Path;

use crate::env::Env;
use crate::explain::{Problem, shown_path, usage};
use crate::request::{PathOrStdin, TextSource, Verb};
use crate::secret::{may_hold_secret, may_repeat_name, may_repeat_path};
use crate::sys::{self, Bounded, Input, Stdin, is_also_output};
use crate::text::decode;
use crate::token::MAX_TOKEN;

/// The longest text that is read, in bytes: a token and the text around it.
pub(crate) const LONGEST: usize = MAX_TOKEN + 1024;

/// Reads a token or CLAIMS, up to [`LONGEST`].
pub(crate) fn read_text(
    source: &TextSource,
    verb: Verb,
    env: &mut Env<'_>,
) -> Result<Bounded, Problem> {
    // No system passes an argument or a variable of that length.
    let whole =
        |text: &OsStr| Bounded { bytes: decode(text.as_encoded_bytes()).to_vec(), cut: false };
    match source {
        TextSource::Given(text) => Ok(whole(text)),
        TextSource::Variable(name) => {
            read_variable("--token-env", name, env).map(|text| whole(&text))
        }
        TextSource::File(path) => sys::read_text(path, LONGEST + 1)
            .map(without_line_end)
            .map_err(|error| Problem::io("read", &shown_path(path), &error)),
        TextSource::Piped if env.stdin.is_terminal() => Err(usage::no_token(verb.name())),
        TextSource::Stdin | TextSource::Piped => {
            let purpose = if verb == Verb::Encode { "CLAIMS" } else { "the token" };
            Ok(without_line_end(env.stdin.read_text(purpose, LONGEST + 1)?))
        }
    }
}

/// Reads the variable with a token that the flag `by` names.
pub(crate) fn read_variable(by: &str, name: &str, env: &Env<'_>) -> Result<OsString, Problem> {
    match (env.variable)(name) {
        Some(text) if !text.is_empty() => Ok(text),
        found => {
            let name = (found.is_some() || may_repeat_name(name)).then_some(name);
            Err(usage::no_token_in_variable(by, name, found.is_some()))
        }
    }
}

/// The end of the last line does not count for the length.
fn without_line_end(mut read: Bounded) -> Bounded {
    if read.bytes.len() > LONGEST {
        read.cut |= read.bytes.pop() != Some(b'\n');
    }
    read
}

/// The problem if an argument is a file name or `@PATH` instead of a token.
pub(crate) fn file_as_token(text: &OsStr, verb: Verb) -> Option<Problem> {
    let path = match text.to_str().and_then(|text| text.strip_prefix('@')) {
        Some(path) => Path::new(path),
        None => Some(Path::new(text)).filter(|path| path.is_file())?,
    };
    let path = may_repeat_path(path).then(|| path.display().to_string());
    Some(usage::file_as_token(verb.name(), path.as_deref()))
}

/// The input of a stream.
pub(crate) enum OpenText {
    File(File),
    Stdin,
}

impl OpenText {
    pub(crate) fn reader<'a>(&'a mut self, stdin: &'a mut Stdin<'_>) -> &'a mut (dyn Input + Send) {
        match self {
            Self::File(file) => file,
            Self::Stdin => stdin.reserved(),
        }
    }
}

/// Opens the input of `--batch` or `--find`: the file that is named, or standard input, which is then reserved for it.
pub(crate) fn open_text(
    source: Option<&PathOrStdin>,
    flag: &str,
    verb: Verb,
    env: &mut Env<'_>,
) -> Result<OpenText, Problem> {
    let verb = verb.name();
    open(source, env, || usage::no_lines(verb, flag), || usage::item_as_path(verb, flag))
}

/// Opens the input of `redact`: the file that is named, or standard input, which is then reserved for it.
pub(crate) fn open_any_text(
    source: Option<&PathOrStdin>,
    env: &mut Env<'_>,
) -> Result<OpenText, Problem> {
    open(source, env, usage::no_text, usage::text_as_path)
}

fn open(
    source: Option<&PathOrStdin>,
    env: &mut Env<'_>,
    nothing_named: impl FnOnce() -> Problem,
    content_as_path: impl FnOnce() -> Problem,
) -> Result<OpenText, Problem> {
    let path = match source {
        None if env.stdin.is_terminal() => return Err(nothing_named()),
        None | Some(PathOrStdin::Stdin) => {
            not_the_output(env.stdin.reserve("the lines")?)?;
            return Ok(OpenText::Stdin);
        }
        Some(PathOrStdin::Path(path)) => path,
    };
    let file = sys::open_file(path).map_err(|error| {
        let text = path.to_string_lossy();
        if text.is_empty() {
            nothing_named()
        } else if may_hold_secret(&text) || text.trim_start().starts_with('{') {
            content_as_path()
        } else {
            Problem::io("read", &shown_path(path), &error)
        }
    })?;
    not_the_output(&file)?;
    Ok(OpenText::File(file))
}

/// Refuses to read and write the same file: the shell has truncated it, or written rows would be read again.
fn not_the_output(input: &dyn Input) -> Result<(), Problem> {
    if is_also_output(input) { Err(usage::lines_are_output()) } else { Ok(()) }
}
