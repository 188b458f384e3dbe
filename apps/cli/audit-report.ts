import { sm2Fingerprint } from '@tongchou/evidence'
import type { ChainBreak, ChainReport } from '@tongchou/kernel'

const rowReasons = {
  'missing-seal': '该位置缺失',
  'missing-row': '该位置的记录已被删除',
  hash: '该位置的记录与散列值不符',
  'kept-head': '与库内保存的链头不符',
  'outside-head': '与外部保存的链头不符',
  'before-cut': '归档位置之前仍有记录',
  batch: '至该位置的一批记录与存证树中的摘要不符',
  uncovered: '该位置的记录不在存证树中，其后的记录却在',
} as const satisfies Partial<Record<ChainBreak, string>>

/** Counted in leaves of the tree, not in rows of the log. */
const leafReasons = {
  'missing-place': '该叶缺失',
  'missing-leaf': '该叶的内容已被删除',
  leaf: '该叶的内容与存证树不符',
  'signed-head': '与库内保存的签名头不符',
  'head-signature': '库内保存的签名头，签名不成立',
  'outside-signed-head': '与外部保存的签名头不符',
  'outside-signature': '外部保存的签名头不符，且其签名不成立：外部文件可能被改动',
} as const satisfies Partial<Record<ChainBreak, string>>

/** What a verification found, as the command prints it. */
export function textOf(report: ChainReport): string {
  return `${[...verdictOf(report), ...comparedOf(report), ...restOf(report)].join('\n')}\n`
}

function verdictOf({ firstBad, verified, head, tree }: ChainReport): string[] {
  const lines = firstBad
    ? [`审计日志不成立：${placeOf(firstBad)}。`, `此前 ${verified} 条成立。`]
    : [`审计日志成立，共校验 ${verified} 条。`]
  if (head) lines.push(`${firstBad ? '最后成立的位置' : '链头'}：${head.position} ${head.hash}`)
  if (!tree) return lines
  lines.push(`存证树${firstBad ? '此前' : '成立，共'} ${tree.leaves} 叶${tree.head ? '' : '，尚无签名头'}。`)
  if (tree.head)
    lines.push(
      `签名头：${tree.head.size} ${tree.head.root}，签署于 ${tree.head.at}`,
      `签名公钥指纹（SM3）：${sm2Fingerprint(tree.head.publicKey)}`,
    )
  return lines
}

function placeOf({ position, reason }: NonNullable<ChainReport['firstBad']>): string {
  if (Object.hasOwn(leafReasons, reason)) return `存证树第 ${position} 叶，${leafReasons[reason as keyof typeof leafReasons]}`
  return `位置 ${position}，${rowReasons[reason as keyof typeof rowReasons]}`
}

function comparedOf({ outsideHeads, tree }: ChainReport): string[] {
  const compared = outsideHeads.compared + (tree?.outsideHeads ?? 0)
  const lines = [`比对外部链头 ${compared} 个${compared === 0 ? '；没有外部链头时，整体改写和截尾无法发现' : ''}。`]
  if (outsideHeads.beforeCut > 0) lines.push(`归档位置之前的外部链头 ${outsideHeads.beforeCut} 个，须用归档包比对。`)
  return lines
}

function restOf({ cut, unsealed, unattested, tree, late }: ChainReport): string[] {
  const lines: string[] = []
  if (cut) lines.push(`位置 ${cut.position} 及以前已归档，归档包 SM3：${cut.packageDigest}`)
  if (unsealed > 0) lines.push(`尚未入链 ${unsealed} 条。`)
  if (unattested > 0) lines.push(`已入链、尚未写入存证树 ${unattested} 条。`)
  const unsigned = tree ? tree.leaves - (tree.head?.size ?? 0) : 0
  if (unsigned > 0) lines.push(`尚未签名 ${unsigned} 叶。`)
  if (late.count > 0) lines.push(`记录时间早于前一条十五分钟以上的 ${late.count} 条，首条位置 ${late.firstPosition}。`)
  return lines
}
