import type { Ctx } from '@tongchou/kernel'
import { type Case, type Effect, verbTitles } from '@tongchou/procedure'
import type { CasesPorts } from '../ports.ts'

/** Tells people what the engine says they are to be told (消息), in the transaction of the act: each once. */
export async function sendNotices(tx: Ctx, ports: CasesPorts, kase: Case, title: string, effects: readonly Effect[]): Promise<void> {
  for (const effect of effects) {
    if (effect.type !== 'notice' || effect.to.length === 0) continue
    await ports.notices.send(tx, {
      kind: `case.${effect.kind}`,
      to: effect.to,
      subject: { kind: 'case', id: kase.id },
      title: `${verbTitles[effect.kind]}：${title}`,
      body: effect.text,
      href: `/cases/${kase.id}`,
      // One act tells once; a later act of the same kind on the same thing tells again.
      onceKey: `${kase.id}:${effect.kind}:${effect.about}:${kase.history.length}`,
    })
  }
}
