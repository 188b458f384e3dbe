// SPDX-License-Identifier: Apache-2.0
import { Marked, type SearchAnswer, type SearchHit, useApi, useSettled } from '@tongchou/ui'
import { type KeyboardEvent, useEffect, useId, useRef, useState } from 'react'
import { Link, useLocation, useNavigate } from 'react-router'

const PLACEHOLDER = '搜索项目、系统、办件、条文、文号'

/** Search for anything (搜索): “/” comes here, arrows choose, Enter opens. On a phone it is a link to the page of results. */
export function SearchBox() {
  const input = useRef<HTMLInputElement>(null)
  useSlash(input)
  const [text, setText] = useState('')
  const [open, setOpen] = useState(false)
  const [active, setActive] = useState(-1)
  const typed = useSettled(text.trim())
  const found = useApi<SearchAnswer>(open && typed !== '' ? '/api/v1/search' : null, { q: typed, limit: 4 })
  const hits = open && typed !== '' ? (found.data?.items ?? []) : []
  const navigate = useNavigate()
  const { pathname } = useLocation()
  const list = useId()
  // biome-ignore lint/correctness/useExhaustiveDependencies: a navigation closes the list
  useEffect(() => setOpen(false), [pathname])
  const go = (href: string) => {
    setOpen(false)
    input.current?.blur()
    void navigate(href)
  }
  const all = `/search?q=${encodeURIComponent(text.trim())}`
  const onKeyDown = (event: KeyboardEvent) => {
    // What an input method is still composing is not a key of ours.
    if (event.nativeEvent.isComposing) return
    if (event.key === 'Escape') return setOpen(false)
    if (event.key === 'Enter' && text.trim() !== '') return go(hits[active]?.href ?? all)
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key]
    if (step === undefined || hits.length === 0) return
    event.preventDefault()
    setActive(((active + 1 + step + hits.length + 1) % (hits.length + 1)) - 1)
  }
  const listed = hits.length > 0
  return (
    <>
      <Link className="tc-search-link" to="/search">
        搜索
      </Link>
      {/* biome-ignore lint/a11y/useSemanticElements: `search` has no support in the browsers the offices have */}
      <div className="tc-search" role="search">
        <input
          ref={input}
          type="search"
          role="combobox"
          aria-label="搜索"
          aria-keyshortcuts="/"
          aria-expanded={listed}
          aria-controls={list}
          aria-autocomplete="list"
          aria-activedescendant={active >= 0 && listed ? `${list}-${active}` : undefined}
          placeholder={PLACEHOLDER}
          value={text}
          maxLength={100}
          autoComplete="off"
          onChange={(event) => {
            setText(event.target.value)
            setActive(-1)
            setOpen(true)
          }}
          onFocus={() => setOpen(true)}
          onBlur={() => setOpen(false)}
          onKeyDown={onKeyDown}
        />
        <div className="tc-search-list" hidden={!open || typed === '' || found.data === undefined}>
          <div id={list} role="listbox" aria-label="搜索结果" tabIndex={-1}>
            {hits.map((hit, at) => (
              <Option
                key={`${hit.kind}${hit.id}`}
                id={`${list}-${at}`}
                hit={hit}
                heading={hits[at - 1]?.kind === hit.kind ? '' : (found.data?.groups.find(({ kind }) => kind === hit.kind)?.title ?? '')}
                words={found.data?.words ?? []}
                active={at === active}
                onOpen={() => go(hit.href)}
              />
            ))}
          </div>
          <p className="tc-search-foot">
            {listed ? '↑↓ 选择，回车打开；直接回车查看全部结果' : `没有找到“${typed}”，或不在当前岗位可查看的范围内`}
          </p>
        </div>
      </div>
    </>
  )
}

interface OptionProps {
  id: string
  hit: SearchHit
  /** The kind, at the first of its kind. */
  heading: string
  words: readonly string[]
  active: boolean
  onOpen: () => void
}

function Option({ id, hit, heading, words, active, onOpen }: OptionProps) {
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents lint/a11y/useFocusableInteractive: keys are the input's, which keeps the focus
    <div
      id={id}
      role="option"
      aria-selected={active}
      className="tc-search-option"
      // Before the blur that would close the list.
      onMouseDown={(event) => event.preventDefault()}
      onClick={onOpen}
    >
      <small>{heading}</small>
      <span>
        <Marked text={hit.title} words={words} />
        {hit.note && <small>{hit.note}</small>}
      </span>
    </div>
  )
}

/** “/” comes to the search unless one is typing something. */
function useSlash(input: { current: HTMLInputElement | null }): void {
  useEffect(() => {
    const onKey = (event: globalThis.KeyboardEvent) => {
      const target = event.target as HTMLElement
      if (event.key !== '/' || event.ctrlKey || event.metaKey || event.altKey) return
      if (target.closest('input, textarea, select, [contenteditable="true"], [role="dialog"]')) return
      event.preventDefault()
      input.current?.focus()
    }
    document.addEventListener('keydown', onKey)
    return () => document.removeEventListener('keydown', onKey)
  }, [input])
}
