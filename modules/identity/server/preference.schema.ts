import { Id, Line, Nullable, noticeWishKinds, OneOf, Strict } from '@tongchou/kernel'
import { type Static, Type } from 'typebox'

/** How large letters are and how strong colours (字号、对比度): what a page needs before it is drawn. */
export const Display = Type.Object({
  textSize: OneOf(['normal', 'large', 'larger'] as const),
  contrast: OneOf(['normal', 'high'] as const),
})
export type Display = Static<typeof Display>

/** Where a notice also goes besides the product itself, once the city has connected it (提醒方式). */
const Declined = Type.Array(OneOf(noticeWishKinds), { maxItems: noticeWishKinds.length, uniqueItems: true })
/** A channel as a whole, and the kinds of notices that are declined on it while it is wished (不接收的提醒). */
const NoticeWishes = Strict({
  sms: Type.Boolean(),
  mail: Type.Boolean(),
  declined: Type.Optional(Strict({ sms: Declined, mail: Declined })),
})

/** A named set of filters of one list (常用筛选): names and values as the address bar has them. */
export const SavedView = Strict({
  name: Line(40),
  filters: Type.Record(Type.String({ pattern: '^[A-Za-z][A-Za-z0-9]{0,39}$' }), Type.String({ maxLength: 200 }), {
    maxProperties: 20,
    additionalProperties: false,
  }),
})

const SavedViews = Type.Record(Type.String({ pattern: '^[a-z][a-z0-9-]{0,39}$' }), Type.Array(SavedView, { maxItems: 20 }), {
  maxProperties: 60,
  additionalProperties: false,
})

/** Columns that are not shown, by list (显示的列). */
const HiddenColumns = Type.Record(
  Type.String({ pattern: '^[a-z][a-z0-9-]{0,39}$' }),
  Type.Array(Type.String({ pattern: '^[A-Za-z][A-Za-z0-9]{0,39}$' }), { maxItems: 60 }),
  { maxProperties: 60, additionalProperties: false },
)

/** 个人设置 of an account. `defaultPost` is where a sign-in begins; null for the post that was used last. */
export const Preferences = Strict({
  ...Display.properties,
  noticeWishes: NoticeWishes,
  savedViews: SavedViews,
  hiddenColumns: HiddenColumns,
  defaultPost: Nullable(Id),
})
export type Preferences = Static<typeof Preferences>

/** What is to be changed; a part that is absent stays, so that two open pages do not undo each other. */
export const ChangePreferences = Type.Partial(Preferences, { additionalProperties: false })
export type ChangePreferences = Static<typeof ChangePreferences>

export const defaultPreferences: Preferences = {
  textSize: 'normal',
  contrast: 'normal',
  noticeWishes: { sms: true, mail: true },
  savedViews: {},
  hiddenColumns: {},
  defaultPost: null,
}
