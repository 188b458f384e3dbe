import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { auditActions } from '@tongchou/audit'
import { applicationLogin, viewedAction } from '@tongchou/kernel'
import { loadDemo } from '@tongchou/resource-packs'
import { testDatabase } from '@tongchou/testing'
import { expect, test } from 'vitest'
import { demoCity } from './demo/city.ts'
import { performDemoCity } from './demo/perform.ts'
import { openPlay } from './demo/play.ts'
import { demoPortfolio } from './demo/portfolio.ts'
import { resourcePacksFolder } from './wire.ts'

const root = join(import.meta.dirname, '../../..')
const { db, pool, owner, connection } = await testDatabase()
const play = await openPlay({ db, pool, owner: connection, application: applicationLogin(connection) }, '2026-11-22T01:00:00Z')
const { city } = play

const sources = globSync(['modules/*/server/**/*.ts', 'packages/kernel/**/*.ts', 'apps/{server,cli}/**/*.ts'], { cwd: root })
  .filter((file) => !/\.test\.ts$|\.given\.ts$|node_modules|dist\//.test(file))
  .map((file) => ({ file, text: readFileSync(join(root, file), 'utf8') }))

/** The second argument of every call that writes an act. */
const calls = sources.flatMap(({ file, text }) =>
  [...text.matchAll(/\brecord(?:Audit|Refusal|Firing)\(\s*(?:\{[^}]*\}|[\w.]+),\s*([^,]+),/g)].map((m) => ({
    file,
    action: (m[1] ?? '').trim(),
  })),
)

/** Calls whose action is not written beside them, and where it comes from. */
const computed: Readonly<Record<string, string>> = {
  'apps/server/src/demo/looks.ts': 'a refused look, of the kinds looked at below',
  'apps/server/src/demo/stage.ts': 'the operationId of an act that the demo city sees refused',
  'packages/kernel/http/problem.ts': 'the operationId of what was refused: every operation is known',
  'modules/cases/server/card.service.ts': 'explained or reviewed, both in the catalogue',
  'modules/cases/server/verb.service.ts': 'case.<verb>, by the verbs of the procedure themselves',
  'modules/cases/server/clock-effects.service.ts': 'what a clock fires, each named where it is called',
  'modules/catalog/server/catalog.subject.ts': 'events of the procedure, looked at below',
  'modules/catalog/server/amendment.subject.ts': 'events of two procedures, looked at below',
  'modules/catalog/server/amendment.service.ts': 'abandoned, of a change or a withdrawal',
  'modules/sharing/server/request.subject.ts': 'events of two procedures, looked at below',
  'modules/sharing/server/grant.service.ts': 'suspended, resumed or revoked, all in the catalogue',
  'modules/comparison/server/finding.subject.ts': 'events of two procedures, looked at below',
  'modules/interfaces/server/register.service.ts': 'registered or changed, approved or refused, all in the catalogue',
  'modules/supervision/server/problem.subject.ts': 'events of the procedure, looked at below',
  'modules/projects/server/lifecycle.service.ts': 'project.<path of the act>, looked at below',
  'modules/projects/server/proposal.service.ts': 'given by the acts of the same file, looked at below',
  'modules/systems/server/protection.service.ts': 'one of two, looked at below',
  'modules/identity/server/account.service.ts': 'one of two, looked at below',
}

test('every action that is written is in the catalogue, with a title; who adds one adds it to modules/audit/actions.ts', () => {
  expect(calls.length).toBeGreaterThan(60)
  const literal = calls.filter(({ action }) => /^'[^']+'$/.test(action))
  const unknown = literal.filter(({ action }) => !auditActions.has(action.slice(1, -1)))
  expect(unknown).toEqual([])
  const others = calls.filter(({ action, file }) => !/^'/.test(action) && file !== 'packages/kernel/audit.ts')
  expect(others.filter(({ file }) => !(file in computed))).toEqual([])
})

test('the actions that are computed are in it too: events of procedures on registers, acts of a project’s life, either of two', () => {
  const emitted = globSync('policy-packs/*/procedures/*.yaml', { cwd: root }).flatMap((file) =>
    [...readFileSync(join(root, file), 'utf8').matchAll(/emits: \[([^\]]+)\]/g)].flatMap((m) =>
      (m[1] ?? '').split(',').map((e) => e.trim()),
    ),
  )
  const recorded = emitted.filter((event) =>
    /^(catalog|catalog-change|catalog-withdrawal|sharing-request|problem|finding|correction)\./.test(event),
  )
  expect(recorded.length).toBeGreaterThan(8)
  const text = (file: string) => sources.find((one) => one.file === file)?.text ?? ''
  const paths = [...text('modules/projects/server/lifecycle.ts').matchAll(/^ {2}(?:'([a-z-]+)'|([a-z]+)): \{$/gm)].map((m) => m[1] ?? m[2])
  expect(paths.length).toBeGreaterThan(5)
  const words = Object.keys(computed).flatMap((file) =>
    [...text(file).matchAll(/'((?:project|system|account)\.[a-z_]+)'/g)].map((m) => m[1] ?? ''),
  )
  const known = [...recorded, ...paths.map((path) => `project.${path}`), ...words.filter((word) => written.test(word))]
  expect(known.filter((action) => !auditActions.has(action))).toEqual([])
})

/** Codes of refusals have the same form; actions end in what was done. */
const written = /\.(urgency_declared|urgency_decided|scope_decided|superior_filed|superior_received|protection_\w+|disabled|enabled)$/

test('a look at every kind of thing that is recorded has a title', () => {
  const kinds = [...city.app.operations.values()].flatMap(({ recordsRead }) => (recordsRead ? [recordsRead.kind] : []))
  expect(kinds.length).toBeGreaterThan(8)
  expect(kinds.filter((kind) => !auditActions.has(viewedAction(kind)))).toEqual([])
})

test('no title stands for two actions of one module, and none is empty', () => {
  const titles = [...auditActions.values()].map(({ module, title }) => `${module} ${title}`)
  expect(titles.filter((title, index) => titles.indexOf(title) !== index || title.endsWith(' '))).toEqual([])
})

test('what a city writes in years is in the catalogue, and its details hold what the catalogue says and nothing else', {
  timeout: 240_000,
}, async () => {
  // One project of each target that a portfolio has: every kind of act, in a fraction of the time.
  const ofTarget = new Map(demoPortfolio(demoCity()).map(({ target, key }) => [target, key]))
  const keys = new Set(ofTarget.values())
  await performDemoCity(play, { chooses: ({ key }) => keys.has(key), recipe: { ...loadDemo(resourcePacksFolder), families: 300 } })
  const { rows } = await owner.query<{ action: string; keys: string[] }>(
    `select action, array_agg(distinct key) filter (where key is not null) as keys
     from kernel.audit_event left join lateral jsonb_object_keys(detail) as key on true where outcome <> 'refused' group by action`,
  )
  expect(rows.length).toBeGreaterThan(30)
  const unknown = rows.filter(({ action }) => !auditActions.has(action)).map(({ action }) => action)
  const beyond = rows.flatMap(({ action, keys }) =>
    (keys ?? []).filter((key) => !auditActions.get(action)?.detail.includes(key)).map((key) => `${action}: ${key}`),
  )
  expect({ unknown, beyond }).toEqual({ unknown: [], beyond: [] })
})
