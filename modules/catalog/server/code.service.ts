import { type Ctx, InvalidState } from '@tongchou/kernel'
import { codeScheme, levelOf } from '@tongchou/metadata'
import { insertCode, peekSequence, takeSequence } from './code.store.ts'
import type { CatalogPorts } from './ports.ts'
import type { ResourceRow } from './resource.tables.ts'

/**
 * The code of an entry that is registered now (赋码): the one it has, unless its class has changed meanwhile. A code once given stays with
 * its resource for good; after a change of class it is a former one and still leads to it. Null where the entry has no class.
 */
export async function issueCode(ctx: Ctx, ports: Pick<CatalogPorts, 'codeScheme'>, row: ResourceRow): Promise<string | null> {
  const source = sourceOf(row)
  if (source === undefined) return row.code
  const scheme = codeScheme(ports.codeScheme)
  if (row.code !== null && scheme.classOf(row.code) === source.classCode) return row.code
  const sequence = await takeSequence(ctx, scheme.id, scheme.countedBy(source))
  const code = scheme.code({ ...source, sequence })
  if (!scheme.isCode(code)) throw new InvalidState('catalog.no_code', `分类“${source.classCode}”不能编成${scheme.title}，请核对分类。`)
  await insertCode(ctx, code, row.id, scheme.id)
  return code
}

/** The code that the entry would get if it were registered now (预览); undefined where it has one, or cannot have one yet. */
export async function previewCode(ctx: Ctx, ports: Pick<CatalogPorts, 'codeScheme'>, row: ResourceRow): Promise<string | undefined> {
  const source = sourceOf(row)
  const scheme = codeScheme(ports.codeScheme)
  if (source === undefined || (row.code !== null && scheme.classOf(row.code) === source.classCode)) return undefined
  return scheme.code({ ...source, sequence: await peekSequence(ctx, scheme.id, scheme.countedBy(source)) })
}

function sourceOf({ class_code, provider_code }: ResourceRow) {
  const level = class_code === null ? undefined : levelOf(class_code)
  return class_code === null || (level !== '目' && level !== '细目') ? undefined : { classCode: class_code, providerCode: provider_code }
}
