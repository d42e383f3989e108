//! A document that was fetched, and what is known of its time: as it is kept from call to call. What does not carry
//! the seal of the user's own key, over all of it and its name, is none.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};

use super::freshness::{DAY, Lifetime};
use crate::crypto::Seal;

/// How long one waits before one asks again what was asked in vain, in seconds.
pub(super) const PATIENCE: i64 = 30;

/// A document and its times, in seconds since 1970-01-01 00:00 UTC.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct CachedDocument {
    pub facts: KeyDetails,
    pub body: Vec<u8>,
}

/// What is known of a document.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct KeyDetails {
    /// Where it was asked for.
    pub url: String,
    /// Its entity tag.
    pub etag: Option<String>,
    /// Whether it may be written down. One that may not is written without its text, for the limit on requests.
    pub is_kept: bool,
    /// When its server last sent it, or said that it still stands.
    pub fetched: i64,
    /// Until when it need not be asked for again.
    pub fresh_until: i64,
    /// When it was last asked for although it was fresh, for a key that it has not.
    pub asked_again: Option<i64>,
    /// When it was last asked for in vain.
    pub failed: Option<i64>,
}

/// The first line's begin. Another layout gets another number.
const MARK: &str = "jwtctl 2 ";

impl CachedDocument {
    /// A document just fetched.
    pub fn new(
        url: &str,
        etag: Option<String>,
        lifetime: Lifetime,
        now: i64,
        body: Vec<u8>,
    ) -> Self {
        let facts = KeyDetails {
            url: url.to_owned(),
            etag,
            is_kept: true,
            fetched: now,
            fresh_until: now,
            asked_again: None,
            failed: None,
        };
        let mut entry = Self { facts, body };
        entry.confirm(lifetime, now);
        entry
    }

    /// Its server has said that it still stands; where it says nothing more, for as long as before (RFC 9111 section
    /// 4.3.4).
    pub fn stands(&mut self, lifetime: Option<Lifetime>, now: i64) {
        let before = Lifetime {
            is_kept: self.facts.is_kept,
            seconds: self.facts.fresh_until.saturating_sub(self.facts.fetched),
        };
        self.confirm(lifetime.unwrap_or(before), now);
    }

    fn confirm(&mut self, lifetime: Lifetime, now: i64) {
        self.facts.is_kept = lifetime.is_kept;
        self.facts.fetched = now;
        self.facts.fresh_until = now.saturating_add(lifetime.seconds);
        self.facts.failed = None;
    }

    /// Whether it need not be asked for.
    pub fn is_fresh(&self, now: i64) -> bool {
        self.facts.is_kept && (self.facts.fetched..self.fresh_until()).contains(&now)
    }

    /// Until when that is; whatever stands in a file, it is not for longer than a day.
    fn fresh_until(&self) -> i64 {
        self.facts.fresh_until.min(self.facts.fetched.saturating_add(DAY))
    }

    /// Whether it may serve although it should be asked for, because that fails.
    pub fn is_of_use(&self, now: i64) -> bool {
        self.facts.is_kept && (self.facts.fetched..self.of_use_until()).contains(&now)
    }

    /// Until when that is.
    pub fn of_use_until(&self) -> i64 {
        self.fresh_until().saturating_add(DAY)
    }

    /// How long ago it was asked for in vain, if that is too short to do it again.
    pub fn failed_lately(&self, now: i64) -> Option<i64> {
        lately(self.facts.failed, now)
    }

    /// How long ago it was asked for although it was fresh, if that is too short to do it again.
    pub fn asked_lately(&self, now: i64) -> Option<i64> {
        lately(self.facts.asked_again, now)
    }

    /// Takes over the request limit of another process, which must not store the document that it has fetched. A
    /// document that is older than [`PATIENCE`] does not, since it would never be replaced.
    pub fn heed(&mut self, other: &Self, now: i64) {
        if now.saturating_sub(self.facts.fetched) < PATIENCE {
            self.facts.asked_again = self.facts.asked_again.max(other.facts.asked_again);
        }
    }

    /// What of it may be written down; `None` if that is nothing of use.
    pub fn to_keep(&self, now: i64) -> Option<Cow<'_, Self>> {
        if self.facts.is_kept {
            return Some(Cow::Borrowed(self));
        }
        self.asked_lately(now)?;
        let facts = KeyDetails { etag: None, ..self.facts.clone() };
        Some(Cow::Owned(Self { facts, body: Vec::new() }))
    }

    /// How it is written down under a name: the seal on the name and all the rest, the facts, the document.
    pub fn write(&self, name: &str, seal: &Seal) -> Vec<u8> {
        let mut rest = serde_json::to_vec(&self.facts).unwrap_or_default();
        rest.push(b'\n');
        rest.extend_from_slice(&self.body);
        let mut text = format!("{MARK}{}\n", seal.on(&sealed(name, &rest))).into_bytes();
        text.append(&mut rest);
        text
    }

    /// Reads what was written down under a name; `None` if it was not, or not under this seal.
    pub fn read(text: &[u8], name: &str, seal: &Seal) -> Option<Self> {
        let (written, rest) = split_line(text.strip_prefix(MARK.as_bytes())?)?;
        if !seal.is_on(&sealed(name, rest), written) {
            return None;
        }
        let (facts, body) = split_line(rest)?;
        let facts: KeyDetails = serde_json::from_slice(facts).ok()?;
        Some(Self { facts, body: body.to_vec() })
    }
}

/// What a seal covers: all that an entry means, and its layout.
fn sealed<'a>(name: &'a str, rest: &'a [u8]) -> [&'a [u8]; 4] {
    [MARK.as_bytes(), name.as_bytes(), b"\n", rest]
}

fn lately(then: Option<i64>, now: i64) -> Option<i64> {
    let ago = now.saturating_sub(then?);
    (0..PATIENCE).contains(&ago).then_some(ago)
}

fn split_line(text: &[u8]) -> Option<(&[u8], &[u8])> {
    let end = text.iter().position(|byte| *byte == b'\n')?;
    Some((&text[..end], &text[end + 1..]))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::secret::Secret;

    const URL: &str = "https://a.example/keys";

    fn entry(lifetime: i64) -> CachedDocument {
        let lifetime = Lifetime { is_kept: true, seconds: lifetime };
        CachedDocument::new(
            URL,
            Some("\"x\"".to_owned()),
            lifetime,
            1000,
            b"{\"keys\":[]}\n".to_vec(),
        )
    }

    #[test]
    fn it_is_fresh_then_of_use_then_neither() {
        let entry = entry(60);
        let at = |now| (entry.is_fresh(now), entry.is_of_use(now));
        assert_eq!([at(1000), at(1059)], [(true, true); 2]);
        assert_eq!([at(1060), at(1059 + DAY)], [(false, true); 2]);
        assert_eq!(at(1060 + DAY), (false, false));
        assert_eq!(at(999), (false, false), "it comes from the future");
    }

    #[test]
    fn an_entry_that_promises_years_is_fresh_for_a_day() {
        let mut entry = entry(60);
        entry.facts.fresh_until = i64::MAX;
        assert!(entry.is_fresh(999 + DAY) && !entry.is_fresh(1000 + DAY));
        assert!(entry.is_of_use(999 + 2 * DAY) && !entry.is_of_use(1000 + 2 * DAY));
    }

    #[test]
    fn what_stands_does_so_for_as_long_as_before() {
        let mut entry = entry(60);
        entry.stands(None, 2000);
        assert_eq!((entry.facts.fetched, entry.facts.fresh_until), (2000, 2060));
        entry.stands(Some(Lifetime { is_kept: false, seconds: 5 }), 3000);
        assert_eq!((entry.facts.fresh_until, entry.facts.is_kept), (3005, false));
    }

    #[test]
    fn what_was_done_lately_is_not_done_again() {
        let mut entry = entry(60);
        assert_eq!((entry.failed_lately(1000), entry.asked_lately(1000)), (None, None));
        (entry.facts.failed, entry.facts.asked_again) = (Some(1000), Some(1010));
        assert_eq!((entry.failed_lately(1029), entry.asked_lately(1029)), (Some(29), Some(19)));
        assert_eq!((entry.failed_lately(1030), entry.asked_lately(1040)), (None, None));
        assert_eq!((entry.failed_lately(999), entry.asked_lately(999)), (None, None));
    }

    #[test]
    fn only_the_request_limit_is_kept_of_what_must_not_be_stored() {
        let mut entry = entry(60);
        assert_eq!(entry.to_keep(1000).as_deref(), Some(&entry));
        entry.facts.is_kept = false;
        assert!(!entry.is_fresh(1000) && !entry.is_of_use(1000));
        assert_eq!(entry.to_keep(1000), None);
        entry.facts.asked_again = Some(1000);
        let kept = entry.to_keep(1029).unwrap().into_owned();
        assert_eq!((&kept.facts.etag, &kept.body[..]), (&None, &b""[..]));
        assert_eq!(kept.asked_lately(1029), Some(29));
        assert_eq!(entry.to_keep(1030), None);
    }

    #[test]
    fn the_request_limit_of_others_binds_holders_of_a_recent_document() {
        let (mut held, mut other) = (entry(60), entry(60));
        other.facts.asked_again = Some(1020);
        held.heed(&other, 1029);
        assert_eq!(held.asked_lately(1029), Some(9));
        let mut old = entry(60);
        old.heed(&other, 1030);
        assert_eq!(old.asked_lately(1030), None);
        held.heed(&old, 1029);
        assert_eq!(held.asked_lately(1029), Some(9), "the later one counts");
    }

    #[test]
    fn an_entry_that_was_damaged_or_sealed_by_another_is_ignored() {
        let seal = |byte| Seal::new(&Secret::new(vec![byte; Seal::KEY_LENGTH])).unwrap();
        let (own, others) = (seal(1), seal(2));
        let whole = entry(60).write("name", &own);
        assert_eq!(CachedDocument::read(&whole, "name", &own), Some(entry(60)));
        assert_eq!(CachedDocument::read(&whole, "other", &own), None);
        assert_eq!(CachedDocument::read(&whole, "name", &others), None);
        for end in 0..whole.len() {
            assert_eq!(CachedDocument::read(&whole[..end], "name", &own), None, "cut at {end}");
        }
        for at in 0..whole.len() {
            for bit in 0..8 {
                let mut changed = whole.clone();
                changed[at] ^= 1 << bit;
                assert_eq!(
                    CachedDocument::read(&changed, "name", &own),
                    None,
                    "bit {bit} of byte {at}"
                );
            }
        }
        assert_eq!(CachedDocument::read(&[&whole[..], b" "].concat(), "name", &own), None);
    }
}
