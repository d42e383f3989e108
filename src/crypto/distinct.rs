//! The keys of a file that holds several, each once: a private key and its public key, or a key and its certificate,
//! are one key. The crypto library decides whether two are the same.

use std::collections::HashMap;

use super::loaded_key::LoadedKey;
use crate::keys::{KeyError, KeyFile, KeySet, ReadKey};

/// Leaves out keys that a file repeats, public ones first. A file that then has one key is not a set.
pub(crate) fn without_repeats(file: KeyFile) -> Result<KeyFile, KeyError> {
    let set = match file {
        KeyFile::Set(set) if !set.is_jwk_set() => set,
        file => return Ok(file),
    };
    let mut kept: Vec<Result<ReadKey, KeyError>> = Vec::new();
    let mut places: HashMap<Vec<u8>, usize> = HashMap::new();
    for read in set.into_read_keys() {
        // A public key tells keys of all types apart by itself.
        let load = |read: &ReadKey| LoadedKey::load(read.key.clone(), true).ok()?.public_key();
        let public = read.as_ref().ok().and_then(load);
        match public.as_ref().and_then(|public| places.get(public)) {
            None => {
                places.extend(public.map(|public| (public, kept.len())));
                kept.push(read);
            }
            Some(&place) if is_private(&read) && !is_private(&kept[place]) => kept[place] = read,
            Some(_) => {}
        }
    }
    if kept.len() == 1 {
        kept.remove(0).map(KeyFile::One)
    } else {
        Ok(KeyFile::Set(KeySet::of_read_keys(kept)))
    }
}

fn is_private(read: &Result<ReadKey, KeyError>) -> bool {
    read.as_ref().is_ok_and(|read| read.key.is_private())
}
