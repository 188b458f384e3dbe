import { defineConfig } from 'vitest/config'

const everywhere = ['apps', 'modules', 'packages', 'scripts', 'policy-packs', 'bench', 'hostile']
const ours = (suffix: string) => everywhere.map((folder) => `${folder}/**/*.${suffix}`)
const ignored = ['**/node_modules/**', '**/dist/**']

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
        },
      },
      {
        test: {
          name: 'db',
          include: ours('test.ts'),
          exclude: [...ignored, '**/*.unit.test.ts'],
          globalSetup: ['packages/testing/global-setup.ts'],
          testTimeout: 30_000,
          hookTimeout: 60_000,
        },
      },
      {
        test: {
          name: 'e2e',
          include: ['e2e/**/*.spec.ts'],
          exclude: ignored,
          globalSetup: ['packages/testing/global-setup.ts'],
          // One journey at a time: they share the machine's two cores with the server and the browser.
          fileParallelism: false,
          testTimeout: 180_000,
          hookTimeout: 120_000,
        },
      },
    ],
  },
})
