// SPDX-License-Identifier: Apache-2.0
import { Drawer } from 'antd'
import { Link } from 'react-router'
import { articleHref, articleLabel, packOf } from './articles.ts'
import { useApi } from './data.ts'
import { QueryView } from './QueryView.tsx'

export interface ArticleDrawerProps {
  article: string
  pack?: string | undefined
  text?: string | null | undefined
  open: boolean
  onClose: () => void
}

interface ArticleAnswer {
  text: string | null
}

/** The article's own words beside the work, with the way into the reading room (制度库). */
export function ArticleDrawer({ article, pack = packOf(article), text, open, onClose }: ArticleDrawerProps) {
  const known = text !== undefined
  const query = useApi<ArticleAnswer>(
    open && !known && pack !== undefined ? `/api/v1/policy-packs/${pack}/articles/${encodeURIComponent(article)}` : null,
  )
  return (
    <Drawer open={open} onClose={onClose} title={articleLabel(article)} size={520} destroyOnHidden>
      {known ? (
        <ArticleText text={text} />
      ) : (
        <QueryView query={query} what={articleLabel(article)} lines={4}>
          {(answer) => <ArticleText text={answer.text} />}
        </QueryView>
      )}
      <Link to={articleHref(article, pack)} onClick={onClose}>
        在制度库中查看该条及其规则、环节
      </Link>
    </Drawer>
  )
}

function ArticleText({ text }: { text: string | null }) {
  if (text === null) return <p className="tc-muted">未持有原文</p>
  return <blockquote className="tc-law">{text}</blockquote>
}
