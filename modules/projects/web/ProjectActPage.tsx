// SPDX-License-Identifier: Apache-2.0
import { Missing, Page, QueryView, useApi } from '@tongchou/ui'
import { Link, useParams } from 'react-router'
import { BeginAct } from './BeginAct.tsx'
import { DirectAct } from './DirectAct.tsx'
import { PaymentAct } from './PaymentAct.tsx'
import { actTitle, procedureActs } from './project-acts.ts'
import type { ProcedureStart, Project } from './project-api.ts'
import './projects.css'

/** One act on a project: first what the rules say of it, then the form, then the act. */
export function ProjectActView() {
  const { id = '', act = '' } = useParams()
  const query = useApi<Project>(`/api/v1/projects/${id}`)
  const title = actTitle(act)
  const name = query.data?.name
  if (title === undefined) {
    return (
      <Page title="办理事项不存在">
        <Missing what="该办理事项" />
      </Page>
    )
  }
  return (
    <Page
      title={title}
      lead={name !== undefined && <Link to={`/projects/${id}`}>{name}</Link>}
      breadcrumb={[{ label: '项目', href: '/projects' }, { label: name ?? '项目', href: `/projects/${id}` }, { label: title }]}
    >
      <QueryView query={query} what="项目">
        {(project) => (project.acts.includes(act) ? <Act project={project} act={act} /> : <NotNow project={project} title={title} />)}
      </QueryView>
    </Page>
  )
}

function Act({ project, act }: { project: Project; act: string }) {
  const procedure = act === 'request-payment' ? 'payment' : procedureActs[act]?.procedure
  if (procedure === undefined) return <DirectAct project={project} act={act} />
  return <WithProcedure project={project} act={act} procedure={procedure} />
}

function WithProcedure({ project, act, procedure }: { project: Project; act: string; procedure: string }) {
  const query = useApi<ProcedureStart>(`/api/v1/procedures/${procedure}`)
  return (
    <QueryView query={query} what="办事程序">
      {(start) =>
        act === 'request-payment' ? <PaymentAct project={project} start={start} /> : <BeginAct project={project} act={act} start={start} />
      }
    </QueryView>
  )
}

/** Whether it is the state or the post, the page of the project says where it stands. */
function NotNow({ project, title }: { project: Project; title: string }) {
  return (
    <div className="tc-state" role="alert">
      <p className="tc-state-title">现在不能{title}</p>
      <p>项目所处的阶段不办理此事项，或者不由当前岗位办理。任职于多个单位的，可在右上角切换岗位后再试。</p>
      <Link to={`/projects/${project.id}`}>查看项目办理进度</Link>
    </div>
  )
}
