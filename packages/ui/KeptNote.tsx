// SPDX-License-Identifier: Apache-2.0
import { Button } from 'antd'
import { useEffect, useState } from 'react'
import { Moment } from './Dates.tsx'
import type { Kept } from './kept.ts'

/** Says that what was typed is kept here, or was taken up again, and lets it be removed (清除). */
export function KeptNote({ kept, onClear }: { kept: Kept; onClear: () => void }) {
  const online = useOnline()
  if (kept.restoredAt === null && (online || !kept.isKept)) return null
  return (
    <p className="tc-kept" role="status">
      {!online && kept.isKept && '网络不通，填写的内容已保存在本机，恢复后可继续办理。'}
      {kept.restoredAt !== null && (
        <>
          已恢复 <Moment at={kept.restoredAt} text /> 填写、尚未提交的内容；只保存在本机，只供本账号使用。{' '}
          <Button
            size="small"
            onClick={() => {
              kept.clear()
              onClear()
            }}
          >
            清除
          </Button>
        </>
      )}
    </p>
  )
}

/** Whether the browser believes to have a network. */
export function useOnline(): boolean {
  const [online, setOnline] = useState(() => navigator.onLine)
  useEffect(() => {
    const look = () => setOnline(navigator.onLine)
    window.addEventListener('online', look)
    window.addEventListener('offline', look)
    return () => {
      window.removeEventListener('online', look)
      window.removeEventListener('offline', look)
    }
  }, [])
  return online
}
