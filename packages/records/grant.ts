/** 脱敏方式 of the catalog. */
export type Masking = 'full' | 'keep-ends' | 'middle' | 'range' | 'pseudonym'

/** A condition that every record of a view fulfils, part of what was granted. */
export interface RowCondition {
  item: string
  is: string
}

/** What somebody was granted of a resource (授权), as data: items by their ids, each whole or masked, and which records. */
export interface RecordGrant {
  items: Readonly<Record<string, Masking | null>>
  rows: readonly RowCondition[]
}
