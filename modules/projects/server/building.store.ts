import type { Ctx } from '@tongchou/kernel'
import { projectsDb } from './project.tables.ts'

export async function replaceMilestones(ctx: Ctx, projectId: string, milestones: { title: string; dueOn: string }[]): Promise<void> {
  const db = projectsDb(ctx)
  await db.deleteFrom('projects.milestone').where('project_id', '=', projectId).where('done_on', 'is', null).execute()
  if (milestones.length === 0) return
  await db
    .insertInto('projects.milestone')
    .values(milestones.map((m) => ({ project_id: projectId, title: m.title, due_on: m.dueOn, done_on: null })))
    .execute()
}

/** False when there is no such milestone or it was reached before. */
export async function setMilestoneDone(ctx: Ctx, projectId: string, id: string, doneOn: string): Promise<boolean> {
  const row = await projectsDb(ctx)
    .updateTable('projects.milestone')
    .set({ done_on: doneOn })
    .where('project_id', '=', projectId)
    .where('id', '=', id)
    .where('done_on', 'is', null)
    .returning('id')
    .executeTakeFirst()
  return row !== undefined
}

/** The progress last reported, 0 before the first report. */
export async function latestPercent(ctx: Ctx, projectId: string): Promise<number> {
  const row = await projectsDb(ctx)
    .selectFrom('projects.progress_report')
    .select((eb) => eb.fn.max('percent').as('percent'))
    .where('project_id', '=', projectId)
    .executeTakeFirst()
  return row?.percent ?? 0
}

export async function insertProgressReport(
  ctx: Ctx,
  projectId: string,
  report: { period: string; percent: number; text: string },
): Promise<void> {
  await projectsDb(ctx)
    .insertInto('projects.progress_report')
    .values({
      project_id: projectId,
      period: report.period,
      percent: report.percent,
      text: report.text,
      reported_by: `${ctx.actor.orgName} ${ctx.actor.name}`,
      reported_at: ctx.now(),
    })
    .execute()
}
