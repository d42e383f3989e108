//! What is weak about the keys of a call of `audit`, found once for all tokens.

use crate::audit::{Finding, key_findings, reuse_findings};
use crate::crypto::LoadedKey;
use crate::input::SourceKeys;
use crate::keys::{Algorithm, KeyType};

/// The keys that were given at the start.
pub(super) struct AuditedKeys {
    keys: Vec<AuditedKey>,
    /// Keys that are used in several ways.
    reused: Vec<Finding>,
}

/// A key, and what is weak about it with an algorithm: that of an HMAC decides how long a secret must be.
struct AuditedKey {
    address: usize,
    alg: Option<Algorithm>,
    findings: Vec<Finding>,
}

impl AuditedKeys {
    /// `decrypting` are keys that decrypt, with their names.
    pub(super) fn new(keys: Option<&SourceKeys>, decrypting: &[(String, LoadedKey)]) -> Self {
        let usable = keys.into_iter().flat_map(|keys| {
            keys.loaded.iter().filter_map(|(_, key)| key.ok().map(|key| (keys.name_of(key), key)))
        });
        let given: Vec<_> = usable.collect();
        let keys = given.iter().flat_map(|(name, key)| AuditedKey::all(name, key)).collect();
        Self { keys, reused: reuse_findings(&given, decrypting) }
    }

    /// The weaknesses of all keys, for a token with this algorithm that none of them verifies. Without an HMAC, secrets
    /// are measured by the shortest one.
    pub(super) fn of_all(&self, named: Option<Algorithm>) -> impl Iterator<Item = Finding> {
        let named = named.filter(|alg| alg.key_type() == KeyType::Hmac);
        let meant = named.unwrap_or(Algorithm::HS256);
        let keys = self.keys.iter().filter(move |key| key.alg.is_none_or(|alg| alg == meant));
        keys.flat_map(|key| &key.findings).chain(&self.reused).cloned()
    }

    /// Those of the key that verified a token with this algorithm, which may be none of those given at the start.
    pub(super) fn of_one(&self, key: &LoadedKey, name: &str, alg: Algorithm) -> Vec<Finding> {
        let address = std::ptr::from_ref(key).addr();
        let is_meant = |known: &&AuditedKey| {
            known.address == address && known.alg.is_none_or(|own| own == alg)
        };
        let known = self.keys.iter().find(is_meant).map(|known| known.findings.clone());
        let mut findings = known.unwrap_or_else(|| key_findings(name, key, Some(alg)));
        findings.extend(self.reused.iter().cloned());
        findings
    }
}

impl AuditedKey {
    fn all(name: &str, key: &LoadedKey) -> Vec<Self> {
        let address = std::ptr::from_ref(key).addr();
        let audited = |alg| Self { address, alg, findings: key_findings(name, key, alg) };
        if key.key().key_type == KeyType::Hmac {
            key.supports.iter().map(|alg| audited(Some(*alg))).collect()
        } else {
            vec![audited(None)]
        }
    }
}
