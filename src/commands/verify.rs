//! `verify`: an answer only if the signature matches and times and claims meet the expectations.

use super::check::{Checker, read_claims};
use super::decode::select;
use super::item::{Item, ItemContext, Processor};
use crate::crypto::Checked;
use crate::input::KeySource;
use crate::outcome::{Answer, Problems};
use crate::request::VerifyRequest;

pub(super) struct Verifier<'a> {
    pub(super) request: &'a VerifyRequest,
    pub(super) checker: Checker<'a>,
}

impl Processor for Verifier<'_> {
    fn answer(&self, item: Item<'_>, context: &mut ItemContext) -> Result<Answer, Problems> {
        let token = self.checker.parse(item, context)?;
        let (keys, Checked { payload, key }) = self.checker.check_signature(token, context)?;
        if context.detail.key {
            context.key = Some(Box::new(keys.used(key, Some(payload.algorithm()))));
        }
        if self.request.raw {
            return Ok(Answer::Payload(payload.into_content().1));
        }
        let verified = read_claims(payload)?;
        let selected = self.request.get.as_ref();
        let selected = selected.map(|get| select(get, &verified.claims().object, false));
        let accepted = self.checker.accept(&verified, context);
        let (selected, ()) = Problems::both(selected.transpose(), accepted)?;
        Ok(selected.unwrap_or_else(|| {
            let (header, claims) = verified.into_content();
            Answer::Verified(header, claims)
        }))
    }

    fn reported_keys(&self) -> Option<&KeySource<'_>> {
        Some(&self.checker.source)
    }
}
