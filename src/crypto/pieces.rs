//! Signatures over a payload that is read piece by piece, so that memory does not depend on its length. Only Ed25519
//! and ML-DSA need the whole message, so the length is limited there.

use std::io::{self, Read};
use std::ops::Deref;
use std::sync::Arc;

use aws_lc_rs::constant_time::verify_slices_are_equal;
use aws_lc_rs::digest::Context;

use super::loaded_key::{LoadedKey, Refusal, Signer, rejected};
use super::loaded_keys::LoadedKeys;
use super::primitives::hash;
use super::verify::FittingKeys;
use super::work::Work;
use crate::keys::{Algorithm, KeyError, KeyType, SignerError};
use crate::token::{Codec, Header, MAX_TOKEN};

/// The most digests that are computed at once. Each reads the whole payload.
const MOST_DIGESTS: usize = 16;

/// The most messages that are kept at once, for algorithms that need the whole message.
const MOST_KEPT: usize = 4;

/// How many bytes are read at a time: a multiple of three, so that each piece is encoded by itself.
const PIECE: usize = 48 * 1024;

/// A message that is read piece by piece, in the form that a signature needs.
enum Message {
    Digest(Context),
    /// The inner digest of an HMAC.
    Mac(Context),
    /// The message itself; `None` if its payload is longer than a token may be.
    Whole(Option<Vec<u8>>),
}

impl Message {
    /// The message that a key signs. What is outside of this process takes no digests.
    fn to_sign(alg: Algorithm, key: &LoadedKey) -> Option<Self> {
        let is_outside = key.key().signer.is_some();
        if is_outside { Some(Self::Whole(Some(Vec::new()))) } else { Self::new(alg, key) }
    }

    /// The message of a signature by an algorithm. Only that of an HMAC depends on the key.
    fn new(alg: Algorithm, key: &LoadedKey) -> Option<Self> {
        Some(match alg.key_type() {
            KeyType::Hmac => Self::Mac(key.primitives.mac(alg)?.start()),
            KeyType::Ed25519 | KeyType::MlDsa(_) => Self::Whole(Some(Vec::new())),
            KeyType::Rsa | KeyType::Ec(_) => Self::Digest(Context::new(hash(alg))),
            KeyType::X25519 => return None,
        })
    }

    fn update(&mut self, bytes: &[u8]) {
        match self {
            Self::Digest(context) | Self::Mac(context) => context.update(bytes),
            Self::Whole(whole) => whole.iter_mut().for_each(|whole| whole.extend_from_slice(bytes)),
        }
    }

    fn matches(&self, alg: Algorithm, key: &LoadedKey, signature: &[u8]) -> bool {
        match self {
            Self::Digest(context) => {
                key.primitives.check_digest(alg, &context.clone().finish(), signature).is_some()
            }
            Self::Mac(context) => key.primitives.mac(alg).is_some_and(|mac| {
                verify_slices_are_equal(mac.finish(context.clone()).as_ref(), signature).is_ok()
            }),
            Self::Whole(whole) => {
                whole.as_ref().is_some_and(|whole| key.matches(alg, whole, signature))
            }
        }
    }

    fn sign(self, alg: Algorithm, key: &LoadedKey) -> Result<Vec<u8>, KeyError> {
        let unsupported = || rejected(key.key(), format!("it does not support {alg}"));
        match self {
            Self::Digest(context) => {
                let signed = key.primitives.sign_digest(alg, &context.finish());
                signed.map_err(|why| rejected(key.key(), why))
            }
            Self::Mac(context) => {
                let mac = key.primitives.mac(alg).ok_or_else(unsupported)?;
                Ok(mac.finish(context).as_ref().to_vec())
            }
            Self::Whole(whole) => key.sign(alg, &whole.ok_or_else(unsupported)?),
        }
    }
}

/// Reads a payload to its end, in the form in which it is signed.
fn read<'m>(
    payload: &mut dyn Read,
    is_unencoded: bool,
    messages: impl Iterator<Item = &'m mut Message>,
) -> io::Result<()> {
    let mut messages: Vec<_> = messages.collect();
    let (mut piece, mut encoded, mut length) = (Vec::with_capacity(PIECE), String::new(), 0);
    // The rest is not read if no signature depends on it.
    while messages.iter().any(|message| !matches!(message, Message::Whole(None))) {
        piece.clear();
        payload.take(PIECE as u64).read_to_end(&mut piece)?;
        if piece.is_empty() {
            break;
        }
        length += piece.len();
        encoded.clear();
        let bytes = if is_unencoded {
            &piece[..]
        } else {
            Codec::Simd.encode(&piece, &mut encoded);
            encoded.as_bytes()
        };
        for message in &mut messages {
            match message {
                Message::Whole(whole) if length > MAX_TOKEN => *whole = None,
                message => message.update(bytes),
            }
        }
    }
    Ok(())
}

/// A signature over a payload that is sent separately: its header, what is signed before the payload, and its bytes.
pub(crate) struct DetachedSignature {
    pub header: Arc<Header>,
    pub prefix: String,
    pub signature: Vec<u8>,
}

/// A key that a signature matches, its index in its set, and the algorithm.
pub(crate) type Matched<'k> = (&'k LoadedKey, usize, Algorithm);

/// A signature whose payload is being read.
struct Started<'k> {
    alg: Algorithm,
    keys: FittingKeys<'k>,
    /// One for all keys, or one for each secret.
    messages: Vec<Message>,
    untried: usize,
}

impl LoadedKeys {
    /// Checks signatures over a payload that is read piece by piece.
    ///
    /// # Errors
    /// Those of reading the payload.
    pub(crate) fn verify_pieces(
        &self,
        signatures: &[DetachedSignature],
        allowed: &[Algorithm],
        payload: &mut dyn Read,
    ) -> io::Result<Vec<Result<Matched<'_>, Vec<Refusal>>>> {
        let (mut work, mut left) = (Work::of_a_token(), MOST_DIGESTS);
        let mut started: Vec<_> = signatures
            .iter()
            .map(|signature| self.start(signature, allowed, &mut work, &mut left))
            .collect();
        let is_unencoded = signatures.iter().any(|one| one.header.is_unencoded());
        let messages = started.iter_mut().flatten().flat_map(|started| &mut started.messages);
        read(payload, is_unencoded, messages)?;
        let mut verdicts = Vec::new();
        for (started, DetachedSignature { signature, .. }) in started.into_iter().zip(signatures) {
            verdicts.push(started.and_then(|started| self.finish(&started, signature, &mut work)));
        }
        Ok(verdicts)
    }

    fn start<'k>(
        &'k self,
        signature: &DetachedSignature,
        allowed: &[Algorithm],
        work: &mut Work,
        left: &mut usize,
    ) -> Result<Started<'k>, Vec<Refusal>> {
        let header = &signature.header;
        let (alg, keys) = self.agreed(header, header.faults(true), allowed, work)?;
        let is_secret = alg.key_type() == KeyType::Hmac;
        let wanted = if is_secret { keys.len() } else { 1 };
        let is_whole = matches!(alg.key_type(), KeyType::Ed25519 | KeyType::MlDsa(_));
        let cost = if is_whole { MOST_DIGESTS / MOST_KEPT } else { 1 };
        let begun = keys.iter().take(wanted.min(*left / cost));
        let mut messages: Vec<_> = begun.filter_map(|(_, key)| Message::new(alg, key)).collect();
        for message in &mut messages {
            message.update(signature.prefix.as_bytes());
        }
        *left -= messages.len() * cost;
        let untried = work.untried;
        Ok(Started { alg, keys, messages, untried })
    }

    fn finish<'k>(
        &self,
        started: &Started<'k>,
        signature: &[u8],
        work: &mut Work,
    ) -> Result<Matched<'k>, Vec<Refusal>> {
        let Started { alg, keys, messages, untried } = started;
        if let [Message::Whole(None)] = messages[..] {
            return Err(vec![Refusal::TooLong { alg: *alg }]);
        }
        let mut tried = 0;
        for (number, &(index, key)) in keys.iter().enumerate() {
            let message = if alg.key_type() == KeyType::Hmac { number } else { 0 };
            let Some(message) = messages.get(message).filter(|_| tried == 0 || work.is_left())
            else {
                break;
            };
            work.check(key, &[]);
            if message.matches(*alg, key, signature) {
                return Ok((key, index, *alg));
            }
            tried += 1;
        }
        Err(vec![self.unmatched(*alg, keys, tried, *untried, signature.len())])
    }
}

impl<K: Deref<Target = LoadedKey>> Signer<K> {
    /// Signs a payload that is sent separately: the compact serialization without it. `None` if the payload is too long
    /// for the algorithm.
    ///
    /// # Errors
    /// Those of reading the payload, and those of [`Signer::sign`].
    pub(crate) fn sign_pieces(
        &self,
        payload: &mut dyn Read,
    ) -> io::Result<Option<Result<String, KeyError>>> {
        let (key, alg) = (&*self.key, self.alg);
        let Some(mut message) = Message::to_sign(alg, key) else { return Ok(None) };
        message.update(self.encoded_header().as_bytes());
        message.update(b".");
        read(payload, self.header().is_unencoded(), std::iter::once(&mut message))?;
        if let Message::Whole(None) = message {
            let too_long = |who| SignerError::MessageTooLong { who, most: MAX_TOKEN };
            let signer = key.key().signer.as_ref();
            return Ok(signer.map(|signer| Err(KeyError::External(too_long(signer.name())))));
        }
        Ok(Some(message.sign(alg, key).map(|signature| {
            let mut token = format!("{}..", self.encoded_header());
            Codec::Scalar.encode(&signature, &mut token);
            token
        })))
    }
}
