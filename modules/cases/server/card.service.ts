import {
  type Ctx,
  InvalidState,
  InvalidValue,
  inTransaction,
  NotFound,
  NotPermitted,
  reaches,
  recordAudit,
  recordEvent,
  toPage,
} from '@tongchou/kernel'
import type { CasesPorts } from '../ports.ts'
import { holdsCard, readCard, reviewerDuties } from './card.permissions.ts'
import type { Card } from './card.schema.ts'
import {
  type CardFilter,
  type CardRow,
  cardOrder,
  type ExplanationRow,
  explanationsOf,
  findCard,
  insertExplanation,
  listCards,
  lockCard,
  setVerdict,
} from './card.store.ts'
import { readableCases } from './case.store.ts'
import { fillText, noticeTexts } from './notice-text.ts'
import type { SupervisingVerb } from './verb.schema.ts'
import { supervisingOffers } from './verb.view.ts'

/** Cards (黄红牌) that the actor may read: all of them, or the own ones. */
export async function readCards(ctx: Ctx, ports: CasesPorts, filter: CardFilter) {
  const rows = await listCards(ctx, ctx.actor, filter)
  const shown = new Map((await cardViews(ctx, ports, rows.slice(0, filter.limit))).map((card) => [card.id, card]))
  return toPage(rows, filter.limit, cardOrder(filter).cursorOf, (row) => shown.get(row.id) as Card)
}

export async function readCardById(ctx: Ctx, ports: CasesPorts, id: string): Promise<Card> {
  const [card] = await cardViews(ctx, ports, [await readable(ctx, id)])
  if (!card) throw cardNotFound()
  return card
}

export async function mayReadCard(ctx: Ctx, id: string | undefined): Promise<boolean> {
  const row = id === undefined ? undefined : await findCard(ctx, id)
  return row !== undefined && readCard.allows(ctx.actor, row)
}

async function readable(ctx: Ctx, id: string): Promise<CardRow> {
  const row = await findCard(ctx, id)
  if (!row || !readCard.allows(ctx.actor, row)) throw cardNotFound()
  return row
}

function cardNotFound(): NotFound {
  return new NotFound('card.not_found', '黄红牌不存在，或不在当前岗位可查看的范围内。')
}

/** Gives the reason for a red card (说明理由). A further one only when the one before was not accepted. */
export async function explainCard(ctx: Ctx, ports: CasesPorts, id: string, reason: string): Promise<Card> {
  await inTransaction(ctx, async (tx) => {
    await lockCard(tx, id)
    const row = await readable(tx, id)
    if (!holdsCard.allows(tx.actor, row)) throw new NotPermitted('card.not_holder', '只有承办单位承担该职责的人员可以说明理由。')
    if (row.colour !== 'red') throw new InvalidState('card.needs_no_reason', '黄牌不需说明理由，请在期满前办结。')
    if (row.verdict === 'given') throw new InvalidState('explanation.given', '已说明理由，正在等候审核。')
    if (row.verdict === 'accepted') throw new InvalidState('explanation.accepted', '说明的理由已被接受，不需再说明。')
    await insertExplanation(tx, id, reason)
    await ports.notices.send(tx, {
      kind: 'card.explained',
      to: [{ duty: 'supervisor', orgId: null }],
      subject: { kind: 'case', id: row.case_id },
      title: '红牌已说明理由，请审核',
      body: fillText(noticeTexts.explained, { office: tx.actor.orgName, title: row.case_title, step: row.step_title }),
      href: '/oversight/cards?state=given',
      onceKey: `explained:${id}:${tx.now().toISOString()}`,
    })
    await record(tx, row, 'card.explained', { cardId: id })
  })
  return readCardById(ctx, ports, id)
}

/** The supervisor accepts a reason or not. Nobody judges their own. */
export async function reviewExplanation(ctx: Ctx, ports: CasesPorts, id: string, accepted: boolean, opinion: string): Promise<Card> {
  await inTransaction(ctx, async (tx) => {
    await lockCard(tx, id)
    const row = await readable(tx, id)
    if (!reaches(tx.actor, reviewerDuties, row.concerns_org_id))
      throw new NotPermitted('card.not_reviewer', '只有监察岗位可以审核说明的理由。')
    const open = (await explanationsOf(tx, [id])).find((one) => one.verdict === null)
    if (!open) throw new InvalidState('explanation.none_open', '没有待审核的理由，可能已由他人审核。')
    if (open.person_id === tx.actor.personId)
      throw new NotPermitted('person.is_explainer', '不能审核本人说明的理由，请由其他监察人员审核。')
    if (!accepted && opinion.trim() === '')
      throw new InvalidValue('opinion.missing', '不接受理由的，须写明原因。', [{ path: 'opinion', message: '须写明不接受的原因' }])
    await setVerdict(tx, open.id, accepted ? 'accepted' : 'rejected', opinion.trim() || null)
    await ports.notices.send(tx, {
      kind: 'card.reviewed',
      to: [{ personId: open.person_id }],
      subject: { kind: 'case', id: row.case_id },
      title: accepted ? '说明的理由已接受' : '说明的理由未被接受，请重新说明',
      body: fillText(noticeTexts.reviewed, { title: row.case_title, step: row.step_title, opinion: opinion.trim() || '已接受。' }),
      href: '/cards',
      onceKey: `reviewed:${open.id}`,
    })
    await record(tx, row, 'card.reviewed', { cardId: id, accepted })
  })
  return readCardById(ctx, ports, id)
}

async function record(tx: Ctx, row: CardRow, action: string, detail: Record<string, unknown>): Promise<void> {
  const subject = { kind: row.subject_kind, id: row.subject_id }
  await recordAudit(tx, action, subject, { caseId: row.case_id, ...detail })
  await recordEvent(tx, action, subject, { caseId: row.case_id, ...detail })
}

async function cardViews(ctx: Ctx, ports: CasesPorts, rows: readonly CardRow[]): Promise<Card[]> {
  const given = Map.groupBy(
    await explanationsOf(
      ctx,
      rows.map((row) => row.id),
    ),
    (one) => one.card_id,
  )
  const orgs = await ports.organisations.organisations(
    ctx,
    rows.flatMap((row) => row.org_id ?? []),
  )
  const readable = await readableCases(
    ctx,
    ports,
    rows.map((row) => row.case_id),
  )
  const running = rows.filter((row) => row.closed_at === null && readable.has(row.case_id))
  const offers = await supervisingOffers(
    ctx,
    running.map((row) => row.case_id),
  )
  return rows.map((row) =>
    cardView(ctx, ports, row, {
      given: given.get(row.id) ?? [],
      orgName: (row.org_id && orgs.get(row.org_id)?.name) || ports.dutyTitle(row.duty),
      mayReadCase: readable.has(row.case_id),
      verbs: offers(row.case_id, row.task_id),
    }),
  )
}

function cardView(
  { actor }: Ctx,
  ports: CasesPorts,
  row: CardRow,
  more: { given: readonly ExplanationRow[]; orgName: string; mayReadCase: boolean; verbs: SupervisingVerb[] },
): Card {
  const state = row.colour === 'yellow' ? 'none' : (row.verdict ?? 'due')
  const open = more.given.find((one) => one.verdict === null)
  return {
    id: row.id,
    colour: row.colour,
    caseId: row.case_id,
    taskId: row.task_id,
    caseTitle: row.case_title,
    procedure: row.procedure,
    procedureTitle: ports.definition(row.procedure)?.procedure.title ?? row.procedure,
    stepTitle: row.step_title,
    orgId: row.org_id,
    orgName: more.orgName,
    dueAt: row.due_at.toISOString(),
    issuedAt: row.issued_at.toISOString(),
    explainBy: row.explain_by?.toISOString() ?? null,
    state,
    isClosed: row.closed_at !== null,
    escalatedAt: row.escalated_at?.toISOString() ?? null,
    escalatedToName: row.escalated_to_name,
    explanations: more.given.map(explanationView),
    mayReadCase: more.mayReadCase,
    verbs: more.verbs,
    mayExplain: (state === 'due' || state === 'rejected') && holdsCard.allows(actor, row),
    mayReview: open !== undefined && reaches(actor, reviewerDuties, row.concerns_org_id) && open.person_id !== actor.personId,
  }
}

function explanationView(row: ExplanationRow): Card['explanations'][number] {
  return {
    id: row.id,
    reason: row.reason,
    personName: row.person_name,
    orgName: row.org_name,
    givenAt: row.given_at.toISOString(),
    verdict: row.verdict,
    opinion: row.opinion,
    reviewedByName: row.reviewed_by_name,
    reviewedAt: row.reviewed_at?.toISOString() ?? null,
  }
}
