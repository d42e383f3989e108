//! What is said of a text in a token's place that is something else. Never its content: of what may be
//! a secret, its kind alone; of what carries other things, a name.

use super::codes::Code;
use super::explanation::{Explanation, shown};
use super::explanation::{parts, pipe};
use crate::explain::{
    Carrier, Found, Issued, JsonPath, KeyForm, Missing, NotAToken, PathStep, Unfilled,
};
use crate::json::{Value, quote};
use crate::token::Part;

/// What finds a token among other text; `carrier` has the same in code.
const FIND: &str = r"grep -aoE 'eyJ[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]*'";

const ASK_ITS_ISSUER: &str =
    "it holds no claims to read: its issuer's server can say what it stands for (RFC 7662)";

pub(super) fn explain(stranger: &NotAToken) -> Explanation {
    let (code, message, hint) = match stranger {
        NotAToken::Carried { by, found } => return carried(by, *found),
        NotAToken::Key(form) => return key(*form),
        NotAToken::Variable(unfilled) => return variable(unfilled),
        NotAToken::Opaque(issued) => return opaque(*issued),
        NotAToken::Prefixed { issuer, whole } => {
            let message = format!("this is a {issuer} token: a JWT with a prefix");
            let next = if *whole {
                "to read its claims: jwtctl decode TOKEN"
            } else {
                "the JWT cannot be read: was it cut?"
            };
            return Explanation::new(Code::TokenPrefixed, message)
                .hint(format!("only {issuer} can verify it; {next}"));
        }
        NotAToken::JsonSerialization { general, whole } => return serialization(*general, *whole),
        NotAToken::OAuthError { error } => return oauth_error(*error),
        NotAToken::Answer(way) => return answer(way),
        NotAToken::EncodedAnswer { way, url_safe } => return encoded_answer(way, *url_safe),
        NotAToken::EncodedInside(found) => return encoded_inside(*found),
        NotAToken::Holding { kind, found } => {
            return Explanation::new(
                Code::TokenInJson,
                format!("this is {kind} with a token in it"),
            )
            .hint(pipe(&find(*found)));
        }
        NotAToken::Unknown { parts: found } => return parts(*found).hint(MAY_BE_OPAQUE),
        NotAToken::NoHeader { cookie } => return no_header(*cookie),
        NotAToken::Json { kind, lack } => return json(kind, *lack),
        NotAToken::Compressed(zip) => return compressed(zip),
        NotAToken::Nothing(word) => return nothing(word),
        NotAToken::PartAlone(part) => return part_alone(*part),
        NotAToken::OpaqueAnswer { name } => (
            Code::TokenOpaque,
            format!("this is JSON whose {} is not a JWT", quote(name)),
            ASK_ITS_ISSUER,
        ),
        NotAToken::Binary(format) => (
            Code::TokenBinary,
            format!("this is a file in {format} format, not a token"),
            "if there is a token in it, unpack it first",
        ),
        other => {
            let (code, message, hint) = fixed(other);
            (code, message.to_owned(), hint)
        }
    };
    Explanation::new(code, message).hint(hint)
}

/// What is said where the only token in a text is shown in its place.
pub(super) fn shown_inside(by: &NotAToken, at: usize) -> Explanation {
    let Explanation { code, message, .. } = explain(by);
    let said =
        Explanation::new(code, format!("{message}; showing the token that starts at byte {at}"));
    match by {
        NotAToken::Prefixed { issuer, .. } => said.hint(format!("only {issuer} can verify it")),
        _ => said,
    }
}

const TOKEN_IS: &str = "a token is three parts of letters and digits with dots between them";

/// What is said the same each time.
fn fixed(stranger: &NotAToken) -> (Code, &'static str, &'static str) {
    match stranger {
        NotAToken::Encrypted { compact: true } => (
            Code::TokenEncrypted,
            "this is an encrypted token (JWE)",
            "without the key it was encrypted for, only its header can be read: jwtctl decode \
             --header TOKEN",
        ),
        NotAToken::Encrypted { compact: false } => (
            Code::TokenEncrypted,
            "this is an encrypted token (JWE)",
            "jwtctl handles signed tokens (JWS); whoever holds the key it was encrypted for can \
             open it",
        ),
        NotAToken::Decoded { header: true } => (
            Code::TokenDecoded,
            "this is a token's header in plain JSON, not a token",
            "give the token as it was issued",
        ),
        NotAToken::Decoded { header: false } => (
            Code::TokenDecoded,
            "these are a token's claims in plain JSON, not a token",
            "give the token as it was issued; to make one of these claims: jwtctl encode",
        ),
        NotAToken::Basic => (
            Code::TokenBasic,
            "this is a name and a password (Basic), not a token",
            "a token comes after the word Bearer",
        ),
        NotAToken::Saml => (
            Code::TokenSaml,
            "this is a SAML assertion, not a JWT",
            "SAML is XML and is checked by other tools",
        ),
        NotAToken::Xml => (Code::TokenXml, "this is XML, not a token", TOKEN_IS),
        NotAToken::Paseto => (
            Code::TokenPaseto,
            "this is a PASETO, not a JWT",
            "it has the key's version in its first part; libraries for PASETO read it",
        ),
        NotAToken::Macaroon => (
            Code::TokenMacaroon,
            "this is a macaroon, not a JWT",
            "libraries for macaroons read it",
        ),
        NotAToken::SdJwt => (
            Code::TokenSdJwt,
            "this is a token with disclosures (SD-JWT)",
            "for the signed token alone, pipe it through cut -d'~' -f1",
        ),
        NotAToken::EncodedTwice => (
            Code::TokenEncodedTwice,
            "this is a token in base64 once more",
            "pipe it through base64 -d",
        ),
        NotAToken::Session => (
            Code::TokenOpaque,
            "this has the form of a signed session cookie, not of a JWT",
            "it has no header: the web framework that made it can read it",
        ),
        NotAToken::Detached => (
            Code::TokenDetached,
            "the payload is empty: this is a detached JWS (RFC 7515 appendix F)",
            "its content is sent separately: put it between the dots, in base64url without padding",
        ),
        NotAToken::FileName => (
            Code::TokenIsFile,
            "this is no token, and has the form of a file's name",
            "is it a file's name? To read one: @FILE",
        ),
        NotAToken::Placeholder => (
            Code::TokenPlaceholder,
            "this is a word that stands for a token, not a token",
            "put the token in its place",
        ),
        NotAToken::NoSignature => (
            Code::TokenNoSignature,
            "the token has no signature: there are two parts and no third",
            "was it cut at its last dot? Copy it whole",
        ),
        NotAToken::OneCase => (
            Code::TokenCase,
            "the token has lost its capitals, or has nothing else",
            "in base64url a and A differ: copy it as it was issued",
        ),
        _ => (Code::TokenParts, "this is not a token", TOKEN_IS),
    }
}

fn carried(by: &Carrier, found: Option<Found>) -> Explanation {
    let in_it = |name: &Option<String>| match (found, name) {
        (Some(_), Some(name)) => format!(" with a token in {}", quote(name)),
        (Some(_), None) => " with a token in it".to_owned(),
        (None, Some(name)) => format!(" ({}) with no token in it", quote(name)),
        (None, None) => " with no token in it".to_owned(),
    };
    let anonymous = in_it(&None);
    let (code, message) = match by {
        Carrier::Cookie { name } => (Code::TokenCookie, format!("this is a cookie{}", in_it(name))),
        Carrier::Header { name } => {
            (Code::TokenHeaderLine, format!("this is the header line {}{anonymous}", quote(name)))
        }
        Carrier::Url { name } => (Code::TokenUrl, format!("this is a URL{}", in_it(name))),
        Carrier::Assignment { name } => {
            (Code::TokenNamed, format!("there is a name before the token: {}", quote(name)))
        }
        Carrier::Http { status } => {
            let status = status.map_or_else(String::new, |code| format!(", status {code},"));
            (Code::TokenHttp, format!("this is a server's whole answer{status}{anonymous}"))
        }
        Carrier::Html => (Code::TokenHtml, format!("this is an HTML page{anonymous}")),
        Carrier::Words => (Code::TokenInText, "there is other text around the token".to_owned()),
    };
    let hint = match (found, by) {
        (Some(found), _) => pipe(&find(found)),
        (None, Carrier::Url { .. }) => {
            "a token is not fetched: pipe in what curl prints, or give the token itself".to_owned()
        }
        (None, Carrier::Http { .. } | Carrier::Html) => {
            "was the address right, and did the call log in? Look at what the server says"
                .to_owned()
        }
        (None, Carrier::Cookie { .. } | Carrier::Header { .. }) => {
            "a token is three parts with dots between them; it may be in another of them".to_owned()
        }
        (None, _) => TOKEN_IS.to_owned(),
    };
    Explanation::new(code, message).hint(hint)
}

fn find(found: Found) -> String {
    nth(FIND, found)
}

/// That one of all that a command finds.
fn nth(command: &str, found: Found) -> String {
    if found.of == 1 { command.to_owned() } else { format!("{command} | sed -n {}p", found.nth) }
}

const MAY_BE_OPAQUE: &str = "was it cut, or is it an opaque token or a session cookie? A JWT begins \
                             with eyJ and has two dots";

fn no_header(cookie: bool) -> Explanation {
    let message = "there is no header: the first part is JSON without an \"alg\"";
    if cookie {
        Explanation::new(Code::TokenOpaque, message)
            .hint("is it a signed session cookie? A JWT's first part is a header with an \"alg\"")
    } else {
        Explanation::new(Code::TokenParts, message)
            .hint("was it cut at its first dot? Copy it whole")
    }
}

fn json(kind: &str, lack: Missing) -> Explanation {
    let (lack, hint) = match lack {
        Missing::Any => ("there is no token in it", TOKEN_IS),
        Missing::Whole => ("there is no whole token in it", "was it cut? Copy it whole"),
        Missing::Near => ("there is no token in its first MiB", "give the token alone"),
    };
    Explanation::new(Code::TokenJson, format!("this is {kind}, and {lack}")).hint(hint)
}

fn compressed(zip: &Value) -> Explanation {
    let message = format!(
        "the payload is compressed: the header has \"zip\": {}, which only encrypted tokens may have \
         (RFC 7516 section 4.1.3)",
        shown(zip)
    );
    Explanation::new(Code::NotJson, message).hint(
        "jwtctl verify --raw checks the signature and prints the payload as it is; DEF is DEFLATE without a header \
         (RFC 1951)",
    )
}

fn encoded_inside(found: Found) -> Explanation {
    let find = nth("grep -aoE 'ZXlK[A-Za-z0-9+/]+=*'", found);
    Explanation::new(Code::TokenEncodedTwice, "there is a token in base64 once more in this text")
        .hint(pipe(&format!("{find} | base64 -d")))
}

fn encoded_answer(way: &JsonPath, url_safe: bool) -> Explanation {
    let standard = if url_safe { "tr '_-' '/+' | " } else { "" };
    let message = format!("this is JSON in base64 with a token {}", place(&way.path));
    Explanation::new(Code::TokenInJson, message)
        .hint(pipe(&format!("{standard}base64 -d | {}", take(way))))
}

fn answer(way: &JsonPath) -> Explanation {
    let more = if way.encoded { ", in base64 once more" } else { "" };
    let message = format!("this is JSON with a token {}{more}", place(&way.path));
    Explanation::new(Code::TokenInJson, message).hint(pipe(&take(way)))
}

/// The command that takes a token out of JSON.
fn take(way: &JsonPath) -> String {
    let decoded = if way.encoded { " | base64 -d" } else { "" };
    format!("jq -r {}{decoded}", filter(&way.path))
}

fn place(path: &[PathStep]) -> String {
    match path.iter().rev().find_map(|step| match step {
        PathStep::Member(name) => Some(name),
        PathStep::Item(_) => None,
    }) {
        Some(name) => format!("in {}", quote(name)),
        None => "in it".to_owned(),
    }
}

/// The path as jq takes it, in quotes where the shell wants them.
fn filter(path: &[PathStep]) -> String {
    let is_identifier = |name: &str| {
        !name.starts_with(|c: char| c.is_ascii_digit())
            && name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_')
    };
    let mut filter = String::new();
    for step in path {
        if filter.is_empty() || matches!(step, PathStep::Member(name) if is_identifier(name)) {
            filter.push('.');
        }
        match step {
            PathStep::Member(name) if is_identifier(name) => filter.push_str(name),
            PathStep::Member(name) => filter.extend(["[", &quote(name), "]"]),
            PathStep::Item(at) => filter.extend(["[", &at.to_string(), "]"]),
        }
    }
    if filter.contains('[') { format!("'{filter}'") } else { filter }
}

fn serialization(general: bool, whole: bool) -> Explanation {
    let kind = if general { "general" } else { "flattened" };
    let filter = if general {
        "'[.signatures[0].protected, .payload, .signatures[0].signature] | join(\".\")'"
    } else {
        "'[.protected, .payload, .signature] | join(\".\")'"
    };
    let hint = if whole {
        pipe(&format!("jq -r {filter}"))
    } else {
        "jwtctl reads the compact form: header.payload.signature (RFC 7515 section 7.1)".to_owned()
    };
    let message = format!("this is a signed token in the {kind} JSON form (RFC 7515 section 7.2)");
    Explanation::new(Code::TokenJsonSerialization, message).hint(hint)
}

fn oauth_error(error: Option<&str>) -> Explanation {
    let which = error.map_or_else(String::new, |error| format!(": {}", quote(error)));
    let message = format!("the server answered with an error and no token{which}");
    Explanation::new(Code::TokenOauthError, message).hint(match error {
        Some("invalid_client" | "unauthorized_client") => "are the client's name and secret right?",
        Some("invalid_grant" | "expired_token") => {
            "is the code or refresh token used up or too old?"
        }
        Some("authorization_pending" | "slow_down") => "ask again in a few seconds",
        Some("invalid_scope" | "insufficient_scope") => "may this client ask for that scope?",
        _ => "its \"error_description\" may say more",
    })
}

fn key(form: KeyForm) -> Explanation {
    let what = match form {
        KeyForm::Pem => "a key in PEM",
        KeyForm::Certificate => "a certificate",
        KeyForm::Der => "a key or certificate in DER",
        KeyForm::Jwk => "a JSON Web Key",
        KeyForm::JwkSet => "a JWK Set",
        KeyForm::Ssh => "an OpenSSH key",
    };
    let flag = if form == KeyForm::JwkSet { "--jwks" } else { "--key" };
    Explanation::new(Code::TokenKey, format!("this is {what}, not a token"))
        .hint(format!("to check a token with it: jwtctl verify {flag} FILE TOKEN"))
}

fn variable(unfilled: &Unfilled) -> Explanation {
    let (name, how) = match unfilled {
        Unfilled::Command => {
            return Explanation::new(
                Code::TokenVariable,
                "this is a command that no shell has run",
            )
            .hint("single quotes keep the shell from running it: put it in double quotes");
        }
        Unfilled::Backticks => {
            return Explanation::new(
                Code::TokenVariable,
                "this is a command that no shell has run",
            )
            .hint("for a command, write \"$(COMMAND)\"; a token is given without backticks");
        }
        Unfilled::Shell(name) => (name, "single quotes keep the shell from expanding it"),
        Unfilled::Cmd(name) => (name, "only cmd.exe expands %NAME%"),
        Unfilled::PowerShell(name) => (name, "only PowerShell expands $env:NAME"),
    };
    Explanation::new(Code::TokenVariable, "this is a variable that no shell has expanded")
        .hint(format!("{how}; to read the token from the variable: --token-env {name}"))
}

fn nothing(word: &str) -> Explanation {
    let hint = match word {
        "null" => "jq -r prints this for a member that is not there; jq -er fails then",
        _ => "the program that should have given a token had none",
    };
    Explanation::new(
        Code::TokenNull,
        format!("there is no token: this is the word {}", quote(word)),
    )
    .hint(hint)
}

fn opaque(issued: Issued) -> Explanation {
    let what = match issued {
        Issued::By(whom) => format!("a token or key made by {whom}"),
        Issued::Uuid => "a UUID".to_owned(),
        Issued::Hex(digits) => format!("a number of {digits} hexadecimal digits"),
    };
    Explanation::new(Code::TokenOpaque, format!("this is {what}, not a JWT")).hint(ASK_ITS_ISSUER)
}

fn part_alone(part: Part) -> Explanation {
    let which = if part == Part::Header { "first" } else { "second" };
    let message = format!("this is a token's {part} alone, the {which} of its three parts");
    Explanation::new(Code::TokenPart, message).hint("was it cut at a dot? Copy it whole")
}
