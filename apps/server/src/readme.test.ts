import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { configOf } from '@tongchou/exchange/agent-config'
import { loadResourcePacks } from '@tongchou/resource-packs'
import { testDatabase } from '@tongchou/testing'
import { afterAll, expect, test } from 'vitest'
import { exchangeCity } from './testing/exchange-city.given.ts'

const root = join(import.meta.dirname, '../../..')
const center = await exchangeCity(await testDatabase())
const folder = mkdtempSync(join(tmpdir(), 'tongchou-readme-'))
let running: ChildProcess | undefined
afterAll(async () => {
  if (running?.kill('SIGTERM')) await once(running, 'exit')
  await center.close()
  rmSync(folder, { recursive: true, force: true })
})

/** The commands under a heading, in their order. */
function commandsOf(file: string, heading: string): string[] {
  const [, after = ''] = readFileSync(join(root, file), 'utf8').split(`## ${heading}\n`)
  const [section = ''] = after.split('\n## ')
  return [...section.matchAll(/```sh\n([\s\S]*?)```/g)].flatMap(([, block = '']) => block.trim().split(/\n\s*/))
}

function started(command: string): ChildProcess {
  const here = command.replace('npx tongchou', `exec ${process.execPath} ${join(root, 'apps/cli/tongchou.js')}`)
  return spawn('sh', ['-c', here], { cwd: folder, stdio: ['ignore', 'pipe', 'inherit'] })
}

/** Runs it to its end, which has to be a good one; gives what it printed. */
async function ran(command: string): Promise<string> {
  const child = started(command)
  let out = ''
  child.stdout?.on('data', (part) => {
    out += part
  })
  const [code] = await once(child, 'close')
  expect([command, code, out]).toEqual([command, 0, out])
  return out
}

const commands = commandsOf('README.md', 'Connect a department in under ten minutes')

test('the commands by which a department is connected are the same in both languages', () => {
  expect(commands.length).toBeGreaterThan(5)
  expect(commandsOf('README.zh-CN.md', '十分钟接入一个部门')).toEqual(commands)
})

test('who follows them has the department’s records at the center, and what changes there afterwards', async () => {
  const [write = '', choose = '', keepToken = '', key = '', check = '', run = '', change = '', ...rest] = commands
  expect(rest).toEqual([])
  const packed = loadResourcePacks(join(root, 'resource-packs')).flatMap(({ resources }) => resources)
  const { title, kind, items, key: keyNames } = packed.find(({ name }) => name === 'household') ?? ({} as never)
  const [first = '', ...others] = items.flatMap(({ id, name }) => (keyNames.includes(name) ? [id] : []))
  const typed = items.map(({ id, title: itemTitle, type, required, isKey }) => ({
    id,
    title: itemTitle,
    type,
    required: required || isKey,
  }))
  await center.install({ resource: 'households', version: 1, title, kind, key: [first, ...others], items: typed })
  const channel = await center.channel('民政低保', 'households')
  const { token } = await center.token()

  await ran(write)
  // What the page of the channel gives; two readings of the file are nearer to each other than by day.
  const page = configOf(
    center.url,
    channel,
    items.map((item) => ({ id: item.id, name: item.title, code: item.column })),
  )
  writeFileSync(join(folder, 'minzheng/agent.yaml'), page.replace('mode: whole', 'settle: 200ms\n      mode: whole'))
  await ran(choose)
  await ran(keepToken.replace('令牌', token))
  const [publicKey] = (await ran(key)).match(/04[0-9a-f]{128}/) ?? []
  const registered = await (await center.city.as('center')).post(`/api/v1/channels/${channel}/keys`, { version: 1, publicKey })
  expect(registered.status).toBe(200)
  expect(await ran(check)).toContain('正常')
  running = started(run)
  const patient = { timeout: 60_000, interval: 100 }
  await expect.poll(async () => (await center.records('households')).length, patient).toBe(1226)
  await ran(change)
  await expect.poll(async () => (await center.records('households')).length, patient).toBe(1225)
})
