//! What `jwtctl completions -- WORD...` lists for the scripts of the shells.

use crate::harness::{jwtctl, text};

const PROFILES: &str = "[profile.ci]\naud = \"x\"\n[profile.\"de\\u001bv\"]\n[profile.dev]\n";

/// The words that are offered for the last of these, without what they mean.
fn offered(words: &[&str]) -> Vec<String> {
    let output = jwtctl(&[&["completions", "--"], words].concat())
        .env("JWTCTL_CONFIG", "c.toml")
        .file("c.toml", PROFILES)
        .output();
    let said = (text(&output.stderr), output.status.code());
    assert_eq!(said, (String::new(), Some(0)), "{words:?}");
    let word = |line: &str| match line.split_once('\t') {
        Some((word, _)) if !word.is_empty() => word.to_owned(),
        _ => line.to_owned(),
    };
    text(&output.stdout).lines().map(word).collect()
}

#[test]
fn a_word_is_completed_by_what_fits_in_its_place() {
    for (words, fitting) in [
        (&["ver"][..], &["verify"][..]),
        (&["-j", "ver"], &["verify"]),
        (&["verify", "--min"], &["--min-ttl"]),
        (&["encode", "--alg", "es"], &["ES256", "ES384", "ES512", "ES256K"]),
        (&["encode", "--alg=ES25"], &["--alg=ES256", "--alg=ES256K"]),
        (&["encode", "-A", "hs2"], &["HS256"]),
        (&["key", "new", "--format", ""], &["pem", "jwk", "der", "openssh", "text"]),
        (&["encode", "--enc", "a256g"], &["A256GCM"]),
        (&["verify", "--secret-env", "B"], &["base64:"]),
        (&["verify", "--get", ""], &["iss", "sub", "aud", "exp", "nbf", "iat", "jti"]),
        (&["decode", "--header", "--get", ""], &["alg", "typ", "kid", "cty"]),
        (&["encode", "-c", ""], &["iss=", "sub=", "aud=", "exp:=", "nbf:=", "iat:=", "jti="]),
        (&["refresh", "--set", "n"], &["nbf:="]),
        (&["refresh", "--unset", ""], &["iss", "sub", "aud", "nbf", "jti"]),
        (&["encode", "--disclosable", ""], &["sub", "iat", "jti"]),
        (&["verify", "--profile", ""], &["ci", "dev"]),
        (&["--profile", "d"], &["dev"]),
        (&["verify", "--config", "none.toml", "--profile", ""], &[]),
        (&["help", "key", "s"], &["show", "set"]),
        (&["completions", "po"], &["powershell"]),
        (&["verify", "--", "--"], &[]),
        (&["verify", "\u{1b}"], &[]),
    ] {
        assert_eq!(offered(words), fitting, "{words:?}");
    }
}

#[test]
fn paths_are_left_to_the_shell_where_a_path_is_taken() {
    for (words, before) in [
        (&["verify", "--key", "k"][..], &["\t"][..]),
        (&["verify", "--key="], &["\t--key="]),
        (&["verify", "--secret-file", "HEX:k"], &["\tHEX:"]),
        (&["decode", "--token-file="], &["\t--token-file="]),
        (&["verify", "--token-file="], &[]),
        (&["decode", ""], &["\t@"]),
        (&["encode", "@cla"], &["\t@"]),
        (&["encode", "{"], &[]),
        (&["verify", ""], &[]),
        (&["verify", "@"], &[]),
        (&["decode", "TOKEN", ""], &[]),
        (&["decode", "--token-env", "T", ""], &[]),
        (&["verify", "--batch", "a"], &["\t"]),
        (&["verify", "a.txt", "--batch", "b.txt", "c"], &["\t"]),
        (&["encode", "--batch", "--threads", "2", ""], &["\t"]),
        (&["key", "show", ""], &["\t"]),
        (&["key", "set", "a", ""], &["\t"]),
        (&["redact", ""], &["\t"]),
    ] {
        assert_eq!(offered(words), before, "{words:?}");
    }
}

#[test]
fn a_flag_that_the_verb_would_refuse_is_not_offered() {
    let offers = |words: &[&str], flag: &str| offered(words).contains(&flag.to_owned());
    for (words, flag) in [
        (&["verify", "--json", "--"][..], "--get"),
        (&["verify", "--get", "a", "--"], "--json"),
        (&["verify", "--json", "--"], "--json"),
        (&["encode", "--ttl", "1h", "--"], "--exp"),
        (&["verify", "TOKEN", "--token"], "--token-env"),
        (&["completions", "--j"], "--json"),
        (&["decode", "--"], "--secret"),
    ] {
        assert!(!offers(words, flag), "{words:?}");
    }
    for (words, flag) in [
        (&["verify", "--get", "a", "--"][..], "--get"),
        (&["verify", "--aud", "a", "--"], "--aud"),
        (&["--"], "--json"),
    ] {
        assert!(offers(words, flag), "{words:?}");
    }
}
