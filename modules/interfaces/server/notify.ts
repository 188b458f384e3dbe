import type { Ctx, Notice, NoticeTo } from '@tongchou/kernel'
import { keeperDuties } from './interface.permissions.ts'
import type { InterfacesPorts } from './ports.ts'

export const keepers: readonly NoticeTo[] = keeperDuties.map((duty) => ({ duty, orgId: null }))

/** Tells of an interface, in the transaction of what it tells of: those who see its page, and those who only call it. */
export async function tell(
  tx: Ctx,
  { notices }: Pick<InterfacesPorts, 'notices'>,
  id: string,
  { callers = [], to, ...told }: Pick<Notice, 'kind' | 'to' | 'title' | 'body'> & { callers?: readonly NoticeTo[] },
): Promise<void> {
  const subject = { kind: 'interface', id }
  const onceKey = `${told.kind}:${id}:${tx.requestId}:${tx.now().toISOString()}`
  await notices.send(tx, { ...told, to, subject, href: `/interfaces/${id}`, onceKey })
  if (callers.length > 0) await notices.send(tx, { ...told, to: callers, subject, href: null, onceKey: `${onceKey}:callers` })
}
