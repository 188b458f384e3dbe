import type { Facts } from '@tongchou/kernel'
import { testDatabase } from '@tongchou/testing'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { drawCase, type GuardedAct } from './differential-cases.ts'
import { verdictOf } from './differential-oracle.ts'
import { type Laboratory, openLaboratory, tryCase } from './differential-run.ts'
import { openSandbox, type Sandbox } from './differential-sandbox.ts'

const { connection } = await testDatabase()
let sandbox: Sandbox
let laboratory: Laboratory
beforeAll(async () => {
  sandbox = openSandbox(connection)
  laboratory = await openLaboratory(sandbox)
})
afterAll(() => sandbox.close())

const firstSeed = 700_000

test('dry run, submit and expectation agree on generated proposals', async () => {
  const differences: string[] = []
  const heard = new Set<string>()
  for (let seed = firstSeed; seed < firstSeed + 300; seed++) {
    const drawn = drawCase(seed)
    differences.push(...(await tryCase(laboratory, drawn)).map((one) => `seed ${seed}: ${one}`))
    for (const one of verdictOf(drawn.act, drawn.facts).spoken) heard.add(one)
  }
  expect(differences).toEqual([])
  // Agreement on proposals of which nothing was said would be worth nothing.
  expect([...heard].filter((one) => !one.endsWith('undecidable')).sort()).toEqual([
    'WH23-10 refer',
    'WH23-10 refuse',
    'WH23-12 refuse',
    'WH23-15 refuse',
    'WH23-18 warn',
    'WH23-2 exempt',
    'WH23-20 refer',
    'WH23-20 refuse',
    'WH23-20 require',
    'WH23-22 exempt',
    'WH23-23 refuse',
    'WH23-4 refer',
    'WH23-4 refuse',
    'WH23-5 require',
    'WH23-6 refuse',
    'WH23-7 refuse',
    'WH23-8 refuse',
    'WH23-8 require',
    'WH23-9 refuse',
  ])
}, 180_000)

/** Ways in which a gatherer could go wrong, each of which the comparison must notice at the act that asks for the fact. */
const faults: [string, GuardedAct, (facts: Facts) => Facts][] = [
  ['forgets the necessity', 'project.apply', ({ 'project.necessityShown': _, ...rest }) => rest],
  ['takes every necessity for shown', 'project.apply', (facts) => ({ ...facts, 'project.necessityShown': true })],
  [
    'takes a declared emergency for a confirmed one',
    'project.handover',
    (facts) => ({ ...facts, 'project.emergency': facts['project.emergency'] ?? true }),
  ],
  ['does not hear the center on the scope', 'project.handover', (facts) => ({ ...facts, 'project.governmentSystem': true })],
  ['takes a filed superior project for received', 'plan.file', (facts) => ({ ...facts, 'project.filedWithCenter': true })],
  ['takes every place for the government cloud', 'project.establish', (facts) => ({ ...facts, 'project.deployment': 'gov-cloud' })],
  ['takes an unanswered connection for none', 'project.accept', (facts) => ({ 'project.cityBrainConnected': false, ...facts })],
  ['takes every resource for registered', 'project.accept', (facts) => ({ ...facts, 'catalog.registered': true })],
  ['mixes up who must rectify', 'payment.release', swapParty],
  ['forgets that payment is held', 'payment.release', (facts) => ({ ...facts, 'payment.holdOrdered': false })],
  [
    'takes the joint review for the approval',
    'funding.schedule',
    (facts) => ({ ...facts, 'project.cityApproved': facts['project.jointReviewPassed'] ?? false }),
  ],
]

test.each(faults)(
  'a gatherer that %s is caught',
  async (_what, act, spoil) => {
    const { policy } = laboratory.city.projects
    laboratory.city.projects.policy = { judge: (ctx, asked, facts) => policy.judge(ctx, asked, spoil(facts)) }
    try {
      expect(await firstDifference(act)).toBeDefined()
    } finally {
      laboratory.city.projects.policy = policy
    }
  },
  120_000,
)

test('a submit that lets through what the dry run refuses is caught', async () => {
  const subject = laboratory.city.cases.subjects.get('plan-entry')
  if (!subject) throw new Error('no subject for plan entries')
  const { judge } = subject
  subject.judge = async () => []
  try {
    expect(await firstDifference('plan.file')).toMatch(/submit: 201/)
  } finally {
    subject.judge = judge
  }
}, 120_000)

async function firstDifference(act: GuardedAct): Promise<string | undefined> {
  for (let seed = firstSeed; seed < firstSeed + 3000; seed++) {
    const drawn = drawCase(seed)
    if (drawn.act !== act) continue
    const [difference] = await tryCase(laboratory, drawn)
    if (difference !== undefined) return difference
  }
  return undefined
}

function swapParty(facts: Facts): Facts {
  const party = facts['rectification.party']
  return party === undefined ? facts : { ...facts, 'rectification.party': party === 'builder' ? 'user-unit' : 'builder' }
}
