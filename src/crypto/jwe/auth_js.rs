//! The keys that Auth.js and NextAuth derive from their secret to encrypt session cookies (HKDF, RFC 5869). The header
//! does not name the derivation, so all usual ones are made; the length that `enc` requires chooses among them.

use aws_lc_rs::error::Unspecified;
use aws_lc_rs::hkdf::{HKDF_SHA256, KeyType as OutputLength, Salt};
use zeroize::Zeroizing;

use crate::keys::{Aes, ContentEncryption, JwkParams, Key, KeyMaterial, KeyType};
use crate::secret::Secret;

/// The names of the session cookie, which Auth.js 5 uses as the salt.
const COOKIES: [&str; 4] = [
    "authjs.session-token",
    "__Secure-authjs.session-token",
    "next-auth.session-token",
    "__Secure-next-auth.session-token",
];

/// What Auth.js encrypts with.
const ENCRYPTIONS: [ContentEncryption; 2] =
    [ContentEncryption::AesGcm(Aes::Aes256), ContentEncryption::AesCbcHmac(Aes::Aes256)];

struct Length(usize);

impl OutputLength for Length {
    fn len(&self) -> usize {
        self.0
    }
}

/// The keys that the secret of a web application leads to: that of NextAuth 4 first, then those of Auth.js 5, for a
/// cookie of this name or for those of the usual names.
pub(crate) fn auth_js_keys(secret: &Secret, cookie: Option<&str>) -> Vec<Key> {
    let old = derive(secret, "", "NextAuth.js Generated Encryption Key", ENCRYPTIONS[0]);
    let cookies = cookie.map_or_else(|| COOKIES.to_vec(), |cookie| vec![cookie]);
    let new = cookies.into_iter().flat_map(|cookie| {
        let info = format!("Auth.js Generated Encryption Key ({cookie})");
        ENCRYPTIONS.map(|enc| derive(secret, cookie, &info, enc))
    });
    std::iter::once(old).chain(new).filter_map(Result::ok).collect()
}

/// A key that can be used for this encryption only.
fn derive(
    secret: &Secret,
    salt: &str,
    info: &str,
    enc: ContentEncryption,
) -> Result<Key, Unspecified> {
    let extracted = Salt::new(HKDF_SHA256, salt.as_bytes()).extract(secret.expose());
    let mut key = Zeroizing::new(vec![0; enc.key_length()]);
    extracted.expand(&[info.as_bytes()], Length(key.len()))?.fill(&mut key)?;
    let params = JwkParams { alg: Some(enc.name().to_owned()), ..JwkParams::default() };
    let key = Key::new(KeyType::Hmac, KeyMaterial::Private(key.into()));
    Ok(Key { params: Some(params), ..key })
}
