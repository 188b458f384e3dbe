import {
  type Ctx,
  checkSocialCreditCode,
  describeProblem,
  InvalidState,
  InvalidValue,
  inTransaction,
  notFound,
  recordAudit,
  resolveDivision,
  todayInShanghai,
} from '@tongchou/kernel'
import { identityDb } from './identity.tables.ts'
import { readOrganisation } from './organisation.permissions.ts'
import type { NewOrganisation, Organisation, OrganisationPage, RenameOrganisation } from './organisation.schema.ts'
import {
  beginVersion,
  changesToCome,
  childrenOf,
  findOrganisation,
  formerNamesOf,
  insertOrganisation,
  lockOrganisation,
} from './organisation.store.ts'
import { countPosts, dutiesOf, postsOf } from './post.store.ts'

/** Sorts new offices behind those whose official order was set. */
const lastInOrder = 100_000

/** What only a register that is taken over has: the day an organisation ended, and what it was called before. */
export interface OrganisationHistory {
  validTo?: string
  formerNames?: readonly { name: string; untilOn: string }[]
}

/** Sets up an organisation (设立机构). Only administrators reach it over HTTP; the demo and the command line call it directly. */
export async function createOrganisation(ctx: Ctx, input: NewOrganisation & OrganisationHistory): Promise<Organisation> {
  const organisation: Organisation = {
    id: input.id,
    name: input.name.trim(),
    shortName: (input.shortName ?? input.name).trim(),
    kind: input.kind,
    parentId: input.parentId ?? null,
    uscc: input.uscc === undefined ? null : checkedCreditCode(input.uscc),
    divisionCode: input.divisionCode === undefined ? null : checkedDivision(input.divisionCode),
    sortOrder: input.sortOrder ?? lastInOrder,
    validFrom: input.validFrom ?? todayInShanghai(ctx.now()),
    validTo: input.validTo ?? null,
    version: 1,
  }
  return inTransaction(ctx, async (tx) => {
    const db = identityDb(tx)
    if (organisation.parentId !== null && !(await findOrganisation(db, organisation.parentId, organisation.validFrom)))
      throw new InvalidValue('organisation.no_such_parent', `上级机构 ${organisation.parentId} 不存在，请重新选择。`, [
        { path: 'parentId', message: '上级机构不存在' },
      ])
    if (!(await insertOrganisation(db, organisation, input.formerNames ?? [], tx.now())))
      throw new InvalidState('organisation.exists', `机构标识 ${organisation.id} 或统一社会信用代码已被使用，请核对后更换。`)
    await recordAudit(tx, 'organisation.created', { kind: 'organisation', id: organisation.id }, { name: organisation.name })
    return organisation
  })
}

/** Renames an organisation (机构更名). Its id stays, old decisions keep the old name. */
export async function renameOrganisation(ctx: Ctx, id: string, input: RenameOrganisation): Promise<Organisation> {
  return inTransaction(ctx, async (tx) => {
    const db = identityDb(tx)
    const today = todayInShanghai(tx.now())
    const before = await lockOrganisation(db, id, today)
    if (!before || !readOrganisation.allows(tx.actor, before)) throw notFound('机构')
    if (before.version !== input.version)
      throw new InvalidState('organisation.changed_meanwhile', `“${before.name}”已被他人修改，请刷新后重新填写。`)
    const coming = await changesToCome(db, [id], today)
    if (coming)
      throw new InvalidState('organisation.change_coming', `“${before.name}”已有自${coming.day}起生效的组织调整，请待其生效或先撤销。`)
    const name = input.name.trim()
    const shortName = (input.shortName ?? input.name).trim()
    await beginVersion(db, { ...before, name, shortName }, today, null, tx.now())
    await recordAudit(tx, 'organisation.renamed', { kind: 'organisation', id }, { from: before.name, to: name })
    return { ...before, name, shortName, version: before.version + 1 }
  })
}

/** The page of an organisation, with the people that the reader may know of. */
export async function organisationPage(ctx: Ctx, id: string): Promise<OrganisationPage> {
  const db = identityDb(ctx)
  const today = todayInShanghai(ctx.now())
  const organisation = await findOrganisation(db, id, today)
  if (!organisation || !readOrganisation.allows(ctx.actor, organisation)) throw notFound('机构')
  const parent = organisation.parentId === null ? undefined : await findOrganisation(db, organisation.parentId, today)
  return {
    ...organisation,
    parent: parent ? { id: parent.id, name: parent.name } : null,
    children: (await childrenOf(db, id, today)).map(({ id, name, kind }) => ({ id, name, kind })),
    formerNames: await formerNamesOf(db, id, today),
    duties: await dutiesOf(db, id, today),
    posts: await postsOf(ctx, id, today),
    postCount: await countPosts(db, id, today),
  }
}

function checkedCreditCode(text: string): string {
  const checked = checkSocialCreditCode(text)
  if (!checked.ok)
    throw new InvalidValue(checked.problem.code, describeProblem(checked.problem), [{ path: 'uscc', message: checked.problem.message }])
  return checked.value.value
}

function checkedDivision(code: string): string {
  if (!resolveDivision(code))
    throw new InvalidValue('organisation.no_such_division', `行政区划代码 ${code} 不存在，请核对后填写。`, [
      { path: 'divisionCode', message: '行政区划代码不存在' },
    ])
  return code
}

/** May the actor read it? Tells "not your act" from "no such thing". */
export async function organisationExists(ctx: Ctx, id: string): Promise<boolean> {
  const organisation = await findOrganisation(identityDb(ctx), id, todayInShanghai(ctx.now()))
  return organisation !== undefined && readOrganisation.allows(ctx.actor, organisation)
}
