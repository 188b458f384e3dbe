// Counts from the departments' own databases, files and interface what does not fit, with none of the product's code: the second opinion on
// what a comparison at the center says. `node e2e/naive-sources.ts '[{"kind":…}]'` prints the keys it found.
import { readFileSync } from 'node:fs'
import { Workbook } from '@cj-tech-master/excelts'
import { naiveCount } from '@tongchou/synthetic/naive-count'
import pg from 'pg'

/** Where a department keeps a table. */
export type NaiveSource = { table: string } & (
  | { kind: 'postgres'; url: string; from: string }
  | { kind: 'csv'; file: string }
  | { kind: 'excel'; file: string }
  | { kind: 'http'; url: string; secret: string }
)
type Rows = Record<string, string>[]

async function rowsOf(source: NaiveSource): Promise<Rows> {
  if (source.kind === 'postgres') {
    const client = new pg.Client({ connectionString: source.url, types: { getTypeParser: () => String } })
    await client.connect()
    const { rows } = await client.query(`select * from ${source.from}`)
    await client.end()
    return rows
  }
  if (source.kind === 'csv') {
    const lines = new TextDecoder('gb18030').decode(readFileSync(source.file)).trim().split('\r\n')
    return underHead(lines.map((line) => line.split(',')))
  }
  if (source.kind === 'excel') {
    const book = new Workbook()
    await book.xlsx.readFile(source.file)
    const lines: string[][] = []
    book.worksheets[0]?.eachRow((row) => void lines.push((row.values as unknown[]).slice(1).map(String)))
    return underHead(lines)
  }
  const answer = await fetch(source.url, { headers: { authorization: source.secret } })
  return ((await answer.json()) as { data: { items: Record<string, unknown>[] } }).data.items.map((record) =>
    Object.fromEntries(Object.entries(record).map(([name, value]) => [name, String(value)])),
  )
}

function underHead([head = [], ...lines]: string[][]): Rows {
  return lines.map((line) => Object.fromEntries(head.map((name, at) => [name, line[at] ?? ''])))
}

const sources = JSON.parse(process.argv[2] ?? '[]') as NaiveSource[]
const tables = Object.fromEntries(await Promise.all(sources.map(async (source) => [source.table, await rowsOf(source)] as const)))
const { households, sourceErrors } = naiveCount(tables)
process.stdout.write(JSON.stringify({ households: [...households].sort(), sourceErrors: [...sourceErrors].sort() }))
