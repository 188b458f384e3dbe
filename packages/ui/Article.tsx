// SPDX-License-Identifier: Apache-2.0
import { lazy, Suspense, useState } from 'react'
import { articleLabel } from './articles.ts'

const ArticleDrawer = lazy(async () => ({ default: (await import('./ArticleDrawer.tsx')).ArticleDrawer }))

export interface ArticleChipProps {
  /** Citation: `WH23-15`. */
  article: string
  pack?: string | undefined
  /** The words when they came with a finding; the drawer shows them before the rest has been read. */
  text?: string | null | undefined
  /** Instead of the usual name of the article. */
  label?: string | undefined
}

/** A citation that opens the article's text in place (条文). */
export function ArticleChip({ article, pack, text, label }: ArticleChipProps) {
  const [open, setOpen] = useState(false)
  const [wanted, setWanted] = useState(false)
  const show = () => {
    setWanted(true)
    setOpen(true)
  }
  return (
    <>
      <button type="button" className="tc-chip" aria-haspopup="dialog" onClick={show}>
        {label ?? articleLabel(article)}
      </button>
      {wanted && (
        <Suspense>
          <ArticleDrawer article={article} pack={pack} text={text} open={open} onClose={() => setOpen(false)} />
        </Suspense>
      )}
    </>
  )
}
