//! Texts as a user names them: a token, CLAIMS, the lines of a stream. What they mean is decided in `token`
//! and `claims`.

use crate::request::TextSource;
use std::ffi::OsStr;
use std::fs::File;
use std::io;
use std::path::Path;

use super::stdin_problem;
use crate::env::Env;
use crate::explain;
use crate::explain::paths;
use crate::explain::{Problem, usage};
use crate::input::{ItemContext, Text};
use crate::request::{NamedVariable, PathOrStdin};
use crate::secret::{may_hold_secret, may_repeat_name, may_repeat_path};
use crate::sys::{Bounded, Input, is_also_output, read_text};
use crate::text::{decode, without_marks};
use crate::token::{MAX_TOKEN, Malformed, Unverified};

/// The longest text that is read, in bytes: what may stand around a token does not count for its size.
pub const LONGEST: usize = MAX_TOKEN + 1024;

/// Reads a text, up to the bound of a token and of what may stand around it.
fn text(
    source: &TextSource,
    purpose: &'static str,
    verb: &'static str,
    env: &mut Env<'_>,
) -> Result<Bounded, Problem> {
    match source {
        TextSource::Given(text) => Ok(bounded(text)),
        TextSource::Variable(NamedVariable { by, name }) => match (env.variable)(name) {
            Some(text) if !text.is_empty() => Ok(bounded(&text)),
            found => {
                let is_set = found.is_some();
                let name = Some(&**name).filter(|name| is_set || may_repeat_name(name));
                Err(Problem::NoToken(explain::none_in_variable(by, name, is_set).into()))
            }
        },
        TextSource::File(path) => {
            let read = read_text(path, LONGEST + 1).map(without_line_end);
            read.map_err(|error| Problem::io("read", &paths::shown(path), &error))
        }
        TextSource::Piped if env.stdin.is_terminal() => Err(usage::no_token(verb)),
        TextSource::Stdin | TextSource::Piped => {
            let read = env.stdin.read_text(purpose, LONGEST + 1).map(without_line_end);
            read.map_err(|error| stdin_problem(error, purpose))
        }
    }
}

fn bounded(text: &OsStr) -> Bounded {
    let mut bytes = decode(text.as_encoded_bytes()).to_vec();
    let cut = bytes.len() > LONGEST;
    bytes.truncate(LONGEST);
    Bounded { bytes, cut }
}

/// The end of a last line does not count for a text's length, no more than it does for a line's.
fn without_line_end(mut read: Bounded) -> Bounded {
    if read.bytes.len() > LONGEST {
        read.cut |= read.bytes.pop() != Some(b'\n');
    }
    read
}

/// Reads a token and takes it apart; what was read stays in `held`.
pub(crate) fn token<'t>(
    source: &TextSource,
    verb: &'static str,
    env: &mut Env<'_>,
    held: &'t mut Bounded,
    context: &mut ItemContext,
) -> Result<Unverified<'t>, Vec<Problem>> {
    *held = text(source, "the token", verb, env).map_err(|problem| vec![problem])?;
    read_token(Text { bytes: &held.bytes, cut: held.cut }, context)
        .map_err(|problems| named_file(source, verb).map_or(problems, |problem| vec![problem]))
}

/// The problem of a file that is named in a token's place: `@PATH`, or a path.
fn named_file(source: &TextSource, verb: &'static str) -> Option<Problem> {
    let TextSource::Given(text) = source else { return None };
    let path = match text.to_str().and_then(|text| text.strip_prefix('@')) {
        Some(path) => Path::new(path),
        None => Some(Path::new(text)).filter(|path| path.is_file())?,
    };
    let path = may_repeat_path(path).then(|| path.display().to_string());
    Some(Problem::NoToken(explain::file_as_token(verb, path.as_deref()).into()))
}

/// Takes a token apart.
pub(crate) fn read_token<'t>(
    text: Text<'t>,
    context: &mut ItemContext,
) -> Result<Unverified<'t>, Vec<Problem>> {
    let bytes = without_marks(text.bytes);
    let parsed = if text.cut {
        Err(Malformed::TooLarge)
    } else {
        Unverified::parse_with(bytes, &mut context.headers)
    };
    parsed.map_err(|malformed| {
        let explained =
            context.detail.explain.then(|| explain::explain_text(bytes, &malformed, None));
        vec![Problem::Token(malformed, explained.flatten().map(Box::new))]
    })
}

/// An input of lines, before anything is read of it.
pub enum LineInput {
    /// A file.
    File(File),
    /// Standard input, which is kept for them.
    Stdin,
}

/// Finds the input of a stream: what is named, else what is piped in.
///
/// # Errors
/// A problem if it cannot be opened.
pub fn find_lines(
    source: Option<&PathOrStdin>,
    verb: &'static str,
    env: &mut Env<'_>,
) -> Result<LineInput, Problem> {
    let path = match source {
        None if env.stdin.is_terminal() => {
            return Err(usage::no_lines(verb));
        }
        None | Some(PathOrStdin::Stdin) => {
            let input = env.stdin.reserve("the lines");
            not_the_output(input.map_err(|error| stdin_problem(error, "the lines"))?)?;
            return Ok(LineInput::Stdin);
        }
        Some(PathOrStdin::Path(path)) => path,
    };
    let opened = File::open(path).and_then(|file| {
        let is_folder = file.metadata()?.is_dir();
        if is_folder { Err(io::ErrorKind::IsADirectory.into()) } else { Ok(file) }
    });
    let file = opened.map_err(|error| {
        let text = path.to_string_lossy();
        if text.is_empty() {
            return usage::no_lines(verb);
        }
        if may_hold_secret(&text) || text.trim_start().starts_with('{') {
            return usage::item_as_batch(verb);
        }
        Problem::io("read", &paths::shown(path), &error)
    })?;
    not_the_output(&file)?;
    Ok(LineInput::File(file))
}

/// A file cannot be read and written at once: the shell has emptied it, or the rows would be read again.
fn not_the_output(input: &dyn Input) -> Result<(), Problem> {
    if is_also_output(input) { Err(usage::lines_are_output()) } else { Ok(()) }
}

impl LineInput {
    /// The input to read.
    pub fn open<'e>(&'e mut self, env: &'e mut Env<'_>) -> &'e mut (dyn Input + Send) {
        match self {
            Self::File(file) => file,
            Self::Stdin => env.stdin.reserved(),
        }
    }
}

/// Reads CLAIMS.
pub(crate) fn claims(source: &TextSource, env: &mut Env<'_>) -> Result<Vec<u8>, Problem> {
    let read = text(source, "CLAIMS", "encode", env)?;
    if read.cut {
        return Err(usage::claims_too_large());
    }
    Ok(read.bytes)
}
