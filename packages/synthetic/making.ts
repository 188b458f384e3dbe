import type { Planted } from './assistance.ts'
import { clock, dayBefore, monthsBefore, yearsBetween } from './days.ts'
import { enterpriseCode } from './enterprises.ts'
import { misspelt, type Person, type Place, places } from './people.ts'
import type { Draws } from './random.ts'
import type { World } from './world.ts'

/** Facts of one family, as rows by their kind; each is known to one department. */
export interface FamilyRows {
  person: Row[]
  death: Row[]
  vehicle: Row[]
  unit: Row[]
  enrolment: Row[]
  pension: Row[]
  household: Row[]
  member: Row[]
  benefit: Row[]
  /** What was planted here: the generator's own account, which no table holds. */
  planted: Planted[]
}
export type Row = Record<string, unknown>

/** A family while its rows are made. */
export interface Making {
  world: World
  index: number
  draws: Draws
  living: Person[]
  rows: FamilyRows
  familyNo: string
  division: string
  address: string
  updatedAt: () => string
}

/** As registers write who somebody is to the head of the family or to the applicant. */
export const relations: Readonly<Record<Place, string>> = {
  head: '0',
  spouse: '1',
  'first-child': '2',
  'second-child': '2',
  'first-parent': '5',
  'second-parent': '5',
}
export const retired = 60
const ofAge = 18

/** What the register of deaths and the register of persons say of somebody who died so many days ago. */
export function addDeath(making: Making, person: Person, daysAgo: number): void {
  const { world, draws, rows } = making
  const { on } = world.recipe
  rows.death.push({
    certificateNo: `SW${String(making.index).padStart(8, '0')}${places.indexOf(person.place)}`,
    idNumber: person.idNumber,
    name: person.name,
    diedOn: dayBefore(on, daysAgo),
    issuedOn: dayBefore(on, Math.max(1, daysAgo - draws.whole(0, 3))),
    updatedAt: clock(on, Math.max(1, daysAgo - 3), draws.whole(28_800, 64_000)),
  })
  const isForgotten = draws.happens(world.rates.population.deathNotCancelled)
  if (isForgotten) rows.planted.push({ kind: 'source-error', what: 'death-not-cancelled', key: person.idNumber })
  rows.person = rows.person.filter((row) => row.idNumber !== person.idNumber)
  rows.person.push(personRow(making, person, isForgotten ? '1' : '2'))
}

export function personRow({ familyNo, division, address, updatedAt }: Making, person: Person, status: string): Row {
  const { idNumber, name, sex, bornOn, place } = person
  return { idNumber, name, sex, bornOn, familyNo, relation: relations[place], division, address, status, updatedAt: updatedAt() }
}

/** Those who can own things and sign papers. */
export const adults = ({ living, world }: Making) => living.filter(({ bornOn }) => yearsBetween(bornOn, world.recipe.on) >= ofAge)
/** Those who draw a pension. */
export const elders = ({ living, world }: Making) => living.filter(({ bornOn }) => yearsBetween(bornOn, world.recipe.on) >= retired)

const models = ['演示牌SY1001', '演示牌SY2003', '演示牌EV300', '演示牌QB125']

export function addVehicle(making: Making, owner: Person, plateClass: string, status: string): void {
  const { draws, rows, world, index } = making
  const isWrong = draws.happens(world.rates.vehicles.ownerNameWrong)
  // A plate never holds the letter I, so that none of these is anybody's.
  const plateNo = `蒙CI${String(index * 4 + rows.vehicle.length).padStart(5, '0')}`
  if (isWrong) rows.planted.push({ kind: 'source-error', what: 'vehicle-owner-name', key: plateNo })
  rows.vehicle.push({
    plateNo,
    plateClass,
    ownerId: owner.idNumber,
    owner: isWrong ? misspelt(owner.name, draws) : owner.name,
    model: draws.one(models),
    registeredOn: dayBefore(world.recipe.on, draws.whole(60, 5000)),
    status,
    updatedAt: making.updatedAt(),
  })
}

/** @param status 1 现势, 2 历史 */
export function addUnit(making: Making, owner: Person, status: string, use: string): void {
  const { draws, rows, world, index, division } = making
  const isWrong = draws.happens(world.rates['real-estate'].ownerNameWrong)
  // 地籍区 000 is given to no place.
  const building = String(Math.floor(index / 10))
    .padStart(5, '0')
    .slice(-5)
  const unitNo = `${division}000${String(Math.floor(index / 1_000_000)).padStart(3, '0')}GB${building}F${String((index % 1_000_000) * 10 + rows.unit.length).padStart(8, '0')}`
  if (isWrong) rows.planted.push({ kind: 'source-error', what: 'unit-owner-name', key: unitNo })
  rows.unit.push({
    unitNo,
    ownerId: owner.idNumber,
    owner: isWrong ? misspelt(owner.name, draws) : owner.name,
    place: making.address,
    areaM2: (draws.whole(3200, 16_000) / 100).toFixed(2),
    use,
    registeredOn: dayBefore(world.recipe.on, draws.whole(60, 6000)),
    status,
    updatedAt: making.updatedAt(),
  })
}

/** @param isStopped no contribution in the last month */
export function addEnrolment({ world, draws, rows }: Making, person: Person, baseFen: number, isStopped: boolean): void {
  const employer = enterpriseCode(draws.whole(0, world.enterprises - 1))
  const months = monthsBefore(world.recipe.on, world.rates['social-insurance'].months)
  for (const month of isStopped ? months.slice(1) : months)
    rows.enrolment.push({ idNumber: person.idNumber, month, baseFen, employer, updatedAt: closing(month, draws) })
}

export function addPension({ world, draws, rows }: Making, person: Person, kind: string, amountFen: number): void {
  for (const month of monthsBefore(world.recipe.on, world.rates['social-insurance'].months))
    rows.pension.push({ idNumber: person.idNumber, month, kind, amountFen, updatedAt: closing(month, draws) })
}

/** When a month's accounts are closed. */
function closing(month: string, draws: Draws): string {
  return clock(`${month}-26`, 0, draws.whole(28_800, 64_000))
}
