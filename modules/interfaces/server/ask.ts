import { lookup } from 'node:dns/promises'
import { type ClientRequest, type IncomingMessage, request as plainRequest } from 'node:http'
import { request as secureRequest } from 'node:https'
import { isIP } from 'node:net'
import type { Readable, Transform } from 'node:stream'
import { createBrotliDecompress, createGunzip, createInflate } from 'node:zlib'
import { isPermitted, type PermittedAddress } from './address.ts'
import { type Fault, InterfaceFault } from './fault.ts'
import type { InterfaceConfig } from './interface.schema.ts'

/** Resolves a name, once for each call. */
export type Resolve = (host: string) => Promise<readonly { address: string }[]>
export const resolveName: Resolve = (host) => lookup(host, { all: true })

/** What one answer may be at most: as it comes over the wire, unpacked, and in records. */
export const answerLimits = { bytes: 2 * 1024 * 1024, unpacked: 4 * 1024 * 1024, records: 1000 } as const

/** A call as it is to be made. */
export interface Call {
  config: Pick<InterfaceConfig, 'address' | 'method' | 'records' | 'timeoutSeconds' | 'certificate'>
  credential: { header: string; value: string } | null
  /** By the names that the interface gives its parameters. */
  parameters: readonly { name: string; value: string }[]
  permitted: readonly PermittedAddress[]
  resolve: Resolve
}

/**
 * Asks a department's interface once (接口调用). The name is resolved once and the connection made to that address and no other, after it was found on the
 * list; no redirect is followed; every limit is counted while it comes in. Throws InterfaceFault.
 */
export async function askInterface({ config, credential, parameters, permitted, resolve }: Call): Promise<readonly unknown[]> {
  const signal = AbortSignal.timeout(config.timeoutSeconds * 1000)
  const url = new URL(config.address)
  const ip = await permittedAddress(url, permitted, resolve, signal)
  const values = parameters.map(({ name, value }): [string, string] => [name, value])
  const isPost = config.method === 'POST'
  if (!isPost) for (const [name, value] of values) url.searchParams.append(name, value)
  const body = isPost ? JSON.stringify(Object.fromEntries(values)) : undefined
  try {
    const response = await send(url, ip, { ...config, credential, body, signal })
    refuseStatus(response)
    return listIn(parsed(await textOf(response, signal)), config.records)
  } catch (error) {
    if (signal.aborted) throw new InterfaceFault('timeout')
    throw error instanceof InterfaceFault ? error : connectionFault(error)
  }
}

/** The host of an address, an IPv6 one without its brackets, and its port. */
export function destinationOf(address: string): { host: string; port: number } {
  const { hostname, port, protocol } = new URL(address)
  return { host: hostname.replace(/^\[|\]$/g, '').toLowerCase(), port: port === '' ? (protocol === 'https:' ? 443 : 80) : Number(port) }
}

/** The address to connect to. A name that has several has all of them on the list: one that is not there says that somebody else answers too. */
export async function permittedAddress(
  url: URL,
  permitted: readonly PermittedAddress[],
  resolve: Resolve,
  signal: AbortSignal,
): Promise<string> {
  const { host, port } = destinationOf(url.href)
  // Before a name is asked for at all: a resolver of the department's own must not be told of what is not on the list.
  if (isIP(host) === 0 && !permitted.some((one) => (one.host ?? host) === host && (one.port ?? port) === port))
    throw new InterfaceFault('address')
  const found = isIP(host) ? [{ address: host }] : await unlessAborted(resolve(host), signal)
  const [first] = found
  if (!first) throw new InterfaceFault('name')
  if (!found.every(({ address }) => isPermitted(permitted, { host, port, ip: address }))) throw new InterfaceFault('address')
  return first.address
}

async function unlessAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  const { promise, reject } = Promise.withResolvers<never>()
  const abort = () => reject(new InterfaceFault('timeout'))
  signal.addEventListener('abort', abort, { once: true })
  try {
    return await Promise.race([work, promise])
  } catch (error) {
    throw error instanceof InterfaceFault ? error : new InterfaceFault('name', codeOf(error))
  } finally {
    signal.removeEventListener('abort', abort)
  }
}

interface Sending {
  method: string
  certificate: string | null
  credential: Call['credential']
  body: string | undefined
  signal: AbortSignal
}

function send(url: URL, ip: string, { method, certificate, credential, body, signal }: Sending): Promise<IncomingMessage> {
  const { host, port } = destinationOf(url.href)
  const { promise, resolve, reject } = Promise.withResolvers<IncomingMessage>()
  const options = {
    ...{ host: ip, port, method, signal, path: url.pathname + url.search },
    // No connection of another call is used again: it was checked against the list of then.
    agent: false as const,
    headers: {
      ...(credential ? { [credential.header]: credential.value } : {}),
      ...(body === undefined ? {} : { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) }),
      ...{ host: url.host, accept: 'application/json', 'accept-encoding': 'gzip' },
    },
  }
  const request: ClientRequest =
    url.protocol === 'https:'
      ? secureRequest({ ...options, ...(isIP(host) ? {} : { servername: host }), ...(certificate === null ? {} : { ca: certificate }) })
      : plainRequest(options)
  request.on('response', resolve)
  request.on('error', reject)
  request.end(body)
  return promise
}

function refuseStatus(response: IncomingMessage): void {
  const status = response.statusCode ?? 0
  if (status === 200) return
  response.destroy()
  const fault: Fault =
    status >= 300 && status < 400
      ? 'redirect'
      : status === 401 || status === 403
        ? 'denied'
        : status === 429 || status >= 500
          ? 'unavailable'
          : 'status'
  throw new InterfaceFault(fault, String(status))
}

/** Counted as it comes out: what a body says of its length, or unpacks to, is not believed. */
async function textOf(response: IncomingMessage, signal: AbortSignal): Promise<string> {
  let received = 0
  response.on('data', (piece: Buffer) => {
    received += piece.length
    if (received > answerLimits.bytes) response.destroy(new InterfaceFault('too-large'))
  })
  const content = unpacked(response)
  const abort = () => content.destroy(new InterfaceFault('timeout'))
  signal.addEventListener('abort', abort, { once: true })
  const pieces: Buffer[] = []
  let length = 0
  try {
    for await (const piece of content as AsyncIterable<Buffer>) {
      length += piece.length
      if (length > answerLimits.unpacked) throw new InterfaceFault('too-large')
      pieces.push(piece)
    }
  } finally {
    signal.removeEventListener('abort', abort)
    response.destroy()
  }
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(Buffer.concat(pieces))
  } catch {
    throw new InterfaceFault('encoding', 'UTF-8')
  }
}

const encodings: ReadonlyMap<string, () => Transform> = new Map<string, () => Transform>([
  ['gzip', () => createGunzip()],
  ['x-gzip', () => createGunzip()],
  ['deflate', () => createInflate()],
  ['br', () => createBrotliDecompress()],
])

function unpacked(response: IncomingMessage): Readable {
  const encoding = response.headers['content-encoding']?.trim().toLowerCase() ?? 'identity'
  if (encoding === 'identity' || encoding === '') return response
  const unpack = encodings.get(encoding)?.()
  if (!unpack) {
    response.destroy()
    throw new InterfaceFault('encoding', encoding.slice(0, 40))
  }
  response.on('error', (error) => unpack.destroy(error))
  return response.pipe(unpack)
}

/** Numbers keep their digits: an identifier of eighteen of them would lose the last ones, and money its cents. */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text, (_key, value: unknown, { source }: { source?: string } = {}) => (typeof value === 'number' ? source : value))
  } catch {
    throw new InterfaceFault('not-json')
  }
}

function listIn(body: unknown, path: string): readonly unknown[] {
  const list = valueAt(body, path)
  if (!Array.isArray(list)) throw new InterfaceFault('not-list')
  if (list.length > answerLimits.records) throw new InterfaceFault('too-many', String(list.length))
  return list
}

/** What stands at a path of names with dots; undefined where there is nothing. Own fields only. */
export function valueAt(value: unknown, path: string): unknown {
  let at = value
  for (const name of path === '' ? [] : path.split('.')) {
    if (typeof at !== 'object' || at === null || !Object.hasOwn(at, name)) return undefined
    at = (at as Record<string, unknown>)[name]
  }
  return at
}

/** What the connection failed of. Only codes go further: a message of the system may hold addresses and names. */
function connectionFault(error: unknown): InterfaceFault {
  const code = codeOf(error)
  if (code !== null && isTls.test(code)) return new InterfaceFault('tls', code)
  if (code !== null && /^Z_|^ERR__ERROR_FORMAT|^ERR_BROTLI/.test(code)) return new InterfaceFault('encoding', code)
  return new InterfaceFault('connection', code)
}
const isTls = /CERT|TLS|SSL|SELF_SIGNED|UNABLE_TO|EPROTO|HOSTNAME/

function codeOf(error: unknown): string | null {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' && /^[A-Z0-9_]{1,60}$/.test(error.code)
    ? error.code
    : null
}
