//! Rows are written whole.

use std::io::Write;

use jwtctl::sys::{Output, write_rows};

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
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.pieces.push(bytes.len());
        let some = bytes.len().min(self.step).min(self.room - self.holds.len());
        self.holds.extend(&bytes[..some]);
        if some == 0 { Err(std::io::ErrorKind::StorageFull.into()) } else { Ok(some) }
    }

    fn flush(&mut self) -> std::io::Result<()> {
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
