//! The rules: the table behind `jwtctl help audit`, `docs/audit.md` and every report. The sections are those of RFC 8725bis
//! (draft-ietf-oauth-rfc8725bis-10) unless another document is named.

use std::fmt;

/// How much a weakness matters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// Good to know; never a reason to fail.
    Info,
    /// Against good practice.
    Low,
    /// Helps an attacker who has something else.
    Medium,
    /// Lets an attacker forge tokens, or gives something secret away.
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

/// Makes the enum and the table from one list.
macro_rules! rules {
    ($($group:literal: { $($rule:ident $id:literal $severity:ident $section:literal $means:literal $remedy:literal)* })*) => {
        /// A rule of `audit`. Their IDs do not change.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
        #[allow(missing_docs)] // the table says what each means
        pub enum Rule {
            $($($rule,)*)*
        }

        impl Rule {
            /// Its ID in reports: lower case, with hyphens.
            pub const fn id(self) -> &'static str {
                match self { $($(Self::$rule => $id,)*)* }
            }

            /// How much it matters.
            pub const fn severity(self) -> Severity {
                match self { $($(Self::$rule => Severity::$severity,)*)* }
            }

            /// Where it comes from.
            pub const fn section(self) -> &'static str {
                match self { $($(Self::$rule => $section,)*)* }
            }

            /// What is wrong.
            pub const fn means(self) -> &'static str {
                match self { $($(Self::$rule => $means,)*)* }
            }

            /// What to do about it.
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
            "the token is not signed, so anybody can change it"
            "sign the token, and let verifiers accept only the algorithms of their keys"
        AlgMissing "alg-missing" High "RFC 8725bis 3.1"
            "the header names no algorithm, so a verifier has to guess one"
            "write \"alg\" as a string"
        AlgWeak "alg-weak" Medium "RFC 8725bis 3.2"
            "the algorithm is not considered secure any more"
            "use an algorithm with SHA-256 or better, such as ES256"
        SignatureMissing "signature-missing" High "RFC 8725bis 3.3"
            "the header names an algorithm, and there is no signature"
            "reject such tokens: the signature was removed"
        SignatureZero "signature-zero" High "RFC 8725bis 3.4"
            "the signature is zero, which broken verifiers accept for every message (CVE-2022-21449)"
            "reject such tokens: someone is probing the verifier"
        KeyMismatch "key-mismatch" High "RFC 8725bis 3.3"
            "none of the keys that were given verifies the token"
            "find out where the token comes from before trusting any part of it"
        JsonSerialization "json-serialization" Info "RFC 8725bis 3.14"
            "it is in the JSON serialization, which a JWT must not be"
            "use the compact serialization for tokens that claims are read from"
    }
    "Keys": {
        WeakSecret "weak-secret" High "RFC 8725bis 3.5"
            "the secret can be guessed, so anybody can forge tokens"
            "replace it everywhere with a random one: jwtctl key new --alg HS256"
        ShortSecret "short-secret" Medium "RFC 8725bis 3.5"
            "the secret is shorter than the hash, and may be found by trying"
            "replace it with a random one: jwtctl key new --alg HS256"
        RepetitiveSecret "repetitive-secret" Medium "RFC 8725bis 3.5"
            "the secret repeats a few characters, so it is easy to guess"
            "replace it with a random one: jwtctl key new --alg HS256"
        KnownKey "known-key" High "RFC 8725bis 3.5"
            "the private key is published, so anybody can forge tokens"
            "replace the key: jwtctl key new"
        PrivateKeyInside "private-key" High "RFC 8725bis 3.5"
            "the token contains a private or secret key"
            "replace that key, and put only public keys into tokens"
        ShortRsa "short-rsa" High "RFC 7518 3.3"
            "the RSA key is shorter than 2048 bits"
            "replace the key: jwtctl key new --alg RS256"
        SmallExponent "small-exponent" Low "NIST SP 800-56B 6.2.1"
            "the RSA key's public exponent is smaller than 65537"
            "make new keys with the exponent 65537: jwtctl key new --alg RS256"
        Roca "roca" High "CVE-2017-15361"
            "the RSA key was generated by a faulty chip, and its private key can be computed"
            "replace the key: jwtctl key new --alg RS256"
        ClosePrimes "close-primes" High "CVE-2022-26320"
            "the primes of the RSA key are so close that its private key can be computed"
            "replace the key: jwtctl key new --alg RS256"
        SmallFactor "small-factor" High "RFC 8725bis 3.5"
            "the modulus of the RSA key has a small factor, so its private key can be computed"
            "replace the key: jwtctl key new --alg RS256"
        KeyReused "key-reused" Medium "RFC 8725bis 3.1"
            "one key is used in several ways, and each key must be used with exactly one algorithm"
            "use a key of its own for each purpose and algorithm"
    }
    "Header": {
        Jku "jku" Medium "RFC 8725bis 3.10"
            "the header names a URL to fetch keys from; a verifier that follows it trusts its sender"
            "leave out \"jku\", and configure the key set's URL at the verifier"
        X5u "x5u" Medium "RFC 8725bis 3.10"
            "the header names a URL to fetch a certificate from; a verifier that follows it trusts its sender"
            "leave out \"x5u\", and configure certificates at the verifier"
        JwkInside "jwk" Medium "RFC 8725bis 3.10"
            "the header carries the key to verify with; a verifier that uses it trusts its sender"
            "leave out \"jwk\", and name a key that the verifier knows with \"kid\""
        KidPath "kid-path" Medium "RFC 8725bis 3.10"
            "\"kid\" is a path, and a verifier that opens it may read any file as the key"
            "name keys by a thumbprint (RFC 7638)"
        KidUrl "kid-url" Medium "RFC 8725bis 3.10"
            "\"kid\" is a URL, and a verifier that follows it fetches keys from anywhere"
            "name keys by a thumbprint (RFC 7638)"
        KidInjection "kid-injection" High "RFC 8725bis 3.10"
            "\"kid\" contains a piece of a query or a command"
            "reject such tokens, and look up keys by an exact match"
        Crit "crit" Medium "RFC 7515 4.1.11"
            "the header demands extensions that few verifiers know, and those that ignore \"crit\" skip them"
            "leave out \"crit\", or make sure that every verifier knows the extensions"
        Unencoded "b64" Medium "RFC 7797 7"
            "the payload is not encoded (\"b64\": false), which a JWT must not be"
            "leave out \"b64\""
    }
    "Encryption": {
        Rsa15 "rsa1-5" Medium "RFC 8725bis 3.2"
            "RSA1_5 lets an attacker who can ask many times decrypt the token (Bleichenbacher)"
            "use RSA-OAEP-256 or ECDH-ES"
        Zip "zip" Medium "RFC 8725bis 3.6"
            "the content is compressed before it is encrypted, so its length gives some of it away"
            "leave out \"zip\""
        IterationsHigh "p2c-high" Medium "RFC 8725bis 3.13"
            "\"p2c\" makes whoever opens the token compute for a long time"
            "reject such tokens: 600000 iterations are enough"
        IterationsLow "p2c-low" Medium "RFC 7518 4.8.1.2"
            "\"p2c\" is so low that the password can be found by trying"
            "use 600000 iterations"
    }
    "Times": {
        NoExpiry "exp-missing" Medium "RFC 7519 4.1.4"
            "the token never expires, so a stolen one stays valid"
            "set \"exp\": jwtctl encode --ttl 30m"
        LongLife "long-life" Medium "RFC 9700 2.2"
            "the token is valid for long, and so is a stolen one"
            "make it shorter, and renew it: jwtctl refresh; or say what is right with --max-life"
        OtherUnit "time-unit" Medium "RFC 7519 2"
            "a time is not in seconds, so the token is valid for thousands of years"
            "write times in seconds (NumericDate)"
        TimesContradict "times-contradict" Medium "RFC 7519 4.1"
            "the times contradict each other"
            "find the error in the program that makes the token"
        ClaimType "claim-type" Medium "RFC 7519 4.1"
            "a claim has the wrong type, and a verifier may skip it"
            "write times as numbers, and \"iss\" as a string"
    }
    "Issuer, audience, type": {
        NoIssuer "iss-missing" Info "RFC 8725bis 3.8"
            "the token does not say who issued it"
            "set \"iss\" if there is more than one issuer, and check it"
        NoAudience "aud-missing" Info "RFC 8725bis 3.9"
            "the token does not say who it is for, so another service may accept it"
            "set \"aud\" if the issuer serves more than one audience, and check it"
        NoType "typ-missing" Info "RFC 8725bis 3.11"
            "the header has no \"typ\", so the token may be taken for one of another kind"
            "set \"typ\", such as at+jwt, if several kinds of tokens are in use, and check it"
        OtherIssuer "iss-unexpected" Medium "RFC 8725bis 3.8"
            "the issuer is not the one that was expected"
            "reject the token"
        OtherAudience "aud-unexpected" Medium "RFC 8725bis 3.9"
            "the audience is not the one that was expected"
            "reject the token"
    }
    "Content": {
        Credential "credential" High "RFC 7519 12"
            "a credential is readable by everyone who has the token"
            "replace the credential, and leave it out of tokens"
        SensitiveData "sensitive-data" Medium "RFC 7519 12"
            "sensitive personal data is readable by everyone who has the token"
            "leave it out, or encrypt the token: jwtctl encode --encrypt-to"
        PersonalData "personal-data" Low "RFC 7519 12"
            "personal data is readable by everyone who has the token"
            "leave it out of tokens that are not about the user's identity, or encrypt them"
    }
}
