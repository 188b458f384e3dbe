// SPDX-License-Identifier: Apache-2.0
import type { Finding } from '@tongchou/api-client'

/** The place of an item on the page: rows and cells carry the path the server names (`terms/0/amountFen`) as `data-path`. */
function placeOf(root: ParentNode, path: string): HTMLElement | null {
  for (let at = path; at !== ''; at = at.includes('/') ? at.slice(0, at.lastIndexOf('/')) : '') {
    const found = root.querySelector<HTMLElement>(`[data-path="${CSS.escape(at)}"]`)
    if (found) return found
  }
  return null
}

/** Shows an item and takes the keyboard to its input; a path inside lines that are not there leads to the lines. False when there is none. */
export function goToPath(root: ParentNode, path: string): boolean {
  const place = placeOf(root, path)
  if (!place) return false
  const input = place.matches('input, textarea') ? place : place.querySelector<HTMLElement>('input:not([type=hidden]), textarea, button')
  input?.focus({ preventScroll: true })
  // Its label and its message too, and clear of the bars at the top and the bottom.
  place.scrollIntoView({ block: 'center' })
  return true
}

/** Whether a problem of the server can be shown beside an item of this form. */
export function hasPlace(fields: readonly { id: string }[], path: string): boolean {
  return fields.some(({ id }) => path === id || path.startsWith(`${id}/`))
}

/** Which item of a form answers for a fact of the rules; where a rule reads several, the first of this order shows the finding. */
export type FactPlaces = readonly (readonly [fact: string, path: string])[]

/** A finding at its item, and the further items it speaks of. */
export interface AnchoredFinding {
  finding: Finding
  /** Undefined when no item of the form answers for any of its facts. */
  path: string | undefined
  others: readonly string[]
}

/** Findings at the items they concern (规则提示的位置). */
export function anchorFindings(findings: readonly Finding[], places: FactPlaces): AnchoredFinding[] {
  return findings.map((finding) => {
    const paths = [...new Set(places.filter(([fact]) => finding.facts.includes(fact)).map(([, path]) => path))]
    return { finding, path: paths[0], others: paths.slice(1) }
  })
}
