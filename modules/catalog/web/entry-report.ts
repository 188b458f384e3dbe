import { type CatalogFinding, classTree, codeScheme, findingsOf } from '@tongchou/metadata'
import { civilOf, type FieldTrouble, type ItemRemark, type StepFormState } from '@tongchou/ui'
import type { ClassLine } from './catalog-api.ts'
import { atField, toContent } from './content-values.ts'

/** What the page knows for the rules while an entry is typed; the rest the server knows when it is handed in. */
export interface TypingContext {
  classes: readonly ClassLine[]
  declared: readonly { id: string; name: string }[]
  /** The code it was published under. */
  code: string | null
  now: string
}

/** What the rules say of an entry as it is typed, and where. */
export interface TypedReport {
  /** What stands against handing in, in the order of the rules. */
  errors: CatalogFinding[]
  warnings: CatalogFinding[]
  /** Errors of what is typed already; what is still missing is said in the summary and not in red. */
  shown: FieldTrouble[]
  remarks: ItemRemark[]
}

/** The one rule set over what is typed now (边填边校验). */
export function reportOf(form: StepFormState, { classes, declared, code, now }: TypingContext): TypedReport {
  const entry = toContent(form.data)
  const { findings } = findingsOf(entry, {
    classes: classTree(classes),
    scheme: codeScheme('national-1272'),
    today: civilOf(now),
    declared,
    publishedCode: code,
  })
  const at = findings.map((finding) => ({ ...finding, path: atField(finding.path) }))
  const errors = at.filter(({ severity }) => severity === 'error')
  const warnings = at.filter(({ severity }) => severity === 'warning')
  const typed = ({ path }: { path: string }) => isTyped(form.data, path)
  return {
    errors,
    warnings,
    shown: errors.filter(typed).map(({ path, message, fix }) => ({ path, message: `${message}。${fix}` })),
    remarks: warnings.filter(typed).map(({ path, message, fix }) => ({ path, message: `${message}。${fix}` })),
  }
}

/** Whether something is filled in at a path: `items/0/length` of the filled lines. */
function isTyped(data: Readonly<Record<string, unknown>>, path: string): boolean {
  if (data[path] !== undefined) return true
  const [field = '', index, column] = path.split('/')
  const lines = data[field]
  if (!Array.isArray(lines)) return false
  const line = (lines as Readonly<Record<string, unknown>>[])[Number(index)]
  return index === undefined ? lines.length > 0 : column === undefined || line?.[column] !== undefined
}
