import { join } from 'node:path'
import { DuckDBInstance } from '@duckdb/node-api'

/**
 * The plain statement beside which a comparison is measured: reads both files at once, joins them by the first column and counts what differs, in each
 * column. It checks nothing, writes no list and keeps no limit. Argument: the folder of left.csv and right.csv.
 */
const [folder = '.'] = process.argv.slice(2)
const columns = ['id', 'name', 'sex', 'born', 'address', 'phone', 'amount', 'updated']
const side = (prefix: string, file: string) =>
  `read_csv('${join(folder, file)}', auto_detect = false, header = true, delim = ',', quote = '"', escape = '"', allow_quoted_nulls = false,
    columns = {${columns.map((_, position) => `${prefix}${position}: 'VARCHAR'`).join(', ')}})`
const pair = 'l0 is not null and r0 is not null'
const counts = columns.slice(1).map((_, index) => `count(*) filter (${pair} and l${index + 1} is distinct from r${index + 1})`)

const instance = await DuckDBInstance.create(':memory:')
const connection = await instance.connect()
const answer = await connection.runAndReadAll(
  `select count(l0), count(r0), count(*) filter (${pair}), count(*) filter (r0 is null), count(*) filter (l0 is null), ${counts.join(', ')}
   from ${side('l', 'left.csv')} full join ${side('r', 'right.csv')} on l0 = r0`,
)
console.log(answer.getRows()[0]?.join(' '))
connection.closeSync()
instance.closeSync()
