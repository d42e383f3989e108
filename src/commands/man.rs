//! `man --dir`: writes the man pages into a folder, one a verb.

use std::path::PathBuf;

use super::{Answer, Outcome, paths};
use crate::io::write_file;
use crate::problem::Problem;
use crate::time::NumericDate;

/// What is asked for.
#[derive(Debug)]
pub struct Request {
    /// The folder, which must be there.
    pub dir: PathBuf,
    /// File names and contents.
    pub pages: Vec<(String, Vec<u8>)>,
}

pub(super) fn run(request: &Request) -> Outcome {
    for (name, page) in &request.pages {
        if let Err(error) = write_file(&request.dir.join(name), page) {
            let what = paths::shown(&request.dir);
            return Outcome::refused(vec![Problem::Io { doing: "write to", what, error }]);
        }
    }
    Outcome::answer(Answer::Done, NumericDate::default())
}
