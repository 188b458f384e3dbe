// SPDX-License-Identifier: Apache-2.0
import { numberProblem } from '@tongchou/kernel/numbers'
import { levelOf } from '../class-tree.ts'
import { labelOf } from '../code-list.ts'
import { classes, type Entry } from '../entry.ts'
import { foldName, isBlank } from '../fold.ts'
import type { RuleContext } from './context.ts'
import { type Hit, hit, undecided, warn } from './finding.ts'

/** 元素1 信息资源分类: given, known, fine enough, and of the class that the entry names. */
export function classified({ class: kind, classCode }: Entry, { classes: tree }: RuleContext): Hit[] {
  const hits: Hit[] = kind === null ? [hit('E01', 'class', '没有选择资源属性', '请选择基础、主题或部门信息资源')] : []
  if (classCode === null || classCode.trim() === '')
    return [...hits, hit('E01', 'classCode', '没有填写信息资源分类', '从分类目录中选择类、项、目、细目')]
  const level = levelOf(classCode)
  if (level === undefined)
    return [...hits, hit('E01', 'classCode', `分类“${classCode}”不是类1位、项2位、目3位加细目的数字`, '从分类目录中选择')]
  const node = tree.find(classCode)
  if (kind !== null && classes[Number(classCode[0]) - 1] !== kind)
    hits.push(hit('R08', 'classCode', `分类“${classCode}”不属于${labelOf('class', kind)}`, '改选该属性下的分类，或更改资源属性'))
  if (level === '类' || level === '项') hits.push(hit('E01', 'classCode', `分类只到${level}，未细化到目`, '选择到目或细目'))
  if (node) {
    if (!node.active) hits.push(hit('E01', 'classCode', `分类“${node.title}”已停用`, '改选在用的分类'))
  } else hits.push(...unknownClass(classCode, tree))
  if (level === '目') hits.push(warn('E01', 'classCode', '分类没有细目', '有细目的，选择到细目'))
  return hits
}

function unknownClass(code: string, tree: RuleContext['classes']): Hit[] {
  if (!tree.whole && tree.find(code.slice(0, 3)))
    return [undecided('E01', 'classCode', `分类“${code}”的目、细目无法核对`, '在本市系统中校验')]
  return [hit('E01', 'classCode', `分类“${code}”不在分类目录中`, '从分类目录中选择；确需新设的，由市大数据中心增设')]
}

/** 元素2 信息资源名称: given, not too long, one of its kind, and not the system's name. */
export function named({ name, abstract }: Entry, { namesake, systemName }: RuleContext): Hit[] {
  if (isBlank(name)) return [hit('E02', 'name', '没有填写资源名称', '填写能说明数据内容的名称')]
  const hits: Hit[] = []
  if (name.length > 128) hits.push(hit('E02', 'name', `资源名称有${name.length}个字，不得超过128个字`, '缩短名称，详情写入摘要'))
  const other = namesake?.(name)
  if (other !== undefined) hits.push(hit('E02', 'name', `与本单位的“${other}”重名`, '核对是否重复编目；不重复的，改用有区别的名称'))
  if (systemName && foldName(systemName) === foldName(name))
    hits.push(hit('E02', 'name', '资源名称与所属系统的名称相同', '写数据的名称，不写系统的名称'))
  if (!isBlank(abstract) && foldName(abstract) === foldName(name))
    hits.push(warn('E06', 'abstract', '资源摘要与名称相同', '写明数据的内容、范围和用途'))
  return hits
}

/** 元素3 信息资源代码: made by the system; one that comes along is of the scheme, begins with its class and is never another than published. */
export function coded({ code, classCode }: Entry, { scheme, publishedCode }: RuleContext): Hit[] {
  if (isBlank(code)) return []
  const text = code ?? ''
  if (!scheme.isCode(text))
    return [hit('E03', 'code', `资源代码“${text}”不符合${scheme.title}`, '代码由系统在登记时生成，请删去自编的代码')]
  const hits: Hit[] = []
  if (text.length < 10) hits.push(warn('E03', 'code', `资源代码“${text}”过短`, '核对分类是否细化到细目，顺序码是否完整'))
  if (publishedCode && publishedCode !== text)
    hits.push(hit('E03', 'code', `资源已以代码“${publishedCode}”登记，代码不得更改`, `改回“${publishedCode}”`))
  else if (!publishedCode && classCode !== null && scheme.classOf(text) !== classCode)
    hits.push(hit('E03', 'code', `资源代码“${text}”不以分类“${classCode}”开头`, '使代码与分类一致'))
  return hits
}

/** 元素4、5 and R14: the provider by its full name in the register, its code right to the check digit and its own. */
export function provided({ provider, providerCode }: Entry, context: RuleContext): Hit[] {
  const hits: Hit[] = []
  const known = context.provider
  if (provider !== undefined && isBlank(provider)) hits.push(hit('E04', 'provider', '没有填写提供方', '填写提供方全称'))
  else if (provider !== undefined && known === null)
    hits.push(hit('R14', 'provider', `机构名录中没有“${provider}”`, '填写机构名录中的全称'))
  if (known && !known.alive) hits.push(hit('R14', 'providerCode', `“${known.name}”已撤销`, '由承接其职能的单位编目'))
  if (known && provider && foldName(provider) !== foldName(known.name))
    hits.push(hit('E04', 'provider', `“${provider}”不是该单位的全称“${known.name}”`, `改为“${known.name}”`))
  if (known === undefined) hits.push(undecided('R14', 'providerCode', '提供方是否在机构名录中，此处无法核对', '在本市系统中校验'))
  return [...hits, ...codeOfProvider(providerCode, known?.code ?? null)]
}

function codeOfProvider(code: string | null, registered: string | null): Hit[] {
  if (isBlank(code)) return [hit('E05', 'providerCode', '没有填写提供方的统一社会信用代码', '填写18位统一社会信用代码')]
  const problem = numberProblem('social-credit-code', code ?? '')
  if (problem !== undefined) return [hit('R14', 'providerCode', problem, '对照法人证书改正')]
  if (registered !== null && registered !== (code ?? '').normalize('NFKC').trim().toUpperCase())
    return [hit('R14', 'providerCode', '与机构名录中该单位的统一社会信用代码不符', `核对后改为“${registered}”`)]
  return []
}

/** 元素6 信息资源摘要. */
export function abstracted({ abstract }: Entry): Hit[] {
  if (isBlank(abstract)) return [hit('E06', 'abstract', '没有填写资源摘要', '写明数据的内容、范围和用途')]
  if (abstract.length > 2500) return [hit('E06', 'abstract', `资源摘要有${abstract.length}个字，不得超过2500个字`, '缩短摘要')]
  if (abstract.trim().length < 10) return [warn('E06', 'abstract', '资源摘要不足10个字', '写明数据的内容、范围和用途')]
  return []
}

/** 元素11、12: how often the data change; the day of publication is the system's. */
export function renewed({ updateCycle, publishedOn }: Entry, { today, isPublished, lastDataOn }: RuleContext): Hit[] {
  const hits: Hit[] = updateCycle === null ? [hit('E11', 'updateCycle', '没有选择更新周期', '请选择更新周期')] : []
  if (!isBlank(publishedOn)) {
    if (!isCivilDate(publishedOn ?? ''))
      hits.push(hit('E12', 'publishedOn', `发布日期“${publishedOn}”不是存在的日期`, '写成2026-03-01的形式'))
    else if ((publishedOn ?? '') > today)
      hits.push(hit('E12', 'publishedOn', `发布日期“${publishedOn}”晚于今天`, '删去，由系统在登记时填写'))
  }
  if (isPublished && lastDataOn === undefined)
    hits.push(undecided('R12', 'updateCycle', '尚未接入数据，是否按周期更新无法判断', '接入数据后判断'))
  return hits
}

function isCivilDate(text: string): boolean {
  const date = new Date(`${text}T00:00:00Z`)
  return /^\d{4}-\d{2}-\d{2}$/.test(text) && !Number.isNaN(date.getTime()) && date.toISOString().startsWith(text)
}

/** 元素13 关联资源代码: codes that exist, not its own, none twice. */
export function related({ relatedCodes, code }: Entry, { scheme, codeExists, publishedCode }: RuleContext): Hit[] {
  return relatedCodes.flatMap((text, index): Hit[] => {
    const at = `relatedCodes/${index}`
    const [named = '', itemId] = text.split('#')
    if (!scheme.isCode(named))
      return [hit('E13', at, `关联资源代码“${text}”不符合${scheme.title}`, '填写目录中的资源代码，指信息项的加“#”和信息项标识')]
    if (named === (publishedCode ?? code)) return [hit('E13', at, '关联资源不能是资源自身', '删去')]
    if (relatedCodes.indexOf(text) < index) return [hit('E13', at, `关联资源代码“${text}”重复`, '删去重复的')]
    if (!codeExists) return [undecided('E13', at, `关联资源“${text}”是否存在无法核对`, '在本市系统中校验')]
    return codeExists(named, itemId) ? [] : [hit('E13', at, `目录中没有“${text}”`, '核对代码')]
  })
}

/** 第十四条: 谁经手、谁使用、谁管理、谁归档、谁负责. */
const dutyWords = { handledBy: '经手', usedBy: '使用', managedBy: '管理', archivedBy: '归档', answersFor: '负责' } as const

export function answered({ duties }: Entry): Hit[] {
  return (Object.keys(dutyWords) as (keyof typeof dutyWords)[])
    .filter((name) => duties[name] === null)
    .map((name) => hit('W14', `duties/${name}`, `没有填写由谁${dutyWords[name]}（第十四条）`, '从机构名录中选择'))
}

/** 第十五条: what its project declared is catalogued one by one. */
export function declared({ projectId, declaredResourceId }: Entry, context: RuleContext): Hit[] {
  if (projectId === null || declaredResourceId !== null) return []
  if (!context.declared) return [undecided('R16', 'declaredResourceId', '所属项目申报了哪些数据资源，此处无法核对', '在本市系统中校验')]
  if (context.declared.length === 0) return []
  return [
    warn(
      'R16',
      'declaredResourceId',
      '所属项目申报了数据资源，本目录没有对应其中任何一项，验收时不计入（第十五条）',
      '选择对应申报的数据资源',
    ),
  ]
}
