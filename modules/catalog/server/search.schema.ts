import { Nullable, OneOf, PageQuery, Strict } from '@tongchou/kernel'
import { classes, cycles, grades, sharings } from '@tongchou/metadata'
import { type Static, Type } from 'typebox'
import { ResourceLine, states } from './resource.schema.ts'

export const CatalogSearchQuery = Strict({
  ...PageQuery,
  q: Type.Optional(Type.String({ maxLength: 100, description: '多个词以空格分开，须同时出现；可用拼音全拼或首字母' })),
  orgId: Type.Optional(Type.String({ maxLength: 64 })),
  sharing: Type.Optional(OneOf(sharings)),
  class: Type.Optional(OneOf(classes)),
  cycle: Type.Optional(OneOf(cycles)),
  grade: Type.Optional(OneOf(grades)),
  state: Type.Optional(OneOf(states)),
})
export type CatalogSearchQuery = Static<typeof CatalogSearchQuery>
export type FacetName = 'orgId' | 'sharing' | 'class' | 'cycle' | 'grade' | 'state'

const Found = Type.Object({
  ...ResourceLine.properties,
  abstract: Type.String(),
  foundItems: Type.Array(Type.String(), { description: '含所查的词的信息项' }),
  marks: Type.Array(Type.String(), { description: '拼音所指的字' }),
})

export const CatalogSearchAnswer = Type.Object({
  items: Type.Array(Found),
  nextCursor: Nullable(Type.String()),
  total: Type.Integer(),
  facets: Type.Array(
    Type.Object({
      name: Type.String(),
      title: Type.String(),
      values: Type.Array(Type.Object({ value: Type.String(), title: Type.String(), count: Type.Integer() })),
    }),
  ),
  words: Type.Array(Type.String({ description: '实际查找的词' })),
})
export type CatalogSearchAnswer = Static<typeof CatalogSearchAnswer>
