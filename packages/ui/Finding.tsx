// SPDX-License-Identifier: Apache-2.0
import type { Effect, Finding, Modality } from '@tongchou/api-client'
import { Button } from 'antd'
import type { ReactNode } from 'react'
import { Link } from 'react-router'
import { ArticleChip } from './Article.tsx'
import { factName } from './facts.ts'
import { StateWord } from './StateWord.tsx'

const EFFECT_WORDS: Readonly<Record<Effect, string>> = {
  refuse: '不予办理',
  refer: '转报',
  require: '须补办',
  warn: '提示',
  undecidable: '无法判定',
  exempt: '不适用',
}

const MODALITY_WORDS: Readonly<Record<Modality, string>> = {
  must: '须',
  'in-principle': '原则上',
  may: '可',
  encourage: '鼓励',
  local: '本市规定',
}

/** What the system can do about a finding: open the place, or act at once. */
export type Cure = { label: string; href: string } | { label: string; onCure: () => void; busy?: boolean }

export interface FindingItemProps {
  finding: Finding
  cure?: Cure | undefined
  /** Values of the facts as the reader knows them, by fact name. */
  factValues?: Readonly<Record<string, ReactNode>> | undefined
}

export interface FindingListProps {
  findings: readonly Finding[]
  /** The cure of a finding where the system can do it; the rest show their cure as text. */
  cureOf?: ((finding: Finding) => Cure | undefined) | undefined
  factValues?: FindingItemProps['factValues']
  /** Closer together, for beside a field. */
  compact?: boolean
  label?: string
}

/** Findings (规则提示) beside the field or act they concern, refusals first. Nothing when there are none. */
export function FindingList({ findings, cureOf, factValues, compact = false, label = '规则提示' }: FindingListProps) {
  if (findings.length === 0) return null
  const sorted = [...findings].sort((a, b) => ORDER.indexOf(a.effect) - ORDER.indexOf(b.effect))
  return (
    <ul className={`tc-findings${compact ? ' tc-findings--compact' : ''}`} aria-label={label}>
      {sorted.map((finding) => (
        <FindingItem key={`${finding.article} ${finding.rule}`} finding={finding} cure={cureOf?.(finding)} factValues={factValues} />
      ))}
    </ul>
  )
}

const ORDER: readonly Effect[] = ['exempt', 'refuse', 'undecidable', 'refer', 'require', 'warn']

/** One finding: what is wrong in one line, its article, the cure, the facts used. A list item. */
export function FindingItem({ finding, cure, factValues }: FindingItemProps) {
  const stops = finding.effect === 'refuse' && finding.mode === 'enforce'
  return (
    <li className={`tc-finding${stops ? ' tc-finding--refuse' : ''}`}>
      <div className="tc-finding-line">
        <StateWord text={EFFECT_WORDS[finding.effect]} tone={stops ? 'bad' : 'plain'} />
        <span className="tc-finding-message">{finding.message}</span>
        <ArticleChip article={finding.article} text={finding.text} />
      </div>
      {(finding.cure !== '' || cure) && (
        <div className="tc-finding-cure">
          {finding.cure !== '' && <span>办法：{finding.cure}</span>}
          {cure && <CureAct cure={cure} />}
        </div>
      )}
      <div className="tc-finding-facts">{factLine(finding, factValues)}</div>
    </li>
  )
}

function CureAct({ cure }: { cure: Cure }) {
  if ('href' in cure) return <Link to={cure.href}>{cure.label}</Link>
  return (
    <Button size="small" onClick={cure.onCure} loading={cure.busy === true}>
      {cure.label}
    </Button>
  )
}

function factLine(finding: Finding, values: FindingItemProps['factValues']): ReactNode {
  const lead = finding.effect === 'undecidable' ? '尚缺事实：' : '依据事实：'
  return (
    <>
      {finding.facts.length > 0 && (
        <>
          {lead}
          {finding.facts.map((name, index) => (
            <span key={name}>
              {index > 0 && '、'}
              {factName(name)}
              {values?.[name] !== undefined && <>（{values[name]}）</>}
            </span>
          ))}
          {' · '}
        </>
      )}
      条文语气：{MODALITY_WORDS[finding.modality]}
      {finding.effect !== 'exempt' &&
        finding.effect !== 'warn' &&
        (finding.mode === 'enforce' ? ' · 执行方式：拦截' : ' · 执行方式：提示，不阻止办理')}
    </>
  )
}
