// SPDX-License-Identifier: Apache-2.0
import { apiFile, type ListPage } from '@tongchou/api-client'
import {
  ActError,
  Empty,
  FileDrop,
  Forbidden,
  holdsDuty,
  Moment,
  Page,
  QueryView,
  reasonOf,
  SecrecyQuestion,
  Section,
  Sideways,
  StateWord,
  saveFile,
  uploadFile,
  useAct,
  useApi,
  useSession,
} from '@tongchou/ui'
import { Button, Progress } from 'antd'
import { useState } from 'react'
import { Link, useNavigate } from 'react-router'
import { compilers } from './catalog-api.ts'
import { type CatalogImport, importStateWords, importsPath, profileWords } from './import-api.ts'
import './catalog.css'

/** 导入目录: templates, a file to hand over, and what was handed over lately. */
export function ImportsPage() {
  const session = useSession()
  const crumbs = [{ label: '资源目录', href: '/catalog' }, { label: '导入目录' }]
  if (!holdsDuty(session, compilers))
    return (
      <Page title="导入目录" breadcrumb={crumbs}>
        <Forbidden duty={compilers} act="导入目录" />
      </Page>
    )
  return (
    <Page
      title="导入目录"
      lead="按模板填写的目录文件上传后先核对、不写入；确认后写为本单位的草稿，或者修改尚未提交的草稿。"
      breadcrumb={crumbs}
    >
      <Templates />
      <Section title="上传目录文件">
        <SecrecyQuestion what="目录文件" onYes={declareSecret}>
          {() => <Upload />}
        </SecrecyQuestion>
      </Section>
      <Recent />
    </Page>
  )
}

/** Tells the server that somebody was turned away; there is no file. */
async function declareSecret(): Promise<unknown> {
  return uploadFile(importsPath, new File([], 'none'), { secrecy: 'true' }, () => undefined).stored
}

function Templates() {
  const fetching = useAct(async (profile: string) => {
    const { fileName, content } = await apiFile('/api/v1/catalog/template', { query: { profile } })
    saveFile(fileName, content)
  })
  return (
    <Section title="模板">
      <p>
        表头可以不在第一行，列可以增减、调换；代码填名称或编号均可。在“资源目录”中导出的文件改后可以直接上传：已有的目录和信息项按标识对应，没有改动的单元格不影响原有内容。
      </p>
      <div className="tc-copy-items">
        {(['national', 'two-sheet'] as const).map((profile) => (
          <Button key={profile} loading={fetching.isPending && fetching.variables === profile} onClick={() => fetching.mutate(profile)}>
            下载{profileWords[profile]}
          </Button>
        ))}
      </div>
      <ActError error={fetching.error} act="下载模板" />
    </Section>
  )
}

const MOST_BYTES = 20 * 1024 * 1024

/** One file at a time: dropped or chosen, sent with progress, then looked at by the server. */
function Upload() {
  const navigate = useNavigate()
  const [sending, setSending] = useState<{ name: string; share: number; stop: () => void }>()
  const [problem, setProblem] = useState<string>()
  const take = async (file: File | undefined) => {
    if (!file || sending) return
    setProblem(undefined)
    if (file.size > MOST_BYTES) return setProblem(`“${file.name}”超过 20 MB，请拆分后上传。`)
    const upload = uploadFile<CatalogImport>(importsPath, file, { secrecy: 'false' }, (share) =>
      setSending((now) => now && { ...now, share }),
    )
    setSending({ name: file.name, share: 0, stop: upload.stop })
    try {
      const made = await upload.stored
      await navigate(`/catalog/imports/${made.id}`)
    } catch (error) {
      setSending(undefined)
      if (!(error instanceof DOMException)) setProblem(`“${file.name}”未能上传：${reasonOf(error)}`)
    }
  }
  return (
    <>
      <FileDrop
        label="目录文件"
        hint="xlsx 或 CSV，不超过 20 MB。可将文件拖到此处。"
        accept=".xlsx,.csv"
        primary
        disabled={sending !== undefined}
        onFiles={([file]) => void take(file)}
      />
      {sending && (
        <div className="tc-copy-items" role="status">
          <span>{sending.share < 1 ? `正在上传“${sending.name}”` : `“${sending.name}”已送达，正在读取`}</span>
          <Progress percent={Math.round(sending.share * 100)} size="small" style={{ width: 180 }} aria-label="上传进度" />
          <Button size="small" onClick={sending.stop}>
            停止
          </Button>
        </div>
      )}
      {problem && (
        <p className="tc-field-error" role="alert">
          {problem}
        </p>
      )}
    </>
  )
}

function Recent() {
  const query = useApi<ListPage<CatalogImport>>(importsPath, { limit: 20 })
  return (
    <Section title="最近的导入">
      <QueryView
        query={query}
        what="最近的导入"
        isEmpty={({ items }) => items.length === 0}
        empty={<Empty what="还没有导入" hint="本人在当前岗位上传的目录文件列在这里，文件保留七天。" />}
      >
        {({ items }) => (
          <Sideways label="最近的导入">
            <table className="tc-table" aria-label="最近的导入">
              <thead>
                <tr>
                  <th scope="col">文件</th>
                  <th scope="col">状态</th>
                  <th scope="col">内容</th>
                  <th scope="col">上传时间</th>
                </tr>
              </thead>
              <tbody>
                {items.map((one) => (
                  <tr key={one.id}>
                    <td>
                      <Link to={`/catalog/imports/${one.id}`}>{one.fileName}</Link>
                    </td>
                    <td>
                      <StateWord {...importStateWords[one.state]} />
                    </td>
                    <td>{contentOf(one)}</td>
                    <td>
                      <Moment at={one.uploadedAt} />
                    </td>
                  </tr>
                ))}
              </tbody>
            </table>
          </Sideways>
        )}
      </QueryView>
    </Section>
  )
}

function contentOf({ state, doneCount, totalCount, counts }: CatalogImport): string {
  if (state === 'written') return `写入${doneCount}项`
  if (state === 'ready') return `新增${counts.new}项，修改${counts.changed}项，不能导入${counts.refused}项`
  return totalCount === null ? '' : `共${totalCount}项`
}
