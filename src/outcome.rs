//! What came of a request.

use std::sync::Arc;

use crate::claims::Claims;
use crate::crypto::LoadedKey;
use crate::explain::warnings;
use crate::explain::{Problem, Warning};
use crate::json::Value;
use crate::keys::{
    Algorithm, Certificate, Encoding, JwkParams, KeyError, KeyType, Origin, Purpose,
};
use crate::secret::Secret;
use crate::sys::{BlockedSignals, CreatedFiles};
use crate::time::NumericDate;
use crate::token::Header;

/// What came of it: an answer, or problems; warnings with either.
#[derive(Debug, Default)]
pub struct Outcome {
    /// The answer; none where there are problems.
    pub answer: Option<Answer>,
    /// What stands in the way; what decides the exit code is `exit`'s to say.
    pub problems: Vec<Problem>,
    /// What is worth a word.
    pub warnings: Vec<Warning>,
    /// The key that `verify` used, as soon as there is one.
    pub key: Option<Box<UsedKey>>,
    /// The time that was held against times.
    pub now: NumericDate,
}

/// What a verb answers.
#[derive(Debug)]
pub enum Answer {
    /// A token was made.
    EncodedToken(EncodedToken),
    /// A token was read, nothing verified.
    Decoded {
        /// Its header.
        header: Arc<Header>,
        /// Its claims.
        claims: Claims,
        /// Its signature, as it is encoded.
        signature: String,
    },
    /// Its header alone, nothing verified.
    Header(Arc<Header>),
    /// A token was verified and accepted.
    Verified {
        /// Its header.
        header: Arc<Header>,
        /// Its claims.
        claims: Claims,
    },
    /// One claim.
    Claim(Value),
    /// A verified payload, byte for byte.
    Payload(Vec<u8>),
    /// What keys are.
    Keys(Vec<KeySummary>),
    /// A key, a set or a thumbprint was written.
    Written(WrittenKeys),
    /// Files were written, and there is nothing to print.
    Done,
}

/// A token that was made, or that a refresh left as it was.
#[derive(Debug)]
pub struct EncodedToken {
    /// The compact serialization.
    pub token: String,
    /// Its header.
    pub header: Arc<Header>,
    /// Its claims.
    pub claims: Claims,
    /// Whether it is new; a refresh may find that it need not be.
    pub renewed: bool,
}

/// What a report says of a key.
#[derive(Debug)]
pub struct UsedKey {
    /// What it is: "HMAC secret", "RSA 2048-bit public key".
    pub kind: String,
    /// Whether it can sign.
    pub private: bool,
    /// Its key ID.
    pub kid: Option<String>,
    /// The URL that it was fetched from.
    pub origin: Origin,
    /// The algorithms it serves.
    pub algorithms: Vec<Algorithm>,
    /// The one that verified the token, if it is verified.
    pub algorithm: Option<Algorithm>,
}

impl Outcome {
    /// The signals that are held back until the answer is written.
    #[must_use]
    pub(crate) fn held_signals(&self) -> Option<&BlockedSignals> {
        match &self.answer {
            Some(Answer::Written(written)) => written.files.blocked_signals(),
            _ => None,
        }
    }

    pub(crate) fn answer(answer: Answer, now: NumericDate) -> Self {
        Self { answer: Some(answer), now, ..Self::default() }
    }

    pub(crate) fn refused(problems: Vec<Problem>) -> Self {
        Self { problems, ..Self::default() }
    }

    pub(crate) fn with_warnings(mut self, warnings: Vec<Warning>) -> Self {
        self.warnings = warnings;
        self
    }
}

/// A key, or one of a set that cannot be used.
#[derive(Debug)]
pub struct KeySummary {
    /// Its name in a set: `key "2026-11"`, `key 3`.
    pub name: Option<String>,
    /// Its `kid` in a set, also where the rest of it cannot be used.
    pub kid: Option<String>,
    /// What it is, or what is wrong with it.
    pub facts: Result<KeyDetails, KeyError>,
}

/// What a key is.
#[derive(Debug)]
pub struct KeyDetails {
    /// "RSA 2048-bit public key", "HMAC secret of 32 bytes"
    pub kind: String,
    /// Whether it can sign.
    pub private: bool,
    /// Why it serves nothing, or is too weak to be used unless that is allowed.
    pub limit: Option<KeyError>,
    /// How it is written, and whether a password had to open it; `None` for a key just made, or of a set.
    pub encoding: Option<(Encoding, bool)>,
    /// The algorithms it serves.
    pub algorithms: Vec<Algorithm>,
    /// What its JWK says of it.
    pub params: JwkParams,
    /// Its thumbprint (RFC 7638); none of an HMAC secret, whose digest would help to guess it.
    pub thumbprint: Option<String>,
    /// The certificate it stands in.
    pub certificate: Option<Certificate>,
}

impl KeyDetails {
    /// What is known of a key that was loaded.
    ///
    /// # Errors
    /// Those of a key that does not decode.
    pub fn of(key: &LoadedKey) -> Result<Self, KeyError> {
        let is_secret = key.key().key_type == KeyType::Hmac;
        let permitted = |purpose| key.key().permits(purpose);
        let forbidden = permitted(Purpose::Verify)
            .err()
            .filter(|_| !key.key().is_private() || permitted(Purpose::Sign).is_err());
        Ok(Self {
            kind: key.key().described(),
            private: key.key().is_private(),
            encoding: None,
            algorithms: if forbidden.is_some() { Vec::new() } else { key.supports().to_vec() },
            limit: forbidden.or(key.key().weakness().map(KeyError::Weak)),
            params: key.key().params.clone().unwrap_or_default(),
            thumbprint: (!is_secret).then(|| key.thumbprint()).transpose()?,
            certificate: None,
        })
    }
}

/// A key, a set or a thumbprint, written.
#[derive(Debug)]
pub struct WrittenKeys {
    /// What goes to standard output; `None` if it went to a file.
    pub text: Option<Secret>,
    /// The files that were made.
    pub(crate) files: CreatedFiles,
    /// What the keys are.
    pub keys: Vec<KeyDetails>,
}

impl WrittenKeys {
    /// Removes the files that go with a text if that could not be written: half a pair is useless. Returns
    /// whether there were any, and what could not be removed.
    #[must_use]
    pub fn finish(&mut self, is_written: bool) -> (bool, Vec<Warning>) {
        let is_half = self.text.is_some() && !self.files.paths().is_empty() && !is_written;
        let left = if is_half { self.files.roll_back() } else { self.files.commit() };
        (is_half, warnings::left_behind(left))
    }
}
