import { apiPost } from '@tongchou/api-client'
import {
  ActChooser,
  ActForm,
  ActLink,
  type ChosenAct,
  Facts,
  Figures,
  field,
  Moment,
  Page,
  QueryView,
  Section,
  SectionTable,
  StateWord,
  useApi,
} from '@tongchou/ui'
import { Link, useParams } from 'react-router'
import { faultWords, methodWords, opWords, standingWords } from '../words.ts'
import { type Interface, standingTones } from './interfaces-api.ts'

/** The page of a department's interface: how it stands and does, what it is, which calls were made. */
export function InterfacePage() {
  const { id = '' } = useParams()
  const query = useApi<Interface>(`/api/v1/interfaces/${id}`)
  return (
    <QueryView query={query} what="部门接口" page>
      {(it) => (
        <Page
          title={`接口“${it.title}”`}
          state={{ text: standingWords[it.standing], tone: standingTones[it.standing] }}
          lead={`${it.org.name}提供 · 接口编号${it.number}`}
          breadcrumb={[{ label: '部门接口', href: '/interfaces' }, { label: it.title }]}
          actions={it.mayDo.includes('change') && <ActLink to={`/interfaces/${id}/registration`}>变更接口</ActLink>}
        >
          <Figures
            items={[
              { label: '今日调用', value: `${it.callsToday} 次` },
              { label: '今日故障', value: `${it.faultsToday} 次` },
              { label: '最近调用', value: it.lastAt ? <Moment at={it.lastAt} /> : '尚无' },
            ]}
          />
          <Standing it={it} />
          <ActChooser acts={actsOf(it)} />
          <Calls calls={it.calls} />
          <Registered it={it} />
          <Mapping it={it} />
        </Page>
      )}
    </QueryView>
  )
}

function Standing({ it }: { it: Interface }) {
  return (
    <Section title="办理情况">
      {it.standing === 'paused' && it.pausedUntil && (
        <p>
          <StateWord text="暂停调用" tone="bad" /> 连续故障 {it.failures} 次，
          <Moment at={it.pausedUntil} /> 后自动试调，答复正常即恢复。
        </p>
      )}
      {it.stateReason && (
        <p>
          <StateWord text={standingWords[it.standing]} tone={standingTones[it.standing]} /> {it.stateReason}
        </p>
      )}
      <Facts
        items={[
          { label: '登记人', value: it.registeredBy },
          { label: '登记时间', value: <Moment at={it.registeredAt} /> },
          { label: '核准人', value: it.decidedBy ?? '尚未办理' },
          { label: '核准时间', value: it.decidedAt ? <Moment at={it.decidedAt} /> : '尚未办理' },
          { label: '数据资源', value: <Link to={`/catalog/${it.id}`}>{it.title}</Link> },
        ]}
      />
    </Section>
  )
}

function Registered({ it }: { it: Interface }) {
  return (
    <Section title="登记内容">
      <Facts
        items={[
          { label: '接口地址', value: <code>{it.address}</code>, wide: true },
          { label: '方式', value: methodWords[it.method] },
          { label: '答复时限', value: `${it.timeoutSeconds} 秒` },
          { label: '记录列表', value: it.records === '' ? '答复的最外层' : <code>{it.records}</code> },
          { label: '凭据', value: it.credentialHeader === null ? '无' : `在请求头 ${it.credentialHeader} 中，不显示` },
          { label: '证书机构', value: it.certificate === null ? '系统所信任的' : '提供方自己的' },
        ]}
      />
    </Section>
  )
}

function Mapping({ it }: { it: Interface }) {
  return (
    <SectionTable
      title="参数和信息项"
      label="信息项"
      rows={it.fields}
      rowKey={({ item }) => item}
      columns={[
        { title: '信息项', render: ({ title }) => title },
        { title: '在记录中的路径', render: ({ path }) => <code>{path}</code> },
        { title: '作为查询条件', render: ({ item }) => <Asked of={it.parameters.filter((one) => one.item === item)} /> },
      ]}
    />
  )
}

function Asked({ of }: { of: Interface['parameters'] }) {
  if (of.length === 0) return <span className="tc-muted">不能</span>
  return of.map(({ op, name, required }) => `${opWords[op]}：${name}${required ? '（必填）' : ''}`).join('；')
}

function Calls({ calls }: { calls: Interface['calls'] }) {
  return (
    <SectionTable
      title="最近调用"
      rows={calls}
      // Calls of one moment have nothing else that tells them apart.
      rowKey={(_call, place) => String(place)}
      empty={{ what: '尚无调用', hint: '核准后，获得授权的单位的查询列在这里；不列查询的内容。' }}
      columns={[
        { title: '时间', render: ({ at }) => <Moment at={at} /> },
        { title: '使用单位', render: ({ orgName }) => orgName },
        { title: '依据', render: ({ grantNumber }) => (grantNumber === null ? '提供方自行查询' : `授权${grantNumber}`) },
        { title: '用时（毫秒）', align: 'right', render: ({ milliseconds }) => milliseconds },
        { title: '提供条数', align: 'right', render: ({ records }) => records },
        { title: '情况', render: (call) => <Outcome call={call} /> },
      ]}
    />
  )
}

function Outcome({ call: { fault, cause, faulty } }: { call: Interface['calls'][number] }) {
  if (fault)
    return (
      <>
        <StateWord text={faultWords[fault]} tone="bad" /> {cause}
      </>
    )
  if (faulty.length === 0) return <StateWord text="正常" tone="good" />
  return (
    <>
      <StateWord text="部分记录不符合目录" tone="soon" /> {faulty.map(({ title, count }) => `“${title}”${count} 条`).join('、')}
    </>
  )
}

const reason = (title: string) => field('reason', title, { type: 'text', maxLength: 200 })

function actsOf({ id, version, mayDo }: Interface): ChosenAct[] {
  const act = (
    mark: Interface['mayDo'][number],
    actId: string,
    title: string,
    path: string,
    body: object,
    what: string,
    fields = [] as ReturnType<typeof reason>[],
  ): ChosenAct[] =>
    mayDo.includes(mark)
      ? [
          {
            id: actId,
            title,
            form: (onDone) => (
              <ActForm
                act={title}
                fields={fields}
                onDone={onDone}
                send={({ reason: told = null }, idempotencyKey) =>
                  apiPost(`/api/v1/interfaces/${id}/${path}`, { version, ...body, reason: told }, { idempotencyKey })
                }
              >
                <p className="tc-muted">{what}</p>
              </ActForm>
            ),
          },
        ]
      : []
  return [
    ...act('decide', 'approve', '核准接口', 'decision', { outcome: 'approve' }, '核准后，获得授权的单位即可调用。接口地址须在允许地址中。'),
    ...act('decide', 'refuse', '不予核准', 'decision', { outcome: 'refuse' }, '提供方收到消息，更正后可以重新登记。', [
      reason('不予核准的理由'),
    ]),
    ...act('lift', 'lift', '解除暂停', 'state', { act: 'lift' }, '故障已排除的，解除后立即可以调用。'),
    ...act('stop', 'stop', '停用接口', 'state', { act: 'stop' }, '停用后立即不能调用。恢复使用的，由提供方重新登记、市大数据中心核准。', [
      reason('停用的理由'),
    ]),
  ]
}
