import type { Ctx, MovedThing, Reorganisation, ReorganisedPort, Thing } from '@tongchou/kernel'
import { applicantOrgOf, reassign } from '@tongchou/procedure'
import type { CasesPorts } from '../ports.ts'
import {
  casesNaming,
  countSigned,
  endedCasesOf,
  type HandedCase,
  moveCards,
  moveCopies,
  moveEndedCases,
  moveTasks,
  saveReassigned,
} from './reorganised.store.ts'

/**
 * Running cases go to whoever takes over: what waits for an office waits for its successor, in the same step and by the same limit.
 * Everything that was signed keeps the name it was signed under; a case that is over is read by the successor and otherwise stays as it is.
 */
export function casesReorganised(ports: CasesPorts): ReorganisedPort {
  return {
    async onReorganised(ctx, reorganisation) {
      const moved: MovedThing[] = []
      for (const row of await casesNaming(ctx, reorganisation.from)) moved.push(...(await hand(ctx, ports, reorganisation, row)))
      const ended = await endedCasesOf(ctx, reorganisation.from)
      for (const row of ended) {
        const things = await thingsOf(ctx, ports, row)
        await moveEndedCases(ctx, row.id, reorganisation.successorOf(row.applicant_now_org_id, ...things))
      }
      for (const from of reorganisation.from) await moveCopies(ctx, from, reorganisation.successorOf(from))
      const stays = [
        { what: '已办结的办件', count: ended.length },
        { what: '已签署的意见', count: await countSigned(ctx, reorganisation.from) },
      ]
      return { moved, stays }
    },
  }
}

async function hand(ctx: Ctx, ports: CasesPorts, to: Reorganisation, row: HandedCase): Promise<MovedThing[]> {
  const things = await thingsOf(ctx, ports, row)
  const moves: MovedThing[] = []
  let kase = row.state
  for (const from of to.from) {
    const next = to.successorOf(from, ...things)
    const after = reassign(kase, from, next)
    if (from === next || JSON.stringify(after) === JSON.stringify(kase)) continue
    const waits = kase.tasks.some((task) => task.orgId === from)
    const role = waits ? '待办' : applicantOrgOf(kase) === from ? '申请单位' : '参与单位'
    moves.push({ kind: 'case', id: row.id, title: row.title, role, from, to: next })
    kase = after
  }
  if (moves.length === 0) return []
  await saveReassigned(ctx, kase)
  for (const { from, to: next } of moves) {
    await moveTasks(ctx, row.id, from, next)
    await moveCards(ctx, row.id, from, next)
  }
  return moves
}

/** The case itself, what it is about, and what that is part of. */
async function thingsOf(ctx: Ctx, ports: CasesPorts, row: Pick<HandedCase, 'id' | 'subject_kind' | 'subject_id'>): Promise<Thing[]> {
  const subject = { kind: row.subject_kind, id: row.subject_id }
  const whole = await ports.subjects.get(subject.kind)?.partOf?.(ctx, subject.id)
  return [{ kind: 'case', id: row.id }, subject, ...(whole ? [whole] : [])]
}
