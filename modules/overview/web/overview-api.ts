import type { Overview } from '../server/overview.schema.ts'

export type { Overview }

/** Duties that the page is for: those who coordinate, decide and answer for the whole. */
export const leaders = ['vice-mayor', 'city-government', 'big-data-center'] as const

/** One amount on its way from approval to payment. */
export interface MoneyStep {
  label: string
  fen: number
  /** Share of what was approved, in whole per cent; null where nothing was approved. */
  percent: number | null
}

/** 批复, 安排, 合同, 支付: each as a share of what was approved. */
export function moneySteps({ approvedFen, fundedFen, contractedFen, paidFen }: Overview['money']): MoneyStep[] {
  const step = (label: string, fen: number) => ({ label, fen, percent: approvedFen > 0 ? Math.round((fen / approvedFen) * 100) : null })
  return [step('批复概算', approvedFen), step('安排资金', fundedFen), step('签订合同', contractedFen), step('已支付', paidFen)]
}
