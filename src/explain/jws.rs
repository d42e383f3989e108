//! Explains what is wrong with a token that has several signatures, or a payload that is sent separately.

use super::codes::Code;
use super::explanation::Explanation;
use super::problem::Problem;
use super::token::detached;

/// For a token of which only so many signatures are accepted. Each refused signature comes with its index.
pub(crate) fn too_few(accepted: usize, total: usize, refused: &[(usize, Explanation)]) -> Problem {
    let untried = total - accepted - refused.len();
    let more = match untried {
        0 => String::new(),
        _ => format!(", and {untried} were not tried: that would take too long"),
    };
    let message = match accepted {
        0 => format!("none of the token's {total} signatures is accepted{more}"),
        1 => format!("only 1 of the token's {total} signatures is accepted{more}"),
        _ => format!("only {accepted} of the token's {total} signatures are accepted{more}"),
    };
    let hint = match accepted {
        0 => "pass the key of one of the signers",
        _ => {
            "--all-signatures requires every signature to be accepted: pass the keys of all signers"
        }
    };
    let line =
        |(index, said): &(usize, Explanation)| format!("signatures[{index}]: {}", said.message);
    let said = Explanation::new(Code::Signatures, message).hint(hint);
    Problem::Signatures(Box::new(said.evidence(refused.iter().map(line), refused.len())))
}

/// For a token without a payload, where none is given separately.
pub(crate) fn no_payload() -> Problem {
    Problem::NoToken(Box::new(detached("the token has no \"payload\"")))
}

/// For a token with a payload, where another one is given separately.
pub(crate) fn not_detached() -> Problem {
    let message = "the token has a payload, so --detached must not name another one";
    let said = Explanation::new(Code::TokenNotDetached, message);
    Problem::NoToken(Box::new(said.hint("leave out --detached to verify the payload in the token")))
}

/// For an SD-JWT whose payload is given separately.
pub(crate) fn detached_sd_jwt() -> Problem {
    let message = "the payload of an SD-JWT is in the token, so --detached must not name it";
    let said = Explanation::new(Code::Disclosure, message);
    Problem::NoToken(Box::new(
        said.hint("leave out what follows the first ~ to verify the signature"),
    ))
}

/// For a payload that is too large to be a claims set.
pub(crate) fn payload_too_large() -> Problem {
    let message = "the payload is larger than 16 MiB, so it is not read as claims";
    let said = Explanation::new(Code::TokenTooLarge, message);
    Problem::NoToken(Box::new(said.hint("--raw verifies the signature over a payload of any size")))
}
