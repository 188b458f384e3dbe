import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { readCsv } from './csv-source.ts'
import { type Engine, openEngine } from './engine.ts'
import { ComparisonProblem } from './problem.ts'
import { openSource } from './source-file.ts'
import { column, literal } from './sql.ts'

/** A table that was copied out as CSV, and how many rows whoever copied it says it has. */
export interface NamedTable {
  file: string
  rows: number
}

/** Which of a table's rows count: those with one of these values, or with the last one that the table has. */
export type NamedCondition = { column: string; is: readonly string[] } | { column: string; latest: true }

/** A named comparison (专题比对) over tables that are called by their place in `tables`, and columns by their names there. */
export interface NamedPlan {
  tables: Readonly<Record<string, NamedTable>>
  /** The column that tells the rows of every table apart. */
  rowKey: string
  group: { table: string; key: string; where: readonly NamedCondition[] }
  people: {
    table: string
    group: string
    person: string
    where: readonly NamedCondition[]
    consent: { column: string; is: string } | null
  }
  reasons: readonly NamedReason[]
  errors: readonly NamedError[]
}

interface NamedReason {
  id: string
  table: string
  match: string
  where: readonly NamedCondition[]
  /** `least` of a sum: columns of the group that are multiplied. */
  test: { kind: 'any' } | { kind: 'distinct'; column: string; least: number } | { kind: 'sum'; column: string; least: readonly string[] }
}

interface NamedError {
  id: string
  table: string
  where: readonly NamedCondition[]
  with: string
  match: { of: string; with: string }
  otherWhere: readonly NamedCondition[]
  test: { kind: 'any'; column: string } | { kind: 'differs' | 'before'; column: string; other: string }
}

/** What was found: each record that speaks against a group, and each that cannot be right beside another. */
export interface NamedResult {
  groups: number
  people: number
  /** Left out because they did not consent. */
  withoutConsent: number
  findings: NamedFinding[]
  errors: NamedErrorFound[]
}

export interface NamedFinding {
  group: string
  reason: string
  /** How many, or how much together; text, because amounts may be larger than a number. */
  value: string
  /** The value that it reached, where there is one. */
  limit: string | null
  /** Row of the table of people. */
  person: string
  /** Row of the other table. */
  record: string
}

export interface NamedErrorFound {
  error: string
  /** Row that is doubted, and what it says. */
  record: string
  seen: string | null
  /** Row that speaks against it, and what that says. */
  other: string
  otherSeen: string | null
}

export interface NamedLimits {
  /** Holds nothing else; made and removed by the caller. */
  folder: string
  memoryMib: number
  threads: number
}

/** So many are for people to look at; beyond it a condition is wrong rather than a city. */
const mostFound = 100_000

/**
 * Makes a named comparison in this process. Every table's rows are counted by whoever copied them, by our scanner and by the engine, and a difference
 * stops it: no count is believed that only one reader made (ADR 0029).
 * @throws ComparisonProblem saying what is wrong, and what cures it
 */
export async function compareNamedHere(plan: NamedPlan, limits: NamedLimits, signal?: AbortSignal): Promise<NamedResult> {
  const files = Object.values(plan.tables).map(({ file }) => file)
  const engine = await openEngine({ ...limits, files })
  const interrupt = () => engine.interrupt()
  signal?.addEventListener('abort', interrupt)
  try {
    const tables = new Map<string, Table>()
    for (const [name, table] of Object.entries(plan.tables)) {
      signal?.throwIfAborted()
      tables.set(name, await load(engine, `t${tables.size}`, table, limits.folder, signal))
    }
    return await found(engine, plan, tables)
  } finally {
    signal?.removeEventListener('abort', interrupt)
    engine.close()
  }
}

/** A table in the engine: its columns are called by their place, so that no name of data is ever one in SQL. */
interface Table {
  name: string
  columns: readonly string[]
}

async function load(engine: Engine, name: string, { file, rows }: NamedTable, folder: string, signal?: AbortSignal): Promise<Table> {
  const work = join(folder, name)
  await mkdir(work, { mode: 0o700 })
  const side = await readCsv(await openSource('left', file), work, signal)
  await engine.run(`create temporary table ${name} as select * from ${side.relation('c')}`)
  const [[counted] = []] = await engine.rows(`select count(*) from ${name}`)
  if (side.rows !== rows || Number(counted) !== rows)
    throw new ComparisonProblem(
      'failure',
      'compare.inconsistent',
      '取出的数据与读入的行数不一致，比对没有结果。',
      '请重新比对；仍然如此的，请报告。',
    )
  return { name, columns: side.names }
}

async function found(engine: Engine, plan: NamedPlan, tables: ReadonlyMap<string, Table>): Promise<NamedResult> {
  const at = (table: string): Table => {
    const found = tables.get(table)
    if (!found) throw new RangeError(`no table ${table}`)
    return found
  }
  const col = (alias: string, table: Table, name: string) => {
    const position = table.columns.indexOf(name)
    if (position < 0) throw new RangeError(`no column ${name}`)
    return `${alias}.${column('c', position)}`
  }
  const where = (alias: string, table: Table, conditions: readonly NamedCondition[]) =>
    conditions.map((one) => {
      const of = col(alias, table, one.column)
      if ('is' in one) return `${of} in (${one.is.map(literal).join(', ')})`
      return `${of} = (select max(${col('latest', table, one.column)}) from ${table.name} as latest)`
    })
  const all = (parts: readonly string[]) => (parts.length === 0 ? 'true' : parts.join(' and '))

  const { group, people } = plan
  const groups = at(group.table)
  const members = at(people.table)
  const consents = people.consent
    ? `${col('p', members, people.consent.column)} is not distinct from ${literal(people.consent.is)}`
    : 'true'
  // Of everybody who counts, once for each group: who consented is compared, who did not is counted.
  await engine.run(`create temporary table everybody as
    select ${col('g', groups, group.key)} as gkey, ${col('p', members, people.person)} as person,
      ${col('p', members, plan.rowKey)} as prow, (${consents}) as consented
    from ${groups.name} as g join ${members.name} as p on ${col('p', members, people.group)} = ${col('g', groups, group.key)}
    where ${all([...where('g', groups, group.where), ...where('p', members, people.where)])}`)
  const [[groupCount, personCount, silent] = []] = await engine.rows(
    `select (select count(*) from ${groups.name} as g where ${all(where('g', groups, group.where))}), count(*) filter (consented), count(*) filter (not consented) from everybody`,
  )

  const findings: NamedFinding[] = []
  for (const reason of plan.reasons) {
    const other = at(reason.table)
    const hits = `select e.gkey, e.prow, ${col('o', other, plan.rowKey)} as orow, ${reason.test.kind === 'any' ? 'null' : col('o', other, reason.test.column)} as value
      from everybody as e join ${other.name} as o on ${col('o', other, reason.match)} = e.person
      where ${all(['e.consented', ...where('o', other, reason.where)])}`
    const measured = {
      any: () => `select gkey, count(*)::varchar as value, null::varchar as least from hits group by gkey`,
      distinct: (least: number) =>
        `select gkey, count(distinct value)::varchar as value, '${least}' as least from hits group by gkey having count(distinct value) >= ${least}`,
      // Whole amounts of up to 38 digits: a sum in floating point would be another number.
      sum: (least: readonly string[]) => {
        const limit = least.map((name) => `${col('g', groups, name)}::hugeint`).join(' * ')
        return `select s.gkey, s.total::varchar as value, (${limit})::varchar as least
          from (select gkey, sum(value::hugeint) as total from hits group by gkey) as s join ${groups.name} as g on ${col('g', groups, group.key)} = s.gkey
          where s.total >= ${limit}`
      },
    }
    const { test } = reason
    const against =
      test.kind === 'any' ? measured.any() : test.kind === 'distinct' ? measured.distinct(test.least) : measured.sum(test.least)
    const rows = await few(
      engine,
      `with hits as (${hits}), against as (${against})
       select h.gkey, a.value, a.least, h.prow, h.orow from against as a join hits as h on h.gkey = a.gkey order by h.gkey, h.orow, h.prow`,
    )
    for (const [key, value, limit, person, record] of rows)
      findings.push({
        ...{ group: String(key), reason: reason.id, value: String(value), limit: limit === null ? null : String(limit) },
        ...{ person: String(person), record: String(record) },
      })
  }

  const errors: NamedErrorFound[] = []
  for (const error of plan.errors) {
    const mine = at(error.table)
    const other = at(error.with)
    const { test } = error
    const seen = col('m', mine, test.column)
    const otherSeen = test.kind === 'any' ? 'null' : col('o', other, test.other)
    const fault = { any: 'true', differs: `${seen} is distinct from ${otherSeen}`, before: `${seen} < ${otherSeen}` }[test.kind]
    const conditions = [...where('m', mine, error.where), ...where('o', other, error.otherWhere), fault]
    const rows = await few(
      engine,
      `select ${col('m', mine, plan.rowKey)}, ${seen}, min(${col('o', other, plan.rowKey)}), min(${otherSeen})
       from ${mine.name} as m join ${other.name} as o on ${col('m', mine, error.match.of)} = ${col('o', other, error.match.with)}
       where ${all(conditions)} group by 1, 2 order by 1`,
    )
    for (const [record, value, otherRecord, otherValue] of rows)
      errors.push({
        ...{ error: error.id, record: String(record), seen: textOf(value), other: String(otherRecord), otherSeen: textOf(otherValue) },
      })
  }
  return { groups: Number(groupCount), people: Number(personCount), withoutConsent: Number(silent), findings, errors }
}

const textOf = (value: unknown) => (value === null || value === undefined ? null : String(value))

async function few(engine: Engine, sql: string): Promise<unknown[][]> {
  const rows = await engine.rows(`select * from (${sql}) limit ${mostFound + 1}`)
  if (rows.length > mostFound)
    throw new ComparisonProblem(
      'failure',
      'compare.too_many',
      `一种情形的结果超过 ${mostFound} 条，比对没有结果。`,
      '请核对资源包中该比对的条件。',
    )
  return rows
}
