// SPDX-License-Identifier: Apache-2.0
import { Empty, formatWan, Section } from '@tongchou/ui'
import { Radio } from 'antd'
import { useSearchParams } from 'react-router'
import { Precheck } from './ActParts.tsx'
import { BeginForm } from './BeginAct.tsx'
import type { ProcedureStart, Project } from './project-api.ts'

/** Asks for one agreed payment (申请支付). Which one is in the address. */
export function PaymentAct({ project, start }: { project: Project; start: ProcedureStart }) {
  const [params, setParams] = useSearchParams()
  const open = project.contracts.flatMap((contract) =>
    contract.terms
      .filter(({ payment }) => payment === null || payment.state === 'refused' || payment.state === 'withdrawn')
      .map((term) => ({ key: `${contract.id} ${term.lineNo}`, contract, term })),
  )
  const chosen = open.find(({ contract, term }) => params.get('contractId') === contract.id && params.get('lineNo') === String(term.lineNo))
  if (open.length === 0) return <Empty what="没有可申请的付款" hint="各期付款均已申请或者已经支付。" />
  const choose = (key: string) => {
    const next = open.find((one) => one.key === key)
    if (next) setParams({ contractId: next.contract.id, lineNo: String(next.term.lineNo) }, { replace: true })
  }
  return (
    <BeginForm
      project={project}
      start={start}
      title="申请支付"
      submit="提交支付申请"
      path={`/api/v1/projects/${project.id}/payments`}
      extra={chosen ? { contractId: chosen.contract.id, lineNo: chosen.term.lineNo } : {}}
      lacks={chosen ? [] : ['付款期次']}
    >
      <Precheck project={project} guard="payment.release" title="支付" />
      <Section title="付款期次">
        <Radio.Group
          className="tc-stack"
          aria-label="付款期次"
          value={chosen?.key ?? null}
          onChange={(event) => choose(event.target.value)}
          options={open.map(({ key, contract, term }) => ({
            value: key,
            label: `${contract.number} 第 ${term.lineNo} 期：${term.title}，${formatWan(term.amountFen)} 万元`,
          }))}
        />
      </Section>
    </BeginForm>
  )
}
