//! What may be said of a path that a user typed: a token or a secret may stand in its place.

use std::path::{Path, PathBuf};

use crate::io::LeftBehind;
use crate::problem::{Warning, reason};
use crate::secret::may_hold_secret;

/// A path for a message: one that is there, be it a link that leads nowhere, or that looks like a path.
pub(super) fn shown(path: &Path) -> String {
    if may_be_shown(path) {
        path.display().to_string()
    } else {
        "a file (not shown: its name may be a token or a secret)".to_owned()
    }
}

/// Whether a path may be said: one that is there, be it a link that leads nowhere, or that looks like a path.
pub(super) fn may_be_shown(path: &Path) -> bool {
    path.symlink_metadata().is_ok() || may_repeat_path(path)
}

/// The file whose path a text is that should be something else: `@` and a path, or one that begins as paths do.
pub(super) fn file_named_by(text: &[u8]) -> Option<PathBuf> {
    let text = std::str::from_utf8(text).ok()?.trim();
    let is_path = || ["/", "./", "../"].iter().any(|start| text.starts_with(start));
    let path = text.strip_prefix('@').or_else(|| is_path().then_some(text))?;
    Path::new(path).is_file().then(|| path.into())
}

/// What is to be said of files that could not be cleared away.
pub(super) fn left_behind(left: Vec<LeftBehind>) -> Vec<Warning> {
    let said = |left: LeftBehind| Warning::LeftBehind {
        path: left.path.display().to_string(),
        kind: left.kind,
        of: shown(&left.of),
        reason: reason(&left.error),
    };
    left.into_iter().map(said).collect()
}

/// Whether a text that stands where a path should, and leads nowhere, may be repeated: only what has
/// the look of a path, with a folder that is there or an ending that files have.
pub(super) fn may_repeat_path(path: &Path) -> bool {
    const ENDINGS: [&str; 16] = [
        "pem", "key", "pub", "crt", "cer", "der", "jwk", "jwks", "json", "jwt", "txt", "secret",
        "env", "b64", "hex", "bin",
    ];
    const SSH_KINDS: [&str; 3] = ["rsa", "ecdsa", "ed25519"];
    let text = path.to_string_lossy();
    let is_long = |part: &str| part.len() > 64;
    if may_hold_secret(&text) || text.contains(['\n', '{']) || text.split('/').any(is_long) {
        return false;
    }
    let ending = path.extension().and_then(|ending| ending.to_str());
    let folder =
        path.parent().filter(|folder| *folder != Path::new("") && *folder != Path::new("/"));
    let is_ssh = text.strip_prefix("id_").is_some_and(|kind| SSH_KINDS.contains(&kind));
    is_ssh
        || ending.is_some_and(|ending| ENDINGS.contains(&ending))
        || folder.is_some_and(Path::is_dir)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_looks_like_a_path_is_repeated() {
        for path in [
            "missing.pem",
            "id_ed25519",
            "no/such/folder/secret.txt",
            "/tmp/missing",
            "src/missing",
        ] {
            assert!(may_repeat_path(Path::new(path)), "{path}");
        }
        for secret in [
            "hunter2",
            "correct.horse.battery.staple",
            "/hZ3kq9Zp0aX7wq1mJ5v8c2T",
            "abc/def+ghi=",
            "eyJhbGciOiJIUzI1NiJ9.e30.AAAA",
            "eyJhbGciOiJIUzI1NiJ9.pem",
            "{\"kty\":\"oct\"}.json",
            "-----BEGIN KEY-----.pem",
        ] {
            assert!(!may_repeat_path(Path::new(secret)), "{secret}");
        }
    }
}
