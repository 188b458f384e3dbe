import { assistedRows } from './assistance.ts'
import { clock, yearsBetween } from './days.ts'
import {
  addDeath,
  addEnrolment,
  addPension,
  addUnit,
  addVehicle,
  adults,
  type FamilyRows,
  type Making,
  personRow,
  retired,
} from './making.ts'
import type { Person, Place } from './people.ts'
import { drawsOf } from './random.ts'
import type { World } from './world.ts'

export function familyRows(world: World, index: number): FamilyRows {
  const { recipe, people } = world
  const draws = drawsOf(recipe.seed, 'family', index)
  const division = people.division(index)
  const districts: Readonly<Record<string, string>> = { '150302': '海勃湾区', '150303': '海南区', '150304': '乌达区' }
  const rows: FamilyRows = {
    person: [],
    death: [],
    vehicle: [],
    unit: [],
    enrolment: [],
    pension: [],
    household: [],
    member: [],
    benefit: [],
    planted: [],
  }
  const making: Making = {
    world,
    index,
    draws,
    living: [],
    rows,
    familyNo: `${division}${String(index).padStart(9, '0')}`,
    division,
    address: `${districts[division] ?? ''}演示小区${draws.whole(1, 60)}号楼${draws.whole(1, 4)}单元${draws.whole(101, 1806)}室`,
    updatedAt: () => clock(recipe.on, draws.whole(1, 300), draws.whole(0, 86_399)),
  }
  for (const person of membersOf(making)) addPerson(making, person)
  if (world.isAssisted(index)) assistedRows(making)
  else {
    addVehicles(making)
    addUnits(making)
    for (const person of making.living) addInsurance(making, person)
  }
  return rows
}

function membersOf({ world, index, draws }: Making): Person[] {
  const { population } = world.rates
  const may: [Place, number][] = [
    ['head', 1],
    ['spouse', population.spouse],
    ['first-child', population.firstChild],
    ['second-child', population.secondChild],
    ['first-parent', population.firstParent],
    ['second-parent', population.secondParent],
  ]
  const there = may.filter(([, rate]) => draws.happens(rate)).map(([place]) => place)
  return there.flatMap((place) => {
    // A second child has an older one, and nobody has children of theirs here without the other parent being known.
    if (place === 'second-child' && !there.includes('first-child')) return []
    return world.people.person(index, place) ?? []
  })
}

/** A living or dead member of the family; whoever is dead stands in the register of deaths, and is struck off at home. */
function addPerson(making: Making, person: Person): void {
  const { world, draws } = making
  const isParent = person.place === 'first-parent' || person.place === 'second-parent'
  if (isParent && draws.happens(world.rates.population.parentDied)) addDeath(making, person, draws.whole(40, 1800))
  else {
    making.living.push(person)
    making.rows.person.push(personRow(making, person, '1'))
  }
}

function addVehicles(making: Making): void {
  const { draws, world } = making
  const { car, secondCar, motorcycle, scrapped } = world.rates.vehicles
  const owners = adults(making)
  if (owners.length === 0) return
  const isScrapped = () => draws.happens(scrapped)
  if (draws.happens(car)) addVehicle(making, draws.one(owners), draws.one(['02', '02', '02', '52']), isScrapped() ? 'M' : 'A')
  if (draws.happens(secondCar)) addVehicle(making, draws.one(owners), '02', isScrapped() ? 'E' : 'A')
  if (draws.happens(motorcycle)) addVehicle(making, draws.one(owners), '07', 'A')
}

function addUnits(making: Making): void {
  const { draws, world } = making
  const { home, secondHome, formerHome } = world.rates['real-estate']
  const owners = adults(making)
  if (owners.length === 0) return
  if (draws.happens(home)) addUnit(making, draws.one(owners), '1', '10')
  if (draws.happens(secondHome)) addUnit(making, draws.one(owners), '1', draws.one(['10', '10', '20', '40']))
  if (draws.happens(formerHome)) addUnit(making, draws.one(owners), '2', '10')
}

function addInsurance(making: Making, person: Person): void {
  const { draws, world } = making
  const { employed, stopped, workerPension } = world.rates['social-insurance']
  const age = yearsBetween(person.bornOn, world.recipe.on)
  if (age >= retired) {
    const isWorker = draws.happens(workerPension)
    addPension(making, person, isWorker ? '1' : '2', isWorker ? draws.whole(180_000, 520_000) : draws.whole(14_000, 26_000))
  } else if (age >= 20 && draws.happens(employed)) addEnrolment(making, person, draws.whole(42, 190) * 10_000, draws.happens(stopped))
}
