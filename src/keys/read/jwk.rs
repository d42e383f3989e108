//! JSON Web Keys (RFC 7517, RFC 7518 section 6, RFC 8037, RFC 8812): one key, read and written. What a
//! JWK says of its use is kept beside the key, and binds. The text is read where it lies, so that no
//! number of a private key is copied into memory that is not wiped.

use std::borrow::Cow;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use zeroize::Zeroizing;

use crate::json::{JsonError, Object, Value, ValueRef, quote, unquote};
use crate::keys::bytes::{decode, stripped};
use crate::keys::error::plain;
use crate::keys::read::der::{ec_number, ec_pkcs8, ec_private, ed25519_pkcs8, ed25519_seed};
use crate::keys::rsa::{self, Number};
use crate::keys::sniff::key_material::key_material;
use crate::keys::{Curve, Halves, Key, KeyError, KeyMaterial, KeyType};
use crate::secret::Secret;

/// What a JWK says of its use (RFC 7517 section 4), as it stands there.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct JwkParams {
    /// The key ID.
    pub kid: Option<String>,
    /// The one algorithm it is for.
    pub alg: Option<String>,
    /// `use`: "sig" or "enc".
    pub key_use: Option<String>,
    /// `key_ops`: what it is for.
    pub key_ops: Option<Vec<String>>,
}

/// A number of an EC key that was not as long as its curve wants, and was read all the same.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Resized {
    /// The member.
    pub name: &'static str,
    /// How long it is, in bytes.
    pub found: usize,
    /// The curve.
    pub curve: Curve,
}

impl Resized {
    /// Why the key cannot be used, where it is no sound one: then more than zeros was lost.
    #[must_use]
    pub fn refused(self) -> KeyError {
        let wanted = self.curve.field_length();
        fault(self.name, &format!("is {} bytes long; the curve wants {wanted}", self.found))
    }
}

/// What becomes of the numbers that an RSA private key may leave out (RFC 7518 section 6.3.2).
#[derive(Debug, Clone, Copy)]
pub(crate) enum Missing {
    /// They are computed.
    Computed,
    /// They would have to be there: so many keys of the set are without already.
    Refused {
        /// How many.
        most: usize,
    },
}

/// The members of a JWK's text.
pub(crate) struct Jwk<'a>(Object<&'a str>);

impl<'a> Jwk<'a> {
    /// Checks the text: an object whose names are unique.
    pub fn parse(text: &'a str) -> Result<Self, KeyError> {
        Object::borrowed(text).map(Self).map_err(|error| damaged(&error))
    }

    pub fn has(&self, name: &str) -> bool {
        self.get(name).is_some()
    }

    /// The same without a member.
    pub fn without(mut self, name: &str) -> Self {
        self.0.remove(name);
        self
    }

    /// Whether it is an RSA private key that leaves numbers out, which have to be computed.
    pub fn lacks_numbers(&self) -> bool {
        let is_rsa = self.string("kty").is_ok_and(|kty| kty.as_deref() == Some("RSA"));
        is_rsa
            && self.has("d")
            && !["p", "q", "dp", "dq", "qi"].into_iter().all(|name| self.has(name))
    }

    /// A member's text; some write `null` for one that is not there.
    fn get(&self, name: &str) -> Option<&'a str> {
        self.0.get_borrowed(name).map(ValueRef::into_text).filter(|value| *value != "null")
    }

    /// A string member.
    pub fn string(&self, name: &'static str) -> Result<Option<Cow<'a, str>>, KeyError> {
        let Some(value) = self.get(name) else { return Ok(None) };
        if value.starts_with('"') {
            return Ok(Some(unquote(value)));
        }
        Err(wrong_type(name, value, "a string"))
    }

    fn required(&self, name: &'static str) -> Result<Cow<'a, str>, KeyError> {
        self.string(name)?.ok_or_else(|| fault(name, "is missing"))
    }

    /// A member in base64url (RFC 7515 section 2).
    fn bytes(&self, name: &'static str) -> Result<Option<Number>, KeyError> {
        let Some(text) = self.string(name)? else { return Ok(None) };
        let text = Zeroizing::new(text.into_owned());
        let bytes = decode(&URL_SAFE_NO_PAD, text.as_bytes());
        bytes.map(Some).ok_or_else(|| fault(name, "is not base64url without padding"))
    }

    fn required_bytes(&self, name: &'static str) -> Result<Number, KeyError> {
        self.bytes(name)?.ok_or_else(|| fault(name, "is missing"))
    }

    /// A member of a length that its curve gives.
    fn sized(&self, name: &'static str, length: usize) -> Result<Number, KeyError> {
        let bytes = self.required_bytes(name)?;
        if bytes.len() == length {
            return Ok(bytes);
        }
        Err(fault(name, &format!("is {} bytes long; the curve wants {length}", bytes.len())))
    }

    fn params(&self) -> Result<JwkParams, KeyError> {
        let string = |name| Ok(self.string(name)?.map(Cow::into_owned));
        let key_ops = self.get("key_ops").map(|value| words("key_ops", value)).transpose()?;
        Ok(JwkParams { kid: string("kid")?, alg: string("alg")?, key_use: string("use")?, key_ops })
    }

    /// Reads the key.
    ///
    /// # Errors
    /// `Member` for a member that is missing or not what it has to be, `Unsupported` for a kind of key
    /// that serves no JWS algorithm, and what the numbers give cause for.
    pub fn read(&self, missing: Missing) -> Result<Key, KeyError> {
        let params = self.params()?;
        let key = match &*self.required("kty")? {
            "RSA" => self.rsa(missing)?,
            "EC" => self.ec()?,
            "OKP" => self.okp()?,
            "oct" => self.oct()?,
            other => return Err(unsupported(format!("a JWK of the type {}", shown(other)))),
        };
        Ok(Key { params: Some(params), ..key })
    }

    fn rsa(&self, missing: Missing) -> Result<Key, KeyError> {
        if self.has("oth") {
            return Err(unsupported("an RSA key of more than two primes"));
        }
        let (modulus, exponent) = (self.required_bytes("n")?, self.required_bytes("e")?);
        let Some(d) = self.bytes("d")? else { return rsa::public_key(&modulus, &exponent) };
        if let Missing::Refused { most } = missing {
            let found = format!(
                "an RSA private key without all of its numbers, which are computed for {most} keys of a set at most"
            );
            return Err(unsupported(found));
        }
        let primes = self.bytes("p")?.zip(self.bytes("q")?);
        let crt = self.bytes("dp")?.zip(self.bytes("dq")?).zip(self.bytes("qi")?);
        let numbers = rsa::Private {
            d: &d,
            primes: primes.as_ref().map(|(p, q)| (&p[..], &q[..])),
            crt: crt.as_ref().map(|((dp, dq), qi)| (&dp[..], &dq[..], &qi[..])),
        };
        rsa::private_key(&modulus, &exponent, &numbers)
    }

    fn ec(&self) -> Result<Key, KeyError> {
        let name = self.required("crv")?;
        let curve = CURVES.into_iter().find(|curve| curve.to_string() == name);
        let curve =
            curve.ok_or_else(|| unsupported(format!("an EC key on the curve {}", shown(&name))))?;
        let mut resized = Vec::new();
        let mut number = |name| self.ec_number(name, curve, &mut resized);
        let (x, y) = (number("x")?, number("y")?);
        let point = [&[4][..], &x, &y].concat();
        let half = if self.has("d") {
            let sec1 = ec_private(&number("d")?, Some(&point))?;
            KeyMaterial::Private(ec_pkcs8(curve, sec1.expose())?)
        } else {
            KeyMaterial::Public(point)
        };
        Ok(Key { resized, ..Key::new(KeyType::Ec(curve), half) })
    }

    /// A number of an EC key, which has the length of its curve's field (RFC 7518 sections 6.2.1.2 and 6.2.2.1).
    /// Programs that take it for a number of any size lose its leading zeros, or write a zero more for its sign.
    fn ec_number(
        &self,
        name: &'static str,
        curve: Curve,
        resized: &mut Vec<Resized>,
    ) -> Result<Number, KeyError> {
        let bytes = self.required_bytes(name)?;
        let found = Resized { name, found: bytes.len(), curve };
        if found.found == curve.field_length() {
            return Ok(bytes);
        }
        let digits = stripped(&bytes);
        if digits.is_empty() || digits.len() > curve.field_length() {
            return Err(found.refused());
        }
        resized.push(found);
        Ok(curve.padded(digits))
    }

    fn okp(&self) -> Result<Key, KeyError> {
        match &*self.required("crv")? {
            "Ed25519" => {}
            "X25519" | "X448" => {
                let found = "a key that agrees on keys and cannot sign (X25519 or X448)";
                return Err(unsupported(found));
            }
            "Ed448" => return Err(unsupported("an Ed448 key, which jwtctl does not sign with")),
            other => return Err(unsupported(format!("an OKP key on the curve {}", shown(other)))),
        }
        let x = self.sized("x", 32)?;
        let half = if self.has("d") {
            KeyMaterial::Private(ed25519_pkcs8(&self.sized("d", 32)?, Some(&x))?)
        } else {
            KeyMaterial::Public(x.to_vec())
        };
        Ok(Key::new(KeyType::Ed25519, half))
    }

    fn oct(&self) -> Result<Key, KeyError> {
        let k = self.required_bytes("k")?;
        if let Some(error) = KeyError::of_nothing(&k) {
            return Err(error);
        }
        if let Some(found) = key_material(&k) {
            return Err(KeyError::NotASecret { found });
        }
        Ok(Key::new(KeyType::Hmac, KeyMaterial::Private(k.into())))
    }
}

const CURVES: [Curve; 4] = [Curve::P256, Curve::P384, Curve::P521, Curve::Secp256k1];

/// The most operations of a key: RFC 7517 section 4.3 has eight.
const MOST_WORDS: usize = 100;

/// An array of strings.
fn words(name: &'static str, value: &str) -> Result<Vec<String>, KeyError> {
    let parsed = Value::parse(value.as_bytes()).ok();
    let items = parsed.as_ref().and_then(Value::items);
    let items = items.ok_or_else(|| wrong_type(name, value, "an array of strings"))?;
    if items.clone().nth(MOST_WORDS).is_some() {
        return Err(fault(name, &format!("is an array of more than {MOST_WORDS} items")));
    }
    let strings = items.map(|item| item.as_string()).collect::<Option<_>>();
    strings.ok_or_else(|| fault(name, "is an array of more than strings"))
}

fn wrong_type(name: &'static str, value: &str, wanted: &str) -> KeyError {
    let kind = Value::parse(value.as_bytes()).map_or("something else", |value| value.kind());
    fault(name, &format!("is {kind}, not {wanted}"))
}

fn fault(name: &'static str, fault: &str) -> KeyError {
    KeyError::Member { name, fault: fault.to_owned() }
}

fn unsupported(found: impl Into<String>) -> KeyError {
    KeyError::unsupported(found, None)
}

fn damaged(error: &JsonError) -> KeyError {
    // The parser's words hold positions, never the text; a name that is there twice is not repeated.
    let reason = match error {
        JsonError::Duplicate { .. } => "it has the same member twice".to_owned(),
        other => format!("it {other}"),
    };
    KeyError::damaged("JSON", reason)
}

/// The name of a type or a curve, in quotes.
fn shown(name: &str) -> String {
    quote(plain(name, |b| b.is_ascii_alphanumeric() || b == b'-'))
}

/// What a thumbprint is the digest of: the required members in the order of their names, without white
/// space (RFC 7638 section 3).
///
/// # Errors
/// Those of a key that does not decode.
pub fn thumbprint_input(halves: &Halves<'_>) -> Result<Secret, KeyError> {
    let mut required: Vec<_> = public_members(halves)?;
    required.push(("kty", text(kty(halves.key_type))));
    required.sort_by_key(|(name, _)| *name);
    Ok(object(&required, true))
}

/// Writes a key as a JWK: on one line, or indented by 2.
pub(crate) fn write(
    halves: &Halves<'_>,
    params: &JwkParams,
    compact: bool,
) -> Result<Secret, KeyError> {
    let mut all = vec![("kty", text(kty(halves.key_type)))];
    let said = [("kid", &params.kid), ("use", &params.key_use), ("alg", &params.alg)];
    for (name, value) in said {
        all.extend(value.as_ref().map(|value| (name, text(value))));
    }
    if let Some(ops) = &params.key_ops {
        let ops: Vec<_> = ops.iter().map(|op| text(op)).collect();
        let ops: Vec<&str> = ops.iter().map(|op| op.as_str()).collect();
        all.push(("key_ops", Zeroizing::new(format!("[{}]", ops.join(",")))));
    }
    all.extend(public_members(halves)?);
    all.extend(private_members(halves)?);
    Ok(object(&all, compact))
}

type Written = Vec<(&'static str, Zeroizing<String>)>;

fn kty(kind: KeyType) -> &'static str {
    match kind {
        KeyType::Hmac => "oct",
        KeyType::Rsa { .. } => "RSA",
        KeyType::Ec(_) => "EC",
        KeyType::Ed25519 => "OKP",
    }
}

fn public_members(halves: &Halves<'_>) -> Result<Written, KeyError> {
    Ok(match halves.key_type {
        KeyType::Hmac => {
            vec![("k", encoded(halves.private.map_or(&[], |secret| secret.expose())))]
        }
        KeyType::Rsa { .. } => {
            let key = pkcs1::RsaPublicKeyRef::try_from(halves.public).map_err(undecodable)?;
            vec![
                ("n", encoded(stripped(key.modulus.as_bytes()))),
                ("e", encoded(stripped(key.public_exponent.as_bytes()))),
            ]
        }
        KeyType::Ec(curve) => {
            let coordinates = halves.public.get(1..).unwrap_or_default();
            let (x, y) = coordinates.split_at(coordinates.len() / 2);
            vec![("crv", text(&curve.to_string())), ("x", encoded(x)), ("y", encoded(y))]
        }
        KeyType::Ed25519 => vec![("crv", text("Ed25519")), ("x", encoded(halves.public))],
    })
}

fn private_members(halves: &Halves<'_>) -> Result<Written, KeyError> {
    let Some(private) = halves.private else { return Ok(Vec::new()) };
    Ok(match halves.key_type {
        KeyType::Hmac => Vec::new(),
        KeyType::Rsa { .. } => {
            let key = pkcs1::RsaPrivateKeyRef::try_from(private.expose()).map_err(undecodable)?;
            [
                ("d", key.private_exponent),
                ("p", key.prime1),
                ("q", key.prime2),
                ("dp", key.exponent1),
                ("dq", key.exponent2),
                ("qi", key.coefficient),
            ]
            .map(|(name, number)| (name, encoded(stripped(number.as_bytes()))))
            .into()
        }
        KeyType::Ec(curve) => {
            let number = ec_number(private)?;
            vec![("d", encoded(&curve.padded(stripped(number.expose()))))]
        }
        KeyType::Ed25519 => vec![("d", encoded(ed25519_seed(private)?.expose()))],
    })
}

fn undecodable(error: pkcs1::Error) -> KeyError {
    KeyError::damaged("PKCS#1", error.to_string())
}

/// A string in ASCII: what stands on a terminal or in a file holds no character that cannot be seen.
fn text(value: &str) -> Zeroizing<String> {
    let mut out = String::with_capacity(value.len() + 2);
    for c in quote(value).chars() {
        if c.is_ascii() {
            out.push(c);
        } else {
            out.extend(c.encode_utf16(&mut [0; 2]).iter().map(|unit| format!("\\u{unit:04x}")));
        }
    }
    Zeroizing::new(out)
}

fn encoded(bytes: &[u8]) -> Zeroizing<String> {
    let encoded = Zeroizing::new(URL_SAFE_NO_PAD.encode(bytes));
    Zeroizing::new(format!("\"{}\"", *encoded))
}

/// An object of members whose values are JSON texts, in a buffer that never moves.
fn object(members: &[(&'static str, Zeroizing<String>)], compact: bool) -> Secret {
    let (open, separator, colon, close) =
        if compact { ("{", ",", ":", "}") } else { ("{\n  ", ",\n  ", ": ", "\n}") };
    let length: usize = members.iter().map(|(name, value)| name.len() + value.len() + 8).sum();
    let mut out = Vec::with_capacity(length + 8);
    for (i, (name, value)) in members.iter().enumerate() {
        out.extend_from_slice(if i == 0 { open } else { separator }.as_bytes());
        out.extend_from_slice(format!("\"{name}\"").as_bytes());
        out.extend_from_slice(colon.as_bytes());
        out.extend_from_slice(value.as_bytes());
    }
    out.extend_from_slice(close.as_bytes());
    Secret::new(out)
}
