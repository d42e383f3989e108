//! Where a path leads.

use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};

use super::platform::{HOME, STDOUT, is_stdout};

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

/// The tool's folder in the one that an XDG variable names, else in the user's folder; `None` if neither is an absolute
/// path. The user database is not asked for the home folder, since it may need a plugin, which a static binary cannot
/// load.
pub(crate) fn user_folder(
    variable: &dyn Fn(&str) -> Option<OsString>,
    xdg: &str,
    in_home: &str,
) -> Option<PathBuf> {
    let path = |name| variable(name).map(PathBuf::from).filter(|path| path.is_absolute());
    match path(xdg) {
        Some(folder) => Some(folder.join("jwtctl")),
        None => Some(path(HOME.0)?.join(in_home)),
    }
}
