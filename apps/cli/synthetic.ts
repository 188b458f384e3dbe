import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { loadDemo, loadResourcePacks } from '@tongchou/resource-packs'
import { type SyntheticTable, TableExists, tablesOf, type Written, writeCsv, writePostgres } from '@tongchou/synthetic'
import pg from 'pg'

const usage = `用法：tongchou synthetic --department 部门 (--out 文件夹 | --into postgres://用户@主机/库 [--schema 模式])
                        [--seed 种子] [--families 户数] [--on 日期] [--json]

  --department 部门   部门的标识；all 为全部部门
  --out 文件夹        每张表输出一个 CSV 文件（UTF-8，首行为字段名）
  --into 地址         在部门自己的 PostgreSQL 中建表并写入；已有同名表的不写
  --schema 模式       写入的模式，不指定的为 public
  --seed 种子         正整数；种子、户数、日期相同，数据相同
  --families 户数     合成人口的户数
  --on 日期           数据的日期，如 2026-11-01

不指定种子、户数、日期的，用演示城市的。数据全部为合成的演示数据。
`

/** Where the command writes; a test gives its own. */
interface Terminal {
  write: (text: string) => void
  complain: (text: string) => void
}

const terminal: Terminal = {
  write: (text) => process.stdout.write(text),
  complain: (text) => process.stderr.write(text),
}

interface Asked {
  tables: SyntheticTable[]
  out: string | undefined
  into: string | undefined
  schema: string
}

/** `tongchou synthetic`: writes a department's synthetic tables as CSV or into a PostgreSQL of its own. Exit code: 0 done, 2 wrong usage, 3 failure. */
export async function runSynthetic(args: readonly string[], { write, complain } = terminal): Promise<number> {
  const json = args.includes('--json')
  const refuse = (code: string, message: string, exit: number) => {
    if (json) write(`${JSON.stringify({ code, message })}\n`)
    else complain(code === 'usage' ? `${message}。\n\n${usage}` : `${message}。\n`)
    return exit
  }
  const asked = read(args)
  if (typeof asked === 'string') return refuse('usage', asked, 2)
  try {
    const written = asked.out === undefined ? await intoDatabase(asked) : await writeCsv(asked.tables, asked.out)
    write(json ? `${JSON.stringify({ written }, null, 2)}\n` : textOf(written))
    return 0
  } catch (error) {
    if (error instanceof TableExists) return refuse('table_exists', `表 ${error.table} 已存在，未写入。请换一个模式，或先移走该表`, 3)
    return refuse('failure', `不能写入：${error instanceof Error ? error.message : String(error)}`, 3)
  }
}

async function intoDatabase({ tables, into, schema }: Asked): Promise<Written> {
  const client = new pg.Client({ connectionString: into })
  client.on('error', () => undefined)
  await client.connect()
  try {
    return await writePostgres(tables, client, schema)
  } finally {
    await client.end()
  }
}

function read(args: readonly string[]): Asked | string {
  const given = optionsOf(args)
  if (given === undefined) return '选项无法识别'
  const { department, out, into, schema = 'public' } = given
  if ((out === undefined) === (into === undefined)) return '请指定 --out 或 --into，二者选一'
  if (into !== undefined && !/^postgres(?:ql)?:\/\//.test(into)) return '--into 应为 postgres:// 地址'
  const folder = join(import.meta.dirname, '../../resource-packs')
  const packs = loadResourcePacks(folder)
  const departments = new Map(packs.flatMap(({ resources }) => resources.map(({ provider }) => [provider.id, provider.title] as const)))
  if (department === undefined || (department !== 'all' && !departments.has(department)))
    return `请用 --department 指定部门：${[...departments].map(([id, title]) => `${id}（${title}）`).join('、')}，或 all`
  const demo = loadDemo(folder)
  const seed = given.seed === undefined ? demo.seed : Number(given.seed)
  const families = given.families === undefined ? demo.families : Number(given.families)
  const on = given.on ?? demo.on
  if (!isPositive(seed) || !isPositive(families)) return '--seed 和 --families 应为正整数'
  if (!isDay(on)) return `--on 的“${on}”不是存在的日期`
  try {
    const tables = tablesOf(packs, { seed, families, on })
    return { tables: tables.filter(({ resource }) => department === 'all' || resource.provider.id === department), out, into, schema }
  } catch (error) {
    if (error instanceof RangeError) return error.message
    throw error
  }
}

function optionsOf(args: readonly string[]) {
  const text = { type: 'string' } as const
  try {
    const options = { department: text, out: text, into: text, schema: text, seed: text, families: text, on: text }
    return parseArgs({ args: [...args], options: { ...options, json: { type: 'boolean', default: false } } }).values
  } catch {
    return undefined
  }
}

const isPositive = (value: number) => Number.isSafeInteger(value) && value > 0
const isDay = (text: string) => {
  const date = new Date(`${text}T00:00:00Z`)
  return /^\d{4}-\d{2}-\d{2}$/.test(text) && !Number.isNaN(date.getTime()) && date.toISOString().startsWith(text)
}

function textOf(written: Written): string {
  return `${[...written.map(({ table, title, rows }) => `${table}（${title}）：${rows} 行`), '全部为合成的演示数据。'].join('\n')}\n`
}
