import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { testDatabase } from '@tongchou/testing'
import { afterAll, expect, test } from 'vitest'
import { openMatrix, slipsOfTheTable } from './authorization-matrix.ts'
import { openSandbox } from './differential-sandbox.ts'

const { connection } = await testDatabase()
const sandbox = openSandbox(connection)
afterAll(() => sandbox.close())
const matrix = await openMatrix(sandbox)

/** Where an answer's schema lets anything through, each with its reason; a new one is a door for what nobody declared. */
const openPlaces = [
  // What an audit row keeps differs by act.
  'getAuditEvent .detail',
  ...[
    'getCatalogAmendmentTrail',
    'getChannelTrail',
    'getProblemTrail',
    'getResourceTrail',
    'getSharingGrantTrail',
    'getSharingRequestTrail',
    'getSystemTrail',
    'getWithheldRecordTrail',
  ].map((id) => `${id} .items[]`),
  'listSubjectCases .items[]',
  // The fields of a form are the pack's, as it wrote them.
  ...['readCase', 'askCountersign', 'askShelving', 'copyCase', 'transferTask'].map((id) => `${id} .tasks[].form.fields[]`),
  'readProjectTrail .items[]',
]

test('every operation of the contract has its row in the table of duties, and every row its operation', () => {
  expect(matrix.missing).toEqual([])
})

test('what every duty gets on own, foreign, granted and absent things is what the table of duties says', async () => {
  const report = await matrix.run({ seed: 20_260_302, states: 'sampled' })
  console.log(`${report.cells} cells of ${matrix.operations.length} operations`)
  expect(report.mismatches.slice(0, 20)).toEqual([])
  expect(report.neverSucceeded, 'nobody ever succeeded in these: a body or a state is missing in the world').toEqual([])
  expect([...report.openPlaces].sort()).toEqual([...openPlaces].sort())
}, 600_000)

test('every route of the running server is in the published contract, and every operation of the contract is served', () => {
  const served = routesOf(matrix.world.city.app.printRoutes({ commonPrefix: false }))
  const published = matrix.operations.map(({ method, path }) => `${method} ${path.replace(/\{([^}]+)\}/g, ':$1')}`)
  // What watches the process and the document itself: no operations of the contract.
  const unlisted = ['GET /livez', 'GET /readyz', 'GET /metrics', 'GET /openapi.json']
  expect(served.length).toBeGreaterThan(100)
  expect(served.sort()).toEqual([...published, ...unlisted].sort())
})

test('the table is written by hand: it imports nothing and reads nothing of what the product declares', () => {
  const text = readFileSync(join(import.meta.dirname, 'authorization-matrix.table.ts'), 'utf8')
  expect(text).not.toMatch(/^import |require\(|x-authz|openapi/m)
  expect(slipsOfTheTable()).toEqual([])
})

/** Method and path of every route that the router prints as a tree. A HEAD comes with each GET. */
function routesOf(printed: string): string[] {
  const trail: string[] = []
  return printed.split('\n').flatMap((line) => {
    const found = /^([│ ├└─]*)(\S+)(?: \(([A-Z, ]+)\))?/.exec(line)
    if (!found?.[2]) return []
    const depth = (found[1] ?? '').length / 4 - 1
    trail.length = depth
    trail[depth] = found[2]
    const methods = (found[3] ?? '').split(', ').filter((method) => method !== '' && method !== 'HEAD')
    return methods.map((method) => `${method} ${trail.join('')}`)
  })
}
