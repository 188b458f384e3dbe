import { type CaseAct, type Ctx, recordAudit, requireUnblocked } from '@tongchou/kernel'
import type { Case, Effect } from '@tongchou/procedure'
import type { CasesPorts } from '../ports.ts'
import { refOf, subjectPort } from './act.settle.ts'
import { lockFollowers, setFollowedOutcome } from './case.store.ts'

/**
 * The outcome of a case that was merged is that of the leading one (并案): its subject is told the same events, once its own
 * facts let them pass. What the rules refuse for one of them is refused for all.
 */
export async function followLeading(tx: Ctx, ports: CasesPorts, leading: Case, effects: readonly Effect[], done: CaseAct): Promise<void> {
  const outcome = leading.status
  if (outcome !== 'ended' && outcome !== 'rejected' && outcome !== 'voided') return
  const followers = await lockFollowers(tx, leading.id)
  for (const follower of followers) {
    const subject = subjectPort(ports, follower.state)
    const ref = refOf(follower.state, follower.title)
    for (const effect of effects) {
      if (effect.type === 'guard') requireUnblocked(await subject.judge(tx, ref, effect.act, done))
      if (effect.type === 'subject-event') await subject.apply(tx, ref, effect.event, done)
    }
    await subject.apply(tx, ref, `case.${outcome}`, done)
    await recordAudit(
      tx,
      'case.followed',
      { kind: follower.subject_kind, id: follower.subject_id },
      { caseId: follower.id, leading: leading.id, outcome },
    )
  }
  await setFollowedOutcome(
    tx,
    followers.map((one) => one.id),
    outcome,
  )
}
