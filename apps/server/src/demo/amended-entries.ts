import { editChange, openChange, openWithdrawal, submitAmendment } from '@tongchou/catalog'
import { sql } from 'kysely'
import type { Scene } from './scene.ts'
import type { Stage } from './stage.ts'
import type { Timeline } from './timeline.ts'

type Amendment = Awaited<ReturnType<typeof openChange>>
type Content = NonNullable<Amendment['content']>

/** The steps of a change and of a withdrawal, in their order: who decides, how, with what words. */
const changeSteps = [
  ['leader', 'sign-off', 'sign', '变更内容属实，同意报审。'],
  ['secrecy', 'secrecy-review', 'pass', '变更内容不涉及国家秘密，审查通过。'],
  ['bdc-catalog', 'review', 'approve', '变更理由充分，审核通过。'],
  ['bdc-engineer', 'publish', 'publish', '已发布。'],
] as const
const withdrawalSteps = [
  ['leader', 'sign-off', 'sign', '情况属实，同意报审。'],
  ['bdc-catalog', 'review', 'withdraw', '系统已停用，数据已归档，同意撤销。'],
] as const

/** What happens to published entries (目录变更、撤销): some are over, some wait at a step. Only of accepted projects: no gate waits for them. */
export function amendedEntries({ end }: Timeline): Scene[] {
  return [
    ...amended(end - 40, 0, changed('口径按新的统计制度调整。', restated), changeSteps),
    ...amended(end - 36, 'personal', changed('涉及个人隐私，经研究不再向其他部门提供。', closed), changeSteps),
    ...amended(end - 32, 'personal', changed('部分信息项涉及个人隐私，不再提供。', partlyClosed), changeSteps),
    ...amended(end - 24, 9, withdrawn('system-retired', '原系统已停用，数据已移交档案部门。'), withdrawalSteps),
    ...amended(end - 8, 12, changed('更新周期与业务实际一致。', restated), changeSteps.slice(0, 2)),
    ...amended(end - 6, 15, withdrawn('function-moved', '职能已划转，数据由承接部门另行编制目录。'), withdrawalSteps.slice(0, 0)),
    ...amended(end - 3, 'drafted', drafted, []),
  ]
}

/** The nth of those whose project is accepted, one with personal data, or one of 民政局. */
type Which = number | 'personal' | 'drafted'

/** One entry: begun at `from`, then a step every other day. */
function amended(
  from: number,
  which: Which,
  begin: (stage: Stage, entry: Entry) => Promise<string>,
  steps: readonly (readonly [string, string, string, string])[],
): Scene[] {
  let caseId = ''
  let unit = ''
  const first: Scene = {
    at: from,
    play: async (stage) => {
      const [entry] = await entriesAt(stage, which)
      if (!entry) return
      unit = entry.org_id
      caseId = await begin(stage, entry)
    },
  }
  const then = steps.map(
    ([who, step, outcome, opinion], index): Scene => ({
      at: from + 1 + index,
      play: async (stage) => {
        const username = who === 'leader' || who === 'secrecy' ? `${unit}-${who}` : who
        if (caseId !== '') await stage.decide(caseId, username, step, outcome, { opinion })
      },
    }),
  )
  return [first, ...then]
}

interface Entry {
  id: string
  org_id: string
}

async function entriesAt(stage: Stage, which: Which): Promise<Entry[]> {
  const found = await sql<Entry>`
    select r.id, r.org_id from catalog.resource r join projects.project p on p.id = r.project_id::uuid
    where r.state = 'registered' and p.stage in ('accepted', 'in-operation', 'evaluated')
      and (${which !== 'personal'} or (r.contains_personal and r.org_id <> 'big-data-center')) and (${which !== 'drafted'} or r.org_id = 'civil-affairs')
      and not exists (select from catalog.amendment a where a.resource_id = r.id)
    order by r.name, r.id offset ${typeof which === 'number' ? which : 0} limit 1`.execute(stage.as('bdc-catalog').db)
  return found.rows
}

function changed(reason: string, over: (content: Content) => Partial<Content>) {
  return async (stage: Stage, { id, org_id }: Entry): Promise<string> => {
    const steward = stage.as(`${org_id}-data`)
    const begun = await openChange(steward, stage.city.catalog, id, { secrecy: false, reason })
    if (begun.content === null) throw new Error(`the change ${begun.id} has no content`)
    const content = { ...begun.content, ...over(begun.content) }
    const edited = await editChange(steward, stage.city.catalog, begun.id, { secrecy: false, version: begun.version, reason, ...content })
    return caseOf(await submitAmendment(steward, stage.city.catalog, begun.id, edited.version))
  }
}

/** A change that its unit is still writing. */
async function drafted(stage: Stage, { id }: Entry): Promise<string> {
  await openChange(stage.as('civil-affairs-data'), stage.city.catalog, id, { secrecy: false, reason: '拟增加信息项。' })
  return ''
}

function withdrawn(ground: 'system-retired' | 'function-moved', reason: string) {
  return async (stage: Stage, { id, org_id }: Entry): Promise<string> => {
    const steward = stage.as(`${org_id}-data`)
    const begun = await openWithdrawal(steward, stage.city.catalog, id, { ground, reason, mergedIntoId: null })
    return caseOf(await submitAmendment(steward, stage.city.catalog, begun.id, begun.version))
  }
}

function caseOf({ cases }: Amendment): string {
  return cases.at(-1)?.caseId ?? ''
}

function restated({ abstract, items }: Content): Partial<Content> {
  const [first, ...others] = items
  return {
    abstract: `${abstract}统计口径自本年度起调整。`,
    updateCycle: 'daily',
    items: first ? [{ ...first, valueRange: '按新的统计制度填报' }, ...others] : [],
  }
}

/** 不予共享, with its basis in law: what other offices do not get, the public does not get either. */
function closed(): Partial<Content> {
  return {
    ...{ sharing: 'none', sharingCondition: null, basisLaw: 'personal-information-protection-law', basisClause: '第二十五条' },
    ...{ opening: 'none', openingCondition: null, openLevel: null },
  }
}

/** 部分信息项不予共享: the last item alone. */
function partlyClosed({ items }: Content): Partial<Content> {
  const basis = { basisLaw: 'personal-information-protection-law', basisClause: '第二十八条', sharingReason: '涉及敏感个人信息。' }
  return {
    opening: 'none',
    openingCondition: null,
    openLevel: null,
    items: items.map((item, index) =>
      index === items.length - 1 ? { ...item, sharing: 'none' as const, opening: 'none' as const, sharingCondition: null, ...basis } : item,
    ),
  }
}
