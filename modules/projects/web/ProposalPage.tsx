// SPDX-License-Identifier: Apache-2.0
import { ApiProblem, apiPost, type ListPage } from '@tongchou/api-client'
import { currentPost, Forbidden, holdsDuty, Page, QueryView, SecrecyQuestion, useApi, useSession } from '@tongchou/ui'
import { Link, useParams } from 'react-router'
import { ProposalEditor } from './ProposalEditor.tsx'
import type { Project } from './project-api.ts'
import { draftOf, emptyDraft } from './proposal.ts'

const applicantDuties = ['applicant', 'district'] as const

interface Organisation {
  id: string
  name: string
  kind: string
}

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
        <SecrecyQuestion onYes={declareSecret}>{() => <NewProposal />}</SecrecyQuestion>
      ) : (
        <Forbidden duty={applicantDuties} act="申报项目" />
      )}
    </Page>
  )
}

function NewProposal() {
  const own = currentPost(useSession())?.organisation.id ?? ''
  const organisations = useApi<ListPage<Organisation>>('/api/v1/organisations', { limit: 200 })
  return (
    <QueryView query={organisations} what="机构名录">
      {({ items }) => <ProposalEditor project={null} initial={emptyDraft(own)} ownerOrgId={own} organisations={items} />}
    </QueryView>
  )
}

/** Changes a proposal. It exists, so the question was answered with no when it was made. */
export function EditProposalPage() {
  const { id = '' } = useParams()
  const project = useApi<Project>(`/api/v1/projects/${id}`)
  const organisations = useApi<ListPage<Organisation>>('/api/v1/organisations', { limit: 200 })
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
            <QueryView query={organisations} what="机构名录">
              {({ items }) => (
                <SecrecyQuestion answeredNo onYes={declareSecret}>
                  {() => (
                    <ProposalEditor key={read.id} project={read} initial={draftOf(read)} ownerOrgId={read.owner.id} organisations={items} />
                  )}
                </SecrecyQuestion>
              )}
            </QueryView>
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
