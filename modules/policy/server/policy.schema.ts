import { CivilDate, FindingSchema, Nullable, OneOf, PageOf, PageQuery, Strict } from '@tongchou/kernel'
import { type Static, Type } from 'typebox'
import { DECISIONS } from './evaluate.ts'
import { BASES, COVERAGE_KINDS, EFFECTS, MODALITIES, MODES } from './pack.ts'
import { FACT_TYPES } from './vocabulary.ts'

// Whatever stands there names a pack or does not: an odd name is a 404 and not a 400.
const PackId = Type.String()
export const PackParams = Strict({ pack: PackId })
export const ArticleParams = Strict({ pack: PackId, article: Type.String() })
export const AsOfQuery = Strict({ asOf: Type.Optional(CivilDate) })
export const PackListQuery = Strict(PageQuery)
export const SearchQuery = Strict({
  ...PageQuery,
  q: Type.String({ minLength: 1, maxLength: 100, pattern: '\\S' }),
  pack: Type.Optional(PackId),
})

export const LegalBasis = Type.Object({ title: Type.String(), held: Type.Boolean(), note: Type.Optional(Type.String()) })

/** A document of the library (制度库), as lists show it; `mode` is what the city set, or what the pack comes with. */
export const PackSummary = Type.Object({
  id: Type.String(),
  short: Type.String(),
  title: Type.String(),
  documentNumber: Nullable(Type.String()),
  issuedBy: Type.String(),
  jurisdiction: Type.String(),
  status: OneOf(['draft', 'in-force', 'repealed'] as const),
  validFrom: Type.String(),
  validTo: Nullable(Type.String()),
  mode: OneOf(MODES),
  rulesLoaded: Type.Boolean(),
  legalBasis: Type.Array(LegalBasis),
})
export type PackSummary = Static<typeof PackSummary>

export const CoverageLine = Type.Object({
  kind: OneOf(COVERAGE_KINDS),
  rules: Type.Array(Type.String()),
  step: Type.Optional(Type.String()),
  note: Type.String(),
})

export const RuleLine = Type.Object({
  id: Type.String(),
  article: Type.String(),
  acts: Nullable(Type.Array(Type.String())),
  when: Type.String(),
  effect: OneOf(EFFECTS),
  modality: OneOf(MODALITIES),
  basis: OneOf(BASES),
  mode: OneOf(MODES),
  message: Type.String(),
  cure: Type.String(),
  facts: Type.Array(Type.String()),
  refersTo: Type.Optional(Type.String()),
})

/** A step (环节) that an article creates, and the duties that hold it. */
export const StepLine = Type.Object({
  procedure: Type.String(),
  procedureTitle: Type.String(),
  step: Type.String(),
  title: Type.String(),
  duties: Type.Array(Type.String()),
  basis: OneOf(BASES),
  note: Type.Optional(Type.String()),
})

/** An article (条) with everything that carries it; `text` null: 未持有原文. */
export const ArticleDetail = Type.Object({
  id: Type.String(),
  label: Type.String(),
  chapter: Type.String(),
  text: Nullable(Type.String()),
  coverage: Type.Array(CoverageLine),
  rules: Type.Array(RuleLine),
  steps: Type.Array(StepLine),
})
export type ArticleDetail = Static<typeof ArticleDetail>

export const PackDetail = Type.Object({
  ...PackSummary.properties,
  digest: Type.String({ description: 'SHA-256：规则、条文与流程的版本' }),
  source: Type.Object({ title: Type.String(), note: Type.String() }),
  damage: Type.Array(Type.String()),
  asOfNote: Type.String(),
  articles: Type.Array(ArticleDetail),
})
export type PackDetail = Static<typeof PackDetail>

/** A place where a word stands in an article; `excerpt` is around it. */
export const SearchHit = Type.Object({
  pack: Type.String(),
  title: Type.String(),
  article: Type.String(),
  label: Type.String(),
  chapter: Type.String(),
  excerpt: Type.String(),
})
export type SearchHit = Static<typeof SearchHit>
export const SearchPage = PageOf(SearchHit)

export const Question = Strict({
  act: Type.String(),
  asOf: Type.Optional(CivilDate),
  // What a fact may be is said by the vocabulary, so that every mistake is named in its words.
  facts: Type.Record(Type.String(), Type.Unknown(), { maxProperties: 200 }),
})

export const PolicyFinding = Type.Object({
  ...FindingSchema.properties,
  note: Type.Optional(Type.String({ description: '未持有原文' })),
  cureAct: Type.Optional(Type.String()),
  refersTo: Type.Optional(Type.String()),
  requires: Type.Optional(Type.Object({ kind: OneOf(['document', 'step', 'decision'] as const), value: Type.String() })),
})

export const Evaluation = Type.Object({ decision: OneOf(DECISIONS), regulated: Type.Boolean(), findings: Type.Array(PolicyFinding) })

const Titled = Type.Object({ id: Type.String(), title: Type.String(), note: Type.Optional(Type.String()) })

/** The words that rules use: acts, roles, cures, facts. */
export const VocabularyAnswer = Type.Object({
  acts: Type.Array(Titled),
  roles: Type.Array(Titled),
  cures: Type.Array(Titled),
  facts: Type.Array(
    Type.Object({
      name: Type.String(),
      type: OneOf(FACT_TYPES),
      title: Type.String(),
      values: Type.Array(Type.Object({ value: Type.String(), title: Type.String() })),
      answeredBy: Type.Array(Type.String()),
      note: Type.Optional(Type.String()),
    }),
  ),
})
export type VocabularyAnswer = Static<typeof VocabularyAnswer>
