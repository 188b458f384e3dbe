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

export async function startPlatform(): Promise<Platform> {
  const folder = mkdtempSync(join(existsSync('/dev/shm') ? '/dev/shm' : tmpdir(), 'tongchou-hostile-'))
  const env = { ...process.env, PORT: '0', HOST: '127.0.0.1', TONGCHOU_DATA: join(folder, 'data'), TONGCHOU_DEMO: '1', DATABASE_URL: '' }
  const flags = [...flagsOfStart(), '--expose-gc', '--import', join(import.meta.dirname, 'platform-memory.ts')]
  const stdio: StdioOptions = ['ignore', 'pipe', 'pipe', 'ipc']
  const child = spawn(process.execPath, [...flags, join(root, 'apps/server/src/main.js')], { env, stdio })
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
    dataDir: join(folder, 'data'),
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
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

/** What `npm start` gives the process: what is measured is run as it is run. */
function flagsOfStart(): string[] {
  const { scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { scripts: { start: string } }
  return scripts.start.split(' ').filter((word) => word.startsWith('--'))
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
