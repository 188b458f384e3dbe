// SPDX-License-Identifier: Apache-2.0
import { Button } from 'antd'
import { type ReactNode, useState } from 'react'
import { Section } from './Page.tsx'

export interface ChosenAct {
  id: string
  /** The act as a verb: 申报保护等级. */
  title: string
  /** Its form; `onDone` closes it. Drawn only while the act is open. */
  form: (onDone: () => void) => ReactNode
}

/** What this post may do with a thing now (可办理事项), one form open at a time. Nothing where nothing may be done. */
export function ActChooser({ acts }: { acts: readonly ChosenAct[] }) {
  const [openId, setOpen] = useState<string | null>(null)
  const open = acts.find((act) => act.id === openId)
  if (acts.length === 0) return null
  return (
    <Section title="可办理事项">
      <div className="tc-acts">
        {acts.map((act) => (
          <Button
            key={act.id}
            type={act === open ? 'primary' : 'default'}
            aria-expanded={act === open}
            onClick={() => setOpen(act === open ? null : act.id)}
          >
            {act.title}
          </Button>
        ))}
      </div>
      {open && <div key={open.id}>{open.form(() => setOpen(null))}</div>}
    </Section>
  )
}
