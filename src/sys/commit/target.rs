//! A file that is put in place in steps that can be undone.

use std::fs::{self, File};
use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};

use super::calls::{self, Calls};
use crate::sys::paths::folder_of;
use crate::sys::platform::{self, BlockedSignals, is_device_or_pipe, write_into};
use crate::sys::readers::Readers;

/// A file that is being put in place. The file that it replaces has a second name until the end.
#[derive(Debug)]
pub(super) struct Target {
    /// Its index among the caller's files.
    pub index: usize,
    pub path: PathBuf,
    pub readers: Readers,
    calls: Calls,
    /// Whether it is a stream to write into instead of a new file.
    pub is_written_into: bool,
    /// The new content while it has no name; it disappears with the process.
    nameless: Option<File>,
    /// A temporary name of the new content.
    temporary: Option<PathBuf>,
    /// The second name of the file that is replaced.
    old: Option<PathBuf>,
    /// Whether the path leads to the new content, or to nothing because the old file was moved.
    is_changed: bool,
}

impl Target {
    pub(super) fn new(calls: Calls, index: usize, file: &NewFile<'_>, follow_links: bool) -> Self {
        let is_written_into = follow_links && is_device_or_pipe(file.path);
        let followed = (follow_links && !is_written_into).then(|| fs::canonicalize(file.path).ok());
        Self {
            index,
            path: followed.flatten().unwrap_or_else(|| file.path.to_owned()),
            readers: file.readers,
            calls,
            is_written_into,
            nameless: None,
            temporary: None,
            old: None,
            is_changed: false,
        }
    }

    /// Writes the content to the disk, without its name.
    pub(super) fn stage(&mut self, bytes: &[u8]) -> io::Result<()> {
        if self.is_written_into {
            return Ok(());
        }
        let folder = folder_of(&self.path);
        if let Some(file) = self.calls.nameless(folder, self.readers)? {
            self.calls.fill(self.nameless.insert(file), bytes, self.readers)
        } else {
            let (file, name) = self.calls.temporary(folder, self.readers)?;
            self.temporary = Some(name);
            self.calls.fill(&file, bytes, self.readers)
        }
    }

    pub(super) fn name_temporarily(&mut self) -> io::Result<()> {
        if let Some(file) = &self.nameless {
            let name = calls::beside(&self.path, |name| self.calls.link_nameless(file, name))?;
            (self.nameless, self.temporary) = (None, Some(name));
        }
        Ok(())
    }

    /// Gives the content its name in one step, or writes it into a stream.
    pub(super) fn place(
        &mut self,
        bytes: &[u8],
        overwrite: bool,
        keep_old: bool,
        signals: Option<&BlockedSignals>,
    ) -> io::Result<()> {
        if self.is_written_into {
            return self.calls.call("stream", || write_into(&self.path, bytes, signals));
        }
        match self.take_free_name() {
            Err(error) if overwrite && error.kind() == ErrorKind::AlreadyExists => {}
            taken => return taken,
        }
        self.name_temporarily()?;
        if keep_old {
            self.keep_old()?;
        }
        if let Some(name) = &self.temporary {
            self.calls.rename(name, &self.path)?;
            (self.temporary, self.is_changed) = (None, true);
        }
        Ok(())
    }

    fn take_free_name(&mut self) -> io::Result<()> {
        let path = &self.path;
        if let Some(file) = &self.nameless {
            self.calls.link_nameless(file, path)?;
        } else if let Some(name) = &self.temporary {
            match self.calls.call("rename_new", || platform::rename_new(name, path)) {
                // The temporary name is removed at the end.
                Err(error) if calls::is_unsupported(&error) => self.calls.link(name, path)?,
                renamed => {
                    renamed?;
                    self.temporary = None;
                }
            }
        }
        (self.nameless, self.is_changed) = (None, true);
        Ok(())
    }

    /// Gives the old file a second name; if that fails (no links, no space, too many links), renames it.
    fn keep_old(&mut self) -> io::Result<()> {
        let path = &self.path;
        if fs::symlink_metadata(path)?.is_dir() {
            return Err(ErrorKind::IsADirectory.into());
        }
        if let Ok(name) = calls::beside(path, |name| self.calls.link(path, name)) {
            self.old = Some(name);
        } else {
            self.old = Some(calls::beside(path, |name| self.calls.move_aside(path, name))?);
            self.is_changed = true;
        }
        Ok(())
    }

    /// Removes all other names and files next to the new file.
    pub(super) fn commit(&mut self) -> Vec<LeftBehind> {
        let (new, old) = (self.temporary.take(), self.old.take());
        let new = new.and_then(|name| self.cleared(Leftover::New, name));
        let old = old.and_then(|name| self.cleared(Leftover::Replaced, name));
        self.is_changed = false;
        new.into_iter().chain(old).collect()
    }

    /// Removes the new file, and puts the old one back.
    pub(super) fn roll_back(&mut self) -> Vec<LeftBehind> {
        let is_changed = std::mem::take(&mut self.is_changed);
        let old = match self.old.take() {
            Some(name) if is_changed => self.cleared(Leftover::NotPutBack, name),
            Some(name) => self.cleared(Leftover::Replaced, name),
            None if is_changed => self.cleared(Leftover::New, self.path.clone()),
            None => None,
        };
        old.into_iter().chain(self.commit()).collect()
    }

    /// Removes a name, or puts the old file back that has it. Returns the file if that fails.
    fn cleared(&self, kind: Leftover, path: PathBuf) -> Option<LeftBehind> {
        let cleared = match kind {
            Leftover::New | Leftover::Replaced => self.calls.remove(&path),
            Leftover::NotPutBack => put_back(self.calls, &path, &self.path),
        };
        let error = cleared.err()?;
        Some(LeftBehind { path, kind, of: self.path.clone(), error })
    }
}

/// Gives the old file its name again. If it cannot be renamed, it may still be linked once the name is free.
fn put_back(calls: Calls, name: &Path, path: &Path) -> io::Result<()> {
    calls.rename(name, path).or_else(|_| {
        if fs::symlink_metadata(path).is_ok() {
            calls.remove(path)?;
        }
        calls.link(name, path)?;
        calls.remove(name)
    })
}

/// A file to be written.
#[derive(Debug, Clone, Copy)]
#[expect(missing_docs)]
pub struct NewFile<'a> {
    pub path: &'a Path,
    pub bytes: &'a [u8],
    pub readers: Readers,
}

/// A file that could not be removed or put back.
#[derive(Debug)]
#[expect(missing_docs)]
pub struct LeftBehind {
    pub path: PathBuf,
    pub kind: Leftover,
    /// The path that the file was meant for, or had.
    pub of: PathBuf,
    pub error: io::Error,
}

/// What kind of file was left behind.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Leftover {
    /// New content under a temporary name, or under its own, that could not be removed.
    New,
    /// The replaced file, which could not be removed.
    Replaced,
    /// The replaced file, which could not be put back.
    NotPutBack,
}
