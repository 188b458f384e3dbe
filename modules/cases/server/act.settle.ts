import { type Actor, type CaseAct, type CaseRef, type CaseSubjectPort, type Ctx, dutiesFor } from '@tongchou/kernel'
import { applicantOrgOf, type Case, type Actor as Signer } from '@tongchou/procedure'
import type { CasesPorts, Definition } from '../ports.ts'
import { insertEntries, saveCase, syncTasks } from './case.store.ts'
import { keepClocks } from './clock.service.ts'
import { tellUnattended } from './unattended.ts'

/** What a subject is told with an event that comes from no decision. */
export const emptyAct: CaseAct = { step: '', outcome: '', opinion: null, form: {}, documents: [], choices: [], dates: {} }

/** Stores the case as it stands now: its state, what was signed, the work that waits. `before` is missing for a new one. */
export async function settle(
  tx: Ctx,
  ports: CasesPorts,
  definition: Definition,
  next: Case,
  before?: Case,
  form: Readonly<Record<string, unknown>> = {},
): Promise<void> {
  if (before) {
    await saveCase(tx, next)
    await insertEntries(tx, next.id, next.history.slice(before.history.length), form)
  }
  await syncTasks(tx, definition.procedure, next, `${tx.actor.orgName} ${tx.actor.name}`)
  await keepClocks(tx, ports, definition.procedure, next, before)
  await tellUnattended(tx, ports, next, before)
}

/** The case as its subject's owner is told of it. */
export function refOf(kase: Case, title: string): CaseRef {
  return {
    caseId: kase.id,
    procedure: kase.pins.procedure,
    pack: kase.pins.pack,
    title,
    subject: kase.subject,
    applicantPersonId: kase.applicant.personId,
    applicantOrgId: applicantOrgOf(kase),
    orgs: kase.slots,
  }
}

/** The owner of what the case is about. A kind without an owner is a wiring mistake, not a user's. */
export function subjectPort(ports: CasesPorts, kase: Case): CaseSubjectPort {
  const port = ports.subjects.get(kase.subject.kind)
  if (!port) throw new Error(`no subject port for ${kase.subject.kind}`)
  return port
}

/** Who acts on a case, as the engine signs it: with the duties that reach what its office handed in. */
export function signerOn(actor: Actor, kase: Case): Signer {
  return { ...signerOf(actor), duties: dutiesFor(actor, applicantOrgOf(kase)) }
}

/** Who opens a case, as the engine signs it. */
export function signerOf(actor: Actor): Signer {
  return {
    personId: actor.personId,
    name: actor.name,
    postId: actor.postId,
    orgId: actor.orgId,
    orgName: actor.orgName,
    duties: dutiesFor(actor, actor.orgId),
    ...(actor.onBehalfOf ? { onBehalfOf: actor.onBehalfOf } : {}),
  }
}
