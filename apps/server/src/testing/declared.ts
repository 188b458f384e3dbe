import type { Operation } from './document.ts'
import type { Schema } from './sample.ts'

/** Places of an answer that its schema does not declare, and places where the schema lets anything through. */
export interface Undeclared {
  undeclared: string[]
  open: string[]
}

/** Holds an answer to its schema, to the last property. Only JSON has properties; files are not looked into. */
export function undeclaredIn(operation: Operation, status: number, contentType: string, body: string): Undeclared {
  const found: Undeclared = { undeclared: [], open: [] }
  if (!/\bjson\b/.test(contentType) || body === '') return found
  const schema = operation.answers[String(status)]
  if (!schema) return { ...found, undeclared: [`status ${status}`] }
  compare(schema, JSON.parse(body) as unknown, `${operation.id} `, found)
  return found
}

function compare(schema: Schema, value: unknown, place: string, found: Undeclared): void {
  if (typeof value !== 'object' || value === null) return
  if (schema.anyOf) compareOneOf(schema.anyOf, value, place, found)
  else if (Array.isArray(value)) compareList(schema.items, value, place, found)
  else if (schema.properties) compareObject(schema, schema.properties, value, place, found)
  else compareMap(schema, value, place, found)
}

function compareList(items: Schema | undefined, value: readonly unknown[], place: string, found: Undeclared): void {
  if (items) for (const item of value) compare(items, item, `${place}[]`, found)
  else found.open.push(place)
}

function compareObject(schema: Schema, properties: Record<string, Schema>, value: object, place: string, found: Undeclared): void {
  for (const [name, inner] of Object.entries(value)) {
    const declared = properties[name]
    if (declared) compare(declared, inner, `${place}.${name}`, found)
    else if (schema.additionalProperties === true) found.open.push(place)
    else found.undeclared.push(`${place}.${name}`)
  }
}

/** A map (`additionalProperties` or `patternProperties` with a schema) declares its values; without one it is open. */
function compareMap(schema: Schema, value: object, place: string, found: Undeclared): void {
  const values =
    typeof schema.additionalProperties === 'object' ? schema.additionalProperties : Object.values(schema.patternProperties ?? {})[0]
  if (!values || Object.keys(values).length === 0) found.open.push(place)
  else for (const inner of Object.values(value)) compare(values, inner, `${place}{}`, found)
}

/** Of several alternatives the one that declares most. */
function compareOneOf(alternatives: readonly Schema[], value: unknown, place: string, found: Undeclared): void {
  const tried = alternatives
    .filter(({ type }) => (Array.isArray(value) ? type === 'array' : type !== 'null'))
    .map((alternative) => {
      const one: Undeclared = { undeclared: [], open: [] }
      compare(alternative, value, place, one)
      return one
    })
    .sort((a, b) => a.undeclared.length - b.undeclared.length)
  if (tried[0]) {
    found.undeclared.push(...tried[0].undeclared)
    found.open.push(...tried[0].open)
  }
}
