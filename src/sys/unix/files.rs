//! Modes, owners, identities and locks of files.

use std::fs::{self, DirBuilder, File, Metadata, Permissions, TryLockError};
use std::os::unix::fs::{DirBuilderExt as _, MetadataExt as _, PermissionsExt as _};
use std::path::Path;
use std::time::{Duration, Instant};
use std::{io, thread};

use rustix::fs::{Mode, OFlags};
use rustix::io::Errno;
use rustix::process::geteuid;

/// Who may read a new file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Readers {
    /// Only its owner: mode 0600, whatever the umask is.
    Owner,
    /// Everybody, as far as the umask allows it.
    Anyone,
}

/// The mode of a new file, which the umask narrows.
pub(super) fn mode(readers: Readers) -> u32 {
    match readers {
        Readers::Owner => 0o600,
        Readers::Anyone => 0o666,
    }
}

pub(in crate::sys) fn permissions(readers: Readers) -> Permissions {
    Permissions::from_mode(mode(readers))
}

/// A file's device and inode.
pub(in crate::sys) fn id(found: &Metadata) -> (u64, u64) {
    (found.dev(), found.ino())
}

/// Opens a file or folder, with its device and inode.
pub(in crate::sys) fn open_with_id(path: &Path) -> io::Result<(File, (u64, u64))> {
    let file = File::open(path)?;
    let id = id(&file.metadata()?);
    Ok((file, id))
}

/// A text that identifies a file or folder and its version; empty if it does not exist.
pub(in crate::sys) fn version(path: &Path) -> String {
    let Ok(found) = fs::metadata(path) else { return String::new() };
    let (device, inode) = id(&found);
    format!("{device}:{inode} {} {}.{}", found.size(), found.mtime(), found.mtime_nsec())
}

/// Whether only its owner can read or write a file or folder. Files from a checkout or an archive are not.
pub(in crate::sys) fn is_private(found: &Metadata) -> bool {
    let is_plain = found.is_file() || found.is_dir();
    let of_others = found.mode() & 0o077;
    is_plain && found.uid() == geteuid().as_raw() && of_others == 0
}

/// Makes a folder that only its owner can use, and its missing parents.
pub(in crate::sys) fn create_private_folder(path: &Path) -> io::Result<()> {
    DirBuilder::new().recursive(true).mode(0o700).create(path)
}

/// Opens a file to read. Does not follow a link or wait for the writer of a pipe.
pub(in crate::sys) fn open_to_read(path: &Path) -> io::Result<File> {
    open(path, OFlags::RDONLY | OFlags::NONBLOCK)
}

/// Opens a lock file; creates it if it does not exist.
pub(in crate::sys) fn open_to_lock(path: &Path) -> io::Result<File> {
    open(path, OFlags::RDWR | OFlags::CREATE)
}

fn open(path: &Path, flags: OFlags) -> io::Result<File> {
    let flags = flags | OFlags::CLOEXEC | OFlags::NOFOLLOW;
    Ok(rustix::fs::open(path, flags, Mode::from_raw_mode(0o600))?.into())
}

/// Renames a file to a name that does not exist yet.
#[cfg(any(target_os = "linux", target_vendor = "apple"))]
pub(in crate::sys) fn rename_new(from: &Path, to: &Path) -> io::Result<()> {
    use rustix::fs::{CWD, RenameFlags, renameat_with};

    Ok(renameat_with(CWD, from, CWD, to, RenameFlags::NOREPLACE)?)
}

#[cfg(not(any(target_os = "linux", target_vendor = "apple")))]
pub(in crate::sys) fn rename_new(_: &Path, _: &Path) -> io::Result<()> {
    Err(io::ErrorKind::Unsupported.into())
}

/// Whether a failed lock on a folder means that there are no such locks. NFS requires a writable descriptor, which a
/// folder cannot have.
pub(in crate::sys) fn cannot_lock_folders(error: &io::Error) -> bool {
    matches!(
        Errno::from_io_error(error),
        Some(Errno::BADF | Errno::INVAL | Errno::NOLCK | Errno::NOSYS | Errno::OPNOTSUPP)
    )
}

pub(in crate::sys) const RETRY_AFTER: Duration = Duration::from_millis(10);

/// Locks a file for as long as it is open; `WouldBlock` if another process holds the lock until `until`.
pub(in crate::sys) fn wait_for_lock(file: &File, until: Instant) -> io::Result<()> {
    loop {
        match file.try_lock() {
            Err(TryLockError::WouldBlock) if Instant::now() < until => thread::sleep(RETRY_AFTER),
            locked => return Ok(locked?),
        }
    }
}
