import type { ListPage } from '@tongchou/api-client'
import {
  ActLink,
  Empty,
  Figures,
  Forbidden,
  holdsDuty,
  Moment,
  Page,
  QueryView,
  Section,
  SectionTable,
  StateWord,
  useSession,
  useWatched,
} from '@tongchou/ui'
import { Link } from 'react-router'
import { alarmWords } from '../words.ts'
import { alarmTones, type ChannelMonitor, watchers } from './exchange-api.ts'
import { LastReconciled } from './LastReconciled.tsx'

const everyMs = 15_000

/** 通道监控: the exchange as it is now, refreshed by itself. */
export function MonitorPage() {
  const session = useSession()
  if (!holdsDuty(session, watchers))
    return (
      <Page title="通道监控">
        <Forbidden duty={watchers} act="监控交换通道" />
      </Page>
    )
  return <Monitor />
}

function Monitor() {
  const query = useWatched<ChannelMonitor>('/api/v1/channel-monitor', everyMs)
  return (
    <Page
      title="通道监控"
      lead="每15秒自动刷新。告警产生时通知提供单位的数据专员和市大数据中心，各一次；情况消除后自动解除。"
      actions={<ActLink to="/channels">交换通道</ActLink>}
    >
      <QueryView
        query={query}
        what="通道监控"
        isEmpty={({ channels }) => channels === 0}
        empty={<Empty what="没有交换通道" hint="建立通道、前置程序开始报送后，逾期、退回、问题数据和对账差异在这里告警。" />}
      >
        {(monitor) => <Shown monitor={monitor} />}
      </QueryView>
      <PausedInterfaces />
    </Page>
  )
}

/** A department's interface that is not asked for the moment, as `GET /api/v1/interfaces` lists it. */
interface PausedInterface {
  id: string
  title: string
  org: { name: string }
  faultsToday: number
  lastAt: string | null
}

/** Interfaces that are paused after faults (接口暂停调用): the other way by which departments' data comes, watched beside the channels. */
function PausedInterfaces() {
  const query = useWatched<ListPage<PausedInterface>>('/api/v1/interfaces?standing=paused&limit=50', everyMs)
  return (
    <SectionTable
      title="接口告警"
      extra={<Link to="/interfaces?standing=paused">部门接口</Link>}
      rows={query.data?.items ?? []}
      rowKey={({ id }) => id}
      columns={[
        { title: '接口', render: ({ id, title }) => <Link to={`/interfaces/${id}`}>{title}</Link> },
        { title: '提供单位', render: ({ org }) => org.name },
        {
          title: '告警',
          render: () => (
            <>
              <StateWord text="暂停调用" tone="bad" /> 连续故障，到时自动试调
            </>
          ),
        },
        { title: '最近调用', render: ({ lastAt }) => (lastAt ? <Moment at={lastAt} /> : <span className="tc-muted">尚无</span>) },
        { title: '今日故障', align: 'right', render: ({ faultsToday }) => faultsToday },
      ]}
    />
  )
}

function Shown({ monitor }: { monitor: ChannelMonitor }) {
  const inUse = monitor.channels - monitor.suspended
  return (
    <>
      <p role="status">
        {monitor.lines.length === 0 ? (
          <>
            <StateWord text="正常" tone="good" /> 在用的 {inUse} 条通道没有告警。
          </>
        ) : (
          <>
            <StateWord text="有告警" tone="bad" /> 在用的 {inUse} 条通道中，{monitor.lines.length} 条有告警。
          </>
        )}{' '}
        <span className="tc-muted">
          截至 <Moment at={monitor.at} />
        </span>
      </p>
      <Figures
        items={[
          { label: '逾期未更新', value: <Link to="/channels?alarm=late">{monitor.late}</Link> },
          { label: '报送被退回', value: <Link to="/channels?alarm=failing">{monitor.failing}</Link> },
          { label: '有问题数据', value: <Link to="/channels?alarm=quarantine">{monitor.quarantine}</Link> },
          { label: '对账差异未修复', value: <Link to="/channels?alarm=unreconciled">{monitor.unreconciled}</Link> },
          { label: '逾期未对账', value: <Link to="/channels?alarm=reconcile-late">{monitor.reconcileLate}</Link> },
          { label: '停用', value: <Link to="/channels?state=suspended">{monitor.suspended}</Link> },
          { label: '今日批次', value: monitor.batchesToday },
          { label: '今日行数', value: monitor.rowsToday },
          { label: '今日问题数据', value: monitor.badToday },
          { label: '待处理问题数据', value: monitor.openLines },
        ]}
      />
      <Section title="接收和授权" extra={<Link to="/subscriptions">数据订阅</Link>}>
        <Figures
          items={[
            { label: '停止接收', value: <Link to="/subscriptions?attention=refused">{monitor.refusedReceivers}</Link> },
            { label: '一天未接收', value: <Link to="/subscriptions?attention=silent">{monitor.silentReceivers}</Link> },
            ...expiringFigure(monitor.expiringGrants),
          ]}
        />
      </Section>
      <Lines monitor={monitor} />
    </>
  )
}

/** Both sides were warned of these; where the pack warns of none there is no figure. */
function expiringFigure(expiring: ChannelMonitor['expiringGrants']) {
  if (expiring === null) return []
  const href = `/sharing/grants?standing=in-force&until=${expiring.until}`
  return [{ label: '授权即将到期', value: <Link to={href}>{expiring.count}</Link> }]
}

function Lines({ monitor }: { monitor: ChannelMonitor }) {
  return (
    <SectionTable
      title="告警"
      rows={monitor.lines.flatMap((line) => line.alarms.map((alarm) => ({ line, alarm })))}
      rowKey={({ line, alarm }) => `${line.id}/${alarm.kind}`}
      columns={[
        { title: '通道', least: '11em', render: ({ line }) => <Link to={`/channels/${line.id}`}>{line.name}</Link> },
        { title: '提供单位', least: '8em', render: ({ line }) => line.org.name },
        { title: '数据资源', render: ({ line }) => line.resource.title },
        {
          title: '告警',
          render: ({ alarm: { kind, detail } }) => (
            <>
              <StateWord text={alarmWords[kind]} tone={alarmTones[kind]} /> {detail}
            </>
          ),
        },
        { title: '自', render: ({ alarm }) => <Moment at={alarm.since} /> },
        { title: '更新周期', render: ({ line }) => line.cycle ?? <span className="tc-muted">未承诺</span> },
        {
          title: '最近更新',
          render: ({ line }) => (line.confirmedAt ? <Moment at={line.confirmedAt} /> : <span className="tc-muted">尚未收到</span>),
        },
        { title: '最近对账', render: ({ line }) => <LastReconciled of={line.reconciliation} /> },
      ]}
    />
  )
}
