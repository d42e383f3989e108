//! Expectations that are not on the command line: variables, and a file of revoked tokens.

use std::io::{self, BufRead as _, BufReader, Read};

use crate::env::Env;
use crate::explain::{Problem, shown_path, usage};
use crate::policy::Revoked;
use crate::request::PathOrStdin;
use crate::sys;

/// The longest line of a file of revoked tokens, in bytes.
const LONGEST: usize = 64 * 1024;

/// The text of a variable that names an expectation. One that is empty expects nothing, so it is an error.
pub(crate) fn expected_by(name: &'static str, env: &Env<'_>) -> Result<Option<String>, Problem> {
    let Some(text) = (env.variable)(name) else { return Ok(None) };
    match text.into_string() {
        Ok(text) if !text.is_empty() => Ok(Some(text)),
        Ok(_) => Err(usage::empty_variable(name)),
        Err(_) => Err(usage::variable_not_text(name)),
    }
}

/// Reads the file of `--revoked`.
pub(crate) fn read_revoked(path: &PathOrStdin, env: &mut Env<'_>) -> Result<Revoked, Problem> {
    let (name, read) = match path {
        PathOrStdin::Stdin => {
            env.stdin.reserve("the revoked tokens")?;
            ("standard input".to_owned(), revoked(env.stdin.reserved()))
        }
        PathOrStdin::Path(path) => (shown_path(path), sys::open_file(path).and_then(revoked)),
    };
    read.map_err(|error| Problem::io("read", &format!("{name} (--revoked)"), &error))
}

/// The IDs, one on each line, with and without white space around them. A line that cannot be an ID is an error: the list
/// must not be shorter than it looks.
fn revoked(text: impl Read) -> io::Result<Revoked> {
    let (mut text, mut revoked) = (BufReader::new(text), Revoked::default());
    let (mut line, mut number) = (Vec::new(), 0);
    loop {
        line.clear();
        number += 1;
        let limit = LONGEST as u64 + 1;
        if text.by_ref().take(limit).read_until(b'\n', &mut line)? == 0 {
            return Ok(revoked);
        }
        let bytes = line.strip_suffix(b"\n").unwrap_or(&line);
        let bytes = bytes.strip_suffix(b"\r").unwrap_or(bytes);
        let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").filter(|_| number == 1).unwrap_or(bytes);
        let fault = if bytes.len() >= LONGEST {
            "too long"
        } else if let Some(text) = std::str::from_utf8(bytes).ok().filter(|it| !it.contains('\0')) {
            let trimmed = text.trim();
            if trimmed.contains('\r') {
                "more than one: it has a carriage return inside"
            } else if trimmed.starts_with(['"', '[', '{']) {
                "JSON, and not a jti as it is"
            } else {
                if !trimmed.is_empty() {
                    revoked.add(bytes);
                    revoked.add(trimmed.as_bytes());
                }
                continue;
            }
        } else {
            "not UTF-8 text"
        };
        let error = format!("line {number} is {fault}");
        return Err(io::Error::new(io::ErrorKind::InvalidData, error));
    }
}
