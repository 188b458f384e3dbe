import { readFileSync } from 'node:fs'
import { countiesInUse, syntheticCitizenId } from '@tongchou/kernel'
import { drawsOf, shuffled } from './random.ts'

/** Who a person is to the head of the family. */
export type Place = 'head' | 'spouse' | 'first-child' | 'second-child' | 'first-parent' | 'second-parent'

/** A synthetic person (合成人员): the number passes every check and was never issued to anybody. */
export interface Person {
  place: Place
  idNumber: string
  name: string
  /** 1 男, 2 女. The number itself says nothing about it: its sequence is 000, which is never issued. */
  sex: '1' | '2'
  bornOn: string
}

/** In this order, which numbers rest on. */
export const places: readonly Place[] = ['head', 'spouse', 'first-child', 'second-child', 'first-parent', 'second-parent']

/**
 * Numbers with the sequence 000 are told apart by division and day of birth alone, so that these must never meet twice. Each place in the family
 * has every sixth day of the year as its own; a family has the day's number and the year of its head from a permutation of a block, each
 * block another division; the other places shift both by what depends on the day only. So every number belongs to one person, without anybody keeping a list.
 */
const daysOfPlace = 60
const headYears = 45
const blockSize = daysOfPlace * headYears
/** Years after the head's birth, from and to. */
const born: Readonly<Record<Place, readonly [number, number]>> = {
  head: [0, 0],
  spouse: [-3, 4],
  'first-child': [22, 28],
  'second-child': [26, 33],
  'first-parent': [-29, -22],
  'second-parent': [-31, -23],
}

const local = ['150302', '150303', '150304']
const names = JSON.parse(readFileSync(new URL('./data/names.json', import.meta.url), 'utf8')) as { surnames: string; given: string }
const surnames = [...names.surnames]
const given = [...names.given]

export interface People {
  /** Any member that a family could have, whether or not it has one; undefined for one who is not born yet. */
  person(family: number, place: Place): Person | undefined
  /** Where the family lives. */
  division(family: number): string
}

/**
 * @param on the day on which the city is looked at
 * @throws RangeError for more families than there are numbers
 */
export function peopleOf({ seed, families, on }: { seed: number; families: number; on: string }): People {
  const region = countiesInUse().map(({ code }) => code)
  const divisions = [...new Set([...local, ...region.filter((code) => code.startsWith('15')), ...region])]
  const blocks = Math.max(local.length, Math.ceil(families / blockSize))
  if (blocks > divisions.length) throw new RangeError(`最多可生成 ${divisions.length * blockSize} 户`)
  const order = shuffled(seed, 'births', blockSize)
  const days = new Map(places.map((place) => [place, shuffled(seed, `day ${place}`, daysOfPlace)]))
  // The youngest head is of age on the day that is asked about.
  const firstYear = Number(on.slice(0, 4)) - 21 - headYears
  const shiftOf = (place: Place, day: number) => {
    const [least, most] = born[place]
    return drawsOf(seed, `years ${place}`, day).whole(least, most)
  }
  const shifts = new Map(places.map((place) => [place, Array.from({ length: daysOfPlace }, (_, day) => shiftOf(place, day))]))
  return {
    person(family, place) {
      const block = family % blocks
      const drawn = order[(Math.floor(family / blocks) + block * 11) % blockSize] ?? 0
      const day = days.get(place)?.[drawn % daysOfPlace] ?? 0
      const year = firstYear + Math.floor(drawn / daysOfPlace) + (shifts.get(place)?.[drawn % daysOfPlace] ?? 0)
      const bornOn = dayOfYear(year, day * places.length + places.indexOf(place))
      if (bornOn >= on) return undefined
      const draws = drawsOf(seed, `person ${place}`, family)
      // A child has the family's name, the head's parents too; who marries brings another.
      const surname = place === 'spouse' || place === 'second-parent' ? draws.one(surnames) : drawsOf(seed, 'surname', family).one(surnames)
      const name = surname + draws.one(given) + (draws.happens(0.8) ? draws.one(given) : '')
      const headSex = drawsOf(seed, 'head sex', family).happens(0.7) ? '1' : '2'
      const sex = { head: headSex, spouse: headSex === '1' ? '2' : '1', 'first-parent': '1', 'second-parent': '2' } as const
      const ownSex = place in sex ? sex[place as keyof typeof sex] : draws.happens(0.52) ? '1' : '2'
      return { place, idNumber: syntheticCitizenId(divisions[block] ?? '', bornOn), name, sex: ownSex, bornOn }
    },
    division: (family) => local[drawsOf(seed, 'home', family).whole(0, local.length - 1)] ?? '',
  }
}

/** A name that another office could have written down instead: one character is another. */
export function misspelt(name: string, draws: { one<T>(from: ArrayLike<T>): T }): string {
  const [first = '', second = '', ...rest] = [...name]
  return [first, draws.one(given.filter((one) => one !== second)), ...rest].join('')
}

/** Day 0 is the first of January; 360 is never reached, so that every year has every day. */
function dayOfYear(year: number, day: number): string {
  return new Date(Date.UTC(year, 0, 1 + day)).toISOString().slice(0, 10)
}
