import { shareOfFen, sumFen } from '@tongchou/kernel'
import type { ProjectKind, Scale } from './project-seed.ts'
import type { Draw } from './random.ts'

export type BudgetCategory = 'software' | 'hardware' | 'integration' | 'service' | 'supervision' | 'evaluation' | 'reserve' | 'other'

export interface DemoBudgetLine {
  title: string
  category: BudgetCategory
  amountFen: number
}

export interface DemoContract {
  number: string
  supplierId: string
  subject: string
  amountFen: number
  /** Terms add up to the contract, and the first `paidTermCount` of a project's terms are paid. */
  terms: { title: string; amountFen: number }[]
}

export interface DemoMoney {
  budgetLines: DemoBudgetLine[]
  budgetFen: number
  /** A year of operation and maintenance (运维经费). */
  omCostFen: number
  /** What the DRC approves; never more than was asked for. */
  approvedFen: number
  contracts: DemoContract[]
}

// In 万元, from and to. The order of magnitude is that of a city of half a million people.
const ranges: Record<Scale, [from: number, to: number]> = { s: [28, 95], m: [120, 480], l: [600, 1800] }
const FEN_PER_WAN = 1_000_000
/** Estimates are made in whole hundreds of 元. */
const STEP = 10_000

type Part = [title: string, category: BudgetCategory, basisPoints: number]

// The last line takes what the others leave, so that the lines add up to the total exactly.
const buildParts: Part[] = [
  ['应用软件定制开发', 'software', 5200],
  ['云资源适配和安全设备', 'hardware', 1100],
  ['系统集成和接口开发', 'integration', 1400],
  ['数据治理和目录编制', 'service', 800],
  ['工程监理', 'supervision', 400],
  ['等级保护测评和密码应用安全性评估', 'evaluation', 600],
  ['预备费', 'reserve', 500],
]
const fieldParts: Part[] = [
  ['感知和网络设备购置', 'hardware', 5800],
  ['安装调试和线路接入', 'integration', 2400],
  ['数据采集和核实', 'service', 500],
  ['工程监理', 'supervision', 400],
  ['安全测评', 'evaluation', 400],
  ['预备费', 'reserve', 500],
]
const operationParts: Part[] = [
  ['驻场运行维护服务', 'service', 6800],
  ['软件许可续费', 'software', 1200],
  ['备品备件', 'hardware', 800],
  ['安全巡检和应急演练', 'evaluation', 700],
  ['其他', 'other', 500],
]
const purchaseParts: Part[] = [
  ['服务采购', 'service', 9000],
  ['服务质量考核', 'evaluation', 600],
  ['其他', 'other', 400],
]

const suppliers = [
  'contractor-shuyun',
  'contractor-hetao',
  'contractor-huanghe',
  'contractor-ganderi',
  'contractor-zhuozi',
  'contractor-saishang',
]

const termParts: [title: string, basisPoints: number][] = [
  ['合同签订后预付', 3000],
  ['初步验收后支付', 3000],
  ['终验合格后支付', 3500],
  ['质量保证期满后支付', 500],
]

/** Budget, approval and contracts of one project; every sum is exact in 分. */
export function demoMoney(
  draw: Draw,
  { kind, scale, isField, year, serial }: { kind: ProjectKind; scale: Scale; isField: boolean; year: number; serial: number },
): DemoMoney {
  const [from, to] = ranges[scale]
  const total = floorTo(from * FEN_PER_WAN + draw.integer((to - from) * 100) * (FEN_PER_WAN / 100), STEP)
  const budgetLines = linesOf(total, partsOf(kind, isField))
  const approvedFen = floorTo(shareOfFen(total, 9400 + draw.integer(7) * 100), STEP)
  return {
    budgetLines,
    budgetFen: sumFen(budgetLines.map(({ amountFen }) => amountFen)),
    omCostFen: kind === 'operation' ? total : floorTo(shareOfFen(total, 700 + draw.integer(6) * 100), STEP),
    approvedFen,
    contracts: contractsOf(draw, { scale, approvedFen, year, serial, supervisionFen: amountIn(budgetLines, 'supervision') }),
  }
}

function partsOf(kind: ProjectKind, isField: boolean): Part[] {
  if (kind === 'operation') return operationParts
  if (kind === 'purchase') return purchaseParts
  return isField ? fieldParts : buildParts
}

function linesOf(total: number, parts: readonly Part[]): DemoBudgetLine[] {
  let left = total
  return parts.map(([title, category, basisPoints], index) => {
    const amountFen = index === parts.length - 1 ? left : floorTo(shareOfFen(total, basisPoints), STEP)
    left -= amountFen
    return { title, category, amountFen }
  })
}

function contractsOf(
  draw: Draw,
  {
    scale,
    approvedFen,
    year,
    serial,
    supervisionFen,
  }: { scale: Scale; approvedFen: number; year: number; serial: number; supervisionFen: number },
): DemoContract[] {
  // A large project has a supervising engineer of its own (工程监理); the rest of the approved sum goes to who builds.
  const withSupervision = scale === 'l' && supervisionFen > 0
  const supervision = withSupervision ? shareOfFen(supervisionFen, 9200) : 0
  const number = (letter: string) => `WHXX-${year}-${String(serial).padStart(3, '0')}${letter}`
  const main = shareOfFen(approvedFen - supervision, 9000 + draw.integer(90) * 10)
  return [
    contract(number('A'), draw.pick(suppliers), '建设和服务', main),
    ...(withSupervision ? [contract(number('B'), 'contractor-mingjian', '工程监理', supervision)] : []),
  ]
}

function contract(number: string, supplierId: string, subject: string, amountFen: number): DemoContract {
  let left = amountFen
  const terms = termParts.map(([title, basisPoints], index) => {
    const termFen = index === termParts.length - 1 ? left : shareOfFen(amountFen, basisPoints)
    left -= termFen
    return { title, amountFen: termFen }
  })
  return { number, supplierId, subject, amountFen, terms }
}

function amountIn(lines: readonly DemoBudgetLine[], category: BudgetCategory): number {
  return sumFen(lines.filter((line) => line.category === category).map(({ amountFen }) => amountFen))
}

function floorTo(fen: number, step: number): number {
  return fen - (fen % step)
}
