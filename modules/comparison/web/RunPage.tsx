import { useQueryClient } from '@tanstack/react-query'
import { apiPost } from '@tongchou/api-client'
import { ActError, Facts, Figures, Moment, Page, QueryView, Section, Sideways, useAct, useApi } from '@tongchou/ui'
import { Button, Progress } from 'antd'
import { useEffect } from 'react'
import { Link, useParams } from 'react-router'
import { runStateWords } from '../words.ts'
import type { Run } from './comparison-api.ts'
import { runTones } from './RunsPage.tsx'

/** One run: how far it is, what it counted, and handing out what it found. */
export function RunPage() {
  const { id = '' } = useParams()
  const path = `/api/v1/comparison-runs/${id}`
  const query = useApi<Run>(path)
  const client = useQueryClient()
  const moves = query.data?.state === 'running' || (query.data?.waitingCount ?? 0) > 0
  useEffect(() => {
    if (!moves) return
    const timer = setInterval(() => void client.invalidateQueries({ queryKey: [path] }), 2000)
    return () => clearInterval(timer)
  }, [moves, client, path])
  return (
    <QueryView query={query} what="比对任务" page>
      {(run) => (
        <Page
          title={`${run.title}：第 ${run.number} 号任务`}
          state={{ text: runStateWords[run.state], tone: runTones[run.state] }}
          lead={run.note}
          breadcrumb={[{ label: '比对任务', href: '/comparison-runs' }, { label: `第 ${run.number} 号` }]}
          actions={<Acts run={run} />}
        >
          {run.state === 'running' && <Going run={run} />}
          {run.failure !== null && <p role="alert">{run.failure}</p>}
          {run.counts && <Counts run={run} counts={run.counts} />}
          <Section title="任务情况">
            <Facts
              items={[
                { label: '发起人', value: run.requestedBy },
                { label: '发起时间', value: <Moment at={run.requestedAt} /> },
                { label: '结束时间', value: run.finishedAt ? <Moment at={run.finishedAt} /> : '尚未结束' },
                { label: '核查单位', value: run.org.name },
                { label: '依据', value: run.basis, wide: true },
                { label: '比对内容', value: run.purpose, wide: true },
              ]}
            />
          </Section>
          {run.positions.length > 0 && <Positions run={run} />}
        </Page>
      )}
    </QueryView>
  )
}

function Acts({ run }: { run: Run }) {
  const path = `/api/v1/comparison-runs/${run.id}`
  const acting = useAct((act: 'cancellation' | 'dispatch', idempotencyKey) => apiPost(`${path}/${act}`, {}, { idempotencyKey }))
  return (
    <>
      <ActError act="办理" error={acting.error} />
      {run.mayDo.includes('stop') && (
        <Button loading={acting.isPending} onClick={() => acting.mutate('cancellation')}>
          停止比对
        </Button>
      )}
      {run.mayDo.includes('dispatch') && (
        <Button type="primary" loading={acting.isPending} onClick={() => acting.mutate('dispatch')}>
          转办 {run.waitingCount} 项结果
        </Button>
      )}
    </>
  )
}

function Going({ run }: { run: Run }) {
  const share = Math.round((run.doneTables / Math.max(1, run.totalTables)) * 90)
  const text =
    run.doneTables < run.totalTables ? `已取 ${run.doneTables} 个登记，还有 ${run.totalTables - run.doneTables} 个` : '数据已取齐，正在比对'
  return (
    <Section title="进度">
      <Progress percent={share} format={() => ''} aria-label="比对进度" />
      <p role="status">{text}。关闭网页后继续进行，完成后有消息。</p>
    </Section>
  )
}

function Counts({ run, counts }: { run: Run; counts: NonNullable<Run['counts']> }) {
  const found = (kind: string, ground?: string) =>
    `/comparison-findings?comparison=${encodeURIComponent(run.comparison)}&kind=${kind}&runId=${run.id}${ground ? `&ground=${ground}` : ''}`
  return (
    <>
      <Figures
        items={[
          { label: '不符合条件', value: <Link to={found('group')}>{counts.found} 户</Link> },
          { label: '来源差错', value: <Link to={found('error')}>{counts.errors} 条</Link> },
          { label: '待转办', value: `${run.waitingCount} 项` },
        ]}
      />
      <Section title="比对结果">
        <p>
          比对 {counts.groups} 户、{counts.people} 人{counts.withoutConsent > 0 && `，未授权核对不参加比对的 ${counts.withoutConsent} 人`}
          。与以前的结果相比：新增 {counts.fresh} 项，仍然存在 {counts.known} 项，已消除 {counts.gone} 项。
        </p>
        <Sideways label="按情形统计">
          <table className="tc-table" aria-label="按情形统计">
            <thead>
              <tr>
                <th scope="col">类别</th>
                <th scope="col">情形</th>
                <th scope="col" className="tc-right">
                  数量
                </th>
              </tr>
            </thead>
            <tbody>
              {counts.byReason.map((one) => (
                <tr key={one.id}>
                  <td>不符合条件</td>
                  <td>{one.count > 0 ? <Link to={found('group', one.id)}>{one.title}</Link> : one.title}</td>
                  <td className="tc-right">{one.count} 户</td>
                </tr>
              ))}
              {counts.byError.map((one) => (
                <tr key={one.id}>
                  <td>来源差错</td>
                  <td>{one.count > 0 ? <Link to={found('error', one.id)}>{one.title}</Link> : one.title}</td>
                  <td className="tc-right">{one.count} 条</td>
                </tr>
              ))}
            </tbody>
          </table>
        </Sideways>
        <p className="tc-muted">一户可以有几种情形，各情形之和可以多于户数。</p>
      </Section>
    </>
  )
}

function Positions({ run }: { run: Run }) {
  return (
    <Section title="所用数据">
      <p className="tc-muted">各登记按同一时刻读取；变更序号不变时，再次比对的结果相同。</p>
      <Sideways label="所用数据">
        <table className="tc-table" aria-label="所用数据">
          <thead>
            <tr>
              <th scope="col">登记</th>
              <th scope="col" className="tc-right">
                变更序号
              </th>
              <th scope="col" className="tc-right">
                条数
              </th>
            </tr>
          </thead>
          <tbody>
            {run.positions.map((one) => (
              <tr key={one.title}>
                <td>{one.title}</td>
                <td className="tc-right">{one.seq}</td>
                <td className="tc-right">{one.rows}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </Sideways>
    </Section>
  )
}
