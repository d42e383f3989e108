//! A file on its way to its name, and back. Meanwhile, what it replaces is kept under a second name.

use std::fs::{self, File};
use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};

use zeroize::Zeroizing;

use super::calls::{self, Readers, call};
use crate::sys::BlockedSignals;
use crate::sys::unix::{folder_of, is_stream, write_into};

/// A file to be made.
#[derive(Debug, Clone, Copy)]
pub struct NewFile<'a> {
    /// Its path.
    pub path: &'a Path,
    /// What it is to hold.
    pub bytes: &'a [u8],
    /// Who may read it.
    pub readers: Readers,
}

/// A file that should have been removed or put back, and could not be.
#[derive(Debug)]
pub struct LeftBehind {
    /// Where it is.
    pub path: PathBuf,
    /// What it is.
    pub kind: Leftover,
    /// The file that it was to be, or was.
    pub of: PathBuf,
    /// Why it could not be.
    pub error: io::Error,
}

/// What a file is that was left behind.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Leftover {
    /// New content under a temporary name, or under its own, that could not be removed.
    New,
    /// What was replaced.
    Replaced,
    /// What was replaced, and could not be put back.
    NotPutBack,
}

/// A file on its way to its name.
#[derive(Debug)]
pub(super) struct Target {
    /// Its index in the list.
    pub(super) index: usize,
    pub(super) path: PathBuf,
    pub(super) readers: Readers,
    content: Content,
    /// Whether the path is the new content's.
    is_placed: bool,
    old: Option<Old>,
}

#[derive(Debug)]
enum Content {
    /// A file without a name, which disappears with the process.
    Nameless(File),
    /// A file under a temporary name.
    Named(PathBuf),
    /// Bytes for what is written into.
    Stream(Zeroizing<Vec<u8>>),
    /// It is under its path, and nowhere else.
    Done,
}

/// The file that is replaced, under its second name.
#[derive(Debug)]
enum Old {
    /// It has its first name, too.
    Linked(PathBuf),
    /// It was moved there, since the file system gives it no second name.
    Moved(PathBuf),
}

impl Target {
    pub(super) fn new(index: usize, file: &NewFile<'_>, follow: bool) -> Self {
        let path = file.path.to_owned();
        let is_stream = follow && is_stream(&path);
        let content = if is_stream {
            Content::Stream(Zeroizing::new(file.bytes.to_vec()))
        } else {
            Content::Done
        };
        let path =
            if follow && !is_stream { fs::canonicalize(&path).unwrap_or(path) } else { path };
        Self { index, path, readers: file.readers, content, is_placed: false, old: None }
    }

    pub(super) fn is_stream(&self) -> bool {
        matches!(self.content, Content::Stream(_))
    }

    /// Puts its content on disk.
    pub(super) fn stage(&mut self, file: &NewFile<'_>) -> io::Result<()> {
        if self.is_stream() {
            return Ok(());
        }
        let folder = folder_of(&self.path);
        if let Some(nameless) = calls::nameless(folder, file.readers)? {
            calls::fill(&nameless, file.bytes, file.readers)?;
            self.content = Content::Nameless(nameless);
        } else {
            let (named, path) = calls::temporary(folder, file.readers)?;
            self.content = Content::Named(path);
            calls::fill(&named, file.bytes, file.readers)?;
        }
        Ok(())
    }

    pub(super) fn name_temporarily(&mut self) -> io::Result<()> {
        if let Content::Nameless(file) = &self.content {
            let name = calls::beside(&self.path, |name| calls::link_open(file, name))?;
            self.content = Content::Named(name);
        }
        Ok(())
    }

    /// Gives it its name, in one step; `keep` what is replaced.
    pub(super) fn place(
        &mut self,
        replace: bool,
        keep: bool,
        held: Option<&BlockedSignals>,
    ) -> io::Result<()> {
        let path = &self.path;
        let taken = match &self.content {
            Content::Done => return Ok(()),
            Content::Stream(bytes) => return call("stream", || write_into(path, bytes, held)),
            Content::Nameless(file) => calls::link_open(file, path),
            Content::Named(name) => match calls::rename_new(name, path) {
                Err(error) if calls::has_no_such_call(&error) => {
                    // The temporary name is removed at the end.
                    let linked = calls::link(name, path);
                    self.is_placed = linked.is_ok();
                    if linked.is_ok() {
                        return Ok(());
                    }
                    linked
                }
                renamed => renamed,
            },
        };
        match taken {
            Err(error) if replace && error.kind() == ErrorKind::AlreadyExists => {}
            placed => {
                placed?;
                self.is_placed = true;
                self.content = Content::Done;
                return Ok(());
            }
        }
        self.name_temporarily()?;
        if keep {
            self.keep_old()?;
        }
        let Content::Named(name) = &self.content else { return Ok(()) };
        calls::rename(name, &self.path)?;
        self.is_placed = true;
        self.content = Content::Done;
        Ok(())
    }

    /// Gives what is replaced a second name. If it cannot have one (no links, no room, too many links), it is
    /// renamed.
    fn keep_old(&mut self) -> io::Result<()> {
        let path = &self.path;
        if fs::symlink_metadata(path)?.is_dir() {
            return Err(ErrorKind::IsADirectory.into());
        }
        self.old = match calls::beside(path, |name| calls::link(path, name)) {
            Ok(name) => Some(Old::Linked(name)),
            Err(_) => Some(Old::Moved(calls::beside(path, |name| calls::move_aside(path, name))?)),
        };
        Ok(())
    }

    /// Removes what is left beside it.
    pub(super) fn commit(self) -> Vec<LeftBehind> {
        let Self { path, content, old, .. } = self;
        let names = [content.into_name(), old.map(Old::into_name)];
        let kinds = [Leftover::New, Leftover::Replaced];
        let cleared = names.into_iter().zip(kinds).filter_map(|(name, kind)| Some((name?, kind)));
        cleared.filter_map(|(name, kind)| left(kind, &path, name, calls::remove)).collect()
    }

    pub(super) fn roll_back(self) -> Vec<LeftBehind> {
        let Self { path, content, is_placed, old, .. } = self;
        // What cannot be renamed may still be linked, once the name is free.
        let put_back = |name: &Path| {
            calls::rename(name, &path).or_else(|_| {
                if fs::symlink_metadata(&path).is_ok() {
                    calls::remove(&path)?;
                }
                calls::link(name, &path)?;
                calls::remove(name)
            })
        };
        let new = content.into_name();
        let old = match (old, is_placed) {
            (Some(Old::Linked(name)), false) => {
                left(Leftover::Replaced, &path, name, calls::remove)
            }
            (Some(old), _) => left(Leftover::NotPutBack, &path, old.into_name(), put_back),
            (None, true) => left(Leftover::New, &path, path.clone(), calls::remove),
            (None, false) => None,
        };
        let new = new.and_then(|name| left(Leftover::New, &path, name, calls::remove));
        old.into_iter().chain(new).collect()
    }
}

/// Runs what removes a file. Returns the file if it is left behind.
fn left(
    kind: Leftover,
    of: &Path,
    path: PathBuf,
    clear: impl FnOnce(&Path) -> io::Result<()>,
) -> Option<LeftBehind> {
    let error = clear(&path).err()?;
    Some(LeftBehind { path, kind, of: of.to_owned(), error })
}

impl Content {
    fn into_name(self) -> Option<PathBuf> {
        match self {
            Self::Named(name) => Some(name),
            Self::Nameless(_) | Self::Stream(_) | Self::Done => None,
        }
    }
}

impl Old {
    fn into_name(self) -> PathBuf {
        match self {
            Self::Linked(name) | Self::Moved(name) => name,
        }
    }
}
