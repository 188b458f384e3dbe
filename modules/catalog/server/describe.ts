import { type ClassTree, classPath, isPartlyUnshared, sharingBasis } from '@tongchou/metadata'
import { cycleWords, gradeWords, openingWords, sharingChannelWords, sharingFormWords, sharingWords } from '../words.ts'
import type { Content } from './content.schema.ts'

type Line = readonly [label: string, value: string | null]

/** What a reviewer looks at: how it is shared, opened, graded and protected (WH23-15). */
export function linesOf(content: Content, classes: ClassTree): Line[] {
  const masked = content.items.filter((item) => item.masking !== null).length
  return [
    ['资源摘要', content.abstract],
    ['信息资源分类', content.classCode && classPath(content.classCode, classes)],
    ['更新周期', content.updateCycle && cycleWords[content.updateCycle]],
    ['数据分级', content.grade && gradeWords[content.grade]],
    ['定级理由', content.grading.map(({ reason }) => reason).join('；') || null],
    ['共享类型', content.sharing && `${sharingWords[content.sharing]}${isPartlyUnshared(content) ? '，部分信息项不予共享' : ''}`],
    ...sharingLines(content),
    ['开放类型', content.opening && openingWords[content.opening]],
    ['信息项', `${content.items.length}项，其中脱敏${masked}项`],
    ...unsharedLines(content),
    ['脱敏规则', content.maskingRule],
  ]
}

function sharingLines({ sharing, sharingCondition, sharingChannel, sharingForm, basisLaw, basisClause }: Content): Line[] {
  if (sharing === 'none') return [['不予共享依据', basisOf(basisLaw, basisClause)]]
  const way = [sharingChannel && sharingChannelWords[sharingChannel], sharingForm && sharingFormWords[sharingForm]]
    .filter(Boolean)
    .join('，')
  return [...(sharing === 'conditional' ? [['共享条件', sharingCondition] as const] : []), ['共享方式', way || null]]
}

/** 部分信息项不予共享: which, and by what law. */
function unsharedLines(content: Content): Line[] {
  if (!isPartlyUnshared(content)) return []
  const unshared = content.items.filter((item) => item.sharing === 'none')
  return [['不予共享的信息项', unshared.map((item) => `${item.name}（${basisOf(item.basisLaw, item.basisClause)}）`).join('；')]]
}

/** A law of the library with its clause, as it is written. */
export function basisOf(law: string | null, clause: string | null): string {
  return `${sharingBasis(law)?.title ?? law ?? ''}${clause ?? ''}`
}
