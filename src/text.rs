//! The encodings of text: UTF-8 with or without a byte order mark, and UTF-16 with one, as Windows PowerShell's `>`
//! writes it. All text is read through here, and is UTF-8 afterwards.
//!
//! A unit that is not valid UTF-16 becomes a byte that is not valid UTF-8, so that the reader of the text refuses it.
//! Buffers are wiped, since the text may be a secret.

use std::fmt::Display;
use std::io::{self, Read};
use std::ops::Deref;

use zeroize::Zeroizing;

/// A number with a noun: "1 key", "3 keys".
pub(crate) fn counted<N: Copy + Display + PartialEq + From<u8>>(count: N, unit: &str) -> String {
    let plural = if count == N::from(1) { "" } else { "s" };
    format!("{count} {unit}{plural}")
}

/// The byte order mark, if it is the first character.
pub(crate) const BOM: char = '\u{feff}';

/// A byte that is never part of UTF-8.
const INVALID: u8 = 0xff;

/// How many bytes are transcoded at once.
const CHUNK: usize = 32 * 1024;

/// Makes a unit of UTF-16 of two bytes.
type Unit = fn([u8; 2]) -> u16;

/// The encoding that a byte order mark names, `None` for UTF-8, and the length of the mark.
fn encoding(start: &[u8]) -> (Option<Unit>, usize) {
    match start {
        [0xff, 0xfe, ..] => (Some(u16::from_le_bytes), 2),
        [0xfe, 0xff, ..] => (Some(u16::from_be_bytes), 2),
        [0xef, 0xbb, 0xbf, ..] => (None, 3),
        _ => (None, 0),
    }
}

/// Whether a text begins with the byte order mark of UTF-16.
pub(crate) fn is_utf16(start: &[u8]) -> bool {
    encoding(start).0.is_some()
}

/// A text in UTF-8 without its byte order mark: the bytes that were given, or what they were transcoded to.
pub(crate) enum Decoded<'a> {
    Borrowed(&'a [u8]),
    Owned(Zeroizing<Vec<u8>>),
}

impl Deref for Decoded<'_> {
    type Target = [u8];

    fn deref(&self) -> &[u8] {
        match self {
            Self::Borrowed(text) => text,
            Self::Owned(text) => text,
        }
    }
}

pub(crate) fn decode(bytes: &[u8]) -> Decoded<'_> {
    match encoding(bytes) {
        (Some(unit), mark) => {
            let mut text = Zeroizing::new(Vec::with_capacity(bytes.len() / 2 * 3 + 1));
            transcode(&bytes[mark..], unit, true, &mut text);
            Decoded::Owned(text)
        }
        (None, mark) => Decoded::Borrowed(&bytes[mark..]),
    }
}

/// A text without the byte order marks that it begins with. A file that was joined from others has them inside, and
/// they must not change at which byte of a line a fault is reported.
pub(crate) fn without_marks(mut text: &[u8]) -> &[u8] {
    while let Some(rest) = text.strip_prefix(b"\xef\xbb\xbf") {
        text = rest;
    }
    text
}

/// Appends UTF-16 as UTF-8, and returns how many bytes were used. Half a unit or half a surrogate pair is left until
/// its other half arrives or the input ends.
fn transcode(bytes: &[u8], unit: Unit, is_end: bool, text: &mut Vec<u8>) -> usize {
    let (mut pairs, odd) = bytes.as_chunks::<2>();
    if let Some((last, others)) = pairs.split_last()
        && !is_end
        && matches!(unit(*last), 0xd800..=0xdbff)
    {
        pairs = others;
    }
    for c in char::decode_utf16(pairs.iter().map(|pair| unit(*pair))) {
        match c {
            Ok(c) => text.extend_from_slice(c.encode_utf8(&mut [0; 4]).as_bytes()),
            Err(_) => text.push(INVALID),
        }
    }
    if !is_end {
        return 2 * pairs.len();
    }
    text.extend(odd.iter().map(|_| INVALID));
    bytes.len()
}

/// Reads text in any of the encodings as UTF-8, in bounded memory. UTF-8 is passed straight through.
pub(crate) struct TextReader<R> {
    input: R,
    state: State,
    undecoded: Zeroizing<Vec<u8>>,
    decoded: Zeroizing<Vec<u8>>,
    /// How much of what was decoded has been returned.
    returned: usize,
}

#[derive(Clone, Copy)]
enum State {
    Start,
    Utf8,
    Utf16(Unit),
}

impl<R: Read> TextReader<R> {
    pub(crate) fn new(input: R) -> Self {
        let (undecoded, decoded) = (Zeroizing::default(), Zeroizing::default());
        Self { input, state: State::Start, undecoded, decoded, returned: 0 }
    }

    /// Chooses the encoding by the mark that the text begins with, if there is one, and skips it.
    fn skip_mark(&mut self) {
        let (unit, mark) = encoding(&self.undecoded);
        self.undecoded.drain(..mark);
        if let Some(unit) = unit {
            self.state = State::Utf16(unit);
            self.undecoded.reserve_exact(CHUNK + 4);
            self.decoded = Zeroizing::new(Vec::with_capacity(CHUNK / 2 * 3 + 8));
            self.transcode(unit, false);
        } else {
            self.state = State::Utf8;
            self.decoded = std::mem::take(&mut self.undecoded);
        }
    }

    fn transcode(&mut self, unit: Unit, is_end: bool) {
        self.decoded.clear();
        self.returned = 0;
        let used = transcode(&self.undecoded, unit, is_end, &mut self.decoded);
        self.undecoded.drain(..used);
    }
}

impl<R: Read> Read for TextReader<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if buffer.is_empty() {
            return Ok(0);
        }
        loop {
            let ready = &self.decoded[self.returned..];
            if !ready.is_empty() {
                let some = ready.len().min(buffer.len());
                buffer[..some].copy_from_slice(&ready[..some]);
                self.returned += some;
                return Ok(some);
            }
            match self.state {
                State::Start => {
                    let read = self.input.read(buffer)?;
                    let begins_mark = matches!(buffer[..read].first(), Some(0xff | 0xfe | 0xef));
                    if self.undecoded.is_empty() && !begins_mark {
                        self.state = State::Utf8;
                        return Ok(read);
                    }
                    self.undecoded.extend_from_slice(&buffer[..read]);
                    let is_part = matches!(self.undecoded[..], [_] | [0xef, 0xbb]);
                    if read == 0 || !is_part {
                        self.skip_mark();
                    }
                }
                State::Utf8 => return self.input.read(buffer),
                State::Utf16(unit) => {
                    let room = buffer.len().min(CHUNK);
                    let read = self.input.read(&mut buffer[..room])?;
                    self.undecoded.extend_from_slice(&buffer[..read]);
                    self.transcode(unit, read == 0);
                    if read == 0 && self.decoded.is_empty() {
                        return Ok(0);
                    }
                }
            }
        }
    }
}
