import { Id, Line, Nullable, OneOf, Prose, Strict } from '@tongchou/kernel'
import {
  censusNames,
  classes,
  cycles,
  dutyNames,
  type Entry,
  entryOf,
  extensionNames,
  formats,
  grades,
  gradingDegrees,
  gradingObjects,
  itemOf,
  itemTypes,
  maskings,
  openings,
  openLevels,
  scenarios,
  sensitivities,
  sharingChannels,
  sharingForms,
  sharings,
  spatialScopes,
} from '@tongchou/metadata'
import { type Static, type TProperties, type TSchema, Type } from 'typebox'

const Bearer = Strict({ orgId: Line(64), post: Nullable(Line(100)) })

/** The same schema under each of some names. */
function each<const N extends readonly string[], S extends TSchema>(names: N, schema: S): Record<N[number], S> {
  return Object.fromEntries(names.map((name) => [name, schema])) as Record<N[number], S>
}

/** What came later may be left out of a request. */
function optional<P extends TProperties>(properties: P) {
  return Type.Partial(Type.Object(properties)).properties
}

/** WH23-14: 谁经手、谁使用、谁管理、谁归档、谁负责. */
const Duties = Strict(each(dutyNames, Nullable(Bearer)))
export type Duties = Static<typeof Duties>

/** `i1`, `i2` …: never reused within the resource. */
const ItemId = Type.String({ pattern: '^i[1-9][0-9]{0,5}$', description: '信息项标识，改名、改版不变，不重复使用' })

// A row that is half typed is kept too: what is missing is a matter of the rules.
const itemFields = {
  name: Prose(100),
  code: Prose(64),
  type: Nullable(OneOf(itemTypes)),
  length: Nullable(Type.Integer({ minimum: 1, maximum: 65535 })),
  isKey: Type.Boolean(),
  sensitivity: OneOf(sensitivities),
  masking: Nullable(OneOf(maskings)),
  sharing: Nullable(OneOf(sharings, { description: '空：与资源相同' })),
}
const itemDetails = {
  precision: Nullable(Type.Integer({ minimum: 0, maximum: 38 })),
  isTimestamp: Type.Boolean(),
  valueRange: Nullable(Prose(500)),
  codeList: Nullable(Line(100)),
  element: Nullable(Line(100)),
  sharingCondition: Nullable(Prose(1000)),
  sharingReason: Nullable(Prose(1000)),
  basisLaw: Nullable(Line(100)),
  basisClause: Nullable(Line(100)),
  opening: Nullable(OneOf(openings, { description: '空：与资源相同' })),
  grade: Nullable(OneOf(grades, { description: '空：与资源相同' })),
  gradeReason: Nullable(Prose(1000)),
  isOwn: Nullable(Type.Boolean({ description: '本部门产生' })),
  sourceTable: Nullable(Line(100)),
}

/** Data item (信息项) as it is kept. */
const Item = Type.Object({ id: Type.String(), ...itemFields, ...itemDetails })
export type Item = Static<typeof Item>

/** Data item as it is handed over: without an id it is the item of its technical name, or a new one. */
const ItemInput = Strict({ id: Type.Optional(ItemId), ...itemFields, ...optional(itemDetails) })

const Impact = Strict({ object: OneOf(gradingObjects), degree: OneOf(gradingDegrees), reason: Prose(1000) })

const contentFields = {
  name: Line(128),
  projectId: Nullable(Id),
  declaredResourceId: Nullable(Id),
  systemId: Nullable(Id),
  providerCode: Nullable(Type.String({ maxLength: 40 })),
  abstract: Prose(2500),
  class: Nullable(OneOf(classes)),
  format: Nullable(OneOf(formats)),
  updateCycle: Nullable(OneOf(cycles)),
  duties: Duties,
  sharing: Nullable(OneOf(sharings)),
  sharingCondition: Nullable(Prose(1000)),
  basisLaw: Nullable(Line(100)),
  basisClause: Nullable(Line(100)),
  opening: Nullable(OneOf(openings)),
  openingCondition: Nullable(Prose(1000)),
  grade: Nullable(OneOf(grades)),
  containsPersonal: Type.Boolean(),
  containsSensitive: Type.Boolean(),
  maskingRule: Nullable(Prose(1000)),
}
const contentDetails = {
  classCode: Nullable(Type.String({ maxLength: 40, description: '类项目细目' })),
  internalUnit: Nullable(Line(100)),
  formatType: Nullable(Line(40)),
  formatNote: Nullable(Prose(500)),
  sharingChannel: Nullable(OneOf(sharingChannels)),
  sharingForm: Nullable(OneOf(sharingForms)),
  openLevel: Nullable(OneOf(openLevels)),
  relatedCodes: Type.Array(Line(80), { maxItems: 50 }),
  grading: Type.Array(Impact, { maxItems: 20 }),
  census: Strict(each(censusNames, Nullable(Prose(40)))),
  spatialScope: Nullable(OneOf(spatialScopes)),
  scenario: Nullable(OneOf(scenarios)),
  ext: Strict(each(extensionNames, Nullable(Prose(200)))),
}

/** The content of an entry as it is kept: what is compiled, frozen and reviewed. A draft may be incomplete. */
export const Content = Type.Object({ ...contentFields, ...contentDetails, items: Type.Array(Item) })
export type Content = Static<typeof Content>

/** The same as it is handed over. */
export const contentInput = { ...contentFields, ...optional(contentDetails), items: Type.Array(ItemInput, { maxItems: 1000 }) }
export const ContentInput = Strict(contentInput)
export type ContentInput = Static<typeof ContentInput>

/** Content whose items may be without an id: ready to be numbered. */
export type UnnumberedContent = Omit<Content, 'items'> & { items: (Omit<Item, 'id'> & { id?: string })[] }

/** What was handed over, whole: what it leaves out is not said. */
export function wholeContent({ items, ...input }: ContentInput): UnnumberedContent {
  const { provider: _provider, code: _code, publishedOn: _on, secret: _secret, ...blank } = entryOf({ name: input.name }) as Required<Entry>
  return {
    ...(blank as unknown as Content),
    ...known(input),
    items: items.map((item) => ({ ...(itemOf({ name: item.name, code: item.code }) as unknown as Omit<Item, 'id'>), ...item })),
  } as UnnumberedContent
}

/** Only the fields of a content, whatever else came along. */
function known(input: Omit<ContentInput, 'items'>): Partial<Content> {
  return Object.fromEntries(
    Object.keys({ ...contentFields, ...contentDetails }).flatMap((key) => (key in input ? [[key, input[key as keyof typeof input]]] : [])),
  )
}
