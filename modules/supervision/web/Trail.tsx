import { AuditTrail, type AuditTrailProps, QueryView, useApi } from '@tongchou/ui'
import { actionName } from './supervision-api.ts'

/** 办理记录 of a problem or a record. */
export function Trail({ path }: { path: string }) {
  const query = useApi<{ items: (Omit<AuditTrailProps['lines'][number], 'seq'> & { seq: number })[] }>(path)
  return (
    <QueryView query={query} what="办理记录">
      {(page) => <AuditTrail lines={page.items.map((line) => ({ ...line, seq: String(line.seq) }))} actionName={actionName} />}
    </QueryView>
  )
}
