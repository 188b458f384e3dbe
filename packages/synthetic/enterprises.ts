import { syntheticSocialCreditCode } from '@tongchou/kernel'
import { clock, dayBefore } from './days.ts'
import { drawsOf } from './random.ts'
import type { World } from './world.ts'

/** As many organisation codes as the range that belongs to nobody has, for each division. */
const codesPerDivision = 10_000
const divisions = ['150302', '150303', '150304', '150300']
const most = codesPerDivision * divisions.length

/** The code of an enterprise; the range that belongs to nobody is used for four divisions and as many registrars as it takes. */
export function enterpriseCode(index: number): string {
  const registrar = ['91', '92', '93', '94', '95'][Math.floor(index / most)]
  if (registrar === undefined) throw new RangeError(`最多可生成 ${most * 5} 家市场主体`)
  const place = index % most
  return syntheticSocialCreditCode(registrar, divisions[Math.floor(place / codesPerDivision)] ?? '', place % codesPerDivision)
}

const trades = ['商贸', '餐饮管理', '建筑工程', '物流', '农牧业', '机电设备', '文化传媒', '物业服务', '葡萄种植', '煤化工']

/** An enterprise that is represented by the head of a family that needs no assistance. */
export function enterpriseRow(world: World, index: number): Record<string, unknown> {
  const { recipe, rates, people } = world
  const draws = drawsOf(recipe.seed, 'enterprise', index)
  const code = enterpriseCode(index)
  const representative = people.person(representativeFamily(world, index), 'head')
  const kind = draws.one(['1100', '1100', '1100', '1200', '4500', '9500'])
  return {
    uscc: code,
    name: `乌海演示${draws.one(trades)}${index + 1}号${{ '1100': '有限责任公司', '1200': '股份有限公司', '4500': '企业', '9500': '店' }[kind]}`,
    kind,
    representativeId: representative?.idNumber,
    representative: representative?.name,
    registeredOn: dayBefore(recipe.on, draws.whole(30, 7000)),
    capitalFen: draws.whole(1, 500) * 1_000_000,
    division: code.slice(2, 8) === '150300' ? '150302' : code.slice(2, 8),
    address: `演示路${draws.whole(1, 400)}号`,
    status: draws.happens(rates['legal-persons'].closed) ? draws.one(['2', '3']) : '1',
    updatedAt: clock(recipe.on, draws.whole(1, 300), draws.whole(0, 86_399)),
  }
}

/** The first of the families that the enterprise stands among which needs no assistance; the first of all where every one does. */
function representativeFamily({ isAssisted, recipe, familiesPerEnterprise }: World, index: number): number {
  const first = index * familiesPerEnterprise
  for (let family = first; family < Math.min(first + familiesPerEnterprise, recipe.families); family++)
    if (!isAssisted(family)) return family
  return first
}
