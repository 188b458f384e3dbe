import { StateWord } from '@tongchou/ui'
import { deploymentWords } from '../words.ts'

/** An answer that may still be missing: absent is said, never taken for no. */
export function YesNo({ value, yes = '是', no = '否' }: { value: boolean | null; yes?: string; no?: string }) {
  if (value === null) return <StateWord text="尚未核实" />
  return value ? <StateWord text={yes} tone="good" /> : <StateWord text={no} tone="bad" />
}

/** The value of an answer, whatever its kind. */
export function AnswerValue({ value }: { value: boolean | string | null }) {
  if (typeof value !== 'string') return <YesNo value={value} />
  const text = value in deploymentWords ? deploymentWords[value as keyof typeof deploymentWords] : value
  return <StateWord text={text} tone={value === 'gov-cloud' ? 'good' : 'bad'} />
}
