//! `verify`: an answer only if the signature matches and times and claims meet the expectations.

use super::check::{Checker, issuer_of, read_claims};
use super::item::{Item, ItemContext, Processor, Show};
use super::select::select;
use super::token_keys::TokenKeys;
use crate::crypto::{Checked, Verified};
use crate::explain::{encryption, jws};
use crate::input::{KeySource, SourceKeys};
use crate::outcome::{Answer, Layer, Problems};
use crate::request::VerifyRequest;
use crate::token::{Jws, Presentation};

pub(super) struct Verifier<'a> {
    pub(super) request: &'a VerifyRequest,
    pub(super) checker: Checker<'a>,
}

impl Processor for Verifier<'_> {
    fn answer(&self, item: Item<'_>, context: &mut ItemContext) -> Result<Answer, Problems> {
        // What is inside an encrypted token has its payload in it.
        let opened = match item.payload {
            Some(_) => None,
            None => self.checker.decrypter.open(item, context)?,
        };
        let Some(opened) = opened else { return self.answer_signed(item, context) };
        if !opened.holds_claims() {
            let inner = Item::inside(opened.content());
            let answer = self.answer_signed(inner, context);
            return answer.map_err(|problems| problems.map(encryption::inside));
        }
        let payload = self.checker.claims_without_signature(&opened, self.demands_all())?;
        context.key = context.layers.last().and_then(|layer| layer.key.clone()).map(Box::new);
        if self.request.raw {
            return Ok(Answer::Payload(payload.into_content().1));
        }
        let verified = read_claims(payload, None, context)?;
        self.answer_verified(verified, None, None, context)
    }

    fn show_accepted(&self, token: &[u8], context: &mut ItemContext, show: Show<'_>) -> bool {
        let ItemContext { known_header, known_encryption, memory, verdicts, .. } = context;
        let keys = self.checker.decrypter.keys();
        let may_be_unsigned = self.checker.demands_signature(self.demands_all()).is_none();
        let verified = match (known_header, known_encryption) {
            _ if self.request.key_binding.is_some() => None,
            // With a key for signatures, a token without one is not accepted.
            (_, Some(known)) if may_be_unsigned => {
                Verified::of_known_encryption(known, keys, token, memory)
            }
            (Some(known), _) => known.verify(token, memory, verdicts),
            _ => None,
        };
        let Some(verified) = verified else { return false };
        // Only the keys of one source have a known header.
        let source = self.checker.source.as_ref().map(|_| 0);
        let is_accepted = matches!(self.checker.check(&verified, source, context.now), Ok(None));
        if is_accepted {
            show(verified.header(), verified.claims());
        }
        context.memory.reuse(verified.into_content().1);
        is_accepted
    }

    fn reported_keys(&self) -> Option<&KeySource<'_>> {
        self.checker.source.as_ref()
    }
}

impl Verifier<'_> {
    /// Verifies a token that is signed, on its own or inside others.
    fn answer_signed(&self, item: Item<'_>, context: &mut ItemContext) -> Result<Answer, Problems> {
        if let Some(jws) = item.jws() {
            return self.answer_jws(&jws?, item.payload, context);
        }
        let token = self.checker.parse(item, context)?;
        let mut token = token.allow_unencoded(self.allows_unencoded());
        if item.payload.is_some() {
            if !token.payload().is_empty() {
                return Err(jws::not_detached().into());
            }
            if token.presentation().is_some() {
                return Err(jws::detached_sd_jwt().into());
            }
            return self.answer_jws(&Jws::detached(&token), item.payload, context);
        }
        let (text, presentation) = (token.text(), token.take_presentation());
        let source = self.checker.keys_for_signatures(!context.layers.is_empty())?;
        let found = TokenKeys::default();
        let (keys, checked) = self.checker.check_signature(source, token, &found, context)?;
        self.answer_checked(keys, checked, Some(text), presentation, context)
    }

    /// The flag that demands all signatures, and so at least one.
    fn demands_all(&self) -> Option<&'static str> {
        self.request.all_signatures.then_some("--all-signatures")
    }

    /// Whether a payload may be signed as it is: no claims set of a JWT is (RFC 7797 section 7).
    pub(super) fn allows_unencoded(&self) -> bool {
        self.request.raw || self.request.detached.is_some()
    }

    /// The answer for a signature that matches. Later compact tokens may have the same header as this text.
    pub(super) fn answer_checked(
        &self,
        keys: &SourceKeys,
        checked: Checked<'_>,
        text: Option<&str>,
        presentation: Option<Box<Presentation<'_>>>,
        context: &mut ItemContext,
    ) -> Result<Answer, Problems> {
        let Checked { payload, key, index, algorithm } = checked;
        context.report_key(keys, key, index, algorithm);
        if !context.layers.is_empty()
            && let Some(used) = &context.key
        {
            context.layers.push(Layer::signed(payload.header(), Some((**used).clone())));
        }
        if self.request.raw {
            // The caller has a payload that was sent separately.
            let payload = payload.into_content().1;
            let is_separate = self.request.detached.is_some();
            return Ok(if is_separate { Answer::Done } else { Answer::Payload(payload) });
        }
        let verified = read_claims(payload, presentation.as_deref(), context)?;
        self.checker.check_proof_key(&verified, key)?;
        // The chain of a later token is verified at a later time.
        let text = text.filter(|_| !keys.has_chain);
        let known = text.and_then(|text| keys.loaded.known_header(text, &verified, algorithm));
        let source = Some(keys.source_for(index, issuer_of(&verified).as_deref()));
        let answer = self.answer_verified(verified, source, presentation, context)?;
        if matches!(answer, Answer::Verified(..)) {
            context.known_header = known;
        }
        Ok(answer)
    }

    /// Checks times and claims of a token that is genuine. `source` is that of the key that verified it.
    fn answer_verified(
        &self,
        verified: Verified,
        source: Option<usize>,
        presentation: Option<Box<Presentation<'_>>>,
        context: &mut ItemContext,
    ) -> Result<Answer, Problems> {
        let selected = select(&self.request.get, &verified.claims().object, false);
        let accepted = self.checker.accept(&verified, source, context);
        let bound = self.check_binding(presentation, &verified, context);
        let (selected, _) = Problems::both(selected, Problems::both(accepted, bound))?;
        Ok(selected.unwrap_or_else(|| {
            let (header, claims) = verified.into_content();
            Answer::Verified(header, claims)
        }))
    }
}
