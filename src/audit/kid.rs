//! Weaknesses of `kid`: that it is a path or a URL, or attacks the code that looks up the key.

use super::rules::Rule;

/// Commands that an injected shell command may begin with.
const COMMANDS: [&str; 31] = [
    "id",
    "ls",
    "cat",
    "sleep",
    "curl",
    "wget",
    "nc",
    "ncat",
    "bash",
    "sh",
    "zsh",
    "whoami",
    "ping",
    "rm",
    "cp",
    "mv",
    "echo",
    "touch",
    "chmod",
    "python",
    "python3",
    "perl",
    "ruby",
    "php",
    "nslookup",
    "dig",
    "uname",
    "powershell",
    "cmd",
    "socat",
    "telnet",
];

/// What follows the quote of an injected string in SQL: an operator, or a word that begins a clause or statement.
const OPERATORS: [&str; 4] = ["--", "#", "/*", "||"];
const CLAUSES: [&str; 7] = ["or", "and", "union", "where", "having", "limit", "order"];
const STATEMENTS: [&str; 10] =
    ["", "select", "insert", "update", "delete", "drop", "exec", "waitfor", "shutdown", "declare"];

/// Folders at the root of a file system, in lower case.
const ROOTS: [&str; 24] = [
    "etc", "dev", "proc", "sys", "var", "usr", "tmp", "home", "root", "opt", "run", "srv", "mnt",
    "boot", "bin", "sbin", "lib", "app", "data", "media", "private", "windows", "users", "volumes",
];

/// Extensions of files with keys. The first of them are nothing else.
const EXTENSIONS: [&str; 13] =
    ["pem", "der", "crt", "cer", "p12", "pfx", "p8", "jwk", "jwks", "key", "json", "txt", "pub"];
const CLEAR: usize = 6;

/// Schemes of URLs that are fetched also without `//`.
const SCHEMES: [&str; 15] = [
    "file", "data", "http", "https", "ldap", "ldaps", "ftp", "ftps", "jar", "gopher", "dict",
    "jndi", "rmi", "php", "netdoc",
];

/// Hosts of Azure Key Vault, whose key identifiers are URLs.
const VAULTS: [&str; 4] =
    [".vault.azure.net", ".managedhsm.azure.net", ".vault.azure.cn", ".vault.usgovcloudapi.net"];

/// The rule that a `kid` breaks, if any.
pub(super) fn kid_rule(kid: &str) -> Option<Rule> {
    // Some verifiers decode it, and some proxies before them.
    let kid = &*percent_decoded(&percent_decoded(kid));
    if is_injection(kid) {
        return Some(Rule::KidInjection);
    }
    let lower = kid.to_lowercase();
    if is_of_vault(&lower) {
        return None;
    }
    let scheme = lower.split_once(':').map(|(scheme, _)| scheme);
    if kid.contains("://") || scheme.is_some_and(|scheme| SCHEMES.contains(&scheme)) {
        return Some(Rule::KidUrl);
    }
    is_path(&lower).then_some(Rule::KidPath)
}

/// Decodes `%2F` and the like, and leaves other percent signs as they are.
fn percent_decoded(text: &str) -> String {
    let digit = |byte: u8| char::from(byte).to_digit(16).and_then(|value| u8::try_from(value).ok());
    let (mut bytes, mut rest) = (Vec::with_capacity(text.len()), text.as_bytes());
    while let [byte, after @ ..] = rest {
        rest = after;
        let escaped = match (byte, after) {
            (b'%', [high, low, ..]) => digit(*high).zip(digit(*low)),
            _ => None,
        };
        if let Some((high, low)) = escaped {
            bytes.push(high << 4 | low);
            rest = &after[2..];
        } else {
            bytes.push(*byte);
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

/// Whether a `kid` contains syntax of SQL, LDAP, a shell or a template, or a control character.
fn is_injection(kid: &str) -> bool {
    let lower = kid.to_lowercase();
    let anywhere =
        ["$(", "`", "*)(", ")(|", "(|(", "(&(", "{{", "${", "#{", "<%", "/**/", "waitfor delay"];
    kid.chars().any(char::is_control)
        || anywhere.iter().any(|text| lower.contains(text))
        || has_command(&lower)
        || has_sql(&lower)
}

/// Whether a command, or the path of one, follows `;`, `|` or `&`. In the distinguished name `CN=a; ID=b`, none does.
fn has_command(lower: &str) -> bool {
    lower.split([';', '|', '&']).skip(1).any(|after| {
        let after = after.trim_start();
        let end = after.find(|c: char| !c.is_ascii_alphanumeric()).unwrap_or(after.len());
        let (word, rest) = after.split_at(end);
        after.starts_with('/') || (COMMANDS.contains(&word) && !rest.starts_with(['=', '-', '.']))
    })
}

/// Whether a quote ends a string of SQL, or a condition is always true. A quote in a name, as in `O'Brien`, is neither.
fn has_sql(lower: &str) -> bool {
    let is_word = |text: &str, words: &[&str]| {
        let end = text.find(|c: char| !c.is_alphanumeric()).unwrap_or(text.len());
        words.contains(&&text[..end])
    };
    let ends_string = lower.split(['\'', '"']).skip(1).any(|after| {
        let after = after.trim_start_matches([' ', ')']);
        let statement = after.strip_prefix(';').map(str::trim_start);
        OPERATORS.iter().any(|operator| after.starts_with(operator))
            || is_word(after, &CLAUSES)
            || statement.is_some_and(|it| is_word(it, &STATEMENTS))
    });
    let mut words = lower.split(|c: char| !c.is_alphanumeric());
    let has_union = words.any(|word| word == "union") && words.any(|word| word == "select");
    ends_string || has_union || has_tautology(lower)
}

/// Whether a condition compares a value with itself, as `1 or 1=1` does.
fn has_tautology(lower: &str) -> bool {
    let words: Vec<_> = lower.split_whitespace().collect();
    words.iter().enumerate().any(|(at, word)| {
        // A condition has at most five words: `or not 1 = 1`.
        let condition = || words[at + 1..words.len().min(at + 5)].concat();
        ["or", "and"].contains(word)
            && condition()
                .split_once('=')
                .is_some_and(|(left, right)| !left.is_empty() && right.starts_with(left))
    })
}

/// Whether a `kid` is the identifier of a key in Azure Key Vault.
fn is_of_vault(lower: &str) -> bool {
    let of_https = lower.strip_prefix("https://").and_then(|rest| rest.split_once('/'));
    of_https.is_some_and(|(host, path)| {
        VAULTS.iter().any(|vault| host.ends_with(vault))
            && host.bytes().all(|b| b.is_ascii_alphanumeric() || b"-.".contains(&b))
            && path.starts_with("keys/")
    })
}

/// Whether a `kid` is a path in the file system. Base64 may begin with a slash, so a slash at the beginning is not enough.
fn is_path(lower: &str) -> bool {
    let path = lower.replace('\\', "/");
    let mut segments = path.split('/');
    let climbs = segments.clone().any(|segment| segment == "..");
    let file = segments.clone().next_back().and_then(|file| file.rsplit_once('.'));
    // Without a folder, what follows the last dot of a name may be a word, such as com.example.key.
    let in_any_folder = path.contains('/');
    let is_key_file = file.is_some_and(|(name, extension)| {
        let is_one = if in_any_folder { &EXTENSIONS[..] } else { &EXTENSIONS[..CLEAR] };
        !name.is_empty() && is_one.contains(&extension)
    });
    let first = segments.next();
    let is_absolute = first == Some("")
        && segments.clone().nth(1).is_some()
        && segments.clone().next().is_some_and(|root| ROOTS.contains(&root));
    let is_plain =
        |segment: &str| segment.bytes().all(|b| b.is_ascii_alphanumeric() || b"._-".contains(&b));
    let in_folder =
        matches!(first, Some("." | "~")) && path.contains('/') && segments.all(is_plain);
    let of_drive =
        matches!(path.as_bytes(), [drive, b':', b'/', ..] if drive.is_ascii_alphabetic());
    climbs || is_key_file || is_absolute || in_folder || of_drive || lower.starts_with(r"\\")
}
