//! How long a document may be kept (RFC 9111).

/// An hour: what is taken where nothing is said.
const UNSAID: i64 = 60 * 60;

/// A day: the longest that is taken, whatever is said, for a key that was withdrawn must not live on.
pub(super) const DAY: i64 = 24 * 60 * 60;

/// What may be done with a document.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Lifetime {
    /// Whether it may be written down.
    pub is_kept: bool,
    /// For how many seconds it need not be asked for again.
    pub seconds: i64,
}

/// Reads `Cache-Control` (RFC 9111 section 5.2.2) for a private cache. `age` is how many seconds caches on the way
/// have kept the document already (section 5.1).
pub(super) fn lifetime(cache_control: &str, age: u64) -> Lifetime {
    let (mut is_kept, mut checked, mut seconds) = (true, false, None);
    for directive in cache_control.split(',') {
        let (name, value) = directive.split_once('=').unwrap_or((directive, ""));
        match name.trim().to_ascii_lowercase().as_str() {
            "no-store" => is_kept = false,
            "no-cache" => checked = true,
            // Given twice, the shorter counts; one that is no number is none (RFC 9111 section 4.2.1).
            "max-age" => {
                let value = value.trim().trim_matches('"').parse::<u64>().unwrap_or(0);
                seconds = Some(seconds.map_or(value, |other: u64| other.min(value)));
            }
            _ => {}
        }
    }
    let seconds = match seconds {
        _ if checked || !is_kept => 0,
        Some(seconds) => i64::try_from(seconds.saturating_sub(age)).unwrap_or(DAY).min(DAY),
        None => UNSAID,
    };
    Lifetime { is_kept, seconds }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_said_counts_up_to_a_day() {
        let kept = |said, age| {
            let Lifetime { is_kept, seconds } = lifetime(said, age);
            assert!(is_kept, "{said}");
            seconds
        };
        assert_eq!(kept("", 0), 3600);
        assert_eq!(kept("public, must-revalidate", 500), 3600);
        assert_eq!(kept("public, max-age=19800, must-revalidate, no-transform", 800), 19000);
        assert_eq!(kept("MAX-AGE = \"60\"", 0), 60);
        assert_eq!(kept("max-age=60,max-age=30", 0), 30);
        assert_eq!(kept("max-age=60", 90), 0);
        assert_eq!(kept("max-age=31536000", 0), 86400);
        assert_eq!(kept("max-age=99999999999999999999", 0), 0);
        assert_eq!(kept("max-age=-1", 0), 0);
        assert_eq!(kept("max-age", 0), 0);
        assert_eq!(kept("max-age=600, no-cache", 0), 0);
        assert_eq!(kept("s-maxage=5", 0), 3600);
        assert_eq!(kept("no-cache=\"set-cookie\"", 0), 0);
        assert_eq!(lifetime("max-age=600, No-Store", 0), Lifetime { is_kept: false, seconds: 0 });
    }
}
