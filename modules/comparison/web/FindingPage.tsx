import { apiPost } from '@tongchou/api-client'
import { ActError, CaseStanding, CivilDate, Facts, Figures, Moment, Page, QueryView, Section, Sideways, useAct, useApi } from '@tongchou/ui'
import { Button } from 'antd'
import { Link, useParams } from 'react-router'
import { findingKindWords, findingStateWords, outcomeWords } from '../words.ts'
import type { Finding, FindingRecords, ShownRecords } from './comparison-api.ts'
import { findingTones } from './FindingsPage.tsx'
import './comparison.css'

/** One finding: what speaks against it, where it stands, and the records of both sides beside each other. */
export function FindingPage() {
  const { id = '' } = useParams()
  const query = useApi<Finding>(`/api/v1/comparison-findings/${id}`)
  return (
    <QueryView query={query} what="比对结果" page>
      {(finding) => (
        <Page
          title={`${finding.comparison.title}：${finding.key ?? finding.grounds[0]?.title ?? ''}`}
          state={{ text: findingStateWords[finding.state], tone: findingTones[finding.state] }}
          lead={`${findingKindWords[finding.kind]} · 第 ${finding.number} 号结果`}
          breadcrumb={[{ label: '比对结果', href: '/comparison-findings' }, { label: `第 ${finding.number} 号` }]}
        >
          <Figures
            items={[
              { label: '办理单位', value: finding.org.name },
              { label: '办理期限', value: finding.dueOn ? <CivilDate value={finding.dueOn} /> : '未转办' },
              {
                label: finding.kind === 'group' ? '处理结果' : '校核答复',
                value: finding.outcome ? outcomeWords[finding.outcome] : '尚未答复',
              },
            ]}
          />
          <Grounds finding={finding} />
          <Section title="办理情况">
            {finding.runs.goneId !== null && (
              <p>
                <Link to={`/comparison-runs/${finding.runs.goneId}`}>最近一次比对</Link>已不再发现。
              </p>
            )}
            {finding.isAgain && <p>办理后再次比对仍然发现。</p>}
            <CaseStanding cases={finding.cases} />
            {finding.cases.length === 0 && <p className="tc-muted">尚未转办。由市大数据中心在比对任务中转办。</p>}
            <Facts
              items={[
                {
                  label: '首次发现',
                  value: (
                    <Link to={`/comparison-runs/${finding.runs.firstId}`}>
                      <Moment at={finding.foundAt} />
                    </Link>
                  ),
                },
                { label: '办理人', value: finding.handledBy ?? '尚未办理' },
                { label: '办理时间', value: finding.handledAt ? <Moment at={finding.handledAt} /> : '尚未办理' },
                { label: '理由', value: finding.outcomeReason ?? '尚未办理', wide: true },
              ]}
            />
          </Section>
          <Records id={id} />
        </Page>
      )}
    </QueryView>
  )
}

function Grounds({ finding }: { finding: Finding }) {
  return (
    <Section title={finding.kind === 'group' ? '不符合条件的情形' : '质疑和建议'}>
      <ul className="tc-grounds">
        {finding.details.map((one) => (
          <li key={one.id}>
            {one.title}
            {one.measured !== null && `：${one.measured}`}
            <p className="tc-muted">
              依据：{one.basis.text}
              {!one.basis.verified && '（未核对原文）'}
            </p>
          </li>
        ))}
      </ul>
      {finding.proposal !== null && <p>建议：{finding.proposal}</p>}
    </Section>
  )
}

/** Asked for by a press and not with the page: each look at a person's record is written down. */
function Records({ id }: { id: string }) {
  const asking = useAct((_: null) => apiPost<FindingRecords>(`/api/v1/comparison-findings/${id}/records`, {}))
  const answer = asking.data
  return (
    <Section title="双方记录">
      {!answer && (
        <>
          <p className="tc-muted">只列办理所需的信息项，他单位的按目录脱敏。查看记入查阅留痕。</p>
          <Button loading={asking.isPending} onClick={() => asking.mutate(null)}>
            查看双方记录
          </Button>
        </>
      )}
      <ActError act="查看双方记录" error={asking.error} />
      {answer && (
        <div className="tc-sides">
          <section aria-label="本方记录">
            {answer.left.map((one) => (
              <Shown key={one.title} shown={one} heading={one.title} />
            ))}
          </section>
          <section aria-label="对方记录">
            {answer.right.map((one) => (
              <Shown key={one.ground} shown={one} heading={`${one.title}（${one.ground}）`} />
            ))}
          </section>
        </div>
      )}
    </Section>
  )
}

function Shown({ shown: { structure, marked, records }, heading }: { shown: ShownRecords; heading: string }) {
  return (
    <Sideways label={heading}>
      <table className="tc-table tc-side" aria-label={heading}>
        <caption>{heading}</caption>
        <tbody>
          {structure.map(({ id, title, masked }) => (
            <tr key={id} className={marked.includes(id) ? 'tc-differs' : undefined}>
              <th scope="row">
                {title}
                {masked && <span className="tc-muted">（脱敏）</span>}
                {marked.includes(id) && <span className="tc-mark">比对项</span>}
              </th>
              {records.map(({ values }, place) => (
                // biome-ignore lint/suspicious/noArrayIndexKey: what identifies a record may be masked or left out
                <td key={place}>{values[id] ?? <span className="tc-muted">空</span>}</td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
      {records.length === 0 && <p className="tc-muted">该记录已不在登记中。</p>}
    </Sideways>
  )
}
