import { hash } from 'node:crypto'
import { databaseOn, insertAudit, recordLeaf, systemActor } from '@tongchou/kernel'
import type pg from 'pg'
import type { Receipt } from './library.schema.ts'
import type { IncomingBatch } from './receive.service.ts'
import { givenReceipts } from './record.store.ts'

/** The kind of a received batch in the evidence log (存证). */
export const batchKind = 'library-batch'

/** How a batch is named in the audit log and in the evidence: its resource and its sender's id. */
export const batchSubject = ({ resource, batchId }: Pick<Receipt, 'resource' | 'batchId'>) => `${resource}/${batchId}`

/** The one text of a receipt that its leaf attests: every field, in the order of their names. Any language can make it again. */
export function receiptText(receipt: Receipt): string {
  return JSON.stringify(Object.fromEntries(Object.entries(receipt).sort(([a], [b]) => (a < b ? -1 : 1))))
}

/** Writes the audit row and the leaf of a batch on the connection and in the transaction that writes its records: all or none of them commit. */
export function attest(client: pg.ClientBase, { receivedBy, receivedAt }: IncomingBatch, receipt: Receipt): Promise<void>[] {
  const db = databaseOn(client)
  const { resource, batchId, digest, rows, inserted, updated, deleted, unchanged, bad, seqFrom, seqTo } = receipt
  const subject = { kind: batchKind, id: batchSubject(receipt) }
  const detail = { resource, batchId, receivedBy, digest, rows, inserted, updated, deleted, unchanged, bad, seqFrom, seqTo }
  const requestId = `batch:${batchId}`.slice(0, 200)
  return [
    insertAudit({ db }, [
      { actor: systemActor, at: receivedAt, requestId, action: 'library.batch_received', outcome: 'done', subject, detail },
    ]),
    recordLeaf({ db, now: () => receivedAt }, { ...leafOf(receipt), kind: batchKind }),
  ]
}

/**
 * Writes the leaf of every receipt that there is, in the order in which they were given: for a made city whose rows were put in without them, because a receipt
 * whose days were moved says another moment than the one it was attested with. Only before any leaf has its place.
 */
export async function receiptsAttested(client: pg.ClientBase): Promise<void> {
  const db = databaseOn(client)
  for (const receipt of await givenReceipts(client))
    await recordLeaf({ db, now: () => new Date(receipt.receivedAt) }, { ...leafOf(receipt), kind: batchKind })
}

const leafOf = (receipt: Receipt) => ({ subject: batchSubject(receipt), digest: hash('sm3', receiptText(receipt), 'hex') })
