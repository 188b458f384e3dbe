import pg from 'pg'
import type { Page, SeenStructure } from './feed.ts'
import { AgentProblem } from './problem.ts'
import type { ReceiveConfig } from './receive-config.ts'

/** How far the table has come, as it stands in the table's own database. */
export interface Received {
  /** Where to go on from; null before the first page of a load. */
  place: string | null
  position: number
  isLoading: boolean
}

/** Somebody else receives into this table now. */
export class TargetTaken extends AgentProblem {}

/** The department's table (目标表): what was received and how far it goes change together, or not at all. */
export interface Target {
  /** The first time in a process takes the table over from whoever received before; later only asks whether it still has it. @throws TargetTaken */
  claim(): Promise<Received>
  /** Whether the table can hold what is seen. @throws AgentProblem that names the column and the cure */
  fit(structure: SeenStructure): Promise<void>
  /** One transaction: is the table still ours, records, place. @throws TargetTaken */
  apply(page: Page, isLoad: boolean): Promise<void>
  /** A load begins anew at the next page. */
  startAnew(): Promise<void>
  close(): Promise<void>
}

interface Column {
  name: string
  type: string
}

/** How the table is written to, made once for each structure. */
interface Statements {
  structure: string
  /** Positions in a line of the values that have a column, and of the key among the key's values. */
  positions: readonly number[]
  upsert: string
  remove: string
  removeUnmet: string
  keyPositions: readonly number[]
}

export function targetOf({ subscription, target: { url, table, zone }, items }: ReceiveConfig): Target {
  const name = `tongchou-receive ${subscription.slice(0, 8)}`
  let client: pg.Client | undefined
  let epoch: number | undefined
  let statements: Statements | undefined
  const connect = async (): Promise<pg.Client> => {
    if (client) return client
    const fresh = new pg.Client({ connectionString: url, application_name: name, connectionTimeoutMillis: 10_000, pipeline: true })
    fresh.on('error', () => {
      if (client === fresh) client = undefined
    })
    await fresh.connect()
    // Who is stopped in the middle of a page must not keep the table from whoever takes his place.
    await fresh.query(
      `set datestyle to iso; set timezone to 'UTC'; set idle_in_transaction_session_timeout to '15s'; set statement_timeout to '120s'`,
    )
    client = fresh
    return fresh
  }
  const within = async <R>(work: (db: pg.Client) => Promise<R>): Promise<R> => {
    try {
      return await work(await connect())
    } catch (error) {
      const lost = client
      client = undefined
      statements = undefined
      await lost?.end().catch(() => undefined)
      throw targetProblem(error, url, table)
    }
  }
  const requireOurs = (row: { epoch: number } | undefined) => {
    if (row?.epoch === epoch) return
    throw new TargetTaken(
      'receive.superseded',
      `目标表 ${table} 已由后启动的接收程序接管，本程序停止接收。`,
      '一张目标表只运行一个接收程序。',
    )
  }
  const claimAnew = (db: pg.Client) =>
    db.query<Row>(
      `insert into tongchou.received as r (subscription, epoch, claimed_at) values ($1, 1, now())
       on conflict (subscription) do update set epoch = r.epoch + 1, claimed_at = now() returning ${rowColumns}`,
      [subscription],
    )
  return {
    claim: () =>
      within(async (db) => {
        if (epoch !== undefined) {
          const { rows } = await db.query<Row>(`select ${rowColumns} from tongchou.received where subscription = $1`, [subscription])
          requireOurs(rows[0])
          return receivedOf(rows[0])
        }
        await db.query(`set lock_timeout to '2s'`)
        let claimed: pg.QueryResult<Row>
        try {
          claimed = await claimAnew(db)
        } catch (error) {
          if ((error as { code?: string }).code !== '55P03') throw error
          // Whoever had it was stopped in the middle of a page: what it has not committed is given up, and read again.
          await db.query('select pg_terminate_backend(pid) from pg_stat_activity where application_name = $1 and pid <> pg_backend_pid()', [
            name,
          ])
          claimed = await claimAnew(db)
        }
        await db.query('set lock_timeout to 0')
        epoch = claimed.rows[0]?.epoch
        return receivedOf(claimed.rows[0])
      }),
    fit: (structure) =>
      within(async (db) => {
        if (statements?.structure === structure.name) return
        const columns = await columnsOf(db, table)
        statements = statementsFor(structure, items, table, columns, zone)
        await requireKey(db, table, structure, items)
      }),
    apply: (page, isLoad) =>
      within(async (db) => {
        if (!statements) throw new Error('the table was not looked at')
        const { positions, keyPositions, upsert, remove, removeUnmet } = statements
        const columnsOfLines = (lines: readonly (string | null)[][], of: readonly number[]) =>
          of.map((position) => lines.map((line) => line[position] ?? null))
        // Sent in one go, and taken back together where the table is not ours any more: between the first and the commit nothing is waited for.
        const begun = db.query('begin')
        const locked = db.query<Row>({
          name: 'receive.lock',
          text: `select ${rowColumns} from tongchou.received where subscription = $1 for update`,
          values: [subscription],
        })
        const written: Promise<unknown>[] = []
        if (page.deletes.length > 0)
          written.push(
            db.query({
              name: `receive.remove ${page.structure.name}`,
              text: remove,
              values: columnsOfLines(
                page.deletes,
                keyPositions.map((_, i) => i),
              ),
            }),
          )
        if (page.upserts.length > 0)
          written.push(
            db.query({ name: `receive.upsert ${page.structure.name}`, text: upsert, values: columnsOfLines(page.upserts, positions) }),
          )
        written.push(
          db.query({
            name: 'receive.place',
            text: 'update tongchou.received set place = $2, position = $3, is_loading = $4, applied_at = now() where subscription = $1',
            values: [subscription, page.cursor, page.position, isLoad && !page.isComplete],
          }),
        )
        const outcomes = Promise.allSettled(written)
        const [, { rows }] = await Promise.all([begun, locked])
        const settled = await outcomes
        requireOurs(rows[0])
        const before = receivedOf(rows[0])
        if (!isLoad && page.position !== before.position + page.changes)
          throw new AgentProblem(
            'receive.gap',
            `收到的变更不连续：应到第 ${before.position + page.changes} 条，中心给出第 ${page.position} 条。`,
            '没有写入。请将日志交市大数据中心。',
          )
        const failed = settled.find((outcome) => outcome.status === 'rejected')
        if (failed) throw failed.reason
        if (isLoad) {
          if (before.place === null) await db.query('delete from tongchou.received_key where subscription = $1', [subscription])
          const keys = page.upserts.map((line) => JSON.stringify(keyPositions.map((position) => line[position] ?? null)))
          await db.query(
            'insert into tongchou.received_key (subscription, key) select $1, k::jsonb from unnest($2::text[]) k on conflict do nothing',
            [subscription, keys],
          )
          if (page.isComplete) {
            await db.query(removeUnmet, [subscription])
            await db.query('delete from tongchou.received_key where subscription = $1', [subscription])
          }
        }
        await db.query('commit')
      }),
    startAnew: () =>
      within(async (db) => {
        await db.query(
          'update tongchou.received set place = null, position = 0, is_loading = true where subscription = $1 and epoch = $2',
          [subscription, epoch],
        )
      }),
    async close() {
      await client?.end().catch(() => undefined)
      client = undefined
    },
  }
}

interface Row {
  epoch: number
  place: string | null
  position: string
  is_loading: boolean
}
const rowColumns = 'epoch, place, position::text as position, is_loading'
const receivedOf = (row: Row | undefined): Received => ({
  place: row?.place ?? null,
  position: Number(row?.position ?? 0),
  isLoading: row?.is_loading ?? true,
})

async function columnsOf(db: pg.Client, table: string): Promise<Column[]> {
  const { rows } = await db.query<Column>(
    `select attname as name, format_type(atttypid, null) as type from pg_attribute where attrelid = $1::regclass and attnum > 0 and not attisdropped`,
    [quotedTable(table)],
  )
  return rows
}

function statementsFor(
  structure: SeenStructure,
  items: ReadonlyMap<string, string>,
  table: string,
  columns: readonly Column[],
  zone: string,
): Statements {
  const ids = structure.items.map(({ id }) => id)
  const unknown = [...items.keys()].filter((id) => !ids.includes(id))
  if (unknown.length > 0)
    throw new AgentProblem(
      'receive.item_missing',
      `“${structure.title}”的授权中没有信息项 ${unknown.join('、')}，可能已变更，接收已停止。`,
      `请修改配置中的 items，可用的信息项：${structure.items.map((item) => `${item.id}（${item.title}）`).join('、')}。`,
    )
  const unmapped = structure.key.filter((id) => !items.has(id))
  if (unmapped.length > 0)
    throw new AgentProblem('receive.key_unmapped', `主键信息项 ${unmapped.join('、')} 没有对应的目标列。`, '请在配置的 items 中补充。')
  const lacking = [...items].filter(([, column]) => !columns.some(({ name }) => name === column))
  if (lacking.length > 0)
    throw new AgentProblem(
      'target.column_missing',
      `目标表 ${table} 没有列：${lacking.map(([, column]) => column).join('、')}，接收已停止，没有写入。`,
      `请由目标库管理员执行：${lacking.map(([id, column]) => `alter table ${quotedTable(table)} add column ${quoted(column)} ${columnType(structure, id)};`).join(' ')}`,
    )
  const mapped = [...items].map(([id, column]) => ({
    column,
    type: columns.find(({ name }) => name === column)?.type ?? 'text',
    position: ids.indexOf(id),
  }))
  const keys = structure.key.map((id) => mapped.find(({ position }) => position === ids.indexOf(id))).filter((one) => one !== undefined)
  const value = (text: string, type: string) =>
    type === 'timestamp without time zone' ? `(${text}::timestamptz at time zone '${zone.replaceAll("'", "''")}')` : `${text}::${type}`
  const lists = (count: number) => Array.from({ length: count }, (_, i) => `$${i + 1}::text[]`).join(', ')
  const names = (count: number) => Array.from({ length: count }, (_, i) => `v${i}`).join(', ')
  const others = mapped.filter((one) => !keys.includes(one))
  const onConflict =
    others.length === 0
      ? 'do nothing'
      : `do update set ${others.map(({ column }) => `${quoted(column)} = excluded.${quoted(column)}`).join(', ')}`
  return {
    structure: structure.name,
    positions: mapped.map(({ position }) => position),
    keyPositions: structure.key.map((id) => ids.indexOf(id)),
    upsert: `insert into ${quotedTable(table)} (${mapped.map(({ column }) => quoted(column)).join(', ')})
      select ${mapped.map(({ type }, i) => value(`v${i}`, type)).join(', ')} from unnest(${lists(mapped.length)}) as v (${names(mapped.length)})
      on conflict (${keys.map(({ column }) => quoted(column)).join(', ')}) ${onConflict}`,
    remove: `delete from ${quotedTable(table)} t using unnest(${lists(keys.length)}) as v (${names(keys.length)})
      where ${keys.map(({ column, type }, i) => `t.${quoted(column)} = ${value(`v${i}`, type)}`).join(' and ')}`,
    removeUnmet: `delete from ${quotedTable(table)} t where not exists (select from tongchou.received_key k where k.subscription = $1
      and ${keys.map(({ column, type }, i) => `t.${quoted(column)} = ${value(`(k.key ->> ${i})`, type)}`).join(' and ')})`,
  }
}

/** Without one a record that comes again would stand there twice. */
async function requireKey(db: pg.Client, table: string, { key }: SeenStructure, items: ReadonlyMap<string, string>): Promise<void> {
  const wanted = key.map((id) => items.get(id) ?? '').sort()
  const { rows } = await db.query<{ columns: string[] }>(
    `select array_agg(a.attname::text order by a.attname::text) as columns from pg_index i
     cross join lateral unnest(i.indkey) as k (attnum) join pg_attribute a on a.attrelid = i.indrelid and a.attnum = k.attnum
     where i.indrelid = $1::regclass and i.indisunique and i.indpred is null and i.indisvalid group by i.indexrelid`,
    [quotedTable(table)],
  )
  if (rows.some(({ columns }) => columns.sort().join('\0') === wanted.join('\0'))) return
  throw new AgentProblem(
    'target.no_key',
    `目标表 ${table} 在主键列 ${wanted.join('、')} 上没有主键或唯一索引。`,
    `请由目标库管理员执行：alter table ${quotedTable(table)} add primary key (${wanted.map(quoted).join(', ')});`,
  )
}

/** What a target's administrator runs once (目标表语句): the table, and beside it how far it has come. The program makes no table by itself. */
export function targetSql(structure: SeenStructure, { items, target: { table } }: ReceiveConfig, writer = '接收程序的登录名'): string {
  const columns = [...items].map(
    ([id, column]) => `  ${quoted(column)} ${columnType(structure, id)}${structure.key.includes(id) ? ' not null' : ''}`,
  )
  const key = structure.key.map((id) => quoted(items.get(id) ?? id)).join(', ')
  return `create schema if not exists tongchou;
create table if not exists tongchou.received (
  subscription text primary key, epoch integer not null, claimed_at timestamptz not null, place text, position bigint not null default 0,
  is_loading boolean not null default true, applied_at timestamptz);
create table if not exists tongchou.received_key (subscription text not null, key jsonb not null, primary key (subscription, key));
create table if not exists ${quotedTable(table)} (
${[...columns, `  primary key (${key})`].join(',\n')});
-- grant usage on schema tongchou to ${writer};
-- grant select, insert, update on tongchou.received to ${writer};
-- grant select, insert, delete on tongchou.received_key to ${writer};
-- grant select, insert, update, delete on ${quotedTable(table)} to ${writer};
`
}

const plainTypes: Readonly<Record<string, string>> = {
  ...{ 'citizen-id': 'varchar(18)', 'credit-code': 'varchar(18)', month: 'varchar(7)', integer: 'bigint', money: 'bigint' },
  ...{ double: 'double precision', date: 'date', instant: 'timestamptz', flag: 'boolean' },
}

/** A column that takes every value of an item. What is masked is text, whatever it was. */
function columnType({ items }: SeenStructure, id: string): string {
  const item = items.find((one) => one.id === id)
  if (!item || item.masked) return 'text'
  const { kind, length, digits, scale } = item.type
  if (kind === 'text' && length !== undefined) return `varchar(${length})`
  if (kind === 'decimal') return `numeric(${digits}, ${scale})`
  return plainTypes[kind] ?? 'text'
}

function targetProblem(error: unknown, url: string, table: string): unknown {
  if (!(error instanceof Error) || error instanceof AgentProblem) return error
  const where = `${new URL(url).host}${new URL(url).pathname}`
  const code = 'code' in error ? String(error.code) : ''
  const [what, cure] = ((): [string, string] => {
    if (code === '42P01' || code === '3F000')
      return [`目标库没有表 ${table}（或 tongchou.received）`, '请由目标库管理员执行 tongchou agent sql 输出的语句。']
    if (code === '42703') return [`目标表 ${table} 的列已变更：${error.message}`, '请核对配置中的 items。']
    if (code === '42501') return [`对目标表 ${table} 没有权限：${error.message}`, '请由目标库管理员授权。']
    if (code === '28P01' || code === '28000') return [`不能登录目标库 ${where}`, '请核对用户和口令。']
    if (code === '3D000') return [`目标库 ${where} 不存在`, '请核对地址。']
    if (/^2[23]/.test(code))
      return [`目标表 ${table} 不接受收到的记录：${error.message}`, '请核对列的类型、长度和约束，修改后自动继续；本页没有写入。']
    return [`不能写入目标库 ${where}：${error.message}`, '将自动重试；持续出现的，请检查目标库和网络。']
  })()
  return new AgentProblem(/^2[23]/.test(code) ? 'target.refuses' : 'target.unavailable', `${what}。`, cure, { cause: error })
}

const quoted = (name: string) => `"${name.replaceAll('"', '""')}"`
const quotedTable = (table: string) => table.split('.').map(quoted).join('.')
