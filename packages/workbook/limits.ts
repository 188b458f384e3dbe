/** What one file may cost. Every limit has a refusal of its own (`refusals.ts`) that says which one, where and what cures it. */
export interface Limits {
  /** Bytes of the file as it came. */
  fileBytes: number
  /** Bytes of all parts that are inflated, as they really come out: the directory of an archive may lie. */
  inflatedBytes: number
  /** Entries of the archive. */
  entries: number
  sheets: number
  /** Rows with content, of all sheets together. */
  rows: number
  /** The last column that may hold something. */
  columns: number
  /** Cells with content, of all sheets together. */
  cells: number
  /** Characters of all cells together; a shared string counts as often as it is shown. */
  characters: number
  /** Characters of one cell. Excel itself holds 32,767. */
  cellLength: number
  /** Merged ranges, of all sheets together. */
  merges: number
  /** Elements inside one another. */
  xmlDepth: number
  /** Wall clock of the child process. */
  milliseconds: number
  /** JavaScript heap of the child process. */
  heapMiB: number
  /** Everything the child process holds, the heap included (looked at on Linux). */
  residentMiB: number
}

const MIB = 1024 * 1024

/** For what a person uploads and waits for: ten times a catalog of 10,000 rows and 28 columns still fits. */
export const defaultLimits: Readonly<Limits> = {
  fileBytes: 20 * MIB,
  inflatedBytes: 200 * MIB,
  entries: 2_000,
  sheets: 64,
  rows: 100_000,
  columns: 512,
  cells: 1_000_000,
  characters: 50_000_000,
  cellLength: 32_767,
  merges: 100_000,
  xmlDepth: 64,
  milliseconds: 30_000,
  heapMiB: 256,
  residentMiB: 512,
}
