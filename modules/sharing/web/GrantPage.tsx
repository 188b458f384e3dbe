import { apiPost } from '@tongchou/api-client'
import {
  ActChooser,
  ActError,
  ActForm,
  ActLink,
  type ChosenAct,
  CivilDate,
  Facts,
  Figures,
  field,
  Moment,
  Page,
  QueryView,
  Section,
  Sideways,
  TrailSection,
  useAct,
  useApi,
} from '@tongchou/ui'
import { Button } from 'antd'
import { Link, useNavigate, useParams } from 'react-router'
import { standingWords, wayWords } from '../words.ts'
import { actionName, type Grant, type SharingRequest, standingTones } from './sharing-api.ts'
import { TermsTable } from './TermsTable.tsx'

const reason = (title: string) => [field('reason', title, { type: 'prose', maxLength: 500 })]

/** The page of a grant (授权): what it covers, how it stands, how much it was used. */
export function GrantPage() {
  const { id = '' } = useParams()
  const query = useApi<Grant>(`/api/v1/sharing/grants/${id}`)
  return (
    <QueryView query={query} what="授权" page>
      {(grant) => (
        <Page
          title={`授权“${grant.resource.name}”`}
          state={{ text: standingWords[grant.standing], tone: standingTones[grant.standing] }}
          lead={`${grant.provider.name}提供，${grant.org.name}使用 · 授权编号${grant.number}`}
          breadcrumb={[{ label: '授权清单', href: '/sharing/grants' }, { label: grant.resource.name }]}
          actions={
            <>
              {grant.mayDo.includes('query') && (
                <ActLink to={`/libraries/${grant.resource.id}/records?grant=${grant.id}`} first>
                  查询数据
                </ActLink>
              )}
              {grant.mayDo.includes('renew') && <Renewal grant={grant} />}
            </>
          }
        >
          <Figures
            items={[
              { label: '累计查询', value: `${grant.queries} 次` },
              { label: '累计提供', value: `${grant.records} 条` },
              { label: '今日提供', value: `${grant.recordsToday} 条` },
            ]}
          />
          {grant.stateReason && (
            <Section title={grant.state === 'revoked' ? '收回理由' : '暂停理由'}>
              <p>
                <Moment at={grant.stateAt} /> {grant.stateReason}
              </p>
            </Section>
          )}
          <ActChooser acts={acts(grant)} />
          <Section title="授权内容">
            <TermsTable terms={grant.terms} label="授权的信息项" />
          </Section>
          {grant.mayDo.includes('query') && <HowToCall grant={grant} />}
          <Section title="授权情况">
            <Facts
              items={[
                { label: '数据资源', value: <Link to={`/catalog/${grant.resource.id}`}>{grant.resource.name}</Link> },
                { label: '方式', value: wayWords[grant.way] },
                { label: '起始日期', value: <CivilDate value={grant.validFrom} /> },
                { label: '授权时间', value: <Moment at={grant.grantedAt} /> },
                {
                  label: '依据的申请',
                  value: grant.request && <Link to={`/sharing/requests/${grant.request.id}`}>申请{grant.request.number}</Link>,
                },
                { label: '最近使用', value: grant.lastUsedAt ? <Moment at={grant.lastUsedAt} /> : '未使用' },
                { label: '用途', value: grant.purpose, wide: true },
              ]}
            />
          </Section>
          <TrailSection path={`/api/v1/sharing/grants/${id}/trail`} actionName={actionName} />
        </Page>
      )}
    </QueryView>
  )
}

/** 调用方法: the same operation for what is collected and for what the provider's own interface answers. */
function HowToCall({ grant }: { grant: Grant }) {
  const open = grant.terms.items.find(({ masking }) => masking === null)
  const filter = open ? { filter: [{ item: open.id, op: 'is', value: '...' }] } : {}
  const body = JSON.stringify({ grant: grant.id, ...filter, limit: 20 })
  const address = `${location.origin}/api/v1/libraries/${grant.resource.id}/queries`
  const curl = [`curl -X POST ${address}`, `-H "Authorization: Bearer $TOKEN" -H 'Content-Type: application/json'`, `-d '${body}'`].join(
    ' \\\n  ',
  )
  return (
    <Section title="调用方法">
      <p>
        业务系统以本单位岗位的令牌调用，令牌在<Link to="/tokens">会话与令牌</Link>
        签发，权限范围选“libraries”、可办理。只答复授权的信息项和记录，逐次留痕。
      </p>
      <Facts
        items={[
          { label: '地址', value: <code>{address}</code>, wide: true },
          {
            label: '信息项标识',
            value: grant.terms.items.map(({ id, name }) => `${id} ${name}`).join('，'),
            wide: true,
          },
          {
            label: '查询条件',
            value: 'item 为信息项标识，op 为 is（等于）、from（起始）、to（截止）；已脱敏的信息项不能作为条件',
            wide: true,
          },
        ]}
      />
      <Sideways label="调用示例">
        <pre>{curl}</pre>
      </Sideways>
      <p className="tc-muted">由提供方的接口答复的资源，只能按提供方登记的查询条件查询；502、503、504 为提供方的故障，按提示稍后重试。</p>
    </Section>
  )
}

function acts(grant: Grant): ChosenAct[] {
  const change = (state: Grant['state'], given: unknown, key: string) =>
    apiPost(
      `/api/v1/sharing/grants/${grant.id}/state`,
      { version: grant.version, state, reason: given === undefined ? null : String(given) },
      { idempotencyKey: key },
    )
  const act = (id: Grant['mayDo'][number], title: string, state: Grant['state'], what: string): ChosenAct[] =>
    grant.mayDo.includes(id)
      ? [
          {
            id,
            title,
            form: (onDone) => (
              <ActForm
                act={title}
                fields={state === 'in-force' ? [] : reason(`${title}的理由`)}
                send={(data, key) => change(state, data.reason, key)}
                onDone={onDone}
              >
                <p className="tc-muted">{what}</p>
              </ActForm>
            ),
          },
        ]
      : []
  return [
    ...act('suspend', '暂停授权', 'suspended', '暂停后立即不能查询和接收，恢复后继续有效。使用单位收到消息。'),
    ...act('resume', '恢复授权', 'in-force', '恢复后立即可以查询和接收。'),
    ...act('revoke', '收回授权', 'revoked', '收回后立即不能查询和接收，不能恢复；需要使用的另行申请。使用单位收到消息。'),
  ]
}

function Renewal({ grant }: { grant: Grant }) {
  const navigate = useNavigate()
  const renew = useAct(async (_: null, key) => {
    const made = await apiPost<SharingRequest>(`/api/v1/sharing/grants/${grant.id}/renewals`, {}, { idempotencyKey: key })
    void navigate(`/sharing/requests/${made.id}/edit`)
  })
  return (
    <>
      <Button loading={renew.isPending} onClick={() => renew.mutate(null)}>
        申请续期
      </Button>
      <ActError error={renew.error} act="申请续期" />
    </>
  )
}
