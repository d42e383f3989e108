// Answers each line of standard input, one call as JSON, with a line of JSON.
// It must not judge: an error goes back with its code.

import * as readline from 'node:readline'

export async function answer(calls) {
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
}
