import { hostileBackup } from './backup.ts'
import { hostileClocks } from './clocks.ts'
import { hostileCompare } from './compare.ts'
import { hostileInput } from './input-run.ts'
import { hostileKill } from './kill.ts'
import { hostileOracles } from './oracles.ts'
import { hostileTamper } from './tamper.ts'
import { hostileUpgrade } from './upgrade.ts'
import { hostileWorkbook } from './workbook.ts'

/** The long hostile runs by name; each returns its exit code. */
const runs: Readonly<Record<string, (args: readonly string[]) => Promise<number>>> = {
  backup: hostileBackup,
  clocks: hostileClocks,
  compare: hostileCompare,
  input: hostileInput,
  kill: hostileKill,
  oracles: hostileOracles,
  workbook: hostileWorkbook,
  tamper: hostileTamper,
  upgrade: hostileUpgrade,
}

const [name = '', ...args] = process.argv.slice(2)
const run = runs[name]
if (run) process.exitCode = await run(args)
else {
  process.stderr.write(`npm run hostile -- ${Object.keys(runs).join(' | ')} [options]\n`)
  process.exitCode = 2
}
