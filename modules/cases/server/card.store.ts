import { randomUUID } from 'node:crypto'
import type { Ctx, SuperiorView } from '@tongchou/kernel'
import type { Task } from '@tongchou/procedure'
import { casesDb } from './case.tables.ts'
import type { DeadlineRow } from './clock.store.ts'

/** A card as it is issued. */
export interface NewCard {
  deadline: DeadlineRow
  task: Task & { holder?: { personId: string } | null }
  colour: 'yellow' | 'red'
  stepTitle: string
  orgId: string | null
  explainBy: Date | null
}

export async function insertCard(ctx: Ctx, { deadline, task, colour, stepTitle, orgId, explainBy }: NewCard): Promise<void> {
  await casesDb(ctx)
    .insertInto('cases.card')
    .values({
      id: randomUUID(),
      deadline_id: deadline.id,
      case_id: deadline.case_id,
      task_id: task.id,
      colour,
      step_title: stepTitle,
      duty: task.duty,
      org_id: orgId,
      holder_person_id: task.holder?.personId ?? null,
      due_at: deadline.due_at,
      issued_at: ctx.now(),
      explain_by: explainBy,
      escalated_at: null,
      escalated_to_person_id: null,
      escalated_to_name: null,
    })
    .execute()
}

/** The red card of a task for one end of its limit, and whether a reason was given that has not been rejected. */
export async function redCardOf(ctx: Ctx, caseId: string, taskId: string, dueAt: Date) {
  return casesDb(ctx)
    .selectFrom('cases.card')
    .select((eb) => [
      'id',
      eb
        .exists(
          eb
            .selectFrom('cases.explanation')
            .select('cases.explanation.id')
            .whereRef('cases.explanation.card_id', '=', 'cases.card.id')
            .where('verdict', 'is distinct from', 'rejected'),
        )
        .as('explained'),
    ])
    .where('case_id', '=', caseId)
    .where('task_id', '=', taskId)
    .where('colour', '=', 'red')
    .where('due_at', '=', dueAt)
    .executeTakeFirst()
}

export async function markEscalated(
  ctx: Ctx,
  caseId: string,
  taskId: string,
  dueAt: Date,
  superior: SuperiorView | undefined,
): Promise<void> {
  await casesDb(ctx)
    .updateTable('cases.card')
    .set({
      escalated_at: ctx.now(),
      escalated_to_person_id: superior?.personId ?? null,
      escalated_to_name: superior ? `${superior.orgName} ${superior.postTitle} ${superior.name}` : null,
    })
    .where('case_id', '=', caseId)
    .where('task_id', '=', taskId)
    .where('colour', '=', 'red')
    .where('due_at', '=', dueAt)
    .execute()
}
