import { dayBefore, monthsBefore } from './days.ts'
import { addDeath, addEnrolment, addPension, addUnit, addVehicle, adults, elders, type Making, relations } from './making.ts'
import { misspelt, type Person } from './people.ts'

/** Why a household that gets assistance does not qualify any more (不再符合条件的情形). */
export type Ineligibility = 'vehicle' | 'house' | 'insurance' | 'income' | 'death'

/** What was planted, as the generator remembers it. */
export type Planted =
  | { kind: 'ineligible'; what: Ineligibility; key: string }
  | { kind: 'source-error'; what: 'member-name' | 'vehicle-owner-name' | 'unit-owner-name' | 'death-not-cancelled'; key: string }

/** A household that gets assistance, or got it. */
interface Assisted {
  householdNo: string
  covered: Person[]
  isActive: boolean
}

/**
 * A family on minimum living allowance (低保家庭). By itself it has no car, one home at most, no employment and only a small pension, so that whatever
 * speaks against it was planted; some have what only looks like it: a scrapped car, a home that was sold, a job that ended, a member not covered.
 */
export function assistedRows(making: Making): void {
  const { world, draws, index, living } = making
  const rates = world.rates['social-assistance']
  const [applicant] = living
  if (!applicant) return
  const uncovered = new Set(living.slice(1).filter(() => draws.happens(rates.notCovered)))
  const assisted: Assisted = {
    householdNo: `DB${making.division}${String(index).padStart(7, '0')}`,
    covered: living.filter((person) => !uncovered.has(person)),
    isActive: !draws.happens(rates.stopped),
  }
  const declared = ordinary(making, assisted)
  addHousehold(making, assisted, applicant, declared)
  for (const person of living) addMember(making, assisted, person, applicant)
  addBenefits(making, assisted, declared)
  if (assisted.isActive) plant(making, assisted)
  else lookAlikes(making, assisted.covered)
}

/** What such a family has anyway; gives what it declares as its income. */
function ordinary(making: Making, { covered }: Assisted): number {
  const { draws } = making
  const grown = adults(making)
  const owner = grown[0]
  if (owner && draws.happens(0.55)) addUnit(making, owner, '1', '10')
  if (owner && draws.happens(0.1)) addVehicle(making, owner, '07', 'A')
  let declared = 0
  for (const elder of elders(making)) {
    const amountFen = draws.whole(14_000, 24_000)
    addPension(making, elder, '2', amountFen)
    declared += amountFen
  }
  // Odd jobs that no register knows; far enough below the standard that the pensions of the family do not lift it over.
  return declared + draws.whole(0, Math.round(making.world.rates['social-assistance'].standardFen * 0.5)) * covered.length
}

function addHousehold(making: Making, { householdNo, covered, isActive }: Assisted, applicant: Person, incomeFen: number): void {
  const { draws, rows, world, division, address } = making
  const appliedDaysAgo = draws.whole(120, 2000)
  rows.household.push({
    householdNo,
    division,
    applicantId: applicant.idNumber,
    applicant: applicant.name,
    status: isActive ? '1' : '2',
    category: draws.one(['A', 'A', 'B']),
    address,
    appliedOn: dayBefore(world.recipe.on, appliedDaysAgo),
    approvedOn: dayBefore(world.recipe.on, appliedDaysAgo - draws.whole(15, 40)),
    headcount: covered.length,
    incomeFen,
    standardFen: world.rates['social-assistance'].standardFen,
    updatedAt: making.updatedAt(),
  })
}

function addMember(making: Making, { householdNo, covered }: Assisted, person: Person, applicant: Person): void {
  const { draws, rows, world } = making
  const isWrong = draws.happens(world.rates['social-assistance'].memberNameWrong)
  if (isWrong) rows.planted.push({ kind: 'source-error', what: 'member-name', key: `${householdNo}/${person.idNumber}` })
  rows.member.push({
    householdNo,
    idNumber: person.idNumber,
    name: isWrong ? misspelt(person.name, draws) : person.name,
    kinship: person === applicant ? '0' : relations[person.place],
    covered: covered.includes(person),
    consented: true,
    updatedAt: making.updatedAt(),
  })
}

function addBenefits({ world, rows }: Making, { householdNo, covered, isActive }: Assisted, incomeFen: number): void {
  if (!isActive) return
  const amountFen = Math.max(0, world.rates['social-assistance'].standardFen * covered.length - incomeFen)
  for (const month of monthsBefore(world.recipe.on, world.rates['social-insurance'].months))
    rows.benefit.push({ householdNo, month, amountFen, paidOn: `${month}-10` })
}

/** Each kind on its own, so that a household may have several and the sum is no number that stands anywhere. */
function plant(making: Making, assisted: Assisted): void {
  const { draws, world } = making
  const rates = world.rates['social-assistance']
  const { householdNo, covered } = assisted
  const grown = adults(making).filter((person) => covered.includes(person))
  const old = elders(making).filter((person) => covered.includes(person))
  const working = grown.filter((person) => !old.includes(person))
  const did = (what: Ineligibility) => making.rows.planted.push({ kind: 'ineligible', what, key: householdNo })
  const over = () => rates.standardFen * covered.length + draws.whole(1, 30) * 10_000
  const decided = {
    vehicle: draws.happens(rates.plantedVehicle),
    house: draws.happens(rates.plantedHouse),
    insurance: draws.happens(rates.plantedInsurance),
    income: draws.happens(rates.plantedIncome),
    death: draws.happens(rates.plantedDeath),
  }
  const [adult] = grown
  if (decided.vehicle && adult) {
    addVehicle(making, draws.one(grown), draws.one(['02', '52']), 'A')
    did('vehicle')
  }
  if (decided.house && adult) {
    const homes = making.rows.unit.filter((row) => row.status === '1').length
    for (let more = homes; more < 2; more++) addUnit(making, draws.one(grown), '1', '10')
    did('house')
  }
  if (decided.insurance && working.length > 0) {
    addEnrolment(making, draws.one(working), over(), false)
    did('insurance')
  }
  if (decided.income && old.length > 0) {
    raisePension(making, draws.one(old), over())
    did('income')
  }
  if (decided.death && covered.length > 0) {
    addDeath(making, draws.one(covered), draws.whole(20, 400))
    did('death')
  }
  const isClean = Object.values(decided).every((one) => !one)
  if (isClean) lookAlikes(making, covered)
}

/** A worker's pension instead of the residents' one: the pension register has one row a month for each person. */
function raisePension(making: Making, person: Person, amountFen: number): void {
  making.rows.pension = making.rows.pension.filter((row) => row.idNumber !== person.idNumber)
  addPension(making, person, '1', amountFen)
}

/** What a careless comparison would take for a ground. */
function lookAlikes(making: Making, covered: readonly Person[]): void {
  const { draws } = making
  const grown = adults(making)
  if (grown.length === 0) return
  if (draws.happens(0.05)) addVehicle(making, draws.one(grown), '02', 'M')
  if (draws.happens(0.05)) addUnit(making, draws.one(grown), '2', '10')
  const young = grown.filter((person) => !elders(making).includes(person))
  if (young.length > 0 && draws.happens(0.05)) addEnrolment(making, draws.one(young), 600_000, true)
  const other = grown.find((person) => !covered.includes(person))
  if (other && draws.happens(0.3)) addVehicle(making, other, '02', 'A')
}
