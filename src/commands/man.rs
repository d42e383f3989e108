//! `man --dir`: writes the man pages into a folder, one a verb: all of them, or none.

use crate::explain::Problem;
use crate::explain::paths;
use crate::explain::warnings;
use crate::outcome::{Answer, Outcome};
use crate::request::ManRequest;
use crate::sys::{CreateOptions, NewFile, Readers, create};
use crate::time::NumericDate;

/// Existing pages are replaced. So is a link in place of a page: its target is not ours.
pub(super) fn run(request: &ManRequest) -> Outcome {
    let places: Vec<_> = request.pages.iter().map(|(name, _)| request.dir.join(name)).collect();
    let pages = places.iter().zip(&request.pages);
    let files: Vec<_> =
        pages.map(|(path, (_, bytes))| NewFile { path, bytes, readers: Readers::Anyone }).collect();
    match create(
        &files,
        CreateOptions { overwrite: true, follow_links: false, is_revocable: false },
    ) {
        Ok(mut created) => Outcome::answer(Answer::Done, NumericDate::default())
            .with_warnings(warnings::left_behind(created.commit())),
        Err(failed) => {
            let page = &places[failed.index];
            let what = paths::shown(if request.dir.is_dir() { page } else { &request.dir });
            let problem = Problem::io("write to", &what, &failed.error);
            Outcome::refused(vec![problem]).with_warnings(warnings::left_behind(failed.left))
        }
    }
}
