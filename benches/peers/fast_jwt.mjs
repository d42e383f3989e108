// The throughput of fast-jwt: node fast_jwt.mjs SECRET-FILE TOKENS-FILE. Every token is in memory before
// the clock starts, the verifier is kept, a part is verified first so that the code is compiled, and no
// claims are written, though jwtctl writes them. Prints the number of tokens and the nanoseconds of the loop.

import { readFileSync } from 'node:fs'
import { createVerifier } from 'fast-jwt'

const [secret, file] = process.argv.slice(2)
const tokens = readFileSync(file, 'utf8').trimEnd().split('\n')
const verify = createVerifier({
  key: readFileSync(secret, 'utf8'),
  algorithms: ['HS256'],
  allowedAud: 'api',
  requiredClaims: ['exp'],
  cache: false
})

for (const token of tokens.slice(0, 20000)) verify(token)
let verified = 0
const start = process.hrtime.bigint()
for (const token of tokens) {
  if (verify(token).aud === 'api') verified += 1
}
const took = process.hrtime.bigint() - start
if (verified !== tokens.length) throw new Error(`${verified} of ${tokens.length} tokens verified`)
console.log(`${verified} ${took}`)
