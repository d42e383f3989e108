//! Commands in hints, for the shell of the system: a POSIX shell, or PowerShell on Windows.

use std::borrow::Cow;

use crate::sys::{SHELL, Shell};

/// How an SSH agent is found whose variable is empty, or not set where it must be.
pub(super) fn start_agent() -> &'static str {
    match SHELL {
        Shell::Posix => "start one and add the key: eval \"$(ssh-agent)\"; ssh-add",
        Shell::PowerShell => {
            "for the agent of Windows, unset the variable: Remove-Item Env:SSH_AUTH_SOCK"
        }
    }
}

/// A command that changes the text which is piped through it.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Filter {
    posix: Cow<'static, str>,
    powershell: Cow<'static, str>,
}

impl Filter {
    /// Replaces every match of each regular expression, in this order. Python, Perl and .NET read them alike; neither
    /// they nor the replacements hold a single quote.
    pub(super) fn replace<P: AsRef<str>, R: AsRef<str>>(
        posix: impl Into<Cow<'static, str>>,
        pairs: &[(P, R)],
    ) -> Self {
        let operators = pairs.iter().map(|(pattern, replacement)| {
            match (pattern.as_ref(), replacement.as_ref()) {
                (pattern, "") => format!(" -creplace '{pattern}'"),
                (pattern, replacement) => format!(" -creplace '{pattern}', '{replacement}'"),
            }
        });
        let operators: String = operators.collect();
        let powershell = format!("ForEach-Object {{ $_{operators} }}").into();
        Self { posix: posix.into(), powershell }
    }

    /// Removes every match of a regular expression.
    pub(super) fn remove(posix: &'static str, pattern: &str) -> Self {
        Self::replace(posix, &[(pattern, "")])
    }

    /// Prints the token with this index, of `count` in a text.
    pub(super) fn find_token(index: usize, count: usize) -> Self {
        let find = "jwtctl decode -q --find --tokens";
        Self { posix: find.into(), powershell: find.into() }.line(index, count)
    }

    /// Cuts off words before what a token begins with: what [`cut_words`] does.
    pub(super) fn cut_words() -> Self {
        Self::replace(r"sed 's/\([^.]\)eyJ/\1 eyJ/g'", &[("([^.])eyJ", "$1 eyJ")])
    }

    /// Prints the match of a regular expression with this index, of `count`.
    pub(super) fn find(pattern: &str, index: usize, count: usize) -> Self {
        let posix = format!("grep -aoE '{pattern}'").into();
        let powershell = format!(
            "Select-String -AllMatches '{pattern}' | ForEach-Object {{ $_.Matches.Value }}"
        );
        Self { posix, powershell: powershell.into() }.line(index, count)
    }

    /// Prints only the line with this index, of the `count` that a command prints.
    fn line(self, index: usize, count: usize) -> Self {
        if count == 1 {
            return self;
        }
        Self {
            posix: format!("{} | sed -n {}p", self.posix, index + 1).into(),
            powershell: format!("{} | Select-Object -Index {index}", self.powershell).into(),
        }
    }

    /// Decodes base64 (RFC 4648 section 4).
    pub(super) const fn from_base64() -> Self {
        Self {
            posix: Cow::Borrowed("base64 -d"),
            powershell: Cow::Borrowed(
                "ForEach-Object { [Text.Encoding]::UTF8.GetString([Convert]::FromBase64String($_)) }",
            ),
        }
    }

    /// Takes a value out of JSON. The filter needs no quotes, or single ones.
    pub(super) fn jq(filter: &str) -> Self {
        let quotes = if filter.contains(['[', ' ']) { "'" } else { "" };
        let command: Cow<'_, _> = format!("jq -r {quotes}{filter}{quotes}").into();
        Self { posix: command.clone(), powershell: command }
    }
}

/// A text with a space before every `eyJ` that is not behind a dot.
pub(super) fn cut_words(text: &str) -> String {
    let mut parts = text.split("eyJ");
    let mut cut = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let is_word = !cut.ends_with(['.', '\n']) && !cut.is_empty();
        cut.extend([if is_word { " " } else { "" }, "eyJ", part]);
    }
    cut
}

/// Removes the padding of base64url.
pub(super) fn strip_padding() -> Filter {
    Filter::remove("tr -d =", "=")
}

/// A hint to pipe the token through commands.
pub(super) fn pipe(filters: &[Filter]) -> String {
    format!("pipe it through {}", pipeline(filters, SHELL))
}

/// PowerShell passes on one line after the other, so they are joined first.
fn pipeline(filters: &[Filter], shell: Shell) -> String {
    let commands = filters.iter().map(|filter| match shell {
        Shell::Posix => &*filter.posix,
        Shell::PowerShell => &*filter.powershell,
    });
    let join = (shell == Shell::PowerShell).then_some("Out-String");
    join.into_iter().chain(commands).collect::<Vec<_>>().join(" | ")
}

/// How a variable of the shell gets into the environment.
pub(super) fn export(name: &str) -> String {
    match SHELL {
        Shell::Posix => format!("a shell variable must be exported: export {name}"),
        Shell::PowerShell => {
            format!("a PowerShell variable is not in the environment: $env:{name} = ${name}")
        }
    }
}

/// The beginning of a command that pipes the value of the variable KEY.
pub(super) fn piped_key() -> &'static str {
    match SHELL {
        Shell::Posix => "printf %s \"$KEY\" |",
        Shell::PowerShell => "$env:KEY |",
    }
}

/// A call of `encode` with claims. Windows PowerShell removes the double quotes of an argument.
pub(super) fn encode_claims() -> &'static str {
    match SHELL {
        Shell::Posix => r#"jwtctl encode '{"user_id":123}'"#,
        Shell::PowerShell => r#"'{"user_id":123}' | jwtctl encode"#,
    }
}

/// The end of a command that writes a new file and then replaces FILE by it.
pub(super) fn replace_file() -> &'static str {
    match SHELL {
        Shell::Posix => "> NEW && mv NEW FILE",
        Shell::PowerShell => "> NEW; mv -Force NEW FILE",
    }
}

/// A value as one word; `None` if it cannot be typed. PowerShell before 7.3 drops double quotes inside a word.
pub(super) fn quoted(value: &str) -> Option<String> {
    let is_plain = |text: &str| {
        let is_bare = |c: char| c.is_ascii_alphanumeric() || "_-./".contains(c);
        !text.is_empty() && text.chars().all(is_bare)
    };
    match SHELL {
        Shell::Posix if is_plain(value.strip_prefix('@').unwrap_or(value)) => {
            Some(value.to_owned())
        }
        Shell::Posix => Some(format!("'{}'", value.replace('\'', r"'\''"))),
        Shell::PowerShell if is_plain(value) => Some(value.to_owned()),
        Shell::PowerShell => {
            (!value.contains('"')).then(|| format!("'{}'", value.replace('\'', "''")))
        }
    }
}
