//! Weaknesses of keys, for any use.

use super::finding::Finding;
use super::known::known_line;
use super::rules::Rule;
use crate::crypto::LoadedKey;
use crate::keys::{Algorithm, KeyType, RSA_BITS, RsaFault, SecretLength, rsa_faults};
use crate::secret::Secret;

/// Published private keys: the SHA-256 of the public key (SPKI), and where the key is published.
const PUBLISHED: [(&str, &str); 3] = [
    ("SHA256:9WyLASJ/Yt28FusppqwLMQ4nZ2Cl4GMC+ogaNRRva8c=", "the RSA key of jwt.io's examples"),
    ("SHA256:pA8PLil03HaoLfb/4I7Q15lVx5560MINl66Pkkat4cE=", "the P-256 key of jwt.io's examples"),
    ("SHA256:CeWPPAteNXSUn+qL61OrO4ngyT/d/YPzAOInZlum8vE=", "the key of new Vagrant machines"),
];

/// A secret with at most this many different bytes is repetitive. A random secret of 32 bytes has more, even in
/// hexadecimal.
const FEW_BYTES: usize = 6;

/// The minimum length, in bytes, of a repetitive secret. Shorter secrets break the rule for short secrets.
const LONG: usize = 16;

/// The weaknesses of a key. `name` is its name in messages; `alg` is the token's algorithm, if the key supports it.
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
        if let Some(line) = known_line(secret) {
            add(Rule::WeakSecret, format!("is on line {line} of the built-in list"));
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

/// Pairs of keys that are the same key but are used differently: for different algorithms, or for signatures and for
/// encryption. Each key has its name for messages.
pub(crate) fn reuse_findings(
    verifying: &[(String, &LoadedKey)],
    decrypting: &[(String, LoadedKey)],
) -> Vec<Finding> {
    let mut found = Vec::new();
    let mut add = |one: &str, other: &str, uses: String| {
        let evidence = format!("{one} and {other} are the same key, {uses}");
        found.push(Finding::new(Rule::KeyReused, evidence));
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

/// The algorithm or use that the JWK of a key names.
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

/// Whether a secret has few different bytes, or repeats a shorter sequence of bytes.
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
