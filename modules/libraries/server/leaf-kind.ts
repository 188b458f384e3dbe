import { isId, type LeafKindPort } from '@tongchou/kernel'
import { batchKind } from './attest.ts'
import { installationOf } from './install.store.ts'
import { readLibrary } from './library.permissions.ts'

/** Received batches: for the center and for who answers for the data of the organisation. */
export const batchLeafKind: LeafKindPort = {
  kind: batchKind,
  title: '数据批次',
  subjectTitle: (subject) => `资源 ${subject.slice(0, subject.indexOf('/'))} 的批次 ${subject.slice(subject.indexOf('/') + 1)}`,
  async mayHaveReceipt(ctx, subject) {
    const resource = subject.slice(0, subject.indexOf('/'))
    const row = isId(resource) ? await installationOf(ctx, resource) : undefined
    return row !== undefined && readLibrary.allows(ctx.actor, { orgId: row.org_id })
  },
}
