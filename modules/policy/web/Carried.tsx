// SPDX-License-Identifier: Apache-2.0
import { StateWord, type Tone } from '@tongchou/ui'
import { RuleMode } from './ModeSwitch.tsx'
import type { Modes } from './modes.ts'
import {
  type ArticleDetail,
  BASIS_WORDS,
  COVERAGE_WORDS,
  type CoverageLine,
  EFFECT_WORDS,
  MODALITY_WORDS,
  type RuleLine,
  type StepLine,
} from './policy-api.ts'
import type { Words } from './vocabulary.ts'

export interface CarriedProps {
  article: ArticleDetail
  words: Words
  /** Given to who may set modes. */
  modes: Modes | null
}

/** What carries an article: rules with modality and mode, people at steps, and plainly what the text leaves open (未规定). */
export function Carried({ article, words, modes }: CarriedProps) {
  return (
    <div className="tc-carried">
      <h4 className="tc-carried-title">由什么落实</h4>
      <ul className="tc-carried-list">
        {article.coverage.map((line) => (
          <li key={`${line.kind} ${line.note}`} className="tc-carried-coverage">
            <StateWord text={COVERAGE_WORDS[line.kind]} tone={COVERAGE_TONES[line.kind]} />
            <span>{line.note}</span>
          </li>
        ))}
      </ul>
      {article.rules.length > 0 && <h4 className="tc-carried-title">规则（{article.rules.length} 条）</h4>}
      <ul className="tc-carried-list">
        {article.rules.map((rule) => (
          <RuleItem key={rule.id} rule={rule} words={words} modes={modes} />
        ))}
      </ul>
      {article.steps.length > 0 && <h4 className="tc-carried-title">产生的环节和职责</h4>}
      <ul className="tc-carried-list">
        {article.steps.map((step) => (
          <StepItem key={`${step.procedure}/${step.step}`} step={step} words={words} />
        ))}
      </ul>
    </div>
  )
}

const COVERAGE_TONES: Readonly<Record<CoverageLine['kind'], Tone>> = {
  enforced: 'now',
  person: 'now',
  'out-of-scope': 'plain',
  unspecified: 'soon',
  statement: 'plain',
}

function RuleItem({ rule, words, modes }: { rule: RuleLine; words: Words; modes: Modes | null }) {
  const acts = rule.acts === null ? '各项办理' : rule.acts.map(words.act).join('、')
  return (
    <li className="tc-carried-rule">
      <p>{rule.message}</p>
      <p className="tc-carried-words">
        <StateWord text={`语气：${MODALITY_WORDS[rule.modality]}`} />
        <StateWord text={`结果：${EFFECT_WORDS[rule.effect]}`} />
        <RuleMode rule={rule} modes={modes} />
      </p>
      <p className="tc-carried-note">
        在{acts}时核对；{BASIS_WORDS[rule.basis]}。
      </p>
      {rule.facts.length > 0 && <p className="tc-carried-note">依据事实：{rule.facts.map(words.fact).join('、')}</p>}
      {rule.cure !== '' && <p className="tc-carried-note">办法：{rule.cure}</p>}
      {rule.refersTo !== undefined && <p className="tc-carried-note">转报：{words.office(rule.refersTo)}</p>}
    </li>
  )
}

function StepItem({ step, words }: { step: StepLine; words: Words }) {
  return (
    <li>
      <p>
        {step.procedureTitle} › {step.title}
      </p>
      <p className="tc-carried-note">
        承办：{step.duties.map(words.office).join('、')}；{BASIS_WORDS[step.basis]}。
      </p>
      {step.note !== undefined && <p className="tc-carried-note">{step.note}</p>}
    </li>
  )
}
