import type { Ctx } from '@tongchou/kernel'
import type { CasesPorts } from '../ports.ts'
import type { CaseView } from './case.schema.ts'
import { findCase } from './case.store.ts'
import { caseView } from './case.view.ts'
import { caseNotFound, mayReadCase } from './case-reading.ts'

/** Reads a case; after one's own act it is shown once more even when it has left one's hands for good. */
export async function readCase(ctx: Ctx, ports: CasesPorts, id: string, justActed = false): Promise<CaseView> {
  const row = await findCase(ctx, id)
  if (!row || !(justActed || (await mayReadCase(ctx, ports, row)))) throw caseNotFound()
  return caseView(ctx, ports, row)
}
