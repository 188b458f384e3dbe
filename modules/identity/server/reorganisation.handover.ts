import { type Ctx, type MovedThing, type ReorganisedPort, recordAudit, type Thing } from '@tongchou/kernel'
import { type IdentityDb, identityDb } from './identity.tables.ts'
import type { Organisation } from './organisation.schema.ts'
import { findOrganisations, raisedBy } from './organisation.store.ts'
import { lockPerson } from './post.store.ts'
import { relationsWithin, setRelationWithin } from './relation.store.ts'
import { raise } from './reorganisation.orders.ts'
import { countAudited, moveCredentials, movePost, moveSuperiors, openDelegations, postsAt, tokensAt } from './reorganisation.posts.store.ts'
import type { Move, NewReorganisation } from './reorganisation.schema.ts'

/** A reorganisation whose day has come. `from` and `to` are ids; where one is on both sides it lives on. */
export interface Handover {
  id: string
  order: NewReorganisation
  from: readonly string[]
  to: readonly string[]
}

export interface HandedOver {
  moves: Move[]
  stays: { what: string; count: number }[]
}

/**
 * Hands over everything that belongs to the offices of an order: posts with their people, tokens, superiors, and through the ports what the
 * other modules keep. Finds only what still belongs to the old side, so that doing it again hands over what came late and nothing else.
 */
export async function handOver(tx: Ctx, ports: readonly ReorganisedPort[], handover: Handover): Promise<HandedOver> {
  const { id, order, from, to } = handover
  if (order.kind === 'rename' || order.kind === 'transfer') return { moves: [], stays: [await signedBefore(tx, from)] }
  const db = identityDb(tx)
  const assigned = new Map(order.assignments?.map((one) => [`${one.kind}/${one.id}`, one.to]))
  const successorOf = successorsBy(assigned, to)
  const things: MovedThing[] = [
    ...(await handOverPosts(tx, db, handover, assigned, successorOf)),
    ...(await handOverBelow(tx, db, handover)),
  ]
  things.push(...(await moveSuperiors(db, from, (orgId) => successorOf(orgId))))
  things.push(...(await handOverRelations(db, from, successorOf)))
  const stays = [await signedBefore(tx, from)]
  for (const port of ports) {
    const said = await port.onReorganised(tx, { id, from, to, effectiveOn: order.effectiveOn, successorOf })
    things.push(...said.moved)
    stays.push(...said.stays.filter(({ count }) => count > 0))
  }
  const moves = await named(db, things, order.effectiveOn)
  for (const move of moves)
    await recordAudit(
      tx,
      'organisation.handed_over',
      { kind: move.kind, id: move.id },
      { reorganisation: id, documentNumber: order.documentNumber, role: move.role, from: move.from.name, to: move.to.name },
    )
  return { moves, stays }
}

type SuccessorOf = (orgId: string, ...things: readonly Thing[]) => string

/** Where something goes: as it was assigned, else as what it is part of was, else to the first successor. */
function successorsBy(assigned: ReadonlyMap<string, string>, to: readonly string[]): SuccessorOf {
  return (orgId, ...things) =>
    things.map(({ kind, id }) => assigned.get(`${kind}/${id}`)).find((one) => one !== undefined) ?? to[0] ?? orgId
}

/** Posts end on the day and go on under the successor: the same person, title and duties; sessions and tokens go along. */
async function handOverPosts(
  tx: Ctx,
  db: IdentityDb,
  { order, from }: Handover,
  assigned: Map<string, string>,
  successorOf: SuccessorOf,
): Promise<MovedThing[]> {
  const moved: MovedThing[] = []
  const posts = await postsAt(db, from, order.effectiveOn)
  for (const personId of [...new Set(posts.map((post) => post.person_id))].sort()) await lockPerson(db, personId)
  // Read again behind the locks: only now nobody else appoints or ends.
  for (const post of await postsAt(db, from, order.effectiveOn)) {
    const to = successorOf(post.organisation_id, { kind: 'post', id: post.id })
    // What a person alone keeps, such as drafts, goes where the person goes.
    assigned.set(`person/${post.person_id}`, to)
    if (to === post.organisation_id) continue
    const side = { from: post.organisation_id, to }
    moved.push({ kind: 'post', id: post.id, title: `${post.person_name} ${post.title}`, role: '岗位', ...side })
    for (const token of await tokensAt(db, post.id))
      moved.push({ kind: 'token', id: token.id, title: token.name, role: '访问令牌', ...side })
    for (const lent of await openDelegations(db, post.id))
      moved.push({ kind: 'delegation', id: lent.id, title: `${post.person_name}的委托代理`, role: '委托代理', ...side })
    await moveCredentials(db, post.id, await movePost(db, post, to, order.effectiveOn, tx.now()))
  }
  return moved
}

/** Offices below an ended one: most were placed anew when the order was given, some came under it since. */
async function handOverBelow(tx: Ctx, db: IdentityDb, { id, order, from, to }: Handover): Promise<MovedThing[]> {
  const sides = await findOrganisations(db, [...from, ...to], order.effectiveOn)
  const successors = to.flatMap((one) => sides.filter((side) => side.id === one))
  for (const ended of sides.filter((one) => from.includes(one.id) && !to.includes(one.id)))
    await raise(tx, db, id, { order, ended, to: successors })
  return (await raisedBy(db, id))
    .filter((child) => !from.includes(child.id) && !to.includes(child.id))
    .map((child) => ({ kind: 'organisation', id: child.id, title: child.name, role: '下级机构', from: child.before, to: child.after }))
}

/** What people outside the offices have to do with an ended office (外部经办人), they have to do with its successor. */
async function handOverRelations(db: IdentityDb, from: readonly string[], successorOf: SuccessorOf): Promise<MovedThing[]> {
  const moved: MovedThing[] = []
  for (const relation of await relationsWithin(db, from)) {
    const before = relation.within_org_id ?? ''
    const to = successorOf(before, { kind: 'relation', id: relation.id })
    if (to === before) continue
    await setRelationWithin(db, relation.id, to)
    moved.push({
      ...{ kind: 'relation', id: relation.id, title: `${relation.subject_name} ${relation.person_name}`, role: relation.title },
      ...{ from: before, to },
    })
  }
  return moved
}

async function signedBefore(tx: Ctx, from: readonly string[]): Promise<{ what: string; count: number }> {
  return { what: '审计记录', count: await countAudited(tx, from) }
}

async function named(db: IdentityDb, things: readonly MovedThing[], day: string): Promise<Move[]> {
  const ids = [...new Set(things.flatMap((one) => [one.from, one.to]))]
  const names = new Map((await findOrganisations(db, ids, day)).map((one: Organisation) => [one.id, one.name]))
  const side = (orgId: string) => ({ id: orgId, name: names.get(orgId) ?? orgId })
  return things.map(({ kind, id, title, role, from, to }) => ({ kind, id, title, role, from: side(from), to: side(to) }))
}
