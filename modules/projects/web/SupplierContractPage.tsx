// SPDX-License-Identifier: Apache-2.0
import { apiPost } from '@tongchou/api-client'
import {
  ActForm,
  ArticleChip,
  type Attachment,
  AttachmentDrop,
  CivilDate,
  Figures,
  field,
  Money,
  Page,
  QueryView,
  SecrecyQuestion,
  Section,
  Sideways,
  StateWord,
  TimeLeft,
  type Tone,
  useApi,
} from '@tongchou/ui'
import { useState } from 'react'
import { useParams } from 'react-router'
import { termStateNames } from '../words.ts'
import { ReportList } from './SupplierReports.tsx'
import type { SupplierContract } from './supplier-api.ts'
import { stageWords } from './words.ts'
import './projects.css'

/** A contract for the enterprise's agent (本企业的一份合同): what is agreed and paid, the milestones, what was handed in. */
export function SupplierContractPage() {
  const { id = '' } = useParams()
  const query = useApi<SupplierContract>(`/api/v1/supplier-contracts/${id}`)
  const contract = query.data
  return (
    <Page
      title={contract ? `合同 ${contract.number}` : '合同'}
      state={contract && stageWords[contract.project.stage]}
      lead={contract && `${contract.project.name}，建设单位${contract.builder.name}，承建单位${contract.supplier}`}
      breadcrumb={[{ label: '本企业的合同', href: '/supplier-contracts' }, { label: contract?.number ?? '详情' }]}
    >
      <QueryView query={query} what="合同" lines={8}>
        {(read) => <Content contract={read} />}
      </QueryView>
    </Page>
  )
}

function Content({ contract }: { contract: SupplierContract }) {
  const paid = contract.terms.filter(({ state }) => state === 'released').reduce((sum, { amountFen }) => sum + amountFen, 0)
  const next = contract.milestones.find(({ doneOn }) => doneOn === null)
  return (
    <>
      <Figures
        items={[
          { label: '合同金额', value: <Money fen={contract.amountFen} /> },
          { label: contract.held ? '已支付（暂缓支付）' : '已支付', value: <Money fen={paid} /> },
          { label: '下一里程碑', value: next ? <CivilDate value={next.dueOn} /> : '无' },
        ]}
      />
      <Terms contract={contract} />
      <Milestones contract={contract} />
      <Section title="报送材料">
        {contract.obstacle === null ? <HandIn contract={contract} /> : <p className="tc-muted">{contract.obstacle}</p>}
      </Section>
      <Section title="已报送">
        {contract.reports.length === 0 ? (
          <p className="tc-muted">尚未报送。报送后由建设单位接收或退回，结果以消息告知。</p>
        ) : (
          <ReportList reports={contract.reports} />
        )}
      </Section>
    </>
  )
}

const termTones: Readonly<Record<SupplierContract['terms'][number]['state'], Tone | undefined>> = {
  open: undefined,
  requested: 'soon',
  released: 'good',
  refused: 'bad',
}

function Terms({ contract }: { contract: SupplierContract }) {
  return (
    <Section title="付款约定">
      {contract.held && (
        <p>
          <StateWord text="暂缓支付" tone="bad" /> 已决定暂缓支付本项目资金，直至整改落实。 <ArticleChip article="WH23-20" />
        </p>
      )}
      <Sideways label="各期付款">
        <table className="tc-table" aria-label="付款约定">
          <thead>
            <tr>
              <th scope="col">期次</th>
              <th scope="col" className="tc-right">
                金额（万元）
              </th>
              <th scope="col">支付</th>
            </tr>
          </thead>
          <tbody>
            {contract.terms.map((term) => (
              <tr key={term.lineNo}>
                <td>{term.title}</td>
                <td className="tc-right">
                  <Money fen={term.amountFen} unit={false} />
                </td>
                <td>
                  <StateWord text={termStateNames[term.state]} tone={termTones[term.state]} />{' '}
                  {term.releasedAt && <CivilDate value={term.releasedAt} table />}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </Sideways>
    </Section>
  )
}

function Milestones({ contract }: { contract: SupplierContract }) {
  return (
    <Section title="里程碑">
      {contract.milestones.length === 0 ? (
        <p className="tc-muted">建设单位尚未设定里程碑。</p>
      ) : (
        <ul className="tc-plain-list">
          {contract.milestones.map((one) => (
            <li key={one.id}>
              {one.title}，计划 <CivilDate value={one.dueOn} />
              {one.doneOn === null ? (
                <>
                  {' '}
                  <TimeLeft dueOn={one.dueOn} />
                </>
              ) : (
                <>
                  ，<CivilDate value={one.doneOn} /> 完成 <StateWord text="已完成" tone="good" />
                </>
              )}
            </li>
          ))}
        </ul>
      )}
    </Section>
  )
}

function HandIn({ contract }: { contract: SupplierContract }) {
  const path = `/api/v1/supplier-contracts/${contract.id}/reports`
  // Handed in, the form begins anew with the question.
  const [round, setRound] = useState(0)
  return (
    <SecrecyQuestion key={round} what="材料" onYes={() => apiPost(path, { secrecy: true, text: '涉密' })}>
      {() => <ReportForm contract={contract} path={path} onDone={() => setRound(round + 1)} />}
    </SecrecyQuestion>
  )
}

function ReportForm({ contract, path, onDone }: { contract: SupplierContract; path: string; onDone: () => void }) {
  const [files, setFiles] = useState<readonly Attachment[]>([])
  const open = contract.milestones.filter(({ doneOn }) => doneOn === null)
  return (
    <ActForm
      act="报送"
      fields={[
        ...(open.length === 0
          ? []
          : [
              field('milestoneId', '所属里程碑', {
                type: 'choice',
                choices: open.map((one) => ({ value: one.id, title: one.title })),
                required: false,
                help: '不选的，作为施工进展报送。',
              }),
            ]),
        field('text', '说明', { type: 'prose', maxLength: 4000, help: '完成情况、存在问题和所附材料。材料应真实、完整。' }),
      ]}
      send={(data, key) => apiPost(path, { secrecy: false, ...data, files: files.map(({ id }) => id) }, { idempotencyKey: key })}
      onDone={onDone}
    >
      <p>
        报送后由建设单位{contract.builder.name}接收或退回。 <ArticleChip article="WH23-13" /> <ArticleChip article="WH23-18" />
      </p>
      <AttachmentDrop value={files} onChange={setFiles} label="所附材料" fields={{ secrecy: 'false' }} />
    </ActForm>
  )
}
