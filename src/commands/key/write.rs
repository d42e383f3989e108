//! Where a key goes: standard output, or files of which each is complete or not there.

use crate::outcome::WrittenKeys;
use crate::request::Destination;
use std::io::ErrorKind;
use std::iter;
use std::path::Path;

use crate::env::Env;
use crate::explain::paths;
use crate::explain::warnings;
use crate::explain::{Problem, Warning, usage};
use crate::keys::Format;
use crate::outcome::KeyDetails;
use crate::secret::Secret;
use crate::sys::{
    CreateOptions, CreatedFiles, NewFile, Readers, create, is_stdout, is_stream, is_terminal,
    resolve_path,
};

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

/// Something to be written, and who may read it.
pub(super) struct Text {
    pub bytes: Secret,
    pub readers: Readers,
    pub format: Format,
}

/// Writes a key, and its public half where one was asked for: all of it, or nothing. What is to go to
/// standard output comes last, by whoever prints the answer; then comes [`WrittenKeys::order_by_precedence`].
pub(super) fn deliver(
    main: Text,
    public: Option<Text>,
    to: &Destination,
    keys: Vec<KeyDetails>,
    env: &Env<'_>,
) -> Result<WrittenKeys, Refused> {
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
    Ok(WrittenKeys { text, files, keys })
}

/// Refuses to put both halves into one place.
fn check_places(to: &Destination) -> Result<(), Problem> {
    if to.public_out.is_none()
        || resolve_path(to.out.as_deref()) != resolve_path(to.public_out.as_deref())
    {
        return Ok(());
    }
    Err(if to.out.is_some() { usage::same_file() } else { usage::public_to_stdout() })
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
        return Err(usage::binary_to_terminal(&what, flag));
    }
    Ok(())
}

/// Writes files of which none is there, unless they are to be replaced: all of them, or none. With
/// `is_revocable` they can be rolled back.
fn write_files(
    wanted: &[(&Path, Text)],
    force: bool,
    is_revocable: bool,
) -> Result<CreatedFiles, Refused> {
    let is_taken = |path: &Path| std::fs::symlink_metadata(path).is_ok_and(|found| !found.is_dir());
    for (path, _) in wanted {
        if path.is_dir() {
            return Err(failed(path, &ErrorKind::IsADirectory.into()).into());
        }
        if !force && is_taken(path) && !is_stream(path) {
            return Err(usage::file_exists(&paths::shown(path)).into());
        }
    }
    let files: Vec<_> = wanted
        .iter()
        .map(|(path, text)| NewFile { path, bytes: text.bytes.expose(), readers: text.readers })
        .collect();
    create(&files, CreateOptions { overwrite: force, follow_links: true, is_revocable }).map_err(
        |not| Refused {
            problem: Box::new(failed(wanted[not.index].0, &not.error)),
            warnings: warnings::left_behind(not.left),
        },
    )
}

fn failed(path: &Path, error: &std::io::Error) -> Problem {
    let path = paths::shown(path);
    if error.kind() == ErrorKind::AlreadyExists {
        return usage::file_exists(&path);
    }
    Problem::io("write", &path, error)
}
