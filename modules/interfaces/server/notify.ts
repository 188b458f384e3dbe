import type { Ctx, Notice, NoticeTo } from '@tongchou/kernel'
import { keeperDuties } from './interface.permissions.ts'
import type { InterfacesPorts } from './ports.ts'

export const keepers: readonly NoticeTo[] = keeperDuties.map((duty) => ({ duty, orgId: null }))

/** Tells of an interface, in the transaction of what it tells of. */
export async function tell(
  tx: Ctx,
  { notices }: Pick<InterfacesPorts, 'notices'>,
  id: string,
  { kind, to, title, body }: Pick<Notice, 'kind' | 'to' | 'title' | 'body'>,
): Promise<void> {
  const onceKey = `${kind}:${id}:${tx.requestId}:${tx.now().toISOString()}`
  await notices.send(tx, { kind, to, title, body, subject: { kind: 'interface', id }, href: null, onceKey })
}
