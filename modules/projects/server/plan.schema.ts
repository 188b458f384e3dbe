import { At, Fen, Id, Line, Nullable, OneOf, Prose, Strict } from '@tongchou/kernel'
import { Type } from 'typebox'
import { projectKinds } from './project.schema.ts'

export const planEntryStates = ['filed', 'returned', 'reviewed', 'rejected', 'withdrawn', 'listed'] as const
export const cityPlanStates = ['compiling', 'submitted', 'joint-reviewed', 'approved', 'rejected'] as const

const Year = Type.Integer({ minimum: 2000, maximum: 2100 })

/** Files a project into a year's plan (年度预算计划，第五条). */
export const FilePlanEntry = Strict({ year: Year, opinion: Prose(2000) })

/** A project in a year's plan. */
export const PlanEntry = Type.Object({
  id: Id,
  year: Year,
  state: OneOf(planEntryStates),
  project: Type.Object({ id: Id, name: Type.String(), kind: OneOf(projectKinds), budgetFen: Fen, omCostFen: Fen }),
  owner: Type.Object({ id: Type.String(), name: Type.String() }),
  cityPlanId: Nullable(Id),
  filedBy: Type.String(),
  filedAt: At,
  /** 沿用上年: whether the actor may begin the proposal for a further year from this entry. */
  mayContinue: Type.Boolean(),
})

/** Compiles the city's plan from reviewed entries (统筹编制，第六条). */
export const CompileCityPlan = Strict({
  year: Year,
  title: Line(200),
  note: Prose(4000),
  entryIds: Type.Array(Id, { minItems: 1, maxItems: 2000, uniqueItems: true }),
})

export const ChangeCityPlan = Strict({
  version: Type.Integer({ minimum: 1 }),
  title: Line(200),
  note: Prose(4000),
  entryIds: Type.Array(Id, { minItems: 1, maxItems: 2000, uniqueItems: true }),
})

/** The city's plan of a year (全市政务信息化项目年度预算计划). */
export const CityPlan = Type.Object({
  id: Id,
  year: Year,
  title: Type.String(),
  note: Type.String(),
  state: OneOf(cityPlanStates),
  compiledBy: Type.String(),
  entryCount: Type.Integer(),
  budgetFen: Fen,
  jointReviewedAt: Nullable(At),
  approvedAt: Nullable(At),
  version: Type.Integer(),
  acts: Type.Array(Type.String()),
})
