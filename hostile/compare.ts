import { parseArgs } from 'node:util'
import fc from 'fast-check'
import { givenFolder, requireAgreement, twoTables } from '../packages/compare/comparison.given.ts'

/** The long run: what a comparison answers of any two tables is what two plain maps answer. 0 when nothing was found. */
export async function hostileCompare(args: readonly string[]): Promise<number> {
  const options = { n: { type: 'string', default: '1000' }, seed: { type: 'string', default: '1' } } as const
  const { values } = parseArgs({ args: [...args], options })
  const [numRuns = 0, seed = 0] = [values.n, values.seed].map(Number)
  if (![numRuns, seed].every((number) => Number.isSafeInteger(number) && number > 0)) {
    console.error('npm run hostile -- compare [--n 1000] [--seed 1]')
    return 2
  }
  const folder = givenFolder()
  try {
    let good = 0
    const check = fc.asyncProperty(twoTables, async (tables) => {
      if (await requireAgreement(folder, tables)) good += 1
    })
    const found = await fc.check(check, { numRuns, seed })
    if (found.failed) console.error(fc.defaultReportMessage(found))
    console.log(
      `${found.numRuns} comparisons, ${good} with good keys, seed ${seed}: ${found.failed ? 'other than two plain maps say' : '0 faults'}`,
    )
    return found.failed ? 1 : 0
  } finally {
    folder.remove()
  }
}
