import { type Ctx, InvalidState, InvalidValue, inTransaction, NotPermitted, recordAudit } from '@tongchou/kernel'
import type { ProjectsPorts } from '../ports.ts'
import { insertProgressReport, latestPercent, replaceMilestones, setMilestoneDone } from './building.store.ts'
import { actAsBuilder } from './project.permissions.ts'
import type { Project } from './project.schema.ts'
import type { ProjectRow } from './project.tables.ts'
import { projectView } from './project.view.ts'
import { readable, subjectOf } from './proposal.service.ts'

/** Sets the milestones of a project that is being built (里程碑). Those already reached stay. */
export async function setMilestones(
  ctx: Ctx,
  ports: ProjectsPorts,
  id: string,
  milestones: { title: string; dueOn: string }[],
): Promise<Project> {
  return whileBuilding(ctx, ports, id, async (tx, project) => {
    await replaceMilestones(tx, id, milestones)
    await recordAudit(tx, 'project.milestones_set', subjectOf(project), { count: milestones.length })
  })
}

/** Records that a milestone is reached. */
export async function reachMilestone(ctx: Ctx, ports: ProjectsPorts, id: string, milestoneId: string, doneOn: string): Promise<Project> {
  return whileBuilding(ctx, ports, id, async (tx, project) => {
    const reached = await setMilestoneDone(tx, id, milestoneId, doneOn)
    if (!reached) throw new InvalidState('milestone.not_open', '里程碑不存在或已完成。')
    await recordAudit(tx, 'project.milestone_reached', subjectOf(project), { milestoneId, doneOn })
  })
}

/** Hands in a progress report (进展报告). Progress does not go back without a word: a lower figure is refused. */
export async function reportProgress(
  ctx: Ctx,
  ports: ProjectsPorts,
  id: string,
  report: { period: string; percent: number; text: string },
): Promise<Project> {
  return whileBuilding(ctx, ports, id, async (tx, project) => {
    const before = await latestPercent(tx, id)
    if (report.percent < before)
      throw new InvalidValue('progress.backwards', `上次报告的进度为 ${before}%，本次不得低于该进度；确需调整的，报送建设变更。`, [
        { path: 'percent', message: `不得低于 ${before}` },
      ])
    await insertProgressReport(tx, id, report)
    await recordAudit(tx, 'project.progress_reported', subjectOf(project), { period: report.period, percent: report.percent })
  })
}

async function whileBuilding(
  ctx: Ctx,
  ports: ProjectsPorts,
  id: string,
  work: (tx: Ctx, project: ProjectRow) => Promise<void>,
): Promise<Project> {
  return inTransaction(ctx, async (tx) => {
    const project = await readable(tx, ports, id)
    if (!actAsBuilder.allows(tx.actor, project)) throw new NotPermitted('project.not_builder', '仅建设单位可以填报建设进展。')
    if (project.stage !== 'building') throw new InvalidState('project.not_building', '项目不在建设阶段。')
    await work(tx, project)
    return projectView(tx, ports, project)
  })
}
