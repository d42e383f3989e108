//! Asks a person for a password, on the console itself, whatever the standard streams are.

use std::io::{self, ErrorKind, IsTerminal as _};

use zeroize::Zeroizing;

/// Asks on the console, without echo. `None` if nobody can answer: no standard stream is on a console, as in a script,
/// which must not wait forever.
///
/// # Errors
/// The operating system's.
pub fn ask(question: &str) -> io::Result<Option<Zeroizing<String>>> {
    let is_any =
        io::stdin().is_terminal() || io::stdout().is_terminal() || io::stderr().is_terminal();
    if !is_any {
        return Ok(None);
    }
    match rpassword::prompt_password(question) {
        // Ctrl-Z at the start of the line.
        Err(error) if error.kind() == ErrorKind::UnexpectedEof => Ok(Some(Zeroizing::default())),
        answer => answer.map(|answer| Some(Zeroizing::new(answer))),
    }
}
