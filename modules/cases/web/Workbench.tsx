import type { ListPage } from '@tongchou/api-client'
import { Empty, Figures, Page, QueryView, useApi, useListState, WorkList, type WorkTask } from '@tongchou/ui'
import { Button } from 'antd'
import { Link } from 'react-router'
import './cases.css'
import { statusWords, type WorkLine } from './case-api.ts'

/** 待办: what waits for this post, the nearest limit first. */
export function Todo() {
  const counts = useApi<{ open: number; overdue: number }>('/api/v1/tasks/counts')
  return (
    <Page title="工作台" lead="当前岗位的待办事项，期限近的在前。">
      {counts.data && (
        <Figures
          items={[
            { label: '待办', value: `${counts.data.open} 件` },
            { label: '逾期', value: counts.data.overdue > 0 ? <strong className="tc-bad">{counts.data.overdue} 件</strong> : '0 件' },
          ]}
        />
      )}
      <Box
        box="todo"
        label="待办事项"
        empty={
          <Empty what="当前没有待办事项" hint="需要本岗位办理的申报、审核和整改会列在这里。" act={<Link to="/projects">查看项目</Link>} />
        }
      />
    </Page>
  )
}

/** 已办: cases one has acted on. */
export function Done() {
  return (
    <Page title="已办" lead="本人办理过的事项，最近有进展的在前。">
      <Box box="done" label="已办事项" empty={<Empty what="还没有已办事项" hint="办理过的事项会列在这里，可随时查看进展。" />} />
    </Page>
  )
}

/** 我发起: cases one has begun. */
export function Started() {
  return (
    <Page title="我发起" lead="本人发起的事项，最近有进展的在前。">
      <Box
        box="started"
        label="我发起的事项"
        empty={
          <Empty
            what="还没有发起的事项"
            hint="报送年度计划、建设方案等之后，可在这里查看办到哪一步。"
            act={<Link to="/projects/new">项目申报</Link>}
          />
        }
      />
    </Page>
  )
}

function Box({ box, label, empty }: { box: 'todo' | 'done' | 'started'; label: string; empty: React.ReactNode }) {
  const state = useListState([], 50)
  const query = useApi<ListPage<WorkLine>>('/api/v1/tasks', { ...state.query, box })
  return (
    <QueryView query={query} what={label}>
      {(page) => (
        <>
          <WorkList
            tasks={page.items.map((line) => taskOf(line, box))}
            label={label}
            sinceLabel={box === 'todo' ? '收到' : '最近进展'}
            empty={empty}
          />
          {(state.previous || page.nextCursor) && (
            <nav className="cases-paging" aria-label={`${label}翻页`}>
              <Button disabled={!state.previous} onClick={state.previous}>
                上一页
              </Button>
              <Button disabled={page.nextCursor === null} onClick={() => page.nextCursor && state.next(page.nextCursor)}>
                下一页
              </Button>
            </nav>
          )}
        </>
      )}
    </QueryView>
  )
}

function taskOf(line: WorkLine, box: 'todo' | 'done' | 'started'): WorkTask {
  const [from, ...organisation] = (line.fromName ?? '').split(' ').reverse()
  const closed = line.status === 'ended' || line.status === 'rejected'
  return {
    id: `${line.caseId}${line.taskId ?? ''}`,
    href: `/cases/${line.caseId}`,
    what:
      box === 'todo'
        ? `${line.stepTitle ?? ''}${line.cause === 'returned' ? '（退回）' : ''}`
        : `${line.procedureTitle}：${statusWords[line.status].text}`,
    subject: line.title,
    from: box === 'todo' ? (from ?? '') : line.applicant.name,
    fromOrganisation: box === 'todo' ? organisation.reverse().join(' ') : line.applicant.organisation,
    sinceAt: line.sinceAt,
    time: box !== 'todo' && closed ? { doneAt: line.sinceAt } : { dueOn: line.dueAt, provisional: line.provisional },
    act: box === 'todo' ? '办理' : '查看',
  }
}
