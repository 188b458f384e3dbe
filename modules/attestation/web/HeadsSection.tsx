import { apiGet, apiPost, type ListPage } from '@tongchou/api-client'
import { fromBase64, fromHex, headVerifier, isConsistent, type SignedHead, sm3, treeHash } from '@tongchou/evidence'
import { ActError, Moment, QueryView, reasonOf, Section, Sideways, saveFile, useAct, useApi } from '@tongchou/ui'
import { Button } from 'antd'
import { type ChangeEvent, useRef, useState } from 'react'
import type { Consistency } from './evidence-api.ts'
import { readSignedHeads } from './held-heads.ts'

const lineOf = (head: SignedHead) => `${JSON.stringify(head)}\n`

/** 签名头: for somebody else to hold, and to be compared again when they bring one back. */
export function HeadsSection() {
  const heads = useApi<ListPage<SignedHead>>('/api/v1/evidence/heads', { limit: 20 })
  const take = useAct(async (_: null, key) => {
    const head = await apiPost<SignedHead>('/api/v1/evidence/heads', undefined, { idempotencyKey: key })
    saveFile(`签名头-${head.size}.jsonl`, lineOf(head))
    return head
  })
  return (
    <Section
      title="签名头"
      extra={
        <Button loading={take.isPending} onClick={() => take.mutate(null)}>
          取得当前签名头
        </Button>
      }
    >
      <p>签名头应由数据库管理员不能改写的其他单位保存。持有签名头的，以后可以发现此前任何一处改动。</p>
      <ActError act="取得签名头" error={take.error} />
      <HeldHead />
      <QueryView
        query={heads}
        what="签名头"
        isEmpty={({ items }) => items.length === 0}
        empty={<p className="tc-muted">尚无签名头，记录写入后十秒内签署。</p>}
      >
        {({ items }) => (
          <>
            <p>
              <Button onClick={() => saveFile(`签名头-${items[0]?.size ?? 0}.jsonl`, items.map(lineOf).join(''))}>下载所列签名头</Button>
            </p>
            <HeadTable items={items} />
          </>
        )}
      </QueryView>
    </Section>
  )
}

function HeadTable({ items }: { items: readonly SignedHead[] }) {
  return (
    <Sideways label="最近的签名头">
      <table className="tc-table tc-evidence-table" aria-label="最近的签名头">
        <thead>
          <tr>
            <th scope="col">签署时间</th>
            <th scope="col" className="tc-right">
              叶数
            </th>
            <th scope="col">树根（SM3）</th>
            <th scope="col">保存</th>
          </tr>
        </thead>
        <tbody>
          {items.map((head) => (
            <tr key={head.size}>
              <td>
                <Moment at={head.at} />
              </td>
              <td className="tc-right">{head.size}</td>
              <td className="tc-evidence-hash">{head.root}</td>
              <td>
                <CopyHead head={head} />{' '}
                <Button
                  size="small"
                  aria-label={`下载 ${head.size} 叶的签名头`}
                  onClick={() => saveFile(`签名头-${head.size}.jsonl`, lineOf(head))}
                >
                  下载
                </Button>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </Sideways>
  )
}

function CopyHead({ head }: { head: SignedHead }) {
  const [word, setWord] = useState('复制')
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(lineOf(head))
      setWord('已复制')
    } catch {
      // A page that is not served over TLS has no clipboard.
      setWord('请用下载')
    }
  }
  return (
    <Button size="small" aria-label={`复制 ${head.size} 叶的签名头`} onClick={() => void copy()}>
      {word}
    </Button>
  )
}

type Verdict = { holds: boolean; says: string }

/** 核对所持签名头: whether a head that somebody brings back is the beginning of the log as it is, worked out in the browser. */
function HeldHead() {
  const input = useRef<HTMLInputElement>(null)
  const [verdict, setVerdict] = useState<Verdict | null>(null)
  const [isBusy, setBusy] = useState(false)
  const take = async (event: ChangeEvent<HTMLInputElement>) => {
    const file = event.target.files?.[0]
    event.target.value = ''
    if (!file) return
    setBusy(true)
    setVerdict(await judge(await file.text()))
    setBusy(false)
  }
  return (
    <div className="tc-evidence-lookup">
      <span>核对所持签名头</span>
      <Button loading={isBusy} onClick={() => input.current?.click()}>
        选择文件
      </Button>
      <input ref={input} type="file" hidden aria-label="所持签名头" accept=".json,.jsonl,.txt" onChange={(event) => void take(event)} />
      {verdict && (
        <p className={verdict.holds ? 'tc-evidence-holds' : 'tc-evidence-fails'} role="status">
          {verdict.says}
        </p>
      )}
    </div>
  )
}

/** The newest head of the file tells of all before it, so that one is compared. */
async function judge(text: string): Promise<Verdict> {
  const read = readSignedHeads(text)
  if (typeof read === 'string') return { holds: false, says: read }
  const held = read.reduce((newest, head) => (head.size > newest.size ? head : newest))
  const isSigned = headVerifier()
  if (!isSigned(held)) return { holds: false, says: `文件中 ${held.size} 叶的签名头，签名不成立：文件被改动过。` }
  try {
    const { head, path } = await apiGet<Consistency>('/api/v1/evidence/consistency', { query: { size: held.size } })
    if (!isSigned(head)) return { holds: false, says: '平台给出的签名头，签名不成立。请立即校验日志。' }
    const [first, second] = [held, head].map(({ size, root }) => ({ size, root: fromHex(root) }))
    if (first && second && isConsistent(treeHash(sm3), first, second, path.map(fromBase64)))
      return { holds: true, says: `所持 ${held.size} 叶的签名头是当前 ${head.size} 叶的开头部分，此前的记录没有改动。` }
    return {
      holds: false,
      says: `所持 ${held.size} 叶的签名头不是当前 ${head.size} 叶的开头部分：此前的记录被改动过，或该签名头不是本平台的。请立即校验日志。`,
    }
  } catch (error) {
    return { holds: false, says: reasonOf(error) }
  }
}
