import {
  ActLink,
  CivilDate,
  Empty,
  Facts,
  Figures,
  Moment,
  NamedLink,
  Page,
  QueryView,
  Section,
  Sideways,
  StateWord,
  TrailSection,
  useApi,
} from '@tongchou/ui'
import { useParams } from 'react-router'
import { deploymentWords, factWords, frequencyWords, fundingWords, statusWords } from '../words.ts'
import { SystemActs } from './SystemActs.tsx'
import { type AnswerLine, actionName, type Protection, type System } from './system-api.ts'
import { AnswerValue, YesNo } from './values.tsx'

/** The page of one system: what it is, what the offices answered, what may be done, who did what. */
export function SystemPage() {
  const { id = '' } = useParams()
  const query = useApi<System>(`/api/v1/systems/${id}`)
  return (
    <QueryView query={query} what="信息系统" page>
      {(system) => (
        <Page
          title={system.name}
          state={{ text: statusWords[system.status], tone: system.status === 'closed' ? 'plain' : 'now' }}
          lead={`${system.org.name} · 编号${system.number}`}
          breadcrumb={[{ label: '信息系统', href: '/systems' }, { label: system.name }]}
          actions={system.mayDo.includes('describe') ? <ActLink to={`/systems/${id}/edit`}>修改登记内容</ActLink> : undefined}
        >
          <Figures items={figuresOf(system)} />
          <SystemActs system={system} />
          <Answered system={system} />
          <Section title="等级保护">
            <ProtectionFacts protection={system.protection} />
          </Section>
          <Described system={system} />
          <History id={id} />
          <TrailSection path={`/api/v1/systems/${id}/trail`} actionName={actionName} />
        </Page>
      )}
    </QueryView>
  )
}

function figuresOf(system: System) {
  const { deployment, cityBrainConnected } = system.answers
  return [
    { label: '部署位置', value: deployment ? deploymentWords[deployment.value] : '尚未核实' },
    { label: '接入城市大脑', value: cityBrainConnected ? (cityBrainConnected.value ? '已接入' : '未接入') : '尚未核实' },
    { label: '保护等级', value: system.protection ? `第${system.protection.level}级` : '未登记' },
  ]
}

/** Every fact with who answered for it, when and on what ground. */
function Answered({ system }: { system: System }) {
  const facts = Object.entries(factWords).filter(([fact]) => fact !== 'closureVerified' || system.status === 'closed')
  return (
    <Section title="核实结果">
      {system.confirmation && <Confirmation confirmation={system.confirmation} />}
      <Sideways label="核实结果">
        <table className="tc-table" aria-label="核实结果">
          <thead>
            <tr>
              <th scope="col">事项</th>
              <th scope="col">结果</th>
              <th scope="col">依据</th>
              <th scope="col">核实人</th>
              <th scope="col">核实时间</th>
            </tr>
          </thead>
          <tbody>
            {facts.map(([fact, title]) => {
              const answer = system.answers[fact as keyof System['answers']]
              return (
                <tr key={fact}>
                  <td>{title}</td>
                  <td>
                    <AnswerValue value={answer?.value ?? null} />
                  </td>
                  <td>{answer?.evidence ?? ''}</td>
                  <td>{answer ? `${answer.orgName} ${answer.by}` : ''}</td>
                  <td>{answer && <Moment at={answer.at} />}</td>
                </tr>
              )
            })}
          </tbody>
        </table>
      </Sideways>
    </Section>
  )
}

function Confirmation({ confirmation }: { confirmation: NonNullable<System['confirmation']> }) {
  const words = { open: '待核实', answered: '已核实', returned: '已退回' } as const
  const tones = { open: 'now', answered: 'good', returned: 'soon' } as const
  return (
    <>
      <p>
        <StateWord text={words[confirmation.state]} tone={tones[confirmation.state]} /> {confirmation.requestedBy} 于{' '}
        <Moment at={confirmation.requestedAt} text /> 申请确认{confirmation.note === '' ? '。' : `：${sentence(confirmation.note)}`}
      </p>
      {confirmation.state === 'returned' && confirmation.closedAt && (
        <p>
          {confirmation.closedBy} 于 <Moment at={confirmation.closedAt} text /> 退回：{sentence(confirmation.closingNote ?? '')}
          补正后可再次申请确认。
        </p>
      )}
    </>
  )
}

/** A note as it was written, ended once. */
function sentence(note: string): string {
  return /[。！？；.]$/.test(note.trim()) ? note.trim() : `${note.trim()}。`
}

function ProtectionFacts({ protection }: { protection: System['protection'] }) {
  if (!protection) return <Empty what="尚未登记保护等级" hint="由所属单位持备案号申报、公安机关确认，或由公安机关直接登记。" />
  return (
    <Facts
      items={[
        { label: '保护等级', value: `第${protection.level}级` },
        { label: '备案号', value: protection.filingNumber },
        { label: '下次测评日期', value: <CivilDate value={protection.nextEvaluationOn} /> },
        {
          label: '确认情况',
          wide: true,
          value: (
            <>
              <StateWord
                text={protection.standing === 'confirmed' ? '公安机关已确认' : '单位申报，待公安机关确认'}
                tone={protection.standing === 'confirmed' ? 'good' : 'now'}
              />{' '}
              {protection.orgName} {protection.by} <Moment at={protection.at} />
            </>
          ),
        },
      ]}
    />
  )
}

function Described({ system }: { system: System }) {
  const project = system.project
  return (
    <Section title="登记内容">
      <Facts
        items={[
          { label: '所属单位', value: system.org.name },
          { label: '使用单位', value: system.userUnit?.name },
          {
            label: '所属项目',
            value: project && <NamedLink to={`/projects/${project.id}`} name={project.name} hidden="当前岗位不能查看的项目" />,
          },
          { label: '主要功能', value: system.functions, wide: true },
          { label: '使用范围', value: system.usageScope },
          { label: '使用频率', value: frequencyWords[system.usageFrequency] },
          { label: '批准单位', value: system.approvingBody },
          { label: '批准日期', value: system.approvedOn && <CivilDate value={system.approvedOn} /> },
          { label: '资金来源', value: system.funding.map((one) => fundingWords[one]).join('、') },
          { label: '最近修改', value: system.updatedBy },
        ]}
      />
    </Section>
  )
}

/** 核实记录: every answer ever given, newest first. */
function History({ id }: { id: string }) {
  const query = useApi<{ items: AnswerLine[] }>(`/api/v1/systems/${id}/answers`, { limit: 200 })
  return (
    <Section title="核实记录">
      <QueryView
        query={query}
        what="核实记录"
        isEmpty={(page) => page.items.length === 0}
        empty={<Empty what="尚无核实记录" hint="每一次核实都留在这里，以后的结果不覆盖以前的。" />}
      >
        {(page) => (
          <ol className="tc-trail" aria-label="核实记录">
            {[...page.items].reverse().map((line) => (
              <li key={line.seq}>
                <Moment at={line.at} />
                <div>
                  {line.by}
                  <span className="tc-muted">（{line.orgName}）</span> <HistoryValue line={line} />
                  <p>{line.evidence}</p>
                </div>
              </li>
            ))}
          </ol>
        )}
      </QueryView>
    </Section>
  )
}

function HistoryValue({ line }: { line: AnswerLine }) {
  if (line.fact === 'protection') {
    const { level, filingNumber } = line.value as Protection
    return (
      <>
        {line.standing === 'confirmed' ? '确认' : '申报'}保护等级第{level}级{filingNumber && `（备案号${filingNumber}）`}
      </>
    )
  }
  const value = line.value as boolean | string
  return (
    <>
      {factWords[line.fact]}：{typeof value === 'boolean' ? <YesNo value={value} /> : <AnswerValue value={value} />}
    </>
  )
}
