// SPDX-License-Identifier: Apache-2.0
import { labelOf } from '../code-list.ts'
import { type Entry, type EntryItem, grades } from '../entry.ts'
import { isBlank } from '../fold.ts'
import { gradeOfImpact, highestGrade } from '../grading.ts'
import { type Hit, hit, undecided, warn } from './finding.ts'
import { nth } from './items.ts'

const isPersonal = ({ sensitivity }: EntryItem) => sensitivity === 'personal' || sensitivity === 'sensitive-personal'
const isSensitive = ({ sensitivity }: EntryItem) => sensitivity === 'sensitive' || sensitivity === 'sensitive-personal'

/** S01: nothing secret comes into this system. */
export function open({ secret, items }: Entry): Hit[] {
  const fix = '不录入本系统，按保密规定管理'
  return [
    ...(secret ? [hit('S01', 'secret', '涉密资源不得编入本目录', fix)] : []),
    ...items.flatMap((item, index) =>
      item.secret ? [hit('S01', `items/${index}/secret`, `${nth(items, index)}：涉密信息项不得编入本目录`, fix)] : [],
    ),
  ]
}

/** 第十五条 保证对敏感数据资源进行脱敏: what is sensitive is said to be and masked. */
export function masked(entry: Entry): Hit[] {
  const { items } = entry
  const hits: Hit[] = []
  if (items.some(isPersonal) && !entry.containsPersonal)
    hits.push(hit('W15', 'containsPersonal', '信息项中有个人信息，没有注明含个人信息', '改为含个人信息'))
  if (items.some(isSensitive) && !entry.containsSensitive)
    hits.push(hit('W15', 'containsSensitive', '信息项中有敏感数据，没有注明含敏感数据', '改为含敏感数据'))
  if (entry.containsSensitive && isBlank(entry.maskingRule))
    hits.push(hit('W15', 'maskingRule', '含敏感数据，没有写明脱敏规则（第十五条）', '写明哪些信息项如何脱敏'))
  items.forEach((item, index) => {
    if (isSensitive(item) && item.masking === null)
      hits.push(hit('W15', `items/${index}/masking`, `${nth(items, index)}：敏感信息项没有脱敏方式（第十五条）`, '请选择脱敏方式'))
  })
  return hits
}

/** G01: a grade, at least as high as the harm it rests on, with its reasons. */
export function graded({ grade, grading }: Entry): Hit[] {
  if (grade === null) return [hit('W15', 'grade', '没有数据分级（第十五条）', '请按影响对象和影响程度定级')]
  if (grading.length === 0) return [warn('G01', 'grading', '没有写明定级理由', '写明影响对象、影响程度和理由')]
  const hits: Hit[] = []
  const least = highestGrade(grading.map(gradeOfImpact))
  if (least !== null && grades.indexOf(grade) < grades.indexOf(least))
    hits.push(
      hit(
        'G01',
        'grade',
        `按定级理由应为${labelOf('grade', least)}，所选${labelOf('grade', grade)}偏低`,
        `就高定为${labelOf('grade', least)}`,
      ),
    )
  grading.forEach(({ object, reason }, index) => {
    if (isBlank(reason))
      hits.push(hit('G01', `grading/${index}/reason`, `${labelOf('gradingObject', object)}的影响没有写明理由`, '写明理由'))
    if (grading.findIndex((one) => one.object === object) < index)
      hits.push(hit('G01', `grading/${index}/object`, `${labelOf('gradingObject', object)}重复`, '每个影响对象只写一行，取最严重的程度'))
  })
  return hits
}

/** Numbers that name one person and nothing else. */
const certain = /(?:公民身份号码|身份证(?:件)?号|居民身份证|护照号|港澳.*通行证号|社会保障号|银行(?:卡|账)号|个人账号|指纹|人脸|虹膜)/
/** What usually concerns a person, and may concern an office. */
const likely = /(?:姓名|家庭住址|户籍地址|居住地址|手机号|个人电话|联系电话|出生日期|民族|婚姻状况|病历|诊断|健康状况)/

/** R13, as far as names tell: data of persons are marked as such. What the data hold is known when they are sampled. */
export function recognised({ items }: Entry): Hit[] {
  const unmarked = items.flatMap((item, index) => (item.sensitivity === 'general' ? [{ item, index }] : []))
  if (unmarked.length === 0) return []
  const hits = unmarked.flatMap(({ item, index }): Hit[] => {
    const at = `items/${index}/sensitivity`
    if (certain.test(item.name)) return [hit('R13', at, `${nth(items, index)}：是个人标识，敏感程度却为一般`, '标为个人信息或敏感个人信息')]
    if (likely.test(item.name))
      return [warn('R13', at, `${nth(items, index)}：可能是个人信息，敏感程度为一般`, '是个人信息的，标明敏感程度')]
    return []
  })
  return [...hits, undecided('R13', 'items', '尚无抽样数据，标为一般的信息项是否含个人信息无法判断', '接入数据后抽样判断')]
}
