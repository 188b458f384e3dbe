import { CivilDate, Facts, StateWord } from '@tongchou/ui'
import { maskingWords } from '../words.ts'
import type { Grant } from './sharing-api.ts'

type Terms = Grant['terms']

/** What is granted: each item whole or masked, which records, until when. */
export function TermsTable({ terms, label }: { terms: Terms; label: string }) {
  return (
    <>
      <Facts
        items={[
          { label: '数据范围', value: rowsText(terms.rows) },
          { label: '截止日期', value: <CivilDate value={terms.validUntil} /> },
          { label: '每日限额', value: terms.quotaPerDay === null ? '不限' : `${terms.quotaPerDay}条` },
          { label: '使用要求', value: terms.use ?? '无另外要求', wide: true },
        ]}
      />
      <table className="tc-table" aria-label={label}>
        <thead>
          <tr>
            <th scope="col">信息项</th>
            <th scope="col">提供方式</th>
          </tr>
        </thead>
        <tbody>
          {terms.items.map((item) => (
            <tr key={item.id}>
              <td>{item.name}</td>
              <td>
                {item.masking === null ? '不脱敏' : <StateWord text={`脱敏：${maskingWords[item.masking] ?? item.masking}`} tone="plain" />}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </>
  )
}

export const rowsText = (rows: Terms['rows']): string =>
  rows.length === 0 ? '全部数据' : rows.map(({ name, is }) => `${name}为“${is}”`).join('，且')
