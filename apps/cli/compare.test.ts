import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { runCompare } from './compare.ts'

const folder = mkdtempSync(join(tmpdir(), 'tongchou-test-cli-compare-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

function given(name: string, content: string): string {
  writeFileSync(join(folder, name), content)
  return join(folder, name)
}

const [a, b] = [given('a.csv', 'id,name\n1,张三\n2,李四\n'), given('b.csv', 'id,name\n2,李思\n3,王五\n')]
const out = join(folder, 'out')
const commands = join(import.meta.dirname, 'commands.ts')

async function run(...args: string[]): Promise<{ code: number; output: string; complaint: string }> {
  let [output, complaint] = ['', '']
  const write = (text: string) => {
    output += text
  }
  const complain = (text: string) => {
    complaint += text
  }
  const code = await runCompare(args, { write, complain })
  return { code, output, complaint }
}

// Put together here: no address with a password stands in a file.
const addressWith = (password: string) => `postgres://u:${password}@h/db`
const sides = (left: string, right: string) => ['--left', left, '--right', right]

test('the same is 0, differences are 1, in words and as JSON', async () => {
  expect(await run(...sides(a, a), '--key', 'id', '--out', out)).toMatchObject({ code: 0, output: expect.stringContaining('两侧相同。') })
  const told = await run(...sides(a, b), '--key', 'id', '--out', out)
  expect(told.code).toBe(1)
  expect(told.output).toContain('仅左侧有 1 行，仅右侧有 1 行，内容不同 1 行。\n不同的列：name 1 处。')
  const json = await run(...sides(a, b), '--key', 'id', '--out', out, '--json')
  expect(JSON.parse(json.output)).toEqual(JSON.parse(readFileSync(join(out, 'summary.json'), 'utf8')))
  expect(JSON.parse(json.output)).toMatchObject({
    leftRows: 2,
    rightRows: 2,
    matched: 1,
    onlyLeft: 1,
    onlyRight: 1,
    differing: 1,
    byField: { name: 1 },
  })
})

test.each([
  ['no option', []],
  ['an unknown option', ['--nothing']],
  ['no place for the result', [...sides(a, b), '--key', 'id']],
  ['no key', [...sides(a, b), '--key', '', '--out', out]],
  ['a key that is no list', [...sides(a, b), '--key', 'id,', '--out', out]],
  ['a key column that is absent', [...sides(a, b), '--key', 'ID', '--out', out]],
  ['a field that is absent', [...sides(a, b), '--key', 'id', '--fields', 'name,age', '--out', out]],
  ['an address without a table', [...sides(addressWith('secret'), b), '--key', 'id', '--out', out]],
  ['fuzzy comparison, which there is not', [...sides(a, b), '--key', 'id', '--out', out, '--fuzzy']],
  ['too little memory', [...sides(a, b), '--key', 'id', '--out', out, '--memory', '1']],
  ['a folder with something else in it', [...sides(a, b), '--key', 'id', '--out', folder]],
])('%s is wrong usage, 2', async (_, args) => {
  const told = await run(...args)
  expect(told).toMatchObject({ code: 2, output: '' })
  expect(told.complaint).not.toContain('secret')
  expect(JSON.parse((await run(...args, '--json')).output)).toMatchObject({ code: expect.any(String), message: expect.any(String) })
})

test('a column whose name has a comma is named as CSV names it', async () => {
  const odd = given('odd.csv', '"id,1",v\n1,x\n')
  expect(await run(...sides(odd, odd), '--key', '"id,1"', '--fields', 'v', '--out', out)).toMatchObject({ code: 0 })
})

test('a file that is not there and keys that are no keys are failures, 3, and leave the earlier result as it was', async () => {
  await run(...sides(a, b), '--key', 'id', '--out', out)
  const before = readFileSync(join(out, 'summary.json'), 'utf8')
  expect(await run(...sides(a, join(folder, 'absent.csv')), '--key', 'id', '--out', out)).toMatchObject({ code: 3 })
  const twice = await run(...sides(a, given('twice.csv', 'id,name\n1,a\n1,b\n')), '--key', 'id', '--out', out, '--json')
  expect(twice.code).toBe(3)
  expect(JSON.parse(twice.output)).toMatchObject({ code: 'compare.keys', keys: { right: { duplicates: [{ key: ['1'], rows: 2 }] } } })
  expect(readFileSync(join(out, 'summary.json'), 'utf8')).toBe(before)
})

test('a command that is ended leaves no result, and one that was killed nothing that stays', async () => {
  const place = join(folder, 'ended')
  const fifth = given('long.csv', `id,v\n${Array.from({ length: 400_000 }, (_, n) => `${n},${n}\n`).join('')}`)
  const args = ['compare', ...sides(fifth, fifth), '--key', 'id', '--out', join(place, 'out')]
  for (const [signal, code] of [
    ['SIGTERM', 3],
    ['SIGKILL', 3],
  ] as const) {
    const child = spawn(process.execPath, [commands, ...args], { stdio: 'ignore' })
    while (!underway(place)) await new Promise((resolve) => setTimeout(resolve, 5))
    child.kill(signal)
    const [ended] = await once(child, 'exit')
    expect(readdirSync(place)).not.toContain('out')
    if (signal === 'SIGTERM') expect(ended).toBe(code)
  }
  expect(readdirSync(place)).toHaveLength(1)
  expect(await run('--left', a, '--right', b, '--key', 'id', '--out', join(place, 'out'))).toMatchObject({ code: 1 })
  expect(readdirSync(place)).toEqual(['out'])
})

test.for([
  ['while the lists are written', (n: number) => `${n},${'y'.repeat(60)}`, 'utf8'],
  ['while a file is written as UTF-8', (n: number) => `${n},${'y'.repeat(60)}`, 'utf16le'],
] as const)('a disk that is full %s is told as such, and no half result stays', async ([_name, line, encoding], context) => {
  if (spawnSync('unshare', ['--mount', 'true']).status !== 0) return context.skip('only somebody who may mount file systems can make one')
  const disk = mkdtempSync(join(folder, 'disk-'))
  const rows = (of: (n: number) => string) => `\ufeffid,v\n${Array.from({ length: 60_000 }, (_, n) => `${of(n)}\n`).join('')}`
  writeFileSync(
    join(folder, 'x.csv'),
    rows((n) => `${n},${'x'.repeat(60)}`),
  )
  writeFileSync(join(folder, 'y.csv'), rows(line), encoding)
  const args = ['compare', ...sides(join(folder, 'x.csv'), join(folder, 'y.csv')), '--key', 'id', '--out', `${disk}/out`, '--json']
  const script = 'mount -t tmpfs -o size=3m tmpfs "$1" && shift && "$@"; code=$?; ls -A "$0"; exit $code'
  const full = spawnSync('unshare', ['--mount', 'sh', '-c', script, disk, disk, process.execPath, commands, ...args], { encoding: 'utf8' })
  expect(full.status).toBe(3)
  // Behind the answer there is nothing: the disk is empty.
  expect(JSON.parse(full.stdout)).toMatchObject({ code: 'compare.disk_full' })
})

function underway(place: string): boolean {
  try {
    return readdirSync(place).length > 0
  } catch {
    return false
  }
}
