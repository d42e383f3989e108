//! Copies a text with the tokens in it redacted, as fast as it comes.

use anyhow::Context as _;

use crate::batch::read;
use crate::env::Env;
use crate::input::open_any_text;
use crate::outcome::Outcome;
use crate::output::exit::Exit;
use crate::output::{Notice, OutputOptions, Streams};
use crate::request::RedactRequest;
use crate::sys::reason;
use crate::time::NumericDate;
use crate::token::Redactor;

/// How many bytes are read at a time.
const BUFFER: usize = 128 * 1024;

/// Copies the text, and returns the exit code. An error is one of writing.
pub(crate) fn run(
    request: &RedactRequest,
    options: OutputOptions,
    env: &mut Env<'_>,
    streams: &mut Streams<'_>,
) -> (Exit, anyhow::Result<()>) {
    let mut text = match open_any_text(request.source.as_ref(), env) {
        Ok(text) => text,
        Err(problem) => {
            Notice::error(problem.explain()).print(options, streams);
            let mut outcome = Outcome::new(Err(problem), NumericDate::default());
            return (Exit::of(&mut outcome), Ok(()));
        }
    };
    let mut input = text.reader(&mut env.stdin);
    let mut redactor = Redactor::new(request.hidden, request.same_length);
    let (mut buffer, mut redacted) = (vec![0; BUFFER], Vec::new());
    loop {
        let piece = read(&mut input, &mut buffer);
        match piece {
            Ok(length) if length > 0 => redactor.feed(&buffer[..length], &mut redacted),
            _ => redactor.finish(&mut redacted),
        }
        if let Err(error) = streams.out.write_all(&redacted).and_then(|()| streams.out.flush()) {
            return (Exit::Ok, Err(error).context("cannot write the text"));
        }
        match piece {
            Ok(0) => return (Exit::Ok, Ok(())),
            Ok(_) => {}
            Err(error) => {
                let message = format!("cannot read the text: {}", reason(&error));
                Notice::plain(message, None).print(options, streams);
                return (Exit::Failure, Ok(()));
            }
        }
        redacted.clear();
        redacted.shrink_to(2 * BUFFER);
    }
}
