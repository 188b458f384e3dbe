import type { ClockRules, Finding } from '@tongchou/kernel'
import type { Procedure } from '@tongchou/procedure'
import type { Condition } from './expression.ts'
import type { Outline } from './outline.ts'
import type { PackPaper } from './paper.ts'
import type { Vocabulary } from './vocabulary.ts'

/** What a rule does when its condition holds. */
export const EFFECTS = ['refuse', 'refer', 'require', 'warn', 'exempt'] as const
export type Effect = (typeof EFFECTS)[number]

/** How hard the sentence binds: 须、原则上、可、鼓励, or a city's own. */
export const MODALITIES = ['must', 'in-principle', 'may', 'encourage', 'local'] as const
export type Modality = (typeof MODALITIES)[number]

/** Said by the text, inferred from it, or added by the city. */
export const BASES = ['text', 'inference', 'local'] as const
export type Basis = (typeof BASES)[number]

/** 提示 or 拦截: what the product does with a finding, never the finding. */
export const MODES = ['advise', 'enforce'] as const
export type Mode = (typeof MODES)[number]

/** Who or what carries an article: rules, a person at a step, nobody here, the text leaves it open, or a plain statement. */
export const COVERAGE_KINDS = ['enforced', 'person', 'out-of-scope', 'unspecified', 'statement'] as const
export type CoverageKind = (typeof COVERAGE_KINDS)[number]

/** One line of `coverage.yaml`. */
export interface Coverage {
  kind: CoverageKind
  /** Rules of the pack that enforce the article; only for `enforced`. */
  rules: readonly string[]
  /** `procedure/step` where a person does it; only for `person`. */
  step?: string
  note: string
}

/** An article (条) in its own words; `text` is null where we do not hold them (未持有原文). */
export interface Article {
  id: string
  label: string
  chapter: string
  text: string | null
}

/** What must be there before the act goes on: a document, a step, or a recorded decision. */
export interface Requirement {
  kind: 'document' | 'step' | 'decision'
  value: string
}

/** A rule (规则) of a pack: when it holds, the act it guards is refused, referred, and so on, by an article. */
export interface Rule {
  id: string
  article: string
  /** The acts it guards; `null` means every act. */
  acts: readonly string[] | null
  when: string
  condition: Condition
  effect: Effect
  modality: Modality
  basis: Basis
  message: string
  cure: string
  /** Id of the vocabulary's `cures`, which a screen turns into a button. */
  cureAct?: string
  /** The role that may grant the exception; only for `refer`. */
  refersTo?: string
  requires?: Requirement
}

/** A law or measure that the document leans on. */
export interface LegalBasis {
  title: string
  held: boolean
  note?: string
}

/** What a pack says of itself (`pack.yaml`). */
export interface PackHeader {
  id: string
  short: string
  title: string
  documentNumber: string | null
  issuedBy: string
  jurisdiction: string
  status: 'draft' | 'in-force' | 'repealed'
  /** First civil date (Asia/Shanghai) on which this version can be asked. */
  validFrom: string
  /** First civil date on which it can no longer be asked; null: open. */
  validTo: string | null
  defaultMode: Mode
  source: { title: string; note: string }
  rulesLoaded: boolean
  legalBasis: readonly LegalBasis[]
  /** Notes on damaged places of the text that we hold. */
  damage: readonly string[]
  asOfNote: string
}

/** A further YAML file of the pack, read but not interpreted here. */
export interface PackFile {
  id: string
  file: string
  raw: unknown
}

/** A procedure (办事流程): checked here, run by others. */
export interface PackProcedure extends PackFile {
  procedure: Procedure
}

/** One version of a policy pack (制度包): text, coverage, rules, procedures, forms, documents, papers. */
export interface Pack extends PackHeader {
  folder: string
  /** SHA-256 over all files, so that a closed case can say by what it was judged. */
  digest: string
  /** Rules of electronic supervision; null where the pack sets none. */
  clocks: ClockRules | null
  articles: readonly Article[]
  coverage: ReadonlyMap<string, readonly Coverage[]>
  /** Ordered by article of the text, then as written: findings come out in this order. */
  rules: readonly Rule[]
  procedures: readonly PackProcedure[]
  /** Forms (表单) that the procedures' steps name, for the module that runs them. */
  forms: readonly PackFile[]
  documents: readonly Outline[]
  /** Papers (文书) that the product prints and issues; none where the pack leaves them out. */
  papers: readonly PackPaper[]
  vocabulary: Vocabulary
}

/** A finding (规则提示) with what a screen needs beyond the public ones. */
export interface PolicyFinding extends Finding {
  /** 未持有原文, where `text` is null. */
  note?: string
  cureAct?: string
  refersTo?: string
  requires?: Requirement
}
