//! Usage errors and their suggestions.

use std::collections::BTreeSet;

use crate::harness::{CLAIMS, SECRET, clocked, jwks, jwtctl, keyed, text, token};

const NO_TOPIC: &str = "[TOPIC]: not one of encode, decode, verify, refresh, audit, redact, key, completions, \
                        man, help, exit-codes, codes, profiles";

/// A call that is refused with a message and a hint.
#[track_caller]
fn refused(args: &[&str], error: &str, hint: &str) {
    jwtctl(args).error(error).hint(hint).code(2);
}

#[test]
fn without_arguments_the_help_is_printed_on_stderr() {
    let output = jwtctl::<&str>(&[]).output();
    assert_eq!((output.status.code(), text(&output.stdout)), (Some(2), String::new()));
    let help = text(&output.stderr);
    for part in ["Usage: jwtctl", "encode", "verify", "refresh", "decode", "jwtctl --help"] {
        assert!(help.contains(part), "{part} in {help}");
    }
}

#[test]
fn a_call_without_a_verb_is_wrong_even_if_nobody_can_be_told() {
    for args in [&[][..], &["key"]] {
        let output = jwtctl::<&str>(args).in_shell("\"$@\" 2>/dev/full");
        assert_eq!(output.status.code(), Some(2), "{args:?}");
    }
}

#[test]
fn help_and_version_are_answers() {
    let help = |args: &[&str]| {
        let output = jwtctl(args).output();
        assert_eq!((output.status.code(), text(&output.stderr)), (Some(0), String::new()));
        text(&output.stdout)
    };
    jwtctl(&["--version"]).stdout(format!("jwtctl {}\n", env!("CARGO_PKG_VERSION"))).code(0);
    assert!(help(&["help"]).starts_with("Create, decode, verify and refresh JSON Web Tokens\n"));
    for verb in ["encode", "decode", "verify", "refresh"] {
        let help = help(&["help", verb]);
        assert!(help.contains(&format!("Usage: jwtctl {verb}")), "{help}");
    }
}

#[test]
fn a_slip_of_the_keyboard_gets_a_suggestion() {
    refused(&["verfy", "x"], "argument 1 is not a verb", "did you mean verify?");
    refused(&["encode", "--tll", "5"], "there is no flag --tll", "did you mean --ttl?");
    refused(
        &["verify", "--color", "alwys", "x"],
        "--color <WHEN>: not one of auto, always, never",
        "did you mean always?",
    );
    refused(
        &["encode", "--exp", "30m"],
        "--exp <TIME>: \"30m\" is a duration, not a point in time",
        "for a lifetime: --ttl 30m",
    );
    refused(
        &["verify", "--at", "30m", "x"],
        "--at <TIME>: \"30m\" is a duration, not a point in time",
        "from now on: +30m; before now: -30m",
    );
    let algorithms = "HS256, HS384, HS512, RS256, RS384, RS512, PS256, PS384, PS512, ES256, ES384, ES512, ES256K, EdDSA, Ed25519, ML-DSA-44, ML-DSA-65, ML-DSA-87";
    refused(
        &["verify", "-A", "HS255", "x"],
        &format!("--alg <ALG>: not one of {algorithms}"),
        "did you mean HS256?",
    );
    refused(
        &["verify", "-A", "none", "x"],
        &format!("--alg <ALG>: not one of {algorithms}"),
        "unsigned tokens are neither created nor accepted",
    );
    refused(
        &["eyJhbGciOiJIUzI1NiJ9.e30.AA"],
        "argument 1 is not a verb",
        "jwtctl verify TOKEN, or jwtctl decode TOKEN",
    );
}

#[test]
fn a_verb_of_another_tool_gets_its_counterpart() {
    for (theirs, ours) in [
        ("check", "verify"),
        ("validate", "verify"),
        ("create", "encode"),
        ("generate", "encode"),
        ("make", "encode"),
        ("new", "encode"),
        ("show", "decode"),
        ("parse", "decode"),
        ("read", "decode"),
        ("renew", "refresh"),
        ("version", "--version"),
        ("exit-codes", "help exit-codes"),
    ] {
        refused(&[theirs], "argument 1 is not a verb", &format!("did you mean jwtctl {ours}?"));
        // The suggested verb exists.
        let suggested: Vec<_> = ours.split(' ').chain(["--help"]).collect();
        let output = jwtctl(&suggested).output();
        let help = text(&output.stdout) + &text(&output.stderr);
        assert!(help.contains("Usage: jwtctl") || ours == "--version", "{ours}: {help}");
    }
}

#[test]
fn a_word_that_is_no_verb_ends_the_search_for_one() {
    let key_verbs = "jwtctl key has new, show, public, convert, thumbprint, set";
    refused(&["key", "help", "new"], "argument 2 is not a verb", key_verbs);
    refused(&["help", "new"], NO_TOPIC, "did you mean jwtctl help key new?");
    refused(&["--exp", "5", "verify"], "there is no flag --exp", "it is a flag of encode");
    refused(&["--quiet=1"], "--quiet takes no value", "jwtctl --help lists verbs and flags");
    assert_eq!(jwtctl(&["--help", "x", "verify"]).output().status.code(), Some(0));
    jwtctl(&["verify", "--ca-file", "-q"]).error("--ca-file <PATH> needs a value").code(2);
}

#[test]
fn an_argument_that_is_no_verb_is_counted_where_it_stands() {
    refused(
        &["--color", "never", "frob"],
        "argument 3 is not a verb",
        "jwtctl --help lists the verbs",
    );
}

#[test]
fn a_key_in_place_of_a_token_is_not_taken_for_a_flag() {
    let pem = String::from_utf8(crate::harness::key("p256.pkcs8.private.pem")).unwrap();
    jwtctl(&["verify", &pem])
        .error("argument 2 is a key or certificate in PEM, not a flag")
        .hint("a key goes into a file, --key FILE, or a variable, --key-env NAME")
        .code(2);
}

#[test]
fn flags_that_contradict_each_other_are_refused() {
    for (args, one, other) in [
        (&["encode", "--ttl", "5", "--exp", "+5m"][..], "--ttl <D>", "--exp <TIME>"),
        (&["encode", "--exp", "+5m", "--no-exp"], "--exp <TIME>", "--no-exp"),
        (&["encode", "--iat", "5", "--no-iat"], "--iat <TIME>", "--no-iat"),
        (&["encode", "--typ", "a", "--no-typ"], "--typ <TEXT>", "--no-typ"),
        (&["encode", "-S", "a", "--secret-file", "b"], "--secret", "--secret-file"),
        (&["key", "show", "-k", "a", "--key-env", "B"], "--key", "--key-env"),
        (&["verify", "--aud", "a", "--any-aud"], "--aud <TEXT>", "--any-aud"),
        (&["verify", "--json", "--get", "a"], "--json", "--get <NAME>"),
        (&["verify", "--raw", "--json"], "--raw", "--json"),
        (&["verify", "--raw", "--iss", "a"], "--raw", "--iss <TEXT>"),
        (&["decode", "--header", "--json"], "--header", "--json"),
        (
            &["refresh", "--sign-key", "a", "--sign-secret-env", "B"],
            "--sign-key <PATH>",
            "--sign-secret-env <NAME>",
        ),
    ] {
        refused(args, &format!("{one} cannot be used with {other}"), "use only one of them");
    }
    for flag in ["--key", "--key-env"] {
        refused(
            &["verify", "--secret-format", "hex", flag, "a"],
            &format!("--secret-format cannot be used with {flag}: it applies only to HMAC secrets"),
            "use only one of them",
        );
    }
}

#[test]
fn a_name_is_given_once() {
    let help = |verb: &str| format!("jwtctl {verb} --help lists its flags");
    refused(&["encode", "-S", "a", "-S", "b"], "--secret is given twice", "use only one of them");
    refused(
        &["encode", "--iss", "a", "--iss", "b"],
        "--iss <TEXT> is given twice",
        &help("encode"),
    );
    refused(
        &["encode", "-A", "HS256", "-A", "HS512"],
        "--alg <ALG> is given twice",
        &help("encode"),
    );
    for (args, what) in [
        (&["--user", "1", "-c", "user_id=2"][..], "the claim \"user_id\""),
        (&["--iss", "1", "-c", "iss=2"], "the claim \"iss\""),
        (&["-c", "a=1", "-c", "a:=1"], "the claim \"a\""),
        (&["--ttl", "5", "-c", "exp:=2"], "the claim \"exp\""),
        (&["--no-iat", "-c", "iat:=2"], "the claim \"iat\""),
        (&["--jti", "-c", "jti=2"], "the claim \"jti\""),
        (&["{}", "--kid", "1", "--header", "kid=2"], "the header parameter \"kid\""),
        (&["{}", "--no-typ", "--header", "typ=2"], "the header parameter \"typ\""),
    ] {
        keyed(&[&["encode"], args].concat())
            .error(&format!("{what} is given twice by flags"))
            .code(2);
    }
}

#[test]
fn alg_and_other_fixed_header_members_cannot_be_set() {
    for (member, hint) in [
        ("alg=HS512", "choose the algorithm with --alg"),
        ("b64:=false", "the payload of a JWT is always encoded (RFC 7797 section 7)"),
    ] {
        let (name, _) = member.split_once(['=', ':']).unwrap();
        keyed(&["encode", "{}", "--header", member])
            .error(&format!("--header cannot set {name:?}"))
            .hint(hint)
            .code(2);
    }
    keyed(&["encode", "{}", "--header", "kid:=5"])
        .error("the header parameter \"kid\" must be a string")
        .hint("--header kid=TEXT writes a string")
        .code(2);
}

#[test]
fn claims_that_are_not_an_object_are_refused() {
    let hint = "CLAIMS is a JSON object: jwtctl encode '{\"user_id\":123}'";
    for (claims, error) in [
        ("5", "is a number, not a JSON object"),
        ("", "is empty"),
        ("{\"a\":1", "is not JSON: EOF while parsing an object at line 1 column 6"),
        (r#"{"a":1,"\u0061":2}"#, "has the member \"a\" twice"),
    ] {
        keyed(&["encode", claims]).error(&format!("CLAIMS {error}")).hint(hint).code(2);
    }
    keyed(&["encode", r#"{"iat":"x"}"#])
        .error("the lifetime cannot be counted from \"iat\", which is \"x\" in CLAIMS")
        .hint("give the expiry itself with --exp")
        .code(2);
    keyed(&["encode", "@missing.json"])
        .error("cannot read missing.json: No such file or directory")
        .code(1);
}

#[test]
fn values_that_no_flag_takes_are_refused() {
    let help = "jwtctl encode --help lists its flags";
    let duration = "not a duration such as 90, 90s, 30m, 1h30m, 7d or 2w";
    for (args, error) in [
        (["--ttl", "5x"], format!("--ttl <D>: \"5x\" is {duration}")),
        (["--ttl", "365251d"], "--ttl <D>: \"365251d\" is longer than 1000 years".to_owned()),
        (["-c", "a"], "--claim <NAME=TEXT>: neither NAME=TEXT nor NAME:=JSON".to_owned()),
        (["-c", "=a"], "--claim <NAME=TEXT>: there is no name before the '='".to_owned()),
        (
            ["-c", "a:=x"],
            "--claim <NAME=TEXT>: the text after := is not JSON: expected value at line 1 column 1"
                .to_owned(),
        ),
    ] {
        let of_a_claim = "--claim role=admin is a string, --claim 'roles:=[\"admin\"]' is JSON";
        let hint = if args[0] == "-c" { of_a_claim } else { help };
        refused(&["encode", args[0], args[1]], &error, hint);
    }
    refused(&["encode", "--ttl"], "--ttl <D> needs a value", help);
    refused(
        &["verify", "--get", "/~2", "x"],
        "--get <NAME>: '~' in a JSON Pointer must be ~0 or ~1 (RFC 6901)",
        "jwtctl verify --help lists its flags",
    );
}

#[test]
fn a_token_without_quotes_is_unexpected_and_not_repeated() {
    let token = token(CLAIMS);
    for verb in ["decode", "verify", "refresh"] {
        for words in [["Bearer", token.as_str()], [&token, &token.replace("eyJ1", "eyJ2")]] {
            refused(
                &[verb, words[0], words[1]],
                "argument 3 is unexpected (not shown: it may be a secret)",
                &format!(
                    "a token is one word; to read it from a variable: jwtctl {verb} --token-env TOKEN"
                ),
            );
        }
        let call = keyed(&[verb, "--token-env", "TOKEN"]).env("TOKEN", &format!("Bearer {token}"));
        let quoted = call.output();
        assert_eq!((quoted.status.code(), text(&quoted.stderr)), (Some(0), String::new()));
    }
}

#[test]
fn a_token_in_place_of_the_secret_is_recognised() {
    let token = token(CLAIMS);
    for (args, instead) in [
        (&["verify"][..], "verify -S SECRET TOKEN"),
        (&["refresh"], "refresh -S SECRET TOKEN"),
        (&["encode"], "encode -S SECRET CLAIMS"),
        (&["key", "show"], "verify -S SECRET TOKEN"),
        (&["key", "convert", "--format", "jwk"], "verify -S SECRET TOKEN"),
    ] {
        refused(
            &[args, &["-S", &token]].concat(),
            "--secret <TEXT>: a token, not a secret",
            &format!("jwtctl {instead}"),
        );
        // The suggestion works.
        let words = instead.split(' ').map(|word| match word {
            "SECRET" => SECRET,
            "TOKEN" => &token,
            "CLAIMS" => "{}",
            word => word,
        });
        let output = clocked(&words.collect::<Vec<_>>()).output();
        assert_eq!((output.status.code(), text(&output.stderr)), (Some(0), String::new()));
    }
}

#[test]
fn a_claim_without_its_flag_is_explained() {
    let is_one = "CLAIMS is one claim, not a JSON object";
    let too_many = "argument 3 is unexpected (not shown: it may be a secret)";
    for (args, error, hint) in [
        (&["sub=alice"][..], is_one, "--claim sub=alice"),
        (&["n:=5"], is_one, "--claim n:=5"),
        (&["note=two words"], is_one, "--claim NAME=TEXT"),
        (&["https://x.example/role=admin"], is_one, "--claim NAME=TEXT"),
        (&["note=0123456789abcdef0"], is_one, "--claim NAME=TEXT"),
        (&["roles:=[\"admin\"]"], is_one, "--claim 'NAME:=JSON'"),
        (&["{}", "sub=alice"], too_many, "--claim sub=alice"),
        (
            &["{user_id:", "123}"],
            too_many,
            "put CLAIMS in single quotes: jwtctl encode '{\"user_id\":123}'",
        ),
    ] {
        refused(&[&["encode"], args].concat(), error, hint);
    }
    for args in [
        &["--claim", "sub=alice"][..],
        &["--claim", "n:=5"],
        &["{}", "--claim", "sub=alice"],
        &["{\"user_id\":123}"],
    ] {
        let output = keyed(&[&["encode"], args].concat()).output();
        assert_eq!((output.status.code(), text(&output.stderr)), (Some(0), String::new()));
    }
    // What is no claim either is said to be no JSON.
    for claims in ["e=", "c2VjcmV0==", "{a=1}"] {
        let output = keyed(&["encode", claims]).output();
        assert!(text(&output.stderr).starts_with("error: CLAIMS is not JSON: "), "{claims}");
    }
}

/// A call of `verb` with a flag of another tool, the hint, and what the hint says in its place.
#[track_caller]
fn strange(verb: &str, flags: &[&str], hint: &str, instead: &[&str]) {
    let token = token(CLAIMS);
    let flag = flags[0].split('=').next().unwrap();
    let after: &[&str] = if verb == "encode" { &[] } else { &[&token] };
    refused(&[&[verb], flags, after].concat(), &format!("there is no flag {flag}"), hint);
    let secret = ["-S", SECRET];
    let names_key = instead.iter().any(|word| ["--secret", "--key", "--jwks"].contains(word));
    let secret = if names_key || instead[0] == "decode" { &[] } else { &secret[..] };
    let output = clocked(&[instead, secret, after].concat())
        .file("secret.jwk", SECRET_JWK)
        .file("jwks.json", jwks(&[SECRET_JWK]))
        .output();
    assert_eq!((output.status.code(), text(&output.stderr)), (Some(0), String::new()), "{flag}");
}

const SECRET_JWK: &str = r#"{"kty":"oct","alg":"HS256","k":"MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWYwMTIzNDU2Nzg5YWJjZGVmMDEyMzQ1Njc4OWFiY2RlZg"}"#;

#[test]
fn a_flag_of_another_tool_is_withheld_as_if_it_were_a_secret() {
    for flag in ["--ignore-exp", "--ignore-expiration"] {
        let instead = ["verify", "--allow-expired"];
        strange("verify", &[flag], "did you mean --allow-expired?", &instead);
    }
    for flag in ["--expiration", "--exp-in", "--lifetime"] {
        strange("encode", &[flag, "30m"], "did you mean --ttl?", &["encode", "--ttl", "30m"]);
    }
    for flag in ["--secret-key", "--hmac"] {
        let instead = ["verify", "--secret", SECRET];
        strange("verify", &[flag, SECRET], "did you mean --secret?", &instead);
    }
    for flag in ["--public", "--cert", "--certificate"] {
        let instead = ["verify", "--key", "secret.jwk"];
        strange("verify", &[flag, "secret.jwk"], "did you mean --key?", &instead);
    }
    for flag in ["--jwks-url", "--jwks-uri"] {
        let instead = ["verify", "--jwks", "jwks.json"];
        strange("verify", &[flag, "jwks.json"], "did you mean --jwks?", &instead);
    }
    for flags in [&["--output", "json"][..], &["--output=json"], &["-o", "json"]] {
        strange("verify", flags, "did you mean --json?", &["verify", "--json"]);
    }
    // Where there is an --out, it is meant.
    refused(&["key", "new", "--output", "x"], "there is no flag --output", "did you mean --out?");
}

#[test]
fn an_unknown_flag_gets_the_hint_to_list_all_flags() {
    for flag in ["--no-verify", "--skip-signature", "--insecure", "--no-verify-signature"] {
        let hint = "jwtctl decode shows a token without verifying it";
        strange("verify", &[flag], hint, &["decode"]);
    }
    for verb in ["decode", "verify", "refresh"] {
        let hint = format!("the token is given without a flag: jwtctl {verb} TOKEN");
        strange(verb, &["--token"], &hint, &[verb]);
    }
    for flag in ["-v", "--verbose"] {
        let hint = "there is no more detailed output; --json prints everything as JSON";
        strange("verify", &[flag], hint, &["verify", "--json"]);
    }
    strange("verify", &["--payload"], "jwtctl decode TOKEN shows the claims", &["decode"]);
    let claims = r#"{"user_id":123}"#;
    let hint = format!("CLAIMS are given without a flag: jwtctl encode '{claims}'");
    strange("encode", &["--payload", claims], &hint, &["encode", claims]);
    let instead = ["encode", "--claim", "nonce=TEXT"];
    strange("encode", &["--nonce", "n"], "did you mean --claim nonce=TEXT?", &instead);
    for flag in ["--secret-key", "--key"] {
        let hint = "decode checks no signature: jwtctl verify does";
        refused(&["decode", flag], &format!("there is no flag {flag}"), hint);
    }
}

#[test]
fn what_is_no_word_is_not_repeated_as_a_flag() {
    for secret in ["--aGVsbG8", "--hunter2", "--jsno_", "--abcdefghijklmnopqrstuvwxyz", "-X"] {
        refused(
            &["verify", secret],
            "argument 2 is not a flag here (not shown: it may be a secret)",
            "jwtctl verify --help lists its flags",
        );
    }
}

#[test]
fn a_flag_before_the_verb_is_looked_for_among_the_flags_of_no_verb() {
    let token = token(CLAIMS);
    for (args, error, hint) in [
        (
            ["--jsno", "verify", "x"],
            "there is no flag --jsno",
            "did you mean jwtctl verify --json?",
        ),
        (
            ["--ignore-exp", "verify", "x"],
            "there is no flag --ignore-exp",
            "did you mean jwtctl verify --allow-expired?",
        ),
        (
            ["--compact", "verify", "x"],
            "--compact belongs after the verb",
            "jwtctl verify --compact",
        ),
        (["--quite", "verify", "x"], "there is no flag --quite", "did you mean --quiet?"),
        (
            ["key", "--jsn", "show"],
            "there is no flag --jsn",
            "did you mean jwtctl key show --json?",
        ),
    ] {
        refused(&args, error, hint);
    }
    for args in [
        &["verify", "--json", &token][..],
        &["verify", "--allow-expired", &token],
        &["decode", "-j", &token],
        &["--quiet", "verify", &token],
    ] {
        assert_eq!(keyed(args).output().status.code(), Some(0), "{args:?}");
    }
    let shown = jwtctl(&["key", "show", "--json", "k"]).file("k", SECRET_JWK).output();
    assert_eq!(shown.status.code(), Some(0));
}

#[test]
fn an_error_names_the_variable_that_holds_a_url() {
    let url = "http://10.0.0.1/jwks.json";
    let token = token(CLAIMS);
    let hint = "write https://…; plain http is accepted only for this machine: localhost, 127.0.0.1, [::1]";
    clocked(&["verify", &token])
        .env("JWTCTL_JWKS", url)
        .error("JWTCTL_JWKS: http is not secure")
        .hint(hint)
        .code(2);
    clocked(&["verify", "--jwks", url, &token])
        .error("--jwks: http is not secure")
        .hint(hint)
        .code(2);
    clocked(&["verify", "-q", &token])
        .env("JWTCTL_JWKS", "jwks.json")
        .file("jwks.json", jwks(&[SECRET_JWK]))
        .code(0);
}

#[test]
fn a_quiet_call_that_is_wrong_says_only_its_error() {
    for quiet in ["-q", "--quiet", "-qj", "-jq"] {
        jwtctl(&["verify", quiet, "--get"]).error("--get <NAME> needs a value").code(2);
    }
    // A secret may begin like a flag.
    let output = jwtctl(&["verify", "-Sq", "--get"]).output();
    assert!(text(&output.stderr).contains("hint: "), "{}", text(&output.stderr));
}

/// The variables of jwtctl's own in a text.
fn variables(text: &str) -> BTreeSet<&str> {
    let words = text.split(|c: char| !c.is_ascii_uppercase() && c != '_');
    // In a manual page the font's name stands right before the word.
    words.filter_map(|word| word.find("JWTCTL_").map(|at| &word[at..])).collect()
}

#[test]
fn the_manual_lists_the_variables_that_are_read_and_that_flags_name() {
    let man = text(&jwtctl(&["man"]).output().stdout);
    let help = text(&jwtctl(&["help", "verify"]).output().stdout);
    let sources = [
        include_str!("../../src/cli/profiles.rs"),
        include_str!("../../src/commands/check.rs"),
        include_str!("../../src/input/keys.rs"),
        include_str!("../../src/input/passwords.rs"),
    ];
    let read = sources.into_iter().flat_map(variables).collect();
    assert_eq!(variables(&man), read);
    assert_eq!(variables(&help), read);
}
