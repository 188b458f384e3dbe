import { QueryView, useApi } from '@tongchou/ui'
import { Alert, Button, Modal } from 'antd'
import { useState } from 'react'
import type { CaseView } from './case-api.ts'
import type { SupervisingVerb } from './oversight-api.ts'
import { VerbForm } from './VerbForm.tsx'

const words: Readonly<Record<SupervisingVerb, string>> = { urge: '催办', oversee: '督办' }

export interface RowVerbsProps {
  caseId: string
  taskId: string
  title: string
  verbs: readonly SupervisingVerb[]
}

/** 催办 and 督办 of a task from its row in a list: the same verbs and forms as on the page of its case. */
export function RowVerbs({ caseId, taskId, title, verbs }: RowVerbsProps) {
  const [open, setOpen] = useState<SupervisingVerb | null>(null)
  return (
    <span className="tc-row-acts">
      {verbs.map((verb) => (
        <Button key={verb} size="small" aria-label={`${words[verb]}：${title}`} onClick={() => setOpen(verb)}>
          {words[verb]}
        </Button>
      ))}
      {open && (
        <Modal open title={`${words[open]}：${title}`} onCancel={() => setOpen(null)} footer={null} destroyOnHidden>
          <Verb caseId={caseId} taskId={taskId} verb={open} onDone={() => setOpen(null)} />
        </Modal>
      )}
    </span>
  )
}

/** Asks the case anew: since the list was read, somebody may have urged, or the task may be done. */
function Verb({ caseId, taskId, verb, onDone }: { caseId: string; taskId: string; verb: SupervisingVerb; onDone: () => void }) {
  const query = useApi<CaseView>(`/api/v1/cases/${caseId}`)
  return (
    <QueryView query={query} what="办件" lines={3}>
      {(view) => {
        const offer = view.verbs.find((one) => one.kind === verb && (verb === 'oversee' || one.taskId === taskId))
        if (!offer) return <Refused words={`该环节已办结或办理人已变动，不能${words[verb]}。`} onClose={onDone} />
        if (offer.refused !== null) return <Refused words={`${offer.title}：${offer.refused}`} onClose={onDone} />
        return <VerbForm view={view} verb={offer} onDone={onDone} />
      }}
    </QueryView>
  )
}

function Refused({ words: said, onClose }: { words: string; onClose: () => void }) {
  return (
    <>
      <Alert type="warning" showIcon title={said} />
      <div className="tc-dialog-end">
        <Button onClick={onClose}>返回列表</Button>
      </div>
    </>
  )
}
