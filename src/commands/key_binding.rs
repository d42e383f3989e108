//! The key binding JWT of an SD-JWT (RFC 9901 section 7.3): what `verify` demands of it.

use super::item::ItemContext;
use super::verify::Verifier;
use crate::crypto::{Verified, verify_key_binding};
use crate::explain::{KeyBindingFault, Problem, warnings};
use crate::json::{Selector, Value};
use crate::outcome::Problems;
use crate::policy::{self, Fault, Policy};
use crate::request::KeyBinding;
use crate::time::NumericDate;
use crate::token::{Presentation, Unverified};

impl Verifier<'_> {
    /// Checks that the holder has signed for this audience and nonce, if that is demanded.
    pub(super) fn check_binding(
        &self,
        presentation: Option<Box<Presentation<'_>>>,
        issued: &Verified,
        context: &mut ItemContext,
    ) -> Result<(), Problems> {
        let is_sd_jwt = presentation.is_some();
        let token = presentation.and_then(|presentation| presentation.key_binding);
        let Some(expected) = &self.request.key_binding else {
            context.warnings.extend(token.map(|_| warnings::key_binding_unchecked()));
            return Ok(());
        };
        let leeway = self.checker.policy.leeway;
        let faults = match token {
            None => vec![KeyBindingFault::Missing { is_sd_jwt }],
            Some(token) => check(expected, issued, token, leeway, context.now),
        };
        if faults.is_empty() {
            return Ok(());
        }
        Err(faults.into_iter().map(|fault| Problem::KeyBinding(fault.into())).collect())
    }
}

fn check(
    expected: &KeyBinding,
    issued: &Verified,
    token: Unverified<'_>,
    leeway: i64,
    now: NumericDate,
) -> Vec<KeyBindingFault> {
    let bound = match verify_key_binding(issued, token) {
        Ok(bound) => bound,
        Err(refusals) => return refusals.into_iter().map(KeyBindingFault::Refused).collect(),
    };
    let equal = |name: &str, value: &str| {
        (Selector { text: name.to_owned(), path: vec![name.to_owned()] }, Value::string(value))
    };
    let policy = Policy {
        // It is compared as a whole, since it names one audience.
        any_audience: true,
        equal: vec![equal("aud", &expected.audience), equal("nonce", &expected.nonce)],
        max_age: Some(expected.max_age),
        leeway,
        ..Policy::default()
    };
    let faults = policy::check(&bound, &policy, now).err().unwrap_or_default();
    // Each fault is one of the key binding JWT, whose expiry no renewal of the token would help.
    faults.into_iter().map(|fault: Fault| KeyBindingFault::Claims(fault)).collect()
}
