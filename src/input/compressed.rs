//! Text as it was before it was compressed (gzip, RFC 1952; Zstandard, RFC 8878), and UTF-8 in place of UTF-16. The first
//! bytes say what an input is.

use std::io::{self, BufRead as _, BufReader, Chain, Cursor, ErrorKind, Read};
use std::sync::atomic::AtomicU64;

use flate2::bufread::MultiGzDecoder;
use ruzstd::decoding::errors::{FrameDecoderError, ReadFrameHeaderError};
use ruzstd::decoding::{BlockDecodingStrategy, FrameDecoder};

use super::counted::Counted;
use crate::batch::read;
use crate::text::{TextReader, is_utf16};

/// How many bytes are read at a time.
const BUFFER: usize = 128 * 1024;

/// The most memory that an archive may demand for its window, in bytes: as much as those of `zstd -20` do.
const MAX_WINDOW: u64 = 32 * 1024 * 1024;

/// The first bytes of an archive, and of UTF-16. An archive may begin with a frame that is skipped (RFC 8878 section
/// 3.1.2), as that of `pzstd` does; the lower half of its first byte is free.
const MARKS: [&[u8]; 5] = [&GZIP, &ZSTANDARD, &SKIPPABLE, b"\xff\xfe", b"\xfe\xff"];

const GZIP: [u8; 2] = [0x1f, 0x8b];
const ZSTANDARD: [u8; 4] = [0x28, 0xb5, 0x2f, 0xfd];
const SKIPPABLE: [u8; 4] = [0x50, 0x2a, 0x4d, 0x18];

/// An input with the bytes that were read to find out what it is.
type Whole<'a, R> = Counted<'a, BufReader<Chain<Cursor<Vec<u8>>, R>>>;

/// The text of an input.
pub struct Decompressed<'a, R: Read>(Layer<'a, R>);

enum Layer<'a, R: Read> {
    /// Nothing was read yet.
    Start(Option<(R, &'a AtomicU64)>),
    Plain(Whole<'a, R>),
    Utf16(TextReader<Whole<'a, R>>),
    Gzip(Box<MultiGzDecoder<Whole<'a, R>>>),
    /// Before a frame, or at the end.
    Zstandard(Option<Whole<'a, R>>),
    Frame(Option<(Box<FrameDecoder>, Whole<'a, R>)>),
}

impl<'a, R: Read> Decompressed<'a, R> {
    /// The text of this input, of which nothing is read yet. Counts the bytes of the input.
    pub fn new(input: R, bytes: &'a AtomicU64) -> Self {
        Self(Layer::Start(Some((input, bytes))))
    }
}

impl<R: Read> Read for Decompressed<'_, R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.0.read(buffer)
    }
}

impl<'a, R: Read> Layer<'a, R> {
    /// Finds out what the input is. Text is not kept waiting for more bytes than it has.
    fn open(mut input: R, bytes: &'a AtomicU64) -> io::Result<Self> {
        let mut head = Vec::new();
        while MARKS.iter().any(|mark| mark.len() > head.len() && begins(mark, &head)) {
            let mut byte = [0];
            if read(&mut input, &mut byte)? == 0 {
                break;
            }
            head.extend(byte);
        }
        let is = |mark: &[u8]| mark.len() == head.len() && begins(mark, &head);
        let (is_gzip, is_zstandard) = (is(&GZIP), is(&ZSTANDARD) || is(&SKIPPABLE));
        let is_utf16 = is_utf16(&head);
        let input = BufReader::with_capacity(BUFFER, Cursor::new(head).chain(input));
        let whole = Counted { input, bytes };
        Ok(if is_gzip {
            Self::Gzip(Box::new(MultiGzDecoder::new(whole)))
        } else if is_zstandard {
            Self::Zstandard(Some(whole))
        } else if is_utf16 {
            Self::Utf16(TextReader::new(whole))
        } else {
            Self::Plain(whole)
        })
    }

    /// Begins the next frame; false at the end. Frames that hold no content are skipped (RFC 8878 section 3.1.2).
    fn next_frame(&mut self) -> io::Result<bool> {
        let Self::Zstandard(input) = self else { return Ok(true) };
        let Some(mut input) = input.take() else { return Ok(false) };
        loop {
            if input.fill_buf()?.is_empty() {
                return Ok(false);
            }
            let mut decoder = FrameDecoder::new();
            decoder.set_max_window_size(MAX_WINDOW);
            match decoder.init(&mut input) {
                Ok(()) => {
                    *self = Self::Frame(Some((Box::new(decoder), input)));
                    return Ok(true);
                }
                Err(FrameDecoderError::ReadFrameHeaderError(ReadFrameHeaderError::SkipFrame {
                    length,
                    ..
                })) => {
                    let skipped = io::copy(&mut (&mut input).take(length.into()), &mut io::sink())?;
                    if skipped < length.into() {
                        return Err(damaged("Zstandard", "it is cut off"));
                    }
                }
                Err(FrameDecoderError::WindowSizeTooBig { .. }) => {
                    return Err(damaged("Zstandard", "it needs more than 32 MiB of memory"));
                }
                Err(FrameDecoderError::DictNotProvided { .. }) => {
                    return Err(damaged("Zstandard", "it was made with a dictionary"));
                }
                Err(_) => return Err(damaged("Zstandard", "it is cut off or damaged")),
            }
        }
    }

    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        loop {
            match self {
                Self::Start(input) => {
                    let Some((input, bytes)) = input.take() else { return Ok(0) };
                    *self = Self::open(input, bytes)?;
                }
                Self::Plain(input) => return input.read(buffer),
                Self::Utf16(input) => return input.read(buffer),
                Self::Gzip(input) => {
                    return input.read(buffer).map_err(|error| match error.kind() {
                        ErrorKind::UnexpectedEof => damaged("gzip", "it is cut off"),
                        ErrorKind::InvalidInput | ErrorKind::InvalidData => {
                            damaged("gzip", &error.to_string())
                        }
                        _ => error,
                    });
                }
                Self::Zstandard(_) => {
                    if !self.next_frame()? {
                        return Ok(0);
                    }
                }
                Self::Frame(frame) => {
                    let Some((decoder, input)) = frame else { return Ok(0) };
                    while decoder.can_collect() == 0 && !decoder.is_finished() {
                        decoder
                            .decode_blocks(&mut *input, BlockDecodingStrategy::UptoBlocks(1))
                            .map_err(|_| damaged("Zstandard", "it is cut off or damaged"))?;
                    }
                    let read = decoder.read(buffer)?;
                    if read > 0 {
                        return Ok(read);
                    }
                    let sum = decoder.get_checksum_from_data();
                    if sum.is_some() && sum != decoder.get_calculated_checksum() {
                        return Err(damaged("Zstandard", "its checksum is wrong"));
                    }
                    *self = Self::Zstandard(frame.take().map(|(_, input)| input));
                }
            }
        }
    }
}

/// Whether a mark begins with this, which may have any lower half in the first byte of [`SKIPPABLE`].
fn begins(mark: &[u8], head: &[u8]) -> bool {
    match (mark, head) {
        ([0x50, mark @ ..], [first, head @ ..]) => first & 0xf0 == 0x50 && mark.starts_with(head),
        _ => mark.starts_with(head),
    }
}

fn damaged(format: &str, why: &str) -> io::Error {
    io::Error::new(ErrorKind::InvalidData, format!("the {format} archive cannot be read: {why}"))
}
