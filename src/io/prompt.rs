//! Asking a person for a password, where there is one to ask.

use std::io::{self, IsTerminal as _};

use zeroize::Zeroizing;

/// Asks on the terminal, without echo; `None` where nobody is looking at one.
///
/// # Errors
/// The operating system's.
pub fn ask(question: &str) -> io::Result<Option<Zeroizing<String>>> {
    if !io::stderr().is_terminal() {
        return Ok(None);
    }
    rpassword::prompt_password(question).map(|answer| Some(Zeroizing::new(answer)))
}
