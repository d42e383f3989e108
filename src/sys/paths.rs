//! Where a path leads.

use std::fs;
use std::path::{Path, PathBuf};

use super::platform::{STDOUT, is_stdout};

/// The target of a path, through links. If it does not exist yet, its folder is resolved. `None` is standard output.
pub fn resolve_path(path: Option<&Path>) -> PathBuf {
    let path = path.filter(|path| !is_stdout(path)).unwrap_or(Path::new(STDOUT));
    let new = || Some(fs::canonicalize(folder_of(path)).ok()?.join(path.file_name()?));
    fs::canonicalize(path).ok().or_else(new).unwrap_or_else(|| path.to_owned())
}

/// The folder that a path is in.
pub(super) fn folder_of(path: &Path) -> &Path {
    path.parent().filter(|folder| *folder != Path::new("")).unwrap_or(Path::new("."))
}
