//! New files, complete before they have a name: whatever happens on the way, a full disk, an interrupt,
//! a file is there whole or not at all. What is there already is not replaced unless that is asked for.

use std::fs::{self, File};
use std::io::{self, ErrorKind, Write};
use std::path::{Display, Path, PathBuf};

use tempfile::{NamedTempFile, TempPath};
use zeroize::Zeroizing;

use super::place::{folder_of, is_stream, write_into};

/// Who may read a new file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Readers {
    /// Its owner alone: 0600, whatever the process's mask.
    Owner,
    /// Whoever the process's mask lets.
    Anyone,
}

/// A file whose content is on disk, and that has no name yet.
pub struct Staged {
    /// As it was asked for.
    asked: PathBuf,
    /// Where it leads.
    path: PathBuf,
    content: Content,
}

enum Content {
    /// A file without a name: the system forgets it with the process.
    Nameless(File),
    /// A file under a temporary name, where the system knows no other way.
    Named(TempPath),
    /// Bytes for what is written into.
    Stream(Zeroizing<Vec<u8>>),
}

/// Puts a file's content on disk.
///
/// # Errors
/// The operating system's, a full disk among them; nothing stays behind.
pub fn stage(path: &Path, bytes: &[u8], readers: Readers) -> io::Result<Staged> {
    let asked = path.to_owned();
    if is_stream(path) {
        let content = Content::Stream(Zeroizing::new(bytes.to_vec()));
        return Ok(Staged { path: asked.clone(), asked, content });
    }
    stage_in_place(
        asked,
        fs::canonicalize(path).unwrap_or_else(|_| path.to_owned()),
        bytes,
        readers,
    )
}

/// Puts a file's content on disk that is to stand where its path says, and not where a link there leads.
pub(super) fn stage_in_place(
    asked: PathBuf,
    path: PathBuf,
    bytes: &[u8],
    readers: Readers,
) -> io::Result<Staged> {
    let folder = folder_of(&path);
    let content = if let Some(file) = nameless(folder, readers, DESCRIPTORS)? {
        fill(&file, bytes, readers)?;
        Content::Nameless(file)
    } else {
        let file = temporary(folder, readers)?;
        fill(file.as_file(), bytes, readers)?;
        Content::Named(file.into_temp_path())
    };
    Ok(Staged { asked, path, content })
}

fn fill(mut file: &File, bytes: &[u8], readers: Readers) -> io::Result<()> {
    unmask(file, readers)?;
    file.write_all(bytes)?;
    file.sync_all()
}

/// Gives files their names: all of them, or none.
///
/// What goes into a pipe or a device cannot be taken back, so it goes last. A file that is replaced while
/// others are to follow is kept under a second name until they are there; on a file system without hard
/// links it cannot be put back. `more` says that something is to follow these files: then they can still
/// be taken back, until what is returned is dropped.
///
/// To take another's place, a file needs a name of its own for a moment, since no link replaces (POSIX,
/// link). A process killed just then leaves such a name behind, `.tmp` and six characters; the file is as
/// private as it was to be.
///
/// # Errors
/// The file's place in the list, and why it could not be: `AlreadyExists` unless `replace` is set, and
/// the operating system's.
pub fn commit(
    staged: Vec<Staged>,
    replace: bool,
    more: bool,
) -> Result<Vec<Made>, (usize, io::Error)> {
    let mut staged: Vec<_> = staged.into_iter().enumerate().collect();
    staged.sort_by_key(|(_, file)| matches!(file.content, Content::Stream(_)));
    let mut left = staged.len();
    let mut done = Vec::with_capacity(left);
    for (index, file) in staged {
        left -= 1;
        match file.commit(replace, left > 0 || more) {
            Ok(made) => done.push((index, made)),
            Err(error) => {
                done.into_iter().rev().for_each(|(_, made)| made.take_back());
                return Err((index, error));
            }
        }
    }
    done.sort_by_key(|(index, _)| *index);
    let settled = |made| if more { made } else { Made { undo: Undo::Nothing, ..made } };
    Ok(done.into_iter().map(|(_, made)| settled(made)).collect())
}

/// A file that got its name, or a stream that was written into.
#[derive(Debug)]
pub struct Made {
    asked: PathBuf,
    undo: Undo,
}

impl Made {
    /// Its path, as it was asked for.
    #[must_use]
    pub fn display(&self) -> Display<'_> {
        self.asked.display()
    }

    /// Takes the name away again, and gives it back to what had it before.
    pub fn take_back(self) {
        self.undo.run();
    }
}

/// What takes back that a file got its name.
#[derive(Debug)]
enum Undo {
    Nothing,
    Remove(PathBuf),
    /// The file that was replaced, under its second name, which ends with this.
    PutBack(TempPath, PathBuf),
}

impl Undo {
    fn run(self) {
        match self {
            Self::Nothing => {}
            Self::Remove(path) => drop(fs::remove_file(path)),
            Self::PutBack(old, path) => {
                if let Err(failed) = old.persist(path) {
                    // Under an odd name is better than gone.
                    let _ = failed.path.keep();
                }
            }
        }
    }
}

impl Staged {
    /// Gives the file its name, in one step; `keep` what is replaced, for an undo.
    fn commit(self, replace: bool, keep: bool) -> io::Result<Made> {
        let Self { asked, path, content } = self;
        let undo = content.take_name(path, replace, keep)?;
        Ok(Made { asked, undo })
    }
}

impl Content {
    fn take_name(self, path: PathBuf, replace: bool, keep: bool) -> io::Result<Undo> {
        let new = match self {
            Self::Stream(bytes) => {
                return write_into(&path, &bytes).map(|()| Undo::Nothing);
            }
            Self::Nameless(file) => match link(&file, &path) {
                Err(error) if replace && is_taken(&error) => {
                    beside(&path, |name| link(&file, name))?
                }
                linked => return linked.map(|()| Undo::Remove(path)),
            },
            Self::Named(file) => match file.persist_noclobber(&path) {
                Err(taken) if replace && is_taken(&taken.error) => taken.path,
                named => return Ok(named.map(|()| Undo::Remove(path))?),
            },
        };
        let old = keep.then(|| beside(&path, |name| fs::hard_link(&path, name)).ok()).flatten();
        new.persist(&path)?;
        Ok(old.map_or(Undo::Nothing, |old| Undo::PutBack(old, path)))
    }
}

fn is_taken(error: &io::Error) -> bool {
    error.kind() == ErrorKind::AlreadyExists
}

/// Makes a second name for a file in the folder of another; it ends with what is returned.
fn beside(path: &Path, name: impl FnMut(&Path) -> io::Result<()>) -> io::Result<TempPath> {
    Ok(tempfile::Builder::new().make_in(folder_of(path), name)?.into_temp_path())
}

/// The mask narrows the mode that a file is opened with (POSIX, open): 0600 to what even its owner
/// cannot read.
#[cfg(unix)]
fn unmask(file: &File, readers: Readers) -> io::Result<()> {
    if readers == Readers::Owner {
        file.set_permissions(permissions(readers))?;
    }
    Ok(())
}

#[cfg(not(unix))]
fn unmask(_: &File, _: Readers) -> io::Result<()> {
    Ok(())
}

#[cfg(unix)]
fn temporary(folder: &Path, readers: Readers) -> io::Result<NamedTempFile> {
    tempfile::Builder::new().permissions(permissions(readers)).tempfile_in(folder)
}

#[cfg(not(unix))]
fn temporary(folder: &Path, _: Readers) -> io::Result<NamedTempFile> {
    NamedTempFile::new_in(folder)
}

#[cfg(unix)]
fn permissions(readers: Readers) -> fs::Permissions {
    std::os::unix::fs::PermissionsExt::from_mode(mode(readers))
}

#[cfg(unix)]
fn mode(readers: Readers) -> u32 {
    match readers {
        Readers::Owner => 0o600,
        Readers::Anyone => 0o666,
    }
}

/// Where Linux shows a process its open files. A file without a name is linked by way of it: by the
/// descriptor alone that is for the privileged (`linkat`, `AT_EMPTY_PATH`).
const DESCRIPTORS: &str = "/proc/self/fd";

/// A file without a name; `None` where the file system has none, or the system could not name it later.
#[cfg(target_os = "linux")]
fn nameless(folder: &Path, readers: Readers, descriptors: &str) -> io::Result<Option<File>> {
    use rustix::fs::{Mode, OFlags};
    use rustix::io::Errno;

    if !Path::new(descriptors).exists() {
        return Ok(None);
    }
    let flags = OFlags::TMPFILE | OFlags::WRONLY | OFlags::CLOEXEC;
    match rustix::fs::open(folder, flags, Mode::from_raw_mode(mode(readers))) {
        Ok(file) => Ok(Some(file.into())),
        Err(Errno::OPNOTSUPP | Errno::ISDIR | Errno::INVAL) => Ok(None),
        Err(error) => Err(error.into()),
    }
}

#[cfg(not(target_os = "linux"))]
fn nameless(_: &Path, _: Readers, _: &str) -> io::Result<Option<File>> {
    Ok(None)
}

#[cfg(target_os = "linux")]
fn link(file: &File, path: &Path) -> io::Result<()> {
    use rustix::fs::{AtFlags, CWD};
    use std::os::fd::AsRawFd as _;

    let open = format!("{DESCRIPTORS}/{}", file.as_raw_fd());
    Ok(rustix::fs::linkat(CWD, open, CWD, path, AtFlags::SYMLINK_FOLLOW)?)
}

#[cfg(not(target_os = "linux"))]
fn link(_: &File, _: &Path) -> io::Result<()> {
    Err(ErrorKind::Unsupported.into())
}

#[cfg(all(test, unix))]
mod tests {
    use std::os::unix::fs::PermissionsExt as _;

    use tempfile::TempDir;

    use super::*;

    /// A folder, and the path of a file in it that is not there.
    fn folder() -> (TempDir, PathBuf) {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("key");
        (folder, path)
    }

    fn names(folder: &TempDir) -> usize {
        fs::read_dir(folder.path()).unwrap().count()
    }

    fn mode_of(path: &Path) -> u32 {
        fs::metadata(path).unwrap().permissions().mode() & 0o777
    }

    fn staged(path: &Path, bytes: &[u8]) -> Staged {
        stage(path, bytes, Readers::Owner).unwrap()
    }

    /// Commits files after which nothing comes.
    fn commit(files: Vec<Staged>, replace: bool) -> Result<Vec<Made>, (usize, io::Error)> {
        super::commit(files, replace, false)
    }

    /// What `stage` makes where the system has no files without a name.
    fn staged_by_name(path: &Path, bytes: &[u8]) -> Staged {
        let file = temporary(folder_of(path), Readers::Owner).unwrap();
        fill(file.as_file(), bytes, Readers::Owner).unwrap();
        let content = Content::Named(file.into_temp_path());
        Staged { asked: path.to_owned(), path: path.to_owned(), content }
    }

    #[test]
    fn a_file_is_there_whole_or_not_at_all() {
        for staged in [staged, staged_by_name] {
            let (folder, path) = folder();
            drop(staged(&path, b"first"));
            assert_eq!(names(&folder), 0, "what was not committed leaves nothing behind");

            commit(vec![staged(&path, b"first")], false).unwrap();
            assert_eq!((fs::read(&path).unwrap(), mode_of(&path)), (b"first".into(), 0o600));

            let (index, taken) = commit(vec![staged(&path, b"second")], false).unwrap_err();
            assert_eq!((index, taken.kind()), (0, ErrorKind::AlreadyExists));
            assert_eq!(fs::read(&path).unwrap(), b"first");

            commit(vec![staged(&path, b"third")], true).unwrap();
            assert_eq!((fs::read(&path).unwrap(), mode_of(&path)), (b"third".into(), 0o600));
            assert_eq!(names(&folder), 1);
        }
    }

    #[test]
    fn the_first_file_stayed_replaced_when_the_second_failed() {
        for staged in [staged, staged_by_name] {
            let (folder, first) = folder();
            let second = folder.path().join("second");
            fs::write(&first, b"mine").unwrap();
            fs::set_permissions(&first, fs::Permissions::from_mode(0o640)).unwrap();
            let files = vec![staged(&first, b"new"), staged(&second, b"new")];
            // It comes between, and no file takes a folder's place.
            fs::create_dir(&second).unwrap();
            assert_eq!(commit(files, true).unwrap_err().0, 1);
            assert_eq!((fs::read(&first).unwrap(), mode_of(&first)), (b"mine".into(), 0o640));
            assert_eq!(names(&folder), 2);

            // One that was not there is not there again.
            fs::remove_file(&first).unwrap();
            fs::remove_dir(&second).unwrap();
            let files = vec![staged(&first, b"new"), staged(&second, b"new")];
            fs::create_dir(&second).unwrap();
            assert_eq!(commit(files, true).unwrap_err().0, 1);
            assert_eq!(names(&folder), 1);
        }
    }

    #[test]
    fn two_files_are_replaced_and_nothing_is_kept_of_them() {
        for staged in [staged, staged_by_name] {
            let (folder, first) = folder();
            let second = folder.path().join("second");
            fs::write(&first, b"mine").unwrap();
            fs::write(&second, b"mine").unwrap();
            commit(vec![staged(&first, b"new"), staged(&second, b"new")], true).unwrap();
            assert_eq!((fs::read(&first).unwrap(), names(&folder)), (b"new".into(), 2));
            assert_eq!(fs::read(&second).unwrap(), b"new");
        }
    }

    #[test]
    fn files_could_not_be_taken_back_when_what_followed_them_failed() {
        for staged in [staged, staged_by_name] {
            let (folder, first) = folder();
            let second = folder.path().join("second");
            let files = || vec![staged(&first, b"new"), staged(&second, b"new")];
            let take_back = |made: Vec<Made>| made.into_iter().for_each(Made::take_back);
            fs::write(&first, b"mine").unwrap();
            take_back(super::commit(files(), true, true).unwrap());
            assert_eq!((fs::read(&first).unwrap(), names(&folder)), (b"mine".into(), 1));

            drop(super::commit(files(), true, true).unwrap());
            assert_eq!((fs::read(&first).unwrap(), names(&folder)), (b"new".into(), 2));

            // Where nothing follows there is nothing to take back.
            fs::remove_file(&second).unwrap();
            take_back(commit(files(), true).unwrap());
            assert_eq!((fs::read(&first).unwrap(), names(&folder)), (b"new".into(), 2));
        }
    }

    #[test]
    fn files_come_back_in_the_order_they_were_asked_for() {
        let (folder, path) = folder();
        fs::write(&path, b"mine").unwrap();
        let asked = folder.path().join("./key");
        let files = vec![staged(Path::new("/dev/null"), b"new"), staged(&asked, b"new")];
        let made = commit(files, true).unwrap();
        let shown: Vec<_> = made.iter().map(|made| made.display().to_string()).collect();
        assert_eq!(shown, ["/dev/null", asked.to_str().unwrap()]);
    }

    /// What a killed process leaves behind is as private as the file that it was making.
    #[test]
    #[cfg(target_os = "linux")]
    fn the_name_in_between_is_private() {
        let (folder, path) = folder();
        let file = nameless(folder.path(), Readers::Owner, DESCRIPTORS).unwrap().unwrap();
        let name = beside(&path, |name| link(&file, name)).unwrap();
        assert_eq!(mode_of(&name), 0o600);
        assert_eq!(mode_of(temporary(folder.path(), Readers::Owner).unwrap().path()), 0o600);
    }

    #[test]
    #[cfg(target_os = "linux")]
    fn without_proc_a_file_without_a_name_could_get_none() {
        let (folder, _) = folder();
        let made = |descriptors| nameless(folder.path(), Readers::Owner, descriptors).unwrap();
        assert!(made("/no/such/proc").is_none());
        assert!(made(DESCRIPTORS).is_some());
    }
}
