//! Rows written whole: a reader that goes, a full disk or an interrupt leaves no half of one.

use std::io;

use super::Output;

/// Writes rows, each with its newline. Gives how many bytes of whole rows were written, all or fewer, and why
/// not all.
pub fn write_rows(out: &mut dyn Output, rows: &[u8]) -> (usize, io::Result<()>) {
    let at_once = out.whole();
    let mut done = 0;
    while done < rows.len() {
        let piece = &rows[done..done + piece(&rows[done..], at_once)];
        if let Err((written, error)) = write(out, piece) {
            let whole = memchr::memrchr(b'\n', &piece[..written]).map_or(0, |end| end + 1);
            if whole < written {
                out.take_back(written - whole);
            }
            return (done + whole, Err(error));
        }
        done += piece.len();
    }
    (done, out.flush())
}

/// As many rows as are written at once, or one that is longer than that.
fn piece(rows: &[u8], at_once: Option<usize>) -> usize {
    let Some(most) = at_once.filter(|most| *most < rows.len()) else { return rows.len() };
    let end = memchr::memrchr(b'\n', &rows[..most]).or_else(|| memchr::memchr(b'\n', rows));
    end.map_or(rows.len(), |end| end + 1)
}

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
    use std::io::Write;

    use super::*;

    /// Takes so many bytes in all, so many at a time; a row that is taken back is gone.
    struct Disk {
        holds: Vec<u8>,
        room: usize,
        step: usize,
        at_once: Option<usize>,
        pieces: Vec<usize>,
    }

    impl Write for Disk {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.pieces.push(bytes.len());
            match bytes.len().min(self.step).min(self.room - self.holds.len()) {
                0 => Err(io::ErrorKind::StorageFull.into()),
                some => {
                    self.holds.extend(&bytes[..some]);
                    Ok(some)
                }
            }
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    impl Output for Disk {
        fn whole(&self) -> Option<usize> {
            self.at_once
        }

        fn take_back(&mut self, bytes: usize) {
            self.holds.truncate(self.holds.len() - bytes);
        }
    }

    fn disk(room: usize, step: usize, at_once: Option<usize>) -> Disk {
        Disk { holds: Vec::new(), room, step, at_once, pieces: Vec::new() }
    }

    #[test]
    fn a_full_disk_holds_whole_rows() {
        let rows = b"one\ntwo\nthree\n";
        for room in 0..=rows.len() {
            for step in [1, 3, 100] {
                let mut disk = disk(room, step, None);
                let (written, result) = write_rows(&mut disk, rows);
                let whole = [14, 8, 4, 0].into_iter().find(|end| *end <= room).unwrap();
                assert_eq!((written, &disk.holds[..]), (whole, &rows[..whole]), "{room} {step}");
                assert_eq!(result.is_ok(), room == rows.len());
            }
        }
    }

    #[test]
    fn a_pipe_gets_no_more_at_once_than_it_takes_whole() {
        let mut pipe = disk(100, 100, Some(8));
        let rows = b"one\ntwo\nx\na long row\nsix\n";
        assert_eq!(write_rows(&mut pipe, rows).0, rows.len());
        assert_eq!(pipe.holds, rows);
        assert_eq!(pipe.pieces, [8, 2, 11, 4]);
    }
}
