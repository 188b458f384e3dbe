// SPDX-License-Identifier: Apache-2.0
import type { Query } from '@tongchou/api-client'
import { useLocation, useNavigate, useSearchParams } from 'react-router'
import type { ReferenceKind } from './reference.ts'

/** One filter of a list; its value lives in the address bar under `name`. */
export type ListFilter = { name: string; label: string; width?: number } & (
  | { kind: 'text' }
  | { kind: 'date' }
  | { kind: 'select'; options?: readonly { value: string; label: string }[] }
  | { kind: 'reference'; of: ReferenceKind }
)

/** Words by their value as the options of a filter. */
export function optionsOf(words: Readonly<Record<string, string>>): { value: string; label: string }[] {
  return Object.entries(words).map(([value, label]) => ({ value, label }))
}

/** Filters and place of a list, as the address bar has them. */
export interface ListState {
  /** For `useApi`: filters, cursor and limit. */
  query: Query
  values: Readonly<Record<string, string>>
  set: (name: string, value: string) => void
  /** All filters at once: those that are not named are cleared. */
  apply: (values: Readonly<Record<string, string>>) => void
  clear: () => void
  /** What the list is sorted by, as the server has it; '' is the list's own order. */
  sort: string
  sortBy: (sort: string) => void
  /** Opens the page behind this cursor. */
  next: (cursor: string) => void
  /** Goes a page back; undefined on the first. A shared link knows no way back but to the start. */
  previous: (() => void) | undefined
}

/** Keeps filters and paging of a list in the address bar, so that what is shown has a link. */
export function useListState(filters: readonly ListFilter[], limit = 50): ListState {
  const [params] = useSearchParams()
  const navigate = useNavigate()
  const { state, pathname } = useLocation()
  const trail = trailOf(state)
  const cursor = params.get('cursor') ?? ''
  const sort = params.get('sort') ?? ''
  const values = Object.fromEntries(filters.map(({ name }) => [name, params.get(name) ?? '']))
  const go = (changes: Readonly<Record<string, string>>, nextTrail: readonly string[]) => {
    const next = new URLSearchParams(params)
    for (const [name, value] of Object.entries(changes)) {
      if (value === '') next.delete(name)
      else next.set(name, value)
    }
    void navigate({ pathname, search: next.toString() }, { state: { trail: nextTrail } })
  }
  return {
    query: { ...values, sort, cursor, limit },
    values,
    set: (name, value) => go({ [name]: value, cursor: '' }, []),
    apply: (wanted) => go({ ...Object.fromEntries(filters.map(({ name }) => [name, wanted[name] ?? ''])), cursor: '' }, []),
    clear: () => go({ ...Object.fromEntries(filters.map(({ name }) => [name, ''])), cursor: '' }, []),
    sort,
    sortBy: (wanted) => go({ sort: wanted, cursor: '' }, []),
    next: (to) => go({ cursor: to }, [...trail, cursor]),
    previous: cursor === '' ? undefined : () => go({ cursor: trail.at(-1) ?? '' }, trail.slice(0, -1)),
  }
}

function trailOf(state: unknown): readonly string[] {
  if (typeof state !== 'object' || state === null || !('trail' in state) || !Array.isArray(state.trail)) return []
  return state.trail.filter((one) => typeof one === 'string')
}
