import type { Actor, DutyId, KernelTables } from '@tongchou/kernel'
import type { ExpressionBuilder, ExpressionWrapper, SqlBool } from 'kysely'
import { type ActionTitles, platformModules } from './titles.ts'

/** Who may look into the log: the audit administrator, the audit office (审计局), and who watches the watcher. */
export const readerDuties: readonly DutyId[] = ['audit-admin', 'audit', 'security-admin']
/** Who keeps the log: verifies, sets how long, packs away. Never business. */
export const keeperDuties: readonly DutyId[] = ['audit-admin']

interface Event {
  action: string
}

/** The modules whose events a post may read; `all` for the audit administrator. */
function modulesFor(actor: Actor): 'all' | 'business' | readonly string[] {
  if (actor.roles.has('audit-admin')) return 'all'
  if (actor.roles.has('audit')) return 'business'
  // What was done with the log itself: the audit administrator is not their own judge.
  if (actor.roles.has('security-admin')) return ['audit', 'attestation']
  return []
}

/**
 * The audit administrator reads everything. The audit office reads business, not how accounts and doors are administered; an action that
 * nobody knows any more is not business. The security administrator reads what was done with the log. `allows` ≡ `where` (tested).
 */
export function readEvent(titles: ActionTitles) {
  const actionsFor = (actor: Actor): 'all' | readonly string[] => {
    const modules = modulesFor(actor)
    if (modules === 'all') return 'all'
    if (modules !== 'business') return titles.actionsOf(modules)
    return titles.actionsOf([...new Set(titles.all().map(({ module }) => module))].filter((module) => !platformModules.includes(module)))
  }
  return {
    allows: (actor: Actor, { action }: Event): boolean => {
      const actions = actionsFor(actor)
      return actions === 'all' || actions.includes(action)
    },
    where:
      (actor: Actor) =>
      (eb: ExpressionBuilder<KernelTables, 'kernel.audit_event'>): ExpressionWrapper<KernelTables, 'kernel.audit_event', SqlBool> => {
        const actions = actionsFor(actor)
        if (actions === 'all') return eb.and([eb.lit(true)])
        if (actions.length === 0) return eb.and([eb.lit(false)])
        return eb.and([eb('kernel.audit_event.action', 'in', actions)])
      },
  }
}
