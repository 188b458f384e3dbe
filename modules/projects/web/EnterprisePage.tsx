// SPDX-License-Identifier: Apache-2.0
import { apiPost, type ListPage } from '@tongchou/api-client'
import { ActForm, CivilDate, Facts, field, Money, Page, QueryView, Section, Sideways, StateWord, useApi, useSession } from '@tongchou/ui'
import { Button } from 'antd'
import { useState } from 'react'
import { Link, useNavigate, useParams } from 'react-router'
import type { Agent, Enterprise, EnterprisePageData } from './supplier-api.ts'
import { stageWords } from './words.ts'
import './projects.css'

/** An enterprise (企业): its code, its contracts as far as one may see them, and who acts for it here. */
export function EnterprisePage() {
  const { id = '' } = useParams()
  const query = useApi<EnterprisePageData>(`/api/v1/enterprises/${id}`)
  const name = query.data?.name ?? '企业'
  return (
    <Page title={name} breadcrumb={[{ label: '企业名录', href: '/enterprises' }, { label: name }]}>
      <QueryView query={query} what="企业" lines={6}>
        {(read) => <Content enterprise={read} />}
      </QueryView>
    </Page>
  )
}

function Content({ enterprise }: { enterprise: EnterprisePageData }) {
  return (
    <>
      <Section title="登记">
        <Facts
          items={[
            { label: '统一社会信用代码', value: enterprise.uscc ?? <StateWord text="未登记" tone="soon" /> },
            { label: '登记人', value: enterprise.registeredBy },
            { label: '登记时间', value: <CivilDate value={enterprise.registeredAt} /> },
          ]}
        />
        {enterprise.mayIdentify && <Identify enterprise={enterprise} />}
      </Section>
      <Contracts enterprise={enterprise} />
      <Agents enterprise={enterprise} />
    </>
  )
}

function Identify({ enterprise }: { enterprise: EnterprisePageData }) {
  const navigate = useNavigate()
  return (
    <ActForm
      act="补登代码"
      fields={[
        field('uscc', '统一社会信用代码', {
          type: 'identifier',
          of: 'social-credit-code',
          help: '该代码已登记为同名企业的，两条登记归并，合同随之转入。',
        }),
      ]}
      send={async (data, key) => {
        const known = await apiPost<Enterprise>(`/api/v1/enterprises/${enterprise.id}/code`, data, { idempotencyKey: key })
        if (known.id !== enterprise.id) void navigate(`/enterprises/${known.id}`)
      }}
    />
  )
}

function Contracts({ enterprise }: { enterprise: EnterprisePageData }) {
  return (
    <Section title="合同">
      {enterprise.contracts.length === 0 ? (
        <p className="tc-muted">当前岗位可以查阅的项目中，没有与该企业的合同。</p>
      ) : (
        <Sideways label="已签合同">
          <table className="tc-table" aria-label="合同">
            <thead>
              <tr>
                <th scope="col">合同编号</th>
                <th scope="col">签订名称</th>
                <th scope="col">项目</th>
                <th scope="col">阶段</th>
                <th scope="col" className="tc-right">
                  金额（万元）
                </th>
                <th scope="col">签订日期</th>
              </tr>
            </thead>
            <tbody>
              {enterprise.contracts.map((one) => (
                <tr key={one.id}>
                  <td>{one.number}</td>
                  <td>{one.supplier}</td>
                  <td>
                    <Link to={`/projects/${one.project.id}`}>{one.project.name}</Link>
                  </td>
                  <td>
                    <StateWord {...stageWords[one.project.stage]} />
                  </td>
                  <td className="tc-right">
                    <Money fen={one.amountFen} unit={false} />
                  </td>
                  <td>
                    <CivilDate value={one.signedOn} table />
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </Sideways>
      )}
    </Section>
  )
}

/** Duties that read who acts for an enterprise. */
const readers = ['big-data-center', 'applicant', 'district', 'audit', 'supervisor']

function Agents({ enterprise }: { enterprise: EnterprisePageData }) {
  const { roles } = useSession()
  const mayRead = readers.some((duty) => roles.includes(duty))
  const query = useApi<ListPage<Agent>>(mayRead ? '/api/v1/relations' : null, { subjectId: enterprise.id, limit: 200 })
  const [granting, setGranting] = useState(false)
  const [made, setMade] = useState<Granted | null>(null)
  if (!mayRead) return null
  const grant = enterprise.mayGrant && !granting && <Button onClick={() => setGranting(true)}>授予经办关系</Button>
  return (
    <Section title="经办人" id="agents" extra={grant}>
      {enterprise.grantObstacle && <p className="tc-muted">{enterprise.grantObstacle}</p>}
      {made && <ShownOnce made={made} onClose={() => setMade(null)} />}
      {granting && (
        <Grant
          enterprise={enterprise}
          onDone={(granted) => {
            setMade(granted)
            setGranting(false)
          }}
        />
      )}
      <QueryView
        query={query}
        what="经办人"
        lines={2}
        isEmpty={({ items }) => items.length === 0}
        empty={<p className="tc-muted">尚未授予经办关系。授予后，经办人可以登录查看合同、付款和里程碑，并报送材料。</p>}
      >
        {({ items }) => (
          <ul className="tc-plain-list" aria-label="经办人">
            {items.map((one) => (
              <AgentLine key={one.id} agent={one} />
            ))}
          </ul>
        )}
      </QueryView>
    </Section>
  )
}

interface Granted {
  id: string
  username: string | null
  initialPassword: string | null
}

function Grant({ enterprise, onDone }: { enterprise: EnterprisePageData; onDone: (granted: Granted) => void }) {
  const kinds = useApi<{ kinds: { id: string; title: string; subjectKind: string }[] }>('/api/v1/relation-kinds')
  return (
    <QueryView query={kinds} what="经办关系类别" lines={2}>
      {({ kinds: known }) => {
        const choices = known.filter(({ subjectKind }) => subjectKind === 'enterprise').map(({ id, title }) => ({ value: id, title }))
        return (
          <ActForm
            act="授予"
            initial={{ kind: choices[0]?.value }}
            fields={[
              field('kind', '类别', { type: 'choice', choices, inSight: true }),
              field('name', '经办人姓名', { type: 'text', maxLength: 50 }),
              field('username', '用户名', { type: 'text', maxLength: 48, help: '3 至 48 个字母、数字、点、连字符或下划线，不区分大小写' }),
              field('validTo', '终止日期', { type: 'date', required: false, help: '自该日起不再有效，不填为长期' }),
            ]}
            send={async (data) => onDone(await apiPost<Granted>('/api/v1/relations', { ...data, subjectId: enterprise.id }))}
          >
            <p>市大数据中心授予的，可以经办该企业的全部合同；建设单位授予的，仅限与本单位的合同。</p>
          </ActForm>
        )
      }}
    </QueryView>
  )
}

function ShownOnce({ made, onClose }: { made: Granted; onClose: () => void }) {
  return (
    <div className="tc-state" role="status">
      <p className="tc-state-title">经办关系已授予</p>
      <p>
        用户名 <strong>{made.username}</strong>，初始口令 <strong className="tc-num">{made.initialPassword}</strong>
      </p>
      <p>初始口令只显示这一次，请当面交给本人。首次登录须修改。</p>
      <Button onClick={onClose}>已记下</Button>
    </div>
  )
}

function AgentLine({ agent }: { agent: Agent }) {
  const [ending, setEnding] = useState(false)
  return (
    <li>
      {agent.person.name}（{agent.person.username ?? '未开通账号'}），{agent.kind.title}，
      {agent.within ? `仅限${agent.within.name}的合同` : '全部合同'}，<CivilDate value={agent.validFrom} /> 起
      {agent.validTo && (
        <>
          ，<CivilDate value={agent.validTo} /> 止
        </>
      )}
      ，{agent.grantedBy} 授予 <AgentState state={agent.state} />
      {agent.endReason && (
        <span className="tc-muted">
          （{agent.endedBy}：{agent.endReason}）
        </span>
      )}{' '}
      {agent.mayEnd && !ending && (
        <Button size="small" onClick={() => setEnding(true)} aria-label={`终止：${agent.person.name}`}>
          终止
        </Button>
      )}
      {ending && (
        <ActForm
          act="终止经办关系"
          fields={[field('reason', '终止原因', { type: 'text', maxLength: 500 })]}
          send={(data, key) => apiPost(`/api/v1/relations/${agent.id}/end`, data, { idempotencyKey: key })}
          onDone={() => setEnding(false)}
        >
          <p>终止后，{agent.person.name}的登录立即结束，已报送的材料和意见不变。</p>
        </ActForm>
      )}
    </li>
  )
}

function AgentState({ state }: { state: Agent['state'] }) {
  if (state === 'standing') return <StateWord text="有效" tone="good" />
  return state === 'coming' ? <StateWord text="未生效" tone="soon" /> : <StateWord text="已终止" />
}
