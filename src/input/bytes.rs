//! The bytes of a key, and where they came from as the user knows it: a flag, a file, a variable, standard
//! input. What they mean is decided in `keys`.

use crate::request::NamedPath;
use crate::request::NamedVariable;
use std::io;
use std::path::Path;
use std::sync::Arc;

use super::stdin;
use crate::env::Env;
use crate::explain::Problem;
use crate::keys::{KeyError, Origin};
use crate::request::PathOrStdin;
use crate::secret::{Secret, may_repeat_name, may_repeat_path};
use crate::sys::{Bounded, read_file};

/// A source that was found, and its bytes or why there are none.
pub(crate) type Found = (Origin, Result<Secret, KeyError>);

pub(crate) fn located(named: &NamedPath, most: usize, env: &mut Env<'_>) -> Result<Found, Problem> {
    let purpose = if named.by == "--sign-key" { "the signing key" } else { "the key" };
    Ok(match &named.path {
        PathOrStdin::Stdin => (Origin::Stdin(named.by), whole(stdin(purpose, most, env)?, most)),
        PathOrStdin::Path(path) => file(named.by, path, most),
    })
}

/// Whether a text is meant for a URL, right or wrong, and not for a path.
pub(crate) fn is_url(text: &str) -> bool {
    let is_web =
        |scheme: &str| ["http", "https"].iter().any(|web| scheme.eq_ignore_ascii_case(web));
    text.contains("://") || text.split_once(':').is_some_and(|(scheme, _)| is_web(scheme))
}

/// The bytes of a key file. A path that is empty, or may be the key itself, is not named as its origin.
pub(crate) fn file(by: &'static str, path: &Path, most: usize) -> Found {
    if path.as_os_str().is_empty() {
        return (Origin::Named(by), Err(KeyError::Empty));
    }
    if is_url(&path.to_string_lossy()) {
        return (Origin::Named(by), Err(KeyError::UrlAsPath));
    }
    match read_file(path, most) {
        Ok(read) => (Origin::File(path.to_owned()), whole(read, most)),
        Err(error) if error.kind() == io::ErrorKind::NotFound && after_at(path).is_some() => {
            let path = after_at(path).filter(|path| may_repeat_path(Path::new(path)));
            (Origin::Named(by), Err(KeyError::AtPath { path }))
        }
        Err(_) if !may_repeat_path(path) => (Origin::Named(by), Err(KeyError::PathMaybeSecret)),
        Err(error) => (Origin::File(path.to_owned()), Err(KeyError::Unreadable(Arc::new(error)))),
    }
}

/// What follows the `@` of a path.
fn after_at(path: &Path) -> Option<String> {
    path.to_str()?.strip_prefix('@').map(str::to_owned)
}

pub(crate) fn variable(named: &NamedVariable, env: &Env<'_>) -> Found {
    let origin = Origin::Variable(named.name.clone());
    match (env.variable)(&named.name) {
        None if !may_repeat_name(&named.name) => {
            (Origin::Named(named.by), Err(KeyError::NameMaybeSecret))
        }
        None => (origin, Err(KeyError::NotSet)),
        Some(value) if value.is_empty() => (origin, Err(KeyError::Empty)),
        Some(value) => (origin, Ok(Secret::new(value.into_encoded_bytes()))),
    }
}

pub(crate) fn whole(read: Bounded, most: usize) -> Result<Secret, KeyError> {
    let secret = Secret::new(read.bytes);
    if read.cut { Err(KeyError::TooLarge { most }) } else { Ok(secret) }
}
