//! The stable codes that programs know problems and warnings by, and what each means: one table, which
//! `jwtctl help codes` and `docs/codes.md` print.

use std::fmt;

/// Makes the codes and their table of one list.
macro_rules! codes {
    ($($group:literal: { $($code:ident $name:literal $means:literal)* })*) => {
        /// What programs know a problem or a warning by; it does not change.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        #[allow(missing_docs)] // the table says what each means
        pub enum Code {
            $($($code,)*)*
        }

        impl Code {
            /// Its name: lower case, with hyphens.
            #[must_use]
            pub const fn name(self) -> &'static str {
                match self {
                    $($(Self::$code => $name,)*)*
                }
            }
        }

        /// The codes in groups, each with what it means.
        pub const CODES: &[(&str, &[(Code, &str)])] = &[
            $(($group, &[$((Code::$code, $means),)*]),)*
        ];
    };
}

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

codes! {
    "The call": {
        NoKey "no-key" "no key was given by a flag or the environment"
        TwoKeys "two-keys" "two variables hold keys, and no flag says which is meant"
        BadVariable "bad-variable" "a variable holds a word that is none of its own"
        NoToken "no-token" "no token was given, and standard input is a terminal"
        StdinTwice "stdin-twice" "standard input is named for two things"
        BadClaims "bad-claims" "CLAIMS is no JSON object, or too large"
        BadHeader "bad-header" "a header member that has to be a string is not"
        BadFlag "bad-flag" "a flag sets what is not its to set"
        GivenTwice "given-twice" "two flags give the same name"
        TooDeep "too-deep" "JSON is nested deeper than 128 levels"
        BadUrl "bad-url" "a URL is not one that keys are fetched from"
        KeySize "key-size" "a key for this algorithm is not made in that size"
        NoKid "no-kid" "a format that holds no key ID is given one"
        PublicOut "public-out" "--public-out cannot be written there"
        NoPublicHalf "no-public-half" "an HMAC secret has no public half"
        Binary "binary" "binary output would go to a terminal"
        SameFile "same-file" "two things that need a file each are given one"
        KeyFormat "key-format" "a key of this kind has no such format"
        FileExists "file-exists" "a file is there already, and --force was not given"
    }
    "Files and streams": {
        Io "io" "a file or stream could not be read or written"
        LeftBehind "left-behind" "a temporary or replaced file could not be removed"
    }
    "Keys by URL": {
        Unreachable "unreachable" "there was no answer: no such name, nobody who listens, an early end"
        Timeout "timeout" "fetching took longer than --timeout"
        CaFile "ca-file" "--ca-file, SSL_CERT_FILE or SSL_CERT_DIR holds no usable certificates"
        Certificate "certificate" "the server's certificate is not accepted"
        Tls "tls" "the TLS handshake failed"
        Proxy "proxy" "the proxy cannot be used"
        Http "http" "the answer is not valid HTTP"
        HttpStatus "http-status" "the server answered something else than the document"
        Redirect "redirect" "a redirect leads where nothing is fetched from, or there are too many"
        Offline "offline" "nothing usable is cached, and --offline makes no requests"
        AskedLately "asked-lately" "it could not be fetched just now, and is not asked for again yet"
        Discovery "discovery" "what the issuer says of itself cannot be used"
        IssuerMismatch "issuer-mismatch" "the issuer's document is another issuer's"
        StaleKeys "stale-keys" "old keys are used, since newer ones cannot be fetched"
        NotCached "not-cached" "keys that were fetched cannot be kept for the next call"
    }
    "Keys and secrets": {
        KeyUnreadable "key-unreadable" "the key's file cannot be read"
        KeyTooLarge "key-too-large" "the key's file or set is larger than any"
        KeyNotSet "key-not-set" "the variable that should hold the key is not set"
        KeyEmpty "key-empty" "the key or secret is empty"
        SecretFormat "secret-format" "the secret is not in the format that was named"
        SecretNotText "secret-not-text" "the secret is not text where text is wanted"
        NotASecret "not-a-secret" "key material was given as an HMAC secret"
        NotAKey "not-a-key" "the file holds no key in any form that is known"
        NotASet "not-a-set" "the file holds one key where a JWK Set is wanted"
        KeyPublished "key-published" "a private key or a secret stands in a set that anybody can fetch"
        KeyUnsupported "key-unsupported" "the file holds something that is known and signs no JWT"
        KeyDamaged "key-damaged" "the key does not decode"
        JwkMember "jwk-member" "a member of the JWK is missing, or of the wrong type"
        KeyEncrypted "key-encrypted" "the key is encrypted, and there is no password for it"
        WrongPassword "wrong-password" "the password does not open the key"
        KeyTooCostly "key-too-costly" "opening the key would cost more than any key does"
        KeyWeak "key-weak" "the key is too weak, or was admitted though it is"
        KeyRejected "key-rejected" "the key is not sound: a point off its curve, numbers that do not belong together"
        KeyCannotSign "key-cannot-sign" "a public key was asked to sign"
        KeyForbidden "key-forbidden" "the use, key_ops or alg of the JWK forbid it"
        KeyWrongKind "key-wrong-kind" "the key does not serve the algorithm that was asked for"
        KeyWrongKid "key-wrong-kid" "no key has the kid that was asked for"
        SeveralKeys "several-keys" "there are several keys, and one is wanted"
        NoUsableKey "no-usable-key" "no key of the set can do what is wanted"
        SameKid "same-kid" "two keys of a set that is to be made have one kid"
        RepeatedKid "repeated-kid" "two keys of the set have the token's kid"
    }
    "Not a token, or a damaged one": {
        TokenEmpty "token-empty" "there is nothing where a token should be"
        TokenNotText "token-not-text" "it is not UTF-8 text"
        TokenTooLarge "token-too-large" "it is larger than 16 MiB"
        TokenWhiteSpace "token-white-space" "it has white space inside: wrapped, or more than one"
        TokenParts "token-parts" "it does not have three parts"
        TokenPart "token-part" "it is a header or a payload alone"
        TokenNoSignature "token-no-signature" "it has no third part"
        TokenBase64 "token-base64" "a part is not base64url without padding"
        NotJson "not-json" "a part is not a JSON object in UTF-8"
        DuplicateMember "duplicate-member" "an object has a member twice"
        TokenPercentEncoded "token-percent-encoded" "it is percent-encoded"
        TokenEscaped "token-escaped" "it has an escaped line break inside"
        TokenQuotes "token-quotes" "it has quotation marks inside"
        TokenInvisible "token-invisible" "it has an invisible character"
        TokenLookAlike "token-look-alike" "it has a character that looks like another"
        TokenPunctuation "token-punctuation" "it has the punctuation of the text around it"
        TokenShortened "token-shortened" "it was shortened where it was displayed"
        TokenColours "token-colours" "it has a terminal's colour codes inside"
        TokenUtf16 "token-utf-16" "it is in UTF-16"
        TokenCase "token-case" "its letters are all of one case"
        TokenIsFile "token-is-file" "it is a file name"
        TokenEncrypted "token-encrypted" "it is an encrypted token (JWE)"
        TokenJsonSerialization "token-json-serialization" "it is a signed token in the JSON form"
        TokenEncodedTwice "token-encoded-twice" "it is a token that was base64-encoded again"
        TokenDecoded "token-decoded" "it is a header or claims that are not encoded"
        TokenSdJwt "token-sd-jwt" "it is a token with disclosures (SD-JWT)"
        TokenInJson "token-in-json" "it is JSON with a token inside"
        TokenJson "token-json" "it is JSON with no token inside"
        TokenOauthError "token-oauth-error" "it is a server's error answer"
        TokenCookie "token-cookie" "it is a cookie"
        TokenHeaderLine "token-header-line" "it is a line of an HTTP header"
        TokenUrl "token-url" "it is a URL"
        TokenNamed "token-named" "it is a name and a value"
        TokenHttp "token-http" "it is an HTTP response"
        TokenHtml "token-html" "it is an HTML page"
        TokenInText "token-in-text" "it is a token among other text"
        TokenBasic "token-basic" "it is a name and a password (Basic)"
        TokenOpaque "token-opaque" "it is an opaque token, a UUID or hexadecimal digits"
        TokenDetached "token-detached" "it is a detached JWS, whose payload is sent separately"
        TokenPrefixed "token-prefixed" "it is a JWT with an issuer's prefix before it"
        TokenKey "token-key" "it is a key or a certificate"
        TokenSaml "token-saml" "it is a SAML assertion"
        TokenXml "token-xml" "it is other XML"
        TokenPaseto "token-paseto" "it is a PASETO"
        TokenMacaroon "token-macaroon" "it is a macaroon"
        TokenBinary "token-binary" "it is a binary file: compressed, a picture"
        TokenVariable "token-variable" "it is a variable or command that no shell has expanded"
        TokenNull "token-null" "it is the word for a missing value, such as null"
        TokenPlaceholder "token-placeholder" "it is a placeholder for a token"
    }
    "Header and signature": {
        AlgMissing "alg-missing" "the header has no \"alg\""
        HeaderType "header-type" "a header member is of the wrong type"
        Unsecured "unsecured" "\"alg\" is \"none\""
        Crit "crit" "the header demands an extension that is not known"
        B64 "b64" "the payload is not encoded"
        AlgNotServed "alg-not-served" "no key serves the header's \"alg\""
        AlgNotAllowed "alg-not-allowed" "--alg does not allow \"alg\""
        KidUnknown "kid-unknown" "no key has the token's \"kid\""
        BadSignature "bad-signature" "the signature does not match"
        KeysUntried "keys-untried" "it names no key, and more may fit than are tried for one token"
    }
    "Times and claims": {
        ClaimType "claim-type" "a claim is of the wrong type"
        Expired "expired" "\"exp\" has passed"
        ExpiresSoon "expires-soon" "\"exp\" comes before --min-ttl is over"
        NotYetValid "not-yet-valid" "\"nbf\" or \"iat\" lies ahead"
        ClaimMissing "claim-missing" "a claim that is wanted is not there"
        ClaimMismatch "claim-mismatch" "a claim has another value than is expected"
        AudienceNotExpected "audience-not-expected" "the token names an audience, and none is expected"
        TooOld "too-old" "\"iat\" is longer ago than --max-age"
        SessionOver "session-over" "the session is longer than --max-session"
    }
    "Warnings": {
        ShortSecret "short-secret" "the secret is shorter than its hash"
        MangledSecret "mangled-secret" "the secret is probably not what was meant: it is in quotes, has NAME= before it or names a file"
        NoExpiry "no-expiry" "the token has no \"exp\", or one that is never reached"
        Milliseconds "milliseconds" "\"exp\" looks like milliseconds, microseconds or nanoseconds"
        LifetimeNotKept "lifetime-not-kept" "the old lifetime is none that can be kept"
        OtherSigner "other-signer" "another key of the set signed than the one that verified"
        NoLongerEncrypted "no-longer-encrypted" "a key was opened with its password, and is written without one"
 NumberLength "number-length" "a number in an EC JWK has too few or too many leading zeros"
        LeftOut "left-out" "a key was left out of the set that was made"
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_name_is_there_once_and_spelled_as_such_names_are() {
        let mut names: Vec<_> =
            CODES.iter().flat_map(|(_, codes)| codes.iter()).map(|(code, _)| code.name()).collect();
        let is_plain = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-';
        assert!(names.iter().all(|name| name.bytes().all(is_plain)));
        let count = names.len();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), count);
    }
}
