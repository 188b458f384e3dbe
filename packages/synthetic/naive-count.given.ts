/** A table as somebody reads it: the columns by their names. */
export type NaiveTables = Readonly<Record<string, readonly Readonly<Record<string, string>>[]>>

/**
 * Counts what does not fit, from the departments' tables alone and with none of the product's code: households on assistance that do not qualify
 * any more, and records that are wrong at their source. What the generator planted it does not know.
 */
export function naiveCount(tables: NaiveTables): { households: Set<string>; sourceErrors: Set<string> } {
  const table = (name: string) => tables[name] ?? []
  const people = new Map(table('hj_ryxx').map((row) => [row.gmsfhm, row]))
  const dead = new Set(table('sw_djxx').map((row) => row.gmsfhm))
  const cars = new Set(
    table('jdc_djxx')
      .filter((row) => row.jdczt === 'A' && ['01', '02', '52'].includes(row.hpzl ?? ''))
      .map((row) => row.syr_sfhm),
  )
  const homes = new Map<string, Set<string>>()
  for (const row of table('bdc_qlxx')) {
    if (row.qszt !== '1') continue
    const owned = homes.get(row.qlr_sfhm ?? '') ?? new Set()
    homes.set(row.qlr_sfhm ?? '', owned.add(row.bdcdyh ?? ''))
  }
  const lastMonth = (rows: readonly Readonly<Record<string, string>>[], month: string) =>
    rows
      .map((row) => row[month] ?? '')
      .sort()
      .at(-1)
  const sums = (name: string, month: string, amount: string) => {
    const last = lastMonth(table(name), month)
    const found = new Map<string, number>()
    for (const row of table(name))
      if (row[month] === last) found.set(row.gmsfhm ?? '', (found.get(row.gmsfhm ?? '') ?? 0) + Number(row[amount]))
    return found
  }
  const wages = sums('sb_jfxx', 'fkssq', 'jfjs')
  const pensions = sums('sb_dyff', 'dyssq', 'ffje')
  const members = Map.groupBy(table('db_cyxx'), (row) => row.jtbh ?? '')
  const households = new Set<string>()
  for (const row of table('db_jtxx')) {
    if (row.bzzt !== '1') continue
    const ids = (members.get(row.jtbh ?? '') ?? [])
      .filter((one) => ['1', 'true', 't'].includes(one.nrbz ?? ''))
      .map((one) => one.gmsfhm ?? '')
    const limit = Number(row.dbbz) * Number(row.bzrk)
    const total = (of: Map<string, number>) => ids.reduce((sum, id) => sum + (of.get(id) ?? 0), 0)
    const owned = new Set(ids.flatMap((id) => [...(homes.get(id) ?? [])]))
    if (
      ids.some((id) => cars.has(id)) ||
      owned.size >= 2 ||
      total(wages) >= limit ||
      total(pensions) >= limit ||
      ids.some((id) => dead.has(id))
    )
      households.add(row.jtbh ?? '')
  }
  const sourceErrors = new Set<string>()
  const nameDiffers = (id: string | undefined, name: string | undefined) => people.get(id)?.xm !== name
  for (const row of table('db_cyxx')) if (nameDiffers(row.gmsfhm, row.xm)) sourceErrors.add(`db_cyxx/${row.jtbh}/${row.gmsfhm}`)
  for (const row of table('jdc_djxx')) if (nameDiffers(row.syr_sfhm, row.syr_xm)) sourceErrors.add(`jdc_djxx/${row.hphm}/${row.hpzl}`)
  for (const row of table('bdc_qlxx')) if (nameDiffers(row.qlr_sfhm, row.qlr_xm)) sourceErrors.add(`bdc_qlxx/${row.bdcdyh}/${row.qlr_sfhm}`)
  for (const row of table('sw_djxx')) if (people.get(row.gmsfhm)?.hjzt === '1') sourceErrors.add(`hj_ryxx/${row.gmsfhm}`)
  return { households, sourceErrors }
}
