import {
  CivilDate,
  Forbidden,
  holdsDuty,
  Moment,
  Money,
  Page,
  QueryView,
  Section,
  StateWord,
  TimeLeft,
  useApi,
  useSession,
} from '@tongchou/ui'
import { Select } from 'antd'
import type { ReactNode } from 'react'
import { Link, useSearchParams } from 'react-router'
import { leaders, moneySteps, type Overview } from './overview-api.ts'
import './overview.css'

/** 领导一页: what waits for the reader, the money, who is late, what stands badly. Made for a phone and four minutes. */
export function LeadersPage() {
  const session = useSession()
  const [params, setParams] = useSearchParams()
  const year = params.get('year') ?? ''
  const query = useApi<Overview>('/api/v1/overview', { year })
  if (!holdsDuty(session, leaders))
    return (
      <Page title="领导一页">
        <Forbidden duty={leaders} act="查看领导一页" />
      </Page>
    )
  return (
    <Page title="领导一页" lead="全市政务信息化项目的资金、时限和风险。">
      <QueryView query={query} what="领导一页">
        {(overview) => (
          <div className="overview">
            <p className="tc-muted">
              截至 <Moment at={overview.at} text />
            </p>
            <Waiting waiting={overview.waiting} />
            <MoneySection overview={overview} year={year} onYear={(next) => setParams(next === '' ? {} : { year: next })} />
            <Late late={overview.late} />
            <Risk risk={overview.risk} />
          </div>
        )}
      </QueryView>
    </Page>
  )
}

function Waiting({ waiting }: { waiting: Overview['waiting'] }) {
  return (
    <Section title={`待我办理 ${waiting.count} 件`} extra={waiting.count > waiting.items.length && <Link to="/">全部待办</Link>}>
      {waiting.count === 0 ? (
        <p className="tc-muted">没有待办事项。需要本岗位审签、审定的事项会列在这里。</p>
      ) : (
        <ul className="overview-rows">
          {waiting.items.map((task) => (
            <Row
              key={`${task.caseId}${task.stepTitle}`}
              to={`/cases/${task.caseId}`}
              name={task.title}
              note={`${task.stepTitle}，${task.fromName} 报送`}
              end={<TimeLeft dueOn={task.dueAt} provisional={task.provisional} />}
            />
          ))}
        </ul>
      )}
    </Section>
  )
}

function MoneySection({ overview, year, onYear }: { overview: Overview; year: string; onYear: (year: string) => void }) {
  const { money, planYears, risk } = overview
  const years = [{ value: '', label: '全部年度' }, ...planYears.map((each) => ({ value: String(each), label: `${each} 年度计划` }))]
  return (
    <Section title="资金" extra={<Select aria-label="计划年度" className="overview-year" value={year} options={years} onChange={onYear} />}>
      <p>
        <Link to="/projects">{money.projectCount} 个项目</Link>，申报投资 <Money fen={money.budgetFen} />
      </p>
      <ol className="overview-money">
        {moneySteps(money).map((step) => (
          <li key={step.label}>
            <span>{step.label}</span>
            <span className="overview-bar" aria-hidden="true">
              <span style={{ width: `${Math.min(step.percent ?? 0, 100)}%` }} />
            </span>
            <strong>
              <Money fen={step.fen} />
            </strong>
            <span className="tc-muted">{step.percent === null ? '' : `占批复 ${step.percent}%`}</span>
          </li>
        ))}
      </ol>
      {risk.heldProjectCount > 0 && (
        <p>
          <StateWord tone="bad" text={`暂缓支付 ${risk.heldProjectCount} 个项目`} />
          ，涉及合同未付 <Money fen={money.heldFen} />
        </p>
      )}
    </Section>
  )
}

function Late({ late }: { late: Overview['late'] }) {
  const { lateCount, openCount, offices } = late
  return (
    <Section title={`逾期 ${lateCount} 件`}>
      <p className="tc-muted">有办理时限的在办事项共 {openCount} 件。</p>
      {lateCount === 0 ? (
        <p>
          <StateWord tone="good" text="均在时限内" />
        </p>
      ) : (
        <ul className="overview-rows">
          {offices.map(({ organisation, ...figures }) => (
            <Row
              key={organisation.id ?? organisation.name}
              to={organisation.id === null ? null : `/organisations/${organisation.id}`}
              name={organisation.name}
              note={
                <>
                  逾期 {figures.lateCount} 件，在办 {figures.openCount} 件；最早期限 <CivilDate value={figures.oldestDueAt} />
                </>
              }
              end={<TimeLeft dueOn={figures.oldestDueAt} />}
            />
          ))}
        </ul>
      )}
    </Section>
  )
}

function Risk({ risk }: { risk: Overview['risk'] }) {
  const { failed, behind } = risk
  return (
    <Section title="风险">
      <h3>整改未落实 {failed.count} 个</h3>
      {failed.count === 0 ? (
        <p className="tc-muted">没有逾期未整改或整改不符合要求的问题。</p>
      ) : (
        <ul className="overview-rows">
          {failed.items.map((problem) => (
            <Row
              key={problem.problemId}
              to={`/problems/${problem.problemId}`}
              name={problem.projectName}
              note={
                <>
                  {problem.responsible.name}，整改限期 <CivilDate value={problem.dueOn} />
                </>
              }
              end={<TimeLeft dueOn={problem.dueOn} />}
            />
          ))}
        </ul>
      )}
      {failed.count > failed.items.length && <Link to="/problems">全部问题</Link>}
      <h3>进度滞后 {behind.count} 个</h3>
      {behind.count === 0 ? (
        <p className="tc-muted">在建项目均未错过节点。</p>
      ) : (
        <ul className="overview-rows">
          {behind.items.map((project) => (
            <Row
              key={project.projectId}
              to={`/projects/${project.projectId}`}
              name={project.name}
              note={
                <>
                  {project.builder.name}，“{project.milestone}”应于 <CivilDate value={project.dueOn} /> 完成
                </>
              }
              end={<TimeLeft dueOn={project.dueOn} />}
            />
          ))}
        </ul>
      )}
      {behind.count > behind.items.length && <Link to="/projects?stage=building">全部在建项目</Link>}
    </Section>
  )
}

/** One line: what, why it is here, how late. The whole name is the link, wide enough for a thumb. */
function Row({ to, name, note, end }: { to: string | null; name: string; note: ReactNode; end: ReactNode }) {
  return (
    <li>
      <div>
        {to === null ? (
          <span className="overview-name">{name}</span>
        ) : (
          <Link className="overview-name" to={to}>
            {name}
          </Link>
        )}
        <span className="tc-muted">{note}</span>
      </div>
      {end}
    </li>
  )
}
