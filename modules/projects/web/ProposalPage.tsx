// SPDX-License-Identifier: Apache-2.0
import { ApiProblem, apiDelete, apiPost, type ListPage } from '@tongchou/api-client'
import {
  ActError,
  currentPost,
  Forbidden,
  holdsDuty,
  Moment,
  Page,
  QueryView,
  SecrecyQuestion,
  Section,
  useAct,
  useApi,
  useSession,
} from '@tongchou/ui'
import { Button, Popconfirm } from 'antd'
import { Link, useNavigate, useParams, useSearchParams } from 'react-router'
import { ProposalEditor, type ProposalEditorProps } from './ProposalEditor.tsx'
import type { Kind, Project } from './project-api.ts'
import { emptyProposal, valuesOf, valuesOfDraft } from './proposal.ts'
import { asSaved, type ProposalDraft } from './useProposal.ts'
import { kindWords } from './words.ts'

const applicantDuties = ['applicant', 'district'] as const

/** A new proposal (项目申报). The secrecy question comes first; before it is answered with no there is nothing here. */
export function NewProposalPage() {
  const session = useSession()
  const mayApply = holdsDuty(session, applicantDuties)
  return (
    <Page
      title="项目申报"
      breadcrumb={[{ label: '项目', href: '/projects' }, { label: '新建申报' }]}
      lead={mayApply && `申报单位：${currentPost(session)?.organisation.name ?? ''}`}
    >
      {mayApply ? (
        <SecrecyQuestion onYes={declareSecret} before={<OwnDrafts />}>
          {() => <NewProposal />}
        </SecrecyQuestion>
      ) : (
        <Forbidden duty={applicantDuties} act="申报项目" />
      )}
    </Page>
  )
}

function NewProposal() {
  const own = currentPost(useSession())?.organisation.id ?? ''
  const [params] = useSearchParams()
  const copyFrom = params.get('copyFrom')
  if (copyFrom !== null) return <Continue projectId={copyFrom} />
  return <Editor start={{ values: emptyProposal(own), copied: [], saved: null }} ownerOrgId={own} />
}

/** 沿用上年 from an entry of the annual plan: says what is taken over, then begins the draft from it. */
function Continue({ projectId }: { projectId: string }) {
  const navigate = useNavigate()
  const source = useApi<Project>(`/api/v1/projects/${projectId}`)
  const begin = useAct(async (copyFrom: string, key) => {
    const draft = await apiPost<ProposalDraft>('/api/v1/proposal-drafts', { secrecy: false, copyFrom }, { idempotencyKey: key })
    await navigate(`/projects/drafts/${draft.id}`, { replace: true })
  })
  return (
    <QueryView query={source} what="上年申报的项目">
      {(project) => (
        <Section title="沿用上年">
          <p>
            沿用“<Link to={`/projects/${project.id}`}>{project.name}</Link>
            ”的申报内容填写新的年度申报。沿用的各项逐项标出，核对后方可报送；附件和已作出的审核、批复不沿用。
          </p>
          <p className="tc-acts">
            <Button type="primary" loading={begin.isPending} onClick={() => begin.mutate(project.id)}>
              沿用并填写
            </Button>
            <Link to="/projects/new">不沿用，另行填写</Link>
          </p>
          <ActError error={begin.error} act="沿用" />
        </Section>
      )}
    </QueryView>
  )
}

/** The form, once it is known what kind of unit proposes. */
function Editor({ ownerOrgId, ...rest }: Pick<ProposalEditorProps, 'start' | 'copiedFrom'> & { ownerOrgId: string }) {
  const owner = useApi<{ kind: string }>(`/api/v1/organisations/${encodeURIComponent(ownerOrgId)}`)
  return (
    <QueryView query={owner} what="申报单位">
      {({ kind }) => <ProposalEditor {...rest} ownerOrgId={ownerOrgId} ownerKind={kind} />}
    </QueryView>
  )
}

/** One's own drafts, before a new one is begun (草稿). */
function OwnDrafts() {
  const drafts = useApi<ListPage<DraftLine>>('/api/v1/proposal-drafts', { limit: 20 })
  const discard = useAct((id: string, key) => apiDelete(`/api/v1/proposal-drafts/${id}`, { idempotencyKey: key }))
  if (!drafts.data || drafts.data.items.length === 0) return null
  return (
    <Section title="未填完的申报">
      <table className="tc-table" aria-label="未填完的申报">
        <thead>
          <tr>
            <th scope="col">项目名称</th>
            <th scope="col">类型</th>
            <th scope="col">最近保存</th>
            <th scope="col">
              <span className="tc-hidden">办理</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {drafts.data.items.map((draft) => (
            <tr key={draft.id}>
              <td>
                <Link to={`/projects/drafts/${draft.id}`}>{draft.name || '未填写名称'}</Link>
              </td>
              <td>{draft.kind === null ? <span className="tc-muted">未填写</span> : kindWords[draft.kind]}</td>
              <td>
                <Moment at={draft.updatedAt} />
              </td>
              <td className="tc-work-act">
                <Popconfirm
                  title="删除该草稿"
                  description="删除后不能恢复。"
                  okText="删除"
                  cancelText="保留"
                  onConfirm={() => discard.mutate(draft.id)}
                >
                  <Button size="small" aria-label={`删除草稿：${draft.name || '未填写名称'}`}>
                    删除
                  </Button>
                </Popconfirm>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      <ActError error={discard.error} act="删除草稿" />
    </Section>
  )
}

interface DraftLine {
  id: string
  name: string
  kind: Kind | null
  updatedAt: string
}

/** Goes on with a draft. It exists, so the secrecy question was answered with no when it was begun. */
export function DraftProposalPage() {
  const { id = '' } = useParams()
  const draft = useApi<ProposalDraft>(`/api/v1/proposal-drafts/${id}`)
  const own = currentPost(useSession())?.organisation
  return (
    <Page
      title="项目申报"
      breadcrumb={[{ label: '项目', href: '/projects' }, { label: '填写申报' }]}
      lead={draft.data && `申报单位：${own?.name ?? ''}`}
    >
      <QueryView query={draft} what="草稿">
        {({ content, copied, copiedFrom, version, updatedAt }) => (
          <Editor
            key={id}
            start={{ values: valuesOfDraft(content), copied, saved: { id, version, updatedAt, project: null } }}
            copiedFrom={copiedFrom}
            ownerOrgId={own?.id ?? ''}
          />
        )}
      </QueryView>
    </Page>
  )
}

/** Changes a proposal. It exists, so the question was answered with no when it was made. */
export function EditProposalPage() {
  const { id = '' } = useParams()
  const project = useApi<Project>(`/api/v1/projects/${id}`)
  const name = project.data?.name
  return (
    <Page
      title={name === undefined ? '修改项目申报' : `修改申报：${name}`}
      breadcrumb={[
        { label: '项目', href: '/projects' },
        ...(name === undefined ? [] : [{ label: name, href: `/projects/${id}` }]),
        { label: '修改申报' },
      ]}
    >
      <QueryView query={project} what="项目申报">
        {(read) =>
          read.acts.includes('edit') ? (
            <Editor key={read.id} start={{ values: valuesOf(read), copied: [], saved: asSaved(read) }} ownerOrgId={read.owner.id} />
          ) : (
            <NotEditable project={read} />
          )
        }
      </QueryView>
    </Page>
  )
}

function NotEditable({ project }: { project: Project }) {
  const why = project.arguedAt === null ? '项目正在办理，或者不由当前岗位所在单位申报' : '建设方案已通过论证'
  return (
    <div className="tc-state" role="alert">
      <p className="tc-state-title">现在不能修改申报内容</p>
      <p>{why}。办理中的，退回补正或撤回后由申报单位修改；建设中需要调整的，报送建设变更。</p>
      <Link to={`/projects/${project.id}`}>返回项目详情</Link>
    </div>
  )
}

/** Tells the server only that somebody was turned away. Its refusal is the answer that was wanted. */
async function declareSecret(): Promise<void> {
  try {
    await apiPost('/api/v1/projects', { secrecy: true })
  } catch (error) {
    if (!(error instanceof ApiProblem) || error.code !== 'secrecy.out_of_scope') throw error
  }
}
