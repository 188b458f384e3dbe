/** Facts as a table of the regulation reads them; what is absent is not known. */
export type KnownFacts = Readonly<Record<string, boolean | number | string | readonly string[]>>

/** What the regulation says of an act: the strictest word, and every article with what it does. */
export interface Verdict {
  decision: string
  /** `WH23-4 refuse`, each once, in order of the alphabet. */
  spoken: string[]
}

/** True, false, or not known. */
type Truth = boolean | undefined
type Condition = (facts: KnownFacts) => Truth

const infrastructure = ['data-center', 'machine-room', 'video-platform', 'iot-platform', 'other-shared-infrastructure']
const sharedPlatforms = [
  'cloud-center',
  'egov-network',
  'city-brain',
  'cim',
  'e-archive',
  'exchange-platform',
  'city-app',
  'security-infrastructure',
]
const beforeBuilding = ['plan.file', 'project.apply', 'project.establish']
const every = null

/**
 * The reading of WH23, written a second time and by hand: article, what it does, the acts it guards, when.
 * It shares nothing with the pack's rules or with the engine, so that a mistake in either shows as a difference.
 */
const reading: readonly (readonly [article: string, effect: string, acts: readonly string[] | null, when: Condition])[] = [
  ['WH23-2', 'exempt', every, is('project.governmentSystem', false)],
  ['WH23-21', 'exempt', every, is('project.stateSecret', true)],
  ['WH23-22', 'exempt', every, is('project.emergency', true)],
  ['WH23-4', 'refuse', beforeBuilding, all(is('project.organisation', 'city-department'), some('project.deliverables', infrastructure))],
  ['WH23-4', 'refer', beforeBuilding, all(some('project.deliverables', ['public-app']), is('project.appStage', 'new'))],
  [
    'WH23-4',
    'refuse',
    beforeBuilding,
    all(
      some('project.deliverables', ['public-app']),
      either(is('project.appStage', 'in-build'), is('project.appStage', 'built')),
      is('project.standardInterface', false),
    ),
  ],
  ['WH23-4', 'refuse', [...beforeBuilding, 'project.accept'], not(is('project.deployment', 'gov-cloud'))],
  ['WH23-4', 'refuse', ['project.accept'], is('project.cityBrainConnected', false)],
  [
    'WH23-5',
    'require',
    ['plan.file'],
    all(is('project.superiorCoordinated', true), some('project.funding', ['superior-finance']), is('project.filedWithCenter', false)),
  ],
  ['WH23-6', 'refuse', ['project.establish', 'funding.schedule'], is('project.jointReviewPassed', false)],
  ['WH23-7', 'refuse', ['funding.schedule'], either(is('project.cityApproved', false), is('project.inAnnualPlan', false))],
  [
    'WH23-8',
    'refuse',
    ['project.apply', 'project.establish'],
    all(not(is('project.reach', 'single-department')), not(is('project.builder', 'big-data-center'))),
  ],
  [
    'WH23-8',
    'require',
    ['project.apply'],
    all(is('project.reach', 'single-department'), is('project.builder', 'department'), is('project.necessityShown', false)),
  ],
  ['WH23-8', 'refuse', ['project.establish'], is('project.reviewedByCenter', false)],
  [
    'WH23-9',
    'refuse',
    ['plan.file', 'project.apply'],
    all(some('project.deliverables', sharedPlatforms), not(is('project.builder', 'big-data-center'))),
  ],
  [
    'WH23-10',
    'refer',
    ['plan.file', 'project.apply'],
    all(is('project.organisation', 'district'), some('project.deliverables', ['application-platform', 'reusable-business-system'])),
  ],
  [
    'WH23-10',
    'refuse',
    ['plan.file', 'project.apply'],
    all(is('project.organisation', 'district'), some('project.deliverables', infrastructure)),
  ],
  [
    'WH23-23',
    'refuse',
    ['plan.file', 'project.apply'],
    all(is('project.organisation', 'district'), some('project.deliverables', infrastructure)),
  ],
  ['WH23-12', 'refuse', ['project.establish'], is('project.arguedByCenter', false)],
  ['WH23-12', 'refuse', ['project.establish'], is('project.inAnnualPlan', false)],
  [
    'WH23-12',
    'refuse',
    ['project.tender'],
    either(is('project.proposalApproved', false), is('project.feasibilityApproved', false), is('project.preliminaryDesignApproved', false)),
  ],
  ['WH23-15', 'refuse', ['project.accept'], all(is('project.kind', 'new'), is('catalog.compiled', false))],
  ['WH23-15', 'refuse', ['project.accept'], all(is('project.kind', 'new'), is('catalog.approved', false))],
  ['WH23-15', 'refuse', ['project.accept'], all(is('project.kind', 'new'), is('catalog.registered', false))],
  ['WH23-18', 'warn', ['project.accept', 'payment.release'], is('builder.recordsWithheld', true)],
  [
    'WH23-20',
    'require',
    ['payment.release'],
    all(is('rectification.party', 'builder'), is('rectification.failed', true), is('payment.holdOrdered', false)),
  ],
  ['WH23-20', 'refuse', ['payment.release'], all(is('payment.holdOrdered', true), is('rectification.open', true))],
  [
    'WH23-20',
    'refer',
    ['funding.schedule', 'system.operate'],
    all(is('rectification.party', 'user-unit'), is('rectification.failed', true)),
  ],
]

const strictness = ['exempt', 'refuse', 'undecidable', 'refer', 'require', 'allow']

/** What WH23 says of an act, these facts being known. An exemption silences everything else. */
export function verdictOf(act: string, facts: KnownFacts): Verdict {
  const said = reading.flatMap(([article, effect, acts, when]) => {
    if (acts !== every && !acts.includes(act)) return []
    const truth = when(facts)
    if (truth === false) return []
    return [{ article, effect: truth === true ? effect : 'undecidable' }]
  })
  const exempt = said.filter((one) => one.effect === 'exempt')
  const heard = exempt.length > 0 ? exempt : said
  return {
    decision: strictness.find((word) => heard.some((one) => one.effect === word)) ?? 'allow',
    spoken: [...new Set(heard.map((one) => `${one.article} ${one.effect}`))].sort(),
  }
}

function is(fact: string, value: boolean | string): Condition {
  return (facts) => (facts[fact] === undefined ? undefined : facts[fact] === value)
}

function some(fact: string, values: readonly string[]): Condition {
  return (facts) => {
    const known = facts[fact]
    return Array.isArray(known) ? known.some((one) => values.includes(one)) : undefined
  }
}

function not(condition: Condition): Condition {
  return (facts) => {
    const truth = condition(facts)
    return truth === undefined ? undefined : !truth
  }
}

/** A false one decides, whatever is not known beside it. */
function all(...conditions: readonly Condition[]): Condition {
  return (facts) => {
    const truths = conditions.map((condition) => condition(facts))
    if (truths.includes(false)) return false
    return truths.includes(undefined) ? undefined : true
  }
}

/** A true one decides, whatever is not known beside it. */
function either(...conditions: readonly Condition[]): Condition {
  return not(all(...conditions.map(not)))
}
