/** Where a source tells that a table has changed. */
export const wakeChannel = 'tongchou_change'

/**
 * What a source's administrator runs once so that its changes are noted (变更触发器), in the transaction that makes them. A row of
 * `tongchou.change` says that a record of a key has changed; the agent reads the record as it is, and takes the row away once the center has it. No place in
 * an order is kept, so that a transaction that commits late is only read later, never passed over. A third trigger wakes the agent after the commit; where it
 * is not there, or its word is lost, the agent looks every so often.
 */
export function outboxSql(table: string, keys: readonly string[], reader = '前置程序的登录名'): string {
  const name = table
    .split('.')
    .map((part) => `"${part.replaceAll('"', '""')}"`)
    .join('.')
  const args = keys.map((key) => `'${key.replaceAll("'", "''")}'`).join(', ')
  return `create schema if not exists tongchou;
create table if not exists tongchou.change (
  id bigint generated always as identity primary key, source text not null, key jsonb, at timestamptz not null default now());
create index if not exists change_source_idx on tongchou.change (source, id);
create or replace function tongchou.key_of(record jsonb, variadic names text[]) returns jsonb language sql immutable set search_path = pg_catalog as
  $$ select jsonb_agg(record ->> name order by place) from unnest(names) with ordinality as n (name, place) $$;
create or replace function tongchou.note_change() returns trigger language plpgsql security definer set search_path = pg_catalog as $$
declare
  source text := tg_table_schema || '.' || tg_table_name;
  before jsonb;
  after jsonb;
begin
  if tg_op = 'TRUNCATE' then
    insert into tongchou.change (source, key) values (source, null);
    return null;
  end if;
  if tg_op <> 'INSERT' then before := tongchou.key_of(to_jsonb(old), variadic tg_argv); end if;
  if tg_op <> 'DELETE' then after := tongchou.key_of(to_jsonb(new), variadic tg_argv); end if;
  if before is not null then insert into tongchou.change (source, key) values (source, before); end if;
  if after is not null and after is distinct from before then insert into tongchou.change (source, key) values (source, after); end if;
  return null;
end $$;
drop trigger if exists tongchou_change on ${name};
create trigger tongchou_change after insert or update or delete on ${name} for each row execute function tongchou.note_change(${args});
drop trigger if exists tongchou_truncate on ${name};
create trigger tongchou_truncate after truncate on ${name} for each statement execute function tongchou.note_change(${args});
create or replace function tongchou.wake() returns trigger language plpgsql set search_path = pg_catalog as $$
begin
  perform pg_notify('${wakeChannel}', tg_table_schema || '.' || tg_table_name);
  return null;
end $$;
drop trigger if exists tongchou_wake on ${name};
create trigger tongchou_wake after insert or update or delete or truncate on ${name} for each statement execute function tongchou.wake();
-- grant usage on schema tongchou to ${reader};
-- grant select, delete on tongchou.change to ${reader};
-- grant select on ${name} to ${reader};
`
}
