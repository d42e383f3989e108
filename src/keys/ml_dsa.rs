//! The parameter sets of ML-DSA (FIPS 204 section 4), each of which is an algorithm of its own (RFC 9964).

use std::fmt;

use pkcs8::ObjectIdentifier;

/// A parameter set of ML-DSA.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(missing_docs)] // the variants are the sets' names
pub enum ParameterSet {
    MlDsa44,
    MlDsa65,
    MlDsa87,
}

const ML_DSA_44_OID: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.16.840.1.101.3.4.3.17");
const ML_DSA_65_OID: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.16.840.1.101.3.4.3.18");
const ML_DSA_87_OID: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.16.840.1.101.3.4.3.19");

impl ParameterSet {
    pub(crate) const ALL: [Self; 3] = [Self::MlDsa44, Self::MlDsa65, Self::MlDsa87];

    /// The length of a seed, from which a private key is computed, in bytes.
    pub(crate) const SEED_LENGTH: usize = 32;

    /// The table: the name, the OID (RFC 9881 section 2), and the lengths of a public key and of a signature in bytes
    /// (FIPS 204 table 2).
    const fn row(self) -> (&'static str, &'static ObjectIdentifier, usize, usize) {
        match self {
            Self::MlDsa44 => ("ML-DSA-44", &ML_DSA_44_OID, 1312, 2420),
            Self::MlDsa65 => ("ML-DSA-65", &ML_DSA_65_OID, 1952, 3309),
            Self::MlDsa87 => ("ML-DSA-87", &ML_DSA_87_OID, 2592, 4627),
        }
    }

    /// The name, which is also that of the algorithm.
    pub(crate) const fn name(self) -> &'static str {
        self.row().0
    }

    pub(super) fn oid(self) -> &'static ObjectIdentifier {
        self.row().1
    }

    /// The length of a public key in bytes.
    pub(crate) const fn public_length(self) -> usize {
        self.row().2
    }

    /// The length of a signature in bytes.
    pub(super) const fn signature_length(self) -> usize {
        self.row().3
    }

    /// Why bytes are not a public key. With a vector t1 of zeros, anyone can make signatures that match (FIPS 204
    /// algorithm 8: the challenge then has no effect), and no private key has it.
    pub(crate) fn public_fault(self, public: &[u8]) -> Option<String> {
        const RHO: usize = 32;
        let (found, wanted) = (public.len(), self.public_length());
        if found != wanted {
            return Some(format!("it is {found} bytes long; {self} requires {wanted}"));
        }
        let is_zero = public[RHO..].iter().all(|byte| *byte == 0);
        is_zero.then(|| "all numbers of its t1 are zero".to_owned())
    }
}

impl fmt::Display for ParameterSet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}
