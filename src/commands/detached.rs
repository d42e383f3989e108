//! `verify --detached`: a token whose payload is sent separately (RFC 7515 appendix F). A payload that is neither shown
//! nor checked as claims is read piece by piece, so it may have any size.

use std::io::Read;

use super::item::ItemContext;
use super::signatures::Tally;
use super::token_keys::TokenKeys;
use super::verify::Verifier;
use crate::crypto::DetachedSignature;
use crate::explain::{Problem, jws};
use crate::input::Payload;
use crate::json::JsonError;
use crate::outcome::{Answer, Problems};
use crate::token::{Jws, JwsSignature, MAX_TOKEN, Malformed, Part, encode_payload};

/// A payload of this many bytes is read at once, because a wrong signature over it can then be explained.
const MOST_AT_ONCE: usize = 1024 * 1024;

impl Verifier<'_> {
    /// Verifies a token, whose payload is in it or separate.
    pub(super) fn answer_jws(
        &self,
        jws: &Jws<'_>,
        separate: Option<&Payload<'_>>,
        context: &mut ItemContext,
    ) -> Result<Answer, Problems> {
        match (jws.payload(), separate) {
            (Some(payload), None) => self.answer_whole(jws, payload, context),
            (None, Some(separate)) => self.answer_detached(jws, separate, context),
            (None, None) => Err(jws::no_payload().into()),
            (Some(_), Some(_)) => Err(jws::not_detached().into()),
        }
    }

    fn answer_detached(
        &self,
        jws: &Jws<'_>,
        separate: &Payload<'_>,
        context: &mut ItemContext,
    ) -> Result<Answer, Problems> {
        let most = if self.request.raw { MOST_AT_ONCE } else { MAX_TOKEN };
        let mut begin = Vec::new();
        separate.read(|input| input.take(most as u64 + 1).read_to_end(&mut begin))?;
        let is_whole = begin.len() <= most;
        let text = if jws.is_unencoded() {
            str::from_utf8(&begin).map(str::to_owned)
        } else {
            Ok(if is_whole { encode_payload(&begin) } else { String::new() })
        };
        match text {
            Ok(text) if is_whole => self.answer_whole(jws, &text, context),
            _ if self.request.raw => self.answer_pieces(jws, &begin, separate, context),
            Err(error) => {
                let error = JsonError::NotUtf8(error.valid_up_to());
                let fault = Malformed::Json { part: Part::Payload, error };
                Err(Problem::Token(fault, None).into())
            }
            Ok(_) => Err(jws::payload_too_large().into()),
        }
    }

    /// Verifies a token over a payload of any size, of which some has been read.
    fn answer_pieces(
        &self,
        jws: &Jws<'_>,
        begin: &[u8],
        separate: &Payload<'_>,
        context: &mut ItemContext,
    ) -> Result<Answer, Problems> {
        let source = self.checker.keys_for_signatures(false)?;
        let (mut tally, mut indices, mut signatures) = (Tally::default(), Vec::new(), Vec::new());
        for (index, signature) in jws.signatures().iter().enumerate() {
            match signature.as_ref().map_err(Clone::clone).and_then(detached) {
                Ok(signature) => {
                    indices.push(index);
                    signatures.push(signature);
                }
                Err(fault) => tally.refuse(index, Problem::Token(fault, None).into()),
            }
        }
        let (found, now) = (TokenKeys::default(), context.now);
        let (keys, verdicts) =
            self.checker.check_pieces(source, &signatures, (&found, now), |check| {
                separate.read(|input| check(&mut begin.chain(input)))
            })?;
        for (index, verdict) in indices.into_iter().zip(verdicts) {
            match verdict {
                Ok((key, number, algorithm)) => {
                    if tally.accept(index, || Ok(Answer::Done)) {
                        context.warn_about_key(keys, key, algorithm);
                        context.report_key(keys, key, number, algorithm);
                    }
                }
                Err(problems) => tally.refuse(index, problems),
            }
        }
        tally.decide(jws, self.request.all_signatures, context)
    }
}

fn detached(signature: &JwsSignature<'_>) -> Result<DetachedSignature, Malformed> {
    Ok(DetachedSignature {
        header: signature.header.clone(),
        prefix: signature.signing_prefix(),
        signature: signature.decoded()?,
    })
}
