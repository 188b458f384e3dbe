import { randomUUID } from 'node:crypto'
import {
  type Ctx,
  InvalidState,
  inTransaction,
  type JobsPort,
  notFound,
  type ReorganisedPort,
  recordAudit,
  recordEvent,
  systemActor,
  todayInShanghai,
} from '@tongchou/kernel'
import { type IdentityDb, identityDb } from './identity.tables.ts'
import { findOrganisations, undoVersions } from './organisation.store.ts'
import { handOver } from './reorganisation.handover.ts'
import { checkedDocumentNumber, refuseBackdated, type Sides, writeOrder } from './reorganisation.orders.ts'
import type { MoveQuery, NewReorganisation, Reorganisation, ReorganisationPreview } from './reorganisation.schema.ts'
import {
  dueReorganisations,
  findReorganisation,
  insertMoves,
  insertReorganisation,
  insertSides,
  listMoves,
  lockOrders,
  lockReorganisation,
  type ReorganisationRow,
  setCancelled,
  setSettled,
  sidesOf,
  viewsOf,
} from './reorganisation.store.ts'

/** What a reorganisation needs of the other modules: those whose things belong to organisations, and work for later. */
export interface ReorganisationPorts {
  reorganised: readonly ReorganisedPort[]
  jobs: JobsPort
}

/** Once all that was begun before the day's change is over, what it left behind is handed over too. */
const SWEEP_AFTER_MS = 2 * 60_000
export const SWEEP = 'identity.hand-over-again'

/** Orders a reorganisation (组织调整). On its day, which may be today, everything that belongs to the offices goes to their successors. */
export async function orderReorganisation(ctx: Ctx, ports: ReorganisationPorts, input: NewReorganisation): Promise<Reorganisation> {
  return inTransaction(ctx, async (tx) => {
    const { row } = await write(tx, input)
    if (row.effective_on <= todayInShanghai(tx.now())) await settle(tx, ports, row)
    return viewOne(identityDb(tx), row.id)
  })
}

/** What an order would do, and what would stay: done by the same code and taken back (预览). */
export async function previewReorganisation(
  ctx: Ctx,
  ports: ReorganisationPorts,
  input: NewReorganisation,
): Promise<ReorganisationPreview> {
  const unordered = Symbol('previewed')
  let preview: ReorganisationPreview | undefined
  try {
    await inTransaction(ctx, async (tx) => {
      const db = identityDb(tx)
      const today = todayInShanghai(tx.now())
      const { row, sides } = await write(tx, input)
      const order = { ...input, documentNumber: row.document_number }
      const { moves, stays } = await handOver(tx, ports.reorganised, { id: row.id, order, ...idsOf(sides) })
      preview = { moves, names: await changedNames(db, sides, today, input.effectiveOn), stays: stays.filter(({ count }) => count > 0) }
      // Rolled back on purpose: looking ahead changes nothing.
      throw unordered
    })
  } catch (thrown) {
    if (thrown !== unordered) throw thrown
  }
  if (!preview) throw new Error('a preview that was worked out is there')
  return preview
}

/** What a reorganisation moved (移交清单), for whoever may look reorganisations up. */
export async function movesOf(ctx: Ctx, id: string, query: MoveQuery) {
  if (!(await reorganisationExists(ctx, id))) throw notFound('组织调整')
  return listMoves(ctx, id, query)
}

export async function reorganisationExists(ctx: Ctx, id: string): Promise<boolean> {
  return (await findReorganisation(identityDb(ctx), id)) !== undefined
}

/** Takes back a reorganisation whose day has not come (撤销调整): the organisations stay as they are. */
export async function cancelReorganisation(ctx: Ctx, id: string): Promise<Reorganisation> {
  return inTransaction(ctx, async (tx) => {
    const db = identityDb(tx)
    const row = await lockReorganisation(db, id)
    if (!row) throw notFound('组织调整')
    if (row.state !== 'coming' || row.effective_on <= todayInShanghai(tx.now()))
      throw new InvalidState('reorganisation.not_coming', '该组织调整已经生效或已经撤销，不能再撤销。如需变更，请另行办理组织调整。')
    const sides = await sidesOf(db, [id])
    await undoVersions(db, id, row.effective_on, tx.now(), {
      from: sides.filter((one) => one.side === 'from').map((one) => one.organisation_id),
      to: sides.filter((one) => one.side === 'to').map((one) => one.organisation_id),
    })
    await setCancelled(db, id, tx.actor.name, tx.now())
    await recordAudit(tx, 'organisation.reorganisation_cancelled', { kind: 'reorganisation', id }, { documentNumber: row.document_number })
    return viewOne(db, id)
  })
}

/** Carries out every reorganisation whose day has come. Safe to call at any time and by several at once: each is carried out once. */
export async function settleDue(ctx: Ctx, ports: ReorganisationPorts): Promise<number> {
  const system = { ...ctx, actor: systemActor }
  const due = await dueReorganisations(identityDb(system), todayInShanghai(system.now()))
  let settled = 0
  for (const id of due)
    await inTransaction(system, async (tx) => {
      const row = await lockReorganisation(identityDb(tx), id)
      if (row?.state !== 'coming') return
      await settle(tx, ports, row)
      settled += 1
    })
  return settled
}

/** Hands over what an act that was under way during a reorganisation left with an office that is no more. */
export async function handOverAgain(ctx: Ctx, ports: ReorganisationPorts, id: string): Promise<number> {
  return inTransaction({ ...ctx, actor: systemActor }, async (tx) => {
    const db = identityDb(tx)
    const row = await lockReorganisation(db, id)
    if (row?.state !== 'done') return 0
    const { from, to } = await idsOfStored(db, id)
    // An office that lives on may own what came later.
    const ended = from.filter((orgId) => !to.includes(orgId))
    if (ended.length === 0 || row.kind === 'rename' || row.kind === 'transfer') return 0
    const { moves } = await handOver(tx, ports.reorganised, { id, order: row.plan, from: ended, to })
    if (moves.length > 0) await insertMoves(db, id, moves)
    return moves.length
  })
}

async function write(tx: Ctx, input: NewReorganisation): Promise<{ row: ReorganisationRow; sides: Sides }> {
  const db = identityDb(tx)
  const order = { ...input, documentNumber: checkedDocumentNumber(input.documentNumber), reason: input.reason.trim() }
  refuseBackdated(order, todayInShanghai(tx.now()))
  await lockOrders(db)
  const row = await insertReorganisation(db, randomUUID(), order, tx.actor.name, tx.now())
  const sides = await writeOrder(tx, row.id, order)
  const named = (side: 'from' | 'to') => sides[side].map(({ id, name }) => ({ side, organisationId: id, name }))
  await insertSides(db, row.id, [...named('from'), ...named('to')])
  const detail = { kind: order.kind, documentNumber: order.documentNumber, effectiveOn: order.effectiveOn, ...idsOf(sides) }
  await recordAudit(tx, 'organisation.reorganisation_ordered', { kind: 'reorganisation', id: row.id }, detail)
  for (const one of sides.from)
    await recordAudit(tx, 'organisation.reorganised', { kind: 'organisation', id: one.id }, { ...detail, name: one.name })
  return { row, sides }
}

async function settle(tx: Ctx, ports: ReorganisationPorts, row: ReorganisationRow): Promise<void> {
  const db = identityDb(tx)
  const sides = await idsOfStored(db, row.id)
  const { moves } = await handOver(tx, ports.reorganised, { id: row.id, order: row.plan, ...sides })
  await insertMoves(db, row.id, moves)
  await setSettled(db, row.id, tx.now())
  await recordAudit(tx, 'organisation.reorganisation_done', { kind: 'reorganisation', id: row.id }, { ...sides, moved: moves.length })
  await recordEvent(tx, 'organisation.reorganised', { kind: 'reorganisation', id: row.id }, { ...sides, effectiveOn: row.effective_on })
  const startAfter = new Date(tx.now().getTime() + SWEEP_AFTER_MS)
  await ports.jobs.enqueue(tx, SWEEP, { id: row.id }, { onceKey: row.id, startAfter })
}

async function idsOfStored(db: IdentityDb, id: string): Promise<{ from: string[]; to: string[] }> {
  const row = await findReorganisation(db, id)
  const sides = await sidesOf(db, [id])
  const of = (side: 'from' | 'to') => sides.filter((one) => one.side === side).map((one) => one.organisation_id)
  // The first successor takes what nobody assigned: the order's own sequence counts, not that of the ids.
  const named = row?.plan.successors?.map((one) => one.id) ?? []
  return { from: of('from'), to: named.length > 0 ? named : of('to') }
}

function idsOf(sides: Sides): { from: string[]; to: string[] } {
  return { from: sides.from.map((one) => one.id), to: sides.to.map((one) => one.id) }
}

async function viewOne(db: IdentityDb, id: string): Promise<Reorganisation> {
  const row = await findReorganisation(db, id)
  if (!row) throw notFound('组织调整')
  return (await viewsOf(db, [row]))(row)
}

/** Names and parents that differ on the day from what they are today. */
async function changedNames(db: IdentityDb, sides: Sides, today: string, day: string): Promise<ReorganisationPreview['names']> {
  const ids = [...new Set([...sides.from, ...sides.to].map((one) => one.id))]
  const [before, after] = [await findOrganisations(db, ids, today), await findOrganisations(db, ids, day)]
  const parents = [...before, ...after].flatMap((one) => (one.parentId === null ? [] : [one.parentId]))
  const parentNames = new Map((await findOrganisations(db, parents, day)).map((one) => [one.id, one.name]))
  const parentOf = (parentId: string | null | undefined) => (parentId == null ? null : (parentNames.get(parentId) ?? parentId))
  return ids.map((id) => {
    const was = sides.from.find((one) => one.id === id) ?? before.find((one) => one.id === id && one.validFrom < day)
    const is = after.find((one) => one.id === id && (one.validTo === null || one.validTo > day))
    return {
      id,
      before: was?.name ?? null,
      after: is?.name ?? null,
      parentBefore: parentOf(was?.parentId),
      parentAfter: parentOf(is?.parentId),
    }
  })
}
