//! The stable codes of problems and warnings: the table behind `jwtctl help codes` and `docs/codes.md`.

/// Makes the enum and the table from one list.
macro_rules! codes {
    ($($group:literal: { $($code:ident $name:literal $means:literal)* })*) => {
        /// Identifies a problem or a warning for programs. Codes do not change.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        #[allow(missing_docs)] // the table says what each means
        pub enum Code {
            $($($code,)*)*
        }

        impl Code {
            /// The code as reports show it: lower case, with hyphens.
            pub const fn name(self) -> &'static str {
                match self {
                    $($(Self::$code => $name,)*)*
                }
            }
        }

        /// All codes by group, with their meanings.
        pub const CODES: &[(&str, &[(Code, &str)])] = &[
            $(($group, &[$((Code::$code, $means),)*]),)*
        ];
    };
}

codes! {
    "The call": {
        NoKey "no-key" "no key was given by a flag or the environment"
        NoLeaf "no-leaf" "a CA is trusted with --x5c-root, and nothing says which signer is meant"
        TwoKeys "two-keys" "two variables hold keys, and no flag says which is meant"
        BadVariable "bad-variable" "a variable has a value that it does not accept"
        NoToken "no-token" "no token was given, and standard input is a terminal"
        StdinTwice "stdin-twice" "standard input is used for two things"
        BadClaims "bad-claims" "CLAIMS is not a JSON object, or is too large"
        BadHeader "bad-header" "a header parameter that must be a string is not"
        BadFlag "bad-flag" "a flag sets a member that it must not set"
        GivenTwice "given-twice" "two flags set the same name"
        TooDeep "too-deep" "JSON is nested deeper than 128 levels"
        BadUrl "bad-url" "keys cannot be fetched from this URL"
        KeySize "key-size" "a key for this algorithm cannot have this size"
        NoPassword "no-password" "no password was given for the new key, and there is no terminal to ask on"
        NoKid "no-kid" "this key format cannot hold a key ID"
        PublicOut "public-out" "--public-out cannot be written to this place"
        NoPublicHalf "no-public-half" "an HMAC secret has no public key"
        Binary "binary" "binary output would be written to a terminal"
        SameFile "same-file" "two outputs that need separate files have the same one"
        KeyFormat "key-format" "this kind of key cannot be written in this format"
        AccessToken "access-token" "--dpop-token-env names a variable without an access token"
        FileExists "file-exists" "the file exists, and --force was not given"
        WordlistTooLarge "wordlist-too-large" "the wordlist is too large to be kept in memory for a stream of tokens"
    }
    "Files and streams": {
        Io "io" "a file or stream could not be read or written"
        LeftBehind "left-behind" "a temporary or replaced file could not be removed"
    }
    "Keys by URL": {
        Unreachable "unreachable" "there was no response: unknown host, connection refused or closed"
        Timeout "timeout" "fetching took longer than --timeout"
        CaFile "ca-file" "--ca-file, SSL_CERT_FILE or SSL_CERT_DIR holds no usable certificates"
        Certificate "certificate" "the server's certificate is not trusted"
        Tls "tls" "the TLS handshake failed"
        Proxy "proxy" "the proxy cannot be used"
        Http "http" "the response is not valid HTTP"
        HttpStatus "http-status" "the server answered with a status other than 200"
        Redirect "redirect" "a redirect leads to a URL that is not allowed, or there are too many"
        Offline "offline" "nothing usable is cached, and --offline makes no requests"
        AskedLately "asked-lately" "the last fetch failed, and it is too early to try again"
        Discovery "discovery" "the issuer's discovery document cannot be used"
        IssuerMismatch "issuer-mismatch" "the discovery document is for another issuer"
        StaleKeys "stale-keys" "expired keys are used, because newer ones cannot be fetched"
        NotCached "not-cached" "fetched keys cannot be cached for the next call"
    }
    "Keys and secrets": {
        KeyUnreadable "key-unreadable" "the key file cannot be read"
        KeyTooLarge "key-too-large" "the key file or set is too large"
        KeyNotSet "key-not-set" "the variable for the key is not set"
        KeyEmpty "key-empty" "the key or secret is empty"
        SecretFormat "secret-format" "the secret is not in the format of --secret-format"
        SecretNotText "secret-not-text" "the secret is not text, as --secret-format text requires"
        NotASecret "not-a-secret" "a key was given as an HMAC secret"
        NotAKey "not-a-key" "there is no key in any known format"
        NotASet "not-a-set" "there is a single JWK or private key instead of a JWK Set"
        KeyPublished "key-published" "a private key or secret is in a document that anybody can fetch"
        KeyUnsupported "key-unsupported" "the file has a known format that cannot be used for JWTs"
        KeyDamaged "key-damaged" "the key cannot be decoded"
        JwkMember "jwk-member" "a member of the JWK is missing, or of the wrong type"
        KeyEncrypted "key-encrypted" "the key is encrypted, and there is no password for it"
        WrongPassword "wrong-password" "the password does not open the key"
        KeyTooCostly "key-too-costly" "opening the key would take too much time or memory"
        KeyWeak "key-weak" "the key is too weak, or was accepted although it is"
        KeyRejected "key-rejected" "the key is not valid: a point off its curve, numbers that do not match"
        KeyCannotSign "key-cannot-sign" "a public key was asked to sign"
        KeyCannotDecrypt "key-cannot-decrypt" "a public key was given to decrypt with"
        KeyForbidden "key-forbidden" "the JWK's use, key_ops or alg do not allow it"
        KeyWrongKind "key-wrong-kind" "the key does not support the algorithm"
        NoCertificate "no-certificate" "the key has no certificate"
        KeyWrongKid "key-wrong-kid" "no key has the requested kid"
        SeveralKeys "several-keys" "there are several keys, and exactly one is needed"
        NoUsableKey "no-usable-key" "no key of the set can be used for this"
        SameKid "same-kid" "two keys of the new set have the same kid"
        RepeatedKid "repeated-kid" "two keys of the set have the token's kid"
        AgentKey "agent-key" "the SSH agent has no key that can be used, or not the one that was named"
        SignerUnreachable "signer-unreachable" "the SSH agent cannot be reached, or it or the command of --signer did not answer"
        SignerRefused "signer-refused" "the SSH agent refused to sign or to list its keys, or the command of --signer failed"
        SignerWrong "signer-wrong" "the SSH agent or the command answered with something other than a signature by this key"
    }
    "Not a token, or a damaged one": {
        TokenEmpty "token-empty" "the token is empty"
        TokenNotText "token-not-text" "it is not UTF-8 text"
        TokenTooLarge "token-too-large" "it is larger than 16 MiB"
        TokenWhiteSpace "token-white-space" "it has white space inside: it was wrapped, or there are several tokens"
        TokenParts "token-parts" "it does not have three parts"
        TokenPart "token-part" "it is only a header or a payload"
        TokenNoSignature "token-no-signature" "it has no third part"
        TokenBase64 "token-base64" "a part is not base64url without padding"
        TokenMembers "token-members" "its JSON form lacks a member, or has one too many or of the wrong type"
        TokenNotDetached "token-not-detached" "it has a payload, and --detached names another one"
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
        Disclosure "disclosure" "a disclosure of an SD-JWT is malformed, or is not one of this token"
        TokenInJson "token-in-json" "it is JSON with a token inside"
        TokenJson "token-json" "it is JSON with no token inside"
        TokenOauthError "token-oauth-error" "it is an OAuth error response"
        TokenCookie "token-cookie" "it is a cookie"
        TokenHeaderLine "token-header-line" "it is a line of an HTTP header"
        TokenUrl "token-url" "it is a URL"
        TokenNamed "token-named" "it is a name and a value, such as token=…"
        TokenHttp "token-http" "it is an HTTP response"
        TokenHtml "token-html" "it is an HTML page"
        TokenInText "token-in-text" "it is a token inside other text"
        TokenBasic "token-basic" "it is a user name and password (Basic)"
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
        HeaderType "header-type" "a header parameter is of the wrong type"
        Unsecured "unsecured" "\"alg\" is \"none\""
        Crit "crit" "the header requires an unknown extension"
        B64 "b64" "the payload is not encoded"
        AlgNotServed "alg-not-served" "no key supports the header's \"alg\""
        AlgNotAllowed "alg-not-allowed" "--alg does not allow the token's \"alg\""
        KidUnknown "kid-unknown" "no key has the token's \"kid\""
        X5cMissing "x5c-missing" "only certificate chains are trusted, and the header has no \"x5c\""
        X5cMalformed "x5c-malformed" "the header's \"x5c\" is not an array of certificates"
        X5cRefused "x5c-refused" "a certificate of the header's \"x5c\" is not accepted"
        BadSignature "bad-signature" "the signature does not match"
        KeyBinding "key-binding" "the key binding JWT of an SD-JWT is not its holder's, or was made for another presentation"
        Signatures "signatures" "none of several signatures is accepted, or not all of them, as --all-signatures requires"
        KeysUntried "keys-untried" "it has no \"kid\", and there are more keys than are tried for one token"
    }
    "Encryption": {
        NotEncrypted "not-encrypted" "it is signed, and only a key to decrypt with was given"
        NotSigned "not-signed" "it is encrypted but not signed, and a signature is required, or anyone could have encrypted it"
        JweAlgorithm "jwe-algorithm" "\"alg\", \"enc\" or \"zip\" is unknown, refused, or not supported by any key that was given"
        JweParameter "jwe-parameter" "a header parameter of the encryption is missing or wrong"
        JweLength "jwe-length" "an encrypted part has a length that is impossible"
        DecryptionFailed "decryption-failed" "no key decrypts it: the key is wrong, or the token was changed"
        JweCompression "jwe-compression" "its content does not decompress, or is too large"
        JweLayers "jwe-layers" "it has more than three layers of encryption, or decrypting it would take too long"
    }
    "Times and claims": {
        ClaimType "claim-type" "a claim is of the wrong type"
        Expired "expired" "\"exp\" has passed"
        ExpiresSoon "expires-soon" "\"exp\" is sooner than --min-ttl"
        NotYetValid "not-yet-valid" "\"nbf\" or \"iat\" is in the future"
        ClaimMissing "claim-missing" "a required claim is missing"
        ClaimMismatch "claim-mismatch" "a claim does not have the expected value"
        ClaimForbidden "claim-forbidden" "a claim is there that must not be"
        OtherKind "other-kind" "it is not a token of the kind that --expect names"
        Revoked "revoked" "its \"jti\" is in the file of --revoked"
        AudienceNotExpected "audience-not-expected" "the token has an audience, and none is expected"
        TooOld "too-old" "\"iat\" is longer ago than --max-age"
        SessionOver "session-over" "the session has reached --max-session"
        KeyBindingMissing "key-binding-missing" "there is no key binding JWT, and one is required"
    }
    "Warnings": {
        ShortSecret "short-secret" "the secret is shorter than its hash"
        MangledSecret "mangled-secret" "the secret is probably not the intended one: it has quotes or NAME= around it, or is a file name"
        NoExpiry "no-expiry" "the token has no \"exp\", or one that means never"
        Milliseconds "milliseconds" "\"exp\" looks like milliseconds, microseconds or nanoseconds"
        LifetimeNotKept "lifetime-not-kept" "the old lifetime cannot be kept"
        OtherSigner "other-signer" "the set signed with another key than the one that verified"
        NoLongerEncrypted "no-longer-encrypted" "an encrypted key is written without a password"
        KeyBindingUnchecked "key-binding-unchecked" "there is a key binding JWT, and it was not checked"
        NumberLength "number-length" "a number in an EC JWK has too few or too many leading zeros"
        NotClaims "not-claims" "the payload is not a claims set, so audit examined only the header and the signature"
        SecretsUntried "secrets-untried" "the token is too long for audit to try well-known secrets"
        LeftOut "left-out" "a key was left out of the new set"
    }
}
