// SPDX-License-Identifier: Apache-2.0
export { cellsOf, type TableEntry } from './cell-text.ts'
export type { Registers } from './cell-value.ts'
export { ofTable, type PlacedTableFinding, placed } from './placed.ts'
export { type CatalogProfile, catalogProfile, catalogProfiles, type TableColumn } from './profile.ts'
export { type ReadCatalog, readCatalog, readFilledCatalog, type SaidEntry } from './read.ts'
export { type TakenEntry, takeEntry, type Unread } from './said.ts'
export { inOrder, type TableValidation, validateCatalog } from './validate.ts'
export { writeCatalog } from './write.ts'
