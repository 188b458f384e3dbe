import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { codeShown, launchBrowser } from '@tongchou/testing'
import { afterAll, expect, onTestFinished, test } from 'vitest'
import { newPerson, noFaults } from './person.ts'
import { childrenOf, createAdministrator, failToStart, isAlive, isLocked, type Platform, startPlatform } from './platform.ts'

const launched = await launchBrowser()
afterAll(() => launched.browser?.close())

const running = new Set<Platform>()

/** An empty data folder that is gone, with whatever still runs on it, when the test is over. */
function emptyFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'tongchou-start-'))
  onTestFinished(async () => {
    for (const platform of running) await platform.end('SIGTERM')
    running.clear()
    rmSync(folder, { recursive: true, force: true })
  })
  return folder
}

async function start(dataDir: string, env: Record<string, string> = {}): Promise<Platform> {
  const platform = await startPlatform(dataDir, env)
  running.add(platform)
  return platform
}

const administrator = { username: 'first-admin', password: 'Wuhai-first-2026' }
const empty = { TONGCHOU_DEMO: '0' }

/** Signs in over HTTP for the first time: an administrator enrols a second factor before anything else. Answers with the session. */
async function signIn(address: string) {
  const { username, password } = administrator
  const begun = await ask(address, '', '/sessions', { username, password })
  const { secret } = (await (await ask(address, cookieOf(begun), '/me/second-factor', { password })).json()) as { secret: string }
  const code = codeShown(secret, new Date())
  return cookieOf(await ask(address, cookieOf(begun), '/me/second-factor/confirm', { code }))
}

async function ask(address: string, cookie: string, path: string, body: object): Promise<Response> {
  const answer = await send(address, cookie, 'POST', path, body)
  expect(answer.ok, await answer.clone().text()).toBe(true)
  return answer
}

const cookieOf = (answer: Response) => answer.headers.get('set-cookie')?.split(';')[0] ?? ''

async function send(address: string, cookie: string, method: 'GET' | 'POST', path: string, body?: object): Promise<Response> {
  return fetch(`${address}/api/v1${path}`, {
    method,
    headers: { cookie, ...(body ? { 'content-type': 'application/json' } : {}) },
    ...(body ? { body: JSON.stringify(body) } : {}),
  })
}

test('from an empty folder to a signed-in 工作台 in a browser, and again on the folder that is there', async (context) => {
  if (launched.notRun !== undefined) return context.skip(launched.notRun)
  const { browser } = launched
  const folder = emptyFolder()
  const times: string[] = []
  for (const round of ['first start', 'second start']) {
    const begun = performance.now()
    const platform = await start(folder)
    const faults = noFaults()
    const person = await newPerson({ browser, address: platform.address, faults })
    await person.page.goto('/')
    // The reviewers of the center are the ones with work on their desks on any day of the year.
    await person.page.getByRole('region', { name: '大数据中心审核' }).getByRole('button').first().click()
    const tasks = person.page.getByRole('table', { name: '待办事项' }).getByRole('row')
    // In sight and in reach: nothing lies above it.
    await tasks.nth(1).getByRole('link').first().click({ trial: true })
    times.push(`${round}: ${((performance.now() - begun) / 1000).toFixed(1)} s`)
    await person.settled()
    expect(faults.list).toEqual([])
    expect(platform.output()).toContain('（演示数据）')
    await person.page.context().close()
    expect(await platform.end('SIGINT')).toBe(0)
    running.delete(platform)
  }
  // How long it takes depends on the machine; the limits are tested on a bare one.
  console.log(`start to workbench: ${times.join(', ')}`)
})

test('an empty city begins with the administrator made on the command line; Ctrl-C ends it with its database', async () => {
  const folder = emptyFolder()
  const platform = await start(folder, empty)
  expect(platform.output()).not.toContain('演示数据')
  expect(await createAdministrator(folder, administrator.username, administrator.password)).toContain(administrator.username)
  const cookie = await signIn(platform.address)
  expect((await send(platform.address, cookie, 'GET', '/me')).status).toBe(200)
  expect((await send(platform.address, cookie, 'GET', '/demo/accounts')).status).toBe(404)

  const workers = childrenOf(platform.pids.postmaster)
  expect(workers.length).toBeGreaterThan(0)
  expect(await platform.end('SIGINT')).toBe(0)
  expect([platform.pids.postmaster, ...workers].filter(isAlive)).toEqual([])
  expect(isLocked(folder)).toBe(false)
})

test('server and database killed right after an act was answered: the acts and the session are there at the next start', async () => {
  const folder = emptyFolder()
  const first = await start(folder, empty)
  await createAdministrator(folder, administrator.username, administrator.password)
  const cookie = await signIn(first.address)
  const made: unknown[] = []
  for (const [id, name] of Object.entries({ archives: '市档案馆', weather: '市气象局', statistics: '市统计局' })) {
    const answer = await send(first.address, cookie, 'POST', '/organisations', { id, name, kind: 'city-department' })
    expect(answer.status, await answer.clone().text()).toBe(201)
    made.push(await answer.json())
  }
  const workers = childrenOf(first.pids.postmaster)
  process.kill(first.pids.postmaster, 'SIGKILL')
  process.kill(first.pids.server, 'SIGKILL')
  expect(await first.end('SIGKILL')).toBe(null)
  running.delete(first)
  expect(isLocked(folder)).toBe(true)

  const second = await start(folder)
  expect(second.pids.postmaster).not.toBe(first.pids.postmaster)
  expect(workers.filter(isAlive)).toEqual([])
  const list = await send(second.address, cookie, 'GET', '/organisations?limit=200')
  expect(list.status).toBe(200)
  const { items } = (await list.json()) as { items: unknown[] }
  expect(items).toEqual(expect.arrayContaining(made))
})

test('a port that is taken is named with its cure, and the database that was started for it is stopped', async () => {
  const first = await start(emptyFolder(), empty)
  const folder = emptyFolder()
  const { port } = new URL(first.address)
  const second = await failToStart(folder, { ...empty, PORT: port })
  expect(second.exitCode).toBe(3)
  expect(second.output).toContain('不能启动')
  expect(second.output).toContain(port)
  expect(isLocked(folder)).toBe(false)
})
