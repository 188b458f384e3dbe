import { grantRelation, hashPassword } from '@tongchou/identity'
import { personKind } from '@tongchou/libraries'
import type pg from 'pg'
import type { City } from '../wire.ts'
import { type DemoCity, demoCity } from './city.ts'
import { DEMO_PASSWORD } from './people.ts'
import type { Scene } from './scene.ts'

/** Citizens (本人) come to the window of the police, show their identity card and are given an account. */
export function citizenScenes({ citizens }: DemoCity): Scene[] {
  return citizens.map(({ name, username, identifier }, index) => ({
    at: 0.4 + index * 0.01,
    play: async (stage) => {
      const publishedHash = await hashPassword(DEMO_PASSWORD)
      await grantRelation(stage.as('police-officer'), stage.city.relations, {
        ...{ kind: 'data-subject', identifier, document: 'id-card', name, username, publishedHash },
      })
    },
  }))
}

/** The made city was made under keys of its own: what stands for its citizens' numbers is made anew under this city's. */
export async function settleCitizens(client: pg.ClientBase, city: City): Promise<void> {
  const identified = city.relations.subjects.get(personKind)?.identified
  for (const { username, identifier } of demoCity().citizens)
    await client.query(
      `update identity.relation r set subject_id = $1 from identity.account a
       where a.person_id = r.person_id and a.username = $2 and r.subject_kind = $3`,
      [identified?.(identifier, city.clock.now()).id, username, personKind],
    )
}
