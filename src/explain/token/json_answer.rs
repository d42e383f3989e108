//! Explains JSON in place of a token: a server's response, another serialization, a key, or a token's header or claims.
//! Only names of members are repeated.

use std::collections::VecDeque;

use super::carrier::Candidates;
use super::not_a_token::{KEY_TO_DECRYPT, key};
use super::opaque::opaque_member;
use super::shape::{MOST_EXAMINED, TOKEN_FORM, has_whole_signature, is_encoded_token, is_token};
use crate::characters::is_token_char;
use crate::claims::REGISTERED;
use crate::explain::codes::Code;
use crate::explain::explanation::Explanation;
use crate::explain::shell::{Filter, pipe};
use crate::json::{JsonError, Object, Value, begins_with_json, quote};

/// Members that hold tokens, the likeliest first (RFC 6749 section 5.1, OIDC Core section 3.1.3.3).
const NAMES: [&str; 5] = ["access_token", "id_token", "token", "jwt", "refresh_token"];

pub(super) fn json(text: &str) -> Option<Explanation> {
    let is_number =
        || text.len() < 20 && !text.contains(char::is_alphabetic) && text.parse::<f64>().is_ok();
    if text.starts_with(['{', '[']) {
        return Some(object_or_array(text));
    }
    (matches!(text, "true" | "false") || is_number()).then(|| no_token("JSON", text))
}

fn object_or_array(text: &str) -> Explanation {
    if text.len() > MOST_EXAMINED {
        return token_somewhere("JSON", &Candidates::find(text)).unwrap_or_else(|| {
            let message = "this is JSON, and there is no token in its first MiB";
            Explanation::new(Code::TokenJson, message).hint("pass the token alone")
        });
    }
    let kind = match Value::parse(text.as_bytes()) {
        Ok(value) => return of_value(&value),
        Err(JsonError::Syntax { .. }) if begins_with_json(text) => "JSON and other text",
        Err(JsonError::Syntax { .. }) => "broken JSON",
        Err(_) => "JSON",
    };
    let tokens = Candidates::find(text);
    if let Some(hint) = tokens.hint().filter(|_| text.contains("](")) {
        let message = "there is other text around the token";
        return Explanation::new(Code::TokenInText, message).hint(hint);
    }
    // The text may end in a token whose signature was cut.
    let last = &text[text.trim_end_matches(is_token_char).len()..];
    let is_cut = tokens.count() == 1 && last.starts_with("eyJ") && !has_whole_signature(last);
    token_somewhere(kind, &tokens).filter(|_| !is_cut).unwrap_or_else(|| key_or_none(kind, text))
}

/// JSON with a token that no jq path selects.
fn token_somewhere(kind: &str, tokens: &Candidates<'_>) -> Option<Explanation> {
    let message = || format!("this is {kind} with a token in it");
    tokens.hint().map(|hint| Explanation::new(Code::TokenInJson, message()).hint(hint))
}

fn key_or_none(kind: &str, text: &str) -> Explanation {
    if text.contains("\"kty\"") { key("a JSON Web Key", "--key") } else { no_token(kind, text) }
}

fn no_token(kind: &str, text: &str) -> Explanation {
    let (what, hint) = if text.contains("eyJ") {
        ("whole token", "was it cut? Copy it whole")
    } else {
        ("token", TOKEN_FORM)
    };
    let message = format!("this is {kind}, and there is no {what} in it");
    Explanation::new(Code::TokenJson, message).hint(hint)
}

fn of_value(value: &Value) -> Explanation {
    let object = value.as_object();
    let by_members = object.as_ref().and_then(|object| key_or_token(value, object));
    by_members
        .or_else(|| JsonPath::to_token(value).map(|path| path.explanation()))
        .or_else(|| token_somewhere("JSON", &Candidates::find(value.text())))
        .or_else(|| object.as_ref().and_then(without_token))
        .unwrap_or_else(|| match object {
            Some(_) => no_token("JSON", value.text()),
            None => key_or_none("JSON", value.text()),
        })
}

/// A key, or a token in another serialization.
fn key_or_token(value: &Value, object: &Object<&str>) -> Option<Explanation> {
    let has = |name: &str| object.get(name).is_some();
    if has("kty") {
        return Some(key("a JSON Web Key", "--key"));
    }
    if object.get("keys").is_some_and(|keys| keys.kind() == "an array") {
        return Some(key("a JWK Set", "--jwks"));
    }
    if has("ciphertext") {
        let message = "this is an encrypted token (JWE)";
        return Some(Explanation::new(Code::TokenEncrypted, message).hint(KEY_TO_DECRYPT));
    }
    (has("payload") && (has("signatures") || has("signature")))
        .then(|| serialization(value, has("signatures")))
}

/// The JSON serialization of a JWS (RFC 7515 section 7.2).
fn serialization(value: &Value, is_general: bool) -> Explanation {
    let (kind, prefix) = if is_general { ("general", ".signatures[0]") } else { ("flattened", "") };
    let part = |name: &str| {
        let of_signature = ["signatures", "0", name].map(str::to_owned);
        let is_inner = is_general && name != "payload";
        let path = if is_inner { &of_signature[..] } else { &of_signature[2..] };
        value.at(path).and_then(|part| part.as_string()).unwrap_or_default()
    };
    let compact = ["protected", "payload", "signature"].map(part).join(".");
    let message = format!("this is a signed token in the {kind} JSON form (RFC 7515 section 7.2)");
    Explanation::new(Code::TokenJsonSerialization, message).hint(if is_token(&compact) {
        let filter = format!("[{prefix}.protected, .payload, {prefix}.signature] | join(\".\")");
        pipe(&[Filter::jq(&filter)])
    } else {
        "decode and verify read it; this takes the compact form (RFC 7515 section 7.1)".to_owned()
    })
}

/// A server's response without a token, or a part of a token that is not encoded.
fn without_token(object: &Object<&str>) -> Option<Explanation> {
    let has_text = |name: &str| object.get(name).is_some_and(|value| value.kind() == "a string");
    if let Some(error) = object.get("error").and_then(|value| value.as_string()) {
        return Some(oauth_error(&error));
    }
    if let Some(name) = NAMES.into_iter().find(|name| has_text(name)) {
        return Some(opaque_member(name));
    }
    let (message, hint) = if has_text("alg") {
        let message = "this is a token's header in plain JSON, not a token";
        (message, "pass the token as it was issued")
    } else {
        REGISTERED.into_iter().find(|name| object.get(name).is_some())?;
        let message = "these are a token's claims in plain JSON, not a token";
        (message, "pass the token as it was issued; to make one of these claims: jwtctl encode")
    };
    Some(Explanation::new(Code::TokenDecoded, message).hint(hint))
}

/// An error answer of an authorization server: codes of RFC 6749 sections 4.1.2.1 and 5.2, RFC 6750 section 3.1
/// and RFC 8628 section 3.5. Other codes are not repeated.
fn oauth_error(error: &str) -> Explanation {
    const OTHERS: &str = "access_denied invalid_request invalid_token server_error \
        temporarily_unavailable unsupported_grant_type unsupported_response_type";
    let hint = match error {
        "invalid_client" | "unauthorized_client" => Some("are the client ID and secret right?"),
        "invalid_grant" | "expired_token" => {
            Some("is the code or refresh token used up or too old?")
        }
        "authorization_pending" | "slow_down" => Some("ask again in a few seconds"),
        "invalid_scope" | "insufficient_scope" => Some("may this client request that scope?"),
        _ => None,
    };
    let is_known = hint.is_some() || OTHERS.split(' ').any(|known| known == error);
    let which = if is_known { format!(": {}", quote(error)) } else { String::new() };
    let message = format!("the server answered with an error instead of a token{which}");
    let hint = hint.unwrap_or("its \"error_description\" may say more");
    Explanation::new(Code::TokenOauthError, message).hint(hint)
}

/// How many values are searched for a token.
const MOST_VALUES: usize = 1000;

/// The path of a value in JSON.
#[derive(Clone, Default)]
pub(super) struct JsonPath {
    /// The path as a jq filter.
    filter: String,
    /// The last name in it.
    name: Option<String>,
    /// Whether the token is base64-encoded again, as in a Kubernetes secret.
    pub is_encoded: bool,
}

impl JsonPath {
    /// The path of the first token, level by level, at each level the likeliest names first.
    pub(super) fn to_token(value: &Value) -> Option<Self> {
        const LONGEST: usize = 300;
        let mut left = MOST_VALUES;
        let mut waiting = VecDeque::from([(Self::default(), value.clone())]);
        while let Some((path, value)) = waiting.pop_front() {
            let entries = path.entries(&value, left);
            left -= entries.len();
            let find = |test: fn(&str) -> bool| {
                let is_found = |value: &Value| value.as_string().is_some_and(|text| test(&text));
                entries.iter().find(|(_, value)| is_found(value)).map(|(path, _)| path.clone())
            };
            let encoded = || Some(Self { is_encoded: true, ..find(is_encoded_token)? });
            if let Some(path) = find(is_token).or_else(encoded) {
                return (path.filter.len() <= LONGEST).then_some(path);
            }
            let is_inner = |value: &Value| value.text().starts_with(['{', '[']);
            waiting.extend(entries.into_iter().filter(|(_, value)| is_inner(value)));
        }
        None
    }

    /// The entries of an object or array, up to a number of them.
    fn entries(&self, value: &Value, most: usize) -> Vec<(Self, Value)> {
        let Some(object) = value.as_object() else {
            let items = value.items().into_iter().flatten().take(most);
            return items.enumerate().map(|(at, item)| (self.item(at), item.to_value())).collect();
        };
        let mut members: Vec<_> =
            object.iter().filter(|member| may_be_repeated(&member.name)).take(most).collect();
        members.sort_by_key(|member| {
            NAMES.iter().position(|known| *known == member.name).unwrap_or(NAMES.len())
        });
        members.into_iter().map(|m| (self.member(&m.name), m.value.to_value())).collect()
    }

    fn item(&self, index: usize) -> Self {
        Self { filter: self.index(&index.to_string()), ..self.clone() }
    }

    fn member(&self, name: &str) -> Self {
        let is_identifier = !name.starts_with(|c: char| c.is_ascii_digit())
            && name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_');
        let filter = if is_identifier {
            format!("{}.{name}", self.filter)
        } else {
            self.index(&quote(name))
        };
        Self { filter, name: Some(name.to_owned()), is_encoded: false }
    }

    fn index(&self, index: &str) -> String {
        let start = if self.filter.is_empty() { "." } else { &self.filter };
        format!("{start}[{index}]")
    }

    /// Where the token is, in words.
    pub(super) fn place(&self) -> String {
        self.name.as_ref().map_or_else(|| "in it".to_owned(), |name| format!("in {}", quote(name)))
    }

    /// The commands that extract the token.
    pub(super) fn filters(&self) -> Vec<Filter> {
        let decode = self.is_encoded.then(Filter::from_base64);
        [Filter::jq(&self.filter)].into_iter().chain(decode).collect()
    }

    fn explanation(&self) -> Explanation {
        let more = if self.is_encoded { " that was base64-encoded again" } else { "" };
        let message = format!("this is JSON with a token {}{more}", self.place());
        Explanation::new(Code::TokenInJson, message).hint(pipe(&self.filters()))
    }
}

/// Whether a name is not a token itself, and needs no escaping in shell quotes.
fn may_be_repeated(name: &str) -> bool {
    let is_plain = |b: u8| b.is_ascii_alphanumeric() || b"_-.:/ ".contains(&b);
    (1..=60).contains(&name.len()) && name.bytes().all(is_plain) && !name.contains("eyJ")
}
