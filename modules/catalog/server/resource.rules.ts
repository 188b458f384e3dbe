import { checkSocialCreditCode, type FieldProblem } from '@tongchou/kernel'
import { sharingBasis } from '@tongchou/metadata'
import { dutyWords } from '../words.ts'
import { type Content, dutyNames, type Item, sharings } from './resource.schema.ts'

/** Everything that stands against handing an entry in (WH23-14, WH23-15), each with its field and its cure. Empty: ready. */
export function gapsOf(content: Content): FieldProblem[] {
  return [...identity(content), ...duties(content), ...sharing(content), ...opening(content), ...protection(content), ...items(content)]
}

function identity(content: Content): FieldProblem[] {
  const gaps: FieldProblem[] = []
  const required = { class: '资源属性', format: '资源格式', updateCycle: '更新周期', grade: '数据分级' } as const
  for (const [path, title] of Object.entries(required))
    if (content[path as keyof typeof required] === null) gaps.push({ path, message: `请选择${title}` })
  if (content.abstract.trim() === '') gaps.push({ path: 'abstract', message: '请填写资源摘要' })
  if (content.providerCode === null) gaps.push({ path: 'providerCode', message: '请填写提供方的统一社会信用代码' })
  else {
    const code = checkSocialCreditCode(content.providerCode)
    if (!code.ok) gaps.push({ path: 'providerCode', message: `${code.problem.message}。${code.problem.cure}` })
  }
  return gaps
}

/** WH23-14: who handles, uses, manages, archives and answers for it. */
function duties(content: Content): FieldProblem[] {
  return dutyNames
    .filter((name) => content.duties[name] === null)
    .map((name) => ({ path: `duties/${name}`, message: `请填写由谁${dutyWords[name]}（第十四条）` }))
}

function sharing(content: Content): FieldProblem[] {
  if (content.sharing === null) return [{ path: 'sharing', message: '请选择共享类型（第十五条）' }]
  const gaps: FieldProblem[] = []
  if (content.sharing === 'conditional' && isBlank(content.sharingCondition))
    gaps.push({ path: 'sharingCondition', message: '有条件共享须写明共享条件' })
  if (content.sharing === 'none') {
    if (content.basisLaw === null) gaps.push({ path: 'basisLaw', message: '不予共享须从依据清单中选择法律、行政法规' })
    else if (!sharingBasis(content.basisLaw)) gaps.push({ path: 'basisLaw', message: '所填依据不在依据清单内，请从清单中选择' })
    if (isBlank(content.basisClause)) gaps.push({ path: 'basisClause', message: '不予共享须写明依据的条款' })
  }
  return gaps
}

function opening(content: Content): FieldProblem[] {
  if (content.opening === null) return [{ path: 'opening', message: '请选择开放类型（第十五条）' }]
  if (content.opening === 'conditional' && isBlank(content.openingCondition))
    return [{ path: 'openingCondition', message: '有条件开放须写明开放条件' }]
  // What other offices may not have, or have only on conditions, the public cannot have freely.
  if (content.sharing === 'none' && content.opening !== 'none') return [{ path: 'opening', message: '不予共享的资源只能不予开放' }]
  if (content.sharing === 'conditional' && content.opening === 'unconditional')
    return [{ path: 'opening', message: '有条件共享的资源不能无条件开放' }]
  return []
}

/** WH23-15: 保证对敏感数据资源进行脱敏. */
function protection(content: Content): FieldProblem[] {
  const gaps: FieldProblem[] = []
  if (content.items.some(isPersonal) && !content.containsPersonal)
    gaps.push({ path: 'containsPersonal', message: '信息项中有个人信息，应注明含个人信息' })
  if (content.items.some(isSensitive) && !content.containsSensitive)
    gaps.push({ path: 'containsSensitive', message: '信息项中有敏感数据，应注明含敏感数据' })
  if (content.containsSensitive && isBlank(content.maskingRule))
    gaps.push({ path: 'maskingRule', message: '含敏感数据的资源须写明脱敏规则（第十五条）' })
  return gaps
}

function items(content: Content): FieldProblem[] {
  if (content.items.length === 0) return [{ path: 'items', message: '至少填写一个信息项' }]
  const gaps: FieldProblem[] = []
  if (!content.items.some((item) => item.isKey)) gaps.push({ path: 'items', message: '至少有一个信息项为主键' })
  content.items.forEach((item, index) => {
    gaps.push(...itemGaps(content, item, index))
  })
  return gaps
}

function itemGaps(content: Content, item: Item, index: number): FieldProblem[] {
  const at = (field: keyof Item, rule: string) => ({ path: `items/${index}/${field}`, message: `第${index + 1}项“${item.name}”：${rule}` })
  const gaps: FieldProblem[] = []
  const before = content.items.slice(0, index)
  if (before.some((other) => fold(other.name) === fold(item.name))) gaps.push(at('name', '与前面的信息项重名，请改名或删去'))
  if (before.some((other) => fold(other.code) === fold(item.code))) gaps.push(at('code', '与前面的信息项代码相同，请更改'))
  if ((item.type === 'C' || item.type === 'N') && item.length === null) gaps.push(at('length', '字符型、数值型须填写长度'))
  if (isSensitive(item) && item.masking === null) gaps.push(at('masking', '敏感信息项须选择脱敏方式（第十五条）'))
  if (item.sharing !== null && content.sharing !== null && sharings.indexOf(item.sharing) < sharings.indexOf(content.sharing))
    gaps.push(at('sharing', '信息项的共享类型不能宽于资源的共享类型'))
  return gaps
}

function isPersonal(item: Item): boolean {
  return item.sensitivity === 'personal' || item.sensitivity === 'sensitive-personal'
}

function isSensitive(item: Item): boolean {
  return item.sensitivity === 'sensitive' || item.sensitivity === 'sensitive-personal'
}

/** Names that differ only in width, case or spaces are one name. */
function fold(text: string): string {
  return text.normalize('NFKC').replace(/\s/gu, '').toLowerCase()
}

function isBlank(text: string | null): boolean {
  return text === null || text.trim() === ''
}
