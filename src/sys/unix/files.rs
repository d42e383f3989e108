//! Modes, owners and identities of files.

use std::fs::{self, DirBuilder, File, Metadata, Permissions};
use std::io;
use std::os::fd::{AsFd as _, BorrowedFd};
use std::os::unix::fs::{
    DirBuilderExt as _, MetadataExt as _, OpenOptionsExt as _, PermissionsExt as _,
};
use std::path::Path;

use rustix::fs::{Mode, OFlags};
use rustix::io::Errno;
use rustix::process::geteuid;

use crate::sys::readers::Readers;
use crate::sys::shell::Shell;

/// What a wait for input waits on.
pub(crate) type Descriptor<'a> = BorrowedFd<'a>;

pub(in crate::sys) fn descriptor(file: &File) -> Descriptor<'_> {
    file.as_fd()
}

/// The variable with the user's folder, and in it, where `XDG_CACHE_HOME`, `XDG_STATE_HOME` and
/// `XDG_CONFIG_HOME` are not set, the folders of the cache, of the key that seals it, and of the settings.
pub(crate) const HOME: (&str, [&str; 3]) =
    ("HOME", [".cache/jwtctl", ".local/state/jwtctl", ".config/jwtctl"]);

/// The mode of a new file, which the umask narrows.
pub(super) fn mode(readers: Readers) -> u32 {
    match readers {
        Readers::Owner => 0o600,
        Readers::Anyone => 0o666,
    }
}

/// The shell that commands in hints are for.
pub(crate) const SHELL: Shell = Shell::Posix;

/// The command that prints the clipboard; `wl-paste` does so on most Linux desktops.
pub(crate) const CLIPBOARD: &str =
    if cfg!(target_vendor = "apple") { "pbpaste" } else { "wl-paste" };

/// Creates a file that does not exist.
pub(in crate::sys) fn create_new(path: &Path, readers: Readers) -> io::Result<File> {
    File::options().write(true).create_new(true).mode(mode(readers)).open(path)
}

/// Sets the mode of a new file that only its owner may read, since the umask may have taken too much.
pub(in crate::sys) fn restrict(file: &File, readers: Readers) -> io::Result<()> {
    match readers {
        Readers::Owner => file.set_permissions(Permissions::from_mode(mode(readers))),
        Readers::Anyone => Ok(()),
    }
}

/// A file's device and inode.
fn id(found: &Metadata) -> (u64, u64) {
    (found.dev(), found.ino())
}

/// The device and inode of a file or folder; those of a link itself.
pub(in crate::sys) fn id_of(path: &Path) -> Option<(u64, u64)> {
    Some(id(&fs::symlink_metadata(path).ok()?))
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
pub(in crate::sys) fn is_private(file: &File) -> bool {
    file.metadata().is_ok_and(|found| is_owners(&found))
}

/// Whether somebody other than its owner and the administrator can write a file, or owns it.
pub(in crate::sys) fn others_may_write(file: &File) -> bool {
    file.metadata().map_or(true, |found| {
        let is_ours = [0, geteuid().as_raw()].contains(&found.uid());
        !is_ours || found.mode() & 0o022 != 0
    })
}

/// Like [`is_private`], for the file or folder at a path; false for a link.
pub(in crate::sys) fn is_private_path(path: &Path) -> bool {
    fs::symlink_metadata(path).is_ok_and(|found| is_owners(&found))
}

fn is_owners(found: &Metadata) -> bool {
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

/// Our own words for an error; none, since the system's do not depend on the user's language.
pub(in crate::sys) fn words(_: io::ErrorKind) -> Option<&'static str> {
    None
}
