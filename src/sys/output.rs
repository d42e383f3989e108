//! Rows written whole: a reader that leaves, a full disk or an interrupt leaves no half of one.

use std::io::{self, Write};

/// What rows are written to.
pub trait Output: Write {
    /// The most bytes that are written at once or not at all, where there is such a bound.
    fn atomic_size(&self) -> Option<usize> {
        None
    }

    /// Takes the last bytes back, where that can be done: a row that a full disk has cut.
    fn retract(&mut self, _bytes: usize) {}
}

impl Output for Vec<u8> {}

/// Writes rows, each with its newline. Returns how many bytes of whole rows were written, and why not all.
pub fn write_rows(out: &mut dyn Output, rows: &[u8]) -> (usize, io::Result<()>) {
    let atomic_size = out.atomic_size();
    let mut done = 0;
    while done < rows.len() {
        let piece = &rows[done..done + piece(&rows[done..], atomic_size)];
        if let Err((written, error)) = write(out, piece) {
            let whole = memchr::memrchr(b'\n', &piece[..written]).map_or(0, |end| end + 1);
            if whole < written {
                out.retract(written - whole);
            }
            return (done + whole, Err(error));
        }
        done += piece.len();
    }
    (done, out.flush())
}

/// The length of as many rows as are written at once, or of one that is longer than that.
fn piece(rows: &[u8], atomic_size: Option<usize>) -> usize {
    let Some(most) = atomic_size.filter(|most| *most < rows.len()) else { return rows.len() };
    let end = memchr::memrchr(b'\n', &rows[..most]).or_else(|| memchr::memchr(b'\n', rows));
    end.map_or(rows.len(), |end| end + 1)
}

/// Writes a piece. On failure, returns how much of it was written.
fn write(out: &mut dyn Output, piece: &[u8]) -> Result<(), (usize, io::Error)> {
    let mut written = 0;
    while written < piece.len() {
        match out.write(&piece[written..]) {
            Ok(0) => return Err((written, io::ErrorKind::WriteZero.into())),
            Ok(some) => written += some,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err((written, error)),
        }
    }
    Ok(())
}
