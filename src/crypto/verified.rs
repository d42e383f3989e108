//! What a signature has been checked for. Nothing outside of this module can make one.

use std::sync::Arc;

use crate::claims::Claims;
use crate::keys::Algorithm;
use crate::token::{Header, Malformed, Part, Unverified};

/// The content of a token whose signature has been checked: its claims, or the bytes of its payload. Only
/// this module can make one:
///
/// ```compile_fail,E0451
/// let forged = jwtctl::crypto::Verified::<jwtctl::claims::Claims> {
///     header: todo!(),
///     content: Default::default(),
///     algorithm: jwtctl::keys::Algorithm::HS256,
/// };
/// ```
///
/// ```compile_fail,E0451
/// let forged = jwtctl::crypto::Verified::<Vec<u8>> {
///     header: todo!(),
///     content: vec![],
///     algorithm: jwtctl::keys::Algorithm::HS256,
/// };
/// ```
#[derive(Debug)]
pub struct Verified<C = Claims> {
    header: Arc<Header>,
    content: C,
    algorithm: Algorithm,
}

impl<C> Verified<C> {
    /// The header, whose signature has been checked as well.
    #[must_use]
    pub fn header(&self) -> &Header {
        &self.header
    }

    /// The header and the content, to be shown.
    #[must_use]
    pub fn into_content(self) -> (Arc<Header>, C) {
        (self.header, self.content)
    }

    /// The algorithm of the signature, which is one of the key's.
    #[must_use]
    pub fn algorithm(&self) -> Algorithm {
        self.algorithm
    }
}

impl Verified {
    /// The claims, which may be trusted.
    #[must_use]
    pub fn claims(&self) -> &Claims {
        &self.content
    }
}

impl Verified<Vec<u8>> {
    /// The payload, byte for byte.
    #[must_use]
    pub fn bytes(&self) -> &[u8] {
        &self.content
    }

    /// Call this only where the signature of the token has just been found to match.
    pub(super) fn of(token: Unverified<'_>, algorithm: Algorithm) -> Self {
        let (header, content) = token.into_content();
        Self { header, content, algorithm }
    }

    /// The payload as a claims set (RFC 7519 section 7.2).
    ///
    /// # Errors
    /// [`Malformed::Json`] if it is not a JSON object.
    pub fn into_jwt(self) -> Result<Verified, Malformed> {
        let content = Claims::of_bytes(self.content)
            .map_err(|error| Malformed::Json { part: Part::Payload, error })?;
        Ok(Verified { header: self.header, content, algorithm: self.algorithm })
    }
}
