import { carriedOn, type KeyRing } from '@tongchou/kernel'
import type pg from 'pg'

/** How many persons' rows one statement carries on. */
const AT_ONCE = 1000

/**
 * Carries the log of looks on to the key in use (号码摘要): rows of before there was a key, and of a former one. As the owner, because the application may only
 * add to the log; what a lost key made stays as it is. Answers for how many persons.
 */
export async function carryLooks(owner: pg.ClientBase, keys: Pick<KeyRing, 'digest'>): Promise<number> {
  const current = `${keys.digest?.current}.`
  let count = 0
  for (let after = ''; ; ) {
    const { rows } = await owner.query<{ person: string }>(
      'select distinct person from libraries.person_look where person > $1 and not starts_with(person, $2) order by person limit $3',
      [after, current, AT_ONCE],
    )
    const last = rows.at(-1)
    if (!last) return count
    after = last.person
    const carried = rows.flatMap(({ person }) => {
      const to = carriedOn(keys, person)
      return to === undefined ? [] : [{ person, to }]
    })
    await owner.query(
      'update libraries.person_look set person = c.moved from unnest($1::text[], $2::text[]) as c (former, moved) where person = c.former',
      [carried.map(({ person }) => person), carried.map(({ to }) => to)],
    )
    count += carried.length
  }
}
