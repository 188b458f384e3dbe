// SPDX-License-Identifier: Apache-2.0
import { type ComponentType, createElement, type ReactNode, useEffect, useState } from 'react'

/** The groups of the left menu, by what a person is there to do and not by module; shown in this order. */
export const MENU_GROUPS = ['我的工作', '申报建设', '审核审批', '监督评价', '资源系统', '制度查阅', '组织管理', '审计'] as const
export type MenuGroup = (typeof MENU_GROUPS)[number]

/** An entry of the left menu; seen by who holds one of the duties at the current post, and by people outside the offices only where it names them. */
export interface ModuleMenu {
  duty: readonly string[] | 'all'
  group: MenuGroup
  label: string
  order: number
  /** People outside the offices who see it, whichever duty or by duty; where a duty is named first, their day begins. */
  outside?: 'all' | readonly string[]
}

/** A page that a module brings. `modules/<m>/web/routes.tsx` exports `routes: ModuleRoute[]`. */
export interface ModuleRoute {
  /** Path pattern of react-router, from the root: `/projects/:id`. */
  path: string
  /** Shown in the browser's tab until the page sets its own through `Page`. */
  title: string
  menu?: ModuleMenu
  element: LazyPage
}

/** A page whose code comes when it is first opened. */
export interface LazyPage {
  /** Resolves when `loaded` is there; also called early, so that the code comes along with what else the first view waits for. */
  fetch(): Promise<void>
  loaded?: ComponentType
}

/** A page that loads when it is first opened: `lazyPage(async () => (await import('./ProjectPage.tsx')).ProjectPage)`. */
export function lazyPage(load: () => Promise<ComponentType>): LazyPage {
  let coming: Promise<void> | undefined
  const page: LazyPage = {
    fetch: () => {
      coming ??= load().then((component) => {
        page.loaded = component
      })
      return coming
    },
  }
  return page
}

/**
 * The page, or what stands there until its code has come; a failure goes to the route's error page. Not by React's own `lazy`, which holds back what
 * has come until its stand-in was there for 300 ms: a page that was opened by its address took twice as long.
 */
export function OpenedPage({ page, waiting }: { page: LazyPage; waiting: ReactNode }): ReactNode {
  const [outcome, setOutcome] = useState<{ page: LazyPage; error?: unknown }>()
  useEffect(() => {
    if (page.loaded) return
    page.fetch().then(
      () => setOutcome({ page }),
      (error) => setOutcome({ page, error }),
    )
  }, [page])
  if (page.loaded) return createElement(page.loaded)
  if (outcome?.page === page && 'error' in outcome) throw outcome.error
  return waiting
}
