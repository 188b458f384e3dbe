import { type Draw, drawFrom } from './demo/random.ts'
import type { KnownFacts } from './differential-oracle.ts'
import { goodProposal } from './testing/small-city.ts'

/** The acts that WH23 guards and that are performed on a project. */
export const guardedActs = [
  'plan.file',
  'project.apply',
  'project.establish',
  'funding.schedule',
  'project.tender',
  'project.accept',
  'project.handover',
  'payment.release',
] as const
export type GuardedAct = (typeof guardedActs)[number]

/** Who proposes; `other` stands for an organisation whose kind is drawn. */
export type Proposer = 'department' | 'center' | 'district' | 'other'

export interface DrawnSystem {
  status: 'planned' | 'building' | 'running' | 'closed'
  /** In the order in which the center gave them; the last of a fact holds. */
  answers: { fact: string; value: boolean | string }[]
}

export interface DrawnProblem {
  party: 'builder' | 'user-unit'
  state: 'proposed' | 'ordered' | 'reported' | 'confirmed' | 'not-accepted'
  /** Civil dates, as days from today in the city. */
  dueIn: number
  reportedIn: number | null
  ordered: boolean
  notAccepted: boolean
  hold: 'none' | 'standing' | 'ended'
}

/** What happened to a project before the act, as records. */
export interface History {
  submitted: boolean
  scope: 'undecided' | 'in' | 'out'
  urgency: 'none' | 'declared' | 'confirmed' | 'rejected'
  superior: 'none' | 'filed' | 'received'
  reviewed: boolean
  argued: boolean
  proposalApproved: boolean
  feasibilityApproved: boolean
  designApproved: boolean
  plan: 'none' | 'filed' | 'rejected' | 'reviewed' | 'compiling' | 'submitted' | 'joint-reviewed' | 'approved' | 'plan-rejected'
  systems: DrawnSystem[]
  resources: (null | 'draft' | 'submitted' | 'signed-off' | 'secrecy-reviewed' | 'approved' | 'registered' | 'returned')[]
  problems: DrawnProblem[]
  withheld: ('standing' | 'revoked')[]
}

/** One generated case: who proposes what, what happened before, and which facts that makes. */
export interface DrawnCase {
  seed: number
  act: GuardedAct
  proposer: Proposer
  organisationKind: string
  /** After midnight in the city while the UTC date is still the day before. */
  afterMidnight: boolean
  modes: { pack: 'enforce' | 'advise'; rules: Record<string, 'enforce' | 'advise'> }
  proposal: ReturnType<typeof goodProposal>
  history: History
  /** What is known of the stored project; comes from the drawing, never from the product. */
  facts: KnownFacts
  /** What has been filled in of the form while it is typed, and what that makes known. */
  typed: { fields: Record<string, unknown>; facts: KnownFacts }
}

const kinds = ['new', 'expansion', 'continuation', 'operation', 'purchase'] as const
const plainDeliverables = ['business-system', 'video-surveillance', 'data-collection', 'iot-sensing', 'basic-network', 'smart-community']
const restrictedDeliverables = [
  'data-center',
  'machine-room',
  'video-platform',
  'iot-platform',
  'other-shared-infrastructure',
  'public-app',
  'cloud-center',
  'egov-network',
  'city-brain',
  'cim',
  'e-archive',
  'exchange-platform',
  'city-app',
  'security-infrastructure',
  'application-platform',
  'reusable-business-system',
]
const fundings = ['own-income', 'city-finance', 'district-finance', 'superior-finance', 'social-investment']
/** Rules whose mode a city might set apart from the pack's. */
const ruleNames = [
  'not-a-government-system',
  'no-own-infrastructure',
  'new-public-app',
  'app-standard-interface',
  'government-cloud',
  'city-brain',
  'file-superior-project',
  'joint-review',
  'fund-only-city-approved',
  'fund-only-planned',
  'center-builds-across',
  'necessity-of-building-alone',
  'reviewed-by-center',
  'center-builds-shared-platforms',
  'district-application-platform',
  'district-scope',
  'argued-by-center',
  'establish-by-plan',
  'tender-after-proposal',
  'tender-after-feasibility',
  'tender-after-design',
  'catalog-compiled',
  'catalog-approved',
  'catalog-registered',
  'records-withheld',
  'decide-on-hold',
  'payment-on-hold',
  'no-funds-next-year',
  'state-secret',
  'emergency',
  'district-follows-measure',
]

/** Draws one case. Most of what is drawn is in order, so that what is allowed comes up as often as what is not. */
export function drawCase(seed: number): DrawnCase {
  const draw = drawFrom(seed)
  const chance = (percent: number) => draw.integer(100) < percent
  const act = chance(45) ? draw.pick(['plan.file', 'project.apply'] as const) : draw.pick(guardedActs)
  const proposer = draw.pick(['department', 'department', 'department', 'center', 'district', 'district', 'other'] as const)
  const organisationKind = kindOf(proposer, draw)
  const proposal = drawProposal(draw, chance, proposer)
  const history = drawHistory(draw, chance, act, proposal)
  proposal.dataResources = history.resources.map((_, index) => ({ name: `数据资源${index + 1}` }))
  proposal.noDataReason = history.resources.length === 0 && chance(50) ? '本项目为网络设备更新，不产生数据资源。' : ''
  if (history.urgency !== 'none') proposal.urgencyReason = '黄河凌汛应急处置。'
  const proposed = proposedFacts(proposal, organisationKind)
  return {
    seed,
    act,
    proposer,
    organisationKind,
    afterMidnight: chance(30),
    modes: drawModes(draw, chance),
    proposal,
    history,
    facts: { ...proposed, ...decidedFacts(history), ...registerFacts(act, proposal, history) },
    typed: drawTyped(chance, proposal, organisationKind),
  }
}

function kindOf(proposer: Proposer, draw: Draw): string {
  if (proposer === 'center') return 'big-data-center'
  if (proposer === 'district') return 'district'
  return proposer === 'department' ? 'city-department' : draw.pick(['city-department', 'public-body', 'enterprise', 'government', 'other'])
}

type Chance = (percent: number) => boolean

function drawProposal(draw: Draw, chance: Chance, proposer: Proposer) {
  const builder = proposer === 'center' || chance(25) ? 'big-data-center' : proposer === 'district' ? 'district' : 'department'
  const deliverables = [
    ...new Set([
      ...draw.shuffle(plainDeliverables).slice(0, 1 + draw.integer(2)),
      ...(chance(35) ? draw.shuffle(restrictedDeliverables).slice(0, 1 + draw.integer(3)) : []),
    ]),
  ]
  return goodProposal({
    name: `生成项目${draw.integer(1_000_000)}`,
    kind: chance(60) ? 'new' : draw.pick(kinds),
    builder,
    reach: chance(75) ? 'single-department' : draw.pick(['cross-department', 'cross-level']),
    deliverables,
    funding: chance(60) ? ['city-finance'] : draw.shuffle(fundings).slice(0, 1 + draw.integer(3)),
    superiorCoordinated: chance(35),
    appStage: draw.pick(['none', 'none', 'new', 'in-build', 'built']),
    standardInterface: draw.pick([null, true, false]),
    // Blanks alone show nothing.
    necessity: chance(75) ? '现有共享平台无此项业务应用，确需单独建设。' : draw.pick(['', '   ', '\n']),
    plannedDeployment: chance(75) ? 'gov-cloud' : draw.pick(['own', 'other']),
    urgencyReason: '',
  })
}

function drawHistory(draw: Draw, chance: Chance, act: GuardedAct, proposal: DrawnCase['proposal']): History {
  const early = act === 'plan.file' || act === 'project.apply'
  const superior = proposal.superiorCoordinated && proposal.funding.includes('superior-finance')
  // Approvals may be missing anywhere, so that no gate can lean on another.
  const done = (percent: number) => chance(percent)
  return {
    // Whoever builds for another unit learns of the project when it is handed in.
    submitted: !early || chance(50) || proposal.builder === 'big-data-center',
    scope: chance(85) ? 'undecided' : draw.pick(['in', 'out'] as const),
    urgency: chance(88) ? 'none' : draw.pick(['declared', 'confirmed', 'rejected'] as const),
    superior: superior ? draw.pick(['none', 'filed', 'received'] as const) : 'none',
    reviewed: done(75),
    // An argued construction plan is not handed in a second time.
    argued: act !== 'project.apply' && done(75),
    proposalApproved: done(80),
    feasibilityApproved: done(80),
    designApproved: done(80),
    plan: chance(60)
      ? 'approved'
      : draw.pick(['none', 'filed', 'rejected', 'reviewed', 'compiling', 'submitted', 'joint-reviewed', 'plan-rejected'] as const),
    systems: Array.from({ length: draw.pick([0, 1, 1, 1, 2, 3]) }, () => drawSystem(draw, chance)),
    resources: drawResources(draw, chance),
    problems: chance(55) ? [] : Array.from({ length: draw.pick([1, 1, 2]) }, () => drawProblem(draw, chance)),
    withheld: chance(75) ? [] : draw.shuffle(['standing', 'revoked'] as const).slice(0, 1 + draw.integer(2)),
  }
}

function drawSystem(draw: Draw, chance: Chance): DrawnSystem {
  const closed = chance(15)
  const answers: DrawnSystem['answers'] = []
  const say = (fact: string, good: boolean | string, bad: readonly (boolean | string)[]) => {
    if (chance(12)) return
    // An answer that was given before and is no longer true.
    if (chance(15)) answers.push({ fact, value: draw.pick([good, ...bad]) })
    answers.push({ fact, value: chance(80) ? good : draw.pick(bad) })
  }
  say('deployment', 'gov-cloud', ['own', 'other'])
  for (const fact of ['cityBrainConnected', 'standardInterface', 'dataShared', 'securityAssured']) say(fact, true, [false])
  if (closed) say('closureVerified', true, [false])
  return { status: closed ? 'closed' : draw.pick(['planned', 'building', 'running'] as const), answers }
}

function drawResources(draw: Draw, chance: Chance): History['resources'] {
  if (chance(12)) return []
  const count = 1 + draw.integer(3)
  const good = chance(60)
  return Array.from({ length: count }, () =>
    good
      ? 'registered'
      : draw.pick([null, 'draft', 'returned', 'submitted', 'signed-off', 'secrecy-reviewed', 'approved', 'registered'] as const),
  )
}

/** One problem in one of the ways that really happen. */
function drawProblem(draw: Draw, chance: Chance): DrawnProblem {
  const party = draw.pick(['builder', 'user-unit'] as const)
  const base = { party, state: 'ordered', dueIn: 30, reportedIn: null, ordered: true, notAccepted: false, hold: 'none' } as const
  switch (draw.integer(8)) {
    case 0:
      return { ...base, state: 'proposed', ordered: false, dueIn: chance(50) ? 30 : -5 }
    case 1:
      return { ...base, state: 'confirmed', dueIn: -20, hold: party === 'builder' && chance(50) ? 'ended' : 'none' }
    case 2:
      // The last day is still in time.
      return { ...base, dueIn: draw.pick([0, 1, 40]) }
    case 3:
      return { ...base, state: 'reported', dueIn: -2, reportedIn: draw.pick([-2, -4]) }
    case 4:
      return { ...base, state: 'reported', dueIn: -5, reportedIn: -4, hold: heldBy(party, draw) }
    case 5:
      return { ...base, state: 'not-accepted', dueIn: draw.pick([-3, 12]), reportedIn: -6, notAccepted: true, hold: heldBy(party, draw) }
    default:
      return { ...base, dueIn: draw.pick([-1, -1, -30]), hold: heldBy(party, draw) }
  }
}

/** Payment is held for a builder alone. */
function heldBy(party: 'builder' | 'user-unit', draw: Draw): DrawnProblem['hold'] {
  return party === 'builder' ? draw.pick(['none', 'standing', 'ended'] as const) : 'none'
}

function drawModes(draw: Draw, chance: Chance): DrawnCase['modes'] {
  const pack = chance(80) ? 'enforce' : 'advise'
  const apart = chance(25) ? draw.shuffle(ruleNames).slice(0, 1 + draw.integer(6)) : []
  return { pack, rules: Object.fromEntries(apart.map((rule) => [rule, draw.pick(['enforce', 'advise'] as const)])) }
}

function proposedFacts(proposal: DrawnCase['proposal'], organisationKind: string): Record<string, KnownFacts[string]> {
  const named = ['city-department', 'big-data-center', 'district', 'enterprise']
  return {
    'project.kind': proposal.kind,
    'project.organisation': named.includes(organisationKind) ? organisationKind : 'public-body',
    'project.builder': proposal.builder,
    'project.reach': proposal.reach,
    'project.deliverables': proposal.deliverables,
    'project.funding': proposal.funding,
    'project.superiorCoordinated': proposal.superiorCoordinated,
    'project.appStage': proposal.appStage,
    'project.necessityShown': /\S/.test(proposal.necessity),
    'project.responsiblePersonNamed': true,
    'project.stateSecret': false,
  }
}

function decidedFacts(history: History): KnownFacts {
  return {
    'project.governmentSystem': history.scope !== 'out',
    ...(history.urgency === 'declared' ? {} : { 'project.emergency': history.urgency === 'confirmed' }),
    'project.filedWithCenter': history.superior === 'received',
    'project.reviewedByCenter': history.reviewed,
    'project.arguedByCenter': history.argued,
    'project.proposalApproved': history.proposalApproved,
    'project.feasibilityApproved': history.feasibilityApproved,
    'project.preliminaryDesignApproved': history.designApproved,
    'project.jointReviewPassed': history.plan === 'joint-reviewed' || history.plan === 'approved',
    'project.cityApproved': history.plan === 'approved',
    'project.inAnnualPlan': history.plan === 'approved',
    'project.tenderVenue': 'none',
  }
}

function registerFacts(act: GuardedAct, proposal: DrawnCase['proposal'], history: History): KnownFacts {
  const facts: Record<string, KnownFacts[string]> = {}
  const put = (name: string, value: KnownFacts[string] | undefined | null) => {
    if (value !== undefined && value !== null) facts[name] = value
  }
  const planned = act !== 'project.accept'
  put('project.deployment', answered(history.systems, 'deployment') ?? (planned ? proposal.plannedDeployment : undefined))
  put('project.standardInterface', answered(history.systems, 'standardInterface') ?? (planned ? proposal.standardInterface : undefined))
  for (const fact of ['cityBrainConnected', 'dataShared', 'securityAssured']) put(`project.${fact}`, answered(history.systems, fact))
  for (const [name, value] of Object.entries(catalogOf(proposal, history))) put(name, value)
  for (const [name, value] of Object.entries(supervisionOf(act, history))) put(name, value)
  return facts
}

/** What is known of all systems together: one bad answer is enough to know it, a good one must be given for each. */
function answered(systems: readonly DrawnSystem[], fact: string): boolean | string | undefined {
  const last = (system: DrawnSystem, name: string) => system.answers.filter((answer) => answer.fact === name).at(-1)?.value
  const counted = systems.filter((system) => system.status !== 'closed' || last(system, 'closureVerified') !== true)
  const values = counted.map((system) => last(system, fact))
  for (const bad of ['other', 'own', false]) if (values.includes(bad)) return bad
  return values.length > 0 && values.every((value) => value !== undefined) ? values[0] : undefined
}

function catalogOf(proposal: DrawnCase['proposal'], history: History): KnownFacts {
  if (history.resources.length === 0 && proposal.noDataReason === '') return {}
  const every = (...states: string[]) => history.resources.every((state) => state !== null && states.includes(state))
  return {
    'catalog.compiled': every('submitted', 'signed-off', 'secrecy-reviewed', 'approved', 'registered'),
    'catalog.approved': every('approved', 'registered'),
    'catalog.registered': every('registered'),
  }
}

function supervisionOf(act: GuardedAct, history: History): KnownFacts {
  const open = history.problems.filter((problem) => problem.ordered && problem.state !== 'confirmed')
  const failed = open.filter(
    (problem) =>
      problem.notAccepted || (problem.dueIn < 0 && !(problem.state === 'reported' && (problem.reportedIn ?? 0) <= problem.dueIn)),
  )
  const held = open.some((problem) => problem.hold === 'standing')
  return {
    'rectification.open': open.length > 0,
    'rectification.failed': failed.length > 0,
    'payment.holdOrdered': held,
    'builder.recordsWithheld': history.withheld.includes('standing'),
    ...partyOf(act, failed.length > 0 ? failed : open, failed.length > 0, held),
  }
}

/** Whose rectification the gate asks about when several are open: see the contract's fact and WH23-20. */
function partyOf(act: GuardedAct, problems: readonly DrawnProblem[], failed: boolean, held: boolean): KnownFacts {
  const parties = new Set(problems.map((problem) => problem.party))
  if (parties.size === 0) return {}
  const only = parties.size === 1 ? [...parties][0] : undefined
  const unitFirst = held || (failed && act === 'funding.schedule')
  return { 'rectification.party': only ?? (unitFirst ? 'user-unit' : 'builder') }
}

/** A form as far as it has been filled in: any field may still be missing. */
function drawTyped(chance: Chance, proposal: DrawnCase['proposal'], organisationKind: string): DrawnCase['typed'] {
  const whole = chance(40)
  const fields = Object.fromEntries(Object.entries(proposal).filter(([name]) => name === 'secrecy' || whole || chance(75)))
  const has = (name: string) => Object.hasOwn(fields, name)
  const known = proposedFacts(proposal, organisationKind)
  const facts: Record<string, KnownFacts[string]> = {
    'project.organisation': known['project.organisation'] ?? '',
    'project.stateSecret': false,
    'project.governmentSystem': true,
    'project.filedWithCenter': false,
  }
  const byField: [string, string][] = [
    ['kind', 'project.kind'],
    ['builder', 'project.builder'],
    ['reach', 'project.reach'],
    ['deliverables', 'project.deliverables'],
    ['funding', 'project.funding'],
    ['superiorCoordinated', 'project.superiorCoordinated'],
    ['appStage', 'project.appStage'],
    ['necessity', 'project.necessityShown'],
  ]
  for (const [field, fact] of byField) {
    const value = known[fact]
    if (has(field) && value !== undefined) facts[fact] = value
  }
  if (has('plannedDeployment')) facts['project.deployment'] = proposal.plannedDeployment
  if (has('standardInterface') && proposal.standardInterface !== null) facts['project.standardInterface'] = proposal.standardInterface
  // A reason that is not written declares nothing.
  if (!(has('urgencyReason') && proposal.urgencyReason !== '')) facts['project.emergency'] = false
  return { fields, facts }
}
