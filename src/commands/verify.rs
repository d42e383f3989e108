//! `verify`: an answer only if the signature matches and times and claims meet the expectations.

use super::check::{Checker, read_claims};
use super::decode::select;
use super::processor::Processor;
use crate::crypto::Checked;
use crate::env::Env;
use crate::explain::{Problem, Warning};
use crate::input::{Item, ItemContext};
use crate::keys::Purpose;
use crate::outcome::{Answer, Outcome, Problems, UsedKey};
use crate::request::VerifyRequest;
use crate::time::NumericDate;

pub(super) struct Verifier<'a> {
    request: &'a VerifyRequest,
    checker: Checker<'a>,
}

impl<'a> Verifier<'a> {
    pub(super) fn new<'e: 'a>(
        request: &'a VerifyRequest,
        env: &mut Env<'e>,
    ) -> Result<Self, Problem> {
        let checker = Checker::new(&request.checks, Purpose::Verify, env)?;
        Ok(Self { request, checker })
    }

    /// The keys of the call, for a token that none of them has verified. Of a set, all keys are loaded for this.
    fn keys(&self, context: &ItemContext) -> Option<Box<UsedKey>> {
        context.detail.key.then(|| Box::new(self.checker.source.keys().summary()))
    }

    fn verify(
        &self,
        item: Item<'_>,
        now: NumericDate,
        context: &mut ItemContext,
        warnings: &mut Vec<Warning>,
        used: &mut Option<Box<UsedKey>>,
    ) -> Result<Answer, Problems> {
        let token = self.checker.parse(item, context).inspect_err(|_| {
            context.warn_about_fetch(&self.checker.source, warnings);
        })?;
        let (keys, checked) = self.checker.check_signature(token, context, warnings)?;
        let Checked { payload, key } = checked;
        if context.detail.key {
            *used = Some(Box::new(keys.used(key, Some(payload.algorithm()))));
        }
        if self.request.raw {
            return Ok(Answer::Payload(payload.into_content().1));
        }
        let verified = read_claims(payload)?;
        let selected = self.request.get.as_ref();
        let selected = selected.map(|get| select(get, verified.claims().object(), false));
        let accepted = self.checker.accept(&verified, now, warnings);
        let (selected, ()) = Problems::both(selected.transpose(), accepted)?;
        Ok(selected.unwrap_or_else(|| {
            let (header, claims) = verified.into_content();
            Answer::Verified(header, claims)
        }))
    }
}

impl Processor for Verifier<'_> {
    fn process(&self, item: Item<'_>, now: NumericDate, context: &mut ItemContext) -> Outcome {
        let (mut warnings, mut key) = (Vec::new(), None);
        let result = self.verify(item, now, context, &mut warnings, &mut key);
        let key = key.or_else(|| self.keys(context));
        Outcome { result, warnings, key, now }
    }

    fn refuse(&self, problems: Problems, context: &mut ItemContext) -> Outcome {
        let mut warnings = Vec::new();
        context.warn_about_fetch(&self.checker.source, &mut warnings);
        let key = self.keys(context);
        Outcome { result: Err(problems), warnings, key, now: NumericDate::default() }
    }

    fn key_count(&self) -> usize {
        self.checker.source.keys().loaded.len()
    }
}
