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
  Sideways,
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
    </Page>
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
      {monitor.lines.length > 0 && <Lines monitor={monitor} />}
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
    <Section title="告警">
      <Sideways label="告警">
        <table className="tc-table" aria-label="告警">
          <thead>
            <tr>
              <th scope="col">通道</th>
              <th scope="col">提供单位</th>
              <th scope="col">数据资源</th>
              <th scope="col">告警</th>
              <th scope="col">自</th>
              <th scope="col">更新周期</th>
              <th scope="col">最近更新</th>
              <th scope="col">最近对账</th>
            </tr>
          </thead>
          <tbody>
            {monitor.lines.flatMap((line) =>
              line.alarms.map(({ kind, since, detail }) => (
                <tr key={`${line.id}/${kind}`}>
                  <td>
                    <Link to={`/channels/${line.id}`}>{line.name}</Link>
                  </td>
                  <td>{line.org.name}</td>
                  <td>{line.resource.title}</td>
                  <td>
                    <StateWord text={alarmWords[kind]} tone={alarmTones[kind]} /> {detail}
                  </td>
                  <td>
                    <Moment at={since} />
                  </td>
                  <td>{line.cycle ?? <span className="tc-muted">未承诺</span>}</td>
                  <td>{line.confirmedAt ? <Moment at={line.confirmedAt} /> : <span className="tc-muted">尚未收到</span>}</td>
                  <td>
                    <LastReconciled of={line.reconciliation} />
                  </td>
                </tr>
              )),
            )}
          </tbody>
        </table>
      </Sideways>
    </Section>
  )
}
