//! One item of a call (a token or CLAIMS), how a verb processes it, and the state between items.

use std::collections::HashSet;
use std::ffi::OsStr;
use std::mem;
use std::sync::Arc;

use super::token_keys::LastChain;
use crate::claims::Claims;
use crate::crypto::{KnownEncryption, KnownHeader, LoadedKey, SignedHeader, Verdicts};
use crate::explain::{self, Problem, Warning};
use crate::input::{KeySource, Payload, SourceKeys, file_as_token};
use crate::json::Value;
use crate::keys::Algorithm;
use crate::outcome::{Answer, Layer, MatchedKey, Outcome, Problems, UsedKey};
use crate::request::{Detail, TokenAction, TokenRequest, Verb};
use crate::text::without_marks;
use crate::time::NumericDate;
use crate::token::{Header, HeaderCache, Jws, Malformed, TokenMemory, Unverified};

/// A token or CLAIMS, as read.
#[derive(Clone, Copy)]
pub(crate) struct Item<'a> {
    pub(crate) bytes: &'a [u8],
    /// Whether it was longer than the bound.
    pub(crate) cut: bool,
    /// Whether it was found in text, of which it is only a part.
    pub(crate) is_found: bool,
    /// The argument that it was given as, which may be a file name by mistake.
    pub(crate) argument: Option<&'a OsStr>,
    /// Its payload, if that is not in it.
    pub(crate) payload: Option<&'a Payload<'a>>,
}

impl<'a> Item<'a> {
    /// A token that was inside another one.
    pub(super) fn inside(bytes: &'a [u8]) -> Self {
        Self { bytes, cut: false, is_found: false, argument: None, payload: None }
    }

    /// The token, if it is in a JSON serialization.
    pub(super) fn jws(&self) -> Option<Result<Jws<'a>, Problem>> {
        let parsed = if self.cut { None } else { Jws::parse(without_marks(self.bytes)) };
        parsed.map(|jws| jws.map_err(|fault| Problem::Token(fault, None)))
    }
}

/// Takes the header and claims of a token.
pub(super) type Show<'a> = &'a mut dyn FnMut(&Header, &Claims);

/// A verb on tokens with its keys loaded.
pub(crate) trait Processor: Sync {
    fn answer(&self, item: Item<'_>, context: &mut ItemContext) -> Result<Answer, Problems>;

    /// Shows a token like the one before, if its answer is its header and claims and there is nothing to warn about.
    /// This takes less time than [`Self::answer`], which says the same. Returns whether the token was shown; if not,
    /// nothing is decided.
    fn show_accepted(&self, _token: &[u8], _context: &mut ItemContext, _show: Show<'_>) -> bool {
        false
    }

    /// The keys of the call, if an outcome says which key was used.
    fn reported_keys(&self) -> Option<&KeySource<'_>> {
        None
    }
}

/// Processes an item, or reports why it could not be read.
pub(crate) fn process(
    processor: &dyn Processor,
    item: Result<Item<'_>, Problem>,
    context: &mut ItemContext,
) -> Outcome {
    let reported = processor.reported_keys();
    if let Some(source) = reported {
        context.warn_once(&source.warnings);
    }
    let result = item.map_err(Problems::from);
    let result = result.and_then(|item| processor.answer(item, context));
    // If no key has verified the token, all of them are described. Those of a set are loaded for this.
    let keys = reported.filter(|_| context.detail.key);
    let key = context.key.take().or_else(|| Some(Box::new(keys?.keys().summary())));
    let (matched, signature_index) = (context.matched.take(), context.signature_index.take());
    let (warnings, layers) = (mem::take(&mut context.warnings), mem::take(&mut context.layers));
    let (exp, now) = (context.exp.take(), context.now);
    Outcome { result, warnings, key, matched, layers, signature_index, exp, now }
}

/// What is known about the current item, and caches that are kept between items. The caches change no verdict.
pub(crate) struct ItemContext {
    /// The time that an item's times are compared with.
    pub(crate) now: NumericDate,
    pub(super) headers: HeaderCache,
    pub(super) verdicts: Verdicts,
    /// The header of the last token that was verified with the only key.
    pub(super) last_chain: LastChain,
    pub(super) known_header: Option<KnownHeader>,
    /// What speeds up the decryption of tokens with the same header as the last one, if they qualify.
    pub(super) known_encryption: Option<KnownEncryption>,
    pub(super) memory: TokenMemory,
    pub(super) signed_header: SignedHeaderCache,
    pub(super) detail: Detail,
    /// The warnings about the current item.
    pub(super) warnings: Vec<Warning>,
    /// The key that verified the current item, if that is reported.
    pub(super) key: Option<Box<UsedKey>>,
    /// The key of a set that verified the current item, if a row says so.
    pub(super) matched: Option<Box<MatchedKey>>,
    /// The layers of the current item that were decrypted.
    pub(super) layers: Vec<Layer>,
    /// Which signature of the current item was accepted, if it has several.
    pub(super) signature_index: Option<usize>,
    /// When the current item expires, if its signature matches.
    pub(super) exp: Option<NumericDate>,
    verb: Verb,
    /// The addresses of the keys whose warnings were given and what they were used for, and of other warnings that were
    /// given.
    warned_about: HashSet<(usize, Option<Algorithm>)>,
    /// The last of them; most tokens of a stream have the same key.
    last_used: Option<(usize, Option<Algorithm>)>,
}

impl ItemContext {
    /// `headers` is how many headers are cached: zero for a single item, which needs no `verdicts` either.
    pub(crate) fn new(
        request: &TokenRequest,
        detail: Detail,
        headers: usize,
        verdicts: Verdicts,
        now: NumericDate,
    ) -> Self {
        let allow_padding = match &request.action {
            TokenAction::Encode(_) => false,
            TokenAction::Decode(_) | TokenAction::Audit(_) => true,
            TokenAction::Verify(verify) => verify.checks.allow_padding,
            TokenAction::Refresh(refresh) => refresh.checks.allow_padding,
        };
        Self {
            now,
            headers: HeaderCache::with_capacity(headers).allow_padding(allow_padding),
            verdicts,
            last_chain: LastChain::default(),
            known_header: None,
            known_encryption: None,
            memory: TokenMemory::default(),
            signed_header: SignedHeaderCache::default(),
            detail,
            warnings: Vec::new(),
            key: None,
            matched: None,
            layers: Vec::new(),
            signature_index: None,
            exp: None,
            verb: request.verb(),
            warned_about: HashSet::new(),
            last_used: None,
        }
    }

    pub(super) fn parse<'t>(&mut self, item: Item<'t>) -> Result<Unverified<'t>, Problem> {
        let bytes = without_marks(item.bytes);
        let parsed = if item.cut {
            Err(Malformed::TooLarge)
        } else {
            Unverified::parse_with(bytes, &mut self.headers)
        };
        parsed.map_err(|malformed| {
            let file = item.argument.and_then(|argument| file_as_token(argument, self.verb));
            file.unwrap_or_else(|| {
                let explain = || explain::explain_text(bytes, &malformed, None);
                let explanation = self.detail.explain.then(explain).flatten().map(Box::new);
                Problem::Token(malformed, explanation)
            })
        })
    }

    /// Takes the memory of an outcome that is no longer needed.
    pub(crate) fn reuse(&mut self, outcome: Outcome) {
        if let Ok(Answer::Encoded(encoded)) = outcome.result {
            self.memory.reuse(encoded.claims);
        }
    }

    /// Adds warnings that are the same for every item: to each item of a report, else only to the first.
    pub(super) fn warn_once(&mut self, same: &[Warning]) {
        let given = (same.as_ptr().addr(), None);
        if !same.is_empty() && (self.detail.key || self.warned_about.insert(given)) {
            self.warnings.extend_from_slice(same);
        }
    }

    /// Notes the key that verified, as far as it is reported, and its index in its set.
    pub(super) fn report_key(
        &mut self,
        keys: &SourceKeys,
        key: &LoadedKey,
        index: usize,
        alg: Algorithm,
    ) {
        if self.detail.matched && keys.loaded.single().is_none() {
            let kid = key.key().kid().map(str::to_owned);
            self.matched = Some(Box::new(MatchedKey { kid, number: index as u64 + 1 }));
        }
        if self.detail.key {
            self.key = Some(Box::new(keys.used(key, Some(alg))));
        }
    }

    /// Adds the warnings about a key that is used.
    pub(super) fn warn_about_key(&mut self, keys: &SourceKeys, key: &LoadedKey, alg: Algorithm) {
        let used = (std::ptr::from_ref(key).addr(), Some(alg));
        if !self.detail.key
            && (self.last_used.replace(used) == Some(used) || !self.warned_about.insert(used))
        {
            return;
        }
        self.warnings.extend(keys.weaknesses(key, alg));
    }
}

/// The header of the last token that was signed, and what it was made of: the header of the old token, and the address of
/// the key if its `kid` replaced the old one.
#[derive(Default)]
pub(super) struct SignedHeaderCache(Option<(Arc<Header>, Option<usize>, SignedHeader)>);

impl SignedHeaderCache {
    /// The header for the successor of a token with this header. If another key signs than the one that verified, `kid` is
    /// that of the new key.
    pub(super) fn get_or_make(
        &mut self,
        old: &Arc<Header>,
        new_key: Option<&LoadedKey>,
        alg: Algorithm,
    ) -> SignedHeader {
        let by = new_key.map(|key| std::ptr::from_ref(key).addr());
        if let Some((of, known_by, known)) = &self.0
            && Arc::ptr_eq(of, old)
            && (*known_by, known.alg) == (by, alg)
        {
            return known.clone();
        }
        let mut rest = old.object.clone();
        match new_key.map(|key| key.key().kid()) {
            None => {}
            Some(Some(kid)) => rest.set("kid", &Value::string(kid)),
            Some(None) => rest.remove("kid"),
        }
        if new_key.is_some() {
            // They are about the certificate of the old key.
            for name in ["x5c", "x5t", "x5t#S256"] {
                rest.remove(name);
            }
        }
        let made = SignedHeader::new(alg, &rest);
        self.0 = Some((Arc::clone(old), by, made.clone()));
        made
    }
}
