import type { ReceiptReport, Step } from '@tongchou/evidence'
import { Facts, StateWord, type Tone } from '@tongchou/ui'
import { contentOf } from './receipt-content.ts'

const outcomes: Readonly<Record<Step['outcome'], { text: string; tone: Tone }>> = {
  holds: { text: '成立', tone: 'good' },
  fails: { text: '不成立', tone: 'bad' },
  unchecked: { text: '未比对', tone: 'soon' },
}

/** What a receipt says, and each step of its proof with what was worked out. */
export function ReceiptSteps({ report, content = true }: { report: ReceiptReport; content?: boolean }) {
  return (
    <>
      <p className={report.holds ? 'tc-evidence-holds' : 'tc-evidence-fails'} role="status">
        {report.says}
      </p>
      <ol className="tc-evidence-steps" aria-label="校验步骤">
        {report.steps.map((step) => (
          <li key={step.name}>
            <div className="tc-evidence-step">
              <strong>{step.title}</strong> <StateWord text={outcomes[step.outcome].text} tone={outcomes[step.outcome].tone} />
            </div>
            <p>{step.says}</p>
            {step.computed && <p className="tc-evidence-hash">{step.computed}</p>}
          </li>
        ))}
      </ol>
      {content && report.receipt && <ReceiptContent report={report} />}
    </>
  )
}

/** What happened, in the words that were hashed. Of a receipt that does not hold it is only what the file claims. */
export function ReceiptContent({ report: { receipt, holds } }: { report: ReceiptReport }) {
  if (!receipt) return null
  const { leaf, proof, head } = receipt
  return (
    <>
      <h3>{holds ? '凭证内容' : '凭证所称内容（未经证明）'}</h3>
      <Facts
        items={[
          ...contentOf(receipt).map(({ label, value }) => ({ label, value: <span className="tc-evidence-text">{value}</span> })),
          { label: '批次', value: `${leaf.kind} ${leaf.subject}` },
          { label: '存证树位置', value: `第 ${proof.index + 1} 叶，共 ${head.size} 叶` },
          { label: '批次摘要（SM3）', value: <span className="tc-evidence-hash">{leaf.digest}</span>, wide: true },
        ]}
      />
    </>
  )
}
