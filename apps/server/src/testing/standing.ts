import type { Sandbox } from '../differential-sandbox.ts'

/** What is written down about requests, not what they are about: who asked, who is signed in, which key was used, which name failed. */
const bookkeeping = /^(kernel\.audit_.*|kernel\.idempotency|identity\.session|identity\.sign_in_failure)$/

/** How the database stands: one digest over every row of every business table, and the number of audit rows. */
interface Reading {
  digest: string
  audited: number
}

/** How the database stood when the cells began, and how it stands now. */
export interface Standing {
  before: Reading
  read(): Promise<Reading>
  /** How many rows this connection has written to business tables so far, and how many audit rows there are: to be compared. */
  mark(): Promise<Mark>
}

/** What the database's own statistics say of this connection. */
export interface Mark {
  written: string
  audited: number
}

export async function openStanding(sandbox: Pick<Sandbox, 'query'>): Promise<Standing> {
  // Planned once: the sandbox has one connection, and planning fifty tables takes longer than reading them.
  for (const { name } of await sandbox.query<{ name: string }>(
    "select name from pg_prepared_statements where name in ('standing', 'mark')",
  ))
    await sandbox.query(`deallocate ${name}`)
  const business = await businessTables(sandbox)
  await sandbox.query(`prepare standing as ${statementOf(business)}`)
  await sandbox.query(`prepare mark as ${await markStatement(sandbox, business)}`)
  const read = async () => {
    const [row] = await sandbox.query<{ digest: string; audited: number }>('execute standing')
    if (!row) throw new Error('no digest')
    return row
  }
  const mark = async () => {
    const [row] = await sandbox.query<{ written: string; audited: number }>('execute mark')
    if (!row) throw new Error('no mark')
    return row
  }
  return { before: await read(), read, mark }
}

/**
 * Rows inserted, updated and deleted by this connection and not yet handed to the statistics collector, which happens between transactions
 * only: within one transaction of the only connection two marks that are alike mean that not one row was written in between, also none
 * that was taken back with a savepoint. It reads counters and not rows, so a digest is needed only where they differ.
 */
async function markStatement(sandbox: Pick<Sandbox, 'query'>, business: readonly string[]): Promise<string> {
  const [counting] = await sandbox.query<{ track_counts: string }>('show track_counts')
  if (counting?.track_counts !== 'on') throw new Error('the database does not count what is written: a mark would prove nothing')
  const counted = ['inserted', 'updated', 'deleted'].map((what) => `pg_stat_get_xact_tuples_${what}(t)`).join(' + ')
  const [newest] = await sandbox.query<{ seq: string }>('select coalesce(max(seq), 0)::text as seq from kernel.audit_event')
  const tables = business.map((name) => `'${name}'::regclass`).join(', ')
  return `select (select sum(${counted})::text from unnest(array[${tables}]::oid[]) t) as written,
    (select count(*)::int from kernel.audit_event where seq > ${newest?.seq}) as audited`
}

async function businessTables(sandbox: Pick<Sandbox, 'query'>): Promise<string[]> {
  const tables = await sandbox.query<{ name: string }>(
    `select table_schema || '.' || table_name as name from information_schema.tables
     where table_type = 'BASE TABLE' and table_schema not in ('pg_catalog', 'information_schema') order by 1`,
  )
  const business = tables.map(({ name }) => name).filter((name) => !bookkeeping.test(name))
  if (business.length < 30) throw new Error(`only ${business.length} business tables: the digest would prove nothing`)
  return business
}

function statementOf(business: readonly string[]): string {
  // The order of rows is no matter of business, so their hashes are summed up.
  const parts = business.map(
    (name) => `select '${name}' as name, count(*) as n, coalesce(sum(hashtextextended(t::text, 0)::numeric), 0) as h from ${name} t`,
  )
  return `select md5(string_agg(name || n || h, ',' order by name)) as digest,
    (select count(*)::int from kernel.audit_event) as audited from (${parts.join(' union all ')}) as parts`
}
