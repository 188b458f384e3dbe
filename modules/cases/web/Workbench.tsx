import type { ListPage } from '@tongchou/api-client'
import {
  civilOf,
  Empty,
  Figures,
  Hides,
  holdsDuty,
  ListExport,
  type ListFilter,
  ListFilters,
  Page,
  QueryView,
  SavedViews,
  useApi,
  useListState,
  useSession,
  WorkList,
  type WorkTask,
} from '@tongchou/ui'
import { Button } from 'antd'
import { Link } from 'react-router'
import './cases.css'
import { type BoxCounts, statusWords, type WorkLine } from './case-api.ts'

/** 待办: what waits for this post, the nearest limit first. */
export function Todo() {
  const counts = useApi<BoxCounts>('/api/v1/tasks/counts')
  return (
    <Page title="工作台" lead="当前岗位的待办事项，期限近的在前。">
      {counts.data && (
        <Figures
          items={[
            { label: '待办', value: `${counts.data.open} 件` },
            { label: '逾期', value: counts.data.overdue > 0 ? <strong className="tc-bad">{counts.data.overdue} 件</strong> : '0 件' },
            { label: '督办', value: <Link to="/tasks/supervised">{counts.data.supervised} 件</Link> },
            { label: '挂账', value: <Link to="/tasks/shelved">{counts.data.shelved} 件</Link> },
            { label: '抄送未阅', value: <Link to="/tasks/copied">{counts.data.copied} 件</Link> },
          ]}
        />
      )}
      <Box box="todo" label="待办事项" empty={<NothingToDo />} />
    </Page>
  )
}

/** Nothing waits: where this duty's daily work is. Administrators decide no business, and a link to projects would lead them nowhere. */
function NothingToDo() {
  const session = useSession()
  const place = places.find(({ duty }) => holdsDuty(session, duty))
  return (
    <Empty
      what="当前没有待办事项"
      hint={place?.hint ?? '需要本岗位办理的申报、审核和整改会列在这里。'}
      act={place && <Link to={place.href}>{place.label}</Link>}
    />
  )
}

interface Place {
  duty: readonly string[]
  href: string
  label: string
  hint?: string
}

const places: readonly Place[] = [
  { duty: ['system-admin'], href: '/people', label: '查看人员与账号', hint: '系统管理员不办理业务事项，负责机构、人员、账号和后台任务。' },
  { duty: ['security-admin'], href: '/security', label: '查看安全管理', hint: '安全管理员不办理业务事项，负责安全策略、会话和令牌。' },
  { duty: ['audit-admin'], href: '/audit', label: '查看审计日志', hint: '审计管理员不办理业务事项，负责查阅、导出和校验审计日志。' },
  { duty: ['vice-mayor', 'city-government'], href: '/overview', label: '查看领导一页' },
  { duty: ['supervisor'], href: '/oversight', label: '查看电子监察' },
  {
    duty: ['applicant', 'district', 'user-unit', 'big-data-center', 'drc', 'finance', 'audit', 'tender-center', 'data-steward'],
    href: '/projects',
    label: '查看项目',
  },
]

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

/** 抄送: cases one may read and has nothing to do with. */
export function Copied() {
  return (
    <Page title="抄送" lead="抄送本人或本岗位的办件，供了解情况，无需办理。">
      <Box
        box="copied"
        label="抄送的办件"
        empty={<Empty what="还没有抄送的办件" hint="其他单位抄送的办件会列在这里，查看后可标记已阅。" />}
      />
    </Page>
  )
}

/** 草稿: cases begun and not handed in. */
export function Drafts() {
  return (
    <Page title="草稿" lead="本人已发起、尚未提交的办件。">
      <Box box="drafts" label="草稿" empty={<Empty what="没有草稿" hint="已发起而尚未提交的办件会列在这里。" />} />
    </Page>
  )
}

/** 挂账: what stays open until a date of review. */
export function Shelved() {
  return (
    <Page title="挂账" lead="本岗位经同意挂账的事项，到复核日期须再作处理。">
      <Box box="shelved" label="挂账事项" empty={<Empty what="没有挂账事项" hint="经同意挂账的事项会列在这里。" />} />
    </Page>
  )
}

/** 督办: what this post handles under a demand. */
export function Supervised() {
  return (
    <Page title="督办" lead="本岗位办理的事项中被督办的，须回复后才能办结。">
      <Box box="supervised" label="被督办的事项" empty={<Empty what="没有被督办的事项" hint="被督办的事项会列在这里。" />} />
    </Page>
  )
}

/** 我督办: what this person has put under a demand. */
export function Overseen() {
  return (
    <Page title="我督办" lead="本人提出督办、尚未解除的办件。">
      <Box box="overseen" label="我督办的办件" empty={<Empty what="没有督办中的办件" hint="在办件页面提出督办后，会列在这里。" />} />
    </Page>
  )
}

type BoxId = 'todo' | 'done' | 'started' | 'copied' | 'drafts' | 'shelved' | 'supervised' | 'overseen'

/** Boxes whose lines wait for this post. */
const isOpenBox = (box: BoxId) => box === 'todo' || box === 'shelved' || box === 'supervised'

function Box({ box, label, empty }: { box: BoxId; label: string; empty: React.ReactNode }) {
  const state = useListState(filtersOf(box, []), 50)
  const query = useApi<ListPage<WorkLine>>('/api/v1/tasks', { ...state.query, box })
  const filters = filtersOf(box, query.data?.items ?? [])
  const filtered = filters.filter((filter) => state.values[filter.name])
  return (
    <>
      <ListFilters
        label={label}
        filters={filters}
        state={state}
        count={query.data?.items.length}
        end={
          <>
            <SavedViews id={`work-${box}`} state={state} />
            <ListExport
              list="listTasks"
              query={{ ...state.values, box }}
              columns={isOpenBox(box) ? openColumns : closedColumns}
              disabled={query.data === undefined || query.data.items.length === 0}
            />
          </>
        }
      />
      <Hides filtered={filtered} state={state} />
      <QueryView query={query} what={label}>
        {(page) => (
          <>
            <WorkList
              tasks={page.items.map((line) => taskOf(line, box))}
              label={label}
              sinceLabel={isOpenBox(box) ? '收到' : box === 'copied' ? '抄送' : '最近进展'}
              empty={
                filtered.length === 0 ? (
                  empty
                ) : (
                  <Empty
                    what="没有符合筛选条件的事项"
                    hint="可以放宽或清除筛选条件。"
                    act={<Button onClick={state.clear}>清除筛选</Button>}
                  />
                )
              }
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
    </>
  )
}

/** Columns of the export: what the lines of the box show. */
const openColumns = ['subject', 'what', 'from', 'since', 'due']
const closedColumns = ['subject', 'procedure', 'status', 'from', 'since']

/** Kinds of procedure to choose from are those of the lines at hand: what waits for a post is of few kinds. */
function filtersOf(box: BoxId, lines: readonly WorkLine[]): ListFilter[] {
  const kinds = new Map(lines.map((line) => [line.procedure, line.procedureTitle]))
  const procedures = [...kinds].map(([value, text]) => ({ value, label: text }))
  return [
    { name: 'q', label: isOpenBox(box) ? '名称或来自' : '名称', kind: 'text', width: 220 },
    { name: 'procedure', label: '办理事项类型', kind: 'select', width: 180, options: procedures },
    ...(isOpenBox(box) ? [dueFilter] : []),
  ]
}

const dueFilter: ListFilter = {
  name: 'due',
  label: '时限',
  kind: 'select',
  width: 120,
  options: [
    { value: 'overdue', label: '已逾期' },
    { value: 'week', label: '七天内到期' },
  ],
}

function taskOf(line: WorkLine, box: BoxId): WorkTask {
  const [from, ...organisation] = (line.fromName ?? '').split(' ').reverse()
  const closed = ['ended', 'rejected', 'merged', 'voided'].includes(line.status)
  const open = isOpenBox(box)
  const sent = open || box === 'copied'
  return {
    id: `${line.caseId}${line.taskId ?? ''}${line.sinceAt}`,
    href: `/cases/${line.caseId}`,
    what: open
      ? `${line.stepTitle ?? ''}${marksOf(line)}`
      : `${line.procedureTitle}：${statusWords[line.status].text}${line.unread ? '（未阅）' : ''}`,
    subject: line.title,
    from: sent ? (from ?? '') : line.applicant.name,
    fromOrganisation: sent ? organisation.reverse().join(' ') : line.applicant.organisation,
    sinceAt: line.sinceAt,
    time: !open && closed ? { doneAt: line.sinceAt } : { dueOn: line.dueAt, provisional: line.provisional },
    act: open ? '办理' : '查看',
  }
}

/** What marks a line of open work: 退回, 挂账, 督办, a clock that stands still. */
function marksOf(line: WorkLine): string {
  const marks = [
    ...(line.cause === 'returned' ? ['退回'] : []),
    ...(line.shelvedUntil ? [`挂账至 ${civilOf(line.shelvedUntil)}`] : []),
    ...(line.supervised ? ['督办'] : []),
    ...(line.paused ? ['中止计时'] : []),
  ]
  return marks.map((mark) => `（${mark}）`).join('')
}
