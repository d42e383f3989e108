//! The verbs: a request in, an outcome out.

mod audit;
mod audited_keys;
mod check;
mod decode;
mod decrypt;
mod detached;
mod disclosable;
mod dpop;
mod encode;
mod item;
mod key;
mod key_binding;
mod man;
mod refresh;
mod select;
mod signatures;
mod token_keys;
mod verify;

use crate::crypto::Verdicts;
use crate::env::Env;
use crate::explain::{Code, Problem};
use crate::input::{Payload, open_payload, read_text};
use crate::keys::Purpose;
use crate::outcome::{Answer, Outcome, Problems};
use crate::request::{Detail, Request, TextSource, TokenAction, TokenRequest};
use crate::sys::Bounded;
use crate::time::When;
use crate::token::is_encrypted;

use check::Checker;

pub(crate) use disclosable::ALWAYS_SHOWN;
pub(crate) use item::{Item, ItemContext, Processor, process};
pub(crate) use refresh::KEPT;

pub(crate) fn run(request: &Request, env: &mut Env<'_>) -> Outcome {
    let mut outcome = match request {
        Request::Token(request) => process_one(request, env),
        Request::Key(command) => key::run(command, env),
        Request::Man(dir, pages) => man::run(dir, pages),
    };
    // If two flags want standard input, nothing that was read from it is reported.
    if let Err(problems) = &mut outcome.result {
        problems.reduce_to(
            |problem| matches!(problem, Problem::Usage(usage) if usage.code == Code::StdinTwice),
        );
    }
    outcome
}

/// Loads the keys of a verb on tokens.
pub(crate) fn load<'a, 'e: 'a>(
    request: &'a TokenRequest,
    env: &mut Env<'e>,
) -> Result<Box<dyn Processor + 'a>, Problems> {
    Ok(match &request.action {
        TokenAction::Encode(encode) => Box::new(encode::Encoder::new(encode, env)?),
        TokenAction::Decode(decode) => Box::new(decode::Decoder::new(decode, env)?),
        TokenAction::Verify(verify) => {
            let checker = Checker::new(&verify.checks, Purpose::Verify, env)?;
            Box::new(verify::Verifier { request: verify, checker })
        }
        TokenAction::Refresh(refresh) => Box::new(refresh::Refresher::new(refresh, env)?),
        TokenAction::Audit(audit) => Box::new(audit::Auditor::new(audit, env)?),
    })
}

/// A stream of one. The item is read even if the keys cannot be used, so that the problems of both are reported.
fn process_one(request: &TokenRequest, env: &mut Env<'_>) -> Outcome {
    let loaded = load(request, env);
    let text = read_text(&request.source, request.verb(), env);
    let now = When::now(request.at, (env.clock)());
    let mut context = ItemContext::new(request, Detail::FULL, 0, Verdicts::default(), now);
    let argument = match &request.source {
        TextSource::Given(text) => Some(&**text),
        _ => None,
    };
    let opened = request.detached().map(|path| open_payload(path, env)).transpose();
    let (mut read, mut file) = (Bounded::default(), None);
    let found = text.and_then(|text| {
        (read, file) = (text, opened?);
        Ok(())
    });
    let payload = file.as_mut().map(|file| Payload::new(file.reader(&mut env.stdin)));
    let (bytes, cut, payload) = (&*read.bytes, read.cut, payload.as_ref());
    let item = found.map(|()| Item { bytes, cut, is_found: false, argument, payload });
    match loaded {
        Ok(processor) => {
            let mut outcome = process(&*processor, item, &mut context);
            if let (Ok(Answer::Audited(report)), TextSource::File(path)) =
                (&mut outcome.result, &request.source)
            {
                report.path = Some(path.to_string_lossy().into_owned());
            }
            outcome
        }
        Err(problems) => {
            let checked = item.and_then(|item| check_item(request, item, &mut context));
            let result = Problems::both(Err(problems), checked).map(|(answer, ())| answer);
            Outcome::new(result, now)
        }
    }
}

/// Finds what is wrong with an item without any keys.
fn check_item(
    request: &TokenRequest,
    item: Item<'_>,
    context: &mut ItemContext,
) -> Result<(), Problem> {
    match &request.action {
        TokenAction::Encode(encode) => encode::claims(encode, item, context).map(drop),
        _ if request.decrypts() && is_encrypted(item.bytes) => Ok(()),
        TokenAction::Refresh(_) => context.parse(item).map(drop),
        TokenAction::Decode(_) | TokenAction::Verify(_) | TokenAction::Audit(_) => match item.jws()
        {
            Some(jws) => jws.map(drop),
            None => context.parse(item).map(drop),
        },
    }
}
