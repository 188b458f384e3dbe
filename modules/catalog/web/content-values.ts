import { censusNames, dutyNames, extensionNames } from '@tongchou/metadata'
import type { UnnumberedContent } from '../server/content.schema.ts'
import type { Content } from './catalog-api.ts'
import { toItem, toLine } from './item-fields.ts'

type Values = Readonly<Record<string, unknown>>

/** An entry as the form holds it. */
export function toValues(content: Content): Values {
  const { census, ext, duties, ...plainOnes } = content
  const bearers = dutyNames.flatMap((name) => {
    const bearer = duties[name]
    return bearer
      ? [
          [`duties/${name}`, bearer.orgId],
          [`duties/${name}/post`, bearer.post],
        ]
      : []
  })
  return {
    ...plainOnes,
    ...Object.fromEntries(bearers),
    ...Object.fromEntries(censusNames.map((name) => [`census/${name}`, census[name]])),
    ...Object.fromEntries(extensionNames.map((name) => [`ext/${name}`, ext[name]])),
    relatedCodes: content.relatedCodes.join('、'),
    containsPersonal: yesOrNo(content.containsPersonal),
    containsSensitive: yesOrNo(content.containsSensitive),
    items: content.items.map((item) => toLine(item)),
  }
}

/** What the form holds, as the API takes it: every field, absent ones as null. */
export function toContent(data: Values): UnnumberedContent {
  const text = (id: string) => (data[id] ?? null) as string | null
  const duties = dutyNames.map((name) => {
    const orgId = text(`duties/${name}`)
    return [name, orgId === null ? null : { orgId, post: text(`duties/${name}/post`) }]
  })
  return {
    name: String(data.name ?? ''),
    projectId: text('projectId'),
    declaredResourceId: text('declaredResourceId'),
    systemId: text('systemId'),
    providerCode: text('providerCode'),
    internalUnit: text('internalUnit'),
    abstract: text('abstract') ?? '',
    class: text('class') as Content['class'],
    classCode: text('classCode'),
    format: text('format') as Content['format'],
    formatType: text('formatType'),
    formatNote: text('formatNote'),
    updateCycle: text('updateCycle') as Content['updateCycle'],
    duties: Object.fromEntries(duties) as Content['duties'],
    sharing: text('sharing') as Content['sharing'],
    sharingCondition: text('sharingCondition'),
    sharingChannel: text('sharingChannel') as Content['sharingChannel'],
    sharingForm: text('sharingForm') as Content['sharingForm'],
    basisLaw: text('basisLaw'),
    basisClause: text('basisClause'),
    opening: text('opening') as Content['opening'],
    openingCondition: text('openingCondition'),
    openLevel: text('openLevel') as Content['openLevel'],
    relatedCodes: (text('relatedCodes') ?? '').split(/[、,，;；\s]+/).filter((one) => one !== ''),
    grade: text('grade') as Content['grade'],
    grading: Array.isArray(data.grading) ? data.grading.map(toImpact) : [],
    containsPersonal: data.containsPersonal === 'yes',
    containsSensitive: data.containsSensitive === 'yes',
    maskingRule: text('maskingRule'),
    census: each(censusNames, (name) => text(`census/${name}`)),
    spatialScope: text('spatialScope') as Content['spatialScope'],
    scenario: text('scenario') as Content['scenario'],
    ext: each(extensionNames, (name) => text(`ext/${name}`)),
    items: Array.isArray(data.items) ? data.items.map(toItem) : [],
  }
}

function toImpact({ object, degree, reason }: Values): Content['grading'][number] {
  return { object, degree, reason: String(reason ?? '') } as Content['grading'][number]
}

function each<const N extends readonly string[], V>(names: N, of: (name: N[number]) => V): Record<N[number], V> {
  return Object.fromEntries(names.map((name) => [name, of(name)])) as Record<N[number], V>
}

/** The server names an organisation of a duty at `duties/x/orgId`, and each related code; the form shows them at their field. */
export function atField(path: string): string {
  return path.replace(/^(duties\/[A-Za-z]+)\/orgId$/, '$1').replace(/^relatedCodes\/\d+$/, 'relatedCodes')
}

function yesOrNo(value: boolean): 'yes' | 'no' {
  return value ? 'yes' : 'no'
}
