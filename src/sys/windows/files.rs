//! Files: creation, identities, and our own words for errors.

use std::fs::File;
use std::io::{self, ErrorKind};
use std::os::windows::fs::{MetadataExt as _, OpenOptionsExt as _};
use std::os::windows::io::{AsHandle as _, BorrowedHandle};
use std::path::Path;

use tempfile::TempPath;
use winapi_util::file::information;
use windows_sys::Win32::Storage::FileSystem::{
    FILE_FLAG_BACKUP_SEMANTICS, FILE_FLAG_OPEN_REPARSE_POINT,
};

use super::security::{create_owners_file, create_owners_folder, is_private};
use crate::sys::readers::Readers;
use crate::sys::shell::Shell;

/// What a wait for input waits on.
pub(crate) type Descriptor<'a> = BorrowedHandle<'a>;

pub(in crate::sys) fn descriptor(file: &File) -> Descriptor<'_> {
    file.as_handle()
}

/// The variable with the user's folder, and in it, where `XDG_CACHE_HOME`, `XDG_STATE_HOME` and
/// `XDG_CONFIG_HOME` are not set, the folders of the cache, of the key that seals it, and of the settings.
pub(crate) const HOME: (&str, [&str; 3]) =
    ("LOCALAPPDATA", [r"jwtctl\cache", r"jwtctl\state", "jwtctl"]);

/// The shell that commands in hints are for.
pub(crate) const SHELL: Shell = Shell::PowerShell;

/// The command that prints the clipboard.
pub(crate) const CLIPBOARD: &str = "Get-Clipboard";

/// Creates a file that does not exist.
pub(in crate::sys) fn create_new(path: &Path, readers: Readers) -> io::Result<File> {
    match readers {
        Readers::Owner => create_owners_file(path),
        Readers::Anyone => File::options().write(true).create_new(true).open(path),
    }
}

/// Does nothing, because a file is restricted when it is created.
#[expect(clippy::unnecessary_wraps, reason = "on Unix it can fail")]
pub(in crate::sys) fn restrict(_: &File, _: Readers) -> io::Result<()> {
    Ok(())
}

fn id(file: &File) -> io::Result<(u64, u64)> {
    let found = information(file)?;
    Ok((found.volume_serial_number(), found.file_index()))
}

/// The volume and number of a file or folder; those of a link itself.
pub(in crate::sys) fn id_of(path: &Path) -> Option<(u64, u64)> {
    id(&open_itself(path).ok()?).ok()
}

/// Whether somebody else can write a file: not looked at, since a user's folders belong to the user alone.
pub(in crate::sys) fn others_may_write(_: &File) -> bool {
    false
}

/// Whether only its owner can read or write the file or folder at a path; a link is looked at itself.
pub(in crate::sys) fn is_private_path(path: &Path) -> bool {
    open_itself(path).is_ok_and(|file| is_private(&file))
}

/// Opens a file or folder to look at it; a link itself.
fn open_itself(path: &Path) -> io::Result<File> {
    open(path, FILE_FLAG_BACKUP_SEMANTICS | FILE_FLAG_OPEN_REPARSE_POINT)
}

/// Opens a file or folder, with its volume and number.
pub(in crate::sys) fn open_with_id(path: &Path) -> io::Result<(File, (u64, u64))> {
    let file = open(path, FILE_FLAG_BACKUP_SEMANTICS)?;
    let id = id(&file)?;
    Ok((file, id))
}

/// A text that identifies a file or folder and its version; empty if it does not exist.
pub(in crate::sys) fn version(path: &Path) -> String {
    let found = open_with_id(path).and_then(|(file, id)| Ok((id, file.metadata()?)));
    let Ok(((volume, number), found)) = found else { return String::new() };
    format!("{volume}:{number} {} {}", found.file_size(), found.last_write_time())
}

/// Makes a folder that only its owner can use, and its missing parents.
pub(in crate::sys) fn create_private_folder(path: &Path) -> io::Result<()> {
    if path.is_dir() {
        return Ok(());
    }
    if let Some(parent) = path.parent() {
        create_private_folder(parent)?;
    }
    match create_owners_folder(path) {
        Err(error) if error.kind() == ErrorKind::AlreadyExists && path.is_dir() => Ok(()),
        created => created,
    }
}

/// Opens a file to read. Does not follow a link.
pub(in crate::sys) fn open_to_read(path: &Path) -> io::Result<File> {
    open(path, FILE_FLAG_OPEN_REPARSE_POINT)
}

fn open(path: &Path, flags: u32) -> io::Result<File> {
    File::options().read(true).custom_flags(flags).open(path)
}

/// Opens a lock file; creates it if it does not exist.
pub(in crate::sys) fn open_to_lock(path: &Path) -> io::Result<File> {
    let mut options = File::options();
    options.read(true).write(true).create(true).truncate(false);
    options.custom_flags(FILE_FLAG_OPEN_REPARSE_POINT).open(path)
}

/// Renames a file to a name that does not exist yet.
pub(in crate::sys) fn rename_new(from: &Path, to: &Path) -> io::Result<()> {
    let renamed = TempPath::try_from_path(from)?.persist_noclobber(to);
    renamed.map_err(|failed| {
        // The caller removes it.
        let _ = failed.path.keep();
        failed.error
    })
}

/// Whether a failed lock on a folder means that there are no such locks: Windows locks bytes of files only.
pub(in crate::sys) fn cannot_lock_folders(error: &io::Error) -> bool {
    error.kind() != ErrorKind::WouldBlock
}

/// Windows has no files without a name.
pub(in crate::sys) fn open_nameless(_: &Path, _: Readers) -> io::Result<File> {
    Err(ErrorKind::Unsupported.into())
}

/// Windows has no files without a name.
pub(in crate::sys) fn link_nameless(_: &File, _: &Path) -> io::Result<()> {
    Err(ErrorKind::Unsupported.into())
}

/// Our own words for an error, those of Unix, because the system's are in the language of the user.
pub(in crate::sys) fn words(kind: ErrorKind) -> Option<&'static str> {
    Some(match kind {
        ErrorKind::NotFound => "No such file or directory",
        ErrorKind::PermissionDenied => "Permission denied",
        ErrorKind::AlreadyExists => "File exists",
        ErrorKind::NotADirectory => "Not a directory",
        ErrorKind::IsADirectory => "Is a directory",
        ErrorKind::DirectoryNotEmpty => "Directory not empty",
        ErrorKind::ReadOnlyFilesystem => "Read-only file system",
        ErrorKind::StorageFull => "No space left on device",
        ErrorKind::FileTooLarge => "File too large",
        ErrorKind::ResourceBusy => "Device or resource busy",
        ErrorKind::BrokenPipe => "Broken pipe",
        ErrorKind::ConnectionRefused => "Connection refused",
        ErrorKind::ConnectionReset => "Connection reset by peer",
        ErrorKind::ConnectionAborted => "Software caused connection abort",
        ErrorKind::HostUnreachable => "No route to host",
        ErrorKind::NetworkUnreachable => "Network is unreachable",
        ErrorKind::NetworkDown => "Network is down",
        ErrorKind::TimedOut => "Connection timed out",
        ErrorKind::InvalidFilename => "Invalid file name",
        ErrorKind::CrossesDevices => "Invalid cross-device link",
        ErrorKind::OutOfMemory => "Cannot allocate memory",
        _ => return None,
    })
}
