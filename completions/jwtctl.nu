module completions {

  def "nu-complete jwtctl color" [] {
    [ "auto" "always" "never" ]
  }

  # Create, decode, verify and refresh JSON Web Tokens
  export extern jwtctl [
    --quiet(-q)               # Print only errors; verify prints no claims, so check its exit code
    --json(-j)                # Report everything as one JSON object, including failures
    --color: string@"nu-complete jwtctl color" # When to use colour; auto respects NO_COLOR, CLICOLOR_FORCE and TERM=dumb
    --github                  # Write messages as annotations of GitHub Actions, and have its log mask new tokens; all on standard error
    --profile: string         # Take flags from this profile of the configuration file; see jwtctl help profiles [env: JWTCTL_PROFILE]
    --config: path            # Configuration file instead of the user's own [env: JWTCTL_CONFIG]
    --help(-h)                # Print help
    --version(-V)             # Print version
  ]

  def "nu-complete jwtctl encode color" [] {
    [ "auto" "always" "never" ]
  }

  def "nu-complete jwtctl encode alg" [] {
    [ "HS256" "HS384" "HS512" "RS256" "RS384" "RS512" "PS256" "PS384" "PS512" "ES256" "ES384" "ES512" "ES256K" "EdDSA" "Ed25519" "ML-DSA-44" "ML-DSA-65" "ML-DSA-87" ]
  }

  def "nu-complete jwtctl encode secret_format" [] {
    [ "text" "raw" "base64" "hex" ]
  }

  def "nu-complete jwtctl encode serialization" [] {
    [ "compact" "json" ]
  }

  def "nu-complete jwtctl encode enc" [] {
    [ "A128GCM" "A192GCM" "A256GCM" "A128CBC-HS256" "A192CBC-HS384" "A256CBC-HS512" ]
  }

  def "nu-complete jwtctl encode key_alg" [] {
    [ "dir" "A128KW" "A192KW" "A256KW" "A128GCMKW" "A192GCMKW" "A256GCMKW" "RSA-OAEP" "RSA-OAEP-256" "ECDH-ES" "ECDH-ES+A128KW" "ECDH-ES+A192KW" "ECDH-ES+A256KW" "PBES2-HS256+A128KW" "PBES2-HS384+A192KW" "PBES2-HS512+A256KW" ]
  }

  # Create and sign a token
  export extern "jwtctl encode" [
    --quiet(-q)               # Print only errors; verify prints no claims, so check its exit code
    --color: string@"nu-complete jwtctl encode color" # When to use colour; auto respects NO_COLOR, CLICOLOR_FORCE and TERM=dumb
    --github                  # Write messages as annotations of GitHub Actions, and have its log mask new tokens; all on standard error
    --profile: string         # Take flags from this profile of the configuration file; see jwtctl help profiles [env: JWTCTL_PROFILE]
    --config: path            # Configuration file instead of the user's own [env: JWTCTL_CONFIG]
    --user: string            # Set user_id: a number if ID is an integer, else a string
    --iss: string             # Issuer
    --sub: string             # Subject
    --aud: string             # Audience; repeat for an array
    --claim(-c): string       # Any claim: NAME=TEXT is a string, NAME:=JSON is JSON; repeat for more
    --jti: string             # Token ID [default without =ID: a random UUID]
    --disclosable: string     # Make an SD-JWT, and hide this claim unless its holder discloses it: a name, or a JSON Pointer such as /address/street or /roles/0; repeat for more
    --dpop: string            # Make a DPoP proof (RFC 9449) for this request. The public key is in its header (jwk), and the jkt of the key is what jwtctl key thumbprint prints. There is no exp unless --ttl or --exp sets it
    --dpop-token-env: string  # Bind the proof to the access token in the environment variable NAME: claim ath
    --ttl: string             # Lifetime, counted from iat: 90, 90s, 30m, 1h30m, 7d, 2w [default: 30m]
    --exp: string             # Expiration time
    --no-exp                  # Omit exp: the token never expires
    --nbf: string             # Not valid before
    --iat: string             # Issued at [default: now]
    --no-iat                  # Omit iat
    --alg(-A): string@"nu-complete jwtctl encode alg" # Algorithm [default: the JWK's, else HS256, RS256, EdDSA, or that of the curve or type]
    --kid: string             # Key ID; selects the signing key of a set [default: the JWK's]
    --typ: string             # Type [default: JWT]
    --no-typ                  # Omit typ
    --header: string          # Any header parameter, written like --claim
    --secret(-S): string      # HMAC secret; other users can see it in the process list [env: JWTCTL_SECRET]
    --secret-file: path       # Read the HMAC secret from a file; - is standard input; prefix FORMAT: (text, raw, base64, hex) if it is not plain text
    --secret-env: string      # Read the HMAC secret from the environment variable NAME; prefix FORMAT: (text, raw, base64, hex) if it is not plain text
    --key(-k): path           # Key file in any format, or a document with a key in it; - is standard input [env: JWTCTL_KEY]
    --key-env: string         # Read the key from the environment variable NAME; line breaks of a PEM may be written as \n
    --jwks: path              # JWK Set, or public keys in PEM, from a file or an https URL; - is standard input [env: JWTCTL_JWKS]
    --oidc: string            # JWK Set of an issuer, found by OpenID Connect Discovery; --iss defaults to ISSUER [env: JWTCTL_OIDC]
    --agent: string           # Key in the SSH agent: its fingerprint (SHA256:..., as ssh-add -l prints it), its comment, or any: the only one that fits
    --secret-format: string@"nu-complete jwtctl encode secret_format" # Format of secrets without a FORMAT: prefix: text, raw, base64, hex [env: JWTCTL_SECRET_FORMAT]
    --key-password-file: path # File with the password of an encrypted key [default: JWTCTL_KEY_PASSWORD, or a prompt]
    --allow-weak-key          # Accept keys that are too short, with a warning; RSA keys only to verify RS256 and RS512
    --timeout: string         # Time limit for fetching keys, from 1s to 1h [default: 10s]
    --ca-file: path           # Trust only the certificates in this PEM file instead of the system's and SSL_CERT_FILE
    --no-cache                # Fetch keys again, and cache nothing
    --offline                 # Make no network requests; use cached keys only
    --signer: string          # Sign with COMMAND, which holds the private key for the public key in --key. It reads the data to sign from standard input (algorithm: JWTCTL_ALG) and prints the signature. No shell; at most 30s
    --serialization: string@"nu-complete jwtctl encode serialization" # How to write the token: compact (the default), or json: the flattened JSON serialization (RFC 7515 section 7.2.2)
    --encrypt-to: path        # Encrypt the signed token to this public key, certificate or JWK, which may be a shared secret; - is standard input
    --encrypt-secret-env: string # Encrypt the signed token with the password in the environment variable NAME, or with the key in raw:NAME, base64:NAME or hex:NAME
    --enc: string@"nu-complete jwtctl encode enc" # Content encryption algorithm, such as A128GCM [default: the JWK's, that of the secret's size, else A256GCM]
    --key-alg: string@"nu-complete jwtctl encode key_alg" # Key management algorithm, such as A256KW [default: the JWK's, else RSA-OAEP-256, ECDH-ES, dir or PBES2-HS256+A128KW]
    --p2c: string             # Iterations of PBES2, from 1000 to 1000000 [default: 600000]
    --no-sign                 # Encrypt the claims without signing them; verify accepts such a token only if a shared secret encrypts it
    --detached: path          # Sign the bytes of this file instead of claims, and print the token without them; - is standard input
    --unencoded               # Sign the bytes as they are, not in base64url (RFC 7797)
    --batch: path             # Process every line of the PATHs or, without one, of standard input: one row per line, in order, except for blank lines; the exit code is that of the worst line
    --threads: string         # Number of threads [default: the number of cores]
    --json(-j)                # Report everything as one JSON object, including failures
    --compact                 # Print JSON on one line
    --at: string              # Use this time as now: 1767225600.5, 2026-01-01T00:00:00Z, 2026-01-01 (midnight UTC), +30m, -5m
    --help(-h)                # Print help
    ...claims: string         # Claims: a JSON object, @PATH, or - for standard input; with --batch: the PATHs to read
  ]

  def "nu-complete jwtctl decode color" [] {
    [ "auto" "always" "never" ]
  }

  def "nu-complete jwtctl decode print" [] {
    [ "all" "valid" "failed" ]
  }

  # Show a token without verifying it
  export extern "jwtctl decode" [
    --quiet(-q)               # Print only errors; verify prints no claims, so check its exit code
    --color: string@"nu-complete jwtctl decode color" # When to use colour; auto respects NO_COLOR, CLICOLOR_FORCE and TERM=dumb
    --github                  # Write messages as annotations of GitHub Actions, and have its log mask new tokens; all on standard error
    --profile: string         # Take flags from this profile of the configuration file; see jwtctl help profiles [env: JWTCTL_PROFILE]
    --config: path            # Configuration file instead of the user's own [env: JWTCTL_CONFIG]
    --token-env: string       # Read the token from the environment variable NAME, so that it does not show in the process list
    --token-file: path        # Read the token from a file; - is standard input
    --decrypt-key: path       # Private key, or JWK of a shared secret, that decrypts a JWE, also a nested one; repeat for more; - is standard input [env: JWTCTL_DECRYPT_KEY]
    --decrypt-secret-env: string # Secret that decrypts a JWE, in the environment variable NAME; if it is not text: raw:NAME, base64:NAME, hex:NAME; for session cookies of Auth.js and NextAuth: authjs:NAME or authjs:NAME:COOKIE; repeat for more
    --key-password-file: path # File with the password of an encrypted key [default: JWTCTL_KEY_PASSWORD, or a prompt]
    --header                  # Show the header instead of the claims, even if the payload cannot be read, as in a JWE
    --raw                     # Print the payload byte for byte, whatever it is
    --get: string             # Print only this claim, a string without its quotes; a NAME that begins with / is a JSON Pointer; repeat to print several on one line, separated by tabs, as jq -r @tsv would
    --batch: path             # Process every line of the PATHs or, without one, of standard input: one row per line, in order, except for blank lines; the exit code is that of the worst line
    --threads: string         # Number of threads [default: the number of cores]
    --json(-j)                # Report everything as one JSON object, including failures
    --compact                 # Print JSON on one line
    --at: string              # Use this time as now: 1767225600.5, 2026-01-01T00:00:00Z, 2026-01-01 (midnight UTC), +30m, -5m
    --find: path              # Process every token in any text (a log, JSON, mail; also gzip or zstd) in the PATHs or, without one, on standard input
    --print: string@"nu-complete jwtctl decode print" # Which items to print rows for [default: all; for verify with --tokens or --lines: valid]
    --tokens                  # Print the accepted tokens themselves, like grep -o
    --lines                   # Print the lines that have an accepted token, like grep
    --count                   # Print only how many there are of each status, as one JSON object
    --pretty                  # Show the view for people even if the output is no terminal, as for watch, less and the logs of CI
    --explain                 # Explain every refused line, as for a single token; this may take a long time
    --help(-h)                # Print help
    ...token: string          # Token, or - for standard input (the default); decode also takes @PATH; with --batch or --find: the PATHs to read
  ]

  def "nu-complete jwtctl verify color" [] {
    [ "auto" "always" "never" ]
  }

  def "nu-complete jwtctl verify expect" [] {
    [ "at+jwt" "id-token" "logout-token" "dpop" "jwt-svid" ]
  }

  def "nu-complete jwtctl verify secret_format" [] {
    [ "text" "raw" "base64" "hex" ]
  }

  def "nu-complete jwtctl verify alg" [] {
    [ "HS256" "HS384" "HS512" "RS256" "RS384" "RS512" "PS256" "PS384" "PS512" "ES256" "ES384" "ES512" "ES256K" "EdDSA" "Ed25519" "ML-DSA-44" "ML-DSA-65" "ML-DSA-87" ]
  }

  def "nu-complete jwtctl verify print" [] {
    [ "all" "valid" "failed" ]
  }

  # Check a token's signature, times and claims, and print its claims
  export extern "jwtctl verify" [
    --quiet(-q)               # Print only errors; verify prints no claims, so check its exit code
    --color: string@"nu-complete jwtctl verify color" # When to use colour; auto respects NO_COLOR, CLICOLOR_FORCE and TERM=dumb
    --github                  # Write messages as annotations of GitHub Actions, and have its log mask new tokens; all on standard error
    --profile: string         # Take flags from this profile of the configuration file; see jwtctl help profiles [env: JWTCTL_PROFILE]
    --config: path            # Configuration file instead of the user's own [env: JWTCTL_CONFIG]
    --token-env: string       # Read the token from the environment variable NAME, so that it does not show in the process list
    --token-file: path        # Read the token from a file; - is standard input
    --iss: string             # Expected issuer; repeat to accept any of several [env: JWTCTL_ISS]
    --aud: string             # Expected audience; repeat to accept any of several [env: JWTCTL_AUD]
    --any-aud                 # Accept any audience; without this or --aud, a token with an audience is rejected
    --sub: string             # Expected subject
    --typ: string             # Expected type in the header
    --require: string         # Claim that must exist and not be null, by name or JSON Pointer; repeat for more
    --claim(-c): string       # Claim that must equal a string (PATH=TEXT) or a JSON value (PATH:=JSON), or contain a string (PATH~=TEXT) as an item of an array or as a word, as in scope; repeat for more
    --forbid: string          # Claim that must not exist, by name or JSON Pointer; repeat for more
    --expect: string@"nu-complete jwtctl verify expect" # Expected kind of token, with all that its standard demands: at+jwt (RFC 9068), id-token and logout-token (OpenID Connect), dpop (RFC 9449), jwt-svid (SPIFFE)
    --revoked: path           # File with the jti of tokens that are not accepted, one on each line; - is standard input
    --leeway: string          # Tolerance for exp, nbf, iat and --max-age [default: 0s]
    --min-ttl: string         # Require the token to be valid for at least this long
    --max-age: string         # Require iat to be at most this long ago
    --allow-expired           # Accept an expired token, however long ago it expired
    --secret(-S): string      # HMAC secret; other users can see it in the process list [env: JWTCTL_SECRET]
    --secret-file: path       # Read the HMAC secret from a file; - is standard input; prefix FORMAT: (text, raw, base64, hex) if it is not plain text
    --secret-env: string      # Read the HMAC secret from the environment variable NAME; prefix FORMAT: (text, raw, base64, hex) if it is not plain text
    --key(-k): path           # Key file in any format, or a document with a key in it; - is standard input [env: JWTCTL_KEY]
    --key-env: string         # Read the key from the environment variable NAME; line breaks of a PEM may be written as \n
    --jwks: path              # JWK Set, or public keys in PEM, from a file or an https URL; - is standard input [env: JWTCTL_JWKS]
    --oidc: string            # JWK Set of an issuer, found by OpenID Connect Discovery; --iss defaults to ISSUER [env: JWTCTL_OIDC]
    --agent: string           # Key in the SSH agent: its fingerprint (SHA256:..., as ssh-add -l prints it), its comment, or any: the only one that fits
    --secret-format: string@"nu-complete jwtctl verify secret_format" # Format of secrets without a FORMAT: prefix: text, raw, base64, hex [env: JWTCTL_SECRET_FORMAT]
    --key-password-file: path # File with the password of an encrypted key [default: JWTCTL_KEY_PASSWORD, or a prompt]
    --allow-weak-key          # Accept keys that are too short, with a warning; RSA keys only to verify RS256 and RS512
    --timeout: string         # Time limit for fetching keys, from 1s to 1h [default: 10s]
    --ca-file: path           # Trust only the certificates in this PEM file instead of the system's and SSL_CERT_FILE
    --no-cache                # Fetch keys again, and cache nothing
    --offline                 # Make no network requests; use cached keys only
    --x5c-root: path          # Verify with the certificate chain in the header, which must lead to one of the certificates in this PEM file
    --x5c-name: string        # Require the signer's certificate to be for this host name, URI, e-mail address, or common name (CN=TEXT)
    --x5c-oid: string         # Require the signer's certificate (with issuer:OID, its issuer's) to have this extension, policy or extended key usage; repeat for more
    --x5c-any-leaf            # Accept any signer that a trusted CA has issued a certificate to
    --decrypt-key: path       # Private key, or JWK of a shared secret, that decrypts a JWE, also a nested one; repeat for more; - is standard input [env: JWTCTL_DECRYPT_KEY]
    --decrypt-secret-env: string # Secret that decrypts a JWE, in the environment variable NAME; if it is not text: raw:NAME, base64:NAME, hex:NAME; for session cookies of Auth.js and NextAuth: authjs:NAME or authjs:NAME:COOKIE; repeat for more
    --alg(-A): string@"nu-complete jwtctl verify alg" # Allow only this algorithm of those that the key supports; repeat for more
    --allow-padding           # Accept = padding that the signature covers, as in tokens from AWS load balancers
    --get: string             # Print only this claim, a string without its quotes; a NAME that begins with / is a JSON Pointer; repeat to print several on one line, separated by tabs, as jq -r @tsv would
    --raw                     # Check only the signature, and print the payload byte for byte, whatever it is
    --detached: path          # File with the payload of a detached JWS; - is standard input; with --raw, it may be of any kind and size, and nothing is printed
    --all-signatures          # Require every signature of a token in the JSON serialization to be accepted, not just one of them
    --key-binding-aud: string # Require the holder's key binding JWT, made for this audience
    --key-binding-nonce: string # The nonce that the key binding JWT must have
    --key-binding-max-age: string # Require the key binding JWT to be at most this old [default: 5m]
    --batch: path             # Process every line of the PATHs or, without one, of standard input: one row per line, in order, except for blank lines; the exit code is that of the worst line
    --threads: string         # Number of threads [default: the number of cores]
    --json(-j)                # Report everything as one JSON object, including failures
    --compact                 # Print JSON on one line
    --at: string              # Use this time as now: 1767225600.5, 2026-01-01T00:00:00Z, 2026-01-01 (midnight UTC), +30m, -5m
    --find: path              # Process every token in any text (a log, JSON, mail; also gzip or zstd) in the PATHs or, without one, on standard input
    --print: string@"nu-complete jwtctl verify print" # Which items to print rows for [default: all; for verify with --tokens or --lines: valid]
    --tokens                  # Print the accepted tokens themselves, like grep -o
    --lines                   # Print the lines that have an accepted token, like grep
    --count                   # Print only how many there are of each status, as one JSON object
    --pretty                  # Show the view for people even if the output is no terminal, as for watch, less and the logs of CI
    --explain                 # Explain every refused line, as for a single token; this may take a long time
    --help(-h)                # Print help
    ...token: string          # Token, or - for standard input (the default); decode also takes @PATH; with --batch or --find: the PATHs to read
  ]

  def "nu-complete jwtctl refresh color" [] {
    [ "auto" "always" "never" ]
  }

  def "nu-complete jwtctl refresh expect" [] {
    [ "at+jwt" "id-token" "logout-token" "dpop" "jwt-svid" ]
  }

  def "nu-complete jwtctl refresh secret_format" [] {
    [ "text" "raw" "base64" "hex" ]
  }

  def "nu-complete jwtctl refresh alg" [] {
    [ "HS256" "HS384" "HS512" "RS256" "RS384" "RS512" "PS256" "PS384" "PS512" "ES256" "ES384" "ES512" "ES256K" "EdDSA" "Ed25519" "ML-DSA-44" "ML-DSA-65" "ML-DSA-87" ]
  }

  # Verify a token and sign a new one with its claims
  export extern "jwtctl refresh" [
    --quiet(-q)               # Print only errors; verify prints no claims, so check its exit code
    --color: string@"nu-complete jwtctl refresh color" # When to use colour; auto respects NO_COLOR, CLICOLOR_FORCE and TERM=dumb
    --github                  # Write messages as annotations of GitHub Actions, and have its log mask new tokens; all on standard error
    --profile: string         # Take flags from this profile of the configuration file; see jwtctl help profiles [env: JWTCTL_PROFILE]
    --config: path            # Configuration file instead of the user's own [env: JWTCTL_CONFIG]
    --token-env: string       # Read the token from the environment variable NAME, so that it does not show in the process list
    --token-file: path        # Read the token from a file; - is standard input
    --ttl: string             # New lifetime [default: the token's, else 30m]
    --grace: string           # Also renew a token that expired at most this long ago
    --if-expiring: string     # Print the token unchanged, regardless of other flags, while it is valid for longer than this
    --max-session: string     # End the session this long after auth_time (if missing, the first iat becomes auth_time)
    --set: string             # Set a claim: NAME=TEXT or NAME:=JSON; repeat for more
    --unset: string           # Remove a claim; repeat for more
    --sign-key: path          # Sign with this key file instead of the key that verifies; - is standard input
    --sign-secret-env: string # Sign with the secret in this environment variable, in the format of FORMAT:NAME, else of --secret-format
    --sign-agent: string      # Sign with this key in the SSH agent, named as for --agent
    --signer: string          # Sign with COMMAND, which holds the private key for the public key that verifies (the first of several). It reads the data to sign from standard input (algorithm: JWTCTL_ALG) and prints the signature. No shell; at most 30s
    --iss: string             # Expected issuer; repeat to accept any of several [env: JWTCTL_ISS]
    --aud: string             # Expected audience; repeat to accept any of several [env: JWTCTL_AUD]
    --any-aud                 # Accept any audience; without this or --aud, a token with an audience is rejected
    --sub: string             # Expected subject
    --typ: string             # Expected type in the header
    --require: string         # Claim that must exist and not be null, by name or JSON Pointer; repeat for more
    --claim(-c): string       # Claim that must equal a string (PATH=TEXT) or a JSON value (PATH:=JSON), or contain a string (PATH~=TEXT) as an item of an array or as a word, as in scope; repeat for more
    --forbid: string          # Claim that must not exist, by name or JSON Pointer; repeat for more
    --expect: string@"nu-complete jwtctl refresh expect" # Expected kind of token, with all that its standard demands: at+jwt (RFC 9068), id-token and logout-token (OpenID Connect), dpop (RFC 9449), jwt-svid (SPIFFE)
    --revoked: path           # File with the jti of tokens that are not accepted, one on each line; - is standard input
    --leeway: string          # Tolerance for exp, nbf, iat and --max-age [default: 0s]
    --min-ttl: string         # Require the token to be valid for at least this long
    --max-age: string         # Require iat to be at most this long ago
    --allow-expired           # Accept an expired token, however long ago it expired
    --secret(-S): string      # HMAC secret; other users can see it in the process list [env: JWTCTL_SECRET]
    --secret-file: path       # Read the HMAC secret from a file; - is standard input; prefix FORMAT: (text, raw, base64, hex) if it is not plain text
    --secret-env: string      # Read the HMAC secret from the environment variable NAME; prefix FORMAT: (text, raw, base64, hex) if it is not plain text
    --key(-k): path           # Key file in any format, or a document with a key in it; - is standard input [env: JWTCTL_KEY]
    --key-env: string         # Read the key from the environment variable NAME; line breaks of a PEM may be written as \n
    --jwks: path              # JWK Set, or public keys in PEM, from a file or an https URL; - is standard input [env: JWTCTL_JWKS]
    --oidc: string            # JWK Set of an issuer, found by OpenID Connect Discovery; --iss defaults to ISSUER [env: JWTCTL_OIDC]
    --agent: string           # Key in the SSH agent: its fingerprint (SHA256:..., as ssh-add -l prints it), its comment, or any: the only one that fits
    --secret-format: string@"nu-complete jwtctl refresh secret_format" # Format of secrets without a FORMAT: prefix: text, raw, base64, hex [env: JWTCTL_SECRET_FORMAT]
    --key-password-file: path # File with the password of an encrypted key [default: JWTCTL_KEY_PASSWORD, or a prompt]
    --allow-weak-key          # Accept keys that are too short, with a warning; RSA keys only to verify RS256 and RS512
    --timeout: string         # Time limit for fetching keys, from 1s to 1h [default: 10s]
    --ca-file: path           # Trust only the certificates in this PEM file instead of the system's and SSL_CERT_FILE
    --no-cache                # Fetch keys again, and cache nothing
    --offline                 # Make no network requests; use cached keys only
    --x5c-root: path          # Verify with the certificate chain in the header, which must lead to one of the certificates in this PEM file
    --x5c-name: string        # Require the signer's certificate to be for this host name, URI, e-mail address, or common name (CN=TEXT)
    --x5c-oid: string         # Require the signer's certificate (with issuer:OID, its issuer's) to have this extension, policy or extended key usage; repeat for more
    --x5c-any-leaf            # Accept any signer that a trusted CA has issued a certificate to
    --decrypt-key: path       # Private key, or JWK of a shared secret, that decrypts a JWE, also a nested one; repeat for more; - is standard input [env: JWTCTL_DECRYPT_KEY]
    --decrypt-secret-env: string # Secret that decrypts a JWE, in the environment variable NAME; if it is not text: raw:NAME, base64:NAME, hex:NAME; for session cookies of Auth.js and NextAuth: authjs:NAME or authjs:NAME:COOKIE; repeat for more
    --alg(-A): string@"nu-complete jwtctl refresh alg" # Allow only this algorithm of those that the key supports; repeat for more
    --allow-padding           # Accept = padding that the signature covers, as in tokens from AWS load balancers
    --batch: path             # Process every line of the PATHs or, without one, of standard input: one row per line, in order, except for blank lines; the exit code is that of the worst line
    --threads: string         # Number of threads [default: the number of cores]
    --json(-j)                # Report everything as one JSON object, including failures
    --compact                 # Print JSON on one line
    --at: string              # Use this time as now: 1767225600.5, 2026-01-01T00:00:00Z, 2026-01-01 (midnight UTC), +30m, -5m
    --explain                 # Explain every refused line, as for a single token; this may take a long time
    --help(-h)                # Print help
    ...token: string          # Token, or - for standard input (the default); decode also takes @PATH; with --batch or --find: the PATHs to read
  ]

  def "nu-complete jwtctl redact color" [] {
    [ "auto" "always" "never" ]
  }

  # Copy text and hide the signatures of the tokens in it
  export extern "jwtctl redact" [
    --quiet(-q)               # Print only errors; verify prints no claims, so check its exit code
    --color: string@"nu-complete jwtctl redact color" # When to use colour; auto respects NO_COLOR, CLICOLOR_FORCE and TERM=dumb
    --github                  # Write messages as annotations of GitHub Actions, and have its log mask new tokens; all on standard error
    --profile: string         # Take flags from this profile of the configuration file; see jwtctl help profiles [env: JWTCTL_PROFILE]
    --config: path            # Configuration file instead of the user's own [env: JWTCTL_CONFIG]
    --payload                 # Hide the payload, too
    --all                     # Hide the whole token
    --same-length             # Write as many * as there were characters, so that everything else keeps its place
    --help(-h)                # Print help (see more with '--help')
    file?: path               # Text of any kind, or - for standard input (the default)
  ]

  def "nu-complete jwtctl key color" [] {
    [ "auto" "always" "never" ]
  }

  # Create, show and convert keys
  export extern "jwtctl key" [
    --quiet(-q)               # Print only errors; verify prints no claims, so check its exit code
    --color: string@"nu-complete jwtctl key color" # When to use colour; auto respects NO_COLOR, CLICOLOR_FORCE and TERM=dumb
    --github                  # Write messages as annotations of GitHub Actions, and have its log mask new tokens; all on standard error
    --profile: string         # Take flags from this profile of the configuration file; see jwtctl help profiles [env: JWTCTL_PROFILE]
    --config: path            # Configuration file instead of the user's own [env: JWTCTL_CONFIG]
    --help(-h)                # Print help
  ]

  def "nu-complete jwtctl key new alg" [] {
    [ "HS256" "HS384" "HS512" "RS256" "RS384" "RS512" "PS256" "PS384" "PS512" "ES256" "ES384" "ES512" "ES256K" "EdDSA" "Ed25519" "ML-DSA-44" "ML-DSA-65" "ML-DSA-87" "A128KW" "A192KW" "A256KW" "A128GCMKW" "A192GCMKW" "A256GCMKW" "RSA-OAEP" "RSA-OAEP-256" "ECDH-ES" "ECDH-ES+A128KW" "ECDH-ES+A192KW" "ECDH-ES+A256KW" "A128GCM" "A192GCM" "A256GCM" "A128CBC-HS256" "A192CBC-HS384" "A256CBC-HS512" ]
  }

  def "nu-complete jwtctl key new curve" [] {
    [ "P-256" "P-384" "P-521" "X25519" ]
  }

  def "nu-complete jwtctl key new format" [] {
    [ "pem" "jwk" "der" "openssh" "text" ]
  }

  def "nu-complete jwtctl key new color" [] {
    [ "auto" "always" "never" ]
  }

  # Create a key for an algorithm
  export extern "jwtctl key new" [
    --alg(-A): string@"nu-complete jwtctl key new alg" # Algorithm of the key: HS256, HS384, HS512, RS256, RS384, RS512, PS256, PS384, PS512, ES256, ES384, ES512, ES256K, EdDSA, Ed25519, ML-DSA-44, ML-DSA-65, ML-DSA-87; for encryption: A128KW, A192KW, A256KW, A128GCMKW, A192GCMKW, A256GCMKW, RSA-OAEP, RSA-OAEP-256, ECDH-ES, ECDH-ES+A128KW, ECDH-ES+A192KW, ECDH-ES+A256KW, A128GCM, A192GCM, A256GCM, A128CBC-HS256, A192CBC-HS384, A256CBC-HS512 [default: ES256]
    --curve: string@"nu-complete jwtctl key new curve" # Curve of a key for ECDH-ES: P-256, P-384, P-521, X25519 [default: P-256]
    --bits: string            # Size of an RSA key: 2048, 3072, 4096, 8192 [default: 3072], or of a secret [default: that of the hash]
    --kid: string             # Key ID of a JWK [default: its own, else the thumbprint of the public key; key new gives secrets a random one]
    --no-kid                  # Omit the key ID
    --format: string@"nu-complete jwtctl key new format" # Format: pem, jwk, der, openssh, or text for a secret [default: pem or text]
    --encrypt                 # Encrypt the private key (pem, der) with a password, which is asked for
    --key-password-file: path # File with the password for --encrypt [default: JWTCTL_KEY_PASSWORD, or a prompt]
    --out(-o): path           # Write to this file instead of standard output; only you can read the file of a private key
    --force                   # Replace existing files
    --json(-j)                # Report everything as one JSON object, including failures
    --compact                 # Print JSON on one line
    --public-out: path        # Write the public key to this file
    --quiet(-q)               # Print only errors; verify prints no claims, so check its exit code
    --color: string@"nu-complete jwtctl key new color" # When to use colour; auto respects NO_COLOR, CLICOLOR_FORCE and TERM=dumb
    --github                  # Write messages as annotations of GitHub Actions, and have its log mask new tokens; all on standard error
    --profile: string         # Take flags from this profile of the configuration file; see jwtctl help profiles [env: JWTCTL_PROFILE]
    --config: path            # Configuration file instead of the user's own [env: JWTCTL_CONFIG]
    --help(-h)                # Print help
  ]

  def "nu-complete jwtctl key show secret_format" [] {
    [ "text" "raw" "base64" "hex" ]
  }

  def "nu-complete jwtctl key show color" [] {
    [ "auto" "always" "never" ]
  }

  # Describe a key, without its private parts
  export extern "jwtctl key show" [
    --secret(-S): string      # HMAC secret; other users can see it in the process list [env: JWTCTL_SECRET]
    --secret-file: path       # Read the HMAC secret from a file; - is standard input; prefix FORMAT: (text, raw, base64, hex) if it is not plain text
    --secret-env: string      # Read the HMAC secret from the environment variable NAME; prefix FORMAT: (text, raw, base64, hex) if it is not plain text
    --key(-k): path           # Key file in any format, or a document with a key in it; - is standard input [env: JWTCTL_KEY]
    --key-env: string         # Read the key from the environment variable NAME; line breaks of a PEM may be written as \n
    --jwks: path              # JWK Set, or public keys in PEM, from a file or an https URL; - is standard input [env: JWTCTL_JWKS]
    --oidc: string            # JWK Set of an issuer, found by OpenID Connect Discovery; --iss defaults to ISSUER [env: JWTCTL_OIDC]
    --agent: string           # Key in the SSH agent: its fingerprint (SHA256:..., as ssh-add -l prints it), its comment, or any: the only one that fits
    --secret-format: string@"nu-complete jwtctl key show secret_format" # Format of secrets without a FORMAT: prefix: text, raw, base64, hex [env: JWTCTL_SECRET_FORMAT]
    --key-password-file: path # File with the password of an encrypted key [default: JWTCTL_KEY_PASSWORD, or a prompt]
    --allow-weak-key          # Accept keys that are too short, with a warning; RSA keys only to verify RS256 and RS512
    --timeout: string         # Time limit for fetching keys, from 1s to 1h [default: 10s]
    --ca-file: path           # Trust only the certificates in this PEM file instead of the system's and SSL_CERT_FILE
    --no-cache                # Fetch keys again, and cache nothing
    --offline                 # Make no network requests; use cached keys only
    --json(-j)                # Report everything as one JSON object, including failures
    --compact                 # Print JSON on one line
    --quiet(-q)               # Print only errors; verify prints no claims, so check its exit code
    --color: string@"nu-complete jwtctl key show color" # When to use colour; auto respects NO_COLOR, CLICOLOR_FORCE and TERM=dumb
    --github                  # Write messages as annotations of GitHub Actions, and have its log mask new tokens; all on standard error
    --profile: string         # Take flags from this profile of the configuration file; see jwtctl help profiles [env: JWTCTL_PROFILE]
    --config: path            # Configuration file instead of the user's own [env: JWTCTL_CONFIG]
    --help(-h)                # Print help
    file?: path               # Key file in any format, or - for standard input (the default in a pipe)
  ]

  def "nu-complete jwtctl key public format" [] {
    [ "pem" "jwk" "der" "openssh" "text" ]
  }

  def "nu-complete jwtctl key public secret_format" [] {
    [ "text" "raw" "base64" "hex" ]
  }

  def "nu-complete jwtctl key public color" [] {
    [ "auto" "always" "never" ]
  }

  # Write the public key of a private key
  export extern "jwtctl key public" [
    --format: string@"nu-complete jwtctl key public format" # Format: pem, jwk, der, openssh [default: jwk for a JWK, else pem]
    --secret(-S): string      # HMAC secret; other users can see it in the process list [env: JWTCTL_SECRET]
    --secret-file: path       # Read the HMAC secret from a file; - is standard input; prefix FORMAT: (text, raw, base64, hex) if it is not plain text
    --secret-env: string      # Read the HMAC secret from the environment variable NAME; prefix FORMAT: (text, raw, base64, hex) if it is not plain text
    --key(-k): path           # Key file in any format, or a document with a key in it; - is standard input [env: JWTCTL_KEY]
    --key-env: string         # Read the key from the environment variable NAME; line breaks of a PEM may be written as \n
    --jwks: path              # JWK Set, or public keys in PEM, from a file or an https URL; - is standard input [env: JWTCTL_JWKS]
    --oidc: string            # JWK Set of an issuer, found by OpenID Connect Discovery; --iss defaults to ISSUER [env: JWTCTL_OIDC]
    --agent: string           # Key in the SSH agent: its fingerprint (SHA256:..., as ssh-add -l prints it), its comment, or any: the only one that fits
    --secret-format: string@"nu-complete jwtctl key public secret_format" # Format of secrets without a FORMAT: prefix: text, raw, base64, hex [env: JWTCTL_SECRET_FORMAT]
    --key-password-file: path # File with the password of an encrypted key [default: JWTCTL_KEY_PASSWORD, or a prompt]
    --allow-weak-key          # Accept keys that are too short, with a warning; RSA keys only to verify RS256 and RS512
    --timeout: string         # Time limit for fetching keys, from 1s to 1h [default: 10s]
    --ca-file: path           # Trust only the certificates in this PEM file instead of the system's and SSL_CERT_FILE
    --no-cache                # Fetch keys again, and cache nothing
    --offline                 # Make no network requests; use cached keys only
    --out(-o): path           # Write to this file instead of standard output; only you can read the file of a private key
    --force                   # Replace existing files
    --json(-j)                # Report everything as one JSON object, including failures
    --compact                 # Print JSON on one line
    --quiet(-q)               # Print only errors; verify prints no claims, so check its exit code
    --color: string@"nu-complete jwtctl key public color" # When to use colour; auto respects NO_COLOR, CLICOLOR_FORCE and TERM=dumb
    --github                  # Write messages as annotations of GitHub Actions, and have its log mask new tokens; all on standard error
    --profile: string         # Take flags from this profile of the configuration file; see jwtctl help profiles [env: JWTCTL_PROFILE]
    --config: path            # Configuration file instead of the user's own [env: JWTCTL_CONFIG]
    --help(-h)                # Print help
    file?: path               # Key file in any format, or - for standard input (the default in a pipe)
  ]

  def "nu-complete jwtctl key convert format" [] {
    [ "pem" "jwk" "der" "openssh" "text" ]
  }

  def "nu-complete jwtctl key convert secret_format" [] {
    [ "text" "raw" "base64" "hex" ]
  }

  def "nu-complete jwtctl key convert color" [] {
    [ "auto" "always" "never" ]
  }

  # Write a key in another format; a private key stays private
  export extern "jwtctl key convert" [
    --format: string@"nu-complete jwtctl key convert format" # Format: pem, jwk, der, openssh, text
    --kid: string             # Key ID of a JWK [default: its own, else the thumbprint of the public key; key new gives secrets a random one]
    --no-kid                  # Omit the key ID
    --secret(-S): string      # HMAC secret; other users can see it in the process list [env: JWTCTL_SECRET]
    --secret-file: path       # Read the HMAC secret from a file; - is standard input; prefix FORMAT: (text, raw, base64, hex) if it is not plain text
    --secret-env: string      # Read the HMAC secret from the environment variable NAME; prefix FORMAT: (text, raw, base64, hex) if it is not plain text
    --key(-k): path           # Key file in any format, or a document with a key in it; - is standard input [env: JWTCTL_KEY]
    --key-env: string         # Read the key from the environment variable NAME; line breaks of a PEM may be written as \n
    --jwks: path              # JWK Set, or public keys in PEM, from a file or an https URL; - is standard input [env: JWTCTL_JWKS]
    --oidc: string            # JWK Set of an issuer, found by OpenID Connect Discovery; --iss defaults to ISSUER [env: JWTCTL_OIDC]
    --agent: string           # Key in the SSH agent: its fingerprint (SHA256:..., as ssh-add -l prints it), its comment, or any: the only one that fits
    --secret-format: string@"nu-complete jwtctl key convert secret_format" # Format of secrets without a FORMAT: prefix: text, raw, base64, hex [env: JWTCTL_SECRET_FORMAT]
    --key-password-file: path # File with the password of an encrypted key [default: JWTCTL_KEY_PASSWORD, or a prompt]
    --allow-weak-key          # Accept keys that are too short, with a warning; RSA keys only to verify RS256 and RS512
    --timeout: string         # Time limit for fetching keys, from 1s to 1h [default: 10s]
    --ca-file: path           # Trust only the certificates in this PEM file instead of the system's and SSL_CERT_FILE
    --no-cache                # Fetch keys again, and cache nothing
    --offline                 # Make no network requests; use cached keys only
    --out(-o): path           # Write to this file instead of standard output; only you can read the file of a private key
    --force                   # Replace existing files
    --json(-j)                # Report everything as one JSON object, including failures
    --compact                 # Print JSON on one line
    --quiet(-q)               # Print only errors; verify prints no claims, so check its exit code
    --color: string@"nu-complete jwtctl key convert color" # When to use colour; auto respects NO_COLOR, CLICOLOR_FORCE and TERM=dumb
    --github                  # Write messages as annotations of GitHub Actions, and have its log mask new tokens; all on standard error
    --profile: string         # Take flags from this profile of the configuration file; see jwtctl help profiles [env: JWTCTL_PROFILE]
    --config: path            # Configuration file instead of the user's own [env: JWTCTL_CONFIG]
    --help(-h)                # Print help
    file?: path               # Key file in any format, or - for standard input (the default in a pipe)
  ]

  def "nu-complete jwtctl key thumbprint secret_format" [] {
    [ "text" "raw" "base64" "hex" ]
  }

  def "nu-complete jwtctl key thumbprint color" [] {
    [ "auto" "always" "never" ]
  }

  # Print a key's thumbprint: SHA-256 in base64url (RFC 7638), or another fingerprint
  export extern "jwtctl key thumbprint" [
    --spki                    # SHA-256 of the public key in SPKI, as SHA256:BASE64 (Snowflake, GitHub Apps)
    --x5t                     # Digests of the certificate, for the header parameters x5t (SHA-1) and x5t#S256
    --ssh                     # Fingerprint of the key in OpenSSH, as ssh-keygen -l prints it
    --libtrust                # Key ID of libtrust, which is the kid in tokens for a Docker registry
    --secret(-S): string      # HMAC secret; other users can see it in the process list [env: JWTCTL_SECRET]
    --secret-file: path       # Read the HMAC secret from a file; - is standard input; prefix FORMAT: (text, raw, base64, hex) if it is not plain text
    --secret-env: string      # Read the HMAC secret from the environment variable NAME; prefix FORMAT: (text, raw, base64, hex) if it is not plain text
    --key(-k): path           # Key file in any format, or a document with a key in it; - is standard input [env: JWTCTL_KEY]
    --key-env: string         # Read the key from the environment variable NAME; line breaks of a PEM may be written as \n
    --jwks: path              # JWK Set, or public keys in PEM, from a file or an https URL; - is standard input [env: JWTCTL_JWKS]
    --oidc: string            # JWK Set of an issuer, found by OpenID Connect Discovery; --iss defaults to ISSUER [env: JWTCTL_OIDC]
    --agent: string           # Key in the SSH agent: its fingerprint (SHA256:..., as ssh-add -l prints it), its comment, or any: the only one that fits
    --secret-format: string@"nu-complete jwtctl key thumbprint secret_format" # Format of secrets without a FORMAT: prefix: text, raw, base64, hex [env: JWTCTL_SECRET_FORMAT]
    --key-password-file: path # File with the password of an encrypted key [default: JWTCTL_KEY_PASSWORD, or a prompt]
    --allow-weak-key          # Accept keys that are too short, with a warning; RSA keys only to verify RS256 and RS512
    --timeout: string         # Time limit for fetching keys, from 1s to 1h [default: 10s]
    --ca-file: path           # Trust only the certificates in this PEM file instead of the system's and SSL_CERT_FILE
    --no-cache                # Fetch keys again, and cache nothing
    --offline                 # Make no network requests; use cached keys only
    --json(-j)                # Report everything as one JSON object, including failures
    --compact                 # Print JSON on one line
    --quiet(-q)               # Print only errors; verify prints no claims, so check its exit code
    --color: string@"nu-complete jwtctl key thumbprint color" # When to use colour; auto respects NO_COLOR, CLICOLOR_FORCE and TERM=dumb
    --github                  # Write messages as annotations of GitHub Actions, and have its log mask new tokens; all on standard error
    --profile: string         # Take flags from this profile of the configuration file; see jwtctl help profiles [env: JWTCTL_PROFILE]
    --config: path            # Configuration file instead of the user's own [env: JWTCTL_CONFIG]
    --help(-h)                # Print help
    file?: path               # Key file in any format, or - for standard input (the default in a pipe)
  ]

  def "nu-complete jwtctl key set color" [] {
    [ "auto" "always" "never" ]
  }

  # Create a JWK Set of public keys; each kid is the JWK's, else the thumbprint of the public key
  export extern "jwtctl key set" [
    --secret                  # Also admit HMAC secrets, which makes the set a secret itself
    --key-password-file: path # File with the password of an encrypted key [default: JWTCTL_KEY_PASSWORD, or a prompt]
    --allow-weak-key          # Accept keys that are too short, with a warning; RSA keys only to verify RS256 and RS512
    --out(-o): path           # Write to this file instead of standard output; only you can read the file of a private key
    --force                   # Replace existing files
    --json(-j)                # Report everything as one JSON object, including failures
    --compact                 # Print JSON on one line
    --quiet(-q)               # Print only errors; verify prints no claims, so check its exit code
    --color: string@"nu-complete jwtctl key set color" # When to use colour; auto respects NO_COLOR, CLICOLOR_FORCE and TERM=dumb
    --github                  # Write messages as annotations of GitHub Actions, and have its log mask new tokens; all on standard error
    --profile: string         # Take flags from this profile of the configuration file; see jwtctl help profiles [env: JWTCTL_PROFILE]
    --config: path            # Configuration file instead of the user's own [env: JWTCTL_CONFIG]
    --help(-h)                # Print help
    ...files: path            # Key files in any format, or - for standard input (the default in a pipe)
  ]

  def "nu-complete jwtctl completions color" [] {
    [ "auto" "always" "never" ]
  }

  def "nu-complete jwtctl completions shell" [] {
    [ "bash" "zsh" "fish" "powershell" "elvish" "nushell" ]
  }

  # Print a completion script for a shell
  export extern "jwtctl completions" [
    --quiet(-q)               # Print only errors; verify prints no claims, so check its exit code
    --color: string@"nu-complete jwtctl completions color" # When to use colour; auto respects NO_COLOR, CLICOLOR_FORCE and TERM=dumb
    --github                  # Write messages as annotations of GitHub Actions, and have its log mask new tokens; all on standard error
    --profile: string         # Take flags from this profile of the configuration file; see jwtctl help profiles [env: JWTCTL_PROFILE]
    --config: path            # Configuration file instead of the user's own [env: JWTCTL_CONFIG]
    --help(-h)                # Print help
    shell: string@"nu-complete jwtctl completions shell" # Shell to complete for
  ]

  def "nu-complete jwtctl man color" [] {
    [ "auto" "always" "never" ]
  }

  # Print the manual page, or write the pages of all verbs
  export extern "jwtctl man" [
    --quiet(-q)               # Print only errors; verify prints no claims, so check its exit code
    --color: string@"nu-complete jwtctl man color" # When to use colour; auto respects NO_COLOR, CLICOLOR_FORCE and TERM=dumb
    --github                  # Write messages as annotations of GitHub Actions, and have its log mask new tokens; all on standard error
    --profile: string         # Take flags from this profile of the configuration file; see jwtctl help profiles [env: JWTCTL_PROFILE]
    --config: path            # Configuration file instead of the user's own [env: JWTCTL_CONFIG]
    --dir: directory          # Write all pages to this folder, replacing older ones
    --help(-h)                # Print help
  ]

  def "nu-complete jwtctl help color" [] {
    [ "auto" "always" "never" ]
  }

  def "nu-complete jwtctl help topic" [] {
    [ "encode" "decode" "verify" "refresh" "redact" "key" "completions" "man" "help" "exit-codes" "codes" "profiles" "sign" "inspect" "completion" ]
  }

  # Show help for a verb, the exit codes or the codes of problems
  export extern "jwtctl help" [
    --quiet(-q)               # Print only errors; verify prints no claims, so check its exit code
    --color: string@"nu-complete jwtctl help color" # When to use colour; auto respects NO_COLOR, CLICOLOR_FORCE and TERM=dumb
    --github                  # Write messages as annotations of GitHub Actions, and have its log mask new tokens; all on standard error
    --profile: string         # Take flags from this profile of the configuration file; see jwtctl help profiles [env: JWTCTL_PROFILE]
    --config: path            # Configuration file instead of the user's own [env: JWTCTL_CONFIG]
    --help(-h)                # Print help
    topic?: string@"nu-complete jwtctl help topic" # A verb, exit-codes, codes, or profiles
    verb?: string             # A verb of key
  ]

}

export use completions *
