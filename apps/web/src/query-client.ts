// SPDX-License-Identifier: Apache-2.0
import { MutationCache, QueryCache, QueryClient } from '@tanstack/react-query'
import { ApiProblem, Unreachable } from '@tongchou/api-client'

/** Fired when any answer says that the session has ended, so that the frame can ask to sign in again in place. */
export const SESSION_ENDED = 'tongchou:session-ended'

/** Answers are tried again only when none came; a problem is an answer. Mutations are never repeated by themselves. */
export function makeQueryClient(): QueryClient {
  const watch = (error: Error) => {
    if (error instanceof ApiProblem && error.status === 401) window.dispatchEvent(new Event(SESSION_ENDED))
  }
  return new QueryClient({
    queryCache: new QueryCache({ onError: watch }),
    mutationCache: new MutationCache({ onError: watch }),
    defaultOptions: {
      queries: { retry: (count, error) => error instanceof Unreachable && count < 2, staleTime: 10_000, networkMode: 'always' },
      mutations: { retry: false, networkMode: 'always' },
    },
  })
}
