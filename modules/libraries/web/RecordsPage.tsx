import { apiPost } from '@tongchou/api-client'
import { type Purpose, purposeWords } from '@tongchou/metadata'
import {
  ActError,
  ActLink,
  Empty,
  Forbidden,
  holdsDuty,
  Page,
  PurposeInputs,
  purposeOf,
  type Said,
  Section,
  Sideways,
  StateWord,
  useAct,
  useApi,
  useSession,
} from '@tongchou/ui'
import { Button, Input, Select } from 'antd'
import { type FormEvent, useId, useState } from 'react'
import { Link, useParams, useSearchParams } from 'react-router'
import { filterWords } from '../words.ts'
import { lookers, type RecordAnswer, type RecordQuery, readers } from './libraries-api.ts'
import './libraries.css'
import { headingOf, isNumber, RecordValue } from './RecordValue.tsx'
import { useResourceName } from './useResourceName.ts'

const pageSize = 20

/** 数据查询: records of a collected resource as this post may see them; a look at personal records says what it is for. */
export function RecordsPage() {
  const { id = '' } = useParams()
  const session = useSession()
  const name = useResourceName(id)
  const title = name === undefined ? '数据查询' : `${name}：数据查询`
  const [params] = useSearchParams()
  const grant = params.get('grant') ?? undefined
  if (!holdsDuty(session, lookers))
    return (
      <Page title="数据查询">
        <Forbidden duty={lookers} act="查询基础库数据" />
      </Page>
    )
  return (
    <Page
      title={title}
      lead="取得授权的单位只查授权的信息项和数据范围，用途以授权所定为准。本单位的数据专员查看本单位提供的全部信息项；市大数据中心查看的敏感信息项按目录所定方式脱敏，已脱敏的不能用于筛选和检索。查阅个人数据须说明用途和事由，逐人留痕；用途和事由本人可以看到，事由中不得写他人的信息。"
      breadcrumb={[
        grant ? { label: '授权', href: `/sharing/grants/${grant}` } : { label: '基础库', href: '/libraries' },
        { label: name ?? '资源目录', href: `/catalog/${id}` },
        { label: '数据查询' },
      ]}
      actions={
        holdsDuty(session, readers) && !grant ? (
          <>
            <ActLink to={`/quarantine?resourceId=${id}`}>隔离区</ActLink>
            <ActLink to={`/libraries/${id}/batches`}>接收批次</ActLink>
          </>
        ) : undefined
      }
    >
      <Query id={id} grant={grant} />
    </Page>
  )
}

interface Typed extends Said<Purpose> {
  search: string
  item: string | undefined
  op: keyof typeof filterWords
  value: string
}

/** What is typed, as the API takes it: a part that is empty is left out. */
function queryOf({ purpose, note, search, item, op, value }: Typed, grant: string | undefined, offset: number): RecordQuery {
  return {
    ...(grant ? { grant } : {}),
    ...purposeOf({ purpose, note }),
    ...(search.trim() ? { search: search.trim() } : {}),
    ...(item ? { filter: [op === 'empty' ? { item, op } : { item, op, value }] } : {}),
    limit: pageSize,
    offset,
  }
}

function Query({ id, grant }: { id: string; grant: string | undefined }) {
  const [typed, setTyped] = useState<Typed>({ purpose: undefined, note: '', search: '', item: undefined, op: 'is', value: '' })
  const [offset, setOffset] = useState(0)
  const asking = useAct((query: RecordQuery) => apiPost<RecordAnswer>(`/api/v1/libraries/${id}/queries`, query))
  const ask = (from: number) => {
    setOffset(from)
    asking.mutate(queryOf(typed, grant, from))
  }
  const submit = (event: FormEvent) => {
    event.preventDefault()
    ask(0)
  }
  const answer = asking.data
  // An interface may need a condition before it answers at all: what was granted whole is known before.
  const terms = useApi<{ terms: { items: { id: string; name: string; masking: string | null }[] } }>(
    grant === undefined ? null : `/api/v1/sharing/grants/${grant}`,
  )
  const known = terms.data?.terms.items.map(({ id: item, name, masking }) => ({
    id: item,
    title: name,
    kind: '',
    masked: masking !== null,
    codes: null,
  }))
  return (
    <>
      <form className="tc-record-query" onSubmit={submit} noValidate>
        <PurposeInputs
          words={purposeWords}
          purpose={typed.purpose}
          note={typed.note}
          onChange={(said) => setTyped({ ...typed, ...said })}
        />
        <Conditions typed={typed} structure={answer?.structure ?? known ?? []} onChange={setTyped} />
        <Button type="primary" htmlType="submit" loading={asking.isPending}>
          查询
        </Button>
      </form>
      <ActError act="查询" error={asking.error} />
      {answer?.faulty && <Faulty faulty={answer.faulty} />}
      {answer && <Records answer={answer} offset={offset} onPage={ask} busy={asking.isPending} />}
      {answer?.grant && (
        <p className="tc-muted">
          依据<Link to={`/sharing/grants/${answer.grant.id}`}>授权{answer.grant.number}</Link>查询，用途：{answer.grant.purpose}
        </p>
      )}
      {!answer && !asking.error && <Empty what="尚未查询" hint="填写用途和事由后查询。依据授权查询的、不指向个人的资源可以不填。" />}
    </>
  )
}

interface PartProps {
  typed: Typed
  onChange: (typed: Typed) => void
}

function Conditions({ typed, structure, onChange }: PartProps & { structure: RecordAnswer['structure'] }) {
  const [search, item, op, value] = [useId(), useId(), useId(), useId()]
  const codes = structure.find(({ id }) => id === typed.item)?.codes
  return (
    <>
      <label htmlFor={search}>检索</label>
      <Input
        id={search}
        style={{ width: 180 }}
        maxLength={60}
        value={typed.search}
        onChange={(e) => onChange({ ...typed, search: e.target.value })}
      />
      {structure.length > 0 && (
        <>
          <label htmlFor={item}>筛选</label>
          <Select
            id={item}
            style={{ width: 180 }}
            placeholder="信息项"
            allowClear
            value={typed.item}
            options={structure.filter(({ masked }) => !masked).map(({ id, title }) => ({ value: id, label: title }))}
            onChange={(chosen) => onChange({ ...typed, item: chosen, value: '' })}
          />
          <label htmlFor={op} className="tc-hidden">
            筛选方式
          </label>
          <Select
            id={op}
            style={{ width: 100 }}
            value={typed.op}
            options={Object.entries(filterWords).map(([one, label]) => ({ value: one as keyof typeof filterWords, label }))}
            onChange={(chosen) => onChange({ ...typed, op: chosen })}
          />
          <label htmlFor={value} className="tc-hidden">
            筛选值
          </label>
          {codes && typed.op === 'is' ? (
            <Select
              id={value}
              style={{ width: 180 }}
              placeholder="筛选值"
              value={typed.value === '' ? null : typed.value}
              options={Object.entries(codes).map(([code, name]) => ({ value: code, label: name }))}
              onChange={(chosen) => onChange({ ...typed, value: chosen })}
            />
          ) : (
            <Input
              id={value}
              style={{ width: 180 }}
              maxLength={200}
              disabled={typed.op === 'empty'}
              value={typed.value}
              onChange={(event) => onChange({ ...typed, value: event.target.value })}
            />
          )}
        </>
      )}
    </>
  )
}

interface RecordsProps {
  answer: RecordAnswer
  offset: number
  busy: boolean
  onPage: (offset: number) => void
}

/** What the provider's interface gave that does not fit the catalog: counted, never shown. */
function Faulty({ faulty }: { faulty: NonNullable<RecordAnswer['faulty']> }) {
  if (faulty.records === 0) return null
  return (
    <p>
      <StateWord text="部分记录未提供" tone="soon" /> 提供方的接口答复中有 {faulty.records} 条记录不符合目录：
      {faulty.items.map(({ title, count }) => `“${title}”${count} 条`).join('、')}。请联系提供方更正。
    </p>
  )
}

function Records({ answer: { structure, records, total }, offset, busy, onPage }: RecordsProps) {
  if (total === 0) return <Empty what="没有符合条件的数据" hint="核对筛选和检索条件；尚未收到数据的，见接收批次。" />
  return (
    <Section title="查询结果">
      <p role="status">
        共 {total} 条，列第 {offset + 1} 至 {offset + records.length} 条。
      </p>
      <Sideways label="查询结果">
        <table className="tc-table" aria-label="查询结果">
          <thead>
            <tr>
              {structure.map((item) => (
                <th key={item.id} scope="col" className={isNumber(item) ? 'tc-right' : undefined}>
                  {headingOf(item)}
                  {item.masked && <span className="tc-muted">（脱敏）</span>}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {records.map((record, place) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: what identifies a record may be masked
              <tr key={offset + place}>
                {structure.map((item) => (
                  <td key={item.id} className={isNumber(item) ? 'tc-right' : undefined}>
                    <RecordValue item={item} value={record[item.id] ?? null} />
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </Sideways>
      <p className="tc-row-acts">
        <Button size="small" disabled={offset === 0 || busy} onClick={() => onPage(Math.max(0, offset - pageSize))}>
          上一页
        </Button>
        <Button size="small" disabled={offset + records.length >= total || busy} onClick={() => onPage(offset + pageSize)}>
          下一页
        </Button>
      </p>
    </Section>
  )
}
