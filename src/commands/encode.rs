//! `encode`: claims from JSON and flags, times from the clock, a signature from the key.

use std::ffi::OsStr;
use std::path::Path;
use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use uuid::Uuid;

use super::decrypt::MADE_ANEW;
use super::disclosable;
use super::dpop;
use super::item::{Item, ItemContext, Processor};
use crate::claims::Claims;
use crate::crypto::{DEFAULT_ITERATIONS, EncryptionKey, LoadedKey, Sealing, Signer};
use crate::env::Env;
use crate::explain::{Problem, Warning, usage, warnings};
use crate::input::{KeyInput, KeySource, Payload, key_input, names_a_key};
use crate::json::{Object, Value, ValueRef};
use crate::keys::{KeyAlgorithm, KeyError, KeyFile, Origin, Purpose, SecretFormat};
use crate::outcome::{Answer, EncodedToken, Problems};
use crate::policy;
use crate::request::{Assignment, Choice, EncodeRequest, EncryptionRequest, Expiry, Serialization};
use crate::secret::may_repeat_path;
use crate::time::NumericDate;
use crate::token::{Header, flattened, parse_header};

/// The lifetime of a token in seconds, if none is given.
pub(super) const DEFAULT_TTL: i64 = 30 * 60;

pub(super) struct Encoder<'a> {
    request: &'a EncodeRequest,
    /// The key that signs; without one, the token is only encrypted.
    signing: Option<(KeySource<'a>, Signer<Arc<LoadedKey>>)>,
    encryption: Option<Encryption>,
    /// The digest of the access token that a DPoP proof is bound to.
    token_digest: Option<Value>,
}

/// How the tokens are encrypted.
struct Encryption {
    origin: Origin,
    key: EncryptionKey,
    sealing: Sealing,
    /// The header without what the encryption adds.
    header: Object,
}

impl<'a> Encoder<'a> {
    pub(super) fn new<'e: 'a>(
        request: &'a EncodeRequest,
        env: &mut Env<'e>,
    ) -> Result<Self, Problems> {
        let signs = request.encryption.as_ref().is_none_or(|encryption| encryption.signs);
        let signing = match &request.encryption {
            Some(_) if signs && !names_a_key(&request.key, env) => {
                Err(usage::no_key_that_signs().into())
            }
            _ => signs.then(|| Self::load_signer(request, env)).transpose(),
        };
        let encryption = request.encryption.as_ref();
        let encryption = encryption.map(|it| Encryption::load(it, request, env)).transpose();
        let bound_to = request.dpop.as_ref().and_then(|proof| proof.access_token.as_deref());
        let token_digest = bound_to.map(|variable| dpop::token_digest(variable, env)).transpose();
        let (signing, (encryption, token_digest)) =
            Problems::both(signing, Problems::both(encryption, token_digest))?;
        Ok(Self { request, signing, encryption, token_digest })
    }

    /// Loads the key that signs.
    fn load_signer<'e: 'a>(
        request: &'a EncodeRequest,
        env: &mut Env<'e>,
    ) -> Result<(KeySource<'a>, Signer<Arc<LoadedKey>>), Problems> {
        let kid = request.header.iter().find(|named| named.name == "kid");
        let kid = kid.and_then(|named| named.value.as_string());
        let keys = KeySource::load(&request.key, Purpose::Sign, env);
        let key = keys.and_then(|keys| {
            let loaded = &keys.keys().loaded;
            let (key, alg) = loaded
                .signer(request.alg, kid.as_deref())
                .map_err(|error| keys.keys().problem(error))?;
            let jwk = request.dpop.as_ref().map(|_| dpop::header_key(key)).transpose();
            let jwk = jwk.map_err(|error| keys.keys().problem(error))?;
            Ok((Arc::clone(key), alg, jwk, keys))
        });
        let known = key.as_ref().ok();
        let own_kid = known.and_then(|(key, ..)| key.key().kid());
        let header = header(request, own_kid, known.and_then(|(_, _, jwk, _)| jwk.as_ref()));
        let names = check_names("claim", &claim_names(request));
        let names = names.and_then(|()| disclosable::check_paths(&request.disclosable));
        let ((key, alg, _, keys), (header, ())) =
            Problems::both(key, Problems::both(header, names))?;
        let signer = Signer::new(key, alg, &header).map_err(|error| keys.keys().problem(error))?;
        Ok((keys, signer))
    }
}

impl Encryption {
    fn load(
        request: &EncryptionRequest,
        encode: &EncodeRequest,
        env: &mut Env<'_>,
    ) -> Result<Self, Problems> {
        let KeyInput { origin, file, text, .. } = key_input(&request.key, Purpose::Encrypt, env)?;
        let problem = |error| Problem::Key { origin: origin.clone(), error };
        let read = match file {
            KeyFile::One(read) => read,
            KeyFile::Set(set) => {
                let (count, is_jwk_set) = (set.entries.len(), set.is_jwk_set());
                return Err(problem(KeyError::NotOneKey { count, is_jwk_set }).into());
            }
        };
        let key = EncryptionKey::load(read.key).map_err(problem)?;
        let is_text = text.secret.is_some_and(|secret| secret.format == SecretFormat::Text);
        let iterations = request.iterations.unwrap_or(DEFAULT_ITERATIONS);
        let sealing =
            key.sealing(request.alg, request.enc, is_text, iterations).map_err(problem)?;
        if request.iterations.is_some() && !matches!(sealing.alg, KeyAlgorithm::Pbes2(_)) {
            return Err(usage::no_iterations(sealing.alg).into());
        }
        let kid = key.key().kid();
        let header = if request.signs {
            let mut header = Object::default();
            header.set("cty", &Value::string("JWT"));
            if let Some(kid) = kid {
                header.set("kid", &Value::string(kid));
            }
            header
        } else {
            check_names("claim", &claim_names(encode))?;
            header(encode, kid, None)?
        };
        check_encrypted_header(&header)?;
        Ok(Self { origin, key, sealing, header })
    }

    fn seal(&self, token: &str) -> Result<String, Problem> {
        let sealed = self.key.seal(self.sealing, &self.header, token.as_bytes());
        sealed.map_err(|error| Problem::Key { origin: self.origin.clone(), error })
    }
}

impl Processor for Encoder<'_> {
    fn answer(&self, item: Item<'_>, context: &mut ItemContext) -> Result<Answer, Problems> {
        if let Some(payload) = item.payload {
            return self.sign_payload(payload, context);
        }
        let mut claims = claims(self.request, item, context)?;
        if let Some(digest) = &self.token_digest {
            claims.object.set("ath", digest);
        }
        if let Some((source, signer)) = &self.signing {
            let keys = source.keys();
            context.warn_about_key(keys, &signer.key, signer.alg);
            context.warn_once(keys.mangled(&signer.key));
        }
        let registered = claims.registered();
        let warnings = &mut context.warnings;
        warnings.extend(registered.faults().into_iter().map(warnings::refused_claim));
        warnings.extend(policy::other_unit(&registered, context.now).map(Warning::Token));
        self.warn_about_header(warnings);
        let (mut token, mut header) = match &self.signing {
            None => (claims.object.text().into_owned(), None),
            Some((source, signer)) => {
                let codec = context.headers.codec();
                let sign = |claims: &_| {
                    signer.sign(claims, codec).map_err(|error| source.keys().problem(error))
                };
                let token = match &self.request.disclosable[..] {
                    [] => sign(&claims)?,
                    paths => {
                        let concealed = disclosable::conceal(&claims, paths, source.keys())?;
                        claims.disclosed = Some(concealed.disclosed);
                        format!("{}~{}", sign(&concealed.payload)?, concealed.disclosures)
                    }
                };
                (token, Some(Arc::clone(signer.header())))
            }
        };
        if let Some(encryption) = &self.encryption {
            token = encryption.seal(&token)?;
            header = header.or_else(|| parse_header(token.as_bytes(), &mut context.headers));
        } else if self.request.serialization == Serialization::Flattened {
            token = flattened(&token);
        }
        let header = header.unwrap_or_else(|| Arc::new(Header::new(Object::default())));
        Ok(Answer::Encoded(EncodedToken { token, header, claims, renewed: true }))
    }
}

impl Encoder<'_> {
    /// Signs a payload that is sent separately.
    fn sign_payload(
        &self,
        payload: &Payload<'_>,
        context: &mut ItemContext,
    ) -> Result<Answer, Problems> {
        let (source, signer) = self.signing.as_ref().ok_or_else(|| usage::no_key(Purpose::Sign))?;
        let keys = source.keys();
        context.warn_about_key(keys, &signer.key, signer.alg);
        context.warn_once(keys.mangled(&signer.key));
        self.warn_about_header(&mut context.warnings);
        let token = payload.read(|input| signer.sign_pieces(input))?;
        let token = token.ok_or_else(|| usage::payload_too_large(signer.alg))?;
        let token = token.map_err(|error| keys.problem(error))?;
        let token = match self.request.serialization {
            Serialization::Compact => token,
            Serialization::Flattened => flattened(&token),
        };
        Ok(Answer::SignedPayload(token, Arc::clone(signer.header())))
    }

    fn warn_about_header(&self, warnings: &mut Vec<Warning>) {
        if self.request.header.iter().any(|member| member.name == "crit") {
            warnings.push(warnings::refused_header("crit"));
        }
    }
}

/// The claims of CLAIMS and of the flags.
pub(super) fn claims(
    request: &EncodeRequest,
    item: Item<'_>,
    context: &mut ItemContext,
) -> Result<Claims, Problem> {
    let now = context.now;
    if item.cut {
        return Err(usage::claims_too_large());
    }
    let mut claims =
        context.memory.parse_claims(item.bytes).map_err(|error| {
            match path_as_claims(item.argument) {
                Some(path) => usage::file_as_claims(&path),
                None => usage::bad_claims(&error),
            }
        })?;
    for Assignment { name, value } in &request.named {
        claims.object.set(name, value);
    }
    if let Some(nbf) = request.nbf {
        claims.object.set("nbf", &nbf.claim(now));
    }
    match request.iat {
        Choice::Given(iat) => claims.object.set("iat", &iat.claim(now)),
        Choice::Default if claims.object.get("iat").is_some() => {}
        Choice::Default => claims.object.set("iat", &now.whole().to_value()),
        Choice::Omitted => claims.object.remove("iat"),
    }
    match request.exp {
        Choice::Given(Expiry::At(exp)) => claims.object.set("exp", &exp.claim(now)),
        Choice::Given(Expiry::After(ttl)) => set_lifetime(&mut claims, ttl, now)?,
        // Whoever receives a proof decides how long it is accepted after its `iat`.
        Choice::Default if request.dpop.is_some() || claims.object.get("exp").is_some() => {}
        Choice::Default => set_lifetime(&mut claims, DEFAULT_TTL, now)?,
        Choice::Omitted => claims.object.remove("exp"),
    }
    let is_proof_without_id = request.dpop.is_some() && claims.object.get("jti").is_none();
    if let Some(id) = request.jti.as_ref().or(is_proof_without_id.then_some(&None)) {
        let id = id.clone().unwrap_or_else(|| Uuid::new_v4().to_string());
        claims.object.set("jti", &Value::string(&id));
    }
    // Only a flag can exceed the limit: CLAIMS was parsed with it.
    if !request.named.is_empty() {
        check_depth("claims", &claims.object)?;
    }
    Ok(claims)
}

fn set_lifetime(claims: &mut Claims, ttl: i64, now: NumericDate) -> Result<(), Problem> {
    let iat = claims.numeric_date("iat").map_err(|wrong| usage::iat_not_a_number(&wrong.actual))?;
    let start = iat.unwrap_or(now).whole();
    let end = start.plus(ttl);
    if end.seconds - i128::from(ttl) != start.seconds {
        let actual = claims.object.get("iat").map_or_else(|| start.to_value(), ValueRef::to_value);
        return Err(usage::iat_not_a_number(&actual));
    }
    claims.object.set("exp", &end.to_value());
    Ok(())
}

/// The path of a file that was given as CLAIMS without `@`, so it is not read.
fn path_as_claims(argument: Option<&OsStr>) -> Option<String> {
    let path = Path::new(argument?);
    (!path.is_dir() && may_repeat_path(path)).then(|| path.display().to_string())
}

/// The claims that flags set or remove.
fn claim_names(request: &EncodeRequest) -> Vec<&str> {
    let mut names: Vec<_> = request.named.iter().map(|named| named.name.as_str()).collect();
    names.extend(request.nbf.map(|_| "nbf"));
    names.extend((!matches!(request.iat, Choice::Default)).then_some("iat"));
    names.extend((!matches!(request.exp, Choice::Default)).then_some("exp"));
    names.extend(request.jti.as_ref().map(|_| "jti"));
    let is_bound = request.dpop.as_ref().is_some_and(|proof| proof.access_token.is_some());
    names.extend(is_bound.then_some("ath"));
    names
}

/// The header without `alg`, which the signer adds; `kid` is the key's own, and `jwk` the public key of a DPoP proof.
fn header(
    request: &EncodeRequest,
    kid: Option<&str>,
    jwk: Option<&Value>,
) -> Result<Object, Problem> {
    let mut names: Vec<_> = request.header.iter().map(|named| named.name.as_str()).collect();
    names.extend((!matches!(request.typ, Choice::Default)).then_some("typ"));
    names.extend(request.unencoded.then_some("crit"));
    names.extend(request.dpop.as_ref().map(|_| "jwk"));
    check_names("header parameter", &names)?;
    let mut header = Object::default();
    match &request.typ {
        // Bytes of any kind are no JWT.
        Choice::Default if request.detached.is_some() => {}
        Choice::Default => header.set("typ", &Value::string("JWT")),
        Choice::Given(typ) => header.set("typ", &Value::string(typ)),
        Choice::Omitted => {}
    }
    // A proof has the whole key in its place.
    if let Some(kid) = kid.filter(|_| request.dpop.is_none()) {
        header.set("kid", &Value::string(kid));
    }
    if let Some(jwk) = jwk {
        header.set("jwk", jwk);
    }
    for Assignment { name, value } in &request.header {
        check_member(name, value)?;
        header.set(name, value);
    }
    if request.unencoded {
        header.set("b64", &Value::checked("false".to_owned()));
        header.set("crit", &Value::array(&[Value::string("b64")]));
    }
    check_depth("header", &header)?;
    Ok(header)
}

/// Refuses members that `--header` may not set, and those that must be strings (RFC 7515 section 4.1).
fn check_member(name: &str, value: &Value) -> Result<(), Problem> {
    let instead = match name {
        "alg" => "choose the algorithm with --alg",
        "b64" => "the payload of a JWT is always encoded (RFC 7797 section 7)",
        "typ" | "kid" | "cty" if value.as_string().is_none() => {
            return Err(usage::header_not_string(name));
        }
        _ => return Ok(()),
    };
    Err(usage::not_by_this_flag("--header", "set", name, instead))
}

/// Refuses members of an encrypted token's header that the encryption sets itself, and parties in another encoding.
fn check_encrypted_header(header: &Object) -> Result<(), Problem> {
    if let Some(name) = MADE_ANEW.into_iter().find(|name| header.get(name).is_some()) {
        return Err(usage::not_by_this_flag("--header", "set", name, "the encryption sets it"));
    }
    let is_base64url = |name: &str| {
        let value = header.get(name)?.as_string().unwrap_or_else(|| "=".to_owned());
        Some(URL_SAFE_NO_PAD.decode(value).is_ok())
    };
    let wrong = ["apu", "apv"].into_iter().find(|name| is_base64url(name) == Some(false));
    wrong.map_or(Ok(()), |name| Err(usage::header_not_base64url(name)))
}

/// Refuses a name that two flags give.
pub(super) fn check_names(what: &str, names: &[&str]) -> Result<(), Problem> {
    let repeated = names.iter().enumerate().find(|(i, name)| names[..*i].contains(name));
    repeated.map_or(Ok(()), |(_, name)| Err(usage::given_twice(what, name)))
}

/// Refuses an object that flags have nested deeper than a token may be.
pub(super) fn check_depth(what: &str, object: &Object) -> Result<(), Problem> {
    let parsed = Object::parse(object.to_value().text().as_bytes());
    parsed.map(drop).map_err(|_| usage::too_deep(what))
}
