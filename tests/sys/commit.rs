//! Files that are written together: all of them or none, whichever system call fails.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::fmt::Debug;
use std::fs::{self, File};
use std::io::{self, ErrorKind};
use std::os::unix::fs::PermissionsExt as _;
use std::thread;
use std::time::Instant;

use jwtctl::sys::{
    Calls, CreateError, CreateOptions, CreatedFiles, LeftBehind, Leftover, NewFile, Readers,
    create, lock,
};
use tempfile::TempDir;

const EPERM: i32 = 1;
const EIO: i32 = 5;
const EINVAL: i32 = 22;
const ENOSPC: i32 = 28;

/// Which calls of this thread fail.
#[derive(Debug, Clone, Default)]
struct Faults {
    /// These, counted from 0, with these error numbers.
    at: Vec<(usize, i32)>,
    /// All from this one on, as if the process were gone.
    from: Option<usize>,
    /// All calls with these names.
    of: &'static [(&'static str, i32)],
    /// The names of the calls so far.
    calls: Vec<&'static str>,
}

thread_local! {
    static FAULTS: RefCell<Faults> = RefCell::default();
}

/// Sets what fails from now on, and returns what was set before.
fn set(faults: Faults) -> Faults {
    FAULTS.replace(faults)
}

fn before(name: &'static str) -> io::Result<()> {
    FAULTS.with_borrow_mut(|faults| {
        let number = faults.calls.len();
        faults.calls.push(name);
        let gone = faults.from.filter(|from| number >= *from).map(|_| EIO);
        let at = faults.at.iter().find(|(at, _)| *at == number).map(|(_, code)| *code);
        let of = faults.of.iter().find(|(of, _)| *of == name).map(|(_, code)| *code);
        let code = gone.or(at).or(of);
        code.map_or(Ok(()), |code| Err(io::Error::from_raw_os_error(code)))
    })
}

/// Names and contents of files.
type Texts<'a> = [(&'a str, &'a str)];

const OLD: [(&str, &str); 2] = [("private", "old private"), ("public", "old public")];
const NEW: [(&str, &str); 2] = [("private", "new private"), ("public", "new public")];
const REPLACE: CreateOptions =
    CreateOptions { overwrite: true, follow_links: true, is_revocable: false };
const MAKE: CreateOptions = CreateOptions { overwrite: false, ..REPLACE };

/// What some file systems lack: nothing, links, files without a name, both, or a rename that does not replace.
const LACKING: [&[(&str, i32)]; 5] = [
    &[],
    &[("link", EPERM)],
    &[("nameless", EINVAL)],
    &[("nameless", EINVAL), ("link", EPERM)],
    &[("nameless", EINVAL), ("rename_new", EINVAL)],
];

fn folder(files: &Texts) -> TempDir {
    // Thousands of folders are made, which a disk takes minutes for.
    let memory = tempfile::tempdir_in("/dev/shm");
    let folder = memory.unwrap_or_else(|_| tempfile::tempdir().unwrap());
    for (name, text) in files {
        fs::write(folder.path().join(name), text).unwrap();
    }
    folder
}

fn content(folder: &TempDir) -> BTreeMap<String, String> {
    let file = |entry: fs::DirEntry| {
        (entry.file_name().into_string().unwrap(), fs::read_to_string(entry.path()).unwrap())
    };
    fs::read_dir(folder.path()).unwrap().map(|entry| file(entry.unwrap())).collect()
}

fn holds(found: &BTreeMap<String, String>, files: &Texts) -> bool {
    found.iter().map(|(name, text)| (&**name, &**text)).eq(files.iter().copied())
}

fn has_texts(found: &BTreeMap<String, String>, files: &Texts) -> bool {
    files.iter().all(|(_, wanted)| found.values().any(|text| text == wanted))
}

/// Makes these files in a folder; those named `private` are their owner's alone.
fn make(
    folder: &TempDir,
    files: &Texts,
    options: CreateOptions,
) -> Result<CreatedFiles, CreateError> {
    let paths: Vec<_> = files.iter().map(|(name, _)| folder.path().join(name)).collect();
    let files = files.iter().zip(&paths).map(|((name, text), path)| NewFile {
        path,
        bytes: text.as_bytes(),
        readers: if *name == "private" { Readers::Owner } else { Readers::Anyone },
    });
    create(&files.collect::<Vec<_>>(), options, Calls { before })
}

/// A way to make files: what there was before, how, and whether it is rolled back.
#[derive(Debug, Clone, Copy)]
struct Way {
    old: &'static Texts<'static>,
    new: &'static Texts<'static>,
    options: CreateOptions,
    roll_back: bool,
    lacking: &'static [(&'static str, i32)],
}

/// What came of files that were made while something failed.
struct Seen {
    folder: TempDir,
    is_made: bool,
    left: Vec<LeftBehind>,
    calls: Vec<&'static str>,
}

/// Every way to make these files.
fn ways(new: &'static Texts<'static>) -> impl Iterator<Item = Way> {
    let olds = [(&OLD[..new.len()], REPLACE), (&[], REPLACE), (&[], MAKE), (&OLD[..1], REPLACE)];
    olds.into_iter().flat_map(move |(old, options)| {
        let ends = [(false, false), (true, false), (true, true)];
        ends.into_iter().flat_map(move |(is_revocable, roll_back)| {
            let options = CreateOptions { is_revocable, ..options };
            LACKING.map(|lacking| Way { old, new, options, roll_back, lacking })
        })
    })
}

impl Way {
    fn run(&self, at: &[(usize, i32)], from: Option<usize>) -> Seen {
        let folder = folder(self.old);
        set(Faults { at: at.to_vec(), from, of: self.lacking, calls: Vec::new() });
        let (is_made, left) = match make(&folder, self.new, self.options) {
            Ok(mut created) if self.roll_back => (false, created.roll_back()),
            Ok(mut created) => (true, created.commit()),
            Err(failed) => (false, failed.left),
        };
        Seen { folder, is_made, left, calls: set(Faults::default()).calls }
    }

    /// Checks that the old files are there or the new ones, as was said; that what else is there was named.
    #[track_caller]
    fn check_old_or_new(&self, at: &[(usize, i32)]) {
        let Seen { folder, is_made, left, calls } = self.run(at, None);
        let what: &dyn Debug = &(self, at, calls);
        let mut found = content(&folder);
        let wanted = if is_made { self.new } else { self.old };
        assert!(has_texts(&found, wanted), "{what:?}: {found:?}");
        if left.is_empty() || is_made {
            for left in &left {
                found.remove(left.path.file_name().unwrap().to_str().unwrap()).unwrap();
            }
            assert!(holds(&found, wanted), "{what:?}: {found:?}");
        }
        for (name, text) in &found {
            let file = (&**name, &**text);
            let path = folder.path().join(name);
            let is_named = left.iter().any(|left| left.path == path);
            // Where the old one could not be put back, the new one is under its name.
            let is_in_its_place =
                left.iter().any(|left| left.of == path && left.kind == Leftover::NotPutBack);
            let is_wanted = self.old.contains(&file) || is_made && self.new.contains(&file);
            assert!(is_wanted || is_named || is_in_its_place, "{what:?}: {name}: {text}");
        }
    }
}

#[test]
fn files_are_the_old_or_the_new_ones_whichever_call_fails() {
    for way in ways(&NEW).chain(ways(&NEW[..1])) {
        let whole = way.run(&[], None);
        assert!(whole.is_made != way.roll_back && whole.left.is_empty(), "{way:?}");
        for first in 0..whole.calls.len() {
            for code in [EIO, EPERM, ENOSPC] {
                way.check_old_or_new(&[(first, code)]);
            }
            // The second fault meets what mends the first.
            for second in first + 1..first + 8 {
                way.check_old_or_new(&[(first, EIO), (second, EIO)]);
            }
        }
    }
}

#[test]
fn a_process_that_is_killed_leaves_a_whole_pair_that_others_cannot_read() {
    for way in ways(&NEW).filter(|way| way.old.len() != 1) {
        for from in 0..way.run(&[], None).calls.len() {
            let Seen { folder, calls, .. } = way.run(&[], Some(from));
            let what: &dyn Debug = &(way, from, calls);
            let found = content(&folder);
            let is_nothing = way.old.is_empty() && !has_texts(&found, &NEW[1..]);
            let is_whole =
                has_texts(&found, &NEW) || !way.old.is_empty() && has_texts(&found, way.old);
            assert!(is_nothing || is_whole, "{what:?}: {found:?}");
            for (name, _) in found.iter().filter(|(_, text)| *text == NEW[0].1) {
                let mode = fs::metadata(folder.path().join(name)).unwrap().permissions().mode();
                assert_eq!(mode & 0o777, 0o600, "{what:?}: {name}");
            }
        }
    }
}

#[test]
fn what_exists_is_not_replaced_unless_that_is_asked_for() {
    for (at, old) in OLD.iter().enumerate() {
        let folder = folder(&[*old]);
        let failed = make(&folder, &NEW, MAKE).unwrap_err();
        assert_eq!((failed.index, failed.error.kind()), (at, ErrorKind::AlreadyExists));
        assert!(holds(&content(&folder), &[*old]));
    }
}

#[test]
fn no_file_replaces_a_folder() {
    for of in LACKING {
        let folder = folder(&OLD[1..]);
        let private = folder.path().join("private");
        fs::create_dir(&private).unwrap();
        set(Faults { of, ..Faults::default() });
        let options = CreateOptions { is_revocable: true, ..REPLACE };
        assert_eq!(make(&folder, &NEW, options).unwrap_err().index, 0);
        set(Faults::default());
        fs::remove_dir(private).unwrap();
        assert!(holds(&content(&folder), &OLD[1..]));
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
    let try_lock = || lock(File::open(folder.path()).unwrap(), Instant::now(), Calls { before });
    let busy = try_lock().unwrap_err();
    assert_eq!(busy.to_string(), "another process has locked the folder");
    drop(other);
    assert!(try_lock().unwrap().is_some());
}

#[test]
fn a_folder_is_locked_once_and_paths_come_back_in_their_order() {
    let folder = folder(&[]);
    fs::create_dir(folder.path().join("sub")).unwrap();
    for second in ["sub/public", "sub/../public", "public"] {
        let created = make(&folder, &[("private", "a"), (second, "b")], REPLACE).unwrap();
        assert_eq!(created.paths(), ["private", second].map(|name| folder.path().join(name)));
        assert_eq!(fs::read(folder.path().join(second)).unwrap(), b"b");
    }
}
