// SPDX-License-Identifier: Apache-2.0
import lists from './data/code-lists.json' with { type: 'json' }

/**
 * How a code came to us (来源): `S` read in a source, `I` seen in a running system, `M` from memory, `J` our judgement, `local` the city's or
 * our own addition.
 */
export type SourceMark = 'S' | 'I' | 'M' | 'J' | 'local'

/** One code of a list (代码): the value we store, the code and the label that others write. */
export interface CodeEntry {
  value: string
  /** Absent where foreign systems number it differently: then only the label is read. */
  code?: string
  label: string
  also?: readonly string[]
  /** The value of the broader list under which it stands. */
  under?: string
  mark: SourceMark
}

export interface CodeList {
  title: string
  note?: string
  entries: readonly CodeEntry[]
}

export type CodeListName = keyof typeof lists

/** Every code list (代码表) of the catalog, by name. */
export const codeLists = lists as unknown as Readonly<Record<CodeListName, CodeList>>

/** Whether a code is as a source gives it; what comes from memory or judgement is to be checked against the norm. */
export function isVerified({ mark }: { mark: SourceMark }): boolean {
  return mark !== 'M' && mark !== 'J'
}

/** The label of a value; a value that the list does not have is shown as it is. */
export function labelOf(list: CodeListName, value: string | null): string {
  return value === null ? '' : (codeLists[list].entries.find((entry) => entry.value === value)?.label ?? value)
}

/** The value that a text stands for: as value, code, label or another name of it. Undefined: not in the list. */
export function readCode(list: CodeListName, text: string): string | undefined {
  const asked = plain(text)
  return codeLists[list].entries.find(({ value, code, label, also = [] }) =>
    [value, label, ...also, ...(code === undefined ? [] : [code])].some((name) => plain(name) === asked),
  )?.value
}

/** The codes below one of the broader list: format types of a format. */
export function codesUnder(list: CodeListName, under: string | null): readonly CodeEntry[] {
  return codeLists[list].entries.filter((entry) => entry.under === under)
}

const plain = (text: string) => text.normalize('NFKC').replaceAll(/\s/gu, '').toLowerCase()
