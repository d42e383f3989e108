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
pub(crate) fn write_rows(out: &mut dyn Output, rows: &[u8]) -> (usize, io::Result<()>) {
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

#[cfg(test)]
mod tests {
    use super::*;

    /// Takes so many bytes in all, so many at a time; a row that is retracted is gone.
    #[derive(Default)]
    struct Disk {
        holds: Vec<u8>,
        room: usize,
        step: usize,
        atomic_size: Option<usize>,
        pieces: Vec<usize>,
    }

    impl Write for Disk {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.pieces.push(bytes.len());
            let some = bytes.len().min(self.step).min(self.room - self.holds.len());
            self.holds.extend(&bytes[..some]);
            if some == 0 { Err(io::ErrorKind::StorageFull.into()) } else { Ok(some) }
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    impl Output for Disk {
        fn atomic_size(&self) -> Option<usize> {
            self.atomic_size
        }

        fn retract(&mut self, bytes: usize) {
            self.holds.truncate(self.holds.len() - bytes);
        }
    }

    #[test]
    fn a_full_disk_holds_whole_rows() {
        let rows = b"one\ntwo\nthree\n";
        for room in 0..=rows.len() {
            for step in [1, 3, 100] {
                let mut disk = Disk { room, step, ..Disk::default() };
                let (written, result) = write_rows(&mut disk, rows);
                let whole = [14, 8, 4, 0].into_iter().find(|end| *end <= room).unwrap();
                assert_eq!((written, &disk.holds[..]), (whole, &rows[..whole]), "{room} {step}");
                assert_eq!(result.is_ok(), room == rows.len());
            }
        }
    }

    #[test]
    fn a_pipe_gets_no_more_at_once_than_it_takes_whole() {
        let mut pipe = Disk { room: 100, step: 100, atomic_size: Some(8), ..Disk::default() };
        let rows = b"one\ntwo\nx\na long row\nsix\n";
        assert_eq!(write_rows(&mut pipe, rows).0, rows.len());
        assert_eq!((&pipe.holds[..], &pipe.pieces[..]), (&rows[..], &[8, 2, 11, 4][..]));
    }
}
