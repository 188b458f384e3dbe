import { answerFacts, changeStatus, recordProtection, registerSystem, requestConfirmation } from '@tongchou/systems'
import type { Life } from './life.ts'
import { type Act, act } from './scene.ts'

/** The builder registers the project's systems and declares their protection grade; what they are like, others answer. */
export function systemRegistered(life: Life): Act[] {
  const { project, builder } = life
  return [
    act(5, async (stage) => {
      const ctx = stage.as(builder)
      const { systems } = stage.city
      for (const { name, functions, protectionGrade } of project.systems) {
        const planned = await registerSystem(ctx, systems, {
          secrecy: false,
          projectId: life.id,
          name,
          userUnitOrgId: project.userUnitOrgId,
          functions,
          usageScope: project.reach === 'single-department' ? stage.orgName(project.userUnitOrgId) : '全市有关单位',
          usageFrequency: 'daily',
          approvingBody: '乌海市发展和改革委员会',
          approvedOn: null,
          funding: project.funding,
        })
        const { id, version } = await changeStatus(ctx, systems, planned.id, { version: planned.version, status: 'building' })
        const declared = await recordProtection(ctx, systems, id, {
          version,
          ...protection(life, protectionGrade),
          evidence: '定级报告已经专家评审。',
        })
        life.systems.push({ id, version: declared.version, grade: protectionGrade })
      }
    }),
  ]
}

/** The builder asks; the center answers for deployment, connection, sharing and security, public security for the grade (WH23-4, 16, 17). */
export function systemAnswered(life: Life, until: 'requested' | 'answered'): Act[] {
  const requested = act(4, async (stage) => {
    for (const system of life.systems) {
      const input = { version: system.version, note: '系统已部署联调，申请核实。' }
      system.version = (await requestConfirmation(stage.as(life.builder), stage.city.systems, system.id, input)).version
    }
  })
  if (until === 'requested') return [requested]
  return [
    requested,
    act(5, async (stage) => {
      for (const system of life.systems) {
        const answers = { deployment: 'gov-cloud', cityBrainConnected: true, dataShared: true, securityAssured: true } as const
        const evidence = '政务云资源台账、城市大脑接入记录和安全检查记录相符。'
        const input = {
          version: system.version,
          evidence,
          ...answers,
          ...(life.project.appStage === 'none' ? {} : { standardInterface: true }),
        }
        system.version = (await answerFacts(stage.as('bdc-engineer'), stage.city.systems, system.id, input)).version
      }
    }),
    act(6, async (stage) => {
      for (const system of life.systems) {
        const input = { version: system.version, ...protection(life, system.grade), evidence: '备案材料审核合格。' }
        system.version = (await recordProtection(stage.as('police-officer'), stage.city.systems, system.id, input)).version
      }
    }),
  ]
}

export function systemRunning(life: Life): Act[] {
  return [
    act(1, async (stage) => {
      for (const system of life.systems) {
        const input = { version: system.version, status: 'running' as const }
        system.version = (await changeStatus(stage.as(life.builder), stage.city.systems, system.id, input)).version
      }
    }),
  ]
}

function protection({ number }: Life, level: number) {
  return { level, filingNumber: `1503-DEMO-${String(number).padStart(4, '0')}`, nextEvaluationOn: null }
}
