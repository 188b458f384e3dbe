// SPDX-License-Identifier: Apache-2.0
import { useQuery } from '@tanstack/react-query'
import { type ReactNode, useState } from 'react'
import { QueryView } from './QueryView.tsx'

/** A document shown beside the form: a stored file of this origin, or content that the page draws itself. */
export type BesideDocument =
  | { id: string; title: string; href: string; mediaType: string; byteCount?: number }
  | { id: string; title: string; content: ReactNode }

export interface SideBySideProps {
  documents: readonly BesideDocument[]
  /** Name of the right side: 审核意见. */
  formTitle: string
  children: ReactNode
}

/** The file on the left, the form on the right; neither scrolls away. */
export function SideBySide({ documents, formTitle, children }: SideBySideProps) {
  const [chosen, setChosen] = useState<string | null>(null)
  const shown = documents.find((one) => one.id === chosen) ?? documents[0]
  return (
    <div className="tc-beside">
      <section className="tc-beside-file" aria-label="材料">
        {documents.length > 1 && (
          <div className="tc-beside-tabs">
            {documents.map((one) => (
              <button key={one.id} type="button" aria-pressed={one === shown} onClick={() => setChosen(one.id)}>
                {one.title}
              </button>
            ))}
          </div>
        )}
        {/* The region scrolls, so the keyboard must be able to reach it. */}
        {/* biome-ignore lint/a11y/noNoninteractiveTabindex: see above */}
        <section className="tc-beside-view" tabIndex={0} aria-label={shown ? shown.title : '材料'}>
          {shown ? <DocumentView document={shown} /> : <p className="tc-beside-none tc-muted">本事项没有材料。</p>}
        </section>
      </section>
      <section className="tc-beside-form" aria-label={formTitle}>
        {children}
      </section>
    </div>
  )
}

function DocumentView({ document }: { document: BesideDocument }) {
  if ('content' in document) return <div className="tc-beside-content">{document.content}</div>
  if (document.mediaType === 'application/pdf') return <iframe key={document.href} title={document.title} src={document.href} />
  if (/^image\/(png|jpeg|gif|webp|bmp)$/.test(document.mediaType)) return <img src={document.href} alt={document.title} />
  if (document.mediaType.startsWith('text/')) return <TextView href={document.href} title={document.title} />
  return (
    <div className="tc-beside-none">
      <p>该格式不能在页面中显示。</p>
      <a href={document.href} download>
        下载“{document.title}”
      </a>
    </div>
  )
}

function TextView({ href, title }: { href: string; title: string }) {
  const query = useQuery<string, Error>({
    queryKey: ['text', href],
    queryFn: async ({ signal }) => {
      const response = await fetch(href, { signal, credentials: 'same-origin' })
      if (!response.ok) throw new Error(String(response.status))
      return response.text()
    },
  })
  return (
    <QueryView query={query} what={`材料“${title}”`}>
      {(text) => <pre>{text}</pre>}
    </QueryView>
  )
}
