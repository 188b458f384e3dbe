import { execFile, execFileSync, spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { appendFileSync, copyFileSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { outboxSql } from '@tongchou/agent'
import pg from 'pg'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { givenBook, textRows } from '../packages/workbook/workbook.given.ts'
import { packAgent } from '../scripts/agent-pack/pack.ts'
import { householdItems, householdTests, soon } from './agent-household.given.ts'
import { type GivenInterface, givenInterface } from './agent-interface.given.ts'

const here = await householdTests()
const { database, center, running, start, table, heads, arrives } = here
const { owner } = database

async function givenTable(rows: readonly [string, string][] = []) {
  await owner.query(`create schema source_${here.number}`)
  await owner.query(`create table ${table()} (id varchar(15) primary key, head text not null, changed_at timestamp not null default now())`)
  for (const row of rows) await owner.query(`insert into ${table()} (id, head) values ($1, $2)`, row)
}

const postgres = (capture: string) => `kind: postgres\nurl: ${center.sourceUrl}\ntable: ${table()}\n${capture}`

describe('a table whose changes are noted by triggers', () => {
  const yaml = () => here.department.yaml(postgres('capture: outbox'), householdItems, 'every: 30ms')
  beforeEach(async () => {
    await givenTable([
      ['A', '甲'],
      ['B', '乙'],
    ])
    await owner.query(outboxSql(table(), ['id']))
  })

  test('comes whole, then change by change: new, changed, gone, and a key that became another', async () => {
    start(yaml())
    await arrives('A=甲', 'B=乙')
    await owner.query(`insert into ${table()} (id, head) values ('C', '丙')`)
    await owner.query(`update ${table()} set head = '乙二' where id = 'B'`)
    await owner.query(`update ${table()} set id = 'D' where id = 'A'`)
    await arrives('B=乙二', 'C=丙', 'D=甲')
    await owner.query(`delete from ${table()} where id = 'C'`)
    await arrives('B=乙二', 'D=甲')
    await expect.poll(async () => (await owner.query('select from tongchou.change where source = $1', [table()])).rowCount, soon).toBe(0)
  })

  test('an agent that looks once an hour is woken by the commit; without the waking trigger it looks as often as it was told', async () => {
    const slow = start(here.department.yaml(postgres('capture: outbox'), householdItems, 'every: 1h'))
    await arrives('A=甲', 'B=乙')
    for (const id of 'CDEF') {
      await owner.query(`insert into ${table()} (id, head) values ($1, '新')`, [id])
      await expect.poll(heads, soon).toContain(`${id}=新`)
    }
    await slow.stop()
    await owner.query(`drop trigger tongchou_wake on ${table()}`)
    start(yaml())
    await owner.query(`delete from ${table()} where id <> 'A'`)
    await arrives('A=甲')
  })

  test('a whole reading that meets nothing new says so, and the center knows its copy to be as of now', async () => {
    await owner.query(`delete from ${table()}`)
    start(yaml())
    const receipts = async () =>
      (await owner.query('select receipt from libraries.batch where resource = $1', [here.resource])).rows.map((row) => row.receipt?.rows)
    await expect.poll(receipts, soon).toEqual([0])
  })

  test('a transaction that commits long after later ones is not passed over', async () => {
    start(yaml())
    await arrives('A=甲', 'B=乙')
    const late = new pg.Client(database.connection)
    await late.connect()
    await late.query('begin')
    await late.query(`insert into ${table()} (id, head) values ('L', '迟')`)
    await owner.query(`insert into ${table()} (id, head) values ('M', '早')`)
    await arrives('A=甲', 'B=乙', 'M=早')
    await late.query('commit')
    await late.end()
    await arrives('A=甲', 'B=乙', 'L=迟', 'M=早')
  })

  test('time stamps without a zone arrive as the moment that they mean in the city', async () => {
    await owner.query(`update ${table()} set changed_at = '2026-03-02 09:30:00' where id = 'A'`)
    start(yaml())
    await arrives('A=甲', 'B=乙')
    const [first] = await center.records(here.resource)
    expect(new Date(String(first?.[2])).toISOString()).toBe('2026-03-02T01:30:00.000Z')
  })

  test('what happens while no agent runs is there when one runs again, and nothing is sent twice', async () => {
    const first = start(yaml())
    await arrives('A=甲', 'B=乙')
    await first.stop()
    await owner.query(`insert into ${table()} (id, head) values ('C', '丙')`)
    await owner.query(`delete from ${table()} where id = 'B'`)
    start(yaml())
    await arrives('A=甲', 'C=丙')
    const log = await center.log(here.resource)
    expect(log.map(([seq]) => seq)).toEqual([1, 2, 3, 4])
  })

  test('a deletion that one agent never sent is sent by the one in its place, which never saw the record', async () => {
    const first = start(yaml())
    await arrives('A=甲', 'B=乙')
    await first.stop()
    await owner.query(`delete from ${table()} where id = 'B'`)
    start(here.department.yaml(postgres('capture: outbox'), householdItems, 'every: 30ms', 'other'))
    await arrives('A=甲')
  })

  test('missing triggers are named with the statements that are to be run, and once they are there it goes on', async () => {
    await owner.query(`drop trigger tongchou_change on ${table()}`)
    const agent = start(yaml())
    await expect.poll(() => agent.log.join(''), soon).toContain('没有安装变更触发器')
    expect(agent.log.join('')).toContain('create trigger tongchou_change')
    await owner.query(outboxSql(table(), ['id']))
    await arrives('A=甲', 'B=乙')
  })

  test('a column that is gone and a table that is gone are named; nothing is lost when they are back', async () => {
    const agent = start(yaml())
    await arrives('A=甲', 'B=乙')
    await owner.query(`alter table ${table()} rename column head to leader`)
    await owner.query(`insert into ${table()} (id, leader) values ('C', '丙')`)
    await expect.poll(() => agent.log.join(''), soon).toContain('source.column_missing')
    await owner.query(`alter table ${table()} rename column leader to head`)
    await arrives('A=甲', 'B=乙', 'C=丙')
    await owner.query(`alter table ${table()} rename to moved`)
    await owner.query(`insert into source_${here.number}.moved (id, head) values ('D', '丁')`)
    await expect.poll(() => agent.log.join(''), soon).toContain('source.unavailable')
    await owner.query(`alter table source_${here.number}.moved rename to household`)
    await owner.query(`update ${table()} set head = '丁二' where id = 'D'`)
    await arrives('A=甲', 'B=乙', 'C=丙', 'D=丁二')
  })

  test('an emptied table is not taken for the truth at once where that is most of it', async () => {
    await owner.query(`insert into ${table()} (id, head) select 'N' || n, '众' from generate_series(1, 300) n`)
    const agent = start(yaml())
    await expect.poll(async () => (await heads()).length, soon).toBe(302)
    await owner.query(`truncate ${table()}`)
    await expect.poll(() => agent.log.join(''), soon).toContain('source.mass_delete')
    expect(await heads()).toHaveLength(302)
  })
})

test('a table read by a watermark: equal and late time stamps are met by the overlap, deletions by the reading of everything', async () => {
  await givenTable([['A', '甲']])
  const source = postgres('capture: watermark\ncolumn: changed_at\noverlap: 1h')
  start(here.department.yaml(source, householdItems, 'every: 30ms\nrescan: 600ms'))
  await arrives('A=甲')
  await owner.query(`insert into ${table()} (id, head, changed_at) values ('B', '乙', now() - interval '30 minutes'), ('C', '丙', now())`)
  await arrives('A=甲', 'B=乙', 'C=丙')
  await owner.query(`insert into ${table()} (id, head, changed_at) values ('D', '丁', '2001-01-01')`)
  await owner.query(`delete from ${table()} where id = 'A'`)
  await arrives('B=乙', 'C=丙', 'D=丁')
})

test('a watermark from the future, of a clock that was set back, passes over nothing that follows', async () => {
  await givenTable()
  await owner.query(
    `insert into ${table()} (id, head, changed_at) values ('A', '甲', (now() at time zone 'Asia/Shanghai') + interval '10 days')`,
  )
  start(here.department.yaml(postgres('capture: watermark\ncolumn: changed_at\noverlap: 1h'), householdItems, 'every: 30ms\nrescan: 1d'))
  await arrives('A=甲')
  await owner.query(`insert into ${table()} (id, head, changed_at) values ('B', '乙', now() at time zone 'Asia/Shanghai')`)
  await arrives('A=甲', 'B=乙')
})

test('a table read as a whole sends what is other than before and nothing else', async () => {
  await givenTable([
    ['A', '甲'],
    ['B', '乙'],
  ])
  start(here.department.yaml(postgres('capture: scan'), householdItems, 'every: 50ms'))
  await arrives('A=甲', 'B=乙')
  await owner.query(`update ${table()} set head = '乙二' where id = 'B'`)
  await owner.query(`delete from ${table()} where id = 'A'`)
  await arrives('B=乙二')
  expect((await center.log(here.resource)).map(([seq, op]) => [seq, op])).toEqual([
    [1, 'upsert'],
    [2, 'upsert'],
    // Both changes in one reading or in two.
    [3, expect.anything()],
    [4, expect.anything()],
  ])
})

describe('a folder of CSV', () => {
  const folder = () => join(here.department.folder, 'in')
  const yaml = (mode: string, more = '') =>
    here.department.yaml(`kind: csv\nfolder: in\nmode: ${mode}\nsettle: 0ms\n${more}`, { i1: '编号', i2: '户主' }, 'every: 30ms')
  const put = (name: string, content: string | Buffer) => writeFileSync(join(folder(), name), content)
  beforeEach(() => mkdirSync(folder()))

  // “编号,户主\nA,甲\n” as GB18030.
  const gb18030 = Buffer.from('b1e0bac52cbba7d6f70a412cbcd70a', 'hex')

  test.each([
    ['GB18030', gb18030],
    ['UTF-8 with a mark', Buffer.from('\ufeff编号,户主\nA,甲\n')],
    ['UTF-16LE with a mark', Buffer.from('\ufeff编号,户主\r\nA,甲\r\n', 'utf16le')],
    ['UTF-16BE with a mark', Buffer.from('\ufeff编号,户主\nA,甲\n', 'utf16le').swap16()],
  ])('in %s is read as what it says', async (_, content) => {
    put('a.csv', content)
    start(yaml('whole'))
    await arrives('A=甲')
  })

  test('whose table is still written, or not there yet, is not told to the center as unchanged', async () => {
    start(yaml('whole').replace('settle: 0ms', 'settle: 200ms'))
    const receipts = async () =>
      (await owner.query('select receipt from libraries.batch where resource = $1', [here.resource])).rows.map((row) => row.receipt?.rows)
    await expect
      .poll(async () => (await owner.query('select from exchange.lane where channel_id = $1', [here.department.channel])).rowCount, soon)
      .toBe(1)
    put('a.csv', '编号,户主\nA,甲\n')
    await arrives('A=甲')
    expect(await receipts()).toEqual([1])
  })

  test('whose newest file is the table: what is no longer in it goes', async () => {
    put('1.csv', '编号,户主\nA,甲\nB,"乙,""二"""\n')
    start(yaml('whole'))
    await arrives('A=甲', 'B=乙,"二"')
    put('2.csv', '户主,编号\n丙,C\n乙,B\n')
    await arrives('B=乙', 'C=丙')
  })

  test('whose files each bring more: none is left out, none is read twice', async () => {
    put('1.csv', '编号,户主\nA,甲\n')
    put('2.csv', '编号,户主\nB,乙\n')
    start(yaml('added'))
    await arrives('A=甲', 'B=乙')
    appendFileSync(join(folder(), '2.csv'), 'C,丙\n')
    await arrives('A=甲', 'B=乙', 'C=丙')
    expect(await center.log(here.resource)).toHaveLength(3)
  })

  test('bad lines are set aside at the center with their reasons, and the good ones go on', async () => {
    put('1.csv', '编号,户主\nA,甲\nB\n,丙\nD,名字超过了十个字的户主乙\n')
    start(yaml('added'))
    await arrives('A=甲')
    const { rows } = await owner.query('select text, problems from libraries.bad_line where resource = $1 order by line', [here.resource])
    expect(rows.map(({ problems }) => problems[0].rule)).toEqual(['shape', 'required', 'length'])
    expect(rows[0].text).toBe('"B"')
  })

  test.each([
    ['无此列', '编号,姓名\nA,甲\n', 'source.column_missing'],
    ['空文件', '', 'source.empty'],
    ['只有表头', '编号,户主\n', 'source.empty'],
    ['引号不闭合', '编号,户主\nA,"甲\n', 'source.csv'],
    ['不是文本', Buffer.from([0xb1, 0xe0, 0xff, 0xff, 0x0a]), 'source.encoding'],
  ])('%s：说明文件和改法，已有的记录不动', async (_, content, code) => {
    put('1.csv', '编号,户主\nZ,原有\n')
    const agent = start(yaml('whole'))
    await arrives('Z=原有')
    put('2.csv', content)
    await expect.poll(() => agent.log.join(''), soon).toContain(code)
    expect(await heads()).toEqual(['Z=原有'])
    put('3.csv', '编号,户主\nZ,改正\n')
    await arrives('Z=改正')
  })

  test('that vanishes is named, and goes on when it is back', async () => {
    const agent = start(yaml('added'))
    rmSync(folder(), { recursive: true })
    await expect.poll(() => agent.log.join(''), soon).toContain('source.unavailable')
    mkdirSync(folder())
    put('1.csv', '编号,户主\nA,甲\n')
    await arrives('A=甲')
    await expect.poll(() => agent.log.join(''), soon).toContain('来源已恢复')
  })
})

describe('a folder of workbooks', () => {
  const yaml = (mode: string, more = '') =>
    here.department.yaml(
      `kind: excel\nfolder: in\nmode: ${mode}\nsettle: 0ms\n${more}`,
      { i1: '家庭编号', i2: '户主', i3: '变更时间' },
      'every: 30ms',
    )
  const titles = ['家庭编号', '户主', '变更时间']
  const put = (name: string, rows: readonly string[][], more = '', sheets = 1) => {
    const sheet = { rows: textRows(rows) + more }
    writeFileSync(join(here.department.folder, 'in', name), givenBook({ sheets: Array.from({ length: sheets }, () => sheet) }))
  }
  beforeEach(() => mkdirSync(join(here.department.folder, 'in')))

  test('is read below its headings wherever they stand, by label or item id, and what is no longer in the newest goes', async () => {
    put('1.xlsx', [['低保家庭名册'], [], titles, ['A', '甲', '2026-03-02 09:30:00'], ['B', '乙']])
    start(yaml('whole'))
    await arrives('A=甲', 'B=乙')
    expect(new Date(String((await center.records(here.resource))[0]?.[2])).toISOString()).toBe('2026-03-02T01:30:00.000Z')
    put('2.xlsx', [
      ['i3', '户 主', 'i1'],
      ['', '乙二', 'B'],
      ['', '丙', 'C'],
    ])
    await arrives('B=乙二', 'C=丙')
  })

  test('a cell that has lost digits is set aside with row and reason, nothing is taken for gone by it, and the others go on', async () => {
    put('1.xlsx', [titles, ['A', '甲'], ['B', '乙']])
    const agent = start(yaml('whole'))
    await arrives('A=甲', 'B=乙')
    put('2.xlsx', [titles, ['C', '丙']], '<row r="3"><c r="A3"><v>450123199001010010</v></c></row>')
    await arrives('A=甲', 'B=乙', 'C=丙')
    expect((await spoiltLines()).join()).toMatch(/第 3 行.*丢失末尾的数字/)
    expect(agent.log.join('')).toContain('不作为已删除处理')
  })

  test.each<[string, () => void, string]>([
    [
      '无此列',
      () =>
        put('2.xlsx', [
          ['家庭编号', '姓名'],
          ['A', '甲'],
        ]),
      'source.column_missing',
    ],
    ['两张表都符合', () => put('2.xlsx', [titles, ['A', '甲']], '', 2), 'source.table.several_sheets'],
    ['不是工作簿', () => writeFileSync(join(here.department.folder, 'in', '2.xlsx'), '家庭编号,户主\n'), 'source.table'],
    ['只有表头', () => put('2.xlsx', [titles]), 'source.empty'],
  ])('%s：说明文件和改法，已有的记录不动', async (_, putWrong, code) => {
    put('1.xlsx', [titles, ['Z', '原有']])
    const agent = start(yaml('whole'))
    await arrives('Z=原有')
    putWrong()
    await expect.poll(() => agent.log.join(''), soon).toContain(code)
    expect(await heads()).toEqual(['Z=原有'])
  })
})

describe('an interface that answers with JSON', () => {
  let given: GivenInterface
  beforeEach(async () => {
    given = await givenInterface()
  })
  afterEach(() => given.close())
  const yaml = (more: string, every = 'every: 50ms') =>
    here.department.yaml(`kind: http\nurl: ${given.url}\nrecords: data.items\n${more}`, householdItems, every)
  const paged = 'paging: { by: page, parameter: page }\nsize: { parameter: rows, rows: 2 }'

  test.each([
    ['numbered pages', paged],
    ['offsets and a total', 'paging: { by: offset, parameter: offset }\nsize: { parameter: rows, rows: 2 }\ntotal: data.total'],
    ['a cursor', 'paging: { by: cursor, parameter: cursor, next: data.cursor }\nsize: { parameter: rows, rows: 2 }'],
    ['links in the answer', 'paging: { by: link, next: data.next }\nsize: { parameter: rows, rows: 2 }'],
    ['links in the header', 'paging: { by: link }\nsize: { parameter: rows, rows: 2 }'],
    ['one answer', ''],
  ])('is read whole by %s: what is new, changed and gone', async (_, how) => {
    given.records = ['A', 'B', 'C', 'D', 'E'].map((id) => ({ id, head: `户${id}`, changed_at: '2026-03-02 09:30:00' }))
    start(yaml(how))
    await arrives('A=户A', 'B=户B', 'C=户C', 'D=户D', 'E=户E')
    expect(new Date(String((await center.records(here.resource))[0]?.[2])).toISOString()).toBe('2026-03-02T01:30:00.000Z')
    given.records = given.records.slice(1).map((record) => (record.id === 'C' ? { ...record, head: '新主' } : record))
    await arrives('B=户B', 'C=新主', 'D=户D', 'E=户E')
  })

  test('asked for what has changed since: equal and late time stamps are met by the overlap, one from the future moves nothing', async () => {
    const now = Date.now()
    const stamp = (minutes: number) => new Date(now + minutes * 60_000).toISOString()
    given.records = [
      { id: 'A', head: '甲', changed_at: stamp(-1) },
      { id: 'F', head: '误', changed_at: stamp(1_000_000) },
    ]
    start(yaml('since: { parameter: since, field: changed_at, overlap: 30m }', 'every: 50ms\nrescan: 1d'))
    await arrives('A=甲', 'F=误')
    given.records = [...given.records, { id: 'B', head: '乙', changed_at: stamp(-20) }]
    await arrives('A=甲', 'B=乙', 'F=误')
    expect(given.asked.at(-1)).toContain(`since=${encodeURIComponent(`${stamp(-31).slice(0, 19)}Z`)}`)
  })

  test('with a secret from a file, waiting as long as it is told to; a secret that is no longer taken is named and written nowhere', async () => {
    given.secret = 'Bearer geheim-1'
    given.records = [{ id: 'A', head: '甲', changed_at: null }]
    writeFileSync(join(here.department.folder, 'secret'), 'Bearer geheim-1\n')
    given.busy = 2
    const agent = start(yaml(`header: authorization\nsecret-file: secret\n${paged}`))
    await arrives('A=甲')
    expect(given.busy).toBe(0)
    given.secret = 'Bearer geheim-2'
    given.records = [{ id: 'B', head: '乙', changed_at: null }]
    await expect.poll(() => agent.log.join(''), soon).toContain('source.denied')
    expect(agent.log.join('')).not.toContain('geheim')
    writeFileSync(join(here.department.folder, 'secret'), 'Bearer geheim-2\n')
    await arrives('B=乙')
  })

  test.each<[string, Partial<GivenInterface>, string, string]>([
    ['字段改名', { records: [{ id: 'A', leader: '甲', changed_at: null }] }, paged, 'source.column_missing'],
    ['字段变为结构', { records: [{ id: 'A', head: { name: '甲' }, changed_at: null }] }, paged, 'source.type_changed'],
    ['列表改名', { list: 'rows' }, paged, 'source.type_changed'],
    ['空列表', { records: [] }, paged, 'source.empty'],
    ['登录页', { body: '<html>' }, paged, 'source.http_not_json'],
    ['转往别处', { redirect: 'http://127.0.0.1:9/' }, paged, 'source.http_host'],
    ['下一页在别的主机', { next: 'http://127.0.0.2:9/' }, 'paging: { by: link, next: data.next }', 'source.http_host'],
    ['下一页是本页', { next: 'households' }, 'paging: { by: link, next: data.next }', 'source.http_paging'],
    ['条数不符', { total: 9 }, 'total: data.total', 'source.http_incomplete'],
    ['一页过大', { body: ' '.repeat(1_100_000) }, 'most-megabytes: 1', 'source.http_too_large'],
    ['迟迟不答', { hangs: true }, 'timeout: 20ms', 'source.unavailable'],
  ])('%s：说明原因，已有的记录不动，恢复后继续', async (_, change, how, code) => {
    given.records = [{ id: 'Z', head: '原有', changed_at: null }]
    const agent = start(yaml(how))
    await arrives('Z=原有')
    const before = { ...given }
    Object.assign(given, change)
    await expect.poll(() => agent.log.join(''), soon).toContain(code)
    expect(await heads()).toEqual(['Z=原有'])
    Object.assign(given, before)
    given.records = [{ id: 'Z', head: '改正', changed_at: null }]
    await arrives('Z=改正')
  })

  test('a record that lacks a field or has a structure in its place is set aside, not taken for gone, and set aside only once', async () => {
    given.records = [
      { id: 'A', head: '甲', changed_at: null },
      { id: 'B', head: '乙', changed_at: null },
    ]
    start(yaml(paged))
    await arrives('A=甲', 'B=乙')
    given.records = [
      { id: 'A', changed_at: null },
      { id: 'B', head: '乙二', changed_at: null },
    ]
    await arrives('A=甲', 'B=乙二')
    const asked = given.asked.length
    await expect.poll(() => given.asked.length, soon).toBeGreaterThan(asked + 6)
    expect(await spoiltLines()).toEqual([expect.stringContaining('"id":"A"')])
    expect(await heads()).toEqual(['A=甲', 'B=乙二'])
  })

  test('numbers keep all their digits', async () => {
    given.records = [{ id: 'A', head: '甲', changed_at: null }]
    given.body = '{"data":{"items":[{"id":450123199001010,"head":1234567.10,"changed_at":null}]}}'
    start(yaml(''))
    await arrives('450123199001010=1234567.10')
  })
})

/** Puts a disk of one megabyte there, where this process may. */
function mounted(folder: string): boolean {
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=1m', 'tmpfs', folder], { stdio: 'ignore' })
    return true
  } catch {
    return false
  }
}

/** What the center has set aside of the resource, as it came. */
async function spoiltLines(): Promise<string[]> {
  const { rows } = await owner.query('select text from libraries.bad_line where resource = $1 order by at, line', [here.resource])
  return rows.map(({ text }) => JSON.parse(text) as string)
}

describe('an agent', () => {
  const yaml = (data?: string) =>
    here.department.yaml('kind: csv\nfolder: in\nmode: added\nsettle: 0ms', { i1: '编号', i2: '户主' }, 'every: 30ms', data)
  const put = (name: string, content: string) => writeFileSync(join(here.department.folder, 'in', name), content)
  beforeEach(() => mkdirSync(join(here.department.folder, 'in')))

  test('does not start in the folder of one that runs', async () => {
    start(yaml())
    await expect.poll(() => readdirSync(join(here.department.folder, 'data')), soon).toContain('agent.log')
    await expect(here.department.start(yaml()).outcome).rejects.toMatchObject({ code: 'agent.running' })
  })

  test('that another one has replaced stops, and harms nothing of what that one sends', async () => {
    put('1.csv', '编号,户主\nA,甲\n')
    const old = start(yaml('old'))
    await arrives('A=甲')
    const fresh = start(yaml('new'))
    await expect.poll(() => fresh.log.join(''), soon).toContain('第 2 任期')
    put('2.csv', '编号,户主\nB,乙\n')
    expect(await old.outcome).toBe('superseded')
    await arrives('A=甲', 'B=乙')
  })

  test('whose spool was put back to an older state reads anew, and the center has each record once', async () => {
    put('1.csv', '编号,户主\nA,甲\n')
    const first = start(yaml())
    await arrives('A=甲')
    await first.stop()
    const spool = join(
      here.department.folder,
      'data',
      readdirSync(join(here.department.folder, 'data')).find((name) => name.endsWith('.spool')) ?? '',
    )
    copyFileSync(spool, `${spool}.older`)
    const second = start(yaml())
    put('2.csv', '编号,户主\nB,乙\n')
    await arrives('A=甲', 'B=乙')
    await second.stop()
    copyFileSync(`${spool}.older`, spool)
    const third = start(yaml())
    put('3.csv', '编号,户主\nC,丙\n')
    await arrives('A=甲', 'B=乙', 'C=丙')
    expect(third.log.join('')).toContain('可能由备份恢复')
    expect(await center.log(here.resource)).toHaveLength(3)
  })

  test('whose disk is full says so and reads no further; once there is room it goes on, and nothing was lost', async (context) => {
    const data = join(here.department.folder, 'data')
    mkdirSync(data)
    context.skip(!mounted(data), 'a small disk can be mounted by root alone')
    try {
      put('1.csv', '编号,户主\nA,甲\n')
      const agent = start(yaml())
      await arrives('A=甲')
      const ballast = join(data, 'ballast')
      expect(() => writeFileSync(ballast, randomBytes(4 << 20))).toThrow('ENOSPC')
      const heads = Array.from({ length: 3000 }, () => randomBytes(6).toString('hex'))
      put('2.csv', `编号,户主\n${heads.map((head, n) => `B${n},${head.slice(0, 10)}`).join('\n')}\n`)
      await expect.poll(() => agent.log.join(''), soon).toContain('磁盘已满')
      expect(await center.records(here.resource)).toHaveLength(1)
      rmSync(ballast)
      await expect.poll(async () => (await center.records(here.resource)).length, soon).toBe(3001)
      await agent.stop()
      expect((await center.log(here.resource)).length).toBe(3001)
    } finally {
      for (const agent of running.splice(0)) await agent.stop().catch(() => undefined)
      execFileSync('umount', [data])
    }
  })

  test('waits while its channel is suspended, its key unknown or its token gone, says which, and goes on', async () => {
    put('1.csv', '编号,户主\nA,甲\n')
    const token = readFileSync(join(here.department.folder, 'token'), 'utf8')
    const agent = start(yaml())
    await arrives('A=甲')
    const clerk = await center.city.as('center')
    const url = `/api/v1/channels/${here.department.channel}`
    const version = async () => (await clerk.get<{ version: number }>(url)).body.version
    await clerk.post(`${url}/state`, { version: await version(), state: 'suspended', reason: '核查' })
    put('2.csv', '编号,户主\nB,乙\n')
    await expect.poll(() => agent.log.join(''), soon).toContain('exchange.suspended')
    writeFileSync(join(here.department.folder, 'token'), 'x'.repeat(30))
    await clerk.post(`${url}/state`, { version: await version(), state: 'in-use', reason: null })
    await expect.poll(() => agent.log.join(''), soon).toContain('session.required')
    writeFileSync(join(here.department.folder, 'token'), token)
    await arrives('A=甲', 'B=乙')
  })

  test('tells its state, checks its configuration, and names line and cure of what is wrong in it', async () => {
    put('1.csv', '编号,户主\nA,甲\n')
    const checked = await here.department.command('check', yaml())
    expect([checked.code, JSON.parse(checked.out)]).toMatchObject([
      0,
      { channels: [{ ok: true, message: expect.stringContaining('1 个文件') }] },
    ])
    const agent = start(yaml())
    await arrives('A=甲')
    await expect
      .poll(async () => JSON.parse((await here.department.command('status', yaml())).out).channels[0], soon)
      .toMatchObject({ waiting: { batches: 0 }, last: { number: 1, rows: 1, bad: 0 }, troubles: [] })
    await agent.stop()
    const wrong = await here.department.command('check', yaml().replace('mode: added', 'mode: adds'))
    expect(wrong.code).toBe(2)
    expect(JSON.parse(wrong.out)).toMatchObject({
      code: 'config.field',
      message: expect.stringMatching(/第 \d+ 行.*adds/),
      cure: expect.stringContaining('added'),
    })
    const unknown = await here.department.command('check', yaml().replace('i2: 户主', 'i9: 户主'))
    expect([unknown.code, unknown.out]).toEqual([1, expect.stringContaining('没有信息项 i9')])
  })

  test('packed as one file installs offline into an empty folder, goes on under the Node.js that came along, and brings its records', async () => {
    put('1.csv', '编号,户主\nA,甲\n')
    const { file } = await packAgent(join(here.department.folder, 'pack'), 0)
    const alone = join(here.department.folder, 'alone')
    mkdirSync(alone)
    const env = { PATH: process.env.PATH, HOME: alone }
    const npm = ['install', '--offline', '--no-audit', '--no-fund', '--no-update-notifier', file]
    execFileSync('npm', npm, { cwd: alone, env, stdio: 'pipe' })
    const source = 'kind: excel\nfolder: in\nmode: added\nsettle: 0ms'
    writeFileSync(
      join(alone, 'agent.yaml'),
      here.department.yaml(source, { i1: '编号', i2: '户主' }, 'every: 30ms').replace('folder: in', 'folder: ../in'),
    )
    const rows = [
      ['编号', '户主'],
      ['B', '乙'],
    ]
    writeFileSync(join(here.department.folder, 'in', '2.xlsx'), givenBook({ sheets: [{ rows: textRows(rows) }] }))
    const command = (act: string) =>
      [join(alone, 'node_modules/.bin/tongchou-agent'), [act, '--config', join(alone, 'agent.yaml')]] as const
    const checked = await promisify(execFile)(...command('check'), { env })
    expect(checked.stdout).toMatch(/^正常.*1 个文件/)
    const agent = spawn(...command('run'), { env, stdio: 'pipe' })
    const gone = new Promise((resolve) => agent.on('exit', resolve))
    running.push({ stop: async () => agent.kill() })
    await arrives('B=乙')
    agent.kill('SIGTERM')
    expect(await gone).toBe(0)
    // A line of the log points at the same line here.
    const linesOf = (path: string) => readFileSync(path, 'utf8').split('\n').length
    expect(linesOf(join(alone, 'node_modules/tongchou-agent/lib/node_modules/@tongchou/agent/flow.js'))).toBe(linesOf('apps/agent/flow.ts'))
  })
})
