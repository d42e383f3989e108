// The libraries of providers that are written for Node.js: `node providers.mjs CALL` takes the call's values as JSON on
// standard input, and prints what the library answers. It must not judge: an error ends it with another code than 0.

import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import appleSignin from 'apple-signin-auth'
import { TokenVerifier } from 'livekit-server-sdk'
import * as oauth from 'oauth4webapi'
import githubAppJwt from 'universal-github-app-jwt'

// This file of the package is not an ES module.
const ghostToken = createRequire(import.meta.url)('@tryghost/admin-api/lib/token')

const calls = {
  // The tokens that the libraries make themselves.
  github: async ({ id, privateKey }) => (await githubAppJwt({ id, privateKey })).token,
  ghost: ({ key }) => ghostToken(key, '/admin/'),
  apple: (options) => appleSignin.getClientSecret(options),

  livekit: ({ key, secret, token }) => new TokenVerifier(key, secret).verify(token),

  // A resource server with an authorization server whose key set is at hand.
  dpop: ({ issuer, audience, jwks, method, url, token, proof }) => {
    const request = new Request(url, { method, headers: { authorization: `DPoP ${token}`, dpop: proof } })
    const server = { issuer, jwks_uri: `${issuer}/jwks` }
    return oauth.validateJwtAccessToken(server, request, audience, {
      requireDPoP: true,
      [oauth.customFetch]: async () => Response.json(jwks),
    })
  },
}

const answer = await calls[process.argv[2]](JSON.parse(readFileSync(0, 'utf8')))
process.stdout.write(JSON.stringify(answer))
