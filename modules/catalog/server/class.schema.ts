import { Line, PageQuery, Strict } from '@tongchou/kernel'
import { type Static, Type } from 'typebox'

const ClassCode = Type.String({ pattern: '^[1-3][0-9]{0,39}$', description: '类1位、项2位、目3位、细目不限，逐级相连' })

/** A class of resources (信息资源分类). */
export const ClassLine = Type.Object({
  code: Type.String(),
  title: Type.String(),
  level: Type.String(),
  /** In use for new entries. */
  active: Type.Boolean(),
  /** Set by the city; what comes with the product is from memory and to be compared with the text. */
  verified: Type.Boolean(),
  version: Type.Integer(),
})
export type ClassLine = Static<typeof ClassLine>

export const ClassQuery = Strict(PageQuery)

export const NewClass = Strict({ code: ClassCode, title: Line(60) })
export type NewClass = Static<typeof NewClass>

/** A class is known by its code. */
export const ClassParams = Strict({ id: ClassCode })

export const ClassChange = Strict({ version: Type.Integer({ minimum: 0 }), title: Line(60), active: Type.Boolean() })
export type ClassChange = Static<typeof ClassChange>
