//! Opaque tokens and session cookies: texts that only the server that issued them can interpret.

use std::ops::RangeInclusive;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use uuid::Uuid;

use super::shape::{MOST_EXAMINED, looks_like_token, object};
use crate::explain::codes::Code;
use crate::explain::explanation::Explanation;
use crate::json::{Object, Value, quote};
use crate::token::Malformed;

/// Issuers, and the prefixes of their tokens and keys, which they publish so that scanners find leaks.
const PREFIXES: [(&str, &str); 20] = [
    ("GitHub", "ghp_ gho_ ghu_ ghs_ ghr_ github_pat_"),
    ("GitLab", "glpat- gldt- glrt- glptt- glcbt-"),
    ("Buildkite", "bkaj_ bkua_ bkaa_ bkct_"),
    ("Google", "ya29. AIza GOCSPX- 1//0"),
    ("Slack", "xoxb- xoxp- xoxa- xoxe- xoxe. xoxs- xoxr- xapp-"),
    ("npm", "npm_"),
    ("PyPI", "pypi-"),
    ("Stripe", "sk_live_ sk_test_ rk_live_ pk_live_"),
    ("AWS", "AKIA ASIA"),
    ("SendGrid", "SG."),
    ("Vault", "hvs. hvb."),
    ("DigitalOcean", "dop_v1_"),
    ("Shopify", "shpat_"),
    ("Docker", "dckr_pat_"),
    ("Hugging Face", "hf_"),
    ("Grafana", "glsa_"),
    ("Anthropic", "sk-ant-"),
    ("OpenAI", "sk-proj-"),
    ("Linear", "lin_api_"),
    ("RubyGems", "rubygems_"),
];

/// How long opaque tokens are, in characters.
const LENGTHS: RangeInclusive<usize> = 20..=4096;

const ASK_ISSUER: &str =
    "it has no claims to read: only its issuer's server knows what it means (RFC 7662)";

/// The issuer whose prefix a text begins with.
pub(super) fn issuer_of(text: &str) -> Option<&'static str> {
    let is_own = |prefixes: &str| prefixes.split(' ').any(|prefix| text.starts_with(prefix));
    PREFIXES.iter().find(|(_, prefixes)| is_own(prefixes)).map(|(issuer, _)| *issuer)
}

/// An opaque token or key, known by its prefix or its form (RFC 6749 section 1.4).
pub(super) fn opaque(text: &str) -> Option<Explanation> {
    let is_own = |b: u8| b.is_ascii_alphanumeric() || b"-_.~+/=".contains(&b);
    if !LENGTHS.contains(&text.len()) || !text.bytes().all(is_own) {
        return None;
    }
    let is_hex = matches!(text.len(), 32 | 40 | 64) && is_hex(text);
    let what = match issuer_of(text) {
        Some(issuer) => format!("a token or key issued by {issuer}"),
        None if is_hex => format!("a string of {} hexadecimal digits", text.len()),
        None if text.contains('-') && Uuid::try_parse(text).is_ok() => "a UUID".to_owned(),
        None => return None,
    };
    let message = format!("this is {what}, not a JWT");
    Some(Explanation::new(Code::TokenOpaque, message).hint(ASK_ISSUER))
}

fn is_hex(text: &str) -> bool {
    text.bytes().all(|b| b.is_ascii_hexdigit())
}

/// A token response (RFC 6749 section 5.1) whose token is not a JWT.
pub(super) fn opaque_member(name: &str) -> Explanation {
    let message = format!("this is JSON whose {} is not a JWT", quote(name));
    Explanation::new(Code::TokenOpaque, message).hint(ASK_ISSUER)
}

/// A long text of one or two parts that may be an opaque token.
pub(super) fn maybe_opaque(text: &str, fault: &Malformed) -> Option<Explanation> {
    let is_own = |b: u8| b.is_ascii_alphanumeric() || b"-_.~+/=%:|!".contains(&b);
    let may_be_opaque = matches!(fault, Malformed::Parts(1..=2))
        && LENGTHS.contains(&text.len())
        && text.bytes().all(is_own)
        && !looks_like_token(text);
    may_be_opaque.then(|| {
        Explanation::new(Code::TokenParts, fault.to_string()).hint(
            "was it cut, or is it an opaque token or a session cookie? A JWT begins with eyJ and has two dots",
        )
    })
}

pub(super) fn session_cookie() -> Explanation {
    let message = "this looks like a signed session cookie, not a JWT";
    let hint = "it has no header: the web framework that made it can read it";
    Explanation::new(Code::TokenOpaque, message).hint(hint)
}

/// A text whose first part is JSON but not a header: a token without its header, or a signed session cookie.
pub(super) fn without_header(text: &str) -> Option<Explanation> {
    const CLAIMS: [&str; 6] = ["exp", "iat", "nbf", "iss", "sub", "aud"];
    if text.len() > MOST_EXAMINED {
        return None;
    }
    if is_session(text) || text.split_once('=').is_some_and(|(_, value)| is_session(value)) {
        return Some(session_cookie());
    }
    let mut parts = text.split('.');
    let first = object(parts.next()?)?;
    let is_header = first.get("alg").is_some() || first.iter().next().is_none();
    if is_header || parts.next().is_none_or(|part| object(part).is_some()) {
        return None;
    }
    let may_be_cookie = match parts.count() {
        0 => !CLAIMS.into_iter().any(|name| first.get(name).is_some()),
        1 => true,
        _ => return None,
    };
    let (code, hint) = if may_be_cookie {
        let hint = "is it a signed session cookie? A JWT's first part is a header with an \"alg\"";
        (Code::TokenOpaque, hint)
    } else {
        (Code::TokenParts, "was it cut at its first dot? Copy it whole")
    };
    let message = "there is no header: the first part is JSON without an \"alg\"";
    Some(Explanation::new(code, message).hint(hint))
}

/// Whether a text is a cookie as Django, Flask or Rails signs it.
fn is_session(text: &str) -> bool {
    let fields: Vec<_> = text.splitn(4, ':').collect();
    let is_json = || object(fields[0]).is_some();
    let is_packed = |rest: &str| rest.starts_with("eJ") && !rest.contains(char::is_whitespace);
    let is_compressed = text.strip_prefix('.').is_some_and(|rest| {
        is_packed(rest) && (rest.matches('.').count() == 2 || fields.len() == 3)
    });
    is_compressed || (fields.len() == 3 && is_json()) || is_flask(text) || is_rails(text)
}

/// Whether a text is JSON, a time and a MAC: a cookie that Flask has signed with `itsdangerous`.
pub(in crate::explain) fn is_flask(text: &str) -> bool {
    let decoded = |part| URL_SAFE_NO_PAD.decode(part).unwrap_or_default();
    let parts: Vec<_> = text.splitn(4, '.').map(decoded).collect();
    let [payload, time, mac] = &parts[..] else { return false };
    // The time is a big-endian number of seconds without leading zero bytes.
    matches!(time.len(), 4 | 5)
        && matches!(mac.len(), 20 | 28 | 32 | 48 | 64)
        && Value::parse(payload)
            .is_ok_and(|value| value.as_object().is_none_or(|object| object.get("alg").is_none()))
}

/// Whether a text is base64 and a MAC in hexadecimal with `--` between them, or, encrypted, three parts in base64.
fn is_rails(text: &str) -> bool {
    let own = |b: u8| b.is_ascii_alphanumeric() || b"+/=%".contains(&b);
    let is_base64 = |part: &str, least: usize| part.len() >= least && part.bytes().all(own);
    match text.splitn(4, "--").collect::<Vec<_>>()[..] {
        [payload, mac] => is_base64(payload, 4) && matches!(mac.len(), 40 | 64) && is_hex(mac),
        [payload, iv, tag] => is_base64(payload, 4) && is_base64(iv, 16) && is_base64(tag, 22),
        _ => false,
    }
}

/// Whether a JSON object is a cookie that Laravel has encrypted.
pub(super) fn is_laravel(object: &Object) -> bool {
    ["iv", "value", "mac"].iter().all(|name| object.get(name).is_some())
}
