// SPDX-License-Identifier: Apache-2.0
import { ApiProblem } from '@tongchou/api-client'
import { Button, Radio } from 'antd'
import { type ReactNode, useState } from 'react'
import { Link } from 'react-router'
import { ArticleChip } from './Article.tsx'
import { useAct } from './data.ts'
import { reasonOf } from './states.tsx'

export interface SecrecyQuestionProps {
  /** What is about to be filled in, after 本: 项目, 信息系统, 整改问题. */
  what?: string
  /** Tells the server that somebody was turned away; nothing else is sent. That it refuses (secrecy.out_of_scope) is the answer. */
  onYes: () => Promise<unknown>
  /** Above the question, until it is answered: what was begun earlier. */
  before?: ReactNode
  /** Drawn only after 否, as a function so that nothing of it is even prepared before. */
  children: () => ReactNode
}

/** 涉密 is asked before anything else (WH23-21): until 否 there is no form, no draft, no attachment; 是 is turned away. */
export function SecrecyQuestion({ what = '项目', onYes, before, children }: SecrecyQuestionProps) {
  const [answer, setAnswer] = useState<'no' | 'yes' | null>(null)
  const [chosen, setChosen] = useState<'no' | 'yes' | null>(null)
  const declare = useAct<null, unknown>(() => onYes().catch(turnedAway))
  if (answer === 'no') return <>{children()}</>
  if (answer === 'yes') return <TurnedAway what={what} failed={declare.error} onRetry={() => declare.mutate(null)} />
  const go = () => {
    if (chosen === 'yes') declare.mutate(null)
    setAnswer(chosen)
  }
  return (
    <>
      {before}
      <fieldset className="tc-secrecy">
        <legend>本{what}是否涉及国家秘密</legend>
        <p>
          包括{what}内容、数据、图纸和附件中的任何一项。涉及国家秘密的不适用本办法，不得在本系统填报。回答之前，本系统不保存任何内容。
          <br />
          依据：
          <ArticleChip article="WH23-21" />
        </p>
        <Radio.Group value={chosen} onChange={(event) => setChosen(event.target.value)} aria-label={`本${what}是否涉及国家秘密`}>
          <Radio value="no">否，不涉及国家秘密</Radio>
          <Radio value="yes">是，涉及国家秘密</Radio>
        </Radio.Group>
        <p>
          <Button type="primary" disabled={chosen === null} onClick={go}>
            继续
          </Button>{' '}
          {chosen === null && <span className="tc-muted">请先选择是或否</span>}
        </p>
      </fieldset>
    </>
  )
}

/** The server turns a declared secret away with a 409: that it did is what was wanted. */
function turnedAway(error: unknown): void {
  if (!(error instanceof ApiProblem && error.code === 'secrecy.out_of_scope')) throw error
}

function TurnedAway({ what, failed, onRetry }: { what: string; failed: Error | null; onRetry: () => void }) {
  return (
    <div className="tc-state" role="alert">
      <p className="tc-state-title">涉密{what}不在本系统办理</p>
      <p>涉及国家秘密的不适用本办法，请按照保密管理的相关规定线下办理，并联系本单位保密工作机构。</p>
      <p>本系统未保存任何{what}内容，仅记录了本次申明的人员和时间。请勿在本系统的任何位置填写、上传涉密内容。</p>
      {failed && (
        <p>
          申明的记录未能送达：{reasonOf(failed)}{' '}
          <Button size="small" onClick={onRetry}>
            重新送达
          </Button>
        </p>
      )}
      <p>
        依据：
        <ArticleChip article="WH23-21" />
      </p>
      <Link to="/">返回工作台</Link>
    </div>
  )
}
