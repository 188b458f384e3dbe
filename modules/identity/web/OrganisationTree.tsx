import { Empty } from '@tongchou/ui'
import { Input } from 'antd'
import { useState } from 'react'
import { Link } from 'react-router'
import type { Organisation } from './identity-api.ts'
import { type Branch, matching, pathTo, treeOf } from './organisation-tree.ts'

/** The organisation tree (机构树): every entry a link, branches fold; while something is searched it is a plain list. */
export function OrganisationTree({ organisations, current }: { organisations: readonly Organisation[]; current: string | undefined }) {
  const [words, setWords] = useState('')
  const [folded, setFolded] = useState<Readonly<Record<string, boolean>>>({})
  const path = current === undefined ? [] : pathTo(organisations, current)
  const isOpen = (id: string, depth: number) => !(folded[id] ?? (depth > 0 && !path.includes(id)))
  const level = (branches: readonly Branch[], depth: number) => (
    <ul>
      {branches.map(({ organisation, children }) => (
        <li key={organisation.id}>
          <div>
            {children.length > 0 ? (
              <button
                type="button"
                className="tc-org-fold"
                aria-expanded={isOpen(organisation.id, depth)}
                aria-label={`${isOpen(organisation.id, depth) ? '收起' : '展开'}${organisation.name}的下级机构`}
                onClick={() => setFolded({ ...folded, [organisation.id]: isOpen(organisation.id, depth) })}
              >
                {isOpen(organisation.id, depth) ? '▾' : '▸'}
              </button>
            ) : (
              <span className="tc-org-leaf" />
            )}
            <Entry organisation={organisation} current={current} />
          </div>
          {children.length > 0 && isOpen(organisation.id, depth) && level(children, depth + 1)}
        </li>
      ))}
    </ul>
  )
  return (
    <nav className="tc-org-tree" aria-label="机构">
      <Input.Search
        aria-label="查找机构"
        placeholder="查找机构"
        allowClear
        value={words}
        onChange={(event) => setWords(event.target.value)}
      />
      {words.trim() === '' ? level(treeOf(organisations), 0) : <Found found={matching(organisations, words)} current={current} />}
    </nav>
  )
}

function Found({ found, current }: { found: readonly Organisation[]; current: string | undefined }) {
  if (found.length === 0) return <Empty what="没有符合的机构" hint="可以换一个名称或简称查找。" />
  return (
    <ul>
      {found.map((organisation) => (
        <li key={organisation.id}>
          <Entry organisation={organisation} current={current} />
        </li>
      ))}
    </ul>
  )
}

function Entry({ organisation, current }: { organisation: Organisation; current: string | undefined }) {
  return (
    <Link
      to={`/organisations/${organisation.id}`}
      title={organisation.name}
      {...(organisation.id === current ? { 'aria-current': 'page' as const } : {})}
    >
      {organisation.shortName}
    </Link>
  )
}
