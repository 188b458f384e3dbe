import { apiPost } from '@tongchou/api-client'
import {
  ActChooser,
  ActForm,
  ActLink,
  ArticleChip,
  CaseStanding,
  CivilDate,
  Empty,
  Facts,
  Figures,
  Moment,
  Page,
  QueryView,
  SecrecyQuestion,
  Section,
  StateWord,
  TrailSection,
  useApi,
} from '@tongchou/ui'
import { Link, useParams } from 'react-router'
import { holdDutyWords, kindWords, partyWords, stateWords } from '../words.ts'
import { actionName, type Problem, proseField, stateTones } from './supervision-api.ts'

/** The page of one problem: what was found, by when, what was reported, whether payment is held, who did what. */
export function ProblemPage() {
  const { id = '' } = useParams()
  const query = useApi<Problem>(`/api/v1/supervision/problems/${id}`)
  return (
    <QueryView query={query} what="问题" page>
      {(problem) => (
        <Page
          title={problem.project.name}
          state={{ text: stateWords[problem.state], tone: stateTones[problem.state] }}
          lead={`${kindWords[problem.kind]} · 编号${problem.number}`}
          breadcrumb={[{ label: '监督整改', href: '/problems' }, { label: problem.project.name }]}
          actions={
            <>
              {problem.mayDo.includes('change') && <ActLink to={`/problems/${id}/edit`}>修改问题</ActLink>}
              {problem.orderedAt !== null && <ActLink to={`/problems/${id}/print`}>打印整改通知</ActLink>}
            </>
          }
        >
          <Figures
            items={[
              { label: '整改期限', value: <CivilDate value={problem.dueOn} /> },
              { label: '责任单位', value: problem.responsible.name },
              { label: '项目资金', value: problem.paymentHeld ? '暂缓支付' : '未暂缓' },
            ]}
          />
          <Standing problem={problem} />
          <OrderHold problem={problem} />
          <Found problem={problem} />
          <Holds problem={problem} />
          <TrailSection path={`/api/v1/supervision/problems/${id}/trail`} actionName={actionName} />
        </Page>
      )}
    </QueryView>
  )
}

function Standing({ problem }: { problem: Problem }) {
  return (
    <Section title="整改情况" extra={<ArticleChip article="WH23-20" />}>
      {problem.failed && (
        <p>
          <StateWord text={problem.notAcceptedReason === null ? '未整改' : '整改不符合要求'} tone="bad" />{' '}
          {problem.party === 'builder'
            ? '可暂缓支付相关项目资金，直至整改落实。'
            : '原则上不安排该单位下一年度政务信息化项目（含运维）经费。'}
        </p>
      )}
      <CaseStanding cases={problem.cases} />
      <Facts
        items={[
          { label: '通知文号', value: problem.noticeNumber ?? '尚未编号' },
          { label: '下达时间', value: problem.orderedAt ? <Moment at={problem.orderedAt} /> : '尚未下达' },
          { label: '报告日期', value: problem.reportedOn ? <CivilDate value={problem.reportedOn} /> : '尚未报告' },
          { label: '整改报告', value: problem.report ?? '尚未报告', wide: true },
          ...(problem.notAcceptedReason === null ? [] : [{ label: '核查意见', value: problem.notAcceptedReason, wide: true }]),
          { label: '整改落实时间', value: problem.confirmedAt ? <Moment at={problem.confirmedAt} /> : '尚未落实' },
        ]}
      />
    </Section>
  )
}

function Found({ problem }: { problem: Problem }) {
  return (
    <Section title="发现的问题">
      <Facts
        items={[
          { label: '项目', value: <Link to={`/projects/${problem.project.id}`}>{problem.project.name}</Link> },
          { label: '责任方', value: partyWords[problem.party] },
          { label: '问题类型', value: kindWords[problem.kind] },
          { label: '发现日期', value: <CivilDate value={problem.foundOn} /> },
          { label: '提出人', value: problem.createdBy },
          { label: '问题情况', value: problem.description, wide: true },
          { label: '整改要求', value: problem.demand, wide: true },
        ]}
      />
    </Section>
  )
}

/** 暂缓支付: who decided, why and when; and the decision itself, where it may be taken now. */
function Holds({ problem }: { problem: Problem }) {
  return (
    <Section title="暂缓支付" extra={<ArticleChip article="WH23-20" />}>
      {problem.holds.length === 0 && (
        <Empty
          what="没有暂缓支付的决定"
          hint="建设单位未整改或整改不符合要求的，可决定暂缓支付；由哪个机关决定，办法未规定，本市由市大数据中心或市发改委决定。"
        />
      )}
      {problem.holds.length > 0 && (
        <ol className="tc-trail" aria-label="暂缓支付决定">
          {problem.holds.map((hold) => (
            <li key={hold.decidedAt}>
              <Moment at={hold.decidedAt} />
              <div>
                {hold.decidedBy}以{holdDutyWords[hold.duty]}名义决定暂缓支付{' '}
                <StateWord text={hold.endedAt === null ? '暂缓中' : '已结束'} tone={hold.endedAt === null ? 'bad' : 'good'} />
                <p>{hold.reason}</p>
                {hold.endedAt && (
                  <p>
                    整改落实，于 <Moment at={hold.endedAt} text /> 结束。
                  </p>
                )}
              </div>
            </li>
          ))}
        </ol>
      )}
    </Section>
  )
}

/** The decision itself, where it may be taken now. */
function OrderHold({ problem }: { problem: Problem }) {
  const path = `/api/v1/supervision/problems/${problem.id}/payment-hold`
  if (!problem.mayDo.includes('order-hold')) return null
  const form = (onDone: () => void) => (
    <SecrecyQuestion what="决定" onYes={() => apiPost(path, { secrecy: true })}>
      {() => (
        <ActForm
          act="决定暂缓支付"
          fields={[proseField('reason', '理由', '写明未整改或整改不符合要求的事实。')]}
          onDone={onDone}
          send={(data, idempotencyKey) => apiPost(path, { secrecy: false, version: problem.version, ...data }, { idempotencyKey })}
        >
          <p className="tc-muted">决定后，该项目的资金支付一律暂缓，至整改核查符合要求时自动结束。</p>
        </ActForm>
      )}
    </SecrecyQuestion>
  )
  return <ActChooser acts={[{ id: 'order-hold', title: '决定暂缓支付', form }]} />
}
