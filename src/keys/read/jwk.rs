//! JSON Web Keys (RFC 7517, RFC 7518 section 6, RFC 8037, RFC 8812, RFC 9964). What a JWK says about its use is
//! kept beside the key, and is binding. The text is not copied, because numbers of a private key must not be in memory
//! that is not wiped.

use std::borrow::Cow;

use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use zeroize::Zeroizing;

use crate::json::{JsonError, Object, ValueRef, quote};
use crate::keys::asn1::{ec_pkcs8, ml_dsa_pkcs8, okp_pkcs8};
use crate::keys::error::plain;
use crate::keys::rsa::{self, Number};
use crate::keys::sniff::check_not_a_key;
use crate::keys::wire::{decode, stripped};
use crate::keys::{Curve, JwkParams, Key, KeyError, KeyMaterial, KeyType, ParameterSet, Resized};

/// The most private keys of a set whose missing numbers are computed, which takes up to a second for each.
pub(crate) const MOST_COMPUTED: usize = 8;

/// The most operations of a key: RFC 7517 section 4.3 has eight.
const MOST_OPERATIONS: usize = 100;

/// The members of a JWK's text.
pub(crate) struct Jwk<'a>(Object<&'a str>);

impl<'a> Jwk<'a> {
    /// Checks the text: an object whose names are unique.
    pub(crate) fn parse(text: &'a [u8]) -> Result<Self, KeyError> {
        let text = std::str::from_utf8(text).map_err(|error| KeyError::damaged("JWK", error))?;
        Object::borrowed(text).map(Self).map_err(|error| match error {
            // The parser's message has positions, never the text. A repeated name is not shown.
            JsonError::Duplicate { .. } => {
                KeyError::damaged("JSON", "it has the same member twice")
            }
            other => KeyError::damaged("JSON", format!("it {other}")),
        })
    }

    pub(crate) fn has(&self, name: &str) -> bool {
        self.get(name).is_some()
    }

    /// Whether it is an RSA private key that leaves numbers out, which have to be computed.
    pub(crate) fn lacks_numbers(&self) -> bool {
        self.string("kty").is_ok_and(|kty| kty.as_deref() == Some("RSA"))
            && self.has("d")
            && !["p", "q", "dp", "dq", "qi"].into_iter().all(|name| self.has(name))
    }

    /// The value of a member. Some programs write `null` for a missing member.
    fn get(&self, name: &str) -> Option<ValueRef<'a>> {
        self.0.get_borrowed(name).filter(|value| value.text() != "null")
    }

    pub(crate) fn string(&self, name: &'static str) -> Result<Option<Cow<'a, str>>, KeyError> {
        let Some(value) = self.get(name) else { return Ok(None) };
        value.into_string().map(Some).ok_or_else(|| wrong_type(name, value, "a string"))
    }

    fn required(&self, name: &'static str) -> Result<Cow<'a, str>, KeyError> {
        self.string(name)?.ok_or_else(|| KeyError::member(name, "is missing"))
    }

    /// A member in base64url (RFC 7515 section 2).
    fn bytes(&self, name: &'static str) -> Result<Option<Number>, KeyError> {
        let Some(text) = self.string(name)? else { return Ok(None) };
        let text = Zeroizing::new(text.into_owned());
        let bytes = decode(&URL_SAFE_NO_PAD, text.as_bytes());
        let fault = || KeyError::member(name, "is not base64url without padding");
        bytes.map(Some).ok_or_else(fault)
    }

    fn required_bytes(&self, name: &'static str) -> Result<Number, KeyError> {
        self.bytes(name)?.ok_or_else(|| KeyError::member(name, "is missing"))
    }

    fn params(&self) -> Result<JwkParams, KeyError> {
        let string = |name| Ok(self.string(name)?.map(Cow::into_owned));
        let key_ops = self.get("key_ops").map(|value| strings("key_ops", value)).transpose()?;
        Ok(JwkParams { kid: string("kid")?, alg: string("alg")?, key_use: string("use")?, key_ops })
    }

    /// Reads the key. An RSA private key may leave numbers out (RFC 7518 section 6.3.2) if they may be computed.
    pub(crate) fn read(&self, computes: bool) -> Result<Key, KeyError> {
        let params = self.params()?;
        let key = match &*self.required("kty")? {
            "RSA" => self.rsa(computes)?,
            "EC" => self.ec()?,
            "OKP" => self.okp()?,
            "oct" => self.oct()?,
            "AKP" => self.akp()?,
            other => {
                return Err(KeyError::unsupported(format!("a JWK of the type {}", shown(other))));
            }
        };
        Ok(Key { params: Some(params), ..key })
    }

    /// Reads a key that anybody can fetch. A private part is not used.
    pub(crate) fn read_public(mut self) -> Result<Key, KeyError> {
        let is_akp = self.string("kty").is_ok_and(|kty| kty.as_deref() == Some("AKP"));
        let private = if is_akp { "priv" } else { "d" };
        let is_private = self.has(private);
        self.0.remove(private);
        let key = self.read(false)?;
        if is_private || key.is_private() {
            return Err(KeyError::Published { key: key.described_as(true) });
        }
        Ok(key)
    }

    fn rsa(&self, computes: bool) -> Result<Key, KeyError> {
        if self.has("oth") {
            return Err(KeyError::unsupported("an RSA key with more than two primes"));
        }
        let (modulus, exponent) = (self.required_bytes("n")?, self.required_bytes("e")?);
        let Some(d) = self.bytes("d")? else { return rsa::public_key(&modulus, &exponent) };
        if !computes {
            return Err(KeyError::unsupported(format!(
                "an RSA private key with missing numbers, which are computed for at most {MOST_COMPUTED} keys of a set"
            )));
        }
        let primes = self.bytes("p")?.zip(self.bytes("q")?);
        let crt = self.bytes("dp")?.zip(self.bytes("dq")?).zip(self.bytes("qi")?);
        let primes = primes.as_ref().map(|(p, q)| [&p[..], q]);
        let crt = crt.as_ref().map(|((dp, dq), qi)| [&dp[..], dq, qi]);
        rsa::private_key([&modulus, &exponent, &d], primes, crt)
    }

    fn ec(&self) -> Result<Key, KeyError> {
        let name = self.required("crv")?;
        let curve = Curve::ALL.into_iter().find(|curve| curve.name() == name);
        let curve = curve.ok_or_else(|| {
            KeyError::unsupported(format!("an EC key on the curve {}", shown(&name)))
        })?;
        let mut resized = Vec::new();
        let mut number = |name| self.ec_number(name, curve, &mut resized);
        let (x, y) = (number("x")?, number("y")?);
        let point = [&[4][..], &x, &y].concat();
        let material = if self.has("d") {
            KeyMaterial::Private(ec_pkcs8(curve, &number("d")?, Some(&point))?)
        } else {
            KeyMaterial::Public(point)
        };
        Ok(Key { resized, ..Key::new(KeyType::Ec(curve), material) })
    }

    /// A number of an EC key, which has the length of its curve's field (RFC 7518 sections 6.2.1.2 and 6.2.2.1).
    /// Programs that treat it as a number of any size drop its leading zeros, or add a zero for its sign.
    fn ec_number(
        &self,
        name: &'static str,
        curve: Curve,
        resized: &mut Vec<Resized>,
    ) -> Result<Number, KeyError> {
        let (bytes, wanted) = (self.required_bytes(name)?, curve.field_length());
        if bytes.len() == wanted {
            return Ok(bytes);
        }
        let (found, digits) = (bytes.len(), stripped(&bytes));
        if digits.is_empty() || digits.len() > wanted {
            return Err(KeyError::wrong_length(name, found, wanted));
        }
        resized.push(Resized { name, found, curve });
        Ok(curve.padded(digits))
    }

    fn okp(&self) -> Result<Key, KeyError> {
        let found = match &*self.required("crv")? {
            "Ed25519" => return self.okp_key(KeyType::Ed25519),
            "X25519" => return self.okp_key(KeyType::X25519),
            "X448" => "an X448 key, which jwtctl does not use".into(),
            "Ed448" => "an Ed448 key, which jwtctl does not sign with".into(),
            other => format!("an OKP key on the curve {}", shown(other)),
        };
        Err(KeyError::unsupported(found))
    }

    fn okp_key(&self, key_type: KeyType) -> Result<Key, KeyError> {
        let number = |name| match self.required_bytes(name)? {
            bytes if bytes.len() == 32 => Ok(bytes),
            bytes => Err(KeyError::wrong_length(name, bytes.len(), 32)),
        };
        let x = number("x")?;
        let material = if self.has("d") {
            KeyMaterial::Private(okp_pkcs8(key_type, &number("d")?, Some(&x))?)
        } else {
            KeyMaterial::Public(x.to_vec())
        };
        Ok(Key::new(key_type, material))
    }

    /// A key whose `alg` says what it is (RFC 9964 section 3).
    fn akp(&self) -> Result<Key, KeyError> {
        let alg = self.required("alg")?;
        let set = ParameterSet::ALL.into_iter().find(|set| set.name() == alg);
        let set = set.ok_or_else(|| {
            KeyError::unsupported(format!("an AKP key for the algorithm {}", shown(&alg)))
        })?;
        let bytes = |name, wanted| match self.required_bytes(name)? {
            bytes if bytes.len() == wanted => Ok(bytes),
            bytes => Err(KeyError::member(
                name,
                format!("is {} bytes long; {set} requires {wanted}", bytes.len()),
            )),
        };
        let public = bytes("pub", set.public_length())?;
        let material = if self.has("priv") {
            let seed = bytes("priv", ParameterSet::SEED_LENGTH)?;
            KeyMaterial::Private(ml_dsa_pkcs8(set, &seed, Some(&public))?)
        } else {
            KeyMaterial::Public(public.to_vec())
        };
        Ok(Key::new(KeyType::MlDsa(set), material))
    }

    fn oct(&self) -> Result<Key, KeyError> {
        let k = self.required_bytes("k")?;
        KeyError::check_not_empty(&k)?;
        check_not_a_key(&k)?;
        Ok(Key::new(KeyType::Hmac, KeyMaterial::Private(k.into())))
    }
}

/// Reads a public key that a token contains, such as the ephemeral key of ECDH-ES (RFC 7518 section 4.6.1.1).
pub(crate) fn read_public_jwk(text: &str) -> Result<Key, KeyError> {
    Jwk::parse(text.as_bytes())?.read_public()
}

fn strings(name: &'static str, value: ValueRef<'_>) -> Result<Vec<String>, KeyError> {
    let items = value.into_items().ok_or_else(|| wrong_type(name, value, "an array of strings"))?;
    if items.clone().nth(MOST_OPERATIONS).is_some() {
        let fault = format!("has more than {MOST_OPERATIONS} items");
        return Err(KeyError::member(name, fault));
    }
    let strings = items.map(|item| item.as_string()).collect::<Option<_>>();
    strings.ok_or_else(|| KeyError::member(name, "contains something other than strings"))
}

fn wrong_type(name: &'static str, value: ValueRef<'_>, wanted: &str) -> KeyError {
    KeyError::member(name, format!("is {}, not {wanted}", value.kind()))
}

/// The name of a type or a curve, in quotes.
fn shown(name: &str) -> String {
    quote(plain(name, |b| b.is_ascii_alphanumeric() || b == b'-'))
}
