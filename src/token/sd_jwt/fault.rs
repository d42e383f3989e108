//! Why the disclosures of an SD-JWT are refused.

use thiserror::Error;

use crate::json::{JsonError, MAX_DEPTH, Value, quote, shown, shown_name};

/// The most disclosures, and the most digests. In 16 MiB there is no room for more digests of SHA-256.
pub(super) const MOST: usize = 256 * 1024;

/// Why the disclosures of an SD-JWT are refused (RFC 9901 section 7.1). They are numbered from 1.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[allow(missing_docs)] // the messages say what each means
pub enum DisclosureFault {
    #[error("disclosure {0} is not base64url without padding")]
    NotBase64(usize),
    #[error("disclosure {0} {1}")]
    NotJson(usize, JsonError),
    #[error("disclosure {0} is neither [salt, name, value] nor [salt, value]")]
    NotADisclosure(usize),
    #[error("disclosure {0} has the name {name}, which is reserved", name = quote(.1))]
    Reserved(usize, String),
    #[error("there are more than {MOST} disclosures or digests")]
    TooMany,
    #[error("disclosure {0} is the same as disclosure {1}")]
    Repeated(usize, usize),
    #[error("disclosure {0} does not belong to the token: nothing in it has its digest")]
    Unused(usize),
    #[error("the digest {} is in the token twice", shown(&quote(.0)))]
    RepeatedDigest(String),
    #[error("disclosure {0} has no name, but its digest stands for a member of an object")]
    NoName(usize),
    #[error("disclosure {0} has a name, but its digest stands for an item of an array")]
    UnexpectedName(usize),
    #[error("a disclosure adds the member {} to an object that already has it", quote(&shown_name(.0)))]
    NameExists(String),
    #[error("\"_sd\" is not an array of strings")]
    NotDigests,
    #[error("{} is in the wrong place", quote(.0))]
    Misplaced(String),
    #[error("\"_sd_alg\" is {}, which is not sha-256, sha-384 or sha-512", shown(.0.text()))]
    UnknownHash(Value),
    #[error("with its disclosures, the payload is nested deeper than {MAX_DEPTH} levels")]
    TooDeep,
}
