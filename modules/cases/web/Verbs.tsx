import { Section } from '@tongchou/ui'
import { Button } from 'antd'
import { useState } from 'react'
import type { CaseView, VerbOffer } from './case-api.ts'
import { VerbForm } from './VerbForm.tsx'

/** 更多办理: what may be done with the case besides deciding it, one form open at a time; and why not what may not. */
export function Verbs({ view }: { view: CaseView }) {
  const [openId, setOpen] = useState<string | null>(null)
  const allowed = view.verbs.filter((verb) => verb.refused === null)
  const refused = view.verbs.filter((verb) => verb.refused !== null)
  const open = allowed.find((verb) => idOf(verb) === openId)
  if (view.verbs.length === 0) return null
  return (
    <Section title="更多办理">
      <div className="tc-acts">
        {allowed.map((verb) => (
          <Button
            key={idOf(verb)}
            type={verb === open ? 'primary' : 'default'}
            aria-expanded={verb === open}
            onClick={() => setOpen(verb === open ? null : idOf(verb))}
          >
            {labelOf(verb, allowed)}
          </Button>
        ))}
      </div>
      {open && <VerbForm key={idOf(open)} view={view} verb={open} onDone={() => setOpen(null)} />}
      {refused.length > 0 && (
        <ul className="tc-muted cases-refused">
          {refused.map((verb) => (
            <li key={idOf(verb)}>{`${verb.title}：${verb.refused}`}</li>
          ))}
        </ul>
      )}
    </Section>
  )
}

function idOf(verb: VerbOffer): string {
  return `${verb.kind} ${verb.taskId ?? verb.ref ?? ''}`
}

/** The verb alone where there is one of it; otherwise with what it is about. */
function labelOf(verb: VerbOffer, all: readonly VerbOffer[]): string {
  const several = all.filter((one) => one.kind === verb.kind).length > 1
  return several && verb.about ? `${verb.title}（${verb.about}）` : verb.title
}
