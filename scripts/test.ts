import { parseArgs } from 'node:util'
import { startVitest, type TestModule } from 'vitest/node'

// All tests, or those whose path holds one of the words given; `--project unit|db|e2e` for one kind.
const { values, positionals } = parseArgs({ allowPositionals: true, options: { project: { type: 'string', multiple: true } } })

const vitest = await startVitest('test', positionals, { run: true, watch: false, ...(values.project ? { project: values.project } : {}) })
const modules = vitest.state.getTestModules()
const tests = modules.flatMap((module) => [...module.children.allTests()])
const count = (state: string) => tests.filter((test) => test.result().state === state).length
// A file that does not load has no tests to count, and an error after the last test belongs to none.
const broken = modules.filter((module) => module.errors().length > 0)
const strays = vitest.state.getUnhandledErrors().length
const failed = count('failed') + broken.length + strays

const notRun = tests.filter((test) => ['skipped', 'pending'].includes(test.result().state))
await vitest.close()

// Fifteen minutes are all there is: who adds to them should see where they go.
const longest = modules.sort((a, b) => secondsOf(b) - secondsOf(a)).slice(0, positionals.length > 0 ? 0 : 20)
for (const module of longest) console.log(`${secondsOf(module).toFixed(0).padStart(5)} s  ${pathOf(module)}`)
for (const test of notRun) console.log(`not run: ${pathOf(test.module)} > ${test.fullName}${reasonOf(test.result())}`)
console.log(`${count('passed')} passed, ${failed} failed${notRun.length > 0 ? `, ${notRun.length} not run` : ''}`)
process.exit(failed === 0 && count('passed') > 0 ? 0 : 1)

function secondsOf(module: TestModule): number {
  const { duration, collectDuration } = module.diagnostic()
  return (duration + collectDuration) / 1000
}

function pathOf(module: TestModule): string {
  return module.relativeModuleId
}

function reasonOf(result: object): string {
  return 'note' in result && result.note ? ` (${String(result.note)})` : ''
}
