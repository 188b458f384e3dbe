import { apiGet, type ListPage } from '@tongchou/api-client'
import { ActError, type FormLine, newLine, useAct, useApi, useSettled } from '@tongchou/ui'
import { Select } from 'antd'
import { useState } from 'react'
import type { Resource, ResourceLine } from './catalog-api.ts'
import { toLine } from './item-fields.ts'

export interface CopyItemsProps {
  onCopied: (lines: readonly FormLine[], from: string) => void
}

/** Takes the items of another entry over (复制信息项): as new items of this one, with ids of their own. */
export function CopyItems({ onCopied }: CopyItemsProps) {
  const [typed, setTyped] = useState('')
  const [copied, setCopied] = useState<{ name: string; count: number } | null>(null)
  const q = useSettled(typed)
  const found = useApi<ListPage<ResourceLine>>('/api/v1/catalog/resources', { q, limit: 20 })
  const copy = useAct(async (id: string) => {
    const { content } = await apiGet<Resource>(`/api/v1/catalog/resources/${id}`)
    onCopied(
      content.items.map(({ id: _id, ...item }) => newLine(toLine({ ...item, id: '' }, false))),
      content.name,
    )
    setCopied({ name: content.name, count: content.items.length })
  })
  return (
    <div className="tc-copy-items">
      <label htmlFor="copy-items">从其他目录复制信息项</label>
      <Select
        id="copy-items"
        showSearch={{ filterOption: false, onSearch: setTyped }}
        placeholder="按资源名称查找"
        style={{ minWidth: 320, maxWidth: '100%' }}
        value={null}
        loading={found.isFetching || copy.isPending}
        options={(found.data?.items ?? []).map(({ id, name, org, itemCount }) => ({
          value: id,
          label: `${name}（${org.name}，${itemCount}项）`,
        }))}
        onChange={(id: string) => copy.mutate(id)}
        notFoundContent="没有查到可以查看的目录"
      />
      <span role="status" className="tc-muted">
        {copied && `已从“${copied.name}”复制${copied.count}项，请核对。`}
      </span>
      <ActError error={copy.error} act="复制" />
    </div>
  )
}
