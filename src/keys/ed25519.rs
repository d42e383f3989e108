//! Whether 32 bytes are a valid Ed25519 public key (RFC 8032 section 5.1.3). The crypto library only checks their
//! length, and anyone can make signatures that match a point of small order.

use num_bigint::BigUint;

/// The y coordinates of the points whose order divides 8, little-endian, except 0, 1 and p - 1.
const SMALL: [&str; 2] = [
    "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
    "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
];

/// Whether a point is on the curve, in its canonical encoding, and not of small order.
pub(crate) fn is_ed25519_point(bytes: &[u8]) -> bool {
    let Ok(mut point) = <[u8; 32]>::try_from(bytes) else { return false };
    let sign = point[31] >> 7;
    point[31] &= 0x7f;
    let one = BigUint::from(1u8);
    let p = (&one << 255) - BigUint::from(19u8);
    let y = BigUint::from_bytes_le(&point);
    let is_small = SMALL.contains(&base16ct::lower::encode_string(&point).as_str());
    if y >= p || y <= one || y == &p - &one || is_small {
        return false;
    }
    // -x² + y² = 1 + d·x²·y², with d = -121665 / 121666: x² must be a square.
    let square = &y * &y % &p;
    let d = (&p - BigUint::from(121_665u32)) * inverse(&BigUint::from(121_666u32), &p) % &p;
    let x_square = (&square + &p - &one) * inverse(&((d * &square + &one) % &p), &p) % &p;
    let is_square = x_square.modpow(&((&p - &one) >> 1), &p) == one;
    is_square || (x_square == BigUint::ZERO && sign == 0)
}

fn inverse(number: &BigUint, p: &BigUint) -> BigUint {
    number.modpow(&(p - BigUint::from(2u8)), p)
}
