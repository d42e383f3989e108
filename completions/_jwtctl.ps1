
using namespace System.Management.Automation
using namespace System.Management.Automation.Language

Register-ArgumentCompleter -Native -CommandName 'jwtctl' -ScriptBlock {
    param($wordToComplete, $commandAst, $cursorPosition)

    $commandElements = $commandAst.CommandElements
    $command = @(
        'jwtctl'
        for ($i = 1; $i -lt $commandElements.Count; $i++) {
            $element = $commandElements[$i]
            if ($element -isnot [StringConstantExpressionAst] -or
                $element.StringConstantType -ne [StringConstantType]::BareWord -or
                $element.Value.StartsWith('-') -or
                $element.Value -eq $wordToComplete) {
                break
        }
        $element.Value
    }) -join ';'

    $completions = @(switch ($command) {
        'jwtctl' {
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to colour: auto heeds NO_COLOR, CLICOLOR_FORCE and TERM=dumb')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Only errors on stderr; verify prints no claims either: its exit code is the answer')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Only errors on stderr; verify prints no claims either: its exit code is the answer')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('-V', '-V ', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('--version', '--version', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('encode', 'encode', [CompletionResultType]::ParameterValue, 'Make and sign a token')
            [CompletionResult]::new('sign', 'sign', [CompletionResultType]::ParameterValue, 'Make and sign a token')
            [CompletionResult]::new('decode', 'decode', [CompletionResultType]::ParameterValue, 'Show a token; verify nothing')
            [CompletionResult]::new('inspect', 'inspect', [CompletionResultType]::ParameterValue, 'Show a token; verify nothing')
            [CompletionResult]::new('verify', 'verify', [CompletionResultType]::ParameterValue, 'Check a token''s signature, times and claims; print its claims if all holds')
            [CompletionResult]::new('refresh', 'refresh', [CompletionResultType]::ParameterValue, 'Verify a token and sign its successor')
            [CompletionResult]::new('completions', 'completions', [CompletionResultType]::ParameterValue, 'Print a shell''s completion script')
            [CompletionResult]::new('completion', 'completion', [CompletionResultType]::ParameterValue, 'Print a shell''s completion script')
            [CompletionResult]::new('man', 'man', [CompletionResultType]::ParameterValue, 'Print the manual page, or write all of them, one a verb')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Explain a verb, or the exit codes')
            break
        }
        'jwtctl;encode' {
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to colour: auto heeds NO_COLOR, CLICOLOR_FORCE and TERM=dumb')
            [CompletionResult]::new('--user', '--user', [CompletionResultType]::ParameterName, 'user_id: a number if ID is an integer, else a string')
            [CompletionResult]::new('--iss', '--iss', [CompletionResultType]::ParameterName, 'Issuer')
            [CompletionResult]::new('--sub', '--sub', [CompletionResultType]::ParameterName, 'Subject')
            [CompletionResult]::new('--aud', '--aud', [CompletionResultType]::ParameterName, 'Audience; repeat it for an array')
            [CompletionResult]::new('-c', '-c', [CompletionResultType]::ParameterName, 'Any claim: NAME=TEXT is a string, NAME:=JSON is JSON; repeat it for more')
            [CompletionResult]::new('--claim', '--claim', [CompletionResultType]::ParameterName, 'Any claim: NAME=TEXT is a string, NAME:=JSON is JSON; repeat it for more')
            [CompletionResult]::new('--ttl', '--ttl', [CompletionResultType]::ParameterName, 'Lifetime, from iat on: 90, 90s, 30m, 1h30m, 7d, 2w [default: 30m]')
            [CompletionResult]::new('--exp', '--exp', [CompletionResultType]::ParameterName, 'Expiry as a point in time')
            [CompletionResult]::new('--nbf', '--nbf', [CompletionResultType]::ParameterName, 'Not valid before')
            [CompletionResult]::new('--iat', '--iat', [CompletionResultType]::ParameterName, 'Issued at [default: now]')
            [CompletionResult]::new('--jti', '--jti', [CompletionResultType]::ParameterName, 'Token ID; a random UUID without =ID')
            [CompletionResult]::new('-A', '-A ', [CompletionResultType]::ParameterName, 'Algorithm to sign with [default: HS256, RS256, the curve''s, EdDSA]')
            [CompletionResult]::new('--alg', '--alg', [CompletionResultType]::ParameterName, 'Algorithm to sign with [default: HS256, RS256, the curve''s, EdDSA]')
            [CompletionResult]::new('--kid', '--kid', [CompletionResultType]::ParameterName, 'Key ID')
            [CompletionResult]::new('--typ', '--typ', [CompletionResultType]::ParameterName, 'Type [default: JWT]')
            [CompletionResult]::new('--header', '--header', [CompletionResultType]::ParameterName, 'Any header member, written like --claim')
            [CompletionResult]::new('-S', '-S ', [CompletionResultType]::ParameterName, 'HMAC secret; others can read it from the process list [env: JWTCTL_SECRET]')
            [CompletionResult]::new('--secret', '--secret', [CompletionResultType]::ParameterName, 'HMAC secret; others can read it from the process list [env: JWTCTL_SECRET]')
            [CompletionResult]::new('--secret-file', '--secret-file', [CompletionResultType]::ParameterName, 'HMAC secret from a file; - is standard input')
            [CompletionResult]::new('--secret-env', '--secret-env', [CompletionResultType]::ParameterName, 'HMAC secret from the environment variable NAME')
            [CompletionResult]::new('-k', '-k', [CompletionResultType]::ParameterName, 'Key file in PEM; - is standard input [env: JWTCTL_KEY]')
            [CompletionResult]::new('--key', '--key', [CompletionResultType]::ParameterName, 'Key file in PEM; - is standard input [env: JWTCTL_KEY]')
            [CompletionResult]::new('--key-env', '--key-env', [CompletionResultType]::ParameterName, 'Key in PEM from the environment variable NAME, its line breaks as they are or as \n')
            [CompletionResult]::new('--secret-format', '--secret-format', [CompletionResultType]::ParameterName, 'How the secret is written: text, raw, base64, hex [env: JWTCTL_SECRET_FORMAT]')
            [CompletionResult]::new('--at', '--at', [CompletionResultType]::ParameterName, 'The time to take as now: 1767225600, 2026-01-01T00:00:00Z, 2026-01-01 (midnight UTC), +30m, -5m')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Only errors on stderr; verify prints no claims either: its exit code is the answer')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Only errors on stderr; verify prints no claims either: its exit code is the answer')
            [CompletionResult]::new('--no-exp', '--no-exp', [CompletionResultType]::ParameterName, 'No exp: the token is valid for ever')
            [CompletionResult]::new('--no-iat', '--no-iat', [CompletionResultType]::ParameterName, 'No iat')
            [CompletionResult]::new('--no-typ', '--no-typ', [CompletionResultType]::ParameterName, 'No typ')
            [CompletionResult]::new('-j', '-j', [CompletionResultType]::ParameterName, 'Report everything as one JSON object, failures too')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Report everything as one JSON object, failures too')
            [CompletionResult]::new('--compact', '--compact', [CompletionResultType]::ParameterName, 'JSON on one line')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            break
        }
        'jwtctl;sign' {
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to colour: auto heeds NO_COLOR, CLICOLOR_FORCE and TERM=dumb')
            [CompletionResult]::new('--user', '--user', [CompletionResultType]::ParameterName, 'user_id: a number if ID is an integer, else a string')
            [CompletionResult]::new('--iss', '--iss', [CompletionResultType]::ParameterName, 'Issuer')
            [CompletionResult]::new('--sub', '--sub', [CompletionResultType]::ParameterName, 'Subject')
            [CompletionResult]::new('--aud', '--aud', [CompletionResultType]::ParameterName, 'Audience; repeat it for an array')
            [CompletionResult]::new('-c', '-c', [CompletionResultType]::ParameterName, 'Any claim: NAME=TEXT is a string, NAME:=JSON is JSON; repeat it for more')
            [CompletionResult]::new('--claim', '--claim', [CompletionResultType]::ParameterName, 'Any claim: NAME=TEXT is a string, NAME:=JSON is JSON; repeat it for more')
            [CompletionResult]::new('--ttl', '--ttl', [CompletionResultType]::ParameterName, 'Lifetime, from iat on: 90, 90s, 30m, 1h30m, 7d, 2w [default: 30m]')
            [CompletionResult]::new('--exp', '--exp', [CompletionResultType]::ParameterName, 'Expiry as a point in time')
            [CompletionResult]::new('--nbf', '--nbf', [CompletionResultType]::ParameterName, 'Not valid before')
            [CompletionResult]::new('--iat', '--iat', [CompletionResultType]::ParameterName, 'Issued at [default: now]')
            [CompletionResult]::new('--jti', '--jti', [CompletionResultType]::ParameterName, 'Token ID; a random UUID without =ID')
            [CompletionResult]::new('-A', '-A ', [CompletionResultType]::ParameterName, 'Algorithm to sign with [default: HS256, RS256, the curve''s, EdDSA]')
            [CompletionResult]::new('--alg', '--alg', [CompletionResultType]::ParameterName, 'Algorithm to sign with [default: HS256, RS256, the curve''s, EdDSA]')
            [CompletionResult]::new('--kid', '--kid', [CompletionResultType]::ParameterName, 'Key ID')
            [CompletionResult]::new('--typ', '--typ', [CompletionResultType]::ParameterName, 'Type [default: JWT]')
            [CompletionResult]::new('--header', '--header', [CompletionResultType]::ParameterName, 'Any header member, written like --claim')
            [CompletionResult]::new('-S', '-S ', [CompletionResultType]::ParameterName, 'HMAC secret; others can read it from the process list [env: JWTCTL_SECRET]')
            [CompletionResult]::new('--secret', '--secret', [CompletionResultType]::ParameterName, 'HMAC secret; others can read it from the process list [env: JWTCTL_SECRET]')
            [CompletionResult]::new('--secret-file', '--secret-file', [CompletionResultType]::ParameterName, 'HMAC secret from a file; - is standard input')
            [CompletionResult]::new('--secret-env', '--secret-env', [CompletionResultType]::ParameterName, 'HMAC secret from the environment variable NAME')
            [CompletionResult]::new('-k', '-k', [CompletionResultType]::ParameterName, 'Key file in PEM; - is standard input [env: JWTCTL_KEY]')
            [CompletionResult]::new('--key', '--key', [CompletionResultType]::ParameterName, 'Key file in PEM; - is standard input [env: JWTCTL_KEY]')
            [CompletionResult]::new('--key-env', '--key-env', [CompletionResultType]::ParameterName, 'Key in PEM from the environment variable NAME, its line breaks as they are or as \n')
            [CompletionResult]::new('--secret-format', '--secret-format', [CompletionResultType]::ParameterName, 'How the secret is written: text, raw, base64, hex [env: JWTCTL_SECRET_FORMAT]')
            [CompletionResult]::new('--at', '--at', [CompletionResultType]::ParameterName, 'The time to take as now: 1767225600, 2026-01-01T00:00:00Z, 2026-01-01 (midnight UTC), +30m, -5m')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Only errors on stderr; verify prints no claims either: its exit code is the answer')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Only errors on stderr; verify prints no claims either: its exit code is the answer')
            [CompletionResult]::new('--no-exp', '--no-exp', [CompletionResultType]::ParameterName, 'No exp: the token is valid for ever')
            [CompletionResult]::new('--no-iat', '--no-iat', [CompletionResultType]::ParameterName, 'No iat')
            [CompletionResult]::new('--no-typ', '--no-typ', [CompletionResultType]::ParameterName, 'No typ')
            [CompletionResult]::new('-j', '-j', [CompletionResultType]::ParameterName, 'Report everything as one JSON object, failures too')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Report everything as one JSON object, failures too')
            [CompletionResult]::new('--compact', '--compact', [CompletionResultType]::ParameterName, 'JSON on one line')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            break
        }
        'jwtctl;decode' {
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to colour: auto heeds NO_COLOR, CLICOLOR_FORCE and TERM=dumb')
            [CompletionResult]::new('--get', '--get', [CompletionResultType]::ParameterName, 'One claim alone, a string without its quotes; a NAME that begins with / is a JSON Pointer')
            [CompletionResult]::new('--at', '--at', [CompletionResultType]::ParameterName, 'The time to take as now: 1767225600, 2026-01-01T00:00:00Z, 2026-01-01 (midnight UTC), +30m, -5m')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Only errors on stderr; verify prints no claims either: its exit code is the answer')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Only errors on stderr; verify prints no claims either: its exit code is the answer')
            [CompletionResult]::new('--header', '--header', [CompletionResultType]::ParameterName, 'The header in place of the claims')
            [CompletionResult]::new('-j', '-j', [CompletionResultType]::ParameterName, 'Report everything as one JSON object, failures too')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Report everything as one JSON object, failures too')
            [CompletionResult]::new('--compact', '--compact', [CompletionResultType]::ParameterName, 'JSON on one line')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            break
        }
        'jwtctl;inspect' {
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to colour: auto heeds NO_COLOR, CLICOLOR_FORCE and TERM=dumb')
            [CompletionResult]::new('--get', '--get', [CompletionResultType]::ParameterName, 'One claim alone, a string without its quotes; a NAME that begins with / is a JSON Pointer')
            [CompletionResult]::new('--at', '--at', [CompletionResultType]::ParameterName, 'The time to take as now: 1767225600, 2026-01-01T00:00:00Z, 2026-01-01 (midnight UTC), +30m, -5m')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Only errors on stderr; verify prints no claims either: its exit code is the answer')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Only errors on stderr; verify prints no claims either: its exit code is the answer')
            [CompletionResult]::new('--header', '--header', [CompletionResultType]::ParameterName, 'The header in place of the claims')
            [CompletionResult]::new('-j', '-j', [CompletionResultType]::ParameterName, 'Report everything as one JSON object, failures too')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Report everything as one JSON object, failures too')
            [CompletionResult]::new('--compact', '--compact', [CompletionResultType]::ParameterName, 'JSON on one line')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            break
        }
        'jwtctl;verify' {
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to colour: auto heeds NO_COLOR, CLICOLOR_FORCE and TERM=dumb')
            [CompletionResult]::new('--iss', '--iss', [CompletionResultType]::ParameterName, 'Issuer that is expected; repeat it for any of several')
            [CompletionResult]::new('--aud', '--aud', [CompletionResultType]::ParameterName, 'Audience that is expected; repeat it for any of several')
            [CompletionResult]::new('--sub', '--sub', [CompletionResultType]::ParameterName, 'Subject that is expected')
            [CompletionResult]::new('--typ', '--typ', [CompletionResultType]::ParameterName, 'Type that the header must name')
            [CompletionResult]::new('--require', '--require', [CompletionResultType]::ParameterName, 'Claim that must be there and not null; repeat it for more')
            [CompletionResult]::new('-c', '-c', [CompletionResultType]::ParameterName, 'Claim that must equal a string (NAME=TEXT) or a JSON value (NAME:=JSON); repeat it for more')
            [CompletionResult]::new('--claim', '--claim', [CompletionResultType]::ParameterName, 'Claim that must equal a string (NAME=TEXT) or a JSON value (NAME:=JSON); repeat it for more')
            [CompletionResult]::new('--leeway', '--leeway', [CompletionResultType]::ParameterName, 'Widen exp, nbf, iat and --max-age by this [default: 0s]')
            [CompletionResult]::new('--min-ttl', '--min-ttl', [CompletionResultType]::ParameterName, 'The token must still be valid for this long')
            [CompletionResult]::new('--max-age', '--max-age', [CompletionResultType]::ParameterName, 'The token''s iat must be at most this long ago')
            [CompletionResult]::new('-S', '-S ', [CompletionResultType]::ParameterName, 'HMAC secret; others can read it from the process list [env: JWTCTL_SECRET]')
            [CompletionResult]::new('--secret', '--secret', [CompletionResultType]::ParameterName, 'HMAC secret; others can read it from the process list [env: JWTCTL_SECRET]')
            [CompletionResult]::new('--secret-file', '--secret-file', [CompletionResultType]::ParameterName, 'HMAC secret from a file; - is standard input')
            [CompletionResult]::new('--secret-env', '--secret-env', [CompletionResultType]::ParameterName, 'HMAC secret from the environment variable NAME')
            [CompletionResult]::new('-k', '-k', [CompletionResultType]::ParameterName, 'Key file in PEM; - is standard input [env: JWTCTL_KEY]')
            [CompletionResult]::new('--key', '--key', [CompletionResultType]::ParameterName, 'Key file in PEM; - is standard input [env: JWTCTL_KEY]')
            [CompletionResult]::new('--key-env', '--key-env', [CompletionResultType]::ParameterName, 'Key in PEM from the environment variable NAME, its line breaks as they are or as \n')
            [CompletionResult]::new('--secret-format', '--secret-format', [CompletionResultType]::ParameterName, 'How the secret is written: text, raw, base64, hex [env: JWTCTL_SECRET_FORMAT]')
            [CompletionResult]::new('-A', '-A ', [CompletionResultType]::ParameterName, 'Algorithm to allow, out of those the key serves; repeat it for more')
            [CompletionResult]::new('--alg', '--alg', [CompletionResultType]::ParameterName, 'Algorithm to allow, out of those the key serves; repeat it for more')
            [CompletionResult]::new('--get', '--get', [CompletionResultType]::ParameterName, 'One claim alone, a string without its quotes; a NAME that begins with / is a JSON Pointer')
            [CompletionResult]::new('--at', '--at', [CompletionResultType]::ParameterName, 'The time to take as now: 1767225600, 2026-01-01T00:00:00Z, 2026-01-01 (midnight UTC), +30m, -5m')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Only errors on stderr; verify prints no claims either: its exit code is the answer')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Only errors on stderr; verify prints no claims either: its exit code is the answer')
            [CompletionResult]::new('--any-aud', '--any-aud', [CompletionResultType]::ParameterName, 'Accept any audience; without --aud, a token that names one is rejected')
            [CompletionResult]::new('--allow-expired', '--allow-expired', [CompletionResultType]::ParameterName, 'Accept a token that has expired, however long ago')
            [CompletionResult]::new('--raw', '--raw', [CompletionResultType]::ParameterName, 'Check the signature alone, and write the payload byte for byte, whatever it is')
            [CompletionResult]::new('-j', '-j', [CompletionResultType]::ParameterName, 'Report everything as one JSON object, failures too')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Report everything as one JSON object, failures too')
            [CompletionResult]::new('--compact', '--compact', [CompletionResultType]::ParameterName, 'JSON on one line')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            break
        }
        'jwtctl;refresh' {
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to colour: auto heeds NO_COLOR, CLICOLOR_FORCE and TERM=dumb')
            [CompletionResult]::new('--ttl', '--ttl', [CompletionResultType]::ParameterName, 'New lifetime [default: that of the token, else 30m]')
            [CompletionResult]::new('--grace', '--grace', [CompletionResultType]::ParameterName, 'Renew a token that expired at most this long ago, too')
            [CompletionResult]::new('--if-expiring', '--if-expiring', [CompletionResultType]::ParameterName, 'Print the token unchanged, whatever else is asked for, while it is valid for longer than this')
            [CompletionResult]::new('--max-session', '--max-session', [CompletionResultType]::ParameterName, 'End the session this long after auth_time, or after the first iat, which is kept as that')
            [CompletionResult]::new('--set', '--set', [CompletionResultType]::ParameterName, 'Give a claim a value: NAME=TEXT or NAME:=JSON; repeat it for more')
            [CompletionResult]::new('--unset', '--unset', [CompletionResultType]::ParameterName, 'Take a claim out; repeat it for more')
            [CompletionResult]::new('--sign-key', '--sign-key', [CompletionResultType]::ParameterName, 'Sign with this key file, not with the key that verifies (and drop kid); - is standard input')
            [CompletionResult]::new('--sign-secret-env', '--sign-secret-env', [CompletionResultType]::ParameterName, 'Sign with the secret in this environment variable; --secret-format is for it, too')
            [CompletionResult]::new('--iss', '--iss', [CompletionResultType]::ParameterName, 'Issuer that is expected; repeat it for any of several')
            [CompletionResult]::new('--aud', '--aud', [CompletionResultType]::ParameterName, 'Audience that is expected; repeat it for any of several')
            [CompletionResult]::new('--sub', '--sub', [CompletionResultType]::ParameterName, 'Subject that is expected')
            [CompletionResult]::new('--typ', '--typ', [CompletionResultType]::ParameterName, 'Type that the header must name')
            [CompletionResult]::new('--require', '--require', [CompletionResultType]::ParameterName, 'Claim that must be there and not null; repeat it for more')
            [CompletionResult]::new('-c', '-c', [CompletionResultType]::ParameterName, 'Claim that must equal a string (NAME=TEXT) or a JSON value (NAME:=JSON); repeat it for more')
            [CompletionResult]::new('--claim', '--claim', [CompletionResultType]::ParameterName, 'Claim that must equal a string (NAME=TEXT) or a JSON value (NAME:=JSON); repeat it for more')
            [CompletionResult]::new('--leeway', '--leeway', [CompletionResultType]::ParameterName, 'Widen exp, nbf, iat and --max-age by this [default: 0s]')
            [CompletionResult]::new('--min-ttl', '--min-ttl', [CompletionResultType]::ParameterName, 'The token must still be valid for this long')
            [CompletionResult]::new('--max-age', '--max-age', [CompletionResultType]::ParameterName, 'The token''s iat must be at most this long ago')
            [CompletionResult]::new('-S', '-S ', [CompletionResultType]::ParameterName, 'HMAC secret; others can read it from the process list [env: JWTCTL_SECRET]')
            [CompletionResult]::new('--secret', '--secret', [CompletionResultType]::ParameterName, 'HMAC secret; others can read it from the process list [env: JWTCTL_SECRET]')
            [CompletionResult]::new('--secret-file', '--secret-file', [CompletionResultType]::ParameterName, 'HMAC secret from a file; - is standard input')
            [CompletionResult]::new('--secret-env', '--secret-env', [CompletionResultType]::ParameterName, 'HMAC secret from the environment variable NAME')
            [CompletionResult]::new('-k', '-k', [CompletionResultType]::ParameterName, 'Key file in PEM; - is standard input [env: JWTCTL_KEY]')
            [CompletionResult]::new('--key', '--key', [CompletionResultType]::ParameterName, 'Key file in PEM; - is standard input [env: JWTCTL_KEY]')
            [CompletionResult]::new('--key-env', '--key-env', [CompletionResultType]::ParameterName, 'Key in PEM from the environment variable NAME, its line breaks as they are or as \n')
            [CompletionResult]::new('--secret-format', '--secret-format', [CompletionResultType]::ParameterName, 'How the secret is written: text, raw, base64, hex [env: JWTCTL_SECRET_FORMAT]')
            [CompletionResult]::new('-A', '-A ', [CompletionResultType]::ParameterName, 'Algorithm to allow, out of those the key serves; repeat it for more')
            [CompletionResult]::new('--alg', '--alg', [CompletionResultType]::ParameterName, 'Algorithm to allow, out of those the key serves; repeat it for more')
            [CompletionResult]::new('--at', '--at', [CompletionResultType]::ParameterName, 'The time to take as now: 1767225600, 2026-01-01T00:00:00Z, 2026-01-01 (midnight UTC), +30m, -5m')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Only errors on stderr; verify prints no claims either: its exit code is the answer')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Only errors on stderr; verify prints no claims either: its exit code is the answer')
            [CompletionResult]::new('--any-aud', '--any-aud', [CompletionResultType]::ParameterName, 'Accept any audience; without --aud, a token that names one is rejected')
            [CompletionResult]::new('--allow-expired', '--allow-expired', [CompletionResultType]::ParameterName, 'Accept a token that has expired, however long ago')
            [CompletionResult]::new('-j', '-j', [CompletionResultType]::ParameterName, 'Report everything as one JSON object, failures too')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Report everything as one JSON object, failures too')
            [CompletionResult]::new('--compact', '--compact', [CompletionResultType]::ParameterName, 'JSON on one line')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            break
        }
        'jwtctl;completions' {
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to colour: auto heeds NO_COLOR, CLICOLOR_FORCE and TERM=dumb')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Only errors on stderr; verify prints no claims either: its exit code is the answer')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Only errors on stderr; verify prints no claims either: its exit code is the answer')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            break
        }
        'jwtctl;completion' {
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to colour: auto heeds NO_COLOR, CLICOLOR_FORCE and TERM=dumb')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Only errors on stderr; verify prints no claims either: its exit code is the answer')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Only errors on stderr; verify prints no claims either: its exit code is the answer')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            break
        }
        'jwtctl;man' {
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to colour: auto heeds NO_COLOR, CLICOLOR_FORCE and TERM=dumb')
            [CompletionResult]::new('--dir', '--dir', [CompletionResultType]::ParameterName, 'Write all pages into this folder')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Only errors on stderr; verify prints no claims either: its exit code is the answer')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Only errors on stderr; verify prints no claims either: its exit code is the answer')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            break
        }
        'jwtctl;help' {
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to colour: auto heeds NO_COLOR, CLICOLOR_FORCE and TERM=dumb')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Only errors on stderr; verify prints no claims either: its exit code is the answer')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Only errors on stderr; verify prints no claims either: its exit code is the answer')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            break
        }
    })

    $completions.Where{ $_.CompletionText -like "$wordToComplete*" } |
        Sort-Object -Property ListItemText
}
