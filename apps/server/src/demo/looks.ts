import { recordRead, recordRefusal, viewedAction } from '@tongchou/kernel'
import { sql } from 'kysely'
import type { Draw } from './random.ts'
import type { Scene } from './scene.ts'
import type { Stage } from './stage.ts'
import type { Timeline } from './timeline.ts'

/** Who reads what others have handed in, by duty. */
const readers = [
  'audit-officer',
  'audit-auditor',
  'supervisor',
  'supervisor-deputy',
  'vice-mayor',
  'finance-budget',
  'drc-officer',
  'bdc-director',
]
/** Departments that try now and then what is not theirs. */
const strangers = ['health-clerk', 'education-clerk', 'civil-affairs-clerk']
const days = 20

/** The last weeks of looking (查阅): offices open projects that were handed in; a department is refused another's draft. */
export function looks({ end }: Timeline, draw: Draw): Scene[] {
  return Array.from({ length: days }, (_, index) => index).flatMap((day) =>
    [0.15, 0.4, 0.7, 0.85].map((hour) => ({
      at: end - days + day + hour,
      play: oneLook(draw.pick(readers), draw.integer(1_000_000), day),
    })),
  )
}

function oneLook(username: string, chosen: number, day: number): Scene['play'] {
  return async (stage) => {
    const handedIn = await projects(stage, 'submitted_at is not null')
    const id = handedIn[chosen % handedIn.length]
    if (id) await recordRead(stage.as(username), { kind: 'project', id })
    if (day % 6 === 0) await oneRefusal(stage, chosen)
  }
}

async function oneRefusal(stage: Stage, chosen: number): Promise<void> {
  const ctx = stage.as(strangers[chosen % strangers.length] ?? 'health-clerk')
  const others = await projects(stage, 'submitted_at is null', ctx.actor.orgId)
  const id = others[chosen % others.length]
  if (id) await recordRefusal(ctx, viewedAction('project'), { kind: 'project', id }, { code: 'project.not_found' })
}

async function projects(stage: Stage, which: 'submitted_at is not null' | 'submitted_at is null', notOf = ''): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`select id from projects.project where ${sql.raw(which)} and owner_org_id <> ${notOf}
    order by name, id`.execute(stage.as('bdc-director').db)
  return rows.map(({ id }) => id)
}
