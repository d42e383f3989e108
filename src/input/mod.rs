//! Where tokens, claims and keys come from: flags, files, variables, standard input, the network.

mod bytes;
mod chains;
mod chunks;
mod compressed;
mod counted;
mod expectations;
mod external;
mod key_source;
mod keys;
mod network;
mod passwords;
mod payload;
mod texts;
mod wordlist;

pub use chunks::{Chunk, Chunks, Position};
pub use compressed::Decompressed;
pub(crate) use counted::{Counted, Reaching};
pub(crate) use expectations::{expected_by, read_revoked};
pub(crate) use key_source::{KeySource, SourceKeys};
pub(crate) use keys::{KeyInput, decryption_keys, key_input, key_or_pipe, names_a_key};
pub(crate) use passwords::new_password;
pub(crate) use payload::{Payload, open_payload};
pub(crate) use texts::{
    LONGEST, OpenText, file_as_token, open_any_text, open_text, read_text, read_variable,
};
pub use wordlist::Wordlist;
pub(crate) use wordlist::{LONGEST_WORD, OpenWordlist, first_secret};
