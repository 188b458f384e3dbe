// SPDX-License-Identifier: Apache-2.0

import { Button, Input, Popover } from 'antd'
import { useState } from 'react'
import { ActError } from './ActError.tsx'
import type { ListState } from './list-state.ts'
import { type SavedView, usePreferences } from './preferences.ts'

const MOST = 20

/** 常用筛选: filters of a list under a name of one's own, the same on every machine. */
export function SavedViews({ id, state }: { id: string; state: ListState }) {
  const [open, setOpen] = useState(false)
  const { preferences, change } = usePreferences()
  const views = preferences?.savedViews[id] ?? []
  const keep = (next: readonly SavedView[]) => preferences && change.mutate({ savedViews: { ...preferences.savedViews, [id]: next } })
  const filters = Object.fromEntries(Object.entries(state.values).filter(([, value]) => value !== ''))
  const content = (
    <div className="tc-views">
      {views.length === 0 && <p className="tc-muted">还没有保存的筛选。</p>}
      <ul>
        {views.map((view) => (
          <li key={view.name}>
            <Button
              type="link"
              onClick={() => {
                state.apply(view.filters)
                setOpen(false)
              }}
            >
              {view.name}
            </Button>
            <Button
              type="text"
              size="small"
              aria-label={`删除常用筛选“${view.name}”`}
              onClick={() => keep(views.filter((one) => one.name !== view.name))}
            >
              删除
            </Button>
          </li>
        ))}
      </ul>
      <NewView
        filtered={Object.keys(filters).length > 0}
        full={views.length >= MOST}
        pending={change.isPending}
        onKeep={(name) => keep([...views.filter((one) => one.name !== name), { name, filters }])}
      />
      <ActError error={change.error} act="保存常用筛选" />
    </div>
  )
  return (
    <Popover content={content} title="常用筛选" trigger="click" placement="bottomRight" open={open} onOpenChange={setOpen}>
      <Button>常用筛选</Button>
    </Popover>
  )
}

interface NewViewProps {
  filtered: boolean
  full: boolean
  pending: boolean
  onKeep: (name: string) => void
}

/** Says why nothing can be saved, or takes a name. */
function NewView({ filtered, full, pending, onKeep }: NewViewProps) {
  const [name, setName] = useState('')
  if (!filtered) return <p className="tc-muted">先选择筛选条件，再保存为常用。</p>
  if (full) return <p className="tc-muted">最多保存 {MOST} 个，请先删除不再使用的。</p>
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault()
        if (name.trim() === '') return
        onKeep(name.trim())
        setName('')
      }}
    >
      <Input aria-label="名称" placeholder="为当前筛选起名" value={name} maxLength={40} onChange={(event) => setName(event.target.value)} />
      <Button htmlType="submit" loading={pending} disabled={name.trim() === ''}>
        保存
      </Button>
    </form>
  )
}
