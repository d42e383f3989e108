// A certified OpenID provider on loopback, over https: node provider.mjs CERTIFICATE KEY.
// Answers each line of standard input, one command as JSON, with a line of JSON; the first line says the issuer.
// It must not judge, nor make tokens past the provider's own grants.

import * as crypto from 'node:crypto'
import { readFileSync } from 'node:fs'
import * as https from 'node:https'
import * as readline from 'node:readline'
import { Provider } from 'oidc-provider'

// The provider's advice on deployments is not part of an answer.
console.info = console.warn = () => {}

const [certificate, key] = process.argv.slice(2)
const server = https.createServer({ cert: readFileSync(certificate), key: readFileSync(key) })

const listen = (port) => new Promise((done) => server.listen(port, '127.0.0.1', done))
await listen(0)
const { port } = server.address()
const issuer = `https://localhost:${port}`

const web = {
  redirect_uris: ['https://client.example/callback'],
  grant_types: ['authorization_code'],
  response_types: ['code'],
  token_endpoint_auth_method: 'none',
}
const clients = [
  { client_id: 'web-rs', id_token_signed_response_alg: 'RS256', ...web },
  { client_id: 'web-es', id_token_signed_response_alg: 'ES256', ...web },
  { client_id: 'machine', client_secret: 's', grant_types: ['client_credentials'], response_types: [], redirect_uris: [] },
]

// A resource's URI ends with the algorithm of its access tokens.
const resourceIndicators = {
  enabled: true,
  getResourceServerInfo: (_ctx, resource) => ({
    scope: 'read',
    audience: 'api',
    accessTokenFormat: 'jwt',
    accessTokenTTL: 3600,
    jwt: { sign: { alg: resource.slice(-5) } },
  }),
}

const pair = (alg, kid) => {
  const { privateKey } =
    alg === 'RS256'
      ? crypto.generateKeyPairSync('rsa', { modulusLength: 2048 })
      : crypto.generateKeyPairSync('ec', { namedCurve: 'P-256' })
  return { ...privateKey.export({ format: 'jwk' }), kid, alg, use: 'sig' }
}
let generation = 0
const keys = () => {
  generation += 1
  return [pair('RS256', `rs-${generation}`), pair('ES256', `es-${generation}`)]
}

let current, provider, answer
const serve = (all) => {
  current = all
  provider = new Provider(issuer, {
    clients,
    jwks: { keys: all },
    cookies: { keys: ['cookies'] },
    findAccount: (_ctx, id) => ({ accountId: id, claims: () => ({ sub: id }) }),
    interactions: { url: (_ctx, interaction) => `/interaction/${interaction.uid}` },
    features: { devInteractions: { enabled: false }, clientCredentials: { enabled: true }, resourceIndicators },
    ttl: { IdToken: 3600, Interaction: 600, Session: 600, Grant: 600 },
  })
  answer = provider.callback()
}
serve(keys())

// Logs a user in and grants what is asked for, without a page.
const consent = async (req, res) => {
  const { params } = await provider.interactionDetails(req, res)
  const grant = new provider.Grant({ accountId: 'a-user', clientId: params.client_id })
  grant.addOIDCScope(params.scope)
  await provider.interactionFinished(req, res, { login: { accountId: 'a-user' }, consent: { grantId: await grant.save() } })
}

let requests = {}
let headers = {}
server.on('request', (req, res) => {
  const path = req.url.split('?')[0]
  requests[path] = (requests[path] ?? 0) + 1
  if (path.startsWith('/interaction/')) return consent(req, res)
  if (path === '/jwks') {
    for (const [name, text] of Object.entries(headers)) res.setHeader(name, text)
    if (headers.etag && req.headers['if-none-match'] === headers.etag) return res.writeHead(304).end()
  }
  return answer(req, res)
})

const commands = {
  rotate({ keep }) {
    serve([...keys(), ...(keep ? current : [])])
    return current.map(({ kid }) => kid)
  },
  // The number of requests to each path since this was last asked.
  counts() {
    const counted = requests
    requests = {}
    return counted
  },
  headers({ set }) {
    headers = set
  },
  stop() {
    server.closeAllConnections()
    return new Promise((done) => server.close(() => done()))
  },
  start: () => listen(port),
}

const say = (value) => process.stdout.write(`${JSON.stringify(value ?? null)}\n`)
say(issuer)
for await (const line of readline.createInterface({ input: process.stdin })) {
  const { command, ...given } = JSON.parse(line)
  say(await commands[command](given))
}
process.exit()
