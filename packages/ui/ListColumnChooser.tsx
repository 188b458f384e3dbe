// SPDX-License-Identifier: Apache-2.0

import { Button, Checkbox, Popover } from 'antd'
import { useState } from 'react'
import type { ListColumn } from './ListTable.tsx'
import { usePreferences } from './preferences.ts'

/** Which columns are shown: a box each but for the first, which always stays. */
export function ListColumnChooser<T>({
  columns,
  hidden,
  onChange,
  onDone,
}: {
  columns: readonly ListColumn<T>[]
  hidden: readonly string[]
  onChange: (hidden: readonly string[]) => void
  /** The choosing is over. */
  onDone: () => void
}) {
  const toggle = (key: string) => onChange(hidden.includes(key) ? hidden.filter((one) => one !== key) : [...hidden, key])
  const boxes = (
    <div className="tc-columns">
      {columns.slice(1).map((column) => (
        <Checkbox key={column.key} checked={!hidden.includes(column.key)} onChange={() => toggle(column.key)}>
          {column.title}
        </Checkbox>
      ))}
    </div>
  )
  return (
    <Popover content={boxes} title="显示的列" trigger="click" placement="bottomRight" onOpenChange={(open) => !open && onDone()}>
      <Button>选择列</Button>
    </Popover>
  )
}

/**
 * The columns that this person hides in a list, the same on every machine. What has just been chosen holds at once and is
 * kept when the choosing is over, not at every click.
 */
export function useHiddenColumns<T>(id: string, columns: readonly ListColumn<T>[]) {
  const { preferences, change } = usePreferences()
  const [chosen, setChosen] = useState<readonly string[]>()
  const usual = columns.filter((column) => column.shown === 'hidden').map((column) => column.key)
  const kept = preferences?.hiddenColumns[id]
  return {
    hidden: chosen ?? kept ?? usual,
    choose: setChosen,
    keep: () => {
      if (!chosen || !preferences || chosen.join() === kept?.join()) return
      change.mutate({ hiddenColumns: { ...preferences.hiddenColumns, [id]: [...chosen] } })
    },
  }
}
