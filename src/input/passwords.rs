//! The passwords of keys: from the file that a flag names, else from a variable, else from the terminal.

use std::sync::Arc;

use super::bytes::path;
use crate::env::Env;
use crate::explain::{Problem, usage};
use crate::json::quote;
use crate::keys::{KeyError, KeyFile, Located, MAX_SECRET, Origin, read_password};
use crate::request::PathOrStdin;
use crate::secret::Secret;

const PASSWORD_VARIABLE: &str = "JWTCTL_KEY_PASSWORD";

/// How often a password is asked for until it is right.
const MOST_TRIES: usize = 3;

/// Reads keys of which one is encrypted. Who types a wrong password is asked again.
pub(super) fn open(
    key: &Origin,
    located: &Located,
    file: Option<&PathOrStdin>,
    env: &mut Env<'_>,
) -> Result<Result<KeyFile, KeyError>, Problem> {
    if let Some(password) = given(file, env)? {
        return Ok(located.read(Some(&password)));
    }
    let question = format!("Password of {}: ", quote(&key.to_string()));
    let mut tries = 0;
    let read = typed(&question, env, |password| {
        tries += 1;
        match located.read(Some(&password)) {
            Err(KeyError::WrongPassword) if tries < MOST_TRIES => {
                Err(format!("That is not the password. {question}"))
            }
            read => Ok(read),
        }
    });
    Ok(read?.unwrap_or(Err(KeyError::Encrypted)))
}

/// The password for a new key. Who types it types it twice.
pub(crate) fn new_password(
    file: Option<&PathOrStdin>,
    env: &mut Env<'_>,
) -> Result<Secret, Problem> {
    if let Some(password) = given(file, env)? {
        return Ok(password);
    }
    let (mut first, mut tries) = (None, 0);
    let chosen = typed("Password for the new key: ", env, |password| match first.take() {
        None => {
            first = Some(password);
            Err("The same password again: ".to_owned())
        }
        Some(first) if first == password => Ok(Ok(password)),
        Some(_) if tries + 1 < MOST_TRIES => {
            tries += 1;
            Err("The passwords differ. Password for the new key: ".to_owned())
        }
        Some(_) => Ok(Err(KeyError::PasswordsDiffer)),
    });
    let chosen = chosen?.ok_or_else(usage::no_password)?;
    chosen.map_err(|error| Problem::Key { origin: Origin::Named("typed"), error })
}

/// The password in the file that a flag names, else in the variable.
fn given(file: Option<&PathOrStdin>, env: &mut Env<'_>) -> Result<Option<Secret>, Problem> {
    let (origin, text) = if let Some(file) = file {
        path("--key-password-file", file, "the password", MAX_SECRET, env)?
    } else if let Some(text) = (env.variable)(PASSWORD_VARIABLE) {
        let origin = Origin::Variable(PASSWORD_VARIABLE.to_owned());
        (origin, Secret::new(text.into_encoded_bytes()))
    } else {
        return Ok(None);
    };
    checked(origin, &text, file.is_some()).map(Some)
}

/// What `take` makes of the password that a person types, or else the question that it asks next; `None` if there is no
/// terminal. What is typed meanwhile is not shown.
fn typed<T>(
    question: &str,
    env: &Env<'_>,
    mut take: impl FnMut(Secret) -> Result<T, String>,
) -> Result<Option<T>, Problem> {
    let mut taken = None;
    let asked = (env.ask)(question, &mut |text| {
        let text = Secret::new(text.as_bytes().to_vec());
        let (found, next) = match checked(Origin::Named("typed"), &text, false).map(&mut take) {
            Ok(Ok(found)) => (Some(Ok(found)), None),
            Ok(Err(next)) => (None, Some(next)),
            Err(problem) => (Some(Err(problem)), None),
        };
        taken = found;
        next
    });
    asked.map_err(|error| {
        let error = KeyError::Unreadable(Arc::new(error));
        Problem::Key { origin: Origin::Named("the terminal"), error }
    })?;
    taken.transpose()
}

fn checked(origin: Origin, text: &Secret, from_file: bool) -> Result<Secret, Problem> {
    read_password(text, from_file).map_err(|error| Problem::Key { origin, error })
}
