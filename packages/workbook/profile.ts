import type { KnownColumn } from './header.ts'

/** One value of a code list (代码表): people read the label, records hold the code. */
export interface CodeValue {
  code: string
  label: string
}

/** A column of a profile: the key its values get, and how they are read. */
export interface ProfileColumn extends KnownColumn {
  item: string
  /** Text unless said otherwise. `date` is `YYYY-MM-DD`, `number` a decimal number as text. */
  kind?: 'text' | 'date' | 'number'
  /** The cell shows a label; on import label or code are accepted, the value is always the code. */
  codes?: readonly CodeValue[]
  /** Words to choose from in the cells of a column whose values are free; nothing is forbidden by it. */
  choices?: readonly string[]
  /** Width on paper and screen, in characters. */
  width?: number
}

/** A table layout (模板) as data: sheet name and columns in their order. */
export interface Profile {
  sheet: string
  columns: readonly ProfileColumn[]
}

/** The values of one row by item. An item without a value is absent. */
export type ProfileRow = Readonly<Record<string, string>>
