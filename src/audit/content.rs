//! Weaknesses in the content of a token: credentials, keys and personal data that everyone who has the token can read.
//! The text is read once, in time that is linear in its length.

use std::collections::BTreeMap;

use super::finding::Finding;
use super::kind::excused;
use super::rules::Rule;
use crate::claims::Claims;
use crate::json::{Tokens, ValueRef, push_pointer, unquote};
use crate::token::Header;

/// Names of members with credentials, in lower case and without separators between words.
const CREDENTIALS: [&str; 25] = [
    "password",
    "passwd",
    "pwd",
    "passphrase",
    "passwordhash",
    "hashedpassword",
    "pwdhash",
    "secret",
    "secretkey",
    "clientsecret",
    "sharedsecret",
    "apikey",
    "apisecret",
    "apitoken",
    "accesskey",
    "secretaccesskey",
    "awssecretaccesskey",
    "privatekey",
    "refreshtoken",
    "dbpassword",
    "databasepassword",
    "databaseurl",
    "connectionstring",
    "totpsecret",
    "mfasecret",
];

/// Names of members with sensitive personal data.
const SENSITIVE: [&str; 19] = [
    "ssn",
    "socialsecuritynumber",
    "nationalid",
    "nationalidnumber",
    "residentregistrationnumber",
    "rrn",
    "passportnumber",
    "driverlicensenumber",
    "taxid",
    "taxidentificationnumber",
    "iban",
    "bankaccount",
    "bankaccountnumber",
    "creditcard",
    "creditcardnumber",
    "cardnumber",
    "cvv",
    "cvc",
    "medicalrecordnumber",
];

/// Names of members with personal data; most are standard claims of OpenID Connect Core 1.0 section 5.1.
const PERSONAL: [&str; 21] = [
    "email",
    "emailaddress",
    "phone",
    "phonenumber",
    "mobile",
    "mobilenumber",
    "birthdate",
    "dateofbirth",
    "dob",
    "birthday",
    "gender",
    "givenname",
    "familyname",
    "firstname",
    "lastname",
    "middlename",
    "fullname",
    "streetaddress",
    "postalcode",
    "homeaddress",
    "postaladdress",
];

/// Prefixes of values that are credentials, whatever the name of the member.
const CREDENTIAL_VALUES: [&str; 21] = [
    "-----BEGIN PRIVATE KEY",
    "-----BEGIN RSA PRIVATE KEY",
    "-----BEGIN EC PRIVATE KEY",
    "-----BEGIN OPENSSH PRIVATE KEY",
    "-----BEGIN ENCRYPTED PRIVATE KEY",
    "$2a$",
    "$2b$",
    "$2y$",
    "$argon2",
    "$scrypt$",
    "{bcrypt}",
    "{SSHA}",
    "github_pat_",
    "ghp_",
    "gho_",
    "glpat-",
    "xoxb-",
    "xoxp-",
    "sk_live_",
    "rk_live_",
    "whsec_",
];

/// The longest name that is compared, in bytes.
const LONGEST_NAME: usize = 64;

/// The most places that the evidence of a rule names.
const MOST_PLACES: usize = 5;

/// The weaknesses in the content of a header and of claims that are not encrypted.
pub(crate) fn content_findings(header: &Header, claims: Option<&Claims>) -> Vec<Finding> {
    let mut found = Places::default();
    Walk::new(&header.object.text(), "header ", false, &mut found).run();
    if let Some(claims) = claims {
        Walk::new(&claims.object.text(), "", true, &mut found).run();
    }
    let excused = excused(header, claims);
    let rules = found.0.into_iter().filter(|(rule, _)| !excused.contains(rule));
    rules.map(|(rule, (places, count))| Finding::new(rule, listed(&places, count))).collect()
}

fn listed(places: &[String], count: usize) -> String {
    let more = count - places.len();
    let more = if more > 0 { format!(", and {more} more") } else { String::new() };
    format!("{}{more}", places.join(", "))
}

/// Where each rule is broken: the first places, and the number of places.
#[derive(Default)]
struct Places(BTreeMap<Rule, (Vec<String>, usize)>);

/// An object or array that is being read.
struct Frame<'a> {
    /// In an object, the current member's name as it is spelled in the JSON text; in an array, the array's name.
    name: &'a str,
    /// The index of the current item, if it is an array.
    index: Option<usize>,
    /// Whether it has `kty`, and a member that only private and symmetric JWKs have (RFC 7517 section 4.1, RFC 7518
    /// section 6).
    has_kty: bool,
    has_private: bool,
}

/// Reads the text of an object.
struct Walk<'a, 'f> {
    tokens: Tokens<'a>,
    frames: Vec<Frame<'a>>,
    /// The text before the JSON Pointer of a place, such as "header ".
    part: &'static str,
    /// Whether to examine all values; if not, only JWKs are looked for.
    has_claims: bool,
    found: &'f mut Places,
}

impl<'a, 'f> Walk<'a, 'f> {
    /// `text` is a JSON object.
    fn new(text: &'a str, part: &'static str, has_claims: bool, found: &'f mut Places) -> Self {
        let tokens = ValueRef::checked(text).into_tokens();
        Self { tokens, frames: Vec::new(), part, has_claims, found }
    }

    fn run(mut self) {
        let mut is_value = true;
        while let Some(token) = self.tokens.next() {
            let outer = self.frames.last().map_or("\"\"", |frame| frame.name);
            let frame = |index| Frame { name: outer, index, has_kty: false, has_private: false };
            match token {
                "{" => {
                    self.frames.push(frame(None));
                    is_value = false;
                }
                "[" => {
                    self.frames.push(frame(Some(0)));
                    is_value = true;
                }
                "}" | "]" => self.close(),
                "," => {
                    let Some(frame) = self.frames.last_mut() else { return };
                    is_value = frame.index.is_some();
                    frame.index = frame.index.map(|index| index + 1);
                }
                ":" => is_value = true,
                name if !is_value => {
                    if let Some(frame) = self.frames.last_mut() {
                        frame.name = name;
                        frame.has_kty |= name == "\"kty\"";
                        frame.has_private |= ["\"d\"", "\"k\"", "\"priv\""].contains(&name);
                    }
                }
                value => self.value(outer, value),
            }
        }
    }

    /// Handles the end of an object or array.
    fn close(&mut self) {
        let Some(frame) = self.frames.pop() else { return };
        if frame.has_kty && frame.has_private {
            self.add(Rule::PrivateKeyInside);
        }
    }

    fn value(&mut self, name: &'a str, value: &'a str) {
        let is_string = value.starts_with('"');
        if !self.has_claims || matches!(value, "true" | "false" | "null" | "\"\"") {
            return;
        }
        let text = if is_string { unquote(value) } else { value.into() };
        let name = plain(name);
        let is_credential = CREDENTIAL_VALUES.iter().any(|start| text.starts_with(start))
            || has_password(&text)
            || (CREDENTIALS.contains(&&*name) && is_string);
        if is_credential {
            self.add(Rule::Credential);
        } else if SENSITIVE.contains(&&*name) || (is_string && is_sensitive(&text)) {
            self.add(Rule::SensitiveData);
        } else if PERSONAL.contains(&&*name) {
            self.add(Rule::PersonalData);
        }
    }

    /// Records that the current value breaks a rule.
    fn add(&mut self, rule: Rule) {
        let (places, count) = self.found.0.entry(rule).or_default();
        *count += 1;
        if places.len() >= MOST_PLACES {
            return;
        }
        let mut pointer = self.part.to_owned();
        for frame in &self.frames {
            match frame.index {
                Some(index) => push_pointer(&mut pointer, &index.to_string()),
                None => push_pointer(&mut pointer, &unquote(frame.name)),
            }
        }
        places.push(pointer);
    }
}

/// A name in lower case without separators between words; empty if the name is long. Of a name with a namespace, such
/// as a URL, only the last part is used.
fn plain(spelled: &str) -> String {
    let name = unquote(spelled);
    let name = name.rsplit(['/', ':']).next().unwrap_or_default();
    if name.len() > LONGEST_NAME {
        return String::new();
    }
    let letters = name.chars().filter(|c| !"_-. ".contains(*c));
    letters.flat_map(char::to_lowercase).collect()
}

/// Whether a text is a URL with a password, such as the URL of a database.
pub(super) fn has_password(text: &str) -> bool {
    let Some((scheme, rest)) = text.split_once("://") else { return false };
    let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
    let user = authority.rsplit_once('@').map(|(user, _)| user);
    let password = user.and_then(|user| user.split_once(':')).map(|(_, password)| password);
    scheme.bytes().all(|b| b.is_ascii_alphanumeric() || b"+-.".contains(&b))
        && password.is_some_and(|password| !password.is_empty())
}

/// Whether a text has the format of a US Social Security number, a Korean resident registration number or a payment
/// card number.
fn is_sensitive(text: &str) -> bool {
    let groups = |separator: char| -> Vec<&str> { text.split(separator).collect() };
    let are_digits = |groups: &[&str], lengths: &[usize]| {
        groups.len() == lengths.len()
            && groups.iter().zip(lengths).all(|(group, length)| {
                group.len() == *length && group.bytes().all(|b| b.is_ascii_digit())
            })
    };
    let dashed = groups('-');
    if are_digits(&dashed, &[3, 2, 4]) {
        let is_unused = matches!(dashed[0], "000" | "666") || dashed[0].starts_with('9');
        return !is_unused && dashed[1] != "00" && dashed[2] != "0000";
    }
    if are_digits(&dashed, &[6, 7]) {
        return is_resident_number(dashed[0], dashed[1]);
    }
    let card = [dashed, groups(' ')].into_iter().find(|it| are_digits(it, &[4, 4, 4, 4]));
    card.is_some_and(|groups| has_check_digit(&groups.concat()))
}

/// Whether the parts are a date (YYMMDD) and seven digits, the first of which encodes the century and the sex.
fn is_resident_number(birth: &str, rest: &str) -> bool {
    let (month, day) = (&birth[2..4], &birth[4..6]);
    ("01"..="12").contains(&month) && ("01"..="31").contains(&day) && !rest.starts_with(['0', '9'])
}

/// Whether the check digit of a payment card number is right (ISO/IEC 7812-1 annex B).
fn has_check_digit(digits: &str) -> bool {
    let sum: u32 = digits
        .bytes()
        .rev()
        .enumerate()
        .map(|(at, digit)| {
            let digit = u32::from(digit - b'0') << (at % 2);
            if digit > 9 { digit - 9 } else { digit }
        })
        .sum();
    sum.is_multiple_of(10) && digits.bytes().any(|digit| digit != b'0')
}
