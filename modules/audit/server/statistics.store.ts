import { type Ctx, endOfDayInShanghai, startOfDayInShanghai } from '@tongchou/kernel'
import { sql } from 'kysely'
import { auditDb } from './audit.tables.ts'
import type { EventScope } from './event.store.ts'

/** Working in the office is what happens between 7 and 20 o'clock, Monday to Friday. */
const outsideHours = sql`(extract(isodow from local) > 5 or extract(hour from local) < 7 or extract(hour from local) >= 20)`

const counted = sql`
  count(*) filter (where outcome = 'done')::int as done,
  count(*) filter (where outcome = 'refused')::int as refused,
  count(*) filter (where outcome = 'looked')::int as looked`

interface Counts {
  done: number
  refused: number
  looked: number
}

/** Figures of a period, counted in one pass each over what the actor may read. */
export async function statisticsOf(ctx: Ctx, scope: EventScope, from: string, to: string) {
  const within = auditDb(ctx)
    .selectFrom('kernel.audit_event')
    .select(['outcome', 'org_id', 'org_name', 'person_id', 'person_name', sql`at at time zone 'Asia/Shanghai'`.as('local')])
    .where(scope)
    .where('at', '>=', startOfDayInShanghai(from))
    .where('at', '<=', endOfDayInShanghai(to))
  const ask = async <Row>(select: ReturnType<typeof sql>) => (await sql<Row>`with e as (${within}) ${select}`.execute(auditDb(ctx))).rows
  const totals = await ask<Counts>(sql`select ${counted} from e`)
  return {
    totals: totals[0] ?? { done: 0, refused: 0, looked: 0 },
    offices: await ask<Counts & { orgId: string; orgName: string }>(
      sql`select org_id as "orgId", max(org_name) as "orgName", ${counted} from e where org_id is not null
        group by org_id order by refused desc, done desc, org_id limit 50`,
    ),
    hours: await ask<Counts & { hour: number }>(sql`select extract(hour from local)::int as hour, ${counted} from e group by 1 order by 1`),
    days: await ask<Counts & { on: string }>(
      sql`select to_char(local, 'YYYY-MM-DD') as "on", ${counted} from e group by 1 order by 1 desc limit 31`,
    ),
    people: await ask<{ personName: string; orgName: string; count: number; refused: number; outsideHours: number }>(
      sql`select max(person_name) as "personName", coalesce(max(org_name), '') as "orgName", count(*)::int as count,
          count(*) filter (where outcome = 'refused')::int as refused, count(*) filter (where ${outsideHours})::int as "outsideHours"
        from e where person_id is not null and person_id <> '00000000-0000-0000-0000-000000000000'
        group by person_id order by "outsideHours" desc, count desc, person_id limit 20`,
    ),
  }
}
