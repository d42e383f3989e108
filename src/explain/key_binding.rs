//! Explains why the key binding JWT of an SD-JWT is not accepted.

use super::claims;
use super::codes::Code;
use super::explanation::Explanation;
use super::times;
use crate::crypto::KeyBindingRefusal;
use crate::policy::{Expectation, Fault};
use crate::time;

/// Why the key binding JWT of an SD-JWT is not accepted.
#[derive(Debug)]
pub enum KeyBindingFault {
    /// There is none.
    Missing {
        /// Whether the token is an SD-JWT.
        is_sd_jwt: bool,
    },
    /// It is not the holder's, or does not belong to the token.
    Refused(KeyBindingRefusal),
    /// It does not meet an expectation.
    Claims(Fault),
}

pub(super) fn explain(fault: &KeyBindingFault) -> Explanation {
    match fault {
        KeyBindingFault::Missing { is_sd_jwt } => {
            let what = if *is_sd_jwt { "SD-JWT" } else { "token" };
            let message = format!(
                "the {what} has no key binding JWT, which --key-binding-aud and --key-binding-nonce require"
            );
            Explanation::new(Code::KeyBindingMissing, message)
                .hint("the holder must create one for each presentation, with your audience and nonce (RFC 9901 section 4.3)")
        }
        KeyBindingFault::Refused(refusal) => {
            let said = Explanation::new(Code::KeyBinding, refusal.to_string());
            match refusal {
                KeyBindingRefusal::NoKey => said.about("cnf"),
                KeyBindingRefusal::Type(_) => said.about("typ"),
                KeyBindingRefusal::Hash => said
                    .about("sd_hash")
                    .hint("were disclosures added, removed or reordered after the holder signed?"),
                _ => said,
            }
        }
        KeyBindingFault::Claims(fault) => claims_fault(fault),
    }
}

/// The key binding JWT has expectations of its own, so the messages about a token's expectations do not fit.
fn claims_fault(fault: &Fault) -> Explanation {
    let said = Explanation { hint: None, ..claims::explain(fault) };
    let message = match fault {
        Fault::TooOld { iat, now, max_age, .. } => {
            let (when, allowed) = (times::point(*iat, *now), time::span(*max_age));
            format!("the key binding JWT was issued {when}; --key-binding-max-age allows {allowed}")
        }
        Fault::Expired { exp, now, .. } => {
            format!("the key binding JWT expired {}", times::point(*exp, *now))
        }
        Fault::Missing { by: Expectation::MaxAge, .. } => {
            "the key binding JWT has no \"iat\", which --key-binding-max-age needs".to_owned()
        }
        _ => format!("the key binding JWT: {}", said.message),
    };
    match fault {
        Fault::TooOld { .. } | Fault::Expired { .. } => {
            Explanation { message, ..said }.hint("ask the holder for a new presentation")
        }
        _ => Explanation { message, ..said },
    }
}
