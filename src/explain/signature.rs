//! Finds out why a signature does not match. After the verdict, and without changing it, common mistakes are undone one
//! by one until the signature matches. Nothing here makes a `Verified`.

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD_NO_PAD, URL_SAFE_NO_PAD};

use super::keys::line_about_key;
use super::refusal::Cause;
use super::secrets::{KeyText, find_reading, is_plain_path, mangled, signer_must_name};
use super::shell::{pipe, strip_padding};
use super::token::PaddingTrial;
use super::token::opaque::is_flask;
use crate::crypto::{LoadedKey, LoadedKeys, Refusal, Trial, sha256};
use crate::json::quote;
use crate::keys::{self, Algorithm, Key, KeyMaterial, KeyType, Origin};
use crate::secret::Secret;
use crate::token::{HeaderFault, Unverified};

/// The most keys of a set that are tried.
const MOST_KEYS: usize = 100;

/// The largest message, secret and signature that are tried in many ways, in bytes. Larger ones in an untrusted
/// token could cost seconds, multiplied by the keys of a set.
const MOST_MESSAGE: usize = 64 * 1024;
const MOST_SIGNATURE: usize = 8 * 1024;

/// Finds out whether the signature of a token that was refused for its padding covers that padding. `None` if the
/// token has other faults or no key fits.
pub fn padding_trial(
    text: &[u8],
    keys: &LoadedKeys,
    allowed: &[Algorithm],
) -> Option<PaddingTrial> {
    let padded = Unverified::parse_padded(text).ok().filter(|t| !t.signature().is_empty())?;
    let bare = padded.text().replace('=', "");
    let bare = Unverified::parse(bare.as_bytes()).ok()?;
    let (alg, keys) = keys.fitting(padded.header(), allowed).ok()?;
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

/// Looks for the cause of a refusal: what the signature would match, if it does not match or if no key has the token's
/// `kid` or supports its `alg`.
pub fn find_cause(
    refusal: &Refusal,
    token: &Unverified<'_>,
    keys: &LoadedKeys,
    allowed: &[Algorithm],
    (origin, text): (&Origin, &KeyText),
) -> Option<Cause> {
    if let Refusal::Header(fault) = refusal {
        return match fault {
            HeaderFault::UnencodedPayload => by_detached_payload(token),
            HeaderFault::NoAlg => by_session(token),
            _ => None,
        };
    }
    let alg = Algorithm::from_name(token.header().alg.as_deref().ok()?)?;
    let tried = keys.fitting(token.header(), allowed);
    let tried = tried.map_or(Vec::new(), |(_, keys)| keys.iter().map(|(_, key)| *key).collect());
    let is_mismatch = matches!(refusal, Refusal::Mismatch { .. });
    let search =
        Search { token, trial: Trial::of(token), alg, tried, is_mismatch, keys, text, origin };
    match refusal {
        Refusal::Mismatch { .. } | Refusal::UnknownKid { .. } => search.run(),
        Refusal::NotSupported { .. } => search.by_forgery().or_else(|| by_microsoft_nonce(token)),
        Refusal::NoneFits { .. } => by_microsoft_nonce(token),
        _ => None,
    }
}

/// The search for what a signature would match.
struct Search<'a> {
    token: &'a Unverified<'a>,
    trial: Trial<'a>,
    /// The algorithm that the header names.
    alg: Algorithm,
    /// The keys that did not match.
    tried: Vec<&'a LoadedKey>,
    /// Whether the signature was refused, not the `kid`.
    is_mismatch: bool,
    keys: &'a LoadedKeys,
    text: &'a KeyText,
    origin: &'a Origin,
}

impl Search<'_> {
    fn run(mut self) -> Option<Cause> {
        let token = self.token;
        if token.signing_input().len() > MOST_MESSAGE || token.signature().len() > MOST_SIGNATURE {
            return self.by_length();
        }
        self.tried.truncate(MOST_KEYS);
        let matching = self
            .by_padding()
            .or_else(|| self.by_secret())
            .or_else(|| self.tried.iter().find_map(|key| self.by_algorithm(key)))
            .or_else(|| self.by_encoding())
            .or_else(|| self.by_other_key())
            .or_else(|| self.by_other_block())
            .or_else(|| self.by_hashed_nonce());
        if matching.is_some() || self.other_length().is_some() {
            return matching.or_else(|| self.by_length());
        }
        by_microsoft_nonce(token)
            .or_else(|| by_detached_payload(token))
            .or_else(|| by_broken_payload(token))
            .or_else(|| self.by_mangled_secret())
    }

    fn matches(&self, trial: &Trial<'_>) -> bool {
        self.tried.iter().any(|key| trial.matches(key, self.alg))
    }

    /// A token whose padding was added after it was signed.
    fn by_padding(&self) -> Option<Cause> {
        let bare = self.token.is_padded().then(|| self.token.text().replace('=', ""))?;
        let bare = Unverified::parse(bare.as_bytes()).ok()?;
        self.matches(&Trial::of(&bare)).then(|| {
            Cause::new(
                "it matches without the padding, which was added after the token was signed",
                pipe(&[strip_padding()]),
            )
        })
    }

    /// The same secret, its text changed and read in each format.
    fn by_secret(&self) -> Option<Cause> {
        let secret = self.text.secret.as_ref()?;
        if self.text.text.expose().len() > MOST_MESSAGE {
            return None;
        }
        // The signature is as long as the hash that was used.
        let of_length = |alg: &Algorithm| alg.may_sign_in(self.trial.signature.len());
        let used = KeyType::Hmac.algorithms().find(of_length)?;
        let matches = |key| self.trial.matches_key(key, used);
        let reading = find_reading(&self.text.text, secret, matches)?;
        let other_alg = (used != self.alg).then_some(used);
        if let Some(used) = other_alg.filter(|_| reading.is_as_given()) {
            return Some(of_other_algorithm(used, true));
        }
        let (evidence, hint) = reading.explain(self.origin, secret, other_alg);
        Some(Cause::new(evidence, hint))
    }

    /// The same key under another algorithm, or with a signature in DER.
    fn by_algorithm(&self, key: &LoadedKey) -> Option<Cause> {
        let all = key.key().key_type.algorithms();
        let mut others = all.filter(|other| *other != self.alg);
        if let Some(used) = others.find(|other| self.trial.matches(key, *other)) {
            return Some(of_other_algorithm(used, key.supports.contains(&used)));
        }
        self.trial.matches_in_der(key).then(|| Cause::new(
            "it matches as an ASN.1 signature: the signer wrote DER",
            "the signer must write r and s side by side (RFC 7518 section 3.4): SHA256withECDSAinP1363Format in Java, dsaEncoding: 'ieee-p1363' in Node",
        ))
    }

    /// A signature that was encoded as text before it was encoded as base64url.
    fn by_encoding(&self) -> Option<Cause> {
        let text = self.trial.signature.trim_ascii();
        let unpadded = std::str::from_utf8(text).ok()?.trim_end_matches('=');
        let decoded = [
            ("hex", base16ct::mixed::decode_vec(text).ok()),
            ("base64", STANDARD_NO_PAD.decode(unpadded).ok()),
            ("base64url", URL_SAFE_NO_PAD.decode(unpadded).ok()),
        ];
        let is_it = |signature: &[u8]| self.matches(&Trial { signature, ..self.trial });
        let (encoding, _) =
            decoded.into_iter().find(|(_, signature)| signature.as_deref().is_some_and(is_it))?;
        Some(Cause::new(
            format!("it matches once decoded from {encoding}: the signer encoded it twice"),
            format!(
                "the signer must encode the signature's bytes, not their {encoding} (RFC 7515 section 5.1)"
            ),
        ))
    }

    /// Another key of the set, whatever its `kid` and its other members.
    fn by_other_key(&self) -> Option<Cause> {
        let mut keys = self.keys.iter().enumerate().take(MOST_KEYS);
        let (index, name, key) = keys.find_map(|(index, (name, key))| {
            Some((index, name, key.ok().filter(|key| self.trial.matches(key, self.alg))?))
        })?;
        let origin = self.origin;
        if let Err(error) = key.check_verifies(&[self.alg]) {
            return Some(Cause::new(
                format!("it matches {name} of {origin}, and {}", line_about_key(None, &error)),
                "sign with a key that is meant for it, or correct the key's entry in the set",
            ));
        }
        let index = self.keys.single().is_none().then_some(index);
        let is_whole = self.keys.single().is_some() || self.keys.is_jwk_set();
        let evidence = if self.is_mismatch && self.token.header().kid.is_some() {
            format!(
                "it matches {name} of {origin}: the token names another key than it was signed with"
            )
        } else {
            format!("{name} of {origin} matches the signature")
        };
        if !is_whole || matches!(origin, Origin::Part(..)) {
            return Some(Cause::new(
                evidence,
                "if it is the right key: write it into a file of its own, and pass that with --key",
            ));
        }
        Some(Cause::new(evidence, only_this_key(origin, index)))
    }

    /// Another key of the file: the certificate beside a private key, or the other way round.
    fn by_other_block(&self) -> Option<Cause> {
        if self.text.secret.is_some() {
            return None;
        }
        let mut keys = keys::keys_of_blocks(&self.text.text).into_iter().take(MOST_KEYS);
        let (key, label) = keys.find_map(|(key, label)| {
            let described = key.to_string();
            self.trial.matches_key(key, self.alg).then_some((described, label))
        })?;
        let hint = if label.ends_with("CERTIFICATE") {
            "a CA's key must not verify tokens; if the certificate is the signer's own, put it into a separate file"
        } else {
            "put that block into a separate file"
        };
        let origin = self.origin;
        Some(Cause::new(
            format!("it matches another key of {origin}: the {key} in its block {label}"),
            hint,
        ))
    }

    /// A token that was signed with the base64url SHA-256 of its header's `nonce` in place of the nonce, as Microsoft
    /// does. The rest of the header is signed as it is written.
    fn by_hashed_nonce(&self) -> Option<Cause> {
        const MOST_PLACES: usize = 4;
        let value = self.token.header().object.get("nonce")?;
        let hash = quote(&sha256(value.as_string()?.as_bytes()));
        let (encoded, payload) = self.token.signing_input().split_once('.')?;
        let header = String::from_utf8(URL_SAFE_NO_PAD.decode(encoded).ok()?).ok()?;
        let mut places = header.match_indices(value.text()).take(MOST_PLACES);
        let is_proved = places.any(|(at, nonce)| {
            let signed = [&header[..at], &hash, &header[at + nonce.len()..]].concat();
            let input = format!("{}.{payload}", URL_SAFE_NO_PAD.encode(signed));
            self.matches(&Trial { message: input.as_bytes(), ..self.trial })
        });
        is_proved.then(|| Cause::new(
            "it matches if the header's \"nonce\" is replaced by its SHA-256 hash, as in tokens that Microsoft issues for its own APIs, such as Microsoft Graph",
            OTHER_API,
        ))
    }

    /// The length of the signature and the length that the key's signatures have, if they differ.
    fn other_length(&self) -> Option<(usize, usize)> {
        let key = self.tried.first()?.key();
        let (found, wanted) = (self.trial.signature.len(), key.signature_length(self.alg));
        (found != wanted).then_some((found, wanted))
    }

    fn by_length(&self) -> Option<Cause> {
        let (found, wanted) = self.other_length().filter(|_| self.is_mismatch)?;
        let is_of_other_key = self.alg.signature_length().is_none() && self.alg.may_sign_in(found);
        if is_of_other_key {
            let (found_bits, bits) = (found * 8, wanted * 8);
            return Some(Cause::new(
                format!(
                    "it has {found} bytes, like a signature by an RSA key of {found_bits} bits; this key has {bits}"
                ),
                "is it the right key?",
            ));
        }
        let hint = match found {
            0 => return None,
            _ if found < wanted => "was the token cut off at the end? Copy it again",
            _ => {
                "was something added to the token's end, or was it signed with another kind of key?"
            }
        };
        Some(Cause::new(format!("it has {found} bytes instead of {wanted}"), hint))
    }

    /// The text of the key, used as an HMAC secret: a forgery by someone who has the public key (RFC 8725 section 2.1).
    fn by_forgery(&self) -> Option<Cause> {
        if self.text.secret.is_some() || self.alg.key_type() != KeyType::Hmac {
            return None;
        }
        let text = self.text.text.expose();
        let trimmed = text.trim_ascii();
        let spellings = [text.to_vec(), trimmed.to_vec(), [trimmed, b"\n"].concat()];
        let matches = |text: Vec<u8>| {
            let secret = Key::new(KeyType::Hmac, KeyMaterial::Private(Secret::new(text)));
            self.trial.matches_key(secret, self.alg)
        };
        spellings.into_iter().any(matches).then(|| Cause::new(
            format!(
                "the text of {}, used as an HMAC secret, matches: anyone who has that text can make such tokens",
                self.origin
            ),
            "it is a forgery, or a signer that uses the key as a secret (RFC 8725 section 2.1): do not accept it",
        ))
    }

    /// A secret that is probably not what was meant, although no change to it matches.
    fn by_mangled_secret(&self) -> Option<Cause> {
        let secret = self.text.secret.as_ref()?;
        let found = mangled(self.text.text.expose(), secret, self.origin)?;
        (!found.is_change).then(|| {
            Cause::new(format!("the secret ({}) {}", self.origin, found.looks), found.hint)
        })
    }
}

fn of_other_algorithm(used: Algorithm, is_supported: bool) -> Cause {
    let hint = if is_supported {
        signer_must_name(used)
    } else {
        "the signer must sign as the header says".to_owned()
    };
    Cause::new(
        format!("it matches as {used}: the header names another algorithm than the signer used"),
        hint,
    )
}

/// The command that verifies with one key, whatever its name.
fn only_this_key(origin: &Origin, index: Option<usize>) -> String {
    let path = origin.to_string();
    let is_file = matches!(origin, Origin::File(_)) && is_plain_path(&path);
    let file = if is_file { &path } else { "FILE" };
    let filter = match index {
        Some(index) => format!(".keys[{index}] | del(.kid)"),
        None => "del(.kid)".to_owned(),
    };
    format!("if it is the right key: jq '{filter}' {file} | jwtctl verify --key - TOKEN")
}

const OTHER_API: &str = "only that API can verify it: request a token for your own API, with a scope such as api://CLIENT-ID/.default";

/// A token with a `nonce` in its header and an issuer that is Microsoft's.
fn by_microsoft_nonce(token: &Unverified) -> Option<Cause> {
    const HOSTS: [&str; 6] = [
        "sts.windows.net",
        "login.microsoftonline.com",
        "login.microsoftonline.us",
        "login.partner.microsoftonline.cn",
        "login.windows.net",
        "ciamlogin.com",
    ];
    token.header().object.get("nonce")?.as_string()?;
    let issuer = token.unverified_claims().ok()?.object.get("iss")?.as_string()?;
    let host = issuer.strip_prefix("https://")?.split('/').next()?;
    let is_own = |own: &&str| {
        host.strip_suffix(*own).is_some_and(|sub| sub.is_empty() || sub.ends_with('.'))
    };
    HOSTS.iter().any(is_own).then(|| Cause::new(
        "it looks like a token for one of Microsoft's own APIs, such as Microsoft Graph: these have a \"nonce\" in the header that is hashed before signing",
        OTHER_API,
    ))
}

fn by_detached_payload(token: &Unverified) -> Option<Cause> {
    token.is_detached().then(|| Cause::new(
        "its payload is empty: it is a detached JWS (RFC 7515 appendix F), whose content is sent separately",
        "jwtctl verify --detached PATH, with --raw if the content is not a claims set",
    ))
}

fn by_broken_payload(token: &Unverified) -> Option<Cause> {
    let is_broken = token.payload().starts_with(b"{") && token.unverified_claims().is_err();
    is_broken.then(|| {
        Cause::new(
            "its payload begins like JSON but is not valid: it was cut off or changed in transit",
            "copy the whole token again",
        )
    })
}

fn by_session(token: &Unverified) -> Option<Cause> {
    is_flask(token.text()).then(|| {
        Cause::new(
            "it looks like a signed session cookie: JSON, a time and a signature, as in Flask",
            "it has no header: the web framework that made it can read it",
        )
    })
}
