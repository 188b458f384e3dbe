import { type ChildProcess, execFile, execFileSync, spawn, spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir, userInfo } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { promisify } from 'node:util'

/** A MariaDB of its own that listens on a socket in a folder of its own. */
export interface GivenMariadb {
  /** As the configuration names it. */
  urlOf(user: string, password: string): string
  query(text: string): Promise<void>
  /** Ends the server as a power cut would. */
  kill(): Promise<void>
  start(): Promise<void>
  close(): Promise<void>
}

const folders = ['/usr/sbin', '/usr/libexec', '/usr/bin', '/usr/local/sbin', '/usr/local/bin']
const programOf = (name: string) => folders.map((folder) => join(folder, name)).find((path) => spawnSync(path, ['--version']).status === 0)

/** The server of Debian's package, or why there is none. */
export async function givenMariadb(): Promise<GivenMariadb | { notRun: string }> {
  const server = programOf('mariadbd')
  const install = programOf('mariadb-install-db') ?? '/usr/bin/mariadb-install-db'
  const client = programOf('mariadb')
  if (!server || !client) return { notRun: '没有 MariaDB：apt-get install mariadb-server' }
  const folder = mkdtempSync(join(tmpdir(), 'tongchou-mariadb-'))
  const data = join(folder, 'data')
  const socket = join(folder, 'socket')
  const own = ['--no-defaults', `--datadir=${data}`]
  const user = `--user=${userInfo().username}`
  execFileSync(install, [...own, user, '--auth-root-authentication-method=normal', '--skip-test-db'], { stdio: 'pipe' })
  let process: ChildProcess | undefined
  const limits = [
    '--skip-networking',
    '--default-time-zone=+08:00',
    '--character-set-server=utf8mb4',
    '--innodb-buffer-pool-size=32M',
    '--innodb-log-file-size=8M',
    '--sql-mode=NO_ENGINE_SUBSTITUTION',
  ]
  const end = async (signal: NodeJS.Signals) => {
    if (!process || process.exitCode !== null || process.signalCode !== null) return
    const gone = new Promise((resolve) => process?.once('exit', resolve))
    process?.kill(signal)
    await gone
    process = undefined
  }
  const given: GivenMariadb = {
    urlOf: (name, password) => `mysql://${name}:${password}@localhost/minzheng?socket=${socket}`,
    async query(text) {
      await promisify(execFile)(client, [
        '--no-defaults',
        `--socket=${socket}`,
        '--user=root',
        '--default-character-set=utf8mb4',
        '--database=minzheng',
        '--execute',
        text,
      ])
    },
    kill: () => end('SIGKILL'),
    async start() {
      process = spawn(server, [...own, user, `--socket=${socket}`, `--pid-file=${join(folder, 'pid')}`, ...limits], { stdio: 'ignore' })
      for (let tries = 0; ; tries++) {
        try {
          await promisify(execFile)(client, [
            '--no-defaults',
            `--socket=${socket}`,
            '--user=root',
            '--execute',
            'create database if not exists minzheng',
          ])
          return
        } catch (error) {
          if (tries > 300) throw error
          await pause(100)
        }
      }
    },
    async close() {
      await end('SIGKILL')
      rmSync(folder, { recursive: true, force: true })
    },
  }
  await given.start()
  return given
}
