// SPDX-License-Identifier: Apache-2.0
import { Modal } from 'antd'
import { useEffect } from 'react'
import { useBlocker } from 'react-router'

/** Leaving with something unsaved is asked about first, unless it is kept here. */
export function LeaveGuard({ isDirty, isKept }: { isDirty: () => boolean; isKept: boolean }) {
  const blocker = useBlocker(
    ({ currentLocation, nextLocation }) => isDirty() && !isKept && currentLocation.pathname !== nextLocation.pathname,
  )
  useEffect(() => {
    const ask = (event: BeforeUnloadEvent) => {
      if (isDirty() && !isKept) event.preventDefault()
    }
    window.addEventListener('beforeunload', ask)
    return () => window.removeEventListener('beforeunload', ask)
  }, [isDirty, isKept])
  return (
    <Modal
      open={blocker.state === 'blocked'}
      title="有内容尚未保存"
      okText="离开，放弃未保存的内容"
      okButtonProps={{ danger: true }}
      cancelText="继续填写"
      onOk={() => blocker.proceed?.()}
      onCancel={() => blocker.reset?.()}
    >
      <p>内容尚未送达服务器，离开后将丢失。</p>
    </Modal>
  )
}
