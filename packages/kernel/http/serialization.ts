import fastJsonStringify from 'fast-json-stringify'

type Serialize = (value: unknown) => string

// Answers are not judged again, only requests are; without the format every nullable date of an answer warns.
const options = { ajv: { formats: { 'civil-date': true } } } as const
const built = new WeakMap<object, Serialize>()

/**
 * The serializer of an answer's schema, which drops what the schema does not name. Built at its first answer and once per
 * schema: all operations share the problem schema, and building every one at the start took 3.4 of its 5 seconds.
 */
export function serializerOf(schema: object): Serialize {
  return (value) => {
    let serialize = built.get(schema)
    if (!serialize) {
      serialize = fastJsonStringify(schema as Parameters<typeof fastJsonStringify>[0], options) as Serialize
      built.set(schema, serialize)
    }
    return serialize(value)
  }
}
