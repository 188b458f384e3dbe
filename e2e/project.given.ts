import { syntheticSocialCreditCode } from '@tongchou/kernel'
import type { TestDatabase } from '@tongchou/testing'
import { deskOf } from '../apps/server/src/testing/desk.ts'
import type { SmallCity } from '../apps/server/src/testing/small-city.ts'

/** What others have taken a project through before the story begins. */
export interface GivenProjects {
  /** A project out to tender, whose result is registered: gives it and the case that waits for the contract. */
  tendered(changes: { name?: string } & Record<string, unknown>, winner: string): Promise<{ id: string; tender: string }>
  /** One that is being built under a contract, with a milestone. */
  contracted(changes: { name?: string } & Record<string, unknown>, number: string, supplier: string, serial: number): Promise<string>
}

export function givenProjects(city: SmallCity, { owner }: TestDatabase): GivenProjects {
  const desk = deskOf(city)
  const tendered: GivenProjects['tendered'] = async (changes, winner) => {
    const { id } = await desk.draft(changes)
    await owner.query(
      `update projects.project set submitted_at = now(), stage = 'established', proposal_approved_at = now(), feasibility_approved_at = now(),
         preliminary_design_approved_at = now() where id = $1`,
      [id],
    )
    const tender = await desk.begin('clerk', id, 'tender')
    const form = { venue: 'public-resource-trading-center', noticeNumber: 'WH-1', winner, amountFen: 90_000_000, openedOn: '2026-02-20' }
    await desk.decide('tender', tender, 'register', { form })
    return { id, tender }
  }
  return {
    tendered,
    contracted: async (changes, number, supplier, serial) => {
      const { id, tender } = await tendered(changes, supplier)
      const supplierUscc = syntheticSocialCreditCode('91', '150300', serial)
      const terms = [{ title: '验收后支付', amountFen: 80_000_000 }]
      await desk.decide('clerk', tender, 'register', {
        form: { number, supplier, supplierUscc, amountFen: 80_000_000, signedOn: '2026-03-01', terms },
      })
      const milestones = [{ title: `${changes.name}上线`, dueOn: '2026-09-30' }]
      await (await city.as('clerk')).put(`/api/v1/projects/${id}/milestones`, { milestones })
      return id
    },
  }
}
