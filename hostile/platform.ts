import { type ChildProcess, type StdioOptions, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const root = join(import.meta.dirname, '..')

/** The whole platform with the demo city, as a process of its own. */
export interface Platform {
  address: string
  /** Its data folder, as TONGCHOU_DATA. */
  dataDir: string
  pid: number
  /** Why it ended, when it did. */
  ended(): string | undefined
  /** What it holds once its garbage is gone. */
  memory(): Promise<Held>
  stop(): Promise<void>
}

/** Memory in bytes after a collection that was asked for: of the process, and of its objects. */
export interface Held {
  rss: number
  heapUsed: number
}

export interface PlatformPlace {
  /** The checkout it is started from. */
  checkout?: string
  /** Kept when it stops; otherwise a folder of its own that is gone then. */
  dataDir?: string
  port?: number
}

export async function startPlatform({ checkout = root, dataDir, port = 0 }: PlatformPlace = {}): Promise<Platform> {
  const folder = dataDir ?? mkdtempSync(join(existsSync('/dev/shm') ? '/dev/shm' : tmpdir(), 'tongchou-hostile-'))
  const data = dataDir ?? join(folder, 'data')
  const env = { ...process.env, PORT: String(port), HOST: '127.0.0.1', TONGCHOU_DATA: data, TONGCHOU_DEMO: '1', DATABASE_URL: '' }
  const { flags, program } = startOf(checkout)
  const stdio: StdioOptions = ['ignore', 'pipe', 'pipe', 'ipc']
  const own = [...flags, '--expose-gc', '--import', join(import.meta.dirname, 'platform-memory.ts')]
  const child = spawn(process.execPath, [...own, program], { cwd: checkout, env, stdio })
  let said = ''
  let ended: string | undefined
  child.on('exit', (code, signal) => {
    ended = `${code ?? signal}: ${said.slice(-2000)}`
  })
  const address = await addressOf(child, (part) => {
    said = `${said}${part}`.slice(-20_000)
    return said
  })
  return {
    address,
    dataDir: data,
    pid: child.pid ?? 0,
    ended: () => ended,
    memory: async () => {
      child.send('memory')
      const [held] = (await once(child, 'message')) as [Held]
      return held
    },
    stop: async () => {
      if (ended === undefined) {
        child.kill('SIGTERM')
        await once(child, 'exit')
      }
      if (dataDir === undefined) rmSync(folder, { recursive: true, force: true })
    },
  }
}

/** What `npm start` of a checkout starts, and how: what is measured is run as it is run. */
export function startOf(checkout: string): { flags: string[]; program: string } {
  const { scripts } = JSON.parse(readFileSync(join(checkout, 'package.json'), 'utf8')) as { scripts: { start: string } }
  const words = scripts.start.split(' ')
  return { flags: words.filter((word) => word.startsWith('--')), program: join(checkout, words.at(-1) ?? '') }
}

function addressOf(child: ChildProcess, hear: (part: string) => string): Promise<string> {
  return new Promise((resolve, reject) => {
    for (const stream of [child.stdout, child.stderr])
      stream?.on('data', (part: Buffer) => {
        const found = /统筹已启动：(http:\/\/[\d.]+:\d+)/.exec(hear(part.toString()))?.[1]
        if (found) resolve(found)
      })
    child.once('exit', (code) => reject(new Error(`did not start (${code}): ${hear('')}`)))
  })
}
