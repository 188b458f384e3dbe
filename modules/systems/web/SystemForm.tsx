import { ApiProblem, apiPost, apiPut } from '@tongchou/api-client'
import {
  ActError,
  Forbidden,
  FormRow,
  holdsDuty,
  Page,
  QueryView,
  SecrecyQuestion,
  StepForm,
  useAct,
  useApi,
  useSession,
  useStepForm,
} from '@tongchou/ui'
import { Button, Checkbox } from 'antd'
import { useId, useState } from 'react'
import { useNavigate, useParams } from 'react-router'
import { choicesOf, field, useProjects, useUnits } from './choices.ts'
import { registrars, type System } from './system-api.ts'
import { frequencyWords, fundingWords } from './words.ts'

/** 登记信息系统: the secrecy question, then what the owner answers for. */
export function RegisterSystemPage() {
  const session = useSession()
  return (
    <Page title="登记信息系统" breadcrumb={[{ label: '信息系统', href: '/systems' }, { label: '登记信息系统' }]}>
      {holdsDuty(session, registrars) ? (
        <SecrecyQuestion onYes={() => apiPost('/api/v1/systems', { secrecy: true }).catch(turnedAway)}>
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
    <QueryView query={query} what="信息系统">
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

/** The server turns a declared secret away with a 409: that it did is what was wanted. */
function turnedAway(error: unknown): void {
  if (!(error instanceof ApiProblem && error.code === 'secrecy.out_of_scope')) throw error
}

function SystemForm({ system }: { system: System | undefined }) {
  const navigate = useNavigate()
  const fields = useSystemFields()
  const form = useStepForm(fields, system ? valuesOf(system) : {})
  const [funding, setFunding] = useState<string[]>(system?.funding ?? [])
  const [tried, setTried] = useState(false)
  const act = system ? '保存修改' : '提交登记'
  const send = useAct(async (body: Record<string, unknown>, key) => {
    const options = { idempotencyKey: key }
    const saved = system
      ? await apiPut<System>(`/api/v1/systems/${system.id}`, { ...body, version: system.version }, options)
      : await apiPost<System>('/api/v1/systems', body, options)
    void navigate(`/systems/${saved.id}`)
  })
  const errors = send.error instanceof ApiProblem ? send.error.fields : []
  const body = { secrecy: false, ...absent, ...form.data, funding }
  return (
    <form
      noValidate
      onSubmit={(event) => {
        event.preventDefault()
        setTried(true)
        if (form.troubles.length === 0) send.mutate(body)
      }}
    >
      <p className="tc-muted">部署位置、接入城市大脑、标准化接口、数据共享和安全保障不在此填写，登记后由市大数据中心核实。</p>
      <StepForm form={form} errors={errors} showMissing={tried} />
      <FundingRow value={funding} onChange={setFunding} error={errors.find((one) => one.path === 'funding')?.message} />
      {tried && form.troubles.length > 0 && (
        <p className="tc-field-error" role="alert">
          还需：{form.troubles.map((one) => one.message).join('；')}。
        </p>
      )}
      <ActError error={send.error} act={act} />
      <Button type="primary" htmlType="submit" loading={send.isPending}>
        {act}
      </Button>
    </form>
  )
}

function FundingRow({ value, onChange, error }: { value: string[]; onChange: (value: string[]) => void; error: string | undefined }) {
  const id = useId()
  return (
    <div className="tc-form">
      <FormRow id={id} label="资金来源" error={error}>
        <Checkbox.Group
          value={value}
          onChange={(next) => onChange(next.map(String))}
          options={Object.entries(fundingWords).map(([one, label]) => ({ value: one, label }))}
        />
      </FormRow>
    </div>
  )
}

/** What may be left empty is sent as empty: the API wants every field. */
const absent = { projectId: null, userUnitOrgId: null, functions: '', approvingBody: null, approvedOn: null }

function useSystemFields() {
  const units = useUnits()
  const projects = useProjects()
  return [
    field('name', '系统名称', { type: 'text', maxLength: 100 }),
    field('projectId', '所属项目', {
      type: 'choice',
      choices: projects,
      required: false,
      help: '本单位为建设单位或用户单位的项目；验收时按所属项目查核。',
    }),
    field('userUnitOrgId', '使用单位', { type: 'choice', choices: units, required: false, help: '与所属单位相同的，可不填。' }),
    field('functions', '主要功能', { type: 'prose', maxLength: 4000 }),
    field('usageScope', '使用范围', { type: 'text', maxLength: 200, help: '例如：全市民政系统、本单位内部。' }),
    field('usageFrequency', '使用频率', { type: 'choice', choices: choicesOf(frequencyWords) }),
    field('approvingBody', '批准单位', { type: 'text', maxLength: 100, required: false }),
    field('approvedOn', '批准日期', { type: 'date', required: false }),
  ]
}

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
  }
}
