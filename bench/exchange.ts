import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { runAgentCommand } from '@tongchou/agent'
import { installResource } from '@tongchou/libraries'
import type { RecordGrant, ResourceDefinition } from '@tongchou/records'
import type pg from 'pg'
import type { Platform } from './platform.ts'

/** A department of the demo city and its agents' folder: what a benchmark of the exchange begins with. */
export interface Department {
  /** Holds key and tokens; gone afterwards. */
  folder: string
  /** Makes the table of a resource, as the product does, and a channel for it. */
  channel(owner: pg.Client, definition: ResourceDefinition): Promise<string>
  /** Grants the resource to the department itself, to be received as a subscription. */
  grant(owner: pg.Client, resource: string, grant: RecordGrant): Promise<string>
  /** The head of an agent's configuration, with a data folder of its own. */
  head(data: string, token?: 'token' | 'receive-token'): string
  close(): void
}

const PROVIDER = 'civil-affairs'

/** 民政局 with the tokens of its data steward, and a key for its agents. */
export async function department({ address }: Platform): Promise<Department> {
  const folder = mkdtempSync(join(tmpdir(), 'tongchou-bench-agent-'))
  const head = (data: string, token = 'token') =>
    [`center: ${address}`, `token-file: ${folder}/${token}`, `key-file: ${folder}/key.json`, `data: ${folder}/${data}`].join('\n')
  const steward = await session(address, 'civil-affairs-data')
  const center = await session(address, 'bdc-reviewer')
  const expiresOn = new Date(Date.now() + 30 * 86_400_000).toISOString().slice(0, 10)
  for (const [file, tag] of [
    ['token', 'exchange-intake'],
    ['receive-token', 'exchange-feed'],
  ] as const) {
    const made = await steward<{ token: string }>('/tokens', { name: `bench ${tag}`, expiresOn, scope: { access: 'write', tags: [tag] } })
    writeFileSync(join(folder, file), made.token)
  }
  const yaml = join(folder, 'key.yaml')
  writeFileSync(
    yaml,
    [head('key'), sending('00000000-0000-4000-8000-000000000000', 'kind: csv\nfolder: in\nmode: whole', { i1: 'i1' })].join('\n'),
  )
  const out: string[] = []
  await runAgentCommand('key', ['--config', yaml, '--json'], { write: (text) => void out.push(text), complain: () => undefined })
  const { publicKey } = JSON.parse(out.join('')) as { publicKey: string }
  return {
    folder,
    head,
    async channel(owner, definition) {
      await installed(owner, definition)
      const { id } = await center<{ id: string }>('/channels', {
        name: definition.resource,
        orgId: PROVIDER,
        resource: definition.resource,
      })
      await center(`/channels/${id}/keys`, { version: 1, publicKey })
      return id
    },
    async grant(owner, resource, { items, rows }) {
      const { rows: made } = await owner.query<{ id: string }>(
        `insert into sharing."grant" (id, resource, provider_org_id, org_id, way, items, row_conditions, purpose, valid_from, valid_until, state, state_at,
           granted_at, updated_by, updated_at)
         values (gen_random_uuid(), $1, 'big-data-center', $2, 'subscription', $3, $4, 'bench', '2026-01-01', '2099-12-31', 'in-force', now(), now(), '', now())
         returning id`,
        [resource, PROVIDER, JSON.stringify(items), JSON.stringify(rows)],
      )
      return made[0]?.id ?? ''
    },
    close: () => rmSync(folder, { recursive: true, force: true }),
  }
}

/** Beside the platform, which builds its own libraries in its first minutes: both grant rights on the one schema. */
async function installed(owner: pg.Client, definition: ResourceDefinition): Promise<void> {
  for (let tries = 0; ; tries++) {
    try {
      await installResource(owner, definition, new Date())
      return
    } catch (error) {
      if (tries === 20 || !/concurrently updated/.test(String(error))) throw error
      await pause(500)
    }
  }
}

type Asking = <T>(path: string, body: object) => Promise<T>

/** Signs in by name, and asks as that person. */
async function session(address: string, username: string): Promise<Asking> {
  const listed = await fetch(`${address}/api/v1/demo/accounts`)
  const { items } = (await listed.json()) as { items: { username: string; password: string }[] }
  const account = items.find((one) => one.username === username)
  if (!account) throw new Error(`no demo account ${username} among ${items.map((one) => one.username).join(', ')}`)
  let cookie = ''
  const ask: Asking = async (path, body) => {
    const answer = await fetch(`${address}/api/v1${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...(cookie ? { cookie } : {}) },
      body: JSON.stringify(body),
    })
    const text = await answer.text()
    if (!answer.ok) throw new Error(`${path}: ${answer.status} ${text}`)
    cookie = answer.headers.getSetCookie()[0]?.split(';')[0] ?? cookie
    return text === '' ? undefined : JSON.parse(text)
  }
  await ask('/sessions', { username, password: account.password })
  return ask
}

/** A channel of an agent's configuration. */
export function sending(channel: string, source: string, items: Readonly<Record<string, string>>, more: readonly string[] = []): string {
  const pairs = Object.entries(items).map(([id, column]) => `      ${id}: ${column}`)
  return [
    'channels:',
    `  - channel: ${channel}`,
    ...more.map((line) => `    ${line}`),
    '    source:',
    indented(source),
    '    items:',
    ...pairs,
    '',
  ].join('\n')
}

/** A subscription of an agent's configuration. */
export function receiving(subscription: string, url: string, table: string, items: Readonly<Record<string, string>>): string {
  const pairs = Object.entries(items).map(([id, column]) => `      ${id}: ${column}`)
  return [
    'receives:',
    `  - subscription: ${subscription}`,
    '    target:',
    `      url: ${url}`,
    `      table: ${table}`,
    '    items:',
    ...pairs,
    '',
  ].join('\n')
}

const indented = (text: string) =>
  text
    .trim()
    .split('\n')
    .map((line) => `      ${line.trim()}`)
    .join('\n')

/** An agent as a process of its own. */
export interface RunningAgent {
  pid: number
  /** Lets what is in the spool go, and resolves when so many lines have their receipt. */
  sends(lines: number): Promise<void>
  /** Lines that have their receipt. */
  taken(): number
  stop(): Promise<void>
}

/** What an agent is started with, and what it tells. */
export interface AgentArguments {
  yaml: string
  folder: string
  /** Whether it keeps what it has read until it is told to send. */
  isHeld: boolean
}

/** What the agent's launcher gives Node.js. */
function launcherOptions(): string[] {
  const launcher = readFileSync(join(import.meta.dirname, '../apps/agent/tongchou-agent.js'), 'utf8')
  const options = launcher.match(/--max-[a-z-]+=\d+/g)
  if (!options) throw new Error('the launcher of the agent gives no heap')
  return options
}

export function startAgent(args: AgentArguments): RunningAgent {
  const child: ChildProcess = fork(join(import.meta.dirname, 'agent.ts'), [JSON.stringify(args)], {
    execArgv: ['--disable-warning=ExperimentalWarning', ...launcherOptions()],
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  })
  const gone = once(child, 'exit')
  let taken = 0
  let heard = (): void => undefined
  child.on('message', ({ rows }: { rows: number }) => {
    taken += rows
    heard()
  })
  return {
    pid: child.pid ?? 0,
    taken: () => taken,
    async sends(lines) {
      const all = new Promise<void>((resolve, reject) => {
        heard = () => {
          if (taken >= lines) resolve()
        }
        heard()
        void gone.then(() => reject(new Error('the agent has ended')))
      })
      child.send('go')
      await all
    },
    async stop() {
      if (child.connected) child.disconnect()
      await gone
    },
  }
}
