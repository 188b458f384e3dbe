import { apiPost, apiPut, type ListPage } from '@tongchou/api-client'
import {
  currentPost,
  FilledAct,
  Forbidden,
  type FormValues,
  holdsDuty,
  Loading,
  Page,
  QueryView,
  SecrecyQuestion,
  useApi,
  useSession,
  useStepForm,
} from '@tongchou/ui'
import { useState } from 'react'
import { Link, useNavigate, useParams, useSearchParams } from 'react-router'
import { compilers, type Resource, type SharingBasis } from './catalog-api.ts'
import { atField, type FieldChoices, resourceFields, toContent, toValues } from './fields.ts'

/** 编制资源目录: the secrecy question, then the entry. */
export function NewResourcePage() {
  const session = useSession()
  return (
    <Page title="编制资源目录" breadcrumb={[{ label: '资源目录', href: '/catalog' }, { label: '编制资源目录' }]}>
      {holdsDuty(session, compilers) ? (
        <SecrecyQuestion what="数据资源" onYes={() => apiPost('/api/v1/catalog/resources', { secrecy: true })}>
          {() => <NewResource />}
        </SecrecyQuestion>
      ) : (
        <Forbidden duty={compilers} act="编制资源目录" />
      )}
    </Page>
  )
}

/** 修改资源目录, while it is a draft or came back. */
export function ChangeResourcePage() {
  const { id = '' } = useParams()
  const query = useApi<Resource>(`/api/v1/catalog/resources/${id}`)
  return (
    <QueryView query={query} what="资源目录" page>
      {(resource) => (
        <Page
          title={`修改“${resource.content.name}”`}
          breadcrumb={[
            { label: '资源目录', href: '/catalog' },
            { label: resource.content.name, href: `/catalog/${id}` },
            { label: '修改' },
          ]}
        >
          {resource.mayDo.includes('change') ? (
            <ResourceForm resource={resource} initial={toValues(resource.content)} />
          ) : (
            <NotOpen resource={resource} />
          )}
        </Page>
      )}
    </QueryView>
  )
}

function NotOpen({ resource }: { resource: Resource }) {
  const open = resource.state === 'draft' || resource.state === 'returned'
  if (open) return <Forbidden duty={compilers} act="修改本单位以外的资源目录" />
  return (
    <div className="tc-state" role="alert">
      <p className="tc-state-title">现在不能修改该目录</p>
      <p>目录已提交审核或已登记。需要修改的，由审核环节退回。</p>
      <Link to={`/catalog/${resource.id}`}>返回目录</Link>
    </div>
  )
}

/** A new entry begins with what is known of its provider. */
function NewResource() {
  const organisation = currentPost(useSession())?.organisation.id
  const [params] = useSearchParams()
  const own = useApi<{ uscc: string | null }>(organisation === undefined ? null : `/api/v1/organisations/${organisation}`)
  if (own.isLoading) return <Loading what="本单位信息" />
  return <ResourceForm resource={undefined} initial={{ providerCode: own.data?.uscc, ...startOf(params) }} />
}

function ResourceForm({ resource, initial }: { resource: Resource | undefined; initial: FormValues }) {
  const navigate = useNavigate()
  const [projectId, setProjectId] = useState(initial.projectId)
  const laws = useApi<ListPage<SharingBasis>>('/api/v1/catalog/sharing-bases', { limit: 200 }).data?.items ?? []
  const project = useApi<{ dataResources: FieldChoices['declared'] }>(projectId ? `/api/v1/projects/${projectId}` : null)
  const declared = project.data?.dataResources ?? []
  const form = useStepForm((values) => resourceFields(values, { laws, declared }), initial)
  const chosen = form.values.projectId
  if (chosen !== projectId) {
    setProjectId(chosen)
    form.set('declaredResourceId', undefined)
  }
  return (
    <FilledAct
      act="保存"
      form={form}
      problems={resource?.gaps}
      fieldAt={atField}
      send={async (data, idempotencyKey) => {
        const body = { secrecy: false, ...toContent(data) }
        const saved = resource
          ? await apiPut<Resource>(`/api/v1/catalog/resources/${resource.id}`, { ...body, version: resource.version }, { idempotencyKey })
          : await apiPost<Resource>('/api/v1/catalog/resources', body, { idempotencyKey })
        void navigate(`/catalog/${saved.id}`)
      }}
    >
      <p className="tc-muted">可分次编制，保存后在目录页面提交审核；提交时须填写齐全。</p>
    </FilledAct>
  )
}

/** A link from a project brings the project and what it declared: `/catalog/new?projectId=…&declaredResourceId=…&name=…`. */
function startOf(params: URLSearchParams): Record<string, unknown> {
  const given = ['projectId', 'declaredResourceId', 'name'].flatMap((id) => (params.get(id) ? [[id, params.get(id)]] : []))
  return { containsPersonal: 'no', containsSensitive: 'no', ...Object.fromEntries(given) }
}
