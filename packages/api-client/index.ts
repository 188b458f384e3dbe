// SPDX-License-Identifier: Apache-2.0
export {
  type ActOptions,
  apiDelete,
  apiFile,
  apiGet,
  apiList,
  apiPatch,
  apiPost,
  apiPut,
  type ListPage,
  newActionKey,
  type Query,
  type RequestOptions,
  withQuery,
} from './client.ts'
export { ApiProblem, type Effect, type FieldProblem, type Finding, type Modality, type ProblemBody, Unreachable } from './problem.ts'
