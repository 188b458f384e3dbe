import { actorOfRelation, grantRelation, hashPassword } from '@tongchou/identity'
import type { Ctx } from '@tongchou/kernel'
import { decideSupplierReport, registerEnterprise, submitReport } from '@tongchou/projects'
import { sql } from 'kysely'
import type { DemoCity } from './city.ts'
import { DEMO_PASSWORD, type DemoAgent } from './people.ts'
import type { Scene } from './scene.ts'
import type { Stage } from './stage.ts'
import type { Timeline } from './timeline.ts'

/** What an agent hands in on one of the contracts, in order of their numbers, and what the building unit says to it. */
const handed: { nth: number; text: string; daysBefore: number; answer?: { outcome: 'accept' | 'return'; reason: string } }[] = [
  {
    ...{ nth: 0, text: '已完成本阶段开发和联调，测试记录随附，请审核。', daysBefore: 9 },
    answer: { outcome: 'accept', reason: '经核对与实施情况一致。' },
  },
  {
    ...{ nth: 1, text: '设备到货安装完毕，正在进行线路接入。', daysBefore: 7 },
    answer: { outcome: 'return', reason: '到货清单与合同附件不一致，请核对后重新报送。' },
  },
  { nth: 2, text: '试运行两周，问题清单已逐项处理。', daysBefore: 3 },
]

/**
 * People outside the offices (外部经办人): the center registers the enterprises and grants the relations, the agents hand in what they did, and
 * the building units accept or return it (WH23-13, 18).
 */
export function agentScenes({ agents }: DemoCity, { end }: Timeline): Scene[] {
  const contexts = new Map<string, (stage: Stage) => Ctx>()
  return agents.flatMap((agent, index) => [
    { at: 0.2 + index * 0.01, play: (stage: Stage) => granted(stage, agent, contexts) },
    ...handed.flatMap(({ nth, text, daysBefore, answer }) => {
      const begun = { reportId: '', builder: '' }
      return [
        {
          at: end - daysBefore + index * 0.1,
          play: async (stage: Stage) => {
            const ctx = contexts.get(agent.username)?.(stage)
            const contract = await contractOf(stage, agent, nth)
            if (!ctx || !contract) return
            begun.builder = `${contract.builder_org_id}-clerk`
            begun.reportId = (await submitReport(ctx, stage.city.projects, contract.id, { text })).id
          },
        },
        {
          at: end - daysBefore + 1.5 + index * 0.1,
          play: async (stage: Stage) => {
            if (begun.reportId === '' || !answer) return
            await decideSupplierReport(stage.as(begun.builder), stage.city.projects, begun.reportId, answer)
          },
        },
      ]
    }),
  ])
}

async function granted(stage: Stage, agent: DemoAgent, contexts: Map<string, (stage: Stage) => Ctx>): Promise<void> {
  const center = stage.as('bdc-reviewer')
  const enterprise = await registerEnterprise(center, stage.enterprise(agent.enterpriseId))
  const publishedHash = await hashPassword(DEMO_PASSWORD)
  const { id } = await grantRelation(center, stage.city.relations, {
    ...{ kind: 'contractor-agent', subjectId: enterprise.id, name: agent.name, username: agent.username, publishedHash },
  })
  const actor = await actorOfRelation(center, id)
  if (!actor) throw new Error(`${agent.username} has no relation`)
  contexts.set(agent.username, (now) => ({ ...now.as('bdc-reviewer'), actor }))
}

/** A contract of the agent's enterprise on a project that is being built. */
async function contractOf(stage: Stage, agent: DemoAgent, nth: number) {
  const { rows } = await sql<{ id: string; builder_org_id: string }>`
    select c.id, p.builder_org_id from projects.contract c
    join projects.enterprise e on e.id = c.enterprise_id join projects.project p on p.id = c.project_id
    where e.uscc = ${stage.enterprise(agent.enterpriseId).uscc} and p.stage = 'building'
    order by c.number offset ${nth} limit 1`.execute(stage.as('bdc-reviewer').db)
  return rows[0]
}
