import { createServer } from 'node:http'
import type { AgentStatus, ChannelStatus, ReceiveStatus } from './agent.ts'
import { AgentProblem } from './problem.ts'
import { inWords } from './reconcile.ts'

/** The status page (状态页), on this machine alone: `/` for people, `/status` as JSON. Gives the way to close it. */
export async function openStatusPage(
  { host, port }: { host: string; port: number },
  status: () => AgentStatus,
): Promise<() => Promise<void>> {
  const server = createServer((request, response) => {
    if (request.method !== 'GET' || (request.url !== '/' && request.url !== '/status')) {
      response.writeHead(404).end()
      return
    }
    const isJson = request.url === '/status'
    response.writeHead(200, {
      'content-type': isJson ? 'application/json; charset=utf-8' : 'text/html; charset=utf-8',
      'cache-control': 'no-store',
    })
    response.end(isJson ? JSON.stringify(status()) : pageOf(status()))
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', (cause) =>
      reject(new AgentProblem('status.port', `状态页不能使用 ${host}:${port}。`, '请换一个端口，或删除配置中的 status。', { cause })),
    )
    server.listen(port, host, resolve)
  })
  return () =>
    new Promise((resolve) => {
      server.close(() => resolve())
      server.closeAllConnections()
    })
}

/** Everything that an agent does, a paragraph each. */
export const statusTexts = ({ channels, receives }: AgentStatus): string[] => [...channels.map(statusText), ...receives.map(receiveText)]

/** Each channel in a line of the terminal or of the page. */
function statusText({ channel, lane, waiting, last, scannedAt, reconciled, troubles }: ChannelStatus): string {
  const lines = [
    `通道 ${channel}（${lane}）：待发 ${waiting.batches} 批，${Math.ceil(waiting.bytes / 1024)} KiB`,
    last ? `  最近回执：第 ${last.number} 批，${last.rows} 条，其中问题数据 ${last.bad} 条，${last.at}` : '  尚无回执',
    scannedAt ? `  最近全量读取：${scannedAt}` : '  尚未全量读取',
    reconciled ? `  ${inWords(reconciled)}（${reconciled.at}）` : '  尚未对账',
    ...troubles.map(({ message, cure, since }) => `  ${message}${cure}（自 ${since}）`),
  ]
  return lines.join('\n')
}

function receiveText({ subscription, table, progress, troubles }: ReceiveStatus): string {
  const { isLoading, position, appliedAt, currentAt } = progress ?? {}
  const lines = [
    `订阅 ${subscription}，目标表 ${table}：${progress ? (isLoading ? '全量加载中' : `已接收 ${position} 条变更`) : '尚未接收'}`,
    ...(appliedAt ? [`  最近写入：${appliedAt}`] : []),
    ...(currentAt ? [`  最近一次与中心一致：${currentAt}`] : []),
    ...troubles.map(({ message, cure, since }) => `  ${message}${cure}（自 ${since}）`),
  ]
  return lines.join('\n')
}

function pageOf(status: AgentStatus): string {
  const escaped = statusTexts(status).join('\n\n').replaceAll('&', '&amp;').replaceAll('<', '&lt;')
  return `<!doctype html><html lang="zh-CN"><meta charset="utf-8"><meta http-equiv="refresh" content="5"><title>前置程序状态</title><pre>${escaped}</pre></html>`
}
