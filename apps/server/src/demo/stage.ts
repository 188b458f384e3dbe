import { actOnCase, openTasksOf, storeAttachment } from '@tongchou/cases'
import { type CaseAct, type CivilDay, type Ctx, PolicyRefusal, recordRefusal, type SettableClock, todayInShanghai } from '@tongchou/kernel'
import { sql } from 'kysely'
import type { City } from '../wire.ts'
import type { DemoCity } from './city.ts'
import { classOf } from './class-scene.ts'
import type { HandRunner } from './hand-runner.ts'
import type { Cast } from './institutions.ts'
import { demoPdf } from './paper.ts'
import { type Speaker, whileSignedIn } from './speaker.ts'
import type { Timeline } from './timeline.ts'

/** What a decision says besides its outcome. */
export type Said = Partial<Omit<CaseAct, 'step' | 'outcome'>>

/** Where the acts of the demo city are performed: the city's own services, under a clock that the play moves. */
export interface Stage {
  city: City
  timeline: Timeline
  runner: HandRunner
  /** The platform itself, at work for nobody. */
  system(): Ctx
  /** Signed in over HTTP, as the browser of this person is, for as long as the act lasts. */
  signedIn<T>(username: string, act: (speaker: Speaker) => Promise<T>): Promise<T>
  /** While it lasts, the city's name server knows a department's host. */
  whileNamed<T>(host: string, address: string, act: () => Promise<T>): Promise<T>
  today(): CivilDay
  /** An organisation's name, as registers write it. */
  orgName(orgId: string): string
  /** 信息资源分类 of a unit's resources. */
  classOf(orgId: string, isPublic: boolean): string
  /** An enterprise of the script, by its name and code. */
  enterprise(id: string): { name: string; uscc: string }
  /** Its unified social credit code; null for a group that is no legal person. */
  orgCode(orgId: string): string | null
  as(username: string): Ctx
  /** Decides the open task of a step that waits for this person. */
  decide(caseId: string, username: string, step: string, outcome: string, said?: Said): Promise<void>
  /** Uploads a small PDF; what comes back is handed in with an act. */
  paper(username: string, kind: string, title: string): Promise<{ kind: string; id: string }>
  /** Performs an act that the rules are known to refuse: nothing of it stays but its audit row, as over HTTP. */
  refused(username: string, operation: string, id: string, act: (ctx: Ctx) => Promise<unknown>): Promise<void>
}

/** @param current the context of the transaction that is open, or of none */
export function openStage(
  current: () => Ctx,
  clock: SettableClock,
  parts: { city: City; timeline: Timeline; cast: Cast; script: DemoCity; runner: HandRunner; names: Map<string, string> },
): Stage {
  const { city, timeline, cast, runner, names } = parts
  const organisations = new Map(parts.script.organisations.map((organisation) => [organisation.id, organisation]))
  const as = (username: string): Ctx => ({ ...current(), actor: cast(username), now: clock.now })
  return {
    city,
    timeline,
    runner,
    system: () => ({ ...current(), now: clock.now }),
    signedIn: (username, act) => whileSignedIn(city.app, username, act),
    whileNamed: async (host, address, act) => {
      names.set(host, address)
      return act().finally(() => names.delete(host))
    },
    today: () => todayInShanghai(clock.now()),
    orgName: (orgId) => organisations.get(orgId)?.name ?? orgId,
    enterprise: (id) => {
      const found = parts.script.enterprises.find((one) => one.id === id)
      if (!found) throw new RangeError(`演示企业中没有${id}`)
      return found
    },
    classOf: (orgId, isPublic) => classOf(parts.script, orgId, isPublic),
    orgCode: (orgId) => organisations.get(orgId)?.uscc ?? null,
    as,
    decide: async (caseId, username, step, outcome, said = {}) => {
      const ctx = as(username)
      await actOnCase(ctx, city.cases, caseId, {
        taskId: await taskOf(ctx, caseId, step),
        outcome,
        opinion: null,
        form: {},
        documents: [],
        choices: [],
        dates: {},
        ...said,
      })
    },
    paper: async (username, kind, title) => {
      const { id } = await storeAttachment(as(username), `${title}（演示文件）.pdf`, demoPdf(title))
      return { kind, id }
    },
    refused: async (username, operation, id, act) => {
      const ctx = as(username)
      const refusal = await refusalOf(ctx, act)
      await recordRefusal(
        ctx,
        operation,
        { kind: 'request', id },
        { code: refusal.code, rules: refusal.findings.map((f) => `${f.article}/${f.rule}`) },
      )
    },
  }
}

async function taskOf(ctx: Ctx, caseId: string, step: string): Promise<string> {
  const { roles, orgId } = ctx.actor
  const open = (await openTasksOf(ctx, [caseId])).filter((task) => task.step === step)
  const task = open.find(({ duty, org_id }) => roles.has(duty) && (org_id === null || org_id === orgId))
  if (!task) throw new Error(`${ctx.actor.orgName} ${ctx.actor.name} has no task at ${step} of ${caseId}`)
  return task.task_id
}

async function refusalOf(ctx: Ctx, act: (ctx: Ctx) => Promise<unknown>): Promise<PolicyRefusal> {
  await sql`savepoint attempt`.execute(ctx.db)
  try {
    await act(ctx)
  } catch (thrown) {
    if (!(thrown instanceof PolicyRefusal)) throw thrown
    await sql`rollback to savepoint attempt`.execute(ctx.db)
    return thrown
  }
  throw new Error('the rules were expected to refuse this act of the demo city')
}
