import { execFile } from 'node:child_process'
import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'

const root = join(import.meta.dirname, '../..')
const folder = mkdtempSync(join(tmpdir(), 'tongchou-types-'))
afterAll(() => rmSync(folder, { recursive: true }))
symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'))
writeFileSync(join(folder, 'package.json'), JSON.stringify({ type: 'module' }))
writeFileSync(
  join(folder, 'tsconfig.json'),
  JSON.stringify({ extends: join(root, 'tsconfig.base.json'), include: ['*.ts'], compilerOptions: { typeRoots: ['node_modules/@types'] } }),
)

const head = [
  `import { type Ctx, inTransaction, tablesOf } from '${join(import.meta.dirname, 'context.ts')}'`,
  "interface PlansTables { 'plans.plan': { id: string; title: string } }",
  'declare const ctx: Ctx',
  'const db = tablesOf<PlansTables>(ctx)',
]

/** What the compiler says of each line of a module's store: the first complaint, or nothing. */
async function compile(statements: readonly string[]): Promise<string[]> {
  const lines = [...head, ...statements.map((statement, index) => `export const s${index} = ${statement}`)]
  writeFileSync(join(folder, 'plan.store.ts'), lines.join('\n'))
  const output = await new Promise<string>((resolve) => {
    const tsc = [join(root, 'node_modules/typescript/bin/tsc'), '-p', '.', '--pretty', 'false']
    execFile(process.execPath, tsc, { cwd: folder }, (_error, out, complaints) => resolve(out + complaints))
  })
  const said = new Map<string, string>()
  // Lines that are set in belong to the complaint above them.
  for (const complaint of output.split('\n').filter((line) => /^\S/.test(line))) {
    const [, line = '', what = ''] = /^plan\.store\.ts\((\d+),\d+\): error (.*)$/.exec(complaint) ?? []
    expect(Number(line), output).toBeGreaterThan(head.length)
    if (!said.has(line)) said.set(line, what)
  }
  return statements.map((_, index) => said.get(String(head.length + index + 1)) ?? '')
}

test("a module's handle knows its own tables and the kernel's; another module's table does not compile", { timeout: 120_000 }, async () => {
  const own = [
    "db.selectFrom('plans.plan').select('title')",
    "db.insertInto('kernel.audit_event')",
    "inTransaction(ctx, async (tx) => tablesOf<PlansTables>(tx).deleteFrom('plans.plan'))",
    "ctx.db.selectFrom('kernel.setting').selectAll()",
  ]
  const foreign = [
    "db.selectFrom('systems.system').select('title')",
    "db.selectFrom('plans.plan').innerJoin('systems.system', 'systems.system.id', 'plans.plan.id')",
    "db.updateTable('systems.system')",
    "db.insertInto('systems.system')",
    "db.deleteFrom('systems.system')",
    "db.selectFrom('plans.plan').select('systems.system.title')",
    "db.selectFrom('plans.plan').select('owner')",
    "ctx.db.selectFrom('plans.plan').selectAll()",
    "inTransaction(ctx, async (tx) => tablesOf<PlansTables>(tx).selectFrom('systems.system'))",
  ]
  const complaints = await compile([...own, ...foreign])
  expect(complaints.slice(0, own.length)).toEqual(own.map(() => ''))
  foreign.forEach((statement, index) => {
    expect(complaints[own.length + index], statement).toMatch(/^TS(2345|2769)/)
  })
})
