import { explainCard, readCards, reviewExplanation } from '@tongchou/cases'
import { type Ctx, type SettableClock, usualCalendar } from '@tongchou/kernel'
import type { Stage } from './stage.ts'

const reasons = [
  '等待设备到货，供货单位已出具延期说明。',
  '整改涉及接口改造，承建单位正在联调。',
  '经办人工作调整，交接用时较长。',
] as const

// A quarter of an hour of work before the present: after everything else, and in office hours.
const BEFORE_PRESENT = 0.25

/** Of the offices that are late, some have given their reason (说明理由), and the supervisor has judged some of those; the first has not yet. */
export async function giveReasons(stage: Stage, clock: SettableClock): Promise<void> {
  const last = usualCalendar.before(stage.city.clock.now(), BEFORE_PRESENT, 'work-hour', null)
  if (last > clock.now()) clock.set(last)
  const { items } = await readCards(stage.as('supervisor'), stage.city.cases, { colour: 'red', state: 'due', limit: 200 })
  const held: { card: (typeof items)[number]; holder: Ctx | undefined }[] = []
  for (const card of items) held.push({ card, holder: await holderOf(stage, card.orgId ?? '', card.id) })
  // Cards of one instant come in the order of their ids, which are drawn anew each time: by what each is of and whose, then.
  const keyOf = ({ card, holder }: (typeof held)[number]) =>
    [card.issuedAt, card.caseTitle, card.stepTitle, card.orgId, holder?.actor.name].join(' ')
  let given = 0
  for (const { card, holder } of held.toSorted((a, b) => (keyOf(a) < keyOf(b) ? 1 : -1)).slice(1)) {
    if (!holder) continue
    clock.tick()
    await explainCard(holder, stage.city.cases, card.id, reasons[given % reasons.length] ?? reasons[0])
    clock.tick()
    if (given % 3 === 1) await reviewExplanation(stage.as('supervisor'), stage.city.cases, card.id, true, '情况属实，予以接受。')
    if (given % 3 === 2) await reviewExplanation(stage.as('supervisor'), stage.city.cases, card.id, false, '理由不充分，请重新说明。')
    given++
  }
}

/** Whoever of the office may give the reason: its head for what it builds, its user for what it uses. */
async function holderOf(stage: Stage, orgId: string, cardId: string): Promise<Ctx | undefined> {
  for (const post of ['head', 'user']) {
    const ctx = stage.as(`${orgId}-${post}`)
    const { items } = await readCards(ctx, stage.city.cases, { mine: true, colour: 'red', limit: 200 })
    if (items.some(({ id, mayExplain }) => id === cardId && mayExplain)) return ctx
  }
  return undefined
}
