import type { Limits } from '../limits.ts'
import { Refused } from '../refusals.ts'
import { type Archive, nameOf } from './archive.ts'
import type { Shown } from './number-format.ts'
import { readSharedStrings } from './strings.ts'
import { readStyles } from './styles.ts'
import { isOn, readXml } from './xml.ts'

/** A workbook opened: its sheets by name and part, what its cells refer to. */
export interface Book {
  /** Part names as the archive has them or the relations spell them. */
  workbookPart: string
  stylesPart: string | undefined
  since1904: boolean
  sheets: readonly { name: string; hidden: boolean; part: string }[]
  strings: readonly string[]
  styles: readonly Shown[]
}

interface Relation {
  id: string
  /** The last word of the type: `worksheet`, `styles`, `sharedStrings`. */
  type: string
  target: string
  external: boolean
}

const OFFICE_NAME = 255

/** Finds its way from the archive's root to the sheets, by relations as Excel does and not by names of files. */
export async function openBook(archive: Archive, limits: Limits): Promise<Book> {
  const workbookPart = await findWorkbook(archive, limits)
  const relations = await readRelations(archive, workbookPart, limits)
  const { since1904, listed } = await readWorkbook(archive, workbookPart, limits)
  const byId = new Map(relations.map((relation) => [relation.id, relation]))
  const sheets = listed.flatMap(({ id, ...sheet }) => {
    const relation = byId.get(id)
    if (!relation || relation.external || !archive.has(relation.target))
      throw new Refused('table.part_missing', { sheet: sheet.name }, { found: relation?.target.slice(0, 100) ?? id.slice(0, 100) })
    // Sheets of charts and dialogs have no cells.
    return relation.type === 'worksheet' ? [{ ...sheet, part: relation.target }] : []
  })
  if (new Set(sheets.map(({ part }) => nameOf(part))).size < sheets.length)
    throw new Refused('table.structure', { part: workbookPart }, { found: '几张工作表指向同一部件' })
  const partOf = (type: string) => relations.find((relation) => relation.type === type && !relation.external)?.target
  const stylesPart = partOf('styles')
  const stringsPart = partOf('sharedStrings')
  return {
    workbookPart,
    stylesPart,
    since1904,
    sheets,
    styles: stylesPart === undefined ? [] : await readStyles(archive, stylesPart, limits),
    strings: stringsPart === undefined ? [] : await readSharedStrings(archive, stringsPart, limits),
  }
}

/** The main part; every other thing that comes as an archive is refused by its own name. */
async function findWorkbook(archive: Archive, limits: Limits): Promise<string> {
  await refuseOpenDocument(archive)
  if (!archive.has('[Content_Types].xml') || !archive.has('_rels/.rels')) throw new Refused('table.not_workbook')
  const main = (await readRelations(archive, '', limits)).find(({ type }) => type === 'officeDocument')
  if (!main || main.external || !archive.has(main.target)) throw new Refused('table.not_workbook')
  const type = await contentTypeOf(archive, main.target, limits)
  if (/sheet\.binary/i.test(type)) throw new Refused('table.binary_workbook')
  if (/macroEnabled/i.test(type)) throw new Refused('table.macros')
  if (/wordprocessingml|presentationml/i.test(type)) throw new Refused('table.other_office')
  if (!/spreadsheetml\.(?:sheet|template)\.main/i.test(type)) throw new Refused('table.not_workbook')
  return main.target
}

async function refuseOpenDocument(archive: Archive): Promise<void> {
  if (!archive.has('mimetype')) return
  let type = ''
  for await (const piece of archive.inflate('mimetype')) {
    type += piece.toString('latin1')
    if (type.length > 100) break
  }
  if (type.startsWith('application/vnd.oasis.opendocument.spreadsheet')) throw new Refused('table.ods')
  if (type.startsWith('application/vnd.oasis.opendocument.')) throw new Refused('table.other_office')
}

/** What the archive says a part is: by the part itself, else by its extension. */
async function contentTypeOf(archive: Archive, part: string, limits: Limits): Promise<string> {
  const list = '[Content_Types].xml'
  let [own, byExtension] = ['', '']
  const extension = part.slice(part.lastIndexOf('.') + 1).toLowerCase()
  await readXml(archive.inflate(list), list, limits, {
    open(name, { PartName = '', Extension = '', ContentType = '' }) {
      if (name === 'Override' && nameOf(PartName) === nameOf(part)) own = ContentType
      if (name === 'Default' && Extension.toLowerCase() === extension) byExtension = ContentType
    },
  })
  return own || byExtension
}

/** The relations of a part; of the archive itself for the empty name. Targets are resolved, and none leads out of the archive. */
async function readRelations(archive: Archive, part: string, limits: Limits): Promise<Relation[]> {
  const slash = part.lastIndexOf('/') + 1
  const list = `${part.slice(0, slash)}_rels/${part.slice(slash)}.rels`
  if (!archive.has(list)) return []
  const relations: Relation[] = []
  await readXml(archive.inflate(list), list, limits, {
    open(name, { Id = '', Type = '', Target = '', TargetMode }) {
      if (name !== 'Relationship') return
      if (relations.length >= limits.entries) throw new Refused('table.too_many_entries', { part: list }, { limit: limits.entries })
      const external = TargetMode === 'External'
      relations.push({ id: Id, type: Type.slice(Type.lastIndexOf('/') + 1), target: external ? Target : resolved(part, Target), external })
    },
  })
  return relations
}

/** A target seen from the part that names it. Steps that lead above the root stay at the root, as with addresses. */
function resolved(part: string, target: string): string {
  const steps = target.startsWith('/') ? [] : part.split('/').slice(0, -1)
  for (const step of target.split('/')) {
    if (step === '..') steps.pop()
    else if (step !== '' && step !== '.') steps.push(step)
  }
  return steps.join('/')
}

interface Listed {
  name: string
  hidden: boolean
  id: string
}

async function readWorkbook(archive: Archive, part: string, limits: Limits): Promise<{ since1904: boolean; listed: Listed[] }> {
  let since1904 = false
  const listed: Listed[] = []
  const names = new Set<string>()
  await readXml(archive.inflate(part), part, limits, {
    open(tag, attributes) {
      if (tag === 'workbookPr') since1904 = isOn(attributes.date1904)
      if (tag !== 'sheet') return
      const { name = '', state } = attributes
      if (listed.length >= limits.sheets) throw new Refused('table.too_many_sheets', {}, { limit: limits.sheets })
      if (name === '' || name.length > OFFICE_NAME || !name.isWellFormed())
        throw new Refused('table.structure', { part }, { found: '工作表没有名称或者名称过长' })
      if (names.has(name.toLowerCase())) throw new Refused('table.structure', { sheet: name }, { found: '工作表重名' })
      names.add(name.toLowerCase())
      const id = Object.entries(attributes).find(([key]) => key === 'id' || key.endsWith(':id'))?.[1] ?? ''
      listed.push({ name, hidden: state === 'hidden' || state === 'veryHidden', id })
    },
  })
  return { since1904, listed }
}
