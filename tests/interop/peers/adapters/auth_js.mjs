// The session cookies of @auth/core and of next-auth 4, made and read by their own functions.
// It must not judge: an error goes back with its code.

import * as auth from '@auth/core/jwt'
import nextAuth from 'next-auth/jwt'
import { answer } from './answer.mjs'

await answer({
  async encode5({ claims, secret, cookie }) {
    return auth.encode({ token: claims, secret, salt: cookie })
  },

  async decode5({ token, secret, cookie }) {
    return auth.decode({ token, secret, salt: cookie })
  },

  async encode4({ claims, secret }) {
    return nextAuth.encode({ token: claims, secret })
  },

  async decode4({ token, secret }) {
    return nextAuth.decode({ token, secret })
  },
})
