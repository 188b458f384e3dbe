import http from 'node:http'
import { setTimeout as pause } from 'node:timers/promises'
import { type Operation, operationsIn } from '../apps/server/src/testing/document.ts'
import { drawInput, type Ground, type Input } from './draw.ts'
import type { Held } from './platform.ts'
import { brokenFrames, send, sendBytes } from './send.ts'
import { faultsOf } from './verdict.ts'

/** What a run found. */
export interface InputReport {
  sent: number
  /** How many answers of each status, and of each kind of input. */
  statuses: ReadonlyMap<number, number>
  kinds: ReadonlyMap<string, number>
  faults: readonly string[]
  /** What the server held after warming up and after the run; nothing where it was not asked. */
  memory: { before: Held; after: Held } | undefined
}

interface Options {
  seed: number
  from: number
  count: number
  /** Why the server ended, when it did. */
  ended: () => string | undefined
  /** Requests that are under way at once. */
  lanes?: number
  /** Asks the server what it holds, where it is a process of its own. */
  memory?: () => Promise<Held>
  note?: (line: string) => void
}

const warmUp = 300
const shutting = new Set(['changeSecuritySettings'])
/** Of ten people and nobody, nobody's share of the answers and some more: beyond it people were shut out and no operation was reached. */
const mostUnknown = 0.2

/** Sends bad input of every kind to every operation, as several people and as nobody, and looks at every answer. */
export async function throwInput(address: string, { seed, from, count, ended, lanes = 8, memory, note }: Options): Promise<InputReport> {
  const agent = new http.Agent({ keepAlive: true, maxSockets: lanes })
  const people = await signInAll(address)
  const ground = await groundOf(address, people)
  // What is taken of these shuts the door on everybody who comes later: it comes last.
  const before = { ...ground, operations: ground.operations.filter(({ id }) => !shutting.has(id)) }
  const found = { statuses: new Map<number, number>(), kinds: new Map<string, number>(), faults: [] as string[] }
  const one = async (number: number) => {
    const input = drawInput(number - from < count * 0.95 ? before : ground, seed, number)
    const person = people[number % (people.length + 1)]
    const faults = await tryInput(address, agent, person, input, found)
    for (const fault of faults)
      found.faults.push(`#${number} ${input.kind} ${input.method} ${input.path.slice(0, 120)} (${input.operation}): ${fault}`)
  }
  const through = async (first: number, last: number) => {
    let number = first
    const lane = async () => {
      while (number < last && found.faults.length < 50 && ended() === undefined) {
        const mine = number++
        await one(mine)
        if (mine % 5000 === 4999) note?.(`${mine + 1 - from} inputs, ${found.faults.length} faults`)
      }
    }
    await Promise.all(Array.from({ length: lanes }, lane))
  }
  const warm = Math.min(warmUp, count)
  await through(from, from + warm)
  const heldBefore = memory && (await settledMemory(memory))
  await through(from + warm, from + count)
  for (const frame of brokenFrames) found.faults.push(...(await tryFrame(address, frame)))
  agent.destroy()
  const unknown = (found.statuses.get(401) ?? 0) / count
  if (unknown > mostUnknown) found.faults.push(`${Math.round(unknown * 100)} % of the answers were 401: the run reached too little`)
  const died = ended()
  if (died !== undefined) found.faults.push(`the server ended: ${died}`)
  const after = memory && died === undefined ? await settledMemory(memory) : undefined
  return { sent: count + brokenFrames.length, ...found, memory: heldBefore && after && { before: heldBefore, after } }
}

interface Person {
  signingIn?: Promise<void> | undefined
  username: string
  password: string
  cookie: string | undefined
}

async function tryInput(
  address: string,
  agent: http.Agent,
  person: Person | undefined,
  input: Input,
  found: { statuses: Map<number, number>; kinds: Map<string, number> },
): Promise<string[]> {
  found.kinds.set(input.kind, (found.kinds.get(input.kind) ?? 0) + 1)
  try {
    const cookie = person?.cookie
    const reply = await send(address, agent, cookie, input)
    found.statuses.set(reply.status, (found.statuses.get(reply.status) ?? 0) + 1)
    // Some inputs are good enough to sign somebody out. Once for all lanes: as many at once as there are lanes would lock the account.
    if (reply.status === 401 && person?.cookie === cookie) await signInOnce(address, person)
    return faultsOf(input, reply)
  } catch (error) {
    // A client library may refuse to send what is not HTTP at all; that says nothing of the server.
    const code = (error as NodeJS.ErrnoException).code ?? ''
    if (code.startsWith('ERR_')) return []
    return [`was not answered: ${String(error)}`]
  }
}

async function tryFrame(address: string, { what, bytes, half }: (typeof brokenFrames)[number]): Promise<string[]> {
  try {
    const heard = await sendBytes(address, bytes, half === true)
    const status = Number(/^HTTP\/1\.1 (\d+)/.exec(heard)?.[1] ?? 0)
    return status >= 500 ? [`${what}: answered ${heard.slice(0, 200)}`] : []
  } catch (error) {
    return [`${what}: ${String(error)}`]
  }
}

async function signInOnce(address: string, person: Person | undefined): Promise<void> {
  if (!person) return
  person.signingIn ??= signIn(address, person)
    .then((cookie) => {
      person.cookie = cookie
    })
    .finally(() => {
      person.signingIn = undefined
    })
  await person.signingIn
}

async function signIn(address: string, { username, password }: Omit<Person, 'cookie' | 'signingIn'>): Promise<string | undefined> {
  const answer = await fetch(`${address}/api/v1/sessions`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ username, password }),
  })
  await answer.arrayBuffer()
  return answer.headers.get('set-cookie')?.split(';')[0]
}

/** One person of each of the duties that can do most. */
async function signInAll(address: string): Promise<Person[]> {
  const answer = await fetch(`${address}/api/v1/demo/accounts`)
  const { items } = (await answer.json()) as { items: { username: string; password: string; roles: string[] }[] }
  const wanted = [
    'applicant',
    'big-data-center',
    'drc',
    'finance',
    'data-steward',
    'supervisor',
    'system-admin',
    'security-admin',
    'audit-admin',
    'citizen',
  ]
  const people = wanted.flatMap((role) => items.find(({ roles }) => roles.length === 1 && roles[0] === role) ?? [])
  if (people.length < 5) throw new Error('the city has not enough people')
  return Promise.all(
    people.map(async ({ username, password }) => ({ username, password, cookie: await signIn(address, { username, password }) })),
  )
}

/** The contract, and ids of things that are there. */
async function groundOf(address: string, people: readonly Person[]): Promise<Ground> {
  const operations = operationsIn((await (await fetch(`${address}/openapi.json`)).json()) as Parameters<typeof operationsIn>[0])
  const lists = operations.filter(({ method, path }) => method === 'GET' && !path.includes('{'))
  const ids = new Set<string>(['00000000-0000-4000-8000-00000000dead'])
  for (const person of people.slice(0, 4)) for (const list of lists) for (const id of await idsOf(address, person, list)) ids.add(id)
  // Signing in hashes a password each time: it is asked for in its own tests, and would take all the time here.
  const slow = new Set([
    'signIn',
    'changePassword',
    'openAccount',
    'resetPassword',
    'beginSecondFactor',
    'removeSecondFactor',
    'finishSignIn',
  ])
  const hints = { secrecy: false, orgId: 'civil-affairs', userUnitOrgId: 'civil-affairs', act: 'plan.file', q: '系统' }
  return { operations: operations.filter(({ id }) => !slow.has(id)), ids: [...ids], hints }
}

async function idsOf(address: string, person: Person, list: Operation): Promise<string[]> {
  const answer = await fetch(`${address}${list.path}`, { headers: { cookie: person.cookie ?? '' } })
  // A file that is handed out lists nothing.
  const isList = answer.headers.get('content-type')?.includes('json') === true
  const text = await answer.text()
  const body = (isList ? JSON.parse(text) : {}) as { items?: { id?: unknown; caseId?: unknown }[] }
  return (body.items ?? []).slice(0, 5).flatMap(({ id, caseId }) => [id, caseId].filter((one): one is string => typeof one === 'string'))
}

/** What is held once it no longer falls: pages that a collection has emptied go back to the system a little later. */
async function settledMemory(memory: () => Promise<Held>): Promise<Held> {
  let least = await memory()
  for (let unchanged = 0, rounds = 0; unchanged < 3 && rounds < 30; rounds++) {
    await pause(1000)
    const now = await memory()
    unchanged = now.rss < least.rss * 0.98 ? 0 : unchanged + 1
    if (now.rss < least.rss) least = now
  }
  return least
}
