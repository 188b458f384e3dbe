import { apiPost, type ListPage } from '@tongchou/api-client'
import {
  ActError,
  Facts,
  Forbidden,
  holdsDuty,
  Moment,
  Page,
  QueryView,
  Section,
  Sideways,
  StateWord,
  saveFile,
  useAct,
  useApi,
  useSession,
} from '@tongchou/ui'
import { Button } from 'antd'
import { type ChangeEvent, useEffect, useRef, useState } from 'react'
import { breakWords, type Chain, type Head, keepers, readers, stateWords, type Verification, verifiers } from './audit-api.ts'
import { readHeads } from './heads-file.ts'
import { KeepingSections } from './KeepingSections.tsx'
import './audit.css'

/** 日志完整性: how the chain stands, verifying it, and heads for others to hold. */
export function ChainPage() {
  const session = useSession()
  const allowed = holdsDuty(session, readers)
  const chain = useApi<Chain>(allowed ? '/api/v1/audit/chain' : null)
  if (!allowed) {
    return (
      <Page title="日志完整性">
        <Forbidden duty={readers} act="查看日志完整性" />
      </Page>
    )
  }
  return (
    <Page
      title="日志完整性"
      lead="每条审计记录按次序入链（SM3）。改动、删除、插入任何一条，其后的散列值均不成立；由外部保存链头的，整体改写和截尾也能发现。"
    >
      <QueryView query={chain} what="日志链">
        {(state) => (
          <>
            <Section title="日志链">
              <Facts
                items={[
                  { label: '已入链', value: `${state.position} 条` },
                  { label: '待入链', value: `${state.unsealed} 条` },
                  { label: '最近保存链头', value: state.lastSealedAt ? <Moment at={state.lastSealedAt} /> : '尚未保存' },
                  { label: '链头散列值', value: state.hash && <span className="tc-audit-id">{state.hash}</span>, wide: true },
                ]}
              />
            </Section>
            <VerifySection last={state.lastVerification} mayVerify={holdsDuty(session, verifiers)} mayStop={holdsDuty(session, keepers)} />
            <HeadsSection />
            <KeepingSections mayKeep={holdsDuty(session, keepers)} />
          </>
        )}
      </QueryView>
    </Page>
  )
}

interface VerifyProps {
  last: Verification | null
  mayVerify: boolean
  mayStop: boolean
}

function VerifySection({ last, mayVerify, mayStop }: VerifyProps) {
  const [heads, setHeads] = useState<readonly Head[]>([])
  const [trouble, setTrouble] = useState<string | null>(null)
  const [fileName, setFileName] = useState<string | null>(null)
  const chooser = useRef<HTMLInputElement>(null)
  const begin = useAct((held: readonly Head[], key) => apiPost('/api/v1/audit/verifications', { heads: held }, { idempotencyKey: key }))
  const take = async (event: ChangeEvent<HTMLInputElement>) => {
    setFileName(event.target.files?.[0]?.name ?? null)
    const read = readHeads((await event.target.files?.[0]?.text()) ?? '')
    setHeads(typeof read === 'string' ? [] : read)
    setTrouble(typeof read === 'string' ? read : null)
  }
  return (
    <Section title="校验">
      {last && <Progress key={last.id} begun={last} mayStop={mayStop} />}
      {!last && <p className="tc-muted">尚未校验。</p>}
      {mayVerify && last?.state !== 'running' && (
        <div className="tc-audit-verify">
          <div className="tc-audit-heads">
            <span>外部保存的链头（可选）</span>
            {/* The browser's own chooser speaks the browser's language. */}
            <Button onClick={() => chooser.current?.click()}>选择文件</Button>
            {fileName && <span className="tc-muted">{fileName}</span>}
            <input
              ref={chooser}
              type="file"
              hidden
              aria-label="外部保存的链头"
              accept=".json,.jsonl,.txt"
              onChange={(event) => void take(event)}
            />
          </div>
          {heads.length > 0 && <p>将与 {heads.length} 个链头比对。</p>}
          {trouble && (
            <p className="tc-field-error" role="alert">
              {trouble}
            </p>
          )}
          <ActError act="校验" error={begin.error} />
          <Button type="primary" loading={begin.isPending} onClick={() => begin.mutate(heads)}>
            立即校验
          </Button>
        </div>
      )}
    </Section>
  )
}

/** How far it is; asked again every second while it runs. It goes on when the page is closed. */
function Progress({ begun, mayStop }: { begun: Verification; mayStop: boolean }) {
  const query = useApi<Verification>(`/api/v1/audit/verifications/${begun.id}`)
  const now = query.data ?? begun
  const running = now.state === 'running'
  const { refetch } = query
  useEffect(() => {
    if (!running) return
    const timer = setInterval(() => void refetch(), 1000)
    return () => clearInterval(timer)
  }, [running, refetch])
  const stop = useAct((id: string, key) => apiPost(`/api/v1/audit/verifications/${id}/stop`, undefined, { idempotencyKey: key }))
  const { text, tone } = stateWords[now.state]
  return (
    <div role="status">
      <p>
        <StateWord text={text} tone={tone} /> {now.requestedBy} <Moment at={now.requestedAt} text /> 开始
        {running && `，已校验 ${now.doneCount} 条，共 ${now.totalCount} 条`}
        {running && mayStop && (
          <Button size="small" loading={stop.isPending} onClick={() => stop.mutate(now.id)}>
            停止
          </Button>
        )}
      </p>
      {now.report && <Report report={now.report} />}
    </div>
  )
}

function Report({ report }: { report: NonNullable<Verification['report']> }) {
  const { firstBad, verified, outsideHeads, late } = report
  return (
    <>
      {firstBad ? (
        <p className="tc-audit-bad">
          位置 {firstBad.position}：{breakWords[firstBad.reason] ?? firstBad.reason}。此前 {verified} 条成立。
        </p>
      ) : (
        <p>共校验 {verified} 条，全部成立。</p>
      )}
      <p className="tc-muted">
        比对外部链头 {outsideHeads.compared} 个{outsideHeads.compared === 0 && '；没有外部链头时，整体改写和截尾无法发现'}。
        {late.count > 0 && `记录时间早于前一条十五分钟以上的 ${late.count} 条，首条位置 ${late.firstPosition}。`}
      </p>
    </>
  )
}

function HeadsSection() {
  const heads = useApi<ListPage<Head>>('/api/v1/audit/heads', { limit: 10 })
  const take = useAct(async (_: null, key) => {
    const head = await apiPost<Head>('/api/v1/audit/heads', undefined, { idempotencyKey: key })
    save(head)
    return head
  })
  return (
    <Section
      title="链头"
      extra={
        <Button loading={take.isPending} onClick={() => take.mutate(null)}>
          取得当前链头
        </Button>
      }
    >
      <p>链头应由数据库管理员不能改写的其他单位保存。取得的文件可用于以后的校验。</p>
      <ActError act="取得链头" error={take.error} />
      <QueryView query={heads} what="链头" isEmpty={({ items }) => items.length === 0} empty={<p className="tc-muted">尚未保存链头。</p>}>
        {({ items }) => (
          <Sideways label="最近的链头">
            <table className="tc-table" aria-label="最近的链头">
              <thead>
                <tr>
                  <th scope="col">保存时间</th>
                  <th scope="col" className="tc-right">
                    位置
                  </th>
                  <th scope="col">散列值（SM3）</th>
                </tr>
              </thead>
              <tbody>
                {items.map((head) => (
                  <tr key={head.position}>
                    <td>
                      <Moment at={head.sealedAt} />
                    </td>
                    <td className="tc-right">{head.position}</td>
                    <td className="tc-audit-id">{head.hash}</td>
                  </tr>
                ))}
              </tbody>
            </table>
          </Sideways>
        )}
      </QueryView>
    </Section>
  )
}

/** Hands the head out as a file of one line, which `tongchou audit verify --heads` and this page read. */
function save(head: Head): void {
  saveFile(`审计日志链头-${head.position}.jsonl`, `${JSON.stringify(head)}\n`)
}
