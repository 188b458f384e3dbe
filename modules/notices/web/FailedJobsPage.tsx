import { apiPost, type ListPage } from '@tongchou/api-client'
import { ActError, Empty, Moment, Page, QueryView, Sideways, useAct, useApi } from '@tongchou/ui'
import { Button } from 'antd'

interface FailedJob {
  id: string
  kind: string
  payload: string
  error: string
  attemptCount: number
  queuedAt: string
  failedAt: string
}

/** 后台任务: what was tried to the end and failed; set going again once its cause is cured. */
export function FailedJobsPage() {
  const query = useApi<ListPage<FailedJob>>('/api/v1/jobs/failed')
  const retry = useAct((id: string, key) => apiPost(`/api/v1/jobs/failed/${id}/retry`, {}, { idempotencyKey: key }))
  return (
    <Page title="后台任务" lead="到期提醒、导出、外发消息等任务多次重试仍未成功的，列在这里。排除原因后可重新执行。">
      <ActError act="重新执行" error={retry.error} />
      <QueryView
        query={query}
        what="失败的后台任务"
        isEmpty={(page) => page.items.length === 0}
        empty={<Empty what="没有失败的后台任务" hint="任务出错时先自动重试；多次不成功的才列在这里。" />}
      >
        {(page) => (
          <Sideways label="失败的后台任务">
            <table className="tc-table" aria-label="失败的后台任务">
              <thead>
                <tr>
                  <th scope="col">任务</th>
                  <th scope="col">内容</th>
                  <th scope="col">出错原因</th>
                  <th scope="col">次数</th>
                  <th scope="col">最后失败</th>
                  <th scope="col">操作</th>
                </tr>
              </thead>
              <tbody>
                {page.items.map((job) => (
                  <tr key={job.id}>
                    <td>{job.kind}</td>
                    <td>{job.payload}</td>
                    <td>{job.error}</td>
                    <td>{job.attemptCount}</td>
                    <td>
                      <Moment at={job.failedAt} />
                    </td>
                    <td>
                      <Button size="small" onClick={() => retry.mutate(job.id)} loading={retry.isPending && retry.variables === job.id}>
                        重新执行
                      </Button>
                    </td>
                  </tr>
                ))}
              </tbody>
            </table>
          </Sideways>
        )}
      </QueryView>
    </Page>
  )
}
