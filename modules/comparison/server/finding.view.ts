import { type Ctx, inTransaction, notFound, recordAudit, toPage } from '@tongchou/kernel'
import type { PackComparison, PackRef } from '@tongchou/resource-packs'
import { readFinding } from './comparison.permissions.ts'
import type { FindingRow, Ground } from './comparison.tables.ts'
import { definitionOf, groundTitle } from './definitions.ts'
import { findingSubjects } from './finding.kinds.ts'
import type { Finding, FindingLine, FindingQuery, FindingRecords } from './finding.schema.ts'
import { findFinding, listFindings } from './finding.store.ts'
import type { ComparisonPorts } from './ports.ts'

/** What speaks against it, in words: the ground, what it rests on, the number or amount that was reached. */
export function groundsOf(
  comparison: PackComparison | undefined,
  { kind, rule, evidence }: Pick<FindingRow, 'kind' | 'rule' | 'evidence'>,
) {
  if (kind === 'error')
    return [
      {
        id: rule,
        title: groundTitle(comparison, rule),
        basis: { text: comparison?.basis.text ?? '', verified: comparison?.basis.verified ?? false },
        measured: null,
      },
    ]
  return evidence.grounds.map((ground) => {
    const reason = comparison?.reasons.find((one) => one.id === ground.reason)
    return {
      ...{ id: ground.reason, title: groundTitle(comparison, ground.reason), basis: reason?.basis ?? { text: '', verified: false } },
      measured: reason ? measured(reason.test.kind, ground) : null,
    }
  })
}

function measured(kind: 'any' | 'distinct' | 'sum', { value, limit }: Ground): string {
  if (kind === 'any') return `${value} 笔`
  if (kind === 'distinct') return `${value} 个，达到 ${limit} 个`
  return `合计 ${yuan(value)} 元，限额 ${yuan(limit ?? '0')} 元`
}

/** 分 as 元, exactly: an amount may be larger than a number. */
function yuan(fen: string): string {
  const digits = fen.padStart(3, '0')
  return `${digits.slice(0, -2)}.${digits.slice(-2)}`
}

export async function findingPage(ctx: Ctx, ports: ComparisonPorts, query: FindingQuery) {
  const limit = query.limit ?? 50
  const rows = await listFindings(ctx, query, limit)
  const orgs = await ports.organisations.organisations(ctx, [...new Set(rows.map((row) => row.org_id))])
  return toPage(
    rows,
    limit,
    (row) => [row.number],
    (row) => toLine(ports, row, orgs.get(row.org_id)?.name ?? row.org_id),
  )
}

function toLine({ packs }: ComparisonPorts, row: FindingRow, orgName: string): FindingLine {
  const comparison = definitionOf(packs, row.comparison)?.comparison
  return {
    id: row.id,
    number: Number(row.number),
    comparison: { id: row.comparison, title: row.comparison_title },
    kind: row.kind,
    key: row.kind === 'group' ? row.record_key : null,
    grounds: groundsOf(comparison, row).map(({ id, title }) => ({ id, title })),
    org: { id: row.org_id, name: orgName },
    state: row.state,
    isAgain: row.is_again,
    outcome: row.outcome,
    foundAt: row.found_at.toISOString(),
    dueOn: row.due_on,
  }
}

/** The finding as this actor may read it; 404 for whoever may not. */
async function readableFinding(ctx: Ctx, id: string): Promise<FindingRow> {
  const row = await findFinding(ctx, id)
  if (!row || !readFinding.allows(ctx.actor, row)) throw notFound('比对结果')
  return row
}

/** The page of one finding (一项结果). */
export async function viewFinding(ctx: Ctx, ports: ComparisonPorts, id: string): Promise<Finding> {
  const row = await readableFinding(ctx, id)
  const comparison = definitionOf(ports.packs, row.comparison)?.comparison
  const org = await ports.organisations.organisation(ctx, row.org_id)
  const cases = await ports.cases.casesOf(ctx, findingSubjects[row.kind], id)
  return {
    ...toLine(ports, row, org?.name ?? row.org_id),
    details: groundsOf(comparison, row),
    proposal: comparison?.errors.find((one) => one.id === row.rule)?.proposal ?? null,
    outcomeReason: row.outcome_reason,
    handledBy: row.handled_by,
    handledAt: row.handled_at?.toISOString() ?? null,
    runs: { firstId: row.first_run, lastId: row.last_run, goneId: row.gone_run },
    cases: cases.map(({ caseId, title, status, holders }) => ({
      ...{ caseId, title, status },
      holders: holders.map((holder) => ({ title: holder.title, orgName: holder.orgName })),
    })),
    version: row.version,
  }
}

/** So many records of one side are shown; who needs more asks the register. */
const mostRecords = 20

/**
 * The records on both sides (双方记录): of the own register and of the others the items that the definition names for this task, masked as the catalog says.
 * Written down as a look of each person they are about.
 */
export async function findingRecords(ctx: Ctx, ports: ComparisonPorts, id: string): Promise<FindingRecords> {
  return inTransaction(ctx, async (tx) => {
    const row = await readableFinding(tx, id)
    const comparison = definitionOf(ports.packs, row.comparison)?.comparison
    await recordAudit(tx, 'comparison.records_read', { kind: findingSubjects[row.kind], id }, { number: Number(row.number) })
    if (!comparison) return { left: [], right: [] }
    const why = `${row.comparison_title}第 ${row.number} 号结果`
    const ask = async (
      ref: PackRef,
      resource: string,
      keys: readonly string[],
      items: readonly string[],
      marked: readonly string[],
      whole: readonly string[] = [],
    ) => {
      const { title, structure, records } = await ports.libraries.records(tx, {
        resource,
        keys: keys.slice(0, mostRecords),
        items,
        whole,
        why,
      })
      const say = wordsOf(ports.packs, ref)
      const inWords = (values: Record<string, string | null>) =>
        Object.fromEntries(Object.entries(values).map(([item, value]) => [item, say(item, value)]))
      return { title, structure, marked: [...marked], records: records.map(({ values }) => ({ values: inWords(values) })) }
    }
    if (row.kind === 'error') {
      const error = comparison.errors.find((one) => one.id === row.rule)
      const { other } = row.evidence
      if (!error || !other) return { left: [], right: [] }
      const against = error.test.kind === 'any' ? [] : [error.test.other]
      // Who answers for the doubted value cannot judge it without the other's; nobody else sees it whole.
      const whole = tx.actor.orgId === row.org_id ? against : []
      return {
        left: [await ask(error.of, row.resource, [row.record_key], error.shows, [error.test.item])],
        right: [{ ...(await ask(error.with, other.resource, [other.key], error.othersShow, against, whole)), ground: error.title }],
      }
    }
    const { people, grounds } = row.evidence
    const members = [...new Set(grounds.flatMap((one) => one.people))]
    const left = [await ask(comparison.group.of, row.resource, [row.record_key], comparison.group.shows, [])]
    if (people !== null) left.push(await ask(comparison.people.of, people, members, comparison.people.shows, []))
    const right: FindingRecords['right'] = []
    for (const ground of grounds) {
      const reason = comparison.reasons.find((one) => one.id === ground.reason)
      const [first] = ground.records
      if (!reason || !first) continue
      const keys = ground.records.map(({ key }) => key)
      const marked = reason.test.kind === 'any' ? [] : [reason.test.item]
      right.push({ ...(await ask(reason.with, first.resource, keys, reason.shows, marked)), ground: reason.title })
    }
    return { left, right }
  })
}

/** A value as people read it: a code by its word, an amount in 元; what is masked stays masked. */
function wordsOf(packs: ComparisonPorts['packs'], ref: PackRef): (item: string, value: string | null) => string | null {
  const resource = packs.find(({ manifest }) => manifest.pack === ref.pack)?.resources.find(({ name }) => name === ref.resource)
  return (id, value) => {
    const item = resource?.items.find((one) => one.id === id)
    if (value === null || !item) return value
    if (item.type.kind === 'flag') return { true: '是', false: '否' }[value] ?? value
    if (item.type.kind === 'money') return `${value.replace(/\d+/g, yuan)} 元`
    return item.table?.codes[value] ?? value
  }
}
