//! What is said of a wordlist.

use super::codes::Code;
use super::explanation::Explanation;
use super::problem::Problem;

/// For a wordlist that cannot be kept in memory; `most` is how many bytes of it can.
pub(crate) fn too_large(wordlist: &str, most: usize) -> Problem {
    let most = most / 1024 / 1024;
    let message = format!("{wordlist} has more than {most} MiB, which are kept for all tokens");
    let hint = "audit one token alone: then the wordlist may have any size";
    Problem::Usage(Explanation::new(Code::WordlistTooLarge, message).hint(hint).into())
}
