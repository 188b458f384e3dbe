import pg from 'pg'
import { startEmbeddedPostgres } from './embedded.ts'
import { startupProblemOf } from './server-checks.ts'

// A platform process for the tests: starts the server on a folder and says what happens, one JSON object a line.
const [dataDir = '', then = 'stop'] = process.argv.slice(2)
const say = (fact: object) => process.stdout.write(`${JSON.stringify(fact)}\n`)

try {
  const server = await startEmbeddedPostgres({ dataDir, onNotice: (notice) => say({ notice }) })
  say({ started: server.pid(), uid: process.getuid?.() })
  if (then === 'commit') await commitForEver(server.connection)
  if (then === 'exit') process.exit(0)
  await server.stop()
} catch (error) {
  const problem = startupProblemOf(error)
  say(problem ? { code: problem.code, message: problem.message, cure: problem.cure } : { defect: String(error) })
}

async function commitForEver(connection: pg.ClientConfig): Promise<void> {
  const client = new pg.Client(connection)
  client.on('error', () => undefined)
  await client.connect()
  await client.query('create table if not exists confirmed (n integer primary key)')
  for (let n = 1; ; n++) {
    await client.query('insert into confirmed values ($1)', [n])
    say({ confirmed: n })
  }
}
