//! The outside world: files and standard input, always with a bound on how much is read.
//! It knows nothing of tokens and keys.

mod commit;
mod http;
mod input;
mod lock;
mod loopback;
mod output;
mod proxy;
mod read;
mod resolver;
mod stderr;
mod stdin;
mod store;
mod trust;
mod unix;

pub use commit::{
    CreateError, CreateOptions, CreatedFiles, LeftBehind, Leftover, NewFile, Readers, create,
};
pub use http::{
    CacheHeaders, CertificateFault, Connect, GetRequest, Http, HttpError, Response, Settings,
    connect,
};
pub use input::{Cancellable, Input, is_also_output, size_of};
pub use loopback::{NotThisMachine, is_this_machine};
pub use output::write_rows;
pub use proxy::Proxies;
pub use read::{identity, read_file, read_text};
pub use stderr::Stderr;
pub use stdin::{Stdin, StdinError, Unbuffered};
pub use store::{Lock, Store};
pub use trust::{MAX_CERTIFICATES, Trust, TrustError, read_certificates};
pub use unix::{
    BlockedSignals, CancelToken, Interruptible, Output, Stdout, ask, exit_by_signal, is_stdout,
    is_stream, is_terminal, protect_process, resolve_path,
};

use std::io::{self, Read};

use zeroize::Zeroize as _;

/// The size of the first buffer: enough for most keys and tokens.
const FIRST_BUFFER: usize = 8 * 1024;

/// Bytes read, and whether the bound cut them off.
#[derive(Default)]
pub struct Bounded {
    /// At most `limit` bytes.
    pub bytes: Vec<u8>,
    /// Whether there was more.
    pub cut: bool,
}

/// Reads to the end or to the bound. What may be a secret leaves no copy behind: a buffer that is
/// outgrown is wiped.
fn read_bounded(reader: &mut dyn Read, limit: usize) -> io::Result<Bounded> {
    let mut reader = reader.take(limit as u64 + 1);
    let mut bytes = vec![0; FIRST_BUFFER.min(limit + 1)];
    let mut length = 0;
    loop {
        match reader.read(&mut bytes[length..]) {
            Ok(0) => break,
            Ok(read) => length += read,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
        if length == bytes.len() && length <= limit {
            let mut outgrown = bytes;
            bytes = vec![0; (length * 4).min(limit + 1)];
            bytes[..length].copy_from_slice(&outgrown);
            outgrown.zeroize();
        }
    }
    bytes.truncate(length.min(limit));
    Ok(Bounded { bytes, cut: length > limit })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reading_stops_at_the_bound() {
        let text = vec![7; 3 * FIRST_BUFFER];
        for (limit, cut) in
            [(10, true), (text.len() - 1, true), (text.len(), false), (1 << 20, false)]
        {
            let read = read_bounded(&mut &text[..], limit).unwrap();
            assert_eq!((read.bytes.len(), read.cut), (text.len().min(limit), cut), "{limit}");
            assert!(read.bytes.iter().all(|byte| *byte == 7));
        }
        assert!(read_bounded(&mut &[][..], 5).unwrap().bytes.is_empty());
    }
}
