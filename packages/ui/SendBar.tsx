// SPDX-License-Identifier: Apache-2.0
import { Button } from 'antd'
import type { ReactNode } from 'react'
import type { FieldTrouble } from './step-form.ts'

export interface SendBarProps {
  /** The act as a verb, on the button: 提交申请. */
  act: string
  /** What is still missing or wrong, in the order of the form. A path leads there. */
  troubles: readonly (Omit<FieldTrouble, 'path'> & { path?: string | undefined })[]
  /** After the first attempt what is missing is said aloud. */
  tried: boolean
  pending: boolean
  /** Without it the button hands in the form that it stands in. */
  onGo?: () => void
  onGoTo: (path: string) => void
  children?: ReactNode
}

const SHOWN = 6

/** The end of a form that stays in view: what is missing (缺什么), each a way to its item, and the act. The button is never grey. */
export function SendBar({ act, troubles, tried, pending, onGo, onGoTo, children }: SendBarProps) {
  return (
    <div className="tc-send">
      <Button type="primary" htmlType={onGo ? 'button' : 'submit'} loading={pending} {...(onGo ? { onClick: onGo } : {})}>
        {act}
      </Button>
      {troubles.length > 0 && (
        <section className="tc-send-lacks" aria-label="尚缺内容">
          <span className={tried ? 'tc-field-error' : 'tc-muted'} role={tried ? 'alert' : undefined}>
            {act}前还须补正 {troubles.length} 处：
          </span>
          <ul>
            {troubles.slice(0, SHOWN).map(({ path, message }) => (
              <li key={`${path} ${message}`}>
                {path === undefined ? (
                  message
                ) : (
                  <button type="button" className="tc-linklike" onClick={() => onGoTo(path)}>
                    {message.replace(/：必须填写$/, '')}
                  </button>
                )}
              </li>
            ))}
            {troubles.length > SHOWN && <li className="tc-muted">另有 {troubles.length - SHOWN} 处</li>}
          </ul>
        </section>
      )}
      {children}
    </div>
  )
}
