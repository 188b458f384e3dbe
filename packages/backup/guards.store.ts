import type pg from 'pg'

/** Takes every row out, also those that migrations bring. */
export async function emptyTables(client: pg.ClientBase, schemas: readonly string[]): Promise<void> {
  const { rows } = await client.query<{ name: string }>(
    `select format('%I.%I', n.nspname, c.relname) as name from pg_class c join pg_namespace n on n.oid = c.relnamespace
     where c.relkind in ('r', 'p') and n.nspname = any($1)`,
    [schemas],
  )
  if (rows.length > 0) await client.query(`truncate ${rows.map(({ name }) => name).join(', ')}`)
}

/**
 * Does it while no foreign key and no trigger of ours stands in the way: rows come table by table, and what triggers once wrote is among them. Foreign keys are
 * made anew afterwards, which proves every one of them. Needs no superuser; inside the caller's transaction.
 */
export async function withoutGuards(client: pg.ClientBase, schemas: readonly string[], work: () => Promise<void>): Promise<void> {
  const keys = await client.query<{ table: string; name: string; definition: string }>(
    `select k.conrelid::regclass::text as table, quote_ident(k.conname) as name, pg_get_constraintdef(k.oid) as definition
     from pg_constraint k join pg_class c on c.oid = k.conrelid join pg_namespace n on n.oid = c.relnamespace
     where k.contype = 'f' and k.conparentid = 0 and n.nspname = any($1) order by 1, 2`,
    [schemas],
  )
  const triggers = await client.query<{ table: string; name: string }>(
    `select t.tgrelid::regclass::text as table, quote_ident(t.tgname) as name
     from pg_trigger t join pg_class c on c.oid = t.tgrelid join pg_namespace n on n.oid = c.relnamespace
     where not t.tgisinternal and t.tgparentid = 0 and t.tgenabled = 'O' and n.nspname = any($1) order by 1, 2`,
    [schemas],
  )
  const each = async (statements: string[]) => {
    if (statements.length > 0) await client.query(statements.join('; '))
  }
  await each(keys.rows.map(({ table, name }) => `alter table ${table} drop constraint ${name}`))
  await each(triggers.rows.map(({ table, name }) => `alter table ${table} disable trigger ${name}`))
  await work()
  await each(triggers.rows.map(({ table, name }) => `alter table ${table} enable trigger ${name}`))
  await each(keys.rows.map(({ table, name, definition }) => `alter table ${table} add constraint ${name} ${definition}`))
}
