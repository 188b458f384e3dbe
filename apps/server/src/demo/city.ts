import { type DemoEnterprise, type DemoOrganisation, demoRegisters } from './organisations.ts'
import { type DemoAgent, type DemoCitizen, type DemoPerson, demoPeople } from './people.ts'

/** The demo city (演示数据): its institutions and its people. Data only; nothing is stored here. */
export interface DemoCity {
  organisations: DemoOrganisation[]
  people: DemoPerson[]
  enterprises: DemoEnterprise[]
  /** People outside the offices, each with a relation to an enterprise in place of a post. */
  agents: DemoAgent[]
  /** Citizens, each with a relation to the own person. */
  citizens: DemoCitizen[]
}

/** The same city on every call. */
export function demoCity(): DemoCity {
  const registers = demoRegisters()
  return { ...registers, ...demoPeople(registers.organisations) }
}
