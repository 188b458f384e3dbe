import { addClass } from '@tongchou/catalog'
import type { DemoCity } from './city.ts'
import type { DemoOrganisation } from './organisations.ts'
import type { Scene } from './scene.ts'

/** Below 部门信息资源 / 省（自治区、直辖市）及下级, as the center of this city has divided it: a 目 for each unit, two 细目 below. */
const UNITS = '307'
const kinds: readonly DemoOrganisation['kind'][] = ['city-department', 'big-data-center', 'public-body', 'district']
const below = [
  ['01', '业务办理'],
  ['02', '对外公布'],
] as const

/** Which units have classes, in the order of the register. */
function classedUnits(city: DemoCity): DemoOrganisation[] {
  return city.organisations.filter(({ kind }) => kinds.includes(kind))
}

/** The class of a unit's resources: what it publishes anyway, or what its business leaves behind. */
export function classOf(city: DemoCity, orgId: string, isPublic: boolean): string {
  const place = classedUnits(city).findIndex(({ id }) => id === orgId)
  if (place < 0) throw new RangeError(`${orgId} has no class`)
  return `${UNITS}${String(place + 1).padStart(3, '0')}${isPublic ? '02' : '01'}`
}

/** The center divides the catalog into classes before anybody compiles (信息资源分类). */
export function classScene(city: DemoCity): Scene {
  return {
    at: 0,
    play: async (stage) => {
      const keeper = stage.as('bdc-catalog')
      for (const unit of classedUnits(city)) {
        const code = classOf(city, unit.id, false).slice(0, 6)
        await addClass(keeper, { code, title: unit.shortName })
        for (const [digits, title] of below) await addClass(keeper, { code: `${code}${digits}`, title })
      }
    },
  }
}
