//! Flags that stand well alone and not together, where clap cannot say so: it would not know why.

use std::ffi::OsString;

use super::cli;
use super::stop::Stop;
use super::values;
use crate::secret::Secret;

/// `--secret-format` says nothing of a key file, so it needs a secret that it can speak of.
pub(super) fn format_of_a_secret(key: &cli::Key, file: Option<&OsString>) -> Result<(), Stop> {
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
pub(super) fn network_of_a_url(key: &cli::Key, file: Option<&OsString>) -> Result<(), Stop> {
    let source = &key.source;
    let others = [
        (file.is_some(), "FILE"),
        (source.secret.is_some(), "--secret"),
        (source.secret_file.is_some(), "--secret-file"),
        (source.secret_env.is_some(), "--secret-env"),
        (source.key.is_some(), "--key"),
        (source.key_env.is_some(), "--key-env"),
    ];
    apart(super::network(&key.network).flag(), &others, "keys that are fetched")
}

fn apart(flag: Option<&str>, others: &[(bool, &str)], about: &str) -> Result<(), Stop> {
    match (flag, others.iter().find(|(given, _)| *given)) {
        (Some(flag), Some((_, other))) => Err(Stop::new(
            format!("{flag} cannot be used with {other}: it is about {about}"),
            "leave one of the two out",
        )),
        _ => Ok(()),
    }
}

/// A token where the secret should be: its value was forgotten.
pub(super) fn no_token_as_secret(key: &cli::Key, instead: &str) -> Result<(), Stop> {
    let is_token = |secret: &Secret| {
        let text = secret.expose();
        text.starts_with(b"eyJ") && text.split(|b| *b == b'.').count() == 3
    };
    if key.source.secret.as_ref().is_some_and(is_token) {
        return Err(Stop::new("--secret holds a token, not a secret", format!("jwtctl {instead}")));
    }
    Ok(())
}

/// A claim where CLAIMS should be. A report is left to the verb, which finds no JSON in it.
pub(super) fn claims_alone(args: &cli::Encode) -> Result<(), Stop> {
    let text = args.claims.as_ref().filter(|_| !args.output.json).and_then(|text| text.to_str());
    match text.and_then(values::as_claim) {
        Some(flag) => Err(Stop::new("CLAIMS is one claim, not a JSON object", flag)),
        None => Ok(()),
    }
}

/// With `verify`, `--quiet` leaves nothing on stdout, so nothing can be asked to stand there.
pub(super) fn quiet_alone(quiet: bool, args: &cli::Verify) -> Result<(), Stop> {
    let asked = [
        (args.get.is_some(), "--get"),
        (args.output.json, "--json"),
        (args.raw, "--raw"),
        (args.tokens, "--tokens"),
        (args.print.is_some(), "--print"),
    ];
    match asked.iter().find(|(given, _)| quiet && *given) {
        None => Ok(()),
        Some((_, flag)) => Err(Stop::new(
            format!("--quiet cannot be used with {flag}: it prints nothing on stdout"),
            "leave one of the two out",
        )),
    }
}
