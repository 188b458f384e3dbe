// SPDX-License-Identifier: Apache-2.0

import { type UseMutationResult, type UseQueryResult, useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { ApiProblem, apiGet, newActionKey, type Query } from '@tongchou/api-client'
import { useRef } from 'react'

/** Reads one address of the API and keeps it fresh; `null` waits. Equal address and query share one answer. */
export function useApi<T>(path: string | null, query?: Query): UseQueryResult<T, Error> {
  return useQuery<T, Error>({
    queryKey: [path, query ?? {}],
    queryFn: ({ signal }) => apiGet<T>(path ?? '', { query, signal }),
    enabled: path !== null,
  })
}

/**
 * One act of the user. The key stays the same while the same input is repeated without a definite answer,
 * so that a lost answer cannot become a second act; after a refusal and its cure a new attempt is a new act.
 * Everything shown is read anew afterwards, because an act changes lists, clocks and trails alike.
 */
export function useAct<Input, Output>(act: (input: Input, key: string) => Promise<Output>): UseMutationResult<Output, Error, Input> {
  const queries = useQueryClient()
  const pending = useRef<{ input: string; key: string } | null>(null)
  return useMutation<Output, Error, Input>({
    mutationFn: (input) => {
      const text = JSON.stringify(input) ?? ''
      if (pending.current?.input !== text) pending.current = { input: text, key: newActionKey() }
      return act(input, pending.current.key)
    },
    onSuccess: async () => {
      pending.current = null
      await queries.invalidateQueries()
    },
    onError: (error) => {
      if (error instanceof ApiProblem && error.status < 500) pending.current = null
    },
  })
}
