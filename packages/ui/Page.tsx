// SPDX-License-Identifier: Apache-2.0
import { type ReactNode, useEffect, useRef } from 'react'
import { Link, useLocation } from 'react-router'
import { StateWord, type Tone } from './StateWord.tsx'

export interface PageProps {
  title: string
  /** State of the thing, beside its title. */
  state?: { text: string; tone?: Tone } | undefined
  /** One sentence below the title: owner, or what the page is for. */
  lead?: ReactNode
  actions?: ReactNode
  breadcrumb?: readonly { label: string; href?: string }[] | undefined
  children: ReactNode
}

// Outlives the page, so that a page that replaces its own loading state does not take the focus twice.
let focusedPath: string | null = null

/** A page: title, state, actions, breadcrumb. Sets the browser's title and takes the focus after a navigation. */
export function Page({ title, state, lead, actions, breadcrumb, children }: PageProps) {
  const heading = useRef<HTMLHeadingElement>(null)
  const { pathname } = useLocation()
  useEffect(() => {
    document.title = `${title} · 统筹`
  }, [title])
  useEffect(() => {
    // The first page keeps the focus at the start of the document, where the skip link is.
    if (focusedPath !== null && focusedPath !== pathname) heading.current?.focus({ preventScroll: true })
    focusedPath = pathname
  }, [pathname])
  return (
    <div className="tc-page">
      {breadcrumb && breadcrumb.length > 0 && <Crumbs items={breadcrumb} />}
      <div className="tc-page-head">
        <div className="tc-page-title">
          <h1 ref={heading} tabIndex={-1}>
            {title}
          </h1>
          {state && <StateWord text={state.text} tone={state.tone} />}
          {lead && <p className="tc-page-lead">{lead}</p>}
        </div>
        {actions && <div className="tc-page-actions">{actions}</div>}
      </div>
      {children}
    </div>
  )
}

/** The act of a page that opens another page (登记信息系统): looks like the button it is for the reader, and is a link. */
export function ActLink({ to, first = false, children }: { to: string; first?: boolean; children: ReactNode }) {
  return (
    <Link to={to} className={first ? 'tc-act tc-act--first' : 'tc-act'}>
      {children}
    </Link>
  )
}

/** The name of a thing as a link; a thing whose name this post may not read leads nowhere and says so. */
export function NamedLink({ to, name, hidden }: { to: string; name: string | null; hidden: string }) {
  return name === null ? <span className="tc-muted">{hidden}</span> : <Link to={to}>{name}</Link>
}

function Crumbs({ items }: { items: readonly { label: string; href?: string }[] }) {
  return (
    <nav aria-label="所在位置">
      <ol className="tc-page-crumbs">
        {items.map((item) => (
          <li key={item.label} className="tc-crumb">
            {item.href ? <Link to={item.href}>{item.label}</Link> : item.label}
          </li>
        ))}
      </ol>
    </nav>
  )
}

/** A section of a page, in the order a reader asks. */
export function Section({ title, extra, id, children }: { title: string; extra?: ReactNode; id?: string; children: ReactNode }) {
  return (
    <section className="tc-section" id={id} aria-label={title}>
      <div className="tc-section-head">
        <h2>{title}</h2>
        {extra}
      </div>
      {children}
    </section>
  )
}

/** The few numbers that matter, large. */
export function Figures({ items }: { items: readonly { label: string; value: ReactNode }[] }) {
  return (
    <dl className="tc-figures">
      {items.map((item) => (
        <div key={item.label}>
          <dt>{item.label}</dt>
          <dd>{item.value}</dd>
        </div>
      ))}
    </dl>
  )
}

/** Named values of a thing. An absent value is said to be absent. */
export function Facts({ items }: { items: readonly { label: string; value: ReactNode; wide?: boolean }[] }) {
  return (
    <dl className="tc-facts">
      {items.map((item) => (
        <div key={item.label} className={item.wide ? 'tc-facts-wide' : undefined}>
          <dt>{item.label}</dt>
          <dd>
            {item.value === null || item.value === undefined || item.value === '' ? <span className="tc-muted">未填写</span> : item.value}
          </dd>
        </div>
      ))}
    </dl>
  )
}
