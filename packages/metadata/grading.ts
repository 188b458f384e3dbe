// SPDX-License-Identifier: Apache-2.0
import table from './data/grading.json' with { type: 'json' }
import { type Entry, grades, type Impact } from './entry.ts'

export type Grade = (typeof grades)[number]

/** Where the decision of a grade comes from; its table is to be compared with the norm as long as `verified` is false. */
export const gradingBasis = { basis: table.basis, verified: table.verified, note: table.note }

/** The grade that harm of a degree to an object calls for. */
export function gradeOfImpact({ object, degree }: Pick<Impact, 'object' | 'degree'>): Grade {
  return table.table[object][degree] as Grade
}

/** 就高从严: the highest of some grades; null where there is none. */
export function highestGrade(given: readonly (Grade | null)[]): Grade | null {
  const places = given.flatMap((grade) => (grade === null ? [] : [grades.indexOf(grade)]))
  return places.length === 0 ? null : (grades[Math.max(...places)] ?? null)
}

/** What the grading and the items of an entry call for at least. */
export function leastGrade(entry: Pick<Entry, 'grading' | 'items'>): Grade | null {
  return highestGrade([...entry.grading.map(gradeOfImpact), ...entry.items.map((item) => item.grade)])
}
