import { apiPost } from '@tongchou/api-client'
import { ActForm, field, useApi } from '@tongchou/ui'
import { useState } from 'react'

/** 签发报送令牌: for the department's own machine, by its data steward; it opens the intake and nothing else. */
export function TokenForm({ name }: { name: string }) {
  const [token, setToken] = useState<string>()
  const choices = useApi<{ latestOn: string }>('/api/v1/token-choices')
  if (token !== undefined)
    return (
      <div className="tc-state" role="status">
        <p className="tc-state-title">令牌已签发</p>
        <p>
          <code className="tc-fingerprint">{token}</code>
        </p>
        <p>只显示这一次，请立即存入前置程序的令牌文件。遗失的，在“会话与令牌”中撤销后重新签发。</p>
      </div>
    )
  return (
    <ActForm
      act="签发报送令牌"
      fields={[
        field('name', '用途', { type: 'text', maxLength: 100 }),
        field('expiresOn', '有效期至', {
          type: 'date',
          help: choices.data ? `最晚 ${choices.data.latestOn}，当日仍有效。` : '当日仍有效。',
        }),
      ]}
      initial={{ name: `${name}前置程序` }}
      send={async (data, idempotencyKey) => {
        const scope = { access: 'write', tags: ['exchange-intake'] }
        setToken((await apiPost<{ token: string }>('/api/v1/tokens', { ...data, scope }, { idempotencyKey })).token)
      }}
    >
      <p className="tc-muted">令牌以本岗位名义，只能用于数据报送，不能查询和办理其他事项。</p>
    </ActForm>
  )
}
