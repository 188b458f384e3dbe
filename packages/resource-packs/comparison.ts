import type { ItemType } from '@tongchou/records'
import type { ComparisonFile } from './pack.schema.ts'
import type { PackFault, PackResource, ResourcePack } from './pack.ts'

/** A resource of a pack, wherever it is named (`vehicles/vehicle`). */
export interface PackRef {
  pack: string
  resource: string
}

/** Which records count, by ids of items. */
export type PackCondition = { item: string; is: readonly string[] } | { item: string; latest: true }

/** A ground on which a group does not fit (核对情形). */
export interface PackReason {
  id: string
  title: string
  basis: ComparisonFile['basis']
  with: PackRef
  /** The person's item there. */
  match: string
  where: readonly PackCondition[]
  test: { kind: 'any' } | { kind: 'distinct'; item: string; least: number } | { kind: 'sum'; item: string; least: readonly string[] }
  shows: readonly string[]
}

/** What cannot be right beside what another register says (来源差错), and is to be checked at its source (校核). */
export interface PackSourceError {
  id: string
  title: string
  of: PackRef
  where: readonly PackCondition[]
  with: PackRef
  match: { of: string; with: string }
  otherWhere: readonly PackCondition[]
  /** `item` is the one that is doubted. */
  test: { kind: 'any'; item: string } | { kind: 'differs' | 'before'; item: string; other: string }
  proposal: string
  shows: readonly string[]
  othersShow: readonly string[]
}

/** A named comparison (专题比对) of a pack, read and checked: every name is an id of an item. */
export interface PackComparison {
  pack: string
  /** The name of its file. */
  name: string
  id: string
  title: string
  summary: string
  basis: ComparisonFile['basis']
  group: { of: PackRef; key: string; where: readonly PackCondition[]; shows: readonly string[] }
  people: {
    of: PackRef
    group: string
    /** The item that says who it is. */
    person: string
    where: readonly PackCondition[]
    consent: { item: string; is: string } | null
    shows: readonly string[]
  }
  /** How long the office has that decides on a group (核查处理), and the one that answers for a record (校核). */
  handling: ComparisonFile['handling']
  correction: ComparisonFile['correction']
  reasons: readonly PackReason[]
  errors: readonly PackSourceError[]
}

/** A comparison as its file has it. */
export interface RawComparison {
  pack: string
  name: string
  file: string
  raw: ComparisonFile
}

/** Gives every name of a comparison its place in the packs; what leads nowhere, or does not fit its type, is said with its path. */
export function comparisonOf(
  { pack, name, file, raw }: RawComparison,
  packs: readonly ResourcePack[],
  faults: PackFault[],
): PackComparison {
  const say = (path: string, message: string) => {
    faults.push({ file, path, message })
  }
  const find = (text: string, path: string): { ref: PackRef; resource: PackResource | undefined } => {
    const [first = '', second] = text.split('/')
    const ref = second === undefined ? { pack, resource: first } : { pack: first, resource: second }
    const resource = packs.find(({ manifest }) => manifest.pack === ref.pack)?.resources.find((one) => one.name === ref.resource)
    if (!resource) say(path, `没有资源“${text}”`)
    return { ref, resource }
  }
  const item = (resource: PackResource | undefined, called: string, path: string, fits?: (type: ItemType) => boolean): string => {
    const found = resource?.items.find((one) => one.name === called)
    if (resource && !found) say(path, `资源“${resource.title}”没有信息项“${called}”`)
    if (found && fits && !fits(found.type)) say(path, `信息项“${found.title}”的类型不能这样比对`)
    return found?.id ?? called
  }
  const items = (resource: PackResource | undefined, names: readonly string[], path: string) =>
    names.map((one, index) => item(resource, one, `${path}.${index}`))
  const where = (resource: PackResource | undefined, conditions: ComparisonFile['group']['where'], path: string): PackCondition[] =>
    (conditions ?? []).map((one, index) => {
      const at = `${path}.${index}`
      const id = item(resource, one.item, `${at}.item`, 'latest' in one ? ({ kind }) => kind === 'month' || kind === 'date' : undefined)
      if ('latest' in one) return { item: id, latest: true }
      const type = resource?.items.find((known) => known.name === one.item)?.type
      for (const value of one.is) if (type?.kind === 'code' && !type.codes.includes(value)) say(`${at}.is`, `代码表没有代码“${value}”`)
      return { item: id, is: one.is }
    })
  const pair = (match: Record<string, string>): [string, string] => Object.entries(match)[0] ?? ['', '']

  const group = find(raw.group.of, 'group.of')
  const people = find(raw.people.of, 'people.of')
  const [personName] = pair(raw.reasons[0]?.match ?? {})
  if (group.resource && (group.resource.key.length !== 1 || group.resource.key[0] !== raw.group.key)) say('group.key', '应为该资源的主键')
  for (const id of doubles([...raw.reasons, ...raw.errors].map((one) => one.id))) say('', `标识 ${id} 重复`)
  return {
    pack,
    name,
    id: raw.id,
    title: raw.title,
    summary: raw.summary,
    basis: raw.basis,
    group: {
      of: group.ref,
      key: item(group.resource, raw.group.key, 'group.key'),
      where: where(group.resource, raw.group.where, 'group.where'),
      shows: items(group.resource, raw.group.shows, 'group.shows'),
    },
    people: {
      of: people.ref,
      group: item(people.resource, raw.people.group, 'people.group'),
      person: item(people.resource, personName, 'reasons.0.match', isIdentifier),
      where: where(people.resource, raw.people.where, 'people.where'),
      consent: raw.people.consent
        ? { ...raw.people.consent, item: item(people.resource, raw.people.consent.item, 'people.consent') }
        : null,
      shows: items(people.resource, raw.people.shows, 'people.shows'),
    },
    handling: raw.handling,
    correction: raw.correction,
    reasons: raw.reasons.map((reason, index): PackReason => {
      const at = `reasons.${index}`
      const { ref, resource } = find(reason.with, `${at}.with`)
      const [mine, theirs] = pair(reason.match)
      if (mine !== personName) say(`${at}.match`, `各情形应按同一信息项“${personName}”比对`)
      const { test } = reason
      return {
        ...{ id: reason.id, title: reason.title, basis: reason.basis, with: ref },
        match: item(resource, theirs, `${at}.match`, isIdentifier),
        where: where(resource, reason.where, `${at}.where`),
        test:
          test.kind === 'any'
            ? test
            : test.kind === 'distinct'
              ? { ...test, item: item(resource, test.item, `${at}.test.item`) }
              : {
                  kind: 'sum',
                  item: item(resource, test.item, `${at}.test.item`, isWhole),
                  least: test.least.map((one, n) => item(group.resource, one, `${at}.test.least.${n}`, isWhole)),
                },
        shows: items(resource, reason.shows, `${at}.shows`),
      }
    }),
    errors: raw.errors.map((error, index): PackSourceError => {
      const at = `errors.${index}`
      const mine = find(error.of, `${at}.of`)
      const other = find(error.with, `${at}.with`)
      const [ofItem, withItem] = pair(error.match)
      const { test } = error
      const fits = test.kind === 'before' ? ({ kind }: ItemType) => kind === 'date' : undefined
      const doubted = item(mine.resource, test.item, `${at}.test.item`, fits)
      return {
        ...{ id: error.id, title: error.title, of: mine.ref, with: other.ref, proposal: error.proposal },
        where: where(mine.resource, error.where, `${at}.where`),
        match: {
          of: item(mine.resource, ofItem, `${at}.match`, isIdentifier),
          with: item(other.resource, withItem, `${at}.match`, isIdentifier),
        },
        otherWhere: where(other.resource, error.otherWhere, `${at}.otherWhere`),
        test:
          test.kind === 'any'
            ? { kind: 'any', item: doubted }
            : { kind: test.kind, item: doubted, other: item(other.resource, test.other, `${at}.test.other`, fits) },
        shows: items(mine.resource, error.shows, `${at}.shows`),
        othersShow: items(other.resource, error.othersShow, `${at}.othersShow`),
      }
    }),
  }
}

/** What people and bodies are told apart by; names are not. */
const isIdentifier = ({ kind }: ItemType) => kind === 'citizen-id' || kind === 'credit-code'
const isWhole = ({ kind }: ItemType) => kind === 'money' || kind === 'integer'

function doubles(values: readonly string[]): Set<string> {
  return new Set(values.filter((value, index) => values.indexOf(value) < index))
}
