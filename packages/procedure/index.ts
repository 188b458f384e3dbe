// SPDX-License-Identifier: Apache-2.0

export type * from './case.ts'
export type * from './procedure.ts'
