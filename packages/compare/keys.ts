import type { Pairing } from './columns.ts'
import type { Engine } from './engine.ts'
import { ComparisonProblem, type KeyFaults, quoted, type SideKeyFaults, type SideOf, sideName } from './problem.ts'
import type { Side } from './side.ts'
import { column } from './sql.ts'

const examples = 10

/** The keys of both sides that tell no rows apart; read anew, because the comparison itself stops at the first. */
export async function keyFaults(engine: Engine, left: Side, right: Side, { key }: Pairing): Promise<KeyFaults> {
  return {
    left: await faultsOf(
      engine,
      left,
      key.map((pair) => column('l', pair.left)),
      'l',
    ),
    right: await faultsOf(
      engine,
      right,
      key.map((pair) => column('r', pair.right)),
      'r',
    ),
  }
}

async function faultsOf(engine: Engine, side: Side, key: readonly string[], prefix: string): Promise<SideKeyFaults> {
  const columns = key.join(', ')
  const empty = key.map((part) => `coalesce(${part}, '') = ''`).join(' or ')
  await engine.run(
    `create or replace temporary table key_fault as select ${columns}, count(*) as row_count, ${empty} as empty
     from ${side.relation(prefix)} group by ${columns} having ${empty} or count(*) > 1`,
  )
  const [[emptyKeyRows, duplicateKeys] = []] = await engine.rows(
    'select coalesce(sum(row_count) filter (where empty), 0), count(*) filter (where not empty) from key_fault',
  )
  const duplicates = await engine.rows(`select ${columns}, row_count from key_fault where not empty order by ${columns} limit ${examples}`)
  return {
    emptyKeyRows: Number(emptyKeyRows),
    duplicateKeys: Number(duplicateKeys),
    duplicates: duplicates.map((row) => ({ key: row.slice(0, -1).map(String), rows: Number(row.at(-1)) })),
  }
}

/** The faults in words; undefined when every key tells its row apart. */
export function keyProblem(keys: KeyFaults): ComparisonProblem | undefined {
  const said = [...wordsOf('left', keys.left), ...wordsOf('right', keys.right)]
  if (said.length === 0) return undefined
  const cure = '主键应逐行唯一且不为空。请更正数据，或改用能区分各行的主键。'
  return new ComparisonProblem('failure', 'compare.keys', `${said.join('；')}。`, cure, { keys })
}

function wordsOf(side: SideOf, { duplicateKeys, duplicates, emptyKeyRows }: SideKeyFaults): string[] {
  const named = duplicates.map(({ key, rows }) => `${key.map(quoted).join('、')}（${rows} 行）`).join('，')
  return [
    ...(duplicateKeys > 0
      ? [`${sideName[side]}有 ${duplicateKeys} 个主键重复：${named}${duplicateKeys > duplicates.length ? '等' : ''}`]
      : []),
    ...(emptyKeyRows > 0 ? [`${sideName[side]}有 ${emptyKeyRows} 行主键为空`] : []),
  ]
}
