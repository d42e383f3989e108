//! Kinds of tokens that standards define, and what each must have beyond what every JWT must. The caller still says which
//! issuer and audience are expected.

use TokenKind::{AccessToken, DpopProof, IdToken, JwtSvid, LogoutToken};

/// A kind of token.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TokenKind {
    /// An OAuth 2.0 access token (RFC 9068).
    AccessToken,
    /// An ID token (OpenID Connect Core 1.0 section 2).
    IdToken,
    /// A logout token (OpenID Connect Back-Channel Logout 1.0 section 2.4).
    LogoutToken,
    /// A DPoP proof (RFC 9449 section 4.2).
    DpopProof,
    /// A SPIFFE identity document (SPIFFE JWT-SVID).
    JwtSvid,
}

/// For how many seconds after `iat` a DPoP proof is accepted, unless the caller says otherwise.
const DPOP_AGE: i64 = 5 * 60;

impl TokenKind {
    /// All kinds.
    pub const ALL: [Self; 5] = [AccessToken, IdToken, LogoutToken, DpopProof, JwtSvid];

    /// The name on the command line, and the standard.
    const fn row(self) -> (&'static str, &'static str) {
        match self {
            AccessToken => ("at+jwt", "RFC 9068"),
            IdToken => ("id-token", "OpenID Connect Core 1.0 section 2"),
            LogoutToken => ("logout-token", "OpenID Connect Back-Channel Logout 1.0 section 2.4"),
            DpopProof => ("dpop", "RFC 9449 section 4.2"),
            JwtSvid => ("jwt-svid", "SPIFFE JWT-SVID"),
        }
    }

    /// The name on the command line.
    pub fn name(self) -> &'static str {
        self.row().0
    }

    /// The standard that defines it.
    pub fn standard(self) -> &'static str {
        self.row().1
    }

    /// The media types that the header's `typ` may be, and whether there must be one (RFC 8725 section 3.11).
    pub fn types(self) -> (&'static [&'static str], bool) {
        match self {
            AccessToken => (&["at+jwt"], true),
            IdToken => (&["JWT"], false),
            LogoutToken => (&["logout+jwt", "JWT"], false),
            DpopProof => (&["dpop+jwt"], true),
            JwtSvid => (&["JWT", "JOSE"], false),
        }
    }

    /// The claims that it must have. Many logout tokens have no `exp`, which early drafts did not ask for.
    pub fn required(self) -> &'static [&'static str] {
        match self {
            AccessToken => &["iss", "exp", "aud", "sub", "client_id", "iat", "jti"],
            IdToken => &["iss", "sub", "aud", "exp", "iat"],
            LogoutToken => &["iss", "aud", "iat", "jti"],
            DpopProof => &["jti", "htm", "htu", "iat"],
            JwtSvid => &["aud", "exp"],
        }
    }

    /// Whether it has an `exp`.
    pub(super) fn expires(self) -> bool {
        !matches!(self, LogoutToken | DpopProof)
    }

    /// For how many seconds after `iat` it is accepted, if that is limited.
    pub fn max_age(self) -> Option<i64> {
        (self == DpopProof).then_some(DPOP_AGE)
    }
}
