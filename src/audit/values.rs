//! Values that are credentials or sensitive personal data because of their format.

use super::names::is_state;

/// Prefixes of API tokens. At least [`TOKEN`] more characters of a token follow.
const TOKENS: [&str; 16] = [
    "github_pat_",
    "ghp_",
    "gho_",
    "ghu_",
    "ghs_",
    "ghr_",
    "glpat-",
    "npm_",
    "hvs.",
    "SG.",
    "xoxb-",
    "xoxp-",
    "sk_live_",
    "rk_live_",
    "whsec_",
    "dckr_pat_",
];

/// The minimum length of a token without its prefix, in bytes.
const TOKEN: usize = 16;

/// Prefixes of password hashes whose parts are separated by `$`.
const HASHES: [&str; 11] = [
    "$2a$",
    "$2b$",
    "$2y$",
    "$1$",
    "$5$",
    "$6$",
    "$y$",
    "$argon2",
    "$scrypt$",
    "pbkdf2_sha256$",
    "pbkdf2_sha512$",
];

/// Prefixes of other password hashes, as in LDAP.
const LABELS: [&str; 2] = ["{bcrypt}", "{SSHA}"];

/// The names of passwords in connection strings.
const PASSWORDS: [&str; 4] = ["password", "pwd", "accountkey", "sharedaccesskey"];

/// Whether a text is a credential, whatever the name of the member. It has no white space at its ends.
pub(super) fn is_credential(text: &str) -> bool {
    let is_token = |rest: &str| {
        let in_token = |b: u8| b.is_ascii_alphanumeric() || b"_-.".contains(&b);
        rest.len() >= TOKEN && rest.bytes().all(in_token)
    };
    let is_hash = |start: &&str| text.starts_with(*start) && text.split('$').count() > 3;
    TOKENS.iter().any(|start| text.strip_prefix(start).is_some_and(is_token))
        || HASHES.iter().any(is_hash)
        || LABELS.iter().any(|start| text.starts_with(start))
        || is_private_pem(text)
        || has_password(text)
        || is_connection_string(text)
}

/// Whether a text contains a private key in PEM or of PGP.
fn is_private_pem(text: &str) -> bool {
    let mut labels = text.split("-----BEGIN ").skip(1).map(|rest| rest.split("-----").next());
    labels.any(|label| label.is_some_and(|label| label.contains("PRIVATE KEY")))
}

/// Whether a text is a URL with a password, such as the URL of a database.
fn has_password(text: &str) -> bool {
    let Some((scheme, rest)) = text.split_once("://") else { return false };
    let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
    let user = authority.rsplit_once('@').map(|(user, _)| user);
    let password = user.and_then(|user| user.split_once(':')).map(|(_, password)| password);
    scheme.bytes().all(|b| b.is_ascii_alphanumeric() || b"+-.:".contains(&b))
        && password.is_some_and(|password| !password.is_empty())
}

/// Whether a text is a connection string with a password: `Server=db;Password=x` or `jdbc:mysql://db/a?password=x`.
fn is_connection_string(text: &str) -> bool {
    let separators: &[char] = if text.starts_with("jdbc:") { &[';', '?', '&'] } else { &[';'] };
    let members = text.split(separators).filter_map(|member| member.split_once('='));
    let is_password = |(name, value): (&str, &str)| {
        let name = name.trim().to_ascii_lowercase();
        let value = value.trim();
        PASSWORDS.contains(&&*name) && !value.is_empty() && !is_state(value)
    };
    let other = text.starts_with("jdbc:") || members.clone().nth(1).is_some();
    other && members.into_iter().any(is_password)
}

/// Whether a text has the format of a Korean resident registration number or a payment card number.
pub(super) fn is_sensitive(text: &str) -> bool {
    let are_digits = |groups: &[&str], lengths: &[usize]| {
        groups.len() == lengths.len()
            && groups.iter().zip(lengths).all(|(group, length)| {
                group.len() == *length && group.bytes().all(|b| b.is_ascii_digit())
            })
    };
    // No format has more than four groups.
    let groups = |separator: char| -> Vec<&str> { text.splitn(5, separator).collect() };
    let dashed = groups('-');
    if are_digits(&dashed, &[6, 7]) {
        return is_resident_number(&dashed.concat());
    }
    let card = [dashed, groups(' ')].into_iter().find(|it| are_digits(it, &[4, 4, 4, 4]));
    card.is_some_and(|groups| is_card_number(&groups.concat()))
}

/// Whether 13 digits are a date (YYMMDD), a digit for the century and the sex, and others, the last of which is a check
/// digit. Numbers that were issued since October 2020 have no check digit, and are recognised only by a name.
fn is_resident_number(digits: &str) -> bool {
    let (month, day) = (&digits[2..4], &digits[4..6]);
    let weights = [2, 3, 4, 5, 6, 7, 8, 9, 2, 3, 4, 5];
    let values = digits.bytes().map(|digit| u32::from(digit - b'0'));
    let sum: u32 = values.zip(weights).map(|(digit, weight)| digit * weight).sum();
    let check = (11 - sum % 11) % 10;
    ("01"..="12").contains(&month)
        && ("01"..="31").contains(&day)
        && digits.ends_with(&check.to_string())
}

/// Whether a text is a payment card number: its first digits are those of a card network, and its check digit is right
/// (ISO/IEC 7812-1 annex B).
pub(super) fn is_card_number(text: &str) -> bool {
    if !(13..=19).contains(&text.len()) || !text.bytes().all(|b| b.is_ascii_digit()) {
        return false;
    }
    let is_of_network =
        text.starts_with(['3', '4', '5', '6']) || ("2221"..="2720").contains(&&text[..4]);
    let values = text.bytes().rev().enumerate().map(|(at, digit)| {
        let digit = u32::from(digit - b'0') << (at % 2);
        if digit > 9 { digit - 9 } else { digit }
    });
    is_of_network && values.sum::<u32>().is_multiple_of(10)
}
