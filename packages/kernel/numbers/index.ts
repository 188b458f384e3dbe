// SPDX-License-Identifier: Apache-2.0
// Numbers that people type (证件号码、代码、文号) and how they are checked. Pure and without data, so that the browser says the same
// sentence while one types (`@tongchou/kernel/numbers`) as the server does afterwards.
export * from './check-characters.ts'
export * from './checked.ts'
export * from './document-number.ts'
export * from './number-kind.ts'
