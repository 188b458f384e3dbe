import { type Ctx, inTransaction, notFound, recordAudit } from '@tongchou/kernel'
import { entryFromPack } from '@tongchou/resource-packs'
import { structureOf } from './collected.ts'
import { libraryKind } from './install.service.ts'
import { insertOrigin } from './install.store.ts'
import type { LibrariesPorts } from './ports.ts'

/**
 * Introduces a resource of a pack (从资源包引入) as a catalog draft of the actor's own organisation: from there on it is signed off, reviewed and graded by
 * people like any other. What the pack said then stays with the entry.
 */
export async function introduceResource(
  ctx: Ctx,
  ports: LibrariesPorts,
  pack: string,
  name: string,
): Promise<{ id: string; name: string }> {
  const found = findPackResource(ports, pack, name)
  if (!found) throw notFound('资源包中的资源')
  const { resource } = found
  return inTransaction(ctx, async (tx) => {
    const drafted = await ports.catalog.draft(tx, entryFromPack(resource))
    await insertOrigin(tx, {
      resource: drafted.id,
      pack,
      pack_version: found.pack.manifest.version,
      pack_resource: name,
      digest: found.pack.digest,
      structure: structureOf(resource),
    })
    const detail = { pack, packVersion: found.pack.manifest.version, packResource: name, digest: found.pack.digest }
    await recordAudit(tx, 'library.introduced', { kind: libraryKind, id: drafted.id }, detail)
    return drafted
  })
}

export function findPackResource({ packs }: LibrariesPorts, pack: string | undefined, name: string | undefined) {
  const found = packs.find(({ manifest }) => manifest.pack === pack)
  const resource = found?.resources.find((one) => one.name === name)
  return found && resource ? { pack: found, resource } : undefined
}
