//! What is said of a text that is no token. A piece of it may be shown, never the whole.

use super::codes::Code;
use super::explanation::{Explanation, shown};
use super::explanation::{parts, pipe};
use super::names::flag;
use super::{not_a_token, pointed};
use crate::explain::{Beginning, Damage, ESCAPES, Odd, Oddity, PaddingTrial, Repair, Seen};
use crate::json::{JsonError, Value};
use crate::token::{Base64Fault, Malformed, Part};

pub(super) fn explain(fault: &Malformed, seen: Option<&Seen>) -> Explanation {
    match seen {
        Some(Seen::NotAToken(stranger)) => not_a_token::explain(stranger),
        Some(Seen::Damage(damage)) => damaged(fault, damage),
        None => malformed(fault),
    }
}

/// What is said of the name of a file in a token's place.
pub(crate) fn file_as_token(verb: &str, path: Option<&str>) -> Explanation {
    let flag = path.and_then(|path| flag("--token-file", path));
    let flag = flag.unwrap_or_else(|| "--token-file FILE".to_owned());
    Explanation::new(Code::TokenIsFile, "this is a file name, not a token")
        .hint(format!("to read the token from the file: jwtctl {verb} {flag}"))
}

/// What is said of a variable that holds no token.
pub(crate) fn none_in_variable(by: &str, name: Option<&str>, is_set: bool) -> Explanation {
    let said = |message: String| Explanation::new(Code::TokenEmpty, message);
    match (name, is_set) {
        (Some(name), true) => said(format!("there is no token: the variable {name} is empty")),
        (Some(name), false) => said(format!("there is no token: the variable {name} is not set"))
            .hint(format!("a shell variable must be exported: export {name}")),
        (None, _) => {
            said(format!("{by}: no variable has this name (not shown: it may be a token)"))
                .hint(format!("{by} takes the name of a variable that holds the token: {by} TOKEN"))
        }
    }
}

fn malformed(malformed: &Malformed) -> Explanation {
    match malformed {
        Malformed::Empty => {
            Explanation::new(Code::TokenEmpty, "there is no token: the input is empty")
                .hint("was the variable set, and did the command before the pipe print anything?")
        }
        Malformed::NotText(at) => Explanation::new(
            Code::TokenNotText,
            format!("the token is not text: byte {at} is not UTF-8"),
        ),
        Malformed::TooLarge => {
            Explanation::new(Code::TokenTooLarge, "the token is larger than 16 MiB")
        }
        Malformed::WhiteSpace { at, tokens } => {
            let hint = match tokens {
                2.. => {
                    format!("this looks like {tokens} tokens: --batch takes a file with one a line")
                }
                _ => "a token has no white space: was it wrapped, or is it something else?"
                    .to_owned(),
            };
            let message = format!("the token has white space inside (byte {at})");
            Explanation::new(Code::TokenWhiteSpace, message).hint(hint)
        }
        Malformed::Parts(found) => parts(*found).hint(if *found < 3 {
            "was it cut?"
        } else {
            "is it more than one token?"
        }),
        Malformed::Base64 { part, at, fault } => base64(*part, *at, fault),
        Malformed::Json { part, error } => json(*part, error),
    }
}

/// A fault with its place, and what would mend it.
fn damaged(fault: &Malformed, damage: &Damage) -> Explanation {
    let mut said = match &damage.odd {
        Some(found) => odd(found),
        None => malformed(fault),
    };
    if let Some(spot) = &damage.spot {
        said = said.evidence(pointed::lines(spot).into_iter());
    }
    if let Some(beginning) = damage.beginning {
        return said.hint(match beginning {
            Beginning::Cut => "was it cut at its beginning? A token begins with eyJ",
            Beginning::Other => {
                "was it altered, or is it no JWT? A JWT's header is a JSON object, and begins with eyJ"
            }
        });
    }
    if damage.mends.is_empty() {
        return said;
    }
    if damage.mends == [Repair::Padding] {
        return padded(said, fault, damage.padding);
    }
    let commands: Vec<_> = damage.mends.iter().map(command).collect();
    let why = match fault {
        Malformed::WhiteSpace { .. } => "was it wrapped? To join it, ",
        _ => "",
    };
    said.hint(format!("{why}{}", pipe(&commands.join(" | "))))
}

/// What to do about padding, which some signers sign: then it must stay.
fn padded(mut said: Explanation, fault: &Malformed, trial: Option<PaddingTrial>) -> Explanation {
    let is_signed_over = !matches!(fault, Malformed::Base64 { part: Part::Signature, .. });
    let strip = pipe(&command(&Repair::Padding));
    match trial {
        Some(PaddingTrial::WithPadding) => said.hint(
            "the padding was signed, as AWS load balancers do: accept it with --allow-padding",
        ),
        Some(PaddingTrial::NotWhole) => said.hint(format!(
            "was it cut? A part with its padding is a multiple of four characters long; if the padding was not \
             signed, {strip}"
        )),
        None | Some(PaddingTrial::Neither) if is_signed_over => {
            let tried = "its signature matches the key neither with the padding nor without it";
            said.evidence.extend(trial.map(|_| tried.to_owned()));
            said.hint(format!(
                "if the signer signed the padding, as AWS load balancers do, accept it with --allow-padding; otherwise, {strip}"
            ))
        }
        _ => said.hint(strip),
    }
}

/// What is said where a padded token is shown.
pub(super) fn shown_padded() -> Explanation {
    let message = "the token is padded with '=', which a JWT must not be (RFC 7515 section 2)";
    Explanation::new(Code::TokenBase64, message).hint(
        "verify rejects it without --allow-padding, which is for signers that sign the padding, as AWS load balancers do",
    )
}

fn odd(odd: &Odd) -> Explanation {
    let whose = odd.part.map_or_else(|| "text".to_owned(), |part| part.to_string());
    let at = odd.at;
    let code_point = |c: char| format!("U+{:04X}", u32::from(c));
    let said = |code, has: String| Explanation::new(code, format!("the {whose} {has} (byte {at})"));
    match &odd.what {
        Oddity::Percent(encoded) => {
            said(Code::TokenPercentEncoded, format!("has {encoded}: it is percent-encoded"))
                .hint("decode it first (RFC 3986 section 2.1)")
        }
        Oddity::EscapedNewline => {
            said(Code::TokenEscaped, "has a backslash and a letter for a line's end".to_owned())
                .hint("was it cut out of JSON or a program's text? Take such escapes out")
        }
        Oddity::Quote(c) => {
            let c = if c.is_ascii() { c.to_string() } else { code_point(*c) };
            said(Code::TokenQuotes, format!("has a quotation mark inside: {c}"))
                .hint("a token has no quotation marks inside, and at most one pair around it")
        }
        Oddity::Invisible(c) => {
            said(Code::TokenInvisible, format!("has an invisible character, {}", code_point(*c)))
                .hint("copy it from its source as plain text")
        }
        Oddity::LookAlike { is, like } => {
            let has = format!("has {}, which looks like \"{like}\" and is not", code_point(*is));
            said(Code::TokenLookAlike, has).hint("copy it from its source as plain text")
        }
        Oddity::Punctuation(c) => {
            said(Code::TokenPunctuation, format!("has \"{c}\", which is not part of a token"))
                .hint("copy the token without what stands around it")
        }
        Oddity::Shortened => {
            said(Code::TokenShortened, "was shortened where it was shown".to_owned())
                .hint("copy it from where it is whole: what was left out is not there")
        }
        Oddity::Colours => {
            said(Code::TokenColours, "has a terminal's colour codes inside".to_owned())
                .hint("switch colours off in the program that printed it")
        }
        Oddity::Length { has, alg, others } => {
            let message = format!("the {whose} has {has} characters; with {alg} it has {others}");
            Explanation::new(Code::TokenBase64, message).hint(if has > others {
                "was something added to its end?"
            } else {
                "was it cut?"
            })
        }
        Oddity::Utf16 => Explanation::new(Code::TokenUtf16, "the token is in UTF-16, not in UTF-8"),
    }
}

fn command(mend: &Repair) -> String {
    match mend {
        Repair::Utf16 => r"LC_ALL=C tr -d '\000\376\377'".to_owned(),
        Repair::Bearer => "sed 's/.*[Bb][Ee][Aa][Rr][Ee][Rr] *//'".to_owned(),
        Repair::Colours => r#"sed "s/$(printf '\033')\[[0-9;]*m//g""#.to_owned(),
        Repair::Percent(places) => {
            let one = |&place: &usize| {
                let (pattern, _, stands_for) = ESCAPES[place];
                format!("s|{pattern}|{stands_for}|g")
            };
            format!("sed '{}'", places.iter().map(one).collect::<Vec<_>>().join(";"))
        }
        Repair::EscapedNewlines => r"sed 's/\\[nrt]//g'".to_owned(),
        Repair::Space => "tr -d '[:space:]'".to_owned(),
        Repair::LookAlikes(pairs) => {
            let one = |(is, like): &(char, char)| format!("s|{is}|{like}|g");
            format!("sed '{}'", pairs.iter().map(one).collect::<Vec<_>>().join(";"))
        }
        Repair::Alphabet => "tr '+/' '-_'".to_owned(),
        Repair::Padding => "tr -d =".to_owned(),
        Repair::Foreign => "LC_ALL=C tr -cd 'A-Za-z0-9._-'".to_owned(),
        Repair::Dots => "sed 's/^[.[:space:]]*//;s/[.[:space:]]*$//'".to_owned(),
        Repair::ThreeParts => "cut -d. -f1-3".to_owned(),
    }
}

fn base64(part: Part, at: usize, fault: &Base64Fault) -> Explanation {
    let said = |message: String| Explanation::new(Code::TokenBase64, message);
    match fault {
        Base64Fault::Padding => said(format!("the {part} is padded with '=' (byte {at})"))
            .hint("tokens are base64url without padding (RFC 7515 section 2)"),
        Base64Fault::Stray(c @ ('+' | '/')) => said(format!(
            "the {part} has the character '{c}' (byte {at}), which is not base64url"
        ))
        .hint("it seems to be in the standard base64 alphabet: '-' and '_' stand for '+' and '/'"),
        Base64Fault::Stray(c) => said(format!(
            "the {part} has the character {} (byte {at}), which is not base64url",
            shown(&Value::string(&c.to_string()))
        )),
        Base64Fault::Length => {
            said(format!("the {part} has one character too many or too few (it has {at})"))
                .hint("was it cut?")
        }
        Base64Fault::TrailingBits => {
            said(format!("the {part} ends in a character that it cannot end in (byte {at})"))
                .hint("was it cut, or altered?")
        }
    }
}

fn json(part: Part, error: &JsonError) -> Explanation {
    let code = match error {
        JsonError::Duplicate { .. } => Code::DuplicateMember,
        JsonError::TooDeep => Code::TooDeep,
        JsonError::Empty
        | JsonError::NotUtf8 { .. }
        | JsonError::Syntax { .. }
        | JsonError::LoneSurrogate
        | JsonError::NotAnObject { .. } => Code::NotJson,
    };
    let said = Explanation::new(code, format!("the {part} {error}"));
    match (part, error) {
        (_, JsonError::Duplicate { .. }) => {
            said.hint("readers disagree on which of the two counts, so neither is trusted")
        }
        (Part::Payload, JsonError::Syntax { .. } | JsonError::NotAnObject { .. }) => {
            said.hint("jwtctl verify --raw checks a payload of any kind")
        }
        _ => said,
    }
}
