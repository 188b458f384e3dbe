import { readFileSync } from 'node:fs'
import type { CivilDay } from './civil-date.ts'

/** 省级, 地级, 县级. */
export type DivisionLevel = 'province' | 'prefecture' | 'county'

/** in-use 在用; recoded 代码已变更; abolished 已弃用; not-yet 尚未启用, each on the day that was asked about. */
export type DivisionState = 'in-use' | 'recoded' | 'abolished' | 'not-yet'

export interface DivisionRef {
  code: string
  name: string
}

/** A code that took over all or, when `fromYear` is given, a part that moved in that year. */
export interface DivisionSuccessor extends DivisionRef {
  fromYear?: number
}

/** An administrative division (行政区划, GB/T 2260) as it was on a day. Years are all the source has: a code counts to the end of its last year. */
export interface Division extends DivisionRef {
  level: DivisionLevel
  /** From the province down; empty for a province. A county directly under its province has one parent. */
  parents: DivisionRef[]
  state: DivisionState
  validFromYear: number
  /** The year in which the code or the name ended. */
  validToYear?: number
  successors: DivisionSuccessor[]
  /** False when the division ended and the source names nobody who took it over: say 无承接区划记录, do not guess. */
  successorsKnown: boolean
}

interface Period {
  code: string
  province: string
  prefecture: string
  name: string
  level: DivisionLevel
  ended?: 'recoded' | 'abolished'
  fromYear: number
  toYear?: number
  successors: { code: string; fromYear?: number }[]
}

const LEVELS: Record<string, DivisionLevel> = { 省级: 'province', 地级: 'prefecture', 县级: 'county' }
const ENDS: Record<string, 'recoded' | 'abolished'> = { 变更: 'recoded', 弃用: 'abolished' }

/**
 * The division behind a 6-digit code, or behind a 12-digit one that ends in 000000. Without a day: its newest state. Abolished codes
 * stay resolvable for ever, because old projects and identity numbers carry them. Undefined only for a code that never was.
 */
export function resolveDivision(code: string, onDate?: CivilDay): Division | undefined {
  const periods = divisions().get(/^\d{6}000000$/.test(code) ? code.slice(0, 6) : code)
  if (!periods) return undefined
  const year = onDate === undefined ? Number.POSITIVE_INFINITY : Number(onDate.slice(0, 4))
  // Periods are in order of their first year, so the last one that has begun is the one in force.
  const begun = periods.findLast((period) => period.fromYear <= year)
  const period = begun ?? periods[0]
  return period && toDivision(period, begun ? stateIn(period, year) : 'not-yet')
}

/** Follows successors until only codes in use today remain. Empty for a code whose heirs nobody recorded. */
export function currentSuccessors(code: string): DivisionRef[] {
  const seen = new Set<string>([code])
  const found: DivisionRef[] = []
  const queue = [...(resolveDivision(code)?.successors ?? [])]
  for (const next of queue) {
    if (seen.has(next.code)) continue
    seen.add(next.code)
    const division = resolveDivision(next.code)
    if (division?.state === 'in-use') found.push({ code: division.code, name: division.name })
    else queue.push(...(division?.successors ?? []))
  }
  return found
}

/** Every division that bears or bore exactly this name. Names repeat (郊区) and contain each other (海南区, 海南省): identify by code. */
export function findDivisionsByName(name: string): Division[] {
  const codes = new Set<string>()
  for (const periods of divisions().values()) for (const period of periods) if (period.name === name) codes.add(period.code)
  return [...codes].flatMap((code) => resolveDivision(code) ?? [])
}

/** Codes of the counties and districts (县级) that are in use, in the order of the register. */
export function countiesInUse(): DivisionRef[] {
  return [...divisions().values()].flatMap((periods) => {
    const last = periods.at(-1)
    return last && last.level === 'county' && last.ended === undefined ? [{ code: last.code, name: last.name }] : []
  })
}

/**
 * Divisions in use today for whoever chooses one (选择行政区划): those whose code begins with a word of the text, or in whose name, or in
 * that of what it lies in, the word is; every word must be found. Names that are meant come first: whole ones, then beginnings; of
 * those that are meant alike, what is near one of the codes of `home`.
 */
export function searchDivisions(text: string, home: readonly string[] = []): Division[] {
  const words = text.normalize('NFKC').split(/\s+/).filter(Boolean)
  const found = [...divisions().keys()].flatMap((code) => {
    const division = resolveDivision(code)
    if (division?.state !== 'in-use') return []
    const place = [...division.parents.map(({ name }) => name), division.name].join('')
    return words.every((word) => place.includes(word) || code.startsWith(word)) ? [division] : []
  })
  const last = words.at(-1) ?? ''
  const rank = ({ name }: Division) => (name === last ? 0 : name.startsWith(last) ? 1 : name.includes(last) ? 2 : 3)
  const far = nearness(home)
  return found.sort((a, b) => rank(a) - rank(b) || far(a.code) - far(b.code) || Number(a.code) - Number(b.code))
}

/** 0 in the same city as one of the codes, 1 in the same province, else 2. */
function nearness(home: readonly string[]): (code: string) => number {
  const cities = new Set(home.map((code) => code.slice(0, 4)))
  const provinces = new Set(home.map((code) => code.slice(0, 2)))
  return (code) => (cities.has(code.slice(0, 4)) ? 0 : provinces.has(code.slice(0, 2)) ? 1 : 2)
}

function stateIn(period: Period, year: number): DivisionState {
  return period.ended !== undefined && period.toYear !== undefined && year > period.toYear ? period.ended : 'in-use'
}

function toDivision(period: Period, state: DivisionState): Division {
  const ended = state === 'recoded' || state === 'abolished'
  const successors = period.successors
    // A row may name its own code (the name changed, the code stayed), which is no succession.
    .filter((successor) => successor.code !== period.code)
    .map((successor) => ({ ...successor, name: divisions().get(successor.code)?.at(-1)?.name ?? '' }))
  return {
    code: period.code,
    name: period.name,
    level: period.level,
    parents: parentsOf(period),
    state,
    validFromYear: period.fromYear,
    ...(period.toYear === undefined ? {} : { validToYear: period.toYear }),
    successors,
    // Parts that went in earlier years are no heirs of what was left.
    successorsKnown: !ended || successors.some((successor) => successor.fromYear === undefined),
  }
}

function parentsOf(period: Period): DivisionRef[] {
  if (period.level === 'province') return []
  const province = { code: `${period.code.slice(0, 2)}0000`, name: period.province }
  if (period.level === 'prefecture' || period.prefecture === '直辖') return [province]
  return [province, { code: `${period.code.slice(0, 4)}00`, name: period.prefecture }]
}

let loaded: Map<string, Period[]> | undefined

function divisions(): Map<string, Period[]> {
  loaded ??= readDivisions(readFileSync(new URL('./data/divisions/result.csv', import.meta.url), 'utf8'))
  return loaded
}

function readDivisions(csv: string): Map<string, Period[]> {
  // The file begins with a byte order mark, which the header line takes with it; no field is quoted.
  const periods = csv.split(/\r?\n/).slice(1).filter(Boolean).map(readPeriod)
  const byCode = Map.groupBy(periods, (period) => period.code)
  for (const list of byCode.values()) list.sort((a, b) => a.fromYear - b.fromYear)
  return byCode
}

function readPeriod(line: string): Period {
  const [code = '', province = '', prefecture = '', name = '', level = '', state = '', from = '', to = '', heirs = ''] = line.split(',')
  const known = LEVELS[level]
  if (!known) throw new TypeError(`行政区划数据的级别无法识别：${line}`)
  const ended = ENDS[state]
  return {
    code,
    province,
    prefecture,
    name,
    level: known,
    fromYear: Number(from),
    ...(ended ? { ended } : {}),
    ...(to ? { toYear: Number(to) } : {}),
    successors: heirs.split(';').filter(Boolean).map(readSuccessor),
  }
}

// 130108[2001] means that a part went to 130108 in 2001; without a year the code took over when this one ended.
function readSuccessor(text: string): { code: string; fromYear?: number } {
  const year = /\[(\d{4})\]$/.exec(text)?.[1]
  return year ? { code: text.slice(0, 6), fromYear: Number(year) } : { code: text }
}
