import { type Static, type TObject, type TProperties, type TSchema, Type } from 'typebox'
import type { AuditLine } from '../audit.ts'

/** An object that refuses unknown fields. Every request body, query and path uses it. */
export function Strict<P extends TProperties>(properties: P, options: object = {}): TObject<P> {
  return Type.Object(properties, { ...options, additionalProperties: false })
}

/** One of some words. */
export function OneOf<const V extends readonly string[]>(values: V, options: object = {}) {
  return Type.Unsafe<V[number]>({ type: 'string', enum: [...values], ...options })
}

/** A uuid made by the server. */
export const Id = Type.String({ format: 'uuid' })
/** Whether a text of a path can be an id at all; asked before the database is, which would fail on another one. */
export function isId(text: string | undefined): text is string {
  return text !== undefined && /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(text)
}
/** `{id}` of a path. */
export const IdParams = Strict({ id: Id })
/** A civil date `YYYY-MM-DD` in Asia/Shanghai that exists. */
export const CivilDate = Type.String({ format: 'civil-date' })
/** RFC 3339 UTC. */
export const At = Type.String({ format: 'date-time' })
/** An amount in 分, not negative, below 100 billion 元. */
export const Fen = Type.Integer({ minimum: 0, maximum: 10_000_000_000_000 })
/** One line of text, trimmed of nothing, 1 to 200 characters unless told. */
export const Line = (max = 200) => Type.String({ minLength: 1, maxLength: max, pattern: '\\S' })
/** A longer text, possibly empty. */
export const Prose = (max = 4000) => Type.String({ maxLength: max })

/** Query of a list. */
export const PageQuery = {
  limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 200 })),
  cursor: Type.Optional(Type.String({ maxLength: 500 })),
}

/** A page of a list: `nextCursor` is null on the last one. */
export function PageOf<S extends TSchema>(item: S) {
  return Type.Object({ items: Type.Array(item), nextCursor: Nullable(Type.String()) })
}

/** Query of a trail (办理记录). */
export const TrailQuery = Strict(PageQuery)

/** A page of a trail. What the detail of a line holds differs by act, so it is not cut to a schema. */
export const TrailLines = PageOf(Type.Unsafe<AuditLine>({ type: 'object', additionalProperties: true }))

/** The value or null. */
export function Nullable<S extends TSchema>(schema: S) {
  return Type.Unsafe<Static<S> | null>({ anyOf: [schema, { type: 'null' }] })
}

export const FindingSchema = Type.Object({
  rule: Type.String(),
  effect: OneOf(['refuse', 'refer', 'require', 'warn', 'exempt', 'undecidable'] as const),
  modality: OneOf(['must', 'in-principle', 'may', 'encourage', 'local'] as const),
  basis: OneOf(['text', 'inference', 'local'] as const),
  mode: OneOf(['enforce', 'advise'] as const),
  article: Type.String(),
  text: Nullable(Type.String()),
  message: Type.String(),
  cure: Type.String(),
  facts: Type.Array(Type.String()),
})

/** application/problem+json (RFC 9457). */
export const Problem = Type.Object(
  {
    type: Type.String(),
    status: Type.Integer(),
    code: Type.String(),
    title: Type.String(),
    detail: Type.String(),
    requestId: Type.String(),
    fields: Type.Optional(Type.Array(Type.Object({ path: Type.String(), message: Type.String() }))),
    findings: Type.Optional(Type.Array(FindingSchema)),
    duties: Type.Optional(Type.Array(Type.String())),
    holders: Type.Optional(Type.Array(Type.Object({ name: Type.String(), organisation: Type.String() }))),
  },
  { description: '问题说明' },
)

/** The refusals every operation of this kind can answer, for its `response` schema. */
export const problems = { 400: Problem, 401: Problem, 403: Problem, 404: Problem, 409: Problem, 422: Problem, 429: Problem } as const
