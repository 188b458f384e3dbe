import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'

const root = join(import.meta.dirname, '..')

/** A running platform: the process that `npm start` starts. */
export interface Platform {
  address: string
  /** Everything it has printed so far. */
  output(): string
  /** The process itself and its database server. */
  pids: { server: number; postmaster: number }
  /** Sends a signal and gives the exit code, or null when the signal itself ended the process. */
  end(signal: NodeJS.Signals): Promise<number | null>
}

/** How a start ended that did not come up. */
export interface FailedStart {
  exitCode: number | null
  output: string
}

/** Starts the platform on a data folder and waits for its address. A free port is taken unless one is named. */
export async function startPlatform(dataDir: string, env: Record<string, string> = {}): Promise<Platform> {
  const { child, output, address } = await tryStart(dataDir, env)
  if (address === undefined) throw new Error(`the platform did not start: ${output()}`)
  return {
    address,
    output,
    pids: { server: child.pid ?? 0, postmaster: postmasterOf(dataDir) },
    end: async (signal) => {
      const exited = child.exitCode === null && child.signalCode === null ? once(child, 'exit') : Promise.resolve()
      child.kill(signal)
      await exited
      return child.exitCode
    },
  }
}

/** A start that is expected to fail. */
export async function failToStart(dataDir: string, env: Record<string, string>): Promise<FailedStart> {
  const { child, output, address } = await tryStart(dataDir, env)
  if (address !== undefined) {
    child.kill('SIGTERM')
    await once(child, 'exit')
    throw new Error(`the platform started at ${address}`)
  }
  return { exitCode: child.exitCode, output: output() }
}

async function tryStart(dataDir: string, env: Record<string, string>) {
  const { DATABASE_URL: _other, TONGCHOU_NOW: _now, TONGCHOU_DEMO: _demo, ...inherited } = process.env
  const child: ChildProcess = spawn(process.execPath, [join(root, 'apps/server/src/main.js')], {
    cwd: root,
    env: { ...inherited, PORT: '0', TONGCHOU_DATA: dataDir, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let text = ''
  const address = await new Promise<string | undefined>((resolve) => {
    const hear = (part: Buffer) => {
      text += part.toString()
      const found = /统筹已启动：(http:\/\/\S+?)(?:（|\s)/.exec(text)?.[1]
      if (found) resolve(found)
    }
    child.stdout?.on('data', hear)
    child.stderr?.on('data', hear)
    child.once('close', () => resolve(undefined))
  })
  return { child, output: () => text, address }
}

/** The database server of a data folder, as its own lock file names it. */
function postmasterOf(dataDir: string): number {
  return Number(readFileSync(join(dataDir, 'postgres/postmaster.pid'), 'utf8').split('\n')[0])
}

/** Whether a database server holds this data folder, or says it does. */
export function isLocked(dataDir: string): boolean {
  return existsSync(join(dataDir, 'postgres/postmaster.pid'))
}

/** Whether a process still runs. One that has ended and waits for its parent to notice is not alive, though a signal still reaches it. */
export function isAlive(pid: number): boolean {
  return (statOf(pid)?.[0] ?? 'Z') !== 'Z'
}

/** What stands after the name in `/proc/<pid>/stat`: state, parent, and so on; undefined when there is no such process. */
function statOf(pid: number | string): string[] | undefined {
  try {
    return readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1)?.split(' ')
  } catch {
    return undefined
  }
}

/** Every process whose parent is this one: the workers and sessions of a database server. */
export function childrenOf(pid: number): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name) && statOf(name)?.[1] === String(pid))
    .map(Number)
}

/** Opens the first administrator's account the way an operator does. */
export async function createAdministrator(dataDir: string, username: string, password: string): Promise<string> {
  const child = promisify(execFile)(
    process.execPath,
    [join(root, 'apps/cli/tongchou.js'), 'admin', 'create', '--username', username, '--password-stdin'],
    { env: { ...process.env, TONGCHOU_DATA: dataDir, DATABASE_URL: '' } },
  )
  child.child.stdin?.end(password)
  return (await child).stdout
}
