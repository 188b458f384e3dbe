// SPDX-License-Identifier: Apache-2.0
import type { Entry } from '../entry.ts'
import { dragFilled, foldName, isBlank, tidyName } from '../fold.ts'
import { type Hit, hit, warn } from './finding.ts'

/** R10 of one entry: spaces and invisible characters in names, and names of items that a spreadsheet counted on. */
export function tidy({ name, items }: Entry): Hit[] {
  const untidy = (text: string, path: string): Hit[] =>
    isBlank(text) || tidyName(text) === text ? [] : [warn('R10', path, '名称首尾或中间有多余的空格或不可见字符', `改为“${tidyName(text)}”`)]
  return [
    ...untidy(name, 'name'),
    ...items.flatMap((item, index) => untidy(item.name, `items/${index}/name`)),
    ...dragFilled(items.map((item) => item.name)).map((index) =>
      warn('R10', `items/${index}/name`, `信息项名称“${items[index]?.name ?? ''}”疑为下拉填充形成`, '核对后改为实际的名称'),
    ),
  ]
}

/** R10, R11 and E02 of entries that come together: one name, one code, one entry. Hits by the place of their entry. */
export function together(entries: readonly Entry[]): Map<number, Hit[]> {
  const hits = new Map<number, Hit[]>()
  const add = (index: number, one: Hit) => hits.set(index, [...(hits.get(index) ?? []), one])
  const names = new Map<string, number>()
  const codes = new Map<string, number>()
  entries.forEach(({ name, provider, code }, index) => {
    const unit = foldName(provider ?? '')
    const same = isBlank(name) ? undefined : names.get(`${unit} ${foldName(name)}`)
    if (same !== undefined) add(index, twice(entries, same, index))
    else if (!isBlank(name)) names.set(`${unit} ${foldName(name)}`, index)
    if (isBlank(code)) return
    const other = codes.get(code ?? '')
    if (other !== undefined && other !== same)
      add(index, hit('R11', 'code', `与第${other + 1}项资源“${entries[other]?.name ?? ''}”代码相同`, '一项资源一个代码，请核对'))
    else codes.set(code ?? '', index)
  })
  for (const index of dragFilled(entries.map(({ name }) => name)))
    add(index, warn('R10', 'name', `资源名称“${entries[index]?.name ?? ''}”疑为下拉填充形成`, '核对后改为实际的名称'))
  return hits
}

function twice(entries: readonly Entry[], first: number, second: number): Hit {
  const [one, other] = [entries[first], entries[second]]
  if (!isBlank(one?.code) && !isBlank(other?.code) && one?.code !== other?.code)
    return hit('R11', 'code', `与第${first + 1}项资源同名而代码不同`, '一项资源一个代码，请核对')
  return hit('E02', 'name', `与第${first + 1}项资源“${one?.name ?? ''}”重名`, '核对是否重复；不重复的，改用有区别的名称')
}
