// SPDX-License-Identifier: Apache-2.0
import { useEffect, useState } from 'react'

// Below the top bar and the search line, above the lower half of the window: where the eyes are.
const READING_LINE = '-120px 0px -65% 0px'

/** The article under the reader's eyes while scrolling; undefined above the first. `ids` are anchors in the order of the text. */
export function useReadingPosition(ids: readonly string[]): string | undefined {
  const [current, setCurrent] = useState<string | undefined>()
  const joined = ids.join(' ')
  useEffect(() => {
    const seen = new Set<string>()
    const watcher = new IntersectionObserver(
      (entries) => {
        for (const entry of entries) {
          if (entry.isIntersecting) seen.add(entry.target.id)
          else seen.delete(entry.target.id)
        }
        const first = joined.split(' ').find((id) => seen.has(id))
        if (first !== undefined) setCurrent(first)
      },
      { rootMargin: READING_LINE },
    )
    for (const id of joined.split(' ')) {
      const element = document.getElementById(id)
      if (element) watcher.observe(element)
    }
    return () => watcher.disconnect()
  }, [joined])
  return current
}
