// SPDX-License-Identifier: Apache-2.0
import { useQueryClient } from '@tanstack/react-query'
import { apiDelete, apiGet, apiPost } from '@tongchou/api-client'
import {
  currentPost,
  forgetKept,
  holdsDuty,
  Loading,
  MENU_GROUPS,
  type ModuleMenu,
  type ModuleRoute,
  OpenedPage,
  reasonOf,
  type Session,
  type SessionPost,
  StateWord,
  useAct,
} from '@tongchou/ui'
import { Button, Select } from 'antd'
import { useEffect, useRef, useState, useSyncExternalStore } from 'react'
import { Link, NavLink, Outlet, ScrollRestoration, useLocation, useNavigate } from 'react-router'
import { Bell } from './Bell.tsx'
import { moduleRoutes } from './module-routes.ts'
import { PasswordPage } from './PasswordPage.tsx'
import { SearchBox } from './SearchBox.tsx'

/** The one frame: top bar with the current post, menu by duty, the page. */
export function Frame({ session }: { session: Session }) {
  const [menuOpen, setMenuOpen] = useState(false)
  const { pathname } = useLocation()
  // biome-ignore lint/correctness/useExhaustiveDependencies: a navigation closes the menu on a phone
  useEffect(() => setMenuOpen(false), [pathname])
  return (
    <div className="tc-frame">
      <a className="tc-skip" href="#main">
        跳到正文
      </a>
      <header className="tc-top">
        <Button className="tc-menu-button" aria-expanded={menuOpen} aria-controls="menu" onClick={() => setMenuOpen(!menuOpen)}>
          菜单
        </Button>
        <NavLink to="/" className="tc-brand" aria-label="统筹，返回工作台">
          统筹
        </NavLink>
        {session.demo && (
          <span title="本系统中的人员、项目和意见均为演示数据，不对应真实的人和事">
            <StateWord text="演示数据" />
          </span>
        )}
        {session.unfinished === null && session.relation === null && <SearchBox />}
        <TopRight session={session} />
      </header>
      <nav id="menu" className={`tc-menu${menuOpen ? ' tc-menu--open' : ''}`} aria-label="主菜单">
        {session.unfinished === null && (
          <>
            <div className="tc-menu-person">
              <NavLink to="/settings">{session.person.name}，个人设置</NavLink>
              <PostSwitch session={session} />
            </div>
            <Menu session={session} />
          </>
        )}
      </nav>
      <main id="main" className="tc-main" tabIndex={-1}>
        <Offline />
        <PasswordWarning session={session} />
        <Content session={session} />
      </main>
      <ScrollRestoration />
    </div>
  )
}

const onItsWay = (
  <div className="tc-page">
    <Loading />
  </div>
)

/** The page, or what must be done before it. */
function Content({ session }: { session: Session }) {
  const { unfinished, relation } = session
  const { pathname } = useLocation()
  // Stays to its end: the recovery codes are shown when the second factor is there already.
  const enrolling = useRef(false)
  if (unfinished === 'second-factor') enrolling.current = true
  if (unfinished === 'initial-password' || unfinished === 'expired-password') return <PasswordPage required={unfinished} />
  // Outside the offices there is no work list: the day begins with what the duty is there for.
  const First = relation && pathname === '/' ? moduleRoutes.find(({ menu }) => menu && beginsAt(session, menu))?.element : undefined
  if (First) return <OpenedPage page={First} waiting={onItsWay} />
  const Enrol = enrolling.current ? moduleRoutes.find(({ path }) => path === '/second-factor')?.element : undefined
  return Enrol ? <OpenedPage page={Enrol} waiting={onItsWay} /> : <Outlet />
}

/** A week before the password ends (口令到期提醒). */
function PasswordWarning({ session: { account, unfinished } }: { session: Session }) {
  const { passwordDaysLeft: left } = account
  if (unfinished !== null || left === null || left > 7) return null
  return (
    <p className="tc-offline" role="status">
      口令将在 {left} 天后到期，到期后须先修改口令才能办理其他事项。<Link to="/password">修改口令</Link>
    </p>
  )
}

function Menu({ session }: { session: Session }) {
  const { pathname } = useLocation()
  const current = entryOf(pathname)
  const here = useRef<HTMLAnchorElement>(null)
  // biome-ignore lint/correctness/useExhaustiveDependencies: another entry is another element
  useEffect(() => {
    if (here.current) showInMenu(here.current)
  }, [current])
  return MENU_GROUPS.map((group) => {
    const entries = moduleRoutes.filter(({ menu }) => menu?.group === group && isOffered(session, menu)).sort(byOrder)
    if (entries.length === 0) return null
    return (
      <div key={group} className="tc-menu-group">
        <h2>{group}</h2>
        <ul>
          {entries.map((route) => (
            <li key={route.path}>
              <Link
                ref={route.path === current ? here : undefined}
                to={route.path}
                className={route.path === current ? 'active' : undefined}
                aria-current={route.path === current ? 'page' : undefined}
              >
                {route.menu?.label}
              </Link>
            </li>
          ))}
        </ul>
      </div>
    )
  })
}

/**
 * The menu is longer than a screen: where one is stands in it, also after a link from elsewhere. Not by `scrollIntoView`, after which
 * Tab would begin there and no longer with 跳到正文.
 */
function showInMenu(entry: HTMLElement): void {
  const menu = entry.closest('nav')
  if (menu === null) return
  const [seen, wanted] = [menu.getBoundingClientRect(), entry.getBoundingClientRect()]
  if (wanted.top < seen.top || wanted.bottom > seen.bottom) menu.scrollTop += wanted.top - seen.top - (seen.height - wanted.height) / 2
}

/** People outside the offices have what names them and nothing else; the server decides all the same. */
function isOffered(session: Session, menu: ModuleMenu): boolean {
  return session.relation === null ? holdsDuty(session, menu.duty) : menu.outside === 'all' || beginsAt(session, menu)
}

function beginsAt(session: Session, { outside }: ModuleMenu): boolean {
  return outside !== undefined && outside !== 'all' && outside.some((duty) => session.roles.includes(duty))
}

/** The menu entry that an address belongs to: the longest one above it, so that `/projects/new` is not `/projects` too. */
function entryOf(pathname: string): string | undefined {
  return moduleRoutes
    .filter(({ path, menu }) => menu && (path === pathname || (path !== '/' && pathname.startsWith(`${path}/`))))
    .map(({ path }) => path)
    .sort((a, b) => b.length - a.length)[0]
}

function byOrder(a: ModuleRoute, b: ModuleRoute): number {
  return (a.menu?.order ?? 0) - (b.menu?.order ?? 0)
}

function TopRight({ session }: { session: Session }) {
  const queries = useQueryClient()
  const navigate = useNavigate()
  const leave = useAct(async (_: null) => {
    // Who came through the city's sign-on leaves there too; where that cannot be told, leaving here goes on.
    const { url } = await apiGet<{ url: string | null }>('/api/v1/me/oidc-sign-out').catch(() => ({ url: null }))
    await apiDelete('/api/v1/sessions/current')
    forgetKept(session.account.id)
    void navigate('/')
    // What one person has read must not stay for the next.
    queries.clear()
    window.location.replace(url ?? '/')
  })
  return (
    <div className="tc-top-right">
      {!session.account.mustChangePassword && <Bell />}
      <div className="tc-top-post">
        <PostSwitch session={session} />
      </div>
      <NavLink className="tc-person" to="/settings" title="个人设置">
        {session.person.name}
      </NavLink>
      <Button onClick={() => leave.mutate(null)} loading={leave.isPending}>
        退出
      </Button>
    </div>
  )
}

/** The post in whose name one acts (当前岗位). With one post it is only named. */
function PostSwitch({ session }: { session: Session }) {
  const current = currentPost(session)
  const change = useAct((postId: string, key) => apiPost('/api/v1/me/post', { postId }, { idempotencyKey: key }))
  if (!current) return null
  if (session.posts.length === 1) return <span className="tc-post">{postLabel(current)}</span>
  return (
    <>
      <Select
        className="tc-post"
        aria-label="当前岗位"
        value={current.id}
        loading={change.isPending}
        popupMatchSelectWidth={false}
        options={session.posts.map((post) => ({ value: post.id, label: postLabel(post) }))}
        onChange={(postId: string) => change.mutate(postId)}
      />
      {change.error && (
        <span className="tc-field-error" role="alert">
          未能切换岗位：{reasonOf(change.error)}
        </span>
      )}
    </>
  )
}

function postLabel({ title, organisation, delegation }: SessionPost): string {
  const post = `${organisation.name} ${title}`
  return delegation ? `受托：${post}（${delegation.from.name}）` : post
}

/** Offline keeps what was typed, and says so. */
function Offline() {
  const online = useSyncExternalStore(watchNetwork, () => navigator.onLine)
  if (online) return null
  return (
    <p className="tc-offline" role="status">
      网络已断开。已填写的内容保留在本页，网络恢复后可继续办理；断开期间看到的是先前读取的内容。
    </p>
  )
}

function watchNetwork(changed: () => void) {
  window.addEventListener('online', changed)
  window.addEventListener('offline', changed)
  return () => {
    window.removeEventListener('online', changed)
    window.removeEventListener('offline', changed)
  }
}
