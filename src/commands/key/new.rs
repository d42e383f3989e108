//! `key new`: makes a key for an algorithm.

use uuid::Uuid;

use super::encoded::{
    KeyCall, check_kid, check_places, encode, encode_encrypted, public_key, with_kid, write_keys,
};
use crate::crypto::{self, LoadedKey, RSA_SIZES};
use crate::explain::{Problem, usage};
use crate::input::new_password;
use crate::json::quote;
use crate::keys::{Format, JwkAlgorithm, JwkParams, Key, KeyAlgorithm, KeyError, KeyType, Origin};
use crate::outcome::{Answer, KeyDetails};
use crate::request::{KidChoice, NewKey};

pub(super) fn run(new: &NewKey, call: &mut KeyCall<'_, '_>) -> Result<Answer, Problem> {
    let format = new.format.unwrap_or(formats(new)[0]);
    check(new, format, call.command.public_out.is_some())?;
    check_places(format, call)?;
    let password =
        new.is_encrypted.then(|| new_password(new.password.as_ref(), call.env)).transpose()?;
    let is_encrypted = password.is_some();
    let encoded = |key: &LoadedKey| encode(key, format, call.command.compact);
    let key = generate(new, format).map_err(problem)?;
    let main = match password {
        Some(password) => encode_encrypted(&key, format, password),
        None => encoded(&key),
    };
    let (main, details) = main.map_err(problem)?;
    let public = call.command.public_out.is_some().then(|| encoded(&public_key(&key)?));
    let public = public.transpose().map_err(problem)?.map(|(public, _)| public);
    let said = describe(&details, is_encrypted);
    let has_public = key.public_key().is_some() && public.is_none();
    let mut written = write_keys(main, public, [details], call)?;
    let is_printed = call.command.out.is_none();
    written.note = is_printed.then(|| Box::new((said, what_next(has_public))));
    Ok(Answer::WrittenKeys(written))
}

fn check(new: &NewKey, format: Format, wants_public: bool) -> Result<(), Problem> {
    if !new.bits.is_none_or(|bits| is_size_of(new.alg, bits)) {
        return Err(usage::key_size(new.alg));
    }
    let agrees = |alg: KeyAlgorithm| alg.takes(KeyType::X25519);
    if new.curve.is_some() && !matches!(new.alg, JwkAlgorithm::Key(alg) if agrees(alg)) {
        return Err(usage::curve_not_free(new.alg));
    }
    if wants_public && new.alg.key_type() == KeyType::Hmac {
        return Err(usage::secret_has_no_public_key());
    }
    if new.is_encrypted && !matches!(format, Format::Pem | Format::Der) {
        return Err(usage::not_encrypted(format));
    }
    let formats = formats(new);
    if !formats.contains(&format) {
        let key = format!("key for {}", new.alg.name());
        return Err(problem(KeyError::NoSuchFormat { key, format, formats }));
    }
    check_kid(&new.kid, format)
}

fn problem(error: KeyError) -> Problem {
    Problem::Key { origin: Origin::Named("key new"), error }
}

/// What is said of a key that goes to standard output.
fn describe(details: &KeyDetails, is_encrypted: bool) -> String {
    let (kid, thumbprint) = (details.params.kid.as_deref(), details.thumbprint.as_deref());
    let encrypted = if is_encrypted { ", encrypted" } else { "" };
    let named = kid.map(|kid| format!(", kid {}", quote(kid))).unwrap_or_default();
    let thumbprint = thumbprint.filter(|thumbprint| kid != Some(thumbprint));
    let digest = thumbprint.map(|it| format!(", thumbprint {it}")).unwrap_or_default();
    format!("new {}{encrypted}{named}{digest}", details.kind)
}

fn what_next(has_public: bool) -> &'static str {
    if has_public {
        "--out FILE writes it to a file that only you can read; jwtctl key public FILE prints its public key"
    } else {
        "--out FILE writes it to a file that only you can read"
    }
}

/// The formats of a new key, the default first. A secret that encrypts has an exact length, so it is not text.
fn formats(new: &NewKey) -> &'static [Format] {
    match new.curve.unwrap_or(new.alg.key_type()) {
        KeyType::Hmac if new.alg.is_encryption() => &[Format::Jwk],
        key_type => Format::of(key_type),
    }
}

fn is_size_of(alg: JwkAlgorithm, bits: usize) -> bool {
    match alg.key_type() {
        KeyType::Rsa => RSA_SIZES.contains(&bits),
        KeyType::Hmac => {
            let lengths = alg.secret_lengths();
            let fits = |(least, most)| (least * 8..=most * 8).contains(&bits);
            bits.is_multiple_of(8) && lengths.is_some_and(fits)
        }
        KeyType::Ec(_) | KeyType::Ed25519 | KeyType::X25519 | KeyType::MlDsa(_) => false,
    }
}

/// The size of a new RSA key in bits, which is good beyond 2030 (NIST SP 800-57 part 1).
const DEFAULT_RSA: usize = 3072;

fn generate(new: &NewKey, format: Format) -> Result<LoadedKey, KeyError> {
    let key_use = if new.alg.is_encryption() { "enc" } else { "sig" };
    let (alg, key_use) = (Some(new.alg.name().to_owned()), Some(key_use.to_owned()));
    let params = Some(JwkParams { alg, key_use, ..JwkParams::default() });
    let (key_type, least) = (new.curve.unwrap_or(new.alg.key_type()), new.alg.secret_lengths());
    let bits = new.bits.unwrap_or_else(|| least.map_or(DEFAULT_RSA, |(least, _)| least * 8));
    let key = Key { params, ..crypto::new_key(key_type, bits, format == Format::Text)? };
    let kid = match &new.kid {
        KidChoice::Default if key_type == KeyType::Hmac => {
            KidChoice::Given(Uuid::new_v4().to_string())
        }
        kid => kid.clone(),
    };
    with_kid(LoadedKey::load(key, false)?, format, &kid)
}
