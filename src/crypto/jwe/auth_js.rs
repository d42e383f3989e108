//! The keys that Auth.js and NextAuth derive from their secret to encrypt session cookies (HKDF, RFC 5869). The header
//! does not name the derivation, so all usual ones are made; the length that `enc` requires chooses among them.

use aws_lc_rs::error::Unspecified;
use aws_lc_rs::hkdf::{HKDF_SHA256, KeyType as OutputLength, Salt};
use zeroize::Zeroizing;

use crate::keys::{Key, KeyMaterial, KeyType};
use crate::secret::Secret;

/// The names of the session cookie, which Auth.js 5 uses as the salt.
const COOKIES: [&str; 4] = [
    "authjs.session-token",
    "__Secure-authjs.session-token",
    "next-auth.session-token",
    "__Secure-next-auth.session-token",
];

/// The lengths of the keys of `A256GCM` and `A256CBC-HS512`.
const LENGTHS: [usize; 2] = [32, 64];

struct Length(usize);

impl OutputLength for Length {
    fn len(&self) -> usize {
        self.0
    }
}

/// The keys that the secret of a web application leads to: that of NextAuth 4 first, then those of Auth.js 5.
pub(crate) fn auth_js_keys(secret: &Secret) -> Vec<Key> {
    let old = derive(secret, "", "NextAuth.js Generated Encryption Key", 32);
    let new = COOKIES.iter().flat_map(|cookie| {
        let info = format!("Auth.js Generated Encryption Key ({cookie})");
        LENGTHS.map(|length| derive(secret, cookie, &info, length))
    });
    let keys = std::iter::once(old).chain(new).filter_map(Result::ok);
    keys.map(|key| Key::new(KeyType::Hmac, KeyMaterial::Private(key))).collect()
}

fn derive(secret: &Secret, salt: &str, info: &str, length: usize) -> Result<Secret, Unspecified> {
    let extracted = Salt::new(HKDF_SHA256, salt.as_bytes()).extract(secret.expose());
    let mut key = Zeroizing::new(vec![0; length]);
    extracted.expand(&[info.as_bytes()], Length(length))?.fill(&mut key)?;
    Ok(key.into())
}
