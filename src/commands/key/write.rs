//! Where a key goes: standard output, or files of which each is complete or not there.

use std::io::ErrorKind;
use std::iter;
use std::path::{Path, PathBuf};

use super::card::Facts;
use crate::commands::paths;
use crate::env::Env;
use crate::io::{
    Created, Manner, NewFile, Readers, create, is_stdout, is_stream, is_terminal, place,
};
use crate::keys::Format;
use crate::problem::{Problem, UsageError, Warning};
use crate::secret::Secret;

/// Where what is written goes.
#[derive(Debug, Default)]
pub struct Destination {
    /// `--out`; standard output without it.
    pub out: Option<PathBuf>,
    /// `--public-out`: the public half, beside.
    pub public_out: Option<PathBuf>,
    /// `--force`: in the place of files that are there.
    pub force: bool,
}

/// A key, a set or a thumbprint, written.
#[derive(Debug)]
pub struct Written {
    /// What goes to standard output; `None` if it went to a file.
    pub text: Option<Secret>,
    /// The files that were made.
    pub files: Created,
    /// What the keys are.
    pub keys: Vec<Facts>,
}

/// Why a verb has no answer, and its warnings all the same.
pub(super) struct Refused {
    pub problem: Box<Problem>,
    pub warnings: Vec<Warning>,
}

impl From<Problem> for Refused {
    fn from(problem: Problem) -> Self {
        Self { problem: Box::new(problem), warnings: Vec::new() }
    }
}

impl Written {
    /// Removes the files that go with a text if that could not be written: half a pair is useless. Returns
    /// whether there were any, and what could not be removed.
    #[must_use]
    pub fn settle(&mut self, is_written: bool) -> (bool, Vec<Warning>) {
        let is_half = self.text.is_some() && !self.files.paths().is_empty() && !is_written;
        let left = if is_half { self.files.take_back() } else { self.files.keep() };
        (is_half, paths::left_behind(left))
    }
}

/// Something to be written, and who may read it.
pub(super) struct Text {
    pub bytes: Secret,
    pub readers: Readers,
    pub format: Format,
}

/// Writes a key, and its public half where one was asked for: all of it, or nothing. What is to go to
/// standard output comes last, by whoever prints the answer; then comes [`Written::settle`].
pub(super) fn deliver(
    main: Text,
    public: Option<Text>,
    to: &Destination,
    keys: Vec<Facts>,
    env: &Env<'_>,
) -> Result<Written, Refused> {
    check_places(to)?;
    let main = iter::once(("--out", &to.out, main));
    let public = public.map(|public| ("--public-out", &to.public_out, public));
    let (mut text, mut files) = (None, Vec::new());
    for (flag, path, half) in main.chain(public) {
        let path = path.as_deref().filter(|path| !is_stdout(path));
        check_terminal(flag, path, half.format, env)?;
        match path {
            Some(path) => files.push((path, half)),
            None => text = Some(half.bytes),
        }
    }
    let files = write_files(&files, to.force, text.is_some())?;
    Ok(Written { text, files, keys })
}

/// Refuses to put both halves into one place.
fn check_places(to: &Destination) -> Result<(), Problem> {
    if to.public_out.is_none() || place(to.out.as_deref()) != place(to.public_out.as_deref()) {
        return Ok(());
    }
    let same = if to.out.is_some() { UsageError::SameFile } else { UsageError::PublicToStdout };
    Err(Problem::Usage(same))
}

/// Refuses DER where a person would see it; no path is standard output.
fn check_terminal(
    flag: &'static str,
    path: Option<&Path>,
    format: Format,
    env: &Env<'_>,
) -> Result<(), Problem> {
    if format == Format::Der && path.map_or(env.out_is_terminal, is_terminal) {
        let what = path.map_or_else(|| "standard output".to_owned(), paths::shown);
        return Err(Problem::Usage(UsageError::BinaryToTerminal { what, flag }));
    }
    Ok(())
}

/// Writes files of which none is there, unless they are to be replaced: all of them, or none. With
/// `followed` they can be taken back.
fn write_files(wanted: &[(&Path, Text)], force: bool, followed: bool) -> Result<Created, Refused> {
    let is_taken = |path: &Path| std::fs::symlink_metadata(path).is_ok_and(|found| !found.is_dir());
    for (path, _) in wanted {
        if path.is_dir() {
            return Err(failed(path, ErrorKind::IsADirectory.into()).into());
        }
        if !force && is_taken(path) && !is_stream(path) {
            return Err(Problem::FileExists { path: paths::shown(path) }.into());
        }
    }
    let files: Vec<_> = wanted
        .iter()
        .map(|(path, text)| NewFile { path, bytes: text.bytes.expose(), readers: text.readers })
        .collect();
    create(&files, Manner { replace: force, follow: true, followed }).map_err(|not| Refused {
        problem: Box::new(failed(wanted[not.index].0, not.error)),
        warnings: paths::left_behind(not.left),
    })
}

fn failed(path: &Path, error: std::io::Error) -> Problem {
    let path = paths::shown(path);
    if error.kind() == ErrorKind::AlreadyExists {
        return Problem::FileExists { path };
    }
    Problem::Io { doing: "write", what: path, error }
}
