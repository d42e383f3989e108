# Print an optspec for argparse to handle cmd's options that are independent of any subcommand.
function __fish_jwtctl_global_optspecs
    string join \n q/quiet j/json color= github profile= config= h/help V/version
end

function __fish_jwtctl_needs_command
    # Figure out if the current invocation already has a command.
    set -l cmd (commandline -opc)
    set -e cmd[1]
    argparse -s (__fish_jwtctl_global_optspecs) -- $cmd 2>/dev/null
    or return
    if set -q argv[1]
        # Also print the command, so this can be used to figure out what it is.
        echo $argv[1]
        return 1
    end
    return 0
end

function __fish_jwtctl_using_subcommand
    set -l cmd (__fish_jwtctl_needs_command)
    test -z "$cmd"
    and return 1
    contains -- $cmd[1] $argv
end

complete -c jwtctl -n "__fish_jwtctl_needs_command" -l color -d 'When to use colour; auto respects NO_COLOR, CLICOLOR_FORCE and TERM=dumb' -r -f -a "auto\t''
always\t''
never\t''"
complete -c jwtctl -n "__fish_jwtctl_needs_command" -l profile -d 'Take flags from this profile of the configuration file; see jwtctl help profiles [env: JWTCTL_PROFILE]' -r
complete -c jwtctl -n "__fish_jwtctl_needs_command" -l config -d 'Configuration file instead of the user\'s own [env: JWTCTL_CONFIG]' -r -F
complete -c jwtctl -n "__fish_jwtctl_needs_command" -s q -l quiet -d 'Print only errors; verify prints no claims, so check its exit code'
complete -c jwtctl -n "__fish_jwtctl_needs_command" -s j -l json -d 'Report everything as one JSON object, including failures'
complete -c jwtctl -n "__fish_jwtctl_needs_command" -l github -d 'Write messages as annotations of GitHub Actions, and have its log mask new tokens; all on standard error'
complete -c jwtctl -n "__fish_jwtctl_needs_command" -s h -l help -d 'Print help'
complete -c jwtctl -n "__fish_jwtctl_needs_command" -s V -l version -d 'Print version'
complete -c jwtctl -n "__fish_jwtctl_needs_command" -f -a "encode" -d 'Create and sign a token'
complete -c jwtctl -n "__fish_jwtctl_needs_command" -f -a "sign" -d 'Create and sign a token'
complete -c jwtctl -n "__fish_jwtctl_needs_command" -f -a "decode" -d 'Show a token without verifying it'
complete -c jwtctl -n "__fish_jwtctl_needs_command" -f -a "inspect" -d 'Show a token without verifying it'
complete -c jwtctl -n "__fish_jwtctl_needs_command" -f -a "verify" -d 'Check a token\'s signature, times and claims, and print its claims'
complete -c jwtctl -n "__fish_jwtctl_needs_command" -f -a "refresh" -d 'Verify a token and sign a new one with its claims'
complete -c jwtctl -n "__fish_jwtctl_needs_command" -f -a "redact" -d 'Copy text and hide the signatures of the tokens in it'
complete -c jwtctl -n "__fish_jwtctl_needs_command" -f -a "key" -d 'Create, show and convert keys'
complete -c jwtctl -n "__fish_jwtctl_needs_command" -f -a "completions" -d 'Print a completion script for a shell'
complete -c jwtctl -n "__fish_jwtctl_needs_command" -f -a "completion" -d 'Print a completion script for a shell'
complete -c jwtctl -n "__fish_jwtctl_needs_command" -f -a "man" -d 'Print the manual page, or write the pages of all verbs'
complete -c jwtctl -n "__fish_jwtctl_needs_command" -f -a "help" -d 'Show help for a verb, the exit codes or the codes of problems'
complete -c jwtctl -n "__fish_jwtctl_using_subcommand encode" -l color -d 'When to use colour; auto respects NO_COLOR, CLICOLOR_FORCE and TERM=dumb' -r -f -a "auto\t''
always\t''
never\t''"
complete -c jwtctl -n "__fish_jwtctl_using_subcommand encode" -l profile -d 'Take flags from this profile of the configuration file; see jwtctl help profiles [env: JWTCTL_PROFILE]' -r -f
complete -c jwtctl -n "__fish_jwtctl_using_subcommand encode" -l config -d 'Configuration file instead of the user\'s own [env: JWTCTL_CONFIG]' -r -F
complete -c jwtctl -n "__fish_jwtctl_using_subcommand encode" -l user -d 'Set user_id: a number if ID is an integer, else a string' -r -f
complete -c jwtctl -n "__fish_jwtctl_using_subcommand encode" -l iss -d 'Issuer' -r -f
complete -c jwtctl -n "__fish_jwtctl_using_subcommand encode" -l sub -d 'Subject' -r -f
complete -c jwtctl -n "__fish_jwtctl_using_subcommand encode" -l aud -d 'Audience; repeat for an array' -r -f
complete -c jwtctl -n "__fish_jwtctl_using_subcommand encode" -s c -l claim -d 'Any claim: NAME=TEXT is a string, NAME:=JSON is JSON; repeat for more' -r -f
complete -c jwtctl -n "__fish_jwtctl_using_subcommand encode" -l jti -d 'Token ID [default without =ID: a random UUID]' -r -f
complete -c jwtctl -n "__fish_jwtctl_using_subcommand encode" -l disclosable -d 'Make an SD-JWT, and hide this claim unless its holder discloses it: a name, or a JSON Pointer such as /address/street or /roles/0; repeat for more' -r -f
complete -c jwtctl -n "__fish_jwtctl_using_subcommand encode" -l dpop -d 'Make a DPoP proof (RFC 9449) for this request. The public key is in its header (jwk), and the jkt of the key is what jwtctl key thumbprint prints. There is no exp unless --ttl or --exp sets it' -r -f
complete -c jwtctl -n "__fish_jwtctl_using_subcommand encode" -l dpop-token-env -d 'Bind the proof to the access token in the environment variable NAME: claim ath' -r -f
complete -c jwtctl -n "__fish_jwtctl_using_subcommand encode" -l ttl -d 'Lifetime, counted from iat: 90, 90s, 30m, 1h30m, 7d, 2w [default: 30m]' -r -f
complete -c jwtctl -n "__fish_jwtctl_using_subcommand encode" -l exp -d 'Expiration time' -r -f
complete -c jwtctl -n "__fish_jwtctl_using_subcommand encode" -l nbf -d 'Not valid before' -r -f
complete -c jwtctl -n "__fish_jwtctl_using_subcommand encode" -l iat -d 'Issued at [default: now]' -r -f
complete -c jwtctl -n "__fish_jwtctl_using_subcommand encode" -s A -l alg -d 'Algorithm [default: the JWK\'s, else HS256, RS256, EdDSA, or that of the curve or type]' -r -f -a "HS256\t''
HS384\t''
HS512\t''
RS256\t''
RS384\t''
RS512\t''
PS256\t''
PS384\t''
PS512\t''
ES256\t''
ES384\t''
ES512\t''
ES256K\t''
EdDSA\t''
Ed25519\t''
ML-DSA-44\t''
ML-DSA-65\t''
ML-DSA-87\t''"
complete -c jwtctl -n "__fish_jwtctl_using_subcommand encode" -l kid -d 'Key ID; selects the signing key of a set [default: the JWK\'s]' -r -f
complete -c jwtctl -n "__fish_jwtctl_using_subcommand encode" -l typ -d 'Type [default: JWT]' -r -f
complete -c jwtctl -n "__fish_jwtctl_using_subcommand encode" -l header -d 'Any header parameter, written like --claim' -r -f
complete -c jwtctl -n "__fish_jwtctl_using_subcommand encode" -s S -l secret -d 'HMAC secret; other users can see it in the process list [env: JWTCTL_SECRET]' -r -f
complete -c jwtctl -n "__fish_jwtctl_using_subcommand encode" -l secret-file -d 'Read the HMAC secret from a file; - is standard input; prefix FORMAT: (text, raw, base64, hex) if it is not plain text' -r -F
complete -c jwtctl -n "__fish_jwtctl_using_subcommand encode" -l secret-env -d 'Read the HMAC secret from the environment variable NAME; prefix FORMAT: (text, raw, base64, hex) if it is not plain text' -r -f
complete -c jwtctl -n "__fish_jwtctl_using_subcommand encode" -s k -l key -d 'Key file in any format, or a document with a key in it; - is standard input [env: JWTCTL_KEY]' -r -F
complete -c jwtctl -n "__fish_jwtctl_using_subcommand encode" -l key-env -d 'Read the key from the environment variable NAME; line breaks of a PEM may be written as \\n' -r -f
complete -c jwtctl -n "__fish_jwtctl_using_subcommand encode" -l jwks -d 'JWK Set, or public keys in PEM, from a file or an https URL; - is standard input [env: JWTCTL_JWKS]' -r -F
complete -c jwtctl -n "__fish_jwtctl_using_subcommand encode" -l oidc -d 'JWK Set of an issuer, found by OpenID Connect Discovery; --iss defaults to ISSUER [env: JWTCTL_OIDC]' -r -f
complete -c jwtctl -n "__fish_jwtctl_using_subcommand encode" -l agent -d 'Key in the SSH agent: its fingerprint (SHA256:..., as ssh-add -l prints it), its comment, or any: the only one that fits' -r -f
complete -c jwtctl -n "__fish_jwtctl_using_subcommand encode" -l secret-format -d 'Format of secrets without a FORMAT: prefix: text, raw, base64, hex [env: JWTCTL_SECRET_FORMAT]' -r -f -a "text\t''
raw\t''
base64\t''
hex\t''"
complete -c jwtctl -n "__fish_jwtctl_using_subcommand encode" -l key-password-file -d 'File with the password of an encrypted key [default: JWTCTL_KEY_PASSWORD, or a prompt]' -r -F
complete -c jwtctl -n "__fish_jwtctl_using_subcommand encode" -l timeout -d 'Time limit for fetching keys, from 1s to 1h [default: 10s]' -r -f
complete -c jwtctl -n "__fish_jwtctl_using_subcommand encode" -l ca-file -d 'Trust only the certificates in this PEM file instead of the system\'s and SSL_CERT_FILE' -r -F
complete -c jwtctl -n "__fish_jwtctl_using_subcommand encode" -l signer -d 'Sign with COMMAND, which holds the private key for the public key in --key. It reads the data to sign from standard input (algorithm: JWTCTL_ALG) and prints the signature. No shell; at most 30s' -r -f
complete -c jwtctl -n "__fish_jwtctl_using_subcommand encode" -l serialization -d 'How to write the token: compact (the default), or json: the flattened JSON serialization (RFC 7515 section 7.2.2)' -r -f -a "compact\t''
json\t''"
complete -c jwtctl -n "__fish_jwtctl_using_subcommand encode" -l encrypt-to -d 'Encrypt the signed token to this public key, certificate or JWK, which may be a shared secret; - is standard input' -r -F
complete -c jwtctl -n "__fish_jwtctl_using_subcommand encode" -l encrypt-secret-env -d 'Encrypt the signed token with the password in the environment variable NAME, or with the key in raw:NAME, base64:NAME or hex:NAME' -r -f
complete -c jwtctl -n "__fish_jwtctl_using_subcommand encode" -l enc -d 'Content encryption algorithm, such as A128GCM [default: the JWK\'s, that of the secret\'s size, else A256GCM]' -r -f -a "A128GCM\t''
A192GCM\t''
A256GCM\t''
A128CBC-HS256\t''
A192CBC-HS384\t''
A256CBC-HS512\t''"
complete -c jwtctl -n "__fish_jwtctl_using_subcommand encode" -l key-alg -d 'Key management algorithm, such as A256KW [default: the JWK\'s, else RSA-OAEP-256, ECDH-ES, dir or PBES2-HS256+A128KW]' -r -f -a "dir\t''
A128KW\t''
A192KW\t''
A256KW\t''
A128GCMKW\t''
A192GCMKW\t''
A256GCMKW\t''
RSA-OAEP\t''
RSA-OAEP-256\t''
ECDH-ES\t''
ECDH-ES+A128KW\t''
ECDH-ES+A192KW\t''
ECDH-ES+A256KW\t''
PBES2-HS256+A128KW\t''
PBES2-HS384+A192KW\t''
PBES2-HS512+A256KW\t''"
complete -c jwtctl -n "__fish_jwtctl_using_subcommand encode" -l p2c -d 'Iterations of PBES2, from 1000 to 1000000 [default: 600000]' -r -f
complete -c jwtctl -n "__fish_jwtctl_using_subcommand encode" -l detached -d 'Sign the bytes of this file instead of claims, and print the token without them; - is standard input' -r -F
complete -c jwtctl -n "__fish_jwtctl_using_subcommand encode" -l batch -d 'Process every line of the PATHs or, without one, of standard input: one row per line, in order, except for blank lines; the exit code is that of the worst line' -r -F
complete -c jwtctl -n "__fish_jwtctl_using_subcommand encode" -l threads -d 'Number of threads [default: the number of cores]' -r -f
complete -c jwtctl -n "__fish_jwtctl_using_subcommand encode" -l at -d 'Use this time as now: 1767225600.5, 2026-01-01T00:00:00Z, 2026-01-01 (midnight UTC), +30m, -5m' -r -f
complete -c jwtctl -n "__fish_jwtctl_using_subcommand encode" -s q -l quiet -d 'Print only errors; verify prints no claims, so check its exit code'
complete -c jwtctl -n "__fish_jwtctl_using_subcommand encode" -l github -d 'Write messages as annotations of GitHub Actions, and have its log mask new tokens; all on standard error'
complete -c jwtctl -n "__fish_jwtctl_using_subcommand encode" -l no-exp -d 'Omit exp: the token never expires'
complete -c jwtctl -n "__fish_jwtctl_using_subcommand encode" -l no-iat -d 'Omit iat'
complete -c jwtctl -n "__fish_jwtctl_using_subcommand encode" -l no-typ -d 'Omit typ'
complete -c jwtctl -n "__fish_jwtctl_using_subcommand encode" -l allow-weak-key -d 'Accept keys that are too short, with a warning; RSA keys only to verify RS256 and RS512'
complete -c jwtctl -n "__fish_jwtctl_using_subcommand encode" -l no-cache -d 'Fetch keys again, and cache nothing'
complete -c jwtctl -n "__fish_jwtctl_using_subcommand encode" -l offline -d 'Make no network requests; use cached keys only'
complete -c jwtctl -n "__fish_jwtctl_using_subcommand encode" -l no-sign -d 'Encrypt the claims without signing them; verify accepts such a token only if a shared secret encrypts it'
complete -c jwtctl -n "__fish_jwtctl_using_subcommand encode" -l unencoded -d 'Sign the bytes as they are, not in base64url (RFC 7797)'
complete -c jwtctl -n "__fish_jwtctl_using_subcommand encode" -s j -l json -d 'Report everything as one JSON object, including failures'
complete -c jwtctl -n "__fish_jwtctl_using_subcommand encode" -l compact -d 'Print JSON on one line'
complete -c jwtctl -n "__fish_jwtctl_using_subcommand encode" -s h -l help -d 'Print help'
complete -c jwtctl -n "__fish_jwtctl_using_subcommand sign" -l color -d 'When to use colour; auto respects NO_COLOR, CLICOLOR_FORCE and TERM=dumb' -r -f -a "auto\t''
always\t''
never\t''"
complete -c jwtctl -n "__fish_jwtctl_using_subcommand sign" -l profile -d 'Take flags from this profile of the configuration file; see jwtctl help profiles [env: JWTCTL_PROFILE]' -r -f
complete -c jwtctl -n "__fish_jwtctl_using_subcommand sign" -l config -d 'Configuration file instead of the user\'s own [env: JWTCTL_CONFIG]' -r -F
complete -c jwtctl -n "__fish_jwtctl_using_subcommand sign" -l user -d 'Set user_id: a number if ID is an integer, else a string' -r -f
complete -c jwtctl -n "__fish_jwtctl_using_subcommand sign" -l iss -d 'Issuer' -r -f
complete -c jwtctl -n "__fish_jwtctl_using_subcommand sign" -l sub -d 'Subject' -r -f
complete -c jwtctl -n "__fish_jwtctl_using_subcommand sign" -l aud -d 'Audience; repeat for an array' -r -f
complete -c jwtctl -n "__fish_jwtctl_using_subcommand sign" -s c -l claim -d 'Any claim: NAME=TEXT is a string, NAME:=JSON is JSON; repeat for more' -r -f
complete -c jwtctl -n "__fish_jwtctl_using_subcommand sign" -l jti -d 'Token ID [default without =ID: a random UUID]' -r -f
complete -c jwtctl -n "__fish_jwtctl_using_subcommand sign" -l disclosable -d 'Make an SD-JWT, and hide this claim unless its holder discloses it: a name, or a JSON Pointer such as /address/street or /roles/0; repeat for more' -r -f
complete -c jwtctl -n "__fish_jwtctl_using_subcommand sign" -l dpop -d 'Make a DPoP proof (RFC 9449) for this request. The public key is in its header (jwk), and the jkt of the key is what jwtctl key thumbprint prints. There is no exp unless --ttl or --exp sets it' -r -f
complete -c jwtctl -n "__fish_jwtctl_using_subcommand sign" -l dpop-token-env -d 'Bind the proof to the access token in the environment variable NAME: claim ath' -r -f
complete -c jwtctl -n "__fish_jwtctl_using_subcommand sign" -l ttl -d 'Lifetime, counted from iat: 90, 90s, 30m, 1h30m, 7d, 2w [default: 30m]' -r -f
complete -c jwtctl -n "__fish_jwtctl_using_subcommand sign" -l exp -d 'Expiration time' -r -f
complete -c jwtctl -n "__fish_jwtctl_using_subcommand sign" -l nbf -d 'Not valid before' -r -f
complete -c jwtctl -n "__fish_jwtctl_using_subcommand sign" -l iat -d 'Issued at [default: now]' -r -f
complete -c jwtctl -n "__fish_jwtctl_using_subcommand sign" -s A -l alg -d 'Algorithm [default: the JWK\'s, else HS256, RS256, EdDSA, or that of the curve or type]' -r -f -a "HS256\t''
HS384\t''
HS512\t''
RS256\t''
RS384\t''
RS512\t''
PS256\t''
PS384\t''
PS512\t''
ES256\t''
ES384\t''
ES512\t''
ES256K\t''
EdDSA\t''
Ed25519\t''
ML-DSA-44\t''
ML-DSA-65\t''
ML-DSA-87\t''"
complete -c jwtctl -n "__fish_jwtctl_using_subcommand sign" -l kid -d 'Key ID; selects the signing key of a set [default: the JWK\'s]' -r -f
complete -c jwtctl -n "__fish_jwtctl_using_subcommand sign" -l typ -d 'Type [default: JWT]' -r -f
complete -c jwtctl -n "__fish_jwtctl_using_subcommand sign" -l header -d 'Any header parameter, written like --claim' -r -f
complete -c jwtctl -n "__fish_jwtctl_using_subcommand sign" -s S -l secret -d 'HMAC secret; other users can see it in the process list [env: JWTCTL_SECRET]' -r -f
complete -c jwtctl -n "__fish_jwtctl_using_subcommand sign" -l secret-file -d 'Read the HMAC secret from a file; - is standard input; prefix FORMAT: (text, raw, base64, hex) if it is not plain text' -r -F
complete -c jwtctl -n "__fish_jwtctl_using_subcommand sign" -l secret-env -d 'Read the HMAC secret from the environment variable NAME; prefix FORMAT: (text, raw, base64, hex) if it is not plain text' -r -f
complete -c jwtctl -n "__fish_jwtctl_using_subcommand sign" -s k -l key -d 'Key file in any format, or a document with a key in it; - is standard input [env: JWTCTL_KEY]' -r -F
complete -c jwtctl -n "__fish_jwtctl_using_subcommand sign" -l key-env -d 'Read the key from the environment variable NAME; line breaks of a PEM may be written as \\n' -r -f
complete -c jwtctl -n "__fish_jwtctl_using_subcommand sign" -l jwks -d 'JWK Set, or public keys in PEM, from a file or an https URL; - is standard input [env: JWTCTL_JWKS]' -r -F
complete -c jwtctl -n "__fish_jwtctl_using_subcommand sign" -l oidc -d 'JWK Set of an issuer, found by OpenID Connect Discovery; --iss defaults to ISSUER [env: JWTCTL_OIDC]' -r -f
complete -c jwtctl -n "__fish_jwtctl_using_subcommand sign" -l agent -d 'Key in the SSH agent: its fingerprint (SHA256:..., as ssh-add -l prints it), its comment, or any: the only one that fits' -r -f
complete -c jwtctl -n "__fish_jwtctl_using_subcommand sign" -l secret-format -d 'Format of secrets without a FORMAT: prefix: text, raw, base64, hex [env: JWTCTL_SECRET_FORMAT]' -r -f -a "text\t''
raw\t''
base64\t''
hex\t''"
complete -c jwtctl -n "__fish_jwtctl_using_subcommand sign" -l key-password-file -d 'File with the password of an encrypted key [default: JWTCTL_KEY_PASSWORD, or a prompt]' -r -F
complete -c jwtctl -n "__fish_jwtctl_using_subcommand sign" -l timeout -d 'Time limit for fetching keys, from 1s to 1h [default: 10s]' -r -f
complete -c jwtctl -n "__fish_jwtctl_using_subcommand sign" -l ca-file -d 'Trust only the certificates in this PEM file instead of the system\'s and SSL_CERT_FILE' -r -F
complete -c jwtctl -n "__fish_jwtctl_using_subcommand sign" -l signer -d 'Sign with COMMAND, which holds the private key for the public key in --key. It reads the data to sign from standard input (algorithm: JWTCTL_ALG) and prints the signature. No shell; at most 30s' -r -f
complete -c jwtctl -n "__fish_jwtctl_using_subcommand sign" -l serialization -d 'How to write the token: compact (the default), or json: the flattened JSON serialization (RFC 7515 section 7.2.2)' -r -f -a "compact\t''
json\t''"
complete -c jwtctl -n "__fish_jwtctl_using_subcommand sign" -l encrypt-to -d 'Encrypt the signed token to this public key, certificate or JWK, which may be a shared secret; - is standard input' -r -F
complete -c jwtctl -n "__fish_jwtctl_using_subcommand sign" -l encrypt-secret-env -d 'Encrypt the signed token with the password in the environment variable NAME, or with the key in raw:NAME, base64:NAME or hex:NAME' -r -f
complete -c jwtctl -n "__fish_jwtctl_using_subcommand sign" -l enc -d 'Content encryption algorithm, such as A128GCM [default: the JWK\'s, that of the secret\'s size, else A256GCM]' -r -f -a "A128GCM\t''
A192GCM\t''
A256GCM\t''
A128CBC-HS256\t''
A192CBC-HS384\t''
A256CBC-HS512\t''"
complete -c jwtctl -n "__fish_jwtctl_using_subcommand sign" -l key-alg -d 'Key management algorithm, such as A256KW [default: the JWK\'s, else RSA-OAEP-256, ECDH-ES, dir or PBES2-HS256+A128KW]' -r -f -a "dir\t''
A128KW\t''
A192KW\t''
A256KW\t''
A128GCMKW\t''
A192GCMKW\t''
A256GCMKW\t''
RSA-OAEP\t''
RSA-OAEP-256\t''
ECDH-ES\t''
ECDH-ES+A128KW\t''
ECDH-ES+A192KW\t''
ECDH-ES+A256KW\t''
PBES2-HS256+A128KW\t''
PBES2-HS384+A192KW\t''
PBES2-HS512+A256KW\t''"
complete -c jwtctl -n "__fish_jwtctl_using_subcommand sign" -l p2c -d 'Iterations of PBES2, from 1000 to 1000000 [default: 600000]' -r -f
complete -c jwtctl -n "__fish_jwtctl_using_subcommand sign" -l detached -d 'Sign the bytes of this file instead of claims, and print the token without them; - is standard input' -r -F
complete -c jwtctl -n "__fish_jwtctl_using_subcommand sign" -l batch -d 'Process every line of the PATHs or, without one, of standard input: one row per line, in order, except for blank lines; the exit code is that of the worst line' -r -F
complete -c jwtctl -n "__fish_jwtctl_using_subcommand sign" -l threads -d 'Number of threads [default: the number of cores]' -r -f
complete -c jwtctl -n "__fish_jwtctl_using_subcommand sign" -l at -d 'Use this time as now: 1767225600.5, 2026-01-01T00:00:00Z, 2026-01-01 (midnight UTC), +30m, -5m' -r -f
complete -c jwtctl -n "__fish_jwtctl_using_subcommand sign" -s q -l quiet -d 'Print only errors; verify prints no claims, so check its exit code'
complete -c jwtctl -n "__fish_jwtctl_using_subcommand sign" -l github -d 'Write messages as annotations of GitHub Actions, and have its log mask new tokens; all on standard error'
complete -c jwtctl -n "__fish_jwtctl_using_subcommand sign" -l no-exp -d 'Omit exp: the token never expires'
complete -c jwtctl -n "__fish_jwtctl_using_subcommand sign" -l no-iat -d 'Omit iat'
complete -c jwtctl -n "__fish_jwtctl_using_subcommand sign" -l no-typ -d 'Omit typ'
complete -c jwtctl -n "__fish_jwtctl_using_subcommand sign" -l allow-weak-key -d 'Accept keys that are too short, with a warning; RSA keys only to verify RS256 and RS512'
complete -c jwtctl -n "__fish_jwtctl_using_subcommand sign" -l no-cache -d 'Fetch keys again, and cache nothing'
complete -c jwtctl -n "__fish_jwtctl_using_subcommand sign" -l offline -d 'Make no network requests; use cached keys only'
complete -c jwtctl -n "__fish_jwtctl_using_subcommand sign" -l no-sign -d 'Encrypt the claims without signing them; verify accepts such a token only if a shared secret encrypts it'
complete -c jwtctl -n "__fish_jwtctl_using_subcommand sign" -l unencoded -d 'Sign the bytes as they are, not in base64url (RFC 7797)'
complete -c jwtctl -n "__fish_jwtctl_using_subcommand sign" -s j -l json -d 'Report everything as one JSON object, including failures'
complete -c jwtctl -n "__fish_jwtctl_using_subcommand sign" -l compact -d 'Print JSON on one line'
complete -c jwtctl -n "__fish_jwtctl_using_subcommand sign" -s h -l help -d 'Print help'
complete -c jwtctl -n "__fish_jwtctl_using_subcommand decode" -l color -d 'When to use colour; auto respects NO_COLOR, CLICOLOR_FORCE and TERM=dumb' -r -f -a "auto\t''
always\t''
never\t''"
complete -c jwtctl -n "__fish_jwtctl_using_subcommand decode" -l profile -d 'Take flags from this profile of the configuration file; see jwtctl help profiles [env: JWTCTL_PROFILE]' -r -f
complete -c jwtctl -n "__fish_jwtctl_using_subcommand decode" -l config -d 'Configuration file instead of the user\'s own [env: JWTCTL_CONFIG]' -r -F
complete -c jwtctl -n "__fish_jwtctl_using_subcommand decode" -l token-env -d 'Read the token from the environment variable NAME, so that it does not show in the process list' -r -f
complete -c jwtctl -n "__fish_jwtctl_using_subcommand decode" -l token-file -d 'Read the token from a file; - is standard input' -r -F
complete -c jwtctl -n "__fish_jwtctl_using_subcommand decode" -l decrypt-key -d 'Private key, or JWK of a shared secret, that decrypts a JWE, also a nested one; repeat for more; - is standard input [env: JWTCTL_DECRYPT_KEY]' -r -F
complete -c jwtctl -n "__fish_jwtctl_using_subcommand decode" -l decrypt-secret-env -d 'Secret that decrypts a JWE, in the environment variable NAME; if it is not text: raw:NAME, base64:NAME, hex:NAME; for session cookies of Auth.js and NextAuth: authjs:NAME or authjs:NAME:COOKIE; repeat for more' -r -f
complete -c jwtctl -n "__fish_jwtctl_using_subcommand decode" -l key-password-file -d 'File with the password of an encrypted key [default: JWTCTL_KEY_PASSWORD, or a prompt]' -r -F
complete -c jwtctl -n "__fish_jwtctl_using_subcommand decode" -l get -d 'Print only this claim, a string without its quotes; a NAME that begins with / is a JSON Pointer; repeat to print several on one line, separated by tabs, as jq -r @tsv would' -r -f
complete -c jwtctl -n "__fish_jwtctl_using_subcommand decode" -l batch -d 'Process every line of the PATHs or, without one, of standard input: one row per line, in order, except for blank lines; the exit code is that of the worst line' -r -F
complete -c jwtctl -n "__fish_jwtctl_using_subcommand decode" -l threads -d 'Number of threads [default: the number of cores]' -r -f
complete -c jwtctl -n "__fish_jwtctl_using_subcommand decode" -l at -d 'Use this time as now: 1767225600.5, 2026-01-01T00:00:00Z, 2026-01-01 (midnight UTC), +30m, -5m' -r -f
complete -c jwtctl -n "__fish_jwtctl_using_subcommand decode" -l find -d 'Process every token in any text (a log, JSON, mail; also gzip or zstd) in the PATHs or, without one, on standard input' -r -F
complete -c jwtctl -n "__fish_jwtctl_using_subcommand decode" -l print -d 'Which items to print rows for [default: all; for verify with --tokens or --lines: valid]' -r -f -a "all\t''
valid\t''
failed\t''"
complete -c jwtctl -n "__fish_jwtctl_using_subcommand decode" -s q -l quiet -d 'Print only errors; verify prints no claims, so check its exit code'
complete -c jwtctl -n "__fish_jwtctl_using_subcommand decode" -l github -d 'Write messages as annotations of GitHub Actions, and have its log mask new tokens; all on standard error'
complete -c jwtctl -n "__fish_jwtctl_using_subcommand decode" -l header -d 'Show the header instead of the claims, even if the payload cannot be read, as in a JWE'
complete -c jwtctl -n "__fish_jwtctl_using_subcommand decode" -l raw -d 'Print the payload byte for byte, whatever it is'
complete -c jwtctl -n "__fish_jwtctl_using_subcommand decode" -s j -l json -d 'Report everything as one JSON object, including failures'
complete -c jwtctl -n "__fish_jwtctl_using_subcommand decode" -l compact -d 'Print JSON on one line'
complete -c jwtctl -n "__fish_jwtctl_using_subcommand decode" -l tokens -d 'Print the accepted tokens themselves, like grep -o'
complete -c jwtctl -n "__fish_jwtctl_using_subcommand decode" -l lines -d 'Print the lines that have an accepted token, like grep'
complete -c jwtctl -n "__fish_jwtctl_using_subcommand decode" -l count -d 'Print only how many there are of each status, as one JSON object'
complete -c jwtctl -n "__fish_jwtctl_using_subcommand decode" -l pretty -d 'Show the view for people even if the output is no terminal, as for watch, less and the logs of CI'
complete -c jwtctl -n "__fish_jwtctl_using_subcommand decode" -l explain -d 'Explain every refused line, as for a single token; this may take a long time'
complete -c jwtctl -n "__fish_jwtctl_using_subcommand decode" -s h -l help -d 'Print help'
complete -c jwtctl -n "__fish_jwtctl_using_subcommand inspect" -l color -d 'When to use colour; auto respects NO_COLOR, CLICOLOR_FORCE and TERM=dumb' -r -f -a "auto\t''
always\t''
never\t''"
complete -c jwtctl -n "__fish_jwtctl_using_subcommand inspect" -l profile -d 'Take flags from this profile of the configuration file; see jwtctl help profiles [env: JWTCTL_PROFILE]' -r -f
complete -c jwtctl -n "__fish_jwtctl_using_subcommand inspect" -l config -d 'Configuration file instead of the user\'s own [env: JWTCTL_CONFIG]' -r -F
complete -c jwtctl -n "__fish_jwtctl_using_subcommand inspect" -l token-env -d 'Read the token from the environment variable NAME, so that it does not show in the process list' -r -f
complete -c jwtctl -n "__fish_jwtctl_using_subcommand inspect" -l token-file -d 'Read the token from a file; - is standard input' -r -F
complete -c jwtctl -n "__fish_jwtctl_using_subcommand inspect" -l decrypt-key -d 'Private key, or JWK of a shared secret, that decrypts a JWE, also a nested one; repeat for more; - is standard input [env: JWTCTL_DECRYPT_KEY]' -r -F
complete -c jwtctl -n "__fish_jwtctl_using_subcommand inspect" -l decrypt-secret-env -d 'Secret that decrypts a JWE, in the environment variable NAME; if it is not text: raw:NAME, base64:NAME, hex:NAME; for session cookies of Auth.js and NextAuth: authjs:NAME or authjs:NAME:COOKIE; repeat for more' -r -f
complete -c jwtctl -n "__fish_jwtctl_using_subcommand inspect" -l key-password-file -d 'File with the password of an encrypted key [default: JWTCTL_KEY_PASSWORD, or a prompt]' -r -F
complete -c jwtctl -n "__fish_jwtctl_using_subcommand inspect" -l get -d 'Print only this claim, a string without its quotes; a NAME that begins with / is a JSON Pointer; repeat to print several on one line, separated by tabs, as jq -r @tsv would' -r -f
complete -c jwtctl -n "__fish_jwtctl_using_subcommand inspect" -l batch -d 'Process every line of the PATHs or, without one, of standard input: one row per line, in order, except for blank lines; the exit code is that of the worst line' -r -F
complete -c jwtctl -n "__fish_jwtctl_using_subcommand inspect" -l threads -d 'Number of threads [default: the number of cores]' -r -f
complete -c jwtctl -n "__fish_jwtctl_using_subcommand inspect" -l at -d 'Use this time as now: 1767225600.5, 2026-01-01T00:00:00Z, 2026-01-01 (midnight UTC), +30m, -5m' -r -f
complete -c jwtctl -n "__fish_jwtctl_using_subcommand inspect" -l find -d 'Process every token in any text (a log, JSON, mail; also gzip or zstd) in the PATHs or, without one, on standard input' -r -F
complete -c jwtctl -n "__fish_jwtctl_using_subcommand inspect" -l print -d 'Which items to print rows for [default: all; for verify with --tokens or --lines: valid]' -r -f -a "all\t''
valid\t''
failed\t''"
complete -c jwtctl -n "__fish_jwtctl_using_subcommand inspect" -s q -l quiet -d 'Print only errors; verify prints no claims, so check its exit code'
complete -c jwtctl -n "__fish_jwtctl_using_subcommand inspect" -l github -d 'Write messages as annotations of GitHub Actions, and have its log mask new tokens; all on standard error'
complete -c jwtctl -n "__fish_jwtctl_using_subcommand inspect" -l header -d 'Show the header instead of the claims, even if the payload cannot be read, as in a JWE'
complete -c jwtctl -n "__fish_jwtctl_using_subcommand inspect" -l raw -d 'Print the payload byte for byte, whatever it is'
complete -c jwtctl -n "__fish_jwtctl_using_subcommand inspect" -s j -l json -d 'Report everything as one JSON object, including failures'
complete -c jwtctl -n "__fish_jwtctl_using_subcommand inspect" -l compact -d 'Print JSON on one line'
complete -c jwtctl -n "__fish_jwtctl_using_subcommand inspect" -l tokens -d 'Print the accepted tokens themselves, like grep -o'
complete -c jwtctl -n "__fish_jwtctl_using_subcommand inspect" -l lines -d 'Print the lines that have an accepted token, like grep'
complete -c jwtctl -n "__fish_jwtctl_using_subcommand inspect" -l count -d 'Print only how many there are of each status, as one JSON object'
complete -c jwtctl -n "__fish_jwtctl_using_subcommand inspect" -l pretty -d 'Show the view for people even if the output is no terminal, as for watch, less and the logs of CI'
complete -c jwtctl -n "__fish_jwtctl_using_subcommand inspect" -l explain -d 'Explain every refused line, as for a single token; this may take a long time'
complete -c jwtctl -n "__fish_jwtctl_using_subcommand inspect" -s h -l help -d 'Print help'
complete -c jwtctl -n "__fish_jwtctl_using_subcommand verify" -l color -d 'When to use colour; auto respects NO_COLOR, CLICOLOR_FORCE and TERM=dumb' -r -f -a "auto\t''
always\t''
never\t''"
complete -c jwtctl -n "__fish_jwtctl_using_subcommand verify" -l profile -d 'Take flags from this profile of the configuration file; see jwtctl help profiles [env: JWTCTL_PROFILE]' -r -f
complete -c jwtctl -n "__fish_jwtctl_using_subcommand verify" -l config -d 'Configuration file instead of the user\'s own [env: JWTCTL_CONFIG]' -r -F
complete -c jwtctl -n "__fish_jwtctl_using_subcommand verify" -l token-env -d 'Read the token from the environment variable NAME, so that it does not show in the process list' -r -f
complete -c jwtctl -n "__fish_jwtctl_using_subcommand verify" -l token-file -d 'Read the token from a file; - is standard input' -r -F
complete -c jwtctl -n "__fish_jwtctl_using_subcommand verify" -l iss -d 'Expected issuer; repeat to accept any of several [env: JWTCTL_ISS]' -r -f
complete -c jwtctl -n "__fish_jwtctl_using_subcommand verify" -l aud -d 'Expected audience; repeat to accept any of several [env: JWTCTL_AUD]' -r -f
complete -c jwtctl -n "__fish_jwtctl_using_subcommand verify" -l sub -d 'Expected subject' -r -f
complete -c jwtctl -n "__fish_jwtctl_using_subcommand verify" -l typ -d 'Expected type in the header' -r -f
complete -c jwtctl -n "__fish_jwtctl_using_subcommand verify" -l require -d 'Claim that must exist and not be null, by name or JSON Pointer; repeat for more' -r -f
complete -c jwtctl -n "__fish_jwtctl_using_subcommand verify" -s c -l claim -d 'Claim that must equal a string (PATH=TEXT) or a JSON value (PATH:=JSON), or contain a string (PATH~=TEXT) as an item of an array or as a word, as in scope; repeat for more' -r -f
complete -c jwtctl -n "__fish_jwtctl_using_subcommand verify" -l forbid -d 'Claim that must not exist, by name or JSON Pointer; repeat for more' -r -f
complete -c jwtctl -n "__fish_jwtctl_using_subcommand verify" -l expect -d 'Expected kind of token, with all that its standard demands: at+jwt (RFC 9068), id-token and logout-token (OpenID Connect), dpop (RFC 9449), jwt-svid (SPIFFE)' -r -f -a "at+jwt\t''
id-token\t''
logout-token\t''
dpop\t''
jwt-svid\t''"
complete -c jwtctl -n "__fish_jwtctl_using_subcommand verify" -l revoked -d 'File with the jti of tokens that are not accepted, one on each line; - is standard input' -r -F
complete -c jwtctl -n "__fish_jwtctl_using_subcommand verify" -l leeway -d 'Tolerance for exp, nbf, iat and --max-age [default: 0s]' -r -f
complete -c jwtctl -n "__fish_jwtctl_using_subcommand verify" -l min-ttl -d 'Require the token to be valid for at least this long' -r -f
complete -c jwtctl -n "__fish_jwtctl_using_subcommand verify" -l max-age -d 'Require iat to be at most this long ago' -r -f
complete -c jwtctl -n "__fish_jwtctl_using_subcommand verify" -s S -l secret -d 'HMAC secret; other users can see it in the process list [env: JWTCTL_SECRET]' -r -f
complete -c jwtctl -n "__fish_jwtctl_using_subcommand verify" -l secret-file -d 'Read the HMAC secret from a file; - is standard input; prefix FORMAT: (text, raw, base64, hex) if it is not plain text' -r -F
complete -c jwtctl -n "__fish_jwtctl_using_subcommand verify" -l secret-env -d 'Read the HMAC secret from the environment variable NAME; prefix FORMAT: (text, raw, base64, hex) if it is not plain text' -r -f
complete -c jwtctl -n "__fish_jwtctl_using_subcommand verify" -s k -l key -d 'Key file in any format, or a document with a key in it; - is standard input [env: JWTCTL_KEY]' -r -F
complete -c jwtctl -n "__fish_jwtctl_using_subcommand verify" -l key-env -d 'Read the key from the environment variable NAME; line breaks of a PEM may be written as \\n' -r -f
complete -c jwtctl -n "__fish_jwtctl_using_subcommand verify" -l jwks -d 'JWK Set, or public keys in PEM, from a file or an https URL; - is standard input [env: JWTCTL_JWKS]' -r -F
complete -c jwtctl -n "__fish_jwtctl_using_subcommand verify" -l oidc -d 'JWK Set of an issuer, found by OpenID Connect Discovery; --iss defaults to ISSUER [env: JWTCTL_OIDC]' -r -f
complete -c jwtctl -n "__fish_jwtctl_using_subcommand verify" -l agent -d 'Key in the SSH agent: its fingerprint (SHA256:..., as ssh-add -l prints it), its comment, or any: the only one that fits' -r -f
complete -c jwtctl -n "__fish_jwtctl_using_subcommand verify" -l secret-format -d 'Format of secrets without a FORMAT: prefix: text, raw, base64, hex [env: JWTCTL_SECRET_FORMAT]' -r -f -a "text\t''
raw\t''
base64\t''
hex\t''"
complete -c jwtctl -n "__fish_jwtctl_using_subcommand verify" -l key-password-file -d 'File with the password of an encrypted key [default: JWTCTL_KEY_PASSWORD, or a prompt]' -r -F
complete -c jwtctl -n "__fish_jwtctl_using_subcommand verify" -l timeout -d 'Time limit for fetching keys, from 1s to 1h [default: 10s]' -r -f
complete -c jwtctl -n "__fish_jwtctl_using_subcommand verify" -l ca-file -d 'Trust only the certificates in this PEM file instead of the system\'s and SSL_CERT_FILE' -r -F
complete -c jwtctl -n "__fish_jwtctl_using_subcommand verify" -l x5c-root -d 'Verify with the certificate chain in the header, which must lead to one of the certificates in this PEM file' -r -F
complete -c jwtctl -n "__fish_jwtctl_using_subcommand verify" -l x5c-name -d 'Require the signer\'s certificate to be for this host name, URI, e-mail address, or common name (CN=TEXT)' -r -f
complete -c jwtctl -n "__fish_jwtctl_using_subcommand verify" -l x5c-oid -d 'Require the signer\'s certificate (with issuer:OID, its issuer\'s) to have this extension, policy or extended key usage; repeat for more' -r -f
complete -c jwtctl -n "__fish_jwtctl_using_subcommand verify" -l decrypt-key -d 'Private key, or JWK of a shared secret, that decrypts a JWE, also a nested one; repeat for more; - is standard input [env: JWTCTL_DECRYPT_KEY]' -r -F
complete -c jwtctl -n "__fish_jwtctl_using_subcommand verify" -l decrypt-secret-env -d 'Secret that decrypts a JWE, in the environment variable NAME; if it is not text: raw:NAME, base64:NAME, hex:NAME; for session cookies of Auth.js and NextAuth: authjs:NAME or authjs:NAME:COOKIE; repeat for more' -r -f
complete -c jwtctl -n "__fish_jwtctl_using_subcommand verify" -s A -l alg -d 'Allow only this algorithm of those that the key supports; repeat for more' -r -f -a "HS256\t''
HS384\t''
HS512\t''
RS256\t''
RS384\t''
RS512\t''
PS256\t''
PS384\t''
PS512\t''
ES256\t''
ES384\t''
ES512\t''
ES256K\t''
EdDSA\t''
Ed25519\t''
ML-DSA-44\t''
ML-DSA-65\t''
ML-DSA-87\t''"
complete -c jwtctl -n "__fish_jwtctl_using_subcommand verify" -l get -d 'Print only this claim, a string without its quotes; a NAME that begins with / is a JSON Pointer; repeat to print several on one line, separated by tabs, as jq -r @tsv would' -r -f
complete -c jwtctl -n "__fish_jwtctl_using_subcommand verify" -l detached -d 'File with the payload of a detached JWS; - is standard input; with --raw, it may be of any kind and size, and nothing is printed' -r -F
complete -c jwtctl -n "__fish_jwtctl_using_subcommand verify" -l key-binding-aud -d 'Require the holder\'s key binding JWT, made for this audience' -r -f
complete -c jwtctl -n "__fish_jwtctl_using_subcommand verify" -l key-binding-nonce -d 'The nonce that the key binding JWT must have' -r -f
complete -c jwtctl -n "__fish_jwtctl_using_subcommand verify" -l key-binding-max-age -d 'Require the key binding JWT to be at most this old [default: 5m]' -r -f
complete -c jwtctl -n "__fish_jwtctl_using_subcommand verify" -l batch -d 'Process every line of the PATHs or, without one, of standard input: one row per line, in order, except for blank lines; the exit code is that of the worst line' -r -F
complete -c jwtctl -n "__fish_jwtctl_using_subcommand verify" -l threads -d 'Number of threads [default: the number of cores]' -r -f
complete -c jwtctl -n "__fish_jwtctl_using_subcommand verify" -l at -d 'Use this time as now: 1767225600.5, 2026-01-01T00:00:00Z, 2026-01-01 (midnight UTC), +30m, -5m' -r -f
complete -c jwtctl -n "__fish_jwtctl_using_subcommand verify" -l find -d 'Process every token in any text (a log, JSON, mail; also gzip or zstd) in the PATHs or, without one, on standard input' -r -F
complete -c jwtctl -n "__fish_jwtctl_using_subcommand verify" -l print -d 'Which items to print rows for [default: all; for verify with --tokens or --lines: valid]' -r -f -a "all\t''
valid\t''
failed\t''"
complete -c jwtctl -n "__fish_jwtctl_using_subcommand verify" -s q -l quiet -d 'Print only errors; verify prints no claims, so check its exit code'
complete -c jwtctl -n "__fish_jwtctl_using_subcommand verify" -l github -d 'Write messages as annotations of GitHub Actions, and have its log mask new tokens; all on standard error'
complete -c jwtctl -n "__fish_jwtctl_using_subcommand verify" -l any-aud -d 'Accept any audience; without this or --aud, a token with an audience is rejected'
complete -c jwtctl -n "__fish_jwtctl_using_subcommand verify" -l allow-expired -d 'Accept an expired token, however long ago it expired'
complete -c jwtctl -n "__fish_jwtctl_using_subcommand verify" -l allow-weak-key -d 'Accept keys that are too short, with a warning; RSA keys only to verify RS256 and RS512'
complete -c jwtctl -n "__fish_jwtctl_using_subcommand verify" -l no-cache -d 'Fetch keys again, and cache nothing'
complete -c jwtctl -n "__fish_jwtctl_using_subcommand verify" -l offline -d 'Make no network requests; use cached keys only'
complete -c jwtctl -n "__fish_jwtctl_using_subcommand verify" -l x5c-any-leaf -d 'Accept any signer that a trusted CA has issued a certificate to'
complete -c jwtctl -n "__fish_jwtctl_using_subcommand verify" -l allow-padding -d 'Accept = padding that the signature covers, as in tokens from AWS load balancers'
complete -c jwtctl -n "__fish_jwtctl_using_subcommand verify" -l raw -d 'Check only the signature, and print the payload byte for byte, whatever it is'
complete -c jwtctl -n "__fish_jwtctl_using_subcommand verify" -l all-signatures -d 'Require every signature of a token in the JSON serialization to be accepted, not just one of them'
complete -c jwtctl -n "__fish_jwtctl_using_subcommand verify" -s j -l json -d 'Report everything as one JSON object, including failures'
complete -c jwtctl -n "__fish_jwtctl_using_subcommand verify" -l compact -d 'Print JSON on one line'
complete -c jwtctl -n "__fish_jwtctl_using_subcommand verify" -l tokens -d 'Print the accepted tokens themselves, like grep -o'
complete -c jwtctl -n "__fish_jwtctl_using_subcommand verify" -l lines -d 'Print the lines that have an accepted token, like grep'
complete -c jwtctl -n "__fish_jwtctl_using_subcommand verify" -l count -d 'Print only how many there are of each status, as one JSON object'
complete -c jwtctl -n "__fish_jwtctl_using_subcommand verify" -l pretty -d 'Show the view for people even if the output is no terminal, as for watch, less and the logs of CI'
complete -c jwtctl -n "__fish_jwtctl_using_subcommand verify" -l explain -d 'Explain every refused line, as for a single token; this may take a long time'
complete -c jwtctl -n "__fish_jwtctl_using_subcommand verify" -s h -l help -d 'Print help'
complete -c jwtctl -n "__fish_jwtctl_using_subcommand refresh" -l color -d 'When to use colour; auto respects NO_COLOR, CLICOLOR_FORCE and TERM=dumb' -r -f -a "auto\t''
always\t''
never\t''"
complete -c jwtctl -n "__fish_jwtctl_using_subcommand refresh" -l profile -d 'Take flags from this profile of the configuration file; see jwtctl help profiles [env: JWTCTL_PROFILE]' -r -f
complete -c jwtctl -n "__fish_jwtctl_using_subcommand refresh" -l config -d 'Configuration file instead of the user\'s own [env: JWTCTL_CONFIG]' -r -F
complete -c jwtctl -n "__fish_jwtctl_using_subcommand refresh" -l token-env -d 'Read the token from the environment variable NAME, so that it does not show in the process list' -r -f
complete -c jwtctl -n "__fish_jwtctl_using_subcommand refresh" -l token-file -d 'Read the token from a file; - is standard input' -r -F
complete -c jwtctl -n "__fish_jwtctl_using_subcommand refresh" -l ttl -d 'New lifetime [default: the token\'s, else 30m]' -r -f
complete -c jwtctl -n "__fish_jwtctl_using_subcommand refresh" -l grace -d 'Also renew a token that expired at most this long ago' -r -f
complete -c jwtctl -n "__fish_jwtctl_using_subcommand refresh" -l if-expiring -d 'Print the token unchanged, regardless of other flags, while it is valid for longer than this' -r -f
complete -c jwtctl -n "__fish_jwtctl_using_subcommand refresh" -l max-session -d 'End the session this long after auth_time (if missing, the first iat becomes auth_time)' -r -f
complete -c jwtctl -n "__fish_jwtctl_using_subcommand refresh" -l set -d 'Set a claim: NAME=TEXT or NAME:=JSON; repeat for more' -r -f
complete -c jwtctl -n "__fish_jwtctl_using_subcommand refresh" -l unset -d 'Remove a claim; repeat for more' -r -f
complete -c jwtctl -n "__fish_jwtctl_using_subcommand refresh" -l sign-key -d 'Sign with this key file instead of the key that verifies; - is standard input' -r -F
complete -c jwtctl -n "__fish_jwtctl_using_subcommand refresh" -l sign-secret-env -d 'Sign with the secret in this environment variable, in the format of FORMAT:NAME, else of --secret-format' -r -f
complete -c jwtctl -n "__fish_jwtctl_using_subcommand refresh" -l sign-agent -d 'Sign with this key in the SSH agent, named as for --agent' -r -f
complete -c jwtctl -n "__fish_jwtctl_using_subcommand refresh" -l signer -d 'Sign with COMMAND, which holds the private key for the public key that verifies (the first of several). It reads the data to sign from standard input (algorithm: JWTCTL_ALG) and prints the signature. No shell; at most 30s' -r -f
complete -c jwtctl -n "__fish_jwtctl_using_subcommand refresh" -l iss -d 'Expected issuer; repeat to accept any of several [env: JWTCTL_ISS]' -r -f
complete -c jwtctl -n "__fish_jwtctl_using_subcommand refresh" -l aud -d 'Expected audience; repeat to accept any of several [env: JWTCTL_AUD]' -r -f
complete -c jwtctl -n "__fish_jwtctl_using_subcommand refresh" -l sub -d 'Expected subject' -r -f
complete -c jwtctl -n "__fish_jwtctl_using_subcommand refresh" -l typ -d 'Expected type in the header' -r -f
complete -c jwtctl -n "__fish_jwtctl_using_subcommand refresh" -l require -d 'Claim that must exist and not be null, by name or JSON Pointer; repeat for more' -r -f
complete -c jwtctl -n "__fish_jwtctl_using_subcommand refresh" -s c -l claim -d 'Claim that must equal a string (PATH=TEXT) or a JSON value (PATH:=JSON), or contain a string (PATH~=TEXT) as an item of an array or as a word, as in scope; repeat for more' -r -f
complete -c jwtctl -n "__fish_jwtctl_using_subcommand refresh" -l forbid -d 'Claim that must not exist, by name or JSON Pointer; repeat for more' -r -f
complete -c jwtctl -n "__fish_jwtctl_using_subcommand refresh" -l expect -d 'Expected kind of token, with all that its standard demands: at+jwt (RFC 9068), id-token and logout-token (OpenID Connect), dpop (RFC 9449), jwt-svid (SPIFFE)' -r -f -a "at+jwt\t''
id-token\t''
logout-token\t''
dpop\t''
jwt-svid\t''"
complete -c jwtctl -n "__fish_jwtctl_using_subcommand refresh" -l revoked -d 'File with the jti of tokens that are not accepted, one on each line; - is standard input' -r -F
complete -c jwtctl -n "__fish_jwtctl_using_subcommand refresh" -l leeway -d 'Tolerance for exp, nbf, iat and --max-age [default: 0s]' -r -f
complete -c jwtctl -n "__fish_jwtctl_using_subcommand refresh" -l min-ttl -d 'Require the token to be valid for at least this long' -r -f
complete -c jwtctl -n "__fish_jwtctl_using_subcommand refresh" -l max-age -d 'Require iat to be at most this long ago' -r -f
complete -c jwtctl -n "__fish_jwtctl_using_subcommand refresh" -s S -l secret -d 'HMAC secret; other users can see it in the process list [env: JWTCTL_SECRET]' -r -f
complete -c jwtctl -n "__fish_jwtctl_using_subcommand refresh" -l secret-file -d 'Read the HMAC secret from a file; - is standard input; prefix FORMAT: (text, raw, base64, hex) if it is not plain text' -r -F
complete -c jwtctl -n "__fish_jwtctl_using_subcommand refresh" -l secret-env -d 'Read the HMAC secret from the environment variable NAME; prefix FORMAT: (text, raw, base64, hex) if it is not plain text' -r -f
complete -c jwtctl -n "__fish_jwtctl_using_subcommand refresh" -s k -l key -d 'Key file in any format, or a document with a key in it; - is standard input [env: JWTCTL_KEY]' -r -F
complete -c jwtctl -n "__fish_jwtctl_using_subcommand refresh" -l key-env -d 'Read the key from the environment variable NAME; line breaks of a PEM may be written as \\n' -r -f
complete -c jwtctl -n "__fish_jwtctl_using_subcommand refresh" -l jwks -d 'JWK Set, or public keys in PEM, from a file or an https URL; - is standard input [env: JWTCTL_JWKS]' -r -F
complete -c jwtctl -n "__fish_jwtctl_using_subcommand refresh" -l oidc -d 'JWK Set of an issuer, found by OpenID Connect Discovery; --iss defaults to ISSUER [env: JWTCTL_OIDC]' -r -f
complete -c jwtctl -n "__fish_jwtctl_using_subcommand refresh" -l agent -d 'Key in the SSH agent: its fingerprint (SHA256:..., as ssh-add -l prints it), its comment, or any: the only one that fits' -r -f
complete -c jwtctl -n "__fish_jwtctl_using_subcommand refresh" -l secret-format -d 'Format of secrets without a FORMAT: prefix: text, raw, base64, hex [env: JWTCTL_SECRET_FORMAT]' -r -f -a "text\t''
raw\t''
base64\t''
hex\t''"
complete -c jwtctl -n "__fish_jwtctl_using_subcommand refresh" -l key-password-file -d 'File with the password of an encrypted key [default: JWTCTL_KEY_PASSWORD, or a prompt]' -r -F
complete -c jwtctl -n "__fish_jwtctl_using_subcommand refresh" -l timeout -d 'Time limit for fetching keys, from 1s to 1h [default: 10s]' -r -f
complete -c jwtctl -n "__fish_jwtctl_using_subcommand refresh" -l ca-file -d 'Trust only the certificates in this PEM file instead of the system\'s and SSL_CERT_FILE' -r -F
complete -c jwtctl -n "__fish_jwtctl_using_subcommand refresh" -l x5c-root -d 'Verify with the certificate chain in the header, which must lead to one of the certificates in this PEM file' -r -F
complete -c jwtctl -n "__fish_jwtctl_using_subcommand refresh" -l x5c-name -d 'Require the signer\'s certificate to be for this host name, URI, e-mail address, or common name (CN=TEXT)' -r -f
complete -c jwtctl -n "__fish_jwtctl_using_subcommand refresh" -l x5c-oid -d 'Require the signer\'s certificate (with issuer:OID, its issuer\'s) to have this extension, policy or extended key usage; repeat for more' -r -f
complete -c jwtctl -n "__fish_jwtctl_using_subcommand refresh" -l decrypt-key -d 'Private key, or JWK of a shared secret, that decrypts a JWE, also a nested one; repeat for more; - is standard input [env: JWTCTL_DECRYPT_KEY]' -r -F
complete -c jwtctl -n "__fish_jwtctl_using_subcommand refresh" -l decrypt-secret-env -d 'Secret that decrypts a JWE, in the environment variable NAME; if it is not text: raw:NAME, base64:NAME, hex:NAME; for session cookies of Auth.js and NextAuth: authjs:NAME or authjs:NAME:COOKIE; repeat for more' -r -f
complete -c jwtctl -n "__fish_jwtctl_using_subcommand refresh" -s A -l alg -d 'Allow only this algorithm of those that the key supports; repeat for more' -r -f -a "HS256\t''
HS384\t''
HS512\t''
RS256\t''
RS384\t''
RS512\t''
PS256\t''
PS384\t''
PS512\t''
ES256\t''
ES384\t''
ES512\t''
ES256K\t''
EdDSA\t''
Ed25519\t''
ML-DSA-44\t''
ML-DSA-65\t''
ML-DSA-87\t''"
complete -c jwtctl -n "__fish_jwtctl_using_subcommand refresh" -l batch -d 'Process every line of the PATHs or, without one, of standard input: one row per line, in order, except for blank lines; the exit code is that of the worst line' -r -F
complete -c jwtctl -n "__fish_jwtctl_using_subcommand refresh" -l threads -d 'Number of threads [default: the number of cores]' -r -f
complete -c jwtctl -n "__fish_jwtctl_using_subcommand refresh" -l at -d 'Use this time as now: 1767225600.5, 2026-01-01T00:00:00Z, 2026-01-01 (midnight UTC), +30m, -5m' -r -f
complete -c jwtctl -n "__fish_jwtctl_using_subcommand refresh" -s q -l quiet -d 'Print only errors; verify prints no claims, so check its exit code'
complete -c jwtctl -n "__fish_jwtctl_using_subcommand refresh" -l github -d 'Write messages as annotations of GitHub Actions, and have its log mask new tokens; all on standard error'
complete -c jwtctl -n "__fish_jwtctl_using_subcommand refresh" -l any-aud -d 'Accept any audience; without this or --aud, a token with an audience is rejected'
complete -c jwtctl -n "__fish_jwtctl_using_subcommand refresh" -l allow-expired -d 'Accept an expired token, however long ago it expired'
complete -c jwtctl -n "__fish_jwtctl_using_subcommand refresh" -l allow-weak-key -d 'Accept keys that are too short, with a warning; RSA keys only to verify RS256 and RS512'
complete -c jwtctl -n "__fish_jwtctl_using_subcommand refresh" -l no-cache -d 'Fetch keys again, and cache nothing'
complete -c jwtctl -n "__fish_jwtctl_using_subcommand refresh" -l offline -d 'Make no network requests; use cached keys only'
complete -c jwtctl -n "__fish_jwtctl_using_subcommand refresh" -l x5c-any-leaf -d 'Accept any signer that a trusted CA has issued a certificate to'
complete -c jwtctl -n "__fish_jwtctl_using_subcommand refresh" -l allow-padding -d 'Accept = padding that the signature covers, as in tokens from AWS load balancers'
complete -c jwtctl -n "__fish_jwtctl_using_subcommand refresh" -s j -l json -d 'Report everything as one JSON object, including failures'
complete -c jwtctl -n "__fish_jwtctl_using_subcommand refresh" -l compact -d 'Print JSON on one line'
complete -c jwtctl -n "__fish_jwtctl_using_subcommand refresh" -l explain -d 'Explain every refused line, as for a single token; this may take a long time'
complete -c jwtctl -n "__fish_jwtctl_using_subcommand refresh" -s h -l help -d 'Print help'
complete -c jwtctl -n "__fish_jwtctl_using_subcommand redact" -l color -d 'When to use colour; auto respects NO_COLOR, CLICOLOR_FORCE and TERM=dumb' -r -f -a "auto\t''
always\t''
never\t''"
complete -c jwtctl -n "__fish_jwtctl_using_subcommand redact" -l profile -d 'Take flags from this profile of the configuration file; see jwtctl help profiles [env: JWTCTL_PROFILE]' -r -f
complete -c jwtctl -n "__fish_jwtctl_using_subcommand redact" -l config -d 'Configuration file instead of the user\'s own [env: JWTCTL_CONFIG]' -r -F
complete -c jwtctl -n "__fish_jwtctl_using_subcommand redact" -s q -l quiet -d 'Print only errors; verify prints no claims, so check its exit code'
complete -c jwtctl -n "__fish_jwtctl_using_subcommand redact" -l github -d 'Write messages as annotations of GitHub Actions, and have its log mask new tokens; all on standard error'
complete -c jwtctl -n "__fish_jwtctl_using_subcommand redact" -l payload -d 'Hide the payload, too'
complete -c jwtctl -n "__fish_jwtctl_using_subcommand redact" -l all -d 'Hide the whole token'
complete -c jwtctl -n "__fish_jwtctl_using_subcommand redact" -l same-length -d 'Write as many * as there were characters, so that everything else keeps its place'
complete -c jwtctl -n "__fish_jwtctl_using_subcommand redact" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c jwtctl -n "__fish_jwtctl_using_subcommand key; and not __fish_seen_subcommand_from new show public convert thumbprint set" -l color -d 'When to use colour; auto respects NO_COLOR, CLICOLOR_FORCE and TERM=dumb' -r -f -a "auto\t''
always\t''
never\t''"
complete -c jwtctl -n "__fish_jwtctl_using_subcommand key; and not __fish_seen_subcommand_from new show public convert thumbprint set" -l profile -d 'Take flags from this profile of the configuration file; see jwtctl help profiles [env: JWTCTL_PROFILE]' -r -f
complete -c jwtctl -n "__fish_jwtctl_using_subcommand key; and not __fish_seen_subcommand_from new show public convert thumbprint set" -l config -d 'Configuration file instead of the user\'s own [env: JWTCTL_CONFIG]' -r -F
complete -c jwtctl -n "__fish_jwtctl_using_subcommand key; and not __fish_seen_subcommand_from new show public convert thumbprint set" -s q -l quiet -d 'Print only errors; verify prints no claims, so check its exit code'
complete -c jwtctl -n "__fish_jwtctl_using_subcommand key; and not __fish_seen_subcommand_from new show public convert thumbprint set" -l github -d 'Write messages as annotations of GitHub Actions, and have its log mask new tokens; all on standard error'
complete -c jwtctl -n "__fish_jwtctl_using_subcommand key; and not __fish_seen_subcommand_from new show public convert thumbprint set" -s h -l help -d 'Print help'
complete -c jwtctl -n "__fish_jwtctl_using_subcommand key; and not __fish_seen_subcommand_from new show public convert thumbprint set" -f -a "new" -d 'Create a key for an algorithm'
complete -c jwtctl -n "__fish_jwtctl_using_subcommand key; and not __fish_seen_subcommand_from new show public convert thumbprint set" -f -a "show" -d 'Describe a key, without its private parts'
complete -c jwtctl -n "__fish_jwtctl_using_subcommand key; and not __fish_seen_subcommand_from new show public convert thumbprint set" -f -a "public" -d 'Write the public key of a private key'
complete -c jwtctl -n "__fish_jwtctl_using_subcommand key; and not __fish_seen_subcommand_from new show public convert thumbprint set" -f -a "convert" -d 'Write a key in another format; a private key stays private'
complete -c jwtctl -n "__fish_jwtctl_using_subcommand key; and not __fish_seen_subcommand_from new show public convert thumbprint set" -f -a "thumbprint" -d 'Print a key\'s thumbprint: SHA-256 in base64url (RFC 7638), or another fingerprint'
complete -c jwtctl -n "__fish_jwtctl_using_subcommand key; and not __fish_seen_subcommand_from new show public convert thumbprint set" -f -a "set" -d 'Create a JWK Set of public keys; each kid is the JWK\'s, else the thumbprint of the public key'
complete -c jwtctl -n "__fish_jwtctl_using_subcommand key; and __fish_seen_subcommand_from new" -s A -l alg -d 'Algorithm of the key: HS256, HS384, HS512, RS256, RS384, RS512, PS256, PS384, PS512, ES256, ES384, ES512, ES256K, EdDSA, Ed25519, ML-DSA-44, ML-DSA-65, ML-DSA-87; for encryption: A128KW, A192KW, A256KW, A128GCMKW, A192GCMKW, A256GCMKW, RSA-OAEP, RSA-OAEP-256, ECDH-ES, ECDH-ES+A128KW, ECDH-ES+A192KW, ECDH-ES+A256KW, A128GCM, A192GCM, A256GCM, A128CBC-HS256, A192CBC-HS384, A256CBC-HS512 [default: ES256]' -r -f -a "HS256\t''
HS384\t''
HS512\t''
RS256\t''
RS384\t''
RS512\t''
PS256\t''
PS384\t''
PS512\t''
ES256\t''
ES384\t''
ES512\t''
ES256K\t''
EdDSA\t''
Ed25519\t''
ML-DSA-44\t''
ML-DSA-65\t''
ML-DSA-87\t''
A128KW\t''
A192KW\t''
A256KW\t''
A128GCMKW\t''
A192GCMKW\t''
A256GCMKW\t''
RSA-OAEP\t''
RSA-OAEP-256\t''
ECDH-ES\t''
ECDH-ES+A128KW\t''
ECDH-ES+A192KW\t''
ECDH-ES+A256KW\t''
A128GCM\t''
A192GCM\t''
A256GCM\t''
A128CBC-HS256\t''
A192CBC-HS384\t''
A256CBC-HS512\t''"
complete -c jwtctl -n "__fish_jwtctl_using_subcommand key; and __fish_seen_subcommand_from new" -l curve -d 'Curve of a key for ECDH-ES: P-256, P-384, P-521, X25519 [default: P-256]' -r -f -a "P-256\t''
P-384\t''
P-521\t''
X25519\t''"
complete -c jwtctl -n "__fish_jwtctl_using_subcommand key; and __fish_seen_subcommand_from new" -l bits -d 'Size of an RSA key: 2048, 3072, 4096, 8192 [default: 3072], or of a secret [default: that of the hash]' -r -f
complete -c jwtctl -n "__fish_jwtctl_using_subcommand key; and __fish_seen_subcommand_from new" -l kid -d 'Key ID of a JWK [default: its own, else the thumbprint of the public key; key new gives secrets a random one]' -r -f
complete -c jwtctl -n "__fish_jwtctl_using_subcommand key; and __fish_seen_subcommand_from new" -l format -d 'Format: pem, jwk, der, openssh, or text for a secret [default: pem or text]' -r -f -a "pem\t''
jwk\t''
der\t''
openssh\t''
text\t''"
complete -c jwtctl -n "__fish_jwtctl_using_subcommand key; and __fish_seen_subcommand_from new" -l key-password-file -d 'File with the password for --encrypt [default: JWTCTL_KEY_PASSWORD, or a prompt]' -r -F
complete -c jwtctl -n "__fish_jwtctl_using_subcommand key; and __fish_seen_subcommand_from new" -s o -l out -d 'Write to this file instead of standard output; only you can read the file of a private key' -r -F
complete -c jwtctl -n "__fish_jwtctl_using_subcommand key; and __fish_seen_subcommand_from new" -l public-out -d 'Write the public key to this file' -r -F
complete -c jwtctl -n "__fish_jwtctl_using_subcommand key; and __fish_seen_subcommand_from new" -l color -d 'When to use colour; auto respects NO_COLOR, CLICOLOR_FORCE and TERM=dumb' -r -f -a "auto\t''
always\t''
never\t''"
complete -c jwtctl -n "__fish_jwtctl_using_subcommand key; and __fish_seen_subcommand_from new" -l profile -d 'Take flags from this profile of the configuration file; see jwtctl help profiles [env: JWTCTL_PROFILE]' -r -f
complete -c jwtctl -n "__fish_jwtctl_using_subcommand key; and __fish_seen_subcommand_from new" -l config -d 'Configuration file instead of the user\'s own [env: JWTCTL_CONFIG]' -r -F
complete -c jwtctl -n "__fish_jwtctl_using_subcommand key; and __fish_seen_subcommand_from new" -l no-kid -d 'Omit the key ID'
complete -c jwtctl -n "__fish_jwtctl_using_subcommand key; and __fish_seen_subcommand_from new" -l encrypt -d 'Encrypt the private key (pem, der) with a password, which is asked for'
complete -c jwtctl -n "__fish_jwtctl_using_subcommand key; and __fish_seen_subcommand_from new" -l force -d 'Replace existing files'
complete -c jwtctl -n "__fish_jwtctl_using_subcommand key; and __fish_seen_subcommand_from new" -s j -l json -d 'Report everything as one JSON object, including failures'
complete -c jwtctl -n "__fish_jwtctl_using_subcommand key; and __fish_seen_subcommand_from new" -l compact -d 'Print JSON on one line'
complete -c jwtctl -n "__fish_jwtctl_using_subcommand key; and __fish_seen_subcommand_from new" -s q -l quiet -d 'Print only errors; verify prints no claims, so check its exit code'
complete -c jwtctl -n "__fish_jwtctl_using_subcommand key; and __fish_seen_subcommand_from new" -l github -d 'Write messages as annotations of GitHub Actions, and have its log mask new tokens; all on standard error'
complete -c jwtctl -n "__fish_jwtctl_using_subcommand key; and __fish_seen_subcommand_from new" -s h -l help -d 'Print help'
complete -c jwtctl -n "__fish_jwtctl_using_subcommand key; and __fish_seen_subcommand_from show" -s S -l secret -d 'HMAC secret; other users can see it in the process list [env: JWTCTL_SECRET]' -r -f
complete -c jwtctl -n "__fish_jwtctl_using_subcommand key; and __fish_seen_subcommand_from show" -l secret-file -d 'Read the HMAC secret from a file; - is standard input; prefix FORMAT: (text, raw, base64, hex) if it is not plain text' -r -F
complete -c jwtctl -n "__fish_jwtctl_using_subcommand key; and __fish_seen_subcommand_from show" -l secret-env -d 'Read the HMAC secret from the environment variable NAME; prefix FORMAT: (text, raw, base64, hex) if it is not plain text' -r -f
complete -c jwtctl -n "__fish_jwtctl_using_subcommand key; and __fish_seen_subcommand_from show" -s k -l key -d 'Key file in any format, or a document with a key in it; - is standard input [env: JWTCTL_KEY]' -r -F
complete -c jwtctl -n "__fish_jwtctl_using_subcommand key; and __fish_seen_subcommand_from show" -l key-env -d 'Read the key from the environment variable NAME; line breaks of a PEM may be written as \\n' -r -f
complete -c jwtctl -n "__fish_jwtctl_using_subcommand key; and __fish_seen_subcommand_from show" -l jwks -d 'JWK Set, or public keys in PEM, from a file or an https URL; - is standard input [env: JWTCTL_JWKS]' -r -F
complete -c jwtctl -n "__fish_jwtctl_using_subcommand key; and __fish_seen_subcommand_from show" -l oidc -d 'JWK Set of an issuer, found by OpenID Connect Discovery; --iss defaults to ISSUER [env: JWTCTL_OIDC]' -r -f
complete -c jwtctl -n "__fish_jwtctl_using_subcommand key; and __fish_seen_subcommand_from show" -l agent -d 'Key in the SSH agent: its fingerprint (SHA256:..., as ssh-add -l prints it), its comment, or any: the only one that fits' -r -f
complete -c jwtctl -n "__fish_jwtctl_using_subcommand key; and __fish_seen_subcommand_from show" -l secret-format -d 'Format of secrets without a FORMAT: prefix: text, raw, base64, hex [env: JWTCTL_SECRET_FORMAT]' -r -f -a "text\t''
raw\t''
base64\t''
hex\t''"
complete -c jwtctl -n "__fish_jwtctl_using_subcommand key; and __fish_seen_subcommand_from show" -l key-password-file -d 'File with the password of an encrypted key [default: JWTCTL_KEY_PASSWORD, or a prompt]' -r -F
complete -c jwtctl -n "__fish_jwtctl_using_subcommand key; and __fish_seen_subcommand_from show" -l timeout -d 'Time limit for fetching keys, from 1s to 1h [default: 10s]' -r -f
complete -c jwtctl -n "__fish_jwtctl_using_subcommand key; and __fish_seen_subcommand_from show" -l ca-file -d 'Trust only the certificates in this PEM file instead of the system\'s and SSL_CERT_FILE' -r -F
complete -c jwtctl -n "__fish_jwtctl_using_subcommand key; and __fish_seen_subcommand_from show" -l color -d 'When to use colour; auto respects NO_COLOR, CLICOLOR_FORCE and TERM=dumb' -r -f -a "auto\t''
always\t''
never\t''"
complete -c jwtctl -n "__fish_jwtctl_using_subcommand key; and __fish_seen_subcommand_from show" -l profile -d 'Take flags from this profile of the configuration file; see jwtctl help profiles [env: JWTCTL_PROFILE]' -r -f
complete -c jwtctl -n "__fish_jwtctl_using_subcommand key; and __fish_seen_subcommand_from show" -l config -d 'Configuration file instead of the user\'s own [env: JWTCTL_CONFIG]' -r -F
complete -c jwtctl -n "__fish_jwtctl_using_subcommand key; and __fish_seen_subcommand_from show" -l allow-weak-key -d 'Accept keys that are too short, with a warning; RSA keys only to verify RS256 and RS512'
complete -c jwtctl -n "__fish_jwtctl_using_subcommand key; and __fish_seen_subcommand_from show" -l no-cache -d 'Fetch keys again, and cache nothing'
complete -c jwtctl -n "__fish_jwtctl_using_subcommand key; and __fish_seen_subcommand_from show" -l offline -d 'Make no network requests; use cached keys only'
complete -c jwtctl -n "__fish_jwtctl_using_subcommand key; and __fish_seen_subcommand_from show" -s j -l json -d 'Report everything as one JSON object, including failures'
complete -c jwtctl -n "__fish_jwtctl_using_subcommand key; and __fish_seen_subcommand_from show" -l compact -d 'Print JSON on one line'
complete -c jwtctl -n "__fish_jwtctl_using_subcommand key; and __fish_seen_subcommand_from show" -s q -l quiet -d 'Print only errors; verify prints no claims, so check its exit code'
complete -c jwtctl -n "__fish_jwtctl_using_subcommand key; and __fish_seen_subcommand_from show" -l github -d 'Write messages as annotations of GitHub Actions, and have its log mask new tokens; all on standard error'
complete -c jwtctl -n "__fish_jwtctl_using_subcommand key; and __fish_seen_subcommand_from show" -s h -l help -d 'Print help'
complete -c jwtctl -n "__fish_jwtctl_using_subcommand key; and __fish_seen_subcommand_from public" -l format -d 'Format: pem, jwk, der, openssh [default: jwk for a JWK, else pem]' -r -f -a "pem\t''
jwk\t''
der\t''
openssh\t''
text\t''"
complete -c jwtctl -n "__fish_jwtctl_using_subcommand key; and __fish_seen_subcommand_from public" -s S -l secret -d 'HMAC secret; other users can see it in the process list [env: JWTCTL_SECRET]' -r -f
complete -c jwtctl -n "__fish_jwtctl_using_subcommand key; and __fish_seen_subcommand_from public" -l secret-file -d 'Read the HMAC secret from a file; - is standard input; prefix FORMAT: (text, raw, base64, hex) if it is not plain text' -r -F
complete -c jwtctl -n "__fish_jwtctl_using_subcommand key; and __fish_seen_subcommand_from public" -l secret-env -d 'Read the HMAC secret from the environment variable NAME; prefix FORMAT: (text, raw, base64, hex) if it is not plain text' -r -f
complete -c jwtctl -n "__fish_jwtctl_using_subcommand key; and __fish_seen_subcommand_from public" -s k -l key -d 'Key file in any format, or a document with a key in it; - is standard input [env: JWTCTL_KEY]' -r -F
complete -c jwtctl -n "__fish_jwtctl_using_subcommand key; and __fish_seen_subcommand_from public" -l key-env -d 'Read the key from the environment variable NAME; line breaks of a PEM may be written as \\n' -r -f
complete -c jwtctl -n "__fish_jwtctl_using_subcommand key; and __fish_seen_subcommand_from public" -l jwks -d 'JWK Set, or public keys in PEM, from a file or an https URL; - is standard input [env: JWTCTL_JWKS]' -r -F
complete -c jwtctl -n "__fish_jwtctl_using_subcommand key; and __fish_seen_subcommand_from public" -l oidc -d 'JWK Set of an issuer, found by OpenID Connect Discovery; --iss defaults to ISSUER [env: JWTCTL_OIDC]' -r -f
complete -c jwtctl -n "__fish_jwtctl_using_subcommand key; and __fish_seen_subcommand_from public" -l agent -d 'Key in the SSH agent: its fingerprint (SHA256:..., as ssh-add -l prints it), its comment, or any: the only one that fits' -r -f
complete -c jwtctl -n "__fish_jwtctl_using_subcommand key; and __fish_seen_subcommand_from public" -l secret-format -d 'Format of secrets without a FORMAT: prefix: text, raw, base64, hex [env: JWTCTL_SECRET_FORMAT]' -r -f -a "text\t''
raw\t''
base64\t''
hex\t''"
complete -c jwtctl -n "__fish_jwtctl_using_subcommand key; and __fish_seen_subcommand_from public" -l key-password-file -d 'File with the password of an encrypted key [default: JWTCTL_KEY_PASSWORD, or a prompt]' -r -F
complete -c jwtctl -n "__fish_jwtctl_using_subcommand key; and __fish_seen_subcommand_from public" -l timeout -d 'Time limit for fetching keys, from 1s to 1h [default: 10s]' -r -f
complete -c jwtctl -n "__fish_jwtctl_using_subcommand key; and __fish_seen_subcommand_from public" -l ca-file -d 'Trust only the certificates in this PEM file instead of the system\'s and SSL_CERT_FILE' -r -F
complete -c jwtctl -n "__fish_jwtctl_using_subcommand key; and __fish_seen_subcommand_from public" -s o -l out -d 'Write to this file instead of standard output; only you can read the file of a private key' -r -F
complete -c jwtctl -n "__fish_jwtctl_using_subcommand key; and __fish_seen_subcommand_from public" -l color -d 'When to use colour; auto respects NO_COLOR, CLICOLOR_FORCE and TERM=dumb' -r -f -a "auto\t''
always\t''
never\t''"
complete -c jwtctl -n "__fish_jwtctl_using_subcommand key; and __fish_seen_subcommand_from public" -l profile -d 'Take flags from this profile of the configuration file; see jwtctl help profiles [env: JWTCTL_PROFILE]' -r -f
complete -c jwtctl -n "__fish_jwtctl_using_subcommand key; and __fish_seen_subcommand_from public" -l config -d 'Configuration file instead of the user\'s own [env: JWTCTL_CONFIG]' -r -F
complete -c jwtctl -n "__fish_jwtctl_using_subcommand key; and __fish_seen_subcommand_from public" -l allow-weak-key -d 'Accept keys that are too short, with a warning; RSA keys only to verify RS256 and RS512'
complete -c jwtctl -n "__fish_jwtctl_using_subcommand key; and __fish_seen_subcommand_from public" -l no-cache -d 'Fetch keys again, and cache nothing'
complete -c jwtctl -n "__fish_jwtctl_using_subcommand key; and __fish_seen_subcommand_from public" -l offline -d 'Make no network requests; use cached keys only'
complete -c jwtctl -n "__fish_jwtctl_using_subcommand key; and __fish_seen_subcommand_from public" -l force -d 'Replace existing files'
complete -c jwtctl -n "__fish_jwtctl_using_subcommand key; and __fish_seen_subcommand_from public" -s j -l json -d 'Report everything as one JSON object, including failures'
complete -c jwtctl -n "__fish_jwtctl_using_subcommand key; and __fish_seen_subcommand_from public" -l compact -d 'Print JSON on one line'
complete -c jwtctl -n "__fish_jwtctl_using_subcommand key; and __fish_seen_subcommand_from public" -s q -l quiet -d 'Print only errors; verify prints no claims, so check its exit code'
complete -c jwtctl -n "__fish_jwtctl_using_subcommand key; and __fish_seen_subcommand_from public" -l github -d 'Write messages as annotations of GitHub Actions, and have its log mask new tokens; all on standard error'
complete -c jwtctl -n "__fish_jwtctl_using_subcommand key; and __fish_seen_subcommand_from public" -s h -l help -d 'Print help'
complete -c jwtctl -n "__fish_jwtctl_using_subcommand key; and __fish_seen_subcommand_from convert" -l format -d 'Format: pem, jwk, der, openssh, text' -r -f -a "pem\t''
jwk\t''
der\t''
openssh\t''
text\t''"
complete -c jwtctl -n "__fish_jwtctl_using_subcommand key; and __fish_seen_subcommand_from convert" -l kid -d 'Key ID of a JWK [default: its own, else the thumbprint of the public key; key new gives secrets a random one]' -r -f
complete -c jwtctl -n "__fish_jwtctl_using_subcommand key; and __fish_seen_subcommand_from convert" -s S -l secret -d 'HMAC secret; other users can see it in the process list [env: JWTCTL_SECRET]' -r -f
complete -c jwtctl -n "__fish_jwtctl_using_subcommand key; and __fish_seen_subcommand_from convert" -l secret-file -d 'Read the HMAC secret from a file; - is standard input; prefix FORMAT: (text, raw, base64, hex) if it is not plain text' -r -F
complete -c jwtctl -n "__fish_jwtctl_using_subcommand key; and __fish_seen_subcommand_from convert" -l secret-env -d 'Read the HMAC secret from the environment variable NAME; prefix FORMAT: (text, raw, base64, hex) if it is not plain text' -r -f
complete -c jwtctl -n "__fish_jwtctl_using_subcommand key; and __fish_seen_subcommand_from convert" -s k -l key -d 'Key file in any format, or a document with a key in it; - is standard input [env: JWTCTL_KEY]' -r -F
complete -c jwtctl -n "__fish_jwtctl_using_subcommand key; and __fish_seen_subcommand_from convert" -l key-env -d 'Read the key from the environment variable NAME; line breaks of a PEM may be written as \\n' -r -f
complete -c jwtctl -n "__fish_jwtctl_using_subcommand key; and __fish_seen_subcommand_from convert" -l jwks -d 'JWK Set, or public keys in PEM, from a file or an https URL; - is standard input [env: JWTCTL_JWKS]' -r -F
complete -c jwtctl -n "__fish_jwtctl_using_subcommand key; and __fish_seen_subcommand_from convert" -l oidc -d 'JWK Set of an issuer, found by OpenID Connect Discovery; --iss defaults to ISSUER [env: JWTCTL_OIDC]' -r -f
complete -c jwtctl -n "__fish_jwtctl_using_subcommand key; and __fish_seen_subcommand_from convert" -l agent -d 'Key in the SSH agent: its fingerprint (SHA256:..., as ssh-add -l prints it), its comment, or any: the only one that fits' -r -f
complete -c jwtctl -n "__fish_jwtctl_using_subcommand key; and __fish_seen_subcommand_from convert" -l secret-format -d 'Format of secrets without a FORMAT: prefix: text, raw, base64, hex [env: JWTCTL_SECRET_FORMAT]' -r -f -a "text\t''
raw\t''
base64\t''
hex\t''"
complete -c jwtctl -n "__fish_jwtctl_using_subcommand key; and __fish_seen_subcommand_from convert" -l key-password-file -d 'File with the password of an encrypted key [default: JWTCTL_KEY_PASSWORD, or a prompt]' -r -F
complete -c jwtctl -n "__fish_jwtctl_using_subcommand key; and __fish_seen_subcommand_from convert" -l timeout -d 'Time limit for fetching keys, from 1s to 1h [default: 10s]' -r -f
complete -c jwtctl -n "__fish_jwtctl_using_subcommand key; and __fish_seen_subcommand_from convert" -l ca-file -d 'Trust only the certificates in this PEM file instead of the system\'s and SSL_CERT_FILE' -r -F
complete -c jwtctl -n "__fish_jwtctl_using_subcommand key; and __fish_seen_subcommand_from convert" -s o -l out -d 'Write to this file instead of standard output; only you can read the file of a private key' -r -F
complete -c jwtctl -n "__fish_jwtctl_using_subcommand key; and __fish_seen_subcommand_from convert" -l color -d 'When to use colour; auto respects NO_COLOR, CLICOLOR_FORCE and TERM=dumb' -r -f -a "auto\t''
always\t''
never\t''"
complete -c jwtctl -n "__fish_jwtctl_using_subcommand key; and __fish_seen_subcommand_from convert" -l profile -d 'Take flags from this profile of the configuration file; see jwtctl help profiles [env: JWTCTL_PROFILE]' -r -f
complete -c jwtctl -n "__fish_jwtctl_using_subcommand key; and __fish_seen_subcommand_from convert" -l config -d 'Configuration file instead of the user\'s own [env: JWTCTL_CONFIG]' -r -F
complete -c jwtctl -n "__fish_jwtctl_using_subcommand key; and __fish_seen_subcommand_from convert" -l no-kid -d 'Omit the key ID'
complete -c jwtctl -n "__fish_jwtctl_using_subcommand key; and __fish_seen_subcommand_from convert" -l allow-weak-key -d 'Accept keys that are too short, with a warning; RSA keys only to verify RS256 and RS512'
complete -c jwtctl -n "__fish_jwtctl_using_subcommand key; and __fish_seen_subcommand_from convert" -l no-cache -d 'Fetch keys again, and cache nothing'
complete -c jwtctl -n "__fish_jwtctl_using_subcommand key; and __fish_seen_subcommand_from convert" -l offline -d 'Make no network requests; use cached keys only'
complete -c jwtctl -n "__fish_jwtctl_using_subcommand key; and __fish_seen_subcommand_from convert" -l force -d 'Replace existing files'
complete -c jwtctl -n "__fish_jwtctl_using_subcommand key; and __fish_seen_subcommand_from convert" -s j -l json -d 'Report everything as one JSON object, including failures'
complete -c jwtctl -n "__fish_jwtctl_using_subcommand key; and __fish_seen_subcommand_from convert" -l compact -d 'Print JSON on one line'
complete -c jwtctl -n "__fish_jwtctl_using_subcommand key; and __fish_seen_subcommand_from convert" -s q -l quiet -d 'Print only errors; verify prints no claims, so check its exit code'
complete -c jwtctl -n "__fish_jwtctl_using_subcommand key; and __fish_seen_subcommand_from convert" -l github -d 'Write messages as annotations of GitHub Actions, and have its log mask new tokens; all on standard error'
complete -c jwtctl -n "__fish_jwtctl_using_subcommand key; and __fish_seen_subcommand_from convert" -s h -l help -d 'Print help'
complete -c jwtctl -n "__fish_jwtctl_using_subcommand key; and __fish_seen_subcommand_from thumbprint" -s S -l secret -d 'HMAC secret; other users can see it in the process list [env: JWTCTL_SECRET]' -r -f
complete -c jwtctl -n "__fish_jwtctl_using_subcommand key; and __fish_seen_subcommand_from thumbprint" -l secret-file -d 'Read the HMAC secret from a file; - is standard input; prefix FORMAT: (text, raw, base64, hex) if it is not plain text' -r -F
complete -c jwtctl -n "__fish_jwtctl_using_subcommand key; and __fish_seen_subcommand_from thumbprint" -l secret-env -d 'Read the HMAC secret from the environment variable NAME; prefix FORMAT: (text, raw, base64, hex) if it is not plain text' -r -f
complete -c jwtctl -n "__fish_jwtctl_using_subcommand key; and __fish_seen_subcommand_from thumbprint" -s k -l key -d 'Key file in any format, or a document with a key in it; - is standard input [env: JWTCTL_KEY]' -r -F
complete -c jwtctl -n "__fish_jwtctl_using_subcommand key; and __fish_seen_subcommand_from thumbprint" -l key-env -d 'Read the key from the environment variable NAME; line breaks of a PEM may be written as \\n' -r -f
complete -c jwtctl -n "__fish_jwtctl_using_subcommand key; and __fish_seen_subcommand_from thumbprint" -l jwks -d 'JWK Set, or public keys in PEM, from a file or an https URL; - is standard input [env: JWTCTL_JWKS]' -r -F
complete -c jwtctl -n "__fish_jwtctl_using_subcommand key; and __fish_seen_subcommand_from thumbprint" -l oidc -d 'JWK Set of an issuer, found by OpenID Connect Discovery; --iss defaults to ISSUER [env: JWTCTL_OIDC]' -r -f
complete -c jwtctl -n "__fish_jwtctl_using_subcommand key; and __fish_seen_subcommand_from thumbprint" -l agent -d 'Key in the SSH agent: its fingerprint (SHA256:..., as ssh-add -l prints it), its comment, or any: the only one that fits' -r -f
complete -c jwtctl -n "__fish_jwtctl_using_subcommand key; and __fish_seen_subcommand_from thumbprint" -l secret-format -d 'Format of secrets without a FORMAT: prefix: text, raw, base64, hex [env: JWTCTL_SECRET_FORMAT]' -r -f -a "text\t''
raw\t''
base64\t''
hex\t''"
complete -c jwtctl -n "__fish_jwtctl_using_subcommand key; and __fish_seen_subcommand_from thumbprint" -l key-password-file -d 'File with the password of an encrypted key [default: JWTCTL_KEY_PASSWORD, or a prompt]' -r -F
complete -c jwtctl -n "__fish_jwtctl_using_subcommand key; and __fish_seen_subcommand_from thumbprint" -l timeout -d 'Time limit for fetching keys, from 1s to 1h [default: 10s]' -r -f
complete -c jwtctl -n "__fish_jwtctl_using_subcommand key; and __fish_seen_subcommand_from thumbprint" -l ca-file -d 'Trust only the certificates in this PEM file instead of the system\'s and SSL_CERT_FILE' -r -F
complete -c jwtctl -n "__fish_jwtctl_using_subcommand key; and __fish_seen_subcommand_from thumbprint" -l color -d 'When to use colour; auto respects NO_COLOR, CLICOLOR_FORCE and TERM=dumb' -r -f -a "auto\t''
always\t''
never\t''"
complete -c jwtctl -n "__fish_jwtctl_using_subcommand key; and __fish_seen_subcommand_from thumbprint" -l profile -d 'Take flags from this profile of the configuration file; see jwtctl help profiles [env: JWTCTL_PROFILE]' -r -f
complete -c jwtctl -n "__fish_jwtctl_using_subcommand key; and __fish_seen_subcommand_from thumbprint" -l config -d 'Configuration file instead of the user\'s own [env: JWTCTL_CONFIG]' -r -F
complete -c jwtctl -n "__fish_jwtctl_using_subcommand key; and __fish_seen_subcommand_from thumbprint" -l spki -d 'SHA-256 of the public key in SPKI, as SHA256:BASE64 (Snowflake, GitHub Apps)'
complete -c jwtctl -n "__fish_jwtctl_using_subcommand key; and __fish_seen_subcommand_from thumbprint" -l x5t -d 'Digests of the certificate, for the header parameters x5t (SHA-1) and x5t#S256'
complete -c jwtctl -n "__fish_jwtctl_using_subcommand key; and __fish_seen_subcommand_from thumbprint" -l ssh -d 'Fingerprint of the key in OpenSSH, as ssh-keygen -l prints it'
complete -c jwtctl -n "__fish_jwtctl_using_subcommand key; and __fish_seen_subcommand_from thumbprint" -l libtrust -d 'Key ID of libtrust, which is the kid in tokens for a Docker registry'
complete -c jwtctl -n "__fish_jwtctl_using_subcommand key; and __fish_seen_subcommand_from thumbprint" -l allow-weak-key -d 'Accept keys that are too short, with a warning; RSA keys only to verify RS256 and RS512'
complete -c jwtctl -n "__fish_jwtctl_using_subcommand key; and __fish_seen_subcommand_from thumbprint" -l no-cache -d 'Fetch keys again, and cache nothing'
complete -c jwtctl -n "__fish_jwtctl_using_subcommand key; and __fish_seen_subcommand_from thumbprint" -l offline -d 'Make no network requests; use cached keys only'
complete -c jwtctl -n "__fish_jwtctl_using_subcommand key; and __fish_seen_subcommand_from thumbprint" -s j -l json -d 'Report everything as one JSON object, including failures'
complete -c jwtctl -n "__fish_jwtctl_using_subcommand key; and __fish_seen_subcommand_from thumbprint" -l compact -d 'Print JSON on one line'
complete -c jwtctl -n "__fish_jwtctl_using_subcommand key; and __fish_seen_subcommand_from thumbprint" -s q -l quiet -d 'Print only errors; verify prints no claims, so check its exit code'
complete -c jwtctl -n "__fish_jwtctl_using_subcommand key; and __fish_seen_subcommand_from thumbprint" -l github -d 'Write messages as annotations of GitHub Actions, and have its log mask new tokens; all on standard error'
complete -c jwtctl -n "__fish_jwtctl_using_subcommand key; and __fish_seen_subcommand_from thumbprint" -s h -l help -d 'Print help'
complete -c jwtctl -n "__fish_jwtctl_using_subcommand key; and __fish_seen_subcommand_from set" -l key-password-file -d 'File with the password of an encrypted key [default: JWTCTL_KEY_PASSWORD, or a prompt]' -r -F
complete -c jwtctl -n "__fish_jwtctl_using_subcommand key; and __fish_seen_subcommand_from set" -s o -l out -d 'Write to this file instead of standard output; only you can read the file of a private key' -r -F
complete -c jwtctl -n "__fish_jwtctl_using_subcommand key; and __fish_seen_subcommand_from set" -l color -d 'When to use colour; auto respects NO_COLOR, CLICOLOR_FORCE and TERM=dumb' -r -f -a "auto\t''
always\t''
never\t''"
complete -c jwtctl -n "__fish_jwtctl_using_subcommand key; and __fish_seen_subcommand_from set" -l profile -d 'Take flags from this profile of the configuration file; see jwtctl help profiles [env: JWTCTL_PROFILE]' -r -f
complete -c jwtctl -n "__fish_jwtctl_using_subcommand key; and __fish_seen_subcommand_from set" -l config -d 'Configuration file instead of the user\'s own [env: JWTCTL_CONFIG]' -r -F
complete -c jwtctl -n "__fish_jwtctl_using_subcommand key; and __fish_seen_subcommand_from set" -l secret -d 'Also admit HMAC secrets, which makes the set a secret itself'
complete -c jwtctl -n "__fish_jwtctl_using_subcommand key; and __fish_seen_subcommand_from set" -l allow-weak-key -d 'Accept keys that are too short, with a warning; RSA keys only to verify RS256 and RS512'
complete -c jwtctl -n "__fish_jwtctl_using_subcommand key; and __fish_seen_subcommand_from set" -l force -d 'Replace existing files'
complete -c jwtctl -n "__fish_jwtctl_using_subcommand key; and __fish_seen_subcommand_from set" -s j -l json -d 'Report everything as one JSON object, including failures'
complete -c jwtctl -n "__fish_jwtctl_using_subcommand key; and __fish_seen_subcommand_from set" -l compact -d 'Print JSON on one line'
complete -c jwtctl -n "__fish_jwtctl_using_subcommand key; and __fish_seen_subcommand_from set" -s q -l quiet -d 'Print only errors; verify prints no claims, so check its exit code'
complete -c jwtctl -n "__fish_jwtctl_using_subcommand key; and __fish_seen_subcommand_from set" -l github -d 'Write messages as annotations of GitHub Actions, and have its log mask new tokens; all on standard error'
complete -c jwtctl -n "__fish_jwtctl_using_subcommand key; and __fish_seen_subcommand_from set" -s h -l help -d 'Print help'
complete -c jwtctl -n "__fish_jwtctl_using_subcommand completions" -l color -d 'When to use colour; auto respects NO_COLOR, CLICOLOR_FORCE and TERM=dumb' -r -f -a "auto\t''
always\t''
never\t''"
complete -c jwtctl -n "__fish_jwtctl_using_subcommand completions" -l profile -d 'Take flags from this profile of the configuration file; see jwtctl help profiles [env: JWTCTL_PROFILE]' -r -f
complete -c jwtctl -n "__fish_jwtctl_using_subcommand completions" -l config -d 'Configuration file instead of the user\'s own [env: JWTCTL_CONFIG]' -r -F
complete -c jwtctl -n "__fish_jwtctl_using_subcommand completions" -s q -l quiet -d 'Print only errors; verify prints no claims, so check its exit code'
complete -c jwtctl -n "__fish_jwtctl_using_subcommand completions" -l github -d 'Write messages as annotations of GitHub Actions, and have its log mask new tokens; all on standard error'
complete -c jwtctl -n "__fish_jwtctl_using_subcommand completions" -s h -l help -d 'Print help'
complete -c jwtctl -n "__fish_jwtctl_using_subcommand completion" -l color -d 'When to use colour; auto respects NO_COLOR, CLICOLOR_FORCE and TERM=dumb' -r -f -a "auto\t''
always\t''
never\t''"
complete -c jwtctl -n "__fish_jwtctl_using_subcommand completion" -l profile -d 'Take flags from this profile of the configuration file; see jwtctl help profiles [env: JWTCTL_PROFILE]' -r -f
complete -c jwtctl -n "__fish_jwtctl_using_subcommand completion" -l config -d 'Configuration file instead of the user\'s own [env: JWTCTL_CONFIG]' -r -F
complete -c jwtctl -n "__fish_jwtctl_using_subcommand completion" -s q -l quiet -d 'Print only errors; verify prints no claims, so check its exit code'
complete -c jwtctl -n "__fish_jwtctl_using_subcommand completion" -l github -d 'Write messages as annotations of GitHub Actions, and have its log mask new tokens; all on standard error'
complete -c jwtctl -n "__fish_jwtctl_using_subcommand completion" -s h -l help -d 'Print help'
complete -c jwtctl -n "__fish_jwtctl_using_subcommand man" -l color -d 'When to use colour; auto respects NO_COLOR, CLICOLOR_FORCE and TERM=dumb' -r -f -a "auto\t''
always\t''
never\t''"
complete -c jwtctl -n "__fish_jwtctl_using_subcommand man" -l profile -d 'Take flags from this profile of the configuration file; see jwtctl help profiles [env: JWTCTL_PROFILE]' -r -f
complete -c jwtctl -n "__fish_jwtctl_using_subcommand man" -l config -d 'Configuration file instead of the user\'s own [env: JWTCTL_CONFIG]' -r -F
complete -c jwtctl -n "__fish_jwtctl_using_subcommand man" -l dir -d 'Write all pages to this folder, replacing older ones' -r -f -a "(__fish_complete_directories)"
complete -c jwtctl -n "__fish_jwtctl_using_subcommand man" -s q -l quiet -d 'Print only errors; verify prints no claims, so check its exit code'
complete -c jwtctl -n "__fish_jwtctl_using_subcommand man" -l github -d 'Write messages as annotations of GitHub Actions, and have its log mask new tokens; all on standard error'
complete -c jwtctl -n "__fish_jwtctl_using_subcommand man" -s h -l help -d 'Print help'
complete -c jwtctl -n "__fish_jwtctl_using_subcommand help" -l color -d 'When to use colour; auto respects NO_COLOR, CLICOLOR_FORCE and TERM=dumb' -r -f -a "auto\t''
always\t''
never\t''"
complete -c jwtctl -n "__fish_jwtctl_using_subcommand help" -l profile -d 'Take flags from this profile of the configuration file; see jwtctl help profiles [env: JWTCTL_PROFILE]' -r -f
complete -c jwtctl -n "__fish_jwtctl_using_subcommand help" -l config -d 'Configuration file instead of the user\'s own [env: JWTCTL_CONFIG]' -r -F
complete -c jwtctl -n "__fish_jwtctl_using_subcommand help" -s q -l quiet -d 'Print only errors; verify prints no claims, so check its exit code'
complete -c jwtctl -n "__fish_jwtctl_using_subcommand help" -l github -d 'Write messages as annotations of GitHub Actions, and have its log mask new tokens; all on standard error'
complete -c jwtctl -n "__fish_jwtctl_using_subcommand help" -s h -l help -d 'Print help'
complete -c jwtctl -n "__fish_jwtctl_using_subcommand completions completion" -f -a "bash zsh fish powershell elvish nushell"
complete -c jwtctl -n "__fish_jwtctl_using_subcommand help" -f -a "encode decode verify refresh redact key completions man help exit-codes codes profiles"
