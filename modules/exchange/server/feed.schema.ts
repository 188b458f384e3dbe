import { At, Line, Nullable, OneOf, PageQuery, Strict } from '@tongchou/kernel'
import { type Static, Type } from 'typebox'

/** Opened and not loaded, receiving, or without a grant that holds. */
export const subscriptionStates = ['loading', 'receiving', 'ended'] as const

const Organisation = Type.Object({ id: Type.String(), name: Type.String() })

export const SubscriptionLine = Type.Object({
  /** The grant's. */
  id: Type.String(),
  number: Type.Integer(),
  org: Organisation,
  provider: Organisation,
  resource: Type.Object({ id: Type.String(), title: Type.String() }),
  state: OneOf(subscriptionStates),
  validUntil: Nullable(Type.String()),
  openedAt: At,
  loadedAt: Nullable(At),
  /** When the receiver last asked, and when what he has last grew. */
  seenAt: Nullable(At),
  confirmedAt: Nullable(At),
  /** How many changes he was shown since the load. */
  position: Type.Integer(),
  /** How many changes of the resource he has not confirmed; null for who does not see all of it. */
  behind: Nullable(Type.Integer()),
  refusal: Nullable(Type.Object({ at: At, code: Type.String(), message: Type.String() })),
})
export type SubscriptionLine = Static<typeof SubscriptionLine>

/** What somebody should look at: the receiver was refused and has not come again, or was not there for a day. */
const attentions = ['refused', 'silent'] as const

export const SubscriptionQuery = Strict({
  ...PageQuery,
  resource: Type.Optional(Line(100)),
  orgId: Type.Optional(Line(64)),
  providerId: Type.Optional(Line(64)),
  /** Only of grants in force. */
  attention: Type.Optional(OneOf(attentions)),
})
export type SubscriptionQuery = Static<typeof SubscriptionQuery>

/** What the value of an item may be, as far as a column has to know it. */
const ItemType = Type.Object({
  kind: Type.String(),
  length: Type.Optional(Type.Integer()),
  digits: Type.Optional(Type.Integer()),
  scale: Type.Optional(Type.Integer()),
  codes: Type.Optional(Type.Array(Type.String())),
})

const SeenStructure = Type.Object({
  name: Type.String(),
  title: Type.String(),
  key: Type.Array(Type.String()),
  items: Type.Array(Type.Object({ id: Type.String(), title: Type.String(), type: ItemType, masked: Type.Boolean() })),
})

/** What a receiver that starts is told. */
export const OpenedSubscription = Type.Object({
  id: Type.String(),
  resource: Type.Object({ id: Type.String(), title: Type.String() }),
  validUntil: Type.String(),
  structure: SeenStructure,
})
export type OpenedSubscription = Static<typeof OpenedSubscription>

const Place = Type.String({ minLength: 1, maxLength: 8000 })

export const LoadQuery = Strict({
  after: Type.Optional(Place),
  limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 1_000_000 })),
})
export type LoadQuery = Static<typeof LoadQuery>

export const ChangesQuery = Strict({
  after: Place,
  limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 1_000_000 })),
  waitSeconds: Type.Optional(Type.Integer({ minimum: 0, maximum: 60 })),
  follow: Type.Optional(Type.Boolean()),
})
export type ChangesQuery = Static<typeof ChangesQuery>
