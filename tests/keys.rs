//! Keys and secrets from outside: what is read, what is recognized as a key in a secret's place, what may be repeated
//! in a message.

use std::path::Path;

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use jwtctl::claims::Claims;
use jwtctl::crypto::{LoadedKey, LoadedKeys, Seal, Signer};
use jwtctl::json::Object;
use jwtctl::keys::{
    Algorithm, Key, KeyError, KeyFile, KeyMaterial, KeyType, SecretFormat, read_keys,
    read_published, read_secret,
};
use jwtctl::secret::{Secret, may_repeat_flag, may_repeat_id, may_repeat_name, may_repeat_path};
use jwtctl::token::{Codec, Unverified};
use num_bigint::BigUint;

#[test]
fn only_what_looks_like_a_name_is_repeated() {
    for name in ["JWTCTL_SECRET", "KEY2", "_"] {
        assert!(may_repeat_name(name), "{name}");
    }
    for secret in [
        "",
        "0BADC0DE",
        "JBSWY3DPEHPK3PXP",
        "hunter2",
        "P@ssw0rd",
        "A B",
        "abc_def",
        "MC4CAQAwBQYDK2VwBCIE/=",
    ] {
        assert!(!may_repeat_name(secret), "{secret}");
    }
}

#[test]
fn only_what_is_as_short_as_an_id_is_repeated() {
    for id in ["2026-11", "", "NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs", &"0a".repeat(32)] {
        assert!(may_repeat_id(id), "{id}");
    }
    let der = "MIGkAgEBBDAZvgRRBGtbxaHcPo1xkq0ZlVv2KB0pTnbV";
    for key in
        [der, &"0a".repeat(33), "b3BlbnNzaC1rZXktdjEAAAAABG5vbmUAAAAEbm9uZQAAAAA", r#"{"kty":1}"#]
    {
        assert!(!may_repeat_id(key), "{key}");
    }
}

#[test]
fn only_what_looks_like_a_flag_is_repeated() {
    for flag in ["--role", "-u", "--debug", "--abcdefghijklmnopqrstuvwx", "-x"] {
        assert!(may_repeat_flag(flag), "{flag}");
    }
    for secret in
        ["", "-", "--", "role", "--hunter2", "--aGVsbG8", "--abcdefghijklmnopqrstuvwxy", "--a_b"]
    {
        assert!(!may_repeat_flag(secret), "{secret}");
    }
}

#[test]
fn only_what_looks_like_a_path_is_repeated() {
    for path in [
        "missing.pem",
        "id_ed25519",
        "no/such/folder/secret.txt",
        "keys/prod/public",
        "/etc/jwt/secret",
        "/tmp/Missing",
        "src/missing",
        "./Missing",
        "../missing",
        "~/.ssh/Key",
        "Cargo.toml",
    ] {
        assert!(may_repeat_path(Path::new(path)), "{path}");
    }
    for secret in [
        "",
        "hunter2",
        "correct.horse.battery.staple",
        "/hZ3kq9Zp0aX7wq1mJ5v8c2T",
        "//hZ3kq9Zp0aX7wq1mJ5v8c2T",
        "abc/def+ghi=",
        "Zm9v/YmFy",
        "abcdefghijklmnopqrstuvwxyz.pem",
        "Hunter2.pem",
        "eyJhbGciOiJIUzI1NiJ9.e30.AAAA",
        "./eyJhbGciOiJIUzI1NiJ9.e30.AAAA",
        "eyJhbGciOiJIUzI1NiJ9.pem",
        "{\"kty\":\"oct\"}.json",
        "-----BEGIN KEY-----.pem",
    ] {
        assert!(!may_repeat_path(Path::new(secret)), "{secret}");
    }
}

#[test]
fn debug_shows_nothing() {
    let secret = Secret::new(b"hunter2".to_vec());
    assert_eq!(format!("{secret:?}"), "Secret([redacted])");
    assert_eq!(format!("{:?}", Some(&secret)), "Some(Secret([redacted]))");
}

fn read(text: &[u8], format: SecretFormat, from_file: bool) -> Result<Vec<u8>, KeyError> {
    let key = read_secret(&Secret::new(text.to_vec()), format, from_file)?;
    match key.material {
        KeyMaterial::Private(secret) => Ok(secret.expose().to_vec()),
        KeyMaterial::Public(_) => unreachable!("a secret is private"),
    }
}

#[test]
fn only_the_final_newline_of_a_text_file_is_dropped() {
    for (text, from_file, secret) in [
        (&b"abc\n"[..], true, &b"abc"[..]),
        (b"abc\r\n", true, b"abc"),
        (b"abc\n\n", true, b"abc\n"),
        (b" abc \n", true, b" abc "),
        (b"abc\r", true, b"abc\r"),
        (b"abc\n", false, b"abc\n"),
    ] {
        assert_eq!(read(text, SecretFormat::Text, from_file).unwrap(), secret);
    }
    assert_eq!(read(b"abc\n", SecretFormat::Raw, true).unwrap(), b"abc\n");
    assert_eq!(read(b"\xff\n", SecretFormat::Raw, true).unwrap(), b"\xff\n");
    assert!(matches!(read(b"\xff", SecretFormat::Text, true), Err(KeyError::NotText)));
}

#[test]
fn base64_and_hex_in_every_spelling() {
    let bytes = [0xfb, 0xef, 0xff, 0x01];
    for text in ["++//AQ==", "++//AQ", "--__AQ==", "--__AQ", " ++//\n AQ==\n"] {
        assert_eq!(read(text.as_bytes(), SecretFormat::Base64, true).unwrap(), bytes, "{text}");
    }
    for text in ["fbefff01", "FBEFff01", "fb ef\nff 01\n"] {
        assert_eq!(read(text.as_bytes(), SecretFormat::Hex, true).unwrap(), bytes, "{text}");
    }
    for text in ["+-//AQ==", "++//AQ=", "++//AR==", "A", "@@@@", "AAAA====", "AAAA="] {
        let read = read(text.as_bytes(), SecretFormat::Base64, true);
        assert!(matches!(read, Err(KeyError::Format { .. })), "{text}");
    }
    for text in ["abc", "0x00", "gg"] {
        let read = read(text.as_bytes(), SecretFormat::Hex, true);
        assert!(matches!(read, Err(KeyError::Format { .. })), "{text}");
    }
}

#[test]
fn an_empty_secret_is_refused_in_every_format() {
    for format in SecretFormat::ALL {
        assert!(matches!(read(b"", format, true), Err(KeyError::Empty)), "{format}");
    }
    assert!(matches!(read(b"\n", SecretFormat::Text, true), Err(KeyError::Empty)));
    assert!(matches!(read(b"\n", SecretFormat::Base64, true), Err(KeyError::Empty)));
    let (space, zeros) = ("OnlyWhiteSpace", "OnlyZeros");
    for (text, format, nothing, count) in [
        (&b" \n\n"[..], SecretFormat::Text, space, 2),
        (&[b' '; 40], SecretFormat::Text, space, 40),
        (b"ICAg", SecretFormat::Base64, space, 3),
        (&[0; 48], SecretFormat::Raw, zeros, 48),
        (b"AAAAAAAA", SecretFormat::Base64, zeros, 6),
        (b"00", SecretFormat::Hex, zeros, 1),
    ] {
        let error = read(text, format, true).unwrap_err();
        assert_eq!(format!("{error:?}"), format!("{nothing}({count})"));
    }
}

#[test]
fn key_material_is_never_a_secret() {
    let spki = "MCowBQYDK2VwAyEA11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=";
    for (text, format) in [
        ("-----BEGIN PUBLIC KEY-----\nMCow\n-----END PUBLIC KEY-----\n", SecretFormat::Text),
        ("leading\n-----BEGIN CERTIFICATE-----", SecretFormat::Raw),
        (r#" {"kty":"oct","k":"AAAA"}"#, SecretFormat::Text),
        (r#"{"keys":[]}"#, SecretFormat::Text),
        (spki, SecretFormat::Base64),
    ] {
        let read = read(text.as_bytes(), format, true);
        assert!(matches!(read, Err(KeyError::NotASecret { .. })), "{text}");
    }
    for secret in ["{not json", r#"{"a":1}"#, "0", "begin", "ssh-secret of mine"] {
        assert!(read(secret.as_bytes(), SecretFormat::Text, true).is_ok(), "{secret}");
    }
}

/// What `bytes` would be if they were taken for a secret: a key, or `None`.
fn key_material(bytes: &[u8]) -> Option<&'static str> {
    match read(bytes, SecretFormat::Raw, true) {
        Ok(_) => None,
        Err(KeyError::NotASecret { found }) => Some(found),
        Err(error) => panic!("{error:?}"),
    }
}

const SPKI: &str = "MCowBQYDK2VwAyEA11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=";

fn pem() -> String {
    format!("-----BEGIN PUBLIC KEY-----\n{SPKI}\n-----END PUBLIC KEY-----\n")
}

#[test]
fn a_key_is_known_in_every_spelling() {
    let der = STANDARD.decode(SPKI).unwrap();
    let utf16: Vec<u8> = pem().encode_utf16().flat_map(u16::to_le_bytes).collect();
    let marked = [&b"\xff\xfe"[..], &utf16].concat();
    let ssh = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAINdamAGCsQq31Uv+08lkBzoO4XLz2qYjJa8CGmj3B1Ea";
    let jwk = r#"{"kty":"OKP","crv":"Ed25519","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}"#;
    for spelling in [
        pem().into_bytes(),
        pem().to_lowercase().into_bytes(),
        pem().replace("-----BEGIN", "----BEGIN").into_bytes(),
        "---- BEGIN SSH2 PUBLIC KEY ----".into(),
        utf16.clone(),
        marked,
        SPKI.into(),
        STANDARD.encode(pem()).into_bytes(),
        URL_SAFE_NO_PAD.encode(pem()).into_bytes(),
        STANDARD.encode(SPKI).into_bytes(),
        base16ct::lower::encode_string(&der).into_bytes(),
        [&der[..], b"\n"].concat(),
        der,
        jwk.into(),
        format!("\u{feff}{jwk}").into_bytes(),
        format!("[{jwk}]").into_bytes(),
        format!("{jwk}\n{jwk}").into_bytes(),
        jwk.replace('}', ",}").into_bytes(),
        STANDARD.encode(jwk).into_bytes(),
        ssh.into(),
        ssh.replace(' ', "\t").into_bytes(),
        format!("# mine\n{ssh} me@host").into_bytes(),
        format!("no-pty {ssh}").into_bytes(),
        "ssh-dss AAAAB3NzaC1kc3MAAACBAP".into(),
        "sk-ssh-ed25519@openssh.com AAAAGnNrLXNzaC1lZDI1NTE5 me@host".into(),
        "sk-ecdsa-sha2-nistp256@openssh.com AAAAInNrLWVjZHNhLXNoYTIt me@host".into(),
        r#"{"kty":"oct","kty":"oct","k":"AAAA"}"#.into(),
        r#"{"\u006bty":"oct","k":"AAAA"}"#.into(),
        pem().replace(' ', "%20").replace('\n', "%0A").into_bytes(),
        pem().replace(' ', "\t").into_bytes(),
        pem().replace("-----BEGIN PUBLIC KEY-----\n", "").into_bytes(),
        [&utf16[..], b"\n"].concat(),
        ssh.trim_start_matches("ssh-ed25519 ").into(),
    ] {
        assert!(key_material(&spelling).is_some(), "{}", String::from_utf8_lossy(&spelling));
    }
}

#[test]
fn a_key_is_known_with_anything_between_or_around_its_digits() {
    let bytes = STANDARD.decode(SPKI).unwrap();
    let spelled = |separator: &str, prefix: &str| {
        let digits: Vec<_> = bytes.iter().map(|byte| format!("{prefix}{byte:02x}")).collect();
        digits.join(separator)
    };
    let decimal: Vec<_> = bytes.iter().map(u8::to_string).collect();
    let base64 = SPKI.trim_end_matches('=');
    let (first, second) = base64.split_at(20);
    for text in [
        spelled("", ""),
        spelled(":", ""),
        spelled(" ", "").to_uppercase(),
        spelled(", ", "0x"),
        spelled("", "\\x"),
        format!("label: {}\n", spelled(":\n    ", "")),
        format!("pub:\n    {}\nASN1", spelled(":", "")),
        format!(r#"{{"type":"Buffer","data":[{}]}}"#, decimal.join(",")),
        base64.to_owned(),
        base64.replace('+', "-"),
        format!("{first} {second}=="),
        format!("<a>\r\n  {first}\r\n  {second}\r\n</a>"),
        format!("\"{base64}\""),
        format!("certificate\n{base64}\n"),
    ] {
        assert!(key_material(text.as_bytes()).is_some(), "{text}");
    }
}

#[test]
fn a_key_is_known_behind_escapes() {
    let jwk = r#"{"kty":"oct","k":"AAAA"}"#;
    let escaped =
        |escape: fn(u32) -> String| jwk.chars().map(|c| escape(u32::from(c))).collect::<String>();
    let entities =
        jwk.replace('"', "&quot;").replace(':', "&colon;").replace(',', "&#44;&NewLine;");
    for text in [
        escaped(|c| format!("%{c:02x}")),
        escaped(|c| format!("\\x{c:02X}")),
        escaped(|c| format!("\\u{c:04x}")),
        escaped(|c| format!("\\{c:03o}")),
        escaped(|c| format!("&#{c};")),
        escaped(|c| format!("&#x{c:x};")),
        jwk.replace('"', "\\\""),
        jwk.replace(',', ",\\n\\t"),
        entities.replace('&', "&amp;"),
        entities,
    ] {
        assert!(key_material(text.as_bytes()).is_some(), "{text}");
    }
    for text in ["a%2", "100%", "a&b;", r"\u12", r"\", "%+1", "&#;", "&#999;"] {
        assert_eq!(key_material(text.as_bytes()), None, "{text}");
    }
}

#[test]
fn a_secret_is_not_taken_for_a_key() {
    for secret in [
        "correct horse battery staple",
        "{not json",
        r#"{"a":1}"#,
        "ssh-secret of mine",
        "begin",
        "my weekend private key",
        "legend-public-key-2024",
        "0",
        "AyM1SysPpbyDfgZld3umj1qzKObwVMkoqQ-EstJQLr_T-1qS0gZH75aKtMN3Yj0iPS4hcgUuTwjAzZr1Z9CAow",
        "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef",
        "MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=",
    ] {
        assert_eq!(key_material(secret.as_bytes()), None, "{secret}");
    }
}

#[test]
fn a_pem_block_is_found_among_other_text_and_in_every_layout() {
    let (first, second) = SPKI.split_at(20);
    for text in [
        format!(
            "\u{feff}key of mine:\r\n-----BEGIN PUBLIC KEY-----\r\n  {first}\r\n  {second}\r\n-----END PUBLIC KEY-----\nmine"
        ),
        format!("-----BEGIN PUBLIC KEY-----\nComment: mine\n\n{SPKI}\n-----END PUBLIC KEY-----"),
        format!(r"-----BEGIN PUBLIC KEY-----\n{first}\n{second}\n-----END PUBLIC KEY-----\n"),
        format!(
            r#""-----BEGIN PUBLIC KEY-----\r\n{first}\r\n{second}\r\n-----END PUBLIC KEY-----""#
        ),
        format!("-----BEGIN PUBLIC KEY----- {first} {second} -----END PUBLIC KEY-----"),
        format!("'-----BEGIN PUBLIC KEY-----{SPKI}-----END PUBLIC KEY-----'"),
    ] {
        let read = read_keys(&Secret::new(text.clone().into_bytes()), None);
        assert!(matches!(read, Ok(KeyFile::One(_))), "{text}");
    }
    let encrypted =
        "-----BEGIN C-----\nProc-Type: 4,ENCRYPTED\nDEK-Info: X\n\nAAEC\n-----END C-----";
    let read = read_keys(&Secret::new(encrypted.into()), None).map(|_| ()).unwrap_err();
    let KeyError::Unsupported { found, .. } = read else { panic!("{read:?}") };
    assert_eq!(found, "a private key encrypted by PEM headers (RFC 1421), which is obsolete");
}

#[test]
fn an_error_about_pem_holds_nothing_of_the_key() {
    let read = |text: &str| read_keys(&Secret::new(text.into()), None).map(|_| ()).unwrap_err();
    for text in [
        "-----BEGIN K--\nSECRET\n-----END K-----",
        "-----BEGIN K-----\nSECRET",
        "-----BEGIN K-----\nSEC!RET\n-----END K-----",
        "-----BEGIN K-----\nSECRET\n-----END L-----",
        "-----BEGIN K-----\nSECRET\n-----BEGIN L-----",
        "SECRET -----BEGIN K-----",
        "-----BEGIN K----- SEC?RET -----END K-----",
        "-----BEGIN K SECRET",
    ] {
        let KeyError::Damaged { label, reason } = read(text) else { panic!("{text}") };
        assert_eq!(label, "PEM");
        assert!(!reason.contains("SECRET") && !reason.contains('K'), "{reason}");
    }
    let odd = read("-----BEGIN my secret-----\nAAEC\n-----END my secret-----");
    let KeyError::Unsupported { found, .. } = odd else { panic!("{odd:?}") };
    assert_eq!(found, "a PEM block with an unknown label");
}

/// The line of an OpenSSH public key of these fields.
fn ssh_line(name: &str, fields: &[&[u8]]) -> Secret {
    let mut blob = Vec::new();
    for field in [&[name.as_bytes()], fields].concat() {
        blob.extend(u32::try_from(field.len()).unwrap().to_be_bytes());
        blob.extend(field);
    }
    Secret::new(format!("{name} {}", STANDARD.encode(blob)).into_bytes())
}

#[test]
fn an_openssh_key_that_is_cut_or_negative_is_damaged() {
    let modulus = [&[0, 0x80][..], &[1; 255]].concat();
    let exponent = &[1, 0, 1][..];
    let read = |fields: &[&[u8]]| read_keys(&ssh_line("ssh-rsa", fields), None);
    assert!(read(&[exponent, &modulus]).is_ok());
    let leading_zeros = [&[0, 0][..], exponent].concat();
    assert!(read(&[&leading_zeros, &modulus]).is_ok());
    let no_fields: [&[&[u8]]; 5] =
        [&[], &[exponent], &[exponent, &modulus[1..]], &[&[], &modulus], &[exponent, &[0]]];
    for fields in no_fields {
        let error = read(fields).map(|_| ()).unwrap_err();
        assert!(matches!(error, KeyError::Damaged { .. }), "{error:?}");
    }
    let too_long =
        Secret::new(format!("ssh-rsa {}", STANDARD.encode([0, 0, 0, 0xff, 1])).into_bytes());
    assert!(matches!(read_keys(&too_long, None), Err(KeyError::Damaged { .. })));
}

#[test]
fn an_openssh_key_with_text_that_is_not_utf_8_is_refused() {
    let line = include_str!("keys/ed25519.openssh.public.txt").trim_end();
    let (name, rest) = line.split_once(' ').unwrap();
    let (encoded, _) = rest.split_once(' ').unwrap_or((rest, ""));
    let comment = [line.as_bytes(), b" \xff"].concat();
    let found = read_keys(&Secret::new(comment), None);
    assert!(matches!(found, Err(KeyError::NotAKey)), "{found:?}");
    let damaged = |text: String| {
        let found = read_keys(&Secret::new(text.into_bytes()), None);
        assert!(matches!(found, Err(KeyError::Damaged { .. })), "{found:?}");
    };
    let changed = |bytes: &[u8], old: &[u8]| {
        let at = bytes.windows(old.len()).rposition(|window| window == old).unwrap();
        let mut bytes = bytes.to_vec();
        bytes[at] = 0xff;
        STANDARD.encode(bytes)
    };
    let blob = STANDARD.decode(encoded).unwrap();
    damaged(format!("{name} {}", changed(&blob, name.as_bytes())));
    let pem = include_str!("keys/ed25519.openssh.private.pem");
    let digits: String = pem.lines().filter(|line| !line.starts_with("-----")).collect();
    let private = STANDARD.decode(digits).unwrap();
    for old in ["none", name] {
        let label = "OPENSSH PRIVATE KEY-----";
        let body = changed(&private, old.as_bytes());
        damaged(format!("-----BEGIN {label}\n{body}\n-----END {label}\n"));
    }
}

#[test]
fn only_sound_points_are_taken() {
    let is_sound = |point: &[u8]| {
        LoadedKey::load(Key::new(KeyType::Ed25519, KeyMaterial::Public(point.to_vec())), true)
            .is_ok()
    };
    let known = "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a";
    assert!(is_sound(&base16ct::lower::decode_vec(known).unwrap()));
    let (mut two, mut identity) = ([0; 32], [0; 32]);
    (two[0], identity[0]) = (2, 1);
    assert!(!is_sound(&two), "not on the curve");
    for small in [[0; 32], identity, [0xff; 32]] {
        assert!(!is_sound(&small));
    }
    for small in [
        "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
        "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
    ] {
        assert!(!is_sound(&base16ct::lower::decode_vec(small).unwrap()));
    }
}

/// An RSA JWK with its numbers changed; `null` leaves one out.
fn rsa_jwk(changes: &[(&str, serde_json::Value)]) -> Secret {
    let mut jwk: serde_json::Value =
        serde_json::from_str(include_str!("keys/rsa2048.private.jwk")).unwrap();
    for (name, value) in changes {
        jwk[*name] = value.clone();
    }
    Secret::new(jwk.to_string().into_bytes())
}

/// The changes that leave these members out.
fn without<'a>(names: &[&'a str]) -> Vec<(&'a str, serde_json::Value)> {
    names.iter().map(|name| (*name, serde_json::Value::Null)).collect()
}

const WITHOUT_CRT: [&str; 3] = ["dp", "dq", "qi"];
const WITHOUT_PRIMES: [&str; 5] = ["p", "q", "dp", "dq", "qi"];

#[test]
fn numbers_that_an_rsa_key_leaves_out_are_computed() {
    let read = |names: &[&str]| {
        let Ok(KeyFile::One(one)) = read_keys(&rsa_jwk(&without(names)), None) else {
            panic!("{names:?}")
        };
        let KeyMaterial::Private(der) = one.key.material else { panic!("it is private") };
        der
    };
    let whole = read(&[]);
    assert!(read(&WITHOUT_CRT) == whole);
    assert!(read(&WITHOUT_PRIMES) == whole);
}

/// RFC 8017 section 3.2 takes d modulo lcm(p - 1, q - 1); many programs take it modulo (p - 1)(q - 1).
#[test]
fn an_rsa_key_of_n_e_and_d_has_its_d_modulo_either_number() {
    let numbers: serde_json::Value =
        serde_json::from_str(include_str!("keys/rsa2048.private.jwk")).unwrap();
    let [e, p, q] = ["e", "p", "q"].map(|name| {
        let digits = numbers[name].as_str().unwrap();
        BigUint::from_bytes_be(&URL_SAFE_NO_PAD.decode(digits).unwrap())
    });
    let (p, q) = (p - 1u8, q - 1u8);
    let (mut divisor, mut rest) = (p.clone(), q.clone());
    while rest != BigUint::ZERO {
        (divisor, rest) = (rest.clone(), divisor % rest);
    }
    let phi = &p * &q;
    let [shorter, longer] = [&phi / divisor, phi].map(|modulus| e.modinv(&modulus).unwrap());
    assert!(shorter < longer, "the two numbers of this key differ");
    let public = rsa_jwk(&without(&["d", "p", "q", "dp", "dq", "qi"]));
    let public = LoadedKeys::new(read_keys(&public, None).unwrap(), false).unwrap();
    for d in [shorter, longer] {
        let mut changes = without(&WITHOUT_PRIMES);
        changes.push(("d", URL_SAFE_NO_PAD.encode(d.to_bytes_be()).into()));
        let private = read_keys(&rsa_jwk(&changes), None).unwrap();
        let KeyFile::One(private) = private else { panic!("it is one key") };
        let private = LoadedKey::load(private.key, false).unwrap();
        let signer = Signer::new(&private, Algorithm::RS256, &Object::default()).unwrap();
        let token = signer.sign(&Claims::parse(b"{}").unwrap(), Codec::Scalar).unwrap();
        assert!(public.verify(Unverified::parse(token.as_bytes()).unwrap(), &[]).is_ok());
    }
}

#[test]
fn rsa_numbers_that_make_no_key_are_refused() {
    let numbers: serde_json::Value =
        serde_json::from_str(include_str!("keys/rsa2048.private.jwk")).unwrap();
    let bytes = |name: &str| URL_SAFE_NO_PAD.decode(numbers[name].as_str().unwrap()).unwrap();
    let changed = |name: &str, by: u8| {
        let mut number = bytes(name);
        *number.last_mut().unwrap() ^= by;
        URL_SAFE_NO_PAD.encode(number)
    };
    for (name, value) in [
        ("n", changed("n", 1)),
        ("n", changed("n", 2)),
        ("n", numbers["p"].as_str().unwrap().to_owned()),
        ("e", changed("e", 1)),
        ("e", "Aw".to_owned()),
        ("d", "AA".to_owned()),
        ("d", changed("d", 2)),
        ("d", numbers["n"].as_str().unwrap().to_owned()),
    ] {
        let mut altered = without(&WITHOUT_PRIMES);
        altered.push((name, value.into()));
        let refused = read_keys(&rsa_jwk(&altered), None).map(|_| ());
        assert!(
            matches!(refused, Err(KeyError::Rejected { .. } | KeyError::RsaExponent)),
            "{name}: {refused:?}"
        );
    }
}

/// The most keys of a set of which missing numbers are computed.
const MOST_COMPUTED: usize = 8;

/// RSA keys with a modulus of 2048 bits that is no product of two primes, and a private exponent.
fn without_primes(count: usize) -> Secret {
    let modulus = format!("{}AQ", "gAAB".repeat(85));
    let key = |kid| format!(r#"{{"kty":"RSA","kid":"{kid}","n":"{modulus}","e":"AQAB","d":"Aw"}}"#);
    let keys: Vec<_> = (0..count).map(key).collect();
    Secret::new(format!(r#"{{"keys":[{}]}}"#, keys.join(",")).into_bytes())
}

#[test]
fn numbers_are_computed_for_the_first_keys_of_a_set_alone() {
    let Ok(KeyFile::Set(set)) = read_keys(&without_primes(MOST_COMPUTED + 2), None) else {
        panic!("it is a set")
    };
    for (i, entry) in set.entries.iter().enumerate() {
        match entry.read().unwrap_err() {
            KeyError::Rejected { .. } => assert!(i < MOST_COMPUTED, "{i}"),
            KeyError::Unsupported { .. } => assert!(i >= MOST_COMPUTED, "{i}"),
            error => panic!("{error:?}"),
        }
    }
}

#[test]
fn nothing_is_computed_for_a_private_key_that_anybody_can_fetch() {
    // It would be refused for its numbers if they had been looked at.
    let Ok(KeyFile::Set(set)) = read_published(&without_primes(MOST_COMPUTED + 2)) else {
        panic!("it is a set");
    };
    assert_eq!(set.entries.len(), MOST_COMPUTED + 2);
    for entry in &set.entries {
        let error = entry.read().unwrap_err();
        assert!(matches!(error, KeyError::Published { key } if key == "RSA 2048-bit private key"));
    }
}

#[test]
fn a_published_set_of_too_many_keys_is_not_read() {
    let error = read_published(&without_primes(1001)).unwrap_err();
    assert!(matches!(error, KeyError::TooMany { count: 1001, most: 1000 }), "{error:?}");
}

fn seal(byte: u8) -> Seal {
    Seal::new(&Secret::new(vec![byte; Seal::KEY_LENGTH])).unwrap()
}

#[test]
fn only_the_same_key_and_the_same_parts_have_the_same_seal() {
    let sealed = seal(1).on(&[b"a", b"b"]);
    assert!(seal(1).is_on(&[b"ab"], sealed.as_bytes()));
    assert!(!seal(1).is_on(&[b"ac"], sealed.as_bytes()));
    assert!(!seal(2).is_on(&[b"ab"], sealed.as_bytes()));
    for end in 0..sealed.len() {
        assert!(!seal(1).is_on(&[b"ab"], &sealed.as_bytes()[..end]), "cut at {end}");
    }
    assert!(!seal(1).is_on(&[b"ab"], b"no base64url!"));
}

#[test]
fn a_key_has_one_length_and_is_random() {
    for length in [0, 1, 31, 33, 64] {
        assert!(Seal::new(&Secret::new(vec![7; length])).is_none(), "{length}");
    }
    let keys = [Seal::new_key().unwrap(), Seal::new_key().unwrap()];
    assert_ne!(keys[0], keys[1]);
    assert!(keys.iter().all(|key| Seal::new(key).is_some()));
}

#[test]
fn debug_shows_no_key() {}
