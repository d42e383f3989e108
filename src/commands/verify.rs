//! `verify`: an answer only if the signature matches and times and claims meet the expectations.

use super::check::{Checker, read_claims};
use super::item::{Item, ItemContext, Processor, Show};
use super::select::select;
use crate::crypto::Checked;
use crate::input::KeySource;
use crate::outcome::{Answer, MatchedKey, Problems};
use crate::request::VerifyRequest;

pub(super) struct Verifier<'a> {
    pub(super) request: &'a VerifyRequest,
    pub(super) checker: Checker<'a>,
}

impl Processor for Verifier<'_> {
    fn answer(&self, item: Item<'_>, context: &mut ItemContext) -> Result<Answer, Problems> {
        let token = self.checker.parse(item, context)?;
        let text = token.text();
        let (keys, checked) = self.checker.check_signature(token, context)?;
        let Checked { payload, key, index } = checked;
        if context.detail.matched && keys.loaded.single().is_none() {
            let kid = key.key().kid().map(str::to_owned);
            context.matched = Some(Box::new(MatchedKey { kid, number: index as u64 + 1 }));
        }
        if context.detail.key {
            context.key = Some(Box::new(keys.used(key, Some(payload.algorithm()))));
        }
        if self.request.raw {
            return Ok(Answer::Payload(payload.into_content().1));
        }
        let verified = read_claims(payload)?;
        let selected = select(&self.request.get, &verified.claims().object, false);
        let accepted = self.checker.accept(&verified, context);
        let (selected, ()) = Problems::both(selected, accepted)?;
        if selected.is_none() {
            context.known_header = keys.loaded.known_header(text, &verified);
        }
        Ok(selected.unwrap_or_else(|| {
            let (header, claims) = verified.into_content();
            Answer::Verified(header, claims)
        }))
    }

    fn show_accepted(&self, token: &[u8], context: &mut ItemContext, show: Show<'_>) -> bool {
        let Some(known) = &context.known_header else { return false };
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
        Some(&self.checker.source)
    }
}
