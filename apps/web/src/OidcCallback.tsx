// SPDX-License-Identifier: Apache-2.0
import { useMutation } from '@tanstack/react-query'
import { apiPost } from '@tongchou/api-client'
import { Loading, reasonOf } from '@tongchou/ui'
import { Alert } from 'antd'
import { useEffect, useRef } from 'react'
import { useLocation } from 'react-router'
import { SecondStep } from './SignIn.tsx'

/** Where the sign-on sends the browser back to: hands in what came with it, once, and goes on. */
export function OidcCallback() {
  const { search } = useLocation()
  const begun = useRef(false)
  // Written by the settings before they send the browser off; a sign-in writes nothing.
  const binding = sessionStorage.getItem('tongchou.oidc') === 'bind'
  const leave = (to: string) => window.location.replace(to)
  const finish = useMutation({
    mutationFn: (query: string) =>
      apiPost<{ secondFactor?: string[] } | undefined>(binding ? '/api/v1/me/oidc-binding' : '/api/v1/sessions/oidc', { query }),
    onSettled: () => sessionStorage.removeItem('tongchou.oidc'),
    onSuccess: (answer) => {
      if (!answer?.secondFactor) leave(binding ? '/settings' : '/')
    },
  })
  useEffect(() => {
    document.title = '统一身份认证 · 统筹'
    if (begun.current) return
    begun.current = true
    finish.mutate(search === '' ? '?' : search)
  })
  return (
    <main className="tc-sign-in">
      <h1>统筹</h1>
      <p className="tc-muted">政务信息化项目全过程管理平台</p>
      {finish.data?.secondFactor && <SecondStep onSignedIn={() => leave('/')} onBack={() => leave('/')} />}
      {finish.error && (
        <>
          <Alert type="error" showIcon title={`${binding ? '未能关联统一身份' : '未能登录'}：${reasonOf(finish.error)}`} />
          <p className="tc-sign-in-back">
            <a href={binding ? '/settings' : '/'}>{binding ? '返回个人设置' : '返回登录'}</a>
          </p>
        </>
      )}
      {!finish.error && !finish.data?.secondFactor && <Loading what="统一身份认证的答复" lines={2} />}
    </main>
  )
}
