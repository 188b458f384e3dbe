import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, readlinkSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { addDays, todayInShanghai } from '@tongchou/kernel'
import { testDatabase } from '@tongchou/testing'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'

const { connection } = await testDatabase()
const root = join(import.meta.dirname, '../../..')

let folder = ''
const running: ChildProcess[] = []
beforeEach(() => {
  folder = mkdtempSync(join(existsSync('/dev/shm') ? '/dev/shm' : tmpdir(), 'tongchou-contract-'))
})
afterEach(async () => {
  for (const child of running.splice(0)) await end(child)
  rmSync(folder, { recursive: true, force: true })
})

const inherited = (): NodeJS.ProcessEnv => {
  const ours = ['PORT', 'HOST', 'DATABASE_URL', 'TONGCHOU_DATA', 'TONGCHOU_DEMO', 'TONGCHOU_NOW']
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !ours.includes(name)))
}

async function end(child: ChildProcess): Promise<number | null> {
  if (child.exitCode === null && child.signalCode === null) {
    const ended = once(child, 'exit')
    child.kill('SIGTERM')
    await ended
  }
  return child.exitCode
}

/** Starts the platform as `npm start` does and waits for the address that it prints when it is ready. */
async function start(env: Record<string, string>): Promise<{ child: ChildProcess; address: string }> {
  const child = spawn(process.execPath, [join(root, 'apps/server/src/main.js')], {
    cwd: folder,
    env: { ...inherited(), PORT: '0', TONGCHOU_DATA: join(folder, 'data'), ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  running.push(child)
  let said = ''
  const address = await new Promise<string>((resolve, reject) => {
    const hear = (part: Buffer) => {
      said += part.toString()
      const found = /(http:\/\/[\d.]+:\d+)/.exec(said)?.[1]
      if (found) resolve(found)
    }
    child.stdout?.on('data', hear)
    child.stderr?.on('data', hear)
    child.once('exit', () => reject(new Error(`did not start: ${said}`)))
  })
  return { child, address }
}

/** The process and everything it started. */
function familyOf(pid: number): number[] {
  const parents = readdirSync('/proc').flatMap((name) => {
    const stat = /^\d+$/.test(name) && existsSync(`/proc/${name}/stat`) ? readFileSync(`/proc/${name}/stat`, 'utf8') : ''
    const parent = stat.slice(stat.lastIndexOf(')')).split(' ')[2]
    return parent === undefined ? [] : [{ child: Number(name), parent: Number(parent) }]
  })
  const children = (of: number): number[] =>
    parents.filter(({ parent }) => parent === of).flatMap(({ child }) => [child, ...children(child)])
  return [pid, ...children(pid)]
}

/** Sockets that a process holds, by inode; none when it has ended since it was listed. */
function socketsOf(pid: number): string[] {
  try {
    return readdirSync(`/proc/${pid}/fd`).flatMap((fd) => /^socket:\[(\d+)\]$/.exec(readlinkSync(`/proc/${pid}/fd/${fd}`))?.[1] ?? [])
  } catch {
    return existsSync(`/proc/${pid}/fd`) ? socketsOf(pid) : []
  }
}

/** Local addresses on which some processes listen for TCP, as the kernel lists them: hexadecimal, port last. */
function listeningOf(pids: readonly number[]): string[] {
  const sockets = new Set(pids.flatMap(socketsOf))
  const listening = '0A'
  return ['/proc/net/tcp', '/proc/net/tcp6'].filter(existsSync).flatMap((table) =>
    readFileSync(table, 'utf8')
      .split('\n')
      .map((line) => line.trim().split(/\s+/))
      .filter(([, , , state, , , , , , inode]) => state === listening && sockets.has(inode ?? ''))
      .map(([, local = '']) => local),
  )
}

async function send(address: string, method: string, path: string, body?: object, cookie = '') {
  const answer = await fetch(`${address}${path}`, {
    method,
    headers: { cookie, ...(body && { 'content-type': 'application/json' }) },
    ...(body && { body: JSON.stringify(body) }),
  })
  const text = await answer.text()
  return { status: answer.status, body: text && JSON.parse(text), cookie: answer.headers.getSetCookie()[0]?.split(';')[0] ?? '' }
}

describe('the environment of a start', () => {
  test('an empty folder becomes the demo city, which listens on HOST:PORT alone and whose clock starts where it is told', async () => {
    // A day near the one of the install: its snapshot of the demo city serves, and no year of acts is performed here.
    const present = `${addDays(todayInShanghai(new Date()), -1)}T01:00:00Z`
    const { child, address } = await start({ TONGCHOU_NOW: present })
    const { hostname, port } = new URL(address)
    expect(hostname).toBe('127.0.0.1')
    expect(JSON.parse(readFileSync(join(folder, 'data/settings.json'), 'utf8'))).toEqual({ demo: true })
    expect(statSync(join(folder, 'data/keys.json')).mode & 0o777).toBe(0o600)
    // The database listens too, on a socket in the data folder and on no port.
    expect(existsSync(join(folder, 'data/postgres/.s.PGSQL.5432'))).toBe(true)
    const family = familyOf(child.pid ?? 0)
    expect(family.length).toBeGreaterThan(3)
    expect(listeningOf(family)).toEqual([`0100007F:${Number(port).toString(16).toUpperCase().padStart(4, '0')}`])

    const { body: accounts } = await send(address, 'GET', '/api/v1/demo/accounts')
    const roles = new Set(accounts.items.flatMap((account: { roles: string[] }) => account.roles))
    expect(roles.size).toBe(22)
    const [{ username, password }] = accounts.items
    const session = await send(address, 'POST', '/api/v1/sessions', { username, password })
    expect(session.status).toBe(201)
    const now = async () => Date.parse((await send(address, 'GET', '/api/v1/me', undefined, session.cookie)).body.now)
    const first = await now()
    expect(first - Date.parse(present)).toBeGreaterThanOrEqual(0)
    expect(first - Date.parse(present)).toBeLessThan(120_000)
    await new Promise((done) => setTimeout(done, 50))
    expect(await now()).toBeGreaterThan(first)
    expect(await end(child)).toBe(0)
  }, 180_000)

  test('DATABASE_URL uses another server, makes no database of its own and no demo city', async () => {
    const { user, host, port, database } = connection
    const url = `postgres://${user}@localhost:${port}/${database}?host=${encodeURIComponent(host)}`
    const { child, address } = await start({ DATABASE_URL: url, HOST: '127.0.0.2' })
    expect(new URL(address).hostname).toBe('127.0.0.2')
    expect((await send(address, 'GET', '/readyz')).status).toBe(200)
    expect((await send(address, 'GET', '/api/v1/demo/accounts')).status).toBe(404)
    expect((await send(address, 'GET', '/api/v1/policy-packs')).status).toBe(200)
    expect(readdirSync(join(folder, 'data'))).toEqual(['keys.json', 'settings.json'])
    expect(familyOf(child.pid ?? 0)).toEqual([child.pid])
    expect(await end(child)).toBe(0)

    // With another folder there are no keys for what this database knows: told where and how, and none are made.
    const keyFile = join(folder, 'elsewhere/keys.json')
    const refused = spawnSync(process.execPath, [join(root, 'apps/server/src/main.js')], {
      env: { ...inherited(), DATABASE_URL: url, TONGCHOU_DATA: join(folder, 'data'), TONGCHOU_KEY_FILE: keyFile, PORT: '0' },
      encoding: 'utf8',
    })
    expect([refused.status, refused.stderr]).toEqual([3, expect.stringContaining('keys.missing')])
    expect(refused.stderr).toContain(keyFile)
    expect(existsSync(keyFile)).toBe(false)
  }, 60_000)

  test.each([
    [{ PORT: 'http' }, 'settings.port'],
    [{ TONGCHOU_DEMO: 'no' }, 'settings.demo'],
    [{ TONGCHOU_DEMO: '0', TONGCHOU_NOW: '2026-11-22T01:00:00Z' }, 'settings.now'],
    [{ TONGCHOU_NOW: 'yesterday' }, 'settings.now'],
  ])('%j does not start: 3, the variable named, no database made', (env, code) => {
    const answer = spawnSync(process.execPath, [join(root, 'apps/server/src/main.js')], {
      env: { ...inherited(), TONGCHOU_DATA: join(folder, 'data'), ...env },
      encoding: 'utf8',
    })
    expect(answer.status).toBe(3)
    expect(answer.stderr).toContain(code)
    expect(answer.stderr).toContain(Object.keys(env).at(-1))
    expect(answer.stderr).not.toContain(' at ')
    expect(existsSync(join(folder, 'data/postgres'))).toBe(false)
  })
})

describe('the command line', () => {
  const tongchou = (...args: string[]) =>
    spawnSync(join(root, 'node_modules/.bin/tongchou'), args, { cwd: root, env: inherited(), encoding: 'utf8' })

  test('npx tongchou policy check exits 0 and tells that every article is covered', () => {
    const answer = spawnSync('npx', ['tongchou', 'policy', 'check'], { cwd: root, env: inherited(), encoding: 'utf8' })
    expect(answer.status, answer.stderr).toBe(0)
    expect(answer.stdout).toContain('条文覆盖 24/24')
  })

  test('policy check needs no database', () => {
    const nowhere = { DATABASE_URL: 'postgres://nobody@127.0.0.1:1/none', TONGCHOU_DATA: '/dev/null/none' }
    const answer = spawnSync(join(root, 'node_modules/.bin/tongchou'), ['policy', 'check', '--json'], {
      cwd: root,
      env: { ...inherited(), ...nowhere },
      encoding: 'utf8',
    })
    expect(answer.status, answer.stderr).toBe(0)
    const report = JSON.parse(answer.stdout)
    expect(report.ok).toBe(true)
    expect(report.packs.find(({ id }: { id: string }) => id === 'wuhai-2023')).toMatchObject({ articles: 24, covered: 24 })
  })

  test('policy check exits 1 on findings, and says where', () => {
    const packs = join(folder, 'packs')
    mkdirSync(packs)
    writeFileSync(join(packs, 'vocabulary.yaml'), 'acts: {}\nroles: {}\nfacts: {}\ncures: {}\n')
    mkdirSync(join(packs, 'broken'))
    writeFileSync(join(packs, 'broken/pack.yaml'), 'id: broken\n')
    const answer = tongchou('policy', 'check', '--json', packs)
    expect(answer.status, answer.stderr).toBe(1)
    expect(JSON.parse(answer.stdout)).toMatchObject({ ok: false, packs: [{ problems: [{ file: expect.stringContaining('broken') }] }] })
    expect(tongchou('policy', 'check', packs).status).toBe(1)
  })

  test.each([
    [[]],
    [['fly']],
    [['policy']],
    [['policy', 'fly']],
    [['check', 'policy']],
    [['policy', 'check', '--fast']],
    [['policy', 'check', 'one', 'two']],
    [['policy', 'check', '/no/such/folder']],
    [['admin', 'create']],
    [['audit', 'verify', '--head', 'x']],
    [['catalog', 'validate']],
    [['catalog', 'validate', 'no-such-file.json']],
    [['compare', '--left', 'a.csv', '--right', 'b.csv', '--out', 'out']],
    // Commands and options of later versions are not there yet, and do not pretend to be.
    [['compare', '--left', 'a.csv', '--right', 'b.csv', '--key', 'id', '--out', 'out', '--fuzzy']],
    [['backup']],
    [['restore']],
    [['agent', 'run']],
  ])('tongchou %j is wrong usage: 2', (args) => {
    const { status, stdout, stderr } = tongchou(...args, '--json')
    expect(status).toBe(2)
    expect(JSON.parse(stdout || stderr)).toMatchObject({ code: 'usage', message: expect.stringMatching(/[\u4e00-\u9fff]/) })
  })

  test.each([[['fly']], [['policy', 'check', '--fast']], [['admin', 'create']]])('tongchou %j tells how it is used', (args) => {
    const { status, stdout, stderr } = tongchou(...args)
    expect(status).toBe(2)
    expect(`${stdout}${stderr}`).toContain('用法')
  })

  test('what fails for a reason outside exits 3 and says which', () => {
    const run = (...args: string[]) =>
      spawnSync(join(root, 'node_modules/.bin/tongchou'), ['admin', 'create', '--username', 'first.admin', ...args], {
        cwd: root,
        env: { ...inherited(), DATABASE_URL: 'postgres://nobody@127.0.0.1:1/none' },
        encoding: 'utf8',
      })
    expect(run().status).toBe(3)
    const json = run('--json')
    expect(json.status).toBe(3)
    expect(JSON.parse(json.stdout)).toMatchObject({ code: expect.any(String), message: expect.stringMatching(/\S/) })
  })
})
