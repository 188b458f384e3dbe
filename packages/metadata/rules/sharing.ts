// SPDX-License-Identifier: Apache-2.0
import { labelOf } from '../code-list.ts'
import type { Entry } from '../entry.ts'
import { isBlank } from '../fold.ts'
import { sharingBasis } from '../sharing-basis.ts'
import type { RuleContext } from './context.ts'
import { type Hit, hit, undecided, warn } from './finding.ts'

/** 元素9 共享属性, R01 and R02: a type; its condition, or its basis in law; and the way it is shared. */
export function shared(entry: Entry): Hit[] {
  const { sharing, sharingCondition } = entry
  if (sharing === null) return [hit('E09', 'sharing', '没有选择共享类型（第十五条）', '请选择共享类型')]
  if (sharing === 'none') return refusal(entry, '')
  const hits: Hit[] = []
  if (sharing === 'conditional' && isBlank(sharingCondition))
    hits.push(hit('R01', 'sharingCondition', '有条件共享没有写明共享条件', '写明在什么条件下向谁共享'))
  return [...hits, ...way(entry), ...basic(entry)]
}

/** R02: a law of the library and a clause; free text is no basis. `at` is the path of the item that is not shared, or nothing. */
export function refusal({ basisLaw, basisClause }: Pick<Entry, 'basisLaw' | 'basisClause'>, at: string): Hit[] {
  const hits: Hit[] = []
  if (isBlank(basisLaw)) hits.push(hit('R02', `${at}basisLaw`, '不予共享没有依据', '从依据库中选择法律、行政法规'))
  else if (!sharingBasis(basisLaw))
    hits.push(hit('R02', `${at}basisLaw`, `所填依据“${basisLaw}”不在依据库内`, '从依据库中选择法律、行政法规'))
  if (isBlank(basisClause)) hits.push(hit('R02', `${at}basisClause`, '不予共享没有写明依据的条款', '写明第几条第几款'))
  return hits
}

/** R07: how it is shared follows from what it is. */
function way({ format, sharingChannel, sharingForm }: Entry): Hit[] {
  if (sharingChannel === null) return [hit('E09', 'sharingChannel', '没有选择共享方式', '请选择共享平台、邮件或介质交换')]
  if (sharingChannel === 'mail') return []
  const forms = sharingChannel === 'platform' ? platformForms : mediaForms
  if (sharingForm === null || !forms.includes(sharingForm))
    return [
      hit(
        'E09',
        'sharingForm',
        `${labelOf('sharingChannel', sharingChannel)}没有选择相应的类型`,
        `请选择${forms.map((one) => labelOf('sharingForm', one)).join('或')}`,
      ),
    ]
  if (sharingChannel !== 'platform' || format === null) return []
  const fitting = formsOf(format)
  if (fitting === undefined || fitting.includes(sharingForm)) return []
  return [
    hit(
      'R07',
      'sharingForm',
      `${labelOf('format', format)}不能以“${labelOf('sharingForm', sharingForm)}”共享`,
      `改选${fitting.map((one) => labelOf('sharingForm', one)).join('或')}`,
    ),
  ]
}

const platformForms: readonly Entry['sharingForm'][] = ['database', 'file', 'interface']
const mediaForms: readonly Entry['sharingForm'][] = ['paper', 'document']

function formsOf(format: NonNullable<Entry['format']>): readonly NonNullable<Entry['sharingForm']>[] | undefined {
  if (format === 'database') return ['database', 'interface']
  if (format === 'service') return ['interface']
  return format === 'self-described' ? undefined : ['file']
}

/** R06: data on population, legal persons, space and certificates are shared without conditions unless a text says otherwise. */
function basic({ classCode, sharing }: Entry): Hit[] {
  if (sharing !== 'conditional' || !/^10[1235]/.test(classCode ?? '')) return []
  return [
    warn(
      'R06',
      'sharing',
      '人口、法人单位、自然资源和空间地理、电子证照的基础信息以无条件共享为原则',
      '改为无条件共享，或在共享条件中写明依据',
    ),
  ]
}

/** 元素10 开放属性, R04 and R05: a type, its condition, and never wider than the sharing. */
export function opened({ sharing, opening, openingCondition }: Entry): Hit[] {
  if (opening === null) return [hit('E10', 'opening', '没有选择开放类型（第十五条）', '请选择开放类型')]
  const hits: Hit[] = []
  if (opening === 'conditional' && isBlank(openingCondition))
    hits.push(hit('R05', 'openingCondition', '有条件开放没有写明开放条件', '写明开放条件；无条件的，改选无条件开放'))
  // What other offices may not have, or have only on conditions, the public cannot have freely.
  if (sharing === 'none' && opening !== 'none') hits.push(hit('R04', 'opening', '不予共享的资源只能不予开放', '改选不予开放'))
  if (sharing === 'conditional' && opening === 'unconditional')
    hits.push(hit('R04', 'opening', '有条件共享的资源不能无条件开放', '改选有条件开放或不予开放'))
  return hits
}

/** R12: what changes from moment to moment needs an interface or a feed of changes. */
export function realtime({ sharing, updateCycle, sharingChannel, sharingForm }: Entry, { channel }: RuleContext): Hit[] {
  if (updateCycle !== 'realtime' || sharing === null || sharing === 'none') return []
  const cannot = sharingChannel === 'mail' || sharingChannel === 'media' || sharingForm === 'file'
  if (cannot) return [hit('R12', 'sharingForm', '实时更新的数据不能以文件、邮件或介质提供', '改选接口或数据库，或更改更新周期')]
  if (channel === undefined) return [undecided('R12', 'updateCycle', '是否已挂接接口或变更推送，此处无法判断', '接入共享交换通道后判断')]
  if (channel === null || channel === 'batch')
    return [hit('R12', 'updateCycle', '更新周期为实时，但没有挂接接口或变更推送', '挂接接口或变更推送，或更改更新周期')]
  return []
}
