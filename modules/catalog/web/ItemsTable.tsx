import { Empty, Section, Sideways } from '@tongchou/ui'
import { gradeWords, maskingWords, openingWords, sensitivityWords, sharingWords, typeWords } from '../words.ts'
import type { Content, Item } from './catalog-api.ts'
import { basisOf } from './ResourceFacts.tsx'

const headings = ['标识', '名称', '英文名', '数据类型', '长度', '主键', '敏感程度', '脱敏方式', '共享类型', '开放类型', '数据分级', '说明']

/** The items of an entry (信息项), each with its id and what it says otherwise than its resource. */
export function ItemsTable({ content }: { content: Content }) {
  return (
    <Section title="信息项">
      {content.items.length === 0 ? (
        <Empty what="尚无信息项" hint="至少填写一个信息项，并标明主键。" />
      ) : (
        <Sideways label="信息项">
          <table className="tc-table" aria-label="信息项">
            <thead>
              <tr>
                {headings.map((title) => (
                  <th key={title} scope="col" className={title === '长度' ? 'tc-right' : undefined}>
                    {title}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {content.items.map((item) => (
                <ItemRow key={item.id} item={item} />
              ))}
            </tbody>
          </table>
        </Sideways>
      )}
    </Section>
  )
}

function ItemRow({ item }: { item: Item }) {
  return (
    <tr>
      <td className="tc-num tc-muted">{item.id}</td>
      <td>{item.name}</td>
      <td>{item.code}</td>
      <td className="tc-short">{item.type === null ? '未填写' : typeWords[item.type]}</td>
      <td className="tc-right">{lengthOf(item)}</td>
      <td>{[item.isKey && '是', item.isTimestamp && '时间戳'].filter(Boolean).join('，')}</td>
      <td className="tc-short">{sensitivityWords[item.sensitivity]}</td>
      <td className="tc-short">{item.masking === null ? '' : maskingWords[item.masking]}</td>
      <td className="tc-short">{item.sharing === null ? '同资源' : sharingWords[item.sharing]}</td>
      <td className="tc-short">{item.opening === null ? '同资源' : openingWords[item.opening]}</td>
      <td className="tc-short">{item.grade === null ? '同资源' : gradeWords[item.grade]}</td>
      <td>{notesOf(item).join('；')}</td>
    </tr>
  )
}

function lengthOf({ length, precision }: Item): string {
  if (length === null) return ''
  return precision === null || precision === 0 ? String(length) : `${length}，${precision}位小数`
}

/** What is said of an item besides its columns. */
function notesOf(item: Item): string[] {
  const said: [string, string | null][] = [
    ['理由', item.sharingReason],
    ['依据', item.sharing === 'none' ? basisOf(item) || null : null],
    ['共享条件', item.sharingCondition],
    ['定级理由', item.gradeReason],
    ['值域', item.valueRange],
    ['代码集', item.codeList],
    ['数据元', item.element],
    ['所属表', item.sourceTable],
    ['本部门产生', item.isOwn === null ? null : item.isOwn ? '是' : '否'],
  ]
  return said.flatMap(([label, value]) => (value === null || value === '' ? [] : [`${label}：${value}`]))
}
