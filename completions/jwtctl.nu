module completions {

  def "nu-complete jwtctl color" [] {
    [ "auto" "always" "never" ]
  }

  # Make, read, verify and refresh JSON Web Tokens
  export extern jwtctl [
    --quiet(-q)               # Only errors on stderr; verify prints no claims either: its exit code is the answer
    --color: string@"nu-complete jwtctl color" # When to colour: auto heeds NO_COLOR, CLICOLOR_FORCE and TERM=dumb
    --help(-h)                # Print help
    --version(-V)             # Print version
  ]

  def "nu-complete jwtctl encode color" [] {
    [ "auto" "always" "never" ]
  }

  def "nu-complete jwtctl encode alg" [] {
    [ "HS256" "HS384" "HS512" "RS256" "RS384" "RS512" "PS256" "PS384" "PS512" "ES256" "ES384" "ES512" "ES256K" "EdDSA" "Ed25519" ]
  }

  def "nu-complete jwtctl encode secret_format" [] {
    [ "text" "raw" "base64" "hex" ]
  }

  # Make and sign a token
  export extern "jwtctl encode" [
    --quiet(-q)               # Only errors on stderr; verify prints no claims either: its exit code is the answer
    --color: string@"nu-complete jwtctl encode color" # When to colour: auto heeds NO_COLOR, CLICOLOR_FORCE and TERM=dumb
    --user: string            # user_id: a number if ID is an integer, else a string
    --iss: string             # Issuer
    --sub: string             # Subject
    --aud: string             # Audience; repeat it for an array
    --claim(-c): string       # Any claim: NAME=TEXT is a string, NAME:=JSON is JSON; repeat it for more
    --jti: string             # Token ID; a random UUID without =ID
    --ttl: string             # Lifetime, from iat on: 90, 90s, 30m, 1h30m, 7d, 2w [default: 30m]
    --exp: string             # Expiry as a point in time
    --no-exp                  # No exp: the token is valid for ever
    --nbf: string             # Not valid before
    --iat: string             # Issued at [default: now]
    --no-iat                  # No iat
    --alg(-A): string@"nu-complete jwtctl encode alg" # Algorithm to sign with [default: the JWK's, else HS256, RS256, the curve's, EdDSA]
    --kid: string             # Key ID; of a JWK or a set, the key to sign with [default: the JWK's]
    --typ: string             # Type [default: JWT]
    --no-typ                  # No typ
    --header: string          # Any header member, written like --claim
    --secret(-S): string      # HMAC secret; others can read it from the process list [env: JWTCTL_SECRET]
    --secret-file: path       # HMAC secret from a file; - is standard input
    --secret-env: string      # HMAC secret from the environment variable NAME
    --key(-k): path           # Key file of any kind, told by its content, with one key or several; - is standard input [env: JWTCTL_KEY]
    --key-env: string         # Key of any kind from the environment variable NAME; a PEM's line breaks may be written \n
    --jwks: path              # JWK Set from a file, or an https URL; - is standard input [env: JWTCTL_JWKS]
    --oidc: string            # JWK Set of an issuer, found by OpenID discovery; expects its --iss, unless there is one [env: JWTCTL_OIDC]
    --secret-format: string@"nu-complete jwtctl encode secret_format" # How the secret is written: text, raw, base64, hex [env: JWTCTL_SECRET_FORMAT]
    --key-password-file: path # File with the password of an encrypted key; else it is in JWTCTL_KEY_PASSWORD, or asked for
    --allow-weak-key          # Admit keys that are too short, with a warning; RSA for verifying RS256 and RS512 alone
    --timeout: string         # How long it may take to fetch keys, from 1s to 1h [default: 10s]
    --ca-file: path           # Trust only the certificates in this PEM file, not the system's or those of SSL_CERT_FILE
    --no-cache                # Fetch keys anew, and keep nothing
    --offline                 # Make no network requests: use keys that an earlier call has fetched
    --batch: path             # Work on every line of PATH, or of standard input without one or with -: a row for each, in order, none for a blank one; the exit code is that of the worst line
    --threads: string         # How many threads work on the lines [default: as many as there are cores]
    --json(-j)                # Report everything as one JSON object, failures too
    --compact                 # JSON on one line
    --at: string              # The time to take as now: 1767225600.5, 2026-01-01T00:00:00Z, 2026-01-01 (midnight UTC), +30m, -5m
    --help(-h)                # Print help
    claims?: string           # Claims: a JSON object, @PATH, or - for standard input, which is not read otherwise
  ]

  def "nu-complete jwtctl decode color" [] {
    [ "auto" "always" "never" ]
  }

  # Show a token; verify nothing
  export extern "jwtctl decode" [
    --quiet(-q)               # Only errors on stderr; verify prints no claims either: its exit code is the answer
    --color: string@"nu-complete jwtctl decode color" # When to colour: auto heeds NO_COLOR, CLICOLOR_FORCE and TERM=dumb
    --token-env: string       # Token from the environment variable NAME, for scripts: it does not show in the process list
    --token-file: path        # Token from a file; - is standard input
    --header                  # The header in place of the claims, even if the payload cannot be read, as in a JWE
    --get: string             # One claim alone, a string without its quotes; a NAME that begins with / is a JSON Pointer
    --batch: path             # Work on every line of PATH, or of standard input without one or with -: a row for each, in order, none for a blank one; the exit code is that of the worst line
    --threads: string         # How many threads work on the lines [default: as many as there are cores]
    --json(-j)                # Report everything as one JSON object, failures too
    --compact                 # JSON on one line
    --at: string              # The time to take as now: 1767225600.5, 2026-01-01T00:00:00Z, 2026-01-01 (midnight UTC), +30m, -5m
    --explain                 # Look into every line that is refused, as is done for a single token; that may take long
    --help(-h)                # Print help
    token?: string            # Token, or - for standard input, the default if no token is named; decode also takes @PATH
  ]

  def "nu-complete jwtctl verify color" [] {
    [ "auto" "always" "never" ]
  }

  def "nu-complete jwtctl verify secret_format" [] {
    [ "text" "raw" "base64" "hex" ]
  }

  def "nu-complete jwtctl verify alg" [] {
    [ "HS256" "HS384" "HS512" "RS256" "RS384" "RS512" "PS256" "PS384" "PS512" "ES256" "ES384" "ES512" "ES256K" "EdDSA" "Ed25519" ]
  }

  def "nu-complete jwtctl verify print" [] {
    [ "all" "valid" "failed" ]
  }

  # Check a token's signature, times and claims; print its claims if all holds
  export extern "jwtctl verify" [
    --quiet(-q)               # Only errors on stderr; verify prints no claims either: its exit code is the answer
    --color: string@"nu-complete jwtctl verify color" # When to colour: auto heeds NO_COLOR, CLICOLOR_FORCE and TERM=dumb
    --token-env: string       # Token from the environment variable NAME, for scripts: it does not show in the process list
    --token-file: path        # Token from a file; - is standard input
    --iss: string             # Issuer that is expected; repeat it for any of several
    --aud: string             # Audience that is expected; repeat it for any of several
    --any-aud                 # Accept any audience; without --aud, a token that names one is rejected
    --sub: string             # Subject that is expected
    --typ: string             # Type that the header must name
    --require: string         # Claim that must be there and not null, by its name or a JSON Pointer; repeat it for more
    --claim(-c): string       # Claim that must equal a string (PATH=TEXT) or a JSON value (PATH:=JSON); repeat it for more
    --leeway: string          # Widen exp, nbf, iat and --max-age by this [default: 0s]
    --min-ttl: string         # The token must still be valid for this long
    --max-age: string         # The token's iat must be at most this long ago
    --allow-expired           # Accept a token that has expired, however long ago
    --secret(-S): string      # HMAC secret; others can read it from the process list [env: JWTCTL_SECRET]
    --secret-file: path       # HMAC secret from a file; - is standard input
    --secret-env: string      # HMAC secret from the environment variable NAME
    --key(-k): path           # Key file of any kind, told by its content, with one key or several; - is standard input [env: JWTCTL_KEY]
    --key-env: string         # Key of any kind from the environment variable NAME; a PEM's line breaks may be written \n
    --jwks: path              # JWK Set from a file, or an https URL; - is standard input [env: JWTCTL_JWKS]
    --oidc: string            # JWK Set of an issuer, found by OpenID discovery; expects its --iss, unless there is one [env: JWTCTL_OIDC]
    --secret-format: string@"nu-complete jwtctl verify secret_format" # How the secret is written: text, raw, base64, hex [env: JWTCTL_SECRET_FORMAT]
    --key-password-file: path # File with the password of an encrypted key; else it is in JWTCTL_KEY_PASSWORD, or asked for
    --allow-weak-key          # Admit keys that are too short, with a warning; RSA for verifying RS256 and RS512 alone
    --timeout: string         # How long it may take to fetch keys, from 1s to 1h [default: 10s]
    --ca-file: path           # Trust only the certificates in this PEM file, not the system's or those of SSL_CERT_FILE
    --no-cache                # Fetch keys anew, and keep nothing
    --offline                 # Make no network requests: use keys that an earlier call has fetched
    --alg(-A): string@"nu-complete jwtctl verify alg" # Algorithm to allow, out of those the key serves; repeat it for more
    --allow-padding           # Accept = padding that the signature covers, as in tokens from AWS load balancers
    --get: string             # One claim alone, a string without its quotes; a NAME that begins with / is a JSON Pointer
    --raw                     # Check the signature alone, and write the payload byte for byte, whatever it is
    --batch: path             # Work on every line of PATH, or of standard input without one or with -: a row for each, in order, none for a blank one; the exit code is that of the worst line
    --threads: string         # How many threads work on the lines [default: as many as there are cores]
    --json(-j)                # Report everything as one JSON object, failures too
    --compact                 # JSON on one line
    --at: string              # The time to take as now: 1767225600.5, 2026-01-01T00:00:00Z, 2026-01-01 (midnight UTC), +30m, -5m
    --print: string@"nu-complete jwtctl verify print" # Which lines get a row [default: all; with --tokens: valid]
    --tokens                  # Print the lines themselves, as grep would
    --explain                 # Look into every line that is refused, as is done for a single token; that may take long
    --help(-h)                # Print help
    token?: string            # Token, or - for standard input, the default if no token is named; decode also takes @PATH
  ]

  def "nu-complete jwtctl refresh color" [] {
    [ "auto" "always" "never" ]
  }

  def "nu-complete jwtctl refresh secret_format" [] {
    [ "text" "raw" "base64" "hex" ]
  }

  def "nu-complete jwtctl refresh alg" [] {
    [ "HS256" "HS384" "HS512" "RS256" "RS384" "RS512" "PS256" "PS384" "PS512" "ES256" "ES384" "ES512" "ES256K" "EdDSA" "Ed25519" ]
  }

  # Verify a token and sign its successor
  export extern "jwtctl refresh" [
    --quiet(-q)               # Only errors on stderr; verify prints no claims either: its exit code is the answer
    --color: string@"nu-complete jwtctl refresh color" # When to colour: auto heeds NO_COLOR, CLICOLOR_FORCE and TERM=dumb
    --token-env: string       # Token from the environment variable NAME, for scripts: it does not show in the process list
    --token-file: path        # Token from a file; - is standard input
    --ttl: string             # New lifetime [default: that of the token, else 30m]
    --grace: string           # Renew a token that expired at most this long ago, too
    --if-expiring: string     # Print the token unchanged, whatever else is asked for, while it is valid for longer than this
    --max-session: string     # End the session this long after auth_time, or after the first iat, which is kept as that
    --set: string             # Give a claim a value: NAME=TEXT or NAME:=JSON; repeat it for more
    --unset: string           # Take a claim out; repeat it for more
    --sign-key: path          # Sign with this key file, not with the key that verifies (kid: its JWK's, or none); - is standard input
    --sign-secret-env: string # Sign with the secret in this environment variable; --secret-format is for it, too
    --iss: string             # Issuer that is expected; repeat it for any of several
    --aud: string             # Audience that is expected; repeat it for any of several
    --any-aud                 # Accept any audience; without --aud, a token that names one is rejected
    --sub: string             # Subject that is expected
    --typ: string             # Type that the header must name
    --require: string         # Claim that must be there and not null, by its name or a JSON Pointer; repeat it for more
    --claim(-c): string       # Claim that must equal a string (PATH=TEXT) or a JSON value (PATH:=JSON); repeat it for more
    --leeway: string          # Widen exp, nbf, iat and --max-age by this [default: 0s]
    --min-ttl: string         # The token must still be valid for this long
    --max-age: string         # The token's iat must be at most this long ago
    --allow-expired           # Accept a token that has expired, however long ago
    --secret(-S): string      # HMAC secret; others can read it from the process list [env: JWTCTL_SECRET]
    --secret-file: path       # HMAC secret from a file; - is standard input
    --secret-env: string      # HMAC secret from the environment variable NAME
    --key(-k): path           # Key file of any kind, told by its content, with one key or several; - is standard input [env: JWTCTL_KEY]
    --key-env: string         # Key of any kind from the environment variable NAME; a PEM's line breaks may be written \n
    --jwks: path              # JWK Set from a file, or an https URL; - is standard input [env: JWTCTL_JWKS]
    --oidc: string            # JWK Set of an issuer, found by OpenID discovery; expects its --iss, unless there is one [env: JWTCTL_OIDC]
    --secret-format: string@"nu-complete jwtctl refresh secret_format" # How the secret is written: text, raw, base64, hex [env: JWTCTL_SECRET_FORMAT]
    --key-password-file: path # File with the password of an encrypted key; else it is in JWTCTL_KEY_PASSWORD, or asked for
    --allow-weak-key          # Admit keys that are too short, with a warning; RSA for verifying RS256 and RS512 alone
    --timeout: string         # How long it may take to fetch keys, from 1s to 1h [default: 10s]
    --ca-file: path           # Trust only the certificates in this PEM file, not the system's or those of SSL_CERT_FILE
    --no-cache                # Fetch keys anew, and keep nothing
    --offline                 # Make no network requests: use keys that an earlier call has fetched
    --alg(-A): string@"nu-complete jwtctl refresh alg" # Algorithm to allow, out of those the key serves; repeat it for more
    --allow-padding           # Accept = padding that the signature covers, as in tokens from AWS load balancers
    --batch: path             # Work on every line of PATH, or of standard input without one or with -: a row for each, in order, none for a blank one; the exit code is that of the worst line
    --threads: string         # How many threads work on the lines [default: as many as there are cores]
    --json(-j)                # Report everything as one JSON object, failures too
    --compact                 # JSON on one line
    --at: string              # The time to take as now: 1767225600.5, 2026-01-01T00:00:00Z, 2026-01-01 (midnight UTC), +30m, -5m
    --explain                 # Look into every line that is refused, as is done for a single token; that may take long
    --help(-h)                # Print help
    token?: string            # Token, or - for standard input, the default if no token is named; decode also takes @PATH
  ]

  def "nu-complete jwtctl key color" [] {
    [ "auto" "always" "never" ]
  }

  # Make, show and convert keys
  export extern "jwtctl key" [
    --quiet(-q)               # Only errors on stderr; verify prints no claims either: its exit code is the answer
    --color: string@"nu-complete jwtctl key color" # When to colour: auto heeds NO_COLOR, CLICOLOR_FORCE and TERM=dumb
    --help(-h)                # Print help
  ]

  def "nu-complete jwtctl key new alg" [] {
    [ "HS256" "HS384" "HS512" "RS256" "RS384" "RS512" "PS256" "PS384" "PS512" "ES256" "ES384" "ES512" "ES256K" "EdDSA" "Ed25519" ]
  }

  def "nu-complete jwtctl key new format" [] {
    [ "pem" "jwk" "der" "openssh" "text" ]
  }

  def "nu-complete jwtctl key new color" [] {
    [ "auto" "always" "never" ]
  }

  # Make a key for an algorithm
  export extern "jwtctl key new" [
    --alg(-A): string@"nu-complete jwtctl key new alg" # Algorithm that the key is for: HS256, RS256, PS256, ES256, …384, …512, ES256K, EdDSA, Ed25519
    --bits: string            # Size of an RSA key: 2048, 3072, 4096, 8192 [default: 3072]; of a secret [default: its hash's]
    --kid: string             # Key ID of a JWK [default: its thumbprint, if it has none yet]
    --no-kid                  # No key ID
    --format: string@"nu-complete jwtctl key new format" # Format: pem, jwk, der, openssh; text for a secret [default: pem, or text]
    --out(-o): path           # Write into this file, readable by you alone if it is private, in place of standard output
    --force                   # Replace files that are there
    --json(-j)                # Report everything as one JSON object, failures too
    --compact                 # JSON on one line
    --public-out: path        # Write the public half into this file
    --quiet(-q)               # Only errors on stderr; verify prints no claims either: its exit code is the answer
    --color: string@"nu-complete jwtctl key new color" # When to colour: auto heeds NO_COLOR, CLICOLOR_FORCE and TERM=dumb
    --help(-h)                # Print help
  ]

  def "nu-complete jwtctl key show secret_format" [] {
    [ "text" "raw" "base64" "hex" ]
  }

  def "nu-complete jwtctl key show color" [] {
    [ "auto" "always" "never" ]
  }

  # Say what a key is; never its private parts
  export extern "jwtctl key show" [
    --secret(-S): string      # HMAC secret; others can read it from the process list [env: JWTCTL_SECRET]
    --secret-file: path       # HMAC secret from a file; - is standard input
    --secret-env: string      # HMAC secret from the environment variable NAME
    --key(-k): path           # Key file of any kind, told by its content, with one key or several; - is standard input [env: JWTCTL_KEY]
    --key-env: string         # Key of any kind from the environment variable NAME; a PEM's line breaks may be written \n
    --jwks: path              # JWK Set from a file, or an https URL; - is standard input [env: JWTCTL_JWKS]
    --oidc: string            # JWK Set of an issuer, found by OpenID discovery; expects its --iss, unless there is one [env: JWTCTL_OIDC]
    --secret-format: string@"nu-complete jwtctl key show secret_format" # How the secret is written: text, raw, base64, hex [env: JWTCTL_SECRET_FORMAT]
    --key-password-file: path # File with the password of an encrypted key; else it is in JWTCTL_KEY_PASSWORD, or asked for
    --allow-weak-key          # Admit keys that are too short, with a warning; RSA for verifying RS256 and RS512 alone
    --timeout: string         # How long it may take to fetch keys, from 1s to 1h [default: 10s]
    --ca-file: path           # Trust only the certificates in this PEM file, not the system's or those of SSL_CERT_FILE
    --no-cache                # Fetch keys anew, and keep nothing
    --offline                 # Make no network requests: use keys that an earlier call has fetched
    --json(-j)                # Report everything as one JSON object, failures too
    --compact                 # JSON on one line
    --quiet(-q)               # Only errors on stderr; verify prints no claims either: its exit code is the answer
    --color: string@"nu-complete jwtctl key show color" # When to colour: auto heeds NO_COLOR, CLICOLOR_FORCE and TERM=dumb
    --help(-h)                # Print help
    file?: path               # Key file of any kind, told by its content, or -; without it, what is piped in
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

  # Write the public half of a key
  export extern "jwtctl key public" [
    --format: string@"nu-complete jwtctl key public format" # Format: pem, jwk, der, openssh [default: jwk of a JWK, else pem]
    --secret(-S): string      # HMAC secret; others can read it from the process list [env: JWTCTL_SECRET]
    --secret-file: path       # HMAC secret from a file; - is standard input
    --secret-env: string      # HMAC secret from the environment variable NAME
    --key(-k): path           # Key file of any kind, told by its content, with one key or several; - is standard input [env: JWTCTL_KEY]
    --key-env: string         # Key of any kind from the environment variable NAME; a PEM's line breaks may be written \n
    --jwks: path              # JWK Set from a file, or an https URL; - is standard input [env: JWTCTL_JWKS]
    --oidc: string            # JWK Set of an issuer, found by OpenID discovery; expects its --iss, unless there is one [env: JWTCTL_OIDC]
    --secret-format: string@"nu-complete jwtctl key public secret_format" # How the secret is written: text, raw, base64, hex [env: JWTCTL_SECRET_FORMAT]
    --key-password-file: path # File with the password of an encrypted key; else it is in JWTCTL_KEY_PASSWORD, or asked for
    --allow-weak-key          # Admit keys that are too short, with a warning; RSA for verifying RS256 and RS512 alone
    --timeout: string         # How long it may take to fetch keys, from 1s to 1h [default: 10s]
    --ca-file: path           # Trust only the certificates in this PEM file, not the system's or those of SSL_CERT_FILE
    --no-cache                # Fetch keys anew, and keep nothing
    --offline                 # Make no network requests: use keys that an earlier call has fetched
    --out(-o): path           # Write into this file, readable by you alone if it is private, in place of standard output
    --force                   # Replace files that are there
    --json(-j)                # Report everything as one JSON object, failures too
    --compact                 # JSON on one line
    --quiet(-q)               # Only errors on stderr; verify prints no claims either: its exit code is the answer
    --color: string@"nu-complete jwtctl key public color" # When to colour: auto heeds NO_COLOR, CLICOLOR_FORCE and TERM=dumb
    --help(-h)                # Print help
    file?: path               # Key file of any kind, told by its content, or -; without it, what is piped in
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
    --kid: string             # Key ID of a JWK [default: its thumbprint, if it has none yet]
    --no-kid                  # No key ID
    --secret(-S): string      # HMAC secret; others can read it from the process list [env: JWTCTL_SECRET]
    --secret-file: path       # HMAC secret from a file; - is standard input
    --secret-env: string      # HMAC secret from the environment variable NAME
    --key(-k): path           # Key file of any kind, told by its content, with one key or several; - is standard input [env: JWTCTL_KEY]
    --key-env: string         # Key of any kind from the environment variable NAME; a PEM's line breaks may be written \n
    --jwks: path              # JWK Set from a file, or an https URL; - is standard input [env: JWTCTL_JWKS]
    --oidc: string            # JWK Set of an issuer, found by OpenID discovery; expects its --iss, unless there is one [env: JWTCTL_OIDC]
    --secret-format: string@"nu-complete jwtctl key convert secret_format" # How the secret is written: text, raw, base64, hex [env: JWTCTL_SECRET_FORMAT]
    --key-password-file: path # File with the password of an encrypted key; else it is in JWTCTL_KEY_PASSWORD, or asked for
    --allow-weak-key          # Admit keys that are too short, with a warning; RSA for verifying RS256 and RS512 alone
    --timeout: string         # How long it may take to fetch keys, from 1s to 1h [default: 10s]
    --ca-file: path           # Trust only the certificates in this PEM file, not the system's or those of SSL_CERT_FILE
    --no-cache                # Fetch keys anew, and keep nothing
    --offline                 # Make no network requests: use keys that an earlier call has fetched
    --out(-o): path           # Write into this file, readable by you alone if it is private, in place of standard output
    --force                   # Replace files that are there
    --json(-j)                # Report everything as one JSON object, failures too
    --compact                 # JSON on one line
    --quiet(-q)               # Only errors on stderr; verify prints no claims either: its exit code is the answer
    --color: string@"nu-complete jwtctl key convert color" # When to colour: auto heeds NO_COLOR, CLICOLOR_FORCE and TERM=dumb
    --help(-h)                # Print help
    file?: path               # Key file of any kind, told by its content, or -; without it, what is piped in
  ]

  def "nu-complete jwtctl key thumbprint secret_format" [] {
    [ "text" "raw" "base64" "hex" ]
  }

  def "nu-complete jwtctl key thumbprint color" [] {
    [ "auto" "always" "never" ]
  }

  # Print a key's thumbprint: SHA-256 in base64url (RFC 7638)
  export extern "jwtctl key thumbprint" [
    --secret(-S): string      # HMAC secret; others can read it from the process list [env: JWTCTL_SECRET]
    --secret-file: path       # HMAC secret from a file; - is standard input
    --secret-env: string      # HMAC secret from the environment variable NAME
    --key(-k): path           # Key file of any kind, told by its content, with one key or several; - is standard input [env: JWTCTL_KEY]
    --key-env: string         # Key of any kind from the environment variable NAME; a PEM's line breaks may be written \n
    --jwks: path              # JWK Set from a file, or an https URL; - is standard input [env: JWTCTL_JWKS]
    --oidc: string            # JWK Set of an issuer, found by OpenID discovery; expects its --iss, unless there is one [env: JWTCTL_OIDC]
    --secret-format: string@"nu-complete jwtctl key thumbprint secret_format" # How the secret is written: text, raw, base64, hex [env: JWTCTL_SECRET_FORMAT]
    --key-password-file: path # File with the password of an encrypted key; else it is in JWTCTL_KEY_PASSWORD, or asked for
    --allow-weak-key          # Admit keys that are too short, with a warning; RSA for verifying RS256 and RS512 alone
    --timeout: string         # How long it may take to fetch keys, from 1s to 1h [default: 10s]
    --ca-file: path           # Trust only the certificates in this PEM file, not the system's or those of SSL_CERT_FILE
    --no-cache                # Fetch keys anew, and keep nothing
    --offline                 # Make no network requests: use keys that an earlier call has fetched
    --json(-j)                # Report everything as one JSON object, failures too
    --compact                 # JSON on one line
    --quiet(-q)               # Only errors on stderr; verify prints no claims either: its exit code is the answer
    --color: string@"nu-complete jwtctl key thumbprint color" # When to colour: auto heeds NO_COLOR, CLICOLOR_FORCE and TERM=dumb
    --help(-h)                # Print help
    file?: path               # Key file of any kind, told by its content, or -; without it, what is piped in
  ]

  def "nu-complete jwtctl key set color" [] {
    [ "auto" "always" "never" ]
  }

  # Make a JWK Set of the public halves of keys; a kid is the JWK's, else the thumbprint
  export extern "jwtctl key set" [
    --key-password-file: path # File with the password of an encrypted key; else it is in JWTCTL_KEY_PASSWORD, or asked for
    --allow-weak-key          # Admit keys that are too short, with a warning; RSA for verifying RS256 and RS512 alone
    --out(-o): path           # Write into this file, readable by you alone if it is private, in place of standard output
    --force                   # Replace files that are there
    --json(-j)                # Report everything as one JSON object, failures too
    --compact                 # JSON on one line
    --quiet(-q)               # Only errors on stderr; verify prints no claims either: its exit code is the answer
    --color: string@"nu-complete jwtctl key set color" # When to colour: auto heeds NO_COLOR, CLICOLOR_FORCE and TERM=dumb
    --help(-h)                # Print help
    ...files: path            # Key files of any kind, told by their content, or -; without them, what is piped in
  ]

  def "nu-complete jwtctl completions color" [] {
    [ "auto" "always" "never" ]
  }

  def "nu-complete jwtctl completions shell" [] {
    [ "bash" "zsh" "fish" "powershell" "elvish" "nushell" ]
  }

  # Print a shell's completion script
  export extern "jwtctl completions" [
    --quiet(-q)               # Only errors on stderr; verify prints no claims either: its exit code is the answer
    --color: string@"nu-complete jwtctl completions color" # When to colour: auto heeds NO_COLOR, CLICOLOR_FORCE and TERM=dumb
    --help(-h)                # Print help
    shell: string@"nu-complete jwtctl completions shell" # Which shell
  ]

  def "nu-complete jwtctl man color" [] {
    [ "auto" "always" "never" ]
  }

  # Print the manual page, or write all of them, one a verb
  export extern "jwtctl man" [
    --quiet(-q)               # Only errors on stderr; verify prints no claims either: its exit code is the answer
    --color: string@"nu-complete jwtctl man color" # When to colour: auto heeds NO_COLOR, CLICOLOR_FORCE and TERM=dumb
    --dir: directory          # Write all pages into this folder, in the place of older ones
    --help(-h)                # Print help
  ]

  def "nu-complete jwtctl help color" [] {
    [ "auto" "always" "never" ]
  }

  def "nu-complete jwtctl help topic" [] {
    [ "encode" "decode" "verify" "refresh" "key" "completions" "man" "help" "exit-codes" "codes" "sign" "inspect" "completion" ]
  }

  # Explain a verb, the exit codes, or the codes of problems
  export extern "jwtctl help" [
    --quiet(-q)               # Only errors on stderr; verify prints no claims either: its exit code is the answer
    --color: string@"nu-complete jwtctl help color" # When to colour: auto heeds NO_COLOR, CLICOLOR_FORCE and TERM=dumb
    --help(-h)                # Print help
    topic?: string@"nu-complete jwtctl help topic" # A verb, exit-codes, or codes
    verb?: string             # A verb of key
  ]

}

export use completions *
