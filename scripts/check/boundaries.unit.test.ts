import { expect, test } from 'vitest'
import { boundaryProblems } from './boundaries.ts'

const canary = (path: string, text: string) => boundaryProblems([{ path, text }])

// Each line is a forbidden import in one of the shapes it can take. If the fence ever lets one pass, it guards nothing.
test.each([
  ['a module that imports another by name', 'modules/cases/server/a.ts', "import { x } from '@tongchou/policy'"],
  ['… by a path', 'modules/cases/server/a.ts', "import { x } from '../../policy/index.ts'"],
  ['… by handing it on', 'modules/cases/index.ts', "export * from '@tongchou/policy'"],
  ['… only for its types', 'modules/cases/index.ts', "import type { X } from '@tongchou/policy'"],
  ['… at run time', 'modules/cases/index.ts', "const x = await import('@tongchou/policy')"],
  ['… in a screen', 'modules/cases/web/A.tsx', "import { x } from '@tongchou/policy'\nexport const A = () => <p>{x}</p>"],
  ['… in a test', 'modules/cases/server/a.test.ts', "import { x } from '@tongchou/policy'"],
  ['… under a name that is put together', 'modules/cases/index.ts', "const x = await import('@tongchou/' + name)"],
  ['a package that imports a module', 'packages/kernel/a.ts', "import { x } from '@tongchou/cases'"],
  ['a module that imports an app', 'modules/cases/index.ts', "import { x } from '../../apps/server/src/wire.ts'"],
  ['a file inside another unit, past its index', 'modules/cases/index.ts', "import { x } from '../../packages/kernel/audit.ts'"],
  ['test tools in the product', 'modules/cases/index.ts', "import { testDatabase } from '@tongchou/testing'"],
  ['what only tests use in the product', 'modules/cases/index.ts', "import { x } from './server/case.given.ts'"],
  ['input or output in the pure engine', 'packages/procedure/engine.ts', "import { readFileSync } from 'node:fs'"],
  ['input or output in the rules of the catalog', 'packages/metadata/rules/a.ts', "import { readFileSync } from 'node:fs'"],
  ['the server in the rules of the catalog', 'packages/metadata/rules/a.ts', "import { x } from '@tongchou/kernel'"],
  ['Node.js in the evidence that the browser verifies', 'packages/evidence/verify.ts', "import { hash } from 'node:crypto'"],
  ['the native hash in the browser', 'modules/audit/web/a.ts', "import { nativeSm3 } from '@tongchou/evidence/native'"],
  ['the database in the browser', 'apps/web/src/a.ts', "import pg from 'pg'"],
  ['the kernel in the browser', 'modules/cases/web/a.ts', "import { x } from '@tongchou/kernel'"],
  ['server code in what the browser shares of the kernel', 'packages/kernel/numbers/a.ts', "import { x } from '../money.ts'"],
  ['a library in what the browser shares of the kernel', 'packages/kernel/numbers/a.ts', "import { Temporal } from 'temporal-polyfill'"],
  ['the server side of its own module in a screen', 'modules/cases/web/a.ts', "import { x } from '../server/case.store.ts'"],
  ['a path of one machine', 'modules/cases/index.ts', "import { x } from '/srv/x.ts'"],
])('the fence catches %s', (_name, path, text) => {
  expect(canary(path, text)).toHaveLength(1)
})

test('the fence catches a circle of values and lets one of types pass', () => {
  const circle = (kind: string) =>
    boundaryProblems([
      { path: 'modules/cases/a.ts', text: "import { b } from './b.ts'\nexport const a = b" },
      { path: 'modules/cases/b.ts', text: `import ${kind} { a } from './a.ts'\nexport const b = 1` },
    ])
  expect(circle('')).toEqual([expect.stringContaining('circular import: modules/cases/a.ts → modules/cases/b.ts → modules/cases/a.ts')])
  expect(circle('type')).toEqual([])
})

test('arrows that point down pass', () => {
  expect(
    boundaryProblems([
      { path: 'apps/server/src/main.ts', text: "import { a } from '@tongchou/cases'\nimport { b } from '@tongchou/kernel'" },
      {
        path: 'modules/cases/server/a.ts',
        text: "import { c } from '@tongchou/kernel'\nimport { d } from '@tongchou/procedure'\nimport { e } from '../index.ts'",
      },
      { path: 'modules/cases/server/a.test.ts', text: "import { testDatabase } from '@tongchou/testing'" },
      { path: 'modules/cases/web/A.tsx', text: "import { f } from '@tongchou/ui'" },
      { path: 'packages/evidence/native.ts', text: "import { hash } from 'node:crypto'" },
      { path: 'modules/cases/web/b.ts', text: "import { verifyReceipt } from '@tongchou/evidence'" },
      { path: 'packages/ui/a.ts', text: "import { g } from '@tongchou/kernel/numbers'" },
      { path: 'packages/kernel/numbers/a.ts', text: "import { h } from './b.ts'" },
    ]),
  ).toEqual([])
})
