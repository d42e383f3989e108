//! Why a signature does not match: after the verdict, and never changing it, the mistakes that people make
//! are undone one by one, and the first that would have matched is named. Nothing here makes a `Verified`,
//! and a signature that matches never comes here.

use std::path::PathBuf;

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD_NO_PAD, URL_SAFE_NO_PAD};

use super::secrets::{self, Change, Mangled, changes};
use super::token::PaddingTrial;
use super::token::opaque::is_flask;
use crate::crypto::{LoadedKey, LoadedKeys, Trial, sha256};
use crate::json::quote;
use crate::keys::{self, Algorithm, Key, KeyError, KeyMaterial, KeyType, SecretFormat};
use crate::secret::Secret;
use crate::token::{HeaderFault, Unverified};

/// What would have matched.
#[derive(Debug, Clone)]
pub enum Cause {
    /// The same secret, read in another way.
    Secret {
        /// The format, if it is another than was given.
        format: Option<SecretFormat>,
        /// What is done to its text first.
        change: Option<Change>,
        /// The algorithm, if it is another than the header names.
        alg: Option<Algorithm>,
    },
    /// The same key under another algorithm than the header names.
    Algorithm {
        /// The one that was used.
        used: Algorithm,
        /// Whether the key may serve it.
        is_supported: bool,
    },
    /// The signature in ASN.1's DER, not as two numbers side by side (RFC 7518 section 3.4).
    Der,
    /// The signature, which was encoded as text before it was encoded as base64url.
    EncodedTwice {
        /// How: "hex", "base64".
        encoding: &'static str,
    },
    /// The token without its padding, which was accepted.
    WithoutPadding,
    /// Another key of the set.
    OtherKey {
        /// Its name: `key "2026-11"`.
        name: String,
        /// Its place in the set, from 0 on; `None` for the only key of a source that is no set.
        index: Option<usize>,
        /// Whether the token names another one.
        is_named: bool,
    },
    /// A key whose own terms keep it from being used.
    BarredKey {
        /// Its name.
        name: String,
        /// What they say.
        error: KeyError,
    },
    /// Another key of the same file.
    OtherBlock {
        /// What it is.
        key: String,
        /// What it stands in: a PEM label.
        label: String,
    },
    /// The text of the key itself, taken for an HMAC secret: a forgery by someone who has the public key
    /// (RFC 8725 section 2.1).
    KeyAsSecret,
    /// The token with its header's `nonce` replaced by the SHA-256 hash, or a token that looks like one of these:
    /// Microsoft issues them for its own APIs.
    HashedNonce {
        /// Whether a key matches the token with the hash in it.
        is_proved: bool,
    },
    /// The payload, which is sent apart from the token.
    Detached,
    /// Nothing: it is a cookie that a web framework has signed.
    Session,
    /// The payload is JSON no more.
    BrokenPayload,
    /// Nothing, but the secret is probably not what was meant.
    Mangled(Mangled),
    /// None of it; but no such signature has this length.
    Length {
        /// Its length in bytes.
        found: usize,
        /// The length of each signature by the key.
        wanted: usize,
        /// Whether keys of another size make signatures of that length.
        of_other_key: bool,
    },
}

/// The text that the key was read from.
#[derive(Debug, Clone)]
pub struct KeyText {
    /// The text.
    pub text: Secret,
    /// What else is known of a secret's text.
    pub secret: Option<SecretText>,
}

/// How the text of a secret is read.
#[derive(Debug, Clone)]
pub struct SecretText {
    /// Its format.
    pub format: SecretFormat,
    /// Whether it is a file's, whose final newline may be the editor's.
    pub from_file: bool,
    /// The file whose path it is, if there is one.
    pub path: Option<PathBuf>,
}

/// The most keys of a set that are tried.
const MOST_KEYS: usize = 100;

/// The largest message, secret and signature that are tried in many ways, in bytes. Beyond them a stranger's token
/// could cost seconds, times the keys of a set.
const MOST_MESSAGE: usize = 64 * 1024;
const MOST_SIGNATURE: usize = 4 * 1024;

/// Finds out whether the signature of a token that was refused for its padding covers that padding. `None` if the
/// token has other faults or no key fits.
#[must_use]
pub fn padding_trial(
    text: &[u8],
    ring: &LoadedKeys,
    allowed: &[Algorithm],
) -> Option<PaddingTrial> {
    let padded = Unverified::parse_padded(text).ok().filter(|t| !t.signature().is_empty())?;
    let bare = padded.text().replace('=', "");
    let bare = Unverified::parse(bare.as_bytes()).ok()?;
    let (alg, keys) = ring.fitting(padded.header(), allowed).ok()?;
    let matches = |token: &Unverified<'_>| {
        let trial = Trial::of(token);
        let most = if text.len() > MOST_MESSAGE { 1 } else { MOST_KEYS };
        keys.iter().take(most).any(|(_, key)| trial.matches(key, alg))
    };
    Some(if matches(&bare) {
        PaddingTrial::WithoutPadding
    } else if matches(&padded) {
        PaddingTrial::WithPadding
    } else {
        PaddingTrial::Neither
    })
}

/// Looks for what would have matched. `alg` is the algorithm that the token's header names.
#[must_use]
pub fn cause(
    token: &Unverified,
    alg: Algorithm,
    tried: &[&LoadedKey],
    ring: &LoadedKeys,
    written: &KeyText,
) -> Option<Cause> {
    let trial = Trial::of(token);
    let by_length = || tried.first().and_then(|key| by_length(&trial, alg, key.key().key_type));
    if token.signing_input().len() > MOST_MESSAGE || token.signature().len() > MOST_SIGNATURE {
        return by_length();
    }
    let tried = &tried[..tried.len().min(MOST_KEYS)];
    let matches_one = |trial: &Trial<'_>| tried.iter().any(|key| trial.matches(key, alg));
    by_padding(token, matches_one)
        .or_else(|| by_secret(&trial, alg, written))
        .or_else(|| tried.iter().find_map(|key| by_algorithm(&trial, alg, key)))
        .or_else(|| by_encoding(&trial, alg, tried))
        .or_else(|| by_other_key(&trial, alg, token, ring))
        .or_else(|| by_other_block(&trial, alg, written))
        .or_else(|| by_nonce(token, matches_one))
        .or_else(by_length)
        .or_else(|| by_nonce_alone(token))
        .or_else(|| by_look(token, written))
}

/// The most places in a header that may be its `nonce`.
const MOST_PLACES: usize = 4;

/// A token that was signed with the SHA-256 of its header's `nonce`, in base64url, in place of the nonce. The rest of
/// the header is signed as it is spelled.
fn by_nonce(token: &Unverified, matches: impl Fn(&Trial<'_>) -> bool) -> Option<Cause> {
    let object = token.header().object();
    let value = object.get("nonce")?;
    let hash = quote(&sha256(value.as_string()?.as_bytes()));
    let (encoded, payload) = token.signing_input().split_once('.')?;
    let header = String::from_utf8(URL_SAFE_NO_PAD.decode(encoded).ok()?).ok()?;
    let places = header.match_indices(value.text()).take(MOST_PLACES);
    let is_proved = places.into_iter().any(|(at, nonce)| {
        let signed = [&header[..at], &hash, &header[at + nonce.len()..]].concat();
        let input = format!("{}.{payload}", URL_SAFE_NO_PAD.encode(signed));
        matches(&Trial::of(token).with_message(input.as_bytes()))
    });
    is_proved.then_some(Cause::HashedNonce { is_proved })
}

/// A token that looks like one of these, if no key can prove it: a `nonce` in the header and an issuer that is
/// Microsoft's.
#[must_use]
pub fn by_nonce_alone(token: &Unverified) -> Option<Cause> {
    const HOSTS: [&str; 6] = [
        "sts.windows.net",
        "login.microsoftonline.com",
        "login.microsoftonline.us",
        "login.partner.microsoftonline.cn",
        "login.windows.net",
        "ciamlogin.com",
    ];
    token.header().object().get("nonce")?.as_string()?;
    let issuer = token.unverified_claims().ok()?.get("iss")?.as_string()?;
    let host = issuer.strip_prefix("https://")?.split('/').next()?;
    let is_own = |own: &&str| {
        host.strip_suffix(*own).is_some_and(|sub| sub.is_empty() || sub.ends_with('.'))
    };
    HOSTS.iter().any(is_own).then_some(Cause::HashedNonce { is_proved: false })
}

/// What is plain to see, though nothing matches: a payload that was cut or changed, a secret that is none.
fn by_look(token: &Unverified, written: &KeyText) -> Option<Cause> {
    if token.is_detached() {
        return Some(Cause::Detached);
    }
    let is_object = token.payload().starts_with(b"{");
    if is_object && token.unverified_claims().is_err() {
        return Some(Cause::BrokenPayload);
    }
    let secret = written.secret.as_ref()?;
    match mangled(written.text.expose(), secret) {
        Some(Mangled::Changed(..)) | None => None,
        Some(looks) => Some(Cause::Mangled(looks)),
    }
}

/// Why a secret is probably not what was meant. Base64 and hex are read strictly, and `raw` asks for the bytes of a
/// file as they are, so these need no warning.
#[must_use]
pub fn mangled(secret: &[u8], text: &SecretText) -> Option<Mangled> {
    match text.format {
        SecretFormat::Base64 | SecretFormat::Hex => None,
        SecretFormat::Raw if text.from_file => None,
        _ => text.path.clone().map(Mangled::Path).or_else(|| secrets::mangled(secret)),
    }
}

/// A token whose padding was added after it was signed.
fn by_padding(token: &Unverified, matches: impl Fn(&Trial<'_>) -> bool) -> Option<Cause> {
    let bare = token.is_padded().then(|| token.text().replace('=', ""))?;
    let bare = Unverified::parse(bare.as_bytes()).ok()?;
    matches(&Trial::of(&bare)).then_some(Cause::WithoutPadding)
}

/// What a token is whose header has a fault: one whose payload is not in it, as those mostly are whose payload is
/// not encoded, or a signed cookie.
#[must_use]
pub fn by_header_fault(token: &Unverified, fault: &HeaderFault) -> Option<Cause> {
    match fault {
        HeaderFault::UnencodedPayload => token.is_detached().then_some(Cause::Detached),
        HeaderFault::NoAlg => is_flask(token.text()).then_some(Cause::Session),
        _ => None,
    }
}

/// The same secret, its text changed and read in each format.
fn by_secret(trial: &Trial<'_>, alg: Algorithm, written: &KeyText) -> Option<Cause> {
    let &SecretText { format: given, from_file, .. } = written.secret.as_ref()?;
    if written.text.expose().len() > MOST_MESSAGE {
        return None;
    }
    // A signature has the length of its hash, so that it tells which one was used.
    let of_length = |alg: &Algorithm| alg.may_sign_in(trial.signature().len());
    let used = KeyType::Hmac.algorithms().iter().copied().find(of_length)?;
    let other_alg = (used != alg).then_some(used);
    for (change, text) in changes(&written.text, from_file) {
        for format in formats(given, change) {
            let Ok(key) = keys::read_secret(&text, format, from_file) else { continue };
            if trial.matches_key(key, used) {
                let format = needed(format, given, change);
                return Some(match (format, change, other_alg) {
                    (None, None, Some(used)) => Cause::Algorithm { used, is_supported: true },
                    (format, change, alg) => Cause::Secret { format, change, alg },
                });
            }
        }
    }
    None
}

/// The format that makes it match, if it is another than the given one. A changed text that is not digits is
/// text.
fn needed(
    format: SecretFormat,
    given: SecretFormat,
    change: Option<Change>,
) -> Option<SecretFormat> {
    let are_digits = matches!(given, SecretFormat::Base64 | SecretFormat::Hex);
    if change.is_some_and(Change::is_addition) {
        return are_digits.then_some(SecretFormat::Text);
    }
    (format != given).then_some(format)
}

/// The formats to read a text in, the given one first; what was added to it is only there as raw bytes.
fn formats(given: SecretFormat, change: Option<Change>) -> Vec<SecretFormat> {
    if change.is_some_and(Change::is_addition) {
        return vec![SecretFormat::Raw];
    }
    let others = [SecretFormat::Text, SecretFormat::Base64, SecretFormat::Hex, SecretFormat::Raw];
    std::iter::once(given).chain(others.into_iter().filter(|format| *format != given)).collect()
}

/// Whether a token whose `alg` the key does not serve was made with the key's text as an HMAC secret.
#[must_use]
pub fn forgery(token: &Unverified, alg: Algorithm, written: &KeyText) -> Option<Cause> {
    if written.secret.is_some() || alg.key_type() != KeyType::Hmac {
        return None;
    }
    let trial = Trial::of(token);
    let text = written.text.expose();
    let trimmed = text.trim_ascii();
    let spellings = [text.to_vec(), trimmed.to_vec(), [trimmed, b"\n"].concat()];
    let matches = |text: Vec<u8>| {
        let secret = Key::new(KeyType::Hmac, KeyMaterial::Private(Secret::new(text)));
        trial.matches_key(secret, alg)
    };
    spellings.into_iter().any(matches).then_some(Cause::KeyAsSecret)
}

/// The same key under another algorithm, or with a signature in DER.
fn by_algorithm(trial: &Trial<'_>, alg: Algorithm, key: &LoadedKey) -> Option<Cause> {
    let mut others = key.key().key_type.algorithms().iter().copied().filter(|other| *other != alg);
    if let Some(used) = others.find(|other| trial.matches(key, *other)) {
        let is_supported = key.supports().contains(&used);
        return Some(Cause::Algorithm { used, is_supported });
    }
    trial.matches_in_der(key).then_some(Cause::Der)
}

/// A signature that is the text of one.
fn by_encoding(trial: &Trial<'_>, alg: Algorithm, tried: &[&LoadedKey]) -> Option<Cause> {
    let text = trial.signature().trim_ascii();
    let unpadded = std::str::from_utf8(text).ok()?.trim_end_matches('=');
    let decoded = [
        ("hex", base16ct::mixed::decode_vec(text).ok()),
        ("base64", STANDARD_NO_PAD.decode(unpadded).ok()),
        ("base64url", URL_SAFE_NO_PAD.decode(unpadded).ok()),
    ];
    decoded.into_iter().find_map(|(encoding, signature)| {
        let signature = signature?;
        let trial = trial.with_signature(&signature);
        let matches = tried.iter().any(|key| trial.matches(key, alg));
        matches.then_some(Cause::EncodedTwice { encoding })
    })
}

/// Another key of the set, whatever its `kid` and its terms.
fn by_other_key(
    trial: &Trial<'_>,
    alg: Algorithm,
    token: &Unverified,
    ring: &LoadedKeys,
) -> Option<Cause> {
    let mut keys = ring.iter().enumerate().take(MOST_KEYS);
    keys.find_map(|(index, (name, key))| {
        let key = key.ok().filter(|key| trial.matches(key, alg))?;
        if let Err(error) = key.check_verifies(&[alg]) {
            return Some(Cause::BarredKey { name, error });
        }
        let index = ring.single().is_none().then_some(index);
        Some(Cause::OtherKey { name, index, is_named: token.header().kid().is_some() })
    })
}

/// Another key of the file: the certificate beside a private key, or the other way round.
fn by_other_block(trial: &Trial<'_>, alg: Algorithm, written: &KeyText) -> Option<Cause> {
    if written.secret.is_some() {
        return None;
    }
    keys::keys_of_blocks(&written.text).into_iter().take(MOST_KEYS).find_map(|(label, key)| {
        let described = key.to_string();
        trial.matches_key(key, alg).then_some(Cause::OtherBlock { key: described, label })
    })
}

fn by_length(trial: &Trial<'_>, alg: Algorithm, kind: KeyType) -> Option<Cause> {
    let (found, wanted) = (trial.signature().len(), kind.signature_length(alg));
    let of_other_key = alg.signature_length().is_none() && alg.may_sign_in(found);
    (found != wanted).then_some(Cause::Length { found, wanted, of_other_key })
}
