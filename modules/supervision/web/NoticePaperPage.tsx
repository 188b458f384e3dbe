import { Empty, fillPaper, Page, Paper, type PaperDefinition, PrintButton, QueryView, useApi } from '@tongchou/ui'
import { useParams } from 'react-router'
import { kindWords, notice } from '../words.ts'
import type { Problem } from './supervision-api.ts'

/** 责令整改通知书 (WH23-20): issued when the center and the DRC have countersigned, under a number of its own. */
const rectificationNotice: PaperDefinition = {
  id: notice.paper,
  title: '关于责令整改“{project}”有关问题的通知',
  parts: [{ kind: 'prose', slot: 'order' }],
}

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

function Notice({ problem, orderedAt }: { problem: Problem; orderedAt: string }) {
  const { title, parts } = fillPaper(rectificationNotice, {
    words: { project: problem.project.name },
    parts: { order: { kind: 'prose', to: problem.responsible.name, paragraphs: paragraphsOf(problem) } },
  })
  return (
    <Paper
      title={title}
      parts={parts}
      issued={{ issuer: notice.issuer, number: problem.noticeNumber }}
      sign={{ offices: notice.offices, on: orderedAt }}
    />
  )
}

function paragraphsOf(problem: Problem): string[] {
  return [
    `经查，“${problem.project.name}”存在${kindWords[problem.kind]}的问题。根据${notice.basis}，现责令整改，有关事项通知如下。`,
    `一、存在的问题。${problem.description}`,
    `二、整改要求。${problem.demand}`,
    `三、整改期限。请于${chineseDate(problem.dueOn)}前完成整改，并将整改情况报送市大数据中心。期满未整改或者整改不符合要求的，依照上述规定处理。`,
  ]
}

/** 2026年1月9日: Arabic digits without padding (GB/T 9704). */
function chineseDate(civil: string): string {
  const [year, month, day] = civil.split('-')
  return `${year}年${Number(month)}月${Number(day)}日`
}
