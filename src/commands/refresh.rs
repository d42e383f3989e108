//! `refresh`: verifies a token and signs a new one with the same claims and later times. The new one always expires.

use std::sync::Arc;

use uuid::Uuid;

use super::check::{Checker, issuer_of, read_claims};
use super::encode::{DEFAULT_TTL, check_depth, check_names};
use super::item::{Item, ItemContext, Processor};
use super::token_keys::TokenKeys;
use crate::claims::Claims;
use crate::crypto::{Checked, LoadedKey, Signer, Verified, disclose};
use crate::env::Env;
use crate::explain::{Problem, Warning, encryption, usage, warnings};
use crate::input::{KeySource, SourceKeys};
use crate::json::Value;
use crate::keys::{Algorithm, Purpose};
use crate::outcome::{Answer, EncodedToken, Problems};
use crate::policy::{Expectation, Fault, Session};
use crate::request::{Assignment, RefreshRequest};
use crate::time::{LONGEST, NumericDate};
use crate::token::Presentation;

/// The claims that no flag may set or remove; otherwise flags could make a session endless.
pub(crate) const KEPT: [(&str, &str); 3] = [
    ("exp", "a refreshed token always expires: choose when with --ttl"),
    ("iat", "a refreshed token is issued now"),
    ("auth_time", "the start of a session is kept: --max-session counts from it"),
];

pub(super) struct Refresher<'a> {
    request: &'a RefreshRequest,
    checker: Checker<'a>,
    /// The keys that sign; `None` if those that verify do.
    signing: Option<KeySource<'a>>,
}

impl<'a> Refresher<'a> {
    pub(super) fn new<'e: 'a>(
        request: &'a RefreshRequest,
        env: &mut Env<'e>,
    ) -> Result<Self, Problems> {
        let keys = Self::load(request, env);
        let ((checker, signing), ()) = Problems::both(keys, check_flags(request))?;
        Ok(Self { request, checker, signing })
    }

    /// Loads the keys; at least one must be able to sign.
    fn load<'e: 'a>(
        request: &'a RefreshRequest,
        env: &mut Env<'e>,
    ) -> Result<(Checker<'a>, Option<KeySource<'a>>), Problems> {
        let purpose = if request.sign_key.is_some() { Purpose::Verify } else { Purpose::Sign };
        let checker = Checker::new(&request.checks, purpose, env);
        let signing = request.sign_key.as_ref();
        let signing = signing.map(|key| KeySource::load(key, Purpose::Sign, env)).transpose();
        let (checker, signing) = Problems::both(checker, signing)?;
        let source = signing.as_ref().or(checker.source.as_ref());
        if let Some(keys) = source.map(KeySource::keys) {
            let signer = match signing {
                Some(_) => keys.loaded.signer(None, None).map(drop),
                None => keys.loaded.first_signer().map(drop),
            };
            signer.map_err(|error| keys.problem(error))?;
        }
        Ok((checker, signing))
    }

    /// Verifies a token; returns it, and the key that signs its successor.
    fn verify<'t, 's>(
        &'s self,
        item: Item<'t>,
        found: &'s TokenKeys,
        context: &mut ItemContext,
    ) -> Result<(OldToken<'t>, SigningKey<'s>), Problems> {
        let mut token = self.checker.parse(item, context)?;
        let (text, presentation) = (token.text(), token.take_presentation());
        let from = self.checker.keys_for_signatures(!context.layers.is_empty())?;
        context.warn_once(&from.warnings);
        let (keys, checked) = self.checker.check_signature(from, token, found, context)?;
        let Checked { payload, key, index, algorithm } = checked;
        let signing_key = self.signing_key(keys, key, algorithm)?;
        // A key of another source was named to sign.
        if signing_key.is_new
            && self.signing.is_none()
            && keys.are_of_one_source(key, signing_key.key)
        {
            let name = signing_key.keys.name_of(signing_key.key);
            context.warnings.push(warnings::other_signer(&name));
        }
        let signed = presentation.is_some().then(|| Claims::parse(payload.bytes()));
        let verified = read_claims(payload, presentation.as_deref(), context)?;
        self.checker.check_proof_key(&verified, key)?;
        let source = Some(keys.source_for(index, issuer_of(&verified).as_deref()));
        let text = presentation.as_ref().map_or(text, |presentation| presentation.text());
        let sd_jwt = presentation.zip(signed.map(Result::unwrap_or_default));
        let old = OldToken { text, verified, source, sd_jwt };
        // The chain of a later token is verified at a later time.
        context.known_header = (!keys.has_chain)
            .then(|| keys.loaded.known_header(text, &old.verified, algorithm))
            .flatten();
        Ok((old, signing_key))
    }

    /// The same in less time for a token like the one before. `None` decides nothing.
    fn verify_known<'t>(
        &self,
        item: Item<'t>,
        context: &mut ItemContext,
    ) -> Option<(OldToken<'t>, SigningKey<'_>)> {
        let known = context.known_header.as_ref().filter(|_| !context.detail.key && !item.cut)?;
        let text = str::from_utf8(item.bytes).ok()?.trim_ascii();
        let verified = known.verify(text.as_bytes(), &mut context.memory, &context.verdicts)?;
        let keys = self.checker.source.as_ref()?.keys();
        let key = self.signing_key(keys, keys.loaded.single()?, known.algorithm).ok()?;
        Some((OldToken { text, verified, source: Some(0), sd_jwt: None }, key))
    }

    /// The key of `--sign-key`, else the key that verified. If that is a public key of a set, another key of the set
    /// signs; of several sources, the first that can sign. The token's algorithm is kept if the key supports it.
    fn signing_key<'s>(
        &'s self,
        verifying: &'s SourceKeys,
        verified_by: &'s LoadedKey,
        alg: Algorithm,
    ) -> Result<SigningKey<'s>, Problem> {
        let keys = self.signing.as_ref().map_or(verifying, KeySource::keys);
        let signer = match &self.signing {
            Some(_) => keys.loaded.signer(None, None).map(|(key, alg)| (&**key, alg)),
            None => keys.loaded.successor(verified_by, alg, &self.request.checks.allowed),
        };
        let (key, own) = signer.map_err(|error| keys.problem(error))?;
        let alg = key.signs_with(Some(alg)).unwrap_or(own);
        Ok(SigningKey { keys, key, alg, is_new: !std::ptr::eq(key, verified_by) })
    }
}

impl Processor for Refresher<'_> {
    fn answer(&self, item: Item<'_>, context: &mut ItemContext) -> Result<Answer, Problems> {
        if let Some((old, signing_key)) = self.verify_known(item, context) {
            return self.renew(old, Some(&signing_key), context).map(Answer::Encoded);
        }
        let found = TokenKeys::default();
        let Some(opened) = self.checker.decrypter.open(item, context)? else {
            let (old, signing_key) = self.verify(item, &found, context)?;
            return self.renew(old, Some(&signing_key), context).map(Answer::Encoded);
        };
        let text = opened.compact_text(item)?;
        let encoded = if opened.holds_claims() {
            let signing = self.signing.as_ref().map(|_| "a key that signs");
            let payload = self.checker.claims_without_signature(&opened, signing)?;
            let verified = read_claims(payload, None, context)?;
            self.renew(OldToken { text, verified, source: None, sd_jwt: None }, None, context)?
        } else {
            let inside = |problems: Problems| problems.map(encryption::inside);
            let inner = Item::inside(opened.content());
            let (old, signing_key) = self.verify(inner, &found, context).map_err(inside)?;
            self.renew(OldToken { text, ..old }, Some(&signing_key), context)?
        };
        let token = if encoded.renewed {
            self.checker.decrypter.seal(&opened, encoded.token)?
        } else {
            encoded.token
        };
        Ok(Answer::Encoded(EncodedToken { token, ..encoded }))
    }
}

impl Refresher<'_> {
    /// Checks times and claims of a token that is genuine, and makes its successor. Without a key that signs, that is its
    /// claims alone.
    fn renew(
        &self,
        old: OldToken<'_>,
        signing_key: Option<&SigningKey<'_>>,
        context: &mut ItemContext,
    ) -> Result<EncodedToken, Problems> {
        let OldToken { text, verified, source, sd_jwt } = old;
        let perhaps_to_set = |problems| perhaps_to_set(problems, &self.request.set);
        self.checker.accept(&verified, source, context).map_err(perhaps_to_set)?;
        if let (Some(_), Some((_, signed))) = (self.checker.policy.max_session, &sd_jwt)
            && may_hide_session(signed, verified.claims())
        {
            return Err(Problem::Policy(Fault::SessionHidden.into()).into());
        }
        let (session, now) = (self.checker.policy.max_session, context.now);
        let session = session.and_then(|most| Session::of(&verified, most, now).ok()?);
        let signed = sd_jwt.as_ref().map_or(verified.claims(), |(_, signed)| signed);
        let new_claims = NewClaims { request: self.request, old: signed, session, now };
        if new_claims.is_too_early() {
            let (header, claims) = verified.into_content();
            let token = text.to_owned();
            return Ok(EncodedToken { token, header, claims, renewed: false });
        }
        context.warnings.retain(|warning| !matches!(warning, Warning::Token(_)));
        let claims = new_claims.claims(&mut context.warnings);
        if !self.request.set.is_empty() {
            check_depth("claims", &claims.object)?;
        }
        let faults = claims.registered().faults();
        context.warnings.extend(faults.into_iter().map(warnings::refused_claim));
        let Some(signing_key) = signing_key else {
            let token = claims.object.text().into_owned();
            let header = Arc::clone(verified.header());
            return Ok(EncodedToken { token, header, claims, renewed: true });
        };
        let shown = sd_jwt.as_ref().map(|(presentation, _)| self.disclose(&claims, presentation));
        let shown = shown.transpose()?;
        let mut encoded = signing_key.sign(&verified, claims, context)?;
        if let (Some((presentation, _)), Some(shown)) = (sd_jwt, shown) {
            encoded.token.push_str(presentation.tail());
            encoded.claims = shown;
        }
        context.memory.reuse(verified.into_content().1);
        Ok(encoded)
    }
}

impl Refresher<'_> {
    /// The claims of the new token with what the disclosures say, which must still belong to it.
    fn disclose(&self, new: &Claims, old: &Presentation<'_>) -> Result<Claims, Problem> {
        let is_changed = !self.request.set.is_empty() || !self.request.unset.is_empty();
        disclose(new, old).map_err(|fault| usage::disclosures_not_kept(&fault, is_changed))
    }
}

/// A token that was verified.
struct OldToken<'t> {
    text: &'t str,
    verified: Verified,
    /// The index of the source of the key that verified it.
    source: Option<usize>,
    /// Of an SD-JWT, the disclosures, which the new token keeps, and the claims that the issuer has signed.
    sd_jwt: Option<(Box<Presentation<'t>>, Claims)>,
}

/// Whether the start of a session may be among the claims that an SD-JWT does not disclose.
fn may_hide_session(signed: &Claims, shown: &Claims) -> bool {
    let digests = signed.object.get("_sd");
    let digests = digests.and_then(|list| Some(list.items()?.count())).unwrap_or_default();
    let paths = shown.disclosed.iter().flat_map(|disclosed| &disclosed.paths);
    let disclosed = paths.filter(|path| path.rfind('/') == Some(0)).count();
    shown.object.get("auth_time").is_none() && digests > disclosed
}

/// A claim that is not as expected may have been meant for the new token.
fn perhaps_to_set(mut problems: Problems, set: &[Assignment]) -> Problems {
    for problem in problems.as_mut_slice() {
        if let Problem::Policy(fault) = problem
            && let Fault::Missing { claim, by, .. } | Fault::Mismatch { claim, by, .. } =
                &mut **fault
            && *by == Expectation::Equal
            && !claim.starts_with('/')
            && KEPT.iter().all(|(kept, _)| kept != claim)
            && set.iter().all(|set| set.name != *claim)
        {
            *by = Expectation::EqualBeforeRefresh;
        }
    }
    problems
}

/// The key that signs the new token.
struct SigningKey<'s> {
    keys: &'s SourceKeys,
    key: &'s LoadedKey,
    alg: Algorithm,
    /// Whether it is not the key that verified.
    is_new: bool,
}

impl SigningKey<'_> {
    /// Keeps the header, except that `alg` and `kid` are those of this key.
    fn sign(
        &self,
        verified: &Verified,
        claims: Claims,
        context: &mut ItemContext,
    ) -> Result<EncodedToken, Problem> {
        let Self { keys, key, alg, is_new } = *self;
        if is_new {
            context.warn_about_key(keys, key, alg);
        }
        context.warn_once(keys.mangled(key));
        let new_key = is_new.then_some(key);
        let header = context.signed_header.get_or_make(verified.header(), new_key, alg);
        let signer = Signer::with_header(key, header).map_err(|error| keys.problem(error))?;
        let codec = context.headers.codec();
        let token = signer.sign(&claims, codec).map_err(|error| keys.problem(error))?;
        let header = Arc::clone(signer.header());
        Ok(EncodedToken { token, header, claims, renewed: true })
    }
}

fn check_flags(request: &RefreshRequest) -> Result<(), Problem> {
    let set = request.set.iter().map(|assignment| assignment.name.as_str());
    let names: Vec<_> = set.chain(request.unset.iter().map(String::as_str)).collect();
    for (name, instead) in KEPT {
        if names.contains(&name) {
            let is_unset = request.unset.iter().any(|n| n == name);
            let (flag, verb) = if is_unset { ("--unset", "remove") } else { ("--set", "set") };
            return Err(usage::not_by_this_flag(flag, verb, name, instead));
        }
    }
    if request.ttl == Some(0) {
        return Err(usage::no_lifetime());
    }
    if let (Some(ttl), Some(min_ttl)) = (request.ttl, request.checks.policy.min_ttl)
        && ttl <= min_ttl
    {
        return Err(usage::lifetime_too_short(ttl, min_ttl));
    }
    check_names("claim", &names)
}

/// What the claims of a new token are made of.
struct NewClaims<'a> {
    request: &'a RefreshRequest,
    old: &'a Claims,
    session: Option<Session<'a>>,
    now: NumericDate,
}

impl NewClaims<'_> {
    fn date(&self, claim: &'static str) -> Option<NumericDate> {
        self.old.numeric_date(claim).ok().flatten()
    }

    /// Whether the old token is valid for longer than `--if-expiring` says.
    fn is_too_early(&self) -> bool {
        let Some(margin) = self.request.if_expiring else { return false };
        self.date("exp").is_some_and(|exp| {
            let in_session = self.session.as_ref().is_none_or(|session| exp <= session.end);
            let is_plausible = exp.other_unit().is_none();
            exp > self.now.plus(margin) && in_session && is_plausible
        })
    }

    fn claims(&self, warnings: &mut Vec<Warning>) -> Claims {
        let mut claims = self.old.clone();
        let (iat, now) = (self.date("iat"), self.now.whole());
        let lifetime = match (self.request.ttl, iat, self.date("exp")) {
            (Some(ttl), ..) => ttl,
            (None, Some(iat), Some(exp)) => kept_lifetime(iat, exp, warnings),
            _ => DEFAULT_TTL,
        };
        if let Some(session) = self.session.as_ref().filter(|session| session.claim == "iat") {
            // Leeway lets a session begin in the future; the new token's `auth_time` must not.
            let is_ahead = iat > Some(self.now);
            let start = if is_ahead { now.to_value() } else { session.written.to_value() };
            claims.object.set("auth_time", &start);
        }
        if iat.is_some() {
            claims.object.set("iat", &now.to_value());
        }
        if let Some(nbf) = self.date("nbf") {
            let delay = iat.map_or(0, |iat| nbf.seconds_since(iat));
            claims.object.set("nbf", &now.plus(delay).to_value());
        }
        claims.object.set("exp", &self.expiry(lifetime).to_value());
        if claims.object.get("jti").is_some() {
            claims.object.set("jti", &Value::string(&Uuid::new_v4().to_string()));
        }
        for Assignment { name, value } in &self.request.set {
            claims.object.set(name, value);
        }
        for name in &self.request.unset {
            claims.object.remove(name);
        }
        claims
    }

    /// When the new token expires: not after its session, and in whole seconds unless less than one is left.
    fn expiry(&self, lifetime: i64) -> NumericDate {
        let wanted = self.now.whole().plus(lifetime);
        match self.session.as_ref().map(|session| session.end) {
            Some(end) if end < wanted && end.whole() > self.now => end.whole(),
            Some(end) if end < wanted => end,
            _ => wanted,
        }
    }
}

/// The old lifetime, at least a second, if it is positive and not absurdly long.
fn kept_lifetime(iat: NumericDate, exp: NumericDate, warnings: &mut Vec<Warning>) -> i64 {
    let lifetime = i64::try_from(exp.seconds_since(iat)).ok().filter(|seconds| *seconds <= LONGEST);
    match lifetime {
        Some(seconds) if exp > iat => seconds.max(1),
        _ => {
            warnings.push(warnings::lifetime_not_kept(exp > iat, DEFAULT_TTL));
            DEFAULT_TTL
        }
    }
}
