//! The rules. `jwtctl help audit`, `docs/audit.md` and every report take their texts from this table. The sections are
//! those of RFC 8725bis (draft-ietf-oauth-rfc8725bis-10) unless another document is named.

use std::fmt;

/// The severity of a weakness.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// A note, which does not change the exit code.
    Info,
    /// Against good practice.
    Low,
    /// Helps an attacker in combination with another weakness.
    Medium,
    /// Lets an attacker forge tokens, or reveals a secret.
    High,
}

impl Severity {
    /// All severities, the highest first.
    pub const ALL: [Self; 4] = [Self::High, Self::Medium, Self::Low, Self::Info];

    /// The name on the command line and in reports.
    pub fn name(self) -> &'static str {
        match self {
            Self::Info => "info",
            Self::Low => "low",
            Self::Medium => "medium",
            Self::High => "high",
        }
    }
}

impl fmt::Display for Severity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

/// Defines the enum and the table from one list.
macro_rules! rules {
    ($($group:literal: {
        $($rule:ident $id:literal $severity:ident $section:literal $means:literal $remedy:literal)*
    })*) => {
        /// A rule of `audit`. The IDs of rules do not change.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
        #[allow(missing_docs)] // the table explains each rule
        pub enum Rule {
            $($($rule,)*)*
        }

        impl Rule {
            /// The ID in reports: lower case, with hyphens.
            pub const fn id(self) -> &'static str {
                match self { $($(Self::$rule => $id,)*)* }
            }

            /// The severity.
            pub const fn severity(self) -> Severity {
                match self { $($(Self::$rule => Severity::$severity,)*)* }
            }

            /// The document and section that the rule comes from.
            pub const fn section(self) -> &'static str {
                match self { $($(Self::$rule => $section,)*)* }
            }

            /// What is wrong, in one sentence.
            pub const fn means(self) -> &'static str {
                match self { $($(Self::$rule => $means,)*)* }
            }

            /// How to correct it, as an imperative.
            pub const fn remedy(self) -> &'static str {
                match self { $($(Self::$rule => $remedy,)*)* }
            }
        }

        /// All rules by group.
        pub const RULES: &[(&str, &[Rule])] = &[$(($group, &[$(Rule::$rule,)*]),)*];
    };
}

rules! {
    "Algorithm and signature": {
        AlgNone "alg-none" High "RFC 8725bis 3.2"
            "the token is not signed, so anyone can change it"
            "sign the token, and let verifiers accept only the algorithms of their keys"
        AlgMissing "alg-missing" High "RFC 8725bis 3.1"
            "the header has no valid \"alg\", so a verifier does not know the algorithm"
            "set \"alg\" to the name of the algorithm, such as \"ES256\""
        AlgWeak "alg-weak" Medium "RFC 8725bis 3.2"
            "the algorithm is no longer considered secure"
            "sign with a secure algorithm, such as ES256 or HS256"
        OtherAlgorithm "alg-unexpected" Medium "RFC 8725bis 3.1"
            "the algorithm is not one that was expected"
            "reject the token, and make verifiers accept only the algorithms that you use"
        SignatureMissing "signature-missing" High "RFC 8725bis 3.3"
            "the header names an algorithm, but the token has no signature"
            "reject the token: its signature was probably removed"
        SignatureZero "signature-zero" High "RFC 8725bis 3.4"
            "the ECDSA signature is zero, and faulty verifiers accept it for any content (CVE-2022-21449)"
            "reject the token: it is probably an attack"
        KeyMismatch "key-mismatch" High "RFC 8725bis 3.3"
            "none of the given keys verifies the signature"
            "check that you gave the key of the issuer; if you did, reject the token"
        JsonSerialization "json-serialization" Info "RFC 8725bis 3.14"
            "the token is in the JSON Serialization, but a JWT must be in the Compact Serialization"
            "issue tokens with claims in the Compact Serialization"
    }
    "Keys": {
        WeakSecret "weak-secret" High "RFC 8725bis 3.5"
            "the secret can be guessed, so anyone can forge tokens"
            "replace the secret with a random one wherever it is used: jwtctl key new --alg HS512"
        ShortSecret "short-secret" Medium "RFC 8725bis 3.5"
            "the secret is shorter than the hash output of the algorithm, so brute force may find it"
            "replace the secret with a random one that is long enough: jwtctl key new --alg HS512"
        RepetitiveSecret "repetitive-secret" Medium "RFC 8725bis 3.5"
            "the secret repeats a few characters, so it is easy to guess"
            "replace the secret with a random one: jwtctl key new --alg HS512"
        KnownKey "known-key" High "RFC 8725bis 3.5"
            "the private key is published, so anyone can forge tokens"
            "replace the key: jwtctl key new --out private.pem --public-out public.pem"
        PrivateKeyInside "private-key" High "RFC 8725bis 3.5"
            "the token contains a private or symmetric key"
            "replace that key, and put only public keys into tokens"
        ShortRsa "short-rsa" High "RFC 7518 3.3"
            "the RSA key is shorter than the required 2048 bits"
            "replace the key: jwtctl key new --alg RS256 --out private.pem --public-out public.pem"
        SmallExponent "small-exponent" Low "NIST SP 800-56B 6.2.1"
            "the public exponent of the RSA key is less than 65537"
            "replace the key: jwtctl key new --alg RS256 --out private.pem --public-out public.pem"
        Roca "roca" High "CVE-2017-15361"
            "the RSA key comes from a faulty key generator (ROCA), so its private key can be computed"
            "replace the key: jwtctl key new --alg RS256 --out private.pem --public-out public.pem"
        ClosePrimes "close-primes" High "CVE-2022-26320"
            "the two primes of the RSA key are close together, so its private key can be computed"
            "replace the key: jwtctl key new --alg RS256 --out private.pem --public-out public.pem"
        SmallFactor "small-factor" High "RFC 8725bis 3.5"
            "the modulus of the RSA key has a small factor, so its private key can be computed"
            "replace the key: jwtctl key new --alg RS256 --out private.pem --public-out public.pem"
        KeyReused "key-reused" Medium "RFC 8725bis 3.1"
            "the same key is used for several algorithms or purposes, but must be used for only one"
            "use a separate key for each algorithm and purpose"
    }
    "Header": {
        Jku "jku" Medium "RFC 8725bis 3.10"
            "the header has a key set URL (\"jku\"), and a verifier that fetches it lets the sender choose the key"
            "remove \"jku\", and configure the URL of the JWK Set in the verifier"
        X5u "x5u" Medium "RFC 8725bis 3.10"
            "the header has a certificate URL (\"x5u\"), and a verifier that fetches it lets the sender choose the key"
            "remove \"x5u\", and configure the trusted certificates in the verifier"
        JwkInside "jwk" Medium "RFC 8725bis 3.10"
            "the header contains a key (\"jwk\"), and a verifier that uses it lets the sender choose the key"
            "remove \"jwk\", and name a key that the verifier already has in \"kid\""
        KidPath "kid-path" Medium "RFC 8725bis 3.10"
            "\"kid\" is a file path, and a verifier that opens it may use any file as the key"
            "set \"kid\" to the JWK Thumbprint of the key: jwtctl key thumbprint public.pem"
        KidUrl "kid-url" Medium "RFC 8725bis 3.10"
            "\"kid\" is a URL, and a verifier that fetches it may accept a key from any server"
            "set \"kid\" to the JWK Thumbprint of the key: jwtctl key thumbprint public.pem"
        KidInjection "kid-injection" High "RFC 8725bis 3.10"
            "\"kid\" looks like an injection attack on the code that looks up the key"
            "reject the token, and look up keys only by an exact match of \"kid\""
        Crit "crit" Medium "RFC 7515 4.1.11"
            "\"crit\" requires extensions that few verifiers support, and faulty verifiers ignore \"crit\""
            "remove \"crit\", or make sure that every verifier supports the extensions"
        Unencoded "b64" Medium "RFC 7797 7"
            "the payload is not base64url-encoded (\"b64\": false), which is forbidden in a JWT"
            "remove \"b64\""
    }
    "Encryption": {
        Rsa15 "rsa1-5" Medium "RFC 8725bis 3.2"
            "with RSA1_5, an attacker who can send many queries to a recipient can decrypt the token (Bleichenbacher)"
            "encrypt with RSA-OAEP-256 or ECDH-ES"
        Zip "zip" Medium "RFC 8725bis 3.6"
            "the plaintext is compressed before encryption, so the length of the token can reveal parts of it"
            "remove \"zip\""
        IterationsHigh "p2c-high" Medium "RFC 8725bis 3.13"
            "the iteration count \"p2c\" is so high that decrypting the token may overload the recipient"
            "reject the token, and use 600000 iterations in your own tokens"
        IterationsLow "p2c-low" Medium "RFC 7518 4.8.1.2"
            "the iteration count \"p2c\" is so low that brute force may find the password"
            "set \"p2c\" to 600000"
    }
    "Times": {
        NoExpiry "exp-missing" Medium "RFC 7519 4.1.4"
            "the token never expires, so a stolen token stays valid forever"
            "set \"exp\" when you issue a token, such as to 30 minutes after \"iat\""
        LongLife "long-life" Medium "RFC 9700 2.2"
            "the lifetime of the token is long, so a stolen token stays valid for long"
            "set an earlier \"exp\", and renew tokens; if this lifetime is intended, allow it with --max-life"
        OtherUnit "time-unit" Medium "RFC 7519 2"
            "a time is not in seconds, so a verifier reads it as a time thousands of years in the future"
            "write times in seconds since 1970-01-01 UTC (NumericDate)"
        TimesContradict "times-contradict" Medium "RFC 7519 4.1"
            "the times in the token contradict each other or the current time"
            "correct the program that issues the token"
        ClaimType "claim-type" Medium "RFC 7519 4.1"
            "a claim or header parameter has the wrong JSON type, so a verifier may ignore it"
            "use the required type, such as a number for \"exp\" and a string for \"iss\""
    }
    "Issuer, audience, type": {
        NoIssuer "iss-missing" Info "RFC 8725bis 3.8"
            "the token does not name its issuer"
            "set \"iss\" if there is more than one issuer, and check it in the verifier"
        NoAudience "aud-missing" Info "RFC 8725bis 3.9"
            "the token does not name its audience, so another service may accept it"
            "set \"aud\" if the issuer serves more than one audience, and check it in the verifier"
        NoType "typ-missing" Info "RFC 8725bis 3.11"
            "the header has no \"typ\", so the token may be mistaken for another kind of token"
            "set \"typ\", such as to \"at+jwt\", if you use several kinds of tokens, and check it in the verifier"
        OtherIssuer "iss-unexpected" Medium "RFC 8725bis 3.8"
            "the issuer is not the expected one"
            "reject the token"
        OtherAudience "aud-unexpected" Medium "RFC 8725bis 3.9"
            "the audience is not the expected one"
            "reject the token"
    }
    "Content": {
        Credential "credential" High "RFC 7519 12"
            "the token contains a credential, which everyone who has the token can read"
            "replace the credential, and put no credentials into tokens"
        SensitiveData "sensitive-data" Medium "RFC 7519 12"
            "the token contains sensitive personal data, which everyone who has the token can read"
            "remove the data, or encrypt the token with --encrypt-to"
        PersonalData "personal-data" Low "RFC 7519 12"
            "the token contains personal data, which everyone who has the token can read"
            "remove the data, or encrypt the token with --encrypt-to"
    }
}
