// SPDX-License-Identifier: Apache-2.0
import { type ReactNode, useEffect, useRef, useState } from 'react'

export interface SidewaysProps {
  /** Of what, for who does not see it: the name of the table. */
  label: string
  className?: string
  /** One element. */
  children: ReactNode
}

/**
 * What may be wider than its place: it is pushed sideways by finger or by the arrow keys, the page is not. It is a stop of the keyboard only
 * while there is something to push: a page of small tables has no stops where nothing happens.
 */
export function Sideways({ label, className = '', children }: SidewaysProps) {
  const [ground, wider] = useWider()
  return (
    <div
      ref={ground}
      className={className === '' ? 'tc-scroll' : `tc-scroll ${className}`}
      {...(wider ? { role: 'group', tabIndex: 0, 'aria-label': label } : {})}
    >
      {children}
    </div>
  )
}

/** Whether the content is wider than its place; asked again when either of them changes. */
function useWider() {
  const ground = useRef<HTMLDivElement>(null)
  const [wider, setWider] = useState(false)
  useEffect(() => {
    const element = ground.current
    if (!element) return
    const measure = () => setWider(element.scrollWidth > element.clientWidth)
    measure()
    const observer = new ResizeObserver(measure)
    observer.observe(element)
    if (element.firstElementChild) observer.observe(element.firstElementChild)
    return () => observer.disconnect()
  }, [])
  return [ground, wider] as const
}
