//! What is asked for, as plain data made of the flags.

use crate::request::DecodeRequest;
use crate::request::Destination;
use crate::request::EncodeRequest;
use crate::request::Expiry;
use crate::request::IssuedAt;
use crate::request::KeyAction;
use crate::request::KeyCommand;
use crate::request::KidChoice;
use crate::request::NewKey;
use crate::request::RefreshRequest;
use crate::request::Typ;
use crate::request::VerifyRequest;
use std::ffi::OsString;

use super::cli_error::CliError;
use super::flags;
use super::together::{format_of_a_secret, network_of_a_url, no_token_as_secret};
use crate::json::Value;
use crate::policy::{Expired, Policy};
use crate::request::Assignment;
use crate::request::{
    KeyLocation, KeyRequest, NamedPath, NamedVariable, Network, PathOrStdin, TextSource,
};

pub(super) fn encode_request(args: flags::Encode) -> EncodeRequest {
    let string = |name: &str, text: Option<String>| {
        text.map(|text| Assignment { name: name.to_owned(), value: Value::string(&text) })
    };
    let user = args.user.map(|value| Assignment { name: "user_id".to_owned(), value });
    let aud = (!args.aud.is_empty()).then(|| Assignment {
        name: "aud".to_owned(),
        value: match &args.aud[..] {
            [one] => Value::string(one),
            many => Value::strings(many),
        },
    });
    let single = [user, string("iss", args.iss), string("sub", args.sub), aud];
    EncodeRequest {
        claims: args.claims.map(text_source),
        key: key_request(args.key),
        alg: args.alg,
        named: single.into_iter().flatten().chain(args.claim).collect(),
        nbf: args.nbf,
        iat: match args.iat {
            Some(when) => IssuedAt::At(when),
            None if args.no_iat => IssuedAt::Omitted,
            None => IssuedAt::Default,
        },
        exp: match (args.ttl, args.exp) {
            (Some(seconds), _) => Expiry::After(seconds),
            (None, Some(when)) => Expiry::At(when),
            (None, None) if args.no_exp => Expiry::Never,
            (None, None) => Expiry::Default,
        },
        jti: args.jti,
        typ: match args.typ {
            Some(typ) => Typ::Named(typ),
            None if args.no_typ => Typ::Omitted,
            None => Typ::Default,
        },
        header: string("kid", args.kid).into_iter().chain(args.header).collect(),
        at: args.clock.at,
    }
}

pub(super) fn decode_request(args: flags::Decode) -> DecodeRequest {
    DecodeRequest {
        token: token_source(args.token, true),
        header: args.header,
        get: args.get,
        at: args.clock.at,
    }
}

pub(super) fn verify_request(args: flags::Verify) -> VerifyRequest {
    VerifyRequest {
        token: token_source(args.token, false),
        key: key_request(args.key),
        allowed: args.allowed.alg,
        allow_padding: args.allowed.allow_padding,
        policy: policy(args.expectations, None),
        raw: args.raw,
        get: args.get,
        at: args.clock.at,
    }
}

pub(super) fn refresh_request(args: flags::Refresh) -> RefreshRequest {
    let sign_key = args.sign_key.map(|path| KeyLocation::KeyFile(named_path("--sign-key", path)));
    let sign_source = sign_key
        .or(args.sign_secret_env.map(|n| KeyLocation::SecretEnv(variable("--sign-secret-env", n))));
    let key = key_request(args.key);
    RefreshRequest {
        token: token_source(args.token, false),
        sign_key: sign_source.map(|source| KeyRequest { source: Some(source), ..key.clone() }),
        key,
        allowed: args.allowed.alg,
        allow_padding: args.allowed.allow_padding,
        policy: Policy { max_session: args.max_session, ..policy(args.expectations, args.grace) },
        ttl: args.ttl,
        if_expiring: args.if_expiring,
        set: args.set,
        unset: args.unset,
        at: args.clock.at,
    }
}

fn policy(args: flags::Expectations, grace: Option<i64>) -> Policy {
    Policy {
        issuers: args.iss,
        audiences: args.aud,
        any_audience: args.any_aud,
        subject: args.sub,
        typ: args.typ,
        required: args.require,
        equal: args.claim,
        leeway: args.leeway.unwrap_or_default(),
        min_ttl: args.min_ttl,
        max_age: args.max_age,
        max_session: None,
        expired: match grace {
            _ if args.allow_expired => Expired::Accepted,
            Some(grace) => Expired::Within(grace),
            None => Expired::Refused,
        },
    }
}

fn key_request(key: flags::Key) -> KeyRequest {
    let flags::KeyLocation { secret, secret_file, secret_env, key: key_file, key_env, jwks, oidc } =
        key.source;
    let source = secret
        .map(KeyLocation::Secret)
        .or_else(|| secret_file.map(|p| KeyLocation::SecretFile(named_path("--secret-file", p))))
        .or_else(|| secret_env.map(|n| KeyLocation::SecretEnv(variable("--secret-env", n))))
        .or_else(|| key_file.map(|path| KeyLocation::KeyFile(named_path("--key", path))))
        .or_else(|| key_env.map(|name| KeyLocation::KeyEnv(variable("--key-env", name))))
        .or_else(|| jwks.map(|path| KeyLocation::Jwks(named_path("--jwks", path))))
        .or_else(|| oidc.map(|issuer| KeyLocation::Issuer { by: "--oidc", issuer }));
    let network = Network::from(&key.network);
    KeyRequest { source, format: key.secret_format, network, ..key_options(key.options) }
}

fn key_options(options: flags::KeyOptions) -> KeyRequest {
    let password = options.key_password_file.map(|path| named_path("--key-password-file", path));
    KeyRequest { password, allow_weak: options.allow_weak_key, ..KeyRequest::default() }
}

/// A verb of `key`, and how its answer is to look.
pub(super) fn key_verb(verb: flags::KeyVerb) -> Result<(KeyCommand, flags::Output), CliError> {
    let destination = |out: flags::Out| Destination {
        out: out.out.filter(|path| path.as_os_str() != "-"),
        public_out: None,
        force: out.force,
    };
    let nowhere = Destination::default();
    let (action, destination, output) = match verb {
        flags::KeyVerb::New(args) => {
            let flags::KeyNew { alg, bits, kid, format, out, public_out, output } = args;
            let new = NewKey { alg, bits, kid: kid_choice(kid), format };
            (KeyAction::New(new), Destination { public_out, ..destination(out) }, output)
        }
        flags::KeyVerb::Show(args) => {
            (KeyAction::Show(key_input(args.input)?), nowhere, args.output)
        }
        flags::KeyVerb::Thumbprint(args) => {
            (KeyAction::Thumbprint(key_input(args.input)?), nowhere, args.output)
        }
        flags::KeyVerb::Public(args) => {
            let action = KeyAction::Public(key_input(args.input)?, args.format);
            (action, destination(args.out), args.output)
        }
        flags::KeyVerb::Convert(args) => {
            let (kid, format) = (kid_choice(args.kid), args.format);
            let action = KeyAction::Convert { key: key_input(args.input)?, format, kid };
            (action, destination(args.out), args.output)
        }
        flags::KeyVerb::Set(args) => {
            let files = args.files.into_iter().map(path_or_stdin).collect();
            let action = KeyAction::Set { files, common: key_options(args.options) };
            (action, destination(args.out), args.output)
        }
    };
    Ok((KeyCommand { action, compact: output.compact, destination }, output))
}

fn key_input(input: flags::KeyInput) -> Result<KeyRequest, CliError> {
    no_token_as_secret(&input.key, "verify -S SECRET TOKEN")?;
    format_of_a_secret(&input.key, input.file.as_ref())?;
    network_of_a_url(&input.key, input.file.as_ref())?;
    let request = key_request(input.key);
    Ok(match input.file {
        Some(file) => {
            KeyRequest { source: Some(KeyLocation::KeyFile(named_path("FILE", file))), ..request }
        }
        None => request,
    })
}

fn kid_choice(kid: flags::Kid) -> KidChoice {
    match kid.kid {
        Some(kid) => KidChoice::Named(kid),
        None if kid.no_kid => KidChoice::Omitted,
        None => KidChoice::Default,
    }
}

fn variable(by: &'static str, name: String) -> NamedVariable {
    NamedVariable { by, name }
}

fn named_path(by: &'static str, path: OsString) -> NamedPath {
    NamedPath { by, path: path_or_stdin(path) }
}

pub(super) fn path_or_stdin(path: OsString) -> PathOrStdin {
    if path == "-" { PathOrStdin::Stdin } else { PathOrStdin::Path(path.into()) }
}

/// Where the token is. Only a verb that trusts nothing reads a file for `@PATH`.
fn token_source(input: flags::TokenInput, reads_files: bool) -> TextSource {
    let flags::TokenInput { token, token_env, token_file } = input;
    match (token, token_env, token_file) {
        (Some(text), ..) if reads_files => text_source(text),
        (Some(text), ..) if text == "-" => TextSource::Stdin,
        (Some(text), ..) => TextSource::Given(text),
        (None, Some(name), _) => TextSource::Variable(variable("--token-env", name)),
        (None, None, Some(path)) => match path_or_stdin(path) {
            PathOrStdin::Stdin => TextSource::Stdin,
            PathOrStdin::Path(path) => TextSource::File(path),
        },
        (None, None, None) => TextSource::Piped,
    }
}

/// `-`, `@PATH`, or the text itself.
fn text_source(text: OsString) -> TextSource {
    if text == "-" {
        return TextSource::Stdin;
    }
    match text.to_str().and_then(|text| text.strip_prefix('@')) {
        Some(path) => TextSource::File(path.into()),
        None => TextSource::Given(text),
    }
}
