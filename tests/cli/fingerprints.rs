//! Fingerprints of keys and certificates, compared with those that openssl, ssh-keygen and Python's base64 module print.

use serde_json::Value;

use crate::harness::{Call, SECRET, jwtctl, key, text};

/// A public key of `tests/keys`, its thumbprint, and what these commands print of it:
///
/// - `openssl pkey -pubin -in KEY -outform DER | openssl dgst -sha256 -binary | base64`
/// - `ssh-keygen -lf KEY`
/// - the first, its first 30 bytes in base32, with a colon after each fourth digit
type Known = (&'static str, &'static str, &'static str, Option<&'static str>, &'static str);

const KEYS: [Known; 8] = [
    (
        "p256.spki.public.pem",
        "Tz9lelxMPsot26undt107aM66wLEZ4SaGJQ48GOPUrk",
        "SHA256:BRgvcMY7LHGFAwvykaVLXAwLKoArsS6Ic3ggERK5rQc=",
        Some("SHA256:Ol7lzEN99NzbmggcJIeQzQspH4e8CsqsT0z25HG6SdM"),
        "AUMC:64GG:HMWH:DBID:BPZJ:DJKL:LQGA:WKUA:FOYS:5CDT:PAQB:CEVZ",
    ),
    (
        "p384.spki.public.pem",
        "EhJ6_nPX6xH1G_-epHmcXP5mu6UEKVd1pbVIVjrDAxs",
        "SHA256:p4Pc4wVEr8Yyh0Ex/c4B3R3INd9QJSw3JqvjBVJENaE=",
        Some("SHA256:Z3vzNkr01afRnqu2AkW7LtcXEyTSHUWHN4aItiAhqmA"),
        "U6B5:ZYYF:ISX4:MMUH:IEY7:3TQB:3UO4:QNO7:KASS:YNZG:VPRQ:KUSE",
    ),
    (
        "p521.spki.public.pem",
        "djfPWlz0z8mUkDYsnhGCNhxVmwVLofiXW42zLcND1Q4",
        "SHA256:iRzLJ2nywlHuB81lEda+eHnVM2Ev97Mvt3qKK0aTIY8=",
        Some("SHA256:DHsAE90yp9P4ytXbJCFqG/csxFfOSIh+upJtnYokahs"),
        "REOM:WJ3J:6LBF:D3QH:ZVSR:DVV6:PB45:KM3B:F733:GL5X:PKFC:WRUT",
    ),
    (
        "secp256k1.spki.public.pem",
        "0JGnpnRCJ-AvM70L2zVhM9uszAaNNt00bAebUrOHlX4",
        "SHA256:EYUapaKiMRav5rDtYme8kyZSFfBVUJDaMFmIO1cCzCI=",
        None,
        "CGCR:VJNC:UIYR:NL7G:WDWW:EZ54:SMTF:EFPQ:KVIJ:BWRQ:LGED:WVYC",
    ),
    (
        "rsa2048.spki.public.pem",
        "Mo7CF5nMzc5p-1UXc8X2fc9-G_Mz4Z8fF8R7kc8Dxg0",
        "SHA256:tWz9av2kdvJTG084QApPAiMPjMkv8PNr7Xabv/nHrf4=",
        Some("SHA256:Np6Gl52VfMpcP3AfloO8mGMz014jqPD33B/APuFHCqI"),
        "WVWP:22X5:UR3P:EUY3:J44E:ACSP:AIRQ:7DGJ:F7YP:G27N:O2N3:76OH",
    ),
    (
        "ed25519.spki.public.pem",
        "UZwoUfTul-6ICCr6OvdG76C3RNQFzap8l0AeEPbUI80",
        "SHA256:E0c1qCvIs19AdENDgca9QkUmylUpKc5iY0n5mygd4UM=",
        Some("SHA256:Oj1HB2ij3Gxu0W7KlQwWUBVSqORCgEuqpBfKX0Fw/6o"),
        "CNDT:LKBL:ZCZV:6QDU:INBY:DRV5:IJCS:NSSV:FEU4:4YTD:JH4Z:WKA5",
    ),
    (
        "ed25519.openssh.public.txt",
        "JP72jRU_YV_BADZtFgb6JJZT3bdEwBRpbBrlq8XEZSs",
        "SHA256:s3bCxbFhLJPynsxOTRVyioqF8cC7gxJyeokE0OrYR1s=",
        Some("SHA256:x38hCMJcpnA/bX6e0NP7Rc/oAyKO2fLIgRIYdosWoLQ"),
        "WN3M:FRNR:MEWJ:H4U6:ZRHE:2FLS:RKFI:L4OA:XOBR:E4T2:RECN:B2WY",
    ),
    (
        "mldsa44.spki.public.pem",
        "XqS8KAWB0Sc42bmWeKxan98eQKcHS4DVOHGc_kr_68E",
        "SHA256:g3gycIxSNtlRWB8f3fK3mZGzQkoEhtFtod2tD9aXAb4=",
        None,
        "QN4D:E4EM:KI3N:SUKY:D4P5:34VX:TGI3:GQSK:ASDN:C3NB:3WWQ:7VUX",
    ),
];

/// What `key show` says of a key with this thumbprint: its label and the text.
pub fn rows_of(thumbprint: &str) -> Vec<(&'static str, &'static str)> {
    let known = KEYS.iter().find(|(_, known, ..)| *known == thumbprint);
    let (_, thumbprint, spki, ssh, libtrust) = known.expect("a known key");
    let rows = [
        ("thumbprint", Some(*thumbprint)),
        ("spki", Some(*spki)),
        ("ssh", *ssh),
        ("libtrust", Some(*libtrust)),
    ];
    rows.into_iter().filter_map(|(label, text)| Some((label, text?))).collect()
}

fn thumbprint(flag: &str, name: &str) -> Call {
    jwtctl(&["key", "thumbprint", flag, name]).key(name)
}

#[test]
fn fingerprints_are_those_of_other_tools() {
    for (name, _, spki, ssh, libtrust) in KEYS {
        thumbprint("--spki", name).stdout(format!("{spki}\n")).code(0);
        thumbprint("--libtrust", name).stdout(format!("{libtrust}\n")).code(0);
        if let Some(ssh) = ssh {
            thumbprint("--ssh", name).stdout(format!("{ssh}\n")).code(0);
        }
    }
}

#[test]
fn a_private_key_has_the_fingerprints_of_its_public_key() {
    for (name, public) in [
        ("p256.pkcs8.private.pem", "p256.spki.public.pem"),
        ("p256.openssh.private.pem", "p256.spki.public.pem"),
        ("rsa2048.pkcs1.private.pem", "rsa2048.spki.public.pem"),
        ("ed25519.pkcs8.private.pem", "ed25519.spki.public.pem"),
    ] {
        for flag in ["--spki", "--ssh", "--libtrust"] {
            let wanted = thumbprint(flag, public).output().stdout;
            thumbprint(flag, name).stdout(wanted).code(0);
        }
    }
}

/// `openssl x509 -fingerprint` with `-sha1` and `-sha256`, in base64url.
const CERTIFICATES: [(&str, &str, &str); 3] = [
    (
        "p256.certificate.pem",
        "_jlO2SxJXDrZY55wb6q2CvHU0-A",
        "-LGijgvR7Tt1y3fc_piNKyDWXff0QmX5VmtJKHRagyM",
    ),
    (
        "mldsa44.certificate.pem",
        "x3c8Bil-8cKg-UeDe45Bai9Shgw",
        "ookq1Siwl3bEPaUYHVD5Hbm_2BLbhoyMt57_ZkFAWco",
    ),
    (
        "certificate.leaf.pem",
        "SkQ6k8F1nGVck_OPQAUfAv1KaYM",
        "Cw4mrlug1rKNhoc_8exjSXq6B9JIBckx2UR4AS6Cjts",
    ),
];

#[test]
fn x5t_is_a_digest_of_the_certificate() {
    for (name, sha1, sha256) in CERTIFICATES {
        let printed = format!("x5t       {sha1}\nx5t#S256  {sha256}\n");
        thumbprint("--x5t", name).stdout(printed).code(0);
        let shown = jwtctl(&["key", "show", name]).key(name).output();
        let shown = text(&shown.stdout);
        let rows = format!("\nx5t         {sha1}\nx5t#S256    {sha256}\n");
        assert!(shown.ends_with(&rows), "{shown}");
    }
}

#[test]
fn the_certificate_of_a_private_key_may_be_beside_it_or_above_others() {
    let (_, sha1, sha256) = CERTIFICATES[0];
    let printed = format!("x5t       {sha1}\nx5t#S256  {sha256}\n");
    thumbprint("--x5t", "p256.certificate-and-private.pem").stdout(&printed).code(0);
    let own = key("p256.certificate.pem");
    let (private, other) = (key("p256.pkcs8.private.pem"), key("mldsa44.certificate.pem"));
    let both = [&private[..], &other, &own].concat();
    jwtctl(&["key", "thumbprint", "--x5t"]).stdin(both).stdout(printed).code(0);
    let chain = ["certificate.leaf.pem", "certificate.intermediate.pem"].map(key).concat();
    let (_, sha1, sha256) = CERTIFICATES[2];
    let printed = format!("x5t       {sha1}\nx5t#S256  {sha256}\n");
    jwtctl(&["key", "thumbprint", "--x5t"]).stdin(chain).stdout(printed).code(0);
}

#[test]
fn a_file_without_what_the_fingerprint_is_of_is_refused() {
    let hint =
        "x5t is a digest of a certificate; without a flag, the thumbprint is of the key (RFC 7638)";
    for name in ["p256.spki.public.pem", "p256.pkcs8.private.pem"] {
        thumbprint("--x5t", name).error(&format!("{name} has no certificate")).hint(hint).code(7);
    }
    let stranger = ["p256.pkcs8.private.pem", "mldsa44.certificate.pem"].map(key).concat();
    let call = jwtctl(&["key", "thumbprint", "--x5t", "k"]).file("k", stranger);
    call.error("k has no certificate").hint(hint).code(7);
    for (name, kind) in [
        ("secp256k1.spki.public.pem", "secp256k1 public key"),
        ("mldsa44.spki.public.pem", "ML-DSA-44 public key"),
    ] {
        thumbprint("--ssh", name)
            .error(&format!("the {kind} ({name}) has no form in OpenSSH"))
            .hint("--spki is a fingerprint of any public key")
            .code(7);
    }
    for flag in ["--spki", "--ssh", "--libtrust"] {
        jwtctl(&["key", "thumbprint", flag, "-S", SECRET])
            .error("--secret is an HMAC secret: it has no public key")
            .hint("without a flag, the thumbprint is of any key (RFC 7638)")
            .code(7);
    }
}

#[test]
fn one_fingerprint_is_asked_for_at_a_time() {
    let output = jwtctl(&["key", "thumbprint", "--spki", "--ssh", "k"]).output();
    assert_eq!(output.status.code(), Some(2));
}

#[test]
fn a_report_has_all_fingerprints() {
    let report = |name: &str| -> Value {
        let output = jwtctl(&["key", "show", "--json", name]).key(name).output();
        let report: Value = serde_json::from_slice(&output.stdout).unwrap();
        report["keys"][0].clone()
    };
    for (name, _, spki, ssh, libtrust) in KEYS {
        let shown = report(name);
        assert_eq!((shown["spki"].as_str(), shown["ssh"].as_str()), (Some(spki), ssh), "{name}");
        assert_eq!(shown["libtrust"], libtrust);
    }
    let (name, sha1, sha256) = CERTIFICATES[0];
    let certificate = &report(name)["certificate"];
    assert_eq!((&certificate["x5t"], &certificate["x5t#S256"]), (&sha1.into(), &sha256.into()));
}
