import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { setTimeout as pause } from 'node:timers/promises'
import { parseConfig, readStatus } from '@tongchou/agent'
import { copyField, type ResourceDefinition } from '@tongchou/records'
import type pg from 'pg'
import { from as copyFrom } from 'pg-copy-streams'
import { type Department, department, sending, startAgent } from './exchange.ts'
import { type Figure, median } from './measure.ts'
import { asOwner, withPlatform } from './platform.ts'

const ROWS = 100_000
const ROUNDS = Number(process.env.BENCH_ROUNDS ?? 2)
/** Of an agent that is told nothing else. */
const BATCH = 5000

/**
 * What the exchange takes for rows that lie in an agent's spool, sent by the agent over HTTP to the platform and committed there, until the last receipt is
 * back: against one COPY of the same rows into a table of the same shape and key, and, where all rows change, against a bare upsert of them in as many
 * commits. The same database, in turns.
 */
export async function ingest(): Promise<Figure[]> {
  return withPlatform((platform) =>
    asOwner(platform, async (owner) => {
      const there = await department(platform)
      try {
        const rounds: Round[] = []
        for (let round = 0; round < ROUNDS; round++) rounds.push(await measured(owner, there, round))
        return figures(rounds)
      } finally {
        there.close()
      }
    }),
  )
}

/** Rows per second of each way of one round. */
type Round = Record<'copy' | 'upsert' | 'load' | 'unchanged' | 'tenth' | 'deletes' | 'all', number>

async function measured(owner: pg.Client, there: Department, round: number): Promise<Round> {
  const definition = households(`bench-${round}`)
  const channel = await there.channel(owner, definition)
  const { rows: made } = await owner.query<{ number: number }>('select number from libraries.resource where resource = $1', [
    definition.resource,
  ])
  const bare = `bare_${round}`
  await owner.query(`create table ${bare} (like library_data.r_${made[0]?.number} including all) with (fillfactor = 80)`)
  const base = rowsOf(() => 0)
  const tenth = rowsOf((i) => (i % 10 === 3 ? 1 : 0))
  const all = rowsOf(() => 2)
  // Texts are made before the clock runs: in the product they lie in the agent's spool.
  const copies = { base: copyText(base), all: copyText(all) }
  // Each part begins just after a checkpoint or none of them does: the first change of a page after one is written whole.
  const timed = async (work: () => Promise<unknown>, lines = ROWS) => {
    await owner.query('checkpoint')
    const began = performance.now()
    await work()
    return (lines / (performance.now() - began)) * 1000
  }
  // A spool of its own for each part, so that nothing is held back as known: whole files, one after the other, as the department exports them.
  const sent = async (part: string, ...files: Row[][]) => {
    const data = `${round}-${part}`
    const yaml = agentYaml(there, channel, data)
    mkdirSync(join(there.folder, `${data}-in`))
    const agent = startAgent({ yaml, folder: there.folder, isHeld: true })
    try {
      let waiting = 0
      for (const [n, rows] of files.entries()) {
        writeFileSync(join(there.folder, `${data}-in`, `${n}.csv`), csvText(rows))
        waiting += Math.ceil((n === 0 ? rows.length : (files[n - 1]?.length ?? 0) - rows.length) / BATCH)
        while ((readStatus(parseConfig(yaml, there.folder)).channels[0]?.waiting.batches ?? 0) < waiting) await pause(100)
      }
      const lines = (files[0]?.length ?? 0) * (files.length > 1 ? 2 : 1) - (files.length > 1 ? (files[1]?.length ?? 0) : 0)
      return await timed(() => agent.sends(lines), lines)
    } finally {
      await agent.stop()
    }
  }
  const copy = await timed(() => bareCopy(owner, bare, copies.base))
  const load = await sent('load', base)
  const unchanged = await sent('again', base)
  const tenthOf = await sent('tenth', tenth)
  const upsert = await timed(() => bareUpsert(owner, bare, copies.all))
  const allOf = await sent('all', all)
  const deletes = await sent(
    'deletes',
    all,
    all.filter((_, i) => i % 100 !== 7),
  )
  return { copy, upsert, load, unchanged, tenth: tenthOf, deletes, all: allOf }
}

function agentYaml(there: Department, channel: string, data: string): string {
  const items = Object.fromEntries(Array.from({ length: 11 }, (_, i) => [`i${i + 1}`, `i${i + 1}`]))
  const source = `kind: csv\nfolder: ${there.folder}/${data}-in\nfiles: '*.csv'\nmode: whole\nsettle: 0s`
  return [there.head(data), sending(channel, source, items, ['every: 200ms'])].join('\n')
}

const csvText = (rows: readonly Row[]) =>
  [Array.from({ length: 11 }, (_, i) => `i${i + 1}`).join(','), ...rows.map((row) => row.map((value) => value ?? '').join(',')), ''].join(
    '\n',
  )

function figures(rounds: readonly Round[]): Figure[] {
  const of = (way: keyof Round) => median(rounds.map((round) => round[way]))
  const figure = (name: string, way: keyof Round, limit: 'copy' | 'upsert', wanted: number): Figure => {
    const ratio = median(rounds.map((round) => round[way] / round[limit]))
    return {
      name: `agent's spool to commit, ${name}`,
      ours: `${Math.round(of(way))} rows/s`,
      against: `${limit === 'copy' ? 'bare COPY' : 'bare upsert'} ${Math.round(of(limit))} rows/s`,
      ratio,
      wanted: `≥ ${wanted}`,
      holds: ratio >= wanted,
    }
  }
  return [
    figure('first load', 'load', 'copy', 0.25),
    figure('nothing changed', 'unchanged', 'copy', 0.4),
    figure('a tenth changed', 'tenth', 'copy', 0.35),
    figure('a hundredth gone', 'deletes', 'copy', 0.35),
    figure('all changed', 'all', 'upsert', 0.9),
  ]
}

type Value = string | number | null
type Row = readonly [string, ...Value[]]

/** Households with eleven items, in no order of their keys, as departments send them. */
function rowsOf(version: (row: number) => number): Row[] {
  return Array.from({ length: ROWS }, (_, i) => {
    const number = (i * 7919) % ROWS
    const income = ((number * 37) % 300_000) + version(i)
    const day = `2026-${String((number % 12) + 1).padStart(2, '0')}-${String((number % 28) + 1).padStart(2, '0')}`
    return [
      `150302${String(number).padStart(9, '0')}`,
      `户主${number % 977}`,
      citizenId(number),
      `海勃湾区新华街道${number % 311}号`,
      '01',
      income,
      (number % 6) + 1,
      day,
      number % 3 === 0 ? null : `1300${String(number).padStart(7, '0')}`,
      number % 2 === 0 ? '是' : '否',
      `${income / 100}`,
    ]
  })
}

function citizenId(number: number): string {
  const body = `150302198${number % 10}0${(number % 9) + 1}1${number % 10}${String(number % 1000).padStart(3, '0')}`
  const weights = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2]
  const sum = [...body].reduce((total, digit, i) => total + Number(digit) * (weights[i] ?? 0), 0)
  return body + '10X98765432'.charAt(sum % 11)
}

function households(resource: string): ResourceDefinition {
  const items: ResourceDefinition['items'] = [
    { id: 'i1', title: '家庭编号', type: { kind: 'text', length: 15 }, required: true },
    { id: 'i2', title: '户主姓名', type: { kind: 'text', length: 60 }, required: true },
    { id: 'i3', title: '公民身份号码', type: { kind: 'citizen-id' }, required: true },
    { id: 'i4', title: '住址', type: { kind: 'text', length: 120 }, required: false },
    { id: 'i5', title: '类别', type: { kind: 'code', codes: ['01', '02'] }, required: true },
    { id: 'i6', title: '月收入', type: { kind: 'money' }, required: false },
    { id: 'i7', title: '人口', type: { kind: 'integer' }, required: true },
    { id: 'i8', title: '起保日期', type: { kind: 'date' }, required: false },
    { id: 'i9', title: '电话', type: { kind: 'text', length: 20 }, required: false },
    { id: 'i10', title: '在保', type: { kind: 'flag' }, required: true },
    { id: 'i11', title: '月收入（元）', type: { kind: 'decimal', digits: 12, scale: 2 }, required: false },
  ]
  return { resource, version: 1, title: '低保家庭', kind: 'state', key: ['i1'], items }
}

const at = '2026-11-29T00:00:00Z'
const copyText = (rows: readonly Row[]) =>
  rows
    .map((row, i) =>
      [row[0], '0'.repeat(32), i + 1, at, 'b', ...row].map((value) => copyField(value === null ? null : String(value))).join('\t'),
    )
    .map((line) => `${line.replaceAll('\t是\t', '\tt\t').replaceAll('\t否\t', '\tf\t')}\n`)

async function bareCopy(client: pg.Client, table: string, lines: readonly string[]): Promise<void> {
  await pipeline(Readable.from(pieces(lines)), client.query(copyFrom(`copy ${table} from stdin`)))
}

function* pieces(lines: readonly string[]): Generator<string> {
  for (let from = 0; from < lines.length; from += 1000) yield lines.slice(from, from + 1000).join('')
}

/** The fastest upsert that is nothing else: COPY into a temporary table and one INSERT … ON CONFLICT for each batch. */
async function bareUpsert(client: pg.Client, table: string, lines: readonly string[]): Promise<void> {
  const items = Array.from({ length: 11 }, (_, i) => `i${i + 1}`)
  const columns = ['record_hash', 'seq', 'changed_at', 'batch_id', ...items]
  for (let from = 0; from < lines.length; from += BATCH) {
    await client.query('begin')
    await client.query(`create temporary table stage (like ${table}) on commit drop`)
    await bareCopy(client, 'stage', lines.slice(from, from + BATCH))
    await client.query(
      `insert into ${table} select * from stage on conflict (record_key) do update set ${columns.map((name) => `${name} = excluded.${name}`).join(', ')}`,
    )
    await client.query('commit')
  }
}
