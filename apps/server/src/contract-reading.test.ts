import { testDatabase } from '@tongchou/testing'
import { describe, expect, test } from 'vitest'
import { goodOrder } from './testing/good-order.ts'
import { smallCity } from './testing/small-city.ts'

// The published reading of the measure, row by row. Written by hand from the public page and not from the rules: that both agree is the point.

const { db } = await testDatabase()
const clerk = await (await smallCity(db)).as('clerk')

const acts = [
  ...['plan.file', 'project.apply', 'project.establish', 'project.tender', 'project.accept', 'project.handover'],
  ...['payment.release', 'funding.schedule', 'system.operate', 'line.lease'],
]

interface Finding {
  article: string
  effect: string
  modality: string
  basis: string
  text: string
  message: string
  cure: string
  facts: string[]
}

interface Evaluation {
  decision: string
  regulated: boolean
  findings: Finding[]
}

type Facts = Record<string, unknown>

async function evaluate(act: string, changes: Facts, unset: readonly string[] = []): Promise<Evaluation> {
  const facts = Object.fromEntries(Object.entries({ ...goodOrder, ...changes }).filter(([name]) => !unset.includes(name)))
  const answer = await clerk.post<Evaluation>('/api/v1/policy-packs/wuhai-2023/evaluate', { act, facts })
  expect(answer.status, JSON.stringify(answer.body)).toBe(200)
  return answer.body
}

/** What is said at each act, as `article effect modality basis`; acts at which nothing is said are left out. */
async function saidAt(changes: Facts): Promise<Record<string, string[]>> {
  const said = await Promise.all(
    acts.map(async (act) => {
      const { findings } = await evaluate(act, changes)
      return [act, findings.map(({ article, effect, modality, basis }) => `${article} ${effect} ${modality} ${basis}`).sort()] as const
    }),
  )
  return Object.fromEntries(said.filter(([, findings]) => findings.length > 0))
}

/** The same findings at some acts. */
const at = (where: readonly string[], ...findings: string[]) => Object.fromEntries(where.map((act) => [act, findings]))

const planning = ['plan.file', 'project.apply']
const building = [...planning, 'project.establish']
const refuse = (article: number) => `WH23-${article} refuse must text`

const infrastructure = ['data-center', 'machine-room', 'video-platform', 'iot-platform', 'other-shared-infrastructure']
const centers = [
  'cloud-center',
  'egov-network',
  'city-brain',
  'cim',
  'e-archive',
  'exchange-platform',
  'city-app',
  'security-infrastructure',
]
const districts = ['video-surveillance', 'data-collection', 'iot-sensing', 'basic-network', 'smart-community']
const district = { 'project.organisation': 'district', 'project.builder': 'district' }
const byTheCenter = { 'project.organisation': 'big-data-center', 'project.builder': 'big-data-center' }

type Row = [sentence: string, facts: Facts, expected: Record<string, string[]>]
const deliverable = (...deliverables: string[]) => ({ 'project.deliverables': deliverables })

const rows: Row[] = [
  ['everything in order: nothing is said at any act', {}, {}],
  ['everything in order, by the center', byTheCenter, {}],
  ['everything in order, by a district', district, {}],

  ['2: not a government system', { 'project.governmentSystem': false }, at(acts, 'WH23-2 exempt must text')],
  ['21: a state secret', { 'project.stateSecret': true }, at(acts, 'WH23-21 exempt must text')],
  ['22: an emergency', { 'project.emergency': true }, at(acts, 'WH23-22 exempt must text')],
  [
    'two exemptions are both said, and nothing else',
    { 'project.stateSecret': true, 'project.emergency': true, ...deliverable('machine-room'), 'project.deployment': 'own' },
    at(acts, 'WH23-21 exempt must text', 'WH23-22 exempt must text'),
  ],

  ...infrastructure.flatMap((what): Row[] => [
    [`4: a city department with ${what}`, deliverable('business-system', what), at(building, refuse(4))],
    [`4: the center with ${what}`, { ...byTheCenter, ...deliverable(what) }, {}],
    [`4: a public body with ${what}`, { 'project.organisation': 'public-body', ...deliverable(what) }, {}],
    [`4: an enterprise with ${what}`, { 'project.organisation': 'enterprise', ...deliverable(what) }, {}],
    [`10, 23: a district with ${what}`, { ...district, ...deliverable(what) }, at(planning, refuse(10), refuse(23))],
  ]),
  ['4: two pieces of infrastructure are one finding', deliverable('data-center', 'machine-room'), at(building, refuse(4))],
  ['4: a new public app', { ...deliverable('public-app'), 'project.appStage': 'new' }, at(building, 'WH23-4 refer in-principle text')],
  ['4: a new app that the public does not use', { 'project.appStage': 'new' }, {}],
  ['4: a public app that is built, with its interface', { ...deliverable('public-app'), 'project.appStage': 'built' }, {}],
  ...['in-build', 'built'].map(
    (stage): Row => [
      `4: a public app ${stage} without a standard interface`,
      { ...deliverable('public-app'), 'project.appStage': stage, 'project.standardInterface': false },
      at(building, refuse(4)),
    ],
  ),
  [
    '4: a new public app needs no interface yet',
    { ...deliverable('public-app'), 'project.appStage': 'new', 'project.standardInterface': false },
    at(building, 'WH23-4 refer in-principle text'),
  ],
  ['4: no interface where there is no app', { 'project.standardInterface': false }, {}],
  ...['own', 'other'].map(
    (where): Row => [`4: deployment ${where}`, { 'project.deployment': where }, at([...building, 'project.accept'], refuse(4))],
  ),
  ['4: not connected to the city brain', { 'project.cityBrainConnected': false }, at(['project.accept'], refuse(4))],

  [
    '5: coordinated from above and paid from above, not filed with the center',
    { 'project.superiorCoordinated': true, 'project.funding': ['superior-finance'], 'project.filedWithCenter': false },
    at(['plan.file'], 'WH23-5 require must text'),
  ],
  [
    '5: partly paid from above is paid from above',
    { 'project.superiorCoordinated': true, 'project.funding': ['city-finance', 'superior-finance'], 'project.filedWithCenter': false },
    at(['plan.file'], 'WH23-5 require must text'),
  ],
  ['5: filed', { 'project.superiorCoordinated': true, 'project.funding': ['superior-finance'] }, {}],
  ['5: only coordinated', { 'project.superiorCoordinated': true, 'project.filedWithCenter': false }, {}],
  ['5: only paid from above', { 'project.funding': ['superior-finance'], 'project.filedWithCenter': false }, {}],

  ['6: joint review not passed', { 'project.jointReviewPassed': false }, at(['project.establish', 'funding.schedule'], refuse(6))],
  ['7: not approved by the city', { 'project.cityApproved': false }, at(['funding.schedule'], refuse(7))],
  [
    '7, 12: not in the annual plan',
    { 'project.inAnnualPlan': false },
    { ...at(['funding.schedule'], refuse(7)), ...at(['project.establish'], refuse(12)) },
  ],

  ...['cross-department', 'cross-level'].flatMap((reach): Row[] => [
    [`8: ${reach}, built by a department`, { 'project.reach': reach }, at(['project.apply', 'project.establish'], refuse(8))],
    [
      `8: ${reach}, built by a district`,
      { 'project.reach': reach, 'project.builder': 'district' },
      at(['project.apply', 'project.establish'], refuse(8)),
    ],
    [`8: ${reach}, built by the center`, { 'project.reach': reach, 'project.builder': 'big-data-center' }, {}],
  ]),
  ['8: necessity not shown', { 'project.necessityShown': false }, at(['project.apply'], 'WH23-8 require must text')],
  ['8: the center need not show why', { 'project.necessityShown': false, ...byTheCenter }, {}],
  ['8: a district is no single department', { 'project.necessityShown': false, ...district }, {}],
  [
    '8: what reaches further need not show why it is alone',
    { 'project.necessityShown': false, 'project.reach': 'cross-level' },
    at(['project.apply', 'project.establish'], refuse(8)),
  ],
  ['8: not reviewed by the center', { 'project.reviewedByCenter': false }, at(['project.establish'], refuse(8))],

  ...centers.flatMap((what): Row[] => [
    [`9: ${what} by a department`, deliverable(what), at(planning, refuse(9))],
    [`9: ${what} by a district`, { ...district, ...deliverable(what) }, at(planning, refuse(9))],
    [`9: ${what} by the center for a department`, { 'project.builder': 'big-data-center', ...deliverable(what) }, {}],
  ]),

  ...['application-platform', 'reusable-business-system'].flatMap((what): Row[] => [
    [`10: a district with ${what}`, { ...district, ...deliverable(what) }, at(planning, 'WH23-10 refer in-principle text')],
    [`10: a department with ${what}`, deliverable(what), {}],
  ]),
  ...districts.map((what): Row => [`10: a district with ${what}, which is its own`, { ...district, ...deliverable(what) }, {}]),

  ['12: not argued by the center', { 'project.arguedByCenter': false }, at(['project.establish'], refuse(12))],
  ['12: not argued, whoever builds', { 'project.arguedByCenter': false, ...byTheCenter }, at(['project.establish'], refuse(12))],
  ...['proposal', 'feasibility', 'preliminaryDesign'].map(
    (paper): Row => [
      `12: tender without the approval of the ${paper}`,
      { [`project.${paper}Approved`]: false },
      at(['project.tender'], 'WH23-12 refuse must inference'),
    ],
  ),
  [
    '12: tender without any approval says each',
    { 'project.proposalApproved': false, 'project.feasibilityApproved': false, 'project.preliminaryDesignApproved': false },
    at(['project.tender'], ...Array<string>(3).fill('WH23-12 refuse must inference')),
  ],

  ...['compiled', 'approved', 'registered'].flatMap((done): Row[] => [
    [`15: a new project, catalog not ${done}`, { [`catalog.${done}`]: false }, at(['project.accept'], refuse(15))],
    ...['expansion', 'continuation', 'operation', 'purchase'].map(
      (kind): Row => [`15: ${kind}, catalog not ${done}`, { 'project.kind': kind, [`catalog.${done}`]: false }, {}],
    ),
  ]),
  [
    '15: each missing one is said',
    { 'catalog.compiled': false, 'catalog.approved': false, 'catalog.registered': false },
    at(['project.accept'], refuse(15), refuse(15), refuse(15)),
  ],

  ['18: records withheld', { 'builder.recordsWithheld': true }, at(['project.accept', 'payment.release'], 'WH23-18 warn must text')],

  [
    '20: the builder failed, nobody has decided',
    { 'rectification.open': true, 'rectification.failed': true },
    at(['payment.release'], 'WH23-20 require may text'),
  ],
  [
    '20: the builder failed and a hold is ordered',
    { 'rectification.open': true, 'rectification.failed': true, 'payment.holdOrdered': true },
    at(['payment.release'], 'WH23-20 refuse may text'),
  ],
  [
    '20: a hold is ordered and the rectification is open',
    { 'rectification.open': true, 'payment.holdOrdered': true },
    at(['payment.release'], 'WH23-20 refuse may text'),
  ],
  [
    '20: a hold holds whoever has to rectify',
    { 'rectification.open': true, 'payment.holdOrdered': true, 'rectification.party': 'user-unit' },
    at(['payment.release'], 'WH23-20 refuse may text'),
  ],
  ['20: ordered, the deadline not passed', { 'rectification.open': true }, {}],
  ['20: the rectification is done, the hold has lost its ground', { 'payment.holdOrdered': true }, {}],
  [
    '20: the user unit failed',
    { 'rectification.open': true, 'rectification.failed': true, 'rectification.party': 'user-unit' },
    at(['funding.schedule', 'system.operate'], 'WH23-20 refer in-principle text'),
  ],
  ['20: the user unit still has time', { 'rectification.open': true, 'rectification.party': 'user-unit' }, {}],

  ...Object.entries({
    ...{ 'project.viceMayorReviewed': false, 'project.expertReview': 'failed', 'project.expertMeetingDays': 99 },
    ...{ 'project.tenderVenue': 'other', 'project.implementationPlanFiled': false, 'project.responsiblePersonNamed': false },
    ...{ 'project.electronicCopy': false, 'project.formStampedCopies': 0, 'project.filing': [], 'project.dataShared': false },
    ...{ 'project.securityAssured': false, 'system.zombie': true, 'system.island': true, 'system.integrated': false },
    ...{ 'system.usage': 'low', 'network.usage': 'low', 'network.dedicated': true, 'line.duplicate': true, 'line.throughCenter': false },
  }).map(([name, value]): Row => [`no article of this measure asks for ${name}`, { [name]: value }, {}]),
]

describe('the reading, at all ten acts', () => {
  test.each(rows)('%s', async (_sentence, facts, expected) => {
    expect(await saidAt(facts)).toEqual(expected)
  })
})

/** A fact that is taken away → act → articles that cannot be decided without it. What is false for another reason stays false. */
const withoutOne: Record<string, Record<string, string[]>> = {
  'project.governmentSystem': at(acts, 'WH23-2'),
  'project.stateSecret': at(acts, 'WH23-21'),
  'project.emergency': at(acts, 'WH23-22'),
  'project.kind': {},
  'project.organisation': {},
  'project.builder': {},
  'project.reach': at(['project.apply', 'project.establish'], 'WH23-8'),
  'project.deliverables': { ...at(planning, 'WH23-4', 'WH23-9'), ...at(['project.establish'], 'WH23-4') },
  'project.funding': {},
  'project.superiorCoordinated': {},
  'project.filedWithCenter': {},
  'project.appStage': {},
  'project.standardInterface': {},
  'project.necessityShown': at(['project.apply'], 'WH23-8'),
  'project.deployment': at([...building, 'project.accept'], 'WH23-4'),
  'project.cityBrainConnected': at(['project.accept'], 'WH23-4'),
  'project.reviewedByCenter': at(['project.establish'], 'WH23-8'),
  'project.arguedByCenter': at(['project.establish'], 'WH23-12'),
  'project.jointReviewPassed': at(['project.establish', 'funding.schedule'], 'WH23-6'),
  'project.cityApproved': at(['funding.schedule'], 'WH23-7'),
  'project.inAnnualPlan': { ...at(['funding.schedule'], 'WH23-7'), ...at(['project.establish'], 'WH23-12') },
  'project.proposalApproved': at(['project.tender'], 'WH23-12'),
  'project.feasibilityApproved': at(['project.tender'], 'WH23-12'),
  'project.preliminaryDesignApproved': at(['project.tender'], 'WH23-12'),
  'catalog.compiled': at(['project.accept'], 'WH23-15'),
  'catalog.approved': at(['project.accept'], 'WH23-15'),
  'catalog.registered': at(['project.accept'], 'WH23-15'),
  'builder.recordsWithheld': at(['project.accept', 'payment.release'], 'WH23-18'),
  'payment.holdOrdered': {},
  'rectification.open': {},
  'rectification.failed': at(['payment.release'], 'WH23-20'),
  'rectification.party': {},
  'project.dataShared': {},
  'line.throughCenter': {},
}

describe('a fact that is absent is unknown, not false', () => {
  test.each(Object.entries(withoutOne))('without %s', async (name, expected) => {
    for (const act of acts) {
      const { decision, findings } = await evaluate(act, {}, [name])
      const articles = expected[act] ?? []
      expect(
        findings.map(({ article, effect, facts }) => [article, effect, facts]),
        act,
      ).toEqual(articles.map((article) => [article, 'undecidable', [name]]))
      expect(decision, act).toBe(articles.length > 0 ? 'undecidable' : 'allow')
    }
  })

  test('with nothing known nothing is allowed, and nothing is refused', async () => {
    for (const act of acts) {
      const { decision, regulated, findings } = await evaluate(act, {}, Object.keys(goodOrder))
      expect([decision, regulated], act).toEqual(['undecidable', true])
      expect(new Set(findings.map(({ effect }) => effect))).toEqual(new Set(['undecidable']))
    }
  })
})

const worked: [id: string, act: string, set: Facts, unset: string[], decision: string, articles: string[], not?: string[]][] = [
  ['s01', 'project.apply', {}, [], 'allow', []],
  ['s02', 'project.apply', { 'project.deliverables': ['machine-room', 'business-system'] }, [], 'refuse', ['WH23-4']],
  ['s03', 'project.apply', { 'project.deliverables': ['public-app'], 'project.appStage': 'new' }, [], 'refer', ['WH23-4']],
  ['s04', 'project.apply', { 'project.deployment': 'own' }, [], 'refuse', ['WH23-4']],
  ['s05', 'project.apply', { 'project.reach': 'cross-department' }, [], 'refuse', ['WH23-8']],
  [
    's06',
    'project.apply',
    { ...byTheCenter, 'project.reach': 'cross-level', 'project.deliverables': ['city-brain', 'exchange-platform'] },
    [],
    'allow',
    [],
  ],
  ['s07', 'project.establish', { 'project.arguedByCenter': false }, [], 'refuse', ['WH23-12']],
  ['s08', 'project.establish', {}, ['project.arguedByCenter'], 'undecidable', ['WH23-12']],
  ['s09', 'project.accept', { 'catalog.approved': false }, [], 'refuse', ['WH23-15']],
  ['s10', 'payment.release', { 'rectification.open': true, 'rectification.failed': true }, [], 'require', ['WH23-20']],
  ['s11', 'payment.release', { 'rectification.open': true, 'rectification.failed': false }, [], 'allow', []],
  [
    's12',
    'project.apply',
    { 'project.stateSecret': true, 'project.deliverables': ['machine-room'] },
    [],
    'exempt',
    ['WH23-21'],
    ['WH23-4'],
  ],
  ['s17', 'project.tender', { 'project.proposalApproved': false }, [], 'refuse', ['WH23-12']],
  ['s16', 'project.apply', { ...district, 'project.deliverables': ['application-platform'] }, [], 'refer', ['WH23-10']],
  [
    's10b',
    'payment.release',
    { 'rectification.open': true, 'rectification.failed': true, 'payment.holdOrdered': true },
    [],
    'refuse',
    ['WH23-20'],
  ],
  [
    's18',
    'project.accept',
    { 'project.kind': 'operation', 'catalog.approved': false, 'catalog.compiled': false },
    [],
    'allow',
    [],
    ['WH23-15'],
  ],
  [
    's19',
    'plan.file',
    { 'project.funding': ['superior-finance'], 'project.superiorCoordinated': true, 'project.filedWithCenter': false },
    [],
    'require',
    ['WH23-5'],
  ],
]

test.each(worked)('worked case %s', async (_id, act, set, unset, decision, articles, not = []) => {
  const evaluation = await evaluate(act, set, unset)
  expect(evaluation.decision).toBe(decision)
  const cited = evaluation.findings.map(({ article }) => article)
  expect(cited).toEqual(expect.arrayContaining(articles))
  for (const article of not) expect(cited).not.toContain(article)
})
