import {
  classes,
  cycles,
  formats,
  grades,
  gradingDegrees,
  gradingObjects,
  maskings,
  openings,
  scenarios,
  sensitivities,
  sharingChannels,
  sharingForms,
  sharings,
  spatialScopes,
} from '@tongchou/metadata'
import { type Static, type TProperties, type TSchema, Type } from 'typebox'

// The files of a pack are checked with these schemas, and editors with what `schemaFiles` makes of them: one description, so that they cannot differ.

/** A closed object: a key that nobody reads would be a promise that nobody keeps. */
const Strict = <P extends TProperties>(properties: P) => Type.Object(properties, { additionalProperties: false })
const Text = (most: number) => Type.String({ minLength: 1, maxLength: most })
const OneOf = <const T extends readonly string[]>(values: T) => Type.Unsafe<T[number]>({ type: 'string', enum: [...values] })
const Optional = <S extends TSchema>(schema: S) => Type.Optional(schema)

const Slug = '^[a-z][a-z0-9-]{0,39}$'
const ItemName = '^[a-z][A-Za-z0-9]{0,39}$'
const Version = '^[0-9]{1,4}\\.[0-9]{1,4}\\.[0-9]{1,4}$'

/** `pack.yaml`: what the pack is. */
export const Manifest = Strict({
  pack: Type.String({ pattern: Slug, description: '与文件夹同名' }),
  title: Text(60),
  version: Type.String({ pattern: Version, description: '资源包的版本' }),
  language: Type.Literal(1, { description: '资源包写法的版本' }),
  answers: Type.Array(Text(20), { description: '所答的条款' }),
  summary: Text(500),
})
export type Manifest = Static<typeof Manifest>

/** `tables.yaml`: code lists of the pack, each code with its word. */
export const CodeTables = Type.Record(
  Type.String({ pattern: ItemName }),
  Strict({
    title: Text(60),
    basis: Optional(Text(100)),
    verified: Optional(Type.Boolean({ description: '代码已核对原文' })),
    codes: Type.Record(Type.String({ pattern: '^[A-Za-z0-9]{1,12}$' }), Text(60)),
  }),
)
export type CodeTables = Static<typeof CodeTables>

const ItemFile = Strict({
  id: Type.String({ pattern: '^i[1-9][0-9]{0,5}$', description: '信息项标识，改名、改版不变，不重复使用' }),
  title: Text(100),
  column: Type.String({ pattern: '^[a-z][a-z0-9_]{0,62}$', description: '来源表的字段名' }),
  type: Type.String({
    pattern:
      '^(text\\([1-9][0-9]{0,4}\\)|decimal\\([1-9][0-9]?, ?[0-9]{1,2}\\)|code\\([a-z][A-Za-z0-9]*\\)|note|cn-id|uscc|int|money|double|date|instant|month|flag)$',
  }),
  required: Optional(Type.Boolean()),
  sensitivity: Optional(OneOf(sensitivities)),
  masking: Optional(OneOf(maskings)),
  sharing: Optional(OneOf(sharings)),
  sharingCondition: Optional(Text(1000)),
  sharingReason: Optional(Text(1000)),
  grade: Optional(OneOf(grades)),
  gradeReason: Optional(Text(1000)),
  isTimestamp: Optional(Type.Boolean()),
})

/** What the catalog entry says beside the items; what only the department knows it says itself. */
const EntryFile = Strict({
  class: OneOf(classes),
  classCode: Type.String({ pattern: '^[0-9]{1,20}$', description: '类项；目、细目由编目单位选择' }),
  abstract: Text(2500),
  format: OneOf(formats),
  formatType: Text(40),
  updateCycle: OneOf(cycles),
  sharing: OneOf(sharings),
  sharingCondition: Optional(Text(1000)),
  sharingChannel: OneOf(sharingChannels),
  sharingForm: OneOf(sharingForms),
  opening: OneOf(openings),
  openingCondition: Optional(Text(1000)),
  grade: OneOf(grades),
  grading: Type.Array(Strict({ object: OneOf(gradingObjects), degree: OneOf(gradingDegrees), reason: Text(1000) }), { minItems: 1 }),
  maskingRule: Optional(Text(1000)),
  spatialScope: OneOf(spatialScopes),
  scenario: OneOf(scenarios),
  ext: Optional(Type.Record(Text(40), Text(200))),
})

const named = { id: Type.String({ pattern: '^q[1-9][0-9]{0,3}$' }), title: Text(200) }
const Item = Type.String({ pattern: ItemName })
const QualityFile = Type.Union([
  Strict({ ...named, rule: Type.Literal('range'), item: Item, least: Optional(Type.Number()), most: Optional(Type.Number()) }),
  Strict({ ...named, rule: Type.Literal('order'), first: Item, last: Item }),
  Strict({ ...named, rule: Type.Literal('birth'), item: Item, of: Item }),
  Strict({ ...named, rule: Type.Literal('required-when'), item: Item, when: Item, is: Text(40) }),
])

/** `resources/*.yaml`: one resource, as it is catalogued and as its records are. */
export const ResourceFile = Strict({
  id: Type.String({ pattern: '^r[1-9][0-9]{0,3}$', description: '在资源包内不重复、不再用' }),
  title: Text(128),
  kind: OneOf(['state', 'event'] as const),
  provider: Strict({ id: Type.String({ pattern: Slug, description: '演示城市中的机构' }), title: Text(60) }),
  table: Type.String({ pattern: '^[a-z][a-z0-9_]{0,62}$', description: '来源表名' }),
  key: Type.Array(Item, { minItems: 1, maxItems: 8 }),
  person: Optional(Type.Array(Item, { description: '指向个人的信息项：按其查阅须说明用途并留痕' })),
  entry: EntryFile,
  items: Type.Record(Item, ItemFile),
  quality: Optional(Type.Array(QualityFile)),
})
export type ResourceFile = Static<typeof ResourceFile>

/** `synthetic.yaml`: how the tables of the pack are made from the synthetic city, and how common things are in it. */
export const SyntheticFile = Strict({
  rates: Type.Record(Item, Type.Number({ minimum: 0 })),
  tables: Type.Record(
    Type.String({ pattern: Slug }),
    Strict({
      rows: Type.String({ pattern: Slug, description: '合成城市中的一类事实' }),
      values: Optional(Type.Record(Item, Item, { description: '不取同名事实的信息项' })),
    }),
  ),
})
export type SyntheticFile = Static<typeof SyntheticFile>

/** `demo.yaml` beside the packs: the synthetic city that the demonstration is made of. */
export const DemoFile = Strict({
  seed: Type.Integer({ minimum: 1 }),
  families: Type.Integer({ minimum: 1 }),
  on: Type.String({ pattern: '^\\d{4}-\\d{2}-\\d{2}$' }),
})
export type DemoFile = Static<typeof DemoFile>

const OfPack = Type.String({ pattern: '^([a-z][a-z0-9-]{0,39}/)?[a-z][a-z0-9-]{0,39}$', description: '资源：本包的资源名，或“包/资源”' })
/** Of the records that count: an item has one of these values, or the last value that the table has (the last month of an account). */
const Where = Type.Array(
  Type.Union([
    Strict({ item: Item, is: Type.Array(Text(100), { minItems: 1, maxItems: 20 }) }),
    Strict({ item: Item, latest: Type.Literal(true, { description: '全表最近一期' }) }),
  ]),
  { maxItems: 5 },
)
/** What it rests on, in words; what was written down from memory says so until somebody has checked it. */
const Basis = Strict({ text: Text(300), verified: Type.Boolean({ description: '已核对原文' }) })
const Shows = Type.Array(Item, { minItems: 1, maxItems: 12, description: '办理所必需、可以显示的信息项；脱敏按目录' })

/** How long those who handle it have, which is the city's data. */
const LimitFile = Strict({ workDays: Type.Integer({ minimum: 1, maximum: 120, description: '工作日' }), basis: Basis })

const ReasonFile = Strict({
  id: Type.String({ pattern: '^f[1-9][0-9]{0,3}$', description: '不重复使用' }),
  title: Text(60),
  basis: Basis,
  with: OfPack,
  match: Type.Record(Item, Item, { minProperties: 1, maxProperties: 1, description: '人员的信息项: 对方的信息项' }),
  where: Optional(Where),
  test: Type.Union([
    Strict({ kind: Type.Literal('any', { description: '有这样的记录' }) }),
    Strict({
      kind: Type.Literal('distinct', { description: '不同值达到个数' }),
      item: Item,
      least: Type.Integer({ minimum: 2, maximum: 1000 }),
    }),
    Strict({
      kind: Type.Literal('sum', { description: '全户合计达到各信息项之积' }),
      item: Item,
      least: Type.Array(Item, { minItems: 1, maxItems: 3, description: '户的信息项，相乘为限额' }),
    }),
  ]),
  shows: Shows,
})

const ErrorFile = Strict({
  id: Type.String({ pattern: '^e[1-9][0-9]{0,3}$', description: '不重复使用' }),
  title: Text(60),
  of: OfPack,
  with: OfPack,
  match: Type.Record(Item, Item, { minProperties: 1, maxProperties: 1, description: '被质疑一方的信息项: 对方的信息项' }),
  where: Optional(Where),
  otherWhere: Optional(Where),
  test: Type.Union([
    Strict({ kind: Type.Literal('any', { description: '对方有这样的记录' }), item: Item }),
    Strict({ kind: Type.Literal('differs', { description: '两方的值不同' }), item: Item, other: Item }),
    Strict({ kind: Type.Literal('before', { description: '日期早于对方的日期' }), item: Item, other: Item }),
  ]),
  proposal: Text(200),
  shows: Shows,
  othersShow: Shows,
})

/**
 * `comparisons/*.yaml`: a named comparison (专题比对). Groups of people on one side, records about them on the others, a closed set of tests; and what
 * cannot both be right, as errors at their source. No expressions and no programs.
 */
export const ComparisonFile = Strict({
  id: Type.String({ pattern: '^c[1-9][0-9]{0,3}$', description: '在资源包内不重复、不再用' }),
  title: Text(60),
  summary: Text(500),
  basis: Basis,
  group: Strict({ of: OfPack, key: Item, where: Optional(Where), shows: Shows }),
  people: Strict({
    of: OfPack,
    group: Item,
    where: Optional(Where),
    consent: Optional(Strict({ item: Item, is: Text(20) })),
    shows: Shows,
  }),
  handling: LimitFile,
  correction: LimitFile,
  reasons: Type.Array(ReasonFile, { minItems: 1, maxItems: 30 }),
  errors: Type.Array(ErrorFile, { maxItems: 30 }),
})
export type ComparisonFile = Static<typeof ComparisonFile>

/** Schemas for editors, by the name of their file under `resource-packs/schema/`. */
export const schemaFiles: Readonly<Record<string, TSchema>> = {
  'pack.schema.json': Manifest,
  'tables.schema.json': CodeTables,
  'resource.schema.json': ResourceFile,
  'comparison.schema.json': ComparisonFile,
  'synthetic.schema.json': SyntheticFile,
  'demo.schema.json': DemoFile,
}
