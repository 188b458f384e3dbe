import { availableParallelism } from 'node:os'
import { defineConfig } from 'vitest/config'

const everywhere = ['apps', 'modules', 'packages', 'scripts', 'policy-packs', 'bench', 'hostile']
const ours = (suffix: string) => everywhere.map((folder) => `${folder}/**/*.${suffix}`)
const ignored = ['**/node_modules/**', '**/dist/**']

/** A file for each core, whatever its kind: most of a test's time is PostgreSQL's or the browser's, so a core that is spared stands idle. */
const maxWorkers = availableParallelism()

/** What is asked again until it holds ends as late as a locator does: a second, as it is without this, is little on a busy machine. */
const waited = { poll: { timeout: 20_000 } }

/** Three kinds of tests: pure logic, a real PostgreSQL behind, a real browser in front. */
export const kinds = ['unit', 'db', 'e2e'] as const

// biome-ignore lint/style/noDefaultExport: vitest reads the configuration from the default export
export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: 'unit',
          include: [...ours('unit.test.ts'), ...ours('unit.test.tsx')],
          exclude: ignored,
          // Some try thousands of values, and a busy machine is no fault of theirs.
          testTimeout: 30_000,
          maxWorkers,
          isolate: false,
        },
      },
      {
        test: {
          name: 'db',
          include: ours('test.ts'),
          exclude: [...ignored, '**/*.unit.test.ts'],
          globalSetup: ['packages/testing/global-setup.ts'],
          maxWorkers,
          // The product is loaded once for each core and not once for each file, which was a third of the time. A file keeps what it changes
          // to its own database and city; nothing of the product remembers anything outside of them.
          isolate: false,
          // None of them measures time: these only end what hangs, also on a machine that is busy with something else.
          testTimeout: 120_000,
          hookTimeout: 120_000,
          expect: waited,
        },
      },
      {
        test: {
          name: 'e2e',
          include: ['e2e/**/*.spec.ts'],
          exclude: ignored,
          globalSetup: ['packages/testing/global-setup.ts', 'e2e/global-setup.ts'],
          maxWorkers,
          testTimeout: 180_000,
          hookTimeout: 120_000,
          expect: waited,
        },
      },
    ],
  },
})
