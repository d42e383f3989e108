//! `decode`: shows a token of any algorithm and verifies nothing.

use std::sync::Arc;

use super::item::{Item, ItemContext, Processor};
use crate::explain::{self, Problem, Warning, warnings};
use crate::json::{Object, Selector};
use crate::outcome::{Answer, Problems};
use crate::request::DecodeRequest;
use crate::token::{Header, Unverified, parse_header};

pub(super) struct Decoder<'a>(pub(super) &'a DecodeRequest);

impl Processor for Decoder<'_> {
    /// Since nothing is trusted, text that contains exactly one token counts as that token, and a header is shown even
    /// if nothing else can be read.
    fn answer(&self, item: Item<'_>, context: &mut ItemContext) -> Result<Answer, Problems> {
        let parsed = context.parse(item);
        let shown = parsed.and_then(|token| Ok((self.show(&token)?, token.is_padded())));
        let problem = match shown {
            Ok((answer, is_padded)) => {
                context.warnings.extend(is_padded.then(warnings::padded));
                return Ok(answer);
            }
            Err(problem) => problem,
        };
        let inside =
            (!item.is_found).then(|| self.show_token_inside(&problem, item.bytes, context));
        if let Some(shown) = inside.flatten() {
            return Ok(shown?);
        }
        // A JWE that was found has a header to show and no claims (RFC 7516 section 7.1).
        let is_jwe = item.is_found && memchr::memchr_iter(b'.', item.bytes).count() == 4;
        let is_wanted = (self.0.header || is_jwe) && !item.cut;
        match is_wanted.then(|| parse_header(item.bytes, &mut context.headers)).flatten() {
            Some(header) => Ok(self.show_header(&header)?),
            None => Err(problem.into()),
        }
    }
}

impl Decoder<'_> {
    /// The only token in other text; `None` if there is not exactly one, or it cannot be read.
    fn show_token_inside(
        &self,
        problem: &Problem,
        text: &[u8],
        context: &mut ItemContext,
    ) -> Option<Result<Answer, Problem>> {
        let Problem::Token(fault, _) = problem else { return None };
        let (token, explanation) = explain::token_inside(text, fault)?;
        let token = Unverified::parse_with(token.as_bytes(), &mut context.headers).ok()?;
        let shown = self.show(&token);
        context.warnings.extend(shown.is_ok().then(|| Warning::Output(Box::new(explanation))));
        Some(shown).filter(|shown| !matches!(shown, Err(Problem::Token(..))))
    }

    fn show(&self, token: &Unverified<'_>) -> Result<Answer, Problem> {
        let claims = token.unverified_claims().map_err(|malformed| {
            Problem::Token(malformed, explain::not_claims(token).map(Box::new))
        })?;
        match &self.0.get {
            _ if self.0.header => self.show_header(token.header()),
            Some(selector) => select(selector, &claims.object, false),
            None => {
                let signature = token.signature_text().to_owned();
                Ok(Answer::Decoded(Arc::clone(token.header()), claims, signature))
            }
        }
    }

    fn show_header(&self, header: &Arc<Header>) -> Result<Answer, Problem> {
        match &self.0.get {
            Some(selector) => select(selector, &header.object, true),
            None => Ok(Answer::Header(Arc::clone(header))),
        }
    }
}

/// The value that `--get` names.
pub(super) fn select(
    selector: &Selector,
    object: &Object,
    in_header: bool,
) -> Result<Answer, Problem> {
    selector.find(object).map(Answer::Claim).ok_or_else(|| Problem::NoSuchClaim {
        name: selector.text.clone(),
        in_header,
        paths: object.paths(),
    })
}
