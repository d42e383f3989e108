// The calls of npm's jose.
// It must not judge: an error goes back with its code.

import * as jose from 'jose'
import * as jose4 from 'jose-4'
import { answer } from './answer.mjs'

const utf8 = (text) => new TextEncoder().encode(text)
const base64 = (bytes) => Buffer.from(bytes).toString('base64')
const header = (alg) => ({ alg, typ: 'JWT' })
const imported = ({ alg, jwk }) => jose.importJWK(jwk, alg)

await answer({
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

  async signJson({ signers, payload, general }) {
    const bytes = Buffer.from(payload, 'base64')
    if (!general) {
      const [{ alg, jwk, shared, header }] = signers
      const signing = new jose.FlattenedSign(bytes).setProtectedHeader(shared)
      if (header) signing.setUnprotectedHeader(header)
      return signing.sign(await imported({ alg, jwk }))
    }
    const signing = new jose.GeneralSign(bytes)
    for (const { alg, jwk, shared, header } of signers) {
      const signature = signing.addSignature(await imported({ alg, jwk })).setProtectedHeader(shared)
      if (header) signature.setUnprotectedHeader(header)
    }
    return signing.sign()
  },

  async verifyJson({ alg, jwk, token }) {
    const verify = token.signatures ? jose.generalVerify : jose.flattenedVerify
    return base64((await verify(token, await imported({ alg, jwk }), { algorithms: [alg] })).payload)
  },

  async signUnencoded({ alg, jwk, payload }) {
    const signing = new jose.FlattenedSign(Buffer.from(payload, 'base64'))
    const made = await signing.setProtectedHeader({ alg, b64: false, crit: ['b64'] }).sign(await imported({ alg, jwk }))
    return `${made.protected}..${made.signature}`
  },

  async verifyUnencoded({ alg, jwk, token, payload }) {
    const [protectedHeader, , signature] = token.split('.')
    const jws = { protected: protectedHeader, payload: new Uint8Array(Buffer.from(payload, 'base64')), signature }
    return base64((await jose.flattenedVerify(jws, await imported({ alg, jwk }), { algorithms: [alg] })).payload)
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

  async encrypt({ jwk, header, text, apu, apv }) {
    const encryption = new jose.CompactEncrypt(utf8(text)).setProtectedHeader(header)
    if (apu) encryption.setKeyManagementParameters({ apu: utf8(apu), apv: utf8(apv) })
    return encryption.encrypt(await imported({ alg: header.alg, jwk }))
  },

  async encrypt4({ jwk, header, text }) {
    const key = await jose4.importJWK(jwk, header.alg)
    return new jose4.CompactEncrypt(utf8(text)).setProtectedHeader(header).encrypt(key)
  },

  async encryptJson({ protected: shared, unprotected, aad, recipients, text }) {
    const general = new jose.GeneralEncrypt(utf8(text)).setProtectedHeader(shared).setSharedUnprotectedHeader(unprotected)
    if (aad) general.setAdditionalAuthenticatedData(utf8(aad))
    for (const { jwk, header } of recipients) {
      general.addRecipient(await imported({ alg: header.alg, jwk })).setUnprotectedHeader(header)
    }
    const [{ jwk, header }] = recipients
    const flattened = new jose.FlattenedEncrypt(utf8(text))
      .setProtectedHeader(shared)
      .setSharedUnprotectedHeader(unprotected)
      .setUnprotectedHeader(header)
    if (aad) flattened.setAdditionalAuthenticatedData(utf8(aad))
    const one = recipients.length === 1 ? [await flattened.encrypt(await imported({ alg: header.alg, jwk }))] : []
    return [await general.encrypt(), ...one]
  },

  async decrypt({ jwk, alg, token }) {
    const key = await imported({ alg, jwk })
    const { plaintext } = await jose.compactDecrypt(token, key, { keyManagementAlgorithms: [alg] })
    return new TextDecoder().decode(plaintext)
  },
})
