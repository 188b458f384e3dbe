// SPDX-License-Identifier: Apache-2.0
import { CivilDate, Facts, Money, Section, Sideways, StateWord } from '@tongchou/ui'
import type { ReactNode } from 'react'
import { Link } from 'react-router'
import { actHref } from './project-acts.ts'
import type { Contract, ContractTerm, Project } from './project-api.ts'
import { budgetCategoryWords, paymentStateWords } from './words.ts'

/** The three numbers that matter: what it may cost, what was contracted, what was paid. */
export function figuresOf({ money, contracts }: Project): { label: string; value: ReactNode }[] {
  return [
    money.approvedFen === null
      ? { label: '申报投资（概算未批复）', value: <Money fen={money.budgetFen} /> }
      : { label: '批复概算', value: <Money fen={money.approvedFen} /> },
    { label: '合同金额', value: contracts.length === 0 ? '未签订' : <Money fen={money.contractedFen} /> },
    {
      label: money.held ? '已支付（暂缓支付）' : '已支付',
      value: (
        <>
          <Money fen={money.paidFen} /> {money.contractedFen > 0 && <small>占合同 {share(money.paidFen, money.contractedFen)}</small>}
        </>
      ),
    },
  ]
}

function share(part: number, whole: number): string {
  return `${Math.round((part / whole) * 100)}%`
}

/** Money of a project: approved, scheduled, contracted, paid, held; contracts with their agreed payments. */
export function MoneySection({ project }: { project: Project }) {
  const { money, tender } = project
  return (
    <Section title="资金">
      {money.held && (
        <p>
          <StateWord text="暂缓支付" tone="bad" /> 已有暂缓支付的决定，整改确认完成后恢复。
          <Link to={`/problems?projectId=${project.id}`}>查看决定和整改</Link>
        </p>
      )}
      <Facts
        items={[
          { label: '申报投资', value: <Money fen={money.budgetFen} /> },
          { label: '批复概算', value: money.approvedFen === null ? '尚未批复' : <Money fen={money.approvedFen} /> },
          { label: '已安排资金', value: money.fundedFen === null ? '尚未安排' : <Money fen={money.fundedFen} /> },
          { label: '合同金额', value: project.contracts.length === 0 ? '未签订' : <Money fen={money.contractedFen} /> },
          { label: '支付审核中', value: <Money fen={money.requestedFen} /> },
          { label: '已支付', value: <Money fen={money.paidFen} /> },
          ...(tender
            ? [
                { label: '中标单位', value: tender.winner },
                { label: '中标金额', value: <Money fen={tender.amountFen} /> },
                { label: '公告编号', value: tender.noticeNumber },
                { label: '开标日期', value: <CivilDate value={tender.openedOn} /> },
              ]
            : []),
        ]}
      />
      <BudgetTable project={project} />
      <h3 className="tc-subhead">合同与付款约定</h3>
      {project.contracts.length === 0 && <p className="tc-muted">尚未签订合同。招标采购办结后，合同和付款约定列在这里。</p>}
      {project.contracts.map((contract) => (
        <ContractTable key={contract.id} project={project} contract={contract} />
      ))}
    </Section>
  )
}

function BudgetTable({ project }: { project: Project }) {
  return (
    <Sideways label="申报投资明细" className="tc-budget">
      <table className="tc-table">
        <caption>申报投资明细</caption>
        <thead>
          <tr>
            <th scope="col">名称</th>
            <th scope="col">类别</th>
            <th scope="col" className="tc-right">
              金额（万元）
            </th>
          </tr>
        </thead>
        <tbody>
          {project.budgetLines.map((line, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: lines have no id and are not reordered here
            <tr key={index}>
              <td>{line.title}</td>
              <td>{budgetCategoryWords[line.category]}</td>
              <td className="tc-right">
                <Money fen={line.amountFen} unit={false} />
              </td>
            </tr>
          ))}
        </tbody>
        <tfoot>
          <tr>
            <th scope="row" colSpan={2}>
              合计
            </th>
            <td className="tc-right">
              <Money fen={project.budgetFen} unit={false} />
            </td>
          </tr>
          <tr>
            <th scope="row" colSpan={2}>
              年运维费
            </th>
            <td className="tc-right">
              <Money fen={project.omCostFen} unit={false} />
            </td>
          </tr>
        </tfoot>
      </table>
    </Sideways>
  )
}

function ContractTable({ project, contract }: { project: Project; contract: Contract }) {
  return (
    <Sideways label={`合同 ${contract.number}`}>
      <table className="tc-table">
        <caption>
          合同 {contract.number}，<Link to={`/enterprises/${contract.enterpriseId}`}>{contract.supplier}</Link>，
          <CivilDate value={contract.signedOn} /> 签订，金额 <Money fen={contract.amountFen} />
        </caption>
        <thead>
          <tr>
            <th scope="col">期次</th>
            <th scope="col">付款约定</th>
            <th scope="col" className="tc-right">
              金额（万元）
            </th>
            <th scope="col">支付</th>
          </tr>
        </thead>
        <tbody>
          {contract.terms.map((term) => (
            <tr key={term.lineNo}>
              <td>{term.lineNo}</td>
              <td>{term.title}</td>
              <td className="tc-right">
                <Money fen={term.amountFen} unit={false} />
              </td>
              <td>
                <TermStanding project={project} contract={contract} term={term} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </Sideways>
  )
}

function TermStanding({ project, contract, term }: { project: Project; contract: Contract; term: ContractTerm }) {
  const { payment } = term
  const open = payment === null || payment.state === 'refused' || payment.state === 'withdrawn'
  const query = new URLSearchParams({ contractId: contract.id, lineNo: String(term.lineNo) })
  return (
    <>
      {payment ? (
        <StateWord {...(paymentStateWords[payment.state] ?? { text: payment.state })} />
      ) : (
        <span className="tc-muted">未申请</span>
      )}{' '}
      {open && project.acts.includes('request-payment') && (
        <Link to={`${actHref(project.id, 'request-payment')}?${query}`} aria-label={`申请支付：${term.title}`}>
          申请支付
        </Link>
      )}
    </>
  )
}
