//! Kinds of tokens, recognised by `typ` and claims, and the rules that do not apply to them: what the standard of a
//! kind requires, forbids or intends is not a weakness.

use super::rules::Rule::{
    self, JwkInside, LongLife, NoAudience, NoExpiry, NoIssuer, PersonalData, X5u,
};
use crate::claims::Claims;
use crate::json::{Object, ValueRef};
use crate::policy::{TokenKind, media_type};
use crate::time::NumericDate;
use crate::token::Header;

/// A test of the header and claims for a kind of token, and the rules that do not apply to this kind.
type ByClaims = (fn(&Header, &Claims) -> bool, &'static [Rule]);

/// The rules that do not apply to a credential, which its holder may keep for years.
const CREDENTIAL: &[Rule] = &[NoExpiry, LongLife, PersonalData];

/// Kinds that have their own media type.
const BY_TYPE: [(&str, &[Rule]); 17] = [
    // RFC 9449 section 4.2: a DPoP proof contains the sender's key, and is accepted for a short time after its iat.
    ("dpop+jwt", &[NoExpiry, JwkInside, NoIssuer, NoAudience]),
    // OpenID for Verifiable Credential Issuance 1.0, appendix F.1.
    ("openid4vci-proof+jwt", &[NoExpiry, JwkInside, NoIssuer]),
    // RFC 9901 section 4.3.
    ("kb+jwt", &[NoExpiry, NoIssuer]),
    // OpenID Connect Back-Channel Logout 1.0 section 2.4.
    ("logout+jwt", &[NoExpiry]),
    // RFC 8417 section 2.2 advises against exp; an event names its subject, such as by e-mail address (RFC 9493).
    ("secevent+jwt", &[NoExpiry, PersonalData]),
    // RFC 9701 section 5.
    ("token-introspection+jwt", &[NoExpiry, PersonalData]),
    // RFC 9101 section 4: the parameters of a single request.
    ("oauth-authz-req+jwt", &[NoExpiry]),
    // RFC 8225 section 4: a PASSporT is accepted for a short time after its iat, and has the URL of its certificate.
    ("passport", &[NoExpiry, X5u, NoIssuer, NoAudience]),
    // Credentials that their holder keeps.
    ("dc+sd-jwt", CREDENTIAL),
    ("vc+sd-jwt", CREDENTIAL),
    ("vc+jwt", CREDENTIAL),
    ("vp+jwt", &[NoExpiry, PersonalData]),
    // Statements that are published.
    ("statuslist+jwt", &[NoExpiry, LongLife]),
    ("entity-statement+jwt", &[LongLife]),
    ("trust-mark+jwt", &[NoExpiry, LongLife]),
    ("jwk-set+jwt", &[NoExpiry, LongLife]),
    // OpenID Connect Core 1.0 section 5.3.2.
    ("userinfo+jwt", &[NoExpiry, PersonalData]),
];

/// Kinds that are recognised by their claims.
const BY_CLAIMS: [ByClaims; 12] = [
    (is_id_token, &[PersonalData]),
    // RFC 8417 section 2.2: a security event token without typ, such as a logout token of an older issuer.
    (|_, claims| is_object(claims, "events"), &[NoExpiry]),
    // RFC 9101 section 4.
    (|_, claims| has(claims, "response_type") && has(claims, "client_id"), &[NoExpiry]),
    // RFC 7591 section 2.3.
    (|_, claims| has(claims, "software_id"), &[NoExpiry, LongLife]),
    (|_, claims| is_object(claims, "token_introspection"), &[NoExpiry, PersonalData]),
    (is_apns_token, &[NoExpiry]),
    (is_apple_secret, &[LongLife]),
    // The user claims that an AWS load balancer passes to the application behind it.
    (|header, _| is_of_load_balancer(header), &[PersonalData]),
    // RFC 9711: an entity attestation token is bound to a nonce.
    (|_, claims| has(claims, "eat_nonce") || has(claims, "eat_profile"), &[NoExpiry]),
    // SPIFFE JWT-SVID: the trust domain in sub names the issuer.
    (|_, claims| begins(claims, "sub", "spiffe://"), &[NoIssuer]),
    // RFC 9901, and the W3C Verifiable Credentials Data Model.
    (
        |_, claims| {
            claims.disclosed.is_some() || ["vct", "vc", "vp"].iter().any(|it| has(claims, it))
        },
        CREDENTIAL,
    ),
    // A signed UserInfo response (OpenID Connect Core 1.0 section 5.3.2) is not an ID token, and is used immediately.
    (
        |_, claims| {
            has(claims, "sub")
                && has(claims, "aud")
                && !has(claims, "iat")
                && !has(claims, "exp")
                && has(claims, "email_verified")
        },
        &[NoExpiry, PersonalData],
    ),
];

/// The rules that do not apply to a token.
pub(super) fn excused(header: &Header, claims: Option<&Claims>) -> Vec<Rule> {
    let typ = header.typ.as_ref().ok().and_then(Option::as_deref).map(media_type);
    let of_type = BY_TYPE.iter().filter(|(name, _)| typ.as_deref() == Some(name));
    let of_claims = BY_CLAIMS.iter().filter(|(is, _)| claims.is_some_and(|it| is(header, it)));
    let all = of_type.map(|(_, rules)| *rules).chain(of_claims.map(|(_, rules)| *rules));
    all.flatten().copied().collect()
}

/// Whether the token has all required claims of an ID token and no claim of access tokens. An ID token describes the
/// user (OpenID Connect Core 1.0 section 5.1).
fn is_id_token(header: &Header, claims: &Claims) -> bool {
    const OF_ACCESS_TOKENS: [&str; 7] =
        ["scope", "scp", "client_id", "cid", "realm_access", "resource_access", "permissions"];
    let typ = header.typ.as_ref().ok().and_then(Option::as_deref).map(media_type);
    let is_access = OF_ACCESS_TOKENS.iter().any(|name| has(claims, name))
        || begins(claims, "token_use", "access")
        || begins(claims, "typ", "Bearer");
    typ.is_none_or(|typ| typ == "jwt")
        && TokenKind::IdToken.required().iter().all(|name| has(claims, name))
        && !is_access
}

/// Whether the token is a provider token of the Apple Push Notification service, which is valid for an hour after `iat`.
fn is_apns_token(header: &Header, claims: &Claims) -> bool {
    let has_only = |object: &Object, names: [&str; 2]| {
        object.iter().len() == names.len() && names.iter().all(|name| object.get(name).is_some())
    };
    has_only(&header.object, ["alg", "kid"]) && has_only(&claims.object, ["iss", "iat"])
}

/// Whether the token is a client secret of Sign in with Apple, which may be valid for six months.
fn is_apple_secret(_: &Header, claims: &Claims) -> bool {
    const SIX_MONTHS: i128 = 15_777_000;
    let date = |name| claims.object.get(name).and_then(NumericDate::of);
    let life = date("exp").zip(date("iat")).map(|(exp, iat)| exp.seconds_since(iat));
    claims.string("aud").ok().flatten().as_deref() == Some("https://appleid.apple.com")
        && life.is_some_and(|life| life <= SIX_MONTHS)
}

fn is_of_load_balancer(header: &Header) -> bool {
    let signer = header.object.get("signer").and_then(ValueRef::into_string);
    signer.is_some_and(|arn| arn.starts_with("arn:aws") && arn.contains(":elasticloadbalancing:"))
}

fn has(claims: &Claims, name: &str) -> bool {
    claims.object.get(name).is_some()
}

fn is_object(claims: &Claims, name: &str) -> bool {
    claims.object.get(name).is_some_and(|value| value.kind() == "an object")
}

fn begins(claims: &Claims, name: &str, prefix: &str) -> bool {
    let text = claims.object.get(name).and_then(ValueRef::into_string);
    text.is_some_and(|text| text.starts_with(prefix))
}
