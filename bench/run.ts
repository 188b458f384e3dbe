import { cpus, loadavg } from 'node:os'
import { evaluate, projectPage } from './http.bench.ts'
import { ingest } from './ingest.bench.ts'
import type { Benchmark, Figure } from './measure.ts'
import { idleMemory } from './memory.bench.ts'
import { coldScript } from './web.bench.ts'
import { workList } from './work-list.bench.ts'
import { workbookTimes } from './workbook.bench.ts'

const benchmarks: Readonly<Record<string, Benchmark>> = {
  evaluate,
  'project-page': projectPage,
  'work-list': workList,
  workbook: workbookTimes,
  memory: idleMemory,
  web: coldScript,
  ingest,
}

// `npm run bench`, or the names of some: each figure beside the limit's of the same run, and whether what is asked holds.
const wanted = process.argv.slice(2)
const unknown = wanted.filter((name) => !Object.hasOwn(benchmarks, name))
if (unknown.length > 0) {
  console.error(`unknown: ${unknown.join(', ')}; there are ${Object.keys(benchmarks).join(', ')}`)
  process.exit(2)
}
console.log(`${cpus().length} × ${cpus()[0]?.model ?? 'unknown'}, Node ${process.version}, load ${loadavg()[0]?.toFixed(1)}`)
let missed = 0
for (const [name, benchmark] of Object.entries(benchmarks)) {
  if (wanted.length > 0 && !wanted.includes(name)) continue
  for (const figure of await benchmark()) {
    console.log(line(figure))
    if (!figure.holds) missed += 1
  }
}
process.exitCode = missed === 0 ? 0 : 1

function line({ name, ours, against, ratio, wanted, holds }: Figure): string {
  const beside = [against, ratio === undefined ? undefined : `ratio ${ratio.toFixed(2)}`].filter(Boolean).join(', ')
  return `${holds ? 'ok  ' : 'MISS'} ${name}: ${ours}${beside ? ` (${beside})` : ''}, wanted ${wanted}`
}
