//! The command line: the only user of clap. Turns arguments into a request and a format.
//! It reads no file and no key.

mod bad_values;
mod cli;
mod documents;
mod errors;
mod known;
mod stop;
mod streams;
mod synonyms;
mod together;
mod values;
mod words;

use std::ffi::OsString;

use clap::error::ErrorKind;
use clap::{CommandFactory as _, FromArgMatches as _};

use crate::commands::{
    Assignment, KeyRequest, KeySource, NamedPath, NamedVariable, Network, PathOrStdin, Request,
    TextSource, TokenRequest, decode, encode, key, man, refresh, verify,
};
use crate::json::Value;
use crate::policy::{Expired, Policy};
use crate::render::{ColorChoice, Format};
use crate::stream::Plan;
use cli::{Cli, Color};
use together::{
    claims_alone, format_of_a_secret, jti_in_two, network_of_a_url, no_token_as_secret,
    quiet_alone, some_claims,
};

pub use stop::Stop;

/// What the command line asks for.
pub enum Call {
    /// A verb's work.
    Run {
        /// What it is to do.
        request: Request,
        /// How the answer is to look.
        format: Format,
    },
    /// A verb's work on many lines.
    Stream {
        /// What it is to do with each.
        request: TokenRequest,
        /// What is asked of the stream.
        plan: Plan,
        /// How the rows are to look.
        format: Format,
    },
    /// A text that needs no work: help, version, completions, a man page.
    Print(Vec<u8>),
    /// The help of a verb whose exit code is a verdict: the call was wrong, for `-h` may have come in the
    /// place of a token.
    HelpForToken(Vec<u8>),
}

/// Reads the command line, the program's name first.
///
/// # Errors
/// [`Stop`]: what to say about a call that cannot be understood.
pub fn parse(argv: &[OsString]) -> Result<Call, Stop> {
    if let Some(stop) = bad_values::duration_in_two(argv).or_else(|| jti_in_two(argv)) {
        return Err(stop);
    }
    let mut command = Cli::command();
    let parsed = command.try_get_matches_from_mut(argv);
    let parsed = parsed.and_then(|mut matches| Cli::from_arg_matches_mut(&mut matches));
    let words = words::Call::find(&command, argv);
    let is_gate = words.as_ref().is_some_and(words::Call::is_gate);
    let cli = match parsed {
        Ok(cli) => cli,
        Err(error) if error.exit_code() == 0 => {
            let text = error.render().to_string().into_bytes();
            return Ok(match error.kind() {
                ErrorKind::DisplayHelp if is_gate => Call::HelpForToken(text),
                _ => Call::Print(text),
            });
        }
        Err(error) => return Err(errors::explain(&error, argv)),
    };
    if let Some(words) = words.filter(|_| is_gate) {
        words.check_sources()?;
        if cli.verb.implies_input() {
            words.check_implied_input()?;
        }
    } else if cli.verb.is_gate() {
        return Err(Stop::new("the verb cannot be told from its flags", "write the verb first"));
    }
    let color = match cli.color {
        Color::Auto => ColorChoice::Auto,
        Color::Always => ColorChoice::Always,
        Color::Never => ColorChoice::Never,
    };
    let format = Format { color, quiet: cli.quiet, ..Format::default() };
    call(cli.verb, format)
}

/// How to speak of a command line that cannot be understood: as far as it can be.
#[must_use]
pub fn overheard(argv: &[OsString]) -> Format {
    let says = |text: &str| argv.iter().skip(1).any(|arg| arg == text);
    let color = |when: &str| {
        says(&format!("--color={when}"))
            || argv.windows(2).any(|pair| pair[0] == "--color" && pair[1] == when)
    };
    let color = match (color("never"), color("always")) {
        (true, _) => ColorChoice::Never,
        (false, true) => ColorChoice::Always,
        (false, false) => ColorChoice::Auto,
    };
    Format { quiet: says("-q") || says("--quiet"), color, ..Format::default() }
}

fn call(verb: cli::Verb, format: Format) -> Result<Call, Stop> {
    let with =
        |output: &cli::Output| Format { json: output.json, compact: output.compact, ..format };
    Ok(match verb {
        cli::Verb::Encode(args) => {
            claims_alone(&args)?;
            no_token_as_secret(&args.key, "encode -S SECRET CLAIMS")?;
            network_of_a_url(&args.key, None)?;
            format_of_a_secret(&args.key, None)?;
            let format = with(&args.output);
            streams::flags_alone(&args.batch, &[])?;
            some_claims(&args)?;
            let plan = streams::making(&args.batch, false, format);
            on_tokens(TokenRequest::Encode(Box::new(encode_request(*args))), plan, format)
        }
        cli::Verb::Decode(args) => {
            let format = with(&args.output);
            streams::flags_alone(&args.batch, &[(args.explained.explain, "--explain")])?;
            let plan = streams::decoding(&args, format);
            on_tokens(TokenRequest::Decode(decode_request(args)), plan, format)
        }
        cli::Verb::Verify(args) => {
            quiet_alone(format.quiet, &args)?;
            no_token_as_secret(&args.key, "verify -S SECRET TOKEN")?;
            network_of_a_url(&args.key, None)?;
            format_of_a_secret(&args.key, None)?;
            let format = with(&args.output);
            let others = [
                (args.print.is_some(), "--print"),
                (args.tokens, "--tokens"),
                (args.explained.explain, "--explain"),
            ];
            streams::flags_alone(&args.batch, &others)?;
            let plan = streams::verifying(&args, format);
            on_tokens(TokenRequest::Verify(Box::new(verify_request(*args))), plan, format)
        }
        cli::Verb::Refresh(args) => {
            no_token_as_secret(&args.key, "refresh -S SECRET TOKEN")?;
            network_of_a_url(&args.key, None)?;
            if args.sign_secret_env.is_none() {
                format_of_a_secret(&args.key, None)?;
            }
            let format = with(&args.output);
            streams::flags_alone(&args.batch, &[(args.explained.explain, "--explain")])?;
            let plan = streams::making(&args.batch, args.explained.explain, format);
            on_tokens(TokenRequest::Refresh(Box::new(refresh_request(*args))), plan, format)
        }
        cli::Verb::Key(args) => {
            let (request, output) = key_verb(args.verb)?;
            Call::Run { format: with(&output), request: Request::Key(Box::new(request)) }
        }
        cli::Verb::Completions(args) => Call::Print(documents::completions(args.shell)),
        cli::Verb::Man(cli::ManPages { dir: None }) => Call::Print(documents::man_page()),
        cli::Verb::Man(cli::ManPages { dir: Some(dir) }) => Call::Run {
            format,
            request: Request::Man(man::Request { dir, pages: documents::man_pages() }),
        },
        cli::Verb::Help(args) => {
            Call::Print(documents::help(&args.topic).ok_or_else(errors::no_such_topic)?)
        }
    })
}

/// A verb's work on one token, or on the lines of a stream.
fn on_tokens(request: TokenRequest, plan: Option<Plan>, format: Format) -> Call {
    match plan {
        Some(plan) => Call::Stream { request, plan, format },
        None => Call::Run { request: Request::Token(request), format },
    }
}

fn encode_request(args: cli::Encode) -> encode::Request {
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
    encode::Request {
        claims: args.claims.map(text_source),
        key: key_request(args.key),
        alg: args.alg,
        named: single.into_iter().flatten().chain(args.claim).collect(),
        nbf: args.nbf,
        iat: match args.iat {
            Some(when) => encode::IssuedAt::At(when),
            None if args.no_iat => encode::IssuedAt::Omitted,
            None => encode::IssuedAt::Default,
        },
        exp: match (args.ttl, args.exp) {
            (Some(seconds), _) => encode::Expiry::After(seconds),
            (None, Some(when)) => encode::Expiry::At(when),
            (None, None) if args.no_exp => encode::Expiry::Never,
            (None, None) => encode::Expiry::Default,
        },
        jti: args.jti,
        typ: match args.typ {
            Some(typ) => encode::Typ::Named(typ),
            None if args.no_typ => encode::Typ::Omitted,
            None => encode::Typ::Default,
        },
        header: string("kid", args.kid).into_iter().chain(args.header).collect(),
        at: args.clock.at,
    }
}

fn decode_request(args: cli::Decode) -> decode::Request {
    decode::Request {
        token: token_source(args.token, true),
        header: args.header,
        get: args.get,
        at: args.clock.at,
    }
}

fn verify_request(args: cli::Verify) -> verify::Request {
    verify::Request {
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

fn refresh_request(args: cli::Refresh) -> refresh::Request {
    let sign_key = args.sign_key.map(|path| KeySource::KeyFile(named_path("--sign-key", path)));
    let sign_source = sign_key
        .or(args.sign_secret_env.map(|n| KeySource::SecretEnv(variable("--sign-secret-env", n))));
    let key = key_request(args.key);
    refresh::Request {
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

fn policy(args: cli::Expectations, grace: Option<i64>) -> Policy {
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

fn key_request(key: cli::Key) -> KeyRequest {
    let cli::KeySource { secret, secret_file, secret_env, key: key_file, key_env, jwks, oidc } =
        key.source;
    let source = secret
        .map(KeySource::Secret)
        .or_else(|| secret_file.map(|p| KeySource::SecretFile(named_path("--secret-file", p))))
        .or_else(|| secret_env.map(|n| KeySource::SecretEnv(variable("--secret-env", n))))
        .or_else(|| key_file.map(|path| KeySource::KeyFile(named_path("--key", path))))
        .or_else(|| key_env.map(|name| KeySource::KeyEnv(variable("--key-env", name))))
        .or_else(|| jwks.map(|path| KeySource::Jwks(named_path("--jwks", path))))
        .or_else(|| oidc.map(|issuer| KeySource::Issuer { by: "--oidc", issuer }));
    let network = network(&key.network);
    KeyRequest { source, format: key.secret_format, network, ..key_options(key.options) }
}

fn network(network: &cli::Network) -> Network {
    let cli::Network { timeout, ca_file, no_cache, offline } = network;
    Network { timeout: *timeout, ca_file: ca_file.clone(), no_cache: *no_cache, offline: *offline }
}

fn key_options(options: cli::KeyOptions) -> KeyRequest {
    let password = options.key_password_file.map(|path| named_path("--key-password-file", path));
    KeyRequest { password, allow_weak: options.allow_weak_key, ..KeyRequest::default() }
}

/// A verb of `key`, and how its answer is to look.
fn key_verb(verb: cli::KeyVerb) -> Result<(key::Request, cli::Output), Stop> {
    let destination = |out: cli::Out| key::Destination {
        out: out.out.filter(|path| path.as_os_str() != "-"),
        public_out: None,
        force: out.force,
    };
    let nowhere = key::Destination::default();
    let (action, destination, output) = match verb {
        cli::KeyVerb::New(args) => {
            let cli::KeyNew { alg, bits, kid, format, out, public_out, output } = args;
            let new = key::New { alg, bits, kid: kid_choice(kid), format };
            (key::Action::New(new), key::Destination { public_out, ..destination(out) }, output)
        }
        cli::KeyVerb::Show(args) => {
            (key::Action::Show(key_input(args.input)?), nowhere, args.output)
        }
        cli::KeyVerb::Thumbprint(args) => {
            (key::Action::Thumbprint(key_input(args.input)?), nowhere, args.output)
        }
        cli::KeyVerb::Public(args) => {
            let action = key::Action::Public(key_input(args.input)?, args.format);
            (action, destination(args.out), args.output)
        }
        cli::KeyVerb::Convert(args) => {
            let (kid, format) = (kid_choice(args.kid), args.format);
            let action = key::Action::Convert { key: key_input(args.input)?, format, kid };
            (action, destination(args.out), args.output)
        }
        cli::KeyVerb::Set(args) => {
            let files = args.files.into_iter().map(path_or_stdin).collect();
            let action = key::Action::Set { files, common: key_options(args.options) };
            (action, destination(args.out), args.output)
        }
    };
    Ok((key::Request { action, compact: output.compact, destination }, output))
}

fn key_input(input: cli::KeyInput) -> Result<KeyRequest, Stop> {
    no_token_as_secret(&input.key, "verify -S SECRET TOKEN")?;
    format_of_a_secret(&input.key, input.file.as_ref())?;
    network_of_a_url(&input.key, input.file.as_ref())?;
    let request = key_request(input.key);
    Ok(match input.file {
        Some(file) => {
            KeyRequest { source: Some(KeySource::KeyFile(named_path("FILE", file))), ..request }
        }
        None => request,
    })
}

fn kid_choice(kid: cli::Kid) -> key::KidChoice {
    match kid.kid {
        Some(kid) => key::KidChoice::Named(kid),
        None if kid.no_kid => key::KidChoice::Omitted,
        None => key::KidChoice::Default,
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
fn token_source(input: cli::TokenInput, reads_files: bool) -> TextSource {
    let cli::TokenInput { token, token_env, token_file } = input;
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
