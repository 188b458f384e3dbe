// SPDX-License-Identifier: Apache-2.0

import type { UseQueryResult } from '@tanstack/react-query'
import { ApiProblem } from '@tongchou/api-client'
import type { ReactNode } from 'react'
import { Page } from './Page.tsx'
import { type DutyHolder, ErrorState, Forbidden, Loading, Missing } from './states.tsx'

export interface QueryViewProps<T> {
  query: UseQueryResult<T, Error>
  /** The object by name, for what is read out and for errors: `项目“智慧城管二期”`. */
  what: string
  /** Lines of the skeleton. */
  lines?: number
  /** Shown in place of the content when `isEmpty` says so. */
  empty?: ReactNode
  isEmpty?: (data: T) => boolean
  /** The content is a whole page with its own heading; until it is there, the states in its place stand under `what` as heading. */
  page?: boolean
  children: (data: T) => ReactNode
}

/** Shows the content, or the state in its place: loading, error, forbidden, missing, empty. */
export function QueryView<T>({ query, what, lines, empty, isEmpty, page = false, children }: QueryViewProps<T>) {
  if (query.data !== undefined) {
    return <>{empty !== undefined && isEmpty?.(query.data) ? empty : children(query.data)}</>
  }
  const state = query.error ? (
    <FailedQuery what={what} error={query.error} onRetry={() => void query.refetch()} />
  ) : (
    <Loading what={what} lines={lines} />
  )
  return page ? <Page title={what}>{state}</Page> : state
}

function FailedQuery({ what, error, onRetry }: { what: string; error: Error; onRetry: () => void }) {
  if (error instanceof ApiProblem && error.status === 404) return <Missing what={what} />
  if (error instanceof ApiProblem && error.status === 403) {
    return <Forbidden duty={strings(error.body.duties)} holders={holders(error.body.holders)} act={`查看${what}`} />
  }
  return <ErrorState what={what} error={error} onRetry={onRetry} />
}

function strings(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((one) => typeof one === 'string') : []
}

function holders(value: unknown): DutyHolder[] {
  if (!Array.isArray(value)) return []
  return value.filter((one): one is DutyHolder => typeof one?.name === 'string' && typeof one?.organisation === 'string')
}
