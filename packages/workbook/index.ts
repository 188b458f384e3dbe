export { folded } from './fold.ts'
export { findHeader, type Header, type KnownColumn } from './header.ts'
export { defaultLimits, type Limits } from './limits.ts'
export { type MarkOptions, markTable } from './mark-table.ts'
export { OPINION_TITLE, type TableFinding } from './opinion.ts'
export type { CodeValue, Profile, ProfileColumn, ProfileRow } from './profile.ts'
export { type ReadOptions, readTable } from './read-table.ts'
export { type ReadRows, readWith } from './read-with.ts'
export { columnName, type Place, type RefusalCode } from './refusals.ts'
export { TableRefused } from './refused-table.ts'
export {
  type Cell,
  type CellFlag,
  type CellType,
  cellFinder,
  type Merge,
  type Row,
  type Sheet,
  type Table,
  type TableKind,
} from './table.ts'
export { writeTable, writeTables, writeTemplate } from './write-table.ts'
