//! Points in time (NumericDate, RFC 7519 section 2), durations, and both in words.
//! This is the only user of chrono. It never reads the clock.

mod date;
mod parse;

pub use date::{NumericDate, Unit, from_now, rfc3339, span, utc};
pub use parse::{LONGEST, TimeError, When, parse_duration, parse_when};

pub(crate) use parse::{corrected_duration, corrected_when};
