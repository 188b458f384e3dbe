import { At, Fen, Id, Line, NotSecret, Nullable, OneOf, Prose, Strict } from '@tongchou/kernel'
import { type Static, type TProperties, Type } from 'typebox'
import { appStages, builders, deliverables, deployments, fundings, projectKinds, reaches } from './project.schema.ts'

function some<P extends TProperties>(properties: P) {
  return Strict(Type.Partial(Type.Object(properties)).properties)
}

/** A proposal as far as it is written (未填完的申报): every item may be absent, half typed or still wrong. Rules speak at the hand-in. */
export const DraftContent = some({
  name: Prose(200),
  kind: OneOf(projectKinds),
  summary: Prose(8000),
  planBasis: Prose(2000),
  builder: OneOf(builders),
  userUnitOrgId: Line(64),
  reach: OneOf(reaches),
  deliverables: Type.Array(OneOf(deliverables), { uniqueItems: true }),
  funding: Type.Array(OneOf(fundings), { uniqueItems: true }),
  superiorCoordinated: Type.Boolean(),
  appStage: OneOf(appStages),
  standardInterface: Type.Boolean(),
  necessity: Prose(4000),
  plannedDeployment: OneOf(deployments),
  omCostFen: Fen,
  responsiblePerson: Prose(50),
  noDataReason: Prose(1000),
  urgencyReason: Prose(2000),
  budgetLines: Type.Array(some({ title: Prose(100), category: Prose(50), amountFen: Fen }), { maxItems: 100 }),
  systems: Type.Array(some({ name: Prose(100), functions: Prose(1000) }), { maxItems: 30 }),
  dataResources: Type.Array(some({ name: Prose(100) }), { maxItems: 200 }),
  unread: Type.Array(Strict({ path: Line(60), text: Prose(50) }), { maxItems: 200, description: '尚不能读作金额的原文' }),
})
export type DraftContent = Static<typeof DraftContent>

/** Items of a draft that can be marked as taken over. */
const Item = OneOf(Object.keys(DraftContent.properties) as (keyof DraftContent)[])

/** Begins a draft, empty-handed or from an earlier project of the own unit (沿用上年); attachments are never taken over. */
export const NewDraft = Strict({
  secrecy: NotSecret,
  content: Type.Optional(DraftContent),
  copyFrom: Type.Optional(Id),
})
export type NewDraft = Static<typeof NewDraft>

export const DraftChange = Strict({
  secrecy: NotSecret,
  version: Type.Integer({ minimum: 1 }),
  content: DraftContent,
  copied: Type.Array(Item, { uniqueItems: true, description: '沿用后尚未核对的填写项' }),
})
export type DraftChange = Static<typeof DraftChange>

export const ProposalDraft = Type.Object({
  id: Id,
  content: DraftContent,
  copied: Type.Array(Item),
  /** `planYear`: the latest year into whose plan it was filed; the new one is for the year after. */
  copiedFrom: Nullable(Type.Object({ id: Id, name: Type.String(), planYear: Nullable(Type.Integer()) })),
  version: Type.Integer(),
  updatedAt: At,
})
export type ProposalDraft = Static<typeof ProposalDraft>

/** A line of one's own drafts (草稿). */
export const DraftLine = Type.Object({ id: Id, name: Type.String(), kind: Nullable(OneOf(projectKinds)), createdAt: At, updatedAt: At })
export type DraftLine = Static<typeof DraftLine>
