//! Asks a person for a password, on the console itself, whatever the standard streams are.

use std::io::{self, ErrorKind, IsTerminal as _};

use zeroize::Zeroizing;

/// Asks on the console, without echo, until `answered` returns no further question. There is no answer if nobody can
/// give one: no standard stream is on a console, as in a script, which must not wait forever.
///
/// A console shows what is typed only while a program reads a line, so nothing is shown during the check of a password.
///
/// # Errors
/// The operating system's.
pub fn ask(
    question: &str,
    answered: &mut dyn FnMut(Zeroizing<String>) -> Option<String>,
) -> io::Result<()> {
    let is_any =
        io::stdin().is_terminal() || io::stdout().is_terminal() || io::stderr().is_terminal();
    if !is_any {
        return Ok(());
    }
    let mut next = Some(question.to_owned());
    while let Some(question) = next {
        let answer = match rpassword::prompt_password(question) {
            // Ctrl-Z at the start of the line.
            Err(error) if error.kind() == ErrorKind::UnexpectedEof => Zeroizing::default(),
            answer => Zeroizing::new(answer?),
        };
        next = answered(answer);
    }
    Ok(())
}
