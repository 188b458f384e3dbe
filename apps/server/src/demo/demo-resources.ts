/** Data types of the national cataloguing guide (信息资源目录编制指南): 字符型C, 数值型N, 货币型Y, 日期型D, 日期时间型T, 备注型M. */
export type ItemType = 'C' | 'N' | 'Y' | 'D' | 'T' | 'M'

export interface DemoItem {
  name: string
  type: ItemType
  /** For C only. */
  length?: number
  /** Identifies or concerns a person; masked where it is shown. */
  isSensitive: boolean
  isKey: boolean
}

/** A data resource (数据资源) that a project declares and catalogues. */
export interface DemoResource {
  name: string
  summary: string
  items: DemoItem[]
  shareType: 'unconditional' | 'conditional'
  /** Only with conditional sharing. */
  shareCondition: string
  openType: 'open' | 'not-open'
  updateCycle: '实时' | '每日' | '每周' | '每月' | '每季度' | '每年'
}

/** Reads `资源：信息项、信息项；资源：…`. */
export function demoResources(text: string, ownerName: string): DemoResource[] {
  return text
    .split('；')
    .filter(Boolean)
    .map((part) => {
      const [name = '', items = ''] = part.split('：')
      return resource(name, items.split('、'), ownerName)
    })
}

function resource(name: string, itemNames: string[], ownerName: string): DemoResource {
  const items = itemNames.map(
    (itemName, index): DemoItem => ({ name: itemName, ...typeOf(itemName), isSensitive: isSensitive(itemName), isKey: index === 0 }),
  )
  // A name alone is no key of a person; where the number stands beside it, the number is.
  const numbered = items.findIndex(({ name: itemName }) => itemName === '身份证号')
  const keyed = numbered < 0 ? items : items.map((item, index) => ({ ...item, isKey: index === numbered }))
  const personal = keyed.some((item) => item.isSensitive)
  return {
    name,
    summary: `${ownerName}履行职责过程中形成的${name}，包括${itemNames.slice(0, 3).join('、')}等信息项。`,
    items: keyed,
    shareType: personal ? 'conditional' : 'unconditional',
    shareCondition: personal ? '仅限办理依法履职事项时查询比对，按最少够用提供信息项，不得转作他用' : '',
    openType: !personal && isForThePublic(name) ? 'open' : 'not-open',
    updateCycle: cycleOf(itemNames),
  }
}

/** What a city publishes anyway: notices, lists, permits, measurements. */
function isForThePublic(name: string): boolean {
  return /(公告|目录|清单|价格|线路|景区|设施|监测数据|许可|结果|统计|指标|名单|书目)/.test(name)
}

function typeOf(name: string): { type: ItemType; length?: number } {
  if (/(时间|时刻)$/.test(name)) return { type: 'T' }
  if (/日期$/.test(name)) return { type: 'D' }
  if (/(金额|总额|余额|资额|支付金|费用|单价|存额|支出额|收入额|产值额|零售额)$/.test(name)) return { type: 'Y' }
  if (
    /(数|数量|面积|人数|天数|比例|率|浓度|位移量|雨量|客运量|货运量|清运量|消耗量|用电量|负荷量|取水量|存储量|承载量|水量|总重量|经度|纬度|评分|得分|指标数值)$/.test(
      name,
    )
  )
    return { type: 'N' }
  if (/(说明|描述|意见|摘要)$/.test(name)) return { type: 'M' }
  if (/(身份证号|统一社会信用代码)$/.test(name)) return { type: 'C', length: 18 }
  return { type: 'C', length: 100 }
}

function isSensitive(name: string): boolean {
  return /(身份证号|姓名|电话|住址|户籍地址|过敏史说明|诊断名称|车牌号)$/.test(name)
}

function cycleOf(names: readonly string[]): DemoResource['updateCycle'] {
  if (names.some((name) => /(监测时间|采集时间)$/.test(name))) return '实时'
  if (names.some((name) => /时间$/.test(name))) return '每日'
  if (names.some((name) => /(统计日期|统计期|报告期|所属期)$/.test(name))) return '每月'
  return names.length % 2 === 0 ? '每周' : '每季度'
}
