//! RSA moduli that can be factored, or exponents that are too small: what a public key alone gives away.

use num_bigint::BigUint;
use pkcs1::{RsaPrivateKeyRef, RsaPublicKeyRef};
use thiserror::Error;

use super::algorithm::KeyType;
use super::key::{Key, KeyMaterial};

/// What is wrong with an RSA key.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub(crate) enum RsaFault {
    #[error("has the public exponent {0}")]
    SmallExponent(BigUint),
    #[error("has a modulus that {0} divides")]
    SmallFactor(u32),
    /// Made by the library of Infineon's chips (CVE-2017-15361).
    #[error("has the fingerprint of a key that a faulty chip made")]
    Roca,
    /// Factored by Fermat's method (CVE-2022-26320).
    #[error("has primes that are close to each other")]
    ClosePrimes,
}

/// The exponent that keys should have.
const USUAL_EXPONENT: u32 = 65_537;

/// The primes for the fingerprint of ROCA: modulo each of them, the moduli of such keys are powers of 65537.
const FINGERPRINT: [u32; 38] = [
    3, 5, 7, 11, 13, 17, 19, 23, 29, 31, 37, 41, 43, 47, 53, 59, 61, 67, 71, 73, 79, 83, 89, 97,
    101, 103, 107, 109, 113, 127, 131, 137, 139, 149, 151, 157, 163, 167,
];

/// Factors below this number are looked for.
const SMALL: u32 = 10_000;

/// How many steps of Fermat's method are tried. Independent primes need more than anyone can try.
const STEPS: u32 = 100;

/// The faults of a key; none of one that is not RSA.
pub(crate) fn rsa_faults(key: &Key) -> Vec<RsaFault> {
    let Some((modulus, exponent)) = numbers(key) else { return Vec::new() };
    let mut faults = Vec::new();
    if exponent < BigUint::from(USUAL_EXPONENT) {
        faults.push(RsaFault::SmallExponent(exponent));
    }
    if let Some(factor) = (3..SMALL).step_by(2).find(|odd| rest(&modulus, *odd) == 0) {
        faults.push(RsaFault::SmallFactor(factor));
    } else if has_close_primes(&modulus) {
        faults.push(RsaFault::ClosePrimes);
    } else if FINGERPRINT.iter().all(|prime| is_power(rest(&modulus, *prime), *prime)) {
        faults.push(RsaFault::Roca);
    }
    faults
}

fn numbers(key: &Key) -> Option<(BigUint, BigUint)> {
    if key.key_type != KeyType::Rsa {
        return None;
    }
    let (modulus, exponent) = match &key.material {
        KeyMaterial::Public(der) => {
            let key = RsaPublicKeyRef::try_from(&**der).ok()?;
            (key.modulus, key.public_exponent)
        }
        KeyMaterial::Private(der) => {
            let key = RsaPrivateKeyRef::try_from(der.expose()).ok()?;
            (key.modulus, key.public_exponent)
        }
    };
    Some([modulus, exponent].map(|number| BigUint::from_bytes_be(number.as_bytes())).into())
}

/// The remainder of a division by a small number.
fn rest(number: &BigUint, by: u32) -> u32 {
    (number % by).try_into().unwrap_or_default()
}

/// Whether a number is a power of 65537, modulo a small prime.
fn is_power(number: u32, prime: u32) -> bool {
    let base = USUAL_EXPONENT % prime;
    let powers = std::iter::successors(Some(1), |power| Some(power * base % prime));
    powers.take(prime as usize).any(|power| power == number)
}

/// Fermat's method: an odd number is the difference of two squares, which are found at once if its factors are close.
fn has_close_primes(modulus: &BigUint) -> bool {
    let mut a = modulus.sqrt();
    if &a * &a == *modulus {
        return true;
    }
    (0..STEPS).any(|_| {
        a += 1u32;
        let square = &a * &a - modulus;
        // All squares end like this in hexadecimal.
        let may_be_square = matches!(rest(&square, 16), 0 | 1 | 4 | 9);
        may_be_square && {
            let root = square.sqrt();
            &root * &root == square
        }
    })
}
