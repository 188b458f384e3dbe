import type { Ctx, OrganisationView } from '@tongchou/kernel'
import type { Entry } from '@tongchou/metadata'
import { findGrant, grantNumbers } from './grant.store.ts'
import { basisText, courseOf, offeredItems } from './offer.ts'
import type { SharingPorts } from './ports.ts'
import { decisionsOf } from './request.store.ts'
import { provide, review, submitRequest, writeRequest } from './sharing.permissions.ts'
import type { RequestAct, RequestLine, SharingRequest } from './sharing.schema.ts'
import type { RequestRow, Terms } from './sharing.tables.ts'

/** Kind of subject of the procedures `sharing-request` and `sharing-dispute`. */
export const requestKind = 'sharing-request'

export const bearer = ({ actor }: Ctx) => `${actor.orgName} ${actor.name}`

/** It may be written: it was never handed in, or it came back. */
export const isOpenForEdit = ({ state }: Pick<RequestRow, 'state'>): boolean => state === 'draft' || state === 'returned'

type Names = ReadonlyMap<string, Pick<OrganisationView, 'name'>>
const day = 24 * 3600 * 1000

export function toRequestLine(ctx: Ctx, row: RequestRow, names: Names): RequestLine {
  const until = row.decided_at ?? (row.state === 'abandoned' ? null : ctx.now())
  return {
    ...{ id: row.id, number: row.number, resource: { id: row.resource, name: row.title } },
    org: { id: row.org_id, name: names.get(row.org_id)?.name ?? row.org_id },
    provider: { id: row.provider_org_id, name: names.get(row.provider_org_id)?.name ?? row.provider_org_id },
    ...{ way: row.way, matter: row.matter, state: row.state },
    submittedAt: row.submitted_at?.toISOString() ?? null,
    decidedAt: row.decided_at?.toISOString() ?? null,
    days: row.submitted_at && until ? Math.max(0, Math.floor((until.getTime() - row.submitted_at.getTime()) / day)) : null,
  }
}

/** Terms with the names of their items, as the entry in force calls them. */
export function shownTerms(terms: Terms, entry: Entry | undefined) {
  const nameOf = (id: string) => entry?.items.find((item) => item.id === id)?.name ?? id
  return {
    items: Object.entries(terms.items).map(([id, masking]) => ({ id, name: nameOf(id), masking })),
    rows: terms.rows.map(({ item, is }) => ({ item, name: nameOf(item), is })),
    ...{ validUntil: terms.validUntil, quotaPerDay: terms.quotaPerDay, use: terms.use },
  }
}

/** The page of a request, with what this actor may do. What is about to be decided is the deciding office's own until it is signed. */
export async function viewRequest(ctx: Ctx, ports: SharingPorts, row: RequestRow): Promise<SharingRequest> {
  const names = await ports.organisations.organisations(ctx, [row.org_id, row.provider_org_id])
  const entry = (await ports.catalog.registered(ctx, row.resource))?.content
  const offered = entry ? offeredItems(entry) : []
  const cases = await ports.cases.casesOf(ctx, requestKind, row.id)
  const decisions = await decisionsOf(ctx, row.id)
  const numbers = await grantNumbers(
    ctx,
    decisions.flatMap(({ grant_id }) => grant_id ?? []),
  )
  const renewed = row.renews === null ? undefined : await findGrant(ctx, row.renews)
  const nameOf = (id: string) => offered.find((item) => item.id === id)?.name ?? id
  return {
    ...toRequestLine(ctx, row, names),
    ...{ purpose: row.purpose, basis: row.basis, necessity: row.necessity },
    wanted: Object.entries(row.items).map(([id, whole]) => {
      const item = offered.find((one) => one.id === id)
      return {
        ...{ id, name: nameOf(id), whole, sharing: item?.sharing ?? 'none', condition: item?.condition ?? null },
        ...{ sensitive: item?.isSensitive ?? true, masking: item?.masking ?? null },
      }
    }),
    rows: row.row_conditions.map(({ item, is }) => ({ item, name: nameOf(item), is })),
    ...{ validFrom: row.valid_from, validUntil: row.valid_until, quotaPerDay: row.quota_per_day },
    renews: renewed ? { id: renewed.id, number: renewed.number } : null,
    returnedReason: row.state === 'returned' ? row.returned_reason : null,
    disputeReason: row.dispute_reason,
    course: isOpenForEdit(row) && entry ? courseText(entry, row.items) : null,
    proposed:
      row.proposed && (provide.allows(ctx.actor, row) || review.allows(ctx.actor, row)) && mayPropose(ctx, row)
        ? { ...row.proposed, terms: row.proposed.terms && shownTerms(row.proposed.terms, entry) }
        : null,
    decisions: decisions.map((one) => ({
      ...{ decidedAs: one.decided_as, outcome: one.outcome, reason: one.reason, decidedBy: one.decided_by },
      terms: one.terms && shownTerms(one.terms, entry),
      basis: basisText({ basisLaw: one.basis_law, basisClause: one.basis_clause }),
      grant: one.grant_id === null ? null : { id: one.grant_id, number: numbers.get(one.grant_id) ?? 0 },
      decidedAt: one.decided_at.toISOString(),
    })),
    cases: cases.map(({ caseId, title, status, holders }) => ({
      ...{ caseId, title, status },
      holders: holders.map((holder) => ({ title: holder.title, orgName: holder.orgName, dueAt: holder.dueAt })),
    })),
    mayDo: allowedActs(
      ctx,
      row,
      cases.some(({ status }) => status === 'running'),
    ),
    version: row.version,
    updatedAt: row.updated_at.toISOString(),
  }
}

/** What handing it in will lead to, by the catalog's sharing types, in one sentence. */
function courseText(entry: Entry, items: RequestRow['items']): string {
  const course = courseOf(entry, items)
  switch (course.course) {
    case 'at-once':
      return '所申请的信息项均为无条件共享，提交后由系统即时授权并留痕。'
    case 'provider':
      return `${course.because}，提交后经本部门负责人审签，由提供方在期限内答复。`
    case 'refused':
      return `${course.reason}提交后由系统即时答复不予共享；有异议的，可向市大数据中心提出争议。`
    case 'mixed':
      return `${course.names.join('、')}不予共享，不能与其他信息项一并申请，请去掉后提交，或另行申请。`
  }
}

function allowedActs(ctx: Ctx, row: RequestRow, isRunning: boolean): RequestAct[] {
  const acts: RequestAct[] = []
  if (isOpenForEdit(row)) {
    if (writeRequest.allows(ctx.actor, row)) acts.push('edit')
    // Once a case waits at its first step, it is handed in again or given up there, not anew.
    if (!isRunning && submitRequest.allows(ctx.actor, row)) acts.push('submit')
    if (!isRunning && writeRequest.allows(ctx.actor, row)) acts.push('abandon')
  }
  if (mayPropose(ctx, row)) acts.push('propose')
  if ((row.state === 'refused' || row.state === 'granted-less') && submitRequest.allows(ctx.actor, row)) acts.push('dispute')
  return acts
}

/** Who writes what is about to be decided: the provider while it is asked, the center in a dispute. */
export function mayPropose({ actor }: Ctx, row: RequestRow): boolean {
  return (row.state === 'signed-off' && provide.allows(actor, row)) || (row.state === 'disputed' && review.allows(actor, row))
}
