//! Decrypts the layers of a token before a verb reads what is inside, and encrypts a refreshed token in the same way.

use std::sync::OnceLock;

use super::item::{Item, ItemContext};
use crate::crypto::{
    DEFAULT_ITERATIONS, DecryptionKey, EncryptionKey, KnownEncryption, LoadedKey, OpenFault,
    Opened, Opener, Sealing,
};
use crate::env::Env;
use crate::explain::{Problem, encryption};
use crate::input::{KeyInput, decryption_keys};
use crate::keys::{KeyAlgorithm, KeyError, KeyFile, Origin, ReadKey};
use crate::outcome::{Layer, UsedKey};
use crate::request::{KeyLocation, KeyRequest};
use crate::text::without_marks;
use crate::token::{Encrypted, strip_wrapping};

/// The most layers of encryption of a token.
const MOST_LAYERS: usize = 3;

/// The keys that decrypt.
#[derive(Default)]
pub(super) struct Decrypter {
    keys: Vec<DecryptionKey>,
    names: Vec<KeyName>,
    /// Whether a web application derives some of them from its secret.
    has_derived: bool,
    /// The same keys, to encrypt with; loaded when a refreshed token is encrypted.
    sealing: Vec<OnceLock<Result<EncryptionKey, KeyError>>>,
}

struct KeyName {
    origin: Origin,
    /// Its name in a set.
    name: Option<String>,
}

/// The decrypted layers of a token, from the outside in; at least one.
pub(super) struct OpenedToken {
    layers: Vec<Opened>,
    /// Whether all of them are in the compact serialization.
    is_compact: bool,
}

impl Decrypter {
    /// Loads the keys that flags name, else the one that a variable names.
    pub(super) fn load(requests: &[KeyRequest], env: &mut Env<'_>) -> Result<Self, Problem> {
        let is_derived = |request: &KeyRequest| {
            let mut sources = request.sources.iter();
            sources.any(|named| matches!(named.location, KeyLocation::AuthJs(..)))
        };
        let has_derived = requests.iter().any(is_derived);
        let mut loaded = Self { has_derived, ..Self::default() };
        for KeyInput { origin, file, .. } in decryption_keys(requests, env)? {
            loaded.add(&origin, file).map_err(|error| Problem::Key { origin, error })?;
        }
        loaded.sealing.resize_with(loaded.keys.len(), OnceLock::new);
        Ok(loaded)
    }

    /// Adds the keys of a file. Of a set, those that can decrypt.
    fn add(&mut self, origin: &Origin, file: KeyFile) -> Result<(), KeyError> {
        let load = |read: ReadKey| DecryptionKey::load(read.key);
        let set = match file {
            KeyFile::One(read) => {
                self.keys.push(load(read)?);
                self.names.push(KeyName { origin: origin.clone(), name: None });
                return Ok(());
            }
            KeyFile::Set(set) => set,
        };
        let (before, mut unusable) = (self.keys.len(), Vec::new());
        for entry in &set.entries {
            match entry.read().and_then(load) {
                Ok(key) => {
                    self.keys.push(key);
                    let name = Some(entry.name());
                    self.names.push(KeyName { origin: origin.clone(), name });
                }
                Err(error) => unusable.push((entry.name(), error)),
            }
        }
        if self.keys.len() > before {
            return Ok(());
        }
        Err(KeyError::NoneUsable { task: "decrypt with", keys: unusable })
    }

    pub(super) fn is_empty(&self) -> bool {
        self.keys.is_empty()
    }

    /// Decrypts a token if it is encrypted and there are keys that decrypt. What is inside may be signed.
    pub(super) fn open(
        &self,
        item: Item<'_>,
        context: &mut ItemContext,
    ) -> Result<Option<OpenedToken>, Problem> {
        if self.is_empty() || item.cut {
            return Ok(None);
        }
        let mut opener = Opener::new(&self.keys);
        let (mut layers, mut is_compact) = (Vec::<Opened>::new(), true);
        loop {
            // Claims are claims, whatever their members are called.
            if layers.last().is_some_and(Opened::holds_claims) {
                break;
            }
            let bytes = layers.last().map_or_else(|| without_marks(item.bytes), Opened::content);
            let Some(parsed) = Encrypted::parse(bytes, &mut context.headers) else { break };
            if layers.len() == MOST_LAYERS {
                return Err(encryption::too_many_layers(MOST_LAYERS));
            }
            let token = parsed.map_err(|malformed| Problem::Token(malformed, None))?;
            is_compact &= token.is_compact;
            let layer = opener.open(&token).map_err(|fault| self.problem(&fault, &token))?;
            context.layers.push(self.layer(&layer, context.detail.key));
            layers.push(layer);
        }
        let token = (!layers.is_empty()).then_some(OpenedToken { layers, is_compact });
        context.known_encryption = token.as_ref().and_then(|token| token.known(item));
        Ok(token)
    }

    /// The keys, to decrypt a token with the same header as the one before.
    pub(super) fn keys(&self) -> &[DecryptionKey] {
        &self.keys
    }

    /// Those that are also keys for signatures, with their names.
    pub(super) fn for_signatures(&self) -> Vec<(String, LoadedKey)> {
        let loaded = self.keys.iter().zip(&self.names).map(|(key, KeyName { origin, name })| {
            let name =
                name.as_ref().map_or_else(|| origin.to_string(), |of| format!("{of} of {origin}"));
            Some((name, LoadedKey::load(key.key().clone(), true).ok()?))
        });
        loaded.flatten().collect()
    }

    fn layer(&self, opened: &Opened, names_key: bool) -> Layer {
        let (key, name) = (self.keys[opened.key].key(), &self.names[opened.key]);
        let key = names_key.then(|| UsedKey {
            kind: key.described_for_encryption(),
            private: key.is_private(),
            kid: key.kid().map(str::to_owned),
            source: name.origin.to_string(),
            algorithms: key.key_algorithms().map(KeyAlgorithm::name).collect(),
            algorithm: Some(opened.encryption.alg.name()),
        });
        Layer { is_encrypted: true, header: opened.header.clone(), key }
    }

    fn problem(&self, fault: &OpenFault, token: &Encrypted) -> Problem {
        let describe = |index: usize| {
            let KeyName { origin, name } = &self.names[index];
            let key = self.keys[index].key();
            let place = name
                .as_ref()
                .map_or_else(|| origin.to_string(), |name| format!("{name} of {origin}"));
            let variable = match origin {
                Origin::Variable(name) => Some(name.as_str()),
                _ => None,
            };
            (format!("the {} ({place})", key.described_for_encryption()), variable)
        };
        encryption::not_opened(fault, token, &self.keys, &describe, self.has_derived)
    }

    /// Encrypts the successor of a decrypted token in the same layers.
    pub(super) fn seal(&self, opened: &OpenedToken, content: String) -> Result<String, Problem> {
        opened.layers.iter().rev().try_fold(content, |content, layer| {
            let key = self.sealing[layer.key]
                .get_or_init(|| EncryptionKey::of_decryption(&self.keys[layer.key]));
            let sealed = key.as_ref().map_err(Clone::clone).and_then(|key| {
                let mut rest = layer.header.object.clone();
                for name in MADE_ANEW {
                    rest.remove(name);
                }
                let iterations = layer.encryption.iterations().unwrap_or(DEFAULT_ITERATIONS);
                let sealing =
                    Sealing { alg: layer.encryption.alg, enc: layer.encryption.enc, iterations };
                key.seal(sealing, &rest, content.as_bytes())
            });
            let origin = || self.names[layer.key].origin.clone();
            sealed.map_err(|error| Problem::Key { origin: origin(), error })
        })
    }
}

/// The header parameters that each encryption makes anew, and `zip`, which is never written.
pub(super) const MADE_ANEW: [&str; 8] = ["alg", "enc", "epk", "iv", "tag", "p2s", "p2c", "zip"];

impl OpenedToken {
    /// What speeds up the decryption of tokens with the same header, if they qualify.
    fn known(&self, item: Item<'_>) -> Option<KnownEncryption> {
        let [only] = &self.layers[..] else { return None };
        let text = str::from_utf8(item.bytes).ok().filter(|_| self.is_compact);
        text.filter(|_| self.holds_claims()).and_then(|text| KnownEncryption::of(text, only))
    }

    /// What is inside all layers.
    pub(super) fn content(&self) -> &[u8] {
        self.innermost().content()
    }

    /// Whether the content is claims, and not another token.
    pub(super) fn holds_claims(&self) -> bool {
        self.innermost().holds_claims()
    }

    pub(super) fn innermost(&self) -> &Opened {
        self.layers.last().expect("an opened token has a layer")
    }

    /// The text of the token in an item, if its successor can be encrypted in the same way.
    pub(super) fn compact_text<'t>(&self, item: Item<'t>) -> Result<&'t str, Problem> {
        let text = str::from_utf8(without_marks(item.bytes)).unwrap_or_default();
        if self.is_compact {
            Ok(strip_wrapping(text))
        } else {
            Err(encryption::cannot_be_sealed_again())
        }
    }
}
