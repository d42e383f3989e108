// The throughput of fast-jwt: node fast_jwt.mjs KEY-FILE TOKENS-FILE [ALG CACHE]. The key is a secret, or with
// ALG an SPKI in DER; CACHE is how many tokens are kept. Every token is in memory before the clock starts, the
// verifier is kept, a part is verified first by another one so that the code is compiled, and no claims are
// written, though jwtctl writes them. Prints the number of tokens and the nanoseconds of the loop.

import { createPublicKey } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { createVerifier } from 'fast-jwt'

const [keyFile, file, alg, cache] = process.argv.slice(2)
const spki = () => createPublicKey({ key: readFileSync(keyFile), format: 'der', type: 'spki' })
const key = alg ? spki().export({ format: 'pem', type: 'spki' }) : readFileSync(keyFile, 'utf8')
// One string of the whole file could be longer than Node allows.
const text = readFileSync(file)
const tokens = []
for (let start = 0, end; (end = text.indexOf('\n', start)) !== -1; start = end + 1) {
  tokens.push(text.latin1Slice(start, end))
}
const verifier = () => createVerifier({
  key,
  algorithms: [alg ?? 'HS256'],
  allowedAud: 'api',
  requiredClaims: ['exp'],
  cache: cache ? Number(cache) : false
})

const warm = verifier()
for (const token of tokens.slice(0, 20000)) warm(token)
const verify = verifier()
let verified = 0
const start = process.hrtime.bigint()
for (const token of tokens) {
  if (verify(token).aud === 'api') verified += 1
}
const took = process.hrtime.bigint() - start
if (verified !== tokens.length) throw new Error(`${verified} of ${tokens.length} tokens verified`)
console.log(`${verified} ${took}`)
