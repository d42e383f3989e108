//! `decode`: shows a token of any algorithm and verifies nothing.

use std::sync::Arc;

use super::decrypt::{Decrypter, OpenedToken};
use super::item::{Item, ItemContext, Processor, Show};
use super::select::select;
use crate::claims::Claims;
use crate::crypto::disclose;
use crate::env::Env;
use crate::explain::{self, Problem, Warning, encryption, jws, warnings};
use crate::outcome::{Answer, Layer, Problems};
use crate::request::DecodeRequest;
use crate::token::{
    Header, Jws, JwsSignature, Malformed, Part, Presentation, Unverified, parse_header,
};

pub(super) struct Decoder<'a> {
    request: &'a DecodeRequest,
    decrypter: Decrypter,
}

impl<'a> Decoder<'a> {
    pub(super) fn new(request: &'a DecodeRequest, env: &mut Env<'_>) -> Result<Self, Problem> {
        Ok(Self { request, decrypter: Decrypter::load(&request.decrypt, env)? })
    }
}

impl Processor for Decoder<'_> {
    fn show_accepted(&self, token: &[u8], context: &mut ItemContext, show: Show<'_>) -> bool {
        if self.request.header || self.request.raw || !self.request.get.is_empty() {
            return false;
        }
        if let Some(known) = &context.known_encryption {
            let claims = known.open(self.decrypter.keys(), token, &mut context.memory);
            if let Some(claims) = claims {
                show(&known.header, &claims);
                context.memory.reuse(claims);
                return true;
            }
        }
        let last = context.headers.last().filter(|(_, header)| !header.is_unencoded());
        let Some((encoded, header)) = last else { return false };
        let read = context.memory.read(encoded, token);
        let claims = read.and_then(|_| context.memory.take_claims().ok());
        let Some(claims) = claims else { return false };
        show(header, &claims);
        context.memory.reuse(claims);
        true
    }

    /// Since nothing is trusted, text that contains exactly one token counts as that token, and a header is shown even
    /// if nothing else can be read.
    fn answer(&self, item: Item<'_>, context: &mut ItemContext) -> Result<Answer, Problems> {
        if let Some(opened) = self.decrypter.open(item, context)? {
            return self.show_opened(&opened, context);
        }
        if let Some(jws) = item.jws() {
            return self.show_jws(&jws?);
        }
        let shown = match context.parse(item) {
            Ok(token) => {
                let shown = self.show(&token);
                let is_padded = shown.is_ok() && token.is_padded();
                context.warnings.extend(is_padded.then(warnings::padded));
                shown
            }
            Err(problem) => Err(problem.into()),
        };
        let problems = match shown {
            Err(problems) => problems,
            shown => return shown,
        };
        let inside =
            (!item.is_found).then(|| self.show_token_inside(&problems, item.bytes, context));
        if let Some(shown) = inside.flatten() {
            return shown;
        }
        // A JWE that was found has a header to show and no claims (RFC 7516 section 7.1).
        let is_jwe = item.is_found
            && memchr::memchr_iter(b'.', item.bytes).count() == 4
            && !item.bytes.contains(&b'~');
        let is_wanted = (self.request.header || is_jwe) && !item.cut;
        match is_wanted.then(|| parse_header(item.bytes, &mut context.headers)).flatten() {
            Some(header) => self.show_header(&header),
            None => Err(problems),
        }
    }
}

impl Decoder<'_> {
    /// The only token in other text; `None` if there is not exactly one, or it cannot be read.
    fn show_token_inside(
        &self,
        problems: &[Problem],
        text: &[u8],
        context: &mut ItemContext,
    ) -> Option<Result<Answer, Problems>> {
        let [Problem::Token(fault, _)] = problems else { return None };
        let (token, explanation) = explain::token_inside(text, fault)?;
        let shown = match self.decrypter.open(Item::inside(token.as_bytes()), context) {
            Ok(None) => {
                self.show(&Unverified::parse_with(token.as_bytes(), &mut context.headers).ok()?)
            }
            Ok(Some(opened)) => self.show_opened(&opened, context),
            Err(problem) => Err(problem.into()),
        };
        context.warnings.extend(shown.is_ok().then(|| Warning::Output(Box::new(explanation))));
        let is_readable = |problems: &Problems| !matches!(problems[..], [Problem::Token(..)]);
        Some(shown).filter(|shown| shown.as_ref().err().is_none_or(is_readable))
    }

    /// Shows what is inside an encrypted token: another token, or its claims.
    fn show_opened(
        &self,
        opened: &OpenedToken,
        context: &mut ItemContext,
    ) -> Result<Answer, Problems> {
        let inside = opened.content();
        let inner = Item::inside(inside);
        if self.request.raw {
            let token = context.parse(inner).ok();
            let payload = token.as_ref().map_or(inside, Unverified::payload);
            return Ok(Answer::Payload(payload.to_vec()));
        }
        if !opened.holds_claims() {
            if let Some(jws) = inner.jws() {
                let jws = jws?;
                let first = jws.signatures().iter().flatten().next();
                context.layers.extend(first.map(|one| Layer::signed(&one.header, None)));
                return self.show_jws(&jws);
            }
            let token = context.parse(inner).map_err(encryption::inside)?;
            context.layers.push(Layer::signed(token.header(), None));
            return self.show(&token).map_err(|problems| problems.map(encryption::inside));
        }
        let header = &opened.innermost().header;
        if self.request.header {
            return self.show_header(header);
        }
        let claims = Claims::parse(inside)
            .map_err(|error| Malformed::Json { part: Part::Payload, error })
            .map_err(|malformed| encryption::inside(Problem::Token(malformed, None)))?;
        let selected = select(&self.request.get, &claims.object, false)?;
        Ok(selected.unwrap_or_else(|| Answer::Decoded(Arc::clone(header), claims, None)))
    }

    /// Shows a token in a JSON serialization, with the headers of all its signatures.
    fn show_jws(&self, jws: &Jws<'_>) -> Result<Answer, Problems> {
        let malformed = |fault: Malformed| Problem::Token(fault, None);
        let readable: Result<Vec<_>, _> = jws.signatures().iter().map(Result::as_ref).collect();
        let signatures = readable.map_err(|fault| malformed(fault.clone()))?;
        let header = |one: &&JwsSignature<'_>| Arc::clone(&one.header);
        if self.request.header && jws.is_general && self.request.get.is_empty() {
            return Ok(Answer::Headers(signatures.iter().map(header).collect()));
        }
        let first = signatures[0];
        if self.request.header {
            return self.show_header(&first.header);
        }
        let compact = first.compact(jws.payload().ok_or_else(jws::no_payload)?);
        let token = first.token(&compact).map_err(malformed)?;
        if !jws.is_general || self.request.raw || !self.request.get.is_empty() {
            return self.show(&token);
        }
        let parts = signatures.iter().map(|one| (header(one), one.text.to_string()));
        Ok(Answer::DecodedJws(parts.collect(), claims(&token)?))
    }

    fn show(&self, token: &Unverified<'_>) -> Result<Answer, Problems> {
        if self.request.raw {
            return Ok(Answer::Payload(token.payload().to_vec()));
        }
        let claims = claims(token)?;
        if self.request.header {
            return self.show_header(token.header());
        }
        let claims = match token.presentation() {
            Some(presentation) => disclosed(&claims, presentation)?,
            None => claims,
        };
        let selected = select(&self.request.get, &claims.object, false)?;
        Ok(selected.unwrap_or_else(|| {
            let signature = Some(token.signature_text().to_owned());
            Answer::Decoded(Arc::clone(token.header()), claims, signature)
        }))
    }

    fn show_header(&self, header: &Arc<Header>) -> Result<Answer, Problems> {
        let selected = select(&self.request.get, &header.object, true)?;
        Ok(selected.unwrap_or_else(|| Answer::Header(Arc::clone(header))))
    }
}

/// The claims of an SD-JWT with what its disclosures say, and the key binding JWT.
fn disclosed(claims: &Claims, presentation: &Presentation<'_>) -> Result<Claims, Problem> {
    let problem = |malformed| Problem::Token(malformed, None);
    let disclosed = disclose(claims, presentation).map_err(Malformed::Disclosure);
    let mut claims = disclosed.map_err(problem)?;
    if let (Some(token), Some(disclosed)) = (&presentation.key_binding, &mut claims.disclosed) {
        let inner = token.unverified_claims();
        let inner = inner.map_err(|malformed| problem(Malformed::KeyBinding(malformed.into())))?;
        disclosed.key_binding = Some((token.header().object.clone(), inner.object));
    }
    Ok(claims)
}

fn claims(token: &Unverified<'_>) -> Result<Claims, Problem> {
    token
        .unverified_claims()
        .map_err(|malformed| Problem::Token(malformed, explain::not_claims(token).map(Box::new)))
}
