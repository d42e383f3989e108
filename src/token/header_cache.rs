//! HeaderCache that have been read, by their encoding: of many tokens few differ in it. It remembers nothing but
//! what reading the same text again would give, and no more than a set number of them.

use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::sync::Arc;

use super::header::Header;
use super::part::{Malformed, Part, decode, unpadded};
use crate::json::Object;

/// The longest encoding that is remembered, in bytes.
const LONGEST: usize = 256;

/// The headers of tokens that came before, and whether the parts of tokens may be padded. By default none is
/// remembered, and they may not.
#[derive(Debug, Default)]
pub struct HeaderCache {
    slots: Vec<Option<Known>>,
    last: usize,
    allows_padding: bool,
}

#[derive(Debug)]
struct Known {
    encoded: Box<str>,
    header: Arc<Header>,
}

impl HeaderCache {
    /// With room for some, at most.
    #[must_use]
    pub fn with_capacity(most: usize) -> Self {
        let mut slots = Vec::new();
        slots.resize_with(most, || None);
        Self { slots, ..Self::default() }
    }

    /// The same, with padding at the end of a part admitted or refused.
    #[must_use]
    pub fn allow_padding(self, allows_padding: bool) -> Self {
        Self { allows_padding, ..self }
    }

    /// The header of an encoding, read if it is not known.
    pub(super) fn read(&mut self, encoded: &str) -> Result<Arc<Header>, Malformed> {
        if let Some(header) = self.in_slot(self.last, encoded) {
            return Ok(header);
        }
        if self.slots.is_empty() || encoded.len() > LONGEST {
            return self.parse(encoded).map(Arc::new);
        }
        self.last = place(encoded, self.slots.len());
        if let Some(header) = self.in_slot(self.last, encoded) {
            return Ok(header);
        }
        let header = Arc::new(self.parse(encoded)?);
        let known = Known { encoded: encoded.into(), header: Arc::clone(&header) };
        self.slots[self.last] = Some(known);
        Ok(header)
    }

    fn parse(&self, encoded: &str) -> Result<Header, Malformed> {
        let object = Object::of_bytes(self.decode(Part::Header, encoded)?);
        object.map(Header::new).map_err(|error| Malformed::Json { part: Part::Header, error })
    }

    /// The bytes of a part. What decodes faster asks the processor first what it can do, which is worth it for
    /// many tokens alone; what it refuses is left to the other, which knows why.
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
        let known = self.slots.get(slot)?.as_ref()?;
        (*known.encoded == *encoded).then(|| Arc::clone(&known.header))
    }
}

fn place(encoded: &str, slots: usize) -> usize {
    let mut hasher = DefaultHasher::new();
    encoded.hash(&mut hasher);
    usize::try_from(hasher.finish() % slots as u64).unwrap_or_default()
}
