/** The two sides as officials read them. */
export const sideName = { left: '左侧', right: '右侧' } as const

export type SideOf = keyof typeof sideName

/** Why a comparison (比对) was not made: what is wrong, by name, and what cures it. Holds no password, and of the data nothing but names and keys. */
export class ComparisonProblem extends Error {
  /** Stable dotted id. */
  readonly code: string
  readonly cure: string
  /** `usage`: asked for wrongly, or a column that was asked for is absent. `failure`: asked for rightly and it could not be done. */
  readonly fault: 'usage' | 'failure'
  /** Of `compare.keys`: the keys that tell no rows apart. */
  readonly keys: KeyFaults | undefined

  constructor(
    fault: 'usage' | 'failure',
    code: string,
    message: string,
    cure: string,
    { keys, cause }: { keys?: KeyFaults; cause?: unknown } = {},
  ) {
    super(message, { cause })
    this.name = 'ComparisonProblem'
    this.fault = fault
    this.code = code
    this.cure = cure
    this.keys = keys
  }
}

/** Keys that tell no rows apart, by side: how many there are, and the first of them in order. */
export type KeyFaults = Readonly<Record<SideOf, SideKeyFaults>>

export interface SideKeyFaults {
  /** How many keys more than one row has. */
  duplicateKeys: number
  duplicates: readonly { key: readonly string[]; rows: number }[]
  /** Rows of whose key a part is NULL or the empty string. */
  emptyKeyRows: number
}

/** A name from outside in a message: in quotation marks, on one line, not endless. */
export function quoted(name: string): string {
  const line = name.replace(/[\p{Cc}\p{Cf}]/gu, '�')
  return `“${line.length > 60 ? `${line.slice(0, 60)}…` : line}”`
}
