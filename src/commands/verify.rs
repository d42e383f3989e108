//! `verify`: an answer only if the signature matches and times and claims meet the expectations.

use super::check::{Checker, read_claims};
use super::item::{Item, ItemContext, Processor, Show};
use super::select::select;
use crate::crypto::{Checked, Verified};
use crate::explain::encryption;
use crate::input::KeySource;
use crate::outcome::{Answer, Layer, MatchedKey, Problems};
use crate::request::VerifyRequest;
use crate::token::Presentation;

pub(super) struct Verifier<'a> {
    pub(super) request: &'a VerifyRequest,
    pub(super) checker: Checker<'a>,
}

impl Processor for Verifier<'_> {
    fn answer(&self, item: Item<'_>, context: &mut ItemContext) -> Result<Answer, Problems> {
        let Some(opened) = self.checker.decrypter.open(item, context)? else {
            return self.answer_signed(item, context);
        };
        if !opened.holds_claims() {
            let inner = Item::inside(opened.content());
            let answer = self.answer_signed(inner, context);
            return answer.map_err(|problems| problems.map(encryption::inside));
        }
        let payload = self.checker.claims_without_signature(&opened)?;
        context.key = context.layers.last().and_then(|layer| layer.key.clone()).map(Box::new);
        if self.request.raw {
            return Ok(Answer::Payload(payload.into_content().1));
        }
        self.answer_verified(read_claims(payload, None)?, None, context)
    }

    fn show_accepted(&self, token: &[u8], context: &mut ItemContext, show: Show<'_>) -> bool {
        let known = context.known_header.as_ref().filter(|_| self.request.key_binding.is_none());
        let Some(known) = known else { return false };
        let verified = known.verify(token, &mut context.memory, &context.verdicts);
        let Some(verified) = verified else { return false };
        let is_accepted = matches!(self.checker.check(&verified, context.now), Ok(None));
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
        let mut token = self.checker.parse(item, context)?;
        let (text, presentation) = (token.text(), token.take_presentation());
        let is_inside = !context.layers.is_empty();
        let source = self.checker.keys_for_signatures(is_inside)?;
        let (keys, checked) = self.checker.check_signature(source, token, context)?;
        let Checked { payload, key, index, algorithm } = checked;
        if context.detail.matched && keys.loaded.single().is_none() {
            let kid = key.key().kid().map(str::to_owned);
            context.matched = Some(Box::new(MatchedKey { kid, number: index as u64 + 1 }));
        }
        if context.detail.key {
            let used = keys.used(key, Some(algorithm));
            let layer = || Layer::signed(payload.header(), Some(used.clone()));
            context.layers.extend(is_inside.then(layer));
            context.key = Some(Box::new(used));
        }
        if self.request.raw {
            return Ok(Answer::Payload(payload.into_content().1));
        }
        let verified = read_claims(payload, presentation.as_deref())?;
        let known = keys.loaded.known_header(text, &verified, algorithm);
        let answer = self.answer_verified(verified, presentation, context)?;
        if matches!(answer, Answer::Verified(..)) {
            context.known_header = known;
        }
        Ok(answer)
    }

    /// Checks times and claims of a token that is genuine.
    fn answer_verified(
        &self,
        verified: Verified,
        presentation: Option<Box<Presentation<'_>>>,
        context: &mut ItemContext,
    ) -> Result<Answer, Problems> {
        let selected = select(&self.request.get, &verified.claims().object, false);
        let accepted = self.checker.accept(&verified, context);
        let bound = self.check_binding(presentation, &verified, context);
        let (selected, _) = Problems::both(selected, Problems::both(accepted, bound))?;
        Ok(selected.unwrap_or_else(|| {
            let (header, claims) = verified.into_content();
            Answer::Verified(header, claims)
        }))
    }
}
