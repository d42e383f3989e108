//! The numbers of an RSA key: their limits, and the numbers that a JWK or an OpenSSH key may leave out, which are
//! computed once when a key is read. No signatures are computed here.

use num_bigint::BigUint;
use pkcs1::UintRef;
use pkcs8::der::Encode as _;
use zeroize::Zeroizing;

use super::algorithm::{MIN_WEAK_RSA_BITS, RSA_BITS, Weakness};
use super::error::KeyError;
use super::key::{Key, KeyMaterial};
use super::wire::stripped;
use crate::secret::Secret;

/// A number, big-endian, as it was written; wiped, since it may belong to a private key.
pub(super) type Number = Zeroizing<Vec<u8>>;

/// The size in bits of a modulus, which is checked together with the public exponent.
pub(super) fn modulus_bits(modulus: &[u8], exponent: &[u8]) -> Result<usize, KeyError> {
    let modulus = stripped(modulus);
    let zeros = modulus.first().map_or(0, |byte| byte.leading_zeros() as usize);
    let bits = modulus.len() * 8 - zeros;
    if !(MIN_WEAK_RSA_BITS..=*RSA_BITS.end()).contains(&bits) {
        return Err(KeyError::Weak(Weakness::Rsa(bits)));
    }
    let exponent = stripped(exponent);
    if exponent == [1] || exponent.last().is_none_or(|byte| byte % 2 == 0) {
        return Err(KeyError::RsaExponent);
    }
    Ok(bits)
}

/// A public key of these numbers.
pub(super) fn public_key(modulus: &[u8], exponent: &[u8]) -> Result<Key, KeyError> {
    let bits = modulus_bits(modulus, exponent)?;
    let key = pkcs1::RsaPublicKeyRef { modulus: uint(modulus)?, public_exponent: uint(exponent)? };
    Ok(Key::rsa(bits, KeyMaterial::Public(key.to_der().map_err(|_| unsound())?)))
}

/// A private key of these numbers (RFC 8017 section 3.2): `primes` are p and q, `crt` is d mod (p - 1), d mod (q - 1)
/// and the inverse of q mod p. Those that are missing are computed.
pub(super) fn private_key(
    [modulus, exponent, d]: [&[u8]; 3],
    primes: Option<[&[u8]; 2]>,
    crt: Option<[&[u8]; 3]>,
) -> Result<Key, KeyError> {
    let bits = modulus_bits(modulus, exponent)?;
    let most = stripped(modulus).len();
    let mut written = primes.iter().flatten().chain([&d]);
    // The crypto library accepts a public exponent of at most 33 bits.
    if written.any(|number| stripped(number).len() > most) || stripped(exponent).len() > 5 {
        return Err(unsound());
    }
    let copy = |number: &[u8]| Number::new(number.to_vec());
    let [p, q] = match primes {
        Some(primes) => primes.map(copy),
        None if most * 8 > MOST_FACTORED => {
            let found = "an RSA private key of over 4096 bits without its primes (p, q)";
            return Err(KeyError::unsupported(found));
        }
        None => factors(modulus, exponent, d).ok_or_else(unsound)?,
    };
    let [dp, dq, qi] = match crt {
        Some(crt) if primes.is_some() => crt.map(copy),
        _ => {
            let [d, p, q] = [d, &p, &q].map(BigUint::from_bytes_be);
            crt_numbers(&d, &p, &q)
                .ok_or_else(unsound)?
                .map(|number| Number::new(number.to_bytes_be()))
        }
    };
    let key = pkcs1::RsaPrivateKeyRef {
        modulus: uint(modulus)?,
        public_exponent: uint(exponent)?,
        private_exponent: uint(d)?,
        prime1: uint(&p)?,
        prime2: uint(&q)?,
        exponent1: uint(&dp)?,
        exponent2: uint(&dq)?,
        coefficient: uint(&qi)?,
        other_prime_infos: None,
    };
    let der = Secret::new(key.to_der().map_err(|_| unsound())?);
    Ok(Key::rsa(bits, KeyMaterial::Private(der)))
}

/// The public key of a private key whose numbers belong together, both in PKCS#1: for keys that are too small for
/// the crypto library to load.
pub(crate) fn rsa_public_key(private: &Secret) -> Option<Vec<u8>> {
    let key = pkcs1::RsaPrivateKeyRef::try_from(private.expose()).ok()?;
    if belong_together(&key) { key.public_key().to_der().ok() } else { None }
}

/// Whether the numbers satisfy RFC 8017 section 3.2, apart from being prime.
fn belong_together(key: &pkcs1::RsaPrivateKeyRef<'_>) -> bool {
    let number = |number: UintRef<'_>| BigUint::from_bytes_be(number.as_bytes());
    let [modulus, exponent, d] =
        [key.modulus, key.public_exponent, key.private_exponent].map(number);
    let [p, q] = [key.prime1, key.prime2].map(number);
    let crt = [key.exponent1, key.exponent2, key.coefficient].map(number);
    let one = BigUint::from(1u8);
    let is_inverse = |prime: &BigUint| &exponent * &d % (prime - &one) == one;
    crt_numbers(&d, &p, &q) == Some(crt) && &p * &q == modulus && is_inverse(&p) && is_inverse(&q)
}

fn uint(number: &[u8]) -> Result<UintRef<'_>, KeyError> {
    UintRef::new(stripped(number)).map_err(|_| unsound())
}

fn unsound() -> KeyError {
    KeyError::Rejected {
        key: "RSA private key".to_owned(),
        reason: "its numbers do not match each other".to_owned(),
    }
}

/// d mod (p - 1), d mod (q - 1) and the inverse of q mod p.
fn crt_numbers(d: &BigUint, p: &BigUint, q: &BigUint) -> Option<[BigUint; 3]> {
    let one = BigUint::from(1u8);
    if *p <= one || *q <= one {
        return None;
    }
    Some([d % (p - &one), d % (q - &one), q.modinv(p)?])
}

/// The largest modulus that is factored to compute missing numbers, in bits. Larger ones take seconds.
const MOST_FACTORED: usize = 4096;

/// The prime factors of a modulus, from both exponents: the algorithm of NIST SP 800-56B revision 2, appendix C.1.
/// The larger one comes first.
#[allow(clippy::many_single_char_names, reason = "the names that RFC 8017 gives the numbers")]
fn factors(modulus: &[u8], e: &[u8], d: &[u8]) -> Option<[Number; 2]> {
    let [n, e, d] = [modulus, e, d].map(BigUint::from_bytes_be);
    let (zero, one) = (BigUint::ZERO, BigUint::from(1u8));
    if n <= one || d >= n || !n.bit(0) || d == zero || e == zero {
        return None;
    }
    let k = e * d - &one;
    let twos = k.trailing_zeros().filter(|twos| *twos > 0)?;
    let odd = &k >> twos;
    // Each base finds the factors with a chance of one half or more; small primes are as good as any.
    let bases = [2u8, 3, 5, 7, 11, 13, 17, 19, 23, 29, 31, 37, 41, 43, 47, 53, 59, 61, 67, 71];
    for base in bases.map(BigUint::from) {
        let mut power = base.modpow(&odd, &n);
        for _ in 0..twos {
            let square = &power * &power % &n;
            if square == one && power != one && power != &n - &one {
                let p = common_divisor(&power - &one, n.clone());
                let q = &n / &p;
                if p <= one || &p * &q != n {
                    return None;
                }
                let primes = if p > q { [p, q] } else { [q, p] };
                return Some(primes.map(|prime| Number::new(prime.to_bytes_be())));
            }
            power = square;
        }
        // Numbers of one key give 1 for every base.
        if power != one {
            return None;
        }
    }
    None
}

/// The greatest common divisor by Euclid's algorithm.
fn common_divisor(mut a: BigUint, mut b: BigUint) -> BigUint {
    while b != BigUint::ZERO {
        (a, b) = (b.clone(), a % b);
    }
    a
}
