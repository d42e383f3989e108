//! `encode`: claims from JSON and flags, times from the clock, a signature from the key.

use crate::request::EncodeRequest;
use crate::request::Expiry;
use crate::request::IssuedAt;
use crate::request::Typ;
use std::path::Path;
use std::sync::Arc;

use uuid::Uuid;

use super::{both, check_names, fits_a_token};
use crate::claims::Claims;
use crate::crypto::Signer;
use crate::env::Env;
use crate::explain::warnings;
use crate::explain::{Problem, Warning, usage};
use crate::input;
use crate::input::KeySource;
use crate::input::{ItemContext, Text};
use crate::json::{Object, Value, ValueRef};
use crate::keys::Purpose;
use crate::outcome::{Answer, EncodedToken, Outcome};
use crate::policy;
use crate::request::Assignment;
use crate::request::TextSource;
use crate::secret::may_repeat_path;
use crate::time::{NumericDate, When};

/// The lifetime of a token where none is named, in seconds: 30 minutes.
pub const DEFAULT_TTL: i64 = 30 * 60;

/// What is the same for every token of a call: the key and the header.
pub struct Encoder<'a> {
    request: &'a EncodeRequest,
    keys: &'a KeySource<'a>,
    signer: Signer<'a>,
}

impl<'a> Encoder<'a> {
    pub(super) fn new(
        request: &'a EncodeRequest,
        keys: Result<&'a KeySource<'a>, Vec<Problem>>,
    ) -> Result<Self, Vec<Problem>> {
        let kid = request.header.iter().find(|named| named.name == "kid");
        let kid = kid.and_then(|named| named.value.as_string());
        let signer =
            keys.and_then(|keys| Ok((keys, keys.keys().signer(request.alg, kid.as_deref())?)));
        let own_kid = signer.as_ref().ok().and_then(|(_, (signer, _))| signer.key().kid());
        let header = header(request, own_kid).map_err(|problem| vec![problem]);
        let names = check_names("claim", claim_names(request)).map_err(|problem| vec![problem]);
        let ((keys, (key, alg)), (header, ())) = both(signer, both(header, names))?;
        let signer = Signer::new(key, alg, &header).map_err(|error| keys.keys().problem(error))?;
        Ok(Self { request, keys, signer })
    }

    /// Makes a token of CLAIMS.
    pub(super) fn item(
        &self,
        text: Text<'_>,
        clock: NumericDate,
        context: &mut ItemContext,
    ) -> Outcome {
        let now = When::now(self.request.at, clock);
        let claims = if text.cut {
            Err(usage::claims_too_large())
        } else {
            claims(self.request, Some(text.bytes), now)
        };
        match claims {
            Ok(claims) => self.sign(claims, now, context),
            Err(problem) => Outcome::refused(vec![problem]),
        }
    }

    fn sign(&self, claims: Claims, now: NumericDate, context: &mut ItemContext) -> Outcome {
        let mut warnings = Vec::new();
        let (signer, header) = (&self.signer, &self.signer.header);
        context.fetching(self.keys, &mut warnings);
        context.weaknesses(self.keys.keys(), signer.key, signer.alg, &mut warnings);
        context.mangled(self.keys.keys(), &mut warnings);
        let registered = claims.registered();
        warnings.extend(registered.faults().into_iter().map(warnings::refused_claim));
        warnings.extend(policy::other_unit(&registered, now).map(Warning::Token));
        if header.object().get("crit").is_some() {
            warnings.push(warnings::refused_header("crit"));
        }
        match signer.sign(&claims) {
            Ok(token) => {
                let header = Arc::clone(header);
                let minted = EncodedToken { token, header, claims, renewed: true };
                Outcome::answer(Answer::EncodedToken(minted), now).with_warnings(warnings)
            }
            Err(error) => Outcome::refused(self.keys.keys().problem(error)),
        }
    }
}

pub(super) fn run(request: &EncodeRequest, env: &mut Env<'_>) -> Outcome {
    let (keys, missing) = match input::key(&request.key, Purpose::Sign, env) {
        Ok(keys) => (Some(keys), Vec::new()),
        Err(problems) => (None, problems),
    };
    let encoder = Encoder::new(request, keys.as_ref().ok_or(missing));
    let text = request.claims.as_ref().map(|source| input::claims(source, env)).transpose();
    let now = When::now(request.at, (env.clock)());
    let claims = text.and_then(|text| claims(request, text.as_deref(), now));
    let claims = claims.map_err(|problem| vec![problem]);
    match both(encoder, claims) {
        Ok((encoder, claims)) => encoder.sign(claims, now, &mut ItemContext::for_one()),
        Err(problems) => Outcome::refused(problems),
    }
}

/// The path of a file that is given as CLAIMS; without its `@` it is no JSON.
fn file_as_claims(request: &EncodeRequest) -> Option<String> {
    let Some(TextSource::Given(text)) = &request.claims else { return None };
    let path = Path::new(text);
    (!path.is_dir() && may_repeat_path(path)).then(|| path.display().to_string())
}

fn claims(
    request: &EncodeRequest,
    text: Option<&[u8]>,
    now: NumericDate,
) -> Result<Claims, Problem> {
    let mut claims = match text {
        None => Claims::default(),
        Some(text) => Claims::parse(text).map_err(|error| match file_as_claims(request) {
            Some(path) => usage::file_as_claims(&path),
            None => usage::bad_claims(&error),
        })?,
    };
    for Assignment { name, value } in &request.named {
        claims.set(name, value);
    }
    if let Some(nbf) = request.nbf {
        claims.set("nbf", &nbf.claim(now));
    }
    match request.iat {
        IssuedAt::At(iat) => claims.set("iat", &iat.claim(now)),
        IssuedAt::Default if claims.get("iat").is_none() => {
            claims.set("iat", &now.whole().to_value());
        }
        IssuedAt::Default => {}
        IssuedAt::Omitted => claims.remove("iat"),
    }
    match request.exp {
        Expiry::At(exp) => claims.set("exp", &exp.claim(now)),
        Expiry::After(ttl) => set_lifetime(&mut claims, ttl, now)?,
        Expiry::Default if claims.get("exp").is_none() => {
            set_lifetime(&mut claims, DEFAULT_TTL, now)?;
        }
        Expiry::Default => {}
        Expiry::Never => claims.remove("exp"),
    }
    if let Some(id) = &request.jti {
        let id = id.clone().unwrap_or_else(|| Uuid::new_v4().to_string());
        claims.set("jti", &Value::string(&id));
    }
    // What was read fits; what flags add may be nested below it.
    if !request.named.is_empty() {
        fits_a_token("claims", claims.object())?;
    }
    Ok(claims)
}

fn set_lifetime(claims: &mut Claims, ttl: i64, now: NumericDate) -> Result<(), Problem> {
    let iat = claims.numeric_date("iat").map_err(|wrong| usage::iat_not_a_number(&wrong.actual))?;
    let start = iat.unwrap_or(now).whole();
    let end = start.plus(ttl);
    if end.seconds - i128::from(ttl) != start.seconds {
        let actual = claims.get("iat").map_or_else(|| start.to_value(), ValueRef::to_value);
        return Err(usage::iat_not_a_number(&actual));
    }
    claims.set("exp", &end.to_value());
    Ok(())
}

/// The claims that flags name, the ones they take away included.
fn claim_names(request: &EncodeRequest) -> Vec<&str> {
    let mut names: Vec<_> = request.named.iter().map(|named| named.name.as_str()).collect();
    names.extend(request.nbf.map(|_| "nbf"));
    names.extend((!matches!(request.iat, IssuedAt::Default)).then_some("iat"));
    names.extend((!matches!(request.exp, Expiry::Default)).then_some("exp"));
    names.extend(request.jti.as_ref().map(|_| "jti"));
    names
}

/// The header without its `alg`, which is the key's to write; `kid` is the key's own.
fn header(request: &EncodeRequest, kid: Option<&str>) -> Result<Object, Problem> {
    let mut names: Vec<_> = request.header.iter().map(|named| named.name.as_str()).collect();
    names.extend((!matches!(request.typ, Typ::Default)).then_some("typ"));
    check_names("header member", names)?;
    let mut header = Object::default();
    match &request.typ {
        Typ::Default => header.set("typ", &Value::string("JWT")),
        Typ::Named(typ) => header.set("typ", &Value::string(typ)),
        Typ::Omitted => {}
    }
    if let Some(kid) = kid {
        header.set("kid", &Value::string(kid));
    }
    for Assignment { name, value } in &request.header {
        check_member(name, value)?;
        header.set(name, value);
    }
    fits_a_token("header", &header)?;
    Ok(header)
}

/// What `--header` must leave to others, and what RFC 7515 section 4.1 wants to be a string.
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
