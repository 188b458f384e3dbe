import { cpus, loadavg } from 'node:os'
import { compareFiles, compareLarge } from './compare.bench.ts'
import { evidence } from './evidence.bench.ts'
import { evaluate, projectPage } from './http.bench.ts'
import { ingest } from './ingest.bench.ts'
import { latency } from './latency.bench.ts'
import type { Benchmark, Figure } from './measure.ts'
import { idleMemory } from './memory.bench.ts'
import { memoryFlow } from './memory-flow.bench.ts'
import { coldScript } from './web.bench.ts'
import { workList } from './work-list.bench.ts'
import { workbookTimes } from './workbook.bench.ts'

const benchmarks: Readonly<Record<string, Benchmark>> = {
  evaluate,
  'project-page': projectPage,
  'work-list': workList,
  workbook: workbookTimes,
  evidence,
  memory: idleMemory,
  web: coldScript,
  ingest,
  latency,
  compare: compareFiles,
}

/** Minutes and gigabytes of disk: only when asked for by name. */
const longOnes: Readonly<Record<string, Benchmark>> = {
  'compare-large': compareLarge,
  'memory-flow': memoryFlow,
}

// `npm run bench`, or the names of some: each figure beside the limit's of the same run, and whether what is asked holds.
const wanted = process.argv.slice(2)
const known = { ...benchmarks, ...longOnes }
const unknown = wanted.filter((name) => !Object.hasOwn(known, name))
if (unknown.length > 0) {
  console.error(`unknown: ${unknown.join(', ')}; there are ${Object.keys(known).join(', ')}`)
  process.exit(2)
}
console.log(`${cpus().length} × ${cpus()[0]?.model ?? 'unknown'}, Node ${process.version}, load ${loadavg()[0]?.toFixed(1)}`)
let missed = 0
for (const [name, benchmark] of Object.entries(wanted.length === 0 ? benchmarks : known)) {
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
