//! Tries the words of a list as the secret of one token, on all cores.

use std::num::NonZero;
use std::sync::Arc;
use std::sync::atomic::AtomicU64;
use std::{io, mem, thread};

use crate::batch::{self, Block, Broken, Lines};
use crate::crypto::{GuessTarget, Guesser};
use crate::env::Env;
use crate::explain::Problem;
use crate::input::{Decompressed, LONGEST_WORD, OpenWordlist, Reaching, first_secret};
use crate::outcome::{Answer, Outcome};
use crate::output::{OutputOptions, Progress, Streams};
use crate::request::{PathOrStdin, Request, TokenAction, TokenRequest};
use crate::sys::{CancelToken, CancellableInput, Input, exit_by_signal, size_of};

/// Tries the wordlist of a call of `audit` on the signatures whose secret is not known yet.
pub(crate) fn try_words(
    request: &Request,
    outcome: &mut Outcome,
    options: OutputOptions,
    env: &mut Env<'_>,
    streams: &mut Streams<'_>,
) {
    let (Some(source), Ok(Answer::Audited(report))) = (wordlist(request), &mut outcome.result)
    else {
        return;
    };
    // A file that does not exist is an error even if there is nothing to try its words on.
    if report.targets.is_empty()
        && let Err(problem) = OpenWordlist::open(source, env)
    {
        outcome.result = Err(problem.into());
        return;
    }
    let cores = thread::available_parallelism().unwrap_or(NonZero::<usize>::MIN);
    // Each is tried alone; a token in the general JSON serialization may have several.
    for target in mem::take(&mut report.targets) {
        match search(&target, source, cores, options, env, streams) {
            Ok(line) => report.guessed(line),
            Err(problem) => {
                outcome.result = Err(problem.into());
                return;
            }
        }
    }
}

fn wordlist(request: &Request) -> Option<&PathOrStdin> {
    let Request::Token(TokenRequest { action: TokenAction::Audit(audit), .. }) = request else {
        return None;
    };
    audit.wordlist.as_ref()
}

/// The number of the first line of a wordlist, counted from 1, that is the secret. A signal ends the program.
fn search(
    target: &GuessTarget,
    source: &PathOrStdin,
    threads: NonZero<usize>,
    options: OutputOptions,
    env: &mut Env<'_>,
    streams: &mut Streams<'_>,
) -> Result<Option<u64>, Problem> {
    let mut wordlist = OpenWordlist::open(source, env)?;
    let listening = || {
        let cancel = Arc::new(CancelToken::new()?);
        let listener = cancel.on_signals()?;
        Ok((cancel, listener))
    };
    let (cancel, _listener) = listening().map_err(|error| wordlist.unreadable(&error))?;
    let input = wordlist.reader(&mut env.stdin);
    let mut progress = Progress::new(size_of(input), "word", options, streams);
    let found = search_in(input, target, threads, &cancel, &mut progress);
    progress.finish();
    if let Some(signal) = cancel.signal() {
        exit_by_signal(signal);
    }
    found.map_err(|error| wordlist.unreadable(&error))
}

/// What came of a block.
#[derive(Default)]
struct Tried {
    words: u64,
    found: Option<u64>,
    /// How many bytes of the input had been read.
    reach: u64,
}

fn search_in(
    input: &mut (dyn Input + Send),
    target: &GuessTarget,
    threads: NonZero<usize>,
    cancel: &CancelToken,
    progress: &mut Progress,
) -> io::Result<Option<u64>> {
    let bytes = AtomicU64::new(0);
    let input = CancellableInput { input, token: cancel };
    let blocks = Lines::new(Decompressed::new(input, &bytes), LONGEST_WORD);
    let blocks = Reaching { blocks, bytes: &bytes };
    let work = |guesser: &mut Guesser<'_>, (block, reach): &(Block, u64), tried: &mut Tried| {
        *tried = Tried { reach: *reach, ..Tried::default() };
        let lines = block.lines().inspect(|_| tried.words += 1);
        tried.found = first_secret(lines, guesser);
    };
    // Blocks are delivered in order, so the first that has the secret has its first line.
    let deliver = |tried: &mut Tried| {
        progress.advance(tried.reach, tried.words);
        tried.found.map_or(Ok(()), Err)
    };
    match batch::run(blocks, threads, cancel, || target.guesser(), work, deliver) {
        Ok(()) => Ok(None),
        Err(Broken::Deliver(line)) => Ok(Some(line)),
        Err(Broken::Read(error)) => Err(error),
    }
}

#[cfg(test)]
mod tests {
    use std::io::{Read, Write as _};
    use std::path::Path;

    use proptest::collection::vec;
    use proptest::prelude::*;

    use super::*;
    use crate::input::Wordlist;
    use crate::output::Terminal;
    use crate::sys::{Stdin, connect};

    fn with_env<T>(
        stdin: &mut (dyn Input + Send),
        work: impl FnOnce(&mut Env<'_>, &mut Streams<'_>) -> T,
    ) -> T {
        let mut env = Env {
            clock: &|| 0.into(),
            variable: &|_| None,
            stdin: Stdin::new(stdin, false),
            ask: &|_, _| Ok(()),
            connect: &connect,
            out_is_terminal: false,
        };
        let (mut out, mut err) = (Vec::new(), Vec::new());
        let streams = &mut Streams {
            out: &mut out,
            out_terminal: Terminal::No,
            err: &mut err,
            err_terminal: Terminal::No,
            show: &|_| Ok(true),
        };
        let made = work(&mut env, streams);
        assert!(out.is_empty() && err.is_empty());
        made
    }

    /// What both ways to try a wordlist find, which must be the same, or what both say is wrong with it.
    fn find(secret: &[u8], source: &PathOrStdin, text: &[u8]) -> Result<Option<u64>, String> {
        let (target, options) = (GuessTarget::signed(secret, b"a.b"), OutputOptions::default());
        let message = |problem: Problem| problem.explain().message;
        let searched = [1, 3].map(|threads| {
            let threads = NonZero::new(threads).unwrap();
            let search = |env: &mut Env<'_>, streams: &mut Streams<'_>| {
                search(&target, source, threads, options, env, streams)
            };
            with_env(&mut &*text, search).map_err(message)
        });
        let read = with_env(&mut &*text, |env, _| Wordlist::read(source, env)).map_err(message);
        let found = read.map(|wordlist| wordlist.find(&target));
        assert_eq!(searched, [found.clone(), found.clone()]);
        found
    }

    fn on_stdin(secret: &[u8], text: &[u8]) -> Option<u64> {
        find(secret, &PathOrStdin::Stdin, text).unwrap()
    }

    /// Gives so many bytes at a time, so that blocks are that small.
    struct Pieces<'a>(&'a [u8], usize);

    impl Read for Pieces<'_> {
        fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
            let most = self.1.min(buffer.len());
            self.0.read(&mut buffer[..most])
        }
    }

    impl Input for Pieces<'_> {}

    #[test]
    fn the_first_line_that_is_the_secret_is_found() {
        let text = b"one\ntwo\nthree\ntwo\nfour";
        for (secret, line) in [
            (&b"one"[..], Some(1)),
            (b"two", Some(2)),
            (b"four", Some(5)),
            (b"five", None),
            (b"", None),
            (b"thre", None),
            (b"two\n", None),
        ] {
            assert_eq!(on_stdin(secret, text), line);
        }
        assert_eq!(on_stdin(b"x", b""), None);
    }

    #[test]
    fn a_line_is_taken_as_it_is_but_for_one_carriage_return_at_its_end() {
        for (secret, line) in [
            (&b"crlf"[..], Some(1)),
            (b" blank \t", Some(2)),
            (b"in\rside\r", Some(3)),
            (b"\xe9\xff\0", Some(4)),
            (b"last", Some(5)),
        ] {
            let text = b"crlf\r\n blank \t\nin\rside\r\r\n\xe9\xff\0\nlast\r";
            assert_eq!(on_stdin(secret, text), line);
        }
    }

    #[test]
    fn an_empty_line_is_the_empty_secret_and_the_end_of_the_last_line_is_none() {
        assert_eq!(on_stdin(b"", b"one\n\ntwo\n"), Some(2));
        assert_eq!(on_stdin(b"", b"one\r\n\r\n"), Some(2));
        assert_eq!(on_stdin(b"", b"\n"), Some(1));
        assert_eq!(on_stdin(b"", b"one\ntwo\n"), None);
        assert_eq!(on_stdin(b"", b""), None);
    }

    #[test]
    fn a_line_longer_than_any_secret_is_passed_over_and_counted() {
        let long = vec![b'x'; 16 * 1024 * 1024];
        let text = [b"one\n", &long[..], b"\ntwo\n", &long[..LONGEST_WORD], b"\n"].concat();
        assert_eq!(on_stdin(b"two", &text), Some(3));
        assert_eq!(on_stdin(&long[..LONGEST_WORD], &text), Some(4));
        assert_eq!(on_stdin(&long, &text), None);
    }

    #[test]
    fn compressed_words_and_words_in_utf_16_are_read_as_they_are() {
        let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
        gzip.write_all(b"one\ntwo\n").unwrap();
        let gzip = gzip.finish().unwrap();
        assert_eq!(on_stdin(b"two", &gzip), Some(2));
        let utf16: Vec<_> =
            "\u{feff}one\ntw\u{f6}".encode_utf16().flat_map(u16::to_le_bytes).collect();
        assert_eq!(on_stdin("tw\u{f6}".as_bytes(), &utf16), Some(2));
        assert_eq!(on_stdin(b"one", b"\xef\xbb\xbfone"), Some(1));
        // A secret before the damage would be found.
        let cut = find(b"six", &PathOrStdin::Stdin, &gzip[..gzip.len() - 9]).unwrap_err();
        assert!(cut.starts_with("cannot read standard input (--wordlist): "), "{cut}");
    }

    #[test]
    fn a_file_that_cannot_be_read_is_an_error_that_names_it() {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/audit");
        let find = |path| find(b"your-384-bit-secret", &PathOrStdin::Path(path), b"");
        assert_eq!(find(folder.join("known_secrets.txt")), Ok(Some(2)));
        assert!(find(folder.clone()).is_err());
        let error = find(folder.join("words.txt")).unwrap_err();
        assert!(error.starts_with("cannot read "), "{error}");
        assert!(error.contains("words.txt (--wordlist): "), "{error}");
    }

    #[test]
    fn what_can_be_kept_in_memory_has_a_limit() {
        let mut text = vec![b'\n'; 64 * 1024 * 1024];
        text.extend(b"x");
        let read =
            |text: &[u8]| with_env(&mut &*text, |env, _| Wordlist::read(&PathOrStdin::Stdin, env));
        assert!(read(&text[1..]).is_ok());
        let problem = read(&text).unwrap_err();
        assert!(matches!(problem, Problem::Usage(_)));
        let message =
            "standard input (--wordlist) has more than 64 MiB, which are kept for all tokens";
        assert_eq!(problem.explain().message, message);
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn a_word_is_found_at_its_line_whatever_blocks_it_is_read_in(
            words in vec(vec(0x20_u8..0x7f, 0..12), 1..80),
            place in any::<prop::sample::Index>(),
            size in 1_usize..200,
            threads in 1_usize..4,
            ended in any::<bool>(),
        ) {
            let index = place.index(words.len());
            let secret = &words[index];
            let first = words.iter().position(|word| word == secret).unwrap();
            let mut text = words.join(&b'\n');
            // An empty last line exists only if it has an end.
            if ended || words.last().is_some_and(Vec::is_empty) {
                text.push(b'\n');
            }
            let line = Some(first as u64 + 1);
            let target = GuessTarget::signed(secret, b"a.b");
            let cancel = CancelToken::new().unwrap();
            let threads = NonZero::new(threads).unwrap();
            let found = with_env(&mut &b""[..], |_, streams| {
                let mut progress = Progress::new(None, "word", OutputOptions::default(), streams);
                search_in(&mut Pieces(&text, size), &target, threads, &cancel, &mut progress)
            });
            prop_assert_eq!(found.unwrap(), line);
            prop_assert_eq!(Wordlist::from(text).find(&target), line);
        }
    }
}
