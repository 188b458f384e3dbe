import type { Pair, Pairing } from './columns.ts'
import type { Engine } from './engine.ts'
import { keyFaults, keyProblem } from './keys.ts'
import { ComparisonProblem } from './problem.ts'
import type { Side } from './side.ts'
import { column } from './sql.ts'
import type { Counts } from './summary.ts'

export const leftColumn = ({ left }: Pair) => column('l', left)
export const rightColumn = ({ right }: Pair) => column('r', right)

/** Aggregates of one statement: a wide table takes several. */
const aggregatesAtOnce = 500

/**
 * Puts what is not equal into the table `difference`: rows of one side alone, and pairs with a difference. Each side is read once; what is equal is
 * counted and let go, so that memory holds one side's rows for the join, or spills them.
 *
 * A sequence counts the pairs. Where keys are unique there are no more of them than rows on the smaller side: its limit stops a join that would
 * multiply (a thousand rows of one key on each side are a million pairs), and its last value is the number of keys on both.
 * @throws ComparisonProblem naming duplicate and empty keys
 */
export async function findDifferences(engine: Engine, left: Side, right: Side, pairing: Pairing): Promise<Counts> {
  try {
    await engine.run(`create sequence pair minvalue 0 start 1 maxvalue ${Math.max(1, Math.min(left.rows, right.rows))}`)
    await engine.run(joinOf(left, right, pairing))
  } catch (error) {
    if (!/reached maximum value of sequence/.test(String(error))) throw error
    throw await whyNotUnique(engine, left, right, pairing)
  }
  const counts = await countsOf(engine, pairing)
  // The engine and whoever counted the rows beforehand must agree; two rows of one key on one side alone are seen only here.
  const agree = counts.matched + counts.onlyLeft === left.rows && counts.matched + counts.onlyRight === right.rows
  if (!agree || (await hasBadKeys(engine, pairing))) throw await whyNotUnique(engine, left, right, pairing)
  return counts
}

function joinOf(left: Side, right: Side, { key, fields }: Pairing): string {
  const on = key.map((pair) => `${leftColumn(pair)} = ${rightColumn(pair)}`).join(' and ')
  const emptyKey = key.map((pair) => `${leftColumn(pair)} = ''`).join(' or ')
  const values = (of: (pair: Pair) => string) => `row(${fields.map(of).join(', ')})`
  const differs = fields.length === 0 ? 'false' : `${values(leftColumn)} is distinct from ${values(rightColumn)}`
  return `create temporary table difference as
    select * from ${left.relation('l')} as a full join ${right.relation('r')} as b on ${on}
    where case when ${isPair({ key })} then nextval('pair') < 0 or ${emptyKey} or ${differs} else true end`
}

/** A row of one side alone has nothing in the other's columns; a key that is NULL finds no partner. */
function isPair({ key }: Pick<Pairing, 'key'>): string {
  return `${firstKey(key, leftColumn)} is not null and ${firstKey(key, rightColumn)} is not null`
}

function firstKey(key: readonly Pair[], of: (pair: Pair) => string): string {
  const [first] = key
  if (!first) throw new RangeError('a comparison without a key')
  return of(first)
}

async function countsOf(engine: Engine, pairing: Pairing): Promise<Counts> {
  const { key, fields } = pairing
  const [leftKey, rightKey] = [firstKey(key, leftColumn), firstKey(key, rightColumn)]
  const [[onlyLeft, onlyRight, differing] = []] = await engine.rows(
    `select count(*) filter (${leftKey} is not null and ${rightKey} is null), count(*) filter (${leftKey} is null and ${rightKey} is not null),
       count(*) filter (${isPair(pairing)}) from difference`,
  )
  const [[matched] = []] = await engine.rows(`select coalesce(last_value, 0) from duckdb_sequences() where sequence_name = 'pair'`)
  const byField: number[] = []
  for (let at = 0; at < fields.length; at += aggregatesAtOnce) {
    const some = fields.slice(at, at + aggregatesAtOnce)
    const counted = some.map((pair) => `count(*) filter (${leftColumn(pair)} is distinct from ${rightColumn(pair)})`)
    const [row = []] = await engine.rows(`select ${counted.join(', ')} from difference where ${isPair(pairing)}`)
    byField.push(...row.map(Number))
  }
  return { matched: Number(matched), onlyLeft: Number(onlyLeft), onlyRight: Number(onlyRight), differing: Number(differing), byField }
}

/** A row whose first part of the key is NULL stands on neither side: not counted, it could make up for a pair too many. */
async function hasBadKeys(engine: Engine, { key }: Pairing): Promise<boolean> {
  const [left, right] = [firstKey(key, leftColumn), firstKey(key, rightColumn)]
  const empty = (of: (pair: Pair) => string) => key.map((pair) => `coalesce(${of(pair)}, '') = ''`).join(' or ')
  const twice = (of: (pair: Pair) => string, alone: string) =>
    `exists (from (select 1 from difference where ${alone} group by ${key.map(of).join(', ')} having count(*) > 1))`
  const [[bad] = []] = await engine.rows(
    `select exists (from difference where ${left} is null and ${right} is null
         or ${left} is not null and (${empty(leftColumn)}) or ${right} is not null and (${empty(rightColumn)}))
       or ${twice(leftColumn, `${right} is null`)} or ${twice(rightColumn, `${left} is null`)}`,
  )
  return bad === true
}

async function whyNotUnique(engine: Engine, left: Side, right: Side, pairing: Pairing): Promise<ComparisonProblem> {
  const problem = keyProblem(await keyFaults(engine, left, right, pairing))
  const [message, cure] = ['前后两次读取的行数不一致，比对没有结果。', '请在源数据不再变化后重新比对；仍然如此的，请报告。']
  return problem ?? new ComparisonProblem('failure', 'compare.inconsistent', message, cure)
}
