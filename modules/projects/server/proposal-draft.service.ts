import { type Ctx, InvalidState, inTransaction, NotPermitted, recordAudit, toPage } from '@tongchou/kernel'
import type { ProjectsPorts } from '../ports.ts'
import { draftSubject, lockOwnDraft, noSuchDraft } from './own-draft.ts'
import { latestPlanYear } from './plan.store.ts'
import { applicantDuties, bears } from './project.permissions.ts'
import type { Project } from './project.schema.ts'
import { findProject } from './project.store.ts'
import { readProjectPage } from './proposal.service.ts'
import { ownDraft } from './proposal-draft.permissions.ts'
import type { DraftChange, DraftContent, DraftLine, NewDraft, ProposalDraft } from './proposal-draft.schema.ts'
import { type DraftRow, deleteDraft, findDraft, insertDraft, listDrafts, updateDraft } from './proposal-draft.store.ts'

/** Begins a draft (草稿) from the first character, or from an earlier project of the own unit (沿用上年). */
export async function beginDraft(ctx: Ctx, ports: ProjectsPorts, { content = {}, copyFrom }: NewDraft): Promise<ProposalDraft> {
  if (!bears(ctx.actor, ...applicantDuties)) throw new NotPermitted('project.not_applicant', '当前岗位无申报职责，请切换到申报岗位。')
  return inTransaction(ctx, async (tx) => {
    const source = copyFrom === undefined ? undefined : await sourceOf(tx, ports, copyFrom)
    const copied = source === undefined ? {} : contentOf(source)
    // What the applicant has typed already goes before what is taken over.
    const taken = (Object.keys(copied) as (keyof DraftContent)[]).filter((item) => content[item] === undefined)
    const at = tx.now()
    const row = await insertDraft(tx, {
      owner_org_id: tx.actor.orgId,
      person_id: tx.actor.personId,
      content: { ...copied, ...content },
      copied: taken,
      copied_from: source?.id ?? null,
      created_at: at,
      updated_at: at,
    })
    await recordAudit(tx, 'proposal_draft.begun', draftSubject(row), source === undefined ? {} : { copiedFrom: source.id })
    return draftView(tx, row)
  })
}

/** Reading the source decides (404 for strangers); what other units propose may be read by some and is copied by none. */
async function sourceOf(tx: Ctx, ports: ProjectsPorts, id: string): Promise<Project> {
  const source = await readProjectPage(tx, ports, id)
  if (source.owner.id !== tx.actor.orgId)
    throw new NotPermitted('proposal_draft.not_own_unit', `“${source.name}”不是本单位申报的项目，不能沿用，请选择本单位的项目。`)
  return source
}

/** What is proposed anew: everything that was written, but neither attachments nor what offices have decided, nor an urgency of last year. */
function contentOf(project: Project): DraftContent {
  const { name, kind, summary, planBasis, builder, userUnit, reach, deliverables, funding, superiorCoordinated, appStage } = project
  const { standardInterface, necessity, plannedDeployment, omCostFen, responsiblePerson, noDataReason } = project
  const all: DraftContent = {
    name,
    kind,
    summary,
    planBasis,
    builder,
    userUnitOrgId: userUnit.id,
    reach,
    deliverables,
    funding,
    superiorCoordinated,
    appStage,
    ...(standardInterface === null ? {} : { standardInterface }),
    necessity,
    plannedDeployment,
    omCostFen,
    responsiblePerson,
    noDataReason,
    budgetLines: project.budgetLines.map(({ title, category, amountFen }) => ({ title, category, amountFen })),
    systems: project.systems.map(({ name, functions }) => ({ name, functions })),
    dataResources: project.dataResources.map(({ name }) => ({ name })),
  }
  const isFilled = (value: unknown) => value !== '' && !(Array.isArray(value) && value.length === 0)
  return Object.fromEntries(Object.entries(all).filter(([item, value]) => isFilled(value) && !(item === 'appStage' && value === 'none')))
}

/** One's own drafts, the newest first. */
export async function readDrafts(ctx: Ctx, limit: number, cursor: string | undefined) {
  const rows = await listDrafts(ctx, ctx.actor, limit, cursor)
  return toPage(rows, limit, (row) => [row.updated_at.toISOString(), row.id], lineOf)
}

function lineOf(row: DraftRow): DraftLine {
  return {
    id: row.id,
    name: row.content.name ?? '',
    kind: row.content.kind ?? null,
    createdAt: row.created_at.toISOString(),
    updatedAt: row.updated_at.toISOString(),
  }
}

export async function readDraft(ctx: Ctx, id: string): Promise<ProposalDraft> {
  const row = await findDraft(ctx, id)
  if (!row || !ownDraft.allows(ctx.actor, row)) throw noSuchDraft()
  return draftView(ctx, row)
}

/** Saves what has been typed since. Another window that saved in between is named, nothing is written over. */
export async function saveDraft(ctx: Ctx, id: string, { version, content, copied }: DraftChange): Promise<ProposalDraft> {
  return inTransaction(ctx, async (tx) => {
    const draft = await lockOwnDraft(tx, id)
    if (draft.version !== version)
      throw new InvalidState('proposal_draft.stale', '该草稿已在另一窗口修改，请刷新后继续填写；本页内容可先复制留存。')
    // Looked at once stays looked at: a mark is taken away, never set again.
    const row = await updateDraft(tx, id, { content, copied: draft.copied.filter((item) => copied.some((one) => one === item)) })
    await recordAudit(tx, 'proposal_draft.saved', draftSubject(row), { version: row.version })
    return draftView(tx, row)
  })
}

/** Throws a draft away (删除草稿). */
export async function discardDraft(ctx: Ctx, id: string): Promise<void> {
  await inTransaction(ctx, async (tx) => {
    const draft = await lockOwnDraft(tx, id)
    await deleteDraft(tx, id)
    await recordAudit(tx, 'proposal_draft.discarded', draftSubject(draft), {})
  })
}

async function draftView(ctx: Ctx, row: DraftRow): Promise<ProposalDraft> {
  const source = row.copied_from === null ? undefined : await findProject(ctx, row.copied_from)
  return {
    id: row.id,
    content: row.content,
    copied: row.copied,
    copiedFrom: source ? { id: source.id, name: source.name, planYear: await latestPlanYear(ctx, source.id) } : null,
    version: row.version,
    updatedAt: row.updated_at.toISOString(),
  }
}
