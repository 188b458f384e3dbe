import { readdirSync, readFileSync } from 'node:fs'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, describe, expect, test } from 'vitest'
import { gate } from './child.ts'
import { gateOf } from './gate.ts'
import { hostileFiles } from './hostile.given.ts'
import { markTable, readTable, TableRefused } from './index.ts'
import { givenBook, textRows } from './workbook.given.ts'

const folder = await mkdtemp(join(tmpdir(), 'tongchou-workbook-'))
afterAll(() => rm(folder, { recursive: true }))

const book = givenBook({
  sheets: [
    {
      rows: textRows([
        ['名称', '代码'],
        ['民政局', '001'],
      ]),
    },
  ],
})
const made = (name: string) => hostileFiles.find((file) => file.name === name)?.make() ?? Buffer.alloc(0)

/** Processes of ours that read tables, dead ones that nobody fetched too; of this process only. */
function children(): string[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((pid) => {
      try {
        const stat = readFileSync(`/proc/${pid}/stat`, 'latin1')
        const [state, parent] = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
        return Number(parent) === process.pid &&
          (state === 'Z' || readFileSync(`/proc/${pid}/cmdline`, 'latin1').includes('workbook/child/main.ts'))
          ? [`${pid} ${state}`]
          : []
      } catch {
        return []
      }
    })
}

describe('the child process', () => {
  test('reads from bytes and from a path alike, and is gone', async () => {
    const path = join(folder, '台账.xlsx')
    await writeFile(path, book)
    expect(await readTable(path)).toEqual(await readTable(book))
    expect(children()).toEqual([])
  })

  test('marks, and what it gives back is read', async () => {
    const marked = await markTable(book, [
      { rule: 'R14', severity: 'error', sheet: '表', row: 2, column: 2, value: '001', message: '代码不足三位', fix: '请补足' },
    ])
    const { sheets } = await readTable(marked, { kind: 'xlsx' })
    expect(sheets[0]?.rows[1]?.cells.at(-1)?.text).toBe('【错误】B 列 代码不足三位。请补足。（R14）')
  })

  test('a refusal comes out with its words, place and status; a file that is not there is no refusal', async () => {
    const refused = await readTable(made('a shared string that is none')).catch((error: unknown) => error)
    expect(refused).toBeInstanceOf(TableRefused)
    expect(refused).toMatchObject({ code: 'table.string_index', status: 400, place: { sheet: '表', row: 1, column: 1 } })
    await expect(readTable(join(folder, '没有.xlsx'))).rejects.toMatchObject({ code: 'ENOENT' })
    await expect(readTable(folder)).rejects.not.toBeInstanceOf(TableRefused)
  })

  test('is ended at its limits of time and memory, and the file is named too costly', async () => {
    const slow = made('a million empty rows, and a dimension that lies')
    await expect(readTable(slow, { limits: { milliseconds: 1 } })).rejects.toMatchObject({ code: 'table.took_too_long', status: 413 })
    const many = Buffer.from('长,'.repeat(300_000))
    const wide = { columns: 1_000_000, cells: 2_000_000 }
    await expect(readTable(many, { limits: { ...wide, heapMiB: 16 } })).rejects.toMatchObject({ code: 'table.too_much_memory' })
    await expect(readTable(book, { limits: { residentMiB: 20 } })).rejects.toMatchObject({ code: 'table.too_much_memory' })
    await expect(readTable(book, { limits: { fileBytes: 100 } })).rejects.toMatchObject({ code: 'table.file_too_large' })
    expect(children()).toEqual([])
  })

  test('one that does not go on by itself is killed and not waited for', async () => {
    const reading = readTable(book, { limits: { milliseconds: 1000 } })
    const stopped = (async () => {
      let [child] = children()
      for (; child === undefined; [child] = children()) await sleep(1)
      process.kill(Number.parseInt(child, 10), 'SIGSTOP')
    })()
    await expect(reading).rejects.toMatchObject({ code: 'table.took_too_long' })
    await stopped
    expect(children()).toEqual([])
  })

  test('a caller that gives up takes the child along', async () => {
    const given = new AbortController()
    const reading = readTable(made('400 MB in a file of less than one, told'), { signal: given.signal })
    setTimeout(() => given.abort(new Error('请求已取消')), 50)
    await expect(reading).rejects.toThrow('请求已取消')
    await expect(readTable(book, { signal: AbortSignal.abort(new Error('早已取消')) })).rejects.toThrow('早已取消')
    expect(children()).toEqual([])
  })

  test('two at once work, the others wait, and every place is given back', async () => {
    const readings = Array.from({ length: 5 }, () => readTable(book))
    expect([gate.running, gate.waiting]).toEqual([2, 3])
    await sleep(20)
    expect(children().length).toBeLessThanOrEqual(2)
    expect((await Promise.all(readings)).length).toBe(5)
    expect([gate.running, gate.waiting]).toEqual([0, 0])
    expect(children()).toEqual([])
  })
})

describe('the gate', () => {
  test('turns away whoever comes when the queue is full, and lets go of who gives up', async () => {
    const narrow = gateOf(1, 1)
    let open: () => void = () => undefined
    const first = narrow.through(() => new Promise<void>((resolve) => (open = resolve)))
    const given = new AbortController()
    const second = narrow.through(() => Promise.resolve('second'), given.signal)
    await expect(narrow.through(() => Promise.resolve())).rejects.toMatchObject({ code: 'table.busy' })
    given.abort(new Error('given up'))
    await expect(second).rejects.toThrow('given up')
    const third = narrow.through(() => Promise.resolve('third'))
    open()
    await first
    expect(await third).toBe('third')
    await expect(narrow.through(() => Promise.reject(new Error('broken')))).rejects.toThrow('broken')
    expect([narrow.running, narrow.waiting]).toEqual([0, 0])
  })
})
