//! The floor of `benches/streams.py`: what checking or making tokens costs with nothing around it.
//! One process, one thread, a kept key, every line in memory before the clock starts. A token is split
//! at its dots, its base64 decoded, its signature checked, its header and payload scanned as JSON; no
//! claim is looked at and nothing is written. Ends non-zero if any token does not verify. `least` does the
//! same for HS256 in the fastest way that is known. It makes the data of the measurements too, so that they do not depend
//! on the program that they measure.

mod encrypted;
mod keys;
mod least;

use std::env;
use std::error::Error;
use std::fmt::Write as _;
use std::fs;
use std::hint::black_box;
use std::time::Instant;

use aws_lc_rs::digest;
use aws_lc_rs::encoding::AsDer as _;
use aws_lc_rs::signature::{
    ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair as _, PqdsaKeyPair,
};
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD as BASE64URL};
use serde_json::value::RawValue;

use encrypted::{Shared, encrypt_all};
use keys::{Private, Public};
use least::Least;

type Failure = Box<dyn Error>;

const USAGE: &str = "\
floor verify ALG KEY TOKENS           KEY: a secret's bytes, or an SPKI in DER
floor least SECRET TOKENS             verifies HS256 in the fastest way that is known
floor refresh SECRET TOKENS           verifies HS256, and signs the claims again
floor sign ALG KEY CLAIMS [TOKENS]    KEY: a secret's bytes, or a PKCS#8 in DER
floor decrypt ALG KEY TOKENS          decrypts A256GCM; ALG: dir or A256KW, KEY: 32 bytes
floor encrypt ALG KEY CLAIMS TOKENS
floor key ALG KEY PUBLIC              makes an ML-DSA key, which openssl before 3.5 cannot
floor set ALG COUNT CLAIMS JWKS TOKENS  makes COUNT keys, their set, and tokens signed with each in turn
ALG: HS256, RS256, PS256, ES256, ES384, EdDSA, ML-DSA-44, -65 or -87; of a set HS256 or ES256
prints the number of tokens and the nanoseconds of the loop over them";

fn main() -> Result<(), Failure> {
    // `cargo bench` and `cargo test --benches` say --bench, or nothing: then there is nothing to measure.
    let argv: Vec<String> = env::args().skip(1).filter(|arg| arg != "--bench").collect();
    match argv.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        [] => println!("{USAGE}"),
        ["verify", alg, key, tokens] => {
            let key = Public::read(alg, &fs::read(key)?)?;
            let mut buffer = Vec::new();
            each(tokens, |token| verify(&key, token, &mut buffer).map(drop))?;
        }
        ["least", secret, tokens] => {
            let mut least = Least::new(&fs::read(secret)?);
            each(tokens, |token| least.verify(token.as_bytes()))?;
        }
        ["refresh", secret, tokens] => refresh_all(&fs::read(secret)?, tokens)?,
        ["sign", alg, key, claims] => sign_all(alg, &fs::read(key)?, claims, None)?,
        ["sign", alg, key, claims, tokens] => {
            sign_all(alg, &fs::read(key)?, claims, Some(tokens))?;
        }
        ["decrypt", alg, key, tokens] => {
            let (key, mut buffer) = (Shared::read(alg, &fs::read(key)?)?, Vec::new());
            each(tokens, |token| key.decrypt(token, &mut buffer))?;
        }
        ["encrypt", alg, key, claims, tokens] => {
            encrypt_all(alg, &fs::read(key)?, claims, tokens)?;
        }
        ["key", alg, private, public] => {
            let pair = PqdsaKeyPair::generate(keys::ml_dsa(alg).ok_or(USAGE)?)?;
            fs::write(private, pair.to_pkcs8v1()?)?;
            fs::write(public, pair.public_key().as_der()?.as_ref())?;
        }
        ["set", alg, count, claims, jwks, tokens] => {
            make_set(alg, count.parse()?, claims, jwks, tokens)?;
        }
        _ => return Err(USAGE.into()),
    }
    Ok(())
}

/// Times what is done with each token of a file.
fn each(tokens: &str, mut work: impl FnMut(&str) -> Result<(), Failure>) -> Result<(), Failure> {
    let text = fs::read_to_string(tokens)?;
    let tokens: Vec<&str> = text.lines().collect();
    let start = Instant::now();
    for (index, token) in tokens.iter().enumerate() {
        work(token).map_err(|error| format!("line {}: {error}", index + 1))?;
    }
    println!("{} {}", tokens.len(), start.elapsed().as_nanos());
    Ok(())
}

/// The claims, in a buffer that grows to the length of the longest token.
fn verify<'b>(key: &Public, token: &str, buffer: &'b mut Vec<u8>) -> Result<&'b str, Failure> {
    buffer.resize(buffer.len().max(token.len()), 0);
    let (message, signature) = token.rsplit_once('.').ok_or("no dot")?;
    let (header, payload) = message.split_once('.').ok_or("no second dot")?;
    let length = BASE64URL.decode_slice(signature, &mut *buffer)?;
    if !key.matches(message.as_bytes(), &buffer[..length]) {
        return Err("the signature does not match".into());
    }
    let mut length = 0;
    for part in [header, payload] {
        length = BASE64URL.decode_slice(part, &mut *buffer)?;
        black_box(serde_json::from_slice::<&RawValue>(&buffer[..length])?);
    }
    Ok(std::str::from_utf8(&buffer[..length])?)
}

fn refresh_all(secret: &[u8], tokens: &str) -> Result<(), Failure> {
    let (public, private) = (Public::read("HS256", secret)?, Private::read("HS256", secret)?);
    let (mut buffer, mut made) = (Vec::new(), String::new());
    each(tokens, |token| {
        let header = token.split('.').next().unwrap_or_default();
        make_token(&private, header, verify(&public, token, &mut buffer)?, &mut made)?;
        black_box(&made);
        Ok(())
    })
}

/// A token of a line of claims, in place of what the buffer held.
fn make_token(
    key: &Private,
    header: &str,
    claims: &str,
    token: &mut String,
) -> Result<(), Failure> {
    black_box(serde_json::from_str::<&RawValue>(claims)?);
    token.clear();
    token.push_str(header);
    token.push('.');
    BASE64URL.encode_string(claims, token);
    key.sign(token)
}

fn sign_all(alg: &str, key: &[u8], claims: &str, tokens: Option<&str>) -> Result<(), Failure> {
    let (key, text) = (Private::read(alg, key)?, fs::read_to_string(claims)?);
    let (claims, mut token, mut made): (Vec<_>, _, _) =
        (text.lines().collect(), String::new(), String::new());
    let header = BASE64URL.encode(format!(r#"{{"alg":"{alg}","typ":"JWT"}}"#));
    let start = Instant::now();
    for claims in &claims {
        make_token(&key, &header, claims, &mut token)?;
        if tokens.is_some() {
            writeln!(made, "{token}")?;
        }
        black_box(&token);
    }
    println!("{} {}", claims.len(), start.elapsed().as_nanos());
    tokens.map_or(Ok(()), |path| Ok(fs::write(path, made)?))
}

/// Keys that are named by their number, the set that checks their tokens, and tokens. Names are of one
/// length, so that tokens of a large and of a small set are too.
fn make_set(alg: &str, count: usize, claims: &str, jwks: &str, out: &str) -> Result<(), Failure> {
    let (mut keys, mut set, mut tokens, mut token) = (vec![], vec![], String::new(), String::new());
    for kid in (0..count).map(|number| format!("{number:06}")) {
        let (key, jwk) = if alg == "HS256" {
            let secret = digest::digest(&digest::SHA256, format!("key {kid}").as_bytes());
            let jwk = format!(r#""kty":"oct","k":"{}""#, BASE64URL.encode(secret));
            (Private::read(alg, secret.as_ref())?, jwk)
        } else {
            let pair = EcdsaKeyPair::generate(&ECDSA_P256_SHA256_FIXED_SIGNING)?;
            let [x, y] =
                [1..33, 33..65].map(|at| BASE64URL.encode(&pair.public_key().as_ref()[at]));
            (Private::Ecdsa(pair), format!(r#""kty":"EC","crv":"P-256","x":"{x}","y":"{y}""#))
        };
        let header = format!(r#"{{"alg":"{alg}","typ":"JWT","kid":"{kid}"}}"#);
        keys.push((key, BASE64URL.encode(header)));
        set.push(format!(r#"{{"kid":"{kid}","alg":"{alg}",{jwk}}}"#));
    }
    for ((key, header), claims) in keys.iter().cycle().zip(fs::read_to_string(claims)?.lines()) {
        make_token(key, header, claims, &mut token)?;
        writeln!(tokens, "{token}")?;
    }
    fs::write(jwks, format!(r#"{{"keys":[{}]}}"#, set.join(",")))?;
    Ok(fs::write(out, tokens)?)
}
