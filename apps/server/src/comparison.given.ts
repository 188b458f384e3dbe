import { join } from 'node:path'
import { createAccount, createOrganisation, createPerson, createPost, hashPassword } from '@tongchou/identity'
import { type Ctx, type DutyId, systemActor } from '@tongchou/kernel'
import { installJobs, receiveBatch } from '@tongchou/libraries'
import { loadDemo, loadResourcePacks, type PackResource } from '@tongchou/resource-packs'
import { type SyntheticTable, tablesOf, type WorldRecipe } from '@tongchou/synthetic'
import type { TestDatabase } from '@tongchou/testing'
import { DEMO_PASSWORD } from './demo/people.ts'
import type { SmallCity } from './testing/small-city.ts'

const folder = join(import.meta.dirname, '../../../resource-packs')
export const packs = loadResourcePacks(folder)
export const demo = loadDemo(folder)

/** The libraries of a synthetic city, each introduced from its pack by the department that provides it, registered, built and filled. */
export interface GivenLibraries {
  /** Entry by the name of the pack's resource. */
  id: Readonly<Record<string, string>>
  tables: readonly SyntheticTable[]
  /** Sends lines of one resource in its pack's order of items. */
  send(name: string, batchId: string, lines: readonly unknown[]): Promise<void>
}

const most = 20_000

/** The departments that provide what is compared, and a steward of each (`steward-<office>`); of those that had none, a head and a secrecy reviewer too. */
export async function givenProviders({ db, clock }: SmallCity & Pick<TestDatabase, 'db'>): Promise<void> {
  const ctx: Ctx = { db, actor: systemActor, now: () => clock.now(), requestId: 'providers', inside: false }
  const publishedHash = await hashPassword(DEMO_PASSWORD)
  const missing = [
    ['natural-resources', '市自然资源局'],
    ['human-resources', '市人力资源社会保障局'],
    ['market-regulation', '市市场监管局'],
  ] as const
  for (const [id, name] of missing) await createOrganisation(ctx, { id, name, kind: 'city-department', validFrom: '2023-01-01' })
  const seat = async (office: string, name: string, title: string, duty: DutyId) => {
    const person = await createPerson(ctx, { name: `${office}${title}` })
    const post = await createPost(ctx, { personId: person.id, organisationId: office, title, duties: [duty], validFrom: '2023-01-01' })
    await createAccount(ctx, { personId: person.id, username: `${name}-${office}`, credential: { publishedHash }, postId: post.id })
  }
  for (const office of ['public-security', 'health', 'natural-resources', 'human-resources', 'market-regulation', 'civil-affairs']) {
    await seat(office, 'steward', '数据专员', 'data-steward')
    if (office === 'civil-affairs') continue
    await seat(office, 'head', '分管领导', 'department-head')
    await seat(office, 'secrecy', '保密员', 'secrecy-reviewer')
  }
}

/** Builds and fills them; those of an earlier call are no resources of packs any more. */
export async function givenLibraries(city: SmallCity, { db, owner, pool }: TestDatabase, recipe: WorldRecipe): Promise<GivenLibraries> {
  await owner.query('delete from libraries.pack_origin')
  await owner.query('update catalog.resource set name = name || number')
  const tables = tablesOf(packs, recipe)
  const needed = new Set(['household', 'member', 'person', 'death', 'vehicle', 'unit', 'enrolment', 'pension'])
  const id: Record<string, string> = {}
  for (const { manifest, resources } of packs)
    for (const resource of resources.filter(({ name }) => needed.has(name))) {
      const steward = await city.signIn(`steward-${resource.provider.id}`, DEMO_PASSWORD)
      const made = await steward.post<{ id: string }>(`/api/v1/resource-packs/${manifest.pack}/resources/${resource.name}/drafts`)
      if (made.status !== 201) throw new Error(`${resource.name}: ${JSON.stringify(made.body)}`)
      id[resource.name] = made.body.id
    }
  // The sign-off has tests of its own.
  await owner.query("update catalog.resource set state = 'registered' where id = any($1)", [Object.values(id)])
  const ctx: Ctx = { db, actor: systemActor, now: () => city.clock.now(), requestId: 'install', inside: false }
  const never = new AbortController().signal
  for (const { work } of installJobs(city.libraries).kinds ?? []) await work(ctx, {}, { id: 'install', stopping: never })
  const send: GivenLibraries['send'] = async (name, batchId, lines) => {
    const resource = tables.find((table) => table.resource.name === name)?.resource
    const receipt = await receiveBatch(pool, {
      ...{ resource: id[name] ?? '', batchId, text: [header(resource), ...lines.map((line) => JSON.stringify(line))].join('\n') },
      ...{ receivedBy: 'test', receivedAt: city.clock.now() },
    })
    if (receipt.bad > 0) throw new Error(`${name}: ${receipt.bad} bad lines`)
  }
  for (const { resource, rows } of tables.filter(({ resource: one }) => needed.has(one.name))) {
    const lines = [...rows()]
    for (let at = 0; at < lines.length; at += most) await send(resource.name, `${resource.name}-${at}`, lines.slice(at, at + most))
  }
  return { id, tables, send }
}

function header(resource: PackResource | undefined): string {
  return JSON.stringify({ format: 1, schema: 1, items: resource?.items.map((item) => item.id) ?? [] })
}

/** The tables as somebody reads them who knows the departments' columns alone. */
export function asRead(tables: readonly SyntheticTable[]): Record<string, Record<string, string>[]> {
  return Object.fromEntries(
    tables.map(({ resource, rows }) => [
      resource.table,
      [...rows()].map((row) =>
        Object.fromEntries(resource.items.map(({ column }, at) => [column, row[at] === null ? '' : String(row[at])])),
      ),
    ]),
  )
}
