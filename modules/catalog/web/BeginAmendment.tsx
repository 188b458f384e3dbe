import { apiPost } from '@tongchou/api-client'
import {
  ActForm,
  choicesOf,
  FilledAct,
  Forbidden,
  type FormValues,
  field,
  Page,
  type PlainField,
  QueryView,
  SecrecyQuestion,
  useApi,
  useStepForm,
} from '@tongchou/ui'
import type { ReactNode } from 'react'
import { Link, useNavigate, useParams } from 'react-router'
import { withdrawalGroundWords } from '../words.ts'
import { type Amendment, compilers, type Resource } from './catalog-api.ts'

/** Why: in every change and withdrawal. */
export const reasonField = (help: string): PlainField => field('reason', '情况说明', { type: 'prose', maxLength: 1000, help })

/** The fields of a withdrawal; what it was merged into is asked where that is the reason. */
const withdrawalFields = (values: FormValues): readonly PlainField[] => [
  field('ground', '撤销理由', { type: 'choice', choices: choicesOf(withdrawalGroundWords), inSight: true }),
  ...(values.ground === 'merged'
    ? [field('mergedIntoId', '并入的目录', { type: 'reference', of: 'resource', help: '限已登记的目录。' })]
    : []),
  reasonField('写明不再需要该目录的事实，以及数据如何处置。'),
]

/** 变更资源目录: the secrecy question and the reason, then the entry as it is in force to write on. */
export function BeginChangePage() {
  return (
    <Begun act="变更" word="open-change" duty={compilers}>
      {(resource) => (
        <SecrecyQuestion
          what="变更后的数据资源"
          onYes={() => apiPost(`/api/v1/catalog/resources/${resource.id}/changes`, { secrecy: true })}
        >
          {() => <BeginChange resource={resource} />}
        </SecrecyQuestion>
      )}
    </Begun>
  )
}

function BeginChange({ resource }: { resource: Resource }) {
  const navigate = useNavigate()
  return (
    <ActForm
      act="开始变更"
      fields={[reasonField('写明为什么变更、变更什么。')]}
      send={async (data, key) => {
        const made = await apiPost<Amendment>(
          `/api/v1/catalog/resources/${resource.id}/changes`,
          { secrecy: false, ...data },
          { idempotencyKey: key },
        )
        void navigate(`/catalog/amendments/${made.id}/edit`)
      }}
    >
      <p className="tc-muted">变更以现行内容为底稿编制，经部门负责人审签、保密审查、市大数据中心审核后发布；发布前，现行目录继续有效。</p>
    </ActForm>
  )
}

/** 申请撤销资源目录: with its reason; handed in from its own page. */
export function BeginWithdrawalPage() {
  const navigate = useNavigate()
  return (
    <Begun act="申请撤销" word="open-withdrawal" duty={['data-steward']}>
      {(resource) => (
        <WithdrawalForm
          initial={{}}
          send={async (data, key) => {
            const body = { mergedIntoId: null, ...data }
            const made = await apiPost<Amendment>(`/api/v1/catalog/resources/${resource.id}/withdrawals`, body, { idempotencyKey: key })
            void navigate(`/catalog/amendments/${made.id}`)
          }}
        >
          <p className="tc-muted">撤销经部门负责人审签、市大数据中心审核后生效。撤销后目录仍可查阅，标明已撤销，资源代码不再使用。</p>
        </WithdrawalForm>
      )}
    </Begun>
  )
}

interface WithdrawalFormProps {
  initial: FormValues
  send: (data: Record<string, unknown>, key: string) => Promise<unknown>
  children: ReactNode
}

/** The application for a withdrawal (撤销申请), new or come back. */
export function WithdrawalForm({ initial, ...sending }: WithdrawalFormProps) {
  return <FilledAct form={useStepForm(withdrawalFields, initial)} act="保存撤销申请" {...sending} />
}

interface BegunProps {
  act: string
  word: 'open-change' | 'open-withdrawal'
  duty: readonly string[]
  children: (resource: Resource) => ReactNode
}

function Begun({ act, word, duty, children }: BegunProps) {
  const { id = '' } = useParams()
  const query = useApi<Resource>(`/api/v1/catalog/resources/${id}`)
  return (
    <QueryView query={query} what="资源目录" page>
      {(resource) => (
        <Page
          title={`${act}“${resource.content.name}”`}
          breadcrumb={[{ label: '资源目录', href: '/catalog' }, { label: resource.content.name, href: `/catalog/${id}` }, { label: act }]}
        >
          {resource.mayDo.includes(word) ? children(resource) : <NotNow resource={resource} act={act} duty={duty} />}
        </Page>
      )}
    </QueryView>
  )
}

/** What stands in the way: the state of the entry, something under way, or the post. */
function NotNow({ resource, act, duty }: { resource: Resource; act: string; duty: readonly string[] }) {
  if (resource.state === 'registered' && resource.amendment === null) return <Forbidden duty={duty} act={`${act}该目录`} />
  return (
    <div className="tc-state" role="alert">
      <p className="tc-state-title">现在不能{act}该目录</p>
      {resource.amendment ? (
        <>
          <p>该目录已有{resource.amendment.kind === 'change' ? '变更' : '撤销申请'}在办，不能同时再办。请待其办结，或由编制人撤回。</p>
          <Link to={`/catalog/amendments/${resource.amendment.id}`}>
            查看在办的{resource.amendment.kind === 'change' ? '变更' : '撤销申请'}
          </Link>
        </>
      ) : (
        <>
          <p>{resource.state === 'withdrawn' ? '该目录已撤销。' : '该目录尚未登记，直接修改后提交审核。'}</p>
          <Link to={`/catalog/${resource.id}`}>返回目录</Link>
        </>
      )}
    </div>
  )
}
