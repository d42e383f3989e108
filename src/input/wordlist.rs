//! Wordlists: secrets to try on a token, one on each line, as bytes. A carriage return at the end of a line is not part of
//! it; an empty line is the empty secret.

use std::io::{self, Read as _};
use std::sync::atomic::AtomicU64;

use super::compressed::Decompressed;
use super::texts::OpenText;
use crate::batch::{Line, lines_of};
use crate::crypto::{GuessTarget, Guesser};
use crate::env::Env;
use crate::explain::{Problem, shown_path, wordlist};
use crate::keys::MAX_SECRET;
use crate::request::PathOrStdin;
use crate::sys::{self, Input, Stdin};
use crate::text::TextReader;

/// The longest line that is tried, in bytes: as long as any secret that is read.
pub(crate) const LONGEST_WORD: usize = MAX_SECRET;

/// How many bytes of words are kept in memory.
const MOST: usize = 64 * 1024 * 1024;

/// A wordlist that is open, and what it is called in errors.
pub(crate) struct OpenWordlist {
    text: OpenText,
    name: String,
}

impl OpenWordlist {
    pub(crate) fn open(source: &PathOrStdin, env: &mut Env<'_>) -> Result<Self, Problem> {
        match source {
            PathOrStdin::Stdin => {
                env.stdin.reserve("the wordlist")?;
                let name = "standard input (--wordlist)".to_owned();
                Ok(Self { text: OpenText::Stdin, name })
            }
            PathOrStdin::Path(path) => {
                let name = format!("{} (--wordlist)", shown_path(path));
                match sys::open_file(path) {
                    Ok(file) => Ok(Self { text: OpenText::File(file), name }),
                    Err(error) => Err(Problem::io("read", &name, &error)),
                }
            }
        }
    }

    /// Its bytes, which may be compressed.
    pub(crate) fn reader<'a>(&'a mut self, stdin: &'a mut Stdin<'_>) -> &'a mut (dyn Input + Send) {
        self.text.reader(stdin)
    }

    pub(crate) fn unreadable(&self, error: &io::Error) -> Problem {
        Problem::io("read", &self.name, error)
    }
}

/// The number of the first line that is the secret.
pub(crate) fn first_secret<'a>(
    mut lines: impl Iterator<Item = Line<'a>>,
    guesser: &mut Guesser<'_>,
) -> Option<u64> {
    let found = lines.find(|Line { bytes, cut, .. }| {
        !cut && guesser.is_secret(bytes.strip_suffix(b"\r").unwrap_or(bytes))
    });
    found.map(|line| line.number)
}

/// A wordlist in memory, to be tried on many tokens.
#[derive(Debug)]
pub struct Wordlist {
    text: Vec<u8>,
}

impl From<Vec<u8>> for Wordlist {
    /// The lines of a text.
    fn from(text: Vec<u8>) -> Self {
        Self { text }
    }
}

impl Wordlist {
    /// Reads a whole wordlist of at most 64 MiB.
    pub(crate) fn read(source: &PathOrStdin, env: &mut Env<'_>) -> Result<Self, Problem> {
        let mut open = OpenWordlist::open(source, env)?;
        let (bytes, mut words) = (AtomicU64::new(0), Vec::new());
        let text = TextReader::new(Decompressed::new(open.reader(&mut env.stdin), &bytes));
        let read = text.take(MOST as u64 + 1).read_to_end(&mut words);
        match read {
            Err(error) => Err(open.unreadable(&error)),
            Ok(length) if length > MOST => Err(wordlist::too_large(&open.name, MOST)),
            Ok(_) => Ok(words.into()),
        }
    }

    /// The number of the first line, counted from 1, that is the secret.
    pub fn find(&self, target: &GuessTarget) -> Option<u64> {
        first_secret(lines_of(&self.text, 1, LONGEST_WORD), &mut target.guesser())
    }
}
