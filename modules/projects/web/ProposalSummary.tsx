// SPDX-License-Identifier: Apache-2.0
import { Moment, reasonOf, StateWord, useSession } from '@tongchou/ui'
import { Button, Select } from 'antd'
import { type ReactNode, useState } from 'react'
import { Link } from 'react-router'
import type { ProposalState, TypedFinding } from './useProposal.ts'

export interface SummaryProps {
  state: ProposalState
  findings: readonly TypedFinding[]
  checkFailed: unknown
  attempted: boolean
  filing: boolean
  /** The year that what was taken over was planned for: the proposal goes into the one after. */
  yearBefore: number | null
  onFile: (year: number) => void
  onGoTo: (path: string) => void
  children: ReactNode
}

/** What is missing, what the rules say, how far it is saved, and the act: in view while the form is typed. */
export function Summary({ state, findings, checkFailed, attempted, filing, yearBefore, onFile, onGoTo, children }: SummaryProps) {
  return (
    <aside className="tc-summary" aria-label="申报核对">
      <Standing state={state} />
      <Lacks state={state} attempted={attempted} onGoTo={onGoTo} />
      <Rules findings={findings} checkFailed={checkFailed} onGoTo={onGoTo} />
      <Filing state={state} filing={filing} yearBefore={yearBefore} onFile={onFile} />
      {children}
    </aside>
  )
}

function Standing({ state }: { state: ProposalState }) {
  const { standing, lacks, saved } = state
  return (
    <div role="status" className="tc-standing">
      {standing.kind === 'saving' && <>正在保存…</>}
      {standing.kind === 'saved' && (
        <>
          <StateWord text="已保存" tone="good" /> {saved?.project == null && '为草稿，'}
          <Moment at={standing.at} />
        </>
      )}
      {standing.kind === 'kept' && (
        <>
          <StateWord text="尚未保存" /> {lacks.length > 0 ? '补齐下列各项后自动保存，填写的内容已保存在本机。' : '填写后自动保存。'}
        </>
      )}
      {standing.kind === 'offline' && (
        <>
          <StateWord text="网络不通" tone="soon" /> {reasonOf(standing.error)}填写的内容已保存在本机，恢复后自动送达。
        </>
      )}
      {standing.kind === 'refused' && (
        <>
          <StateWord text="未保存" tone="bad" /> {reasonOf(standing.error)}
        </>
      )}
    </div>
  )
}

const SHOWN = 8

function Lacks({ state, attempted, onGoTo }: { state: ProposalState; attempted: boolean; onGoTo: (path: string) => void }) {
  const { lacks } = state
  if (lacks.length === 0) {
    return (
      <p>
        <StateWord text="必填项已填齐" tone="good" />
      </p>
    )
  }
  return (
    <section aria-label="尚缺内容">
      <h2>尚缺 {lacks.length} 项</h2>
      <ul className="tc-lacks" role={attempted ? 'alert' : undefined}>
        {lacks.slice(0, SHOWN).map((lack) => (
          <li key={`${lack.path} ${lack.message}`}>
            <button type="button" className="tc-linklike" onClick={() => onGoTo(lack.path)}>
              {lack.message.replace(/：必须填写$/, '')}
            </button>
          </li>
        ))}
      </ul>
      {lacks.length > SHOWN && <p className="tc-muted">另有 {lacks.length - SHOWN} 项。</p>}
    </section>
  )
}

function Rules({
  findings,
  checkFailed,
  onGoTo,
}: {
  findings: readonly TypedFinding[]
  checkFailed: unknown
  onGoTo: (path: string) => void
}) {
  return (
    <section aria-label="规则提示汇总">
      <h2>规则提示 {findings.length} 条</h2>
      {checkFailed !== null && <p className="tc-muted">规则预检暂未完成：{reasonOf(checkFailed)}</p>}
      {findings.length === 0 && checkFailed === null && <p className="tc-muted">对已填内容未发现不符合规定之处。</p>}
      <ul className="tc-lacks">
        {findings.map(({ finding, acts, path }) => {
          const stops = finding.mode === 'enforce' && finding.effect !== 'warn' && finding.effect !== 'exempt'
          return (
            <li key={finding.rule}>
              <StateWord text={stops ? '须先处理' : '提示'} tone={stops && finding.effect === 'refuse' ? 'bad' : 'plain'} />{' '}
              {path === undefined ? (
                finding.message
              ) : (
                <button type="button" className="tc-linklike" onClick={() => onGoTo(path)}>
                  {finding.message}
                </button>
              )}
              <span className="tc-muted">（{acts.join('、')}时）</span>
            </li>
          )
        })}
      </ul>
    </section>
  )
}

function Filing({ state, filing, yearBefore, onFile }: Pick<SummaryProps, 'state' | 'filing' | 'yearBefore' | 'onFile'>) {
  const thisYear = Number(useSession().now.slice(0, 4))
  const years = [thisYear, thisYear + 1, thisYear + 2]
  const next = (yearBefore ?? thisYear) + 1
  const [year, setYear] = useState(years.includes(next) ? next : thisYear + 1)
  const { lacks } = state
  const saved = state.saved?.project ?? null
  // A proposal that is past the annual plan goes on from its own page.
  if (saved !== null && !saved.acts.includes('file-plan')) {
    return (
      <p>
        <Link to={`/projects/${saved.id}`}>返回项目详情，继续办理</Link>
      </p>
    )
  }
  return (
    <section aria-label="报送年度计划" className="tc-filing">
      <label htmlFor="plan-year">列入年度</label>
      <Select
        id="plan-year"
        value={year}
        style={{ width: 110 }}
        options={years.map((one) => ({ value: one, label: `${one}年` }))}
        onChange={setYear}
      />
      <Button type="primary" loading={filing} onClick={() => onFile(year)}>
        报送年度计划
      </Button>
      <p className="tc-muted">
        {lacks.length > 0 ? `尚缺 ${lacks.length} 项，补齐后才能报送。` : '报送后由市大数据中心初审，办理期间不能修改。'}
      </p>
      {saved && <Link to={`/projects/${saved.id}`}>查看项目详情</Link>}
    </section>
  )
}
