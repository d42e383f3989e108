//! The bytes of a key, and their origin as the user knows it: a flag, a file, a variable or standard input.

use std::io::ErrorKind;
use std::path::Path;
use std::sync::Arc;

use crate::env::Env;
use crate::explain::Problem;
use crate::keys::{KeyError, Origin};
use crate::request::PathOrStdin;
use crate::secret::{Secret, may_repeat_name, may_repeat_path};
use crate::sys::{Bounded, read_file};

/// The bytes of a key and their origin; or why there are none.
pub(super) type Found = Result<(Origin, Secret), Problem>;

/// Reads a file or standard input, which `by` names, `limit` bytes at most. `purpose` is what standard input is read for.
pub(super) fn path(
    by: &'static str,
    path: &PathOrStdin,
    purpose: &'static str,
    limit: usize,
    env: &mut Env<'_>,
) -> Found {
    match path {
        PathOrStdin::Stdin => whole(Origin::Stdin(by), env.stdin.read(purpose, limit)?, limit),
        PathOrStdin::Path(path) => file(by, path, limit),
    }
}

/// The origin does not name a path that is empty or may be the key itself.
fn file(by: &'static str, path: &Path, limit: usize) -> Found {
    let unnamed = |error| Err(Problem::Key { origin: Origin::Named(by), error });
    if path.as_os_str().is_empty() {
        return unnamed(KeyError::Empty);
    }
    if is_url(&path.to_string_lossy()) {
        return unnamed(KeyError::UrlAsPath);
    }
    let error = match read_file(path, limit) {
        Ok(read) => return whole(Origin::File(path.to_owned()), read, limit),
        Err(error) => error,
    };
    let after_at = path.to_str().and_then(|path| path.strip_prefix('@'));
    if let Some(path) = after_at.filter(|_| error.kind() == ErrorKind::NotFound) {
        let path = may_repeat_path(Path::new(path)).then(|| path.to_owned());
        return unnamed(KeyError::AtPath { path });
    }
    if !may_repeat_path(path) {
        return unnamed(KeyError::PathMaybeSecret);
    }
    let error = KeyError::Unreadable(Arc::new(error));
    Err(Problem::Key { origin: Origin::File(path.to_owned()), error })
}

/// Whether a text is meant as a URL, well-formed or not, rather than as a path.
pub(super) fn is_url(text: &str) -> bool {
    let is_web =
        |scheme: &str| ["http", "https"].iter().any(|web| scheme.eq_ignore_ascii_case(web));
    text.contains("://") || text.split_once(':').is_some_and(|(scheme, _)| is_web(scheme))
}

pub(super) fn variable(by: &'static str, name: &str, env: &Env<'_>) -> Found {
    let origin = Origin::Variable(name.to_owned());
    let error = match (env.variable)(name) {
        Some(value) if !value.is_empty() => {
            return Ok((origin, Secret::new(value.into_encoded_bytes())));
        }
        Some(_) => KeyError::Empty,
        None if may_repeat_name(name) => KeyError::NotSet,
        None => {
            let origin = Origin::Named(by);
            return Err(Problem::Key { origin, error: KeyError::NameMaybeSecret });
        }
    };
    Err(Problem::Key { origin, error })
}

pub(super) fn whole(origin: Origin, read: Bounded, limit: usize) -> Found {
    let secret = Secret::new(read.bytes);
    if read.cut {
        return Err(Problem::Key { origin, error: KeyError::TooLarge { most: limit } });
    }
    Ok((origin, secret))
}
