/** An item of the catalog entry that a channel brings records of. */
export interface ConfiguredItem {
  id: string
  name: string
  /** Its technical name (英文名), which packs give after the department's column. */
  code: string
}

/** The file as the agent reads it: columns are called as the catalog calls the items until the department says otherwise. */
export function configOf(center: string, channel: string, items: readonly ConfiguredItem[]): string {
  const pairs = items.map(
    (item) =>
      [`${item.id}: ${/^\w+$/.test(item.code) ? item.code : JSON.stringify(item.code)}`, item.name.replaceAll(/\s+/g, ' ')] as const,
  )
  const width = Math.max(...pairs.map(([pair]) => pair.length))
  return `center: ${center}
token-file: token        # 报送令牌存为此文件
data: data               # 暂存库、密钥和日志
channels:
  - channel: ${channel}
    source:
      kind: csv          # 或 excel、postgres、mysql、http，写法见前置程序说明
      folder: records    # 来源文件夹
      files: '*.csv'
      mode: whole        # 最新的文件即全表
    items:               # 信息项: 来源的列名
${pairs.map(([pair, name]) => `      ${pair.padEnd(width)}  # ${name}`).join('\n')}
`
}
