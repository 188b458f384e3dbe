import { sql } from 'kysely'
import type { Scene } from './scene.ts'
import { machineOf, type Sent } from './sender.ts'
import type { Speaker } from './speaker.ts'
import type { Stage } from './stage.ts'

const RECEIVER = 'human-resources'
/** Working days before the present on which the receiver starts. */
const BEGUN = 13

/** 人社 receives the deaths that it was granted (数据订阅): all of them once, then what changes, day by day. */
export function subscriptionScenes(end: number, { register: { title } }: Sent): Scene[] {
  let machine: Speaker | undefined
  let feed = ''
  let cursor = ''
  const begin = async (stage: Stage) => {
    machine = await machineOf(stage, RECEIVER, 'exchange-feed')
    feed = `/feeds/${await grantOf(stage, title)}`
    await machine.post(`${feed}/openings`)
    cursor = lastCursor(await machine.get<string>(`${feed}/records`))
  }
  const follow = async () => {
    if (machine) cursor = lastCursor(await machine.get<string>(`${feed}/changes?after=${encodeURIComponent(cursor)}`))
  }
  return [
    { at: end - BEGUN + 0.5, isOpen: true, play: begin },
    ...Array.from({ length: BEGUN }, (_, day): Scene => ({ at: end - BEGUN + day + 0.6, isOpen: true, play: follow })),
  ]
}

/** The subscription that the receiver was granted. */
async function grantOf(stage: Stage, title: string): Promise<string> {
  const { rows } = await sql<{ id: string }>`
    select g.id from sharing."grant" g join catalog.resource r on r.id::text = g.resource::text
    where g.org_id = ${RECEIVER} and g.way = 'subscription' and r.name = ${title}`.execute(stage.system().db)
  if (!rows[0]) throw new Error(`${RECEIVER} was granted no subscription of ${title}`)
  return rows[0].id
}

/** Where the next answer goes on from, as the last line of this one says. */
function lastCursor(lines: string): string {
  const last = JSON.parse(lines.trimEnd().split('\n').at(-1) ?? '{}') as { cursor?: string }
  if (last.cursor === undefined) throw new Error(`a feed that ends without a place: ${lines.slice(-200)}`)
  return last.cursor
}
