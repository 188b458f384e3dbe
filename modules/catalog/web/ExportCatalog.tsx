// SPDX-License-Identifier: Apache-2.0
import { apiFile } from '@tongchou/api-client'
import { reasonOf, saveFile, useAct } from '@tongchou/ui'
import { Button, Dropdown } from 'antd'

const profiles = [
  { key: 'national', label: '国家目录模板（一行一个信息项）' },
  { key: 'two-sheet', label: '目录与信息项两表模板' },
] as const

/** 导出目录: the entries as they are filtered, or one of them, whole and in one of the two layouts, so that they can be changed and imported again. */
export function ExportCatalog({ query, label }: { query: Readonly<Record<string, string>>; label: string }) {
  const exporting = useAct(async (profile: string) => {
    const { limit: _limit, cursor: _cursor, ...filters } = query
    const { fileName, content } = await apiFile('/api/v1/catalog/workbook', { query: { ...filters, profile }, timeoutMs: 60_000 })
    saveFile(fileName, content)
  })
  return (
    <>
      <Dropdown trigger={['click']} menu={{ items: [...profiles], onClick: ({ key }) => exporting.mutate(key) }}>
        <Button loading={exporting.isPending}>{label}</Button>
      </Dropdown>
      {exporting.error && (
        <span className="tc-field-error" role="alert">
          未能导出：{reasonOf(exporting.error)}
        </span>
      )}
    </>
  )
}
