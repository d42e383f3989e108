//! The keys that one token is checked with. If certificate chains are trusted, the key of the token's own chain is one of
//! them. The last chain is kept for tokens with the same one, but only within the same second, because certificates
//! expire.

use std::cell::OnceCell;
use std::ptr;
use std::sync::Arc;

use crate::crypto::{ChainFault, Work};
use crate::input::{KeySource, SourceKeys};
use crate::time::NumericDate;
use crate::token::Header;

/// Keeps the keys for as long as a token is checked.
#[derive(Default)]
pub(super) struct TokenKeys(OnceCell<Arc<SourceKeys>>);

/// The chain of the last token, which was accepted.
#[derive(Default)]
pub(super) struct LastChain(Option<KnownChain>);

struct KnownChain {
    header: Arc<Header>,
    second: NumericDate,
    /// The address of the keys beside it, which are kept until the call ends.
    others: usize,
    keys: Arc<SourceKeys>,
}

impl TokenKeys {
    /// The keys for a token with this header. If its chain is not accepted, the others, and why.
    pub(super) fn find<'s>(
        &'s self,
        source: &'s KeySource<'_>,
        header: &Arc<Header>,
        now: NumericDate,
        last: &mut LastChain,
        work: &mut Work,
    ) -> (&'s SourceKeys, Option<ChainFault>) {
        let keys = source.keys();
        let (second, others) = (now.whole(), ptr::from_ref(keys).addr());
        if let Some(known) = &last.0
            && (known.second, known.others) == (second, others)
            && has_same_chain(&known.header, header)
        {
            return (self.0.get_or_init(|| Arc::clone(&known.keys)), None);
        }
        let Some((found, mut faults)) = source.with_chains(&[header], now) else {
            return (keys, None);
        };
        work.chain();
        if let Some(fault) = faults.pop().flatten() {
            return (keys, Some(fault));
        }
        let found = self.0.get_or_init(|| Arc::new(found));
        let (header, kept) = (Arc::clone(header), Arc::clone(found));
        last.0 = Some(KnownChain { header, second, others, keys: kept });
        (found, None)
    }

    /// The same for several signatures, each with a header, whose keys are all tried on each.
    pub(super) fn find_all<'s>(
        &'s self,
        source: &'s KeySource<'_>,
        headers: &[&Header],
        now: NumericDate,
    ) -> (&'s SourceKeys, Vec<Option<ChainFault>>) {
        match source.with_chains(headers, now) {
            Some((found, faults)) if found.has_chain => {
                (self.0.get_or_init(|| Arc::new(found)), faults)
            }
            Some((_, faults)) => (source.keys(), faults),
            None => (source.keys(), Vec::new()),
        }
    }
}

/// Whether two headers have the same chain, as it is written.
fn has_same_chain(one: &Header, other: &Header) -> bool {
    let chains = (one.object.get("x5c"), other.object.get("x5c"));
    matches!(chains, (Some(one), Some(other)) if one.text() == other.text())
}
