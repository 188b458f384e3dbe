// SPDX-License-Identifier: Apache-2.0
import { Loading, Missing, type ModuleRoute, OpenedPage, Page } from '@tongchou/ui'
import { Button } from 'antd'
import { useEffect } from 'react'
import { createBrowserRouter, matchRoutes, useLocation } from 'react-router'
import { moduleRoutes } from './module-routes.ts'
import { OidcCallback } from './OidcCallback.tsx'
import { PasswordPage } from './PasswordPage.tsx'
import { Shell } from './Shell.tsx'

/** The address bar is the truth: every page has its path, and signing in never changes it. */
export function makeRouter() {
  // The code of the first page comes while the session is being read, not after it.
  const pages = moduleRoutes.map(({ path, element }) => ({ path, handle: element }))
  // A failure shows when the page is drawn.
  matchRoutes(pages, window.location)?.[0]
    ?.route.handle.fetch()
    .catch(() => undefined)
  return createBrowserRouter([
    { path: '/sign-in/callback', element: <OidcCallback />, errorElement: <BrokenPage /> },
    {
      element: <Shell />,
      children: [
        ...moduleRoutes.map((route) => ({ path: route.path, element: <LazyPage route={route} />, errorElement: <BrokenPage /> })),
        { path: '/password', element: <PasswordPage /> },
        { path: '*', element: <UnknownPage /> },
      ],
    },
  ])
}

function LazyPage({ route }: { route: ModuleRoute }) {
  return <OpenedPage page={route.element} waiting={<PageOnItsWay title={route.title} />} />
}

function PageOnItsWay({ title }: { title: string }) {
  useEffect(() => {
    document.title = `${title} · 统筹`
  }, [title])
  return (
    <div className="tc-page">
      <Loading what={title} />
    </div>
  )
}

function UnknownPage() {
  const { pathname } = useLocation()
  return (
    <Page title="页面不存在">
      <Missing what={`地址 ${pathname} 对应的页面`} />
    </Page>
  )
}

/** A part could not be loaded, usually because a newer release replaced it while the page was open. */
function BrokenPage() {
  return (
    <Page title="页面未能显示">
      <div className="tc-state" role="alert">
        <p>页面载入或显示时出现意外情况。系统可能刚刚更新，重新打开一般即可恢复。</p>
        <Button type="primary" onClick={() => window.location.reload()}>
          重新打开
        </Button>
      </div>
    </Page>
  )
}
