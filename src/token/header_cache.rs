//! Headers that have been read before, by their encoding: among many tokens there are few headers.

use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::sync::Arc;

use super::header::Header;
use super::part::{Malformed, Part, decode, unpadded};
use crate::json::Object;

/// The longest encoding that is cached, in bytes.
const LONGEST: usize = 256;

/// A bounded cache of parsed headers, empty by default, and whether parts of tokens may be padded.
#[derive(Debug, Default)]
pub struct HeaderCache {
    slots: Vec<Option<(Box<str>, Arc<Header>)>>,
    last: usize,
    allows_padding: bool,
}

impl HeaderCache {
    /// A cache of at most `capacity` headers, which also decodes with SIMD.
    pub fn with_capacity(capacity: usize) -> Self {
        let mut slots = Vec::new();
        slots.resize_with(capacity, || None);
        Self { slots, ..Self::default() }
    }

    /// Chooses whether the parts of tokens may be padded.
    pub fn allow_padding(self, allows_padding: bool) -> Self {
        Self { allows_padding, ..self }
    }

    /// The header of an encoding, which is parsed unless it is cached.
    pub(super) fn read(&mut self, encoded: &str) -> Result<Arc<Header>, Malformed> {
        if let Some(header) = self.in_slot(self.last, encoded) {
            return Ok(header);
        }
        if self.slots.is_empty() || encoded.len() > LONGEST {
            return self.parse(encoded).map(Arc::new);
        }
        let mut hasher = DefaultHasher::new();
        encoded.hash(&mut hasher);
        let slot = hasher.finish() % self.slots.len() as u64;
        self.last = usize::try_from(slot).unwrap_or_default();
        if let Some(header) = self.in_slot(self.last, encoded) {
            return Ok(header);
        }
        let header = Arc::new(self.parse(encoded)?);
        self.slots[self.last] = Some((encoded.into(), Arc::clone(&header)));
        Ok(header)
    }

    fn parse(&self, encoded: &str) -> Result<Header, Malformed> {
        let object = Object::of_bytes(self.decode(Part::Header, encoded)?);
        object.map(Header::new).map_err(|error| Malformed::Json { part: Part::Header, error })
    }

    /// The bytes of a part. The SIMD decoder first asks the processor what it can do, which only pays off for many
    /// tokens; what it refuses is left to the other one, which knows why.
    pub(super) fn decode(&self, part: Part, text: &str) -> Result<Vec<u8>, Malformed> {
        let text = if self.allows_padding { unpadded(text) } else { text };
        if !self.slots.is_empty()
            && let Ok(bytes) = base64_simd::URL_SAFE_NO_PAD.decode_to_vec(text)
        {
            return Ok(bytes);
        }
        decode(part, text)
    }

    fn in_slot(&self, slot: usize, encoded: &str) -> Option<Arc<Header>> {
        let (known, header) = self.slots.get(slot)?.as_ref()?;
        (**known == *encoded).then(|| Arc::clone(header))
    }
}
