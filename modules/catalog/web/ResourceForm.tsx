import { apiPost } from '@tongchou/api-client'
import {
  currentPost,
  Forbidden,
  type FormValues,
  goToPath,
  holdsDuty,
  KeptNote,
  LeaveGuard,
  Loading,
  linesOf,
  Page,
  plainValues,
  QueryView,
  SecrecyQuestion,
  StepForm,
  useAct,
  useAllPages,
  useApi,
  useKept,
  useSession,
} from '@tongchou/ui'
import { Button } from 'antd'
import { useEffect, useRef, useState } from 'react'
import { Link, useNavigate, useParams, useSearchParams } from 'react-router'
import { CopyItems } from './CopyItems.tsx'
import { type ClassLine, compilers, type Resource } from './catalog-api.ts'
import { atField, toValues } from './content-values.ts'
import { EntrySummary } from './EntrySummary.tsx'
import { reportOf } from './entry-report.ts'
import { type EntryKeeping, type EntryState, refusedFields, useEntry } from './useEntry.ts'
import './catalog.css'

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
            <WithClasses resource={resource} initial={toValues(resource.content)} />
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
      <p>审核中的目录需要修改的，由审核环节退回；已登记的，在目录页面办理变更。</p>
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
  return <WithClasses resource={undefined} initial={{ providerCode: own.data?.uscc, ...startOf(params) }} />
}

interface EntryProps {
  resource: Pick<Resource, 'id' | 'version' | 'updatedAt' | 'code'> | undefined
  initial: FormValues
  /** A change of a published entry: saved as such, and back to its own page. */
  keeping?: EntryKeeping
  back?: (id: string) => string
}

/** The form needs the classes of the city to choose from. */
export function WithClasses(props: EntryProps) {
  const classes = useAllPages<ClassLine>('/api/v1/catalog/classes')
  return (
    <QueryView query={classes} what="信息资源分类">
      {(all) => <ResourceEditor {...props} classes={all} />}
    </QueryView>
  )
}

/** The entry being written: saved as it is typed, judged as it is typed. */
function ResourceEditor({
  resource,
  initial,
  classes,
  keeping,
  back = (id) => `/catalog/${id}`,
}: EntryProps & { classes: readonly ClassLine[] }) {
  const navigate = useNavigate()
  const { now } = useSession()
  // What an earlier save made stays what the page began with: the form is not begun anew under the hands of who types.
  const [begun] = useState({ resource, initial })
  const [projectId, setProjectId] = useState(initial.projectId)
  const project = useApi<{ dataResources: { id: string; name: string }[] }>(projectId ? `/api/v1/projects/${projectId}` : null)
  const declared = project.data?.dataResources ?? []
  const state = useEntry(begun.initial, begun.resource, () => ({ classes, declared }), keeping)
  const { form, standing } = state
  const chosen = form.values.projectId
  if (chosen !== projectId) {
    setProjectId(chosen)
    form.set('declaredResourceId', undefined)
  }
  const report = reportOf(form, { classes, declared, code: resource?.code ?? null, now })
  const element = useRef<HTMLDivElement>(null)
  const [attempted, setAttempted] = useState(false)
  const goTo = (path: string) => element.current && goToPath(element.current, path)
  const kept = useKeptEntry(state)
  useAddress(state)
  const leave = useAct(async () => {
    setAttempted(true)
    const [first] = form.troubles
    if (first) return void goTo(first.path)
    const saved = await state.flush()
    if (saved) await navigate(back(saved.id))
  })
  const refused = refusedFields(standing).map((one) => ({ ...one, path: atField(one.path) }))
  return (
    <>
      <LeaveGuard isDirty={state.isDirty} isKept={kept.isKept} />
      <div className="tc-filling">
        <div ref={element}>
          <KeptNote kept={kept} onClear={() => form.fill(begun.initial)} />
          <p className="tc-muted">可分次编制，边填边存；填写齐全后在其页面提交审核。</p>
          <StepForm form={form} errors={[...refused, ...report.shown]} showMissing={attempted} notes={{ remarks: report.remarks }} />
          <CopyItems onCopied={(lines) => form.set('items', [...linesOf(form.values.items), ...lines])} />
        </div>
        <EntrySummary standing={standing} report={report} onGoTo={goTo}>
          <p>
            <Button type="primary" loading={leave.isPending} onClick={() => leave.mutate(undefined)}>
              保存
            </Button>
          </p>
        </EntrySummary>
      </div>
    </>
  )
}

/** What is not on the server is kept in this browser: no network, or something that cannot be read yet. */
function useKeptEntry({ form, saved, standing, isDirty }: EntryState) {
  const kept = useKept(`catalog ${saved?.id ?? 'new'}`, plainValues(form.fields, form.values), (values) => form.fill(values))
  const { clear, isKept } = kept
  const isSaved = standing.kind === 'saved' && !isDirty()
  useEffect(() => {
    if (isSaved && isKept) clear()
  })
  return kept
}

/** Once saved, the address is the entry's own. The router is not told: the page that is being typed in must stay as it is. */
function useAddress({ saved }: EntryState): void {
  const place = saved === null ? null : `/catalog/${saved.id}/edit`
  useEffect(() => {
    if (place !== null && window.location.pathname === '/catalog/new') window.history.replaceState(window.history.state, '', place)
  }, [place])
}

/** A link from a project brings the project and what it declared: `/catalog/new?projectId=…&declaredResourceId=…&name=…`. */
function startOf(params: URLSearchParams): Record<string, unknown> {
  const given = ['projectId', 'declaredResourceId', 'name'].flatMap((id) => (params.get(id) ? [[id, params.get(id)]] : []))
  return { containsPersonal: 'no', containsSensitive: 'no', ...Object.fromEntries(given) }
}
