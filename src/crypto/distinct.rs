//! The keys of a file that holds several, each once: a private key and its public half, or a key and its certificate,
//! are one key. The crypto library decides whether two are the same.

use std::collections::HashMap;

use super::LoadedKey;
use crate::keys::{KeyError, KeyFile, Keys};

/// Leaves out keys that a file repeats; of two halves the private one stays. A file that then has one key is not a
/// set.
///
/// # Errors
/// Why the one that is left cannot be read.
pub fn without_repeats(file: KeyFile) -> Result<KeyFile, KeyError> {
    let set = match file.keys {
        Keys::Set(set) if !set.is_jwk_set() => set,
        keys => return Ok(KeyFile { keys, ..file }),
    };
    let mut kept: Vec<Result<KeyFile, KeyError>> = Vec::new();
    let mut places: HashMap<Vec<u8>, usize> = HashMap::new();
    for file in set.into_files() {
        let public = file.as_ref().ok().and_then(public_key);
        match public.as_ref().and_then(|public| places.get(public)) {
            None => {
                places.extend(public.map(|public| (public, kept.len())));
                kept.push(file);
            }
            Some(&place) if is_private(&file) && !is_private(&kept[place]) => kept[place] = file,
            Some(_) => {}
        }
    }
    if kept.len() == 1 { kept.remove(0) } else { Ok(KeyFile::several(kept)) }
}

/// The public half, which tells keys of all kinds apart by itself.
fn public_key(file: &KeyFile) -> Option<Vec<u8>> {
    let Keys::One(key) = &file.keys else { return None };
    LoadedKey::load(key.clone(), true).ok()?.public_key()
}

fn is_private(file: &Result<KeyFile, KeyError>) -> bool {
    matches!(file, Ok(KeyFile { keys: Keys::One(key), .. }) if key.is_private())
}
