//! `man --dir`: writes the manual pages, one for each verb, into a folder: all of them or none.

use std::path::Path;

use crate::explain::{Problem, shown_path, warnings};
use crate::outcome::{Answer, Outcome};
use crate::sys::{Calls, CreateOptions, NewFile, Readers, create};
use crate::time::NumericDate;

/// Replaces existing pages. A link is replaced, too, and not its target.
pub(super) fn run(dir: &Path, pages: &[(String, Vec<u8>)]) -> Outcome {
    let paths: Vec<_> = pages.iter().map(|(name, _)| dir.join(name)).collect();
    let files = paths.iter().zip(pages);
    let files: Vec<_> =
        files.map(|(path, (_, bytes))| NewFile { path, bytes, readers: Readers::Anyone }).collect();
    let options = CreateOptions { overwrite: true, follow_links: false, is_revocable: false };
    let (result, left) = match create(&files, options, Calls::default()) {
        Ok(mut created) => (Ok(Answer::Done), created.commit()),
        Err(failed) => {
            let what = shown_path(if dir.is_dir() { &paths[failed.index] } else { dir });
            (Err(Problem::io("write to", &what, &failed.error)), failed.left)
        }
    };
    let warnings = warnings::left_behind(left);
    Outcome { warnings, ..Outcome::new(result, NumericDate::default()) }
}
