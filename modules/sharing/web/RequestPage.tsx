import { apiPost } from '@tongchou/api-client'
import {
  ActChooser,
  ActError,
  ActForm,
  ActLink,
  CaseStanding,
  CivilDate,
  Facts,
  field,
  Moment,
  Page,
  QueryView,
  Section,
  StateWord,
  TrailSection,
  useAct,
  useApi,
} from '@tongchou/ui'
import { Button } from 'antd'
import { Link, useParams } from 'react-router'
import { decidedAsWords, maskingWords, outcomeWords, requestStateWords, sharingWords, wayWords } from '../words.ts'
import { actionName, requestTones, type SharingRequest } from './sharing-api.ts'
import { rowsText, TermsTable } from './TermsTable.tsx'

/** The page of a request (共享申请): where it stands, what is asked for, every decision on it. */
export function RequestPage() {
  const { id = '' } = useParams()
  const query = useApi<SharingRequest>(`/api/v1/sharing/requests/${id}`)
  return (
    <QueryView query={query} what="共享申请" page>
      {(request) => (
        <Page
          title={`申请共享“${request.resource.name}”`}
          state={{ text: requestStateWords[request.state], tone: requestTones[request.state] }}
          lead={`${request.org.name}向${request.provider.name}申请 · 申请编号${request.number}`}
          breadcrumb={[{ label: '供需对接清单', href: '/sharing/requests' }, { label: request.resource.name }]}
          actions={
            <>
              {request.mayDo.includes('propose') && (
                <ActLink to={`/sharing/requests/${id}/decision`} first>
                  填写决定
                </ActLink>
              )}
              {request.mayDo.includes('edit') && <ActLink to={`/sharing/requests/${id}/edit`}>修改申请</ActLink>}
            </>
          }
        >
          <Standing request={request} />
          <Decisions request={request} />
          {request.mayDo.includes('dispute') && <Dispute request={request} />}
          <Asked request={request} />
          <TrailSection path={`/api/v1/sharing/requests/${id}/trail`} actionName={actionName} />
        </Page>
      )}
    </QueryView>
  )
}

function Standing({ request }: { request: SharingRequest }) {
  const path = `/api/v1/sharing/requests/${request.id}`
  const submit = useAct((version: number, key) => apiPost(`${path}/submission`, { version }, { idempotencyKey: key }))
  const abandon = useAct((version: number, key) => apiPost(`${path}/abandonment`, { version }, { idempotencyKey: key }))
  const running = request.cases.find((one) => one.status === 'running')
  const due = running?.holders.find(({ dueAt }) => dueAt !== null)?.dueAt
  return (
    <Section title="办理情况">
      {request.returnedReason && (
        <p>
          <StateWord text="退回补正" tone="soon" /> {request.returnedReason}
        </p>
      )}
      <CaseStanding cases={request.cases} />
      {due && (
        <p className="tc-muted">
          答复期限至 <Moment at={due} />
          ，逾期未答复的报告其上级。
        </p>
      )}
      {request.proposed && (
        <p>
          <StateWord text="拟决定" tone="now" /> 已填写“{request.proposed.outcome === 'grant' ? '同意共享' : '不予共享'}
          ”，在办件中办理后生效。
        </p>
      )}
      {request.course && <p>{request.course}</p>}
      {running && request.state === 'returned' && (
        <p className="tc-muted">修改保存后，由数据专员在该办件中重新提交；不再需要的，在该办件中撤回。</p>
      )}
      <ActError error={submit.error} act="提交申请" />
      <ActError error={abandon.error} act="撤回申请" />
      <div className="tc-row-acts">
        {request.mayDo.includes('submit') && (
          <Button type="primary" loading={submit.isPending} onClick={() => submit.mutate(request.version)}>
            提交申请
          </Button>
        )}
        {request.mayDo.includes('abandon') && (
          <Button loading={abandon.isPending} onClick={() => abandon.mutate(request.version)}>
            撤回申请
          </Button>
        )}
      </div>
      {request.mayDo.includes('edit') && !running && !request.mayDo.includes('submit') && (
        <p className="tc-muted">由本单位的数据专员提交。</p>
      )}
    </Section>
  )
}

function Decisions({ request: { decisions, disputeReason } }: { request: SharingRequest }) {
  if (decisions.length === 0) return null
  return (
    <Section title="答复和复核">
      {decisions.map((one) => (
        <article key={one.decidedAt + one.outcome} aria-label={outcomeWords[one.outcome]}>
          <p>
            <StateWord text={outcomeWords[one.outcome]} tone={one.outcome === 'refused' || one.outcome === 'upheld' ? 'bad' : 'good'} />{' '}
            {one.decidedAs === 'system' ? decidedAsWords.system : one.decidedBy}，<Moment at={one.decidedAt} />
            {one.grant && (
              <>
                {' · '}
                <Link to={`/sharing/grants/${one.grant.id}`}>授权{one.grant.number}</Link>
              </>
            )}
          </p>
          {one.reason && <p>理由：{one.reason}</p>}
          {one.basis && <p>依据：{one.basis}</p>}
          {one.terms && <TermsTable terms={one.terms} label={`${outcomeWords[one.outcome]}的信息项`} />}
        </article>
      ))}
      {disputeReason && <p>争议理由：{disputeReason}</p>}
    </Section>
  )
}

/** 提出争议: takes a refusal or a reduction to the center. */
function Dispute({ request }: { request: SharingRequest }) {
  return (
    <ActChooser
      acts={[
        {
          id: 'dispute',
          title: '提出争议',
          form: (onDone) => (
            <ActForm
              act="提出争议"
              fields={[
                field('reason', '争议理由', {
                  type: 'prose',
                  maxLength: 1000,
                  help: '写明法定职责、办理事项，以及为何不能以其他方式替代。',
                }),
              ]}
              send={(data, key) =>
                apiPost(`/api/v1/sharing/requests/${request.id}/dispute`, { version: request.version, ...data }, { idempotencyKey: key })
              }
              onDone={onDone}
            >
              <p className="tc-muted">由市大数据中心复核，可以要求共享，也可以维持原决定；原决定始终可查。</p>
            </ActForm>
          ),
        },
      ]}
    />
  )
}

function Asked({ request }: { request: SharingRequest }) {
  return (
    <Section title="申请内容">
      <Facts
        items={[
          { label: '数据资源', value: <Link to={`/catalog/${request.resource.id}`}>{request.resource.name}</Link> },
          { label: '方式', value: wayWords[request.way] },
          { label: '数据范围', value: rowsText(request.rows) },
          { label: '办理事项', value: request.matter },
          { label: '起始日期', value: <CivilDate value={request.validFrom} /> },
          { label: '截止日期', value: <CivilDate value={request.validUntil} /> },
          { label: '每日限额', value: request.quotaPerDay === null ? '不限' : `${request.quotaPerDay}条` },
          { label: '提交时间', value: request.submittedAt ? <Moment at={request.submittedAt} /> : '尚未提交' },
          ...(request.renews
            ? [{ label: '续期的授权', value: <Link to={`/sharing/grants/${request.renews.id}`}>授权{request.renews.number}</Link> }]
            : []),
          { label: '用途', value: request.purpose, wide: true },
          { label: '依据', value: request.basis, wide: true },
          { label: '最小必要说明', value: request.necessity ?? '不含敏感信息项', wide: true },
        ]}
      />
      <table className="tc-table" aria-label="申请的信息项">
        <thead>
          <tr>
            <th scope="col">信息项</th>
            <th scope="col">共享类型</th>
            <th scope="col">申请</th>
            <th scope="col">敏感</th>
          </tr>
        </thead>
        <tbody>
          {request.wanted.map((item) => (
            <tr key={item.id}>
              <td>{item.name}</td>
              <td>{sharingWords[item.sharing]}</td>
              <td>{item.masking === null ? '不需脱敏' : item.whole ? '不脱敏' : `脱敏：${maskingWords[item.masking] ?? item.masking}`}</td>
              <td>{item.sensitive ? '是' : '否'}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </Section>
  )
}
