export type { AddressLimits } from './http/address-limits.ts'
export { type AppOptions, buildApp } from './http/app.ts'
export type { Authz, DutyDirectory } from './http/authz.ts'
export { isAddressRange } from './http/client-address.ts'
export { parseStrictJson, refuseHostileText } from './http/json.ts'
export {
  type ListAnswer,
  type ListColumn,
  type ListColumnKind,
  type ListDescription,
  type ListFilterWords,
  type ListOperation,
  type ListQuery,
  listColumns,
} from './http/list.ts'
export type { Operation, RecordsRead } from './http/operations.ts'
export { decodeCursor, encodeCursor, pageWithin, toPage } from './http/page.ts'
export { notFound } from './http/problem.ts'
export * from './http/schema.ts'
export { NotSecret, secrecyFirst } from './http/secrecy.ts'
export { type SortKey, type SortTie, sorted, sortsOf, sortWords } from './http/sort.ts'
export { compileSchema, fieldProblems } from './http/validation.ts'
