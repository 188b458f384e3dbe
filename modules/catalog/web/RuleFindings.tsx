import { ActLink, Section, StateWord } from '@tongchou/ui'
import type { Resource } from './catalog-api.ts'
import { RuleSource } from './EntrySummary.tsx'

/** What the one rule set says of a stored entry (校验结果): what must be put right, what is only said, what cannot be decided yet. */
export function RuleFindings({ resource }: { resource: Resource }) {
  const mayEdit = resource.mayDo.includes('change')
  return <FindingsSection {...resource} edit={mayEdit ? { to: `/catalog/${resource.id}/edit`, word: '修改目录' } : null} />
}

interface FindingsProps extends Pick<Resource, 'findings' | 'undecided'> {
  state: string
  edit: { to: string; word: string } | null
}

/** The same of an entry or of a change of one. */
export function FindingsSection({ findings, undecided, state, edit }: FindingsProps) {
  // Nothing is to be put right in what was handed in; what is said of it stays to be read.
  const open = state === 'draft' || state === 'returned'
  const errors = findings.filter(({ severity }) => severity === 'error')
  const warnings = findings.filter(({ severity }) => severity === 'warning')
  if (errors.length + warnings.length + undecided.length === 0) return null
  return (
    <Section title="校验结果">
      {open && errors.length > 0 && <p>提交审核前还须补正{errors.length}处：</p>}
      <ul className="tc-rule-list" aria-label="校验结果">
        {errors.map((one) => (
          <Line key={`${one.rule} ${one.path} ${one.message}`} finding={one} word="须补正" tone="bad" />
        ))}
        {warnings.map((one) => (
          <Line key={`${one.rule} ${one.path} ${one.message}`} finding={one} word="提示" tone="soon" />
        ))}
        {undecided.map((one) => (
          <Line key={`${one.rule} ${one.path} ${one.message}`} finding={one} word="无法判定" tone="plain" />
        ))}
      </ul>
      {open && errors.length > 0 && edit && (
        <p>
          <ActLink to={edit.to}>{edit.word}</ActLink>
        </p>
      )}
    </Section>
  )
}

interface LineProps {
  finding: Resource['undecided'][number]
  word: string
  tone: 'bad' | 'soon' | 'plain'
}

function Line({ finding, word, tone }: LineProps) {
  return (
    <li>
      <StateWord text={word} tone={tone} />{' '}
      <span>
        {finding.message}。{finding.fix}。 <RuleSource finding={finding} />
      </span>
    </li>
  )
}
