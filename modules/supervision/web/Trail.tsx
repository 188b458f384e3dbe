import { AuditTrail, QueryView, useApi } from '@tongchou/ui'
import { actionName, type TrailItem, trailOf } from './supervision-api.ts'

/** 办理记录 of a problem or a record. */
export function Trail({ path }: { path: string }) {
  const query = useApi<{ items: TrailItem[] }>(path)
  return (
    <QueryView query={query} what="办理记录">
      {(page) => <AuditTrail lines={trailOf(page.items)} actionName={actionName} />}
    </QueryView>
  )
}
