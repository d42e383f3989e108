//! `--get`: the claims or header parameters that are shown, in place of all.

use crate::explain::Problem;
use crate::json::{Object, Selector};
use crate::outcome::{Answer, Problems};

/// The values that these name, if any are asked for. One that does not exist is a problem.
pub(super) fn select(
    selectors: &[Selector],
    object: &Object,
    in_header: bool,
) -> Result<Option<Answer>, Problems> {
    let missing = |selector: &Selector| Problem::NoSuchClaim {
        name: selector.text.clone(),
        in_header,
        paths: object.paths(),
    };
    match selectors {
        [] => Ok(None),
        [one] => match one.find(object) {
            Some(value) => Ok(Some(Answer::Claim(value))),
            None => Err(missing(one).into()),
        },
        several => {
            let fields: Vec<_> = several.iter().map(|selector| selector.find(object)).collect();
            if fields.iter().all(Option::is_some) {
                return Ok(Some(Answer::Fields(fields)));
            }
            let unset = several.iter().zip(&fields).filter(|(_, field)| field.is_none());
            let problems: Problems = unset.map(|(selector, _)| missing(selector)).collect();
            Err(problems.with_fields(fields))
        }
    }
}
