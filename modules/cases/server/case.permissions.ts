import { type Actor, type CaseSubjectPort, reaches } from '@tongchou/kernel'
import { type ExpressionBuilder, type ExpressionWrapper, type RawBuilder, type SqlBool, sql } from 'kysely'
import type { CasesTables, TaskKind } from './case.tables.ts'

/** Whom work waits for. */
export interface Holder {
  duty: string
  org_id: string | null
  /** Set where one person alone may do it (转办、委托、加签). */
  person_id: string | null
  /** Whose case it is. */
  concerns_org_id: string
}

/** The keys under which work waits for this post: its person, and its duties here or anywhere. The same text as in the table. */
export function holderKeys(actor: Pick<Actor, 'personId' | 'orgId' | 'roles'>): string[] {
  const own = [`p:${actor.personId}@${actor.orgId}`, `p:${actor.personId}@*`]
  return [...own, ...[...actor.roles].flatMap((duty) => [`${duty}@*`, `${duty}@${actor.orgId}`])]
}

/** The key of a holder, as the table generates it. */
export function holderKey({ duty, org_id, person_id }: Pick<Holder, 'duty' | 'org_id' | 'person_id'>): string {
  return person_id === null ? `${duty}@${org_id ?? '*'}` : `p:${person_id}@${org_id ?? '*'}`
}

/** Whether work lies in the area that its duty was given for (区域): by the office that handed the case in. */
export const inArea = {
  allows: (actor: Actor, task: Pick<Holder, 'duty' | 'concerns_org_id'>): boolean =>
    actor.within?.get(task.duty)?.has(task.concerns_org_id) ?? true,
  /** @param tasks how the query calls `cases.task` */
  where: (actor: Actor, tasks = 'cases.task'): RawBuilder<SqlBool> => {
    const of = (column: string) => sql.ref(`${tasks}.${column}`)
    const outside = [...(actor.within ?? [])].map(
      ([duty, orgIds]) => sql`(${of('duty')} = ${duty} and ${of('concerns_org_id')} <> all (${[...orgIds]}::text[]))`,
    )
    return outside.length === 0 ? sql<SqlBool>`true` : sql<SqlBool>`not (${sql.join(outside, sql` or `)})`
  },
}

/**
 * Whose work it is: the post's duty, in the organisation it waits for, or in any that bears the duty; one person's where they are named.
 * Who may really decide it is the engine's to say (the person, not only the role).
 */
export const holdsTask = {
  allows: (actor: Actor, task: Holder): boolean => holderKeys(actor).includes(holderKey(task)) && inArea.allows(actor, task),
  where:
    (actor: Actor) =>
    (eb: ExpressionBuilder<CasesTables, 'cases.task'>): ExpressionWrapper<CasesTables, 'cases.task', SqlBool> =>
      eb.and([eb('cases.task.holder_key', 'in', holderKeys(actor)), inArea.where(actor)]),
}

/** Who may see work that is open: whose it is, and for a step of the procedure the colleagues of whoever holds it by name. */
export const seesTask = {
  allows: (actor: Actor, task: Holder & { kind: TaskKind }): boolean =>
    holdsTask.allows(actor, task) ||
    (task.kind === 'task' && reaches(actor, [task.duty], task.concerns_org_id) && (task.org_id === null || task.org_id === actor.orgId)),
  where:
    (actor: Actor) =>
    (eb: ExpressionBuilder<CasesTables, 'cases.task'>): ExpressionWrapper<CasesTables, 'cases.task', SqlBool> => {
      const mine = holdsTask.where(actor)(eb)
      if (actor.roles.size === 0) return mine
      const office = eb.and([
        eb('cases.task.kind', '=', 'task'),
        eb('cases.task.duty', 'in', [...actor.roles]),
        inArea.where(actor),
        eb.or([eb('cases.task.org_id', 'is', null), eb('cases.task.org_id', '=', actor.orgId)]),
      ])
      return eb.or([mine, office])
    },
}

/**
 * Who sees a case, as a condition of SQL for lists, links and search: the same people whom `mayReadCase` lets in. Who began it, whom
 * work of it waits for, who watches over it (督办), to whom it was copied (抄送), who sees its subject.
 */
export function seesCase(actor: Actor, subjects: ReadonlyMap<string, CaseSubjectPort>) {
  return (eb: ExpressionBuilder<CasesTables, 'cases.case_file'>): ExpressionWrapper<CasesTables, 'cases.case_file', SqlBool> =>
    eb.or([
      eb.and([
        eb('cases.case_file.applicant_person_id', '=', actor.personId),
        eb('cases.case_file.applicant_now_org_id', '=', actor.orgId),
      ]),
      sql<SqlBool>`cases.case_file.overseers @> array[${actor.personId}]`,
      eb.exists(
        eb
          .selectFrom('cases.task')
          .select('cases.task.task_id')
          .whereRef('cases.task.case_id', '=', 'cases.case_file.id')
          .where('cases.task.closed_at', 'is', null)
          .where((task) => seesTask.where(actor)(task as never)),
      ),
      eb.exists(
        eb
          .selectFrom('cases.copy')
          .select('cases.copy.id')
          .whereRef('cases.copy.case_id', '=', 'cases.case_file.id')
          .where('cases.copy.holder_key', 'in', holderKeys(actor)),
      ),
      seesSubject(actor, subjects, 'cases.case_file'),
    ])
}

/** The subject's own permission, by its kind, for a table that names its subject. `case` keeps an id from being read as that of another kind. */
export function seesSubject(
  actor: Actor,
  subjects: ReadonlyMap<string, CaseSubjectPort>,
  table: 'cases.case_file' | 'cases.document_number',
): RawBuilder<SqlBool> {
  const id = sql<string>`${sql.ref(`${table}.subject_id`)}`
  const branches = [...subjects.values()].map(({ kind, readable }) => sql`when ${kind} then ${readable(actor, id)}`)
  return branches.length === 0
    ? sql<SqlBool>`false`
    : sql<SqlBool>`(case ${sql.ref(`${table}.subject_kind`)} ${sql.join(branches, sql` `)} else false end)`
}
