import { apiPost, type ListPage } from '@tongchou/api-client'
import {
  ActChooser,
  ActForm,
  ActLink,
  type ChosenAct,
  Empty,
  Facts,
  Figures,
  field,
  holdsDuty,
  Moment,
  Page,
  QueryView,
  Section,
  SectionTable,
  Sideways,
  StateWord,
  TrailSection,
  useApi,
  useSession,
} from '@tongchou/ui'
import { Link, useParams } from 'react-router'
import { alarmWords, stateWords } from '../words.ts'
import { AgentConfig } from './AgentConfig.tsx'
import { actionName, alarmTones, type BatchReceipt, type Channel, stateTones } from './exchange-api.ts'
import { groups, KeyForm } from './KeyForm.tsx'
import { LastReconciled } from './LastReconciled.tsx'
import { TokenForm } from './TokenForm.tsx'
import './exchange.css'

/** The page of a channel: how it does, its keys and lanes, what came, what was refused, who did what. */
export function ChannelPage() {
  const { id = '' } = useParams()
  const query = useApi<Channel>(`/api/v1/channels/${id}`)
  return (
    <QueryView query={query} what="交换通道" page>
      {(channel) => <Shown channel={channel} />}
    </QueryView>
  )
}

function Shown({ channel }: { channel: Channel }) {
  const mayMend = holdsDuty(useSession(), ['data-steward', 'big-data-center'])
  return (
    <Page
      title={channel.name}
      state={{ text: stateWords[channel.state], tone: stateTones[channel.state] }}
      lead={`${channel.org.name}报送“${channel.resource.title}” · 通道编号${channel.number}`}
      breadcrumb={[{ label: '交换通道', href: '/channels' }, { label: channel.name }]}
      actions={mayMend && <ActLink to={`/quarantine?resourceId=${channel.resource.id}`}>隔离区</ActLink>}
    >
      <Figures
        items={[
          { label: '最近更新', value: channel.confirmedAt ? <Moment at={channel.confirmedAt} /> : '尚未收到' },
          { label: '今日行数', value: channel.rowsToday },
          { label: '待处理问题数据', value: channel.openLines },
        ]}
      />
      <Standing channel={channel} />
      <ActChooser acts={actsOf(channel)} />
      <Keys channel={channel} />
      {(channel.mayDo.includes('send') || channel.mayDo.includes('keep')) && <AgentConfig channel={channel} />}
      <Lanes channel={channel} />
      <Batches channel={channel} />
      <Refusals channel={channel} />
      <TrailSection path={`/api/v1/channels/${channel.id}/trail`} actionName={actionName} detailOf={detailOf} />
    </Page>
  )
}

function detailOf({ detail }: { detail: Record<string, unknown> }) {
  if (typeof detail.alarm === 'string') return alarmWords[detail.alarm as keyof typeof alarmWords]
  if (typeof detail.repair === 'string')
    return `比到日志第 ${detail.seq} 号，只在来源 ${detail.onlySource}、只在中心 ${detail.onlyCenter}、内容不同 ${detail.different}`
  if (typeof detail.lane === 'string') return `发送线 ${detail.lane}，第 ${detail.epoch} 任期`
  const parts = [detail.reason, detail.fingerprint && `指纹 ${String(detail.fingerprint).slice(0, 16)}…`].filter(Boolean)
  return parts.length > 0 ? parts.join('；') : undefined
}

function actsOf(channel: Channel): ChosenAct[] {
  const path = `/api/v1/channels/${channel.id}/state`
  const { version } = channel
  const keeps: ChosenAct[] = [
    { id: 'key', title: '登记公钥', form: (onDone) => <KeyForm channel={channel} onDone={onDone} /> },
    channel.state === 'in-use'
      ? {
          id: 'suspend',
          title: '停用通道',
          form: (onDone) => (
            <ActForm
              act="停用通道"
              fields={[field('reason', '原因', { type: 'text', maxLength: 200, help: '前置程序会收到这个原因。' })]}
              onDone={onDone}
              send={(data, idempotencyKey) => apiPost(path, { version, state: 'suspended', ...data }, { idempotencyKey })}
            >
              <p className="tc-muted">停用后不再接收批次，告警不再产生；已接收的不受影响。</p>
            </ActForm>
          ),
        }
      : {
          id: 'resume',
          title: '恢复通道',
          form: (onDone) => (
            <ActForm
              act="恢复通道"
              fields={[]}
              onDone={onDone}
              send={(_, idempotencyKey) => apiPost(path, { version, state: 'in-use', reason: null }, { idempotencyKey })}
            >
              <p className="tc-muted">恢复后前置程序自动接着报送。</p>
            </ActForm>
          ),
        },
    ...channel.keys
      .filter(({ withdrawnAt }) => withdrawnAt === null)
      .map(({ fingerprint }) => ({
        id: fingerprint,
        title: `撤销公钥 ${fingerprint.slice(0, 8)}…`,
        form: (onDone: () => void) => (
          <ActForm
            act="撤销公钥"
            fields={[field('reason', '原因', { type: 'text', maxLength: 200 })]}
            onDone={onDone}
            send={(data, idempotencyKey) =>
              apiPost(`/api/v1/channels/${channel.id}/key-withdrawals`, { version, fingerprint, ...data }, { idempotencyKey })
            }
          >
            <p className="tc-muted">指纹 {groups(fingerprint)}。撤销后，用该密钥签名的批次不再接收，该密钥不能再登记。</p>
          </ActForm>
        ),
      })),
  ]
  return [
    ...(channel.mayDo.includes('keep') ? keeps : []),
    ...(channel.mayDo.includes('send') ? [{ id: 'token', title: '签发报送令牌', form: () => <TokenForm name={channel.name} /> }] : []),
  ]
}

function Standing({ channel }: { channel: Channel }) {
  return (
    <Section title="运行情况">
      {channel.state === 'suspended' && (
        <p>
          <StateWord text="停用" /> {channel.stateReason}
        </p>
      )}
      {channel.alarms.length > 0 && (
        <ul aria-label="告警">
          {channel.alarms.map(({ kind, since, detail }) => (
            <li key={kind}>
              <StateWord text={alarmWords[kind]} tone={alarmTones[kind]} /> {detail}，自 <Moment at={since} /> 起。
            </li>
          ))}
        </ul>
      )}
      {channel.state === 'in-use' && channel.alarms.length === 0 && (
        <p>
          <StateWord text="正常" tone="good" /> 没有告警。
        </p>
      )}
      <Facts
        items={[
          { label: '数据资源', value: <Link to={`/catalog/${channel.resource.id}`}>{channel.resource.title}</Link> },
          { label: '资源结构', value: channel.resource.structure === null ? '尚未建库' : `第 ${channel.resource.structure} 版` },
          { label: '更新周期', value: channel.cycle ?? '未承诺' },
          { label: '应更新时间', value: channel.dueAt ? <Moment at={channel.dueAt} /> : '不限' },
          { label: '今日退回批次', value: channel.refusedToday },
          {
            label: '最近对账',
            value: (
              <>
                <LastReconciled of={channel.reconciliation} /> <Link to={`/channels/${channel.id}/reconciliations`}>对账记录</Link>
              </>
            ),
          },
          { label: '建立时间', value: <Moment at={channel.createdAt} /> },
          { label: '通道标识', value: <code>{channel.id}</code>, wide: true },
        ]}
      />
    </Section>
  )
}

function Keys({ channel }: { channel: Channel }) {
  return (
    <SectionTable
      title="签名公钥"
      rows={channel.keys}
      rowKey={({ fingerprint }) => fingerprint}
      empty={{ what: '尚未登记公钥', hint: '登记前置程序的公钥后才能接收批次。轮换时可以同时有效两个。' }}
      columns={[
        { title: '指纹（SM3）', render: ({ fingerprint }) => <code className="tc-fingerprint">{groups(fingerprint)}</code> },
        { title: '登记', render: ({ registeredAt }) => <Moment at={registeredAt} /> },
        { title: '登记人', render: ({ registeredBy }) => registeredBy },
        {
          title: '状态',
          render: ({ withdrawnAt }) =>
            withdrawnAt === null ? (
              <StateWord text="有效" tone="good" />
            ) : (
              <>
                已撤销 <Moment at={withdrawnAt} />
              </>
            ),
        },
      ]}
    />
  )
}

function Lanes({ channel }: { channel: Channel }) {
  return (
    <SectionTable
      title="发送线"
      rows={channel.lanes}
      rowKey={({ lane }) => lane}
      empty={{ what: '前置程序尚未启动', hint: '配置中填写本通道的标识，前置程序启动后在此登记。' }}
      columns={[
        { title: '发送线', render: ({ lane }) => lane },
        { title: '任期', align: 'right', render: ({ epoch }) => epoch },
        { title: '登记时间', render: ({ claimedAt }) => <Moment at={claimedAt} /> },
        { title: '已接收到', align: 'right', render: ({ lastNumber }) => `第 ${lastNumber} 批` },
        { title: '最近接收', render: ({ lastAt }) => (lastAt ? <Moment at={lastAt} /> : <span className="tc-muted">尚无</span>) },
        {
          title: '情况',
          render: ({ failure }) =>
            failure ? (
              <>
                <StateWord text="被退回" tone="bad" /> 第 {failure.number} 批：{failure.message}
              </>
            ) : (
              <StateWord text="正常" tone="good" />
            ),
        },
      ]}
    />
  )
}

const shownBatches = 20

function Batches({ channel }: { channel: Channel }) {
  const query = useApi<ListPage<BatchReceipt>>(`/api/v1/channels/${channel.id}/batches`, { limit: shownBatches })
  const mayProve = holdsDuty(useSession(), ['data-steward', 'big-data-center'])
  return (
    <Section title="接收批次" extra={mayProve && <Link to={`/libraries/${channel.resource.id}/batches`}>全部批次和存证凭证</Link>}>
      <QueryView
        query={query}
        what="接收批次"
        isEmpty={({ items }) => items.length === 0}
        empty={<Empty what="尚未收到批次" hint="前置程序送来的批次和回执列在这里。" />}
      >
        {({ items, nextCursor }) => (
          <>
            <Sideways label="接收批次">
              <table className="tc-table" aria-label="接收批次">
                <thead>
                  <tr>
                    <th scope="col">时间</th>
                    <th scope="col">批次号</th>
                    {['行数', '新增', '更新', '删除', '未变', '问题数据'].map((title) => (
                      <th key={title} scope="col" className="tc-right">
                        {title}
                      </th>
                    ))}
                  </tr>
                </thead>
                <tbody>
                  {items.map((batch) => (
                    <tr key={batch.batchId}>
                      <td>
                        <Moment at={batch.receivedAt} />
                      </td>
                      <td>{batch.rows === 0 ? '确认没有变化' : batch.batchId.replace(`${channel.id}/`, '')}</td>
                      {(['rows', 'inserted', 'updated', 'deleted', 'unchanged', 'bad'] as const).map((count) => (
                        <td key={count} className="tc-right">
                          {batch[count]}
                        </td>
                      ))}
                    </tr>
                  ))}
                </tbody>
              </table>
            </Sideways>
            {nextCursor !== null && <p className="tc-muted">只列最近的 {shownBatches} 批。</p>}
          </>
        )}
      </QueryView>
    </Section>
  )
}

function Refusals({ channel }: { channel: Channel }) {
  return (
    <SectionTable
      title="退回"
      rows={channel.refusals}
      rowKey={({ lane, number, code }) => `${lane}/${number}/${code}`}
      empty={{ what: '没有被退回的批次', hint: '被退回的批次列出原因；前置程序重发后仍列在这里备查。' }}
      columns={[
        { title: '最近一次', render: ({ lastAt }) => <Moment at={lastAt} /> },
        { title: '批次', align: 'right', render: ({ lane, number }) => `${lane} 第 ${number} 批` },
        { title: '原因', render: ({ message }) => message },
        { title: '次数', align: 'right', render: ({ times }) => times },
        { title: '第一次', render: ({ firstAt }) => <Moment at={firstAt} /> },
      ]}
    />
  )
}
