import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { runAgentCommand } from '@tongchou/agent'
import { type SyntheticTable, writeCsv, writePostgres } from '@tongchou/synthetic'
import { startTestServer } from '@tongchou/testing'
import pg from 'pg'
import { givenInterface } from '../hostile/agent-interface.given.ts'
import { gb18030Of } from '../packages/compare/gb18030.given.ts'
import { givenBook, textRows } from '../packages/workbook/workbook.given.ts'
import type { NaiveSource } from './naive-sources.ts'

const root = join(import.meta.dirname, '..')
const SECRET = 'Bearer department'

/** What of the synthetic city stands where: three departments have databases of their own, one a folder of files, one a workbook; one has an interface beside. */
const places = {
  'civil-affairs': { household: 'postgres', member: 'postgres' },
  'public-security': { person: 'postgres', vehicle: 'postgres' },
  'human-resources': { enrolment: 'postgres', pension: 'http' },
  'natural-resources': { unit: 'csv' },
  health: { death: 'excel' },
} as const
export type Office = keyof typeof places
export const offices = Object.keys(places) as Office[]

/** A department's own machine: what it keeps its records in, and an agent beside. */
export interface Department {
  office: Office
  /** By the names that the packs give. */
  resources: readonly string[]
  /** Works in the department's own database, as its own programs do. */
  own(statement: string, values?: readonly unknown[]): Promise<Record<string, string>[]>
  /** Writes the configuration: the resources by their channels. */
  configure(center: string, channels: Readonly<Record<string, string>>): void
  /** Makes the agent's key; gives the public half. */
  key(): Promise<string>
  /** Puts the token there that the department issued. */
  keepToken(token: string): void
  /** Runs what `agent sql` prints in the department's database. */
  prepare(): Promise<void>
  /** Starts the agent, a process of its own. */
  start(): void
  /** What the agent wrote on its terminal. */
  log(): string
  /** Where its tables are, for whoever counts with nothing of the product. */
  naive: readonly NaiveSource[]
}

/** Five departments with their records, each where it keeps them. `close` ends agents, databases and interface. */
export async function givenDepartments(
  tables: readonly SyntheticTable[],
): Promise<{ departments: Record<Office, Department>; close(): Promise<void> }> {
  const home = mkdtempSync(join(tmpdir(), 'tongchou-departments-'))
  const closing: (() => Promise<unknown>)[] = []
  const made = await Promise.all(offices.map((office) => givenDepartment(office, join(home, office), tables, closing)))
  return {
    departments: Object.fromEntries(made.map((one) => [one.office, one])) as Record<Office, Department>,
    async close() {
      for (const end of closing.reverse()) await end()
      rmSync(home, { recursive: true, force: true })
    },
  }
}

async function givenDepartment(
  office: Office,
  folder: string,
  tables: readonly SyntheticTable[],
  closing: (() => Promise<unknown>)[],
): Promise<Department> {
  mkdirSync(folder)
  const kinds: Record<string, string> = places[office]
  const resources = Object.keys(kinds)
  const tableOf = (name: string) => {
    const found = tables.find(({ resource }) => resource.name === name)
    if (!found) throw new Error(`no table ${name}`)
    return found
  }
  const inDatabase = resources.filter((name) => kinds[name] === 'postgres')
  const database = inDatabase.length > 0 ? await ownDatabase(inDatabase.map(tableOf), closing) : undefined
  const sources: Record<string, { source: object; naive: NaiveSource }> = {}
  for (const name of resources)
    sources[name] =
      kinds[name] === 'postgres' && database
        ? database.source(tableOf(name))
        : await outside[kinds[name] as 'csv'](tableOf(name), folder, closing)

  const file = join(folder, 'agent.yaml')
  const command = async (act: string) => {
    const out: string[] = []
    const write = (text: string) => void out.push(text)
    const code = await runAgentCommand(act, ['--config', file, '--json'], { write, complain: write })
    if (code !== 0) throw new Error(`${office}: agent ${act}: ${out.join('')}`)
    return JSON.parse(out.join(''))
  }
  const configure: Department['configure'] = (center, channels) => {
    writeFileSync(join(folder, 'secret'), SECRET)
    const config = {
      ...{ center, 'token-file': 'token', data: 'data' },
      channels: resources.map((name) => ({
        channel: channels[name],
        ...{ every: kinds[name] === 'http' ? '1h' : '200ms', 'batch-rows': 20_000, source: sources[name]?.source },
        items: Object.fromEntries(tableOf(name).resource.items.map(({ id, column }) => [id, column])),
      })),
    }
    // Every JSON text is YAML.
    writeFileSync(file, JSON.stringify(config, null, 2))
  }
  let log = ''
  return {
    office,
    resources,
    naive: resources.flatMap((name) => sources[name]?.naive ?? []),
    own: async (statement, values = []) => {
      if (!database) throw new Error(`${office} has no database`)
      return (await database.client.query(statement, [...values])).rows
    },
    key: async () => (await command('key')).publicKey,
    configure,
    keepToken: (token) => writeFileSync(join(folder, 'token'), token),
    prepare: async () => {
      for (const statement of (await command('sql')).sql) await database?.client.query(statement)
    },
    start() {
      const child = spawn(process.execPath, [join(root, 'apps/cli/tongchou.js'), 'agent', 'run', '--config', file])
      const hear = (part: Buffer) => {
        log += part.toString()
      }
      child.stdout.on('data', hear)
      child.stderr.on('data', hear)
      closing.push(() => ended(child))
    },
    log: () => log,
  }
}

/** Ends it as a service manager does. */
async function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null) throw new Error(`an agent had ended by itself: ${child.exitCode}`)
  child.kill('SIGTERM')
  await once(child, 'exit')
}

/** A PostgreSQL of the department's own, with these tables. */
async function ownDatabase(tables: readonly SyntheticTable[], closing: (() => Promise<unknown>)[]) {
  const server = await startTestServer()
  closing.push(() => server.stop())
  const client = new pg.Client(server.connection)
  await client.connect()
  closing.push(() => client.end())
  await writePostgres(tables, client, 'yw')
  const { host, port, user, database } = server.connection
  const url = `postgres://${user}@localhost/${database}?host=${encodeURIComponent(host)}&port=${port}`
  return {
    client,
    source: ({ resource: { table } }: SyntheticTable) => ({
      source: { kind: 'postgres', url, table: `yw.${table}`, capture: 'outbox' },
      naive: { kind: 'postgres', url, table, from: `yw.${table}` } as const,
    }),
  }
}

type Outside = (
  table: SyntheticTable,
  folder: string,
  closing: (() => Promise<unknown>)[],
) => Promise<{ source: object; naive: NaiveSource }>

const outside: Record<'csv' | 'excel' | 'http', Outside> = {
  csv: async (table, folder) => {
    await writeCsv([table], folder)
    const file = join(folder, `${table.resource.table}.csv`)
    writeFileSync(file, gb18030Of(readFileSync(file, 'utf8')))
    const source = { kind: 'csv', folder, files: '*.csv', mode: 'whole', encoding: 'gb18030', settle: '100ms' }
    return { source, naive: { kind: 'csv', table: table.resource.table, file } }
  },
  excel: async ({ resource: { table }, columns, rows }, folder) => {
    const file = join(folder, `${table}.xlsx`)
    writeFileSync(file, givenBook({ sheets: [{ rows: textRows([[...columns], ...[...rows()].map((row) => row.map(String))]) }] }))
    return { source: { kind: 'excel', folder, mode: 'whole', settle: '100ms' }, naive: { kind: 'excel', table, file } }
  },
  http: async ({ resource: { table }, columns, rows }, _folder, closing) => {
    const given = await givenInterface()
    closing.push(() => given.close())
    given.secret = SECRET
    given.records = [...rows()].map((row) => Object.fromEntries(columns.map((column, at) => [column, row[at]])))
    const { url } = given
    const source = {
      ...{ kind: 'http', url, header: 'authorization', 'secret-file': 'secret', records: 'data.items', total: 'data.total' },
      ...{ size: { parameter: 'rows', rows: 2000 }, paging: { by: 'page', parameter: 'page' } },
    }
    return { source, naive: { kind: 'http', table, url, secret: SECRET } }
  },
}

/** What somebody finds who reads the departments' own records and nothing else. */
export async function naiveFindings(departments: Record<Office, Department>): Promise<{ households: string[]; sourceErrors: string[] }> {
  const sources = Object.values(departments).flatMap(({ naive }) => naive)
  const { stdout } = await promisify(execFile)(process.execPath, [join(root, 'e2e/naive-sources.ts'), JSON.stringify(sources)], {
    maxBuffer: 64 * 1024 * 1024,
  })
  return JSON.parse(stdout)
}
