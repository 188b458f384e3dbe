// SPDX-License-Identifier: Apache-2.0

import { type UseMutationResult, type UseQueryResult, useInfiniteQuery, useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { ApiProblem, apiGet, apiList, type ListPage, newActionKey, type Query } from '@tongchou/api-client'
import { useEffect, useState } from 'react'

/** Reads one address of the API and keeps it fresh; `null` waits. Equal address and query share one answer. */
export function useApi<T>(path: string | null, query?: Query): UseQueryResult<T, Error> {
  return useQuery<T, Error>({
    queryKey: [path, query ?? {}],
    queryFn: ({ signal }) => apiGet<T>(path ?? '', { query, signal }),
    enabled: path !== null,
  })
}

/**
 * Reads one address again and again while its page is open and seen (自动刷新), for what stands on a wall. While it cannot be read it waits longer each
 * time, up to ten times as long.
 */
export function useWatched<T>(path: string, everyMs: number): UseQueryResult<T, Error> {
  return useQuery<T, Error>({
    queryKey: [path, {}],
    queryFn: ({ signal }) => apiGet<T>(path, { signal }),
    refetchInterval: ({ state }) => everyMs * Math.min(10, 2 ** state.fetchFailureCount),
  })
}

/** A list that grows downwards: its pages one after the other, and the way to the next one. */
export function useTrail<Line>(path: string): {
  query: UseQueryResult<Line[], Error>
  more: (() => void) | undefined
  loadingMore: boolean
} {
  const pages = useInfiniteQuery({
    queryKey: [path, 'pages'],
    queryFn: ({ pageParam, signal }) => apiGet<ListPage<Line>>(path, { query: { cursor: pageParam }, signal }),
    initialPageParam: '',
    getNextPageParam: ({ nextCursor }) => nextCursor,
    select: ({ pages: read }) => read.flatMap(({ items }) => items),
  })
  return {
    query: pages,
    more: pages.hasNextPage ? () => void pages.fetchNextPage() : undefined,
    loadingMore: pages.isFetchingNextPage,
  }
}

/** Reads a list to its end, for what has to be whole: a paper, a sum. */
export function useAllPages<T>(path: string, query: Query = {}): UseQueryResult<T[], Error> {
  return useQuery<T[], Error>({
    queryKey: [path, 'all', query],
    queryFn: async ({ signal }) => {
      const items: T[] = []
      let cursor: string | null | undefined
      do {
        const page: ListPage<T> = await apiList<T>(path, { query: { ...query, limit: 200, cursor }, signal })
        items.push(...page.items)
        cursor = page.nextCursor
      } while (cursor !== null)
      return items
    },
  })
}

/**
 * One act of the user. What is shown is read anew afterwards, because an act changes lists, clocks and trails alike.
 * The key makes a lost answer harmless: see `ActKey`.
 */
export function useAct<Input, Output>(act: (input: Input, key: string) => Promise<Output>): UseMutationResult<Output, Error, Input> {
  const queries = useQueryClient()
  const [keys] = useState(() => new ActKey())
  return useMutation<Output, Error, Input>({
    mutationFn: (input) => act(input, keys.keyFor(input)),
    onSuccess: async () => {
      keys.settle()
      await queries.invalidateQueries()
    },
    onError: (error) => {
      if (error instanceof ApiProblem && error.status < 500) keys.settle()
    },
  })
}

/**
 * The idempotency key of a user's act: the same while the same input is repeated without a definite answer, so that a
 * lost answer cannot become a second act. After an answer, also a refusal, the next attempt is a new act.
 */
export class ActKey {
  private pending: { input: string; key: string } | null = null

  keyFor(input: unknown): string {
    const text = JSON.stringify(input) ?? ''
    if (this.pending?.input !== text) this.pending = { input: text, key: newActionKey() }
    return this.pending.key
  }

  settle(): void {
    this.pending = null
  }
}

/** What was typed, once typing pauses: a search per word, not per key. */
export function useSettled(text: string, afterMs = 250): string {
  const [settled, setSettled] = useState(text)
  useEffect(() => {
    const timer = setTimeout(() => setSettled(text), text === '' ? 0 : afterMs)
    return () => clearTimeout(timer)
  }, [text, afterMs])
  return settled
}
