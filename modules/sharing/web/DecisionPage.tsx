import { apiPut, type ListPage } from '@tongchou/api-client'
import { choicesOf, FilledAct, type FormField, type FormValues, field, Page, QueryView, useApi, useStepForm } from '@tongchou/ui'
import { Link, useNavigate, useParams } from 'react-router'
import { maskingWords } from '../words.ts'
import { quotaField, rowsField } from './request-fields.ts'
import type { Offer, SharingRequest } from './sharing-api.ts'

interface Basis {
  id: string
  title: string
}

/** 填写决定: what the provider, or in a dispute the center, is about to decide; it takes effect when it is signed in the case. */
export function DecisionPage() {
  const { id = '' } = useParams()
  const query = useApi<SharingRequest>(`/api/v1/sharing/requests/${id}`)
  return (
    <QueryView query={query} what="共享申请" page>
      {(request) => (
        <Page
          title={`对“${request.resource.name}”共享申请的决定`}
          lead={`${request.org.name}申请，用途：${request.purpose}`}
          breadcrumb={[
            { label: '待我授权', href: '/sharing/ours' },
            { label: request.resource.name, href: `/sharing/requests/${id}` },
            { label: '填写决定' },
          ]}
        >
          {request.mayDo.includes('propose') ? (
            <WithOffer request={request} />
          ) : (
            <div className="tc-state" role="alert">
              <p className="tc-state-title">现在不能填写决定</p>
              <p>由提供方的数据专员在答复环节填写，争议由市大数据中心在复核环节填写。</p>
              <Link to={`/sharing/requests/${id}`}>返回</Link>
            </div>
          )}
        </Page>
      )}
    </QueryView>
  )
}

function WithOffer({ request }: { request: SharingRequest }) {
  const offer = useApi<Offer>(`/api/v1/sharing/offers/${request.resource.id}`)
  const bases = useApi<ListPage<Basis>>('/api/v1/catalog/sharing-bases')
  return (
    <QueryView query={offer} what="数据资源">
      {(found) => (
        <QueryView query={bases} what="不予共享依据">
          {({ items }) => <Decide request={request} offer={found} bases={items} />}
        </QueryView>
      )}
    </QueryView>
  )
}

interface DecideProps {
  request: SharingRequest
  offer: Offer
  bases: readonly Basis[]
}

function fieldsOf({ request, offer, bases }: DecideProps, values: FormValues): readonly FormField[] {
  const isReview = request.state === 'disputed'
  const outcomes = isReview ? { grant: '要求共享' } : { grant: '同意共享', refuse: '不予共享' }
  const reason = (help: string, required: boolean) => field('reason', '理由', { type: 'prose', maxLength: 1000, required, help })
  const asked = request.wanted.map(({ id, name }) => ({ value: id, title: name }))
  return [
    field('outcome', '决定', { type: 'choice', choices: choicesOf(outcomes), inSight: true }),
    ...(values.outcome === 'grant'
      ? [
          field('items', '提供的信息项', { type: 'choices', choices: asked, help: '不超出申请；少于申请的为部分授权，须写明理由。' }),
          field('masked', '其中脱敏提供的', {
            ...{ type: 'choices', choices: asked, required: false },
            help: '按目录所定方式脱敏，目录未定的全部遮盖。',
          }),
          rowsField(offer.offered),
          field('validUntil', '截止日期', { type: 'date', half: true }),
          quotaField,
          field('use', '使用要求', { type: 'prose', maxLength: 1000, required: false, help: '例如：不得转提供，办结后三十日内删除。' }),
          reason('部分授权的必填，申请单位可以据此提出争议。', false),
        ]
      : []),
    ...(values.outcome === 'refuse'
      ? [
          field('basisLaw', '依据的法律法规', {
            type: 'choice',
            choices: bases.map(({ id, title }) => ({ value: id, title })),
            search: true,
          }),
          field('basisClause', '条款', { type: 'text', maxLength: 100, help: '例如：第二十五条。' }),
          reason('写明该条款为何适用于所申请的信息项。', true),
        ]
      : []),
  ]
}

function Decide(props: DecideProps) {
  const { request, offer } = props
  const navigate = useNavigate()
  const given = request.proposed?.terms
  const terms = given ?? {
    items: request.wanted.map(({ id, whole, masking }) => ({ id, masking: whole ? null : masking })),
    ...{ rows: request.rows, validUntil: request.validUntil, quotaPerDay: request.quotaPerDay, use: null },
  }
  const initial = {
    outcome: request.proposed?.outcome ?? 'grant',
    items: terms.items.map(({ id }) => id),
    masked: terms.items.filter(({ masking }) => masking !== null).map(({ id }) => id),
    rows: terms.rows.map(({ item, is }) => ({ item, is })),
    validUntil: terms.validUntil,
    ...(terms.quotaPerDay === null ? {} : { quotaPerDay: terms.quotaPerDay }),
    ...(terms.use === null ? {} : { use: terms.use }),
    ...(request.proposed?.reason ? { reason: request.proposed.reason } : {}),
    ...(request.proposed?.basisLaw ? { basisLaw: request.proposed.basisLaw } : {}),
    ...(request.proposed?.basisClause ? { basisClause: request.proposed.basisClause } : {}),
  }
  const form = useStepForm((values) => fieldsOf(props, values), initial)
  const maskOf = (id: string) => offer.offered.find((item) => item.id === id)?.masking ?? 'full'
  return (
    <FilledAct
      form={form}
      act="保存决定"
      fieldAt={(path) => (path.startsWith('terms/items') ? 'items' : path.replace(/^terms\//, ''))}
      send={async (data, key) => {
        const ids = texts(data.items)
        const masked = texts(data.masked)
        const body = {
          ...{ version: request.version, outcome: data.outcome, reason: data.reason ?? null },
          ...{ basisLaw: data.basisLaw ?? null, basisClause: data.basisClause ?? null },
          terms:
            data.outcome === 'grant'
              ? {
                  items: Object.fromEntries(ids.map((id) => [id, masked.includes(id) ? maskOf(id) : null])),
                  ...{ rows: data.rows ?? [], validUntil: data.validUntil, quotaPerDay: data.quotaPerDay ?? null, use: data.use ?? null },
                }
              : null,
        }
        await apiPut(`/api/v1/sharing/requests/${request.id}/decision`, body, { idempotencyKey: key })
        void navigate(`/sharing/requests/${request.id}`)
      }}
    >
      <p className="tc-muted">
        保存后在办件中办理，办理时生效；办理前申请单位看不到。目录所定脱敏方式：
        {offer.offered
          .filter(({ masking }) => masking !== null)
          .map(({ name, masking }) => `${name}（${masking === null ? '' : (maskingWords[masking] ?? masking)}）`)
          .join('、') || '无'}
        。
      </p>
    </FilledAct>
  )
}

const texts = (value: unknown): string[] => (Array.isArray(value) ? value.map(String) : [])
