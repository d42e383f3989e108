//! `key` and its verbs: keys are made, shown, converted and collected.

mod encoded;
mod new;
mod set;

use crate::crypto::{CertificateDigests, LoadedKey};
use crate::env::Env;
use crate::explain::{Problem, Warning, usage, warnings};
use crate::input::{KeyInput, key_or_pipe};
use crate::keys::{self, Certificate, Encoding, Format, Key, KeyError, KeyFile, Origin, ReadKey};
use crate::outcome::{Answer, KeyDetails, KeySummary, Outcome, WrittenKeys};
use crate::request::{KeyAction, KeyCommand, KeyRequest, KidChoice, ThumbprintKind};
use crate::secret::Secret;
use crate::sys::CreatedFiles;

use encoded::{
    KeyCall, check_kid, check_places, details, encode, public_key, with_kid, write_keys,
};

pub(super) fn run(command: &KeyCommand, env: &mut Env<'_>) -> Outcome {
    let mut call = KeyCall { command, env, warnings: Vec::new() };
    let result = answer(&mut call);
    Outcome { warnings: call.warnings, ..Outcome::new(result, (call.env.clock)()) }
}

fn answer(call: &mut KeyCall<'_, '_>) -> Result<Answer, Problem> {
    let command = call.command;
    if command.public_out.as_ref().is_some_and(|path| path.as_os_str() == "-") {
        return Err(usage::public_to_stdout());
    }
    match &command.action {
        KeyAction::New(new) => new::run(new, call),
        KeyAction::Show(key) => show(key, call),
        KeyAction::Thumbprint(key, kind) => thumbprint(key, *kind, call),
        KeyAction::Public(request, format) => {
            check_places(format.unwrap_or(Format::Pem), call)?;
            let key = OneKey::new(key_or_pipe("public", request, call.env)?, request.allow_weak)?;
            let is_jwk =
                matches!(key.details.encoding, Some((Encoding::Jwk | Encoding::JwkSet, _)));
            let format = format.unwrap_or(if is_jwk { Format::Jwk } else { Format::Pem });
            let public = |key: LoadedKey| public_key(&key);
            convert(key, public, format, &KidChoice::Default, request.allow_weak, call)
        }
        KeyAction::Convert(request, format, kid) => {
            check_kid(kid, *format)?;
            check_places(*format, call)?;
            let key = OneKey::new(key_or_pipe("convert", request, call.env)?, request.allow_weak)?;
            convert(key, Ok, *format, kid, request.allow_weak, call)
        }
        KeyAction::Set { files, options, secrets } => set::run(files, options, *secrets, call),
    }
}

/// The one key that a verb is about, loaded.
struct OneKey {
    origin: Origin,
    key: LoadedKey,
    details: KeyDetails,
    warnings: Vec<Warning>,
}

impl OneKey {
    /// A set of one counts as that key.
    fn new(input: KeyInput, allow_weak: bool) -> Result<Self, Problem> {
        let KeyInput { origin, file, mut warnings, .. } = input;
        let problem = |error| Problem::Key { origin: origin.clone(), error };
        let read = match file {
            KeyFile::One(one) => one,
            KeyFile::Set(set) => match &set.entries[..] {
                [entry] => entry.read().map_err(problem)?,
                entries => {
                    let (count, is_jwk_set) = (entries.len(), set.is_jwk_set());
                    return Err(problem(KeyError::NotOneKey { count, is_jwk_set }));
                }
            },
        };
        let (key, details) = load(read, &origin, allow_weak).map_err(problem)?;
        warnings.extend(warnings::number_lengths(key.key(), || origin.to_string()));
        Ok(Self { origin, key, details, warnings })
    }
}

fn load(
    read: ReadKey,
    origin: &Origin,
    allow_weak: bool,
) -> Result<(LoadedKey, KeyDetails), KeyError> {
    let key = LoadedKey::load(read.key, allow_weak)?;
    let encoding = Some((read.encoding, read.was_encrypted));
    let certificate = read.certificate.map(|certificate| with_digests(*certificate));
    let source = matches!(origin, Origin::Part(..)).then(|| origin.to_string());
    let details = KeyDetails { encoding, certificate, source, ..details(&key) };
    Ok((key, details))
}

/// Shows a key or the keys of a set, even those that are too weak to be used.
fn show(request: &KeyRequest, call: &mut KeyCall<'_, '_>) -> Result<Answer, Problem> {
    let input = key_or_pipe("show", request, call.env)?;
    let KeyFile::Set(set) = &input.file else {
        let key = OneKey::new(input, true)?;
        call.warnings.extend(key.warnings);
        return Ok(Answer::Keys(vec![key.details.into()]));
    };
    call.warnings.extend(input.warnings);
    let summaries = set.entries.iter().map(|entry| {
        let details = entry.read().and_then(|read| load(read, &input.origin, true));
        let details = details.map(|(key, details)| {
            let name = || format!("{} of {}", entry.name(), input.origin);
            call.warnings.extend(warnings::number_lengths(key.key(), name));
            let encoding = details.encoding.filter(|_| !set.is_jwk_set());
            KeyDetails { encoding, ..details }
        });
        KeySummary { name: Some(entry.name()), kid: entry.kid.clone(), details }
    });
    Ok(Answer::Keys(summaries.collect()))
}

fn thumbprint(
    request: &KeyRequest,
    kind: ThumbprintKind,
    call: &mut KeyCall<'_, '_>,
) -> Result<Answer, Problem> {
    let input = key_or_pipe("thumbprint", request, call.env)?;
    let beside = match kind {
        ThumbprintKind::X5t => keys::certificates_of_blocks(&input.text.text),
        _ => Vec::new(),
    };
    let OneKey { origin, key, mut details, warnings } = OneKey::new(input, true)?;
    if details.certificate.is_none() {
        details.certificate = certificate_of(&key, beside);
    }
    let printed = printed_thumbprint(kind, &key, &details);
    let printed = printed.map_err(|error| Problem::Key { origin, error })?;
    call.warnings.extend(warnings);
    let text = Some(Secret::new(format!("{printed}\n").into_bytes()));
    let files = CreatedFiles::default();
    let keys = vec![details.into()];
    Ok(Answer::WrittenKeys(WrittenKeys { text, files, keys, note: None }))
}

fn with_digests(certificate: Certificate) -> Box<(Certificate, CertificateDigests)> {
    let digests = CertificateDigests::of(&certificate.der);
    Box::new((certificate, digests))
}

/// The certificate of a private key among those beside it.
fn certificate_of(
    key: &LoadedKey,
    beside: Vec<ReadKey>,
) -> Option<Box<(Certificate, CertificateDigests)>> {
    let is_of_key = |other: Key| {
        LoadedKey::load(other, true).is_ok_and(|other| other.public_key() == key.public_key())
    };
    beside.into_iter().find_map(|read| {
        read.certificate
            .filter(|_| is_of_key(read.key))
            .map(|certificate| with_digests(*certificate))
    })
}

fn printed_thumbprint(
    kind: ThumbprintKind,
    key: &LoadedKey,
    details: &KeyDetails,
) -> Result<String, KeyError> {
    Ok(match kind {
        ThumbprintKind::Jwk => key.thumbprint()?,
        ThumbprintKind::Spki => key.fingerprints()?.spki,
        ThumbprintKind::Libtrust => key.fingerprints()?.libtrust,
        ThumbprintKind::Ssh => {
            let not_in_openssh = || KeyError::NotInOpenSsh { key: key.key().to_string() };
            key.fingerprints()?.ssh.ok_or_else(not_in_openssh)?
        }
        ThumbprintKind::X5t => {
            let certificate = details.certificate.as_deref().ok_or(KeyError::NoCertificate)?;
            let (_, digests) = certificate;
            format!("x5t       {}\nx5t#S256  {}", digests.x5t, digests.x5t_s256)
        }
    })
}

/// Writes what `part` makes of a key.
fn convert(
    key: OneKey,
    part: impl FnOnce(LoadedKey) -> Result<LoadedKey, KeyError>,
    format: Format,
    kid: &KidChoice,
    allow_weak: bool,
    call: &mut KeyCall<'_, '_>,
) -> Result<Answer, Problem> {
    let OneKey { origin, key, details, warnings } = key;
    let problem = |error| Problem::Key { origin: origin.clone(), error };
    let was_encrypted = details.encoding.is_some_and(|(_, was_encrypted)| was_encrypted);
    let was_weak = key.key().weakness();
    let key = part(key).and_then(|key| with_kid(key, format, kid)).map_err(problem)?;
    // In a JWK, a short secret counts as generated, so it must be allowed.
    let weakness = key.key().weakness();
    if let Some(weakness) = weakness.clone().filter(|_| !allow_weak) {
        return Err(problem(KeyError::Weak(weakness)));
    }
    let (encoded, details) = encode(&key, format, call.command.compact).map_err(problem)?;
    let is_private = encoded.is_private;
    let written = write_keys(encoded, None, [details], call)?;
    call.warnings.extend(warnings);
    let name = origin.to_string();
    let weakness = was_weak.or(weakness);
    call.warnings.extend(weakness.map(|weakness| warnings::weak_key(&name, weakness)));
    call.warnings.extend((is_private && was_encrypted).then(warnings::no_longer_encrypted));
    Ok(Answer::WrittenKeys(written))
}
