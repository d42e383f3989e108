//! Points in time (NumericDate, RFC 7519 section 2), durations, and both in words.
//! This is the only user of chrono and tz-rs. It never reads the clock.

mod date;
mod parse;
mod zone;

pub use date::{NumericDate, Unit, from_now, rfc3339, span, utc};
pub use parse::{LONGEST, TimeError, When, parse_duration, parse_when};
pub use zone::Zone;

pub(crate) use parse::{corrected_duration, corrected_when};
