import { type Ctx, compareCivilDates, InvalidState, InvalidValue, notFound, parseDocumentNumber, todayInShanghai } from '@tongchou/kernel'
import { type IdentityDb, identityDb } from './identity.tables.ts'
import type { Organisation } from './organisation.schema.ts'
import { createOrganisation } from './organisation.service.ts'
import { beginVersion, changesToCome, childrenOf, endOrganisation, findOrganisation, lockOrganisation } from './organisation.store.ts'
import type { NewReorganisation } from './reorganisation.schema.ts'

/** Both sides of a reorganisation: `from` as they are before its day, `to` as they are on it. */
export interface Sides {
  from: Organisation[]
  to: Organisation[]
}

/**
 * Writes what an order says of the organisations themselves, dated by its day: names, parents, beginnings and ends. From then on every
 * reading as of a date is right without anything having to run on that day. What belongs to them is handed over separately.
 */
export async function writeOrder(tx: Ctx, id: string, order: NewReorganisation): Promise<Sides> {
  const db = identityDb(tx)
  const today = todayInShanghai(tx.now())
  const day = order.effectiveOn
  const named = await lockAll(db, order, today)
  const from = named.filter((one) => !(order.kind === 'merge' && order.successors?.some((to) => to.id === one.id)))
  if (from.length === 0) throw wrong('organisationIds', '合并至少应有一个并入的机构')
  await refuseToCome(db, [...named.map((one) => one.id), ...(order.successors ?? []).map((one) => one.id)], today)
  if (order.kind === 'rename') return { from, to: [await rename(tx, db, id, order, only(from))] }
  if (order.kind === 'transfer') return { from, to: [await transfer(tx, db, id, order, only(from))] }
  const to = await successorsOf(tx, db, order, from)
  const ended = from.filter((one) => !to.some((other) => other.id === one.id))
  for (const one of ended) await endOrganisation(db, one.id, day, tx.now())
  for (const one of ended) await raise(tx, db, id, { order, ended: one, to })
  return { from, to }
}

/** Organisations below one that has ended belong under whoever takes over. */
export async function raise(
  tx: Ctx,
  db: IdentityDb,
  id: string,
  { order, ended, to }: { order: NewReorganisation; ended: Organisation; to: readonly Organisation[] },
): Promise<void> {
  for (const child of await childrenOf(db, ended.id, order.effectiveOn)) {
    const assigned = order.assignments?.find((one) => one.kind === 'organisation' && one.id === child.id)?.to ?? to[0]?.id ?? null
    // Who takes over from the office above it cannot stand below itself.
    const parentId = assigned === child.id ? ended.parentId : assigned
    await refuseToCome(db, [child.id], order.effectiveOn)
    await beginVersion(db, { ...child, parentId }, order.effectiveOn, id, tx.now())
  }
}

/** The document number of the order, as it is written; another is a 422 that says what is wrong with it. */
export function checkedDocumentNumber(text: string): string {
  const checked = parseDocumentNumber(text)
  if (!checked.ok) throw wrong('documentNumber', checked.problem.message)
  return checked.value.text
}

/** Today or later: what was so before is not changed afterwards. */
export function refuseBackdated(order: NewReorganisation, today: string): void {
  if (compareCivilDates(order.effectiveOn, today) < 0) throw wrong('effectiveOn', '生效日期不得早于今日')
}

/** The organisations that the order names, locked in the order of their ids. All must exist today and on its day. */
async function lockAll(db: IdentityDb, order: NewReorganisation, today: string): Promise<Organisation[]> {
  const locked: Organisation[] = []
  for (const organisationId of [...order.organisationIds].sort()) {
    const one = await lockOrganisation(db, organisationId, today)
    if (!one) throw notFound('机构')
    if (one.validFrom > today || (one.validTo !== null && one.validTo <= order.effectiveOn))
      throw new InvalidState('reorganisation.not_standing', `${one.name}在生效日期前未设立或已撤销，请核对后重新选择。`, [
        { path: 'organisationIds', message: `${one.name}未设立或已撤销` },
      ])
    locked.push(one)
  }
  // In the order in which they were named: the first gives its kind and place to whoever is set up.
  return order.organisationIds.flatMap((organisationId) => locked.filter((one) => one.id === organisationId))
}

async function refuseToCome(db: IdentityDb, ids: readonly string[], today: string): Promise<void> {
  const coming = await changesToCome(db, ids, today)
  if (coming)
    throw new InvalidState(
      'reorganisation.already_coming',
      `${coming.name}已有自${coming.day}起生效的组织调整。请待其生效，或先撤销后再办理。`,
      [{ path: 'organisationIds', message: '已有待生效的组织调整' }],
    )
}

async function rename(tx: Ctx, db: IdentityDb, id: string, order: NewReorganisation, one: Organisation): Promise<Organisation> {
  const name = order.name?.trim()
  if (name === undefined) throw wrong('name', '请填写新名称')
  const kind = order.organisationKind ?? one.kind
  const shortName = (order.shortName ?? name).trim()
  if (name === one.name && shortName === one.shortName && kind === one.kind) throw wrong('name', '新名称与现名称相同')
  await beginVersion(db, { ...one, name, shortName, kind }, order.effectiveOn, id, tx.now())
  return { ...one, name, shortName, kind }
}

async function transfer(tx: Ctx, db: IdentityDb, id: string, order: NewReorganisation, one: Organisation): Promise<Organisation> {
  if (order.parentId === undefined) throw wrong('parentId', '请选择新的上级机构')
  if (order.parentId === one.parentId) throw wrong('parentId', '新的上级机构与现上级机构相同')
  const day = order.effectiveOn
  for (let above: string | null = order.parentId; above !== null; ) {
    if (above === one.id) throw wrong('parentId', '不得隶属于本机构或其下级机构')
    const parent: Organisation | undefined = await findOrganisation(db, above, day)
    if (!parent || parent.validFrom > day || (parent.validTo !== null && parent.validTo <= day))
      throw wrong('parentId', '上级机构不存在或已撤销')
    above = parent.parentId
  }
  await beginVersion(db, { ...one, parentId: order.parentId }, day, id, tx.now())
  return { ...one, parentId: order.parentId }
}

/** Who takes over: existing offices, locked, and those that the order sets up on its day. */
async function successorsOf(tx: Ctx, db: IdentityDb, order: NewReorganisation, from: readonly Organisation[]): Promise<Organisation[]> {
  const successors = order.successors ?? []
  const [first] = from
  if (!first) throw wrong('organisationIds', '请选择机构')
  if (order.kind === 'split' && (successors.length < 2 || from.length !== 1))
    throw wrong('successors', '拆分应有一个原机构和至少两个承接机构')
  if (order.kind !== 'split' && successors.length !== 1) throw wrong('successors', '请指定一个承接机构')
  if (order.kind === 'abolish' && (from.length !== 1 || successors[0]?.name !== undefined || successors[0]?.id === first.id))
    throw wrong('successors', '撤销机构应指定一个现有机构承接其职责')
  if (new Set(successors.map((one) => one.id)).size < successors.length) throw wrong('successors', '承接机构不得重复')
  const stray = order.assignments?.find((one) => !successors.some((to) => to.id === one.to))
  if (stray) throw wrong('assignments', '事项只能移交给承接机构')
  const parentId = from.map((one) => one.parentId).find((parent) => parent !== null && !from.some((one) => one.id === parent))
  const to: Organisation[] = []
  for (const { id, name, shortName, kind, uscc } of successors) {
    if (name === undefined) to.push(await standing(db, id, order.effectiveOn))
    else
      to.push(
        await createOrganisation(tx, {
          id,
          name,
          ...(shortName === undefined ? {} : { shortName }),
          kind: kind ?? first.kind,
          ...(parentId == null ? {} : { parentId }),
          ...(uscc === undefined ? {} : { uscc }),
          ...(first.divisionCode === null ? {} : { divisionCode: first.divisionCode }),
          sortOrder: first.sortOrder,
          validFrom: order.effectiveOn,
        }),
      )
  }
  return to
}

async function standing(db: IdentityDb, id: string, day: string): Promise<Organisation> {
  const one = await lockOrganisation(db, id, day)
  if (!one || one.validFrom > day || (one.validTo !== null && one.validTo <= day))
    throw wrong('successors', `承接机构 ${id} 不存在或已撤销`)
  return one
}

function only(from: readonly Organisation[]): Organisation {
  const [one] = from
  if (!one || from.length > 1) throw wrong('organisationIds', '更名、改隶一次只办理一个机构')
  return one
}

function wrong(path: string, message: string): InvalidValue {
  return new InvalidValue('reorganisation.incomplete', `${message}，请修改后重新提交。`, [{ path, message }])
}
