// SPDX-License-Identifier: Apache-2.0
import type { ClassTree } from '../class-tree.ts'
import type { CodeScheme } from '../code-scheme.ts'

/**
 * What the rules may know besides the entry. What is left out is unknown here, and a rule that needs it says so instead of passing; what the
 * registers answered with no is null.
 */
export interface RuleContext {
  classes: ClassTree
  scheme: CodeScheme
  /** The civil day. */
  today: string
  /** The provider in the register of organisations (机构名录). */
  provider?: { name: string; alive: boolean; code: string | null } | null | undefined
  /** Name of another entry of the same provider that has this name, after folding. */
  namesake?: ((name: string) => string | undefined) | undefined
  /** The system that the resource belongs to. */
  systemName?: string | null | undefined
  /** The code it was published under; null: none yet. */
  publishedCode?: string | null | undefined
  /** Whether a code, or an item of it, is in the catalog. */
  codeExists?: ((code: string, itemId: string | undefined) => boolean) | undefined
  /** What its project declared (数据资源申报). */
  declared?: readonly { id: string; name: string }[] | undefined
  /** Through what its data come to the center; null: nothing is connected. */
  channel?: 'interface' | 'change-feed' | 'batch' | null | undefined
  /** Once it is published its data are expected. Absent: it is not published. */
  lastDataOn?: string | null | undefined
  isPublished?: boolean | undefined
}
