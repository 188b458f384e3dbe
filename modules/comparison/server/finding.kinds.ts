import type { FindingRow } from './comparison.tables.ts'

/** Kinds of subjects and their procedures (核查处理、数据校核). */
export const findingSubjects = { group: 'finding-check', error: 'data-correction' } as const
export const procedureOf = ({ kind }: Pick<FindingRow, 'kind'>) => findingSubjects[kind]
/** Field of the procedures that the limit is read from. */
export const dueField = 'finding.dueOn'
