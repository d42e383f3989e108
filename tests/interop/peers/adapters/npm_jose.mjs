// Answers each line of standard input, one call of npm's jose as JSON, with a line of JSON.
// It must not judge: an error goes back with its code.

import * as readline from 'node:readline'
import * as jose from 'jose'

const base64 = (bytes) => Buffer.from(bytes).toString('base64')
const header = (alg) => ({ alg, typ: 'JWT' })
const imported = ({ alg, jwk }) => jose.importJWK(jwk, alg)

const calls = {
  async signBytes({ alg, jwk, payload }) {
    const signing = new jose.CompactSign(Buffer.from(payload, 'base64')).setProtectedHeader(header(alg))
    return signing.sign(await imported({ alg, jwk }))
  },

  async verifyBytes({ alg, jwk, token }) {
    return base64((await jose.compactVerify(token, await imported({ alg, jwk }), { algorithms: [alg] })).payload)
  },

  async signClaims({ alg, jwk, text }) {
    return new jose.SignJWT(JSON.parse(text)).setProtectedHeader(header(alg)).sign(await imported({ alg, jwk }))
  },

  async verifyClaims({ alg, jwk, token }) {
    const { payload } = await jose.jwtVerify(token, await imported({ alg, jwk }), { algorithms: [alg] })
    return JSON.stringify(payload)
  },

  async verifyBySet({ alg, jwks, token }) {
    return base64((await jose.compactVerify(token, jose.createLocalJWKSet(jwks), { algorithms: [alg] })).payload)
  },

  async read({ alg, form, key, private: isPrivate }) {
    const imports = { jwk: jose.importJWK, pem: isPrivate ? jose.importPKCS8 : jose.importSPKI }
    const read = await imports[form](key, alg, { extractable: true })
    const type = read instanceof Uint8Array ? 'secret' : read.type
    if (type !== 'secret' && type !== (isPrivate ? 'private' : 'public')) throw new Error(`a ${type} key`)
    return jose.calculateJwkThumbprint(await jose.exportJWK(read))
  },

  async make({ alg }) {
    const json = async (key) => JSON.stringify(await jose.exportJWK(key))
    if (alg.startsWith('HS')) {
      const secret = await jose.generateSecret(alg, { extractable: true })
      const thumbprint = await jose.calculateJwkThumbprint(await jose.exportJWK(secret))
      return { thumbprint, files: [['jwk', true, await json(secret)]] }
    }
    const { privateKey, publicKey } = await jose.generateKeyPair(alg, { extractable: true })
    return {
      thumbprint: await jose.calculateJwkThumbprint(await jose.exportJWK(publicKey)),
      files: [
        ['jwk', true, await json(privateKey)],
        ['jwk', false, await json(publicKey)],
        ['PKCS#8 PEM', true, await jose.exportPKCS8(privateKey)],
        ['SPKI PEM', false, await jose.exportSPKI(publicKey)],
      ],
    }
  },
}

for await (const line of readline.createInterface({ input: process.stdin })) {
  const { call, ...given } = JSON.parse(line)
  let answer
  try {
    answer = { value: await calls[call](given) }
  } catch (error) {
    answer = { error: `${call}: ${error.stack}`, code: error.code ?? '' }
  }
  process.stdout.write(`${JSON.stringify(answer)}\n`)
}
