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

/** Schemas for editors, by the name of their file under `resource-packs/schema/`. */
export const schemaFiles: Readonly<Record<string, TSchema>> = {
  'pack.schema.json': Manifest,
  'tables.schema.json': CodeTables,
  'resource.schema.json': ResourceFile,
  'synthetic.schema.json': SyntheticFile,
  'demo.schema.json': DemoFile,
}
