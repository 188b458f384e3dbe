// SPDX-License-Identifier: Apache-2.0
import type { ListPage } from '@tongchou/api-client'
import { AutoComplete } from 'antd'
import { useState } from 'react'
import { useApi, useSettled } from './data.ts'
import { reasonOf } from './states.tsx'

interface EnterpriseLine {
  id: string
  name: string
  uscc: string | null
}

export interface EnterpriseInputProps {
  id?: string
  value: string
  maxLength: number
  onChange: (name: string) => void
  /** The code of the enterprise that was chosen; empty where the register has none. */
  onCode: (code: string) => void
  'aria-label'?: string
  'aria-describedby'?: string
  'aria-required'?: boolean
  'aria-invalid'?: boolean
}

/** 企业: the name is typed as it is signed, or chosen from the register, which fills in the code; a new one is typed with its code. */
export function EnterpriseInput({ value, maxLength, onChange, onCode, ...named }: EnterpriseInputProps) {
  const [open, setOpen] = useState(false)
  const searched = useSettled(value.trim())
  const list = useApi<ListPage<EnterpriseLine>>(open ? '/api/v1/enterprises' : null, { q: searched, limit: 20 })
  const lines = list.data?.items ?? []
  return (
    <AutoComplete
      {...named}
      value={value}
      status={named['aria-invalid'] ? 'error' : ''}
      style={{ width: '100%', maxWidth: 480 }}
      popupMatchSelectWidth={false}
      options={lines.map((one) => ({ value: one.id, label: one.uscc === null ? one.name : `${one.name}（${one.uscc}）` }))}
      notFoundContent={
        <output>{list.error ? reasonOf(list.error) : list.data ? '名录中没有，登记合同时一并登记，请填写代码' : '正在查找'}</output>
      }
      onOpenChange={setOpen}
      onChange={(next: string | undefined) => {
        const chosen = lines.find((one) => one.id === next)
        onChange((chosen?.name ?? next ?? '').slice(0, maxLength))
        if (chosen) onCode(chosen.uscc ?? '')
      }}
    />
  )
}
