//! Writes keys to standard output, or to files of which each is complete or does not exist.

use std::io::{self, ErrorKind};
use std::path::Path;

use super::encoded::EncodedKey;
use crate::env::Env;
use crate::explain::{Problem, Warning, paths, usage, warnings};
use crate::keys::Format;
use crate::outcome::{Answer, KeyDetails, WrittenKeys};
use crate::request::Destination;
use crate::sys::{
    CreateOptions, CreatedFiles, NewFile, Readers, create, is_device_or_pipe, is_stdout,
    is_terminal, resolve_path,
};

/// Writes a key, and its public key if that was asked for: both, or nothing. What is for standard output is written
/// last, with the answer; until then the files can be removed.
pub(super) fn write_keys(
    main: EncodedKey,
    public: Option<EncodedKey>,
    to: &Destination,
    keys: Vec<KeyDetails>,
    env: &Env<'_>,
    warnings: &mut Vec<Warning>,
) -> Result<Answer, Problem> {
    let same_place = || resolve_path(to.out.as_deref()) == resolve_path(to.public_out.as_deref());
    if to.public_out.is_some() && same_place() {
        let to_file = to.out.is_some();
        return Err(if to_file { usage::same_file() } else { usage::public_to_stdout() });
    }
    let main = [("--out", &to.out, main)];
    let public = public.map(|public| ("--public-out", &to.public_out, public));
    let (mut text, mut files) = (None, Vec::new());
    for (flag, path, key) in main.into_iter().chain(public) {
        let path = path.as_deref().filter(|path| !is_stdout(path));
        if key.format == Format::Der && path.map_or(env.out_is_terminal, is_terminal) {
            let what = path.map_or_else(|| "standard output".to_owned(), paths::shown);
            return Err(usage::binary_to_terminal(&what, flag));
        }
        match path {
            Some(path) => files.push((path, key)),
            None => text = Some(key.text),
        }
    }
    let files = write_files(&files, to.force, text.is_some(), warnings)?;
    Ok(Answer::WrittenKeys(WrittenKeys { text, files, keys }))
}

/// Writes all files or none. None of them may exist, unless `force` lets it be replaced.
fn write_files(
    wanted: &[(&Path, EncodedKey)],
    force: bool,
    is_revocable: bool,
    warnings: &mut Vec<Warning>,
) -> Result<CreatedFiles, Problem> {
    let exists = |path: &Path| std::fs::symlink_metadata(path).is_ok_and(|found| !found.is_dir());
    for (path, _) in wanted {
        if path.is_dir() {
            return Err(not_written(path, &ErrorKind::IsADirectory.into()));
        }
        if !force && exists(path) && !is_device_or_pipe(path) {
            return Err(not_written(path, &ErrorKind::AlreadyExists.into()));
        }
    }
    let files = wanted.iter().map(|(path, key)| {
        let readers = if key.is_private { Readers::Owner } else { Readers::Anyone };
        NewFile { path, bytes: key.text.expose(), readers }
    });
    let options = CreateOptions { overwrite: force, follow_links: true, is_revocable };
    create(&files.collect::<Vec<_>>(), options).map_err(|failed| {
        warnings.extend(warnings::left_behind(failed.left));
        not_written(wanted[failed.index].0, &failed.error)
    })
}

fn not_written(path: &Path, error: &io::Error) -> Problem {
    match error.kind() {
        ErrorKind::AlreadyExists => usage::file_exists(&paths::shown(path)),
        _ => Problem::io("write", &paths::shown(path), error),
    }
}
