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
}

export async function openStanding(sandbox: Pick<Sandbox, 'query'>): Promise<Standing> {
  // Planned once: the sandbox has one connection, and planning fifty tables takes longer than reading them.
  await sandbox.query('deallocate all')
  await sandbox.query(`prepare standing as ${await statementOf(sandbox)}`)
  const read = async () => {
    const [row] = await sandbox.query<{ digest: string; audited: number }>('execute standing')
    if (!row) throw new Error('no digest')
    return row
  }
  return { before: await read(), read }
}

async function statementOf(sandbox: Pick<Sandbox, 'query'>): Promise<string> {
  const tables = await sandbox.query<{ name: string }>(
    `select table_schema || '.' || table_name as name from information_schema.tables
     where table_type = 'BASE TABLE' and table_schema not in ('pg_catalog', 'information_schema') order by 1`,
  )
  const business = tables.map(({ name }) => name).filter((name) => !bookkeeping.test(name))
  if (business.length < 30) throw new Error(`only ${business.length} business tables: the digest would prove nothing`)
  // The order of rows is no matter of business, so their hashes are summed up.
  const parts = business.map(
    (name) => `select '${name}' as name, count(*) as n, coalesce(sum(hashtextextended(t::text, 0)::numeric), 0) as h from ${name} t`,
  )
  return `select md5(string_agg(name || n || h, ',' order by name)) as digest,
    (select count(*)::int from kernel.audit_event) as audited from (${parts.join(' union all ')}) as parts`
}
