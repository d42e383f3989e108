//! `verify` on a JWS with several signatures: any one that is accepted is enough, unless all are demanded.

use super::check::{issuer_of, read_claims};
use super::item::ItemContext;
use super::token_keys::TokenKeys;
use super::verify::Verifier;
use crate::crypto::{Checked, Work};
use crate::explain::{Problem, jws};
use crate::input::SourceKeys;
use crate::outcome::{Answer, Problems};
use crate::token::{Jws, JwsSignature, Malformed};

/// What is known about the signatures that were checked so far.
#[derive(Default)]
pub(super) struct Tally {
    /// The index of the first one that matches, and what follows from it.
    first: Option<(usize, Result<Answer, Problems>)>,
    /// The protected `typ` beside the first one, and the index of the key that it matches.
    typ: Option<String>,
    key: usize,
    accepted: usize,
    refused: Vec<(usize, Problems)>,
}

impl Tally {
    /// Counts a signature that matches. The first one makes the answer. Returns whether it is the first.
    pub(super) fn accept(
        &mut self,
        index: usize,
        answer: impl FnOnce() -> Result<Answer, Problems>,
    ) -> bool {
        self.accepted += 1;
        let is_first = self.first.is_none();
        if is_first {
            self.first = Some((index, answer()));
        }
        is_first
    }

    pub(super) fn refuse(&mut self, index: usize, problems: Problems) {
        self.refused.push((index, problems));
    }

    /// The answer if enough signatures are accepted. If not, what is not the token's fault is reported by itself, too.
    pub(super) fn decide(
        mut self,
        token: &Jws<'_>,
        demands_all: bool,
        context: &mut ItemContext,
    ) -> Result<Answer, Problems> {
        let total = token.signatures().len();
        let demanded = if demands_all { total } else { 1 };
        if let Some((index, answer)) = self.first.filter(|_| self.accepted >= demanded) {
            context.signature_index = token.is_general.then_some(index);
            return answer;
        }
        if total == 1
            && let Some((_, problems)) = self.refused.pop()
        {
            return Err(problems);
        }
        let explained = |(index, problems): &(usize, Problems)| (*index, problems[0].explain());
        let refused: Vec<_> = self.refused.iter().map(explained).collect();
        let summary = jws::too_few(self.accepted, total, &refused);
        let all = self.refused.into_iter().flat_map(|(_, problems)| problems);
        Err(all.filter(|problem| !problem.is_of_the_token()).chain([summary]).collect())
    }
}

impl Verifier<'_> {
    /// Verifies a token whose payload, as it is signed, is this text.
    pub(super) fn answer_whole(
        &self,
        jws: &Jws<'_>,
        payload: &str,
        context: &mut ItemContext,
    ) -> Result<Answer, Problems> {
        let signatures = jws.signatures();
        let (mut tally, mut work) = (Tally::default(), Work::of_a_token());
        for (index, signature) in signatures.iter().enumerate() {
            let is_answered = tally.first.is_some() && !self.request.all_signatures;
            if is_answered || (index > 0 && !work.is_left()) {
                break;
            }
            let warned = context.warnings.len();
            let explains = context.detail.explain && signatures.len() == 1;
            let found = TokenKeys::default();
            match self.check_one(signature, payload, &found, context, &mut work, explains) {
                Ok((keys, checked)) => {
                    self.count(&mut tally, &mut work, index, keys, checked, context);
                }
                Err(problems) => {
                    if signatures.len() > 1 {
                        context.warnings.truncate(warned);
                    }
                    tally.refuse(index, problems);
                }
            }
        }
        tally.decide(jws, self.request.all_signatures, context)
    }

    fn check_one<'s>(
        &'s self,
        signature: &Result<JwsSignature<'_>, Malformed>,
        payload: &str,
        found: &'s TokenKeys,
        context: &mut ItemContext,
        work: &mut Work,
        explains: bool,
    ) -> Result<(&'s SourceKeys, Checked<'s>), Problems> {
        let malformed = |fault: Malformed| Problem::Token(fault, None);
        let signature = signature.as_ref().map_err(|fault| malformed(fault.clone()))?;
        let compact = signature.compact(payload);
        work.read(compact.len());
        let token = signature.token(&compact).map_err(malformed)?;
        let token = token.allow_unencoded(self.allows_unencoded());
        let source = self.checker.keys_for_signatures(!context.layers.is_empty())?;
        self.checker.check_one_signature(source, token, found, context, work, explains)
    }

    /// Counts a signature that matches. What the others sign must be accepted like what the first one signs.
    fn count(
        &self,
        tally: &mut Tally,
        work: &mut Work,
        index: usize,
        keys: &SourceKeys,
        checked: Checked<'_>,
        context: &mut ItemContext,
    ) {
        let typ = checked.payload.header().typ.clone().ok().flatten();
        if tally.first.is_none() {
            (tally.typ, tally.key) = (typ, checked.index);
            tally.accept(index, || self.answer_checked(keys, checked, None, None, context));
            return;
        }
        tally.accept(index, || Ok(Answer::Done));
        // Only `typ` and the expected issuer may make a difference: the claims are the same.
        if self.request.raw || (&tally.typ, tally.key) == (&typ, checked.index) {
            return;
        }
        work.parse(checked.payload.bytes().len());
        let warned = context.warnings.len();
        let index = checked.index;
        let verified = read_claims(checked.payload, None, context).map_err(Problems::from);
        let also = verified.and_then(|verified| {
            let issuer = issuer_of(&verified);
            let source = keys.source_for(index, issuer.as_deref());
            self.checker.accept(&verified, Some(source), context)
        });
        context.warnings.truncate(warned);
        if let (Some((_, answer @ Ok(_))), Err(problems)) = (&mut tally.first, also) {
            *answer = Err(problems);
        }
    }
}
