import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { checkPacks, printReport } from './check-packs.ts'
import { loadPacks } from './pack-library.ts'
import { PackLoadError } from './pack-problem.ts'

const shipped = join(import.meta.dirname, '../../../policy-packs')
let directory: string

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'packs-'))
  cpSync(join(shipped, 'vocabulary.yaml'), join(directory, 'vocabulary.yaml'))
  cpSync(join(shipped, 'wuhai-2023'), join(directory, 'wuhai-2023'), { recursive: true })
})
afterEach(() => rmSync(directory, { recursive: true }))

/** Changes one place of one file; the place must be there, or the test would test nothing. */
function change(file: string, from: string, to: string): void {
  const path = join(directory, file)
  const text = readFileSync(path, 'utf8')
  expect(text).toContain(from)
  writeFileSync(path, text.replace(from, to))
}

function problems(): string[] {
  try {
    loadPacks(directory)
    return []
  } catch (error) {
    if (error instanceof PackLoadError) return error.problems.map((problem) => `${problem.file} ${problem.path} ${problem.message}`)
    throw error
  }
}

test('the packs as shipped load', () => {
  expect(problems()).toEqual([])
  expect([...loadPacks(shipped).packs.keys()]).toEqual(['golmud-2018', 'urumqi-2007', 'wuhai-2010', 'wuhai-2012', 'wuhai-2023'])
})

const GENERAL = 'wuhai-2023/rules/01-general.yaml'
const APPROVAL = 'wuhai-2023/rules/04-approval.yaml'
const SUPERVISION = 'wuhai-2023/rules/07-supervision.yaml'

describe('a mistake in a rule is refused with its place', () => {
  test.each<[string, string, string, string, string]>([
    [
      'unknown fact',
      GENERAL,
      '!project.governmentSystem',
      '!project.governmentSytem',
      `${GENERAL} [0].when 事实“project.governmentSytem”不在词汇表中`,
    ],
    ['unknown act', GENERAL, 'acts: [project.accept]', 'acts: [project.acept]', `${GENERAL} [5].acts[0] 行为“project.acept”不存在`],
    ['unknown article', GENERAL, 'article: WH23-2', 'article: WH23-25', `${GENERAL} [0].article 条文“WH23-25”不存在`],
    ['unknown role', GENERAL, 'refersTo: big-data-center', 'refersTo: big-data', `${GENERAL} [2].refersTo 职责“big-data”不存在`],
    ['unknown value', GENERAL, '"gov-cloud"', '"govcloud"', `${GENERAL} [4].when “govcloud”不是“project.deployment”的可用值`],
    ['unknown key', GENERAL, 'message:', 'mesage:', `${GENERAL} [0].mesage “mesage”不是已知的键`],
    ['unknown cure', GENERAL, 'cureAct: project.edit', 'cureAct: project.edt', `${GENERAL} [1].cureAct 改正途径“project.edt”不存在`],
    ['missing key', GENERAL, 'basis: text\n', '\n', `${GENERAL} [0].basis 缺少“basis”`],
    ['unknown effect', GENERAL, 'effect: exempt', 'effect: forgive', `${GENERAL} [0].effect “forgive”不在可用值之内`],
    ['unknown modality', GENERAL, 'modality: must', 'modality: shall', `${GENERAL} [0].modality “shall”不在可用值之内`],
    ['no act at all', GENERAL, 'acts: [project.accept]', 'acts: []', `${GENERAL} [5].acts 没有写明约束哪些行为`],
    ['an act twice', GENERAL, 'acts: [project.accept]', 'acts: [project.accept, project.accept]', `${GENERAL} [5].acts 同一行为列了两次`],
    [
      'has()',
      GENERAL,
      "'!project.governmentSystem'",
      "'!has(project.governmentSystem)'",
      `${GENERAL} [0].when 不得使用 has()：它把未知读作否`,
    ],
    ['not bool', GENERAL, "'!project.governmentSystem'", "'project.kind'", `${GENERAL} [0].when 条件的结果不是是非`],
    ['not CEL', GENERAL, "'!project.governmentSystem'", "'!!!('", `${GENERAL} [0].when 不是有效的 CEL`],
    ['id twice', GENERAL, 'id: city-brain', 'id: government-cloud', `${GENERAL} [5] 规则“government-cloud”出现两次`],
    ['原则上 that refuses', GENERAL, 'effect: refer', 'effect: refuse', `${GENERAL} [2].effect “refuse”重于“in-principle”的语气`],
    [
      '可 that refuses without decision',
      SUPERVISION,
      'payment.holdOrdered && ',
      '',
      `${SUPERVISION} [2].effect “可”的规则没有依据已记录的决定而拒绝`,
    ],
    [
      '可 that merely mentions it',
      SUPERVISION,
      'payment.holdOrdered && rect',
      'payment.holdOrdered || rect',
      `${SUPERVISION} [2].effect “可”的规则没有依据已记录的决定而拒绝`,
    ],
    [
      '可 on the negated decision',
      SUPERVISION,
      'when: payment.holdOrdered',
      'when: true && !payment.holdOrdered',
      `${SUPERVISION} [2].effect “可”的规则没有依据已记录的决定而拒绝`,
    ],
    ['local basis alone', APPROVAL, 'basis: text', 'basis: local', `${APPROVAL} [0].basis 本地规则的 modality 与 basis 须同为 local`],
    [
      'decision that is none',
      SUPERVISION,
      'decision: payment.holdOrdered',
      'decision: project.cityApproved',
      `${SUPERVISION} [1].requires.decision 所要求的内容“project.cityApproved”不存在`,
    ],
    [
      'two requirements',
      SUPERVISION,
      'decision: payment.holdOrdered',
      'decision: payment.holdOrdered, document: x',
      `${SUPERVISION} [1].requires requires 须且只须写一项`,
    ],
    ['key twice', GENERAL, 'effect: exempt', 'effect: exempt\n  effect: warn', `${GENERAL} 第 `],
    ['not a list', SUPERVISION, '- id: records-withheld', 'first:\n  id: records-withheld', `${SUPERVISION} `],
  ])('%s', (_, file, from, to, expected) => {
    change(file, from, to)
    expect(
      problems().some((problem) => problem.startsWith(expected)),
      problems().join('\n'),
    ).toBe(true)
  })
})

describe('a mistake elsewhere in a pack is refused with its place', () => {
  test.each<[string, string, string, string, string]>([
    [
      'article without coverage',
      'coverage.yaml',
      'WH23-3:\n  - kind: statement\n    note: 六项原则，供审核时对照，不单独裁量。\n',
      '',
      'coverage.yaml WH23-3 缺少第三条',
    ],
    ['coverage of no article', 'coverage.yaml', 'WH23-3:', 'WH23-33:', 'coverage.yaml WH23-33 条文“WH23-33”不在 text.md 中'],
    ['unknown kind', 'coverage.yaml', 'kind: statement', 'kind: stated', 'coverage.yaml WH23-1[0].kind “stated”不在可用值之内'],
    ['rule not named', 'coverage.yaml', 'new-public-app, ', '', 'coverage.yaml WH23-4 没有列出规则“new-public-app”'],
    [
      'rule of another article',
      'coverage.yaml',
      'rules: [joint-review]',
      'rules: [joint-review, city-brain]',
      'coverage.yaml WH23-6[0].rules[1] 该条的规则“city-brain”不存在',
    ],
    ['person without step', 'coverage.yaml', '    step: plan-entry/file\n', '', 'coverage.yaml WH23-5[1] 没有写明由哪个环节办理'],
    [
      'step that is none',
      'coverage.yaml',
      'plan-entry/file',
      'plan-entry/fill',
      'coverage.yaml WH23-5[1].step 环节“plan-entry/fill”不存在',
    ],
    [
      'empty coverage',
      'coverage.yaml',
      'WH23-1:\n  - kind: statement\n    note: 目的和依据。所引三份文件未持有原文，见本文件的法律依据。',
      'WH23-1: []',
      'coverage.yaml WH23-1 没有说明该条由什么落实',
    ],
    ['share of all of a limit', 'clocks.yaml', 'share: 0.8', 'share: 1', 'clocks.yaml yellow.share 份额应大于 0、小于 1'],
    ['share and days', 'clocks.yaml', 'share: 0.8', 'share: 0.8\n  before: 1', 'clocks.yaml yellow share 和 before 须写且只写一项'],
    ['no day for reasons', 'clocks.yaml', 'days: 3', 'days: 0', 'clocks.yaml explanation.days 工作日数应为 1 至 365'],
    [
      'a card that the text is said to ask for',
      'clocks.yaml',
      'basis: local',
      'basis: text',
      'clocks.yaml yellow.basis “text”不在可用值之内',
    ],
    ['unknown key of the pack', 'pack.yaml', 'short: WH23', 'short: WH23\nshrot: x', 'pack.yaml shrot “shrot”不是已知的键'],
    ['date that does not exist', 'pack.yaml', '2023-09-07', '2023-02-30', 'pack.yaml validFrom “2023-02-30”不是存在的日期'],
    ['end before start', 'pack.yaml', 'validTo: null', 'validTo: 2023-09-07', 'pack.yaml validTo 终止日期不晚于起始日期'],
    ['other folder', 'pack.yaml', 'id: wuhai-2023', 'id: wuhai-2024', 'pack.yaml id 文件夹“wuhai-2023”与标识“wuhai-2024”不符'],
    ['rules denied', 'pack.yaml', 'rulesLoaded: true', 'rulesLoaded: false', 'pack.yaml rulesLoaded 与 rules/ 中有无规则不符'],
    ['unknown mode', 'pack.yaml', 'defaultMode: advise', 'defaultMode: block', 'pack.yaml defaultMode “block”不在可用值之内'],
    ['division code', 'pack.yaml', '"150300"', '"1503"', 'pack.yaml jurisdiction 行政区划代码应为六位数字'],
    ['article twice', 'text.md', '## WH23-4 第四条', '## WH23-3 第四条', 'text.md 第 17 行 条文“WH23-3”出现两次'],
    ['article without words', 'text.md', '本办法自印发之日起实施。', '', 'text.md 第 139 行 条文“WH23-24”没有文字'],
    ['foreign article id', 'text.md', '## WH23-24 ', '## WH12-24 ', 'text.md 第 139 行 条文编号“WH12-24”不以“WH23-”开头'],
    ['words outside an article', 'text.md', '# 第一章 总则', '# 第一章 总则\n\n多余', 'text.md 第 3 行 条文之外有文字'],
    [
      'unknown role in a procedure',
      'procedures/funding.yaml',
      'duty: finance',
      'duty: finances',
      'procedures/funding.yaml steps[0].holders[0].duty “finances”不存在',
    ],
    [
      'unknown act in a procedure',
      'procedures/funding.yaml',
      'guard: funding.schedule',
      'guard: funding.plan',
      'procedures/funding.yaml steps[0].outcomes[0].guard “funding.plan”不存在',
    ],
    [
      'unknown article in a procedure',
      'procedures/funding.yaml',
      'articles: [WH23-7]',
      'articles: [WH23-77]',
      'procedures/funding.yaml articles[0] “WH23-77”不存在',
    ],
    [
      'unknown form',
      'procedures/funding.yaml',
      'form: funding',
      'form: fundings',
      'procedures/funding.yaml steps[0].form 表单“fundings”不存在',
    ],
    ['unknown key in a form', 'forms/funding.yaml', 'version: 1', 'version: 1\nvresion: 2', 'forms/funding.yaml '],
    ['form under another name', 'forms/funding.yaml', 'id: funding', 'id: fund', 'forms/funding.yaml id 表单标识“fund”与文件名不符'],
    ['unknown key in a procedure', 'procedures/funding.yaml', 'subject: project', 'subjekt: project', 'procedures/funding.yaml '],
    ['procedure that leads nowhere', 'procedures/funding.yaml', 'next: [approve]', 'next: [prove]', 'procedures/funding.yaml '],
    [
      'unknown article in an outline',
      'documents/acceptance-list.yaml',
      'article: WH23-13',
      'article: WH23-31',
      'documents/acceptance-list.yaml article 条文“WH23-31”不存在',
    ],
    [
      'outline that hides its source',
      'documents/acceptance-list.yaml',
      'verified: false\n',
      '',
      'documents/acceptance-list.yaml verified 缺少“verified”',
    ],
    [
      'outline heading twice',
      'documents/acceptance-list.yaml',
      'id: summary',
      'id: application',
      'documents/acceptance-list.yaml nodes 条目“application”重复',
    ],
    [
      'paper that nobody fills',
      'papers/case-record.yaml',
      'slot: case',
      'slot: cases',
      'papers/case-record.yaml parts[0].slot 部分“cases”不存在',
    ],
    [
      'part of a paper in another form',
      'papers/case-record.yaml',
      'kind: table, title: 三、办理过程',
      'kind: lines, title: 三、办理过程',
      'papers/case-record.yaml parts[2].kind 部分“path”的形式是 table',
    ],
    [
      'part of a paper twice',
      'papers/case-record.yaml',
      'kind: lines, title: 二、事项内容, slot: subject',
      'kind: lines, title: 二、事项内容, slot: case',
      'papers/case-record.yaml parts 部分“case”重复',
    ],
    [
      'word that the subject does not say',
      'papers/rectification-notice.yaml',
      '{demand}',
      '{demands}',
      'papers/rectification-notice.yaml parts[0].paragraphs[2] “责令整改通知书”没有词“demands”',
    ],
    ['word in Chinese', 'papers/case-record.yaml', '{procedure}', '{流程}', 'papers/case-record.yaml title “办件单”没有词“流程”'],
    [
      'agency word that is none',
      'papers/rectification-notice.yaml',
      '乌数整',
      '乌数整〔2026〕',
      'papers/rectification-notice.yaml issued.agencyWord 机关代字不符',
    ],
    [
      'issued paper without an issuer',
      'papers/rectification-notice.yaml',
      'issued:\n  issuer: 乌海市大数据中心\n  agencyWord: 乌数整\n  offices: [乌海市大数据中心, 乌海市发展和改革委员会]\n',
      '',
      'papers/rectification-notice.yaml  对外印发的文书没有写明发文机关',
    ],
    [
      'record that says it is issued',
      'papers/project-record.yaml',
      'basis: local\n',
      'basis: local\nissued: { issuer: 甲, agencyWord: 甲, offices: [甲] }\n',
      'papers/project-record.yaml issued “项目情况表”不对外印发',
    ],
    [
      'paper by an article that is not there',
      'papers/rectification-notice.yaml',
      'article: WH23-20',
      'article: WH23-200',
      'papers/rectification-notice.yaml article 条文“WH23-200”不存在',
    ],
  ])('%s', (_, file, from, to, expected) => {
    change(`wuhai-2023/${file}`, from, to)
    expect(
      problems().some((problem) => problem.startsWith(`wuhai-2023/${expected}`)),
      problems().join('\n'),
    ).toBe(true)
  })

  test('a paper that is missing beside others, and one that the vocabulary does not know', () => {
    cpSync(join(directory, 'wuhai-2023/papers/case-record.yaml'), join(directory, 'wuhai-2023/papers/case-recrod.yaml'))
    rmSync(join(directory, 'wuhai-2023/papers/case-record.yaml'))
    expect(problems()).toEqual([
      'wuhai-2023/papers/case-record.yaml  缺少文书“办件单”',
      'wuhai-2023/papers/case-recrod.yaml  文书“case-recrod”不在词汇表中',
    ])
  })

  test('a file that nobody would read', () => {
    writeFileSync(join(directory, 'wuhai-2023/rule.yaml'), '[]')
    expect(problems()).toEqual(['wuhai-2023/rule.yaml  制度包中没有这一项'])
  })

  test.each(['pack.yaml', 'text.md', 'coverage.yaml'])('without %s it does not load', (file) => {
    rmSync(join(directory, 'wuhai-2023', file))
    expect(problems()).toEqual([`wuhai-2023/${file}  缺少该文件`])
  })

  test('all mistakes of all files are named in one go', () => {
    change(GENERAL, '"gov-cloud"', '"govcloud"')
    change(APPROVAL, 'project.tender', 'project.tendr')
    change('wuhai-2023/coverage.yaml', 'kind: statement', 'kind: stated')
    expect(problems().length).toBeGreaterThanOrEqual(3)
  })

  test('two versions whose dates overlap', () => {
    cpSync(join(directory, 'wuhai-2023'), join(directory, 'wuhai-2023@2025-01-01'), { recursive: true })
    change('wuhai-2023@2025-01-01/pack.yaml', '2023-09-07', '2025-01-01')
    expect(problems()).toEqual([expect.stringContaining('validFrom 与另一版本（2023-09-07 起）的期间重叠')])
    change('wuhai-2023/pack.yaml', 'validTo: null', 'validTo: 2025-01-01')
    expect(problems()).toEqual([])
    expect(loadPacks(directory).packs.get('wuhai-2023')).toHaveLength(2)
  })
})

describe('a mistake in the vocabulary is refused with its place', () => {
  test.each<[string, string, string, string]>([
    [
      'unknown type',
      'project.kind:\n    type: enum',
      'project.kind:\n    type: word',
      'vocabulary.yaml facts.project.kind.type “word”不在可用值之内',
    ],
    [
      'enum without values',
      'type: bool, title: 涉及国家秘密',
      'type: enum, title: 涉及国家秘密',
      'vocabulary.yaml facts.project.stateSecret 枚举或集合没有列出可用值',
    ],
    [
      'unknown role',
      'answeredBy: [tender-center]',
      'answeredBy: [tender-centre]',
      'vocabulary.yaml facts.project.tenderVenue.answeredBy[0] “tender-centre”不在可用值之内',
    ],
    [
      'nobody answers',
      'answeredBy: [tender-center]',
      'answeredBy: []',
      'vocabulary.yaml facts.project.tenderVenue.answeredBy 没有写明由谁负责',
    ],
    ['no namespace', 'line.duplicate:', 'lineDuplicate:', 'vocabulary.yaml facts.lineDuplicate “lineDuplicate”不是有效的事实名'],
    [
      'implies nothing',
      'implies: rectification.open',
      'implies: rectification.opened',
      'vocabulary.yaml facts.rectification.failed “implies”所指的“rectification.opened”不是是非类事实',
    ],
    [
      'unknown key',
      'min: 0, title: 自受理',
      'least: 0, title: 自受理',
      'vocabulary.yaml facts.project.expertMeetingDays.least “least”不是已知的键',
    ],
  ])('%s', (_, from, to, expected) => {
    change('vocabulary.yaml', from, to)
    expect(problems()).toContain(expected)
  })
})

test('a pack whose text changes has another digest', () => {
  const digest = () => loadPacks(directory).packs.get('wuhai-2023')?.[0]?.digest
  const before = digest()
  expect(before).toMatch(/^[0-9a-f]{64}$/)
  expect(digest()).toBe(before)
  change('wuhai-2023/text.md', '自印发之日起', '自发布之日起')
  expect(digest()).not.toBe(before)
})

test('an article that is not held is read as such', () => {
  change('wuhai-2023/text.md', '本办法自印发之日起实施。', '〔未持有原文〕')
  expect(loadPacks(directory).packs.get('wuhai-2023')?.[0]?.articles.at(-1)?.text).toBeNull()
})

describe('the pack check', () => {
  test('reports coverage by article and passes on the packs as shipped', () => {
    const report = checkPacks(shipped)
    expect(report.ok).toBe(true)
    const text = printReport(report)
    expect(text).toContain('条文覆盖 24/24')
    expect(text).toContain('规则未装载')
    expect(report.packs.map(({ id, covered, articles }) => [id, covered === articles])).toEqual([
      ['golmud-2018', true],
      ['urumqi-2007', true],
      ['wuhai-2010', true],
      ['wuhai-2012', true],
      ['wuhai-2023', true],
    ])
  })

  test('names the example that comes out otherwise', () => {
    change('wuhai-2023/examples/worked-cases.yaml', 'decision: refuse, articles: [WH23-4]', 'decision: refer, articles: [WH23-4]')
    const report = checkPacks(directory)
    expect(report.ok).toBe(false)
    expect(printReport(report)).toContain('未通过 wuhai-2023/examples/worked-cases.yaml s02：应为 refer，实为 refuse')
  })

  test.each<[string, string, string, string]>([
    ['an unknown fact', 'project.deployment: own', 'project.deploymnet: own', 'project.deploymnet'],
    ['an unknown act', 'act: project.apply', 'act: project.aply', 'project.aply'],
    ['an article that is not in the pack', 'articles: [WH23-4]', 'articles: [WH23-44]', 'WH23-44'],
    ['no expectation', 'expect: { decision: refuse, articles: [WH23-4] }', 'expect: {}', '没有任何预期'],
    ['an unknown key', 'set: {', 'sets: {', 'sets'],
    ['an id twice', 'id: s02', 'id: s01', '用例标识重复'],
    ['a base that is not there', 'base: in-order', 'base: in-ordre', 'base/in-ordre.yaml 不存在'],
  ])('refuses examples with %s', (_, from, to, expected) => {
    change('wuhai-2023/examples/worked-cases.yaml', from, to)
    const report = checkPacks(directory)
    expect(report.ok).toBe(false)
    expect(printReport(report)).toContain(expected)
  })

  test('does not pass rules that have no examples', () => {
    rmSync(join(directory, 'wuhai-2023/examples'), { recursive: true })
    expect(printReport(checkPacks(directory))).toContain('有规则而没有用例')
  })

  test('does not let one pack hide another', () => {
    mkdirSync(join(directory, 'broken'))
    writeFileSync(join(directory, 'broken/pack.yaml'), 'id: broken\n')
    const report = checkPacks(directory)
    expect(report.ok).toBe(false)
    expect(report.packs.map(({ id, loaded }) => [id, loaded])).toEqual([
      ['broken', false],
      ['wuhai-2023', true],
    ])
  })
})
