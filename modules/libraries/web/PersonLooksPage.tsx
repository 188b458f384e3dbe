import { apiPost, type ListPage } from '@tongchou/api-client'
import { purposeWords } from '@tongchou/metadata'
import { ActError, Empty, Forbidden, holdsDuty, Moment, Page, Section, useAct, useSession } from '@tongchou/ui'
import { Button, Input } from 'antd'
import { type FormEvent, useId, useState } from 'react'
import { lookReaders, type PersonLook } from './libraries-api.ts'
import './libraries.css'

const title = '谁查看了个人数据'

/** 谁查看了个人数据: which office looked at which record about a person, when and what for; asked by the auditor for who wants to know. */
export function PersonLooksPage() {
  const session = useSession()
  if (!holdsDuty(session, lookReaders))
    return (
      <Page title={title}>
        <Forbidden duty={lookReaders} act="查谁查看了个人数据" />
      </Page>
    )
  return (
    <Page title={title} lead="当事人持身份证件申请查询时，由审计人员核实身份后代为查询。查询本身也记入审计日志。">
      <Looks />
    </Page>
  )
}

function Looks() {
  const [identifier, setIdentifier] = useState('')
  const id = useId()
  const asking = useAct((cursor: string | null) =>
    apiPost<ListPage<PersonLook>>('/api/v1/record-looks/search', {
      identifier: identifier.trim(),
      limit: 50,
      ...(cursor ? { cursor } : {}),
    }),
  )
  const submit = (event: FormEvent) => {
    event.preventDefault()
    asking.mutate(null)
  }
  const answer = asking.data
  return (
    <>
      <form className="tc-record-query" onSubmit={submit} noValidate>
        <label htmlFor={id}>公民身份号码</label>
        <Input
          id={id}
          style={{ width: 220 }}
          maxLength={18}
          autoComplete="off"
          value={identifier}
          onChange={(event) => setIdentifier(event.target.value)}
        />
        <Button type="primary" htmlType="submit" loading={asking.isPending} disabled={identifier.trim() === ''}>
          查询
        </Button>
        {identifier.trim() === '' && <span className="tc-muted">填写公民身份号码后查询</span>}
      </form>
      <ActError act="查询" error={asking.error} />
      {!answer && !asking.error && <Empty what="尚未查询" hint="查到的每一条写明何单位何人、因何用途、看了哪些信息项。" />}
      {answer?.items.length === 0 && <Empty what="没有查阅记录" hint="此人的数据未被查询过，或基础库中没有此人的数据。" />}
      {answer && answer.items.length > 0 && (
        <Section title="查阅记录">
          <ul className="tc-look-list" aria-label="查阅记录">
            {answer.items.map((look, place) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: two looks may be alike in everything
              <Look key={place} look={look} />
            ))}
          </ul>
          {answer.nextCursor !== null && (
            <Button size="small" loading={asking.isPending} onClick={() => asking.mutate(answer.nextCursor)}>
              更早的记录
            </Button>
          )}
        </Section>
      )}
    </>
  )
}

function Look({ look }: { look: PersonLook }) {
  return (
    <li>
      <p>
        <Moment at={look.at} /> {look.orgName} {look.personName} 查阅“{look.resource}”
      </p>
      <p>
        {purposeWords[look.purpose]}：{look.note}
      </p>
      <p className="tc-muted">
        {look.items.join('、')}
        {look.masked ? '（公民身份号码已脱敏）' : ''}
      </p>
    </li>
  )
}
