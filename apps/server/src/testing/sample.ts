/** The part of a JSON schema that requests are written with. */
export interface Schema {
  type?: string | string[]
  format?: string
  enum?: unknown[]
  const?: unknown
  anyOf?: Schema[]
  properties?: Record<string, Schema>
  required?: string[]
  additionalProperties?: boolean | Schema
  patternProperties?: Record<string, Schema>
  items?: Schema
  minItems?: number
  maxItems?: number
  minProperties?: number
  minLength?: number
  maxLength?: number
  pattern?: string
  minimum?: number
  maximum?: number
}

/** Values by the name of their property, wherever it stands: they go before what the schema would give. */
export type Hints = Readonly<Record<string, unknown>>

/** One value that a schema lets through: what is required and no more. */
export function sampleOf(schema: Schema | undefined, hints: Hints = {}, name = ''): unknown {
  if (name !== '' && Object.hasOwn(hints, name)) return hints[name]
  if (!schema) return null
  if (schema.const !== undefined) return schema.const
  if (schema.enum) return schema.enum[0]
  if (schema.anyOf) return sampleOf(schema.anyOf[0], hints)
  switch (schema.type) {
    case 'object':
      return sampleObject(schema, hints)
    case 'array':
      return Array.from({ length: schema.minItems ?? 0 }, () => sampleOf(schema.items, hints, ''))
    case 'integer':
    case 'number':
      return Math.max(schema.minimum ?? 1, Math.min(1, schema.maximum ?? 1))
    case 'boolean':
      return false
    case 'string':
      return sampleText(schema)
    default:
      return null
  }
}

function sampleObject(schema: Schema, hints: Hints): Record<string, unknown> {
  const properties = Object.entries(schema.properties ?? {})
  const required = new Set(schema.required ?? [])
  for (const [name] of properties) if (required.size < (schema.minProperties ?? 0)) required.add(name)
  return Object.fromEntries(properties.filter(([name]) => required.has(name)).map(([name, inner]) => [name, sampleOf(inner, hints, name)]))
}

function sampleText({ format, pattern, minLength = 0, maxLength }: Schema): string {
  if (format === 'uuid') return '00000000-0000-4000-8000-000000000001'
  if (format === 'civil-date') return '2026-03-02'
  if (format === 'date-time') return '2026-03-02T01:00:00Z'
  const text = pattern?.startsWith('^[a-z]') ? 'sample' : '样本'
  return text.padEnd(minLength, '本').slice(0, maxLength)
}
