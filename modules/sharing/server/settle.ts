import { randomUUID } from 'node:crypto'
import { type Ctx, InvalidState, recordAudit, recordEvent, todayInShanghai } from '@tongchou/kernel'
import { askedTerms, isLess, requireReasoned, requireWithin } from './decide.ts'
import { grantsOfRequest, insertGrant, updateGrant } from './grant.store.ts'
import { offeredItems } from './offer.ts'
import type { SharingPorts } from './ports.ts'
import { insertDecision, lockResource } from './request.store.ts'
import { bearer } from './request.view.ts'
import type { DecisionRow, GrantRow, Proposed, RequestRow, Terms } from './sharing.tables.ts'

export const grantKind = 'sharing-grant'

type As = DecisionRow['decided_as']

/**
 * Grants what was asked for, or less (授权): the decision, and the grant with what it covers. What the catalog has withdrawn meanwhile is not granted;
 * nor an item that it has given up.
 */
export async function settleGrant(
  tx: Ctx,
  ports: SharingPorts,
  request: RequestRow,
  as: As,
  proposed: Proposed | null,
  opinion: string | null,
): Promise<DecisionRow['outcome']> {
  requireOthers(request)
  await lockResource(tx, request.resource)
  const entry = await ports.catalog.registered(tx, request.resource)
  if (!entry)
    throw new InvalidState('sharing.entry_gone', `目录“${request.title}”已撤销或未登记，不能授权。请办理不予共享，或由提供方先登记目录。`)
  const asked = askedTerms(request, offeredItems(entry.content))
  const terms = proposed?.terms ?? asked
  requireWithin(asked, terms, request)
  if (terms.validUntil < todayInShanghai(tx.now()))
    throw new InvalidState('sharing.term_over', '申请的使用期限已过，授权没有意义。请退回补正，由申请单位改写期限。')
  const less = isLess(asked, terms)
  const reason = proposed?.reason?.trim() || opinion
  if (as === 'provider') requireReasoned({ ...blank, outcome: 'grant', reason: proposed?.reason ?? null }, less)
  // What the center directs takes the place of what the provider gave.
  if (as === 'center')
    for (const grant of await grantsOfRequest(tx, request.id))
      await updateGrant(tx, grant.id, { state: 'revoked', state_reason: '复核后另行授权', state_at: tx.now() })
  const grant = await insertGrant(tx.db, grantOf(tx, request, terms))
  const outcome = as === 'center' ? 'directed' : less ? 'granted-less' : 'granted'
  await insertDecision(tx, { ...decided(tx, request, as, outcome), terms: JSON.stringify(terms), reason, grant_id: grant.id })
  const detail = { requestId: request.id, resourceId: request.resource, orgId: request.org_id, way: request.way }
  await recordAudit(tx, 'sharing-grant.given', { kind: grantKind, id: grant.id }, { ...detail, items: Object.keys(terms.items).length })
  await recordEvent(tx, 'sharing-grant.given', { kind: grantKind, id: grant.id }, detail)
  return outcome
}

/** Nothing is granted to the office whose own it is, also where both became one office (组织调整) after it was asked for. */
function requireOthers({ org_id, provider_org_id, title }: RequestRow): void {
  if (org_id === provider_org_id)
    throw new InvalidState('sharing.own_resource', `组织调整后，“${title}”由申请单位自己提供，不需授权。请退回，由申请单位撤回申请。`)
}

/** Refuses (不予共享): with the law and its article, which the provider has to give and the catalog's own entry has. */
export async function settleRefusal(tx: Ctx, request: RequestRow, as: As, proposed: Proposed): Promise<void> {
  requireReasoned(proposed, false)
  await insertDecision(tx, {
    ...decided(tx, request, as, 'refused'),
    ...{ terms: null, reason: proposed.reason, basis_law: proposed.basisLaw, basis_clause: proposed.basisClause, grant_id: null },
  })
}

/** The center lets the decision stand (维持). */
export async function settleUpheld(tx: Ctx, request: RequestRow, opinion: string | null): Promise<void> {
  await insertDecision(tx, { ...decided(tx, request, 'center', 'upheld'), terms: null, reason: opinion, grant_id: null })
}

const blank: Proposed = { outcome: 'grant', terms: null, reason: null, basisLaw: null, basisClause: null }

function decided(tx: Ctx, request: RequestRow, as: As, outcome: DecisionRow['outcome']) {
  return {
    ...{ request_id: request.id, decided_as: as, outcome, basis_law: null, basis_clause: null },
    ...{ decided_by: as === 'system' ? '系统' : bearer(tx), decided_at: tx.now() },
  }
}

function grantOf(tx: Ctx, request: RequestRow, terms: Terms): Parameters<typeof insertGrant>[1] & { id: GrantRow['id'] } {
  const { resource, title, provider_org_id, org_id, way, purpose } = request
  const at = tx.now()
  return {
    ...{ id: randomUUID(), resource, title, provider_org_id, org_id, way, purpose, request_id: request.id },
    ...{ items: JSON.stringify(terms.items), row_conditions: JSON.stringify(terms.rows), terms: terms.use },
    ...{ valid_from: request.valid_from, valid_until: terms.validUntil, quota_per_day: terms.quotaPerDay },
    ...{ state: 'in-force', state_reason: null, state_at: at, granted_at: at, updated_by: bearer(tx), updated_at: at },
  }
}
