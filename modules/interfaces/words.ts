import type { InterfaceStanding } from './server/interface.schema.ts'

/** How an interface stands, in the words of lists. */
export const standingWords: Readonly<Record<InterfaceStanding, string>> = {
  submitted: '待核准',
  'in-use': '在用',
  paused: '暂停调用',
  refused: '未予核准',
  stopped: '停用',
}

export const methodWords = { GET: 'GET', POST: 'POST（JSON）' } as const
