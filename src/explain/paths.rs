//! What may be said of a path that a user typed: a token or a secret may stand in its place.

use std::path::{Path, PathBuf};

use crate::secret::may_repeat_path;

/// A path for a message.
pub(crate) fn shown(path: &Path) -> String {
    if may_repeat_path(path) {
        path.display().to_string()
    } else {
        "a file (not shown: its name may be a token or a secret)".to_owned()
    }
}

/// The file that a text names although it should be something else: `@PATH`, or a text that begins like a path.
pub(crate) fn file_named_by(text: &[u8]) -> Option<PathBuf> {
    let text = std::str::from_utf8(text).ok()?.trim();
    let is_path = || ["/", "./", "../"].iter().any(|start| text.starts_with(start));
    let path = text.strip_prefix('@').or_else(|| is_path().then_some(text))?;
    Path::new(path).is_file().then(|| path.into())
}
