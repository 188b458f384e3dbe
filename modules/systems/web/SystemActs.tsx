import { apiPost } from '@tongchou/api-client'
import { ActChooser, ActForm, choicesOf, type FormField, field } from '@tongchou/ui'
import { deploymentWords, factWords, statusWords } from '../words.ts'
import { actTitles, type System } from './system-api.ts'

type FormAct = keyof typeof actTitles | 'return'

/** What this post may do with the system now, one form at a time. */
export function SystemActs({ system }: { system: System }) {
  const allowed: FormAct[] = system.mayDo.filter((act) => act !== 'describe')
  if (allowed.includes('answer') && system.confirmation?.state === 'open') allowed.push('return')
  return (
    <ActChooser
      acts={allowed.map((act) => ({
        id: act,
        title: titleOf(act),
        form: (onDone) => <OneAct key={system.version} act={act} system={system} onDone={onDone} />,
      }))}
    />
  )
}

function titleOf(act: FormAct): string {
  return act === 'return' ? '退回确认申请' : actTitles[act]
}

function OneAct({ act, system, onDone }: { act: FormAct; system: System; onDone: () => void }) {
  const { path, fields, initial, read, lead } = formOf(act, system)
  return (
    <ActForm
      act={titleOf(act)}
      fields={fields}
      initial={initial}
      onDone={onDone}
      send={(data, key) =>
        apiPost(`/api/v1/systems/${system.id}/${path}`, { version: system.version, ...read(data) }, { idempotencyKey: key })
      }
    >
      {lead && <p className="tc-muted">{lead}</p>}
    </ActForm>
  )
}

interface OneForm {
  /** What the act does, before its fields. */
  lead?: string
  path: string
  fields: readonly FormField[]
  initial: Record<string, unknown>
  /** What is filled in, as the API takes it. */
  read: (data: Record<string, unknown>) => Record<string, unknown>
}

const asIs = (data: Record<string, unknown>) => data
const yesNo = [
  { value: 'yes', title: '是' },
  { value: 'no', title: '否' },
]
const evidence = (help: string) => field('evidence', '依据', { type: 'prose', maxLength: 1000, help })

function formOf(act: FormAct, system: System): OneForm {
  switch (act) {
    case 'change-status': {
      const later = Object.entries(statusWords).slice(Object.keys(statusWords).indexOf(system.status) + 1)
      const fields = [
        field('status', '变更为', { type: 'choice', choices: choicesOf(Object.fromEntries(later)), help: '状态只能依次向后变更。' }),
      ]
      return { path: 'status', fields, initial: {}, read: asIs }
    }
    case 'request-confirmation': {
      const help = '可说明部署位置、接入情况和可供核查的材料。'
      const fields = [field('note', '申请说明', { type: 'prose', maxLength: 1000, required: false, help })]
      return { path: 'confirmation-requests', fields, initial: {}, read: (data) => ({ note: '', ...data }) }
    }
    case 'return':
      return {
        path: 'confirmation-returns',
        fields: [field('reason', '退回原因', { type: 'prose', maxLength: 1000 })],
        initial: {},
        read: asIs,
      }
    case 'answer':
      return answerForm(system)
    case 'declare-protection':
    case 'confirm-protection':
      return protectionForm(system)
  }
}

/** Only what was looked at is answered: an empty field leaves the answer as it is. */
function answerForm(system: System): OneForm {
  const facts = Object.entries(factWords).filter(([fact]) => fact !== 'closureVerified' || system.status === 'closed')
  const fields = facts.map(([fact, title]) =>
    field(fact, title, { type: 'choice', choices: fact === 'deployment' ? choicesOf(deploymentWords) : yesNo, required: false }),
  )
  return {
    path: 'answers',
    lead: '填写本次核实的事项，至少一项；未核实的留空，原有结果不变。',
    fields: [...fields, evidence('核查的方式和材料，例如现场核查、云资源台账、接口调用记录。')],
    initial: {},
    read: (data) => Object.fromEntries(Object.entries(data).map(([id, value]) => [id, readYesNo(value)])),
  }
}

function protectionForm(system: System): OneForm {
  const levels = [1, 2, 3, 4, 5].map((level) => ({ value: String(level), title: `第${level}级` }))
  const { level, filingNumber, nextEvaluationOn } = system.protection ?? {}
  return {
    path: 'protection',
    fields: [
      field('level', '保护等级', { type: 'choice', choices: levels }),
      field('filingNumber', '备案号', { type: 'text', maxLength: 40, required: false, help: '第二级以上须填写公安机关备案号。' }),
      field('nextEvaluationOn', '下次测评日期', { type: 'date', required: false }),
      evidence('备案证明、测评报告等材料的名称和编号。'),
    ],
    initial: { level: level === undefined ? undefined : String(level), filingNumber, nextEvaluationOn },
    read: (data) => ({ filingNumber: null, nextEvaluationOn: null, ...data, level: Number(data.level) }),
  }
}

function readYesNo(value: unknown): unknown {
  return value === 'yes' ? true : value === 'no' ? false : value
}
