import {
  type CodeListName,
  type classes,
  codeLists,
  type cycles,
  type formats,
  type grades,
  type itemTypes,
  type maskings,
  type openings,
  type openLevels,
  type scenarios,
  type sensitivities,
  type sharingChannels,
  type sharingForms,
  type sharings,
  type spatialScopes,
  type withdrawalGrounds,
} from '@tongchou/metadata'

/** The labels of a code list by their values. */
function words<V extends readonly string[]>(list: CodeListName): Readonly<Record<V[number], string>> {
  return Object.fromEntries(codeLists[list].entries.map(({ value, label }) => [value, label])) as Record<V[number], string>
}

// Chinese words of the catalog, as screens, findings and reviewers read them.
export const classWords = words<typeof classes>('class')
export const formatWords = words<typeof formats>('format')
export const cycleWords = words<typeof cycles>('updateCycle')
export const sharingWords = words<typeof sharings>('sharing')
export const sharingChannelWords = words<typeof sharingChannels>('sharingChannel')
export const sharingFormWords = words<typeof sharingForms>('sharingForm')
export const openingWords = words<typeof openings>('opening')
export const openLevelWords = words<typeof openLevels>('openLevel')
export const gradeWords = words<typeof grades>('grade')
export const typeWords = words<typeof itemTypes>('itemType')
export const sensitivityWords = words<typeof sensitivities>('sensitivity')
export const maskingWords = words<typeof maskings>('masking')
export const spatialScopeWords = words<typeof spatialScopes>('spatialScope')
export const scenarioWords = words<typeof scenarios>('scenario')
export const stateWords = {
  draft: '草稿',
  submitted: '已提交审核',
  'signed-off': '保密审查中',
  'secrecy-reviewed': '目录审核中',
  approved: '待登记',
  registered: '已登记',
  returned: '退回修改',
  withdrawn: '已撤销',
} as const
export const withdrawalGroundWords = words<typeof withdrawalGrounds>('withdrawalGround')
export const unsharedScopeWords = { resource: '整个资源', item: '部分信息项' } as const
export const amendmentKindWords = { change: '变更', withdrawal: '撤销' } as const
export const amendmentStateWords = {
  draft: '草稿',
  submitted: '部门审签中',
  'signed-off': '已审签',
  'secrecy-reviewed': '审核中',
  approved: '待发布',
  returned: '退回修改',
  settled: '已生效',
  abandoned: '已撤回',
} as const
export const dutyWords = { handledBy: '经手', usedBy: '使用', managedBy: '管理', archivedBy: '归档', answersFor: '负责' } as const
