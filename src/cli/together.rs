//! Flags that stand well alone and not together, where clap cannot say so: it would not know why.

use std::ffi::OsString;
use std::path::Path;

use super::cli_error::CliError;
use super::flags;
use super::values;
use crate::request::Network;
use crate::secret::{Secret, may_repeat_id};

/// `--secret-format` says nothing of a key file, so it needs a secret that it can speak of.
pub(super) fn format_of_a_secret(
    key: &flags::Key,
    file: Option<&OsString>,
) -> Result<(), CliError> {
    let source = &key.source;
    let others = [
        (file.is_some(), "FILE"),
        (source.key.is_some(), "--key"),
        (source.key_env.is_some(), "--key-env"),
        (source.jwks.is_some(), "--jwks"),
        (source.oidc.is_some(), "--oidc"),
    ];
    apart(key.secret_format.map(|_| "--secret-format"), &others, "HMAC secrets")
}

/// What is said of the network says nothing of a key that is here.
pub(super) fn network_of_a_url(key: &flags::Key, file: Option<&OsString>) -> Result<(), CliError> {
    let source = &key.source;
    let others = [
        (file.is_some(), "FILE"),
        (source.secret.is_some(), "--secret"),
        (source.secret_file.is_some(), "--secret-file"),
        (source.secret_env.is_some(), "--secret-env"),
        (source.key.is_some(), "--key"),
        (source.key_env.is_some(), "--key-env"),
    ];
    apart(Network::from(&key.network).flag(), &others, "keys that are fetched")
}

fn apart(flag: Option<&str>, others: &[(bool, &str)], about: &str) -> Result<(), CliError> {
    match (flag, others.iter().find(|(given, _)| *given)) {
        (Some(flag), Some((_, other))) => Err(CliError::new(
            format!("{flag} cannot be used with {other}: it is about {about}"),
            "leave one of the two out",
        )),
        _ => Ok(()),
    }
}

/// A token where the secret should be: its value was forgotten.
pub(super) fn no_token_as_secret(key: &flags::Key, instead: &str) -> Result<(), CliError> {
    let is_token = |secret: &Secret| {
        let text = secret.expose();
        text.starts_with(b"eyJ") && text.split(|b| *b == b'.').count() == 3
    };
    if key.source.secret.as_ref().is_some_and(is_token) {
        return Err(CliError::new(
            "--secret holds a token, not a secret",
            format!("jwtctl {instead}"),
        ));
    }
    Ok(())
}

/// A claim where CLAIMS should be. A report is left to the verb, which finds no JSON in it.
pub(super) fn claims_alone(args: &flags::Encode) -> Result<(), CliError> {
    let text = args.claims.as_ref().filter(|_| !args.output.json).and_then(|text| text.to_str());
    match text.and_then(values::as_claim) {
        Some(flag) => Err(CliError::new("CLAIMS is one claim, not a JSON object", flag)),
        None => Ok(()),
    }
}

/// The ID of `--jti` as a word of its own, which would be taken for CLAIMS.
pub(super) fn jti_in_two(argv: &[OsString]) -> Option<CliError> {
    let is_encode = argv.iter().skip(1).any(|word| word == "encode" || word == "sign");
    argv.windows(2).filter(|_| is_encode).find_map(|words| {
        let id = words[1].to_str().filter(|_| words[0] == "--jti")?;
        let is_file = Path::new(id).extension().is_some_and(|ending| ending == "json");
        let is_claims = id.starts_with(['-', '@', '{']) || id.contains('=') || is_file;
        let is_plain = id.bytes().all(|b| b.is_ascii_alphanumeric() || b"._:-".contains(&b));
        let shown = if is_plain && may_repeat_id(id) { id } else { "ID" };
        let said = || CliError::new("--jti takes its ID after '='", format!("--jti={shown}"));
        (!id.is_empty() && !is_claims && !id.trim_start().starts_with('{')).then(said)
    })
}

/// A token without claims is rarely intended: CLAIMS on standard input must be named with `-`.
pub(super) fn some_claims(args: &flags::Encode) -> Result<(), CliError> {
    let given = [
        args.claims.is_some(),
        args.batch.batch.is_some(),
        args.user.is_some(),
        args.iss.is_some(),
        args.sub.is_some(),
        !args.aud.is_empty(),
        !args.claim.is_empty(),
        args.jti.is_some(),
        args.ttl.is_some(),
        args.exp.is_some() || args.no_exp,
        args.nbf.is_some(),
        args.iat.is_some() || args.no_iat,
    ];
    if given.contains(&true) {
        return Ok(());
    }
    Err(CliError::new(
        "no claims were given",
        "CLAIMS is a JSON object, @PATH, or - for standard input; for a token with only its times: jwtctl encode '{}'",
    ))
}

/// With `verify`, `--quiet` leaves no rows of a stream to choose from, unless something else asks for them.
pub(super) fn quiet_alone(quiet: bool, args: &flags::Verify) -> Result<(), CliError> {
    let prints_rows = args.get.is_some() || args.output.json || args.tokens;
    if !quiet || prints_rows || args.print.is_none() {
        return Ok(());
    }
    Err(CliError::new(
        "--quiet cannot be used with --print: there are no rows to choose from",
        "leave one of the two out",
    ))
}
