import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Center, outboxSql, parseConfig, runAgent } from '@tongchou/agent'
import pg from 'pg'
import { beforeEach, describe, expect, test } from 'vitest'
import { householdItems, householdTests, soon } from './agent-household.given.ts'

const here = await householdTests()
const { database, center, running, start, table, heads, arrives } = here
const { owner } = database
beforeEach(async () => {
  await owner.query(`create schema source_${here.number}`)
  await owner.query(`create table ${table()} (id varchar(15) primary key, head text not null, changed_at timestamp)`)
})

const outbox = (more = '') =>
  here.department.yaml(
    `kind: postgres\nurl: ${center.sourceUrl}\ntable: ${table()}\ncapture: outbox`,
    householdItems,
    `every: 30ms\n${more}`,
  )

async function given(...rows: string[]) {
  for (const row of rows) await owner.query(`insert into ${table()} (id, head) values ($1, $2)`, row.split('='))
  await owner.query(outboxSql(table(), ['id']))
}

/** Behind everybody's back, as the owner of both databases. */
const copy = async () => {
  const { rows } = await owner.query('select number from libraries.resource where resource = $1', [here.resource])
  return `library_data.r_${rows[0].number}`
}

/** Runs of the channel, the first first: what differed by kind, and what became of it. */
async function runs() {
  const { rows } = await owner.query('select * from exchange.reconciliation where channel_id = $1 order by number', [
    here.department.channel,
  ])
  return rows.map(({ only_source, only_center, different, quarantined, repair, repaired_at }) => ({
    found: [only_source, only_center, different],
    quarantined,
    repair,
    isRepaired: repaired_at !== null,
  }))
}

async function differences() {
  const { rows } = await owner.query(
    `select d.kind, d.record_key from exchange.reconciliation_difference d join exchange.reconciliation r on r.id = d.reconciliation_id
     where r.channel_id = $1 order by r.number, d.number`,
    [here.department.channel],
  )
  return rows.map(({ kind, record_key }) => `${kind} ${record_key}`)
}

const byHand = async (yaml: string) => {
  const { code, out } = await here.department.command('reconcile', yaml)
  return { code, told: JSON.parse(out) }
}

test('what was changed behind the agent’s back on either side is found, listed, sent by the ordinary way, and the next look is clean', async () => {
  await given('A=甲', 'B=乙', 'C=丙', 'D=𠮷a')
  const agent = start(outbox())
  await arrives('A=甲', 'B=乙', 'C=丙', 'D=𠮷a')
  await agent.stop()
  // A record lost at the center, one that is other there, one that the source took back and one that it has anew while its triggers were gone.
  await owner.query(`delete from ${await copy()} where record_key = 'A'`)
  await owner.query(`update ${await copy()} set i2 = '改', record_hash = gen_random_uuid() where record_key = 'B'`)
  // And one whose value alone is other, the hash beside it being as it was.
  await owner.query(`update ${await copy()} set i2 = '改' where record_key = 'D'`)
  await owner.query(`drop trigger tongchou_change on ${table()}`)
  await owner.query(`delete from ${table()} where id = 'C'`)
  await owner.query(`insert into ${table()} (id, head) values ('E', '戊')`)
  await owner.query(outboxSql(table(), ['id']))
  const { code, told } = await byHand(outbox())
  expect([code, told.channels[0].message]).toEqual([1, expect.stringMatching(/^对账发现 5 条不一致.*；复核：对账一致：来源 4 条/)])
  expect(await runs()).toEqual([
    { found: [2, 1, 2], quarantined: 0, repair: 'sent', isRepaired: true },
    { found: [0, 0, 0], quarantined: 0, repair: 'none', isRepaired: false },
  ])
  expect((await differences()).sort()).toEqual(['different B', 'different D', 'only-center C', 'only-source A', 'only-source E'])
  expect(await heads()).toEqual(['A=甲', 'B=乙', 'D=𠮷a', 'E=戊'])
  expect((await byHand(outbox())).code).toBe(0)
})

test('a source that changes all the while, one transaction committing late, differs in nothing', async () => {
  await given('A=甲', 'L=早')
  const late = new pg.Client(database.connection)
  await late.connect()
  await late.query('begin')
  await late.query(`update ${table()} set head = '迟' where id = 'L'`)
  start(outbox('reconcile: 100ms'))
  const until = async (count: number) => {
    while ((await runs()).filter(({ repair }) => repair !== null).length < count) {
      await owner.query(
        `insert into ${table()} (id, head) values ('N' || $1, '众') on conflict (id) do update set head = excluded.head || '1'`,
        [Math.floor(Math.random() * 20)],
      )
      await owner.query(`delete from ${table()} where id = 'N' || $1`, [Math.floor(Math.random() * 20)])
    }
  }
  await until(2)
  await late.query('commit')
  await late.end()
  await until(4)
  const all = (await runs()).filter(({ repair }) => repair !== null)
  expect(all.map(({ found }) => found)).toEqual(all.map(() => [0, 0, 0]))
  await expect.poll(async () => (await heads()).includes('L=迟'), soon).toBe(true)
})

test('what waits in the quarantine is counted as such, and a record that was corrected at the center is not taken away', async () => {
  await given('A=甲', 'B=名字超过了十个字的户主乙', 'C=丙')
  const agent = start(outbox())
  await arrives('A=甲', 'C=丙')
  await agent.stop()
  // As a correction leaves it: a record that the source has under no key, or another.
  await owner.query(`update ${await copy()} set batch_id = 'correction/1', record_key = 'K', i1 = 'K' where record_key = 'C'`)
  await owner.query(`alter table ${table()} disable trigger all`)
  await owner.query(`update ${table()} set head = '名字也超过了十个字的户主丙' where id = 'C'`)
  await owner.query(`alter table ${table()} enable trigger all`)
  const { code, told } = await byHand(outbox())
  expect([code, told.channels[0].message]).toEqual([1, expect.stringContaining('只在来源 1、只在中心 0、内容不同 0')])
  // The bad line that had never come is set aside now, and nothing differs any more.
  expect(await runs()).toMatchObject([
    { found: [1, 0, 0], quarantined: 2 },
    { found: [0, 0, 0], quarantined: 3, repair: 'none' },
  ])
  expect(await heads()).toEqual(['A=甲', 'K=丙'])
})

test('many deletions wait for a person; what is missing is sent all the same', async () => {
  await given('A=甲')
  const agent = start(outbox())
  await arrives('A=甲')
  await agent.stop()
  await owner.query(`insert into ${await copy()} (record_key, record_hash, seq, changed_at, batch_id, i1, i2)
    select 'X' || n, gen_random_uuid(), 1, now(), 'b', 'X' || n, '多' from generate_series(1, 150) n`)
  await owner.query(`delete from ${await copy()} where record_key = 'A'`)
  expect((await byHand(outbox())).code).toBe(1)
  expect(await runs()).toMatchObject([{ found: [1, 150, 0], repair: 'held' }])
  start(outbox())
  await expect.poll(async () => (await heads()).length, soon).toBe(151)
  await running.pop()?.stop()
  expect((await byHand(outbox('most-deletes-percent: 100'))).code).toBe(1)
  expect((await runs()).slice(1)).toMatchObject([{ found: [0, 150, 0], repair: 'sent', isRepaired: false }])
  start(outbox('most-deletes-percent: 100'))
  await arrives('A=甲')
  await running.pop()?.stop()
  expect((await byHand(outbox())).code).toBe(0)
  expect((await runs()).map(({ isRepaired }) => isRepaired)).toEqual([true, true, false])
})

describe('answers of the center that were altered on their way', () => {
  const through = async (alter: (center: Center) => Partial<Center>) => {
    const ended = new AbortController()
    const log: string[] = []
    const config = parseConfig(outbox('reconcile: 1ms'), here.department.folder)
    const outcome = runAgent(config, ended.signal, {
      echo: (line) => void log.push(line),
      patience: { first: 20, last: 200 },
      through: (real) => ({ ...real, ...alter(real) }),
    })
    const stop = () => {
      ended.abort()
      return outcome
    }
    running.push({ stop })
    return log
  }

  test.each<[string, Parameters<typeof through>[0]]>([
    [
      'a record more',
      (real) => ({
        askReconciliation: async (asking, question) => {
          const answer = await real.askReconciliation(asking, question)
          if (question.wants === 'rows') answer.rows.push(['Z', '00'.repeat(16), false, false])
          else answer.digests = answer.digests.map(([bucket, rows]) => [bucket, rows, '00'.repeat(16)])
          return answer
        },
      }),
    ],
    [
      'other hashes',
      (real) => ({
        askReconciliation: async (asking, question) => {
          const answer = await real.askReconciliation(asking, question)
          answer.digests = answer.digests.map(([bucket, rows]) => [bucket, rows, '00'.repeat(16)])
          return answer
        },
      }),
    ],
  ])('%s: named, and nothing is taken away or sent', async (_, alter) => {
    await given('A=甲', 'B=乙')
    const log = await through(alter)
    await arrives('A=甲', 'B=乙')
    await expect.poll(() => log.join(''), soon).toContain('reconcile.answer_differs')
    expect(await heads()).toEqual(['A=甲', 'B=乙'])
    expect((await center.log(here.resource)).length).toBe(2)
  })

  test('even where they agree with each other, no record that the source has is taken away', async () => {
    await given('A=甲', 'B=乙')
    // An answer of an empty copy: everything seems to be missing.
    await through((real) => ({
      askReconciliation: async (asking, question) => ({ ...(await real.askReconciliation(asking, question)), digests: [], rows: [] }),
    }))
    await expect.poll(async () => (await runs()).filter(({ repair }) => repair !== null).length, soon).toBeGreaterThan(1)
    expect(await heads()).toEqual(['A=甲', 'B=乙'])
    expect((await center.log(here.resource)).map(([, op]) => op)).toEqual(['upsert', 'upsert'])
  })
})

test('a folder whose newest file is the table is held against the copy as well; one whose files only add is not', async () => {
  mkdirSync(join(here.department.folder, 'in'))
  const yaml = (mode: string) =>
    here.department.yaml(`kind: csv\nfolder: in\nmode: ${mode}\nsettle: 0ms`, { i1: '编号', i2: '户主' }, 'every: 30ms')
  writeFileSync(join(here.department.folder, 'in', '1.csv'), '编号,户主\nA,甲\nB,乙\n')
  const agent = start(yaml('whole'))
  await arrives('A=甲', 'B=乙')
  await agent.stop()
  await owner.query(`delete from ${await copy()} where record_key = 'B'`)
  expect((await byHand(yaml('whole'))).code).toBe(1)
  expect(await heads()).toEqual(['A=甲', 'B=乙'])
  expect((await byHand(yaml('added'))).told.channels[0].message).toBe('每个文件都是新增的来源，不能对账。')
})
