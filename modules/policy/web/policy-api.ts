// SPDX-License-Identifier: Apache-2.0
import type { Effect, Modality } from '@tongchou/api-client'
import type { Tone } from '@tongchou/ui'

/** 提示 or 拦截. */
export type Mode = 'advise' | 'enforce'

/** A law or measure the document leans on; `held` false: 未持有原文. */
export interface LegalBasis {
  title: string
  held: boolean
  note?: string
}

/** A document of the library (制度库), as the list shows it. */
export interface PackSummary {
  id: string
  short: string
  title: string
  documentNumber: string | null
  issuedBy: string
  jurisdiction: string
  status: 'draft' | 'in-force' | 'repealed'
  validFrom: string
  validTo: string | null
  mode: Mode
  rulesLoaded: boolean
  legalBasis: LegalBasis[]
}

/** One line of what carries an article. */
export interface CoverageLine {
  kind: 'enforced' | 'person' | 'out-of-scope' | 'unspecified' | 'statement'
  rules: string[]
  step?: string
  note: string
}

/** A rule (规则) as a reader sees it. */
export interface RuleLine {
  id: string
  article: string
  acts: string[] | null
  effect: Exclude<Effect, 'undecidable'>
  modality: Modality
  basis: 'text' | 'inference' | 'local'
  mode: Mode
  message: string
  cure: string
  facts: string[]
  refersTo?: string
}

/** A step (环节) that an article creates, and the duties that hold it. */
export interface StepLine {
  procedure: string
  procedureTitle: string
  step: string
  title: string
  duties: string[]
  basis: 'text' | 'inference' | 'local'
  note?: string
}

/** An article (条) with everything that carries it. */
export interface ArticleDetail {
  id: string
  label: string
  chapter: string
  text: string | null
  coverage: CoverageLine[]
  rules: RuleLine[]
  steps: StepLine[]
}

/** A whole document for reading. */
export interface PackDetail extends PackSummary {
  source: { title: string; note: string }
  damage: string[]
  asOfNote: string
  articles: ArticleDetail[]
}

export const STATUS_WORDS: Readonly<Record<PackSummary['status'], { text: string; tone: Tone }>> = {
  draft: { text: '征求意见稿', tone: 'soon' },
  'in-force': { text: '有效', tone: 'good' },
  repealed: { text: '已失效', tone: 'plain' },
}

export const MODE_WORDS: Readonly<Record<Mode, string>> = { advise: '提示', enforce: '拦截' }

export const COVERAGE_WORDS: Readonly<Record<CoverageLine['kind'], string>> = {
  enforced: '由规则核对',
  person: '由人办理',
  'out-of-scope': '本平台之外',
  unspecified: '未规定',
  statement: '宣示',
}

export const EFFECT_WORDS: Readonly<Record<RuleLine['effect'], string>> = {
  refuse: '不予办理',
  refer: '转报',
  require: '须补办',
  warn: '提请注意',
  exempt: '不适用本办法',
}

export const MODALITY_WORDS: Readonly<Record<Modality, string>> = {
  must: '须',
  'in-principle': '原则上',
  may: '可',
  encourage: '鼓励',
  local: '本市规定',
}

export const BASIS_WORDS: Readonly<Record<RuleLine['basis'], string>> = { text: '依条文', inference: '据条文推论', local: '本市补充' }

/** How the city set a pack (`/modes`): null and absent rules follow what stands above them. */
export interface ModeSetting {
  mode: Mode | null
  defaultMode: Mode
  rules: Record<string, Mode>
  version: number
  updatedBy: string | null
  updatedAt: string | null
}

/** A place where a word stands in an article. */
export interface SearchHit {
  pack: string
  title: string
  article: string
  label: string
  chapter: string
  excerpt: string
}

const JURISDICTIONS: Readonly<Record<string, string>> = { '150300': '乌海市', '632801': '格尔木市', '650100': '乌鲁木齐市' }

/** The place a document is for, by its GB/T 2260 code. */
export function jurisdictionName(code: string): string {
  return JURISDICTIONS[code] ?? code
}
