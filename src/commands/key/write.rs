//! Where a key goes: standard output, or files of which each is complete or not there.

use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use super::card::Facts;
use crate::commands::paths;
use crate::env::Env;
use crate::io::{Readers, commit, is_stream, place, stage};
use crate::keys::Format;
use crate::problem::{Problem, UsageError};
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
    pub files: Vec<PathBuf>,
    /// What the keys are.
    pub keys: Vec<Facts>,
}

/// Something to be written, and who may read it.
pub(super) struct Text {
    pub bytes: Secret,
    pub readers: Readers,
    pub format: Format,
}

/// Writes a key, and its public half where one was asked for: all of it, or nothing.
pub(super) fn deliver(
    main: Text,
    public: Option<&Text>,
    to: &Destination,
    keys: Vec<Facts>,
    env: &Env<'_>,
) -> Result<Written, Problem> {
    if to.out.is_none() && main.format == Format::Der && env.out_is_terminal {
        return Err(Problem::Usage(UsageError::BinaryToTerminal));
    }
    if let (Some(out), Some(public_out)) = (&to.out, &to.public_out)
        && place(out) == place(public_out)
    {
        return Err(Problem::Usage(UsageError::SameFile));
    }
    let public = to.public_out.as_deref().zip(public);
    let wanted: Vec<(&Path, &Text)> =
        to.out.as_deref().map(|path| (path, &main)).into_iter().chain(public).collect();
    write_files(&wanted, to.force)?;
    let files = wanted.iter().map(|(path, _)| path.to_path_buf()).collect();
    let text = to.out.is_none().then_some(main.bytes);
    Ok(Written { text, files, keys })
}

/// Writes files of which none is there, unless they are to be replaced: all of them, or none.
fn write_files(wanted: &[(&Path, &Text)], force: bool) -> Result<(), Problem> {
    let is_taken = |path: &Path| std::fs::symlink_metadata(path).is_ok_and(|found| !found.is_dir());
    let mut staged = Vec::with_capacity(wanted.len());
    for (path, text) in wanted {
        if path.is_dir() {
            return Err(failed(path, ErrorKind::IsADirectory.into()));
        }
        if !force && is_taken(path) && !is_stream(path) {
            return Err(Problem::FileExists { path: paths::shown(path) });
        }
        let file = stage(path, text.bytes.expose(), text.readers);
        staged.push(file.map_err(|error| failed(path, error))?);
    }
    commit(staged, force).map_err(|(index, error)| failed(wanted[index].0, error))
}

fn failed(path: &Path, error: std::io::Error) -> Problem {
    let path = paths::shown(path);
    if error.kind() == ErrorKind::AlreadyExists {
        return Problem::FileExists { path };
    }
    Problem::Io { doing: "write", what: path, error }
}
