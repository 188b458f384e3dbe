import { civilOf, Empty, fillPaper, longDate, Page, Paper, PrintButton, QueryView, useApi, usePaper } from '@tongchou/ui'
import { useParams } from 'react-router'
import { kindWords, noticePaper } from '../words.ts'
import type { Problem } from './supervision-api.ts'

/** The order to rectify as an official paper, to be printed. */
export function NoticePaperPage() {
  const { id = '' } = useParams()
  const query = useApi<Problem>(`/api/v1/supervision/problems/${id}`)
  return (
    <QueryView query={query} what="问题" page>
      {(problem) => (
        <Page
          title={`打印整改通知：${problem.project.name}`}
          breadcrumb={[
            { label: '监督整改', href: '/problems' },
            { label: problem.project.name, href: `/problems/${id}` },
            { label: '打印整改通知' },
          ]}
          actions={problem.orderedAt === null ? undefined : <PrintButton />}
        >
          {problem.orderedAt === null ? (
            <Empty what="整改尚未下达" hint="市大数据中心和市发改委会签同意后下达整改，届时编号并可打印通知。" />
          ) : (
            <Notice problem={problem} orderedAt={problem.orderedAt} />
          )}
        </Page>
      )}
    </QueryView>
  )
}

/** 责令整改通知书 (WH23-20), as the pack of the day of the order has it: issued when the center and the DRC have countersigned. */
function Notice({ problem, orderedAt }: { problem: Problem; orderedAt: string }) {
  const query = usePaper(noticePaper, civilOf(orderedAt))
  return (
    <QueryView query={query} what="整改通知格式">
      {(definition) => {
        const { issued } = definition
        return (
          <Paper
            {...fillPaper(definition, { words: wordsOf(problem), parts: {} })}
            issued={issued ? { issuer: issued.issuer, number: problem.noticeNumber } : undefined}
            sign={issued ? { offices: issued.offices, on: orderedAt } : undefined}
          />
        )
      }}
    </QueryView>
  )
}

function wordsOf({ project, responsible, kind, description, demand, dueOn }: Problem) {
  return { project: project.name, responsible: responsible.name, kind: kindWords[kind], description, demand, due: longDate(dueOn) }
}
