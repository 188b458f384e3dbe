import { apiPost, apiPut } from '@tongchou/api-client'
import { ActForm, Facts, Forbidden, Page, QueryView, Section, Sideways, StateWord, useApi } from '@tongchou/ui'
import { Link, useNavigate, useParams } from 'react-router'
import { maskingWords, requestStateWords, sharingWords, wayWords } from '../words.ts'
import { fieldAt, requestBody, requestFields } from './request-fields.ts'
import { type Offer, type SharingRequest, writers } from './sharing-api.ts'

/** 申请共享: what the resource has, who may have it, how long its provider takes, and the request. */
export function OfferPage() {
  const { id = '' } = useParams()
  const navigate = useNavigate()
  const query = useApi<Offer>(`/api/v1/sharing/offers/${id}`)
  return (
    <QueryView query={query} what="数据资源" page>
      {(offer) => (
        <Page
          title={`申请共享“${offer.resource.name}”`}
          lead={`${offer.resource.provider.name}提供`}
          breadcrumb={[{ label: '资源超市', href: '/market' }, { label: offer.resource.name }]}
        >
          <Conditions offer={offer} />
          <Passing offer={offer} />
          <Items offer={offer} />
          {offer.mayAsk ? (
            <Section title="共享申请">
              <ActForm
                act="保存申请"
                fields={requestFields(offer)}
                initial={{ way: 'query' }}
                fieldAt={fieldAt}
                send={async (data, key) => {
                  const body = { resourceId: id, ...requestBody(data) }
                  const made = await apiPost<SharingRequest>('/api/v1/sharing/requests', body, { idempotencyKey: key })
                  void navigate(`/sharing/requests/${made.id}`)
                }}
              >
                <p className="tc-muted">保存后由本单位的数据专员提交；提交前提供方看不到。</p>
              </ActForm>
            </Section>
          ) : (
            <NotMine offer={offer} />
          )}
        </Page>
      )}
    </QueryView>
  )
}

/** 修改共享申请, before it is handed in or when it came back. */
export function EditRequestPage() {
  const { id = '' } = useParams()
  const query = useApi<SharingRequest>(`/api/v1/sharing/requests/${id}`)
  return (
    <QueryView query={query} what="共享申请" page>
      {(request) => (
        <Page
          title={`修改申请“${request.resource.name}”`}
          breadcrumb={[
            { label: '我的申请', href: '/sharing/mine' },
            { label: request.resource.name, href: `/sharing/requests/${id}` },
            { label: '修改' },
          ]}
        >
          {request.mayDo.includes('edit') ? <Edit request={request} /> : <NotOpen request={request} />}
        </Page>
      )}
    </QueryView>
  )
}

function Edit({ request }: { request: SharingRequest }) {
  const navigate = useNavigate()
  const query = useApi<Offer>(`/api/v1/sharing/offers/${request.resource.id}`)
  const { way, purpose, matter, basis, necessity, validFrom, validUntil, quotaPerDay } = request
  return (
    <QueryView query={query} what="数据资源">
      {(offer) => (
        <ActForm
          act="保存申请"
          fields={requestFields(offer)}
          initial={withoutNulls({
            ...{ way, purpose, matter, basis, necessity, validFrom, validUntil, quotaPerDay },
            items: request.wanted.map((item) => item.id),
            whole: request.wanted.filter((item) => item.whole).map((item) => item.id),
            rows: request.rows.map(({ item, is }) => ({ item, is })),
          })}
          fieldAt={fieldAt}
          send={async (data, key) => {
            const body = { version: request.version, ...requestBody(data) }
            await apiPut(`/api/v1/sharing/requests/${request.id}`, body, { idempotencyKey: key })
            void navigate(`/sharing/requests/${request.id}`)
          }}
        >
          <p className="tc-muted">保存后提交；退回补正的，在办件中重新提交。</p>
        </ActForm>
      )}
    </QueryView>
  )
}

const withoutNulls = (values: Record<string, unknown>) => Object.fromEntries(Object.entries(values).filter(([, value]) => value !== null))

function NotOpen({ request }: { request: SharingRequest }) {
  const open = request.state === 'draft' || request.state === 'returned'
  if (open) return <Forbidden duty={writers} act="修改其他单位的共享申请" />
  return (
    <div className="tc-state" role="alert">
      <p className="tc-state-title">现在不能修改</p>
      <p>申请已提交或已办结。需要变更的，由提供方退回补正，或另行申请。</p>
      <Link to={`/sharing/requests/${request.id}`}>返回</Link>
    </div>
  )
}

function Conditions({ offer }: { offer: Offer }) {
  const { answer, usual } = offer
  return (
    <Section title="共享条件和期限">
      <Facts
        items={[
          { label: '共享类型', value: offer.sharing && sharingWords[offer.sharing] },
          { label: '共享条件', value: offer.condition ?? offer.basis ?? '无' },
          {
            label: '答复期限',
            value: answer ? `${answer.days}个工作日（${answer.source}${answer.verified ? '' : '，未核对原文'}）` : '本市未定',
          },
          {
            label: '提供方以往答复',
            value: usual ? `共${usual.decided}件，一般${usual.medianDays}天` : '尚无已答复的申请',
          },
          { label: '资源摘要', value: offer.resource.abstract, wide: true },
        ]}
      />
      {offer.open.map(({ id, number, state }) => (
        <p key={id}>
          <StateWord text={requestStateWords[state]} tone="now" /> 本单位已有<Link to={`/sharing/requests/${id}`}>申请{number}</Link>在办。
        </p>
      ))}
      {offer.grants.map(({ id, number, way, validUntil }) => (
        <p key={id}>
          <StateWord text="已授权" tone="good" /> <Link to={`/sharing/grants/${id}`}>授权{number}</Link>，{wayWords[way]}，至{validUntil}。
        </p>
      ))}
    </Section>
  )
}

const opWords = { is: '等于', from: '不小于', to: '不大于' } as const

/** 调用方式 of what a department answers for itself: what there is to know before one asks for it. */
function Passing({ offer: { passing, resource } }: { offer: Offer }) {
  if (!passing) return null
  const called = passing.conditions.map(({ name, op, required }) => `${name}（${opWords[op]}${required ? '，必填' : ''}）`)
  return (
    <Section title="调用方式">
      <p>
        <StateWord text={passing.ready ? '接口已核准' : '接口未核准'} tone={passing.ready ? 'good' : 'soon'} /> 由{resource.provider.name}
        的接口即时答复，平台不留存数据。
        {passing.ready ? '授权后即可查询。' : '授权后须待其接口核准方可查询。'}
      </p>
      {passing.ready && (
        <Facts
          items={[
            { label: '在页面查询', value: '授权页的“数据查询”' },
            { label: '由系统调用', value: <code>POST /api/v1/libraries/{resource.id}/queries</code> },
            { label: '查询条件', value: called.length === 0 ? '无须填写' : called.join('、'), wide: true },
            { label: '限制', value: '只答复授权的信息项，按授权脱敏、计入每日限额；不支持全文检索和排序。', wide: true },
          ]}
        />
      )}
    </Section>
  )
}

function Items({ offer: { offered } }: { offer: Offer }) {
  return (
    <Section title="信息项">
      <Sideways label="信息项">
        <table className="tc-table" aria-label="信息项">
          <thead>
            <tr>
              <th scope="col">信息项</th>
              <th scope="col">共享类型</th>
              <th scope="col">条件或依据</th>
              <th scope="col">敏感</th>
              <th scope="col">脱敏方式</th>
            </tr>
          </thead>
          <tbody>
            {offered.map((item) => (
              <tr key={item.id}>
                <td>{item.name}</td>
                <td>{sharingWords[item.sharing]}</td>
                <td>{item.condition ?? item.basis ?? <span className="tc-muted">无</span>}</td>
                <td>{item.sensitive ? '是' : '否'}</td>
                <td>{item.masking === null ? '不脱敏' : maskingWords[item.masking]}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </Sideways>
    </Section>
  )
}

function NotMine({ offer }: { offer: Offer }) {
  return (
    <Section title="共享申请">
      <p className="tc-muted">
        {offer.resource.provider.name}的数据由其他部门的数据专员、申报人员申请；提供方使用本单位的数据不需申请。当前岗位不能申请。
      </p>
    </Section>
  )
}
