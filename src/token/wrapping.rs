//! What may stand around a token.

use crate::text::BOM;

/// The schemes of HTTP authentication that a token is sent with (RFC 6750, RFC 9449, and what frameworks use).
const SCHEMES: [&str; 4] = ["bearer", "dpop", "jwt", "token"];

/// Removes what may stand around a token: white space, a byte order mark, one pair of quotes, a scheme such as
/// `Bearer`, a whole `Authorization:` line. Letter case does not matter there (RFC 9110 sections 5.1 and 11.1).
pub(crate) fn strip_wrapping(text: &str) -> &str {
    let outer = text.trim_start_matches(|c: char| c == BOM || c.is_whitespace()).trim_end();
    let inner = strip_quotes(outer);
    let field = strip_prefix(inner, "authorization:");
    let value = field.unwrap_or(inner);
    let token = SCHEMES.into_iter().find_map(|scheme| {
        let rest = strip_prefix(value, scheme)?;
        // A scheme alone was followed by a variable that is empty; a file may be called "token".
        let is_alone = rest.is_empty() && (field.is_some() || scheme == "bearer");
        (is_alone || value.len() - rest.len() > scheme.len()).then_some(rest)
    });
    let token = token.unwrap_or(value);
    if inner.len() == outer.len() { strip_quotes(token) } else { token }
}

fn strip_quotes(text: &str) -> &str {
    let quoted = ['"', '\''].iter().find_map(|&c| text.strip_prefix(c)?.strip_suffix(c));
    quoted.map_or(text, str::trim)
}

/// Removes a prefix, which may be in any letter case, and the white space after it.
pub(crate) fn strip_prefix<'a>(text: &'a str, prefix: &str) -> Option<&'a str> {
    let head = text.get(..prefix.len())?;
    head.eq_ignore_ascii_case(prefix).then(|| text[prefix.len()..].trim_start())
}
