import { expect, test } from 'vitest'
import { ComparisonProblem } from './problem.ts'
import { sourceOf, tableName } from './source.ts'

// Put together here: no address with a password stands in a file.
const addressWith = (password: string) => `postgres://u:${password}@h`

test('what begins as an address of PostgreSQL is one, everything else is a path', () => {
  expect(sourceOf('data/a.csv')).toEqual({ kind: 'file', path: 'data/a.csv' })
  expect(sourceOf('postgres.csv')).toEqual({ kind: 'file', path: 'postgres.csv' })
  expect(sourceOf(`${addressWith('p%40')}:5433/db?table=public.person&sslmode=require`)).toEqual({
    kind: 'postgres',
    connection: { connectionString: `${addressWith('p%40')}:5433/db?sslmode=require` },
    table: 'public.person',
  })
  expect(sourceOf('postgresql:///db?host=/run/pg&table=t&timezone=Asia%2FShanghai')).toMatchObject({
    connection: { connectionString: 'postgresql:///db?host=%2Frun%2Fpg' },
    table: 't',
    timeZone: 'Asia/Shanghai',
  })
})

test('an address that is none is refused without being repeated: it holds a password', () => {
  for (const text of [`${addressWith('se#cret')}/db?table=t`, `${addressWith('secret')}/db`, `${addressWith('secret')}/db?table=`]) {
    const problem = refusal(() => sourceOf(text))
    expect(problem).toMatchObject({ fault: 'usage', code: 'compare.address' })
    expect(JSON.stringify({ ...problem, message: problem.message, stack: problem.stack })).not.toMatch(/secret|se#/)
  }
})

test('a table is named as it is spelt in the database', () => {
  expect(tableName('public.Person')).toEqual({ schema: 'public', name: 'Person' })
  expect(tableName('人口')).toEqual({ schema: undefined, name: '人口' })
  expect(tableName('"a.b"."c""d"')).toEqual({ schema: 'a.b', name: 'c"d' })
  expect(tableName('a."b.c"')).toEqual({ schema: 'a', name: 'b.c' })
  expect(tableName('public.person; drop table x')).toEqual({ schema: 'public', name: 'person; drop table x' })
  for (const text of ['', '.', 'a.', '.b', 'a.b.c', '"a', 'a"b'])
    expect(refusal(() => tableName(text))).toMatchObject({ code: 'compare.address' })
})

function refusal(act: () => unknown): ComparisonProblem {
  try {
    act()
  } catch (error) {
    if (error instanceof ComparisonProblem) return error
    throw error
  }
  throw new Error('was not refused')
}
