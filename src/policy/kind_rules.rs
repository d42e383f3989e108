//! What kinds of tokens demand beyond the type and the claims that they must have.

use super::fault::Fault;
use super::kind::TokenKind::{self, AccessToken, DpopProof, IdToken, JwtSvid, LogoutToken};
use crate::crypto::Verified;
use crate::json::{NOT_SHOWN, Value, ValueRef};
use crate::keys::{Algorithm, KeyType};

/// The event of a logout token.
const LOGOUT: &str = "http://schemas.openid.net/event/backchannel-logout";

impl TokenKind {
    /// What else is wrong with a token of this kind.
    pub(super) fn faults(self, token: &Verified) -> Vec<Fault> {
        match self {
            AccessToken => Vec::new(),
            IdToken => self.long_subject(token).into_iter().collect(),
            LogoutToken => self.logout(token),
            DpopProof => self.dpop(token),
            JwtSvid => self.svid(token),
        }
    }

    fn fault(self, claim: &'static str, needs: &'static str, actual: Option<Value>) -> Fault {
        Fault::NotOfKind { kind: self, claim, needs, actual }
    }

    fn long_subject(self, token: &Verified) -> Option<Fault> {
        let sub = token.claims().object.get("sub").filter(|sub| sub.text() != "null")?;
        let is_fit = |text: &str| !text.is_empty() && text.len() <= 255 && text.is_ascii();
        let needs = "a string of 1 to 255 ASCII characters";
        (!sub.as_string().is_some_and(|text| is_fit(&text)))
            .then(|| self.fault("sub", needs, Some(sub.evidence())))
    }

    fn logout(self, token: &Verified) -> Vec<Fault> {
        let claims = &token.claims().object;
        let mut faults = Vec::new();
        let events = claims.get("events");
        let event = events.as_ref().and_then(|events| events.at(&[LOGOUT.to_owned()]));
        if event.is_none_or(|event| event.kind() != "an object") {
            let needs =
                "an object with the member \"http://schemas.openid.net/event/backchannel-logout\"";
            faults.push(self.fault("events", needs, events.map(|events| events.evidence())));
        }
        if claims.get("sub").is_none() && claims.get("sid").is_none() {
            faults.push(self.fault("sub", "a \"sub\" or a \"sid\"", None));
        }
        if let Some(nonce) = claims.get("nonce") {
            let (claim, actual) = ("nonce".to_owned(), nonce.evidence());
            faults.push(Fault::Forbidden { claim, actual, kind: Some(self) });
        }
        faults
    }

    fn dpop(self, token: &Verified) -> Vec<Fault> {
        const PRIVATE: [&str; 4] = ["d", "p", "k", "priv"];
        let mut faults = Vec::new();
        let jwk = token.header().object.get("jwk");
        let has = |name: &str| jwk.as_ref().is_some_and(|jwk| jwk.at(&[name.to_owned()]).is_some());
        if !has("kty") || PRIVATE.into_iter().any(has) {
            let hidden = jwk.is_some().then(|| Value::string(NOT_SHOWN));
            faults.push(self.fault("jwk", "the sender's public key in the header", hidden));
        }
        let secret = |alg: Algorithm| alg.key_type() == KeyType::Hmac;
        faults.extend(self.algorithm(token, |alg| !secret(alg), "a signature by a key pair"));
        for claim in ["htm", "htu"] {
            let text = token.claims().object.get(claim).filter(|text| text.text() != "null");
            if let Some(text) = text.filter(|text| text.kind() != "a string") {
                faults.push(self.fault(claim, "a string", Some(text.evidence())));
            }
        }
        faults
    }

    fn svid(self, token: &Verified) -> Vec<Fault> {
        let is_fit = |alg: Algorithm| matches!(alg.key_type(), KeyType::Rsa | KeyType::Ec(_));
        let needs = "RS256 to RS512, ES256 to ES512 or PS256 to PS512";
        let fits = |alg| is_fit(alg) && alg != Algorithm::ES256K;
        let algorithm = self.algorithm(token, fits, needs);
        let sub = token.claims().object.get("sub");
        let is_id = |sub: &ValueRef<'_>| sub.as_string().is_some_and(|text| is_spiffe_id(&text));
        let subject = (!sub.as_ref().is_some_and(is_id)).then(|| {
            let needs = "a SPIFFE ID such as spiffe://TRUST-DOMAIN/PATH";
            self.fault("sub", needs, sub.map(|sub| sub.evidence()))
        });
        algorithm.into_iter().chain(subject).collect()
    }

    fn algorithm(
        self,
        token: &Verified,
        fits: impl Fn(Algorithm) -> bool,
        needs: &'static str,
    ) -> Option<Fault> {
        let alg = token.header().alg.as_deref().unwrap_or_default();
        let is_fit = Algorithm::from_name(alg).is_some_and(fits);
        (!is_fit).then(|| self.fault("alg", needs, Some(Value::string(alg).evidence())))
    }
}

/// Whether a text is a SPIFFE ID (SPIFFE-ID section 2).
fn is_spiffe_id(text: &str) -> bool {
    const LONGEST: usize = 2048;
    const LONGEST_DOMAIN: usize = 255;
    let Some(rest) = text.strip_prefix("spiffe://") else { return false };
    let (domain, path) = rest.split_once('/').map_or((rest, None), |(at, path)| (at, Some(path)));
    let is_in_domain = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b".-_".contains(&b);
    let is_in_path = |b: u8| b.is_ascii_alphanumeric() || b".-_".contains(&b);
    let is_segment =
        |segment: &str| !matches!(segment, "" | "." | "..") && segment.bytes().all(is_in_path);
    text.len() <= LONGEST
        && (1..=LONGEST_DOMAIN).contains(&domain.len())
        && domain.bytes().all(is_in_domain)
        && path.is_none_or(|path| path.split('/').all(is_segment))
}
