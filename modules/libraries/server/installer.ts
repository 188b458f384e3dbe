import { applicationRole, InvalidValue } from '@tongchou/kernel'
import { definitionProblems, type ResourceDefinition } from '@tongchou/records'
import type pg from 'pg'
import { planInstall, tableOf } from './install.plan.ts'

/** What an installation did. */
export interface Installed {
  table: string
  /** Empty when everything stood as it should. */
  statements: readonly string[]
}

/**
 * Brings the table of a resource to a definition (建库), as the owner: the everyday login may change no table. One at a time for each resource;
 * gives up after two seconds of waiting for readers rather than holding up everybody behind it.
 * @param owner a connection of the owner, inside no transaction
 * @param also what is to be committed with it: its audit row
 * @throws InvalidValue `libraries.structure_refused` with every reason
 */
export async function installResource(
  owner: pg.ClientBase,
  definition: ResourceDefinition,
  at: Date,
  also: (installed: Installed) => Promise<void> = async () => undefined,
): Promise<Installed> {
  refuse(definitionProblems(definition))
  await owner.query('begin')
  try {
    await owner.query("set local lock_timeout = '2s'")
    const number = await registered(owner, definition, at)
    const { rows } = await owner.query<{ definition: ResourceDefinition }>(
      'select definition from libraries.structure where resource = $1 order by version desc limit 1',
      [definition.resource],
    )
    const plan = planInstall(number, rows[0]?.definition, definition)
    refuse(plan.problems)
    // Whoever writes holds the head before the table: the other way round the two would wait for each other.
    await owner.query('select from libraries.head where resource = $1 for update', [definition.resource])
    for (const statement of plan.statements) await owner.query(statement)
    await openSchema(owner)
    await owner.query(`grant select, insert, update, delete on ${tableOf(number)} to ${applicationRole}`)
    await record(owner, definition, at)
    const installed = { table: tableOf(number), statements: plan.statements }
    await also(installed)
    await owner.query('commit')
    return installed
  } catch (error) {
    // The connection may be what failed; then there is nothing to roll back, and the first error is the one to tell.
    await owner.query('rollback').catch(() => undefined)
    throw error
  }
}

/** The number of its table. Whoever comes second waits here until the first is through. */
async function registered(owner: pg.ClientBase, { resource, title, kind }: ResourceDefinition, at: Date): Promise<number> {
  const { rows } = await owner.query<{ number: number }>(
    `insert into libraries.resource (resource, title, kind, installed_at) values ($1, $2, $3, $4)
     on conflict (resource) do update set title = excluded.title returning number`,
    [resource, title, kind, at],
  )
  const [row] = rows
  if (!row) throw new Error('no number')
  return row.number
}

/** Lets the everyday login into the schema, once: of two that grant it at the same time PostgreSQL fails one. */
async function openSchema(owner: pg.ClientBase): Promise<void> {
  const isOpen = async () => {
    const { rows } = await owner.query<{ open: boolean }>("select has_schema_privilege($1, 'library_data', 'usage') as open", [
      applicationRole,
    ])
    return rows[0]?.open === true
  }
  if (await isOpen()) return
  await owner.query("select pg_advisory_xact_lock(hashtext('libraries.schema'))")
  if (!(await isOpen())) await owner.query(`grant usage on schema library_data to ${applicationRole}`)
}

async function record(owner: pg.ClientBase, definition: ResourceDefinition, at: Date): Promise<void> {
  const { resource, version } = definition
  await owner.query(
    'insert into libraries.structure (resource, version, definition, installed_at) values ($1, $2, $3, $4) on conflict (resource, version) do nothing',
    [resource, version, JSON.stringify(definition), at],
  )
  await owner.query(
    'insert into libraries.head (resource, structure) values ($1, $2) on conflict (resource) do update set structure = greatest(libraries.head.structure, excluded.structure)',
    [resource, version],
  )
}

function refuse(problems: readonly string[]): void {
  const [first] = problems
  if (first === undefined) return
  const fields = problems.map((message) => ({ path: 'definition', message }))
  throw new InvalidValue('libraries.structure_refused', `不能建库：${problems.join('；')}。`, fields)
}
