import { apiPut, type ListPage } from '@tongchou/api-client'
import { ActForm, Empty, Forbidden, type FormField, field, holdsDuty, Page, QueryView, useApi, useSession } from '@tongchou/ui'
import { Link, useNavigate, useParams } from 'react-router'
import { opWords } from '../words.ts'
import { type Interface, type InterfaceLine, providers } from './interfaces-api.ts'

interface Entry {
  id: string
  state: string
  content: { name: string; sharingForm: string | null; items: { id: string; name: string; isKey: boolean }[] }
}

/** 登记接口: the department's interface for one of its registered entries, or a change of it. */
export function RegistrationPage() {
  const { id = '' } = useParams()
  const session = useSession()
  const isProvider = holdsDuty(session, providers)
  const entry = useApi<Entry>(isProvider ? `/api/v1/catalog/resources/${id}` : null)
  const name = entry.data?.content.name
  return (
    <Page
      title={name === undefined ? '登记接口' : `${name}：登记接口`}
      lead="登记和变更均须由市大数据中心核准后才能调用；接口地址须由安全管理员登记在允许地址中。"
      breadcrumb={[
        { label: '部门接口', href: '/interfaces' },
        { label: name ?? '资源目录', href: `/catalog/${id}` },
        { label: '登记接口' },
      ]}
    >
      {isProvider ? (
        <QueryView query={entry} what="资源目录">
          {(found) =>
            found.state === 'registered' && found.content.sharingForm === 'interface' ? (
              <Known entry={found} />
            ) : (
              <Empty
                what="该目录不能登记接口"
                hint="只有已登记、共享方式类型为接口的目录可以登记接口。需要的，先变更目录的共享方式。"
                act={<Link to={`/catalog/${id}`}>查看目录</Link>}
              />
            )
          }
        </QueryView>
      ) : (
        <Forbidden duty={providers} act="登记部门接口" />
      )}
    </Page>
  )
}

/** What is registered already stands in the form, but for the credential. */
function Known({ entry }: { entry: Entry }) {
  const lines = useApi<ListPage<InterfaceLine>>('/api/v1/interfaces', { resourceId: entry.id })
  const isThere = (lines.data?.items.length ?? 0) > 0
  const known = useApi<Interface>(isThere ? `/api/v1/interfaces/${entry.id}` : null)
  return (
    <QueryView query={lines} what="部门接口">
      {() =>
        isThere ? (
          <QueryView query={known} what="部门接口">
            {(it) => <Form entry={entry} before={it} />}
          </QueryView>
        ) : (
          <Form entry={entry} before={undefined} />
        )
      }
    </QueryView>
  )
}

const yesNo = [
  { value: 'no', title: '可不带' },
  { value: 'yes', title: '必须带' },
]
const methods = [
  { value: 'GET', title: 'GET，参数在地址中' },
  { value: 'POST', title: 'POST，参数为 JSON' },
]
const credentials = [
  { value: 'keep', title: '沿用已登记的' },
  { value: 'set', title: '填写' },
  { value: 'none', title: '不需要' },
]

function fieldsOf({ content: { items } }: Entry, isChange: boolean): FormField[] {
  const choices = items.map(({ id, name, isKey }) => ({ value: id, title: isKey ? `${name}（主键）` : name }))
  const item = field('item', '信息项', { type: 'choice', choices, search: true })
  const base = { required: true, help: null }
  return [
    field('address', '接口地址', { type: 'text', maxLength: 500, help: '以 http:// 或 https:// 开头，不含参数、账号和口令。' }),
    field('method', '方式', { type: 'choice', choices: methods, inSight: true, half: true }),
    field('timeoutSeconds', '答复时限（秒）', { type: 'count', minimum: 1, maximum: 30, half: true }),
    {
      ...{ ...base, required: false, id: 'parameters', title: '查询参数', type: 'lines', maxLines: 30 },
      help: '信息项怎样作为参数。没有登记的信息项不能作为查询条件。',
      fields: [
        item,
        field('op', '比较', { type: 'choice', choices: Object.entries(opWords).map(([value, title]) => ({ value, title })) }),
        field('name', '参数名', { type: 'text', maxLength: 60 }),
        field('required', '接口要求', { type: 'choice', choices: yesNo }),
      ],
    },
    field('records', '记录列表的路径', {
      type: 'text',
      maxLength: 300,
      required: false,
      help: '记录列表在答复中的位置，以点分隔，例如 data.list；答复本身是列表的不填。',
    }),
    {
      ...{ ...base, id: 'fields', title: '信息项在记录中的路径', type: 'lines', maxLines: 500 },
      help: '主键和指向个人的信息项必须登记，路径以点分隔，例如 person.id。',
      fields: [item, field('path', '路径', { type: 'text', maxLength: 300 })],
    },
    field('credential', '凭据', { type: 'choice', choices: isChange ? credentials : credentials.slice(1), inSight: true }),
    field('header', '凭据所在的请求头', { type: 'text', maxLength: 60, required: false, half: true, help: '例如 Authorization。' }),
    field('value', '凭据的值', { type: 'text', maxLength: 2000, required: false, half: true, help: '加密保存，不再显示。' }),
    field('certificate', '证书机构的证书', {
      type: 'prose',
      maxLength: 20_000,
      required: false,
      help: '接口的证书由提供方自己的机构签发的，粘贴该机构的证书（PEM）。',
    }),
  ]
}

function Form({ entry, before }: { entry: Entry; before: Interface | undefined }) {
  const navigate = useNavigate()
  return (
    <ActForm
      // A credential is not kept in the browser.
      confidential
      act={before ? '提交变更' : '登记接口'}
      fields={fieldsOf(entry, before !== undefined)}
      initial={initialOf(entry, before)}
      fieldAt={(path) => (path.startsWith('credential/') ? path.replace('credential/', '') : path)}
      send={async (data) => {
        await apiPut(`/api/v1/interfaces/${entry.id}`, bodyOf(data, before?.version ?? 0))
        await navigate(`/interfaces/${entry.id}`)
      }}
    />
  )
}

function initialOf({ content: { items } }: Entry, before: Interface | undefined) {
  if (!before) return { method: 'GET', timeoutSeconds: 5, credential: 'set', fields: items.map(({ id }) => ({ item: id })) }
  const { address, method, timeoutSeconds, records, certificate, parameters, fields } = before
  return {
    ...{ address, method, timeoutSeconds, records, certificate, credential: before.credentialHeader === null ? 'none' : 'keep' },
    parameters: parameters.map(({ item, op, name, required }) => ({ item, op, name, required: required ? 'yes' : 'no' })),
    fields: fields.map(({ item, path }) => ({ item, path })),
  }
}

function bodyOf(data: Record<string, unknown>, version: number) {
  const { credential, header = '', value = '', parameters = [], records = '', certificate = null, ...rest } = data
  return {
    ...rest,
    ...{ version, records, certificate },
    parameters: (parameters as { required: string }[]).map((one) => ({ ...one, required: one.required === 'yes' })),
    ...(credential === 'keep' ? {} : { credential: credential === 'none' ? null : { header, value } }),
  }
}
