import { apiPost, apiPut } from '@tongchou/api-client'
import {
  ActForm,
  choicesOf,
  Forbidden,
  field,
  holdsDuty,
  Page,
  type PlainField,
  QueryView,
  SecrecyQuestion,
  useApi,
  useSession,
} from '@tongchou/ui'
import { Link, useNavigate, useParams, useSearchParams } from 'react-router'
import { kindWords, partyWords } from '../words.ts'
import { finders, type Problem, proseField } from './supervision-api.ts'

const findingFields: readonly PlainField[] = [
  field('kind', '问题类型', { type: 'choice', choices: choicesOf(kindWords) }),
  proseField('description', '问题情况', '写明发现的事实。'),
  proseField('demand', '整改要求', '写明整改到什么程度。'),
  field('foundOn', '发现日期', { type: 'date' }),
  field('dueOn', '整改期限', { type: 'date' }),
]

/** 提出问题: by the center, then countersigned with the DRC. */
export function NewProblemPage() {
  const session = useSession()
  return (
    <Page title="提出问题" breadcrumb={[{ label: '监督整改', href: '/problems' }, { label: '提出问题' }]}>
      {holdsDuty(session, finders) ? (
        <SecrecyQuestion what="整改问题" onYes={() => apiPost('/api/v1/supervision/problems', { secrecy: true })}>
          {() => <NewProblem />}
        </SecrecyQuestion>
      ) : (
        <Forbidden duty={finders} act="提出问题" />
      )}
    </Page>
  )
}

function NewProblem() {
  const navigate = useNavigate()
  const [params] = useSearchParams()
  const fields = [
    field('projectId', '项目', { type: 'reference', of: 'project' }),
    field('party', '责任方', { type: 'choice', choices: choicesOf(partyWords) }),
    ...findingFields,
  ]
  return (
    <ActForm
      act="提请会签"
      fields={fields}
      initial={params.get('projectId') ? { projectId: params.get('projectId') } : {}}
      send={async (data, key) => {
        const made = await apiPost<Problem>('/api/v1/supervision/problems', { secrecy: false, ...data }, { idempotencyKey: key })
        void navigate(`/problems/${made.id}`)
      }}
    >
      <p className="tc-muted">提请后由市大数据中心和市发改委会签，会签同意即下达整改。责任单位按项目的建设单位或用户单位确定。</p>
    </ActForm>
  )
}

/** 修改退回的问题. */
export function ChangeProblemPage() {
  const { id = '' } = useParams()
  const query = useApi<Problem>(`/api/v1/supervision/problems/${id}`)
  return (
    <QueryView query={query} what="问题" page>
      {(problem) => (
        <Page
          title="修改问题"
          breadcrumb={[
            { label: '监督整改', href: '/problems' },
            { label: problem.project.name, href: `/problems/${id}` },
            { label: '修改' },
          ]}
        >
          {problem.mayDo.includes('change') ? <ChangeProblem problem={problem} /> : <NotNow problem={problem} />}
        </Page>
      )}
    </QueryView>
  )
}

/** Whoever finds problems may change one that was returned; at any other time the state is in the way, not the post. */
function NotNow({ problem }: { problem: Problem }) {
  if (!holdsDuty(useSession(), finders)) return <Forbidden duty={finders} act="修改该问题" />
  return (
    <div className="tc-state" role="alert">
      <p className="tc-state-title">现在不能修改该问题</p>
      <p>会签退回后，由提出问题的人员修改。</p>
      <Link to={`/problems/${problem.id}`}>查看问题</Link>
    </div>
  )
}

function ChangeProblem({ problem }: { problem: Problem }) {
  const navigate = useNavigate()
  const { kind, description, demand, foundOn, dueOn } = problem
  return (
    <ActForm
      act="保存修改"
      fields={findingFields}
      initial={{ kind, description, demand, foundOn, dueOn }}
      send={async (data, key) => {
        const body = { secrecy: false, version: problem.version, ...data }
        await apiPut(`/api/v1/supervision/problems/${problem.id}`, body, { idempotencyKey: key })
        void navigate(`/problems/${problem.id}`)
      }}
    >
      <p className="tc-muted">保存后，在办件中重新提请会签。</p>
    </ActForm>
  )
}
