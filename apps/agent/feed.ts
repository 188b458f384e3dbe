import { CenterProblem, parsed, reasonOf, tokenOf } from './center.ts'

/** What is seen of a resource, as the center names it. */
export interface SeenStructure {
  name: string
  title: string
  key: string[]
  items: { id: string; title: string; type: ItemType; masked: boolean }[]
}

type ItemType = { kind: string; length?: number; digits?: number; scale?: number }

export interface Opened {
  resource: { id: string; title: string }
  validUntil: string
  structure: SeenStructure
}

/** Lines up to a place: to be applied together with it. */
export interface Page {
  structure: SeenStructure
  upserts: (string | null)[][]
  /** Keys of records that are gone; of one that is here and among the upserts too, the last line counts, and it stands there alone. */
  deletes: (string | null)[][]
  /** How many lines there were. */
  changes: number
  cursor: string
  position: number
  /** The last page of a load. */
  isComplete: boolean
}

/** The center as a receiver sees it (订阅). */
export interface Feed {
  open(): Promise<Opened>
  /** Everything, from the beginning or from a place of the load. */
  records(after: string | null): AsyncGenerator<Page>
  /** What has changed since a place: waits so long for it, or goes on with whatever comes. */
  changes(after: string, waitSeconds: number | 'follow'): AsyncGenerator<Page>
}

/** So long nothing at all may come before the connection is taken for dead. */
const SILENCE_MS = 90_000

/** @param tokenFile is read for each request, so that a new token needs no restart */
export function feedAt(center: string, subscription: string, tokenFile: string, ended: AbortSignal): Feed {
  const ask = async (path: string, init: RequestInit, signal: AbortSignal): Promise<Response> => {
    const headers = { ...init.headers, authorization: `Bearer ${tokenOf(tokenFile)}` }
    const answer = await fetch(`${center}/api/v1/feeds/${subscription}/${path}`, { ...init, headers, signal, redirect: 'error' }).catch(
      (cause) => {
        throw away(center, cause)
      },
    )
    if (answer.ok) return answer
    const text = await answer.text().catch(() => '')
    const { code = 'center.error', detail = `中心答复 ${answer.status}` } = parsed<{ code?: string; detail?: string }>(text) ?? {}
    const after = Number(answer.headers.get('retry-after'))
    throw refused(answer.status, code, detail, after > 0 ? after * 1000 : undefined)
  }
  async function* pages(path: string): AsyncGenerator<Page> {
    const silent = new AbortController()
    const over = () => silent.abort(new Error('中心没有响应'))
    let timer = setTimeout(over, SILENCE_MS)
    try {
      const answer = await ask(path, {}, AbortSignal.any([ended, silent.signal]))
      const gather = gathering()
      const utf8 = new TextDecoder()
      let text = ''
      for await (const piece of (answer.body ?? []) as AsyncIterable<Uint8Array>) {
        clearTimeout(timer)
        timer = setTimeout(over, SILENCE_MS)
        text += utf8.decode(piece, { stream: true })
        let from = 0
        for (let end = text.indexOf('\n'); end >= 0; end = text.indexOf('\n', from)) {
          const page = gather(text.slice(from, end))
          from = end + 1
          if (page) yield page
        }
        text = text.slice(from)
      }
    } catch (error) {
      throw error instanceof CenterProblem ? error : away(center, error)
    } finally {
      clearTimeout(timer)
      // A reading that is given up leaves no connection behind.
      silent.abort()
    }
  }
  const query = (name: string, value: string | null) => (value === null ? '' : `${name}=${encodeURIComponent(value)}`)
  return {
    async open() {
      const init = { method: 'POST', body: '{}', headers: { 'content-type': 'application/json' } }
      const signal = AbortSignal.any([ended, AbortSignal.timeout(SILENCE_MS)])
      return (await ask('openings', init, signal)).json() as Promise<Opened>
    },
    records: (after) => pages(`records?limit=1000000&${query('after', after)}`),
    changes: (after, wait) =>
      pages(`changes?${wait === 'follow' ? 'follow=true' : `limit=100000&waitSeconds=${wait}`}&${query('after', after)}`),
  }
}

type Line =
  | [op: 'u' | 'd', ...values: (string | null)[]]
  | {
      structure?: SeenStructure
      cursor?: string
      position?: number
      complete?: boolean
      problem?: { status: number; code: string; detail: string }
    }

/** Puts lines together to pages: of several about one record the last counts. */
function gathering(): (line: string) => Page | undefined {
  let structure: SeenStructure | undefined
  let keyPositions: number[] = []
  let changes = 0
  const last = new Map<string, { op: 'u' | 'd'; values: (string | null)[] }>()
  return (text) => {
    const line = parsed<Line>(text)
    if (line === undefined)
      throw new CenterProblem(0, 'center.answer', '中心的答复无法识别。', '请核对中心地址；地址无误的，升级前置程序。')
    if (Array.isArray(line)) {
      const [op, ...values] = line
      const key = JSON.stringify(op === 'd' ? values : keyPositions.map((position) => values[position]))
      last.delete(key)
      last.set(key, { op, values })
      changes += 1
      return undefined
    }
    if (line.problem) throw refused(line.problem.status, line.problem.code, line.problem.detail)
    if (line.structure) {
      structure = line.structure
      const ids = structure.items.map(({ id }) => id)
      keyPositions = structure.key.map((id) => ids.indexOf(id))
    }
    if (line.cursor === undefined || !structure) return undefined
    const all = [...last.values()]
    const page: Page = {
      structure,
      upserts: all.flatMap(({ op, values }) => (op === 'u' ? [values] : [])),
      deletes: all.flatMap(({ op, values }) => (op === 'd' ? [values] : [])),
      ...{ changes, cursor: line.cursor, position: line.position ?? 0, isComplete: line.complete === true },
    }
    last.clear()
    changes = 0
    return page
  }
}

const away = (center: string, cause: unknown) =>
  new CenterProblem(
    0,
    'center.unreachable',
    `不能连接中心 ${center}：${reasonOf(cause)}。`,
    '请检查网络和中心地址；将从目标库中的位置继续接收。',
  )

/** What people have to do about a refusal. */
const cures: Readonly<Record<string, string>> = {
  'feed.ahead': '请与市大数据中心核对后，停止本程序，执行 tongchou agent load，再启动。',
  'feed.grant_changed': '请核对目标表和配置中的 items，停止本程序，执行 tongchou agent load，再启动。',
  'feed.log_trimmed': '请停止本程序，执行 tongchou agent load，再启动。',
  'feed.after_unknown': '请停止本程序，执行 tongchou agent load，再启动。',
}

const refused = (status: number, code: string, detail: string, retryAfterMs?: number) =>
  new CenterProblem(status, code, detail, cures[code] ?? '请按说明办理；将从目标库中的位置继续接收。', retryAfterMs)
