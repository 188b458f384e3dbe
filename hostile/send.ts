import http from 'node:http'
import { connect } from 'node:net'
import type { Input } from './draw.ts'

/** What came back, or that nothing did. */
export interface Reply {
  status: number
  contentType: string
  text: string
}

/** Long enough for a loaded machine: an answer that takes longer is taken for none. */
const patienceMs = 60_000

/** Sends one input over a kept connection. @throws when the server hangs or drops the connection */
export function send(address: string, agent: http.Agent, cookie: string | undefined, input: Input): Promise<Reply> {
  const { hostname, port } = new URL(address)
  return new Promise((resolve, reject) => {
    // Said in so many words: for some methods the client would send a body without saying how long it is.
    const length = input.body === undefined ? {} : { 'content-length': Buffer.byteLength(input.body) }
    const headers = { ...(cookie === undefined ? {} : { cookie }), ...length, ...input.headers }
    const request = http.request({ hostname, port, method: input.method, path: sendable(input.path), headers, agent, timeout: patienceMs })
    request.on('response', (response) => {
      const parts: Buffer[] = []
      response.on('data', (part: Buffer) => parts.push(part))
      response.on('end', () => {
        const text = Buffer.concat(parts).toString('utf8')
        resolve({ status: response.statusCode ?? 0, contentType: response.headers['content-type'] ?? '', text })
      })
      response.on('error', reject)
    })
    request.on('timeout', () => request.destroy(new Error(`no answer within ${patienceMs} ms`)))
    request.on('error', reject)
    request.end(input.body)
  })
}

/** A client refuses to send blanks and control characters in an address, so they go in encoded. */
function sendable(path: string): string {
  return path.replace(/[^\x21-\x7e]/g, (character) => encodeURIComponent(character.isWellFormed() ? character : '\ufffd'))
}

const line = (...head: string[]) => `${[...head, 'Host: city'].join('\r\n')}\r\n\r\n`
const post = (...more: string[]) => line('POST /api/v1/sessions HTTP/1.1', 'Content-Type: application/json', ...more)

/** What is not quite HTTP, as bytes. `null` closes from our side where the server rightly waits for more. */
export const brokenFrames: readonly { what: string; bytes: string; half?: true }[] = [
  { what: 'two lengths', bytes: post('Content-Length: 5', 'Content-Length: 6') },
  { what: 'length and chunks', bytes: `${post('Content-Length: 5', 'Transfer-Encoding: chunked')}0\r\n\r\n` },
  { what: 'negative length', bytes: post('Content-Length: -1') },
  { what: 'length in words', bytes: post('Content-Length: five') },
  { what: 'broken chunk size', bytes: `${post('Transfer-Encoding: chunked')}zz\r\nabc\r\n0\r\n\r\n` },
  { what: 'huge chunk size', bytes: `${post('Transfer-Encoding: chunked')}FFFFFFFFFFFFFFFFF\r\n` },
  { what: 'unknown encoding', bytes: `${post('Transfer-Encoding: gzip, chunked')}0\r\n\r\n` },
  { what: 'body breaks off', bytes: `${post('Content-Length: 500')}{"username":`, half: true },
  { what: 'chunks break off', bytes: `${post('Transfer-Encoding: chunked')}5\r\n{"use`, half: true },
  { what: 'headers break off', bytes: 'GET /livez HTTP/1.1\r\nHost: ci', half: true },
  { what: 'no method', bytes: ' / HTTP/1.1\r\n\r\n' },
  { what: 'version 0.9', bytes: 'GET /livez\r\n\r\n' },
  { what: 'version 3', bytes: line('GET /livez HTTP/3.0') },
  { what: 'header without colon', bytes: line('GET /livez HTTP/1.1', 'nonsense') },
  { what: 'folded header', bytes: line('GET /livez HTTP/1.1', 'X-A: a', ' b') },
  { what: 'NUL in a header', bytes: line('GET /livez HTTP/1.1', 'X-A: a\u0000b') },
  { what: 'many headers', bytes: line('GET /livez HTTP/1.1', ...Array.from({ length: 3000 }, (_, i) => `X-${i}: 1`)) },
  { what: 'long header', bytes: line('GET /livez HTTP/1.1', `X-A: ${'a'.repeat(80_000)}`) },
  { what: 'binary', bytes: '\u0016\u0003\u0001\u0002\u0000\u0001' },
  { what: 'pipelined nonsense', bytes: `${line('GET /livez HTTP/1.1')}NONSENSE\r\n\r\n` },
  { what: 'upgrade', bytes: line('GET /livez HTTP/1.1', 'Upgrade: websocket', 'Connection: Upgrade', 'Connection: close') },
  { what: 'expectation', bytes: line('POST /api/v1/sessions HTTP/1.1', 'Expect: 200-maybe', 'Content-Length: 0', 'Connection: close') },
]

/** Sends bytes and gives what came back until the server or, for half a request, we close. */
export function sendBytes(address: string, bytes: string, half: boolean): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(Number(new URL(address).port), '127.0.0.1')
    let heard = ''
    socket.setTimeout(patienceMs, () => socket.destroy(new Error('the server neither answers nor closes')))
    socket.on('data', (part) => {
      heard += part.toString('latin1')
      if (/^HTTP\/1\.1 [2-5]/.test(heard)) socket.end()
    })
    socket.on('error', (error: NodeJS.ErrnoException) =>
      error.code === 'ECONNRESET' || error.code === 'EPIPE' ? resolve(heard) : reject(error),
    )
    socket.on('close', () => resolve(heard))
    socket.write(Buffer.from(bytes, 'latin1'), () => half && socket.end())
  })
}
