import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'

const root = join(import.meta.dirname, '..')

/** A process that was started for a benchmark, and the address it prints. */
export interface Started {
  address: string
  pid: number
  stop(): Promise<void>
}

/** Starts a program of this checkout, with Node's own options before it, and waits for the first address it prints. */
export async function start(program: readonly string[], env: Record<string, string> = {}): Promise<Started> {
  const child = spawn(process.execPath, program, {
    cwd: root,
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const exited = once(child, 'exit')
  let text = ''
  const address = await new Promise<string>((resolve, reject) => {
    child.stdout.on('data', (part: Buffer) => {
      text += part.toString()
      const found = /http:\/\/127\.0\.0\.1:\d+/.exec(text)?.[0]
      if (found) resolve(found)
    })
    void exited.then(() => reject(new Error(`${program.join(' ')} ended: ${text}`)))
  })
  const stop = async () => {
    child.kill('SIGTERM')
    await exited
  }
  return { address, pid: child.pid ?? 0, stop }
}

/** The demo city in a folder of its own, gone afterwards. */
export async function withPlatform<R>(work: (platform: Platform) => Promise<R>): Promise<R> {
  const folder = mkdtempSync(join(tmpdir(), 'tongchou-bench-'))
  try {
    const server = await start(startCommand(), {
      PORT: '0',
      TONGCHOU_DATA: folder,
      DATABASE_URL: '',
      TONGCHOU_DEMO: '1',
      TONGCHOU_NOW: '',
    })
    try {
      return await work({ ...server, folder })
    } finally {
      await server.stop()
    }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/** What `npm start` starts, options and all. */
function startCommand(): string[] {
  const { scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { scripts: { start: string } }
  const [node, ...program] = scripts.start.split(' ')
  if (node !== 'node') throw new Error(`npm start no longer begins with node: ${scripts.start}`)
  return program
}

export interface Platform extends Started {
  folder: string
}

/** Signs in the first demo account with the duty and gives what a request of theirs carries. */
export async function signedIn(address: string, duty: string): Promise<Record<string, string>> {
  const listed = await fetch(`${address}/api/v1/demo/accounts`)
  const { items } = (await listed.json()) as { items: { username: string; password: string; roles: string[] }[] }
  const account = items.find(({ roles }) => roles.includes(duty))
  if (!account) throw new Error(`no demo account has the duty ${duty}`)
  const answer = await fetch(`${address}/api/v1/sessions`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ username: account.username, password: account.password }),
  })
  const cookie = answer.headers.getSetCookie()[0]?.split(';')[0]
  if (!cookie) throw new Error(`${account.username} could not sign in: ${answer.status}`)
  return { cookie }
}

/** A connection of the owner to a platform's embedded database, for rows that no act could make in the time there is. */
export async function asOwner<R>({ folder }: Platform, work: (client: pg.Client) => Promise<R>): Promise<R> {
  const client = new pg.Client({ host: join(folder, 'postgres'), user: 'postgres', database: 'tongchou' })
  client.on('error', () => undefined)
  await client.connect()
  try {
    return await work(client)
  } finally {
    await client.end()
  }
}
