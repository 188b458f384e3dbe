import { DifferenceTable, Facts, Money, QueryView, type SubjectDifference, useApi } from '@tongchou/ui'
import { Link } from 'react-router'

interface Subject {
  kind: string
  id: string
}

/** What a case is about, as `GET /api/v1/cases/{id}/subject` gives it. */
export interface SubjectPage {
  title: string
  href: string
  facts: { label: string; value: string | null; fen: number | null }[]
  /** What changed since it was last judged. */
  difference?: SubjectDifference
}

const places: Readonly<Record<string, { label: string; href: (id: string) => string }>> = {
  project: { label: '项目详情', href: (id) => `/projects/${id}` },
  'city-plan': { label: '全市年度计划', href: (id) => `/city-plans/${id}` },
  'catalog-entry': { label: '资源目录', href: (id) => `/catalog/${id}` },
  'catalog-change': { label: '目录变更', href: (id) => `/catalog/amendments/${id}` },
  'catalog-withdrawal': { label: '目录撤销', href: (id) => `/catalog/amendments/${id}` },
  'sharing-request': { label: '共享申请', href: (id) => `/sharing/requests/${id}` },
  problem: { label: '监督整改', href: (id) => `/problems/${id}` },
}

/** Where the subject itself has a page. */
export function subjectLink({ kind, id }: Subject): { label: string; href: string } | undefined {
  const place = places[kind]
  return place && { label: place.label, href: place.href(id) }
}

/** What the case is about, in the lines that matter for a decision. */
export function SubjectSummary({ caseId }: { caseId: string }) {
  const query = useApi<SubjectPage>(`/api/v1/cases/${caseId}/subject`)
  return (
    <QueryView query={query} what="事项内容">
      {(page) => (
        <>
          <p>
            <Link to={page.href}>{page.title}</Link>
          </p>
          <Facts
            items={page.facts.map((fact) => ({
              label: fact.label,
              value: fact.fen === null ? fact.value : <Money fen={fact.fen} />,
              wide: (fact.value?.length ?? 0) > 40,
            }))}
          />
          {page.difference && <DifferenceTable difference={page.difference} />}
        </>
      )}
    </QueryView>
  )
}
