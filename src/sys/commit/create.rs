//! Files that are written together: all of them, complete and under their names, or none.
//!
//! To replace a file, the new one needs a temporary name (`.tmp` and six characters), since a link does not replace
//! (POSIX, link). If there are several files, all have temporary names before the first gets its own, and a replaced
//! file keeps a second name until all exist. So a process that is killed between any two calls leaves the old files or
//! the new ones, perhaps under such names, and never more readable than intended.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{self, ErrorKind};
use std::path::PathBuf;
use std::time::{Duration, Instant};

use super::calls::Calls;
use super::target::{LeftBehind, NewFile, Target};
use crate::sys::lock::wait_for_lock;
use crate::sys::paths::folder_of;
use crate::sys::platform::{self, BlockedSignals};
use crate::sys::readers::Readers;

/// How long to wait while another process writes files in the same folder.
const LOCK_TIMEOUT: Duration = Duration::from_secs(30);

/// How files are made.
#[derive(Debug, Clone, Copy)]
pub struct CreateOptions {
    /// They may replace files that exist.
    pub overwrite: bool,
    /// Links are followed, not replaced. A pipe or a device is written into.
    pub follow_links: bool,
    /// They can be rolled back until they are committed, because another step must succeed first.
    pub is_revocable: bool,
}

/// Files that were made. They are committed when this is dropped.
#[derive(Debug, Default)]
pub struct CreatedFiles {
    paths: Vec<PathBuf>,
    targets: Vec<Target>,
    left: Vec<LeftBehind>,
    locks: Vec<File>,
    signals: Option<BlockedSignals>,
}

/// Files that were not made.
#[derive(Debug)]
pub struct CreateError {
    /// The index of the one that could not be made.
    pub index: usize,
    /// `AlreadyExists` if it would have replaced a file against the options.
    pub error: io::Error,
    /// Files that could not be removed.
    pub left: Vec<LeftBehind>,
}

/// An error, and the index of the file that it is about.
type AtFile = (usize, io::Error);

/// Makes files: all of them, or none.
///
/// Files that anybody may read get their names first, so that an old private key keeps its name as long as the new pair
/// may fail. Output into a pipe or a device cannot be undone, so it comes last. Meanwhile, signals and other processes
/// that make files in the same folders wait (other processes only if the folder can be locked and read).
///
/// # Errors
/// [`CreateError`]: no file was made, except those that it lists.
pub fn create(
    files: &[NewFile<'_>],
    options: CreateOptions,
    calls: Calls,
) -> Result<CreatedFiles, CreateError> {
    let mut created = CreatedFiles::default();
    if files.is_empty() {
        return Ok(created);
    }
    if let Err((index, error)) = created.make(files, options, calls) {
        return Err(CreateError { index, error, left: created.roll_back() });
    }
    if !options.is_revocable {
        created.finish(Target::commit);
    }
    Ok(created)
}

/// Makes or replaces one file, without a lock on its folder.
pub(crate) fn replace(file: NewFile<'_>) -> io::Result<()> {
    let _signals = BlockedSignals::new().ok();
    let options = CreateOptions { overwrite: true, follow_links: false, is_revocable: false };
    let mut target = [Target::new(Calls::default(), 0, &file, false)];
    let placed = place(&mut target, &[file], options, None);
    let [mut target] = target;
    if placed.is_ok() {
        target.commit()
    } else {
        target.roll_back()
    };
    placed.map_err(|(_, error)| error)
}

fn place(
    targets: &mut [Target],
    files: &[NewFile<'_>],
    options: CreateOptions,
    signals: Option<&BlockedSignals>,
) -> Result<(), AtFile> {
    for target in &mut *targets {
        target.stage(files[target.index].bytes).map_err(|error| (target.index, error))?;
    }
    targets.sort_by_key(|target| (target.is_written_into, target.readers == Readers::Owner));
    for target in &mut targets[1..] {
        target.name_temporarily().map_err(|error| (target.index, error))?;
    }
    let mut left = targets.len();
    for target in targets {
        left -= 1;
        let (file, keep_old) = (&files[target.index], left > 0 || options.is_revocable);
        target
            .place(file.bytes, options.overwrite, keep_old, signals)
            .map_err(|error| (target.index, error))?;
    }
    Ok(())
}

/// Keeps other processes from making files in the same folders. Each folder is locked once, however it is reached,
/// and all processes lock them in the same order, so that no two wait for each other.
fn lock_folders(targets: &[Target], calls: Calls) -> Result<Vec<File>, AtFile> {
    let mut folders = BTreeMap::new();
    for target in targets.iter().filter(|target| !target.is_written_into) {
        match calls.call("open folder", || platform::open_with_id(folder_of(&target.path))) {
            // The folder may be writable but not readable.
            Err(error) if error.kind() == ErrorKind::PermissionDenied => {}
            Err(error) => return Err((target.index, error)),
            Ok((folder, id)) => drop(folders.entry(id).or_insert((folder, target.index))),
        }
    }
    let until = Instant::now() + LOCK_TIMEOUT;
    let lock =
        |(folder, index)| lock(folder, until, calls).map_err(|error| (index, error)).transpose();
    folders.into_values().filter_map(lock).collect()
}

/// Locks a folder until it is dropped; `None` where there are no such locks.
///
/// # Errors
/// `WouldBlock` if another process holds the lock until the deadline; else the operating system's error.
pub fn lock(folder: File, until: Instant, calls: Calls) -> io::Result<Option<File>> {
    match calls.call("lock", || wait_for_lock(&folder, until)) {
        Ok(()) => Ok(Some(folder)),
        Err(error) if platform::cannot_lock_folders(&error) => Ok(None),
        Err(error) if error.kind() == ErrorKind::WouldBlock => {
            Err(io::Error::new(error.kind(), "another process has locked the folder"))
        }
        Err(error) => Err(error),
    }
}

impl CreatedFiles {
    fn make(
        &mut self,
        files: &[NewFile<'_>],
        options: CreateOptions,
        calls: Calls,
    ) -> Result<(), AtFile> {
        self.paths = files.iter().map(|file| file.path.to_owned()).collect();
        let targets = files.iter().enumerate();
        let target = |(index, file)| Target::new(calls, index, file, options.follow_links);
        self.targets = targets.map(target).collect();
        self.locks = lock_folders(&self.targets, calls)?;
        let signals = BlockedSignals::new().map_err(|error| (0, error))?;
        place(&mut self.targets, files, options, Some(self.signals.insert(signals)))
    }

    /// Their paths, as the caller gave them.
    pub fn paths(&self) -> &[PathBuf] {
        &self.paths
    }

    /// The signals that are blocked as long as this is kept.
    pub(crate) fn blocked_signals(&self) -> Option<&BlockedSignals> {
        self.signals.as_ref()
    }

    /// Removes the files that they replaced. Returns what could not be removed.
    pub fn commit(&mut self) -> Vec<LeftBehind> {
        self.finish(Target::commit);
        std::mem::take(&mut self.left)
    }

    /// Removes them and puts back what they replaced. Returns what could not be removed or put back.
    pub fn roll_back(&mut self) -> Vec<LeftBehind> {
        self.finish(Target::roll_back);
        std::mem::take(&mut self.left)
    }

    fn finish(&mut self, end: impl Fn(&mut Target) -> Vec<LeftBehind>) {
        self.left.extend(self.targets.iter_mut().flat_map(end));
        self.locks.clear();
    }
}

impl Drop for CreatedFiles {
    fn drop(&mut self) {
        self.finish(Target::commit);
    }
}
