//! An SSH agent for tests, which answers as a test tells it to.
#![cfg(unix)]

use std::io::{Read as _, Write as _};
use std::os::unix::net::{UnixListener, UnixStream};
use std::sync::Arc;
use std::thread;
use std::time::Duration;

use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::signature::{
    self as aws, EcdsaKeyPair, EcdsaSigningAlgorithm, Ed25519KeyPair, RsaEncoding, RsaKeyPair,
};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use tempfile::TempDir;

use crate::harness::{jwtctl, key, text};

/// What an agent does with a request.
#[derive(Clone)]
pub enum Reply {
    /// Sends this message, with its length before it.
    Message(Vec<u8>),
    /// Sends the message, then closes the connection.
    Last(Vec<u8>),
    /// Sends these bytes, then closes the connection.
    Raw(Vec<u8>),
    /// Sends the message byte by byte, which takes longer than anybody waits.
    Slow(Vec<u8>),
    /// Sends nothing, and keeps the connection open.
    Silence,
}

/// An agent that runs until the tests end.
pub struct FakeAgent {
    folder: TempDir,
}

impl FakeAgent {
    pub fn new(answer: impl Fn(&[u8]) -> Reply + Send + Sync + 'static) -> Self {
        let folder = TempDir::new().unwrap();
        let listener = UnixListener::bind(folder.path().join("agent")).unwrap();
        let answer = Arc::new(answer);
        thread::spawn(move || {
            for stream in listener.incoming() {
                let answer = Arc::clone(&answer);
                thread::spawn(move || serve(stream.unwrap(), &*answer));
            }
        });
        Self { folder }
    }

    /// An agent that lists these keys and signs with them as OpenSSH's does. Each comment is the key's name.
    pub fn with(names: &'static [&'static str]) -> Self {
        let keys: Vec<_> = names.iter().map(|name| AgentKey::new(name)).collect();
        Self::new(move |request| Reply::Message(honest(&keys, request)))
    }

    pub fn address(&self) -> String {
        self.folder.path().join("agent").to_str().unwrap().to_owned()
    }
}

/// Serves a connection until it is closed. A client that leaves early is no fault.
fn serve(mut stream: UnixStream, answer: &dyn Fn(&[u8]) -> Reply) -> Option<()> {
    loop {
        let mut length = [0; 4];
        stream.read_exact(&mut length).ok()?;
        let mut request = vec![0; u32::from_be_bytes(length) as usize];
        stream.read_exact(&mut request).ok()?;
        match answer(&request) {
            Reply::Message(message) => stream.write_all(&field(&message)).ok()?,
            Reply::Last(message) => return stream.write_all(&field(&message)).ok(),
            Reply::Raw(bytes) => return stream.write_all(&bytes).ok(),
            Reply::Slow(message) => {
                for byte in field(&message) {
                    thread::sleep(Duration::from_secs(2));
                    stream.write_all(&[byte]).ok()?;
                }
            }
            Reply::Silence => thread::sleep(Duration::from_mins(2)),
        }
    }
}

/// The types of messages.
pub const LIST: u8 = 11;
const SIGN: u8 = 13;

/// The answer of an agent that fails.
pub const FAILURE: [u8; 1] = [5];

/// A field with its length before it.
pub fn field(bytes: &[u8]) -> Vec<u8> {
    let length = u32::try_from(bytes.len()).unwrap();
    [&length.to_be_bytes(), bytes].concat()
}

/// The answer of an agent with these keys, each a blob with a comment.
pub fn list(keys: &[(Vec<u8>, &[u8])]) -> Vec<u8> {
    let count = u32::try_from(keys.len()).unwrap();
    let keys = keys.iter().flat_map(|(blob, comment)| [field(blob), field(comment)].concat());
    [12].into_iter().chain(count.to_be_bytes()).chain(keys).collect()
}

/// The answer of an agent that has signed.
pub fn signature(kind: &str, bytes: &[u8]) -> Vec<u8> {
    [&[14], &*field(&[field(kind.as_bytes()), field(bytes)].concat())].concat()
}

/// The blob of a key of `tests/keys`.
pub fn blob(name: &str) -> Vec<u8> {
    let args = ["key", "public", "--format", "openssh", "key.pem"];
    let public = jwtctl(&args).file("key.pem", key(&format!("{name}.pkcs8.private.pem"))).output();
    let line = text(&public.stdout);
    STANDARD.decode(line.split_whitespace().nth(1).unwrap()).unwrap()
}

/// A key that an agent has.
pub struct AgentKey {
    name: &'static str,
    pub blob: Vec<u8>,
    private: Private,
}

enum Private {
    Ed25519(Ed25519KeyPair),
    Ecdsa(&'static str, EcdsaKeyPair),
    Rsa(RsaKeyPair),
}

impl AgentKey {
    /// A key of `tests/keys`.
    pub fn new(name: &'static str) -> Self {
        let pem = text(&key(&format!("{name}.pkcs8.private.pem")));
        let der: String = pem.lines().filter(|line| !line.starts_with('-')).collect();
        let der = STANDARD.decode(der).unwrap();
        let ecdsa = |kind, algorithm: &'static EcdsaSigningAlgorithm| {
            Private::Ecdsa(kind, EcdsaKeyPair::from_pkcs8(algorithm, &der).unwrap())
        };
        let private = match name {
            "ed25519" => Private::Ed25519(Ed25519KeyPair::from_pkcs8(&der).unwrap()),
            "p256" => ecdsa("ecdsa-sha2-nistp256", &aws::ECDSA_P256_SHA256_FIXED_SIGNING),
            "p384" => ecdsa("ecdsa-sha2-nistp384", &aws::ECDSA_P384_SHA384_FIXED_SIGNING),
            "p521" => ecdsa("ecdsa-sha2-nistp521", &aws::ECDSA_P521_SHA512_FIXED_SIGNING),
            _ => Private::Rsa(RsaKeyPair::from_pkcs8(&der).unwrap()),
        };
        Self { name, blob: blob(name), private }
    }

    /// A signature: how an agent calls it, and its bytes.
    pub fn sign(&self, message: &[u8], flags: u32) -> (&'static str, Vec<u8>) {
        let random = SystemRandom::new();
        match &self.private {
            Private::Ed25519(pair) => ("ssh-ed25519", pair.sign(message).as_ref().to_vec()),
            Private::Ecdsa(kind, pair) => {
                let signed = pair.sign(&random, message).unwrap();
                let (r, s) = signed.as_ref().split_at(signed.as_ref().len() / 2);
                (kind, [number(r), number(s)].concat())
            }
            Private::Rsa(pair) => {
                let (kind, padding): (_, &'static dyn RsaEncoding) = match flags {
                    2 => ("rsa-sha2-256", &aws::RSA_PKCS1_SHA256),
                    4 => ("rsa-sha2-512", &aws::RSA_PKCS1_SHA512),
                    _ => panic!("SHA-1 was asked for: {flags}"),
                };
                let mut signed = vec![0; pair.public_modulus_len()];
                pair.sign(padding, &random, message, &mut signed).unwrap();
                (kind, signed)
            }
        }
    }
}

/// A positive number (RFC 4251 section 5).
fn number(digits: &[u8]) -> Vec<u8> {
    let zeros = digits.iter().take_while(|digit| **digit == 0).count();
    let digits = &digits[zeros..];
    let sign: &[u8] = if digits[0] < 0x80 { &[] } else { &[0] };
    field(&[sign, digits].concat())
}

/// The answer of an agent that does what it is asked to.
pub fn honest(keys: &[AgentKey], request: &[u8]) -> Vec<u8> {
    if request == [LIST] {
        let named = keys.iter().map(|key| (key.blob.clone(), key.name.as_bytes()));
        return list(&named.collect::<Vec<_>>());
    }
    let (blob, message, flags) = asked(request);
    let key = keys.iter().find(|key| key.blob == blob).expect("a key that was listed");
    let (kind, bytes) = key.sign(&message, flags);
    signature(kind, &bytes)
}

/// The key, message and flags of a request to sign.
pub fn asked(request: &[u8]) -> (Vec<u8>, Vec<u8>, u32) {
    assert_eq!(request[0], SIGN);
    let mut rest = &request[1..];
    let mut next = || {
        let length = u32::from_be_bytes(rest[..4].try_into().unwrap()) as usize;
        let field = rest[4..4 + length].to_vec();
        rest = &rest[4 + length..];
        field
    };
    let (blob, message) = (next(), next());
    (blob, message, u32::from_be_bytes(rest.try_into().unwrap()))
}
