// SPDX-License-Identifier: Apache-2.0
import { Button, Input } from 'antd'
import { useEffect, useState } from 'react'

export interface ReaderSearchProps {
  query: string
  onSearch: (query: string) => void
  /** Hits and how many articles hold them; null while nothing is searched. */
  found: { total: number; articles: number } | null
  currentHit: number | null
  onStep: (by: 1 | -1) => void
}

/** Search within the text (全文查找): how many places, and from one to the next. */
export function ReaderSearch({ query, onSearch, found, currentHit, onStep }: ReaderSearchProps) {
  const [typed, setTyped] = useState(query)
  useEffect(() => setTyped(query), [query])
  return (
    <search className="tc-reader-search">
      <form
        onSubmit={(event) => {
          event.preventDefault()
          // Enter on an unchanged word goes on to the next place, as in every reader.
          if (typed === query && found !== null && found.total > 0) onStep(1)
          else onSearch(typed)
        }}
      >
        <Input
          aria-label="在本文件中查找"
          placeholder="在本文件中查找"
          allowClear
          maxLength={100}
          value={typed}
          onChange={(event) => {
            setTyped(event.target.value)
            if (event.target.value === '') onSearch('')
          }}
        />
        <Button htmlType="submit">查找</Button>
      </form>
      <span role="status">{found !== null && resultLine(found, currentHit)}</span>
      {found !== null && found.total > 0 && (
        <span>
          <Button size="small" onClick={() => onStep(-1)}>
            上一处
          </Button>{' '}
          <Button size="small" onClick={() => onStep(1)}>
            下一处
          </Button>
        </span>
      )}
    </search>
  )
}

function resultLine(found: { total: number; articles: number }, currentHit: number | null): string {
  if (found.total === 0) return '没有找到。个别文件所存文本为繁体字或有缺损，可换字词再查。'
  const place = currentHit === null ? '' : `，现在第 ${currentHit + 1} 处`
  return `共 ${found.total} 处，在 ${found.articles} 条中${place}`
}
