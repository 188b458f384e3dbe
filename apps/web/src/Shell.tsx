// SPDX-License-Identifier: Apache-2.0
import { useQueryClient } from '@tanstack/react-query'
import { ApiProblem } from '@tongchou/api-client'
import { type Display, ErrorState, Loading, type Session, SessionContext, themeFor, useApi, useDisplay, usePhone } from '@tongchou/ui'
import { ConfigProvider, Modal } from 'antd'
import { useEffect, useState } from 'react'
import { Frame } from './Frame.tsx'
import { SESSION_ENDED } from './query-client.ts'
import { SignInForm, SignInPage } from './SignIn.tsx'

/** Before somebody has signed in nobody's settings are known. */
const UNSET: Display = { textSize: 'normal', contrast: 'normal' }

/** Nobody signed in: the sign-in page in place. Somebody: the frame. Ended meanwhile: asked again above the page, which keeps what was typed. */
export function Shell() {
  const me = useApi<Session>('/api/v1/me')
  const queries = useQueryClient()
  const [ended, setEnded] = useSessionEnded()
  useDisplay(me.data?.display)
  const phone = usePhone()
  const signedOut = me.error instanceof ApiProblem && me.error.status === 401

  if (me.data === undefined) {
    if (signedOut) {
      // That nobody is signed in yet was told as an ended session, too: the frame must not open with that question.
      const signedIn = () => {
        setEnded(false)
        void me.refetch()
      }
      return (
        <ConfigProvider theme={themeFor(UNSET, phone)}>
          <SignInPage onSignedIn={signedIn} />
        </ConfigProvider>
      )
    }
    return (
      <main className="tc-page">
        {me.error ? <ErrorState what="登录信息" error={me.error} onRetry={() => void me.refetch()} /> : <Loading what="登录信息" />}
      </main>
    )
  }

  const person = me.data.person.id
  const signedInAgain = async () => {
    const { data } = await me.refetch()
    // Somebody else at the same desk must not go on in a page that was opened for another.
    if (data?.person.id !== person) window.location.reload()
    setEnded(false)
    await queries.invalidateQueries()
  }
  return (
    <ConfigProvider theme={themeFor(me.data.display, phone)}>
      <SessionContext value={me.data}>
        <Frame session={me.data} />
        <Modal open={ended || signedOut} title="登录已过期，请重新登录" footer={null} closable={false} keyboard={false} destroyOnHidden>
          <p>页面上已填写的内容仍然保留，登录后可继续办理。</p>
          <SignInForm onSignedIn={() => void signedInAgain()} />
        </Modal>
      </SessionContext>
    </ConfigProvider>
  )
}

function useSessionEnded() {
  const [ended, setEnded] = useState(false)
  useEffect(() => {
    const mark = () => setEnded(true)
    window.addEventListener(SESSION_ENDED, mark)
    return () => window.removeEventListener(SESSION_ENDED, mark)
  }, [])
  return [ended, setEnded] as const
}
