//! Weaknesses of keys, whatever they are used for.

use super::finding::Finding;
use super::rules::Rule;
use crate::crypto::LoadedKey;
use crate::keys::{Algorithm, KeyType, RSA_BITS, RsaFault, SecretLength, rsa_faults};
use crate::secret::Secret;

/// Private keys that are published, by the SHA-256 of their public key (SPKI), and whose they are.
const PUBLISHED: [(&str, &str); 3] = [
    ("SHA256:9WyLASJ/Yt28FusppqwLMQ4nZ2Cl4GMC+ogaNRRva8c=", "the RSA key of jwt.io's examples"),
    ("SHA256:pA8PLil03HaoLfb/4I7Q15lVx5560MINl66Pkkat4cE=", "the P-256 key of jwt.io's examples"),
    ("SHA256:CeWPPAteNXSUn+qL61OrO4ngyT/d/YPzAOInZlum8vE=", "the key of new Vagrant machines"),
];

/// A secret of at most so many different bytes is repetitive. A random one of 32 bytes has more, even in hexadecimal.
const FEW_BYTES: usize = 6;

/// Shorter secrets, in bytes, are too short anyway.
const LONG: usize = 16;

/// Those of a key. `name` is what messages call it; `alg` is the token's algorithm, if it is one of the key's.
pub(crate) fn key_findings(name: &str, key: &LoadedKey, alg: Option<Algorithm>) -> Vec<Finding> {
    let own = key.key();
    let mut found = Vec::new();
    let mut add = |rule, evidence: String| {
        found.push(Finding::new(rule, format!("{name} {evidence}")));
    };
    if own.key_type == KeyType::Hmac {
        let secret = own.private().map(Secret::expose).unwrap_or_default();
        let alg = alg.or(key.supports.first().copied()).unwrap_or(Algorithm::HS256);
        let least = alg.min_secret().unwrap_or_default();
        let length = SecretLength::of(secret);
        if length.bytes < least {
            add(Rule::ShortSecret, format!("is {length} long; {alg} requires at least {least}"));
        }
        if is_repetitive(secret) {
            add(Rule::RepetitiveSecret, "repeats a few characters".to_owned());
        }
        return found;
    }
    if let Some(bits) = own.rsa_bits.filter(|bits| bits < RSA_BITS.start()) {
        add(Rule::ShortRsa, format!("has {bits} bits"));
    }
    for fault in rsa_faults(own) {
        let rule = match fault {
            RsaFault::SmallExponent(_) => Rule::SmallExponent,
            RsaFault::SmallFactor(_) => Rule::SmallFactor,
            RsaFault::Roca => Rule::Roca,
            RsaFault::ClosePrimes => Rule::ClosePrimes,
        };
        add(rule, fault.to_string());
    }
    let spki = key.fingerprints().map(|of| of.spki).unwrap_or_default();
    if let Some((_, of)) = PUBLISHED.iter().find(|(published, _)| *published == spki) {
        add(Rule::KnownKey, format!("is {of}"));
    }
    found
}

/// Keys that are one key, and are to be used in different ways: under different algorithms, or to sign and to encrypt. Each
/// has its name. `decrypting` are keys that decrypt.
pub(crate) fn reuse_findings(
    verifying: &[(String, &LoadedKey)],
    decrypting: &[(String, LoadedKey)],
) -> Vec<Finding> {
    let mut found = Vec::new();
    let mut add = |one: &str, other: &str, uses: String| {
        found.push(Finding::new(Rule::KeyReused, format!("{one} and {other} are one key, {uses}")));
    };
    for (at, (name, key)) in verifying.iter().enumerate() {
        for (other_name, other) in &verifying[at + 1..] {
            let uses = [key, other].map(|key| purpose(key));
            if uses[0] != uses[1] && key.is_same_as(other) {
                add(name, other_name, format!("{} and {}", uses[0], uses[1]));
            }
        }
        for (other_name, _) in decrypting.iter().filter(|(_, other)| key.is_same_as(other)) {
            add(name, other_name, "to sign and to encrypt".to_owned());
        }
    }
    found
}

/// What the JWK of a key says it is for.
fn purpose(key: &LoadedKey) -> String {
    let params = key.key().params.as_ref();
    let alg = params.and_then(|params| params.alg.as_deref());
    let key_use = params.and_then(|params| params.key_use.as_deref());
    match (alg, key_use) {
        (Some(alg), _) => format!("for {alg}"),
        (None, Some("enc")) => "to encrypt".to_owned(),
        (None, _) => "to sign".to_owned(),
    }
}

/// Whether a secret has few different bytes, or is a shorter text that is repeated.
fn is_repetitive(secret: &[u8]) -> bool {
    let mut seen = [false; 256];
    for byte in secret {
        seen[usize::from(*byte)] = true;
    }
    let different = seen.iter().filter(|seen| **seen).count();
    let repeats = |period: usize| secret.iter().skip(period).eq(&secret[..secret.len() - period]);
    let longest = (secret.len() / 2).min(64);
    secret.len() >= LONG && (different <= FEW_BYTES || (1..=longest).any(repeats))
}
