// SPDX-License-Identifier: Apache-2.0
import { createContext, useContext } from 'react'
import type { Display } from './preferences.ts'

/** A post (岗位) that a person holds; duties go with the post, not with the person. */
export interface SessionPost {
  id: string
  title: string
  organisation: { id: string; name: string }
  duties: string[]
  /** Set where the post is lent to the person for a period (受托). */
  delegation: { id: string; from: { personId: string; name: string }; validTo: string } | null
  current: boolean
}

/** Who is signed in, as `GET /api/v1/me` says. */
export interface Session {
  person: { id: string; name: string }
  account: { id: string; username: string; mustChangePassword: boolean; passwordDaysLeft: number | null }
  /** What must be done before anything else is open. */
  unfinished: 'initial-password' | 'expired-password' | 'second-factor' | null
  posts: SessionPost[]
  /** Set for a person outside the offices (外部经办人): the relation in place of a post. */
  relation: { id: string; kind: string; subject: { kind: string; id: string }; withinOrgId: string | null } | null
  roles: string[]
  /** 字号、对比度: what a page needs before it is drawn. The rest of the settings: `usePreferences`. */
  display: Display
  demo: boolean
  /** The server's clock; in a demo it may stand on another day than the visitor's. */
  now: string
}

export const SessionContext = createContext<Session | null>(null)

/** Who is signed in. Pages are only shown inside a session. */
export function useSession(): Session {
  const session = useContext(SessionContext)
  if (session === null) throw new Error('useSession needs a signed-in session around it')
  return session
}

/** The post in whose name acts are done now. */
export function currentPost(session: Session): SessionPost | undefined {
  return session.posts.find((post) => post.current) ?? session.posts[0]
}

/** Whether the current post holds one of the duties. Only for showing: the server decides. */
export function holdsDuty(session: Session, duty: readonly string[] | 'all'): boolean {
  if (duty === 'all') return true
  const held = new Set([...(currentPost(session)?.duties ?? []), ...session.roles])
  return duty.some((one) => held.has(one))
}
