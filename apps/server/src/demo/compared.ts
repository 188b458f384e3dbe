import type { Scene } from './scene.ts'
import { type Sent, sends } from './sender.ts'
import type { Speaker } from './speaker.ts'
import type { Stage } from './stage.ts'

const COMPARISON = 'social-assistance/dibao-economic-status'
/** So many working days before the present it is run. */
export const COMPARED = 6
const SENT = 5

interface Finding {
  id: string
  key: string | null
  outcome: string | null
  grounds: { id: string }[]
  cases: { caseId: string }[]
}
interface Records {
  left: Shown[]
  right: Shown[]
}
interface Shown {
  structure: { id: string; title: string }[]
  records: { values: Record<string, string | null> }[]
}

/** 低保家庭经济状况核对: run by the center, handed out, some households decided, some doubted records answered by their source. */
export function comparisonScenes(end: number, of: (name: string) => Sent): Scene[] {
  return [
    { at: end - COMPARED + 0.3, isOpen: true, play: run },
    { at: end - SENT + 0.2, isOpen: true, play: handOut },
    ...[4, 3, 2].flatMap((before): Scene[] => [
      { at: end - before + 0.2, isOpen: true, play: check },
      { at: end - before + 1.55, isOpen: true, play: confirm },
    ]),
    { at: end - 2 + 0.3, isOpen: true, play: (stage) => putRight(stage, of('member'), 'e1', nameOf) },
    { at: end - 2 + 0.4, isOpen: true, play: (stage) => putRight(stage, of('person'), 'e4', () => ['status', '2']) },
    { at: end - 1 + 0.5, isOpen: true, play: (stage) => isRight(stage, of('unit'), 'e3') },
  ]
}

async function run(stage: Stage): Promise<void> {
  const today = stage.today()
  const note = `${today.slice(0, 4)}年第${'一二三四'[Math.floor((Number(today.slice(5, 7)) - 1) / 3)]}季度低保复核`
  await stage.signedIn('bdc-catalog', (center) => center.post('/comparison-runs', { comparison: COMPARISON, note }))
  await stage.runner.workOff(stage.system())
}

async function handOut(stage: Stage): Promise<void> {
  await stage.signedIn('bdc-catalog', async (center) => {
    const { items } = await center.get<{ items: { id: string; state: string }[] }>('/comparison-runs?limit=1')
    if (items[0]?.state !== 'done') throw new Error(`the comparison has ended as ${items[0]?.state}`)
    await center.post(`/comparison-runs/${items[0].id}/dispatch`)
  })
  await stage.runner.workOff(stage.system())
}

/** What the business office finds out, by the ground; every fourth car is one that the rule does not mean. */
const found: Readonly<Record<string, readonly [outcome: string, opinion: string]>> = {
  f1: ['adjust', '经核实，该成员已去世，自次月起核减保障人口。'],
  f2: ['stop', '经入户核实，家庭拥有机动车，不再符合条件。'],
  f3: ['stop', '经核实，家庭拥有两套住房，不再符合条件。'],
  f4: ['adjust', '经核实，成员已就业，家庭收入增加，按实际收入重新核定。'],
  f5: ['adjust', '经核实，成员已领取养老金，按实际收入重新核定。'],
}
const KEPT = ['keep', '车辆为残疾人代步车，按规定不计入家庭财产。'] as const

/** Eight households a day: both sides are looked at, then the outcome is proposed. */
async function check(stage: Stage): Promise<void> {
  const office = 'civil-affairs-user'
  const chosen = await stage.signedIn(office, async (user) => {
    const all = (await findings(user, 'kind=group&state=sent')).filter(({ outcome }) => outcome === null)
    const mine = all.toSorted(byKey).slice(0, 8)
    for (const { id } of mine) await user.post(`/comparison-findings/${id}/records`)
    return Promise.all(mine.map(({ id }) => user.get<Finding>(`/comparison-findings/${id}`)))
  })
  for (const [index, { grounds, cases }] of chosen.entries()) {
    const ground = grounds[0]?.id ?? ''
    const [outcome, opinion] = ground === 'f2' && index % 4 === 3 ? KEPT : (found[ground] ?? KEPT)
    await stage.decide(cases.at(-1)?.caseId ?? '', office, 'check', outcome, { opinion })
  }
}

/** Of the eight the head confirms five on the day after. */
async function confirm(stage: Stage): Promise<void> {
  const head = 'civil-affairs-leader'
  const proposed = await stage.signedIn(head, async (leader) => {
    const all = (await findings(leader, 'kind=group&state=sent')).filter(({ outcome }) => outcome !== null)
    const first = all.toSorted(byKey).slice(0, 5)
    return Promise.all(first.map(({ id }) => leader.get<Finding>(`/comparison-findings/${id}`)))
  })
  for (const { cases } of proposed) await stage.decide(cases.at(-1)?.caseId ?? '', head, 'confirm', 'confirm', { opinion: '同意。' })
}

/** The source looks at both records, sends its own put right with its next batch, and answers so (已在来源更正). */
async function putRight(stage: Stage, one: Sent, rule: string, right: (records: Records) => [item: string, value: string]): Promise<void> {
  const { register } = one
  await answered(stage, register.orgId, rule, 'corrected', '登记有误，已在来源更正并重新报送。', async (records) => {
    const [item, value] = right(records)
    const values = records.left[0]?.records[0]?.values ?? {}
    const row = register.row(0, (of) => register.key.every((id) => String(of(id)) === values[id]))
    await sends(one, [register.changed(row, item, value)])
  })
}

/** The name as the register of persons has it. */
function nameOf({ right }: Records): [string, string] {
  const name = right[0]?.structure.find(({ title }) => title === '姓名')?.id ?? ''
  return ['name', right[0]?.records[0]?.values[name] ?? '']
}

/** The source answers that its record is right (来源无误). */
async function isRight(stage: Stage, { register }: Sent, rule: string): Promise<void> {
  await answered(stage, register.orgId, rule, 'right', '经核对登记档案，权利人登记时使用曾用名，登记无误。', async () => undefined)
}

async function answered(
  stage: Stage,
  orgId: string,
  rule: string,
  outcome: string,
  opinion: string,
  act: (records: Records) => Promise<void>,
): Promise<void> {
  const steward = `${orgId}-data`
  const doubted = await stage.signedIn(steward, async (source) => {
    const [first] = await findings(source, `kind=error&ground=${rule}&state=sent`)
    if (!first) return undefined
    await act(await source.post<Records>(`/comparison-findings/${first.id}/records`))
    return source.get<Finding>(`/comparison-findings/${first.id}`)
  })
  if (doubted) await stage.decide(doubted.cases.at(-1)?.caseId ?? '', steward, 'answer', outcome, { opinion })
}

/** By the number of the family alone, whatever its district. */
const numberOf = ({ key }: Finding) => (key ?? '').slice(8)
const byKey = (a: Finding, b: Finding) => (numberOf(a) < numberOf(b) ? -1 : 1)

async function findings(speaker: Speaker, query: string): Promise<Finding[]> {
  return (await speaker.get<{ items: Finding[] }>(`/comparison-findings?limit=200&${query}`)).items
}
