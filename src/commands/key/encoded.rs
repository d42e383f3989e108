//! Writes keys to standard output, or to files that are complete or do not exist.

use std::io::{self, ErrorKind};
use std::iter;
use std::path::{Path, PathBuf};

use crate::crypto::{LoadedKey, random_bytes};
use crate::env::Env;
use crate::explain::{Problem, Warning, shown_path, usage, warnings};
use crate::keys::{
    Format, JwkParams, Key, KeyError, KeyMaterial, KeyType, Protection, Purpose, write_encrypted,
    write_key,
};
use crate::outcome::{KeyDetails, KeySummary, WrittenKeys};
use crate::request::{KeyCommand, KidChoice};
use crate::secret::Secret;
use crate::sys::{
    Calls, CreateOptions, CreatedFiles, NewFile, Readers, create, is_device_or_pipe, is_stdout,
    is_terminal, resolve_path,
};

/// A call of a key verb, and the warnings so far.
pub(super) struct KeyCall<'a, 'e> {
    pub(super) command: &'a KeyCommand,
    pub(super) env: &'a mut Env<'e>,
    pub(super) warnings: Vec<Warning>,
}

/// The text of a key or of a set.
pub(super) struct EncodedKey {
    pub(super) text: Secret,
    pub(super) is_private: bool,
}

/// Refuses a key ID in a format that has no place for one.
pub(super) fn check_kid(kid: &KidChoice, format: Format) -> Result<(), Problem> {
    match kid {
        _ if format == Format::Jwk => Ok(()),
        KidChoice::Default => Ok(()),
        KidChoice::Given(_) => Err(usage::no_place_for_kid("--kid")),
        KidChoice::Omitted => Err(usage::no_place_for_kid("--no-kid")),
    }
}

/// The public key of a private one. The operations that its JWK allows become their counterparts.
pub(super) fn public_key(key: &LoadedKey) -> Result<LoadedKey, KeyError> {
    let public = key.public_key().ok_or(KeyError::NoPublicKey)?;
    let counterpart = |op: &String| match op.as_str() {
        "sign" | "verify" => Some("verify".to_owned()),
        "decrypt" | "encrypt" => Some("encrypt".to_owned()),
        "unwrapKey" | "wrapKey" => Some("wrapKey".to_owned()),
        _ => None,
    };
    let params = key.key().params.clone().map(|params| JwkParams {
        key_ops: params.key_ops.map(|ops| {
            let mut ops: Vec<_> = ops.iter().filter_map(counterpart).collect();
            ops.sort();
            ops.dedup();
            ops
        }),
        ..params
    });
    let material = KeyMaterial::Public(public.to_vec());
    let key =
        Key { rsa_bits: key.key().rsa_bits, params, ..Key::new(key.key().key_type, material) };
    LoadedKey::load(key, true)
}

/// The key with the parameters that its format can hold: a JWK keeps its own and gets a `kid`, other formats have none.
pub(super) fn with_kid(
    key: LoadedKey,
    format: Format,
    kid: &KidChoice,
) -> Result<LoadedKey, KeyError> {
    if format != Format::Jwk {
        return Ok(key.with_params(None));
    }
    let kid = match (kid, key.key().kid()) {
        (KidChoice::Given(kid), _) => Some(kid.clone()),
        (KidChoice::Omitted, _) => None,
        (KidChoice::Default, Some(kid)) => Some(kid.to_owned()),
        // The thumbprint of a secret would let it be guessed (RFC 7638 section 7).
        (KidChoice::Default, None) if key.key().key_type == KeyType::Hmac => None,
        (KidChoice::Default, None) => Some(key.thumbprint()?),
    };
    let mut params = JwkParams { kid, ..key.key().params.clone().unwrap_or_default() };
    params.alg = params.alg.or(key.key().key_type.required_alg().map(str::to_owned));
    Ok(key.with_params(Some(params)))
}

pub(super) fn encode(
    key: &LoadedKey,
    format: Format,
    compact: bool,
) -> Result<(EncodedKey, KeyDetails), KeyError> {
    let public = key.public_key().unwrap_or_default();
    let params = key.key().params.clone().unwrap_or_default();
    let text = write_key(key.key(), public, format, &params, compact)?;
    let is_private = key.key().is_private();
    Ok((EncodedKey { text, is_private }, details(key)))
}

/// The same as [`encode`] for a private key that is encrypted.
pub(super) fn encode_encrypted(
    key: &LoadedKey,
    format: Format,
    password: Secret,
) -> Result<(EncodedKey, KeyDetails), KeyError> {
    let protection = Protection { password, salt: random_bytes()?, iv: random_bytes()? };
    let public = key.public_key().unwrap_or_default();
    let text = write_encrypted(key.key(), public, format, &protection)?;
    Ok((EncodedKey { text, is_private: true }, details(key)))
}

pub(super) fn details(key: &LoadedKey) -> KeyDetails {
    let is_secret = key.key().key_type == KeyType::Hmac;
    let permitted = |purpose| key.key().permits(purpose);
    let is_forbidden = |purpose| permitted(purpose).is_err();
    let forbidden = permitted(Purpose::Verify)
        .err()
        .filter(|_| !key.key().is_private() || is_forbidden(Purpose::Sign));
    let encrypts = !is_forbidden(Purpose::Encrypt)
        || (key.key().is_private() && !is_forbidden(Purpose::Decrypt));
    let encryption = if encrypts { key.key().key_algorithms().collect() } else { Vec::new() };
    let only_encrypts = forbidden.is_some() && !encryption.is_empty();
    KeyDetails {
        kind: if only_encrypts {
            key.key().described_for_encryption()
        } else {
            key.key().described()
        },
        private: key.key().is_private(),
        encoding: None,
        algorithms: if forbidden.is_some() { Vec::new() } else { key.supports.clone() },
        unusable: forbidden
            .filter(|_| encryption.is_empty())
            .or(key.key().weakness().map(KeyError::Weak)),
        encryption,
        params: key.key().params.clone().unwrap_or_default(),
        thumbprint: if is_secret { None } else { key.thumbprint().ok() },
        fingerprints: key.fingerprints().ok(),
        certificate: None,
        source: None,
    }
}

/// Refuses places that a key in this format cannot be written to. This is done before a password is asked for, and before
/// a key is made.
pub(super) fn check_places(format: Format, call: &KeyCall<'_, '_>) -> Result<(), Problem> {
    let to = call.command;
    let same_place = || resolve_path(to.out.as_deref()) == resolve_path(to.public_out.as_deref());
    if to.public_out.is_some() && same_place() {
        let to_file = to.out.is_some();
        return Err(if to_file { usage::same_file() } else { usage::public_to_stdout() });
    }
    let public = to.public_out.iter().map(|path| ("--public-out", Some(path)));
    for (flag, path) in iter::once(("--out", to.out.as_ref())).chain(public) {
        let path = path.map(PathBuf::as_path).filter(|path| !is_stdout(path));
        if format == Format::Der && path.map_or(call.env.out_is_terminal, is_terminal) {
            let what = path.map_or_else(|| "standard output".to_owned(), shown_path);
            return Err(usage::binary_to_terminal(&what, flag));
        }
        path.map_or(Ok(()), |path| check_file(path, to.force))?;
    }
    Ok(())
}

/// Refuses a folder, what is in no folder, and a file that exists unless it may be replaced.
fn check_file(path: &Path, force: bool) -> Result<(), Problem> {
    if path.is_dir() {
        return Err(not_written(path, &ErrorKind::IsADirectory.into()));
    }
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
    if let Some(Err(error)) = folder.map(std::fs::metadata) {
        return Err(not_written(path, &error));
    }
    let exists = std::fs::symlink_metadata(path).is_ok();
    if !force && exists && !is_device_or_pipe(path) {
        return Err(not_written(path, &ErrorKind::AlreadyExists.into()));
    }
    Ok(())
}

/// Writes a key, and its public key if that was asked for: both, or nothing. Standard output is written last, with the
/// answer, because until then the files can be removed. [`check_places`] comes first.
pub(super) fn write_keys(
    main: EncodedKey,
    public: Option<EncodedKey>,
    keys: impl IntoIterator<Item = KeyDetails>,
    call: &mut KeyCall<'_, '_>,
) -> Result<WrittenKeys, Problem> {
    let to = call.command;
    let public = public.map(|public| (&to.public_out, public));
    let (mut text, mut files) = (None, Vec::new());
    for (path, key) in iter::once((&to.out, main)).chain(public) {
        match path.as_deref().filter(|path| !is_stdout(path)) {
            Some(path) => files.push((path, key)),
            None => text = Some(key.text),
        }
    }
    let files = write_files(&files, to.force, text.is_some(), &mut call.warnings)?;
    let keys = keys.into_iter().map(KeySummary::from).collect();
    Ok(WrittenKeys { text, files, keys, note: None })
}

/// Writes all files or none. None of them may exist, unless `force` lets it be replaced.
fn write_files(
    wanted: &[(&Path, EncodedKey)],
    force: bool,
    is_revocable: bool,
    warnings: &mut Vec<Warning>,
) -> Result<CreatedFiles, Problem> {
    let files = wanted.iter().map(|(path, key)| {
        let readers = if key.is_private { Readers::Owner } else { Readers::Anyone };
        NewFile { path, bytes: key.text.expose(), readers }
    });
    let options = CreateOptions { overwrite: force, follow_links: true, is_revocable };
    create(&files.collect::<Vec<_>>(), options, Calls::default()).map_err(|failed| {
        warnings.extend(warnings::left_behind(failed.left));
        not_written(wanted[failed.index].0, &failed.error)
    })
}

fn not_written(path: &Path, error: &io::Error) -> Problem {
    match error.kind() {
        ErrorKind::AlreadyExists => usage::file_exists(&shown_path(path)),
        _ => Problem::io("write", &shown_path(path), error),
    }
}
