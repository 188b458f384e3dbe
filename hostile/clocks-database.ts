// The database of the simulated year, a process of its own that the driver kills together with its PostgreSQL.
import { startEmbeddedPostgres } from '@tongchou/kernel'

const server = await startEmbeddedPostgres({ dataDir: process.argv[2] ?? '', onLost: () => process.exit(1) })
process.on('disconnect', () => void server.stop().then(() => process.exit(0)))
process.send?.({ connection: server.connection, pid: server.pid() })
