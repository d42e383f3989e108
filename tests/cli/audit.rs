//! `audit`: every rule has a token that breaks it and a twin that does not.

use crate::harness::{
    Call, ED25519, HEADER, P256, P256_D, base64url, clocked, jwk, jwks, jwtctl, key, signed,
    signed_with, text,
};

/// Claims that break no rule.
const GOOD: &str =
    r#"{"iss":"https://a.example","sub":"1","aud":"api","iat":1700000000,"exp":1700001800}"#;

/// A secret that breaks no rule.
const STRONG: &str = "Zk2q8w-vR41xTnC0eLsUyB6hJm9GdPfA3iXo_5tQwVr7";

/// Rules that are no reason to fail.
const INFO: [&str; 4] = ["json-serialization", "iss-missing", "aud-missing", "typ-missing"];

/// The public half of the P-256 key of jwt.io's examples.
const JWT_IO: &str = "-----BEGIN PUBLIC KEY-----
MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEEVs/o5+uQbTjL3chynL4wXgUg2R9
q9UU8I5mEovUf86QZ7kOBIjJwqnzD1omageEHWwHdBO6B+dFabmdT9POxg==
-----END PUBLIC KEY-----
";

/// Each rule about `kid` with one that breaks it, and one that does not.
const KIDS: [(&str, &str, &str); 50] = [
    ("kid-path", "../../etc/passwd", "2026-11"),
    ("kid-path", "/dev/null", "/9j4AAQSkZJRgABAQAAAQABAAD+2wBDAAgGBgcGBQgHBwc="),
    ("kid-path", "/proc/sys/kernel/randomize_va_space", "projects/p/keys/k/cryptoKeyVersions/1"),
    ("kid-path", r"..\..\windows\win.ini", r"DOMAIN\key"),
    ("kid-path", "C:/keys/public.pem", "c:1"),
    ("kid-path", "%2e%2e%2fkeys%2fother", "50%"),
    ("kid-path", "/keys/public.pem", "keys.v1.public"),
    ("kid-path", "./key.pem", ".key"),
    ("kid-url", "https://attacker.example/key", "did:example:123#key-1"),
    ("kid-url", "file:/etc/passwd", "file-1"),
    ("kid-url", "gopher://127.0.0.1/", "urn:ietf:params:oauth:jwk-thumbprint:sha-256:abc"),
    ("kid-injection", "x' UNION SELECT 'key", "O'Brien"),
    ("kid-injection", "x\" OR \"1\"=\"1", "\"quoted\""),
    ("kid-injection", "1'--", "a--b"),
    ("kid-injection", "key; sleep 10", "a;b"),
    ("kid-injection", "|/usr/bin/id", "a|b"),
    ("kid-injection", "$(id)", "US$1"),
    ("kid-injection", "`id`", "arn:aws:kms:eu-west-1:111122223333:key/1234abcd-12ab-34cd"),
    ("kid-injection", "*)(uid=*))(|(uid=*", "a(b)"),
    ("kid-injection", "a\u{0}b", "a b"),
    ("kid-injection", "{{7*7}}", "{a}"),
    ("kid-injection", "${jndi:ldap:x}", "kid_$1"),
    ("kid-injection", "'OR'1'='1", "CN=O'Neil Bank, OU=Key #1"),
    ("kid-injection", "x'||'1'='1", "O'Orlando"),
    ("kid-injection", "1 OR 1=1", "one or two=2"),
    ("kid-injection", "key;sleep 5", "CN=Token Signer; O=Example; C=DE"),
    ("kid-injection", "key|id", "CN=a;ID=1"),
    ("kid-injection", "||id", "a||b"),
    ("kid-injection", "key&&id", "a&&b"),
    ("kid-injection", "x%0aid", "x%3Did"),
    ("kid-injection", "x%2527%2520or 1", "100%25"),
    ("kid-injection", "x'; DROP TABLE keys", "CN=\"Acme\"; O=Example"),
    ("kid-path", "/etc/PASSWD", "/abc/def9/xyz"),
    ("kid-path", "/ETC/ssl/key", "/x9bR2.a"),
    ("kid-path", r"\\srv\share\k", "/key"),
    ("kid-path", "..%5cx", "a..b"),
    ("kid-path", "..", "..."),
    ("kid-path", "keys/a.pem", "keys/a"),
    ("kid-path", "KEY.PEM", "key.2026"),
    ("kid-path", "keys/a.key", "com.example.key"),
    ("kid-path", "~/.ssh/id_rsa", "~/ab+c/de=="),
    ("kid-path", "%252e%252e%252f", "%252e"),
    ("kid-url", "data:text/plain,x", "database:1"),
    ("kid-url", "http:/e", "http"),
    ("kid-url", "LDAP:x", "ldap-x"),
    ("kid-url", "http%3a%2f%2fe", "https://name.vault.azure.net/keys/signing/0123456789abcdef"),
    ("kid-url", "jar:x", "https://name.managedhsm.azure.net/keys/signing/0123456789abcdef"),
    ("kid-url", "https://e.example/.vault.azure.net/keys/x", "name.vault.azure.net"),
    ("kid-url", "https://e.example#.vault.azure.net/keys/x", "e.example#x"),
    ("kid-url", "ftp://e", "ftp"),
];

/// Members of a claims set that break a rule, and others that do not.
const MEMBERS: [(&str, &str, &str); 39] = [
    ("credential", r#""user_password":"a1""#, r#""user_password":"required""#),
    ("credential", r#""oldPassword":"a1""#, r#""permissions":{"secret":"x1","password":"reset"}"#),
    ("credential", r#""password1":"a1""#, r#""pwd":"change""#),
    ("credential", r#""p\u0061ssword":"a1""#, r#""amr":["pwd"]"#),
    ("credential", r#""password":12345678"#, r#""password":0"#),
    ("credential", r#""password":["a1"]"#, r#""password":[]"#),
    ("credential", r#""password":{"value":"a1"}"#, r#""password":{"min_length":12}"#),
    ("credential", r#""secret":[{"value":"a1"}]"#, r#""secret":{"name":"default-token-x2x"}"#),
    ("credential", r#""pass":"a1""#, r#""compass":"a1""#),
    ("credential", r#""Passwort":"a1""#, r#""password":" ""#),
    ("credential", r#""contraseña":"a1""#, r#""password":null"#),
    ("credential", r#""senha":"a1""#, r#""senhas":1"#),
    ("credential", r#""비밀번호":"a1""#, r#""번호":"a1""#),
    ("credential", r#""mot_de_passe":"a1""#, r#""mot":"a1""#),
    ("credential", r#""x-api-key":"a1""#, r#""x-api-key-id":"a1""#),
    ("credential", r#""auth_token":"a1""#, r#""access_token":"a1""#),
    ("credential", r#""n":" ghp_0123456789abcdef""#, r#""n":"ghp_x""#),
    ("credential", r#""n":"hvs.0123456789abcdef""#, r#""n":"SG. 0123456789abcdef""#),
    ("credential", r#""n":"npm_0123456789abcdef""#, r#""n":"npm_config""#),
    (
        "credential",
        r#""n":"-----BEGIN DSA PRIVATE KEY-----""#,
        r#""n":"-----BEGIN PUBLIC KEY-----""#,
    ),
    (
        "credential",
        r#""n":"-----BEGIN PGP PRIVATE KEY BLOCK-----""#,
        r#""n":"-----BEGIN X----- PRIVATE KEY""#,
    ),
    ("credential", r#""n":"$6$salt$hash""#, r#""n":"$6$""#),
    ("credential", r#""n":"pbkdf2_sha256$1$salt$hash""#, r#""n":"pbkdf2_sha256""#),
    ("credential", r#""n":"jdbc:postgresql://u:p1@h""#, r#""n":"jdbc:postgresql://u@h""#),
    ("credential", r#""n":"jdbc:mysql://h/d?password=p1""#, r#""n":"https://h/?password=p1""#),
    ("credential", r#""n":"Server=h;Password=p1""#, r#""n":"Server=h;Password=""#),
    ("private-key", r#""n":{"kty":"oct","k\u0000":1,"\u006b":"a"}"#, r#""n":{"kty":"oct"}"#),
    ("private-key", r#""n":{"k\u0074y":"oct","k":"a"}"#, r#""n":{"k":"a"}"#),
    ("private-key", r#""n":{"kty":"RSA","p":"a"}"#, r#""n":{"kty":"RSA","n":"a","e":"AQAB"}"#),
    ("sensitive-data", r#""ssn":"123-45-6789""#, r#""ref":"123-45-6789""#),
    ("sensitive-data", r#""user_ssn":123456789"#, r#""ssn":0"#),
    ("sensitive-data", r#""주민등록번호":"241201-1234567""#, r#""order":"241201-1234567""#),
    ("sensitive-data", r#""n":"900101-1234568""#, r#""n":"901301-1234568""#),
    ("sensitive-data", r#""cpf":"529.982.247-25""#, r#""cpf":"""#),
    ("sensitive-data", r#""card":"4111111111111111""#, r#""id":"4111111111111111""#),
    ("sensitive-data", r#""pan":378282246310005"#, r#""pan":378282246310006"#),
    ("sensitive-data", r#""n":"4111-1111-1111-1111""#, r#""orcid":"0000-0003-5000-0204""#),
    ("sensitive-data", r#""n":"2223 0031 2200 3222""#, r#""n":"1111 1111 1111 1117""#),
    (
        "personal-data",
        r#""scope":"a","http://a.example/claims/mobilephone":"+1""#,
        r#""mobilephone":"""#,
    ),
];

/// A call of `audit`, and what it needs.
struct Case {
    token: String,
    flags: Vec<&'static str>,
    files: Vec<(&'static str, Vec<u8>)>,
}

impl Case {
    fn new(token: impl Into<String>) -> Self {
        Self { token: token.into(), flags: Vec::new(), files: Vec::new() }
    }

    fn flags(self, flags: &[&'static str]) -> Self {
        Self { flags: flags.to_vec(), ..self }
    }

    fn file(mut self, name: &'static str, bytes: impl AsRef<[u8]>) -> Self {
        self.files.push((name, bytes.as_ref().to_vec()));
        self
    }

    fn key(self, text: impl AsRef<[u8]>) -> Self {
        self.flags(&["--key", "key"]).file("key", text)
    }

    fn call(&self) -> Call {
        let args = [&["audit", "--json", &*self.token], &self.flags[..]].concat();
        let file = |call: Call, (name, bytes): &(&str, Vec<u8>)| call.file(name, bytes);
        self.files.iter().fold(clocked(&args), file)
    }

    /// The IDs of the findings, and the exit code.
    #[track_caller]
    fn audit(&self) -> (Vec<String>, i32) {
        let output = self.call().output();
        let report: serde_json::Value = serde_json::from_slice(&output.stdout)
            .unwrap_or_else(|_| panic!("{}: {}", self.token, text(&output.stderr)));
        let findings = report["findings"].as_array().unwrap();
        let ids = findings.iter().map(|finding| finding["id"].as_str().unwrap().to_owned());
        let code = output.status.code().unwrap();
        assert_eq!(report["exit_code"], code, "{report}");
        assert_eq!(text(&output.stderr), "");
        (ids.collect(), code)
    }
}

fn of(claims: &str) -> Case {
    Case::new(signed(HEADER, claims))
}

/// A token with other claims than the good ones in one place.
fn changed(from: &str, to: &str) -> Case {
    let claims = GOOD.replace(from, to);
    assert_ne!(claims, GOOD, "{from}");
    of(&claims)
}

fn with_claims(members: &str) -> Case {
    changed("}", &format!(",{members}}}"))
}

fn with_header(members: &str) -> Case {
    Case::new(signed(&HEADER.replace('}', &format!(",{members}}}")), GOOD))
}

fn signed_by(file: &str, alg: &str) -> String {
    let call = clocked(&["encode", GOOD, "--alg", alg, "--key", "key"]).file("key", key(file));
    text(&call.output().stdout).trim_end().to_owned()
}

/// A public key of the vectors.
fn weak_rsa(name: &str) -> String {
    let vectors = include_str!("../vectors/weak-rsa.json");
    let vectors: serde_json::Value = serde_json::from_str(vectors).unwrap();
    format!(r#"{{"kty":"RSA","n":{},"e":"AQAB"}}"#, vectors[name])
}

fn unsigned(alg: &str) -> Case {
    let header = format!(r#"{{"alg":"{alg}","typ":"JWT"}}"#);
    Case::new(format!("{}.{}.", base64url(header), base64url(GOOD)))
}

/// An encrypted token whose header has these members.
fn sealed(members: &str) -> Case {
    let header = format!(r#"{{"enc":"A128GCM","typ":"JWT",{members}}}"#);
    Case::new(format!("{}.YQ.YQ.YQ.YQ", base64url(header)))
}

fn pbes2(count: u32) -> Case {
    sealed(&format!(r#""alg":"PBES2-HS256+A128KW","p2s":"AAAAAAAAAAA","p2c":{count}"#))
}

fn with_secret(secret: &str) -> Case {
    let token = signed_with(secret.as_bytes(), HEADER, GOOD);
    Case::new(token).flags(&["--secret-file", "key"]).file("key", secret)
}

/// The good token in the flattened JSON serialization.
fn in_json() -> Case {
    let token = signed(HEADER, GOOD);
    let parts: Vec<_> = token.split('.').collect();
    let (header, payload, signature) = (parts[0], parts[1], parts[2]);
    Case::new(format!(
        r#"{{"protected":"{header}","payload":"{payload}","signature":"{signature}"}}"#
    ))
}

/// A DPoP proof, which carries a key with these members.
fn with_key_inside(members: &[&str]) -> Case {
    let header = format!(r#"{{"alg":"ES256","typ":"dpop+jwt","jwk":{}}}"#, jwk(members));
    let claims = r#"{"jti":"1","htm":"GET","htu":"https://a.example/","iat":1700000000}"#;
    Case::new(signed(&header, claims))
}

/// The good token, issued so many seconds later.
fn later(seconds: u32) -> Case {
    let times = [1_700_000_000, 1_700_001_800].map(|time| (time, (time + seconds).to_string()));
    of(&times
        .iter()
        .fold(GOOD.to_owned(), |claims, (from, to)| claims.replace(&from.to_string(), to)))
}

/// A client secret for an authorization server, with a lifetime in seconds.
fn apple(server: &str, life: u32) -> Case {
    let exp = 1_700_000_000 + life;
    of(&format!(r#"{{"iss":"TEAM","sub":"app","aud":"{server}","iat":1700000000,"exp":{exp}}}"#))
}

fn apple_secret() -> Case {
    apple("https://appleid.apple.com", 15_777_000)
}

/// Each rule of a token with a token that breaks it, and a twin that does not.
fn pairs_of_tokens() -> Vec<(&'static str, Case, Case)> {
    let good = || of(GOOD);
    let es256 = signed_by("p256.pkcs8.private.pem", "ES256");
    let zero = format!("{}.{}", es256.rsplit_once('.').unwrap().0, base64url([0; 64]));
    let life = |exp: &str| changed("1700001800", exp);
    vec![
        ("alg-none", unsigned("nOnE"), good()),
        ("alg-none", unsigned("no\u{200b}ne"), good()),
        ("alg-none", unsigned("ｎＯｎｅ"), good()),
        ("alg-none", unsigned("\\u0000none"), good()),
        ("alg-missing", unsigned(""), good()),
        ("alg-missing", Case::new(signed(r#"{"typ":"JWT"}"#, GOOD)), good()),
        ("alg-unexpected", good().flags(&["--alg", "RS256"]), good().flags(&["--alg", "hs256"])),
        ("alg-weak", Case::new(signed(r#"{"alg":"HS1","typ":"JWT"}"#, GOOD)), good()),
        ("signature-missing", unsigned("HS256"), good()),
        ("signature-zero", Case::new(zero), Case::new(es256)),
        ("json-serialization", in_json(), good()),
        ("private-key", with_key_inside(&[P256, P256_D]), with_key_inside(&[P256])),
        ("jku", with_header(r#""jku":"https://a.example/keys""#), good()),
        ("x5u", with_header(r#""x5u":"https://a.example/chain""#), good()),
        ("jwk", with_header(&format!(r#""jwk":{{{P256}}}"#)), with_key_inside(&[P256])),
        ("crit", with_header(r#""crit":["exp"],"exp":1"#), good()),
        ("b64", with_header(r#""b64":false"#), with_header(r#""b64":true"#)),
        ("rsa1-5", sealed(r#""alg":"RSA1_5""#), sealed(r#""alg":"RSA-OAEP-256""#)),
        ("zip", sealed(r#""alg":"dir","zip":"DEF""#), sealed(r#""alg":"dir""#)),
        ("p2c-high", pbes2(1_000_001), pbes2(1_000_000)),
        ("p2c-low", pbes2(999), pbes2(1000)),
        ("exp-missing", changed(r#","exp":1700001800"#, ""), good()),
        ("long-life", life("1700086401"), life("1700086400")),
        ("time-unit", life("1700001800000"), good()),
        ("times-contradict", life("1700000000"), good()),
        ("time-unit", with_claims(r#""auth_time":1700000000000"#), good()),
        ("times-contradict", later(86_401), later(86_400)),
        ("long-life", apple("https://appleid.apple.com", 15_777_001), apple_secret()),
        ("long-life", apple("https://other.example", 15_777_000), apple_secret()),
        ("credential", with_header(r#""password":"a1""#), with_header(r#""email":"a@b.example""#)),
        ("claim-type", life(r#""1700001800""#), good()),
        ("iss-missing", changed(r#""iss":"https://a.example","#, ""), good()),
        ("aud-missing", changed(r#""aud":"api","#, ""), good()),
        ("typ-missing", Case::new(signed(r#"{"alg":"HS256"}"#, GOOD)), good()),
        (
            "iss-unexpected",
            good().flags(&["--iss", "https://b.example"]),
            good().flags(&["--iss", "https://b.example", "--iss", "https://a.example"]),
        ),
        ("aud-unexpected", good().flags(&["--aud", "web"]), good().flags(&["--aud", "api"])),
        (
            "credential",
            with_claims(r#""db":{"password":"hunter2"}"#),
            with_claims(r#""db":{"password_changed_at":1699999999}"#),
        ),
        (
            "sensitive-data",
            with_claims(r#""note":"4111 1111 1111 1111""#),
            with_claims(r#""note":"4111 1111 1111 1112""#),
        ),
        (
            "personal-data",
            with_claims(r#""scope":"api","email":"a@b.example""#),
            with_claims(r#""email":"a@b.example""#),
        ),
    ]
}

/// Each rule of a key with a key that breaks it, and a twin that does not.
fn pairs_of_keys() -> Vec<(&'static str, Case, Case)> {
    let es256 = || Case::new(signed_by("p256.pkcs8.private.pem", "ES256"));
    let rs256 = || Case::new(signed_by("rsa2048.pkcs8.private.pem", "RS256"));
    let p256 = || es256().key(key("p256.spki.public.pem"));
    let rsa = || rs256().key(key("rsa2048.spki.public.pem"));
    let both = |alg: &str, other: &str| {
        let keys = [alg, other].map(|alg| jwk(&[P256, &format!(r#""alg":"{alg}""#)]));
        es256().flags(&["--jwks", "key"]).file("key", jwks(&keys))
    };
    let exponent = Case::new(signed_by("rsa2048.exponent3.pkcs8.private.pem", "RS256"));
    vec![
        ("key-mismatch", of(GOOD).key(jwk(&[ED25519])), p256()),
        ("weak-secret", Case::new(signed_with(b"secret", HEADER, GOOD)), of(GOOD)),
        ("short-secret", with_secret("f8Kq2-Zw9"), with_secret(STRONG)),
        ("repetitive-secret", with_secret(&"correct horse ".repeat(4)), with_secret(STRONG)),
        ("known-key", es256().key(JWT_IO), p256()),
        ("short-rsa", rs256().key(key("rsa1024.spki.public.pem")), rsa()),
        ("small-exponent", exponent.key(key("rsa2048.exponent3.spki.public.pem")), rsa()),
        ("key-reused", both("ES256", "ECDH-ES"), both("ES256", "ES256")),
        ("roca", rs256().key(weak_rsa("roca")), rsa()),
        ("close-primes", rs256().key(weak_rsa("close-primes")), rsa()),
        ("small-factor", rs256().key(weak_rsa("small-factor")), rsa()),
    ]
}

fn pairs_of_kids() -> impl Iterator<Item = (&'static str, Case, Case)> {
    let with_kid = |kid: &str| with_header(&format!(r#""kid":{}"#, serde_json::Value::from(kid)));
    KIDS.into_iter().map(move |(rule, kid, twin)| (rule, with_kid(kid), with_kid(twin)))
}

fn pairs_of_members() -> impl Iterator<Item = (&'static str, Case, Case)> {
    MEMBERS.into_iter().map(|(rule, bad, twin)| (rule, with_claims(bad), with_claims(twin)))
}

fn pairs() -> Vec<(&'static str, Case, Case)> {
    let of_content = pairs_of_kids().chain(pairs_of_members());
    pairs_of_tokens().into_iter().chain(pairs_of_keys()).chain(of_content).collect()
}

#[test]
fn every_rule_has_a_token_that_breaks_it_and_a_clean_twin() {
    for (rule, bad, twin) in pairs() {
        let (found, code) = bad.audit();
        assert!(found.iter().any(|id| id == rule), "{rule}: {found:?} of {}", bad.token);
        assert_eq!(code, if INFO.contains(&rule) { 0 } else { 6 }, "{rule}");
        let (found, code) = twin.audit();
        let is_clean = found.iter().all(|id| INFO.contains(&&**id) && id != rule);
        assert!(is_clean, "{rule}: {found:?} of {}", twin.token);
        assert_eq!(code, 0, "{rule}");
    }
}

#[test]
fn the_pairs_are_of_all_the_rules_that_the_help_lists() {
    let help = text(&jwtctl(&["help", "audit"]).output().stdout);
    let mut listed: Vec<_> = help.lines().filter_map(rule_of_line).collect();
    let mut tested: Vec<_> = pairs().into_iter().map(|(rule, ..)| rule.to_owned()).collect();
    listed.sort();
    tested.sort();
    tested.dedup();
    assert_eq!(tested, listed);
}

/// The rule that a line of the help begins with: `  high    alg-none  …`.
fn rule_of_line(line: &str) -> Option<String> {
    let mut words = line.strip_prefix("  ")?.split_whitespace();
    let is_severity = ["high", "medium", "low", "info"].contains(&words.next()?);
    is_severity.then(|| words.next().map(str::to_owned)).flatten()
}

/// Tokens as real issuers make them: header, claims. All are without findings above info.
const ISSUED: [(&str, &str); 27] = [
    // An access token and an ID token of Okta.
    (
        r#"{"kid":"kYsaIEXOv1h7CT9ysaiIEvOaM4EUQIbPfdyLhGQ8qH0","alg":"HS256"}"#,
        r#"{"ver":1,"jti":"AT.0mP4JKAZX1iACIT4vbEDF7LpvDVjxypPMf0D7uX39RE","iss":"https://dev.okta.example/oauth2/default","aud":"api://default","iat":1700000000,"exp":1700003600,"cid":"0oabucvyc38HLL1ef0h7","uid":"00ub4tTFYKXCCZJSGFKM","scp":["openid","email"],"auth_time":1699999990,"sub":"alice@example.com"}"#,
    ),
    (
        r#"{"kid":"kYsaIEXOv1h7CT9ysaiIEvOaM4EUQIbPfdyLhGQ8qH0","alg":"HS256"}"#,
        r#"{"sub":"00uid4BxXw6I6TV4m0g3","name":"Alice","ver":1,"iss":"https://dev.okta.example","aud":"uAaunofWkaDJxukCFeBx","iat":1700000000,"exp":1700003600,"amr":["pwd"],"idp":"00oid","nonce":"n-0S6","preferred_username":"alice@example.com","auth_time":1699999990,"at_hash":"cpqKfdQA5eH891Ff5oJr_Q","email":"alice@example.com","email_verified":true,"phone_number":"+1 555 0100","birthdate":"1990-01-01","given_name":"Alice","address":{"street_address":"1 Main St","postal_code":"12345"}}"#,
    ),
    // Amazon Cognito.
    (
        r#"{"kid":"abcdefghijklmno=/","alg":"HS256"}"#,
        r#"{"at_hash":"x","sub":"aaaaaaaa-bbbb-cccc-dddd-eeeeeeeeeeee","cognito:groups":["g"],"email_verified":true,"iss":"https://cognito-idp.eu-west-1.amazonaws.com/eu-west-1_x","cognito:username":"alice","origin_jti":"o","aud":"client","event_id":"e","token_use":"id","auth_time":1700000000,"exp":1700003600,"iat":1700000000,"jti":"j","email":"a@example.com","phone_number":"+15550100"}"#,
    ),
    (
        r#"{"kid":"abcdefghijklmno=/","alg":"HS256"}"#,
        r#"{"sub":"aaaaaaaa-bbbb","device_key":"d","iss":"https://cognito-idp.eu-west-1.amazonaws.com/eu-west-1_x","version":2,"client_id":"c","origin_jti":"o","event_id":"e","token_use":"access","scope":"openid profile email","auth_time":1700000000,"exp":1700086400,"iat":1700000000,"jti":"j","username":"alice"}"#,
    ),
    // Kubernetes: a projected token, one whose life is extended for old clients, and one with a node.
    (
        r#"{"alg":"HS256","kid":"CJv0f"}"#,
        r#"{"aud":["https://kubernetes.default.svc"],"exp":1700003600,"iat":1700000000,"iss":"https://kubernetes.default.svc","jti":"j","kubernetes.io":{"namespace":"default","node":{"name":"n","uid":"u"},"pod":{"name":"p","uid":"u"},"serviceaccount":{"name":"default","uid":"u"}},"nbf":1700000000,"sub":"system:serviceaccount:default:default"}"#,
    ),
    (
        r#"{"alg":"HS256","kid":"CJv0f"}"#,
        r#"{"aud":["https://kubernetes.default.svc.cluster.local"],"exp":1731536000,"iat":1700000000,"iss":"https://kubernetes.default.svc.cluster.local","kubernetes.io":{"namespace":"default","pod":{"name":"p","uid":"u"},"serviceaccount":{"name":"default","uid":"u"},"warnafter":1700003607},"nbf":1700000000,"sub":"system:serviceaccount:default:default"}"#,
    ),
    // SPIFFE.
    (
        r#"{"alg":"HS256","kid":"OYLtDHfOgzxcK7zbjZdeEVUXDwIy3LPC","typ":"JWT"}"#,
        r#"{"aud":["api"],"exp":1700000300,"iat":1700000000,"sub":"spiffe://example.org/workload"}"#,
    ),
    // Google: an ID token of a user, of a service account, and an assertion that a service account signs.
    (
        r#"{"alg":"HS256","kid":"85ba9313fd7a7d4afa84884abcc8403004363180","typ":"JWT"}"#,
        r#"{"iss":"https://accounts.google.com","azp":"1.apps.googleusercontent.com","aud":"1.apps.googleusercontent.com","sub":"10769150350006150715113082367","at_hash":"HK6E_P6Dh8Y93mRNtsDB1Q","hd":"example.com","email":"a@example.com","email_verified":true,"iat":1700000000,"exp":1700003600,"nonce":"0394852-3190485-2490358","name":"A B","picture":"https://lh3.googleusercontent.com/a","given_name":"A","family_name":"B","locale":"en"}"#,
    ),
    (
        r#"{"alg":"HS256","kid":"85ba","typ":"JWT"}"#,
        r#"{"aud":"https://service.run.app","azp":"1","email":"sa@project.iam.gserviceaccount.com","email_verified":true,"exp":1700003600,"iat":1700000000,"iss":"https://accounts.google.com","sub":"1"}"#,
    ),
    (
        r#"{"alg":"HS256","kid":"85ba","typ":"JWT"}"#,
        r#"{"iss":"sa@project.iam.gserviceaccount.com","sub":"sa@project.iam.gserviceaccount.com","aud":"https://pubsub.googleapis.com/","iat":1700000000,"exp":1700003600}"#,
    ),
    // Microsoft Entra ID, Auth0, Apple, Firebase.
    (
        r#"{"typ":"JWT","alg":"HS256","x5t":"nOo3ZDrODXEK1jKWhXslHR_KXEg","kid":"nOo3ZDrODXEK1jKWhXslHR_KXEg"}"#,
        r#"{"aud":"api://a","iss":"https://sts.windows.net/t/","iat":1700000000,"nbf":1700000000,"exp":1700005000,"acr":"1","aio":"x","amr":["pwd"],"appid":"a","appidacr":"0","ipaddr":"192.0.2.1","name":"A","oid":"o","rh":"r","scp":"user","sub":"s","tid":"t","unique_name":"a@example.com","upn":"a@example.com","uti":"u","ver":"1.0","pwd_exp":"1","pwd_url":"https://portal.example"}"#,
    ),
    (
        r#"{"alg":"HS256","typ":"at+jwt","kid":"k"}"#,
        r#"{"iss":"https://t.auth0.example/","sub":"auth0|123","aud":["https://api","https://t/userinfo"],"iat":1700000000,"exp":1700086400,"azp":"c","client_id":"c","jti":"j","scope":"openid","permissions":["read"]}"#,
    ),
    (
        r#"{"kid":"fh6Bs8C","alg":"HS256"}"#,
        r#"{"iss":"https://appleid.apple.com","aud":"com.example","exp":1700086400,"iat":1700000000,"sub":"000","c_hash":"x","email":"a@privaterelay.appleid.com","email_verified":"true","is_private_email":"true","auth_time":1700000000,"nonce_supported":true}"#,
    ),
    (
        r#"{"alg":"HS256","kid":"k","typ":"JWT"}"#,
        r#"{"name":"A","picture":"https://p","iss":"https://securetoken.google.com/p","aud":"p","auth_time":1699990000,"user_id":"u","sub":"u","iat":1700000000,"exp":1700003600,"email":"a@example.com","email_verified":true,"firebase":{"identities":{"email":["a@example.com"]},"sign_in_provider":"password"}}"#,
    ),
    // GitHub Actions, GitHub Apps.
    (
        r#"{"typ":"JWT","alg":"HS256","x5t":"x","kid":"38826b17-6a30-5f9b-b169-8beb8202f723"}"#,
        r#"{"jti":"j","sub":"repo:o/r:environment:prod","aud":"https://github.com/o","ref":"refs/heads/main","sha":"s","repository":"o/r","repository_owner":"o","actor_id":"12","actor":"a","run_id":"1","event_name":"workflow_dispatch","environment":"prod","job_workflow_ref":"o/a/.github/workflows/x.yml@refs/heads/main","iss":"https://token.actions.githubusercontent.com","nbf":1700000000,"exp":1700000900,"iat":1700000300}"#,
    ),
    (r#"{"typ":"JWT","alg":"HS256"}"#, r#"{"iat":1699999940,"exp":1700000540,"iss":"12345"}"#),
    // A DPoP proof, logout tokens with and without a type, a security event, a key binding JWT.
    (
        r#"{"typ":"dpop+jwt","alg":"HS256","jwk":{"kty":"EC","x":"l8tFrhx-34tV3hRICRDY9zCkDlpBhF42UQUfWVAWBFs","y":"9VE4jf_Ok_o64zbTTlcuNJajHmt6v9TDVrU0CdvGRDA","crv":"P-256"}}"#,
        r#"{"jti":"-BwC3ESc6acc2lTc","htm":"POST","htu":"https://server.example.com/token","iat":1700000000}"#,
    ),
    (
        r#"{"typ":"logout+jwt","alg":"HS256","kid":"k"}"#,
        r#"{"iss":"https://a.example","sub":"1","aud":"c","iat":1700000000,"jti":"j","sid":"s","events":{"http://schemas.openid.net/event/backchannel-logout":{}}}"#,
    ),
    (
        r#"{"alg":"HS256","kid":"k"}"#,
        r#"{"iss":"https://a.example","sub":"1","aud":"c","iat":1700000000,"jti":"j","events":{"http://schemas.openid.net/event/backchannel-logout":{}}}"#,
    ),
    (
        r#"{"typ":"secevent+jwt","alg":"HS256"}"#,
        r#"{"jti":"3d0c3cf797584bd193bd0fb1bd4e7d30","iss":"https://a.example","aud":["https://b.example"],"iat":1700000000,"events":{"urn:ietf:params:scim:event:password-reset":{"id":"1"}}}"#,
    ),
    (
        r#"{"alg":"HS256","typ":"kb+jwt"}"#,
        r#"{"nonce":"1234567890","aud":"https://verifier.example.org","iat":1700000000,"sd_hash":"x"}"#,
    ),
    // A provider token of the Apple Push Notification service, and the user claims of an AWS load balancer.
    (r#"{"alg":"HS256","kid":"ABC123DEFG"}"#, r#"{"iss":"DEF123GHIJ","iat":1700000000}"#),
    (
        r#"{"typ":"JWT","kid":"12345678-1234-1234-1234-123456789012","alg":"HS256","iss":"https://a.example","client":"c","signer":"arn:aws:elasticloadbalancing:eu-west-1:1:loadbalancer/app/a/1","exp":1700000120}"#,
        r#"{"sub":"1","email":"a@b.example","given_name":"A","exp":1700000120,"iss":"https://a.example"}"#,
    ),
    // A security event about an e-mail address, and a token of Kubernetes that is bound to a Secret.
    (
        r#"{"typ":"secevent+jwt","alg":"HS256"}"#,
        r#"{"jti":"j","iss":"https://a.example","aud":"b","iat":1700000000,"sub_id":{"format":"email","email":"a@b.example"},"events":{"https://schemas.openid.net/secevent/risc/event-type/account-disabled":{}}}"#,
    ),
    (
        r#"{"alg":"HS256","kid":"CJv0f"}"#,
        r#"{"aud":["a"],"exp":1700003600,"iat":1700000000,"iss":"https://kubernetes.default.svc","kubernetes.io":{"namespace":"default","secret":{"name":"s-token","uid":"u1"}},"sub":"system:serviceaccount:default:default"}"#,
    ),
    // A client's assertion (RFC 7523) and a request object (RFC 9101).
    (
        r#"{"alg":"HS256","kid":"22"}"#,
        r#"{"iss":"c","sub":"c","aud":"https://a.example/token","jti":"j","iat":1700000000,"exp":1700000060}"#,
    ),
    (
        r#"{"alg":"HS256","kid":"k2bdc"}"#,
        r#"{"iss":"s6BhdRkqt3","aud":"https://server.example.com","response_type":"code id_token","client_id":"s6BhdRkqt3","redirect_uri":"https://client.example.org/cb","scope":"openid","state":"af0ifjsldkj","nonce":"n-0S6_WzA2Mj","max_age":86400}"#,
    ),
];

#[test]
fn tokens_of_real_issuers_have_no_findings() {
    for (header, claims) in ISSUED {
        let (found, code) = Case::new(signed(header, claims)).audit();
        let is_clean = found.iter().all(|id| INFO.contains(&&**id));
        assert!(is_clean && code == 0, "{found:?}: {claims}");
    }
}

#[test]
fn the_token_that_encode_makes_has_no_findings() {
    for flags in [&["--user", "123", "--ttl", "30m"][..], &["--sub", "a", "--jti"]] {
        let call = clocked(&[&["encode"], flags].concat()).env("JWTCTL_SECRET", STRONG);
        let token = text(&call.output().stdout).trim_end().to_owned();
        let report = Case::new(token).flags(&["--secret-file", "key"]).file("key", STRONG);
        assert_eq!(report.audit().1, 0);
    }
}

/// RFC 7515 appendices A.1 to A.3: a JWT whose claims are RFC 7519's example.
#[test]
fn the_examples_of_the_rfcs_have_no_findings() {
    let claims = "eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ";
    for (header, signature) in [
        ("eyJ0eXAiOiJKV1QiLA0KICJhbGciOiJIUzI1NiJ9", "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"),
        (
            "eyJhbGciOiJFUzI1NiJ9",
            "DtEhU3ljbEg8L38VWAfUAqOyKAM6-Xx-F4GawxaepmXFCgfTjDxw5djxLa8ISlSApmWQxfKTUJqPP3-Kg6NU1Q",
        ),
    ] {
        let token = format!("{header}.{claims}.{signature}");
        assert_eq!(Case::new(&*token).audit().1, 0);
    }
    // A.1 with its key, and A.3 with its public key.
    let keys = [
        (
            "eyJ0eXAiOiJKV1QiLA0KICJhbGciOiJIUzI1NiJ9",
            "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk",
            include_str!("../vectors/rfc7515-a1.jwk"),
        ),
        (
            "eyJhbGciOiJFUzI1NiJ9",
            "DtEhU3ljbEg8L38VWAfUAqOyKAM6-Xx-F4GawxaepmXFCgfTjDxw5djxLa8ISlSApmWQxfKTUJqPP3-Kg6NU1Q",
            include_str!("../vectors/rfc7515-a3-p256-public.pem"),
        ),
    ];
    for (header, signature, key) in keys {
        let token = format!("{header}.{claims}.{signature}");
        assert_eq!(Case::new(token).key(key).audit().1, 0);
    }
    for sd_jwt in [
        include_str!("../vectors/rfc9901-5.1.sd-jwt"),
        include_str!("../vectors/rfc9901-5.2.sd-jwt"),
    ] {
        let (found, code) = Case::new(sd_jwt.trim_end()).audit();
        assert_eq!(code, 0, "{found:?}");
    }
}

/// What `audit` prints of a token, without a key.
#[test]
fn the_report_for_people_has_the_worst_first_and_how_to_mend_it() {
    let token = signed_with(b"secret", HEADER, GOOD.replace("1700001800", "1731536000"));
    let line = known_line("secret");
    clocked(&["audit", &token, "--aud", "web"])
        .stdout(format!(
            "\
not verified: no key was given

high   weak-secret
       the secret can be guessed, so anyone can forge tokens
       found: it is on line {line} of the built-in list
       fix: replace the secret with a random one wherever it is used: jwtctl key new --alg HS512
       see: RFC 8725bis 3.5

medium long-life
       the lifetime of the token is long, so a stolen token stays valid for long
       found: \"exp\" is 365 days after \"iat\"; the limit is 1 day
       fix: set an earlier \"exp\", and renew tokens; if this lifetime is intended, allow it with --max-life
       see: RFC 9700 2.2

medium aud-unexpected
       the audience is not the expected one
       found: \"aud\" is \"api\"
       fix: reject the token
       see: RFC 8725bis 3.9

3 findings: 1 high, 2 medium
"
        ))
        .code(6);
}

/// The line of a secret in the list that is built in.
fn known_line(secret: &str) -> usize {
    let list = include_str!("../../src/audit/known_secrets.txt");
    list.lines().position(|line| line == secret).unwrap() + 1
}

#[test]
fn a_token_without_findings_says_so() {
    let call = clocked(&["audit", &signed_with(STRONG.as_bytes(), HEADER, GOOD)]);
    let by = "verified: HS256 with the HMAC secret (JWTCTL_SECRET)\n\nno findings\n";
    call.env("JWTCTL_SECRET", STRONG).stdout(by).code(0);
    let token = signed_with(STRONG.as_bytes(), HEADER, r#"{"exp":1700001800}"#);
    let call = clocked(&["audit", "--quiet", &token]);
    call.code(0);
}

#[test]
fn a_secret_is_found_in_the_token_itself_in_a_wordlist_or_by_the_key() {
    let own = signed_with(b"https://a.example", HEADER, GOOD);
    let listed = |evidence: &str, call: Call| {
        let output = call.output();
        let report: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
        let found = report["findings"].as_array().unwrap().iter();
        let found = found.filter(|finding| finding["id"] == "weak-secret");
        assert_eq!(
            found.map(|it| it["evidence"].as_str().unwrap()).collect::<Vec<_>>(),
            [evidence]
        );
        assert_eq!(output.status.code(), Some(6));
    };
    listed("it is the token's own \"iss\"", clocked(&["audit", "--json", &own]));
    listed("it is empty", clocked(&["audit", "--json", &signed_with(b"", HEADER, GOOD)]));
    let token = signed_with(b"tr0ub4dor", HEADER, GOOD);
    let words = "one\ntr0ub4dor\nthree\n";
    let with = ["audit", "--json", "--wordlist", "words.txt", &token];
    listed("it is on line 2 of the wordlist", clocked(&with).file("words.txt", words));
    let piped = ["audit", "--json", "--wordlist", "-", &token];
    listed("it is on line 2 of the wordlist", clocked(&piped).stdin(words));
    // Also in an array; and what other rules say does not repeat it.
    let own = signed_with(
        b"hunter2hunter2",
        HEADER,
        GOOD.replace("\"api\"", "[\"x\",\"hunter2hunter2\"]"),
    );
    let call = clocked(&["audit", "--json", "--aud", "web", &own]);
    assert!(!text(&call.output().stdout).contains("hunter2"));
    listed("it is the token's own \"aud\"", call);
    // A secret that was given is known, even if the token is signed with another one.
    let known = format!("JWTCTL_SECRET is on line {} of the built-in list", known_line("secret"));
    listed(&known, clocked(&["audit", "--json", &token]).env("JWTCTL_SECRET", "secret"));
}

#[test]
fn a_secret_that_is_found_is_not_printed() {
    let secret = "0123456789012345678901234567890123456789-known";
    let token = signed_with(secret.as_bytes(), HEADER, GOOD);
    for format in ["--json", "--sarif", "--compact"] {
        let call = clocked(&["audit", format, "--wordlist", "words.txt", &token]);
        let output = call.file("words.txt", format!("x\n{secret}\n")).output();
        let printed = text(&output.stdout) + &text(&output.stderr);
        assert!(printed.contains("line 2 of the wordlist"), "{printed}");
        assert!(!printed.contains(&secret[..12]), "{printed}");
    }
    let token =
        with_claims(r#""api_key":"k-0123456789abcdef","note":"ghp_0123456789abcdef""#).token;
    let output = clocked(&["audit", &token]).output();
    let printed = text(&output.stdout) + &text(&output.stderr);
    assert!(printed.contains("/api_key, /note") && !printed.contains("0123456789"), "{printed}");
}

#[test]
fn a_stream_counts_its_tokens_by_rule() {
    let bad = with_claims(r#""password":"x""#).token;
    let text = [of(GOOD).token, bad.clone(), "x".to_owned(), bad].join("\n");
    let rows = |line: u64| {
        format!(
            r#"{{"line":{line},"status":"rejected","findings":[{{"id":"credential","severity":"high","section":"RFC 7519 12","message":"the token contains a credential, which everyone who has the token can read","evidence":"/password","remedy":"replace the credential, and put no credentials into tokens"}}],"problems":[]}}"#
        )
    };
    let broken = r#"{"line":3,"status":"invalid","findings":[],"problems":[{"code":"token-parts","message":"a token has three parts separated by dots; this text has 1","hint":"was it cut?"}]}"#;
    let clean = r#"{"line":1,"status":"clean","findings":[],"problems":[]}"#;
    let all = format!("{clean}\n{}\n{broken}\n{}\n", rows(2), rows(4));
    clocked(&["audit", "--batch"])
        .stdin(&text)
        .stdout(all)
        .summary("4 lines: 1 clean, 1 invalid (1 token-parts), 2 rejected (2 credential)")
        .code(4);
    clocked(&["audit", "--find", "--count", "log.txt"])
        .file("log.txt", &text)
        .stdout("{\"clean\":1,\"failure\":0,\"usage\":0,\"expired\":0,\"invalid\":0,\"not-yet-valid\":0,\"rejected\":2,\"key\":0}\n")
        .summary("3 tokens: 1 clean, 2 rejected (2 credential)")
        .code(6);
    // Those with findings are what `--tokens` and `--lines` print.
    let token = text.lines().nth(1).unwrap();
    clocked(&["audit", "--find", "--tokens"])
        .stdin(&text)
        .stdout(format!("{token}\n{token}\n"))
        .summary("3 tokens: 1 clean, 2 rejected (2 credential)")
        .code(6);
    // Without what is below the severity, they are clean.
    clocked(&["audit", "--batch", "--quiet", "--min-severity", "high"])
        .stdin(of(GOOD).token)
        .code(0);
    clocked(&["audit", "--find"])
        .stdin("nothing here")
        .summary("0 tokens")
        .error("no token was found in the input")
        .hint("--find looks for whole tokens: three or five base64url parts with dots between them, the first one a JSON object with \"alg\"")
        .code(4);
}

#[test]
fn a_severity_leaves_out_what_is_below_it_also_for_the_exit_code() {
    let case = |severity| {
        with_claims(r#""scope":"x","email":"a@b.example""#).flags(&["--min-severity", severity])
    };
    assert_eq!(case("info").audit(), (vec!["personal-data".to_owned()], 6));
    assert_eq!(case("LOW").audit(), (vec!["personal-data".to_owned()], 6));
    assert_eq!(case("medium").audit(), (Vec::new(), 0));
}

#[test]
fn a_weak_key_is_a_finding_but_one_that_cannot_be_used_is_an_error() {
    let rs256 = || Case::new(signed_by("rsa2048.pkcs8.private.pem", "RS256"));
    let (found, code) = rs256().key(key("rsa1024.spki.public.pem")).audit();
    assert_eq!((found, code), (vec!["key-mismatch".to_owned(), "short-rsa".to_owned()], 6));
    for (file, code) in [("refused.rsa2048-exponent1.spki.pem", 7), ("p256.spki.public.pem", 6)] {
        let call = rs256().key(key(file)).call();
        assert_eq!(call.output().status.code(), Some(code), "{file}");
    }
    clocked(&["audit", &of(GOOD).token])
        .env("JWTCTL_SECRET", "")
        .error("JWTCTL_SECRET is empty")
        .hint("with an empty key anyone could sign, so it is never used")
        .code(7);
    clocked(&["audit", "--allow-weak-key", &of(GOOD).token])
        .error("there is no flag --allow-weak-key")
        .hint("it is a flag of encode, verify, refresh, key show, key public, key convert, key thumbprint and key set")
        .code(2);
}

#[test]
fn a_wordlist_that_cannot_be_read_is_an_error() {
    let token = signed_with(STRONG.as_bytes(), HEADER, GOOD);
    for flags in
        [&["--wordlist", "missing.txt", &*token][..], &["--batch", "--wordlist", "missing.txt"]]
    {
        let output = clocked(&[&["audit"], flags].concat()).stdin(&token).output();
        assert!(
            text(&output.stderr).starts_with("error: cannot read missing.txt (--wordlist): "),
            "{}",
            text(&output.stderr)
        );
        assert_eq!((output.stdout.len(), output.status.code()), (0, Some(1)));
    }
}

#[test]
fn expectations_come_from_variables_too() {
    let audit = |name: &str, value: &str| {
        let call = clocked(&["audit", "--json", &of(GOOD).token]).env(name, value);
        let output = call.output();
        let report: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
        (report["findings"][0]["id"].as_str().map(str::to_owned), output.status.code().unwrap())
    };
    assert_eq!(audit("JWTCTL_AUD", "web"), (Some("aud-unexpected".to_owned()), 6));
    assert_eq!(audit("JWTCTL_AUD", "api"), (None, 0));
    assert_eq!(audit("JWTCTL_ISS", "https://b.example"), (Some("iss-unexpected".to_owned()), 6));
    assert_eq!(audit("JWTCTL_ISS", ""), (None, 2));
}

#[test]
fn layers_of_encryption_are_audited_from_the_outside_in() {
    let encrypt = ["encode", GOOD, "--encrypt-secret-env", "SECRET", "--p2c", "1000"];
    let call = clocked(&encrypt).env("SECRET", STRONG).env("JWTCTL_SECRET", "secret");
    let token = text(&call.output().stdout).trim_end().to_owned();
    // Only the header can be read.
    assert_eq!(Case::new(&*token).audit(), (Vec::new(), 0));
    let call = clocked(&["audit", "--json", "--decrypt-secret-env", "SECRET", &token]);
    let output = call.env("SECRET", STRONG).output();
    let report: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(report["findings"][0]["id"], "weak-secret", "{report}");
    assert_eq!(output.status.code(), Some(6));
}

#[test]
fn a_result_of_code_scanning_names_its_file() {
    let uri = |call: Call| {
        let output = call.output();
        let log: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
        let result = &log["runs"][0]["results"][0]["locations"][0]["physicalLocation"];
        assert_eq!(output.status.code(), Some(6));
        (
            result["artifactLocation"]["uri"].as_str().unwrap().to_owned(),
            result["region"]["startLine"].as_u64(),
        )
    };
    let bad = with_claims(r#""password":"x""#).token;
    let text = format!("\n{bad}\n");
    let with = |args: &[&str], name: &str| {
        clocked(&[&["audit", "--sarif"], args].concat()).file(name, &text).stdin(&text)
    };
    assert_eq!(uri(with(&["--find", "a b#1.log"], "a b#1.log")), ("a%20b%231.log".into(), Some(2)));
    assert_eq!(uri(with(&["--batch", "x"], "x")), ("x".into(), Some(2)));
    assert_eq!(uri(with(&["--find", "-", "x"], "x")), ("stdin".into(), Some(2)));
    assert_eq!(uri(with(&["--token-file", "x"], "x")), ("x".into(), Some(1)));
    assert_eq!(uri(with(&["--find"], "x")), ("stdin".into(), Some(2)));
}

#[test]
fn a_missing_wordlist_is_an_error_also_if_nothing_needs_it() {
    let token = signed_by("p256.pkcs8.private.pem", "ES256");
    let output = clocked(&["audit", "--wordlist", "missing.txt", &token]).output();
    assert!(text(&output.stderr).starts_with("error: cannot read missing.txt (--wordlist): "));
    assert_eq!(output.status.code(), Some(1));
}

#[test]
fn findings_are_annotations_for_the_log_of_github() {
    let token = with_claims(r#""password":"100%","scope":"x","email":"a@b.example""#).token;
    let output = clocked(&["audit", "--github", "--quiet", &token]).output();
    let lines = text(&output.stderr);
    assert_eq!(lines.lines().count(), 1, "{lines}");
    assert!(
        lines.starts_with("::error title=jwtctl::credential: ")
            && lines.contains("%0A/password%0Afix: "),
        "{lines}"
    );
    assert_eq!((output.stdout.len(), output.status.code()), (0, Some(6)));
    let output = clocked(&["audit", "--github", &token]).output();
    assert_eq!(text(&output.stderr).lines().count(), 2);
}

#[test]
fn a_token_that_was_not_decrypted_is_said_to_be_so() {
    let said = "not decrypted: only the header was examined; see --decrypt-key\n\nno findings\n";
    clocked(&["audit", &sealed(r#""alg":"dir""#).token]).stdout(said).code(0);
}

#[test]
fn a_payload_that_is_meant_for_claims_and_is_none_is_malformed() {
    for payload in [r#"{"a":1,"a":2}"#, "[1]", "text", "\u{feff}{}", &"[".repeat(200)] {
        let output = clocked(&["audit", &signed(HEADER, payload)]).output();
        assert_eq!((output.stdout.len(), output.status.code()), (0, Some(4)), "{payload}");
    }
    let other = signed(r#"{"alg":"HS256"}"#, "text");
    clocked(&["audit", &other])
        .stdout("not verified: no key was given\n\nno findings\n")
        .warning("the payload is not a claims set: only the header and the signature were examined")
        .code(0);
}

#[test]
fn a_disclosure_that_belongs_to_nothing_is_malformed() {
    let token = signed(HEADER, GOOD);
    let disclosure = base64url(r#"["salt","password","hunter2"]"#);
    let output = clocked(&["audit", &format!("{token}~{disclosure}~")]).output();
    assert_eq!((output.stdout.len(), output.status.code()), (0, Some(4)));
}

#[test]
fn expectations_are_checked_inside_an_encrypted_token_too() {
    let encrypt = ["encode", GOOD, "--no-sign", "--encrypt-secret-env", "SECRET", "--p2c", "1000"];
    let token = text(&clocked(&encrypt).env("SECRET", STRONG).output().stdout);
    let args = ["audit", "--json", "--decrypt-secret-env", "SECRET", "--aud", "web", token.trim()];
    let output = clocked(&args).env("SECRET", STRONG).output();
    let report: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(report["findings"][0]["id"], "aud-unexpected", "{report}");
}

#[test]
fn a_log_for_code_scanning_has_nothing_that_a_terminal_acts_on() {
    let token = with_header("\"kid\":\"../\u{9b}31m\u{202e}\u{7f}\"").token;
    let output = clocked(&["audit", "--sarif", &token]).output();
    assert!(output.stdout.iter().all(|byte| matches!(byte, b' '..=b'~' | b'\n')));
    let log: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    let message = log["runs"][0]["results"][0]["message"]["text"].as_str().unwrap();
    assert!(message.contains('\u{202e}'), "{message}");
}

#[test]
fn a_stream_without_a_token_is_not_clean() {
    clocked(&["audit", "--batch"])
        .stdin("\n\n")
        .summary("2 lines: 2 blank")
        .error("there is no token in the input")
        .hint("did the command that writes it print anything?")
        .code(4);
}

/// Guessing takes time that does not grow with the number of signatures.
#[test]
fn a_token_with_many_signatures_is_audited_soon() {
    let claims = format!(r#"{{"iss":"{}","exp":1700001800}}"#, "x".repeat(40_000));
    let token = signed(r#"{"alg":"HS512"}"#, claims);
    let parts: Vec<_> = token.split('.').collect();
    let signature = base64url([1; 64]);
    let one = format!(r#"{{"protected":"{}","signature":"{signature}"}}"#, parts[0]);
    let all = vec![one; 100].join(",");
    let json = format!(r#"{{"payload":"{}","signatures":[{all}]}}"#, parts[1]);
    let output = clocked(&["audit", "--json", "-"]).stdin(json).output();
    let report: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    let codes: Vec<_> =
        report["warnings"].as_array().unwrap().iter().map(|it| &it["code"]).collect();
    assert_eq!(codes, ["secrets-untried"], "{report}");
}

#[test]
fn an_issuer_beside_several_is_refused_as_by_verify() {
    let oidc = ["--oidc", "https://a.example", "--oidc", "https://b.example", "--iss", "x"];
    for verb in ["audit", "verify"] {
        clocked(&[&[verb, "x"], &oidc[..]].concat())
            .error("--iss cannot be used with several --oidc: each issuer's keys verify its own tokens")
            .hint("leave out --iss")
            .code(2);
    }
}
