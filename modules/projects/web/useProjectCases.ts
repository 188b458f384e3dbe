// SPDX-License-Identifier: Apache-2.0
import { type UseQueryResult, useQuery } from '@tanstack/react-query'
import { ApiProblem, apiGet, type ListPage } from '@tongchou/api-client'
import type { ProjectCase, ProjectCases } from './lifecycle.ts'
import type { CaseSummary, CityPlan, PlanEntryPage, Project, SignedLine } from './project-api.ts'

/** Everything begun on a project: on itself, on its entries in annual plans, on its payments. What this post may not see is left out. */
export function useProjectCases(project: Project): UseQueryResult<ProjectCases, Error> {
  const payments = project.contracts.flatMap(({ terms }) => terms.flatMap(({ payment }) => (payment === null ? [] : [payment.id])))
  return useQuery<ProjectCases, Error>({
    queryKey: ['project-cases', project.id, payments],
    queryFn: async ({ signal }) => {
      const page = await unlessHidden(
        apiGet<PlanEntryPage>('/api/v1/plan-entries', { query: { projectId: project.id, limit: 200 }, signal }),
      )
      const entries = page?.items ?? []
      const casesOf = (subjectKind: ProjectCase['subjectKind'], subjectId: string) => readCases(subjectKind, subjectId, signal)
      const lists = await Promise.all([
        ...entries.map((entry) => casesOf('plan-entry', entry.id)),
        casesOf('project', project.id),
        ...payments.map((id) => casesOf('payment', id)),
      ])
      const listed = entries.find((entry) => entry.state === 'listed')?.cityPlanId ?? null
      const plan = listed === null ? undefined : await unlessHidden(apiGet<CityPlan>(`/api/v1/city-plans/${listed}`, { signal }))
      return { entries, listedAt: plan?.approvedAt ?? null, cases: lists.flat().sort((a, b) => a.openedAt.localeCompare(b.openedAt)) }
    },
  })
}

async function readCases(subjectKind: ProjectCase['subjectKind'], subjectId: string, signal: AbortSignal): Promise<ProjectCase[]> {
  const page = await unlessHidden(apiGet<ListPage<CaseSummary>>('/api/v1/cases', { query: { subjectKind, subjectId }, signal }))
  return (page?.items ?? []).map((one) => ({ ...one, subjectKind, subjectId }))
}

/** A signed line, with the case it was signed in. */
export interface CaseLine extends SignedLine {
  caseId: string
  caseTitle: string
}

/** Opinions and files of all cases of a project, newest first. */
export function useCaseLines(cases: readonly ProjectCase[]): UseQueryResult<CaseLine[], Error> {
  const ids = cases.map((one) => one.caseId)
  return useQuery<CaseLine[], Error>({
    queryKey: ['project-case-lines', ids],
    queryFn: async ({ signal }) => {
      const views = await Promise.all(
        ids.map((id) =>
          unlessHidden(apiGet<{ id: string; procedure: { title: string }; history: SignedLine[] }>(`/api/v1/cases/${id}`, { signal })),
        ),
      )
      return views
        .flatMap((view) =>
          (view?.history ?? []).map((line) => ({ ...line, caseId: view?.id ?? '', caseTitle: view?.procedure.title ?? '' })),
        )
        .sort((a, b) => b.at.localeCompare(a.at))
    },
  })
}

/** What a post may not see is as if it were not there; every other failure is one. */
async function unlessHidden<T>(answer: Promise<T>): Promise<T | undefined> {
  try {
    return await answer
  } catch (error) {
    if (error instanceof ApiProblem && (error.status === 403 || error.status === 404)) return undefined
    throw error
  }
}
