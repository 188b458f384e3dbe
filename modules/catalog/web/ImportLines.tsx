// SPDX-License-Identifier: Apache-2.0
import type { ListPage } from '@tongchou/api-client'
import { itemChangeWords } from '@tongchou/metadata'
import { DifferenceTable, Empty, QueryView, Section, StateWord, useApi } from '@tongchou/ui'
import { Button, Select } from 'antd'
import { useId, useState } from 'react'
import { Link } from 'react-router'
import { type ImportFinding, type ImportLine, importsPath, placeOf, verdictWords } from './import-api.ts'

const kinds = [
  { value: 'refused', label: '不能导入' },
  { value: 'faulty', label: '可存为草稿，须补正' },
  { value: 'new', label: '新增' },
  { value: 'changed', label: '修改' },
  { value: 'unchanged', label: '无变化' },
] as const
type Kind = (typeof kinds)[number]['value'] | 'every'

/** 核对结果, entry by entry: what it would do, what changes, what is found at which cell. */
export function ImportLines({ id, version }: { id: string; version: number }) {
  const [kind, setKind] = useState<Kind>('every')
  const [cursors, setCursors] = useState<readonly string[]>([])
  const label = useId()
  const filter = kind === 'every' ? {} : kind === 'faulty' ? { faulty: 'true' } : { verdict: kind }
  const query = useApi<ListPage<ImportLine>>(`${importsPath}/${id}/lines`, { ...filter, limit: 20, cursor: cursors.at(-1) ?? '' })
  const choose = (value: Kind) => {
    setKind(value)
    setCursors([])
  }
  return (
    <Section title="核对结果" key={version}>
      <div className="tc-copy-items">
        <label htmlFor={label}>显示</label>
        <Select<Kind>
          id={label}
          value={kind}
          style={{ width: 200 }}
          options={[{ value: 'every', label: '全部' }, ...kinds]}
          onChange={choose}
        />
      </div>
      <QueryView
        query={query}
        what="核对结果"
        isEmpty={({ items }) => items.length === 0}
        empty={<Empty what="没有这一类的目录" hint="改选“全部”查看文件中的其他目录。" />}
      >
        {({ items, nextCursor }) => (
          <>
            <ol className="tc-import-lines" aria-label="核对结果">
              {items.map((line) => (
                <Line key={line.position} line={line} />
              ))}
            </ol>
            {(cursors.length > 0 || nextCursor) && (
              <nav className="tc-paging" aria-label="翻页">
                <Button disabled={cursors.length === 0} onClick={() => setCursors(cursors.slice(0, -1))}>
                  上一页
                </Button>
                <Button disabled={nextCursor === null} onClick={() => nextCursor && setCursors([...cursors, nextCursor])}>
                  下一页
                </Button>
              </nav>
            )}
          </>
        )}
      </QueryView>
    </Section>
  )
}

function Line({ line }: { line: ImportLine }) {
  const { name, sheet, row, verdict, isFaulty, resourceId, fields, parts, findings } = line
  return (
    <li>
      <h3>
        <StateWord {...verdictWords[verdict]} /> {resourceId ? <Link to={`/catalog/${resourceId}`}>{name}</Link> : name}{' '}
        <small className="tc-muted">
          {sheet} 第{row}行{isFaulty && '，提交审核前须补正'}
        </small>
      </h3>
      {verdict === 'changed' && (
        <DifferenceTable
          difference={{
            title: '改动',
            fields,
            parts: parts.map((part) => ({ ...part, changes: part.changes.map((change) => itemChangeWords[change]) })),
          }}
        />
      )}
      <FindingList findings={findings} wrong={verdict === 'refused' ? '须改正' : '须补正'} />
    </li>
  )
}

/** Findings with their cells: where, what is wrong, what cures it, which rule says so. */
export function FindingList({ findings, wrong = '须改正' }: { findings: readonly ImportFinding[]; wrong?: string }) {
  if (findings.length === 0) return null
  return (
    <ul className="tc-rule-list">
      {findings.map((one) => (
        <li key={`${one.rule} ${one.sheet} ${one.row} ${one.column} ${one.message}`}>
          <StateWord {...(one.severity === 'error' ? { text: wrong, tone: 'bad' } : { text: '提示', tone: 'soon' })} />{' '}
          <span>
            {placeOf(one)}
            {one.title !== '' && `“${one.title}”`}：{one.message}。{one.fix}。<small className="tc-muted">{one.rule}</small>
          </span>
        </li>
      ))}
    </ul>
  )
}
