// SPDX-License-Identifier: Apache-2.0
import { useContext, useEffect, useRef, useState } from 'react'
import { SessionContext } from './session.ts'

/** What was typed and not sent (未提交的内容), kept in this browser under the account that typed it. */
interface Entry {
  at: string
  value: unknown
}

const PREFIX = 'tongchou.kept.'
/** Nobody comes back for what is older; it would only lie on a shared machine. */
const KEPT_DAYS = 30

const nameOf = (account: string, name: string) => `${PREFIX}${account}.${name}`

function readEntry(key: string): Entry | null {
  try {
    const entry: unknown = JSON.parse(localStorage.getItem(key) ?? 'null')
    if (typeof entry !== 'object' || entry === null || !('at' in entry) || typeof entry.at !== 'string' || !('value' in entry)) return null
    if (Date.parse(entry.at) > Date.now() - KEPT_DAYS * 86_400_000) return { at: entry.at, value: entry.value }
    localStorage.removeItem(key)
  } catch {
    // A browser that forbids storage keeps nothing; the page still works.
  }
  return null
}

function write(key: string, entry: Entry | null): boolean {
  try {
    if (entry === null) localStorage.removeItem(key)
    else localStorage.setItem(key, JSON.stringify(entry))
    return true
  } catch {
    return false
  }
}

/** Removes what an account has kept here (退出登录). */
export function forgetKept(account: string): void {
  try {
    for (const key of Object.keys(localStorage)) if (key.startsWith(nameOf(account, ''))) localStorage.removeItem(key)
  } catch {
    // Nothing can be kept where storage is forbidden.
  }
}

export interface Kept {
  /** When what was taken up again had been typed; null when nothing was. */
  restoredAt: string | null
  /** Whether what is typed now is kept here. */
  isKept: boolean
  /** After it was sent, or on request. */
  clear: () => void
}

/**
 * Keeps what is typed through a reload, a lost network and the end of the session, for the same account only. Used on forms that
 * exist only after the secrecy question was answered with no, and on opinions about records that were made so.
 * @param name which form of which thing; null keeps nothing
 * @param restore takes up what was kept, once, when the form opens
 */
export function useKept<T>(name: string | null, value: T, restore: (value: T) => void): Kept {
  const account = useContext(SessionContext)?.account.id
  const key = account === undefined || name === null ? null : nameOf(account, name)
  const text = JSON.stringify(value)
  const [found] = useState(() => (key === null ? null : readEntry(key)))
  const [restoredAt, setRestored] = useState(found?.at ?? null)
  const [isKept, setKept] = useState(found !== null)
  // What the form began with is nothing that was typed.
  const start = useRef(text)
  const taken = useRef(found === null)
  const sent = useRef<string | null>(null)
  const latest = useRef(restore)
  latest.current = restore
  useEffect(() => {
    if (taken.current || found === null) return
    taken.current = true
    latest.current(found.value as T)
  }, [found])
  const written = useRef(key)
  useEffect(() => {
    // The thing has got its id meanwhile: what was kept under the name of a new one moves with it.
    if (written.current !== null && written.current !== key) write(written.current, null)
    written.current = key
    if (key === null || !taken.current || text === sent.current) return
    sent.current = null
    if (text === start.current) {
      if (found === null) setKept(write(key, null) && false)
      return
    }
    setKept(write(key, { at: new Date().toISOString(), value: JSON.parse(text) as unknown }))
  }, [key, text, found])
  return {
    restoredAt,
    isKept,
    clear: () => {
      if (key !== null) write(key, null)
      sent.current = text
      setRestored(null)
      setKept(false)
    },
  }
}
