import { demoCity } from './city.ts'
import type { Scene } from './scene.ts'
import type { Sent } from './sender.ts'

/** Who looks at whose records, by which item they are found, and what for (查阅). The center sees no numbers, so it finds a family by its number. */
const looked: readonly [before: number, who: string, register: string, item: string, citizen: string, kind: string, note: string][] = [
  [12, 'health-user', 'member', 'idNumber', 'citizen-a', 'verification', '核对医疗救助对象身份，住院费用结算'],
  [11, 'civil-affairs-user', 'vehicle', 'ownerId', 'citizen-a', 'verification', '低保家庭年度复核，核对家庭财产'],
  [9, 'public-security-data', 'person', 'idNumber', 'citizen-b', 'quality', '居民反映住址登记有误，核对户籍住址'],
  [8, 'civil-affairs-user', 'vehicle', 'ownerId', 'citizen-b', 'verification', '临时救助申请，核对家庭财产'],
  [7, 'bdc-catalog', 'person', 'familyNo', 'citizen-a', 'quality', '按户抽查户籍数据质量'],
  [4, 'human-resources-data', 'enrolment', 'idNumber', 'citizen-b', 'request', '本人申请查询缴费记录'],
  [3, 'health-user', 'member', 'idNumber', 'citizen-a', 'verification', '核对医疗救助对象身份，门诊慢病报销'],
  [1, 'natural-resources-data', 'unit', 'ownerId', 'citizen-b', 'request', '本人申请查询不动产登记'],
]

/** Looks at the records of the two citizens who can sign in: each finds under 谁查看了我的数据 who it was and why. */
export function personLooks(end: number, of: (name: string) => Sent): Scene[] {
  const { citizens } = demoCity()
  return looked.map(([before, who, name, item, citizen, kind, note], index) => ({
    at: end - before + 0.35 + (index % 3) * 0.1,
    isOpen: true,
    play: async (stage) => {
      const number = citizens.find(({ username }) => username === citizen)?.identifier ?? ''
      const { id, register } = of(name)
      const value =
        item === 'familyNo'
          ? register.value(
              register.row(0, (of) => of('idNumber') === number),
              item,
            )
          : number
      const filter = [{ item: register.idOf(item), op: 'is', value: String(value) }]
      await stage.signedIn(who, (person) => person.post(`/libraries/${id}/queries`, { filter, limit: 10, purpose: { kind, note } }))
    },
  }))
}
