import type { Ctx, NoticesPort, NoticeTo, OrganisationsPort } from '@tongchou/kernel'
import { insertNotices } from './notice.store.ts'

/** What this module needs of the others; the server wires it. */
export interface NoticesPorts {
  organisations: Pick<OrganisationsPort, 'bearersOf' | 'holdersOf'>
}

/** Notices as rows of the caller's transaction: they stand or fall with the act they tell of. */
export function noticesPort(ports: NoticesPorts): NoticesPort {
  return {
    async send(ctx, notice) {
      const people = await Promise.all(notice.to.map((to) => peopleOf(ctx, ports, to)))
      // Sorted, so that two acts that tell the same people at once wait for each other instead of locking each other out.
      await insertNotices(ctx, notice, [...new Set(people.flat())].sort())
    },
  }
}

/** Whoever holds the duty today: in one organisation, or in every organisation that bears it. */
async function peopleOf(ctx: Ctx, { organisations }: NoticesPorts, to: NoticeTo): Promise<string[]> {
  if ('personId' in to) return [to.personId]
  const orgIds = to.orgId === null ? (await organisations.bearersOf(ctx, to.duty)).map((office) => office.id) : [to.orgId]
  const holders = await Promise.all(orgIds.map((orgId) => organisations.holdersOf(ctx, to.duty, orgId)))
  return holders.flat().map((holder) => holder.personId)
}
