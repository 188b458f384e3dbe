import { Moment, StateWord, useApi } from '@tongchou/ui'
import { Link } from 'react-router'
import { type Chain, stateWords } from './audit-api.ts'

/** How the chain stands, in one line above the list. */
export function ChainLine() {
  const { data: chain } = useApi<Chain>('/api/v1/audit/chain')
  if (!chain) return null
  const last = chain.lastVerification
  return (
    <p className="tc-audit-chain">
      <Link to="/audit/chain">日志链</Link> 已入链 {chain.position} 条{chain.unsealed > 0 && `，待入链 ${chain.unsealed} 条`}。
      {last ? (
        <>
          最近校验 <Moment at={last.requestedAt} text /> <StateWord text={stateWords[last.state].text} tone={stateWords[last.state].tone} />
        </>
      ) : (
        '尚未校验。'
      )}
    </p>
  )
}
