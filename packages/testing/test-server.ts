import { chmodSync, existsSync, mkdtempSync, readdirSync, rmSync, statfsSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type EmbeddedPostgres, startEmbeddedPostgres } from '@tongchou/kernel'

/** A PostgreSQL for tests, as the product starts its own; when it is stopped, what it stored is gone. */
export async function startTestServer(): Promise<EmbeddedPostgres> {
  const parent = fastFolder()
  await sweep(parent)
  const folder = mkdtempSync(join(parent, `${prefix}${process.pid}-`))
  chmodSync(folder, 0o700)
  const server = await startEmbeddedPostgres({ dataDir: folder })
  return {
    ...server,
    stop: async () => {
      await server.stop()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

const prefix = 'tongchou-test-'

/** Memory where there is enough of it: the tests keep `fsync` on as the product does, and there it costs nothing. */
function fastFolder(): string {
  const memory = '/dev/shm'
  try {
    const { bavail, bsize } = statfsSync(memory)
    if (bavail * bsize >= 2 * 1024 ** 3) return memory
  } catch {
    // No such folder on this machine.
  }
  return tmpdir()
}

/** A run that was killed leaves its server and folder behind; the next one clears them away. */
async function sweep(parent: string): Promise<void> {
  for (const name of readdirSync(parent).filter((entry) => entry.startsWith(prefix))) {
    const pid = Number(name.slice(prefix.length).split('-')[0])
    if (!Number.isSafeInteger(pid) || existsSync(`/proc/${pid}`)) continue
    const left = join(parent, name)
    try {
      await (await startEmbeddedPostgres({ dataDir: left })).stop()
      rmSync(left, { recursive: true, force: true })
    } catch {
      // Another user's, or another run is clearing it away.
    }
  }
}
