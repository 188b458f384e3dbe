import { type DemoOrganisation, demoOrganisations } from './organisations.ts'
import { type DemoPerson, demoPeople } from './people.ts'

/** The demo city (演示数据): its institutions and its people. Data only; nothing is stored here. */
export interface DemoCity {
  organisations: DemoOrganisation[]
  people: DemoPerson[]
}

/** The same city on every call. */
export function demoCity(): DemoCity {
  const organisations = demoOrganisations()
  return { organisations, people: demoPeople(organisations) }
}
