import { StateWord } from '@tongchou/ui'
import { alarmWords } from '../words.ts'
import { type Alarm, alarmTones } from './exchange-api.ts'

/** What is wrong with a channel, in words; that nothing is wrong is said too. */
export function Alarms({ alarms, isSuspended }: { alarms: readonly Alarm[]; isSuspended: boolean }) {
  if (isSuspended) return <span className="tc-muted">停用</span>
  if (alarms.length === 0) return <StateWord text="正常" tone="good" />
  return (
    <span className="tc-row-acts">
      {alarms.map(({ kind }) => (
        <StateWord key={kind} text={alarmWords[kind]} tone={alarmTones[kind]} />
      ))}
    </span>
  )
}
