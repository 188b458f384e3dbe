// SPDX-License-Identifier: Apache-2.0
import { useQueryClient } from '@tanstack/react-query'
import { apiFile, apiPost } from '@tongchou/api-client'
import { ActError, ActLink, Figures, Page, QueryView, Section, StateWord, saveFile, useAct, useApi } from '@tongchou/ui'
import { Button } from 'antd'
import { useEffect } from 'react'
import { useParams } from 'react-router'
import { FindingList, ImportLines } from './ImportLines.tsx'
import { type CatalogImport, importStateWords, importsPath, profileWords } from './import-api.ts'
import './catalog.css'

/** One file that was handed over: what it would do, and the consent to it. */
export function ImportPage() {
  const { id = '' } = useParams()
  const path = `${importsPath}/${id}`
  const query = useApi<CatalogImport>(path)
  const working = query.data?.state === 'checking' || query.data?.state === 'writing'
  useRefresh(path, working)
  return (
    <QueryView query={query} what="目录导入" page>
      {(made) => (
        <Page
          title={made.fileName}
          state={importStateWords[made.state]}
          lead={[made.profile && profileWords[made.profile], `共${made.totalCount ?? 0}项目录`].filter(Boolean).join(' · ')}
          breadcrumb={[{ label: '资源目录', href: '/catalog' }, { label: '导入目录', href: '/catalog/imports' }, { label: made.fileName }]}
        >
          <Standing made={made} path={path} />
          {made.findings.length > 0 && (
            <Section title="表格的问题">
              <FindingList findings={made.findings} />
            </Section>
          )}
          {(made.state === 'ready' || made.state === 'written') && <ImportLines id={id} version={made.version} />}
        </Page>
      )}
    </QueryView>
  )
}

/** Looks again every second while something is under way. */
function useRefresh(path: string, working: boolean): void {
  const queries = useQueryClient()
  useEffect(() => {
    if (!working) return
    const timer = setInterval(() => void queries.invalidateQueries({ queryKey: [path] }), 1000)
    return () => clearInterval(timer)
  }, [path, working, queries])
}

function Standing({ made, path }: { made: CatalogImport; path: string }) {
  const { state, counts } = made
  if (state === 'checking' || state === 'writing') return <Working made={made} path={path} />
  return (
    <>
      {(state === 'ready' || state === 'written') && (
        <Figures
          items={[
            { label: '新增', value: `${counts.new} 项` },
            { label: '修改', value: `${counts.changed} 项` },
            { label: '无变化', value: `${counts.unchanged} 项` },
            { label: '不能导入', value: `${counts.refused} 项` },
          ]}
        />
      )}
      <Section title="办理">
        {made.failure && (
          <p className="tc-field-error" role="alert">
            {made.failure}
          </p>
        )}
        {state === 'written' && (
          <p>
            <StateWord text="已导入" tone="good" /> 写入{made.doneCount}项目录，均为草稿，由数据专员提交审核。{' '}
            <ActLink to="/catalog?state=draft">查看草稿</ActLink>
          </p>
        )}
        {state === 'discarded' && <p>已放弃，没有写入任何内容，文件已删除。</p>}
        {state === 'ready' && <Consent made={made} path={path} />}
        <Marked made={made} path={path} />
      </Section>
    </>
  )
}

/** How far the look or the writing is. It goes on when the page is closed. */
function Working({ made, path }: { made: CatalogImport; path: string }) {
  const stop = useAct((_: null, idempotencyKey) => apiPost(`${path}/cancellation`, {}, { idempotencyKey }))
  const total = made.totalCount ?? 0
  return (
    <Section title="办理">
      <p role="status">
        {made.state === 'checking' ? '正在核对' : '正在写入'}：已{made.state === 'checking' ? '核对' : '写入'}
        {made.doneCount}项。关闭本页后继续。
        {made.state === 'writing' && '写入一次完成或者全不写，写入开始后不能停止。'}
      </p>
      <progress aria-label={made.state === 'checking' ? '已核对项数' : '已写入项数'} value={made.doneCount} max={Math.max(total, 1)} />
      {made.state === 'checking' && (
        <p>
          <Button loading={stop.isPending} onClick={() => stop.mutate(null)}>
            停止并放弃
          </Button>
        </p>
      )}
      <ActError error={stop.error} act="停止" />
    </Section>
  )
}

/** 确认: everything, or only a part that is named with its number; nothing is written without it. */
function Consent({ made, path }: { made: CatalogImport; path: string }) {
  const act = useAct(({ to, body }: { to: string; body: object }, idempotencyKey) =>
    apiPost(`${path}/${to}`, body, { idempotencyKey, timeoutMs: 60_000 }),
  )
  const { sha256, version, counts, scopes } = made
  const labels = {
    all: (count: number) => `导入全部${count}项`,
    storable: (count: number) => `略去不能导入的，导入其余${count}项`,
    faultless: (count: number) => `只导入没有问题的${count}项`,
  }
  return (
    <>
      {counts.refused > 0 && (
        <p>{counts.refused}项不能导入，原因和改法列在下面；不能全部导入。可以下载标注后的文件改正后重新上传，或者确认只导入其余部分。</p>
      )}
      {counts.faulty > 0 && <p>{counts.faulty}项可以存为草稿，但有须补正的问题，补正后才能提交审核。</p>}
      {scopes.length === 0 && counts.refused === 0 && <p>文件与现有目录一致，没有需要写入的内容。</p>}
      <div className="tc-copy-items">
        {scopes.map(({ scope, count }, at) => (
          <Button
            key={scope}
            type={at === 0 ? 'primary' : 'default'}
            loading={act.isPending}
            onClick={() => act.mutate({ to: 'commitment', body: { sha256, version, scope } })}
          >
            {labels[scope](count)}
          </Button>
        ))}
        <Button disabled={act.isPending} onClick={() => act.mutate({ to: 'check', body: { version } })}>
          重新核对
        </Button>
        <Button disabled={act.isPending} onClick={() => act.mutate({ to: 'cancellation', body: {} })}>
          放弃
        </Button>
      </div>
      <ActError error={act.error} act="办理" />
    </>
  )
}

/** 标注后的文件: the own file with the faulty cells red and a column 校验意见. */
function Marked({ made, path }: { made: CatalogImport; path: string }) {
  const fetching = useAct(async (_: null) => {
    const { fileName, content } = await apiFile(`${path}/marked`, { timeoutMs: 60_000 })
    saveFile(fileName, content)
  })
  if (!made.hasFile || made.state === 'discarded') return null
  return (
    <>
      <p className="tc-import-marked">
        <Button loading={fetching.isPending} onClick={() => fetching.mutate(null)}>
          下载标注后的文件
        </Button>{' '}
        <span className="tc-muted">有问题的单元格标红，最后一列为校验意见，其余内容不变。</span>
      </p>
      <ActError error={fetching.error} act="下载" />
    </>
  )
}
