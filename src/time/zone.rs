//! The time zone that `TZ` names, and points in time in it.

use std::ffi::OsStr;
use std::fs::File;
use std::io::Read as _;

use chrono::{Datelike as _, FixedOffset};
use tz::timezone::{TimeZone, TimeZoneSettings};

use super::date::{NumericDate, calendar, utc};

/// The longest file of a zone that is read. The largest of the system's are a few kilobytes.
const LONGEST: u64 = 1024 * 1024;

/// A time zone; UTC if there is none.
#[derive(Debug)]
pub struct Zone(Option<TimeZone>);

impl Zone {
    /// The zone of the variable `TZ`: a name of the system's database, the path of a file, or a rule in the form of POSIX.
    /// UTC for anything else. On Windows, which has no such database, only paths and rules are known.
    pub fn of(variable: Option<&OsStr>) -> Self {
        let read = |path: &str| {
            let mut text = Vec::new();
            File::open(path)?.take(LONGEST).read_to_end(&mut text)?;
            Ok(text)
        };
        let settings = TimeZoneSettings::new(TimeZoneSettings::DEFAULT_DIRECTORIES, read);
        let name = variable.and_then(OsStr::to_str);
        Self(name.and_then(|name| settings.parse_posix_tz(name).ok()))
    }

    /// "2026-11-23 12:30:00 +09:00"; in UTC like [`utc`].
    pub fn show(&self, date: NumericDate) -> String {
        self.local(date).unwrap_or_else(|| utc(date))
    }

    /// `None` in UTC and outside the calendar.
    fn local(&self, date: NumericDate) -> Option<String> {
        let time = calendar(date)?;
        let local = self.0.as_ref()?.find_local_time_type(time.timestamp()).ok()?;
        if local.time_zone_designation() == "UTC" {
            return None;
        }
        let time = time.with_timezone(&FixedOffset::east_opt(local.ut_offset())?);
        let is_in_calendar = (0..10_000).contains(&time.year());
        is_in_calendar.then(|| time.format("%Y-%m-%d %H:%M:%S %:z").to_string())
    }
}
