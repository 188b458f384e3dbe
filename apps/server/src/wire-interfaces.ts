import { registeredEntries } from '@tongchou/catalog'
import { organisationsPort } from '@tongchou/identity'
import { type InterfacesPorts, resolveName } from '@tongchou/interfaces'
import type { KeyRing, NoticesPort } from '@tongchou/kernel'
import { passedShape } from '@tongchou/libraries'

/** Interfaces of departments, for the entries of the catalog and checked as the libraries check records. */
export function interfacesOf({
  notices,
  keys,
  resolve = resolveName,
}: {
  notices: NoticesPort
  keys: KeyRing
  resolve?: InterfacesPorts['resolve'] | undefined
}): InterfacesPorts {
  return {
    catalog: { registered: async (ctx, id) => (await registeredEntries(ctx, id))[0] },
    libraries: { shape: passedShape },
    organisations: organisationsPort,
    ...{ notices, keys, resolve },
  }
}
