// SPDX-License-Identifier: Apache-2.0

/** Things of the registers that a field or a filter names: 单位、项目、信息系统、行政区划、资源目录. */
export type ReferenceKind = 'organisation' | 'project' | 'system' | 'division' | 'resource'

/** Where each kind is searched (`q`) and read (`/{id}`), and its word. */
export const references: Readonly<Record<ReferenceKind, { path: string; word: string }>> = {
  organisation: { path: '/api/v1/organisations', word: '单位' },
  project: { path: '/api/v1/projects', word: '项目' },
  system: { path: '/api/v1/systems', word: '信息系统' },
  division: { path: '/api/v1/divisions', word: '行政区划' },
  resource: { path: '/api/v1/catalog/resources', word: '资源目录' },
}

/** One choice. `note` tells two of the same name apart: the unit it belongs to. */
export interface ReferenceOption {
  value: string
  label: string
  note: string | null
}

/** A line of any of the lists, as far as a choice needs it. */
export interface ReferenceLine {
  id: string
  name: string
  /** On its own page a catalog entry has its name in its content. */
  content?: { name: string }
  /** The owner of a project. */
  owner?: { name: string }
  /** The owner of a system. */
  org?: { name: string }
  /** The day from which an organisation is no more (不再存续). */
  validTo?: string | null
  /** Of a division (行政区划): the province and city it lies in, and whether its code still counts. */
  within?: string
  inUse?: boolean
}

/**
 * The lines as choices; the name that begins soonest with what was typed comes first, because Enter takes the first: 民政 means
 * 市民政局 rather than 市人民政府. An organisation that is no more stays choosable, for what it did, and says so.
 */
export function referenceOptions(lines: readonly ReferenceLine[], typed = ''): ReferenceOption[] {
  const at = ({ name }: ReferenceLine) => (name.includes(typed) ? name.indexOf(typed) : name.length)
  const sorted = typed === '' ? lines : [...lines].sort((a, b) => at(a) - at(b))
  return sorted.map((line) => ({ value: line.id, label: line.name, note: noteOf(line) }))
}

function noteOf({ id, owner, org, validTo, within, inUse }: ReferenceLine): string | null {
  if (validTo || inUse === false) return '已撤销或更名'
  if (within !== undefined) return `${within}，${id}`.replace(/^，/, '')
  return owner?.name ?? org?.name ?? null
}

/** What an open list without choices says. */
export function nothingFound(kind: ReferenceKind, searched: string): string {
  const { word } = references[kind]
  return searched === '' ? `当前岗位没有可选的${word}` : `没有名称含“${searched}”的${word}`
}

/** What stands in place of a name that this post may not read, or that could not be read. */
export function nameless(kind: ReferenceKind, refused: boolean): string {
  const { word } = references[kind]
  return refused ? `当前岗位不能查看的${word}` : `${word}名称未能读取`
}
