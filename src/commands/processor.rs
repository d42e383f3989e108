//! What each verb on tokens does, whether for one item or for each line of a stream.

use crate::input::{Item, ItemContext};
use crate::outcome::{Outcome, Problems};
use crate::time::NumericDate;

/// A verb with its keys loaded.
pub(crate) trait Processor: Sync {
    fn process(&self, item: Item<'_>, now: NumericDate, context: &mut ItemContext) -> Outcome;

    /// The outcome for an item that could not be read.
    fn refuse(&self, problems: Problems, _context: &mut ItemContext) -> Outcome {
        Outcome::new(Err(problems), NumericDate::default())
    }

    /// How many keys may have signed the items.
    fn key_count(&self) -> usize {
        1
    }
}
