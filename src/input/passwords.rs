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
    let (mut asked, mut tries) = (question.clone(), 1);
    loop {
        let Some(password) = typed(&asked, env)? else { return Ok(Err(KeyError::Encrypted)) };
        match located.read(Some(&password)) {
            Err(KeyError::WrongPassword) if tries < MOST_TRIES => {
                tries += 1;
                asked = format!("That is not the password. {question}");
            }
            read => return Ok(read),
        }
    }
}

/// The password for a new key. Who types it types it twice.
pub(crate) fn new_password(
    file: Option<&PathOrStdin>,
    env: &mut Env<'_>,
) -> Result<Secret, Problem> {
    if let Some(password) = given(file, env)? {
        return Ok(password);
    }
    let mut question = "Password for the new key: ";
    for _ in 0..MOST_TRIES {
        let password = typed(question, env)?.ok_or_else(usage::no_password)?;
        let again = typed("The same password again: ", env)?;
        if again.is_some_and(|again| again == password) {
            return Ok(password);
        }
        question = "The passwords differ. Password for the new key: ";
    }
    Err(Problem::Key { origin: Origin::Named("typed"), error: KeyError::PasswordsDiffer })
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

/// The password that a person types; `None` if there is no terminal.
fn typed(question: &str, env: &Env<'_>) -> Result<Option<Secret>, Problem> {
    match (env.ask)(question) {
        Ok(None) => Ok(None),
        Ok(Some(text)) => {
            let text = Secret::new(text.as_bytes().to_vec());
            checked(Origin::Named("typed"), &text, false).map(Some)
        }
        Err(error) => {
            let error = KeyError::Unreadable(Arc::new(error));
            Err(Problem::Key { origin: Origin::Named("the terminal"), error })
        }
    }
}

fn checked(origin: Origin, text: &Secret, from_file: bool) -> Result<Secret, Problem> {
    read_password(text, from_file).map_err(|error| Problem::Key { origin, error })
}
