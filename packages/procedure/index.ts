// SPDX-License-Identifier: Apache-2.0

export type * from './case.ts'
export { checkProcedure } from './check.ts'
export { act, mayAct, mayWithdraw, openCase, opinionsOf, slotsOf } from './engine.ts'
export { checkForm, type Form, type FormChecks, type FormField, type FormProblem, parseForm } from './form.ts'
export { NO_ASKS, NO_CONTROL, type Problem, parseProcedure } from './parse.ts'
export { describePath, isOverdue, type Path, type PathEdge, type PathHolder, type PathState, type PathStep, type PathTask } from './path.ts'
export type * from './procedure.ts'
export { applicantOrgOf, reassign } from './reassign.ts'
export { type Reference, referencesOf } from './references.ts'
export { spokenFor } from './sharing.ts'
export { caseFromStore, type StoredCase } from './stored.ts'
export { mayDo, verbTitles } from './verbs.ts'
