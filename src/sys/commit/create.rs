//! Files that are made together: all of them, whole and under their names, or none.
//!
//! To replace another, a file needs a temporary name, since a link replaces nothing (POSIX, link): `.tmp` and six
//! characters. Of several files, each has a temporary name before the first gets its own, and a replaced one keeps a
//! second name until all exist. So a process that is killed between any two calls leaves the old files or the new
//! ones, perhaps under such names, and as private as they should be.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{self, ErrorKind};
use std::os::unix::fs::MetadataExt as _;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use rustix::io::Errno;

use super::calls::{Readers, call};
use super::target::{LeftBehind, NewFile, Target};
use crate::sys::BlockedSignals;
use crate::sys::lock::wait_for_lock;
use crate::sys::unix::folder_of;

/// How long to wait for another process that makes files in the same folder.
const PATIENCE: Duration = Duration::from_secs(30);

/// How files are made.
#[derive(Debug, Clone, Copy)]
pub struct CreateOptions {
    /// They may replace files that exist.
    pub overwrite: bool,
    /// Links are followed, not replaced. A pipe or a device is written into.
    pub follow_links: bool,
    /// Something has to succeed after them: until [`CreatedFiles::keep`] they can be taken back.
    pub is_revocable: bool,
}

/// Files that were made.
#[derive(Debug, Default)]
pub struct CreatedFiles {
    paths: Vec<PathBuf>,
    targets: Vec<Target>,
    left: Vec<LeftBehind>,
    locks: Vec<File>,
    held: Option<BlockedSignals>,
}

/// Files that were not made.
#[derive(Debug)]
pub struct CreateError {
    /// The index of the one that could not be made.
    pub index: usize,
    /// Why not: `AlreadyExists` if nothing was to be replaced, or the operating system's.
    pub error: io::Error,
    /// Files that could not be removed.
    pub left: Vec<LeftBehind>,
}

/// Makes files: all of them, or none.
///
/// Those that anybody may read get their names first, so that an old private key keeps its name as long as the new
/// pair may fail. What goes into a pipe or a device cannot be taken back, so it goes last. Meanwhile, signals and
/// other processes that make files in the same folders wait. Other processes do not wait if the system has no locks
/// on folders or the user may not read the folder.
///
/// # Errors
/// Which could not be made, and why.
pub fn create(files: &[NewFile<'_>], how: CreateOptions) -> Result<CreatedFiles, CreateError> {
    let mut created = CreatedFiles::default();
    if files.is_empty() {
        return Ok(created);
    }
    if let Err((index, error)) = created.make_held(files, how) {
        return Err(CreateError { index, error, left: created.roll_back() });
    }
    if !how.is_revocable {
        created.finish(Target::commit);
    }
    Ok(created)
}

/// Makes or replaces one file, without keeping other processes out.
pub(crate) fn replace(file: NewFile<'_>) -> io::Result<()> {
    let _held = BlockedSignals::new().ok();
    let how = CreateOptions { overwrite: true, follow_links: false, is_revocable: false };
    let mut created = CreatedFiles::default();
    created.targets.push(Target::new(0, &file, false));
    let made = make(&mut created.targets, &[file], how, None);
    if made.is_err() {
        created.roll_back();
    }
    made.map_err(|(_, error)| error)
}

fn make(
    targets: &mut [Target],
    files: &[NewFile<'_>],
    how: CreateOptions,
    held: Option<&BlockedSignals>,
) -> Result<(), (usize, io::Error)> {
    for target in &mut *targets {
        target.stage(&files[target.index]).map_err(|error| (target.index, error))?;
    }
    targets.sort_by_key(|target| (target.is_stream(), target.readers == Readers::Owner));
    for target in targets.iter_mut().skip(1) {
        target.name_temporarily().map_err(|error| (target.index, error))?;
    }
    let mut left = targets.len();
    for target in targets {
        left -= 1;
        target
            .place(how.overwrite, left > 0 || how.is_revocable, held)
            .map_err(|error| (target.index, error))?;
    }
    Ok(())
}

/// Keeps other processes from making files in the same folders: each folder once, however it is reached, and
/// in one order for all, so that no two wait for each other.
fn lock_folders(targets: &[Target]) -> Result<Vec<File>, (usize, io::Error)> {
    let mut folders = BTreeMap::new();
    for target in targets.iter().filter(|target| !target.is_stream()) {
        let opened = open_folder(folder_of(&target.path)).map_err(|error| (target.index, error))?;
        if let Some((identity, folder)) = opened {
            folders.entry(identity).or_insert((folder, target.index));
        }
    }
    let until = Instant::now() + PATIENCE;
    let lock = |(folder, index)| lock(folder, until).map_err(|error| (index, error)).transpose();
    folders.into_values().filter_map(lock).collect()
}

/// A folder, and its identity; `None` if it may be written to but not read.
fn open_folder(path: &Path) -> io::Result<Option<((u64, u64), File)>> {
    match call("open folder", || File::open(path)) {
        Err(error) if error.kind() == ErrorKind::PermissionDenied => Ok(None),
        folder => {
            let folder = folder?;
            let found = folder.metadata()?;
            Ok(Some(((found.dev(), found.ino()), folder)))
        }
    }
}

/// `None` where there are no such locks.
fn lock(folder: File, until: Instant) -> io::Result<Option<File>> {
    let Err(error) = call("lock", || wait_for_lock(&folder, until)) else {
        return Ok(Some(folder));
    };
    match Errno::from_io_error(&error) {
        // NFS wants a descriptor that can be written to, which a folder cannot have.
        Some(Errno::BADF | Errno::INVAL | Errno::NOLCK | Errno::NOSYS | Errno::OPNOTSUPP) => {
            Ok(None)
        }
        _ if error.kind() == ErrorKind::WouldBlock => {
            Err(io::Error::new(error.kind(), "another process has locked the folder"))
        }
        _ => Err(error),
    }
}

impl CreatedFiles {
    fn make_held(
        &mut self,
        files: &[NewFile<'_>],
        how: CreateOptions,
    ) -> Result<(), (usize, io::Error)> {
        self.paths = files.iter().map(|file| file.path.to_owned()).collect();
        let targets = files.iter().enumerate();
        self.targets =
            targets.map(|(index, file)| Target::new(index, file, how.follow_links)).collect();
        self.locks = lock_folders(&self.targets)?;
        let held = BlockedSignals::new().map_err(|error| (0, error))?;
        make(&mut self.targets, files, how, Some(self.held.insert(held)))
    }

    /// Their paths, as they were asked for.
    #[must_use]
    pub fn paths(&self) -> &[PathBuf] {
        &self.paths
    }

    /// The signals that are held back while this is kept.
    #[must_use]
    pub fn held(&self) -> Option<&BlockedSignals> {
        self.held.as_ref()
    }

    /// Removes what they replaced. Returns what could not be removed.
    pub fn commit(&mut self) -> Vec<LeftBehind> {
        self.finish(Target::commit);
        std::mem::take(&mut self.left)
    }

    /// Removes them and puts back what they replaced. Returns what could not be removed or put back.
    pub fn roll_back(&mut self) -> Vec<LeftBehind> {
        self.finish(Target::roll_back);
        std::mem::take(&mut self.left)
    }

    fn finish(&mut self, end: impl Fn(Target) -> Vec<LeftBehind>) {
        self.left.extend(self.targets.drain(..).flat_map(end));
        self.locks.clear();
    }
}

impl Drop for CreatedFiles {
    fn drop(&mut self) {
        self.commit();
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;
    use std::fs;
    use std::os::unix::fs::PermissionsExt as _;
    use std::thread;

    use tempfile::TempDir;

    use super::super::calls::faults::{EINVAL, EIO, ENOSPC, EPERM, Faults, set};
    use super::super::target::Leftover;
    use super::*;

    const OLD: [(&str, &str); 2] = [("private", "old private"), ("public", "old public")];
    const NEW: [(&str, &str); 2] = [("private", "new private"), ("public", "new public")];
    const REPLACE: CreateOptions =
        CreateOptions { overwrite: true, follow_links: true, is_revocable: false };
    const MAKE: CreateOptions = CreateOptions { overwrite: false, ..REPLACE };

    /// A folder with these files.
    fn folder(files: &[(&str, &str)]) -> TempDir {
        // Thousands of folders are made, which a disk takes minutes for.
        let memory = tempfile::tempdir_in("/dev/shm");
        let folder = memory.unwrap_or_else(|_| tempfile::tempdir().unwrap());
        for (name, text) in files {
            fs::write(folder.path().join(name), text).unwrap();
        }
        folder
    }

    /// The files of a folder, and what they hold.
    fn content(folder: &TempDir) -> BTreeMap<String, String> {
        let entries = fs::read_dir(folder.path()).unwrap().map(Result::unwrap);
        entries
            .map(|entry| {
                let text = fs::read_to_string(entry.path()).unwrap();
                (entry.file_name().into_string().unwrap(), text)
            })
            .collect()
    }

    fn holds(folder: &TempDir, files: &[(&str, &str)]) -> bool {
        let files = files.iter().map(|(name, text)| ((*name).to_owned(), (*text).to_owned()));
        content(folder) == files.collect()
    }

    fn has(texts: &BTreeSet<String>, files: &[(&str, &str)]) -> bool {
        files.iter().all(|(_, text)| texts.contains(*text))
    }

    /// Makes these files in a folder; those named `private` are their owner's alone.
    fn make(
        folder: &TempDir,
        files: &[(&str, &str)],
        how: CreateOptions,
    ) -> Result<CreatedFiles, CreateError> {
        let paths: Vec<_> = files.iter().map(|(name, _)| folder.path().join(name)).collect();
        let files: Vec<_> = files
            .iter()
            .zip(&paths)
            .map(|((name, text), path)| {
                let is_private = name.starts_with("private");
                let readers = if is_private { Readers::Owner } else { Readers::Anyone };
                NewFile { path, bytes: text.as_bytes(), readers }
            })
            .collect();
        create(&files, how)
    }

    /// File systems: one that can do everything, one without links, one without files that have no name, and
    /// one that has neither these nor a rename that replaces nothing.
    fn systems() -> [Vec<(&'static str, i32)>; 5] {
        [
            vec![],
            vec![("link", EPERM)],
            vec![("nameless", EINVAL)],
            vec![("nameless", EINVAL), ("link", EPERM)],
            vec![("nameless", EINVAL), ("rename_new", EINVAL)],
        ]
    }

    /// What came of files that were made while something failed.
    struct Seen {
        folder: TempDir,
        is_made: bool,
        left: Vec<LeftBehind>,
        /// The names of the calls.
        calls: Vec<&'static str>,
    }

    /// Makes the new pair in a folder, and takes it back if that is wanted.
    fn made(old: &[(&str, &str)], how: CreateOptions, roll_back: bool, faults: Faults) -> Seen {
        let folder = folder(old);
        set(faults);
        let (is_made, left) = match make(&folder, &NEW, how) {
            Ok(mut created) if roll_back => (false, created.roll_back()),
            Ok(mut created) => (true, created.commit()),
            Err(failed) => (false, failed.left),
        };
        let calls = set(Faults::default()).made;
        Seen { folder, is_made, left, calls }
    }

    impl Seen {
        /// The old files are there or the new ones, as was said; what else is there was named.
        #[track_caller]
        fn is_one_or_the_other(&self, old: &[(&str, &str)], what: &dyn std::fmt::Debug) {
            let mut found = content(&self.folder);
            let texts = found.values().cloned().collect();
            let wanted = if self.is_made { &NEW[..] } else { old };
            assert!(has(&texts, wanted), "{what:?}: {found:?}");
            if self.left.is_empty() || self.is_made {
                for left in &self.left {
                    found.remove(left.path.file_name().unwrap().to_str().unwrap()).unwrap();
                }
                let wanted: BTreeMap<_, _> =
                    wanted.iter().map(|(name, text)| ((*name).into(), (*text).into())).collect();
                assert_eq!(found, wanted, "{what:?}");
            }
            for (name, text) in &found {
                let is_wanted =
                    old.contains(&(name, text)) || self.is_made && NEW.contains(&(name, text));
                let path = self.folder.path().join(name);
                let is_named = self.left.iter().any(|left| left.path == path);
                // Where the old one could not be put back, the new one is under its name.
                let is_in_place_of = self
                    .left
                    .iter()
                    .any(|left| left.of == path && left.kind == Leftover::NotPutBack);
                assert!(is_wanted || is_named || is_in_place_of, "{what:?}: {name}: {text}");
            }
        }

        /// One pair is there whole, under whatever names, and nobody else can read what is private.
        #[track_caller]
        fn has_a_whole_pair(&self, old: &[(&str, &str)], what: &dyn std::fmt::Debug) {
            let found = content(&self.folder);
            let texts: BTreeSet<_> = found.values().cloned().collect();
            let is_nothing = old.is_empty() && !texts.contains(NEW[1].1);
            let is_whole = has(&texts, &NEW) || !old.is_empty() && has(&texts, old);
            assert!(is_nothing || is_whole, "{what:?}: {found:?}");
            for (name, _) in found.iter().filter(|(_, text)| *text == NEW[0].1) {
                let mode =
                    fs::metadata(self.folder.path().join(name)).unwrap().permissions().mode();
                assert_eq!(mode & 0o777, 0o600, "{what:?}: {name}");
            }
        }
    }

    /// Every way to make a pair: what was there, how, and whether it is taken back.
    fn ways() -> impl Iterator<Item = (&'static [(&'static str, &'static str)], CreateOptions, bool)>
    {
        let whether = [false, true];
        let olds = [(&OLD[..], REPLACE), (&[][..], REPLACE), (&[][..], MAKE), (&OLD[..1], REPLACE)];
        olds.into_iter().flat_map(move |(old, how)| {
            let ways =
                whether.map(|is_revocable| (is_revocable, false)).into_iter().chain([(true, true)]);
            ways.map(move |(is_revocable, roll_back)| {
                (old, CreateOptions { is_revocable, ..how }, roll_back)
            })
        })
    }

    #[test]
    fn a_pair_is_the_old_or_the_new_one_whichever_call_fails() {
        for (old, how, roll_back) in ways() {
            for of in systems() {
                let faults = |at| Faults { at, of: of.clone(), ..Faults::default() };
                let whole = made(old, how, roll_back, faults(vec![]));
                assert!(
                    whole.is_made != roll_back && whole.left.is_empty(),
                    "{old:?} {how:?} {of:?}"
                );
                let count = whole.calls.len();
                for first in 0..count {
                    for code in [EIO, EPERM, ENOSPC] {
                        let what = (old, how, roll_back, &of, &whole.calls, first, code);
                        let seen = made(old, how, roll_back, faults(vec![(first, code)]));
                        seen.is_one_or_the_other(old, &what);
                    }
                    // The second fault meets what mends the first.
                    for second in first + 1..first + 8 {
                        let at = vec![(first, EIO), (second, EIO)];
                        let what = (old, how, roll_back, &of, &whole.calls, &at);
                        made(old, how, roll_back, faults(at.clone()))
                            .is_one_or_the_other(old, &what);
                    }
                }
            }
        }
    }

    #[test]
    fn a_process_that_is_killed_leaves_a_whole_pair() {
        for (old, how, roll_back) in ways().filter(|(old, ..)| old.len() != 1) {
            for of in systems() {
                let faults = |from| Faults { from, of: of.clone(), ..Faults::default() };
                let count = made(old, how, roll_back, faults(None)).calls.len();
                for from in 0..count {
                    let seen = made(old, how, roll_back, faults(Some(from)));
                    seen.has_a_whole_pair(old, &(old, how, roll_back, &of, from, &seen.calls));
                }
            }
        }
    }

    #[test]
    fn one_file_is_the_old_or_the_new_one_whichever_call_fails() {
        for (old, how) in [(&OLD[..1], REPLACE), (&[][..], REPLACE), (&[][..], MAKE)] {
            for of in systems() {
                for first in 0..20 {
                    let folder = folder(old);
                    let at = vec![(first, EIO)];
                    set(Faults { at, of: of.clone(), ..Faults::default() });
                    let result = make(&folder, &NEW[..1], how);
                    let calls = set(Faults::default()).made;
                    let wanted = if result.is_ok() { &NEW[..1] } else { old };
                    let left = result.map_or_else(|failed| failed.left, |mut made| made.commit());
                    assert!(!left.is_empty() || holds(&folder, wanted), "{of:?} {calls:?} {first}");
                }
            }
        }
    }

    #[test]
    fn what_exists_is_not_replaced_unless_that_is_asked_for() {
        for (name, text) in OLD {
            let folder = folder(&[(name, text)]);
            let failed = make(&folder, &NEW, MAKE).unwrap_err();
            assert_eq!(NEW[failed.index].0, name);
            assert_eq!(failed.error.kind(), ErrorKind::AlreadyExists);
            assert!(holds(&folder, &[(name, text)]));
        }
    }

    #[test]
    fn no_file_replaces_a_folder() {
        for of in systems() {
            let folder = folder(&OLD[1..]);
            fs::create_dir(folder.path().join("private")).unwrap();
            set(Faults { of, ..Faults::default() });
            let how = CreateOptions { is_revocable: true, ..REPLACE };
            assert_eq!(make(&folder, &NEW, how).unwrap_err().index, 0);
            set(Faults::default());
            fs::remove_dir(folder.path().join("private")).unwrap();
            assert!(holds(&folder, &OLD[1..]));
        }
    }

    #[test]
    fn pairs_that_are_made_at_the_same_time_belong_together() {
        let folder = &folder(&OLD);
        thread::scope(|scope| {
            for number in 0..8 {
                scope.spawn(move || {
                    for round in 0..20 {
                        let text = format!("{number} {round}");
                        make(folder, &[("private", &text), ("public", &text)], REPLACE).unwrap();
                    }
                });
            }
        });
        let found = content(folder);
        assert_eq!((found.len(), &found["private"]), (2, &found["public"]));
    }

    #[test]
    fn a_folder_that_is_locked_is_waited_for_and_left() {
        let folder = folder(&[]);
        let other = File::open(folder.path()).unwrap();
        other.lock().unwrap();
        let try_lock = || lock(File::open(folder.path()).unwrap(), Instant::now());
        let busy = try_lock().unwrap_err();
        assert_eq!(busy.to_string(), "another process has locked the folder");
        drop(other);
        assert!(try_lock().unwrap().is_some());
    }

    #[test]
    fn a_folder_that_two_files_go_into_is_locked_once() {
        let folder = folder(&[]);
        fs::create_dir(folder.path().join("sub")).unwrap();
        for second in ["sub/public", "sub/../public"] {
            make(&folder, &[("private", "a"), (second, "b")], MAKE).unwrap();
            assert_eq!(fs::read(folder.path().join(second)).unwrap(), b"b");
            fs::remove_file(folder.path().join("private")).unwrap();
        }
    }

    #[test]
    fn paths_come_back_in_the_order_they_were_asked_for() {
        let folder = folder(&[]);
        let created = make(&folder, &NEW, MAKE).unwrap();
        assert_eq!(created.paths(), ["private", "public"].map(|name| folder.path().join(name)));
    }
}
