//! A command as the words of a POSIX shell, without expansions (POSIX.1-2024, Shell Command Language, section 2.2).

use std::mem;

/// Why a text cannot be split into a command.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(crate) enum WordsError {
    #[error("a quote is not closed")]
    OpenQuote,
    #[error("there is no character after the last backslash")]
    OpenEscape,
    #[error("the command is empty")]
    NoProgram,
}

/// Splits a command into words at white space. Text in single quotes is taken as it is. In double quotes, a backslash
/// escapes `$`, a backtick, `"`, itself and a line break, and outside of quotes any character. The rule is the same on
/// all systems.
pub(crate) fn split(command: &str) -> Result<Vec<String>, WordsError> {
    let mut words = Vec::new();
    let (mut word, mut is_word) = (String::new(), false);
    let mut rest = command.chars();
    while let Some(c) = rest.next() {
        let is_space = matches!(c, ' ' | '\t' | '\n' | '\r');
        if is_space && is_word {
            words.push(mem::take(&mut word));
        }
        match c {
            _ if is_space => {}
            '\'' => loop {
                match rest.next().ok_or(WordsError::OpenQuote)? {
                    '\'' => break,
                    c => word.push(c),
                }
            },
            '"' => loop {
                match rest.next().ok_or(WordsError::OpenQuote)? {
                    '"' => break,
                    '\\' => match rest.next().ok_or(WordsError::OpenQuote)? {
                        '\n' => {}
                        c @ ('$' | '`' | '"' | '\\') => word.push(c),
                        c => word.extend(['\\', c]),
                    },
                    c => word.push(c),
                }
            },
            '\\' => match rest.next().ok_or(WordsError::OpenEscape)? {
                // A backslash before a line break outside a word does not start a word.
                '\n' if !is_word => continue,
                '\n' => {}
                c => word.push(c),
            },
            c => word.push(c),
        }
        is_word = !is_space;
    }
    words.extend(is_word.then_some(word));
    match words.first() {
        Some(program) if !program.is_empty() => Ok(words),
        _ => Err(WordsError::NoProgram),
    }
}

#[cfg(test)]
mod tests {
    use super::{WordsError, split};

    #[test]
    fn a_command_is_split_as_a_shell_does() {
        for (command, words) in [
            (
                "openssl dgst -sha256 -sign key.pem",
                &["openssl", "dgst", "-sha256", "-sign", "key.pem"][..],
            ),
            ("  a\t b\n", &["a", "b"]),
            (r"a 'b c' 'd'\''e'", &["a", "b c", "d'e"]),
            (r#"a "b 'c'" "d\"e\\f\$g\`h\i""#, &["a", "b 'c'", r#"d"e\f$g`h\i"#]),
            (r"a b\ c \\ \'", &["a", "b c", r"\", "'"]),
            ("a '' \"\"", &["a", "", ""]),
            ("a b'c'\"d\"e", &["a", "bcde"]),
            ("a \\\nb c\\\nd \"e\\\nf\"", &["a", "b", "cd", "ef"]),
            (r"'C:\Program Files\sign.exe' /k", &[r"C:\Program Files\sign.exe", "/k"]),
            (
                "a $HOME `b` * | c > d # e",
                &["a", "$HOME", "`b`", "*", "|", "c", ">", "d", "#", "e"],
            ),
        ] {
            assert_eq!(
                split(command).as_deref(),
                Ok(&words.iter().map(|word| (*word).to_owned()).collect::<Vec<_>>()[..]),
                "{command}"
            );
        }
    }

    #[test]
    fn a_command_that_is_not_complete_is_refused() {
        for (command, error) in [
            ("", WordsError::NoProgram),
            (" \n", WordsError::NoProgram),
            ("'' a", WordsError::NoProgram),
            ("a 'b", WordsError::OpenQuote),
            ("a \"b", WordsError::OpenQuote),
            ("a \"b\\", WordsError::OpenQuote),
            ("a \\", WordsError::OpenEscape),
        ] {
            assert_eq!(split(command), Err(error), "{command}");
        }
    }
}
