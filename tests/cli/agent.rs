//! Keys in an SSH agent: which one is meant, how it signs, and agents that refuse, lie, hang or vanish.
#![cfg(unix)]

use std::time::{Duration, Instant};

use crate::fake_agent::{
    AgentKey, FAILURE, FakeAgent, LIST, Reply, asked, blob, field, honest, list, signature,
};
use crate::fingerprints::rows_of;
use crate::harness::{CLAIMS, Call, PRINTED, SECRET, clocked, jwtctl, line, text};

const ED25519: &str = "SHA256:Oj1HB2ij3Gxu0W7KlQwWUBVSqORCgEuqpBfKX0Fw/6o";

const P256: &str = "SHA256:Ol7lzEN99NzbmggcJIeQzQspH4e8CsqsT0z25HG6SdM";

const RSA: &str = "SHA256:Np6Gl52VfMpcP3AfloO8mGMz014jqPD33B/APuFHCqI";

fn with_agent<S: AsRef<str>>(agent: &FakeAgent, args: &[S]) -> Call {
    clocked(args).env("SSH_AUTH_SOCK", &agent.address())
}

/// The token that `encode` makes of [`CLAIMS`] with the key itself.
fn made_with_file(alg: &str) -> String {
    let call = clocked(&["encode", CLAIMS, "--alg", alg, "--key", "key.pem"]);
    let name = if alg.starts_with("RS") { "rsa2048" } else { "ed25519" };
    let key = crate::harness::key(&format!("{name}.pkcs8.private.pem"));
    text(&call.file("key.pem", key).output().stdout)
}

#[test]
fn the_agent_signs_the_token_that_its_key_would() {
    let agent = FakeAgent::with(&["ed25519", "rsa2048"]);
    for (alg, name) in
        [("EdDSA", "ed25519"), ("Ed25519", "ed25519"), ("RS256", "rsa2048"), ("RS512", "rsa2048")]
    {
        for which in [name, "any"] {
            let call = with_agent(&agent, &["encode", CLAIMS, "--alg", alg, "--agent", which]);
            call.stdout(made_with_file(alg)).code(0);
        }
    }
}

#[test]
fn an_agents_ecdsa_signature_is_written_as_a_jws_has_it() {
    let agent = FakeAgent::with(&["p256", "p384", "p521"]);
    for (alg, name) in [("ES256", "p256"), ("ES384", "p384"), ("ES512", "p521")] {
        // Some of the numbers begin with a zero, which the agent leaves out.
        let lines = format!("{CLAIMS}\n").repeat(if name == "p521" { 8 } else { 200 });
        let args = ["encode", "--batch", "-", "--alg", alg, "--agent", "any", "-q"];
        let made = with_agent(&agent, &args).stdin(lines.clone()).output();
        assert_eq!((text(&made.stderr), made.status.code()), (String::new(), Some(0)), "{alg}");
        let args = ["verify", "--batch", "-", "--key", "key.txt", "--count"];
        let key = crate::harness::key(&format!("{name}.spki.public.pem"));
        let verified = clocked(&args).file("key.txt", key).stdin(made.stdout).output();
        assert_eq!(verified.status.code(), Some(0), "{alg}: {}", text(&verified.stderr));
        let count = lines.lines().count();
        assert!(text(&verified.stdout).contains(&count.to_string()), "{}", text(&verified.stdout));
    }
}

#[test]
fn a_key_in_the_agent_verifies_and_refreshes() {
    let agent = FakeAgent::with(&["ed25519", "p256"]);
    let made = with_agent(&agent, &["encode", CLAIMS, "--agent", ED25519]).output().stdout;
    let token = text(&made);
    let token = token.trim();
    with_agent(&agent, &["verify", "--agent", "ed25519", token]).stdout(PRINTED).code(0);
    let refreshed = with_agent(&agent, &["refresh", "--agent", "ed25519", token, "--ttl", "1800"]);
    refreshed.stdout(line(token)).code(0);
    // Another key of the agent signs than the one that verified.
    let args = ["refresh", "--agent", "ed25519", "--sign-agent", "p256", token];
    let other = text(&with_agent(&agent, &args).output().stdout);
    with_agent(&agent, &["verify", "--agent", "p256", other.trim()]).stdout(PRINTED).code(0);
}

#[test]
fn several_keys_of_the_agent_are_numbered() {
    let agent = FakeAgent::with(&["ed25519", "p256"]);
    let token = text(&with_agent(&agent, &["encode", CLAIMS, "--agent", "p256"]).output().stdout);
    let token = token.trim();
    let flags = ["--agent", "ed25519", "--agent", "p256", "--secret-env", "NEW"];
    let call = with_agent(&agent, &[&["verify", "--json", token], &flags[..]].concat());
    let report = text(&call.env("NEW", SECRET).output().stdout);
    assert!(report.contains(r#""source": "--agent 2""#), "{report}");
    with_agent(&agent, &["verify", token, "--agent", "ed25519", "--agent", "nobody"])
        .error("--agent 2: the SSH agent holds no key with this comment")
        .evidence(&format!("{ED25519} ssh-ed25519 \"ed25519\""))
        .evidence(&format!("{P256} ecdsa-sha2-nistp256 \"p256\""))
        .hint("a key is named by its fingerprint, as ssh-add -l prints it, or by its comment")
        .code(7);
}

#[test]
fn the_verbs_of_key_take_the_public_key_from_the_agent() {
    let agent = FakeAgent::with(&["ed25519"]);
    let call = |args: &[&str]| jwtctl(args).env("SSH_AUTH_SOCK", &agent.address());
    for format in ["pem", "jwk"] {
        let from_file = jwtctl(&["key", "public", "--format", format, "key.pem"])
            .file("key.pem", crate::harness::key("ed25519.pkcs8.private.pem"));
        call(&["key", "public", "--format", format, "--agent", "any"])
            .stdout(from_file.output().stdout)
            .code(0);
    }
    let thumbprint = "UZwoUfTul-6ICCr6OvdG76C3RNQFzap8l0AeEPbUI80";
    call(&["key", "thumbprint", "--agent", "any"]).stdout(line(thumbprint)).code(0);
    let fingerprints = rows_of(thumbprint).into_iter();
    let fingerprints: Vec<_> =
        fingerprints.map(|(label, text)| format!("{label:10}  {text}\n")).collect();
    call(&["key", "show", "--agent", "any"])
        .stdout(format!(
            "kind        Ed25519 public key\nformat      key in an SSH agent\nalgorithms  EdDSA, Ed25519\n{}",
            fingerprints.concat()
        ))
        .code(0);
}

#[test]
fn several_keys_that_fit_are_listed() {
    let agent = FakeAgent::with(&["ed25519", "p256"]);
    with_agent(&agent, &["encode", CLAIMS, "--agent", "any"])
        .error("--agent: the SSH agent holds 2 keys that fit, but exactly one is needed")
        .evidence(&format!("{ED25519} ssh-ed25519 \"ed25519\""))
        .evidence(&format!("{P256} ecdsa-sha2-nistp256 \"p256\""))
        .hint("name one by its fingerprint: --agent SHA256:…")
        .code(7);
}

#[test]
fn a_key_that_is_not_there_is_answered_with_those_that_are() {
    let hostile = b"\x1b[31m\xe2\x80\xaered\xff\n";
    let agent = FakeAgent::new(|_| Reply::Message(list(&[(blob("ed25519"), hostile)])));
    for (which, what) in [
        ("nobody", "comment"),
        ("SHA256:47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU", "fingerprint"),
    ] {
        with_agent(&agent, &["encode", CLAIMS, "--agent", which])
            .error(&format!("--agent: the SSH agent holds no key with this {what}"))
            .evidence(&format!("{ED25519} ssh-ed25519 \"\\u001b[31m\\u202ered\u{fffd}\\n\""))
            .hint("a key is named by its fingerprint, as ssh-add -l prints it, or by its comment")
            .code(7);
    }
    let agent = FakeAgent::with(&[]);
    with_agent(&agent, &["encode", CLAIMS, "--agent", "any"])
        .error("--agent: the SSH agent holds no keys")
        .hint("ssh-add FILE adds a key, ssh-add -s LIBRARY those of an HSM or a smart card; a locked agent shows none until ssh-add -X")
        .code(7);
}

/// A certificate of a key: its fields with a nonce before them, and more behind.
fn certificate(name: &str, kind: &str) -> Vec<u8> {
    let plain = blob(name);
    let fields = &plain[4 + kind.len()..];
    let kind = format!("{kind}-cert-v01@openssh.com");
    [&field(kind.as_bytes()), &field(b"nonce"), fields, &[0; 40]].concat()
}

#[test]
fn keys_that_sign_no_tokens_are_passed_over_or_refused_with_the_reason() {
    let token_key = |kind: &str| [field(kind.as_bytes()), field(&[1; 32]), field(b"ssh:")].concat();
    let others = [
        (certificate("ed25519", "ssh-ed25519"), &b"ed25519"[..]),
        (token_key("sk-ssh-ed25519@openssh.com"), b"yubikey"),
        (field(b"ssh-dss"), b"old"),
        (field(b"\x1b]0;evil"), b"odd"),
        (b"\0\0".to_vec(), b"cut"),
    ];
    let only_others = others.to_vec();
    let agent = FakeAgent::new(move |_| Reply::Message(list(&only_others)));
    with_agent(&agent, &["encode", CLAIMS, "--agent", "any"])
        .error("--agent: the SSH agent holds no key that can be used")
        .evidence(&format!("{ED25519} ssh-ed25519-cert-v01@openssh.com \"ed25519\": an OpenSSH certificate; the key itself is in the .pub file beside it"))
        .evidence("SHA256:1rYiSPZV2H9QsZrfrX/5nhreVmcpuSKQQYA/CKjnPfU sk-ssh-ed25519@openssh.com \"yubikey\": an OpenSSH key on a security token, which only signs SSH logins")
        .evidence("SHA256:CHr4h+K6QN5JMQs8T+Ba7/mYGAj8ihYnmHsQE/dUa2k ssh-dss \"old\": a DSA key")
        .evidence("SHA256:2DUoiclM2b6drga9hePXLK0iXzm7IExWp0IWGW1EFv0 ? \"odd\": an OpenSSH key of the type ?")
        .evidence("SHA256:lqKW0iTyhcZ77pPDD4owkVfw2qNdxbh+QQt4YwoJz8c ? \"cut\": is damaged: its OpenSSH key does not decode (it is truncated or malformed)")
        .hint("ssh-add FILE adds a key")
        .code(7);
    // A certificate has the fingerprint and the comment of its key.
    let mut all = others.to_vec();
    all.push((blob("ed25519"), b"ed25519"));
    let keys = [AgentKey::new("ed25519")];
    let agent = FakeAgent::new(move |request| match request {
        [LIST] => Reply::Message(list(&all)),
        _ => Reply::Message(honest(&keys, request)),
    });
    for which in ["any", "ed25519", ED25519] {
        with_agent(&agent, &["encode", CLAIMS, "--agent", which])
            .stdout(made_with_file("EdDSA"))
            .code(0);
    }
}

#[test]
fn an_algorithm_that_agents_do_not_have_is_refused() {
    let agent = FakeAgent::with(&["rsa2048"]);
    for alg in ["PS256", "RS384"] {
        with_agent(&agent, &["encode", CLAIMS, "--agent", "any", "--alg", alg])
            .error("--agent: the SSH agent holds no key that can be used")
            .evidence(&format!("{RSA} ssh-rsa \"rsa2048\": the SSH agent cannot sign with {alg}, only with RS256 and RS512"))
            .hint("leave out --alg: this agent signs with RS256 and RS512")
            .code(7);
    }
    let agent = FakeAgent::with(&["ed25519"]);
    with_agent(&agent, &["encode", CLAIMS, "--agent", "any", "--alg", "ES256"])
        .error("--agent: the SSH agent holds no key that can be used")
        .evidence(&format!("{ED25519} ssh-ed25519 \"ed25519\": does not support ES256"))
        .hint("leave out --alg: this agent signs with EdDSA and Ed25519")
        .code(7);
}

/// An agent that lists its Ed25519 key, and answers a request to sign like this.
fn signing(answer: impl Fn(&[u8]) -> Reply + Send + Sync + 'static) -> FakeAgent {
    FakeAgent::new(move |request| match request {
        [LIST] => Reply::Message(list(&[(blob("ed25519"), b"ed25519")])),
        _ => answer(request),
    })
}

#[track_caller]
fn fails(agent: &FakeAgent, error: &str, hint: Option<&str>, code: i32) {
    let call = with_agent(agent, &["encode", CLAIMS, "--agent", "any"]);
    let call = call.error(&format!("--agent: {error}"));
    match hint {
        Some(hint) => call.hint(hint).code(code),
        None => call.code(code),
    }
}

const MALFORMED: &str = "the answer of the SSH agent is malformed";
const REFUSED: &str = "a locked agent is unlocked with ssh-add -X; a key that was added with ssh-add -c needs a confirmation";

#[test]
fn an_agent_that_refuses_is_told() {
    for failure in [5, 28, 30] {
        let agent = FakeAgent::new(move |_| Reply::Message(vec![failure]));
        fails(&agent, "the SSH agent refused to list its keys", Some(REFUSED), 7);
    }
    let agent = signing(|_| Reply::Message(FAILURE.to_vec()));
    fails(&agent, "the SSH agent refused to sign", Some(REFUSED), 7);
}

#[test]
fn a_list_that_is_malformed_is_refused() {
    let too_many = u32::to_be_bytes(2049);
    for answer in [
        vec![],
        vec![14],
        vec![12],
        vec![12, 0, 0, 0],
        vec![12, 0, 0, 0, 1],
        vec![12, 0, 0, 0, 0, 0],
        [&[12, 0, 0, 0, 1], &*field(&blob("ed25519"))].concat(),
        [&[12, 0, 0, 0, 1, 0xff, 0xff, 0xff, 0xff], &*blob("ed25519")].concat(),
        [list(&[(blob("ed25519"), b"ed25519")]), vec![0]].concat(),
    ] {
        let agent = FakeAgent::new(move |_| Reply::Message(answer.clone()));
        fails(&agent, MALFORMED, None, 7);
    }
    let agent = FakeAgent::new(move |_| Reply::Message([&[12], &too_many[..]].concat()));
    fails(&agent, "the SSH agent has 2049 keys; more than 2048 are not read", None, 7);
    for length in [256 * 1024 + 1, u32::MAX] {
        let agent = FakeAgent::new(move |_| Reply::Raw(length.to_be_bytes().to_vec()));
        fails(&agent, "the answer of the SSH agent is larger than 256 KiB", None, 7);
    }
}

#[test]
fn a_signature_that_does_not_match_is_never_printed() {
    let lies = "the SSH agent returned a signature that does not match the public key";
    let key = || AgentKey::new("ed25519");
    let good = move |request: &[u8]| {
        let (_, message, flags) = asked(request);
        key().sign(&message, flags).1
    };
    let other_message =
        signing(move |_| Reply::Message(signature("ssh-ed25519", &key().sign(b"other", 0).1)));
    fails(&other_message, lies, None, 7);
    let altered = signing(move |request| {
        let mut bytes = good(request);
        bytes[63] ^= 1;
        Reply::Message(signature("ssh-ed25519", &bytes))
    });
    fails(&altered, lies, None, 7);
    for length in [0, 63] {
        let cut = signing(move |request| {
            Reply::Message(signature("ssh-ed25519", &good(request)[..length]))
        });
        fails(&cut, MALFORMED, None, 7);
    }
    let more = signing(move |request| {
        Reply::Message([signature("ssh-ed25519", &good(request)), vec![0]].concat())
    });
    fails(&more, MALFORMED, None, 7);
    let listed_again = signing(|_| Reply::Message(list(&[])));
    fails(&listed_again, MALFORMED, None, 7);
    let other_type = signing(|request| {
        let (_, message, _) = asked(request);
        let (kind, bytes) = AgentKey::new("p256").sign(&message, 0);
        Reply::Message(signature(kind, &bytes))
    });
    let found =
        "the SSH agent made a signature of another kind: ecdsa-sha2-nistp256, not ssh-ed25519";
    let old = "an agent that does not know SHA-2 signatures is too old; ssh-agent makes them since OpenSSH 7.2";
    fails(&other_type, found, Some(old), 7);
}

#[test]
fn an_ecdsa_signature_of_odd_numbers_is_refused() {
    let number = |bytes: &[u8]| field(bytes);
    for numbers in [
        vec![],
        number(&[1]),
        [number(&[]), number(&[1])].concat(),
        [number(&[0xff; 32]), number(&[1])].concat(),
        [number(&[1; 33]), number(&[1])].concat(),
        [number(&[1]), number(&[1]), vec![0]].concat(),
    ] {
        let agent = FakeAgent::new(move |request| match request {
            [LIST] => Reply::Message(list(&[(blob("p256"), b"p256")])),
            _ => Reply::Message(signature("ecdsa-sha2-nistp256", &numbers)),
        });
        fails(&agent, MALFORMED, None, 7);
    }
}

#[test]
fn an_agent_that_vanishes_is_a_failure() {
    let closed = "the SSH agent closed the connection without an answer";
    for cut in [vec![], vec![0], vec![0, 0, 0, 9, 12]] {
        let raw = cut.clone();
        fails(&FakeAgent::new(move |_| Reply::Raw(raw.clone())), closed, None, 1);
        fails(&signing(move |_| Reply::Raw(cut.clone())), closed, None, 1);
    }
    let asks = "does SSH_AUTH_SOCK point to a running agent? ssh-add -l shows";
    let call = |address: &str| {
        clocked(&["encode", CLAIMS, "--agent", "any"]).env("SSH_AUTH_SOCK", address)
    };
    call("no-agent")
        .error("--agent: cannot reach the SSH agent: No such file or directory")
        .hint(asks)
        .code(1);
    call("file")
        .file("file", "")
        .error("--agent: cannot reach the SSH agent: Connection refused")
        .hint(asks)
        .code(1);
}

/// Runs a call that must end in about ten seconds.
fn in_time(call: &Call) -> std::process::Output {
    let begun = Instant::now();
    let output = call.output();
    let elapsed = begun.elapsed();
    assert!((Duration::from_secs(8)..Duration::from_secs(14)).contains(&elapsed), "{elapsed:?}");
    output
}

#[test]
fn an_agent_that_hangs_is_a_failure_after_ten_seconds() {
    let slow = || Reply::Slow(list(&[(blob("ed25519"), b"ed25519")]));
    std::thread::scope(|scope| {
        for agent in [FakeAgent::new(|_| Reply::Silence), FakeAgent::new(move |_| slow())] {
            scope.spawn(move || {
                let call = with_agent(&agent, &["encode", CLAIMS, "--agent", "any"]);
                let output = in_time(&call);
                let error = "error: --agent: the SSH agent did not answer within 10 seconds\n";
                assert_eq!(
                    (text(&output.stderr), output.status.code()),
                    (error.to_owned(), Some(1))
                );
            });
        }
        // It is not asked for each line of a stream.
        scope.spawn(|| {
            let agent = signing(|_| Reply::Silence);
            let args = ["encode", "--batch", "-", "--agent", "any", "--threads", "1"];
            let output = in_time(&with_agent(&agent, &args).stdin(format!("{CLAIMS}\n").repeat(3)));
            assert_eq!(
                (text(&output.stdout), output.status.code()),
                ("\n\n\n".to_owned(), Some(1))
            );
        });
    });
}

#[test]
fn an_agent_may_close_each_connection() {
    let keys = [AgentKey::new("ed25519")];
    let agent = FakeAgent::new(move |request| Reply::Last(honest(&keys, request)));
    let args = ["encode", "--batch", "-", "--agent", "any", "-q"];
    let rows = made_with_file("EdDSA").repeat(3);
    with_agent(&agent, &args).stdin(format!("{CLAIMS}\n").repeat(3)).stdout(rows).code(0);
}

#[test]
fn all_threads_of_a_stream_sign_and_the_rows_keep_their_order() {
    let agent = FakeAgent::with(&["ed25519"]);
    let lines: Vec<_> = (0..2000).map(|id| format!("{{\"sub\":\"{id}\"}}\n")).collect();
    let claims = lines.concat();
    let args = ["encode", "--batch", "-", "--threads", "4", "-q"];
    let with_file = clocked(&[&args[..], &["--key", "key.pem"]].concat())
        .file("key.pem", crate::harness::key("ed25519.pkcs8.private.pem"))
        .stdin(&claims);
    with_agent(&agent, &[&args[..], &["--agent", "any"]].concat())
        .stdin(&claims)
        .stdout(with_file.output().stdout)
        .code(0);
}

#[test]
fn a_stream_tells_which_lines_the_agent_did_not_sign() {
    let key = AgentKey::new("ed25519");
    let agent = signing(move |request| {
        let (_, message, flags) = asked(request);
        let is_long = message.len() > 150;
        if is_long {
            return Reply::Message(FAILURE.to_vec());
        }
        let (kind, bytes) = key.sign(&message, flags);
        Reply::Message(signature(kind, &bytes))
    });
    let long = format!("{{\"sub\":\"{}\",\"iat\":1700000000,\"exp\":1700001800}}", "x".repeat(100));
    let output = with_agent(&agent, &["encode", "--batch", "-", "--agent", "any"])
        .stdin(format!("{CLAIMS}\n{long}\n{CLAIMS}\n"))
        .output();
    let token = made_with_file("EdDSA");
    assert_eq!(
        (text(&output.stdout), output.status.code()),
        (format!("{token}\n{token}"), Some(7))
    );
    let told = "error: line 2: --agent: the SSH agent refused to sign\n";
    assert!(text(&output.stderr).contains(told), "{}", text(&output.stderr));
}

#[test]
fn a_token_that_an_agent_cannot_take_is_refused() {
    let agent = FakeAgent::with(&["ed25519"]);
    let claims = format!("{{\"sub\":\"{}\"}}", "x".repeat(200 * 1024));
    with_agent(&agent, &["encode", "-", "--agent", "any"])
        .stdin(claims)
        .error("--agent: the SSH agent does not sign more than 256 KiB at once")
        .code(7);
}

#[test]
fn a_detached_payload_is_signed_by_the_agent() {
    let agent = FakeAgent::with(&["p256"]);
    let payload = "any bytes\0".repeat(1000);
    let made = jwtctl(&["encode", "--detached", "payload", "--agent", "any"])
        .env("SSH_AUTH_SOCK", &agent.address())
        .file("payload", &payload)
        .output();
    assert_eq!((text(&made.stderr), made.status.code()), (String::new(), Some(0)));
    let token = text(&made.stdout);
    jwtctl(&["verify", "--raw", "--detached", "payload", "--agent", "any", token.trim()])
        .env("SSH_AUTH_SOCK", &agent.address())
        .file("payload", &payload)
        .code(0);
}

#[test]
fn without_an_agent_the_variable_is_named() {
    let hint = "start one and add the key: eval \"$(ssh-agent)\"; ssh-add";
    clocked(&["encode", CLAIMS, "--agent", "any"])
        .error("--agent: there is no SSH agent: SSH_AUTH_SOCK is not set")
        .hint(hint)
        .code(7);
    clocked(&["encode", CLAIMS, "--agent", "any"])
        .env("SSH_AUTH_SOCK", "")
        .error("--agent: there is no SSH agent: SSH_AUTH_SOCK is empty")
        .hint(hint)
        .code(7);
}
