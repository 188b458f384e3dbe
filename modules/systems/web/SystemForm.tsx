import { apiPost, apiPut } from '@tongchou/api-client'
import { ActForm, choicesOf, Forbidden, field, holdsDuty, Page, QueryView, SecrecyQuestion, useApi, useSession } from '@tongchou/ui'
import { useNavigate, useParams, useSearchParams } from 'react-router'
import { frequencyWords, fundingWords } from '../words.ts'
import { registrars, type System } from './system-api.ts'

/** 登记信息系统: the secrecy question, then what the owner answers for. */
export function RegisterSystemPage() {
  const session = useSession()
  return (
    <Page title="登记信息系统" breadcrumb={[{ label: '信息系统', href: '/systems' }, { label: '登记信息系统' }]}>
      {holdsDuty(session, registrars) ? (
        <SecrecyQuestion what="信息系统" onYes={() => apiPost('/api/v1/systems', { secrecy: true })}>
          {() => <SystemForm system={undefined} />}
        </SecrecyQuestion>
      ) : (
        <Forbidden duty={registrars} act="登记信息系统" />
      )}
    </Page>
  )
}

/** 修改登记内容. */
export function DescribeSystemPage() {
  const { id = '' } = useParams()
  const query = useApi<System>(`/api/v1/systems/${id}`)
  return (
    <QueryView query={query} what="信息系统" page>
      {(system) => (
        <Page
          title={`修改“${system.name}”`}
          breadcrumb={[{ label: '信息系统', href: '/systems' }, { label: system.name, href: `/systems/${id}` }, { label: '修改登记内容' }]}
        >
          {system.mayDo.includes('describe') ? <SystemForm system={system} /> : <Forbidden duty={registrars} act="修改登记内容" />}
        </Page>
      )}
    </QueryView>
  )
}

function SystemForm({ system }: { system: System | undefined }) {
  const navigate = useNavigate()
  const [params] = useSearchParams()
  const projectId = params.get('projectId') ?? undefined
  return (
    <ActForm
      act={system ? '保存修改' : '提交登记'}
      fields={systemFields}
      initial={system ? valuesOf(system) : { projectId }}
      send={async (data, idempotencyKey) => {
        const body = { secrecy: false, ...absent, ...data }
        const saved = system
          ? await apiPut<System>(`/api/v1/systems/${system.id}`, { ...body, version: system.version }, { idempotencyKey })
          : await apiPost<System>('/api/v1/systems', body, { idempotencyKey })
        void navigate(`/systems/${saved.id}`)
      }}
    >
      <p className="tc-muted">部署位置、接入城市大脑、标准化接口、数据共享和安全保障不在此填写，登记后由市大数据中心核实。</p>
    </ActForm>
  )
}

/** What may be left empty is sent as empty: the API wants every field. */
const absent = { projectId: null, userUnitOrgId: null, functions: '', approvingBody: null, approvedOn: null, funding: [] }

const systemFields = [
  field('name', '系统名称', { type: 'text', maxLength: 100 }),
  field('projectId', '所属项目', {
    type: 'reference',
    of: 'project',
    required: false,
    help: '本单位为建设单位或用户单位的项目；验收时按所属项目查核。',
  }),
  field('userUnitOrgId', '使用单位', { type: 'reference', of: 'organisation', required: false, help: '与所属单位相同的，可不填。' }),
  field('functions', '主要功能', { type: 'prose', maxLength: 4000 }),
  field('usageScope', '使用范围', { type: 'text', maxLength: 200, help: '例如：全市民政系统、本单位内部。' }),
  field('usageFrequency', '使用频率', { type: 'choice', choices: choicesOf(frequencyWords) }),
  field('approvingBody', '批准单位', { type: 'text', maxLength: 100, required: false }),
  field('approvedOn', '批准日期', { type: 'date', required: false }),
  field('funding', '资金来源', { type: 'choices', choices: choicesOf(fundingWords), required: false }),
]

function valuesOf(system: System): Record<string, unknown> {
  return {
    name: system.name,
    projectId: system.project?.id,
    userUnitOrgId: system.userUnit?.id,
    functions: system.functions,
    usageScope: system.usageScope,
    usageFrequency: system.usageFrequency,
    approvingBody: system.approvingBody,
    approvedOn: system.approvedOn,
    funding: system.funding,
  }
}
